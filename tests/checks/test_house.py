"""House rules: what a tenant asks besides, as firmly as it says."""

from dataclasses import replace
from datetime import time

import pytest

from journeys.blocks import BY_SLUG, lens
from journeys.checks import Rules, check, why_not_safe
from tests.checks.test_rules import email, journey, step

NIGHT = Rules(quiet_from=time(21), quiet_to=time(8))


def found(document: dict, rules: Rules) -> list[tuple[str, str, str]]:
    problems = [problem for problem in check(document, rules) if problem.id.startswith("house-")]
    return [(problem.id, problem.severity, str(problem.address)) for problem in problems]


def until(at: str, meta: dict | None = None) -> dict:
    settings = {
        "waitDuration": 1,
        "waitUnit": "DAYS",
        "specifiedTime": at,
        "timeZone": "GMT Standard Time",
    }
    return step("W0", "E", configurationArguments=settings, metaData=meta or {"isExtended": True})


LONG = step("W-1", configurationArguments={"waitDuration": "2", "waitUnit": "WEEKS"})


@pytest.mark.parametrize(
    ("rules", "problem"),
    [
        (Rules(naming_pattern="[A-Z]{2} - .+"), ("house-naming", "advice", "journey: name")),
        (
            Rules(naming_pattern="x", naming_severity="blocking"),
            ("house-naming", "blocking", "journey: name"),
        ),
        (Rules(entry_modes=("OnceAndDone",)), ("house-entry-mode", "advice", "journey: entryMode")),
        (
            Rules(longest_wait=13),
            ("house-longest-wait", "advice", "activity W-1: configurationArguments.waitDuration"),
        ),
        (Rules(most_steps=1), ("house-most-steps", "advice", "journey: activities")),
        (
            Rules(goal_required=True, goal_severity="blocking"),
            ("house-goal", "blocking", "journey: goals"),
        ),
    ],
)
def test_it_finds_what_breaks_a_rule(rules: Rules, problem: tuple) -> None:
    assert found(journey(email("E", "W-1"), LONG), rules) == [problem]


def test_it_asks_nothing_without_rules_and_nothing_of_who_keeps_them() -> None:
    kept = Rules(
        "Welcome .+", "advice", ("MultipleEntries",), "advice", 14, "advice", 2, "advice", True
    )
    document = journey(email("E", "W-1"), LONG, goals=[BY_SLUG["goal"].new("GOAL", {})])
    assert found(document, kept) == found(document, Rules()) == []
    assert "house-goal" not in {
        one[0] for one in found(journey(definitionType="Quicksend"), Rules(goal_required=True))
    }


@pytest.mark.parametrize(
    ("wait", "is_told"),
    [
        (step("W0", "E"), True),
        (until("09:00"), False),
        (until("07:59"), True),
        (until("08:00"), False),
        (until("09:00", {"waitType": "durationTime"}), False),
    ],
)
def test_it_keeps_quiet_hours(wait: dict, is_told: bool) -> None:
    expected = [("house-quiet-hours", "advice", "activity E")] if is_told else []
    assert found(journey(wait, email("E", "W"), step("W")), NIGHT) == expected


def test_it_looks_for_the_wait_before_the_splits() -> None:
    ways = [
        {"key": "a", "next": "E", "arguments": {"percentage": 50}},
        {"key": "b", "arguments": {"percentage": 50}},
    ]
    split = {**BY_SLUG["random-split"].new("R", {}), "outcomes": ways}
    assert found(journey(step("W0", "R"), split, email("E", "W"), step("W")), NIGHT) == [
        ("house-quiet-hours", "advice", "activity E")
    ]
    assert found(journey(split, email("E", "W"), step("W"), triggers=SCHEDULED), NIGHT) == []


def hold(hours: object, to: str = "E") -> dict:
    block = BY_SLUG["send-time"].new("S", {})
    settings = {**block["configurationArguments"], "params": {"slidingWindowHours": hours}}
    return {**block, "outcomes": [{"key": "out", "next": to}], "configurationArguments": settings}


