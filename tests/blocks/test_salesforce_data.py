"""Salesforce data as entry source: its conditions, who enters, and what is wrong with them."""

import json

import pytest

from journeys.blocks import lens, sentence, sentences
from journeys.blocks.comparing import compare
from journeys.blocks.facts import Facts
from journeys.blocks.settings_text import settings_of
from journeys.blocks.triggers.salesforce_criteria import condition_in_words
from journeys.blocks.triggers.salesforce_data import TEXTS, SalesforceData
from journeys.spec import change_text
from journeys.spec.document import dumps
from tests.blocks.browser import read_form, save

CONFIGURATION = "configurationArguments"
STATUS = {
    "fieldName": "Status",
    "text": "Status",
    "operator": "EQUALS",
    "value": "Open",
    "_length": 40,
}
EMAIL_SET = {"fieldName": "Email", "text": "Email", "operator": "WASSET"}
RELATED = {
    "fieldName": "Email",
    "operator": "WASSET",
    "referenceObjectName": "Contact",
    "relationshipName": "Contact",
    "relationshipIdName": "ContactId",
    "isPolymorphic": False,
}
GROUP = {
    "operand": "OR",
    "conditions": [STATUS, {"operand": "AND", "conditions": [EMAIL_SET, STATUS]}],
}
GROUP_SAID = "(Status is Open or (Email has a value and Status is Open))"


def trigger(*conditions: dict, **members: object) -> dict:
    block = SalesforceData.new("TRIGGER", {})
    settings = {**block[CONFIGURATION], "objectApiName": "Lead", **members}
    settings["primaryObjectFilterCriteria"] = {"operand": "AND", "conditions": list(conditions)}
    meta = {**block["metaData"], "eventDefinitionKey": "SalesforceObj1"}
    return {**block, CONFIGURATION: settings, "metaData": meta}


def related(*conditions: dict, **members: object) -> dict:
    return trigger(
        **members, relatedObjectFilterCriteria={"operand": "AND", "conditions": list(conditions)}
    )


def as_texts(block: dict) -> dict:
    """As older answers have it: the object under another name, and objects as texts, spaced as
    nobody would."""
    settings = dict(block[CONFIGURATION])
    settings["objectAPIName"] = settings.pop("objectApiName")
    for place in TEXTS:
        name = place.rpartition(".")[2]
        settings[name] = json.dumps(settings[name], indent=1)
    return {**block, CONFIGURATION: settings}


def test_it_changes_one_condition_and_adds_another() -> None:
    typed = {
        "conditions-0-value": "New",
        "conditions-1-field": "Rating",
        "conditions-1-operator": "ISNULL",
    }
    added = {
        "fieldName": "Rating",
        "operator": "ISNULL",
        "referenceObjectName": "Lead",
        "isPolymorphic": False,
    }
    assert save(SalesforceData, trigger(STATUS), typed) == trigger(
        {**STATUS, "value": "New"}, added
    )


def test_it_drops_what_was_said_of_another_field() -> None:
    known = {"folderId": "Lead", "id": "Lead.Status", "_length": 40, "precision": 0, "scale": 0}
    open_lead = {
        **STATUS,
        "name": "Status",
        "text": "Lead Status",
        "referenceObjectName": "Lead",
        **known,
    }
    block = trigger(open_lead, primaryObjectFilterSummary="Lead Status is Open")
    changed = save(
        SalesforceData, block, {"conditions-0-field": "Rating", "conditions-0-value": "Hot"}
    )
    hot = {
        "fieldName": "Rating",
        "name": "Rating",
        "text": "Rating",
        "value": "Hot",
        "referenceObjectName": "Lead",
    }
    assert changed == trigger(
        {**hot, "operator": "EQUALS"}, primaryObjectFilterSummary="Rating is Hot"
    )


def test_it_relates_a_new_condition() -> None:
    typed = {
        "related-0-field": "Email",
        "related-0-operator": "WASSET",
        "related-0-related_object": "Contact",
    }
    typed |= {"related-0-relationship": "Contact", "related-0-relationship_id": "ContactId"}
    assert save(SalesforceData, trigger(), typed) == related(
        RELATED, relatedObjectFilterSummary="Contact: Email has a value"
    )


def test_it_keeps_conditions_in_words_in_step_while_the_words_said_them() -> None:
    block = trigger(STATUS, GROUP, primaryObjectFilterSummary=f"Status is Open and {GROUP_SAID}")
    after = trigger(GROUP, primaryObjectFilterSummary=GROUP_SAID)
    assert save(SalesforceData, block, {"conditions-0-DELETE": "on"}) == after
    own = trigger(STATUS, primaryObjectFilterSummary="Open leads")
    assert save(SalesforceData, own, {"conditions-0-value": "New"}) == trigger(
        {**STATUS, "value": "New"}, primaryObjectFilterSummary="Open leads"
    )
    typed = {"conditions-0-value": "New", "summary": "New leads"}
    assert (
        save(SalesforceData, block, typed)[CONFIGURATION]["primaryObjectFilterSummary"]
        == "New leads"
    )


