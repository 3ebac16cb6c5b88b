"""What each type reports about itself."""

import pytest

from journeys.blocks import BY_SLUG, lens
from journeys.blocks.facts import Facts

CONFIGURATION = "configurationArguments"
FILTER = (
    '<FilterDefinition><ConditionSet Operator="AND"><Condition Key="Orders.Total"'
    ' Operator="GreaterThan" '
    'UiMetaData="{&quot;groupToSetRelationshipId&quot;:&quot;r-1&quot;}">'
    "<Value>5</Value></Condition></ConditionSet></FilterDefinition>"
)
SEND = "configurationArguments.triggeredSend"
FIELDS = "arguments.activityData.updateContactFields"


def problems(block: dict, kind: str = "activity") -> list[tuple[str, str, str]]:
    found = lens(block, kind).problems({"key": "K", **block}, Facts())
    return [(problem.id, problem.severity, problem.address.inside) for problem in found]


def wait(meta: dict | None = None, **configuration: object) -> dict:
    settings = {"waitDuration": 1, "waitUnit": "DAYS", **configuration}
    return {"type": "WAIT", CONFIGURATION: settings, "metaData": meta or {}}


EXTENDED = {"isExtended": True, "waitType": "durationTime"}


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        (wait(), []),
        (wait(waitDuration="3"), []),
        (wait(waitDuration=0), [("wait-duration", "blocking", f"{CONFIGURATION}.waitDuration")]),
        (
            wait(waitDuration="1.5"),
            [("wait-duration", "blocking", f"{CONFIGURATION}.waitDuration")],
        ),
        (wait(waitUnit="AEONS"), [("wait-unit", "blocking", f"{CONFIGURATION}.waitUnit")]),
        (wait(EXTENDED, specifiedTime="09:00", timeZone="GMT Standard Time"), []),
        (
            wait(EXTENDED, specifiedTime="9:00", timeZone=""),
            [
                ("wait-time", "blocking", f"{CONFIGURATION}.specifiedTime"),
                ("wait-time-zone", "blocking", f"{CONFIGURATION}.timeZone"),
            ],
        ),
        (
            wait(EXTENDED, specifiedTime="09:00", timeZone="UTC"),
            [("wait-time-zone-unknown", "advice", f"{CONFIGURATION}.timeZone")],
        ),
        (
            wait({"waitType": "durationTime"}, specifiedTime="9am", timeZone="Mars"),
            [
                ("wait-time", "blocking", f"{CONFIGURATION}.specifiedTime"),
                ("wait-time-zone-unknown", "advice", f"{CONFIGURATION}.timeZone"),
            ],
        ),
        (wait({"waitType": "durationTime", "isExtended": False}, specifiedTime="9am"), []),
        (
            {"type": "WAIT", CONFIGURATION: {"duration": 1, "durationUnits": "Days"}},
            [("wait-kind", "blocking", f"{CONFIGURATION}.duration")],
        ),
        (wait(durationUnits="Days"), [("wait-kind", "advice", f"{CONFIGURATION}.durationUnits")]),
        (
            wait({"uiType": "WAITBYDURATION"}, specificDate="2027-03-31"),
            [("wait-kind", "blocking", f"{CONFIGURATION}.specificDate")],
        ),
        (
            wait(specificDate="2027-03-31", waitEndDateAttributeExpression="{{Event.x.y}}"),
            [("wait-kind", "blocking", f"{CONFIGURATION}.specificDate")],
        ),
        (
            wait(waitForEventKey="x", waitDuration=-5, waitUnit="FORTNIGHTS"),
            [
                ("wait-kind", "advice", f"{CONFIGURATION}.waitForEventKey"),
                ("wait-duration", "blocking", f"{CONFIGURATION}.waitDuration"),
                ("wait-unit", "blocking", f"{CONFIGURATION}.waitUnit"),
            ],
        ),
        (
            {"type": "WAIT", "metaData": {"uiType": "WAITBYMOON"}},
            [("wait-kind", "advice", "metaData.uiType")],
        ),
        (wait({"waitType": "event"}), [("wait-kind", "advice", "metaData.waitType")]),
    ],
)
def test_it_checks_waits(block: dict, expected: list) -> None:
    assert problems(block) == expected


