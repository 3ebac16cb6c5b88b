"""Operations as the composer does them: the types keep their JSON in step with the path."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journeys.blocks import BY_SLUG
from journeys.blocks.apply import carried_out
from journeys.spec import capsules, graph, selection
from journeys.spec.diff import Conflict
from journeys.spec.document import dumps
from journeys.spec.operations import OPERATIONS
from tests.depth import deep
from tests.spec.making import odd_arguments, odd_journeys

NEXT = "nextActivity"


def step(key: str, *targets: str, spec_type: str = "WAIT", **members: object) -> dict:
    ways = [{"key": f"{key}-{index}", "next": target} for index, target in enumerate(targets)] or [
        {"key": f"{key}-0"}
    ]
    return {"key": key, "type": spec_type, "outcomes": ways, **members}


def journey(*steps: dict) -> dict:
    return {"key": "j", "activities": list(steps)}


def do(operation: str, document: dict, **arguments: object) -> dict:
    return carried_out(operation, document, json.loads(json.dumps(arguments)))


def next_activity(document: dict, key: str = "STO") -> dict | None:
    return graph.steps(document)[key]["configurationArguments"]["params"].get(NEXT)


def timed(**known: object) -> dict:
    """Send-time optimisation before a served email, and an end wait."""
    sto = BY_SLUG["send-time"].new("STO", {})
    sto["configurationArguments"]["params"] |= known
    sto["outcomes"] = [{"key": "out", "next": "E"}]
    return journey(sto, step("E", "W", spec_type="EMAILV2", id="an-id"), step("W"))


def test_it_names_what_is_led_to_when_it_is_added():
    base = journey(step("E", spec_type="EMAILV2", id="an-id"))
    added = do("add step", base, after="", outcome="", step=BY_SLUG["send-time"].new("STO", {}))
    assert next_activity(added) == {"id": "an-id", "key": "E", "type": "EMAILV2"}


def test_it_follows_the_path_with_what_else_was_known():
    base = timed(nextActivity={"id": "old", "key": "E", "type": "EMAILV2", "more": 1})
    moved = do("move step", base, key="E", after="W", outcome="W-0")
    assert next_activity(moved) == {"key": "W", "type": "WAIT", "more": 1}
    cut = do("lead to", base, key="STO", outcome="out", target=None)
    assert next_activity(cut) == {"more": 1}
    known = timed(nextActivity={"id": "old", "key": "E", "type": "EMAILV2"})
    assert next_activity(do("lead to", known, key="STO", outcome="out", target=None)) is None


def test_it_leaves_what_an_unconcerned_change_or_a_person_wrote():
    wrong = timed(nextActivity={"key": "elsewhere"})
    added = do("add step", wrong, after="W", outcome="W-0", step=step("X"))
    assert next_activity(added) == {"key": "elsewhere"}
    sto = {**wrong["activities"][0], "outcomes": [{"key": "out", "next": "W"}]}
    assert next_activity(do("edit block", wrong, kind="activity", key="STO", block=sto)) == {
        "key": "elsewhere"
    }


def test_it_leaves_a_shape_that_it_does_not_know():
    base = timed(nextActivity=["E"])
    assert next_activity(do("lead to", base, key="STO", outcome="out", target="W")) == ["E"]


def optimizer(document: dict) -> dict:
    start, *others = BY_SLUG["path-optimizer"].new_steps("ABNTEST-1", {"key": "j"})
    return do("add step", document, after="A", outcome="A-0", step=start, others=others)


def test_it_adds_a_path_optimizer_and_its_end_into_a_gap():
    added = optimizer(journey(step("A", "W"), step("W")))
    assert [one["key"] for one in added["activities"]] == ["A", "ABNTEST-1", "ABNTESTSTOP-1", "W"]
    assert graph.predecessors(added)["W"][0][0] == "ABNTESTSTOP-1"
    assert capsules.capsules(added) == [capsules.Capsule("CAPSULE-1", "ABNTEST-1", "ABNTESTSTOP-1")]


def test_it_numbers_a_second_one_that_somebody_added_meanwhile():
    twice = optimizer(optimizer(journey(step("A", "W"), step("W"))))
    assert capsules.capsules(twice) == [
        capsules.Capsule("CAPSULE-2", "ABNTEST-2", "ABNTESTSTOP-2"),
        capsules.Capsule("CAPSULE-1", "ABNTEST-1", "ABNTESTSTOP-1"),
    ]
    end = graph.steps(twice)["ABNTESTSTOP-2"]
    assert end["configurationArguments"]["aBnStartActivityKey"] == "ABNTEST-2"
    assert {graph.next_of(way) for way in graph.steps(twice)["ABNTEST-2"]["outcomes"]} == {
        "ABNTESTSTOP-2"
    }


def test_it_takes_both_away_again():
    base = journey(step("A", "W"), step("W"))
    assert dumps(do("remove step", optimizer(base), key="ABNTEST-1", keep="")) == dumps(base)


def test_pasted_steps_get_free_keys_and_what_they_name_of_each_other_follows():
    score = step("REST-1", "WAIT-1", spec_type="REST")
    wait = {
        **step("WAIT-1"),
        "name": "{{Interaction.REST-1.score}} and {{Interaction.OTHER-1.score}}",
    }
    base = journey(score, wait, step("REST-2"))
    pasted = do("paste steps", base, after="", outcome="", steps=[score, wait])
    keys = [one["key"] for one in pasted["activities"]]
    assert keys == ["REST-3", "WAIT-2", "REST-1", "WAIT-1", "REST-2"]
    named = graph.steps(pasted)
    assert named["REST-3"]["outcomes"][0]["next"] == "WAIT-2"
    assert named["WAIT-2"]["outcomes"][0]["next"] == "REST-1"
    assert (
        named["WAIT-2"]["name"] == "{{Interaction.REST-3.score}} and {{Interaction.OTHER-1.score}}"
    )
    assert named["WAIT-1"] == wait


def test_a_path_optimizer_is_duplicated_as_a_capsule_of_its_own():
    optimizer = BY_SLUG["path-optimizer"]
    base = do(
        "add step",
        journey(step("W")),
        after="",
        outcome="",
        **pair(optimizer.new_steps("ABNTEST-1", {})),
    )
    (found,) = capsules.capsules(base)
    inside = do(
        "add step", base, after=found.start, outcome=first_way(base, found.start), step=step("X")
    )
    doubled = do(
        "duplicate steps", inside, keys=[found.start], steps=selection.copied(inside, [found.start])
    )
    assert [(one.id, one.start, one.end) for one in capsules.capsules(doubled)] == [
        (found.id, found.start, found.end),
        ("CAPSULE-2", "ABNTEST-2", "ABNTESTSTOP-2"),
    ]
    copy = graph.steps(doubled)["X-1"]["metaData"]["capsuleData"]
    assert copy == {"id": "CAPSULE-2", "startId": "ABNTEST-2", "endId": "ABNTESTSTOP-2"}
    assert graph.predecessors(doubled)["W"] == [
        ("ABNTESTSTOP-2", first_way(doubled, "ABNTESTSTOP-2"))
    ]


def test_a_key_that_is_no_text_takes_none_away():
    base = {"activities": [step("WAIT-1"), {"key": ["WAIT-2"]}, {"key": {}}]}
    pasted = do("paste steps", base, after="WAIT-1", outcome="WAIT-1-0", steps=[step("WAIT-1")])
    assert [one["key"] for one in pasted["activities"]] == ["WAIT-1", "WAIT-2", ["WAIT-2"], {}]


@pytest.mark.parametrize("operation", OPERATIONS)
@settings(max_examples=deep(20, 30))
@given(odd_journeys, st.data())
def test_it_changes_or_refuses_any_document(operation, document, data):
    before = dumps(document)
    try:
        dumps(do(operation, document, **data.draw(odd_arguments[operation])))
    except (graph.GraphError, Conflict) as refused:
        assert str(refused)
    assert dumps(document) == before


def pair(steps: list[dict]) -> dict:
    return {"step": steps[0], "others": steps[1:]}


def first_way(document: dict, key: str) -> str:
    return graph.outcome_key(graph.outcomes(graph.steps(document)[key])[0])


def test_it_keeps_pasted_steps_apart_whose_keys_begin_alike():
    said = "{{Interaction.REST-1.b.c}} {{Interaction.REST-1.a}}"
    steps = [{"key": key, "type": "REST", "outcomes": []} for key in ("REST-1", "REST-1.b")]
    steps.append({"key": "T", "type": "REST", "outcomes": [], "arguments": {"x": said}})
    base = {"key": "j", "activities": [{"key": "REST-1", "type": "REST", "outcomes": []}]}
    pasted = carried_out("paste steps", base, {"after": "", "outcome": "", "steps": steps})
    text = next(one for one in pasted["activities"] if one["key"] == "T")["arguments"]["x"]
    assert text == "{{Interaction.REST-1.b.c}} {{Interaction.REST-2.a}}"
