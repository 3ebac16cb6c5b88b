"""Custom activities and custom splits, and their arguments."""

import pytest

from journeys.blocks import lens
from journeys.blocks.activities.custom_activity import CustomActivity
from journeys.blocks.activities.custom_split import CustomSplit
from journeys.blocks.facts import Facts
from journeys.spec.document import dumps
from tests.blocks.browser import read_form, save, send

CONFIGURATION = "configurationArguments"


def custom(*arguments: object, **execute: object) -> dict:
    block = CustomActivity.new("REST-1", {})
    block["outcomes"][0]["key"] = "on"
    made = {
        "url": "https://example.org/run",
        "inArguments": list(arguments),
        "outArguments": [],
        **execute,
    }
    return {
        **block,
        "arguments": {"execute": made},
        CONFIGURATION: {"applicationExtensionKey": "app", "save": ""},
    }


def split(*results: str | None, spec_type: str = "RESTDECISION") -> dict:
    block = {**custom(), "type": spec_type}
    paths = [
        {"key": f"p{number}", "arguments": {} if result is None else {"branchResult": result}}
        for number, result in enumerate(results)
    ]
    return {**block, "outcomes": paths}


def test_it_changes_a_value_in_its_object() -> None:
    block = custom({"a": "1", "b": 2}, {"c": {"d": 3}})
    assert save(CustomActivity, block, {"in-0-value": "9"}) == custom(
        {"a": "9", "b": 2}, {"c": {"d": 3}}
    )
    assert save(CustomActivity, block, {"in-2-value": '{"d": 4}'}) == custom(
        {"a": "1", "b": 2}, {"c": {"d": 4}}
    )


def test_it_renames_an_argument_where_it_stands() -> None:
    block = custom({"a": "1", "b": 2})
    assert dumps(save(CustomActivity, block, {"in-0-name": "z"})) == dumps(
        custom({"z": "1", "b": 2})
    )


def test_it_adds_an_argument_as_an_object_of_its_own() -> None:
    typed = {"in-1-name": "key", "in-1-value": "{{Contact.Key}}"}
    assert save(CustomActivity, custom({"a": "1"}), typed) == custom(
        {"a": "1"}, {"key": "{{Contact.Key}}"}
    )
    assert save(CustomActivity, {"key": "R", "type": "REST"}, {"in-0-name": "a"}) == {
        "key": "R",
        "type": "REST",
        "arguments": {"execute": {"inArguments": [{"a": ""}]}},
    }


def test_it_removes_arguments_and_the_object_that_they_leave_empty() -> None:
    block = custom({"a": "1", "b": 2}, {"c": 3}, {}, "odd")
    typed = {"in-0-DELETE": "on", "in-1-name": "z", "in-2-DELETE": "on"}
    assert save(CustomActivity, block, typed) == custom({"z": 2}, {}, "odd")


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({"in-0-name": "b"}, "There is already an argument of this name."),
        ({"in-0-name": " "}, "An argument needs a name. To drop it, tick “Remove this one”."),
        ({"in-2-value": "x"}, "An argument needs a name."),
    ],
)
def test_it_asks_for_a_name_of_its_own(typed: dict, error: str) -> None:
    block = custom({"a": "1", "b": 2})
    form = CustomActivity(
        send(CustomActivity(block=block, document={}), typed), block=block, document={}
    )
    assert not form.is_valid()
    assert [errors["name"] for errors in form.row_sets["in"].errors if errors] == [[error]]


def test_it_loses_nothing_when_two_are_given_one_name_at_once() -> None:
    changed = save(CustomActivity, custom({"a": "1", "b": 2}), {"in-0-name": "z", "in-1-name": "z"})
    assert changed == custom({"z": "1"}, {"z": 2})


def test_it_shows_addresses_only_where_they_can_be_written() -> None:
    fields = CustomActivity(block=custom(), document={}).fields
    assert "save_url" not in fields and "publish_url" in fields
    changed = save(CustomActivity, custom(), {"publish_url": "https://example.org/publish"})
    assert changed[CONFIGURATION]["publish"] == {"url": "https://example.org/publish"}


