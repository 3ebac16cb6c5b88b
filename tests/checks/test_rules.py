"""Each rule reports its fault at its place, and a whole journey has none."""

import pytest

from journeys.blocks import BY_SLUG
from journeys.checks import CHECKS, check
from journeys.checks.shape import steps_are_few
from journeys.spec.document import blank

CONFIGURATION = "configurationArguments"


def step(key: str, to: object = None, **members: object) -> dict:
    """A wait that leads to another step, or nowhere."""
    block = {**BY_SLUG["wait"].new(key, {}), **members}
    outcome = {"key": f"{key}-out", **({} if to is None else {"next": to})}
    return {**block, "outcomes": [outcome]}


def email(key: str, to: str) -> dict:
    block = BY_SLUG["email"].new(key, {})
    send = {"emailId": 42, "emailSubject": "Hello", "sendClassificationId": "an-id"}
    return {
        **block,
        "name": "Welcome 1",
        "outcomes": [{"key": "out", "next": to}],
        CONFIGURATION: {**block[CONFIGURATION], "triggeredSend": send},
    }


def trigger(slug: str = "api-event") -> dict:
    lens = BY_SLUG[slug]
    block = lens.new("TRIGGER", {})
    event_key = f"{lens.event_prefix}1"
    return {**block, "metaData": {**block["metaData"], "eventDefinitionKey": event_key}}


def journey(*activities: dict, **members: object) -> dict:
    steps = list(activities) or [email("EMAILV2-1", "W-1"), step("W-1")]
    return {
        **blank("welcome", "Welcome series"),
        "triggers": [trigger()],
        "activities": steps,
        **members,
    }


def found(document: dict) -> list[tuple[str, str, str]]:
    return [(problem.id, problem.severity, str(problem.address)) for problem in check(document)]


def test_it_finds_nothing_in_a_whole_journey() -> None:
    assert found(journey()) == []


def test_it_advises_on_an_empty_journey() -> None:
    assert found(blank("welcome", "Welcome series")) == [
        ("trigger-missing", "advice", "journey: triggers"),
        ("steps-missing", "advice", "journey: activities"),
    ]


@pytest.mark.parametrize(
    ("members", "problem"),
    [
        ({"key": " "}, ("key-missing", "blocking", "journey: key")),
        ({"key": "k" * 201}, ("key-long", "blocking", "journey: key")),
        ({"name": ""}, ("name-missing", "blocking", "journey: name")),
        ({"name": "n" * 81}, ("name-long", "advice", "journey: name")),
        ({"name": "n" * 201}, ("name-too-long", "blocking", "journey: name")),
        ({"name": "Rob's"}, ("name-characters", "blocking", "journey: name")),
        ({"description": "a/b"}, ("description-characters", "blocking", "journey: description")),
        (
            {"workflowApiVersion": None},
            ("version-missing", "blocking", "journey: workflowApiVersion"),
        ),
        ({"workflowApiVersion": 2}, ("version-unknown", "blocking", "journey: workflowApiVersion")),
        ({"workflowApiVersion": "1.0"}, ("version-text", "advice", "journey: workflowApiVersion")),
        ({"status": "Draft"}, ("server-field", "advice", "journey: status")),
        ({"stats": {"metGoal": 0}}, ("server-field", "advice", "journey: stats")),
        ({"entryMode": "NotSet"}, ("entry-mode-missing", "advice", "journey: entryMode")),
        ({"entryMode": "Twice"}, ("entry-mode-unknown", "blocking", "journey: entryMode")),
        (
            {"definitionType": "Odd"},
            ("definition-type-unknown", "blocking", "journey: definitionType"),
        ),
        ({"defaults": {}}, ("default-email-missing", "advice", "journey: defaults.email")),
        ({"metaData": []}, ("shape-object", "blocking", "journey: metaData")),
        (
            {"defaults": {"email": ["{{Contact.Default.Email}}"], "properties": []}},
            ("shape-object", "blocking", "journey: defaults.properties"),
        ),
        (
            {"defaults": {"email": "a@b.example"}},
            ("shape-list", "blocking", "journey: defaults.email"),
        ),
        (
            {"defaults": {"email": [" ", ""]}},
            ("default-email-missing", "advice", "journey: defaults.email"),
        ),
        ({"tags": {}}, ("shape-list", "blocking", "journey: tags")),
        ({"notifiers": {}}, ("shape-list", "blocking", "journey: notifiers")),
        ({"metaData": None}, ("shape-null", "advice", "journey: metaData")),
        ({"description": None}, ("shape-null", "advice", "journey: description")),
        ({"goals": None}, ("shape-null", "advice", "journey: goals")),
        ({"name": "{{{prefix}}} hello"}, ("placeholder", "blocking", "journey: name")),
        (
            {"defaults": {"email": ["{{{address}}}"]}},
            ("placeholder", "blocking", "journey: defaults.email[0]"),
        ),
    ],
)
def test_it_checks_the_journeys_own_members(members: dict, problem: tuple) -> None:
    assert found(journey(**members)) == [problem]