@pytest.mark.parametrize(
    ("send", "expected"),
    [
        ({"emailId": 42}, []),
        ({"emailId": "42"}, []),
        ({"emailId": 0}, [("email-missing", "blocking", f"{SEND}.emailId")]),
        ({"emailId": True}, [("email-missing", "blocking", f"{SEND}.emailId")]),
        ({"r__asset_key": "welcome"}, [("email-reference", "advice", f"{SEND}.emailId")]),
        (
            {"emailId": 42, "emailSubject": ""},
            [("email-subject", "advice", f"{SEND}.emailSubject")],
        ),
    ],
)
def test_it_checks_emails(send: dict, expected: list) -> None:
    whole = {"emailSubject": "Hello", "sendClassificationId": "an-id", **send}
    configuration = {"applicationExtensionKey": "jb-email-activity", "triggeredSend": whole}
    assert problems({"type": "EMAILV2", CONFIGURATION: configuration}) == expected


@pytest.mark.parametrize(
    ("shares", "expected"),
    [
        ([50, 50], []),
        (["50", 50], []),
        ([50, 40], [("random-split-sum", "blocking", "outcomes")]),
        (
            [100],
            [
                ("random-split-paths", "blocking", "outcomes"),
                ("random-split-percentage", "blocking", "p0"),
            ],
        ),
        (
            [99.5, "x"],
            [
                ("random-split-percentage", "blocking", "p0"),
                ("random-split-percentage", "blocking", "p1"),
            ],
        ),
    ],
)
def test_it_checks_random_splits(shares: list, expected: list) -> None:
    paths = [
        {"key": f"p{index}", "arguments": {"percentage": share}}
        for index, share in enumerate(shares)
    ]
    full = {f"p{index}": f"outcomes[p{index}].arguments.percentage" for index in range(9)}
    assert problems({"type": "RANDOMSPLIT", "outcomes": paths}) == [
        (rule, severity, full.get(field, field)) for rule, severity, field in expected
    ]


def split(paths: list[str], **criteria: str) -> dict:
    outcomes = [{"key": key} for key in paths]
    return {
        "type": "MULTICRITERIADECISION",
        "outcomes": outcomes,
        CONFIGURATION: {"criteria": criteria},
    }


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        (split(["a", "remainder_path"], a=FILTER), []),
        (split(["a", "rest"], a=FILTER), []),
        (
            split(["a", "b"], a=FILTER, b=FILTER),
            [("decision-split-remainder", "blocking", "outcomes")],
        ),
        (
            split(["a", "remainder_path"]),
            [("decision-split-criteria", "blocking", f"{CONFIGURATION}.criteria.a")],
        ),
        (
            split(
                [*"abcdefghijklmnopqrstu", "remainder_path"],
                **dict.fromkeys("abcdefghijklmnopqrstu", FILTER),
            ),
            [("decision-split-paths", "blocking", "outcomes")],
        ),
    ],
)
def test_it_checks_decision_splits(block: dict, expected: list) -> None:
    assert problems(block) == expected


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([{"dataExtensionId": "d", "field": "f", "value": "v"}], []),
        ([], [("update-contact-empty", "blocking", FIELDS)]),
        (
            [{"dataExtensionId": "d", "value": ""}],
            [
                ("update-contact-field", "blocking", f"{FIELDS}[0].field"),
                ("update-contact-value", "advice", f"{FIELDS}[0].value"),
            ],
        ),
        (
            [{"r__dataExtension_key": "d", "r__dataExtensionField_name": "f", "value": "v"}],
            [
                ("update-contact-dataextensionid", "advice", f"{FIELDS}[0].dataExtensionId"),
                ("update-contact-field", "advice", f"{FIELDS}[0].field"),
            ],
        ),
    ],
)
def test_it_checks_updates(rows: list, expected: list) -> None:
    block = {
        "type": "UPDATECONTACTDATA",
        "arguments": {"activityData": {"updateContactFields": rows}},
    }
    assert problems(block) == expected


