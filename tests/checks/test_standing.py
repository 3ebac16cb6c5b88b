"""What is wrong with where a step stands: before it the right steps, behind it the right ones."""

import pytest

from journeys.blocks import BY_SLUG
from journeys.checks import check, repaired
from tests.checks.test_rules import email, journey, step

CONFIGURATION = "configurationArguments"
RULES = ("engagement-split", "send-time", "path-optimizer", "default-mobile")


def found(*steps: dict) -> list[tuple[str, str, str]]:
    problems = [problem for problem in check(journey(*steps)) if problem.id.startswith(RULES)]
    return [(problem.id, problem.severity, str(problem.address)) for problem in problems]


def split(key: str, looks_at: str, yes: str, no: str) -> dict:
    block = BY_SLUG["engagement-split"].new(key, {})
    ways = [
        {**way, "next": target} for way, target in zip(block["outcomes"], (yes, no), strict=True)
    ]
    settings = {**block[CONFIGURATION], "refActivityCustomerKey": looks_at}
    return {**block, "outcomes": ways, CONFIGURATION: settings}


def halves(key: str, one: str, other: str) -> dict:
    block = BY_SLUG["random-split"].new(key, {})
    ways = [{**way, "next": to} for way, to in zip(block["outcomes"], (one, other), strict=True)]
    return {**block, "outcomes": ways}


EMAIL, SPLIT = f"activity S: {CONFIGURATION}.refActivityCustomerKey", "activity S"
ENDS = [step("Y"), step("N")]


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([email("E", "W"), step("W", "S"), split("S", "E", "Y", "N")], []),
        (
            [email("E", "W"), step("W", "S"), split("S", "gone", "Y", "N")],
            [("engagement-split-email-unknown", "blocking", EMAIL)],
        ),
        (
            [email("E", "W"), step("W", "S"), split("S", "W", "Y", "N")],
            [("engagement-split-email-unknown", "blocking", EMAIL)],
        ),
        (
            [step("W", "S"), split("S", "E", "E", "N"), email("E", "Y")],
            [("engagement-split-email-later", "blocking", EMAIL)],
        ),
        (
            [halves("R", "E", "W"), email("E", "W"), step("W", "S"), split("S", "E", "Y", "N")],
            [("engagement-split-email-skipped", "advice", EMAIL)],
        ),
        (
            [email("E", "S"), split("S", "E", "Y", "N")],
            [("engagement-split-wait", "advice", SPLIT)],
        ),
    ],
)
def test_it_wants_the_email_and_a_wait_before_an_engagement_split(
    steps: list, expected: list
) -> None:
    assert found(*steps, *ENDS) == expected


def send_time(to: str | None, **params: object) -> dict:
    block = BY_SLUG["send-time"].new("S", {})
    settings = {**block[CONFIGURATION], "params": {**block[CONFIGURATION]["params"], **params}}
    return {
        **block,
        CONFIGURATION: settings,
        "outcomes": [{"key": "out", **({"next": to} if to else {})}],
    }


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([send_time("E"), email("E", "W")], []),
        ([send_time("E", nextActivity={"key": "E", "type": "EMAILV2"}), email("E", "W")], []),
        (
            [send_time("E", nextActivity={"key": "F"}), email("E", "W")],
            [("send-time-next", "advice", f"activity S: {CONFIGURATION}.params.nextActivity.key")],
        ),
        ([send_time("W")], [("send-time-message", "advice", "activity S: outcomes")]),
        (
            [step("W0", "S"), send_time(None)],
            [("send-time-message", "advice", "activity S: outcomes")],
        ),
    ],
)
def test_it_wants_the_message_behind_send_time_optimisation(steps: list, expected: list) -> None:
    assert found(*steps, step("W")) == expected


def trial(one: str | None = "E", two: str | None = "STOP", end: str = "STOP") -> list[dict]:
    start, stop = BY_SLUG["path-optimizer"].new_steps("A", {})
    start["metaData"]["capsule"] = {**start["metaData"]["capsule"], "endId": end}
    links = [{"next": to} if to else {} for to in (one, two)]
    ways = [
        {**way, "next": None, **link} for way, link in zip(start["outcomes"], links, strict=True)
    ]
    ways = [{name: value for name, value in way.items() if value is not None} for way in ways]
    stop = {**stop, "key": "STOP", "outcomes": [{"key": "out", "next": "W"}]}
    return [{**start, "outcomes": ways}, stop]


MEET = "activity A: outcomes[branchResult-{}].next"


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([*trial(), email("E", "STOP")], []),
        ([*trial(one="STOP")], []),
        ([*trial(), email("E", "W")], [("path-optimizer-meet", "blocking", MEET.format(1))]),
        (
            [*trial(two=None), email("E", "STOP")],
            [("path-optimizer-meet", "blocking", MEET.format(2))],
        ),
        (
            [*trial(), halves("E", "STOP", "F"), email("F", "W")],
            [("path-optimizer-meet", "blocking", MEET.format(1))],
        ),
        (
            [*trial(end="gone"), email("E", "STOP")],
            [
                ("path-optimizer-end", "blocking", "activity A: metaData.capsule.endId"),
                (
                    "path-optimizer-start",
                    "advice",
                    f"activity STOP: {CONFIGURATION}.aBnStartActivityKey",
                ),
            ],
        ),
    ],
)
def test_it_wants_the_paths_of_a_path_optimizer_to_meet(steps: list, expected: list) -> None:
    assert found(*steps, step("W")) == expected


