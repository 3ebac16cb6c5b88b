"""What people's own files showed: each fault is told once, at its place, with a fix where one asks
nothing."""

from pathlib import Path

import pytest

from journeys.blocks import meant_type, path_names, path_titles, sentence, waits
from journeys.checks import check, fix, repaired, repaired_at_once
from journeys.spec.document import loads_value
from journeys.spec.problem import Problem

CASES = Path(__file__).parents[1] / "cases"


def case(name: str) -> dict:
    return loads_value((CASES / f"{name}.json").read_bytes())


def told(document: dict) -> list[tuple[str, str, str]]:
    """Each problem by its severity, its place and its sentence."""
    return [(one.severity, str(one.address), one.text) for one in check(document)]


def of(document: dict, rule: str) -> list[Problem]:
    return [problem for problem in check(document) if problem.id == rule]


def test_it_tells_of_paths_without_keys_first_and_of_nothing_that_follows() -> None:
    document = case("split-paths-without-keys")
    [problem] = check(document)
    assert (problem.id, problem.severity) == ("outcome-key-missing", "blocking")
    assert str(problem.address) == "activity D1: outcomes"
    assert problem.text.startswith("2 paths of this step have no key, so they cannot be told apart")
    split = document["activities"][0]
    assert path_titles(split) == ["Path 1", "Path 2"]
    assert sentence(split, "activity") == "Split by Path 1, Path 2"


def test_it_gives_paths_keys_and_changes_nothing_else() -> None:
    document = case("split-paths-without-keys")
    problem = check(document)[0]
    assert fix(document, problem) == "Give each path a key"
    after = repaired(document, problem)
    old, new = (one["activities"][0]["outcomes"] for one in (document, after))
    assert new == [{**way, "key": f"path-{number}"} for number, way in enumerate(old, 1)]
    assert [next(iter(way)) for way in new] == ["key", "key"]
    assert [one.id for one in check(after)] == ["decision-split-criteria"]


def test_it_gives_no_key_that_another_path_has() -> None:
    document = case("split-paths-without-keys")
    document["activities"][0]["outcomes"][1]["key"] = "path-1"
    after = repaired(document, of(document, "outcome-key-missing")[0])
    assert [way["key"] for way in after["activities"][0]["outcomes"]] == ["path-2", "path-1"]


def test_it_names_each_path_that_ends_without_a_wait() -> None:
    document = case("two-paths-end")
    problems = of(document, "path-end-wait")
    assert [(str(one.address), one.text.partition(" ends")[0]) for one in problems] == [
        ("activity D1: outcomes[a]", "Path “A”"),
        ("activity D1: outcomes[remainder_path]", "Path “Remainder”"),
    ]
    assert [fix(document, one) for one in problems] == [
        "Add a wait of 1 day at the end of “A”",
        "Add a wait of 1 day at the end of “Remainder”",
    ]


def test_it_ends_the_named_path_alone_or_all_of_them() -> None:
    document = case("two-paths-end")
    problems = of(document, "path-end-wait")
    after = repaired(document, problems[1])
    assert [one.text for one in of(after, "path-end-wait")] == [problems[0].text]
    whole, count = repaired_at_once(document, problems)
    assert (count, check(whole)) == (2, [])


def test_paths_with_equal_names_are_told_apart_by_their_numbers() -> None:
    document = case("two-paths-end")
    for way in document["activities"][0]["outcomes"]:
        way["metaData"]["label"] = "Members"
        way["next"] = "GONE"
    texts = [one.text.partition(" leads")[0] for one in of(document, "next-dangling")]
    assert texts == [f"Path “Members (path {number})”" for number in (1, 2, 3)]
    assert path_names(document["activities"][0])[0] == "Members (path 1)"


def test_a_path_that_is_the_only_one_needs_no_name() -> None:
    document = case("two-paths-end")
    document["activities"][1]["outcomes"][0]["next"] = ""
    [problem] = of(document, "next-empty")
    assert problem.text.startswith("This path ends with an empty “next”")


def test_it_tells_of_expressions_that_begin_with_nothing_known_at_their_place() -> None:
    first, *others = told(case("unknown-expressions"))
    assert first[:2] == (
        "blocking",
        "activity UPDATECONTACTDATA-1: arguments.activityData.updateContactFields[0].value",
    )
    assert first[2].startswith("“{{REPLACE_WITH_VALUE}}” looks like a placeholder that nobody")
    assert [(severity, place) for severity, place, _text in others] == [
        ("advice", "journey: defaults.email[0]"),
        ("advice", "activity EMAILV2-1: configurationArguments.triggeredSend.emailSubject"),
    ]
    field = 'is written “{{Event.APIEvent-1."Email"}}”.'
    assert others[0][2].endswith(field)


