"""Sales and Service Cloud activity: fields, look-ups, and what is wrong with them."""

import pytest

from journeys.blocks import BY_SLUG, sentence
from journeys.blocks.activities.salesforce import SalesforceActivity
from journeys.spec.document import dumps
from tests.blocks.browser import read_form, save
from tests.blocks.test_salesforce_data import CONFIGURATION, problems

FIELD = {
    "FieldName": "Status",
    "FieldLabel": "Status",
    "FieldValue": "Open",
    "FieldValueLabel": "Open",
    "zz": 1,
}
OBJECTS = "arguments.objectMap.objects[0]"


def activity(action: str = "Create", *fields: dict, **members: object) -> dict:
    made = {
        "type": "Task",
        "subtype": None,
        "order": "1",
        "action": action,
        "lookup": None,
        "fields": list(fields),
    }
    block = SalesforceActivity.new("SALESCLOUDACTIVITY-1", {})
    block["outcomes"][0]["key"] = "on"
    arguments = {**block["arguments"], "objectMap": {"objects": [{**made, **members}]}}
    return {
        **block,
        "arguments": arguments,
        CONFIGURATION: {"applicationExtensionKey": "Salesforce_Activity_Task"},
    }


def fields_of(block: dict) -> list[dict]:
    return block["arguments"]["objectMap"]["objects"][0]["fields"]


def test_it_sets_a_field_and_keeps_its_label_in_step() -> None:
    changed = save(SalesforceActivity, activity("Create", FIELD), {"fields-0-value": "Done"})
    assert changed == activity("Create", {**FIELD, "FieldValue": "Done", "FieldValueLabel": "Done"})
    other = {**FIELD, "FieldValueLabel": "Offen"}
    changed = save(SalesforceActivity, activity("Create", other), {"fields-0-value": "Done"})
    assert changed == activity("Create", {**other, "FieldValue": "Done"})


def test_it_adds_a_field_with_what_every_real_one_has() -> None:
    typed = {
        "fields-0-field": "Subject",
        "fields-0-value": "Call back",
        "fields-0-kind": "textarea",
    }
    assert save(SalesforceActivity, activity(), typed) == activity(
        "Create",
        {
            "FieldName": "Subject",
            "FieldLabel": "Subject",
            "FieldType": "textarea",
            "FieldValue": "Call back",
            "FieldValueLabel": "Call back",
            "MappingType": "Constant",
            "Processor": "static",
            "Required": "false",
        },
    )


def test_it_begins_a_lookup_when_the_action_becomes_an_update() -> None:
    changed = save(SalesforceActivity, activity("Create", FIELD), {"action": "Update"})
    lookup = {
        "type": "salesforceLookup",
        "lookupObject": "Task",
        "steps": [{"criteria": []}],
        "MultiOutComeOption": "UpdateLastModified",
        "ZeroOutComeOption": "DoNotUpdate",
    }
    overwriting = {**FIELD, "UpdateType": "OverWriteNewValue", "Updateable": "true"}
    assert changed == activity("Update", overwriting, lookup=lookup)
    found = save(
        SalesforceActivity, changed, {"lookup-0-field": "Id", "lookup-0-value": "{{Contact.Key}}"}
    )
    criterion = {"FieldName": "Id", "FieldType": "id", "FieldValue": "{{Contact.Key}}"}
    steps = [{"criteria": [{**criterion, "FieldValueLabel": "{{Contact.Key}}"}]}]
    assert found == activity("Update", overwriting, lookup={**lookup, "steps": steps})
    assert save(SalesforceActivity, found, {"action": "Create"}) == activity("Create", overwriting)


def test_it_overwrites_with_a_field_that_is_added_to_an_update() -> None:
    [added] = fields_of(save(SalesforceActivity, activity("Update"), {"fields-0-field": "Status"}))
    assert (added["FieldName"], added["UpdateType"], added["Updateable"]) == (
        "Status",
        "OverWriteNewValue",
        "true",
    )
    typed = {"fields-0-field": "Status", "fields-0-overwrite": "OverWriteIfExistingValueEmpty"}
    [added] = fields_of(save(SalesforceActivity, activity("Update"), typed))
    assert (added["UpdateType"], added["Updateable"]) == ("OverWriteIfExistingValueEmpty", "true")


def test_it_moves_a_date_as_every_real_one_is_moved() -> None:
    due = {"FieldName": "ActivityDate", "FieldType": "date", "Processor": "dateContactEnters"}
    moved = {
        "SubProcessor": "dateAdjustment",
        "NumUnits": "3",
        "Units": "Days",
        "TimeDirection": "after",
    }
    typed = {"fields-0-number": "3", "fields-0-unit": "Days", "fields-0-direction": "after"}
    for sent in (typed, {"fields-0-number": "3"}):
        [field] = fields_of(save(SalesforceActivity, activity("Create", due), sent))
        assert field == {**due, "FieldAdjustment": moved}
    found = {"Units": "Days", "NumUnits": "1", "zz": 1}
    [field] = fields_of(
        save(
            SalesforceActivity,
            activity("Create", {**due, "FieldAdjustment": found}),
            {"fields-0-number": "3"},
        )
    )
    kept = {
        "SubProcessor": "dateAdjustment",
        "Units": "Days",
        "NumUnits": "3",
        "zz": 1,
        "TimeDirection": "after",
    }
    assert dumps(field["FieldAdjustment"]) == dumps(kept)
    assert save(SalesforceActivity, activity("Create", due), {"fields-0-number": " "}) == activity(
        "Create", due
    )


