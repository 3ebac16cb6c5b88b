import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeys.spec.diff import Conflict
from journeys.spec.document import dumps
from journeys.spec.graph import GraphError
from journeys.spec.operations import OPERATIONS
from tests.spec.making import journey, links, odd_arguments, odd_journeys, step

ONE = {"on": None}
TWINS = {"activities": [{"key": "A", "n": 1}, {"key": "A", "n": 2}]}


def do(operation: str, document: dict, **arguments: object) -> dict:
    """As it is posted and kept: the arguments go through JSON."""
    return OPERATIONS[operation](document, **json.loads(json.dumps(arguments)))


def refusal(operation: str, document: dict, **arguments: object) -> str:
    with pytest.raises(GraphError) as caught:
        do(operation, document, **arguments)
    return caught.value.text


def test_it_edits_a_block_where_it_stands():
    base = {"goals": [{"key": "A"}], "activities": [{"key": "A"}, {"key": "B"}]}
    edited = do("edit block", base, kind="activity", key="A", block={"key": "A", "x": 1})
    assert dumps(edited) == b'{"goals":[{"key":"A"}],"activities":[{"key":"A","x":1},{"key":"B"}]}'
    assert edited["activities"][1] is base["activities"][1]


def test_it_refuses_to_edit_what_is_gone_or_cannot_be_told_apart():
    assert "no longer" in refusal(
        "edit block", journey(A=None), kind="goal", key="A", block={"key": "A"}
    )
    assert "Several blocks" in refusal(
        "edit block", TWINS, kind="activity", key="A", block={"key": "A"}
    )


@pytest.mark.parametrize("block", [{"key": "B"}, {"key": None}, {}])
def test_it_refuses_to_change_the_key_of_a_block(block):
    assert "must stay “A”" in refusal(
        "edit block", journey(A=None), kind="activity", key="A", block=block
    )


@pytest.mark.parametrize("document", [{"goals": []}, {"goals": None}, {}])
def test_it_adds_a_block_to_a_list_that_may_be_missing(document):
    assert do("add block", document, kind="goal", block={"key": "GOAL"}) == {
        "goals": [{"key": "GOAL"}]
    }


@pytest.mark.parametrize(
    ("kind", "member"), [("trigger", "triggers"), ("goal", "goals"), ("exit", "exits")]
)
def test_it_adds_no_second_entry_source_goal_or_exit(kind: str, member: str):
    document = {member: [{"key": "A"}]}
    assert "by now" in refusal("add block", document, kind=kind, block={"key": "B"})


def test_it_replaces_all_that_there_is_of_a_kind():
    base = {"triggers": [{"key": "TRIGGER"}, {"key": "T-1"}], "goals": [{"key": "TRIGGER"}]}
    new = {"key": "TRIGGER", "x": 1}
    replaced = do("replace block", base, kind="trigger", keys=["TRIGGER", "T-1"], block=new)
    assert replaced == {"triggers": [new], "goals": [{"key": "TRIGGER"}]}


def test_it_does_not_replace_what_somebody_added_meanwhile():
    base = {"goals": [{"key": "A"}, {"key": "B"}]}
    asked = {"kind": "goal", "keys": ["A"], "block": {"key": "C"}}
    assert "has a goal by now" in refusal("replace block", base, **asked)


def test_it_removes_a_block():
    base = {"goals": [{"key": "A"}, {"key": "B"}, {}], "activities": [{"key": "A"}]}
    assert do("remove block", base, kind="goal", key="A") == {**base, "goals": [{"key": "B"}, {}]}


def test_it_refuses_to_remove_a_block_twice():
    assert "no longer" in refusal("remove block", {"goals": None}, kind="goal", key="A")


def test_it_adds_a_step_into_a_gap():
    added = do("add step", journey(A="B", B=None), after="A", outcome="on", step=step("X", ONE))
    assert added == journey(A="X", X="B", B=None)


@pytest.mark.parametrize(
    ("key", "given"), [("WAIT-2", "WAIT-3"), ("WAIT", "WAIT-3"), ("A-B", "A-B-1"), ("7", "7-1")]
)
def test_it_numbers_a_step_whose_key_was_taken_meanwhile(key, given):
    base = journey(**{"WAIT-1": "WAIT-2", "WAIT-2": "WAIT", "WAIT": "A-B", "A-B": "7", "7": None})
    added = do("add step", base, after="", outcome="", step=step(key, ONE))
    assert added["activities"] == [step(given, {"on": "WAIT-1"}), *base["activities"]]