@pytest.mark.parametrize(
    ("activities", "problem"),
    [
        ([step("A", "")], ("next-empty", "blocking", "activity A: outcomes[A-out].next")),
        ([step("A", "Z")], ("next-dangling", "blocking", "activity A: outcomes[A-out].next")),
        ([step("A", ["Z"])], ("next-dangling", "blocking", "activity A: outcomes[A-out].next")),
        ([email("E", "E")], ("cycle", "blocking", "activity E")),
        ([step("A"), step("B")], ("root-several", "blocking", "activity B")),
        ([email("E", "A"), step("A", "B"), step("B")], ("wait-after-wait", "advice", "activity A")),
        ([step("A", arguments=[])], ("shape-object", "blocking", "activity A: arguments")),
        ([step("A", arguments=None)], ("shape-null", "advice", "activity A: arguments")),
        ([step("A", name=None)], ("shape-null", "advice", "activity A: name")),
        (
            [step("A", metaData={"isConfigured": False})],
            ("step-not-configured", "advice", "activity A: metaData.isConfigured"),
        ),
        ([step("A", type="WAITFORIT")], ("type-unknown", "advice", "activity A: type")),
        (
            [step("A", configurationArguments={"waitDuration": 2, "waitUnit": "MINUTES"})],
            ("last-wait-short", "advice", "activity A: configurationArguments.waitDuration"),
        ),
    ],
)
def test_it_checks_the_path(activities: list, problem: tuple) -> None:
    assert found(journey(*activities)) == [problem]


@pytest.mark.parametrize("minutes", [1, 5])
def test_it_calls_no_wait_short_that_holds_until_a_time_of_day(minutes: int) -> None:
    settings = {"waitUnit": "MINUTES", "specifiedTime": "09:00", "timeZone": "GMT Standard Time"}
    wait = step(
        "W",
        configurationArguments={"waitDuration": minutes, **settings},
        metaData={"isExtended": True},
    )
    assert found(journey(email("E", "W"), wait)) == []


def test_it_advises_against_null_at_the_end_of_a_path() -> None:
    ending = {**step("A"), "outcomes": [{"key": "out", "next": None}]}
    assert found(journey(ending)) == [("next-null", "advice", "activity A: outcomes[out].next")]


def test_it_advises_a_wait_at_the_end_of_a_path() -> None:
    last = {**email("E", ""), "outcomes": [{"key": "out"}]}
    assert found(journey(last)) == [("path-end-wait", "advice", "activity E")]
    assert ("path-end-wait", "advice", "activity E") not in found(
        journey(last, definitionType="Quicksend")
    )


def test_it_asks_where_a_step_stands_though_no_form_can_hold_it() -> None:
    split = BY_SLUG["engagement-split"].new("S", {})
    split["outcomes"] = [{**way, "next": "W"} for way in split["outcomes"]]
    split[CONFIGURATION] = {
        "refActivityCustomerKey": "NOPE",
        "statsTypeId": 2,
        "engagementUrls": [],
    }
    assert found(journey(email("E", "A"), step("A", "S"), split, step("W"))) == [
        (
            "engagement-split-email-unknown",
            "blocking",
            "activity S: configurationArguments.refActivityCustomerKey",
        ),
        ("shape-unreadable", "advice", "activity S: configurationArguments.engagementUrls"),
    ]


def two_ways(block: dict) -> dict:
    return {**block, "outcomes": [{"key": "x"}, {"key": "y"}]}


