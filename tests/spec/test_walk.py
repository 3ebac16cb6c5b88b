"""What comes before what."""

from hypothesis import given

from journeys.spec import graph
from journeys.spec.graph import Walk
from tests.spec.making import journey, odd_journeys, sound_journeys

FORK = journey(A={"yes": "B", "no": "C"}, B="D", C="D", D=None, LOOSE="D")


def test_it_knows_what_every_path_passes():
    fork = Walk(journey(A={"yes": "B", "no": "C"}, B="D", C="D", D=None))
    assert [fork.must_pass(key, "D") for key in "ABCD"] == [True, False, False, False]
    assert [fork.may_pass(key, "D") for key in "ABCD"] == [True, True, True, False]
    assert fork.must_pass("gone", "D") is False and fork.must_pass("A", "gone") is False


def test_it_knows_what_stands_upstream_and_directly_before():
    walk = Walk(FORK)
    assert walk.upstream("D") == ["A", "B", "C", "LOOSE"]
    assert walk.before["D"] == ["B", "C", "LOOSE"]
    assert walk.upstream("A") == [] and not walk.must_pass("A", "D")


def test_it_stops_at_a_barrier():
    assert Walk(FORK).reachable_without("A", "C") == {"A", "B", "C", "D"}
    assert Walk(FORK).reachable_without("A", "D") == {"A", "B", "C", "D"}
    assert Walk(journey(A="B", B="C", C=None)).reachable_without("A", "B") == {"A", "B"}


@given(sound_journeys())
def test_it_agrees_with_taking_the_step_away(document):
    walk, root = Walk(document), graph.root(document)
    for key in walk.steps:
        for first in walk.steps:
            without = walk.reachable_without(root, first) if first != root else {root}
            assert walk.must_pass(first, key) == (key != first and key not in without), (first, key)


@given(odd_journeys)
def test_it_survives_odd_documents(document):
    walk = Walk(document)
    for key in [*walk.steps, "gone"]:
        assert walk.must_pass(key, key) is False or key in walk.upstream(key)
        walk.upstream(key)
