"""The condition builder: rows and XML of one field, what they write, refuse and report."""

import json

import pytest
from hypothesis import example, given, settings

from journeys.blocks import sentence
from journeys.blocks.activities.decision_split import DecisionSplit
from journeys.blocks.exits.exit_criteria import CRITERIA, ExitCriteria
from journeys.blocks.places import bind, get, write
from journeys.blocks.settings_text import settings_of
from journeys.spec import filters
from journeys.spec.document import dumps
from tests.blocks.browser import read_form, save, send
from tests.depth import deep
from tests.spec.test_filters import GOLD, OLD, RECENT, SET, filter_of, trees

DOCUMENT = {
    "key": "J",
    "triggers": [{"key": "TRIGGER", "metaData": {"eventDefinitionKey": "APIEvent-1"}}],
}
NESTED = filter_of(GOLD, SET.format("OR") + RECENT + OLD + "</ConditionSet>")


def exit_with(xml: str, **meta: object) -> dict:
    block = write(ExitCriteria.new("EXITCRITERIA", {}), bind(CRITERIA), xml)
    return {**block, "metaData": {**block["metaData"], **meta}}


def changed(xml: str, changes: dict, **meta: object) -> dict:
    return save(ExitCriteria, exit_with(xml, **meta), changes, DOCUMENT)


def edited(xml: str, **changes: str) -> str:
    """The criteria after inputs named without their prefix were changed: _0_0_value stands for
    criteria-0-0-value."""
    names = {name.replace("__", "-"): value for name, value in changes.items()}
    return get(changed(xml, {f"criteria-{name}": value for name, value in names.items()}), CRITERIA)


def with_new(xml: str, tokens: list[str], **inputs: str) -> ExitCriteria:
    """The bound form after rows were added or taken away."""
    block = exit_with(xml)
    data = send(ExitCriteria(block=block, document=DOCUMENT))
    data.setlist("criteria-tree", tokens)
    for name, value in inputs.items():
        data.setlist(f"criteria-{name.replace('__', '-')}", [value])
    return ExitCriteria(data, block=block, document=DOCUMENT)


def written(form: ExitCriteria) -> str:
    assert form.is_valid(), form.errors
    return get(form.written(), CRITERIA)


@settings(max_examples=deep(20, 60))
@given(trees)
@example(filters.Group("AND", (filters.Condition("A", "Is", "0\n", False, False),)))
def test_it_leaves_any_conditions_as_they_are(tree: filters.Group) -> None:
    block = exit_with(filters.write(tree))
    assert dumps(save(ExitCriteria, block, {}, DOCUMENT)) == dumps(block)


def test_it_shows_conditions_as_rows() -> None:
    sent = read_form(ExitCriteria(block=exit_with(NESTED), document=DOCUMENT)).sent
    assert [value for name, value in sent if name == "criteria-tree"] == [
        "(0",
        "c0-0",
        "(0-1",
        "c0-1-0",
        "c0-1-1",
        ")",
        ")",
    ]
    found = dict(sent)
    assert (found["criteria-0-match"], found["criteria-0-1-match"]) == ("AND", "OR")
    assert (found["criteria-0-0-data"], found["criteria-0-0-name"]) == ("journey", "Tier")
    assert (found["criteria-0-1-0-data"], found["criteria-0-1-0-name"]) == (
        "contact",
        "Orders.Date",
    )
    assert (found["criteria-0-1-0-operator"], found["criteria-0-1-0-value"]) == (
        "AtOrAfter",
        "14 days ago",
    )
    assert "criteria-0-1-1-value" not in found


def test_it_writes_the_changed_row_only() -> None:
    assert edited(NESTED, **{"0__0__value": "Silver"}) == NESTED.replace("Gold", "Silver")
    assert edited(NESTED, **{"0__1__match": "AND"}) == NESTED.replace('"OR"', '"AND"')
    assert edited(NESTED, **{"0__1__0__value": "3 weeks ago"}) == NESTED.replace(
        ";-;14;days", ";-;3;weeks"
    )
    assert edited(NESTED, **{"0__0__operator": "IsNull"}) == NESTED.replace(
        "Equal", "IsNull"
    ).replace("Gold", "")