def test_it_asks_what_a_reference_refers_to() -> None:
    block = save(
        SalesforceActivity, activity(), {"fields-0-field": "OwnerId", "fields-0-kind": "reference"}
    )
    [owner] = fields_of(block)
    assert "ReferenceObjectNames" not in owner
    changed = save(SalesforceActivity, block, {"fields-0-referred": "User\r\nGroup"})
    assert fields_of(changed) == [{**owner, "ReferenceObjectNames": ["User", "Group"]}]


@pytest.mark.parametrize(
    ("typed", "is_drawn_anew"),
    [
        ({"fields-0-kind": "reference"}, True),
        ({"fields-0-source": "dateContactEnters"}, True),
        ({"fields-0-kind": "picklist"}, False),
    ],
)
def test_it_is_drawn_anew_when_a_field_asks_for_more(typed: dict, is_drawn_anew: bool) -> None:
    block = activity("Create", FIELD)
    form = SalesforceActivity(block=block, document={})
    assert form.reshaped(save(SalesforceActivity, block, typed)) is is_drawn_anew


@pytest.mark.parametrize(
    ("name", "application"),
    [
        ("Lead", "Salesforce_Activity_Lead"),
        ("Invoice__c", "Salesforce_Activity"),
        ("", "Salesforce_Activity"),
    ],
)
def test_it_names_the_application_after_the_object(name: str, application: str) -> None:
    changed = save(SalesforceActivity, activity("Create", FIELD), {"object_type": name})
    assert changed[CONFIGURATION] == {"applicationExtensionKey": application}


def test_it_offers_earlier_outputs_to_values() -> None:
    form = SalesforceActivity(block=activity("Create", FIELD), document={"key": "k"})
    inputs = read_form(form)
    assert "activity-SALESCLOUDACTIVITY-1-expressions" in inputs.ids
    row = form.row_sets["fields"].forms[0]
    assert row.fields["value"].widget.attrs["list"] == "activity-SALESCLOUDACTIVITY-1-expressions"


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        (activity("Create", FIELD), []),
        (
            activity("Create", FIELD, type=""),
            [("salesforce-object", "blocking", f"{OBJECTS}.type")],
        ),
        (activity("Create"), [("salesforce-fields", "blocking", f"{OBJECTS}.fields")]),
        (activity("", FIELD), [("salesforce-action", "blocking", f"{OBJECTS}.action")]),
        (
            activity("Create", FIELD, {"FieldValue": "x"}),
            [("salesforce-field", "blocking", f"{OBJECTS}.fields[1].FieldName")],
        ),
        (
            activity("Update", FIELD),
            [("salesforce-lookup", "advice", f"{OBJECTS}.lookup.steps[0].criteria")],
        ),
        (activity("Update", FIELD, lookup={"type": "personInJourney"}), []),
        (activity("create", FIELD), []),
        (activity("Delete", FIELD), [("salesforce-action-unknown", "advice", f"{OBJECTS}.action")]),
        (
            activity(
                "Create", {**FIELD, "Required": "true", "FieldValue": "", "Processor": "static"}
            ),
            [("salesforce-value", "blocking", f"{OBJECTS}.fields[0].FieldValue")],
        ),
        (
            activity(
                "Create",
                {**FIELD, "Required": "true", "FieldValue": "", "Processor": "dateContactEnters"},
            ),
            [],
        ),
        (activity("Create", {**FIELD, "Required": "false", "FieldValue": ""}), []),
        (
            activity("Create", {**FIELD, "FieldType": "reference"}),
            [("salesforce-reference", "advice", f"{OBJECTS}.fields[0].ReferenceObjectNames")],
        ),
        (
            activity(
                "Create", {**FIELD, "FieldType": "reference", "ReferenceObjectNames": ["User"]}
            ),
            [],
        ),
        (
            {"key": "S", "type": "OBJECTACTIVITY", "metaData": {"isConfigured": False}},
            [("salesforce-object", "advice", f"{OBJECTS}.type")],
        ),
    ],
)
def test_it_checks_activities(block: dict, expected: list) -> None:
    assert problems(block, "activity") == expected


def test_it_reads_as_a_sentence() -> None:
    assert sentence(activity("Update", FIELD), "activity") == "Update Task"
    assert sentence({"type": "OBJECTACTIVITY"}, "activity") == "Sales and Service Cloud"


def test_it_adds_an_activity() -> None:
    block = BY_SLUG["salesforce"].new("SALESCLOUDACTIVITY-1", {})
    made = {
        "type": "",
        "subtype": None,
        "order": "1",
        "action": "Create",
        "lookup": None,
        "fields": [],
    }
    assert block["arguments"] == {"objectMap": {"objects": [made]}, "version": "1.0"}
    assert (block["type"], block[CONFIGURATION]) == (
        "SALESCLOUDACTIVITY",
        {"applicationExtensionKey": "Salesforce_Activity"},
    )
