"""A freshly added block is as real journeys have it, and may have holes."""

import pytest

from journeys.blocks import BY_SLUG, LENSES, PALETTE, lens, palette
from journeys.spec.document import dumps, loads_value
from journeys.spec.operations import remove_path

NO_ID = "00000000-0000-0000-0000-000000000000"


def fresh(slug: str, key: str) -> dict:
    block = BY_SLUG[slug].new(key, {"key": "journey"})
    for outcome in block["outcomes"]:
        if len(outcome["key"]) == 36:
            outcome["key"] = "a-uuid"
    return block


def test_it_adds_a_wait_of_a_day() -> None:
    assert fresh("wait", "WAITBYDURATION-1") == {
        "key": "WAITBYDURATION-1",
        "name": "",
        "description": "",
        "type": "WAIT",
        "outcomes": [{"key": "a-uuid", "arguments": {}, "metaData": {"invalid": False}}],
        "arguments": {},
        "configurationArguments": {"waitDuration": 1, "waitUnit": "DAYS"},
        "metaData": {
            "isConfigured": True,
            "isExtended": False,
            "waitType": "duration",
            "uiType": "WAITBYDURATION",
        },
    }


def test_it_adds_a_wait_until_a_date() -> None:
    assert fresh("wait-until-date", "WAITUNTILDATE-1") == {
        "key": "WAITUNTILDATE-1",
        "name": "",
        "description": "",
        "type": "WAIT",
        "outcomes": [{"key": "a-uuid", "arguments": {}, "metaData": {"invalid": False}}],
        "arguments": {},
        "configurationArguments": {"specificDate": "", "specifiedTime": "00:00", "timeZone": ""},
        "metaData": {"isConfigured": True, "uiType": "WAITUNTILDATE"},
    }


def test_it_adds_a_path_optimizer_with_its_end() -> None:
    taken = {
        "key": "j",
        "activities": [{"key": "ABNTESTSTOP-1", "metaData": {"capsule": {"id": "CAPSULE-1"}}}],
    }
    start, end = BY_SLUG["path-optimizer"].new_steps("ABNTEST-1", taken)
    capsule = {"id": "CAPSULE-2", "startId": "ABNTEST-1", "endId": "ABNTESTSTOP-2"}
    assert (start["key"], start["type"], start["metaData"]["capsule"]) == (
        "ABNTEST-1",
        "ABNTEST",
        capsule,
    )
    assert start["outcomes"] == [
        {
            "key": f"branchResult-{number}",
            "next": "ABNTESTSTOP-2",
            "arguments": {"percentage": 50, "branchResult": f"branchResult-{number}"},
            "metaData": {"label": "50%", "pathName": f"Path {number}", "invalid": False},
        }
        for number in (1, 2)
    ]
    assert (end["key"], end["type"], end["metaData"]["capsule"]) == (
        "ABNTESTSTOP-2",
        "ABNTESTSTOP",
        capsule,
    )
    assert end["configurationArguments"]["aBnStartActivityKey"] == "ABNTEST-1"
    assert "next" not in end["outcomes"][0]


def test_it_adds_a_tested_path_that_leads_to_the_end() -> None:
    opened = BY_SLUG["path-optimizer"]
    start = opened.new_steps("ABNTEST-1", {"key": "j"})[0]
    start["outcomes"][0]["arguments"]["percentage"] = 20
    path = opened.new_outcome(start)
    assert path == {
        "key": path["key"],
        "next": "ABNTESTSTOP-1",
        "arguments": {"percentage": 30, "branchResult": path["key"]},
        "metaData": {"label": "30%", "pathName": "Path 3", "invalid": False},
    }


def test_it_adds_an_api_event() -> None:
    assert fresh("api-event", "TRIGGER") == {
        "key": "TRIGGER",
        "name": "TRIGGER",
        "description": "",
        "type": "APIEvent",
        "outcomes": [],
        "arguments": {},
        "configurationArguments": {
            "schemaVersionId": 0,
            "criteria": "",
            "filterDefinitionId": NO_ID,
        },
        "metaData": {
            "eventDefinitionId": "",
            "eventDefinitionKey": "",
            "chainType": "None",
            "configurationRequired": False,
            "iconUrl": "/images/icon_journeyBuilder-event-api-blue.svg",
            "title": "",
            "category": "Event",
            "entrySourceGroupConfigUrl": "jb:///data/entry/api-event/entrysourcegroupconfig.json",
            "sourceInteractionId": NO_ID,
        },
    }