def test_it_keeps_the_relation_within_an_attribute_set_and_drops_it_with_the_set() -> None:
    xml = filter_of(RECENT)
    assert edited(xml, **{"0__0__name": "Orders.Shipped"}) == xml.replace(
        "Orders.Date", "Orders.Shipped"
    )
    value = "<Value><![CDATA[;-;14;days]]></Value>"
    plain = (
        f'<Condition Key="Visits.Day" Operator="AtOrAfter" UiMetaData="{{}}">{value}</Condition>'
    )
    assert edited(xml, **{"0__0__name": "Visits.Day"}) == filter_of(plain)


def test_it_takes_the_relation_to_a_set_from_another_condition_of_the_journey() -> None:
    document = {**DOCUMENT, "goals": [{"configurationArguments": {"criteria": filter_of(RECENT)}}]}
    row = {"criteria-0-0-data": "contact", "criteria-0-0-name": "Orders.Status"}
    block = save(ExitCriteria, exit_with(filter_of(GOLD)), row, document)
    expected = (
        RECENT.replace("Orders.Date", "Orders.Status")
        .replace("AtOrAfter", "Equal")
        .replace(";-;14;days", "Gold")
    )
    assert get(block, CRITERIA) == filter_of(expected)


@pytest.mark.parametrize(
    "typed", ["Tier", "Event.APIEvent-1.Tier", '{{Event.APIEvent-1."Tier"}}', " Tier "]
)
def test_it_adds_a_row_for_a_field_of_the_entry_event(typed: str) -> None:
    form = with_new(
        "",
        ["(0", "cn1", ")"],
        n1__data="journey",
        n1__name=typed,
        n1__operator="Equal",
        n1__value="Gold",
    )
    assert written(form) == filter_of(GOLD)


def with_relation(condition: str, relation: str) -> str:
    return condition.replace(
        "{}", f"{{&quot;groupToSetRelationshipId&quot;:&quot;{relation}&quot;}}"
    )


TOTAL = (
    '<Condition Key="Orders.Total" Operator="LessThan"'
    ' UiMetaData="{}"><Value><![CDATA[5]]></Value></Condition>'
)


@pytest.mark.parametrize("typed", ["Orders.Total", '{{Contact.Attribute."Orders"."Total"}}'])
def test_it_adds_a_row_for_contact_data(typed: str) -> None:
    form = with_new(
        "",
        ["(0", "cn1", ")"],
        n1__data="contact",
        n1__name=typed,
        n1__operator="LessThan",
        n1__value="5",
    )
    assert written(form) == filter_of(TOTAL)


def test_it_writes_the_relationship_id_of_contact_data() -> None:
    row = {
        "n1__data": "contact",
        "n1__name": "Orders.Total",
        "n1__operator": "LessThan",
        "n1__value": "5",
    }
    form = with_new("", ["(0", "cn1", ")"], **row, n1__relation=" r-1 ")
    assert written(form) == filter_of(with_relation(TOTAL, "r-1"))
    assert edited(filter_of(TOTAL), **{"0__0__relation": "r-1"}) == filter_of(
        with_relation(TOTAL, "r-1")
    )


def test_it_changes_or_clears_the_relationship_id_and_keeps_what_stands_beside_it() -> None:
    xml = filter_of(
        TOTAL.replace(
            "{}", "{&quot;a&quot;:1,&quot;groupToSetRelationshipId&quot;:&quot;r-1&quot;}"
        )
    )
    assert edited(xml, **{"0__0__relation": "r-2"}) == xml.replace("r-1", "r-2")
    assert edited(xml, **{"0__0__relation": ""}) == filter_of(
        TOTAL.replace("{}", "{&quot;a&quot;:1}")
    )


def test_it_takes_the_relationship_id_with_the_set_and_lets_a_typed_one_win() -> None:
    document = {
        **DOCUMENT,
        "goals": [{"criteria": filter_of(with_relation(TOTAL, "r-2").replace("Orders", "Visits"))}],
    }
    xml = filter_of(with_relation(TOTAL, "r-1"))
    there = xml.replace("Orders", "Visits")
    for relation, written_ in (("r-1", "r-2"), ("", "r-2"), ("r-3", "r-3")):
        row = {"criteria-0-0-name": "Visits.Total", "criteria-0-0-relation": relation}
        assert get(save(ExitCriteria, exit_with(xml), row, document), CRITERIA) == there.replace(
            "r-1", written_
        )


