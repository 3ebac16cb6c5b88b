"""Every place that names a step is known, and follows when the step gets another key."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeys.blocks import BY_SLUG, LENSES, lens
from journeys.blocks.apply import carried_out
from journeys.blocks.renaming import renamed_blocks
from journeys.spec.address import written
from journeys.spec.document import dumps

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
    split = BY_SLUG["engagement-split"].new("SPLIT", {})
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


def steps_of(one: str = "EMAILV2-1", two: str = "REST-1") -> list[dict]:
    return whole(one, two)["activities"]


def renamed(steps: list[dict], keys: dict[str, str]) -> list[dict]:
    """Those that keep their key are named as well: some keys are the beginnings of others."""
    return renamed_blocks("activity", steps, {step["key"]: step["key"] for step in steps} | keys)


def test_it_renames_a_step_wherever_it_is_named_and_nothing_else():
    assert renamed(steps_of(), {"EMAILV2-1": "HELLO"}) == steps_of(one="HELLO")


def test_it_lets_two_steps_change_places():
    changed = renamed(steps_of(), {"EMAILV2-1": "REST-1", "REST-1": "EMAILV2-1"})
    assert changed == steps_of(one="REST-1", two="EMAILV2-1")


def test_it_shares_what_it_does_not_touch():
    base = steps_of()
    assert renamed(base, {"SPLIT": "SPLIT"}) is base
    email, custom, split = renamed(base, {"SPLIT": "S"})
    assert email is base[0]
    assert (custom["outcomes"][0]["next"], split["key"]) == ("S", "S")


@pytest.mark.parametrize(
    "taken",
    [
        ["REST-1"],
        ["REST-1", "REST-2"],
        ["EMAILV2-1", "REST-1", "SPLIT"],
        ["EMAILV2-2", "REST-1", "SPLIT-1"],
    ],
)
def test_it_gives_pasted_steps_keys_that_nobody_has(taken):
    there = [{"key": key, "type": "WAIT", "outcomes": []} for key in taken]
    after = carried_out(
        "paste steps",
        {"key": "j", "activities": there},
        {"after": "", "outcome": "", "steps": steps_of()},
    )
    keys = [step["key"] for step in after["activities"]]
    assert len(keys) == len(set(keys)) == len(taken) + 3 and set(taken) < set(keys)
    free = {"EMAILV2-1", "REST-1", "SPLIT"} - set(taken)
    assert free <= set(keys)


def test_it_tells_keys_apart_that_begin_alike():
    said = (
        "{{Interaction.REST-1.a}} {{Interaction.REST-10.a}} {{Interaction.REST-1.b.c}}"
        " {{xInteraction.REST-1.a}}"
    )
    steps = [
        {"key": key, "type": "REST", "arguments": {"x": said}}
        for key in ("REST-1", "REST-10", "REST-1.b")
    ]
    changed = renamed(steps, {"REST-1": "R"})
    assert changed[1]["arguments"]["x"] == said.replace(
        "{{Interaction.REST-1.a}}", "{{Interaction.R.a}}"
    )


def test_it_renames_pasted_steps_and_their_capsule():
    steps = BY_SLUG["path-optimizer"].new_steps("ABNTEST-1", {})
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
    base = [*steps, {"key": "T", "type": "X", "arguments": {"texts": texts}}]
    there = dict(zip(keys, order, strict=True))
    back = renamed(renamed(base, there), {new: old for old, new in there.items()})
    assert dumps(back) == dumps(base)


@pytest.mark.parametrize("opened", [opened for opened in LENSES if opened.kind == "activity"])
def test_it_knows_all_that_new_steps_name(opened):
    steps = opened.new_steps("K-1", {"key": "j"})
    keys = {one["key"] for one in steps}
    for one in steps:
        text = dumps({**one, "key": "", "name": ""}).decode()
        mentions = sum(text.count(f'"{key}"') for key in keys)
        assert mentions == sum(ref.key in keys for ref in lens(one, "activity").references(one))