@pytest.mark.parametrize("added", LENSES)
def test_it_opens_what_it_adds(added: type) -> None:
    block = added.new("K-1", {"key": "journey"})
    assert lens(block, added.kind) is added
    assert loads_value(dumps(block)) == block
    assert not {"id", "schema"} & set(block)
    assert all("next" not in outcome for outcome in block["outcomes"])


@pytest.mark.parametrize("listed", LENSES)
def test_it_is_declared_in_full(listed: type) -> None:
    assert (
        listed.slug
        and listed.types
        and str(listed.label)
        and listed.prefix
        and listed.icon != "unknown"
    )
    assert listed.kind in ("trigger", "goal", "exit", "activity")
    assert set(listed.advanced) <= set(listed.base_fields)
    names = ["rows", *(rows.slug for rows in listed.more_rows)]
    assert len(set(names)) == len(names) and all(str(rows.rows_label) for rows in listed.more_rows)


def test_it_has_no_two_types_alike() -> None:
    assert len({listed.slug for listed in LENSES}) == len(LENSES)
    for listed in LENSES:
        alike = [
            other
            for other in LENSES
            if other.kind == listed.kind and set(other.types) & set(listed.types)
        ]
        assert [other for other in alike if other.opens(listed.new("K-1", {}))] == [listed]
    assert palette() is PALETTE


def test_it_names_the_trigger_and_the_goal_as_journeys_do() -> None:
    assert BY_SLUG["api-event"].new_key({"key": "x", "triggers": []}) == "TRIGGER"
    assert BY_SLUG["goal"].new_key({"key": "x"}) == "GOAL"
    assert (
        BY_SLUG["email"].new_key({"key": "x", "activities": [{"key": "EMAILV2-1"}]}) == "EMAILV2-2"
    )


def test_it_adds_a_random_path_with_what_is_left() -> None:
    split = BY_SLUG["random-split"].new("R-1", {})
    split["outcomes"][0]["arguments"]["percentage"] = "20"
    assert BY_SLUG["random-split"].new_outcome(split) == {
        "key": "branchResult-3",
        "arguments": {"percentage": 30},
        "metaData": {"label": "30%", "name": "Path 3", "invalid": False},
    }


def test_it_keeps_two_to_ten_random_paths() -> None:
    opened = BY_SLUG["random-split"]
    split = opened.new("R-1", {})
    assert opened.can_add_outcome(split) and not opened.can_remove_outcome(split, "branchResult-1")
    while opened.can_add_outcome(split):
        split["outcomes"].append(opened.new_outcome(split))
    assert len(split["outcomes"]) == 10
    assert len({path["key"] for path in split["outcomes"]}) == 10
    assert opened.can_remove_outcome(split, "branchResult-1")


def test_it_puts_decision_paths_before_the_remainder_which_stays() -> None:
    opened = BY_SLUG["decision-split"]
    split = opened.new("D-1", {})
    assert opened.new_outcome_before(split) == "remainder_path"
    split["outcomes"].insert(1, {**opened.new_outcome(split), "key": "second"})
    assert opened.can_remove_outcome(split, "second") and not opened.can_remove_outcome(
        split, "remainder_path"
    )
    assert split["outcomes"][1]["metaData"]["label"] == "Path 2"


def test_it_forgets_the_criteria_of_a_removed_path() -> None:
    split = BY_SLUG["decision-split"].new("D-1", {})
    split["configurationArguments"] = {"a": 1, "criteria": {"default_path_1": "<F/>", "y": "<F/>"}}
    [after] = remove_path({"activities": [split]}, "D-1", "default_path_1")["activities"]
    kept = {
        **split,
        "outcomes": split["outcomes"][1:],
        "configurationArguments": {"a": 1, "criteria": {"y": "<F/>"}},
    }
    assert after == kept