def test_it_shows_text_that_is_no_json_in_place_of_the_relationship_id() -> None:
    xml = filter_of(TOTAL.replace("{}", "_UI_METADATA_"))
    found = dict(read_form(ExitCriteria(block=exit_with(xml), document=DOCUMENT)).sent)
    assert found["criteria-0-0-relation"] == "_UI_METADATA_"
    assert edited(xml, **{"0__0__value": "6"}) == xml.replace("[5]", "[6]")


def test_it_takes_a_field_of_an_event_for_journey_data_whatever_is_chosen() -> None:
    row = {"n1__data": "contact", "n1__name": '{{Event.APIEvent-1."Tier"}}', "n1__value": "Gold"}
    assert written(with_new("", ["(0", "cn1", ")"], **row, n1__operator="Equal")) == filter_of(GOLD)
    xml = filter_of(with_relation(TOTAL, "r-1"))
    assert edited(xml, **{"0__0__name": "Event.APIEvent-1.Tier"}) == filter_of(
        GOLD.replace("Gold", "5").replace('"Equal"', '"LessThan"')
    )


def test_it_adds_a_group_and_leaves_blank_rows_out() -> None:
    tokens = ["(0", "c0-0", "(n1", "cn2", "cn3", ")", "(n4", "cn5", ")", ")"]
    form = with_new(
        filter_of(GOLD),
        tokens,
        n1__match="OR",
        n2__data="journey",
        n2__name="Tier",
        n2__value="Gold",
    )
    assert written(form) == filter_of(GOLD, SET.format("OR") + GOLD + "</ConditionSet>")


def test_it_takes_rows_away_and_ends_with_nothing() -> None:
    assert written(with_new(NESTED, ["(0", "c0-0", ")"])) == filter_of(GOLD)
    assert written(with_new(NESTED, ["(0", "(0-1", ")", ")"])) == ""


def test_it_keeps_rows_by_name_after_an_earlier_save_of_the_same_form() -> None:
    """The form stays open while it is saved: its rows still belong to the text that it was drawn
    with."""
    block = exit_with(filter_of(RECENT))
    data = send(ExitCriteria(block=exit_with(filter_of(GOLD, RECENT)), document=DOCUMENT))
    data.setlist("criteria-tree", ["(0", "c0-1", ")"])
    data.setlist("criteria", [filter_of(RECENT)])
    data.setlist("criteria-drawn", [json.dumps(filter_of(RECENT))])
    data.setlist("criteria-0-1-value", ["today"])
    form = ExitCriteria(data, block=block, document=DOCUMENT)
    assert written(form) == filter_of(RECENT.replace(";-;14;days", ";+;0;days"))


def test_it_keeps_locked_parts_and_never_loses_what_it_cannot_show() -> None:
    xml = filter_of("<Odd a='1'/>", GOLD, OLD)
    assert edited(xml, **{"0__1__value": "Silver"}) == xml.replace("Gold", "Silver")
    assert edited("<RuleEnvelope/>") == "<RuleEnvelope/>"
    assert edited("no XML") == "no XML"


def test_it_takes_typed_xml_and_asks_for_the_rows_to_be_drawn_again() -> None:
    block = exit_with(filter_of(GOLD))
    form = ExitCriteria(
        send(ExitCriteria(block=block, document=DOCUMENT), {"criteria": NESTED}),
        block=block,
        document=DOCUMENT,
    )
    assert written(form) == NESTED
    assert form.must_be_redrawn
    assert not with_new(filter_of(GOLD), ["(0", "c0-0", ")"]).must_be_redrawn


@pytest.mark.parametrize("typed", ["<Filter", "<!DOCTYPE a><FilterDefinition/>", "&x;"])
def test_it_refuses_typed_text_that_is_not_safe_xml(typed: str) -> None:
    form = with_new(filter_of(GOLD), ["(0", "c0-0", ")"])
    form.data["criteria"] = typed
    assert not form.is_valid()
    assert "The XML cannot be read." in form.errors["criteria"][0]
    assert typed in form["criteria"].as_widget().replace("&lt;", "<").replace("&gt;", ">").replace(
        "&amp;", "&"
    )


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        ({"n1__value": "Gold"}, "Enter the field"),
        ({"n1__name": "Ti\0er"}, "control character"),
        ({"0__0__name": ""}, "Enter the field"),
    ],
)
def test_it_says_under_the_row_what_is_wrong_and_keeps_what_was_typed(
    inputs: dict, said: str
) -> None:
    form = with_new(filter_of(GOLD), ["(0", "c0-0", "cn1", ")"], **inputs)
    assert not form.is_valid()
    assert list(form.errors) == ["criteria"]
    shown = read_form(form)
    assert [value for name, value in shown.sent if name == "criteria-tree"] == [
        "(0",
        "c0-0",
        "cn1",
        ")",
    ]
    row = form["criteria"].as_widget()
    assert said in row and 'class="cond-wrong"' in row


