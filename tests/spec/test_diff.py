import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeys.spec import change_text, diff, edit
from journeys.spec.address import Address
from journeys.spec.diff import Change
from journeys.spec.document import dumps, find_block
from tests.spec.making import blocks_changed, documents, journey, sound_journeys, step, with_step
from tests.spec.test_edit import draw_edit

ONE = {"on": None}
DAYS = {"waitUnit": "DAYS"}


def sentences_of(before: dict, after: dict) -> change_text.Sentences:
    """Named as people would: "Step A", or by `says`."""

    def both(kind: str, key: str) -> tuple[str, str]:
        found = [find_block(document, kind, key) for document in (before, after)]
        return tuple(block.get("says", f"Step {key}") if block else "" for block in found)

    return both


def words(before: dict, after: dict) -> list[str]:
    return change_text.words(diff.compare(before, after), sentences_of(before, after))


def headline(before: dict, after: dict) -> str:
    return change_text.headline(diff.compare(before, after), sentences_of(before, after))


def path_of(share: int) -> dict:
    return {
        "key": "p-1",
        "arguments": {"percentage": share},
        "metaData": {"label": f"{share}%", "name": "Path 1"},
    }


def test_it_compares_members_of_the_journey():
    old, new = {"name": "A", "metaData": {"x": 1}}, {"name": "B", "metaData": {}, "channel": ""}
    assert diff.compare(old, new) == [
        Change("changed", Address(inside="name"), "A", "B"),
        Change("removed", Address(inside="metaData.x"), 1, None),
        Change("added", Address(inside="channel"), None, ""),
    ]


@pytest.mark.parametrize(
    ("old", "new"), [(1, 1.0), (1, "1"), (1, True), (0, None), ([], {}), ([1, 2], [2, 1])]
)
def test_it_tells_values_apart_by_their_json(old, new):
    assert diff.compare({"x": old}, {"x": new}) == [
        Change("changed", Address(inside="x"), old, new)
    ]
    assert diff.changed_blocks({"x": old}, {"x": new}) == {("journey", "x")}


def test_it_matches_blocks_and_outcomes_by_key():
    old = journey(A={"1": "B", "2": None}, B=None)
    new = journey(A={"1": None, "3": None}, C=None)
    assert diff.compare(old, new) == [
        Change("removed", Address("activity", "A", "outcomes[1].next"), "B"),
        Change(
            "added", Address("activity", "A", "outcomes[3]"), None, {"key": "3", "arguments": {}}
        ),
        Change("removed", Address("activity", "A", "outcomes[2]"), {"key": "2", "arguments": {}}),
        Change("added", Address("activity", "C"), None, step("C", ONE)),
        Change("removed", Address("activity", "B"), step("B", ONE)),
    ]


def test_it_matches_outcomes_without_keys_by_their_number():
    old = {"activities": [{"key": "A", "outcomes": [{}]}]}
    new = {"activities": [{"key": "A", "outcomes": [{"next": "B"}]}]}
    assert diff.compare(old, new) == [
        Change("added", Address("activity", "A", "outcomes[0].next"), None, "B")
    ]


def test_it_tells_which_blocks_moved_in_the_list():
    old, new = journey(A=None, B=None, C=None), journey(B=None, C=None, A=None)
    assert diff.compare(old, new) == [Change("moved", Address("activity", "A"), 0, 2)]


def test_it_sees_members_in_another_order():
    assert diff.compare({"a": 1, "b": {"c": 1, "d": 2}}, {"b": {"d": 2, "c": 1}, "a": 1}) == [
        Change("moved", Address(inside="b")),
        Change("moved", Address(inside="members")),
    ]


def test_it_keeps_apart_blocks_that_share_a_key():
    twins = {"activities": [{"key": "A", "x": 1}, {"key": "A", "x": 2}, {"key": "A (2)", "x": 3}]}
    other = {"activities": [{"key": "A", "x": 1}, {"key": "A", "x": 5}, {"key": "A (2)", "x": 3}]}
    assert diff.changed_blocks(twins, other) == {("activity", "A (2)")}


def test_it_tells_an_added_step_and_where_it_stands():
    old = journey(A="B", B=None)
    assert words(old, edit.insert(old, ("A", "on"), step("X", ONE))) == [
        "Added Step X after Step A"
    ]
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
    old = {
        "activities": [
            {"key": "A", "says": "Random split", "outcomes": [path_of(50), {"key": "p-2"}]}
        ]
    }
    new = copy.deepcopy(old)
    new["activities"][0]["outcomes"][0]["arguments"]["percentage"] = 40
    assert words(old, new) == ["Random split: path “Path 1” percentage 50 % → 40 %"]


def test_it_leaves_out_labels_that_repeat_a_percentage():
    old = {"activities": [{"key": "A", "outcomes": [path_of(50), {"key": "p-2"}]}]}
    new = {"activities": [{"key": "A", "outcomes": [path_of(40), {"key": "p-2"}]}]}
    assert words(old, new) == ["Step A: path “Path 1” percentage 50 % → 40 %"]


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
    old, new = (
        {"name": name, "configurationArguments": {"name": name}} for name in ("Hi", "Hello")
    )
    before, after = (with_step(journey(A=None), "A", **one) for one in (old, new))
    assert words(before, after) == ["Step A: name “Hi” → “Hello”"]
    assert headline(before, after) == "Step A: name “Hi” → “Hello”"


def test_it_tells_each_of_two_removed_steps_that_read_the_same():
    old = with_step(
        with_step(journey(A="B", B="C", C=None), "B", says="Wait 1 day"), "C", says="Wait 1 day"
    )
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
        (
            {"waitDuration": 1, **DAYS},
            {"waitDuration": 3, **DAYS},
            "Step A: duration 1 day → 3 days",
        ),
        (
            {"waitDuration": 2, **DAYS},
            {"waitDuration": 3, "waitUnit": "WEEKS"},
            "Step A: duration 2 days → 3 weeks",
        ),
        (
            {"waitDuration": 2, **DAYS},
            {"waitDuration": 2, "waitUnit": "WEEKS"},
            "Step A: duration 2 days → 2 weeks",
        ),
        (
            {"waitDuration": 2, **DAYS},
            {"waitDuration": 2, "waitUnit": "EONS"},
            "Step A: duration days → “EONS”",
        ),
        ({**DAYS}, {"waitDuration": 2, **DAYS}, "Step A: duration 2 days added"),
        (
            {"engagementPeriod": 1, "engagementPeriodUnits": "Days"},
            {"engagementPeriod": 12, "engagementPeriodUnits": "Hours"},
            "Step A: evaluated after 1 day → 12 hours",
        ),
        (
            {"conversionValue": "10", "conversionUnit": "percentage"},
            {"conversionValue": "15", "conversionUnit": "percentage"},
            "Step A: target 10 % → 15 %",
        ),
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
    told = headline(
        with_step(journey(A=None), "A", x="a" * 99),
        with_step(journey(A=None), "A", x="b" * 99, y=1),
    )
    assert len(told) <= 80
    assert told.endswith("… (and 1 more)")


@given(documents, documents)
def test_it_compares_any_two(old, new):
    assert not blocks_changed(old, new) or diff.compare(old, new)
    assert len(headline(old, new)) <= 80
    words(old, new)


@given(sound_journeys(), st.data())
def test_it_tells_every_edit(before, data):
    after = draw_edit(data, before)
    assert bool(diff.compare(before, after)) == (dumps(before) != dumps(after))
    assert (headline(before, after) == "No change") == (before == after)