def within(block: dict, start: str, end: str = "STOP") -> dict:
    return {
        **block,
        "metaData": {
            **block["metaData"],
            "capsuleData": {"id": "c", "startId": start, "endId": end},
        },
    }


@pytest.mark.parametrize(
    ("between", "is_told"),
    [
        (email("E", "STOP"), True),
        (within(email("E", "STOP"), "A"), False),
        (within(email("E", "STOP"), "gone"), True),
        ({**email("E", "STOP"), "metaData": {"capsuleData": "A"}}, True),
    ],
)
def test_it_wants_the_steps_of_a_path_optimizer_to_say_where_they_stand(
    between: dict, is_told: bool
) -> None:
    document = journey(*trial(), between, step("W"))
    told = [
        (one.severity, str(one.address), one.repair)
        for one in check(document)
        if one.id == "capsule-data"
    ]
    expected = [("advice", "activity E: metaData.capsuleData", "write-capsule-data")]
    assert told == (expected if is_told else [])


def test_it_takes_a_step_in_two_path_optimizers_for_marked_when_it_names_one() -> None:
    inner, stop = BY_SLUG["path-optimizer"].new_steps(
        "B", {"activities": [{"key": "ABNTESTSTOP-1"}]}
    )
    stop = {**stop, "outcomes": [{"key": "out", "next": "STOP"}]}
    inner["outcomes"][0]["next"] = "E"
    steps = [
        *trial(one="B"),
        within(inner, "A"),
        within(stop, "A"),
        within(email("E", stop["key"]), "B"),
    ]
    assert [one for one in check(journey(*steps, step("W"))) if one.id == "capsule-data"] == []


def test_it_tells_that_a_split_shows_an_old_name_of_its_email() -> None:
    looking = split("S", "E", "Y", "N")
    old = {**looking, "metaData": {**looking["metaData"], "refActivityName": "Spring"}}
    sent = {**email("E", "W"), "name": "Summer"}
    place = "activity S: metaData.refActivityName"
    assert found(sent, step("W", "S"), old, *ENDS) == [("engagement-split-name", "advice", place)]
    same = {**old, "metaData": {**old["metaData"], "refActivityName": "Summer"}}
    assert found(sent, step("W", "S"), same, *ENDS) == []
    [problem] = [
        one
        for one in check(journey(sent, step("W", "S"), old, *ENDS))
        if one.id == "engagement-split-name"
    ]
    assert repaired(journey(sent, step("W", "S"), old, *ENDS), problem) == journey(
        sent, step("W", "S"), same, *ENDS
    )
    send = {**sent[CONFIGURATION]["triggeredSend"], "name": "Summer"}
    unnamed = {**sent, "name": "", CONFIGURATION: {**sent[CONFIGURATION], "triggeredSend": send}}
    assert found(unnamed, step("W", "S"), old, *ENDS) == [
        ("engagement-split-name", "advice", place)
    ]
    assert found(unnamed, step("W", "S"), same, *ENDS) == []


def test_it_wants_a_mobile_number_for_sms() -> None:
    sms = {**BY_SLUG["sms"].new("SMSSYNC-1", {}), "outcomes": [{"key": "out", "next": "W"}]}
    assert found(sms, step("W")) == [
        ("default-mobile-missing", "advice", "journey: defaults.mobileNumber")
    ]
    assert found({**sms, "arguments": {"mobileNumber": '{{Event.E."Phone"}}'}}, step("W")) == []
    blank = journey(sms, step("W"), defaults={"email": ["a"], "mobileNumber": [" "]})
    assert "default-mobile-missing" in {problem.id for problem in check(blank)}
    defaults = {**sms, "arguments": {"mobileNumber": "{{InteractionDefaults.MobileNumber}}"}}
    assert len(found(defaults, step("W"))) == 1


def test_it_finds_the_email_far_before_a_split() -> None:
    steps = [email("E", "W0")]
    for number in range(60):
        steps += [
            step(f"W{number}", f"S{number}"),
            split(f"S{number}", "E", f"W{number + 1}", f"W{number + 1}"),
        ]
    assert found(*steps, step("W60")) == []


def test_it_takes_no_offset_for_a_short_wait() -> None:
    offset = BY_SLUG["wait-by-attribute"].new("W0", {})
    settings = {**offset[CONFIGURATION], "waitDuration": 30, "waitUnit": "MINUTES"}
    problems = check(journey(email("E", "W0"), {**offset, CONFIGURATION: settings}))
    assert not [
        problem.id for problem in problems if problem.id in ("wait-short", "last-wait-short")
    ]