def test_it_tells_of_values_that_samples_leave_to_be_replaced() -> None:
    document = case("two-paths-end")
    document["triggers"][0]["metaData"]["eventDefinitionKey"] = "YOUR_EVENT_KEY"
    document["activities"][1]["configurationArguments"]["timeZone"] = "<insert time zone>"
    document["activities"][1]["name"] = "TODO"  # a person's word
    document["activities"][1]["configurationArguments"]["note"] = "your order"
    assert [str(one.address) for one in of(document, "value-placeholder")] == [
        "trigger TRIGGER: metaData.eventDefinitionKey",
        "activity WAIT-1: configurationArguments.timeZone",
    ]


def test_it_names_the_type_that_is_meant_and_takes_out_what_is_only_drawn() -> None:
    document = case("canvas-types")
    problems = {one.address.key: one for one in check(document) if one.repair}
    assert {key: fix(document, one) for key, one in problems.items()} == {
        "START-1": "Take it out and keep its links",
        "WAITBYDURATION-1": "Write the type as “WAIT”",
        "STOP-1": "Take it out and keep its links",
    }
    whole, count = repaired_at_once(document, problems.values())
    start, rest, wait, stop = document["activities"]
    assert count == 3
    assert whole["activities"] == [
        rest,
        {**wait, "type": "WAIT", "outcomes": [{"key": "b"}]},
    ]
    assert [one.id for one in check(whole)] == ["expression-case"]


@pytest.mark.parametrize(
    ("kind", "written", "meant"),
    [
        ("activity", "EmailSend", "EMAILV2"),
        ("activity", "SMSSend", "SMSSYNC"),
        ("activity", "SMS-SYNC", "SMSSYNC"),
        ("activity", "EMIALV2", "EMAILV2"),
        ("activity", "EngagementSplit", "ENGAGEMENTDECISION"),
        ("activity", "WAITT", "WAIT"),
        ("trigger", "DataExtension", "EmailAudience"),
        ("trigger", "APIEvnt", "APIEvent"),
        ("activity", "EMAILV2", ""),
        ("activity", "MYOWN", ""),
        ("activity", "", ""),
    ],
)
def test_it_knows_which_type_is_meant(kind: str, written: str, meant: str) -> None:
    assert meant_type({"type": written}, kind) == meant


def test_it_asks_for_a_type_that_its_shape_does_not_fit_without_a_fix() -> None:
    document = case("two-paths-end")
    document["activities"][0] |= {"type": "WAITBYDURATION", "configurationArguments": []}
    [problem] = of(document, "type-screen-name")
    assert "“WAIT”" in problem.text and fix(document, problem) == ""


def test_a_mark_that_leads_several_ways_is_left_to_people() -> None:
    document = case("canvas-types")
    start = document["activities"][0]
    start["outcomes"].append({"key": "b", "next": "STOP-1"})
    problem = next(one for one in of(document, "type-mark") if one.address.key == "START-1")
    assert fix(document, problem) == ""


def test_a_wait_is_told_by_its_type_and_not_by_how_that_begins() -> None:
    found = {one.id for one in check(case("wait-until-event"))}
    assert not found & {"wait-after-wait", "wait-first"}
    for name in ("WAITUNTILPUSHENGAGEMENT", "WAITUNTILCHATRESPONSE", "WAITINGROOM"):
        assert not waits({"key": "W", "type": name})
    for name in ("WAIT", "wait", "WAITBYDURATION", "WaitUntilDate"):
        assert waits({"key": "W", "type": name})


