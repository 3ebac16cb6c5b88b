import copy

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from journeys.spec import diff, edit
from journeys.spec.diff import Change, Conflict
from journeys.spec.document import LISTS, dumps, find_block
from journeys.spec.problem import Place
from tests.spec.making import gaps, is_sound, journey, json_values, links, odd_journeys, sound_journeys, step
from tests.spec.test_edit import by_key, draw_edit

ONE = {"on": None}


def sentences_of(before: dict, after: dict) -> diff.Sentences:
    """Named as people would: "Step A", or by `says`."""

    def both(kind: str, key: str) -> tuple[str, str]:
        found = [find_block(document, kind, key) for document in (before, after)]
        return tuple(block.get("says", f"Step {key}") if block else "" for block in found)

    return both


def words(before: dict, after: dict) -> list[str]:
    return diff.words(diff.compare(before, after), sentences_of(before, after))


def headline(before: dict, after: dict) -> str:
    return diff.headline(diff.compare(before, after), sentences_of(before, after))


def with_step(document: dict, key: str, **members: object) -> dict:
    changed = [one | members if one["key"] == key else one for one in document["activities"]]
    return {**document, "activities": changed}


def path_of(share: int) -> dict:
    return {"key": "p-1", "arguments": {"percentage": share}, "metaData": {"label": f"{share}%", "name": "Path 1"}}


def test_it_compares_members_of_the_journey():
    old, new = {"name": "A", "metaData": {"x": 1}}, {"name": "B", "metaData": {}, "channel": ""}
    assert diff.compare(old, new) == [
        Change("changed", Place(), "name", "A", "B"),
        Change("removed", Place(), "metaData.x", 1, None),
        Change("added", Place(), "channel", None, ""),
    ]


@pytest.mark.parametrize(("old", "new"), [(1, 1.0), (1, "1"), (1, True), (0, None), ([], {}), ([1, 2], [2, 1])])
def test_it_tells_values_apart_by_their_json(old, new):
    assert diff.compare({"x": old}, {"x": new}) == [Change("changed", Place(), "x", old, new)]
    assert diff.changed_blocks({"x": old}, {"x": new}) == {("journey", "x")}


def test_it_matches_blocks_and_outcomes_by_key():
    old = journey(A={"1": "B", "2": None}, B=None)
    new = journey(A={"1": None, "3": None}, C=None)
    assert diff.compare(old, new) == [
        Change("removed", Place("activity", "A"), "outcomes[1].next", "B"),
        Change("added", Place("activity", "A"), "outcomes[3]", None, {"key": "3", "arguments": {}}),
        Change("removed", Place("activity", "A"), "outcomes[2]", {"key": "2", "arguments": {}}),
        Change("added", Place("activity", "C"), "", None, step("C", ONE)),
        Change("removed", Place("activity", "B"), "", step("B", ONE)),
    ]


def test_it_matches_outcomes_without_keys_by_their_number():
    old = {"activities": [{"key": "A", "outcomes": [{}]}]}
    new = {"activities": [{"key": "A", "outcomes": [{"next": "B"}]}]}
    assert diff.compare(old, new) == [Change("added", Place("activity", "A"), "outcomes[0].next", None, "B")]


def test_it_tells_which_blocks_moved_in_the_list():
    old, new = journey(A=None, B=None, C=None), journey(B=None, C=None, A=None)
    assert diff.compare(old, new) == [Change("moved", Place("activity", "A"), "", 0, 2)]


def test_it_sees_members_in_another_order():
    assert diff.compare({"a": 1, "b": {"c": 1, "d": 2}}, {"b": {"d": 2, "c": 1}, "a": 1}) == [
        Change("moved", Place(), "b"),
        Change("moved", Place(), "members"),
    ]


def test_it_keeps_apart_blocks_that_share_a_key():
    twins = {"activities": [{"key": "A", "x": 1}, {"key": "A", "x": 2}, {"key": "A (2)", "x": 3}]}
    other = {"activities": [{"key": "A", "x": 1}, {"key": "A", "x": 5}, {"key": "A (2)", "x": 3}]}
    assert diff.changed_blocks(twins, other) == {("activity", "A (2)")}


