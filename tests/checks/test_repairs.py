"""A repair puts right what its problem names, changes nothing else, and says before what it will
do."""

import pytest

from journeys.blocks import BY_SLUG
from journeys.checks import check, effect, repaired, repaired_at_once
from journeys.checks.block_repairs import BLOCK_REPAIRS
from journeys.checks.repairs import REPAIRS
from journeys.spec.address import Address
from journeys.spec.document import dumps
from journeys.spec.problem import Problem
from tests.checks.test_rules import email, journey, step, trigger


def problem_of(document: dict, rule: str):
    return next(problem for problem in check(document) if problem.id == rule)


def split(*shares: object) -> dict:
    ways = [
        {"key": f"p{n}", "next": "W", "arguments": {"percentage": share}}
        for n, share in enumerate(shares)
    ]
    return {**BY_SLUG["random-split"].new("R", {}), "outcomes": ways}


def trial(*shares: int) -> list[dict]:
    start, end = BY_SLUG["path-optimizer"].new_steps("ABNTEST-1", {})
    ways = [
        {
            "key": f"p{n}",
            "next": end["key"],
            "arguments": {"percentage": share},
            "metaData": {"label": f"{share}%"},
        }
        for n, share in enumerate(shares)
    ]
    return [{**start, "outcomes": ways}, {**end, "outcomes": [{"key": "out", "next": "W"}]}]


def with_outcomes(block: dict, *outcomes: dict) -> dict:
    return {**block, "outcomes": list(outcomes)}


DECISION = BY_SLUG["decision-split"].new("D", {})
LOST = {"key": "p", "next": "W"}
REMAINDER = {"label": "Remainder", "isLabelFromConversion": False, "invalid": False}
SENT = email("E", "W")
PUBLISHED = {
    "id": "1",
    **SENT,
    "schema": {"arguments": {}},
    "arguments": {"contactKey": "{{Context.ContactKey}}"},
}


@pytest.mark.parametrize(
    ("rule", "steps", "expected", "words"),
    [
        (
            "next-dangling",
            [with_outcomes(step("A"), {"key": "x", "next": "Z", "metaData": {}})],
            [with_outcomes(step("A"), {"key": "x", "metaData": {}})],
            ["Wait 1 day: ends here"],
        ),
        ("next-empty", [step("A", "")], [step("A")], None),
        (
            "next-null",
            [with_outcomes(step("A"), {"next": None})],
            [with_outcomes(step("A"), {})],
            None,
        ),
        (
            "random-split-sum",
            [split(50, "20", 10), step("W")],
            [split(34, "33", 33), step("W")],
            None,
        ),
        ("random-split-percentage", [split(0, 100), step("W")], [split(50, 50), step("W")], None),
        (
            "path-optimizer-sum",
            [*trial(50, 20, 10), step("W")],
            [*trial(34, 33, 33), step("W")],
            None,
        ),
        (
            "path-optimizer-percentage",
            [*trial(0, 100), step("W")],
            [*trial(50, 50), step("W")],
            None,
        ),
        (
            "decision-split-remainder",
            [with_outcomes(DECISION, LOST), step("W")],
            [
                with_outcomes(
                    DECISION,
                    LOST,
                    {"key": "remainder_path", "arguments": {}, "metaData": REMAINDER},
                ),
                step("W"),
            ],
            None,
        ),
        (
            "type-capitals",
            [{**SENT, "type": "EmailV2"}, step("W")],
            [SENT, step("W")],
            ["Send Welcome 1: type “EmailV2” → “EMAILV2”"],
        ),
        (
            "step-not-configured",
            [{**step("A"), "metaData": {"isConfigured": False, "x": 1}}],
            [{**step("A"), "metaData": {"isConfigured": True, "x": 1}}],
            None,
        ),
        ("server-parts", [PUBLISHED, step("W")], [{**SENT, "arguments": {}}, step("W")], None),
        ("first-step-place", [step("W"), SENT], [SENT, step("W")], None),
    ],
)
def test_it_repairs(rule: str, steps: list, expected: list, words: list | None) -> None:
    document = journey(*steps)
    before, problem = dumps(document), problem_of(document, rule)
    told = effect(document, problem)
    assert (told == words) if words else told
    assert dumps(repaired(document, problem)) == dumps(journey(*expected))
    assert dumps(document) == before


