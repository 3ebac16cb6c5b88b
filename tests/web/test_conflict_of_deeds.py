"""A deed that meets somebody else's is asked about and, where it is confirmed, done again whole on
the newest draft."""

import json

import pytest
from django.test import Client

from journeys.models import Journey
from journeys.spec import graph
from tests.web.conflicting import WAIT, newest, post, settled, step, words

MOVE = {"after": "", "outcome": ""}


def moved_and_edited(as_miles: Client, journey: Journey) -> None:
    """Miles puts a step in behind the wait: the path that leads out of it is another one now."""
    after = {"after": WAIT["key"], "outcome": graph.outcome_key(step(journey)["outcomes"][0])}
    assert post(as_miles, journey, "block/add", slug="wait", **after).status_code == 200


def second(journey: Journey) -> str:
    """The step behind the wait."""
    return graph.next_of(step(journey)["outcomes"][0])


def behind_wait(journey: Journey) -> dict:
    outcome = graph.outcome_key(step(journey)["outcomes"][0])
    return {"after": WAIT["key"], "outcome": outcome}


TEXT = json.dumps(
    {"journeySteps": 1, "activities": [{"key": "X", "type": "WAIT", "outcomes": [{"key": "o"}]}]}
)
DEEDS = {
    "add": ("block/add", lambda j: {"slug": "wait", **behind_wait(j)}),
    "remove": ("block/remove", lambda j: WAIT),
    "move": ("step/move", lambda j: {**WAIT, "after": "", "outcome": ""}),
    "earlier": ("step/move", lambda j: {**WAIT, "to": "earlier"}),
    "lead": ("path/lead-to", lambda j: {**WAIT, "outcome": behind_wait(j)["outcome"]}),
    "move steps": ("steps/move", lambda j: {"keys": [WAIT["key"]], "after": "", "outcome": ""}),
    "remove steps": ("steps/remove", lambda j: {"keys": [WAIT["key"]], "heal": "1"}),
    "replace": ("step/replace", lambda j: {"key": WAIT["key"], "slug": "email"}),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_it_does_the_whole_deed_again_on_the_newest_draft(
    as_maya: Client, as_miles: Client, journey: Journey, deed: str
):
    address, values = DEEDS[deed]
    asked = values(journey)
    moved_and_edited(as_miles, journey)
    theirs = newest(journey)
    answer = post(as_maya, journey, address, **asked)
    assert (answer.status_code, newest(journey)) == (409, theirs)
    said = words(answer)
    assert "Miles Marketer changed the same place meanwhile." in said
    assert "Added Wait 1 day after Wait 2 days" in said and "Do it all the same:" in said
    assert settled(as_maya, journey, answer).status_code == 200
    alone = post(as_maya, journey, "undo", 3, number=3)
    assert alone.status_code == 200 and newest(journey) == theirs
    assert post(as_maya, journey, address, 4, **asked).status_code == 200
    fresh, again = (journey.revisions.get(number=number).document() for number in (5, 3))
    assert without_keys(again) == without_keys(fresh)


def without_keys(document: dict) -> str:
    """New paths have keys of chance."""
    text = json.dumps(document)
    ways = [way["key"] for one in document["activities"] for way in one["outcomes"]]
    for at, key in enumerate(ways):
        text = text.replace(key, f"path {at}")
    return text


@pytest.mark.parametrize("deed", ["move", "move steps", "remove", "remove steps", "lead"])
def test_it_leaves_no_step_behind_that_no_path_leads_to(
    as_maya: Client, as_miles: Client, journey: Journey, deed: str
):
    address, values = DEEDS[deed]
    asked = values(journey)
    moved_and_edited(as_miles, journey)
    settled(as_maya, journey, post(as_maya, journey, address, **asked))
    now = newest(journey)
    assert len(graph.roots(now)) == (2 if deed == "lead" else 1)


def test_it_says_why_a_deed_cannot_be_done_any_more(
    as_maya: Client, as_miles: Client, journey: Journey
):
    post(as_miles, journey, "block/remove", **WAIT)
    answer = post(as_maya, journey, "step/move", **WAIT, **MOVE)
    said = words(answer)
    assert answer.status_code == 409
    assert "It cannot be done any more: This step is no longer in the journey." in said
    assert "Do it all the same" not in said


def test_it_removes_a_step_that_was_changed_only_when_that_is_confirmed(
    as_maya: Client, as_miles: Client, journey: Journey
):
    post(as_miles, journey, "block/save", **WAIT, duration="5")
    answer = post(as_maya, journey, "block/remove", **WAIT)
    said = words(answer)
    assert answer.status_code == 409 and "How long: 2 days → 5 days" in said
    assert "Do it all the same: remove Wait 5 days" in said and "Leave it as it is now" in said
    assert settled(as_maya, journey, answer).status_code == 200
    assert step(journey) is None