def test_it_tells_an_added_step_and_where_it_stands():
    old = journey(A="B", B=None)
    assert words(old, edit.insert(old, ("A", "on"), step("X", ONE))) == ["Added Step X after Step A"]
    assert words(old, edit.insert(old, ("", ""), step("X", ONE))) == ["Added Step X"]


def test_it_tells_removed_steps_without_the_links_that_follow():
    old = journey(A="B", B={"1": "C", "2": None}, C=None)
    assert words(old, edit.remove(old, "B", "")) == ["Removed Step B", "Removed Step C"]
    assert headline(old, edit.remove(old, "B", "")) == "Removed Step B (and 1 more)"


def test_it_tells_a_moved_step():
    old = journey(A="B", B="C", C="D", D=None)
    assert words(old, edit.move(old, "A", ("C", "on"))) == ["Moved Step A after Step C"]


def test_it_tells_where_a_path_leads():
    old = journey(A={"1": "B", "2": None}, B=None)
    joined = edit.set_next(old, "A", "2", "B")
    assert words(old, joined) == ["Step A: path “2” leads to “Step B”"]
    assert words(joined, old) == ["Step A: path “2” ends here"]


def test_it_tells_paths_by_their_names():
    old = {"activities": [{"key": "A", "says": "Random split", "outcomes": [path_of(50), {"key": "p-2"}]}]}
    new = copy.deepcopy(old)
    new["activities"][0]["outcomes"][0]["arguments"]["percentage"] = 40
    assert words(old, new) == ["Random split: path “Path 1” percentage 50 → 40"]


def test_it_leaves_out_labels_that_repeat_a_percentage():
    old = {"activities": [{"key": "A", "outcomes": [path_of(50), {"key": "p-2"}]}]}
    new = {"activities": [{"key": "A", "outcomes": [path_of(40), {"key": "p-2"}]}]}
    assert words(old, new) == ["Step A: path “Path 1” percentage 50 → 40"]


def test_it_tells_whose_conditions_changed():
    old = journey(A={"gold": None, "rest": None})
    old["activities"][0]["outcomes"][0]["metaData"] = {"label": "Gold"}
    before = with_step(old, "A", configurationArguments={"criteria": {"gold": "<a/>"}})
    after = with_step(old, "A", configurationArguments={"criteria": {"gold": "<b/>"}})
    assert words(before, after) == ["Step A: path “Gold” conditions changed"]
    assert words(old, with_step(old, "A", outcomes=[])) == [
        "Step A: path “Gold” removed",
        "Step A: path “rest” removed",
    ]


def test_it_tells_a_value_that_stands_twice_once():
    old, new = ({"name": name, "configurationArguments": {"name": name}} for name in ("Hi", "Hello"))
    before, after = (with_step(journey(A=None), "A", **one) for one in (old, new))
    assert words(before, after) == ["Step A: name “Hi” → “Hello”"]
    assert headline(before, after) == "Step A: name “Hi” → “Hello”"


def test_it_tells_each_of_two_removed_steps_that_read_the_same():
    old = with_step(with_step(journey(A="B", B="C", C=None), "B", says="Wait 1 day"), "C", says="Wait 1 day")
    assert words(old, journey(A=None)) == ["Removed Wait 1 day", "Removed Wait 1 day"]
    assert headline(old, journey(A=None)) == "Removed Wait 1 day (and 1 more)"


def test_it_tells_what_kind_of_block_came_or_went():
    goal = {"key": "G", "says": "Order placed"}
    assert words({"goals": []}, {"goals": [goal]}) == ["Added goal: Order placed"]
    assert words({"triggers": [goal]}, {}) == ["Removed entry source: Order placed"]


