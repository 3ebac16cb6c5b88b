"""Undo, redo and revert as pages ask for them, by two people at one journey."""

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client

from journeys import blocks
from journeys.models import Journey
from journeys.spec import document as doc
from journeys.spec import graph, selection

WAIT, SPLIT, EMAIL = "WAITBYDURATION-1", "RANDOMSPLITV2-1", "EMAILV2-1"
BUTTON = r'<button[^>]*id="{}".*?</button>'


def newest(journey: Journey) -> dict:
    return Journey.objects.get(pk=journey.pk).head.document()


def done(journey: Journey, person: User, operation: str, arguments: dict) -> None:
    journey.refresh_from_db()
    journey.apply(operation, arguments, based_on=journey.head.number, author=person)


def lasting(journey: Journey, person: User, days: int, key: str = WAIT) -> None:
    step = graph.steps(newest(journey))[key]
    settings = {**step["configurationArguments"], "waitDuration": days}
    block = {**step, "configurationArguments": settings}
    done(journey, person, "edit block", {"kind": "activity", "key": key, "block": block})


def described(journey: Journey, person: User, text: str = "By somebody else") -> None:
    done(journey, person, "edit journey", {"members": {"description": text}})


def button(client: Client, journey: Journey, name: str = "undo") -> str:
    page = client.get(f"/journeys/{journey.pk}/").content.decode()
    return re.search(BUTTON.format(name), page, re.DOTALL)[0]


def press(client: Client, journey: Journey, number: int, name: str = "undo", **fields: object):
    asked = {"number": number, "based_on": 1, "view": "list", "kind": "journey", "key": ""}
    return client.post(f"/journeys/{journey.pk}/{name}/", asked | fields)


def test_the_button_names_ones_own_change_and_takes_back_nothing_else(
    as_maya: Client, as_miles: Client, journey: Journey, maya: User, miles: User
):
    lasting(journey, maya, 3)
    lasting(journey, miles, 9, "WAITBYDURATION-2")
    shown = button(as_maya, journey)
    assert 'title="Undo: Wait 2 days → Wait 3 days"' in shown and '{"number": 2}' in shown
    assert "Wait 9 days" in button(as_miles, journey)
    assert press(as_maya, journey, 2).status_code == 200
    steps = graph.steps(newest(journey))
    assert [
        steps[key]["configurationArguments"]["waitDuration"] for key in (WAIT, "WAITBYDURATION-2")
    ] == [2, 9]
    assert "Nothing to undo" in button(as_maya, journey)
    assert "Redo: Wait 2 days → Wait 3 days" in button(as_maya, journey, "redo")


def test_it_greys_with_the_reason_and_says_it_when_it_is_pressed(
    as_maya: Client, journey: Journey, maya: User, miles: User
):
    lasting(journey, maya, 3)
    lasting(journey, miles, 9)
    reason = "Miles Marketer changed the same since: “Wait 3 days → Wait 9 days” (revision 3)"
    shown = button(as_maya, journey)
    assert reason in shown and 'aria-disabled="true"' in shown
    answer = press(as_maya, journey, 2)
    assert answer.status_code == 409 and reason in answer.content.decode()
    assert 'name="based_on" value="3"' in answer.content.decode(), "the page is brought up to date"
    assert newest(journey) == journey.revisions.get(number=3).document()


@pytest.mark.parametrize("fields", [{}, {"number": ""}, {"number": "x"}, {"number": "9" * 400}])
def test_a_page_that_names_no_revision_is_out_of_date(
    as_maya: Client, journey: Journey, maya: User, fields: dict
):
    lasting(journey, maya, 3)
    answer = as_maya.post(f"/journeys/{journey.pk}/undo/", {"based_on": 2, **fields})
    assert answer.status_code == 409 and "out of date" in answer.content.decode()
    assert journey.revisions.count() == 2


