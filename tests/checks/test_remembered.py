"""A block's problems are remembered for its bytes and for what else its type looked at."""

from collections.abc import Iterator

import pytest

from journeys.blocks import lens
from journeys.blocks.base import Block
from journeys.checks import check
from journeys.checks.remembered import Watched, block_problems, forget
from journeys.spec.document import blocks
from journeys.spec.graph import Walk
from journeys.spec.problem import ADVICE, Problem
from tests.checks.test_rules import email, journey, step


@pytest.fixture(autouse=True)
def without_memory() -> Iterator[None]:
    """Neither of other tests' blocks here, nor of these elsewhere."""
    forget()
    yield
    forget()


def afresh(document: dict) -> list[Problem]:
    walk = Walk(document)
    found = []
    for kind, block in blocks(document):
        opened = lens(block, kind)
        found += opened.problems(block, document) + opened.outcome_problems(block)
        found += opened.flow_problems(block, walk) if kind == "activity" else []
    return found


def test_it_finds_the_same_as_without_memory() -> None:
    whole, holes = journey(), journey({**email("E", "W"), "configurationArguments": {}}, step("W"))
    for document in (whole, holes, whole, holes):
        assert block_problems(document) == afresh(document)
    assert block_problems(holes)


@pytest.mark.parametrize(
    "look",
    [
        lambda document: document["triggers"],
        lambda document: document.get("triggers"),
        lambda document: {**document}["triggers"],
        lambda document: document.copy()["triggers"],
        lambda document: dict(document)["triggers"],
        lambda document: dict(document.items())["triggers"],
    ],
)
def test_it_asks_again_when_what_was_looked_at_changed(
    look, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = []

    class Looking(Block):
        @classmethod
        def problems(cls, block: dict, document: dict) -> list[Problem]:
            calls.append(1)
            return [Problem("looked", ADVICE, str(len(look(document))))]

    monkeypatch.setattr("journeys.checks.remembered.lens", lambda block, kind: Looking)
    one = {"activities": [{"key": f"K-{id(look)}"}], "triggers": []}
    other = {**one, "triggers": [], "goals": None, "exits": []}
    assert [problem.text for problem in block_problems(one)] == ["0"]
    assert [problem.text for problem in block_problems({**one, "triggers": [{"key": "T"}]})] == [
        "1",
        "1",
    ]
    assert block_problems(one)[0].text == "0"
    block_problems(other)
    assert len(calls) <= 5


def test_it_does_not_ask_twice_for_a_block_that_stands_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    document = journey(email("E", "W"), step("W", name="Only here"))
    first = check(document)
    monkeypatch.setattr("journeys.checks.remembered.lens", None)
    assert check(document) == first


def test_it_watches_each_way_of_looking() -> None:
    watched = Watched({"a": 1})
    assert ("b" in watched, watched.get("c"), watched.seen) == (False, None, {"b", "c"})
    assert watched.values() == [1] and "a" in watched.seen