def test_it_tells_added_and_removed_paths():
    old = journey(A={"1": None, "2": None})
    new = edit.add_outcome(old, "A", {"key": "3", "metaData": {"label": "Gold"}})
    assert words(old, new) == ["Step A: path “Gold” added"]
    assert words(new, old) == ["Step A: path “Gold” removed"]
    assert words(old, edit.move_outcome(old, "A", "1", 1)) == ["Step A: paths in another order"]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ({"emailSubject": "Hi"}, {"emailSubject": "Hello"}, "Step A: subject “Hi” → “Hello”"),
        ({"waitDuration": 1}, {"waitDuration": 3}, "Step A: duration 1 → 3"),
        ({"isTracking": True}, {"isTracking": False}, "Step A: is tracking yes → no"),
        ({"x": "a" * 99}, {"x": ""}, f"Step A: x “{'a' * 47}…” removed"),
        ({"x": "a" * 99}, {"x": "a" * 98}, "Step A: x changed"),
        ({"criteria": "<a/>"}, {"criteria": "<b/>"}, "Step A: conditions changed"),
        ({"criteria": ""}, {"criteria": "<b/>"}, "Step A: conditions added"),
        ({"x": ""}, {"x": None}, "Step A: x changed"),
        ({}, {"x": {"deep": [{}]}}, "Step A: x added"),
        ({}, {"isTracking": False}, "Step A: is tracking set to no"),
        ({"r__key_Path": "a"}, {"r__key_Path": "b"}, "Step A: r__key_Path “a” → “b”"),
        ({}, {"preHeader": "New"}, "Step A: preheader “New” added"),
        ({"x": None}, {"x": [1, 2]}, "Step A: x 1, 2 added"),
    ],
)
def test_it_tells_values_in_words(old, new, told):
    document = journey(A=None)
    before, after = (with_step(document, "A", configurationArguments=one) for one in (old, new))
    assert words(before, after) == [told]


def test_it_tells_the_journeys_own_members():
    assert words({"name": "A"}, {"name": "B"}) == ["Name: “A” → “B”"]
    assert headline({"name": "A"}, {"name": "A"}) == "No change"


def test_its_headline_shows_how_a_card_changed():
    document = journey(A=None)
    before = with_step(document, "A", says="Wait 1 day", waitDuration=1, waitUnit="DAYS")
    after = with_step(document, "A", says="Wait 3 weeks", waitDuration=3, waitUnit="WEEKS")
    assert headline(before, after) == "Wait 1 day → Wait 3 weeks"


def test_its_headline_is_short():
    told = headline(with_step(journey(A=None), "A", x="a" * 99), with_step(journey(A=None), "A", x="b" * 99, y=1))
    assert len(told) <= 80
    assert told.endswith("… (and 1 more)")


def test_it_keeps_two_insertions_into_different_gaps():
    base = journey(A="B", B="C", C=None)
    mine, theirs = edit.insert(base, ("A", "on"), step("X", ONE)), edit.insert(base, ("C", "on"), step("Y", ONE))
    both = diff.patch(base, mine, theirs)
    assert dumps(both) == dumps(journey(A="X", X="B", B="C", C="Y", Y=None))


def test_it_refuses_two_changes_of_one_block():
    base = journey(A="B", B=None)
    with pytest.raises(Conflict) as caught:
        diff.patch(base, with_step(base, "A", name="M"), with_step(base, "A", name="N"))
    assert caught.value.blocks == {("activity", "A")}
    assert diff.overlap(base, with_step(base, "A", name="M"), with_step(base, "A", x=1)) == {("activity", "A")}


def test_it_keeps_a_step_put_in_behind_one_that_somebody_else_edits():
    base = journey(A="B", B=None)
    inserted, named = edit.insert(base, ("A", "on"), step("X", ONE)), with_step(base, "A", name="N")
    for mine, theirs in ((inserted, named), (named, inserted)):
        assert diff.overlap(base, mine, theirs) == set()
        assert dumps(diff.patch(base, mine, theirs)) == dumps(with_step(inserted, "A", name="N"))


