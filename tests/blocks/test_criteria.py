"""What is odd about the criteria of a block is told: all of it is advice."""

import pytest

from journeys.blocks import lens
from journeys.blocks.activities.decision_split import DecisionSplit
from journeys.blocks.exits.exit_criteria import CRITERIA
from journeys.blocks.facts import Facts, facts_of
from journeys.blocks.goals.goal import Goal
from journeys.blocks.places import bind, write
from journeys.blocks.triggers.api_event import ApiEvent
from tests.blocks.test_conditions import DOCUMENT, TOTAL, exit_with, with_relation
from tests.spec.test_filters import GOLD, OLD, RECENT, filter_of

ODD_EVENT = GOLD.replace("APIEvent-1", "APIEvent-2")
UNMARKED = GOLD.replace('IsEphemeralAttribute="true" ', "")


def compared(operator: str, *values: str) -> list[str]:
    return [GOLD.replace("Equal", operator).replace("Gold", value) for value in values]


def dates(*values: str) -> list[str]:
    return [RECENT.replace(";-;14;days", value) for value in values]


@pytest.mark.parametrize(
    ("xml", "rules"),
    [
        (filter_of(GOLD), []),
        ("", ["exit-criteria"]),
        (filter_of(), ["criteria-empty"]),
        ("<FilterDefinition/>", ["criteria-empty"]),
        ("junk", ["criteria-locked"]),
        (filter_of("<Odd/>"), ["criteria-locked"]),
        (filter_of(GOLD * 19), []),
        (filter_of(GOLD * 20), ["criteria-many"]),
        (filter_of(ODD_EVENT), ["criteria-event"]),
        (filter_of(GOLD.replace("Gold", "")), ["criteria-value"]),
        (filter_of(RECENT.replace("Orders.Date", "Day")), ["criteria-field"]),
        (filter_of(UNMARKED), ["criteria-not-journey-data"]),
        (filter_of(TOTAL), ["criteria-relation"]),
        (filter_of(TOTAL.replace(' UiMetaData="{}"', "")), ["criteria-relation"]),
        (
            filter_of(
                with_relation(TOTAL, "r-1"),
                OLD,
                RECENT.replace("&quot;groupToSetRelationshipId&quot;:1", ""),
            ),
            [],
        ),
        (
            filter_of(
                TOTAL.replace("{}", "_UI_METADATA_"), TOTAL.replace("Orders", "Interaction.REST-1")
            ),
            [],
        ),
        (filter_of(RECENT.replace(";-;14;days", "soon")), ["criteria-date"]),
        (filter_of(RECENT.replace(";-;14;days", "31.01.2027")), ["criteria-date"]),
        (filter_of(RECENT.replace(";-;14;days", "2027-13-01")), ["criteria-date"]),
        (filter_of(RECENT.replace(";-;14;days", "14 days ago")), ["criteria-date"]),
        (
            filter_of(
                *dates(
                    "2027-01-31",
                    "2027-01-31T08:00:00Z",
                    "1/31/2027 8:00",
                    "{{Event.E.Day}}",
                    "%%day%%",
                )
            ),
            [],
        ),
        (filter_of(GOLD.replace("Equal", "IsTrue")), ["criteria-operator"]),
        (filter_of(GOLD.replace("Equal", "equal")), ["criteria-operator"]),
        (filter_of(GOLD.replace("Equal", "Is")), ["criteria-value"]),
        (filter_of(*compared("Is", "true", " False ", "{{Event.E.Flag}}")), []),
        (filter_of(*compared("GreaterThan", "abc")), ["criteria-value"]),
        (filter_of(*compared("GreaterThan", "14 days ago")), ["criteria-value"]),
        (
            filter_of(
                *compared(
                    "GreaterThan", "100", "-1.5", "1,000.00", "2e3", ";-;14;days", "{{Event.E.N}}"
                )
            ),
            [],
        ),
        (filter_of(*compared("Equal", "14 days ago")), ["criteria-value"]),
        (filter_of(*compared("NotEqual", "today")), ["criteria-value"]),
        (filter_of(*compared("Equal", "3 days", "in time", ";+;0;days")), []),
        (filter_of(*compared("Contains", "14 days ago")), []),
        (filter_of(*compared('GreaterThan" ValueIsReference="true', "Contact.Level")), []),
    ],
)
def test_it_advises_on_criteria(xml: str, rules: list[str]) -> None:
    block = exit_with(xml)
    found = lens(block, "exit").problems(block, facts_of(DOCUMENT))
    assert [(problem.id, problem.severity, problem.address.inside) for problem in found] == [
        (rule, "advice", CRITERIA) for rule in rules
    ]


def test_it_advises_on_filters_and_paths_too() -> None:
    trigger = write(
        write(ApiEvent.new("TRIGGER", {}), bind(CRITERIA), filter_of(ODD_EVENT)),
        bind("metaData.eventDefinitionKey"),
        "APIEvent-1",
    )
    assert [problem.id for problem in ApiEvent.problems(trigger, Facts())] == ["criteria-event"]
    split = write(
        DecisionSplit.new("D-1", {}),
        bind("configurationArguments.criteria.default_path_1"),
        filter_of(),
    )
    assert [problem.id for problem in DecisionSplit.problems(split, facts_of(DOCUMENT))] == [
        "criteria-empty"
    ]


def test_it_asks_a_goal_for_a_condition_but_no_entry_source() -> None:
    goal = write(Goal.new("GOAL", {}), bind(CRITERIA), filter_of())
    assert [problem.id for problem in Goal.problems(goal, facts_of(DOCUMENT))] == [
        "goal-target-missing",
        "criteria-empty",
    ]
    trigger = write(ApiEvent.new("TRIGGER", {}), bind(CRITERIA), filter_of())
    assert [problem.id for problem in ApiEvent.problems(trigger, Facts())] == ["trigger-event"]
