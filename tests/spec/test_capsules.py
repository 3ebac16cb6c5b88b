"""A step that opens, the step that closes it, and what stands between them, stay together."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeys.spec import capsules, graph
from journeys.spec.document import dumps
from journeys.spec.graph import GraphError
from journeys.spec.operations import OPERATIONS
from tests.growth.shapes import nested_optimisers
from tests.spec.making import gaps, is_sound, journey, links, odd_journeys, step

CAPSULE = {"id": "CAPSULE-1", "startId": "S", "endId": "E"}


def marked(document: dict, **meta: dict) -> dict:
    steps = [
        {**one, "metaData": {**one["metaData"], **meta.get(one["key"], {})}}
        for one in document["activities"]
    ]
    return {**document, "activities": steps}


def trial(inner: bool = True) -> dict:
    """A, then a test of two paths, one of them with a step, then Z."""
    one = {"S": {"one": "B" if inner else "E", "two": "E"}, **({"B": "E"} if inner else {})}
    document = journey(A="S", **one, E="Z", Z=None)
    return marked(
        document, S={"capsule": CAPSULE}, E={"capsule": CAPSULE}, B={"capsuleData": CAPSULE}
    )


def do(operation: str, document: dict, **arguments: object) -> dict:
    return OPERATIONS[operation](document, **arguments)


def inside(document: dict) -> list[str]:
    """The steps that say that they stand in a capsule."""
    return [one["key"] for one in document["activities"] if "capsuleData" in one["metaData"]]


def test_it_finds_the_capsule_and_what_stands_in_it():
    [found] = capsules.capsules(trial())
    assert found == capsules.Capsule("CAPSULE-1", "S", "E")
    assert capsules.inside(graph.Walk(trial()), found) == {"B"}
    assert (graph.capsule_end(trial(), "S"), graph.capsule_start(trial(), "E")) == ("E", "S")


@pytest.mark.parametrize("end", [None, "", "S", "gone", "A", 7])
def test_it_finds_no_capsule_without_an_end_behind_it(end):
    document = marked(trial(), S={"capsule": {**CAPSULE, "endId": end}})
    assert (graph.capsule_end(document, "S"), capsules.capsules(document)) == (None, [])


def test_it_adds_steps_that_come_together():
    capsule = {"capsule": CAPSULE}
    start = {**step("S", {"one": "E", "two": "E"}), "metaData": capsule}
    end = {**step("E", {"on": None}), "metaData": capsule}
    added = do(
        "add step", journey(A="Z", Z=None), after="A", outcome="on", step=start, others=[end]
    )
    assert dumps(added) == dumps(trial(inner=False))


def test_it_refuses_steps_that_come_with_a_key_that_is_taken():
    with pytest.raises(GraphError):
        do(
            "add step",
            journey(A=None),
            after="A",
            outcome="on",
            step=step("S", {"on": "A"}),
            others=[step("A", {})],
        )


def test_it_marks_a_step_that_is_added_into_a_capsule():
    added = do(
        "add step", trial(inner=False), after="S", outcome="one", step=step("B", {"on": None})
    )
    assert dumps(added) == dumps(trial())


def test_it_unmarks_a_step_that_is_moved_out_and_marks_one_that_is_moved_in():
    out = do("move step", trial(), key="B", after="E", outcome="on")
    assert (links(out)["E"], inside(out)) == ("B", [])
    assert inside(do("move step", out, key="A", after="S", outcome="two")) == ["A"]


def test_it_leaves_what_no_change_touched():
    bare = marked(trial(), B={})
    bare["activities"][2]["metaData"] = {}
    added = do("add step", bare, after="A", outcome="on", step=step("X", {"on": None}))
    assert inside(added) == []


def test_it_keeps_a_step_on_a_path_that_was_cut():
    cut = do("lead to", trial(), key="B", outcome="on", target=None)
    assert inside(cut) == ["B"]
    assert inside(do("lead to", trial(), key="B", outcome="on", target="Z")) == ["B"]


@pytest.mark.parametrize(
    ("keep", "left"),
    [("one", {"A": "B", "B": "Z", "Z": None}), ("two", {"A": "Z", "Z": None}), ("", {"A": "Z"})],
)
def test_it_removes_the_end_with_the_beginning(keep, left):
    removed = do("remove step", trial(), key="S", keep=keep)
    assert links(removed) == {**left, "Z": None}
    assert inside(removed) == []


def test_it_moves_the_end_with_the_beginning():
    moved = do("move step", trial(), key="S", after="Z", outcome="on")
    assert links(moved) == {"A": "Z", "Z": "S", "S": {"one": "B", "two": "E"}, "B": "E", "E": None}
    assert inside(moved) == ["B"]
    assert links(do("move step", trial(), key="S", after="", outcome=""))["E"] == "A"


@pytest.mark.parametrize(
    ("operation", "more"), [("remove step", {}), ("move step", {"after": "", "outcome": ""})]
)
def test_it_refuses_to_part_the_end_from_the_beginning(operation, more):
    with pytest.raises(GraphError) as caught:
        do(operation, trial(), key="E", **more)
    assert "closes what “S” opens" in caught.value.text


def test_it_lets_an_end_go_whose_beginning_is_gone():
    alone = {**trial(), "activities": [one for one in trial()["activities"] if one["key"] != "S"]}
    assert "E" not in links(do("remove step", alone, key="E"))


def test_it_leads_an_added_path_to_the_end_if_it_is_there():
    path = {"key": "three", "next": "E"}
    assert links(do("add path", trial(), key="S", path=path))["S"] == {
        "one": "B",
        "two": "E",
        "three": "E",
    }
    gone = do("add path", trial(), key="S", path={"key": "three", "next": "gone"})
    circle = do("add path", trial(), key="S", path={"key": "three", "next": "A"})
    assert links(gone)["S"]["three"] is None and links(circle)["S"]["three"] is None


def test_it_moves_a_split_of_one_path_with_the_step_that_closes_it():
    left = do("remove path", trial(inner=False), key="S", outcome="two")
    moved = do("move step", left, key="S", after="Z", outcome="on")
    assert links(moved) == {"A": "Z", "Z": "S", "S": {"one": "E"}, "E": None}
    assert links(do("move steps", left, keys=["S"], after="Z", outcome="on")) == links(moved)
    assert links(do("remove steps", left, keys=["S"], heal=True)) == {"A": "Z", "Z": None}


def test_it_gives_new_capsules_a_free_id():
    assert (capsules.new_id(trial()), capsules.new_id({"activities": None})) == (
        "CAPSULE-2",
        "CAPSULE-1",
    )


@given(st.data())
def test_it_keeps_both_ends_through_any_moves(data):
    document = trial()
    for number in range(data.draw(st.integers(1, 6))):
        key = data.draw(st.sampled_from(sorted(graph.steps(document))))
        after, outcome = data.draw(st.sampled_from(gaps(document)))
        try:
            if data.draw(st.booleans()):
                document = do("move step", document, key=key, after=after, outcome=outcome)
            else:
                new = step(f"N{number}", {"on": None})
                document = do("add step", document, after=after, outcome=outcome, step=new)
        except GraphError:
            continue
        assert is_sound(document)
        [found] = capsules.capsules(document)
        assert sorted(inside(document)) == sorted(capsules.inside(graph.Walk(document), found))


@given(odd_journeys, odd_journeys)
def test_it_survives_odd_documents(before, after):
    assert dumps(capsules.in_step(before, after)) == dumps(after)


def test_steps_are_marked_in_capsules_that_stand_very_deep():
    document = nested_optimisers(240)
    bare = [
        {**step, "metaData": {"capsule": step["metaData"].get("capsule")}}
        for step in document["activities"]
    ]
    assert capsules.innermost({**document, "activities": bare})["W-79"].start == "ABNTEST-79"


def test_where_it_is_too_deep_to_tell_no_mark_is_made_or_taken():
    document = nested_optimisers(1500)
    cut = [step for step in document["activities"] if step["key"] != "W-3"]
    assert capsules.in_step({**document, "activities": cut}, document) is document
    assert capsules.in_step(document, shallower := {**document, "activities": cut}) is shallower