def test_it_keeps_steps_put_into_two_paths_of_one_split():
    base = journey(A={"yes": "B", "no": None}, B=None)
    mine = edit.insert(base, ("A", "yes"), step("X", ONE))
    theirs = edit.insert(base, ("A", "no"), step("Y", ONE))
    assert diff.patch(base, mine, theirs) == journey(A={"yes": "X", "no": "Y"}, X="B", Y=None, B=None)


def test_it_keeps_a_link_while_somebody_else_adds_a_path():
    base = journey(A={"yes": None, "no": None})
    mine, theirs = edit.insert(base, ("A", "no"), step("X", ONE)), edit.add_outcome(base, "A", {"key": "more"})
    assert links(diff.patch(base, mine, theirs))["A"] == {"yes": None, "no": "X", "more": None}


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
        diff.patch(base, edit.insert(base, ("A", "yes"), step("X", ONE)), theirs)
    assert caught.value.blocks == {("activity", "A")}


def test_it_refuses_to_change_what_was_removed_and_to_remove_what_was_changed():
    base = {"name": "N", "goals": [{"key": "G"}]}
    changed, removed = {"name": "N", "goals": [{"key": "G", "x": 1}]}, {"name": "N", "goals": []}
    for mine, theirs in ((changed, removed), (removed, changed)):
        with pytest.raises(Conflict) as caught:
            diff.patch(base, mine, theirs)
        assert ("goal", "G") in caught.value.blocks


def test_it_takes_the_same_change_twice():
    base, changed = {"name": "A"}, {"name": "B"}
    assert diff.patch(base, changed, {"name": "B", "x": 1}) == {"name": "B", "x": 1}


@pytest.mark.parametrize(("old", "new"), [({}, {"x": None}), ({"x": None}, {}), ({"x": 1}, {"x": 1.0})])
def test_it_tells_missing_from_null(old, new):
    assert dumps(diff.patch(old, new, {**old, "y": 1})) == dumps({**new, "y": 1})


def test_it_loses_no_block_when_a_list_went():
    assert diff.patch({"goals": [{"key": "G"}]}, {}, {"goals": [{"key": "G"}, {"key": "H"}]}) == {
        "goals": [{"key": "H"}]
    }
    assert diff.patch({"goals": [{"key": "G"}]}, {}, {"goals": [{"key": "G"}], "x": 1}) == {"x": 1}
    assert diff.patch({"goals": []}, {"goals": [{"key": "G"}]}, {"x": 1}) == {"x": 1, "goals": [{"key": "G"}]}


def test_it_keeps_an_order_that_either_changed():
    base = journey(A=None, B=None)
    turned, named = journey(B=None, A=None), {**base, "name": "M"}
    assert diff.patch(base, turned, named) == diff.patch(base, named, turned) == {**turned, "name": "M"}


def test_it_refuses_to_remove_a_step_that_a_path_was_led_to_meanwhile():
    base = journey(A={"1": "C", "2": None}, C=None)
    inserted = edit.insert(base, ("C", "on"), step("X", ONE))
    joined = edit.set_next(inserted, "A", "2", "X")
    with pytest.raises(Conflict) as caught:
        diff.patch(inserted, base, joined)
    assert caught.value.blocks == {("activity", "A")}


def test_it_refuses_to_lead_a_path_to_a_step_that_was_removed_meanwhile():
    base = journey(A="B", B=None, LOOSE=None)
    with pytest.raises(Conflict) as caught:
        diff.patch(base, edit.set_next(base, "A", "on", "LOOSE"), edit.remove(base, "LOOSE"))
    assert caught.value.blocks == {("activity", "A")}


def test_it_refuses_changes_that_together_make_a_circle():
    base = journey(R={"1": "A", "2": "B"}, A=None, B=None)
    with pytest.raises(Conflict) as caught:
        diff.patch(base, edit.set_next(base, "A", "on", "B"), edit.set_next(base, "B", "on", "A"))
    assert caught.value.blocks == {("activity", "A"), ("activity", "B")}


