"""A change is taken back around what others did to the same path since."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from journeys.blocks.apply import taken_back
from journeys.spec import edit, graph
from journeys.spec.document import dumps
from journeys.spec.graph import GraphError
from journeys.spec.merge import Conflict
from tests.spec.making import (
    gaps,
    is_sound,
    journey,
    links,
    odd_journeys,
    sound_journeys,
    step,
    with_step,
)
from tests.spec.test_edit import draw_edit

ONE, TWO = {"on": None}, {"yes": None, "no": None}
ROW = journey(A="B", B="C", C=None)


def added(document: dict, key: str, after: str, paths: dict = ONE) -> dict:
    outcome = "on" if after else ""
    return edit.insert(document, (after, outcome), step(key, paths))


def undone(before: dict, change, later) -> dict:
    after = change(before)
    return links(taken_back(before, after, later(after)))


UNDER = {
    "a step put in behind the one that was added": (
        lambda one: added(one, "X", "A"),
        lambda one: added(one, "Y", "X"),
        {"A": "Y", "Y": "B", "B": "C", "C": None},
    ),
    "a step put in before the one that was added": (
        lambda one: added(one, "X", "A"),
        lambda one: added(one, "Y", "A"),
        {"A": "Y", "Y": "B", "B": "C", "C": None},
    ),
    "a step on each side of it": (
        lambda one: added(one, "X", "A"),
        lambda one: added(added(one, "Y", "A"), "Z", "X"),
        {"A": "Y", "Y": "Z", "Z": "B", "B": "C", "C": None},
    ),
    "the step behind it taken out": (
        lambda one: added(one, "X", "A"),
        lambda one: edit.remove(one, "B"),
        {"A": "C", "C": None},
    ),
    "a step put in where one was taken out": (
        lambda one: edit.remove(one, "B"),
        lambda one: added(one, "Y", "A"),
        {"A": "Y", "Y": "B", "B": "C", "C": None},
    ),
    "the step before the one that was taken out taken out, too": (
        lambda one: edit.remove(one, "B"),
        lambda one: edit.remove(one, "A"),
        {"B": "C", "C": None},
    ),
    "the step behind the one that was taken out taken out, too": (
        lambda one: edit.remove(one, "B"),
        lambda one: edit.remove(one, "C"),
        {"A": "B", "B": None},
    ),
    "the end of the path made longer where its last step was taken out": (
        lambda one: edit.remove(one, "C"),
        lambda one: added(one, "Y", "B"),
        {"A": "B", "B": "Y", "Y": "C", "C": None},
    ),
    "steps put in around one that was moved": (
        lambda one: edit.move(one, "A", ("C", "on")),
        lambda one: added(added(one, "Y", "C"), "Z", "A"),
        {"A": "Z", "Z": "B", "B": "C", "C": "Y", "Y": None},
    ),
    "a first step put in where the first one was taken out": (
        lambda one: edit.remove(one, "A"),
        lambda one: added(one, "Y", ""),
        {"Y": "A", "A": "B", "B": "C", "C": None},
    ),
    "a step put in before a split that was added": (
        lambda one: added(one, "X", "A", TWO),
        lambda one: added(one, "Y", "A"),
        {"A": "Y", "Y": "B", "B": "C", "C": None},
    ),
}


@pytest.mark.parametrize("under", UNDER)
def test_it_leaves_what_others_put_in_and_took_out(under: str):
    change, later, left = UNDER[under]
    assert undone(ROW, change, later) == left


def test_it_puts_a_split_back_with_its_paths_before_what_others_added():
    before = journey(A="S", S={"yes": "B", "no": None}, B="C", C=None)
    later = lambda one: added(one, "Y", "A")  # noqa: E731
    assert undone(before, lambda one: edit.remove(one, "S", "yes"), later) == {
        "A": "Y",
        "Y": "S",
        "S": {"yes": "B", "no": None},
        "B": "C",
        "C": None,
    }


REFUSED = {
    "a step on a path that would go": (
        lambda one: added(one, "X", "A", TWO),
        lambda one: edit.insert(one, ("X", "no"), step("Y", ONE)),
        "Y",
    ),
    "settings of the step that was added": (
        lambda one: added(one, "X", "A"),
        lambda one: with_step(one, "X", name="Called so"),
        "X",
    ),
    "a path led to another step": (
        lambda one: edit.set_next(one, "A", "on", "C"),
        lambda one: edit.set_next(one, "A", "on", None),
        "A",
    ),
}


@pytest.mark.parametrize("touched", REFUSED)
def test_it_refuses_what_somebody_else_changed(touched: str):
    change, later, key = REFUSED[touched]
    after = change(ROW)
    with pytest.raises(Conflict) as caught:
        taken_back(ROW, after, later(after))
    assert ("activity", key) in caught.value.blocks


def test_it_refuses_to_put_a_step_back_where_nothing_would_lead_to_it():
    before = journey(A={"1": "B", "2": None}, B=None)
    after = edit.remove(before, "B")
    with pytest.raises(Conflict) as caught:
        taken_back(before, after, added(edit.remove(after, "A", ""), "Y", ""))
    assert ("activity", "A") in caught.value.blocks


def test_links_stand_where_they_stood():
    """`next` before `key`, as an import may have it."""
    turned = {"next": "B", "key": "on", "arguments": {}}
    before = with_step(ROW, "A", outcomes=[turned])
    after = added(before, "X", "A")
    onto = added(after, "Y", "A")
    (first, *_others) = taken_back(before, after, onto)["activities"]
    assert dumps(first["outcomes"]) == dumps([{**turned, "next": "Y"}])


def test_a_step_that_repeats_where_it_leads_follows():
    """A send-time step names the step that its path leads to."""
    sent = {**step("A", {"on": "B"}), "type": "STOWAIT"}
    sent["configurationArguments"] = {"params": {"nextActivity": {"key": "B"}}}
    before = journey(A="B", B=None) | {"activities": [sent, step("B", ONE)]}
    after = added(before, "X", "A")
    onto = added(after, "Y", "X")
    assert links(taken_back(before, after, onto))["A"] == "Y"


@given(sound_journeys(), st.data())
def test_it_takes_one_change_back_whatever_came_later(before: dict, data):
    """All steps are there but those that the change added, and those of it that it took out; what
    they hold is as it is now, and no path leads into the air or in a circle."""
    after = draw_edit(data, before)
    onto = draw_edit(data, draw_edit(data, after))
    try:
        result = taken_back(before, after, onto)
    except Conflict as conflict:
        assert conflict.blocks and dumps(after) != dumps(onto)
        return
    was, then, now, left = map(graph.steps, (before, after, onto, result))
    assume(not (set(was) - set(then)) & set(now))  # a new step with the key of an old one
    assert set(left) == (set(now) - (set(then) - set(was))) | (set(was) - set(then))
    assert is_sound(result)
    same = {key for key in left if key in then and bare(was.get(key)) == bare(then[key])}
    assert all(bare(left[key]) == bare(now[key]) for key in same & set(now))
    if dumps(after) == dumps(onto):
        assert dumps(result) == dumps(before)


def bare(one: dict | None) -> dict | None:
    """A step without where its paths lead."""
    return one and {**one, "outcomes": [edit.with_next(way, None) for way in graph.outcomes(one)]}


@given(sound_journeys(), st.data())
def test_it_gives_what_the_others_would_have_made_without_it(before: dict, data):
    """Two people put steps in and take steps with one path out; one of their changes is undone."""
    after = small_edit(data, before, "X")
    onto = small_edit(data, after, "Y")
    assume(after != before)
    try:
        result = taken_back(before, after, onto)
    except Conflict:
        return
    assert all(graph.next_of(way) in (*graph.steps(result), None) for way in all_ways(result))
    assert len(graph.roots(result)) <= max(len(graph.roots(one)) for one in (before, onto))


def all_ways(document: dict) -> list[dict]:
    return [way for one in document["activities"] for way in graph.outcomes(one)]


def small_edit(data, document: dict, key: str) -> dict:
    if data.draw(st.booleans()):
        return edit.insert(document, data.draw(st.sampled_from(gaps(document))), step(key, ONE))
    short = [name for name, one in graph.steps(document).items() if len(graph.outcomes(one)) == 1]
    assume(short)
    return edit.remove(document, data.draw(st.sampled_from(short)))


@given(odd_journeys, odd_journeys, odd_journeys)
def test_it_takes_any_documents(before: dict, after: dict, onto: dict):
    try:
        result = taken_back(before, after, onto)
    except (Conflict, GraphError):
        return
    assert isinstance(result["activities"], list)