def test_what_is_pressed_twice_takes_back_one_change(as_maya: Client, journey: Journey, maya: User):
    lasting(journey, maya, 3)
    described(journey, maya, "Mine")
    answers = [press(as_maya, journey, 3) for _time in range(2)]
    assert [answer.status_code for answer in answers] == [200, 409]
    assert "another one by now, “Wait 2 days → Wait 3 days”" in answers[1].content.decode()


def an_added(slug: str) -> dict:
    return blocks.BY_SLUG[slug].new(blocks.BY_SLUG[slug].new_key({}), {})


def changed_as_text(journey: Journey, person: User, operation: str) -> None:
    before = newest(journey)
    steps = [{**one, "name": "As text"} for one in before["activities"][:2]]
    document = {**before, "activities": [*steps, *before["activities"][2:]], "name": "As text"}
    journey.refresh_from_db()
    number = journey.head.number
    journey.replace(document, based_on=number, author=person, operation=operation)


def copied(journey: Journey) -> list[dict]:
    return selection.copied(newest(journey), [WAIT])


def with_condition(journey: Journey, person: User) -> None:
    exits = blocks.BY_SLUG["exit-criteria"].new("EXIT-9", newest(journey))
    done(journey, person, "add block", {"kind": "exit", "block": exits})
    changed = {**exits, "configurationArguments": {"criteria": "<FilterDefinition/>"}}
    done(journey, person, "edit block", {"kind": "exit", "key": "EXIT-9", "block": changed})


KINDS = {
    "a field": lambda journey, who: lasting(journey, who, 8),
    "the header": lambda journey, who: done(
        journey, who, "edit journey", {"members": {"name": "Other"}, "removed": ["channel"]}
    ),
    "a step added": lambda journey, who: done(
        journey, who, "add step", {"after": WAIT, "outcome": out(journey), "step": an_added("wait")}
    ),
    "a step removed": lambda journey, who: done(journey, who, "remove step", {"key": WAIT}),
    "a step moved": lambda journey, who: done(
        journey, who, "move step", {"key": WAIT, "after": "", "outcome": ""}
    ),
    "a split removed": lambda journey, who: done(
        journey, who, "remove step", {"key": SPLIT, "keep": ""}
    ),
    "steps pasted": lambda journey, who: done(
        journey, who, "paste steps", {"after": "", "outcome": "", "steps": copied(journey)}
    ),
    "steps duplicated": lambda journey, who: done(
        journey, who, "duplicate steps", {"keys": [WAIT], "steps": copied(journey)}
    ),
    "steps removed": lambda journey, who: done(
        journey, who, "remove steps", {"keys": [WAIT, EMAIL], "heal": True}
    ),
    "a step replaced": lambda journey, who: done(
        journey, who, "replace step", {"key": WAIT, "step": an_added("wait")}
    ),
    "a path led elsewhere": lambda journey, who: done(
        journey, who, "lead to", {"key": SPLIT, "outcome": "branchResult-1", "target": None}
    ),
    "paths moved": lambda journey, who: done(
        journey, who, "move path", {"key": SPLIT, "outcome": "branchResult-1", "offset": 1}
    ),
    "a path removed": lambda journey, who: done(
        journey,
        who,
        "remove path",
        {"key": SPLIT, "outcome": "branchResult-1", "with_steps": True},
    ),
    "a goal added": lambda journey, who: done(
        journey, who, "add block", {"kind": "goal", "block": an_added("goal")}
    ),
    "a condition": with_condition,
    "edited as text": lambda journey, who: changed_as_text(journey, who, "edit as text"),
    "an import": lambda journey, who: changed_as_text(journey, who, "import"),
    "a repair": lambda journey, who: changed_as_text(journey, who, "repair"),
}


def out(journey: Journey) -> str:
    return graph.outcomes(graph.steps(newest(journey))[WAIT])[0]["key"]


