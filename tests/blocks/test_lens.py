"""Which card opens a block, and how it reads."""

import pytest

from journeys.blocks import lens, sentence
from journeys.blocks.locked import Locked, Unknown
from tests.blocks.browser import save

CONFIGURATION = "configurationArguments"


@pytest.mark.parametrize(
    ("kind", "name", "slug"),
    [
        ("activity", "Wait", "wait"),
        ("activity", "WAIT", "wait"),
        ("activity", "wait", "wait"),
        ("activity", "randomSplit", "random-split"),
        ("activity", "EmailV2", "email"),
        ("trigger", "apievent", "api-event"),
        ("trigger", "Event", "event"),
        ("trigger", "ContactDecision", "contact-decision"),
        ("goal", "Event", "goal"),
        ("goal", "ContactDecision", "goal"),
    ],
)
def test_it_reads_types_in_any_case(kind: str, name: str, slug: str) -> None:
    opened = lens({"key": "K", "type": name}, kind)
    assert (opened.slug, opened.editable, opened.kind) == (slug, True, kind)


@pytest.mark.parametrize(
    "block",
    [
        {"type": "WAIT", CONFIGURATION: {"waitForEventKey": "an-event"}},
        {
            "type": "WAIT",
            CONFIGURATION: {"specificDate": "2026-01-01"},
            "metaData": {"uiType": "WAITBYDURATION"},
        },
        {"type": "WAIT", "metaData": {"uiType": "WAITBYMOON"}},
        {"type": "WAIT", "metaData": {"waitType": "event"}},
        {"type": "WAIT", CONFIGURATION: []},
        {"type": "EMAILV2", CONFIGURATION: {"triggeredSend": "[1]"}},
        {"type": "RANDOMSPLIT", "outcomes": {}},
        {"type": "RANDOMSPLIT", "outcomes": [{"key": "a", "arguments": []}]},
        {"type": "ENGAGEMENTDECISION", CONFIGURATION: {"engagementUrls": []}},
        {"type": "STOWAIT", CONFIGURATION: {"params": "{}"}},
        {"type": "PUSHNOTIFICATIONACTIVITY"},
    ],
)
def test_it_locks_what_a_form_cannot_hold(block: dict) -> None:
    opened = lens(block, "activity")
    assert issubclass(opened, Locked) and opened.known and opened.icon != "unknown"
    assert opened({}, block=block, document={}).written() == block


@pytest.mark.parametrize("block", [{}, {"type": None}, {"type": "MYSTERY"}, {"type": ["WAIT"]}])
@pytest.mark.parametrize("kind", ["trigger", "goal", "exit", "activity"])
def test_it_shows_unheard_of_types_as_unknown(block: dict, kind: str) -> None:
    opened = lens(block, kind)
    assert issubclass(opened, Unknown) and not opened.known and opened.kind == kind


DATE = '{{Event.x."Birthday"}}'


@pytest.mark.parametrize(
    ("configuration", "meta", "slug"),
    [
        ({}, {}, "wait"),
        (
            {"waitEndDateAttributeExpression": "", "specificDate": None, "waitForEventKey": ""},
            {},
            "wait",
        ),
        ({"waitEndDateAttributeExpression": DATE}, {}, "wait-by-attribute"),
        ({}, {"uiType": "WAITBYATTRIBUTE"}, "wait-by-attribute"),
        (
            {"waitEndDateAttributeExpression": DATE},
            {"uiType": "WAITBYATTRIBUTE", "waitType": "x"},
            "wait-by-attribute",
        ),
        ({"specificDate": "2027-03-31"}, {}, "wait-until-date"),
        ({}, {"uiType": "WAITUNTILDATE"}, "wait-until-date"),
    ],
)
def test_it_tells_waits_apart(configuration: dict, meta: dict, slug: str) -> None:
    opened = lens(
        {"key": "W", "type": "Wait", CONFIGURATION: configuration, "metaData": meta}, "activity"
    )
    assert (opened.slug, opened.editable) == (slug, True)


