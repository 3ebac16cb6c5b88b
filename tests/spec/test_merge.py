"""Two people's changes to one document: both are kept, or the blocks are told that both changed."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from journeys.spec import edit
from journeys.spec.document import dumps
from journeys.spec.merge import Conflict, changed_blocks, overlap, patch
from journeys.spec.parts import MISSING
from journeys.spec.three_way import MINE, THEIRS
from tests.spec.making import (
    blocks_changed,
    documents,
    gaps,
    is_sound,
    journey,
    links,
    odd_journeys,
    sound_journeys,
    step,
    with_step,
)
from tests.spec.test_edit import by_key, draw_edit

ONE = {"on": None}


def test_it_keeps_two_insertions_into_different_gaps():
    base = journey(A="B", B="C", C=None)
    mine, theirs = (
        edit.insert(base, ("A", "on"), step("X", ONE)),
        edit.insert(base, ("C", "on"), step("Y", ONE)),
    )
    both = patch(base, mine, theirs)
    assert dumps(both) == dumps(journey(A="X", X="B", B="C", C="Y", Y=None))


def test_it_refuses_two_changes_of_one_block():
    base = journey(A="B", B=None)
    with pytest.raises(Conflict) as caught:
        patch(base, with_step(base, "A", name="M"), with_step(base, "A", name="N"))
    assert caught.value.blocks == {("activity", "A")}
    (clash,) = caught.value.clashes
    assert (str(clash.address), clash.values) == ("activity A: name", (MISSING, "M", "N"))


def test_it_keeps_two_fields_of_one_block():
    base = journey(A="B", B=None)
    mine, theirs = with_step(base, "A", name="M"), with_step(base, "A", x=1)
    assert overlap(base, mine, theirs) == set()
    assert patch(base, mine, theirs) == with_step(theirs, "A", name="M")


def test_it_takes_what_was_chosen_where_both_changed_one_field():
    base = journey(A=None)
    mine, theirs = with_step(base, "A", name="M", x=1), with_step(base, "A", name="N", y=2)
    for side, name in ((MINE, "M"), (THEIRS, "N")):
        both = patch(base, mine, theirs, {"activity A: name": side})
        assert both["activities"] == with_step(base, "A", name=name, x=1, y=2)["activities"]


@pytest.mark.parametrize(("side", "goals"), [(MINE, [{"key": "G", "x": 1}]), (THEIRS, [])])
def test_it_takes_a_block_back_or_leaves_it_away_as_it_was_chosen(side: str, goals: list):
    base = {"name": "N", "goals": [{"key": "G"}]}
    changed, removed = {"name": "N", "goals": [{"key": "G", "x": 1}]}, {"name": "N", "goals": []}
    assert patch(base, changed, removed, {"goal G": side})["goals"] == goals
    other = THEIRS if side == MINE else MINE
    assert patch(base, removed, changed, {"goal G": other})["goals"] == goals


def test_it_chooses_among_members_of_the_journey():
    base, mine, theirs = {"name": "A", "x": 1}, {"name": "B", "x": 1}, {"x": 1}
    assert patch(base, mine, theirs, {"journey: name": MINE}) == {"name": "B", "x": 1}
    assert patch(base, mine, theirs, {"journey: name": THEIRS}) == {"x": 1}
    assert patch(base, theirs, mine, {"journey: name": MINE}) == {"x": 1}


def test_it_keeps_a_step_put_in_behind_one_that_somebody_else_edits():
    base = journey(A="B", B=None)
    inserted, named = edit.insert(base, ("A", "on"), step("X", ONE)), with_step(base, "A", name="N")
    for mine, theirs in ((inserted, named), (named, inserted)):
        assert overlap(base, mine, theirs) == set()
        assert dumps(patch(base, mine, theirs)) == dumps(with_step(inserted, "A", name="N"))


def test_it_keeps_steps_put_into_two_paths_of_one_split():
    base = journey(A={"yes": "B", "no": None}, B=None)
    mine = edit.insert(base, ("A", "yes"), step("X", ONE))
    theirs = edit.insert(base, ("A", "no"), step("Y", ONE))
    assert patch(base, mine, theirs) == journey(A={"yes": "X", "no": "Y"}, X="B", Y=None, B=None)


def test_it_keeps_a_link_while_somebody_else_adds_a_path():
    base = journey(A={"yes": None, "no": None})
    mine, theirs = (
        edit.insert(base, ("A", "no"), step("X", ONE)),
        edit.add_outcome(base, "A", {"key": "more"}),
    )
    assert links(patch(base, mine, theirs))["A"] == {"yes": None, "no": "X", "more": None}


@pytest.mark.parametrize(
    "theirs",
    [
        edit.insert(journey(A={"yes": None, "no": None}), ("A", "yes"), step("Y", ONE)),
        edit.remove_outcome(journey(A={"yes": None, "no": None}), "A", "yes", with_steps=False),
    ],
)
def test_it_refuses_two_changes_of_one_path(theirs):
    base = journey(A={"yes": None, "no": None})
    with pytest.raises(Conflict) as caught:
        patch(base, edit.insert(base, ("A", "yes"), step("X", ONE)), theirs)
    assert caught.value.blocks == {("activity", "A")}


def test_it_refuses_to_change_what_was_removed_and_to_remove_what_was_changed():
    base = {"name": "N", "goals": [{"key": "G"}]}
    changed, removed = {"name": "N", "goals": [{"key": "G", "x": 1}]}, {"name": "N", "goals": []}
    for mine, theirs in ((changed, removed), (removed, changed)):
        with pytest.raises(Conflict) as caught:
            patch(base, mine, theirs)
        assert ("goal", "G") in caught.value.blocks


def test_it_takes_the_same_change_twice():
    base, changed = {"name": "A"}, {"name": "B"}
    assert patch(base, changed, {"name": "B", "x": 1}) == {"name": "B", "x": 1}


@pytest.mark.parametrize(
    ("old", "new"), [({}, {"x": None}), ({"x": None}, {}), ({"x": 1}, {"x": 1.0})]
)
def test_it_tells_missing_from_null(old, new):
    assert dumps(patch(old, new, {**old, "y": 1})) == dumps({**new, "y": 1})


def test_it_loses_no_block_when_a_list_went():
    assert patch({"goals": [{"key": "G"}]}, {}, {"goals": [{"key": "G"}, {"key": "H"}]}) == {
        "goals": [{"key": "H"}]
    }
    assert patch({"goals": [{"key": "G"}]}, {}, {"goals": [{"key": "G"}], "x": 1}) == {"x": 1}
    assert patch({"goals": []}, {"goals": [{"key": "G"}]}, {"x": 1}) == {
        "x": 1,
        "goals": [{"key": "G"}],
    }


def test_it_keeps_an_order_that_either_changed():
    base = journey(A=None, B=None)
    turned, named = journey(B=None, A=None), {**base, "name": "M"}
    assert patch(base, turned, named) == patch(base, named, turned) == {**turned, "name": "M"}


def test_it_refuses_to_remove_a_step_that_a_path_was_led_to_meanwhile():
    base = journey(A={"1": "C", "2": None}, C=None)
    inserted = edit.insert(base, ("C", "on"), step("X", ONE))
    joined = edit.set_next(inserted, "A", "2", "X")
    with pytest.raises(Conflict) as caught:
        patch(inserted, base, joined)
    assert caught.value.blocks == {("activity", "A")}


def test_it_refuses_to_lead_a_path_to_a_step_that_was_removed_meanwhile():
    base = journey(A="B", B=None, LOOSE=None)
    with pytest.raises(Conflict) as caught:
        patch(base, edit.set_next(base, "A", "on", "LOOSE"), edit.remove(base, "LOOSE"))
    assert caught.value.blocks == {("activity", "A")}


def test_it_refuses_changes_that_together_make_a_circle():
    base = journey(R={"1": "A", "2": "B"}, A=None, B=None)
    with pytest.raises(Conflict) as caught:
        patch(base, edit.set_next(base, "A", "on", "B"), edit.set_next(base, "B", "on", "A"))
    assert caught.value.blocks == {("activity", "A"), ("activity", "B")}


def test_it_refuses_two_first_steps():
    base = journey(A=None)
    with pytest.raises(Conflict) as caught:
        patch(
            base,
            edit.insert(base, ("", ""), step("X", ONE)),
            edit.insert(base, ("", ""), step("Y", ONE)),
        )
    assert caught.value.blocks == {("activity", "X"), ("activity", "Y")}


@pytest.mark.parametrize(
    ("kind", "member"), [("trigger", "triggers"), ("goal", "goals"), ("exit", "exits")]
)
def test_it_never_gives_a_journey_a_second_entry_source_goal_or_exit(kind: str, member: str):
    """One was removed, somebody added another, and the removal is undone."""
    had, removed, now = ({member: [{"key": key}] if key else []} for key in ("A", "", "B"))
    with pytest.raises(Conflict) as caught:
        patch(removed, had, now)
    assert caught.value.blocks == {(kind, "A"), (kind, "B")}


@given(documents, documents, documents)
def test_it_patches_blocks_and_nothing_else(before, after, onto):
    try:
        patched = patch(before, after, onto)
    except Conflict as conflict:
        assert conflict.blocks
        return
    assert blocks_changed(onto, patched) <= blocks_changed(before, after)
    assert blocks_changed(after, patched) <= blocks_changed(before, onto)


@given(odd_journeys, odd_journeys)
def test_it_gives_what_was_meant_where_nothing_else_changed(before, after):
    marked = {**before, "mark": 1}
    assert dumps(patch(before, after, before)) == dumps(after)
    assert dumps(patch(before, after, marked)) == dumps({**after, "mark": 1})


@given(sound_journeys(), st.data())
def test_it_undoes_and_redoes_edits_below_other_changes(before, data):
    after = draw_edit(data, draw_edit(data, before))
    later = {**after, "description": "D", "name": "Another"}
    undone = patch(after, before, later)
    assert dumps(undone) == dumps({**before, "description": "D", "name": "Another"})
    assert dumps(patch(before, after, undone)) == dumps(later)


@given(sound_journeys(), st.data())
def test_it_gives_the_same_whoever_was_first(base, data):
    mine, theirs = draw_edit(data, base), draw_edit(data, base)
    assume(not changed_blocks(base, mine) & changed_blocks(base, theirs))
    try:
        both = patch(base, mine, theirs)
    except Conflict as conflict:
        with pytest.raises(Conflict) as caught:
            patch(base, theirs, mine)
        assert caught.value.blocks == conflict.blocks
        return
    assert by_key(both) == by_key(patch(base, theirs, mine))
    assert is_sound(both)
    assert by_key(patch(mine, base, both)) == by_key(theirs)


@given(sound_journeys(), st.data())
def test_it_lets_two_people_insert_into_different_gaps(base, data):
    one, other = data.draw(
        st.lists(st.sampled_from(gaps(base)), min_size=2, max_size=2, unique=True)
    )
    mine, theirs = edit.insert(base, one, step("X", ONE)), edit.insert(base, other, step("Y", ONE))
    assert overlap(base, mine, theirs) == set()
    assert by_key(patch(base, mine, theirs)) == by_key(edit.insert(mine, other, step("Y", ONE)))
