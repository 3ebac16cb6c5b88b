import copy

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from journeys.spec import edit, graph
from journeys.spec.document import dumps
from journeys.spec.graph import START, GraphError
from tests.spec.making import gaps, is_sound, journey, links, odd_journeys, sound_journeys, step

ONE = {"on": None}
TWO = {"yes": None, "no": None}


def by_key(document: dict) -> bytes:
    """The document with its steps in another order than the file's: what stays when only places in
    the list differ."""
    return dumps(
        {**document, "activities": sorted(document["activities"], key=lambda one: one["key"])}
    )


def test_it_inserts_a_step_right_behind_its_predecessor():
    document = edit.insert(journey(A="B", B=None), ("A", "on"), step("X", ONE))
    assert list(links(document).items()) == [("A", "X"), ("X", "B"), ("B", None)]


def test_it_inserts_before_the_first_step():
    document = edit.insert(journey(A=None), START, step("X", ONE))
    assert list(links(document).items()) == [("X", "A"), ("A", None)]


def test_it_inserts_into_an_empty_journey():
    assert links(edit.insert({"activities": None}, START, step("X", ONE))) == {"X": None}


def test_it_inserts_a_split_whose_first_path_goes_on():
    document = edit.insert(journey(A="B", B=None), ("A", "on"), step("X", {"yes": None, "no": "B"}))
    assert links(document) == {"A": "X", "X": {"yes": "B", "no": None}, "B": None}


def test_it_writes_next_behind_the_key_and_touches_nothing_else():
    document = {"activities": [{"key": "A", "outcomes": [{"key": "on", "b": 1, "a": 2}]}]}
    inserted = edit.insert(document, ("A", "on"), step("X", ONE))
    assert (
        dumps(inserted["activities"][0])
        == b'{"key":"A","outcomes":[{"key":"on","next":"X","b":1,"a":2}]}'
    )


def test_it_leaves_next_where_it_stood():
    document = {"activities": [{"key": "A", "outcomes": [{"b": 1, "next": None, "key": "on"}]}]}
    inserted = edit.insert(document, ("A", "on"), step("X", ONE))
    assert (
        dumps(inserted["activities"][0])
        == b'{"key":"A","outcomes":[{"b":1,"next":"X","key":"on"}]}'
    )


def test_it_gives_an_outcome_to_a_step_that_has_none():
    document = edit.insert(
        {"activities": [{"key": "A", "outcomes": []}]}, ("A", ""), {"key": "X", "outcomes": None}
    )
    first, second = document["activities"]
    assert first["outcomes"][0]["next"] == "X"
    assert second["outcomes"][0]["key"] and "next" not in second["outcomes"][0]


def test_it_inserts_behind_an_outcome_without_a_key():
    document = {"activities": [{"key": "A", "outcomes": [{"arguments": {}}]}]}
    assert links(edit.insert(document, ("A", ""), step("X", ONE))) == {"A": {"": "X"}, "X": None}


@pytest.mark.parametrize(
    ("gap", "new", "text"),
    [
        (("A", "on"), step("A", ONE), "no other step has"),
        (("A", "on"), step("", ONE), "no other step has"),
        (("A", "on"), step("D", ONE), "no other step has"),
        (("Z", "on"), step("X", ONE), "no longer in the journey"),
        (("A", "no"), step("X", ONE), "no longer in the journey"),
        (("B", ""), step("X", ONE), "Several paths"),
        (("C", ""), step("X", ONE), "no list"),
    ],
)
def test_it_refuses_to_insert_where_it_cannot(gap, new, text):
    odd = [
        {"key": "B", "outcomes": [{}, {}]},
        {"key": "C", "outcomes": {"a": 1}},
        {"key": "D"},
        {"key": "D"},
    ]
    with pytest.raises(GraphError) as caught:
        edit.insert({"activities": [*journey(A=None)["activities"], *odd]}, gap, new)
    assert text in caught.value.text


def test_it_removes_a_step_and_leads_all_that_came_to_it_on():
    document = journey(A={"1": "B", "2": "C"}, B="C", C="D", D=None)
    assert links(edit.remove(document, "C")) == {"A": {"1": "B", "2": "D"}, "B": "D", "D": None}


def test_it_ends_the_path_when_the_last_step_is_removed():
    removed = edit.remove(journey(A="B", B=None), "B")
    assert removed["activities"] == [step("A", ONE)]


def test_it_removes_the_first_step():
    assert links(edit.remove(journey(A="B", B=None), "A")) == {"B": None}


def test_it_removes_a_step_that_leads_to_itself():
    assert links(edit.remove(journey(A="B", B="B"), "B")) == {"A": None}


def test_it_leads_on_what_came_through_paths_without_keys():
    document = {
        "activities": [
            {"key": "A", "outcomes": [{"next": "B"}, {"next": "C"}]},
            *journey(B="C", C=None)["activities"],
        ]
    }
    assert edit.remove(document, "B")["activities"][0]["outcomes"] == [{"next": "C"}, {"next": "C"}]


