"""Version 0.5 in version 1.0, with each change told."""

import copy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journeys.blocks.conversion import to_1_0
from journeys.spec.document import dumps
from tests.depth import deep

JUNK = st.recursive(
    st.none() | st.booleans() | st.integers(0, 9) | st.sampled_from(["", "true", "B", "7"]),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("ab"), inner, max_size=2)
    ),
    max_leaves=4,
)
MEMBERS = (
    "duration durationUnits specifiedTime timeZone emailToSend emailAddress phoneNumber".split()
)
MEMBERS += "criteria triggeredSend when".split()
PARTS = st.fixed_dictionaries({}, optional=dict.fromkeys(MEMBERS, JUNK))
OUTCOME = st.fixed_dictionaries(
    {}, optional={"key": JUNK, "next": JUNK, "arguments": PARTS | JUNK, "metaData": JUNK}
)
STEP = st.fixed_dictionaries(
    {"type": st.sampled_from(["Wait", "Email", "Decision", "SMS", "randomSplit", "Odd"]) | JUNK},
    optional={
        "key": JUNK,
        "outcomes": st.lists(OUTCOME | JUNK, max_size=2) | JUNK,
        "arguments": PARTS | JUNK,
        "configurationArguments": PARTS | JUNK,
        "zz": JUNK,
    },
)
OLD = st.fixed_dictionaries(
    {"key": st.just("old"), "workflowApiVersion": st.just(0.5)},
    optional={
        "triggers": st.lists(
            st.fixed_dictionaries({}, optional={"eventDefinitionKey": JUNK, "metaData": JUNK})
        ),
        "activities": st.lists(STEP, max_size=3) | st.none(),
        "defaults": st.fixed_dictionaries({"email": JUNK}) | JUNK,
    },
)


def old(*activities: dict, **members: object) -> dict:
    return {
        "key": "old",
        "name": "Old",
        "workflowApiVersion": 0.5,
        "activities": list(activities),
        **members,
    }


def converted(step: dict) -> tuple[dict, list[str]]:
    document, told = to_1_0(old(step))
    assert (document["workflowApiVersion"], told[0]) == (1.0, "Spec version: 0.5 becomes 1.0.")
    return document["activities"][0], told[1:]


def test_it_leaves_version_1_0_alone() -> None:
    document = {**old({"type": "Wait"}), "workflowApiVersion": 1.0}
    assert to_1_0(document) == (document, [])


def test_it_converts_a_wait_in_place() -> None:
    wait = {
        "key": "W",
        "type": "Wait",
        "configurationArguments": {"duration": 2, "durationUnits": "days", "zz": 1},
    }
    step, told = converted(wait)
    assert dumps(step) == dumps(
        {
            "key": "W",
            "type": "WAIT",
            "configurationArguments": {"waitDuration": 2, "waitUnit": "DAYS", "zz": 1},
        }
    )
    assert told == [
        "“W”: type Wait becomes WAIT.",
        "“W”: duration becomes waitDuration (2).",
        "“W”: durationUnits becomes waitUnit (DAYS).",
    ]


def test_it_converts_a_wait_among_the_arguments() -> None:
    step, _told = converted(
        {
            "key": "W",
            "type": "WAIT",
            "arguments": {"duration": "2", "timeZone": "UTC", "durationUnits": "h"},
        }
    )
    assert step == {
        "key": "W",
        "type": "WAIT",
        "arguments": {},
        "configurationArguments": {"waitDuration": "2", "waitUnit": "H", "timeZone": "UTC"},
    }


UNTIL_NINE = {
    "duration": "3",
    "durationUnits": "Day",
    "specifiedTime": "09:00",
    "timeZone": "Central Standard Time",
}


def test_it_converts_a_wait_that_holds_until_a_time() -> None:
    wait = {"key": "W", "type": "WAIT", "arguments": UNTIL_NINE, "metaData": {"zz": 1}}
    step, told = converted(wait)
    settings = {
        "waitDuration": "3",
        "waitUnit": "DAYS",
        "specifiedTime": "09:00",
        "timeZone": "Central Standard Time",
    }
    assert step == {
        "key": "W",
        "type": "WAIT",
        "arguments": {},
        "metaData": {"zz": 1, "isExtended": True, "waitType": "durationTime"},
        "configurationArguments": settings,
    }
    assert told[-1] == "“W”: it holds until 09:00, so it is marked as extended to a time of day."