def test_it_numbers_a_step_whose_key_two_others_share():
    added = do("add step", TWINS, after="", outcome="", step=step("A", ONE))
    assert added["activities"] == [step("A-1", ONE), *TWINS["activities"]]


def test_it_removes_and_moves_steps():
    base = journey(A={"yes": "B", "no": None}, B="C", C=None)
    assert do("remove step", base, key="B") == journey(A={"yes": "C", "no": None}, C=None)
    assert do("remove step", base, key="A", keep="no") == journey()
    assert links(do("move step", base, key="C", after="A", outcome="no"))["A"] == {
        "yes": "B",
        "no": "C",
    }


def test_it_leads_a_path_to_a_step_and_ends_it():
    base = journey(A={"yes": "B", "no": None}, B=None)
    joined = do("lead to", base, key="A", outcome="no", target="B")
    assert joined == journey(A={"yes": "B", "no": "B"}, B=None)
    assert do("lead to", joined, key="A", outcome="no", target=None) == base


def test_it_adds_and_moves_paths():
    added = do(
        "add path",
        journey(A={"yes": None, "no": None}),
        key="A",
        path={"key": "maybe"},
        before="no",
    )
    assert list(links(added)["A"]) == ["yes", "maybe", "no"]
    assert list(links(do("move path", added, key="A", outcome="no", offset=-2))["A"]) == [
        "no",
        "yes",
        "maybe",
    ]


def test_it_removes_a_path_with_its_criteria_and_its_steps():
    base = journey(A={"gold": "B", "silver": None, "rest": None}, B=None)
    settings = {"criteria": {"gold": "<g/>", "silver": "<s/>"}, "x": 1}
    base["activities"][0]["configurationArguments"] = settings
    removed = do("remove path", base, key="A", outcome="gold", with_steps=True)
    kept = journey(A={"silver": None, "rest": None})
    kept["activities"][0]["configurationArguments"] = {"criteria": {"silver": "<s/>"}, "x": 1}
    assert dumps(removed) == dumps(kept)


@pytest.mark.parametrize(
    "settings", [None, [], {"criteria": None}, {"criteria": ["gold"]}, {"criteria": {"x": 1}}]
)
def test_it_removes_a_path_of_which_there_are_no_criteria(settings):
    base = journey(A={"gold": None, "rest": None})
    base["activities"][0]["configurationArguments"] = settings
    step_left = {**journey(A={"rest": None})["activities"][0], "configurationArguments": settings}
    assert do("remove path", base, key="A", outcome="gold")["activities"] == [step_left]


def test_it_sets_members_of_the_journey_where_they_stand():
    base = {"key": "K", "name": "N", "channel": "", "goals": []}
    edited = do("edit journey", base, members={"name": "M", "tags": ["x"]}, removed=["channel"])
    assert dumps(edited) == b'{"key":"K","name":"M","goals":[],"tags":["x"]}'


@pytest.mark.parametrize(
    "arguments", [{"members": {"activities": []}}, {"members": {}, "removed": ["goals"]}]
)
def test_it_never_replaces_a_list_of_blocks_among_the_journeys_members(arguments):
    assert "blocks one by one" in refusal("edit journey", journey(A=None), **arguments)


def test_it_duplicates_beside_a_step_whose_key_is_no_text():
    base = {**journey(A=None), "activities": [*journey(A=None)["activities"], {"key": []}]}
    doubled = do("duplicate steps", base, keys=["A"], steps=[step("B", ONE)])
    assert doubled["activities"] == [*journey(A="B", B=None)["activities"], {"key": []}]


def test_it_carries_a_change_over():
    base = journey(A="B", B=None)
    named = {**base, "name": "M"}
    assert do("patch", named, before=base, after=journey(A=None)) == {
        **journey(A=None),
        "name": "M",
    }


@pytest.mark.parametrize("operation", OPERATIONS)
@given(odd_journeys, st.data())
def test_it_changes_or_refuses_any_document_and_never_touches_its_input(operation, document, data):
    arguments, before = data.draw(odd_arguments[operation]), dumps(document)
    try:
        dumps(do(operation, document, **arguments))
    except (GraphError, Conflict) as refused:
        assert str(refused)
    assert dumps(document) == before