def test_it_keeps_one_path_of_a_removed_split():
    document = journey(A="B", B={"yes": "C", "no": "D"}, C="E", D="F", E=None, F="E")
    assert links(edit.remove(document, "B", "no")) == {"A": "D", "D": "F", "E": None, "F": "E"}


def test_it_removes_what_several_lost_paths_led_to():
    document = journey(A={"1": "B", "2": "C", "3": "C"}, B=None, C=None)
    assert links(edit.remove(document, "A", "1")) == {"B": None}


def test_it_removes_a_split_with_all_that_only_it_leads_to():
    document = journey(A={"1": "B", "2": "D"}, B={"yes": "C", "no": "D"}, C="D", D=None)
    assert links(edit.remove(document, "B", "")) == {"A": {"1": "D", "2": "D"}, "D": None}


def test_it_keeps_what_comes_after_a_removed_split():
    document = journey(A="B", B={"yes": "C", "no": "D"}, C="E", D="E", E="F", F=None)
    assert edit.remove(document, "B", "") == journey(A="E", E="F", F=None)


def test_it_removes_no_step_whose_key_only_looks_the_same():
    document = {"activities": [step("7", ONE), {"key": 7}, {"key": None}]}
    assert edit.remove(document, "7") == {"activities": [{"key": 7}, {"key": None}]}


def test_it_asks_which_path_of_a_removed_split_stays():
    with pytest.raises(GraphError) as caught:
        edit.remove(journey(A=TWO), "A")
    assert "Choose" in caught.value.text


def test_it_moves_a_step():
    document = journey(A="B", B="C", C=None)
    assert list(links(edit.move(document, "A", ("C", "on"))).items()) == [
        ("B", "C"),
        ("C", "A"),
        ("A", None),
    ]


def test_it_moves_a_join_into_one_of_the_paths_that_lead_to_it():
    document = journey(A={"1": "B", "2": "B"}, B="C", C=None)
    assert links(edit.move(document, "B", ("A", "1"))) == {
        "A": {"1": "B", "2": "C"},
        "B": "C",
        "C": None,
    }


def test_it_leaves_a_step_that_is_moved_to_where_it_stands():
    document = journey(A="B", B=None)
    assert edit.move(document, "B", ("A", "on")) is document
    assert edit.move(document, "A", START) is document


def test_it_moves_a_split_with_its_steps():
    document = journey(A="B", B={"yes": "C", "no": "D"}, C=None, D=None, Z="A")
    moved = edit.move(document, "B", ("Z", "on"))
    assert links(moved) == {"Z": "B", "B": {"yes": "C", "no": "D"}, "C": "A", "D": None, "A": None}


def test_it_moves_a_split_behind_the_step_in_which_its_paths_meet_and_back():
    document = journey(A="B", B={"yes": "C", "no": "D", "late": None}, C="E", D="E", E="F", F=None)
    moved = edit.move(document, "B", ("E", "on"))
    assert moved == journey(
        A="E", E="B", B={"yes": "C", "no": "D", "late": None}, C="F", D="F", F=None
    )
    assert edit.move(moved, "B", ("A", "on")) == document


def test_it_refuses_to_move_a_split_into_itself():
    with pytest.raises(GraphError):
        edit.move(journey(A={"yes": "B", "no": None}, B=None), "A", ("B", "on"))


def test_it_joins_and_ends_a_path():
    document = journey(A={"yes": "B", "no": None}, B=None)
    joined = edit.set_next(document, "A", "no", "B")
    assert links(joined)["A"] == {"yes": "B", "no": "B"}
    assert edit.set_next(joined, "A", "no", None) == document


@pytest.mark.parametrize(("key", "target"), [("B", "A"), ("B", "B"), ("B", "Z"), ("Z", "A")])
def test_it_refuses_circles_and_unknown_steps(key, target):
    with pytest.raises(GraphError):
        edit.set_next(journey(A="B", B=None), key, "on", target)


def test_it_adds_a_path_before_the_remainder():
    document = edit.add_outcome(journey(A=TWO), "A", {"key": "maybe"}, before="no")
    assert list(links(document)["A"]) == ["yes", "maybe", "no"]


def test_it_adds_a_path_with_a_key_of_its_own():
    document = edit.add_outcome(journey(A=TWO), "A", {"key": "no"})
    assert len(set(links(document)["A"])) == 3


def test_it_keeps_what_is_no_path_when_it_adds_one():
    document = edit.add_outcome(
        {"activities": [{"key": "A", "outcomes": [None, 7]}]}, "A", {"key": "x"}
    )
    assert document["activities"][0]["outcomes"] == [None, 7, {"key": "x"}]


def test_it_removes_a_path_with_its_steps():
    document = journey(A={"1": "B", "2": "C", "3": None}, B="C", C=None)
    assert links(edit.remove_outcome(document, "A", "1", with_steps=True)) == {
        "A": {"2": "C", "3": None},
        "C": None,
    }