def test_it_asks_for_the_event_before_its_fields() -> None:
    form = with_new("", ["(0", "cn1", ")"], n1__data="journey", n1__name="Tier")
    form.fields["criteria"].see(type(form.fields["criteria"].known)({}))
    assert not form.is_valid()
    assert "First give the entry source its event" in form["criteria"].as_widget()


@pytest.mark.parametrize(
    "tokens", [["(0"], [")"], ["(0", ")", "(1", ")"], ["(0", "c0-0", "c0-0", ")"], ["x"], ["l0"]]
)
def test_it_refuses_a_tree_that_is_not_whole(tokens: list[str]) -> None:
    form = with_new(filter_of(GOLD), tokens)
    assert not form.is_valid()
    assert "did not arrive whole" in form.errors["criteria"][0]


def test_it_lets_the_description_follow_only_while_it_says_the_criteria() -> None:
    silver = {"criteria-0-0-value": "Silver"}
    for told in ("", "Tier is Gold", "Tier equal Gold"):
        assert (
            changed(filter_of(GOLD), silver, criteriaDescription=told)["metaData"][
                "criteriaDescription"
            ]
            == "Tier (journey data) is Silver"
        )
    assert (
        changed(filter_of(GOLD), silver, criteriaDescription="Best")["metaData"][
            "criteriaDescription"
        ]
        == "Best"
    )


@pytest.mark.parametrize(
    ("told", "printed"),
    [("Tier equal Gold", None), ("Tier is Gold", None), ("Only our best", "Only our best")],
)
def test_it_prints_a_description_only_where_it_says_something_else(
    told: str, printed: str | None
) -> None:
    block = exit_with(filter_of(GOLD), criteriaDescription=told)
    [(_title, settings)] = settings_of(block, "exit", DOCUMENT)
    shown = {one.label: one.value for one in settings}
    assert shown["Contacts leave when"] == "Tier (journey data) is Gold"
    assert shown.get("Criteria in words") == printed


def test_it_names_paths_by_their_criteria() -> None:
    split = write(
        DecisionSplit.new("D-1", {}),
        bind("configurationArguments.criteria.default_path_1"),
        filter_of(GOLD),
    )
    path = split["outcomes"][0]
    assert DecisionSplit.outcome_label(split, path) == "Path 1"
    path["metaData"]["label"] = ""
    assert DecisionSplit.outcome_label(split, path) == "Tier (journey data) is Gold"
    assert DecisionSplit.sentence(split) == "Split by Tier (journey data) is Gold"
    saved = save(
        DecisionSplit, split, {"rows-default_path_1-criteria-0-0-value": "Silver"}, DOCUMENT
    )
    assert (
        saved["outcomes"][0]["metaData"]["criteriaDescription"] == "Tier (journey data) is Silver"
    )


def test_it_tells_when_contacts_leave() -> None:
    assert sentence(exit_with(filter_of(GOLD)), "exit") == "Leave when Tier (journey data) is Gold"
    assert sentence(exit_with("junk"), "exit") == "Exit criteria"


def test_it_offers_the_names_that_the_journey_uses() -> None:
    text = (
        '{{Event.APIEvent-1."First name"}} {{Event.APIEvent-1.City}}'
        ' {{Contact.Attribute."Orders"."Total"}}'
    )
    document = {**DOCUMENT, "activities": [{"arguments": {"x": [text, filter_of(GOLD, RECENT)]}}]}
    known = ExitCriteria(block=exit_with(""), document=document).fields["criteria"].known
    assert known.journey_fields == ["City", "First name", "Tier"]
    assert known.contact_fields == ["Orders.Date", "Orders.Total"]
