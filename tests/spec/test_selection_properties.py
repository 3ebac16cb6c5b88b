"""What holds of steps that are copied, pasted, moved, removed and replaced, in made-up journeys."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeys.spec import graph, selection
from journeys.spec.graph import GraphError
from tests.spec.making import (
    gaps,
    is_sound,
    odd_journeys,
    odd_steps,
    sound_journeys,
    step,
)
from tests.spec.test_selection import fresh


@st.composite
def chosen(draw) -> tuple[dict, list[str]]:
    document = draw(sound_journeys())
    return document, draw(
        st.lists(st.sampled_from(list(graph.steps(document))), min_size=1, unique=True)
    )


@given(chosen(), st.data())
def test_copying_and_pasting_keeps_a_journey_sound_and_all_its_steps(made, data):
    document, keys = made
    copies = fresh(selection.copied(document, keys))
    pasted = selection.paste(document, data.draw(st.sampled_from(gaps(document))), copies)
    assert is_sound(pasted)
    assert graph.steps(pasted).keys() == graph.steps(document).keys() | {
        copy["key"] for copy in copies
    }
    assert set(keys) <= {copy["key"].upper() for copy in copies}
    assert graph.roots(pasted) == [graph.root(pasted)]


@given(chosen())
def test_duplicating_puts_the_copies_on_every_way_on(made):
    document, keys = made
    copies = fresh(selection.copied(document, keys))
    doubled = selection.duplicate(document, keys, copies)
    assert is_sound(doubled)
    assert graph.roots(doubled) == graph.roots(document)
    assert graph.predecessors(doubled)[copies[0]["key"]]
    assert graph.steps(doubled).keys() == graph.steps(document).keys() | {
        copy["key"] for copy in copies
    }


@given(chosen(), st.data())
def test_moving_keeps_all_steps_and_a_sound_journey(made, data):
    document, keys = made
    inside = {key for unit in selection.units(document, keys) for key in unit}
    free = [gap for gap in gaps(document) if gap[0] not in inside]
    gap = data.draw(st.sampled_from(free))
    moved = selection.move(document, keys, gap)
    assert is_sound(moved)
    assert graph.steps(moved).keys() == graph.steps(document).keys()
    first = selection.units(document, keys)[0][0]
    assert (
        graph.root(moved) == first
        if gap == graph.START
        else graph.predecessors(moved)[first] == [gap]
    )


@given(chosen(), st.booleans())
def test_removing_takes_what_it_says_and_nothing_else(made, heal):
    document, keys = made
    removed = selection.remove(document, keys, heal=heal)
    inside = {key for unit in selection.units(document, keys) for key in unit}
    gone = inside if heal else selection.behind(document, keys)
    assert is_sound(removed)
    assert graph.steps(removed).keys() == graph.steps(document).keys() - gone
    assert not heal or len(graph.roots(removed)) <= 1


@given(chosen(), st.integers(1, 4), st.booleans())
def test_replacing_loses_only_what_it_told(made, ways, drop):
    document, (key, *_) = made
    count, lost = selection.lost_by_replacing(document, key, ways)
    new = step("X", {f"way-{number}": None for number in range(ways)})
    if count and not drop:
        with pytest.raises(GraphError, match="fewer paths"):
            selection.replace(document, key, [new], drop=False)
        return
    replaced = selection.replace(document, key, [new], drop=drop)
    assert is_sound(replaced)
    assert graph.steps(replaced).keys() == graph.steps(document).keys() - {key, *lost} | {"X"}
    assert len(graph.roots(replaced)) == 1


@given(
    odd_journeys, st.lists(st.sampled_from("ABCDEF"), max_size=4), st.lists(odd_steps, max_size=3)
)
def test_odd_documents_are_copied_or_refused(document, keys, steps):
    try:
        steps = selection.from_text(selection.as_text(selection.copied(document, keys)))
        assert set(keys) <= {one["key"] for one in steps}
    except GraphError as refused:
        assert refused.text