EVENT = "metaData.eventDefinitionKey"
OTHER_AUDIENCE = [("trigger-event-audience", "advice", EVENT)]
OTHER_EVENT = [("trigger-event-kind", "blocking", EVENT)]


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        ({"type": "APIEvent", "metaData": {"eventDefinitionKey": "e"}}, []),
        ({"type": "APIEvent"}, [("trigger-event", "blocking", EVENT)]),
        (
            {"type": "APIEvent", "metaData": {"r__event_key": "e"}},
            [("trigger-event-reference", "advice", EVENT)],
        ),
        (
            {"type": "EmailAudience", "eventDefinitionKey": "e"},
            [("trigger-event-place", "advice", EVENT)],
        ),
        ({"type": "ContactEvent"}, [("trigger-event", "advice", EVENT)]),
        ({"type": "AutomationAudience"}, [("trigger-event", "blocking", EVENT)]),
        ({"type": "DateEvent"}, [("trigger-event", "advice", EVENT)]),
        ({"type": "transactional-api"}, []),
        *(
            ({"type": spec_type, "metaData": {"eventDefinitionKey": key}}, expected)
            for spec_type, key, expected in (
                ("APIEvent", "APIEvent-1", []),
                ("apievent", "APIEvent-1", []),
                ("APIEvent", "DEAudience-1", OTHER_EVENT),
                ("APIEvent", "AutomationAud-1", OTHER_EVENT),
                ("EmailAudience", "apievent-1", OTHER_EVENT),
                ("EmailAudience", "AutomationAud-1", OTHER_AUDIENCE),
                ("ContactAudience", "DEAudience-1", OTHER_AUDIENCE),
                ("AutomationAudience", "DEAudience-1", []),
                ("DateEvent", "ContactAudience-1", OTHER_EVENT),
                ("Event", "APIEvent-1", []),
                ("ContactEvent", "DEAudience-1", []),
            )
        ),
    ],
)
def test_it_checks_entry_sources(block: dict, expected: list) -> None:
    assert problems(block, "trigger") == expected


def test_it_says_for_which_entry_source_an_event_is() -> None:
    block = {"type": "APIEvent", "metaData": {"eventDefinitionKey": "DEAudience-1"}}
    (problem,) = lens(block, "trigger").problems(block, Facts())
    assert problem.text == (
        "Its event is one for “Data extension”, so nobody can enter by it. Choose an event for"
        " “API event”, or replace the entry source by “Data extension”."
    )


VALUE = "metaData.conversionValue"


@pytest.mark.parametrize(
    ("meta", "expected"),
    [
        ({"conversionValue": "10", "conversionUnit": "percentage"}, []),
        ({"conversionValue": "250", "conversionUnit": "wholenumber"}, []),
        (
            {"conversionValue": "101", "conversionUnit": "percentage"},
            [("goal-target", "blocking", VALUE)],
        ),
        (
            {"conversionValue": "many", "conversionUnit": "percentage"},
            [("goal-target", "blocking", VALUE)],
        ),
        ({}, [("goal-target-missing", "advice", VALUE)]),
        ({"conversionValue": "10"}, [("goal-unit", "advice", "metaData.conversionUnit")]),
    ],
)
def test_it_checks_goals(meta: dict, expected: list) -> None:
    block = {"type": "Event", CONFIGURATION: {"criteria": FILTER}, "metaData": meta}
    assert problems(block, "goal") == expected


UNREADABLE = ("shape-unreadable", "advice")
PARAMS = f"{CONFIGURATION}.params"


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        (
            {
                "type": "EMAILV2",
                CONFIGURATION: {
                    "applicationExtensionKey": "jb-email-activity",
                    "triggeredSend": [],
                },
            },
            [
                (*UNREADABLE, SEND),
                ("email-missing", "blocking", f"{SEND}.emailId"),
                ("email-subject", "advice", f"{SEND}.emailSubject"),
                ("email-classification", "advice", f"{SEND}.sendClassificationId"),
            ],
        ),
        (
            {**split(["a", "remainder_path"]), CONFIGURATION: {"criteria": []}},
            [
                (*UNREADABLE, f"{CONFIGURATION}.criteria"),
                ("decision-split-criteria", "blocking", f"{CONFIGURATION}.criteria.a"),
            ],
        ),
        (
            {"type": "UPDATECONTACTDATA", "arguments": {"activityData": []}},
            [(*UNREADABLE, "arguments.activityData"), ("update-contact-empty", "blocking", FIELDS)],
        ),
        (
            {
                "type": "UPDATECONTACTDATA",
                "arguments": {"activityData": {"updateContactFields": {"a": 1}}},
            },
            [(*UNREADABLE, FIELDS)],
        ),
        (
            {"type": "STOWAIT", CONFIGURATION: {"params": []}},
            [
                (*UNREADABLE, PARAMS),
                ("send-time-window-missing", "advice", f"{PARAMS}.slidingWindowHours"),
            ],
        ),
        (
            {"type": "WAIT", CONFIGURATION: []},
            [
                ("wait-duration", "blocking", f"{CONFIGURATION}.waitDuration"),
                ("wait-unit", "blocking", f"{CONFIGURATION}.waitUnit"),
            ],
        ),
    ],
)
def test_it_checks_what_no_form_can_hold(block: dict, expected: list) -> None:
    assert problems(block) == expected


def test_it_reports_only_holes_in_fresh_blocks() -> None:
    fresh = {slug: problems(BY_SLUG[slug].new("K", {})) for slug in ("wait", "random-split")}
    assert fresh == {"wait": [], "random-split": []}