@pytest.mark.parametrize("kind", KINDS)
def test_it_takes_back_every_kind_of_change_byte_for_byte(
    as_maya: Client, journey: Journey, maya: User, kind: str
):
    KINDS[kind](journey, maya)
    was = Journey.objects.get(pk=journey.pk).head
    before = journey.revisions.get(number=was.number - 1).body
    assert press(as_maya, journey, was.number).status_code == 200
    assert Journey.objects.get(pk=journey.pk).head.body == before
    assert press(as_maya, journey, was.number, "redo").status_code == 200
    assert Journey.objects.get(pk=journey.pk).head.body == was.body


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "a condition"])
def test_it_takes_back_every_kind_of_change_under_somebody_elses(
    as_maya: Client, journey: Journey, maya: User, miles: User, kind: str
):
    before = newest(journey)
    KINDS[kind](journey, maya)
    described(journey, miles)
    theirs = newest(journey)
    assert press(as_maya, journey, 2).status_code == 200
    assert doc.dumps(newest(journey)) == doc.dumps({**before, "description": "By somebody else"})
    assert press(as_maya, journey, 2, "redo").status_code == 200
    assert doc.dumps(newest(journey)) == doc.dumps(theirs)


def test_a_restore_is_taken_back(as_maya: Client, journey: Journey, maya: User, miles: User):
    lasting(journey, maya, 8)
    lasting(journey, miles, 30, "WAITBYDURATION-2")
    before = newest(journey)
    as_maya.post(f"/journeys/{journey.pk}/history/1/restore/")
    described(journey, miles)
    assert press(as_maya, journey, 4).status_code == 200
    assert newest(journey) == {**before, "description": "By somebody else"}


# From the history


def revert(client: Client, journey: Journey, number: int, **fields: str):
    return client.post(f"/journeys/{journey.pk}/history/{number}/revert/", fields, follow=True)


def test_the_history_offers_to_revert_what_is_in_effect(
    as_maya: Client, as_rob: Client, journey: Journey, maya: User, miles: User
):
    lasting(journey, maya, 3)
    described(journey, miles)
    journey.refresh_from_db()
    journey.undo(maya)
    page = as_maya.get(f"/journeys/{journey.pk}/history/")
    offered = set(re.findall(r"/history/(\d+)/revert/", page.content.decode()))
    assert offered == {"3", "4"}, "neither the first one, nor what is undone"
    shown = [
        "/revert/" in as_maya.get(f"/journeys/{journey.pk}/history/{number}/").content.decode()
        for number in (1, 2, 3, 4)
    ]
    assert shown == [False, False, True, True]
    assert "/revert/" not in as_rob.get(f"/journeys/{journey.pk}/history/").content.decode()


def test_one_change_is_reverted_and_the_others_stay(
    as_maya: Client, journey: Journey, maya: User, miles: User
):
    before = newest(journey)
    lasting(journey, miles, 3)
    described(journey, maya)
    answer = revert(as_maya, journey, 2)
    assert answer.redirect_chain == [(f"/journeys/{journey.pk}/", 302)]
    assert "Reverted: Wait 2 days → Wait 3 days, as revision 4" in answer.content.decode()
    assert newest(journey) == {**before, "description": "By somebody else"}
    assert "Undo: Reverted: Wait 2 days → Wait 3 days" in button(as_maya, journey)


def test_a_revert_is_refused_in_words_and_nothing_is_written(
    as_maya: Client, journey: Journey, maya: User, miles: User
):
    lasting(journey, miles, 3)
    lasting(journey, maya, 4)
    answer = revert(as_maya, journey, 2, page="")
    assert answer.redirect_chain[0][0].startswith(f"/journeys/{journey.pk}/history/")
    assert "you changed the same since: “Wait 3 days → Wait 4 days”" in answer.content.decode()
    assert "began with this revision" in revert(as_maya, journey, 1).content.decode()
    assert revert(as_maya, journey, 9).status_code == 404
    assert journey.revisions.count() == 3