def test_it_refuses_a_time_out_of_more_than_100_seconds() -> None:
    form = CustomActivity({"timeout": "100001"}, block=custom(), document={})
    assert not form.is_valid()
    assert dict(form.errors) == {
        "timeout": ["Enter a whole number from 1 to 100000 (milliseconds)."]
    }


@pytest.mark.parametrize(
    ("block", "slug"),
    [
        (custom(), "custom-activity"),
        (split("a", "b"), "custom-split"),
        (split("a", "b", spec_type="REST"), "custom-split"),
        (split("a", spec_type="Rest"), "custom-split"),
        (split(None, spec_type="rest"), "custom-activity"),
    ],
)
def test_it_tells_a_split_from_an_activity(block: dict, slug: str) -> None:
    assert lens(block, "activity").slug == slug


def test_it_changes_the_result_of_a_path() -> None:
    changed = save(
        CustomSplit, split("a", "b"), {"rows-p0-result": "seen", "rows-p0-label": "Seen"}
    )
    first = {"key": "p0", "arguments": {"branchResult": "seen"}, "metaData": {"label": "Seen"}}
    assert changed == {**split("a", "b"), "outcomes": [first, split("a", "b")["outcomes"][1]]}


def test_it_puts_new_paths_before_the_default() -> None:
    block = CustomSplit.new("RESTDECISION-1", {})
    last = block["outcomes"][-1]["key"]
    assert CustomSplit.new_outcome_before(block) == last
    made = CustomSplit.new_outcome(block)
    assert (made["arguments"], made["metaData"]["label"]) == ({"branchResult": "path_3"}, "Path 3")
    assert CustomSplit.can_add_outcome(block) and not CustomSplit.can_remove_outcome(block, last)


def problems(block: dict) -> list[tuple[str, str, str]]:
    return [
        (one.id, one.severity, one.address.inside)
        for one in lens(block, "activity").problems(block, Facts())
    ]


EXECUTE = "arguments.execute"


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        (custom({"a": 1}), []),
        (custom(timeout="100000"), []),
        (custom(timeout=100001), [("custom-timeout", "blocking", f"{EXECUTE}.timeout")]),
        (custom(timeout=0), [("custom-timeout", "blocking", f"{EXECUTE}.timeout")]),
        (custom(url=""), [("custom-address", "blocking", f"{EXECUTE}.url")]),
        (
            {**custom(url=""), "metaData": {"isConfigured": False}},
            [("custom-address", "advice", f"{EXECUTE}.url")],
        ),
        (
            {**custom(), CONFIGURATION: {}},
            [("custom-application", "advice", f"{CONFIGURATION}.applicationExtensionKey")],
        ),
        (split("a", None), []),
        (split("a"), [("custom-split-paths", "blocking", "outcomes")]),
        (
            split(None, "b"),
            [("custom-split-result", "advice", "outcomes[p0].arguments.branchResult")],
        ),
        (
            split("a", "a", "b"),
            [("custom-split-twin", "advice", "outcomes[p1].arguments.branchResult")],
        ),
    ],
)
def test_it_checks_custom_steps(block: dict, expected: list) -> None:
    assert problems(block) == expected


def test_it_reads_as_a_sentence() -> None:
    assert CustomActivity.sentence(custom()) == "Custom activity"
    assert CustomSplit.sentence(split("seen", "bought")) == "Split by seen, bought"
    assert CustomSplit.sentence({**split("seen"), "name": "By visit"}) == "By visit"


def test_it_leads_from_a_problem_to_the_field() -> None:
    form = CustomSplit(block=split(None, "b"), document={})
    assert form.field_for("outcomes[p0].arguments.branchResult") == "rows-p0-result"
    assert form.field_for(f"{EXECUTE}.timeout") == "timeout"
    assert "in-0-name" in read_form(form).places
