from hypothesis import given

from journeys.spec import graph
from journeys.spec.outline import OutlineRow, outline
from tests.spec.making import drawn, gaps, journey, odd_journeys, sound_journeys


def test_it_shows_nothing_of_an_empty_journey():
    assert outline({"activities": None}) == []


def test_it_keeps_a_straight_path_at_one_depth():
    assert outline(journey(A="B", B=None)) == [
        OutlineRow("step", "A", 0, "", ("", "")),
        OutlineRow("step", "B", 0, "on", ("A", "on")),
        OutlineRow("end", "B", 0, "on", ("B", "on")),
    ]


def test_it_indents_the_paths_of_a_split_under_their_headings():
    document = journey(A={"yes": "B", "no": None}, B="C", C=None)
    assert drawn(document) == ["A", "  [yes]", "  B", "  C", "  .", "  [no]", "  ."]


def test_it_draws_a_join_once_after_the_paths_that_meet():
    document = journey(A={"yes": "B", "no": "C"}, B="D", C="D", D="E", E=None)
    assert drawn(document) == [
        "A",
        "  [yes]",
        "  B",
        "  → D",
        "  [no]",
        "  C",
        "  → D",
        "D",
        "E",
        ".",
    ]


def test_it_offers_a_gap_before_each_join_and_none_after_them():
    rows = outline(journey(A={"yes": "C", "no": "B"}, B="C", C=None))
    assert [row.gap for row in rows if row.kind == "join"] == [("A", "yes"), ("B", "on")]
    assert [row.gap for row in rows if row.key == "C" and row.kind == "step"] == [None]


def test_it_draws_a_join_of_some_paths_where_they_divided():
    document = journey(A={"1": "B", "2": "C", "3": None}, B="D", C="D", D=None)
    assert drawn(document) == [
        "A",
        "  [1]",
        "  B",
        "  → D",
        "  [2]",
        "  C",
        "  → D",
        "  [3]",
        "  .",
        "D",
        ".",
    ]


def test_it_draws_a_join_from_inside_a_nested_split_at_the_outer_one():
    document = journey(A={"1": "B", "2": "D"}, B={"yes": "C", "no": "D"}, C="D", D=None)
    assert drawn(document) == [
        *["A", "  [1]", "  B", "    [yes]", "    C", "    → D", "    [no]", "    → D"],
        *["  [2]", "  → D", "D", "."],
    ]


def test_it_keeps_an_inner_join_inside():
    document = journey(A={"1": "B", "2": None}, B={"yes": "C", "no": "C"}, C=None)
    assert drawn(document) == [
        *["A", "  [1]", "  B", "    [yes]", "    → C", "    [no]", "    → C", "  C", "  ."],
        *["  [2]", "  ."],
    ]


def test_it_draws_later_joins_after_earlier_ones():
    document = journey(A={"1": "D", "2": "C", "3": "C"}, C="D", D=None)
    assert drawn(document)[-4:] == ["C", "→ D", "D", "."]


def test_it_names_what_a_path_leads_to_in_vain():
    assert drawn(journey(A="gone")) == ["A", "? gone"]


def test_it_puts_steps_that_nothing_leads_to_last():
    document = journey(X="C", A="B", B="C", C=None)
    assert drawn(document) == ["X", "→ C", "C", ".", "loose", "A", "B", "→ C"]


def test_it_draws_a_circle_once():
    assert drawn(journey(A="B", B="A")) == ["A", "B", "→ A"]


def test_it_shows_a_step_without_outcomes_as_an_end():
    assert outline({"activities": [{"key": "A"}]})[1] == OutlineRow("end", "A", 0, "", ("A", ""))


def test_it_draws_a_thousand_splits_one_inside_the_other():
    document = journey(
        **{f"S{n}": {"yes": f"S{n + 1}", "no": "E"} for n in range(1000)}, S1000="E", E=None
    )
    assert drawn(document)[:4] == ["S0", "  [yes]", "  S1", "    [yes]"]
    assert drawn(document)[-4:] == ["  [no]", "  → E", "E", "."]


@given(odd_journeys)
def test_it_shows_each_step_once_whatever_leads_where(document):
    shown = [row.key for row in outline(document) if row.kind == "step"]
    assert sorted(shown) == sorted(graph.steps(document))


@given(sound_journeys())
def test_it_offers_each_gap_once(document):
    offered = [row.gap for row in outline(document) if row.gap]
    assert sorted(offered) == sorted(gaps(document))


@given(sound_journeys())
def test_it_draws_what_a_path_joins_below_it(document):
    rows = outline(document)
    drawn_at = {row.key: index for index, row in enumerate(rows) if row.kind == "step"}
    for index, row in enumerate(rows):
        if row.kind == "join":
            assert drawn_at[row.key] > index
            assert rows[drawn_at[row.key]].depth <= row.depth
