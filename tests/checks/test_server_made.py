"""What the server made is taken out of a copied journey, and nothing else."""

import pytest

from journeys.blocks import BY_TYPE, LENSES, PALETTE
from journeys.checks import check
from journeys.checks.on_import import put_right
from journeys.checks.server_made import parts, without
from tests.checks.test_rules import journey, step

CONFIGURATION = "configurationArguments"
CONTEXT = "{{Context.ContactKey}}"


@pytest.mark.parametrize(
    ("kind", "spec_type", "served", "kept"),
    [
        (
            "trigger",
            "APIEvent",
            {"arguments": {"filterResult": "true", "automationId": "a"}},
            {"automationId": "a"},
        ),
        (
            "activity",
            "WAIT",
            {
                "arguments": {
                    "waitQueueId": "{{Context.WaitQueueId}}",
                    "waitDefinitionId": "a",
                    "x": CONTEXT,
                }
            },
            {"x": CONTEXT},
        ),
        (
            "activity",
            "EMAILV2",
            {
                "arguments": {
                    "contactKey": "{{Contact.Key}}",
                    "activityId": "{{Activity.Id}}",
                    "emailAddress": "a",
                }
            },
            {"emailAddress": "a"},
        ),
        (
            "activity",
            "SMSSYNC",
            {"arguments": {"contactKey": "a", "mobileNumber": CONTEXT}},
            {"mobileNumber": CONTEXT},
        ),
        ("activity", "MULTICRITERIADECISION", {"arguments": {"filterResult": "a"}}, {}),
        ("activity", "ABNTEST", {"arguments": {"requestObjectId": "a", "activityId": "a"}}, {}),
    ],
)
def test_it_takes_out_what_was_filled_in(
    kind: str, spec_type: str, served: dict, kept: dict
) -> None:
    block = {"id": "1", "key": "K", "type": spec_type, **served, "schema": {}}
    assert without(kind, block) == {"key": "K", "type": spec_type, "arguments": kept}


def test_it_takes_the_other_journeys_email_out_of_an_engagement_split() -> None:
    filled = dict.fromkeys(
        ("definitionId", "contactKey", "statsKey", "requestId", "messageKey"), "a"
    )
    settings = {"refActivityCustomerKey": "EMAILV2-1", "statsTypeId": 2}
    split = {"key": "S", "type": "ENGAGEMENTDECISION", "arguments": {}, CONFIGURATION: settings}
    served = {**split, "arguments": filled, CONFIGURATION: {**settings, "triggeredSendId": "a"}}
    assert without("activity", served) == split


def test_it_takes_the_next_step_s_id_out_of_send_time_optimisation() -> None:
    def send_time(**more: str) -> dict:
        following = {**more, "key": "EMAILV2-1", "type": "EMAILV2"}
        return {
            "key": "S",
            "type": "STOWAIT",
            CONFIGURATION: {"params": {"version": 2, "nextActivity": following}},
        }

    assert without("activity", send_time(id="a")) == send_time()


def test_it_takes_the_filter_out_of_exits_only() -> None:
    """A goal keeps it: all published ones have it, and no draft is known that shows who made it."""
    settings = {"criteria": "<FilterDefinition/>", "filterDefinitionId": "a"}
    served = {
        "key": "K",
        "type": "ExitCriteria",
        "arguments": {"filterResult": "a"},
        CONFIGURATION: settings,
    }
    bare = {**served, "arguments": {}, CONFIGURATION: {"criteria": "<FilterDefinition/>"}}
    assert without("exit", served) == bare
    goal = {**served, "type": "Event"}
    assert without("goal", goal) is goal


@pytest.mark.parametrize(
    "members",
    [
        {
            "type": "LOYALTYPOINTS",
            "arguments": {"memberKey": CONTEXT, "journey": "{{Context.DefinitionId}}"},
        },
        {
            "type": "WAITUNTILAPI",
            "arguments": {"executionMode": "{{Context.ExecutionMode}}", "filterResult": "x"},
        },
        {
            "type": "DATAEXTENSIONUPDATE",
            "arguments": {"contactKey": CONTEXT, "value": "{{Context.VersionNumber}}"},
        },
        {"type": "UPDATECONTACTDATA", "arguments": {"contactKey": CONTEXT}},
        {"type": "SMSSYNC", "arguments": {"mobileNumber": CONTEXT}},
        {"type": "WAIT", "arguments": {"own": CONTEXT}},
        {"type": ["WAIT"], "arguments": {"executionMode": "x"}},
        {"type": "EMAILV2", "arguments": [], CONFIGURATION: {"triggeredSend": '{"id":1}'}},
    ],
)
def test_it_keeps_what_somebody_set(members: dict) -> None:
    document = journey({**step("A", "B"), **members}, step("B"))
    assert put_right(document)[0]["activities"] == document["activities"]
    assert parts("activity", document["activities"][0]) == []


def test_no_form_edits_what_the_server_makes() -> None:
    for lens in LENSES:
        made = {f"{place}.{name}" for place, names in lens.server_made.items() for name in names}
        assert made.isdisjoint(field.place for field in lens.base_fields.values()), lens.slug


def test_no_new_block_holds_what_the_server_makes() -> None:
    for lens in (one for _family, lenses in PALETTE for one in lenses):
        assert all(parts(lens.kind, block) == [] for block in lens.new_steps("K-1", {})), lens.slug


def test_forms_of_one_type_agree_on_what_the_server_makes() -> None:
    for variants in BY_TYPE.values():
        assert all(variant.server_made == variants[0].server_made for variant in variants)


@pytest.mark.parametrize(("count", "words"), [(1, "1 block carries"), (2, "2 blocks carry")])
def test_it_counts_blocks_in_good_grammar(count: int, words: str) -> None:
    waits = [{**step(f"W{n}", f"W{n + 1}"), "schema": {"x": 1}} for n in range(count)]
    problems = check(journey(*waits, step(f"W{count}")))
    assert any(one.text.startswith(f"{words} parts that the server makes") for one in problems)
