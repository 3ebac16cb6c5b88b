"""A block that somebody else removed stands where it stood again."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from journeys.spec import edit, graph
from journeys.spec.graph import GraphError
from journeys.spec.put_back import put_back
from tests.spec.making import is_sound, journey, links, sound_journeys, step
from tests.spec.test_edit import draw_edit

BASE = journey(A="B", B="C", C=None)
SPLIT = journey(A="S", S={"yes": "B", "no": "C"}, B="D", C="D", D=None)


def back(document: dict, before: dict, key: str) -> dict:
    return put_back(document, before, "activity", graph.steps(before)[key])


@pytest.mark.parametrize("key", "ABC")
def test_it_puts_a_step_back_where_it_stood(key: str):
    assert back(edit.remove(BASE, key), BASE, key) == BASE


def test_it_puts_a_step_back_into_what_has_gone_on():
    after = edit.insert(edit.remove(BASE, "B"), ("A", "on"), step("X", {"on": None}))
    assert links(back(after, BASE, "B")) == {"A": "B", "B": "X", "X": "C", "C": None}
    after = edit.remove(edit.remove(BASE, "B"), "A")
    assert links(back(after, BASE, "B")) == {"B": "C", "C": None}


@pytest.mark.parametrize(
    ("keep", "ways"), [("yes", {"yes": "B", "no": None}), ("", {"yes": "D", "no": None})]
)
def test_it_puts_a_split_back_with_the_paths_that_are_still_there(keep: str, ways: dict):
    again = links(back(edit.remove(SPLIT, "S", keep), SPLIT, "S"))
    assert (again["A"], again["S"]) == ("S", ways)


def test_it_leads_all_paths_back_that_met_in_it():
    longer = journey(S={"yes": "B", "no": "C"}, B="D", C="D", D="E", E=None)
    assert links(back(edit.remove(longer, "D"), longer, "D")) == links(longer)


def test_it_puts_a_goal_back_among_its_like():
    goals = [{"key": "A"}, {"key": "B"}, {"key": "C"}]
    left = {"goals": [goals[0], goals[2], {"key": "D"}]}
    assert put_back(left, {"goals": goals}, "goal", {"key": "B", "x": 1})["goals"] == [
        {"key": "A"},
        {"key": "B", "x": 1},
        {"key": "C"},
        {"key": "D"},
    ]


def test_it_refuses_a_key_that_is_taken():
    with pytest.raises(GraphError):
        back(BASE, BASE, "B")


@given(sound_journeys(), st.data())
def test_it_leaves_a_sound_journey_sound_and_no_step_behind(before, data):
    key = data.draw(st.sampled_from([*graph.steps(before)]))
    try:
        after = edit.remove(before, key, data.draw(st.sampled_from(["", "path-0", "path-1", None])))
    except GraphError:
        after = None
    assume(after is not None)
    after = draw_edit(data, draw_edit(data, after))
    assume(key not in graph.steps(after))
    again = back(after, before, key)
    assert is_sound(again)
    assert set(graph.steps(again)) == {key, *graph.steps(after)}
    assert len(graph.roots(again)) <= max(1, len(graph.roots(after)))
