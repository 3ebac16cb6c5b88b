"""Two versions of one value: both changes go in, and only the same place twice is a clash."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeys.spec.document import dumps
from journeys.spec.parts import MISSING
from journeys.spec.three_way import merged
from tests.spec.making import json_values


def both(old: object, mine: object, theirs: object) -> tuple[object, list[str]]:
    """What comes of it with mine where both changed the same, and these places."""
    clashes: list[str] = []

    def choose(place: str, _old: object, own: object, _theirs: object) -> object:
        clashes.append(place)
        return own

    return merged(old, mine, theirs, "", choose), clashes


WAIT = {"settings": {"waitDuration": 3, "waitUnit": "DAYS"}, "name": "W"}


def wait(number: int, unit: str = "DAYS") -> dict:
    return {"settings": {"waitDuration": number, "waitUnit": unit}, "name": "W"}


@pytest.mark.parametrize(
    ("old", "mine", "theirs", "result"),
    [
        ({"a": 1, "b": 1}, {"a": 2, "b": 1}, {"a": 1, "b": 2}, {"a": 2, "b": 2}),
        ({"a": {"x": 1}}, {"a": {"x": 1, "y": 2}}, {"a": {"z": 3, "x": 1}}, None),
        ({"a": 1, "b": 1}, {"b": 1}, {"a": 1, "b": 1, "c": 1}, {"b": 1, "c": 1}),
        (["a", "b"], ["a", "b", "c"], ["z", "a", "b"], ["z", "a", "b", "c"]),
        (["a", "b", "c"], ["a", "c"], ["a", "b", "c", "d"], ["a", "c", "d"]),
        ([], ["mine"], ["theirs"], ["theirs", "mine"]),
        ([{"v": 1}, {"v": 2}], [{"v": 5}, {"v": 2}], [{"v": 1}, {"v": 7}], [{"v": 5}, {"v": 7}]),
        (
            [{"v": 1, "w": 1}],
            [{"v": 5, "w": 1}, {"v": 9}],
            [{"v": 1, "w": 1}],
            [{"v": 5, "w": 1}, {"v": 9}],
        ),
        ([{"v": 1, "w": 1}], [{"v": 5, "w": 1}], [{"v": 1, "w": 6}], [{"v": 5, "w": 6}]),
        (wait(3), wait(4), {**wait(3), "name": "V"}, {**wait(4), "name": "V"}),
        (wait(3), wait(4), wait(4), wait(4)),
    ],
)
def test_it_takes_both_changes(old, mine, theirs, result):
    made, clashes = both(old, mine, theirs)
    assert clashes == []
    if result is not None:
        assert made == result


@pytest.mark.parametrize(
    ("old", "mine", "theirs", "places"),
    [
        ({"a": 1}, {"a": 2}, {"a": 3}, ["a"]),
        ({"a": 1}, {}, {"a": 3}, ["a"]),
        ({"a": {"x": 1}}, {"a": {"x": 2}}, {"a": None}, ["a"]),
        (wait(3), wait(4), wait(5), ["settings.waitDuration"]),
        (wait(3), wait(4), wait(3, "WEEKS"), ["settings.waitDuration"]),
        ([{"key": "y", "v": 1}], [{"key": "y", "v": 2}], [], ["[y]"]),
        ([{"key": "y", "v": 1}], [{"key": "y", "v": 2}], [{"key": "y", "v": 3}], ["[y].v"]),
        ([{"v": 1}], [{"v": 2}, {"v": 3}], [{"v": 4}], [""]),
        (["a", "b", "c"], ["c", "b", "a"], ["b", "a", "c"], None),
    ],
)
def test_it_asks_where_both_changed_the_same(old, mine, theirs, places):
    made, clashes = both(old, mine, theirs)
    assert clashes == places if places is not None else clashes
    assert both(old, theirs, mine)[1] == clashes
    assert len(clashes) > 1 or dumps(made) == dumps(mine)


def test_it_changes_places_by_the_key_that_items_have():
    old = [{"key": "a"}, {"key": "b"}, {"key": "c"}]
    mine, theirs = [old[1], old[0], old[2]], [old[0], old[1], {"key": "c", "v": 1}, {"key": "d"}]
    turned = [old[1], old[0], {"key": "c", "v": 1}, {"key": "d"}]
    assert both(old, mine, theirs) == both(old, theirs, mine) == (turned, [])


@given(json_values, json_values)
def test_it_is_the_one_change_where_there_is_but_one(old, new):
    for mine, theirs in ((new, old), (old, new), (new, new)):
        made, clashes = both(old, mine, theirs)
        assert (dumps(made), clashes) == (dumps(new), [])


objects = st.dictionaries(st.sampled_from("abcdef"), json_values, max_size=4)


@given(objects, objects, objects)
def test_it_loses_no_change_and_makes_none_up(old, mine, theirs):
    made, clashes = both(old, mine, theirs)
    for name in {*old, *mine, *theirs}:
        was, own, other, now = (one.get(name, MISSING) for one in (old, mine, theirs, made))
        texts = [one if one is MISSING else dumps(one) for one in (was, own, other, now)]
        if texts[1] == texts[0]:
            assert texts[3] == texts[2]
        elif texts[2] in (texts[0], texts[1]):
            assert texts[3] == texts[1]
    assert sorted(both(old, theirs, mine)[1]) == sorted(clashes)


lists = st.lists(st.sampled_from("abcdefg"), max_size=6)


@given(lists, lists, lists)
def test_it_merges_lists_alike_whoever_was_first(old, mine, theirs):
    (made, clashes), (turned, others) = both(old, mine, theirs), both(old, theirs, mine)
    assert clashes == others
    if not clashes:
        assert {*made} == {*turned}
        assert {*mine, *theirs} - {*old} <= {*made} <= {*old, *mine, *theirs}