def entered_by(person: str, words: str, *key: str) -> dict:
    names = ("referenceObjectName", "relationshipName", "relationshipIdName")
    held = {**trigger()[CONFIGURATION]["contactKey"], **dict(zip(names, key, strict=True))}
    return trigger(contactPersonType=person, whoToInject=words, contactKey=held)


@pytest.mark.parametrize(
    ("before", "typed", "after"),
    [
        (
            ("Contact", "Contact ID (Contact)", "Contact", "", ""),
            {},
            ("Lead", "Lead ID (Lead)", "Lead", "", ""),
        ),
        (
            ("Contact", "Contact ID (Contact)", "Contact", "Contact", "ContactId"),
            {},
            ("Lead", "Lead ID (Lead)", "Lead", "Lead", "LeadId"),
        ),
        (
            ("Contact", "By hand", "Contact", "Main__r", "Main__c"),
            {},
            ("Lead", "By hand", "Contact", "Main__r", "Main__c"),
        ),
        (
            ("Contact", "Contact ID (Contact)", "Contact", "", ""),
            {"key_object": "Person__c"},
            ("Lead", "Lead ID (Lead)", "Person__c", "", ""),
        ),
        (("CampaignMember", "?", "Contact", "", ""), {}, ("Lead", "?", "Contact", "", "")),
    ],
)
def test_it_finds_another_person_by_another_key(before: tuple, typed: dict, after: tuple) -> None:
    assert save(SalesforceData, entered_by(*before), {"person": "Lead", **typed}) == entered_by(
        *after
    )


def test_it_keeps_a_group_as_locked_text() -> None:
    form = SalesforceData(block=trigger(STATUS, GROUP), document={})
    names = [name for name, _value in read_form(form).sent]
    assert "conditions-0-value" in names and not [
        name for name in names if name.startswith("conditions-1-")
    ]
    assert form.row_sets["conditions"].forms[1].title == (f"Group, edited as JSON: {GROUP_SAID}")
    assert save(SalesforceData, trigger(STATUS, GROUP), {"conditions-0-DELETE": "on"}) == trigger(
        GROUP
    )


def test_it_leaves_objects_that_are_texts_texts() -> None:
    block = as_texts(trigger(STATUS))
    assert lens(block, "trigger") is SalesforceData
    assert dumps(save(SalesforceData, block)) == dumps(block)
    changed = save(
        SalesforceData, block, {"conditions-0-value": "New", "older_object_name": "Case"}
    )
    settings = {**block[CONFIGURATION], "objectAPIName": "Case"}
    criteria = {"operand": "AND", "conditions": [{**STATUS, "value": "New"}]}
    settings["primaryObjectFilterCriteria"] = dumps(criteria).decode()
    assert changed == {**block, CONFIGURATION: settings}


@pytest.mark.parametrize("text", ["", " ", "null", "[1]", "{", '{"a": 1, "a": 2}'])
def test_it_keeps_any_text_in_place_of_an_object(text: str) -> None:
    block = trigger()
    block = {**block, CONFIGURATION: {**block[CONFIGURATION], "contactKey": text}}
    opened = lens(block, "trigger")
    assert opened.editable is (text.strip() == "")
    assert dumps(save(opened, block)) == dumps(block)


def test_it_keeps_the_event_in_words_in_step() -> None:
    changed = save(SalesforceData, trigger(), {"event": "CreatedUpdated"})[CONFIGURATION]
    assert (changed["salesforceTriggerCriteria"], changed["evaluationCriteriaSummary"]) == (
        "CreatedUpdated",
        "Created;Updated;",
    )


def test_it_never_fails_to_tell_a_condition() -> None:
    deep = STATUS
    for _ in range(80):
        deep = {"conditions": [deep]}
    for odd in (deep, {}, None, {"value": {"a": 1}, "operator": 7}, {"conditions": [3, None]}):
        assert isinstance(condition_in_words(odd), str)


def printed(block: dict) -> list[tuple[str, dict[str, str]]]:
    groups = settings_of(block, "trigger", {})
    return [(title, {one.label: one.value for one in settings}) for title, settings in groups]