def test_it_joins_addresses_that_stand_in_a_list() -> None:
    document = case("cc-as-list")
    [problem] = check(document)
    place = "activity EMAILV2-1: configurationArguments.triggeredSend.ccEmail"
    assert (problem.id, str(problem.address)) == ("email-addresses-list", place)
    assert fix(document, problem) == "Write the addresses as “a@example.com;b@example.com”"
    after = repaired(document, problem)
    send = after["activities"][0]["configurationArguments"]["triggeredSend"]
    assert (send["ccEmail"], check(after)) == ("a@example.com;b@example.com", [])


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a@example.com, b@example.com", "a@example.com;b@example.com"),
        (["a@example.com", {"address": "b@example.com"}], None),
        ("%%=Concat(a, b)=%%", None),
        ("{{Event.E.CC}}", None),
    ],
)
def test_it_writes_semicolons_where_all_are_addresses(value: object, text: str | None) -> None:
    document = case("cc-as-list")
    send = document["activities"][0]["configurationArguments"]["triggeredSend"]
    send["ccEmail"] = value
    fixes = [fix(document, one) for one in check(document)]
    assert [one for one in fixes if one] == ([f"Write the addresses as “{text}”"] if text else [])


def test_it_tells_of_a_list_where_one_value_belongs() -> None:
    document = case("cc-as-list")
    send = document["activities"][0]["configurationArguments"]["triggeredSend"]
    send |= {"ccEmail": "", "preHeader": ["Hello"], "emailId": [1], "priority": {"p": 3}}
    assert [(one.id, one.address.inside.rpartition(".")[2]) for one in check(document)] == [
        ("email-missing", "emailId"),
        ("value-shape", "preHeader"),
        ("value-shape", "priority"),
    ]


def test_it_asks_whether_another_member_was_meant() -> None:
    document = case("misnamed-members")
    problems = of(document, "member-misnamed")
    assert [(str(one.address), one.text[-30:].partition("mean ")[2]) for one in problems] == [
        ("journey: exitCriteria", "“exits”?"),
        ("journey: goal", "“goals”?"),
        ("journey: reEntryMode", "“entryMode”?"),
        ("journey: entrySource", "“triggers”?"),
    ]
    assert {one.severity for one in problems} == {"advice"}
    # The others hold something of another shape, or stand beside the right one.
    assert [fix(document, one) for one in problems] == ["", "Rename it to “goals”", "", ""]
    after = repaired(document, problems[1])
    assert [name if name != "goal" else "goals" for name in document] == list(after)
    assert after["goals"] == document["goal"]


def test_it_asks_the_same_of_blocks_and_of_their_paths() -> None:
    document = case("two-paths-end")
    wait = document["activities"][1]
    wait["metadata"] = wait.pop("metaData")
    document["activities"][0]["outcomes"][1]["nextActivity"] = "WAIT-1"
    del document["activities"][0]["outcomes"][1]["next"]
    problems = of(document, "member-misnamed")
    assert [str(one.address) for one in problems] == [
        "activity D1: outcomes[b].nextActivity",
        "activity WAIT-1: metadata",
    ]
    whole, count = repaired_at_once(document, problems)
    assert count == 2
    assert whole["activities"][0]["outcomes"][1]["next"] == "WAIT-1"
    assert whole["activities"][1]["metaData"] == wait["metadata"]


@pytest.mark.parametrize("name", ["r__folder_Path", "x-own", "summary", "ownNotes", "ids"])
def test_it_asks_nothing_of_members_that_mean_something_else(name: str) -> None:
    document = case("two-paths-end") | {name: "x"}
    assert of(document, "member-misnamed") == []


def test_it_tells_of_a_path_to_no_step_and_not_of_the_step_that_was_meant() -> None:
    document = case("canvas-types")
    rest, wait = (dict(one) for one in document["activities"][1:3])
    rest["outcomes"] = [{"key": "a", "next": "WAITBYDURATON-1"}]
    wait["outcomes"] = [{"key": "b"}]
    torn = {**document, "activities": [rest, {**wait, "type": "WAIT"}]}
    assert [one.id for one in check(torn) if one.blocks] == ["next-dangling"]
    alone = {**wait, "key": "W-2", "type": "WAIT"}
    several = [one.id for one in check({**torn, "activities": [*torn["activities"], alone]})]
    assert several.count("root-several") == 2  # one link that is lost explains one of them


def test_it_tells_of_a_key_that_two_steps_have_and_not_of_the_links_that_it_breaks() -> None:
    document = case("two-paths-end")
    split, wait = document["activities"]
    twins = [{**wait, "key": "T", "outcomes": [{"key": "o", "next": "WAIT-1"}]} for _ in range(2)]
    split["outcomes"] = [{**way, "next": "T"} for way in split["outcomes"]]
    torn = {**document, "activities": [split, *twins, wait]}
    assert [one.id for one in check(torn) if one.blocks] == ["step-key-duplicate"]