def test_it_refuses_to_remove_a_path_with_steps_unless_told():
    with pytest.raises(GraphError):
        edit.remove_outcome(journey(A={"1": "B", "2": None}, B=None), "A", "1", with_steps=False)


@pytest.mark.parametrize(
    ("offset", "order"), [(-1, ["b", "a", "c"]), (1, ["a", "c", "b"]), (-9, ["b", "a", "c"])]
)
def test_it_moves_a_path_among_the_others(offset, order):
    document = edit.move_outcome(journey(A={"a": None, "b": None, "c": None}), "A", "b", offset)
    assert list(links(document)["A"]) == order


def test_it_edits_a_thousand_splits_one_inside_the_other():
    document = journey(
        **{f"S{n}": {"yes": f"S{n + 1}", "no": "E"} for n in range(1000)}, S1000="E", E=None
    )
    assert edit.remove(edit.insert(document, ("S999", "yes"), step("X", ONE)), "X") == document
    assert edit.remove(document, "S0", "") == journey(E=None)
    assert graph.find_cycle(edit.move(document, "S1000", START)) == []
    with pytest.raises(GraphError):
        edit.set_next(document, "E", "on", "S0")


@given(sound_journeys(), st.data())
def test_it_takes_back_what_it_inserted(document, data):
    gap = data.draw(st.sampled_from(gaps(document)))
    assert dumps(edit.remove(edit.insert(document, gap, step("X", ONE)), "X")) == dumps(document)


@given(sound_journeys(), st.data())
def test_it_moves_there_and_back(document, data):
    before = {key: found for key, found in graph.predecessors(document).items() if len(found) == 1}
    movable = [
        k
        for k in graph.steps(document)
        if k in before and len(graph.outcomes(graph.steps(document)[k])) == 1
    ]
    assume(movable)
    key = data.draw(st.sampled_from(movable))
    gap = data.draw(st.sampled_from([gap for gap in gaps(document) if gap[0] != key]))
    assert by_key(edit.move(edit.move(document, key, gap), key, before[key][0])) == by_key(document)


@given(sound_journeys(), st.data())
def test_it_strands_no_step(document, data):
    key, gap = (
        data.draw(st.sampled_from([*graph.steps(document)])),
        data.draw(st.sampled_from(gaps(document))),
    )
    kept = data.draw(
        st.sampled_from(["", *map(graph.outcome_key, graph.outcomes(graph.steps(document)[key]))])
    )
    assert len(graph.roots(edit.remove(document, key, kept))) <= 1
    if gap[0] not in graph.moves_with(document, key):
        moved = edit.move(document, key, gap)
        assert len(graph.roots(moved)) == 1
        assert set(graph.steps(moved)) == set(graph.steps(document))


def draw_edit(data, document: dict) -> dict:
    """Any change of the steps with any arguments; the document itself where it is refused."""
    keys = st.sampled_from([*graph.steps(document), "Z"])
    gap = data.draw(st.sampled_from(gaps(document)))
    key, target = data.draw(keys), data.draw(keys | st.none())
    new = step(f"X{len(document['activities'])}", data.draw(st.sampled_from([ONE, TWO])))
    edits = [
        lambda: edit.insert(document, gap, new),
        lambda: edit.remove(document, key, data.draw(st.sampled_from([gap[1], None, ""]))),
        lambda: edit.move(document, key, gap),
        lambda: edit.set_next(document, gap[0], gap[1], target),
        lambda: edit.add_outcome(document, key, {"key": "more"}),
        lambda: edit.remove_outcome(document, gap[0], gap[1], with_steps=True),
        lambda: edit.move_outcome(document, gap[0], gap[1], 1),
    ]
    try:
        return data.draw(st.sampled_from(edits))()
    except GraphError:
        return document


@given(sound_journeys(), st.data())
def test_it_keeps_a_sound_journey_sound(document, data):
    for _ in range(4):
        untouched = copy.deepcopy(document)
        edited = draw_edit(data, document)
        assert document == untouched
        document = edited
        assert is_sound(document)


@given(odd_journeys, st.data())
def test_it_edits_odd_documents_without_new_dead_ends(document, data):
    untouched, known = (
        copy.deepcopy(document),
        set(graph.predecessors(document)) - set(graph.steps(document)),
    )
    edited = draw_edit(data, document)
    assert document == untouched
    assert set(graph.predecessors(edited)) - set(graph.steps(edited)) <= known


@given(sound_journeys(), st.data())
def test_it_shares_the_blocks_that_it_does_not_touch(document, data):
    gap = data.draw(st.sampled_from(gaps(document)))
    kept = {id(one) for one in edit.insert(document, gap, step("X", ONE))["activities"]}
    assert [one["key"] for one in document["activities"] if id(one) not in kept] == [gap[0]] * (
        gap != START
    )