def test_it_advises_on_more_than_one_path_out_of_a_step_that_has_one() -> None:
    slugs = {slug for slug, lens in BY_SLUG.items() if lens.one_way}
    waits = {"wait", "wait-by-attribute", "wait-until-date"}
    assert slugs >= waits | {"email", "update-contact", "salesforce", "send-time"}
    assert not any(len(BY_SLUG[slug].new("S", {})["outcomes"]) > 1 for slug in slugs)
    paths = ("step-paths", "advice", "activity S: outcomes")
    assert all(paths in found(journey(two_ways(BY_SLUG[slug].new("S", {})))) for slug in slugs)
    assert paths in found(journey(two_ways(step("S", configurationArguments=[]))))
    assert paths not in found(journey(two_ways(BY_SLUG["custom-activity"].new("S", {}))))


def test_it_advises_on_paths_of_an_entry_source() -> None:
    leading = {**trigger(), "outcomes": [{"key": "x", "next": "W-1"}]}
    odd = {**leading, "type": "MYSTERY"}
    assert found(journey(triggers=[leading])) == [
        ("trigger-outcomes", "advice", "trigger TRIGGER: outcomes")
    ]
    assert ("trigger-outcomes", "advice", "trigger TRIGGER: outcomes") in found(
        journey(triggers=[odd])
    )


def test_it_finds_twin_keys() -> None:
    twins = {**step("A"), "outcomes": [{"key": "x", "next": "B"}, {"key": "x", "next": "B"}]}
    assert found(journey(twins, email("B", "C"), step("C"))) == [
        ("outcome-key-duplicate", "blocking", "activity A: outcomes"),
        ("wait-first", "advice", "activity A"),
        ("step-paths", "advice", "activity A: outcomes"),
    ]
    assert ("step-key-duplicate", "blocking", "activity A: key") in found(
        journey(step("A"), step("A"))
    )


def test_it_finds_blocks_without_a_key_and_a_type() -> None:
    ids = {problem.id for problem in check(journey(step("A"), {"name": "Lost"}))}
    assert {"block-key-missing", "type-missing"} <= ids


FILTER = (
    '<FilterDefinition><ConditionSet Operator="AND"><Condition IsEphemeralAttribute="true" '
    'Key="Event.APIEvent-1.Tier" Operator="IsNull"/></ConditionSet></FilterDefinition>'
)


def test_it_allows_one_trigger_and_one_goal() -> None:
    goal = BY_SLUG["goal"].new("GOAL", {})
    goal = {
        **goal,
        CONFIGURATION: {"criteria": FILTER},
        "metaData": {**goal["metaData"], "conversionValue": "10"},
    }
    assert found(journey(triggers=[trigger(), trigger()], goals=[goal, goal])) == [
        ("trigger-several", "blocking", "trigger TRIGGER"),
        ("goal-several", "blocking", "goal GOAL"),
    ]


def test_it_advises_at_most_100_steps() -> None:
    long = [email(f"E-{n}", f"E-{n + 1}") for n in range(100)]
    assert found(journey(*long, step("E-100"))) == [("steps-many", "advice", "journey: activities")]


def test_it_tells_many_steps_as_people_write_numbers():
    (problem,) = steps_are_few({"activities": [{"key": str(number)} for number in range(8000)]})
    assert "8,000 steps" in problem.text


def test_it_asks_of_spec_0_5_only_what_holds_for_both() -> None:
    old = {"key": "old", "name": "Old", "workflowApiVersion": 0.5}
    assert (
        found(
            {
                **old,
                "activities": [{"key": "A", "type": "EMAIL", "arguments": {"emailToSend": "1"}}],
            }
        )
        == []
    )
    assert found({**old, "activities": [step("A", "Z")]}) == [
        ("next-dangling", "blocking", "activity A: outcomes[A-out].next")
    ]


def test_it_wants_each_placeholder_filled_in_once() -> None:
    place = f"{CONFIGURATION}.triggeredSend.sendClassificationId"
    send = {
        "emailId": 42,
        "emailSubject": "Hello",
        "sendClassificationId": "{{{send classification id}}}",
    }
    first, second = (
        {**email(key, to), CONFIGURATION: {"triggeredSend": send}} for key, to in ("EF", "FW")
    )
    found = [one for one in check(journey(first, second, step("W"))) if one.id == "placeholder"]
    assert [(one.severity, str(one.address)) for one in found] == [
        ("blocking", f"activity E: {place}")
    ]
    assert (
        found[0].text
        == "“{{{send classification id}}}” is still to be filled in at 2 places, else Marketing"
        " Cloud keeps it as it stands. Write what belongs there."
    )