@pytest.mark.parametrize(
    ("members", "meta"),
    [
        ({"specifiedTime": ""}, {}),
        ({"specifiedTime": None}, {}),
        ({}, {"isExtended": False}),
        ({}, {"waitType": "duration"}),
        ({"specificDate": "2030-01-01"}, {}),
        ({"waitEndDateAttributeExpression": "{{Event.x.Date}}"}, {}),
    ],
)
def test_it_extends_no_other_wait(members: dict, meta: dict) -> None:
    wait = {
        "key": "W",
        "type": "WAIT",
        "configurationArguments": {**UNTIL_NINE, **members},
        "metaData": meta,
    }
    assert converted(wait)[0]["metaData"] == meta


@pytest.mark.parametrize(
    ("old_unit", "unit"),
    [("day", "DAYS"), ("Hour", "HOURS"), ("Months", "MONTHS"), ("h", "H"), ("", "")],
)
def test_it_knows_units_in_the_singular(old_unit: str, unit: str) -> None:
    wait = {"key": "W", "type": "WAIT", "configurationArguments": {"durationUnits": old_unit}}
    assert converted(wait)[0]["configurationArguments"] == {"waitUnit": unit}


def test_it_converts_an_email_and_makes_its_address_the_journeys() -> None:
    arguments = {"emailToSend": "42", "emailAddress": "{{Contact.Default.Email}}", "zz": 1}
    document, told = to_1_0(
        old({"key": "E", "name": "Welcome", "type": "Email", "arguments": arguments})
    )
    assert document == {
        "key": "old",
        "name": "Old",
        "workflowApiVersion": 1.0,
        "activities": [
            {
                "key": "E",
                "name": "Welcome",
                "type": "EMAILV2",
                "arguments": {"zz": 1},
                "configurationArguments": {
                    "applicationExtensionKey": "jb-email-activity",
                    "triggeredSend": {"emailId": 42},
                },
            }
        ],
        "defaults": {"email": ["{{Contact.Default.Email}}"]},
    }
    assert told[1:] == [
        "“Welcome”: type Email becomes EMAILV2.",
        "“Welcome”: emailToSend becomes the email 42 of the send.",
        "“Welcome”: emailAddress “{{Contact.Default.Email}}” becomes a default of the journey.",
    ]


def test_it_converts_a_decision_of_true_and_false() -> None:
    ways = [
        {"key": "y", "next": "A", "arguments": {"when": True}},
        {"key": "n", "next": None, "arguments": {"when": "false"}},
    ]
    step, told = converted(
        {
            "key": "D",
            "type": "Decision",
            "outcomes": ways,
            "configurationArguments": {"criteria": "<F/>"},
        }
    )
    assert step == {
        "key": "D",
        "type": "MULTICRITERIADECISION",
        "outcomes": [
            {"key": "y", "next": "A", "arguments": {}, "metaData": {"label": "Yes"}},
            {"key": "remainder_path", "arguments": {}, "metaData": {"label": "Remainder"}},
        ],
        "configurationArguments": {"criteria": {"y": "<F/>"}},
    }
    assert told[-1] == "“D”: a path that ends loses its empty “next”."


def test_it_keeps_what_it_cannot_convert_and_says_so() -> None:
    decision = {"key": "D", "type": "Decision", "configurationArguments": {"criteria": {"a": 1}}}
    odd = {"key": "O", "type": "Carousel"}
    assert converted(decision) == (
        decision,
        ["“D”: type Decision cannot be converted from what it holds. Check it by hand."],
    )
    assert converted(odd) == (
        odd,
        ["“O”: type Carousel has no other name in 1.0 and is kept. Check it by hand."],
    )


def test_it_keeps_an_sms_but_takes_its_number() -> None:
    document, told = to_1_0(
        old({"key": "S", "type": "SMS", "arguments": {"smsToSend": "m", "phoneNumber": "{{x}}"}})
    )
    assert document["activities"] == [{"key": "S", "type": "SMS", "arguments": {"smsToSend": "m"}}]
    assert document["defaults"] == {"mobileNumber": ["{{x}}"]}
    assert "choose the message by hand" in told[-1]


def test_it_moves_the_event_key_of_a_trigger() -> None:
    trigger = {"key": "T", "type": "Event", "eventDefinitionKey": "sign-up"}
    document, _told = to_1_0(old(triggers=[trigger]))
    assert document["triggers"] == [
        {"key": "T", "type": "Event", "metaData": {"eventDefinitionKey": "sign-up"}}
    ]


@settings(max_examples=deep(50, 200))
@given(OLD)
def test_it_converts_anything_and_changes_nothing_in_place(document: dict) -> None:
    before = copy.deepcopy(document)
    made, told = to_1_0(document)
    assert document == before and made["workflowApiVersion"] == 1.0
    assert all(isinstance(line, str) and line for line in told)
    assert to_1_0(made) == (made, [])