def test_it_prints_groups_and_names_every_object() -> None:
    several = {"operand": "OR", "conditions": [RELATED, {**RELATED, "relationshipName": "Account"}]}
    data = [{"referenceObject": "", "dePrefix": "Lead:", "fields": ["Id"]}, {"fields": ["Name"]}]
    block = trigger(STATUS, GROUP, GROUP | {"operand": "AND", "conditions": [several]})
    block = {**block, CONFIGURATION: {**block[CONFIGURATION], "eventDataConfig": {"objects": data}}}
    own = "Who may enter: conditions on the object"
    shown = printed(block)
    assert ("Status is Open", {"Field": "Status", "Comparison": "is", "Value": "Open"}) in shown
    assert (own, {"Group: any of these": GROUP_SAID[1:-1]}) in shown
    related_words = "(Contact: Email has a value or Account: Email has a value)"
    assert (own, {"Group: all of these": related_words}) in shown
    assert [title for title, said in shown if "Fields" in said] == ["Lead", "Lead"]


def test_it_tells_groups_however_deep_they_are() -> None:
    deep = STATUS
    for _ in range(12):
        deep = {"operand": "AND", "conditions": [deep]}
    assert "Status is Open" in condition_in_words(deep)


def changed_words(before: dict, after: dict) -> list[str]:
    documents = [{"key": "J", "triggers": [block]} for block in (before, after)]
    return change_text.words(compare(*documents), sentences(*documents))


@pytest.mark.parametrize("as_stored", [lambda block: block, as_texts])
def test_it_tells_a_change_of_criteria_in_words(as_stored) -> None:
    one, both, group = trigger(STATUS), trigger(STATUS, EMAIL_SET), trigger(STATUS, GROUP)
    told = [changed_words(as_stored(one), as_stored(other)) for other in (both, group)]
    assert told == [
        ["Lead created: conditions “Status is Open” → “Status is Open and Email has a value”"],
        [f"Lead created: conditions “Status is Open” → “Status is Open and {GROUP_SAID}”"],
    ]
    assert changed_words(as_stored(one), as_stored(trigger())) == [
        "Lead created: conditions “Status is Open” removed"
    ]


def test_it_tells_criteria_and_their_summary_once() -> None:
    before = trigger(STATUS, primaryObjectFilterSummary="Status is Open")
    new = {**STATUS, "value": "New"}
    after = trigger(new, primaryObjectFilterSummary="Status is New")
    assert changed_words(before, after) == [
        "Lead created: conditions “Status is Open” → “Status is New”"
    ]


RELATED_PLACE = f"{CONFIGURATION}.relatedObjectFilterCriteria.conditions[0]"


def problems(block: dict, kind: str) -> list[tuple[str, str, str]]:
    return [
        (one.id, one.severity, one.address.inside)
        for one in lens(block, kind).problems(block, Facts())
    ]


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        (trigger(STATUS, EMAIL_SET, GROUP), []),
        (as_texts(trigger(STATUS)), []),
        (
            trigger(objectApiName=""),
            [("salesforce-object", "blocking", f"{CONFIGURATION}.objectApiName")],
        ),
        (
            trigger(salesforceTriggerCriteria=""),
            [("salesforce-event", "blocking", f"{CONFIGURATION}.salesforceTriggerCriteria")],
        ),
        (
            trigger(STATUS, {"fieldName": "Rating", "operator": "EQUALS"}),
            [
                (
                    "salesforce-condition",
                    "blocking",
                    f"{CONFIGURATION}.primaryObjectFilterCriteria.conditions[1]",
                )
            ],
        ),
        (related(RELATED, GROUP), []),
        (as_texts(related(RELATED)), []),
        (
            related({**RELATED, "operator": ""}),
            [("salesforce-condition", "blocking", RELATED_PLACE)],
        ),
        (
            related(EMAIL_SET),
            [("salesforce-relation", "blocking", f"{RELATED_PLACE}.referenceObjectName")],
        ),
        (
            related({**RELATED, "relationshipIdName": ""}),
            [("salesforce-relation", "advice", f"{RELATED_PLACE}.relationshipIdName")],
        ),
        (entered_by("Lead", "Lead ID (Lead)", "Lead", "", ""), []),
        (entered_by("Lead", "By hand", "Person__c", "", ""), []),
        (entered_by("CampaignMember", "Contact ID (Contact)", "Contact", "", ""), []),
        (
            entered_by("Lead", "Lead ID (Lead)", "Contact", "", ""),
            [("salesforce-person", "advice", f"{CONFIGURATION}.contactKey.referenceObjectName")],
        ),
        (
            entered_by("Lead", "Contact ID (Contact)", "Lead", "", ""),
            [("salesforce-person", "advice", f"{CONFIGURATION}.whoToInject")],
        ),
    ],
)
def test_it_checks_salesforce_data(block: dict, expected: list) -> None:
    assert problems(block, "trigger") == expected


def test_it_reads_as_a_sentence() -> None:
    event = {"salesforceTriggerCriteria": "CreatedUpdated"}
    assert sentence(trigger(**event), "trigger") == "Lead created or updated"
    assert sentence(as_texts(trigger(**event)), "trigger") == "Lead created or updated"
    assert sentence({**trigger(), "name": "New leads"}, "trigger") == "Entered by New leads"