def test_it_takes_no_expression_beside_a_brace_for_a_placeholder() -> None:
    body = '{"who":{{{Contact.Key}}}'
    assert "placeholder" not in {
        one.id for one in check(journey(step("A", arguments={"body": body})))
    }


def test_it_says_what_to_do() -> None:
    [problem] = check(
        journey({**email("E", "W"), CONFIGURATION: {"applicationExtensionKey": "x"}}, step("W"))
    )[:1]
    assert problem.text == "No email is chosen. The send would be refused. Choose one."


def test_it_lists_each_rule_once() -> None:
    assert len(CHECKS) == len(set(CHECKS))


def single(**members: object) -> dict:
    """A single send as Journey Builder makes it."""
    last = {**email("E", ""), "outcomes": [{"key": "out"}]}
    audience = trigger("data-extension")
    meta = {"dataSource": "ContactsModel", "isScheduleSet": True}
    whole = {
        "definitionType": "Quicksend",
        "channel": "email",
        "triggers": [audience],
        "metaData": meta,
    }
    return journey(last, **{**whole, **members})


@pytest.mark.parametrize(
    ("members", "problems"),
    [
        ({}, []),
        ({"triggers": [trigger()]}, [("quicksend-entry", "advice", "trigger TRIGGER: type")]),
        ({"channel": ""}, [("quicksend-channel", "advice", "journey: channel")]),
        ({"metaData": {}}, [("quicksend-schedule", "advice", "journey: metaData.isScheduleSet")]),
        (
            {"activities": [email("E", "W"), step("W")]},
            [("quicksend-steps", "advice", "journey: activities")],
        ),
        ({"activities": [step("W")]}, [("quicksend-message", "advice", "journey: activities")]),
        (
            {"activities": []},
            [
                ("steps-missing", "advice", "journey: activities"),
                ("quicksend-message", "advice", "journey: activities"),
            ],
        ),
        ({"activities": [step("P", type="PUSHNOTIFICATIONACTIVITY")]}, []),
        (
            {"activities": [step("M", type="MYSTERY")]},
            [("type-unknown", "advice", "activity M: type")],
        ),
        ({"definitionType": "Multistep"}, [("multistep-channel", "advice", "journey: channel")]),
        (
            {"definitionType": "Transactional"},
            [("transactional-entry", "advice", "trigger TRIGGER: type")],
        ),
    ],
)
def test_it_checks_the_shape_of_single_sends(members: dict, problems: list) -> None:
    assert [
        problem for problem in found(single(**members)) if problem[0] != "path-end-wait"
    ] == problems


def test_it_advises_against_a_goal_in_a_single_send() -> None:
    assert ("quicksend-goal", "advice", "goal GOAL") in found(
        single(goals=[BY_SLUG["goal"].new("GOAL", {})])
    )


def test_it_checks_the_shape_of_transactional_sends() -> None:
    api = BY_SLUG["transactional-api"].new("TRIGGER", {})
    whole = {
        "definitionType": "Transactional",
        "triggers": [api],
        "metaData": {},
        "defaults": {"properties": {}},
    }
    assert found(single(**whole)) == []
    assert found(single(**whole, activities=[step("W")], channel="")) == [
        ("transactional-message", "advice", "journey: activities")
    ]
    assert ("transactional-kind", "advice", "journey: definitionType") in found(
        single(triggers=[api])
    )


def test_it_advises_on_expressions_that_cannot_resolve() -> None:
    defaults = {"email": ['{{Event.Other."Email"}}']}
    [problem] = check(journey(defaults=defaults))
    assert (problem.id, problem.severity, str(problem.address)) == (
        "expression-other-event",
        "advice",
        "journey: defaults.email[0]",
    )
    assert (
        problem.text
        == '“{{Event.Other."Email"}}” reads event “Other”, but contacts enter by “APIEvent-1”, so'
        " it stays empty. Choose a field of that event."
    )