def test_it_puts_the_event_key_where_the_server_looks() -> None:
    beside = {**trigger(), "eventDefinitionKey": "APIEvent-1", "metaData": {"x": 1}}
    document = journey(triggers=[beside])
    after = repaired(document, problem_of(document, "trigger-event-place"))
    assert after["triggers"] == [
        {**trigger(), "metaData": {"x": 1, "eventDefinitionKey": "APIEvent-1"}}
    ]


def test_it_empties_the_outcomes_of_an_entry_source() -> None:
    document = journey(triggers=[{**trigger(), "outcomes": [{"key": "x", "next": "W-1"}]}])
    problem = problem_of(document, "trigger-outcomes")
    assert effect(document, problem) == ["API event: path removed"]
    assert dumps(repaired(document, problem)) == dumps(journey(triggers=[trigger()]))


def test_it_ends_every_open_path_in_a_wait_of_a_day() -> None:
    ways = [{"key": f"p{n}", "arguments": {"percentage": 50}} for n in range(2)]
    document = journey(with_outcomes(BY_SLUG["random-split"].new("R", {}), *ways))
    ends = [problem for problem in check(document) if problem.id == "path-end-wait"]
    after, count = repaired_at_once(document, ends)
    assert count == 2
    kinds = [
        (one["key"], one["type"], [way.get("next") for way in one["outcomes"]])
        for one in after["activities"]
    ]
    assert kinds[0] == ("R", "RANDOMSPLIT", ["WAITBYDURATION-1", "WAITBYDURATION-2"])
    assert sorted(kinds[1:]) == [(f"WAITBYDURATION-{n}", "WAIT", [None]) for n in (1, 2)]
    assert [problem.id for problem in check(after)] == []


def test_it_says_of_an_end_wait_in_which_capsule_it_stands() -> None:
    start, end = BY_SLUG["path-optimizer"].new_steps("ABNTEST-1", {})
    first, second = start["outcomes"]
    inner = {**SENT, "outcomes": [{"key": "out"}]}
    start = {**start, "outcomes": [{**first, "next": inner["key"]}, second]}
    document = journey(start, inner, {**end, "outcomes": [{"key": "out", "next": "W"}]}, step("W"))
    after = repaired(document, problem_of(document, "path-end-wait"))
    [added] = [
        one
        for one in after["activities"]
        if one not in document["activities"] and one["type"] == "WAIT"
    ]
    assert added["metaData"]["capsuleData"] == start["metaData"]["capsule"]


def test_it_writes_in_which_path_optimizer_a_step_stands() -> None:
    """The innermost; what the step says besides stays."""
    start, end = BY_SLUG["path-optimizer"].new_steps("ABNTEST-1", {})
    taken = {"activities": [start, end]}
    inner, stop = BY_SLUG["path-optimizer"].new_steps("ABNTEST-2", taken)
    start["outcomes"][0]["next"], inner["outcomes"][0]["next"] = "ABNTEST-2", "E"
    stop = {**stop, "outcomes": [{"key": "out", "next": end["key"]}]}
    sent = {**SENT, "outcomes": [{"key": "out", "next": stop["key"]}]}
    document = journey(
        start, inner, sent, stop, {**end, "outcomes": [{"key": "out", "next": "W"}]}, step("W")
    )
    told = [problem for problem in check(document) if problem.id == "capsule-data"]
    assert [problem.address.key for problem in told] == ["ABNTEST-2", stop["key"], "E"]
    after = repaired(document, told[-1])
    marked = {**sent, "metaData": {**sent["metaData"], "capsuleData": inner["metaData"]["capsule"]}}
    assert after["activities"] == [marked if one is sent else one for one in document["activities"]]
    assert effect(document, told[-1]) and effect(after, told[-1]) == []
    for problem in told:
        document = repaired(document, problem)
    assert "capsule-data" not in {problem.id for problem in check(document)}


def test_it_writes_the_version_as_a_number() -> None:
    document = journey(workflowApiVersion="1.0")
    assert repaired(document, problem_of(document, "version-text"))["workflowApiVersion"] == 1.0


GOLD = '<Condition IsEphemeralAttribute="true" Key="Event.E.Tier" Operator="Equal" UiMetaData="{}">'
UNMARKED = '<Condition Key="Event.E.Tier" Operator="Equal" UiMetaData="{}">'
MARKED = (
    '<Condition Key="Event.E.Tier" Operator="Equal" UiMetaData="{}" IsEphemeralAttribute="true">'
)