def test_it_locks_a_wait_as_the_kind_it_is() -> None:
    block = {"type": "WAIT", "metaData": {"uiType": "WAITUNTILDATE"}, CONFIGURATION: []}
    assert (lens(block, "activity").label, lens(block, "activity").editable) == (
        "Wait until date",
        False,
    )


def test_it_locks_blocks_of_spec_0_5() -> None:
    block = {"key": "W", "type": "WAIT"}
    assert not lens(block, "activity", {"workflowApiVersion": 0.5}).editable
    assert lens(block, "activity", {"workflowApiVersion": 1.0}).editable


WAIT = {"waitDuration": 3, "waitUnit": "DAYS"}
PATH = "Path 1, 33 %"
SEND_TIME = "Best time within 12 hours"


@pytest.mark.parametrize(
    ("kind", "block", "said"),
    [
        ("activity", {"type": "WAIT", CONFIGURATION: WAIT}, "Wait 3 days"),
        ("activity", {"type": "WAIT", CONFIGURATION: {**WAIT, "waitDuration": "1"}}, "Wait 1 day"),
        ("activity", {"type": "WAIT", CONFIGURATION: {"waitDuration": "{{x}}"}}, "Wait {{x}}"),
        ("activity", {"type": "WAIT"}, "Wait"),
        (
            "activity",
            {
                "type": "WAIT",
                CONFIGURATION: {**WAIT, "specifiedTime": "09:00"},
                "metaData": {"isExtended": True},
            },
            "Wait 3 days, until 09:00",
        ),
        (
            "activity",
            {
                "type": "WAIT",
                CONFIGURATION: {**WAIT, "specifiedTime": "9am"},
                "metaData": {"waitType": "durationTime"},
            },
            "Wait 3 days, until 9am",
        ),
        (
            "activity",
            {"type": "WAIT", CONFIGURATION: {"waitEndDateAttributeExpression": DATE}},
            "Wait until Birthday",
        ),
        (
            "activity",
            {
                "type": "WAIT",
                CONFIGURATION: {
                    "waitEndDateAttributeExpression": DATE,
                    "waitDuration": -3,
                    "waitUnit": "DAYS",
                },
                "metaData": {"attribute": {"displayName": "Date of birth"}},
            },
            "Wait until 3 days before Date of birth",
        ),
        (
            "activity",
            {
                "type": "WAIT",
                CONFIGURATION: {
                    "waitEndDateAttributeExpression": "{{Contact.Attribute.Order.Delivery}}",
                    **WAIT,
                    "specifiedTime": "09:00",
                },
                "metaData": {"isExtended": True},
            },
            "Wait until 3 days after Delivery, at 09:00",
        ),
        (
            "activity",
            {"type": "WAIT", "metaData": {"uiType": "WAITBYATTRIBUTE"}},
            "Wait by attribute",
        ),
        (
            "activity",
            {"type": "WAIT", CONFIGURATION: {"specificDate": "2027-03-31T00:00:00"}},
            "Wait until 2027-03-31",
        ),
        (
            "activity",
            {"type": "WAIT", CONFIGURATION: {"specificDate": "Easter", "specifiedTime": "09:00"}},
            "Wait until Easter, 09:00",
        ),
        (
            "activity",
            {
                "type": "ENGAGEMENTDECISION",
                CONFIGURATION: {"refActivityCustomerKey": "EMAILV2-1", "statsTypeId": 2},
                "metaData": {"refActivityName": "Welcome 1"},
            },
            "If opened Welcome 1",
        ),
        (
            "activity",
            {
                "type": "ENGAGEMENTDECISION",
                CONFIGURATION: {"refActivityCustomerKey": "EMAILV2-1", "statsTypeId": "6"},
            },
            "If EMAILV2-1 bounced",
        ),
        ("activity", {"type": "ENGAGEMENTDECISION"}, "Engagement split"),
        ("activity", {"type": "STOWAIT"}, "Send-time optimisation"),
        (
            "activity",
            {"type": "STOWAIT", CONFIGURATION: {"params": {"slidingWindowHours": 12}}},
            SEND_TIME,
        ),
        (
            "activity",
            {"type": "ABNTEST", "outcomes": [{"arguments": {"percentage": 50}}] * 2},
            "Test paths 50 / 50",
        ),
        ("activity", {"type": "ABNTESTSTOP"}, "End of the path optimizer"),
        (
            "activity",
            {
                "type": "DATAEXTENSIONUPDATE",
                "metaData": {"cachedFieldName": "Tier", "dataExtensionName": "Members"},
            },
            "Set Tier in Members",
        ),
        ("activity", {"type": "DATAEXTENSIONUPDATE"}, "Update data extension"),
        ("activity", {"type": "SMSSYNC"}, "Send SMS"),
        ("activity", {"type": "PUSHNOTIFICATIONACTIVITY", "name": "Hi"}, "Push message: Hi"),
        ("activity", {"type": "EMAILV2", "name": "Welcome 1"}, "Send Welcome 1"),
        (
            "activity",
            {"type": "EMAILV2", CONFIGURATION: {"triggeredSend": {"name": "Hello"}}},
            "Send Hello",
        ),
        ("activity", {"type": "EMAILV2"}, "Send email"),
        ("activity", {"type": "RANDOMSPLIT"}, "Random split"),
        ("activity", {"type": "SMSSYNC", "name": "Reminder"}, "Send SMS: Reminder"),
        ("activity", {"type": "MYSTERY", "name": "Odd"}, "MYSTERY: Odd"),
        ("activity", {}, "Unknown type"),
        (
            "trigger",
            {"type": "APIEvent", "key": "TRIGGER", "name": "Signed up"},
            "Entered by Signed up",
        ),
        ("trigger", {"type": "APIEvent", "key": "TRIGGER", "name": "TRIGGER"}, "API event"),
        (
            "goal",
            {
                "type": "Event",
                "name": "Bought",
                "metaData": {"conversionValue": "10", "conversionUnit": "percentage"},
            },
            "Bought, 10 %",
        ),
        ("exit", {"type": "ExitCriteria"}, "Exit criteria"),
    ],
)
def test_it_reads_as_a_sentence(kind: str, block: dict, said: str) -> None:
    assert sentence(block, kind) == said


