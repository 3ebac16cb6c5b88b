"""What Undo and the live region say of each kind of change."""

import pytest
from django.contrib.auth.models import User

from journeys import blocks
from journeys.models import Journey
from journeys.spec import graph

pytestmark = pytest.mark.one_database


def apply(journey: Journey, author: User, operation: str, **arguments: object) -> str:
    """The summary of the revision that it makes."""
    journey.refresh_from_db()
    told = {name: value for name, value in arguments.items() if isinstance(value, str | int | bool)}
    return journey.apply(
        operation, arguments, based_on=journey.head.number, author=author, told=told
    ).summary


def new(slug: str, document: dict) -> dict:
    lens = blocks.BY_SLUG[slug]
    return lens.new(lens.new_key(document), document)


SPLIT = "RANDOMSPLITV2-1"
CHANGES = {
    "Added Wait 1 day": ("add step", {"after": "", "outcome": "", "step": "wait"}),
    "Moved Wait 2 days to the start": (
        "move step",
        {"key": "WAITBYDURATION-1", "after": "", "outcome": ""},
    ),
    "Which second email?: paths in another order": (
        "move path",
        {"key": SPLIT, "outcome": "branchResult-1", "offset": 1},
    ),
    "Which second email?: path “Path 1” ends here": (
        "lead to",
        {"key": SPLIT, "outcome": "branchResult-1", "target": None},
    ),
    "Which second email?: path “Path 1” leads to “Wait 3 days”": (
        "lead to",
        {"key": SPLIT, "outcome": "branchResult-1", "target": "WAITBYDURATION-2"},
    ),
    "Removed Send Welcome 2, story (and 1 more)": (
        "remove path",
        {"key": SPLIT, "outcome": "branchResult-1", "with_steps": True},
    ),
    "Removed Wait 2 days": ("remove step", {"key": "WAITBYDURATION-1"}),
    "Name: “Welcome series” → “Other”": ("edit journey", {"members": {"name": "Other"}}),
    "Added goal: Goal": ("add block", {"kind": "goal", "block": "goal"}),
}


@pytest.mark.parametrize("words", CHANGES)
def test_undo_says_what_it_will_do(journey: Journey, maya: User, words: str):
    operation, arguments = CHANGES[words]
    made = {
        name: new(value, journey.head.document())
        for name, value in arguments.items()
        if name in ("step", "block")
    }
    assert apply(journey, maya, operation, **arguments | made) == words
    journey.refresh_from_db()
    assert journey.undo(maya).summary == f"Undid: {words}"


def test_it_moves_what_was_moved_although_another_step_changed_its_place_too(
    journey: Journey, maya: User
):
    gap = (
        "WAITBYDURATION-1",
        graph.steps(journey.head.document())["WAITBYDURATION-1"]["outcomes"][0]["key"],
    )
    words = apply(journey, maya, "move step", key="EMAILV2-1", after=gap[0], outcome=gap[1])
    assert words == "Moved Send Welcome 1 after Wait 2 days"