def criteria(*heads: str, value: str = "Gold") -> str:
    conditions = "".join(f"{head}<Value><![CDATA[{value}]]></Value></Condition>" for head in heads)
    return (
        "<FilterDefinition><ConditionSet"
        f' Operator="OR">{conditions}</ConditionSet></FilterDefinition>'
    )


@pytest.mark.parametrize(
    ("rule", "before", "after", "words"),
    [
        (
            "criteria-not-journey-data",
            criteria(UNMARKED, GOLD),
            criteria(MARKED, GOLD),
            [
                "Leave when Tier (contact data) is Gold or Tier (journey data) is Gold: conditions"
                " “Tier (contact data) is Gold or Tier (journey data) is Gold” →"
                " “Tier (journey data) is Gold or Tier (journey data) is Gold”"
            ],
        ),
        (
            "criteria-operator",
            criteria(GOLD.replace("Equal", "begins"), GOLD.replace("Equal", "isnull")),
            criteria(GOLD.replace("Equal", "Begins"), GOLD.replace("Equal", "IsNull")),
            [
                "Leave when Tier (journey data) begins Gold or Tier (journey data) isnull Gold:"
                " conditions “Tier (journey data) begins Gold or Tier (journey data) isnull Gold” →"
                " “Tier (journey data) begins with Gold or Tier (journey data) is empty”"
            ],
        ),
        (
            "criteria-date",
            criteria(GOLD.replace("Equal", "After"), value="14 days ago"),
            criteria(GOLD.replace("Equal", "After"), value=";-;14;days"),
            ["Leave when Tier (journey data) is after 14 days ago: conditions changed"],
        ),
    ],
)
def test_it_repairs_the_conditions_of_an_exit_and_of_a_path(
    rule: str, before: str, after: str, words: list
) -> None:
    bare = BY_SLUG["exit-criteria"].new("EXITCRITERIA", {})
    document = journey(exits=[{**bare, "configurationArguments": {"criteria": before}}])
    assert effect(document, problem_of(document, rule)) == words
    assert repaired(document, problem_of(document, rule)) == journey(
        exits=[{**bare, "configurationArguments": {"criteria": after}}]
    )
    ways = [{"key": "to.W", "next": "W"}, {"key": "remainder_path", "next": "W"}]
    path = {
        **with_outcomes(DECISION, *ways),
        "configurationArguments": {"criteria": {"to.W": before}},
    }
    whole = {**path, "configurationArguments": {"criteria": {"to.W": after}}}
    document = journey(path, step("W"))
    assert repaired(document, problem_of(document, rule)) == journey(whole, step("W"))


@pytest.mark.parametrize("operator", ["Resembles", "Equal"])
def test_it_guesses_no_operator(operator: str) -> None:
    bare = BY_SLUG["exit-criteria"].new("EXITCRITERIA", {})
    xml = criteria(GOLD.replace("Equal", operator))
    document = journey(exits=[{**bare, "configurationArguments": {"criteria": xml}}])
    place = Address("exit", "EXITCRITERIA", "configurationArguments.criteria")
    problem = Problem("criteria-operator", "advice", "", place, "write-known-operators")
    assert repaired(document, problem) is document


def test_it_keeps_what_an_author_set_in_arguments() -> None:
    sent = {
        "execute": {"inArguments": [{"contact": "{{Context.ContactKey}}"}]},
        "own": "{{Context.ContactKey}}",
    }
    custom = {**SENT, "type": "REST", "arguments": sent}
    assert "server-parts" not in {problem.id for problem in check(journey(custom, step("W")))}


def test_it_leaves_twins_alone() -> None:
    twins = journey(step("A", ""), step("A", ""))
    problem = problem_of(twins, "next-empty")
    assert repaired(twins, problem) is twins
    assert effect(twins, problem) == []


def test_it_adds_no_remainder_where_it_would_have_to_drop_something() -> None:
    document = journey({**DECISION, "outcomes": {"p": "W"}}, step("W"))
    problem = problem_of(document, "decision-split-remainder")
    assert repaired(document, problem) is document


def test_it_names_only_repairs_that_there_are() -> None:
    documents = [
        journey(step("A", ""), step("B", "Z")),
        journey({**SENT, "type": "EmailV2"}, split(1, 2), step("W")),
    ]
    named = {problem.repair for document in documents for problem in check(document)} - {""}
    assert named and named <= REPAIRS.keys() | BLOCK_REPAIRS.keys()
