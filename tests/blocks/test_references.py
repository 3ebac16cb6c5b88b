"""Every place that names a step is known, and follows when the step gets another key."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeys.blocks import LENSES, by_slug, lens
from journeys.blocks.renaming import rename, renamed_blocks
from journeys.spec.address import written
from journeys.spec.document import dumps
from journeys.spec.graph import GraphError

FILTER = (
    '<Condition Key="Interaction.REST-1.score"'
    ' Operator="GreaterThan"><Value>Interaction.REST-1.no</Value></Condition>'
)
CAPSULE = {"id": "CAPSULE-1", "startId": "ABNTEST-1", "endId": "ABNTESTSTOP-1"}


def named(block: dict) -> list[tuple[str, str, str]]:
    found = lens(block, "activity").references(block)
    return [
        (written(one.path), one.key, "expression" if one.in_expression else one.names)
        for one in found
    ]


def test_it_names_the_places_of_every_block():
    block = {
        "key": "A",
        "type": "MYSTERY",
        "outcomes": [{"key": "one", "next": "B"}, {"key": "two"}, {"next": ""}, None],
        "arguments": {
            "x": ['{{Interaction.REST-1.a}} and {{Interaction."My step".b}}', "Interaction.C.d"]
        },
        "configurationArguments": {"criteria": {"one": FILTER}},
        "metaData": {"capsuleData": CAPSULE},
    }
    assert named(block) == [
        ("outcomes[0].next", "B", "step"),
        ("metaData.capsuleData.startId", "ABNTEST-1", "step"),
        ("metaData.capsuleData.endId", "ABNTESTSTOP-1", "step"),
        ("metaData.capsuleData.id", "CAPSULE-1", "capsule"),
        ("arguments.x[0]", "REST-1", "expression"),
        ("arguments.x[0]", "My step", "expression"),
        ("configurationArguments.criteria.one", "REST-1", "expression"),
    ]


@pytest.mark.parametrize(
    ("block", "place"),
    [
        (
            {
                "type": "EngagementDecision",
                "configurationArguments": {"refActivityCustomerKey": "X"},
            },
            "configurationArguments.refActivityCustomerKey",
        ),
        (
            {
                "type": "STOWAIT",
                "configurationArguments": {"params": {"nextActivity": {"key": "X"}}},
            },
            "configurationArguments.params.nextActivity.key",
        ),
        (
            {"type": "ABNTESTSTOP", "configurationArguments": {"aBnStartActivityKey": "X"}},
            "configurationArguments.aBnStartActivityKey",
        ),
    ],
)
def test_it_names_the_places_of_a_type_even_when_it_is_locked(block, place):
    assert named(block) == [(place, "X", "step")]
    assert named({**block, "metaData": []}) == [(place, "X", "step")]


def whole(one: str = "EMAILV2-1", two: str = "REST-1") -> dict:
    split = by_slug("engagement-split").new("SPLIT", {})
    split["configurationArguments"]["refActivityCustomerKey"] = one
    return {
        "key": "EMAILV2-1",
        "name": "EMAILV2-1",
        "defaults": {"email": [f"{{{{Interaction.{two}.email}}}}"]},
        "triggers": [{"key": "EMAILV2-1", "type": "APIEvent", "metaData": {}}],
        "activities": [
            {"key": one, "type": "EMAILV2", "outcomes": [{"key": "EMAILV2-1", "next": two}]},
            {
                "key": two,
                "type": "REST",
                "outcomes": [{"key": "out", "next": "SPLIT"}],
                "arguments": {"EMAILV2-1": 1},
            },
            {
                **split,
                "arguments": {
                    "requestId": (
                        f"{{{{Interaction.{one}.R}}}} {{{{Interaction.{two}.R}}}} EMAILV2-1"
                    )
                },
            },
        ],
    }


def test_it_renames_a_step_wherever_it_is_named_and_nothing_else():
    assert rename(whole(), {"EMAILV2-1": "HELLO"}) == whole(one="HELLO")


def test_it_lets_two_steps_change_places():
    assert rename(whole(), {"EMAILV2-1": "REST-1", "REST-1": "EMAILV2-1"}) == whole(
        one="REST-1", two="EMAILV2-1"
    )


def test_it_shares_what_it_does_not_touch():
    base = whole()
    assert rename(base, {"SPLIT": "SPLIT"}) is base
    changed = rename(base, {"SPLIT": "S"})
    assert (
        changed["triggers"] is base["triggers"]
        and changed["activities"][0] is base["activities"][0]
    )
    assert (changed["activities"][1]["outcomes"][0]["next"], changed["activities"][2]["key"]) == (
        "S",
        "S",
    )


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"gone": "X"}, "not in the journey"),
        ({"REST-1": "SPLIT"}, "“SPLIT” is taken"),
        ({"REST-1": "X", "SPLIT": "X"}, "“X” is taken"),
        ({"REST-1": " "}, "needs a key"),
    ],
)
def test_it_refuses_keys_that_cannot_be(keys, said):
    with pytest.raises(GraphError) as caught:
        rename(whole(), keys)
    assert said in caught.value.text


def test_it_tells_keys_apart_that_begin_alike():
    said = (
        "{{Interaction.REST-1.a}} {{Interaction.REST-10.a}} {{Interaction.REST-1.b.c}}"
        " {{xInteraction.REST-1.a}}"
    )
    steps = [
        {"key": key, "type": "REST", "arguments": {"x": said}}
        for key in ("REST-1", "REST-10", "REST-1.b")
    ]
    changed = rename({"key": "j", "activities": steps}, {"REST-1": "R"})
    assert changed["activities"][1]["arguments"]["x"] == said.replace(
        "{{Interaction.REST-1.a}}", "{{Interaction.R.a}}"
    )


def test_it_renames_pasted_steps_and_their_capsule():
    steps = by_slug("path-optimizer").new_steps("ABNTEST-1", {})
    for one in steps:
        one["outcomes"] = [{**way, "key": "fixed"} for way in one["outcomes"]]
    keys = {"ABNTEST-1": "ABNTEST-2", "ABNTESTSTOP-1": "ABNTESTSTOP-3"}
    pasted = renamed_blocks("activity", steps, keys, {"CAPSULE-1": "CAPSULE-2"})
    text = dumps(steps).decode()
    for old, new in {**keys, "CAPSULE-1": "CAPSULE-2"}.items():
        text = text.replace(f'"{old}"', f'"{new}"')
    assert dumps(pasted).decode() == text


KEYS = st.sampled_from(["A", "A.B", "A B", "REST-1", "REST-10", "é", 'a"b', "$&\\1"])
SAID = st.sampled_from(
    ["{{Interaction.%s.x}}", '{{Interaction."%s".x}}', '<C Key="Interaction.%s.x"/>', "%s", "x"]
)


@given(
    st.permutations(["A", "A.B", "A B", "REST-1", "REST-10", "é", "$&\\1"]),
    st.lists(st.tuples(SAID, KEYS)),
)
def test_it_can_be_taken_back(order, said):
    keys = sorted(order)
    steps = [{"key": key, "type": "MYSTERY", "outcomes": [{"next": keys[0]}]} for key in keys]
    texts = [form % key if "%s" in form else form for form, key in said]
    base = {
        "key": "j",
        "activities": [*steps, {"key": "T", "type": "X", "arguments": {"texts": texts}}],
    }
    there = dict(zip(keys, order, strict=True))
    back = rename(rename(base, there), {new: old for old, new in there.items()})
    assert dumps(back) == dumps(base)


@pytest.mark.parametrize("opened", [opened for opened in LENSES if opened.kind == "activity"])
def test_it_knows_all_that_new_steps_name(opened):
    steps = opened.new_steps("K-1", {"key": "j"})
    keys = {one["key"] for one in steps}
    for one in steps:
        text = dumps({**one, "key": "", "name": ""}).decode()
        mentions = sum(text.count(f'"{key}"') for key in keys)
        assert mentions == sum(ref.key in keys for ref in lens(one, "activity").references(one))
