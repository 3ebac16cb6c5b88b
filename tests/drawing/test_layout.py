"""Where steps stand and how connectors run. Drawn, a card is its key, a corner or run of a
connector a dot."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeys.drawing.layout import Layout, Spot, Way, layout
from journeys.spec import edit, graph
from tests.spec.making import gaps, journey, odd_journeys, sound_journeys, step

FORK = journey(A={"yes": "B", "no": "C"}, B="D", C="D", D=None)


def places(document: dict) -> dict[str, tuple[int, int]]:
    return {key: (spot.column, spot.lane) for key, spot in layout(document).spots.items()}


def way(document: dict, source: str, outcome: str) -> Way:
    (found,) = [
        one for one in layout(document).ways if (one.source, one.outcome) == (source, outcome)
    ]
    return found


def runs(way: Way) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    return [tuple(sorted(run)) for run in itertools.pairwise(way.points)]


def passed(way: Way) -> set[tuple[int, int]]:
    """Every half-grid point on the route but its two ends."""
    found = set()
    for (left, top), (right, bottom) in runs(way):
        found |= {(x, y) for x in range(left, right + 1) for y in range(top, bottom + 1)}
    return found - {way.points[0], way.points[-1]}


def crossings(drawn: Layout) -> list[tuple[Way, Way]]:
    """Pairs of ways of which one crosses the other, or runs along it although they share neither
    source nor target."""
    return [
        pair for pair in itertools.permutations(drawn.ways, 2) if _cross(*pair) or _overlap(*pair)
    ]


def _cross(one: Way, other: Way) -> bool:
    flat = [run for run in runs(one) if run[0][1] == run[1][1]]
    steep = [run for run in runs(other) if run[0][0] == run[1][0]]
    return any(
        left < x < right and top < y < bottom
        for ((left, y), (right, _)), ((x, top), (_, bottom)) in itertools.product(flat, steep)
    )


def _overlap(one: Way, other: Way) -> bool:
    if one.source == other.source or (one.target and one.target == other.target):
        return False
    return any(_run_together(*pair) for pair in itertools.product(runs(one), runs(other)))


def _run_together(one: tuple, other: tuple) -> bool:
    """In a row or in a column, on more than one point."""
    axis = 0 if one[0][1] == one[1][1] else 1
    if {one[0][1 - axis], one[1][1 - axis]} != {other[0][1 - axis], other[1][1 - axis]}:
        return False
    return max(one[0][axis], other[0][axis]) < min(one[1][axis], other[1][axis])


def is_drawn_well(drawn: Layout) -> bool:
    """Nothing on one place, no route through a place, no slanted run, and no two that are not told
    apart."""
    ends = [one.points[-1] for one in drawn.ways if one.kind in ("end", "dangling", "back")]
    taken = [(2 * spot.column, 2 * spot.lane) for spot in drawn.spots.values()] + ends
    assert len(set(taken)) == len(taken)
    assert all(0 <= x < 2 * drawn.columns and 0 <= y < 2 * drawn.lanes for x, y in taken)
    for one in drawn.ways:
        assert not passed(one) & set(taken)
        assert all((a[0] == b[0]) != (a[1] == b[1]) for a, b in itertools.pairwise(one.points))
    assert not [pair for pair in itertools.permutations(drawn.ways, 2) if _overlap(*pair)]
    return True


def leads_where_it_says(document: dict, drawn: Layout) -> bool:
    spots = {key: (2 * spot.column, 2 * spot.lane) for key, spot in drawn.spots.items()}
    for one in drawn.ways:
        if one.source:
            assert one.points[0] == spots[one.source]
        if one.kind in ("next", "join"):
            assert one.points[-1] == spots[one.target]
    told = sorted((one.source, one.outcome, one.target or "") for one in drawn.ways if one.source)
    ways = []
    for key, found in graph.steps(document).items():
        outcomes = graph.outcomes(found) or [{}]
        ways += [
            (key, graph.outcome_key(outcome), graph.next_of(outcome) or "") for outcome in outcomes
        ]
    return told == sorted(ways)


def test_an_empty_journey_has_a_way_in_and_its_end():
    assert layout({"activities": None}) == Layout(
        {}, (Way("", "", None, "end", ((-2, 0), (0, 0))),), 1, 1
    )


def test_a_straight_path_stays_in_one_lane():
    drawn = layout(journey(A="B", B=None))
    assert drawn.spots == {"A": Spot("A", 0, 0), "B": Spot("B", 1, 0)}
    assert drawn.ways == (
        Way("", "", "A", "next", ((-2, 0), (0, 0))),
        Way("A", "on", "B", "next", ((0, 0), (2, 0))),
        Way("B", "on", None, "end", ((2, 0), (4, 0))),
    )
    assert (drawn.columns, drawn.lanes) == (3, 1)


def test_paths_fan_out_below_in_their_order_and_join_in_the_topmost_lane():
    assert places(FORK) == {"A": (0, 0), "B": (1, 0), "C": (1, 1), "D": (2, 0)}
    assert way(FORK, "A", "no").points == ((0, 0), (1, 0), (1, 2), (2, 2))
    assert way(FORK, "C", "on").points == ((2, 2), (3, 2), (3, 0), (4, 0))


def test_lanes_are_used_again_behind_a_join():
    document = journey(A={"1": "B", "2": "C"}, B="D", C="D", D={"1": "E", "2": "F"}, E=None, F=None)
    assert places(document)["F"] == (3, 1)


def test_a_path_that_leads_to_a_join_at_once_has_a_place_of_its_own_for_its_label():
    document = journey(A={"yes": "B", "no": "B"}, B=None)
    assert places(document) == {"A": (0, 0), "B": (2, 0)}
    assert way(document, "A", "no").points == ((0, 0), (1, 0), (1, 2), (3, 2), (3, 0), (4, 0))


def test_a_join_of_some_paths_leaves_the_others_alone():
    document = journey(
        A={"1": "B", "2": "C", "3": "E"},
        B="D",
        C="D",
        D={"1": None, "2": None, "3": "F"},
        E=None,
        F=None,
    )
    assert places(document) == {
        "A": (0, 0),
        "B": (1, 0),
        "C": (1, 1),
        "D": (2, 0),
        "F": (3, 2),
        "E": (1, 3),
    }
    assert not crossings(layout(document))


def test_a_join_of_the_first_and_third_path_stands_behind_what_ends_between_them():
    document = journey(A={"1": "B", "2": "C", "3": "E"}, B="D", C="X", X=None, E="D", D=None)
    assert places(document)["D"] == (4, 0)
    assert not crossings(layout(document))


def test_it_crosses_what_it_must():
    document = journey(A={"1": "B", "2": "C", "3": "E"}, B="D", C="F", E="D", D="F", F=None)
    assert len(crossings(layout(document))) == 1


def test_an_inner_join_and_an_outer_one_keep_their_order():
    inner = {"B": {"yes": "C", "no": "E"}, "C": "E", "E": "D"}
    document = journey(A={"1": "B", "2": "F"}, **inner, F="D", D=None)
    assert places(document) == {
        "A": (0, 0),
        "B": (1, 0),
        "C": (2, 0),
        "E": (3, 0),
        "F": (1, 2),
        "D": (4, 0),
    }
    assert not crossings(layout(document))


def test_islands_stand_below():
    document = journey(A={"yes": "B", "no": None}, B=None, Y="Z", Z=None)
    assert places(document)["Y"] == (0, 2)
    assert [one.target for one in layout(document).ways if one.source == ""] == ["A"]


def test_an_island_may_lead_into_the_journey():
    document = journey(A="B", B=None, Y="Z", Z="B")
    assert places(document) == {"A": (0, 0), "Y": (0, 1), "Z": (1, 1), "B": (2, 0)}


def test_a_circle_is_cut_where_it_leads_back():
    assert way(journey(A="B", B="A"), "B", "on") == Way("B", "on", "A", "back", ((2, 0), (4, 0)))
    assert way(journey(A="A"), "A", "on").kind == "back"


def test_a_way_to_no_step_ends_in_a_place_of_its_own():
    document = journey(A={"yes": "gone", "no": None})
    assert way(document, "A", "yes") == Way("A", "yes", "gone", "dangling", ((0, 0), (2, 0)))
    assert way(document, "A", "no") == Way("A", "no", None, "end", ((0, 0), (1, 0), (1, 2), (2, 2)))


def test_steps_that_share_a_key_are_left_out():
    assert places({"activities": [{"key": "A"}, {"key": "B"}, {"key": "B"}]}) == {"A": (0, 0)}


def test_twenty_paths_each_have_a_lane():
    paths = {f"{number}": f"S{number}" for number in range(20)}
    document = journey(A=paths, **dict.fromkeys(paths.values(), "E"), E=None)
    assert [places(document)[key] for key in paths.values()] == [(1, lane) for lane in range(20)]
    assert not crossings(layout(document))


@pytest.mark.parametrize("ends_first", [True, False])
def test_thousands_of_splits_one_inside_the_other_are_laid_out(ends_first):
    size = 3000  # lanes are numbered anew on the way
    paths = [{"on": f"S{number + 1}", "out": None} for number in range(size)]
    turned = [dict(reversed(ways.items())) for ways in paths] if ends_first else paths
    drawn = layout(
        journey(**{f"S{number}": ways for number, ways in enumerate(turned)}, **{f"S{size}": None})
    )
    assert (drawn.columns, drawn.lanes) == (size + 2, size + 1)
    assert drawn.spots[f"S{size}"].lane == (size if ends_first else 0)


@given(sound_journeys())
def test_journeys_are_drawn_well_and_always_alike(document):
    assert is_drawn_well(layout(document))
    assert leads_where_it_says(document, layout(document))
    assert layout(document) == layout(document)


@given(odd_journeys)
def test_any_document_is_drawn_well(document):
    drawn = layout(document)
    assert is_drawn_well(drawn)
    assert leads_where_it_says(document, drawn)
    assert set(drawn.spots) == set(graph.steps(document))


@given(odd_journeys)
def test_paths_keep_their_order(document):
    drawn = layout(document)
    for key, found in graph.steps(document).items():
        ways = [one for one in drawn.ways if one.source == key]
        assert [one.outcome for one in ways] == [
            graph.outcome_key(outcome) for outcome in graph.outcomes(found)
        ] or [""]
        lanes = [
            next(
                y
                for x, y in one.points
                if x > 2 * drawn.spots[key].column + 1 or y != one.points[0][1]
            )
            for one in ways[1:]
        ]
        assert lanes == sorted(set(lanes))


@st.composite
def nested_journeys(draw) -> dict:
    """Series-parallel ones: steps, and splits whose paths (some of them ending instead) meet
    again."""
    paths: dict[str, object] = {}

    def follow(depth: int, target: str | None) -> str | None:
        for _ in range(draw(st.integers(0, 2))):
            target = one_step(depth, target)
        return target

    def one_step(depth: int, target: str | None) -> str:
        name = f"S{len(paths)}"
        paths[name] = None
        if depth == 0 or draw(st.booleans()):
            paths[name] = target
        else:
            count = draw(st.integers(2, 3))
            ends = [draw(st.sampled_from([target, target, None])) for _ in range(count)]
            paths[name] = {f"{way}": follow(depth - 1, end) for way, end in enumerate(ends)}
        return name

    first = one_step(3, None)
    ordered = {first: paths.pop(first), **paths}
    return journey(**ordered)


@given(nested_journeys())
def test_paths_that_meet_again_do_not_cross(document):
    assert is_drawn_well(layout(document))
    assert not crossings(layout(document))


def moves_only_what_stands_behind_it_at_its_height_or_below(
    document: dict, gap: tuple[str, str]
) -> bool:
    """Heights are those after it came: its path may use a lane that others have used before, left
    of it."""
    before, after = (
        layout(document).spots,
        layout(edit.insert(document, gap, step("X", {"on": None}))).spots,
    )
    new = after["X"]
    for key, spot in before.items():
        assert after[key].column >= spot.column
        if spot.column < new.column and after[key].lane < new.lane:
            assert after[key] == spot
        if (
            after[key].lane != spot.lane
        ):  # the new step may have pushed down a path that began at its height
            assert after[key].lane >= new.lane
    return True


@given(sound_journeys(), st.data())
def test_a_new_step_moves_only_what_stands_behind_it_at_its_height_or_below(document, data):
    assert moves_only_what_stands_behind_it_at_its_height_or_below(
        document, data.draw(st.sampled_from(gaps(document)))
    )


def test_a_new_step_may_stand_in_a_free_lane_and_takes_what_stands_there_down_with_it():
    fork = {"A": {"0": "B", "1": "C", "2": "B"}, "B": {"0": "H", "1": None}, "C": "D", "D": "E"}
    document = journey(**fork, E={"0": "F", "1": "H"}, F="G", G=None, H={"0": None, "1": None})
    assert moves_only_what_stands_behind_it_at_its_height_or_below(document, ("B", "1"))
    after = places(edit.insert(document, ("B", "1"), step("X", {"on": None})))
    assert (after["X"], after["C"], places(document)["C"]) == ((10, 2), (1, 2), (1, 1))