@pytest.mark.parametrize(
    ("name", "outcome", "said"),
    [
        ("RANDOMSPLIT", {"arguments": {"percentage": 50}, "metaData": {"label": "50%"}}, "50 %"),
        (
            "RANDOMSPLIT",
            {"arguments": {"percentage": "50"}, "metaData": {"label": "Offer A"}},
            "Offer A, 50 %",
        ),
        (
            "MULTICRITERIADECISION",
            {"key": "remainder_path", "metaData": {"label": None}},
            "Remainder",
        ),
        ("ENGAGEMENTDECISION", {"arguments": {"when": True}}, "Yes"),
        ("ENGAGEMENTDECISION", {"arguments": {"when": "false"}}, "No"),
        ("RESTDECISION", {"arguments": {"branchResult": "viewed"}}, "viewed"),
        ("ABNTEST", {"arguments": {"percentage": 33}}, "33 %"),
        (
            "ABNTEST",
            {"arguments": {"percentage": 33}, "metaData": {"pathName": "Path 1", "label": "33%"}},
            PATH,
        ),
        ("ABNTEST", {"metaData": {"label": "A"}}, "A"),
        ("WAIT", {}, ""),
    ],
)
def test_it_labels_paths(name: str, outcome: dict, said: str) -> None:
    block = {"type": name, "outcomes": [outcome]}
    assert lens(block, "activity").outcome_label(block, outcome) == said


def test_an_entry_source_has_no_name_where_marketing_cloud_gave_it_one() -> None:
    block = {"key": "TRIGGER", "name": "TRIGGER", "type": "APIEvent", "metaData": {}}
    opened = lens(block, "trigger")
    form = opened(block=block, document={"triggers": [block]})
    assert form.fields["name"].shown == ""
    assert save(opened, block, {}) == block
    assert save(opened, block, {"name": "Signed up"}) == {**block, "name": "Signed up"}