SCHEDULED = [BY_SLUG["data-extension"].new("TRIGGER", {})]
ON_ENTRY = "Sent as soon as contacts enter, at any hour;"
ANY_HOUR = "Sent at any hour, because “Best time within 30 hours” chooses it;"
HELD = "May be sent in the quiet hours (21:00 to 08:00), because “Best time within 13 hours”"
NO_TIME = "Sent at any hour, because “Wait 1 day” has no time of day;"


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        ([], ON_ENTRY),
        ([hold(3)], ON_ENTRY),
        ([step("W0", "S"), hold(3)], NO_TIME),
        ([step("W0", "S"), hold(30)], ANY_HOUR),
        (
            [step("W0", "S"), hold(None)],
            "Sent at any hour, because “Send-time optimisation” chooses it;",
        ),
        ([{**until("09:00"), "outcomes": [{"key": "out", "next": "S"}]}, hold(12)], ""),
        ([{**until("09:00"), "outcomes": [{"key": "out", "next": "S"}]}, hold(13)], HELD),
        ([{**step("X", "E"), "type": "ODDWAIT"}], ""),
    ],
)
def test_it_tells_at_which_hour_a_message_is_sent(steps: list, told: str) -> None:
    document = journey(*steps, email("E", "W"), step("W"))
    found = [one.text for one in check(document, NIGHT) if one.id == "house-quiet-hours"]
    assert [text[: len(told)] for text in found] == ([told] if told else [])


def test_it_does_not_know_the_hour_of_a_schedule() -> None:
    entered = {"triggers": SCHEDULED}
    assert found(journey(email("E", "W"), step("W"), **entered), NIGHT) == []
    assert found(journey(hold(3), email("E", "W"), step("W"), **entered), NIGHT) == []
    assert found(journey(hold(30), email("E", "W"), step("W"), **entered), NIGHT) == [
        ("house-quiet-hours", "advice", "activity E")
    ]


def test_it_follows_holds_in_a_circle_to_an_end() -> None:
    around = [
        hold(1, "R"),
        {**hold(1), "key": "R", "outcomes": [{"key": "a", "next": "E"}, {"key": "b", "next": "S"}]},
    ]
    assert found(journey(*around, email("E", "S")), NIGHT) == [
        ("house-quiet-hours", "advice", "activity E")
    ]


@pytest.mark.parametrize(
    "pattern", ["[A-Z]{2} - .+", r"(welcome|nurture)_\d{4}_\w+", "a?b*c+d{1,2}", r"[)*+]+"]
)
def test_it_takes_plain_patterns(pattern: str) -> None:
    assert why_not_safe(pattern) == ""


@pytest.mark.parametrize(
    "pattern",
    ["(a+)+", "(a|a)*", "(", "(?=a)", r"(a)\1", "a*a*a*a*a*", "x" * 101, "(?i)a", "(?P<n>a)"],
)
def test_it_refuses_patterns_that_could_run_for_ever(pattern: str) -> None:
    assert why_not_safe(pattern)
    assert found(journey(name="a" * 100), Rules(naming_pattern=pattern)) == []


@pytest.mark.parametrize(
    ("number", "told"),
    [(10**400, True), (1e300, True), (-(10**400), False), ("9" * 400, False)],
)
@pytest.mark.parametrize("unit", ["MINUTES", "HOURS", "MONTHS"])
def test_it_counts_with_any_number(number: object, told: bool, unit: str) -> None:
    """Also how long the step lasts, from which the Path works out its days."""
    settings = {"waitDuration": number, "waitUnit": unit}
    wait, held = step("W-1", "S", configurationArguments=settings), hold(number)
    document = journey(wait, held, email("E", "W"), step("W"))
    problems = check(document, replace(NIGHT, longest_wait=13))
    assert ("house-longest-wait" in {one.id for one in problems}) is told
    assert all(lens(one, "activity").lasts(one) != () for one in (wait, held))
