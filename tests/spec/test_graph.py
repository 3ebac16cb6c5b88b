import pytest
from hypothesis import given

from journeys.spec import graph
from tests.spec.making import journey, odd_journeys, sound_journeys

FORK = journey(A="B", B={"yes": "C", "no": "D"}, C="E", D="E", E=None)


def test_it_finds_the_steps_that_can_be_named():
    listed = [{"key": "A"}, {"key": "B"}, {"key": "B"}, {"key": ""}, {"key": 7}, {}]
    assert graph.steps({"activities": listed}) == {"A": {"key": "A"}}


@pytest.mark.parametrize("outcomes", [None, {}, "x", 7])
def test_it_sees_no_outcomes_in_what_is_no_list(outcomes):
    assert graph.outcomes({"outcomes": outcomes}) == []


def test_it_leaves_out_what_is_no_outcome():
    assert graph.outcomes({"outcomes": [None, {"key": "on"}, "x"]}) == [{"key": "on"}]


@pytest.mark.parametrize("outcome", [{}, {"next": ""}, {"next": None}, {"next": 7}])
def test_it_takes_a_missing_or_empty_next_as_the_end(outcome):
    assert graph.next_of(outcome) is None


def test_it_names_the_gaps_that_lead_to_a_step():
    assert graph.predecessors(FORK) == {
        "B": [("A", "on")],
        "C": [("B", "yes")],
        "D": [("B", "no")],
        "E": [("C", "on"), ("D", "on")],
    }


def test_it_finds_the_first_step_wherever_it_stands():
    assert graph.root(journey(B=None, A="B")) == "A"


def test_it_has_no_root_when_there_are_two():
    two = journey(A=None, B=None)
    assert graph.roots(two) == ["A", "B"]
    assert graph.root(two) is None


def test_it_starts_an_island_at_its_first_step():
    assert graph.starts(journey(A=None, C="B", B="C")) == ["A", "C"]


def test_it_finds_what_can_be_come_to():
    assert graph.reachable(FORK, "C") == {"C", "E"}


def test_it_leaves_a_join_out_of_what_only_one_path_leads_to():
    assert graph.only_through(FORK, "B", "yes") == ["C"]


def test_it_moves_a_split_with_all_that_only_it_leads_to():
    document = journey(A={"1": "B", "2": "D"}, B={"yes": "C", "no": "D"}, C="D", D=None)
    assert graph.moves_with(document, "B") == ["B", "C"]
    assert graph.moves_with(document, "C") == ["C"]


def test_it_moves_a_split_up_to_the_step_in_which_its_paths_meet():
    assert graph.moves_with(FORK, "B") == ["B", "C", "D"]
    assert graph.meeting(FORK, "B") == "E"


def test_it_finds_where_some_paths_meet_though_others_end():
    document = journey(A={"1": "B", "2": "D", "3": None}, B={"yes": "C", "no": None}, C="D", D=None)
    assert graph.meeting(document, "A") == "D"
    assert graph.meeting(document, "B") == "D"
    assert graph.moves_with(document, "A") == ["A", "B", "C"]


def test_it_finds_no_meeting_where_all_paths_end():
    document = journey(A={"1": "B", "2": "D"}, B={"yes": "C", "no": "C"}, C=None, D=None)
    assert graph.meeting(document, "A") is None
    assert graph.moves_with(document, "A") == ["A", "B", "C", "D"]


def test_it_finds_the_first_of_two_meetings():
    document = journey(A={"1": "B", "2": "B", "3": "C", "4": "D"}, B="C", C=None, D=None)
    assert graph.meeting(document, "A") == "B"
    assert graph.moves_with(document, "A") == ["A", "D"]


def test_it_finds_a_cycle_in_its_order():
    assert graph.find_cycle(journey(A="B", B={"x": None, "y": "C"}, C="D", D="B")) == [
        "B",
        "C",
        "D",
    ]
    assert graph.find_cycle(FORK) == []


def test_it_makes_the_next_free_key():
    document = {"activities": [{"key": "WAIT-1"}, {"key": "WAIT-3"}, {"key": []}]}
    assert graph.new_key(document, "WAIT") == "WAIT-2"


@given(sound_journeys())
def test_it_finds_no_cycle_where_there_is_none(document):
    assert graph.find_cycle(document) == []
    assert graph.root(document) == "A"


@given(odd_journeys)
def test_it_reads_odd_documents(document):
    for key, step in graph.steps(document).items():
        for outcome in graph.outcomes(step):
            through = graph.only_through(document, key, graph.outcome_key(outcome))
            assert key not in through
            assert set(through) <= graph.reachable(document, key)
        assert key in graph.moves_with(document, key)
    cycle = graph.find_cycle(document)
    for one, following in zip(cycle, cycle[1:] + cycle[:1], strict=True):
        assert following in map(graph.next_of, graph.outcomes(graph.steps(document)[one]))