def test_it_refuses_two_first_steps():
    base = journey(A=None)
    with pytest.raises(Conflict) as caught:
        diff.patch(base, edit.insert(base, ("", ""), step("X", ONE)), edit.insert(base, ("", ""), step("Y", ONE)))
    assert caught.value.blocks == {("activity", "X"), ("activity", "Y")}


members = st.dictionaries(st.sampled_from(["key", "name", "x", "y"]), json_values, max_size=4)
blocks = st.builds(lambda key, rest: {**rest, "key": key}, st.sampled_from("ABC"), members)
lists = st.none() | st.lists(blocks, max_size=3, unique_by=lambda block: block["key"])
documents = st.builds(
    lambda own, found: {**own, **found},
    members,
    st.fixed_dictionaries({}, optional={"goals": lists, "activities": lists, "triggers": lists}),
)


@given(documents, documents)
def test_it_compares_any_two(old, new):
    assert not _blocks_changed(old, new) or diff.compare(old, new)
    assert len(headline(old, new)) <= 80
    words(old, new)


def _blocks_changed(old: dict, new: dict) -> set[tuple[str, str]]:
    """Without the lists themselves: whether one is null, empty or left out is not worth a word."""
    lists_of_blocks = {("journey", name) for name in LISTS}
    return diff.changed_blocks(old, new) - lists_of_blocks


@given(documents, documents, documents)
def test_it_patches_blocks_and_nothing_else(before, after, onto):
    try:
        patched = diff.patch(before, after, onto)
    except Conflict as conflict:
        assert conflict.blocks
        return
    assert _blocks_changed(onto, patched) <= _blocks_changed(before, after)
    assert _blocks_changed(after, patched) <= _blocks_changed(before, onto)


@given(odd_journeys, odd_journeys)
def test_it_gives_what_was_meant_where_nothing_else_changed(before, after):
    marked = {**before, "mark": 1}
    assert dumps(diff.patch(before, after, before)) == dumps(after)
    assert dumps(diff.patch(before, after, marked)) == dumps({**after, "mark": 1})


@given(sound_journeys(), st.data())
def test_it_undoes_and_redoes_edits_below_other_changes(before, data):
    after = draw_edit(data, draw_edit(data, before))
    later = {**after, "description": "D", "name": "Another"}
    undone = diff.patch(after, before, later)
    assert dumps(undone) == dumps({**before, "description": "D", "name": "Another"})
    assert dumps(diff.patch(before, after, undone)) == dumps(later)


@given(sound_journeys(), st.data())
def test_it_gives_the_same_whoever_was_first(base, data):
    mine, theirs = draw_edit(data, base), draw_edit(data, base)
    assume(not diff.changed_blocks(base, mine) & diff.changed_blocks(base, theirs))
    try:
        both = diff.patch(base, mine, theirs)
    except Conflict as conflict:
        with pytest.raises(Conflict) as caught:
            diff.patch(base, theirs, mine)
        assert caught.value.blocks == conflict.blocks
        return
    assert by_key(both) == by_key(diff.patch(base, theirs, mine))
    assert is_sound(both)
    assert by_key(diff.patch(mine, base, both)) == by_key(theirs)


@given(sound_journeys(), st.data())
def test_it_tells_every_edit(before, data):
    after = draw_edit(data, before)
    assert bool(diff.compare(before, after)) == (dumps(before) != dumps(after))
    assert (headline(before, after) == "No change") == (before == after)


@given(sound_journeys(), st.data())
def test_it_lets_two_people_insert_into_different_gaps(base, data):
    one, other = data.draw(st.lists(st.sampled_from(gaps(base)), min_size=2, max_size=2, unique=True))
    mine, theirs = edit.insert(base, one, step("X", ONE)), edit.insert(base, other, step("Y", ONE))
    assert diff.overlap(base, mine, theirs) == set()
    assert by_key(diff.patch(base, mine, theirs)) == by_key(edit.insert(mine, other, step("Y", ONE)))
