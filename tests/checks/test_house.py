"""House rules: what a tenant asks besides, as firmly as it says."""

from datetime import time

import pytest

from journeys.blocks import by_slug
from journeys.checks import Rules, check, why_not_safe
from tests.checks.test_rules import email, journey, step

NIGHT = Rules(quiet_from=time(21), quiet_to=time(8))


def found(document: dict, rules: Rules) -> list[tuple[str, str, str]]:
    problems = [problem for problem in check(document, rules) if problem.id.startswith("house-")]
    return [(problem.id, problem.severity, str(problem.place)) for problem in problems]


def until(at: str) -> dict:
    settings = {"waitDuration": 1, "waitUnit": "DAYS", "specifiedTime": at, "timeZone": "GMT Standard Time"}
    return step("W0", "E", configurationArguments=settings, metaData={"isExtended": True})


LONG = step("W-1", configurationArguments={"waitDuration": "2", "waitUnit": "WEEKS"})


@pytest.mark.parametrize(
    ("rules", "problem"),
    [
        (Rules(naming_pattern="[A-Z]{2} - .+"), ("house-naming", "advice", "journey: name")),
        (Rules(naming_pattern="x", naming_severity="blocking"), ("house-naming", "blocking", "journey: name")),
        (Rules(entry_modes=("OnceAndDone",)), ("house-entry-mode", "advice", "journey: entryMode")),
        (
            Rules(longest_wait=13),
            ("house-longest-wait", "advice", "activity W-1: configurationArguments.waitDuration"),
        ),
        (Rules(most_steps=1), ("house-most-steps", "advice", "journey: activities")),
        (Rules(goal_required=True, goal_severity="blocking"), ("house-goal", "blocking", "journey: goals")),
    ],
)
def test_it_finds_what_breaks_a_rule(rules: Rules, problem: tuple) -> None:
    assert found(journey(email("E", "W-1"), LONG), rules) == [problem]


def test_it_asks_nothing_without_rules_and_nothing_of_who_keeps_them() -> None:
    kept = Rules("Welcome .+", "advice", ("MultipleEntries",), "advice", 14, "advice", 2, "advice", True)
    document = journey(email("E", "W-1"), LONG, goals=[by_slug("goal").new("GOAL", {})])
    assert found(document, kept) == found(document, Rules()) == []
    assert "house-goal" not in {one[0] for one in found(journey(definitionType="Quicksend"), Rules(goal_required=True))}


@pytest.mark.parametrize(
    ("wait", "is_told"),
    [(step("W0", "E"), True), (until("09:00"), False), (until("07:59"), True), (until("08:00"), False)],
)
def test_it_keeps_quiet_hours(wait: dict, is_told: bool) -> None:
    expected = [("house-quiet-hours", "advice", "activity E")] if is_told else []
    assert found(journey(wait, email("E", "W"), step("W")), NIGHT) == expected


def test_it_looks_for_the_wait_before_the_splits() -> None:
    ways = [{"key": "a", "next": "E", "arguments": {"percentage": 50}}, {"key": "b", "arguments": {"percentage": 50}}]
    split = {**by_slug("random-split").new("R", {}), "outcomes": ways}
    assert found(journey(step("W0", "R"), split, email("E", "W"), step("W")), NIGHT) == [
        ("house-quiet-hours", "advice", "activity E")
    ]
    assert found(journey(split, email("E", "W"), step("W")), NIGHT) == []


@pytest.mark.parametrize("pattern", ["[A-Z]{2} - .+", r"(welcome|nurture)_\d{4}_\w+", "a?b*c+d{1,2}", r"[)*+]+"])
def test_it_takes_plain_patterns(pattern: str) -> None:
    assert why_not_safe(pattern) == ""


@pytest.mark.parametrize(
    "pattern", ["(a+)+", "(a|a)*", "(", "(?=a)", r"(a)\1", "a*a*a*a*a*", "x" * 101, "(?i)a", "(?P<n>a)"]
)
def test_it_refuses_patterns_that_could_run_for_ever(pattern: str) -> None:
    assert why_not_safe(pattern)
    assert found(journey(name="a" * 100), Rules(naming_pattern=pattern)) == []
