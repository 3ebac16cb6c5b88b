"""Conditions in words say what the JSON means: the source of each field, and every operator that is
documented."""

import pytest

from journeys.blocks import path_titles
from journeys.blocks.activities.decision_split import DecisionSplit, criteria_of
from journeys.blocks.exits.exit_criteria import CRITERIA, ExitCriteria
from journeys.blocks.facts import facts_of
from journeys.blocks.places import get
from journeys.spec.condition_text import OPERATORS, words
from journeys.spec.filters import Condition, Group, parse
from tests.blocks.browser import read_form, save
from tests.blocks.test_conditions import exit_with
from tests.cases import case
from tests.spec.test_filters import GOLD, filter_of

SPLIT = "MULTICRITERIADECISIONV2-1"


def split_of(document: dict) -> dict:
    return next(step for step in document["activities"] if step["key"] == SPLIT)


def told(document: dict) -> dict[str, str]:
    """Key of each path -> its criteria in words."""
    split = split_of(document)
    xml = {way["key"]: criteria_of(split, way["key"]) for way in split["outcomes"]}
    return {key: words(parse(text)) for key, text in xml.items() if text}


def test_it_tells_what_each_operator_compares() -> None:
    assert told(case("operators")) == {
        "p0": "Store (journey data) is one of 3001, 3002, 3003 (whole words)",
        "p1": "Store (journey data) exists in abc,def",
        "p2": "Store (journey data) ends with xyz",
        "p3": "Store (journey data) begins with H",
        "p4": "Store (journey data) is one of a, b",
        "p5": "Store (journey data) is not one of 3001 (whole words)",
        "p6": "Store (journey data) IsTrue",
    }


def test_it_doubts_no_documented_operator() -> None:
    document = case("operators")
    problems = DecisionSplit.problems(split_of(document), facts_of(document))
    doubted = [one for one in problems if one.id == "criteria-operator"]
    assert [one.address.inside.rpartition(".")[2] for one in doubted] == ["p6"]
    assert "compares “Store (journey data)” by “IsTrue”" in doubted[0].text
    assert not [one.id for one in problems if one.id == "criteria-value"]


def test_it_names_the_source_of_a_field_and_of_what_it_is_compared_with() -> None:
    document = case("journey-data-and-contact-data")
    assert told(document) == {
        "a": "Status (journey data) is NEW",
        "b": "Customer: Status is NEW",
        "c": "ItemID (journey data) is the value of Customer: ItemID",
    }
    split = split_of(document)
    for way in split["outcomes"]:
        way["metaData"]["label"] = ""
    assert path_titles(split) == [
        *told(document).values(),
        "Remainder",
    ]


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        (Condition("Status", "Equal", "NEW"), "Status (contact data) is NEW"),
        (Condition("Status", "Equal", "NEW", is_journey_data=True), "Status (journey data) is NEW"),
        (Condition("Event.E.Status", "IsNull"), "Status (contact data) is empty"),
        (
            Condition("Interaction.REST-1.score", "Equal", "1", is_journey_data=True),
            "score (result of REST-1) is 1",
        ),
        (Condition("My.Set.Status", "IsNotNull"), "My.Set: Status is not empty"),
        (
            Condition("A.B", "Equal", "Event.E.Day", is_reference=True),
            "A: B is the value of Day (journey data)",
        ),
        (Condition("A.B", "NotIn", " x ,,y"), "A: B is not one of x, y"),
        (Condition("A.B", "Ends", "x"), "A: B ends with x"),
    ],
)
def test_it_names_every_source(condition: Condition, said: str) -> None:
    assert words(Group(items=(condition,))) == said


def test_it_tells_several_events_apart() -> None:
    one, other = (
        Condition(f"Event.E-{number}.Status", "Equal", "NEW", is_journey_data=True)
        for number in (1, 2)
    )
    assert words(Group(items=(one, Group("OR", (other, Condition("A.B", "IsNull")))))) == (
        "Status (journey data of E-1) is NEW"
        " and (Status (journey data of E-2) is NEW or A: B is empty)"
    )


def test_it_offers_each_comparison_once_and_keeps_another_spelling() -> None:
    offered = [operator.label for operator in OPERATORS if operator.offered]
    assert len(offered) == len(set(offered))
    for label in ("begins with", "ends with", "exists in", "exists in whole word", "is one of"):
        assert label in offered
    for label in ("does not begin with", "does not end with", "does not exist in"):
        assert label in offered

    block = exit_with(filter_of(GOLD.replace("Equal", "BeginsWith")))
    form = ExitCriteria(block=block, document={})
    assert dict(read_form(form).sent)["criteria-0-0-operator"] == "BeginsWith"
    assert "begins with" in str(form["criteria"])
    saved = save(ExitCriteria, block, {"criteria-0-0-value": "Silver"}, {})
    assert get(saved, CRITERIA) == get(block, CRITERIA).replace("Gold", "Silver")
