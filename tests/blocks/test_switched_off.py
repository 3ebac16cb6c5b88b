"""What another setting switches off is neither printed nor compared in words."""

import pytest

from journeys import blocks
from journeys.blocks import lens, settings_text
from journeys.blocks.comparing import compare
from journeys.blocks.places import bind, write
from journeys.spec import change_text
from tests.cases import case


def printed(block: dict, kind: str = "activity") -> dict[str, str]:
    groups = settings_text.settings_of(block, kind, {})
    return {one.label: one.value for _title, settings in groups for one in settings}


def step(spec_type: str, **parts: object) -> dict:
    return {"key": "S-1", "name": "S", "type": spec_type, "outcomes": [{"key": "o"}], **parts}


def settings(spec_type: str, **members: object) -> dict:
    return step(spec_type, configurationArguments=members)


def changed(block: dict, place: str, value: object) -> list[str]:
    """The words for a change of one value in the block."""
    before = {"key": "J", "activities": [block]}
    after = {"key": "J", "activities": [write(block, bind(place), value)]}
    return change_text.words(compare(before, after), blocks.sentences(before, after))


WAIT = case("wait-time-of-day-off")["activities"][1]
CUSTOM = {"execute": {"url": "https://example.com", "retryCount": 0, "retryDelay": 1000}}
OBJECT = "arguments.objectMap.objects[0]"


def crm(action: str, processor: str) -> dict:
    field = {"FieldName": "Due", "Processor": processor, "FieldAdjustment": {"NumUnits": "3"}}
    made = {"type": "Task", "action": action, "fields": [field], "lookup": {"lookupObject": "Lead"}}
    return step("SALESCLOUDACTIVITY", arguments={"objectMap": {"objects": [made]}})


OFF = [
    (WAIT, "configurationArguments.specifiedTime", "09:00", "Time of day"),
    (WAIT, "configurationArguments.timeZone", "UTC", "Time zone"),
    (
        step(
            "WAIT",
            configurationArguments={"specificDate": "2027-03-31", "waitDuration": 1},
            metaData={"uiType": "WAITUNTILDATE"},
        ),
        "configurationArguments.waitDuration",
        2,
        "How long",
    ),
    (
        settings("ENGAGEMENTDECISION", statsTypeId=2, engagementUrls={"urls": ["https://a.b"]}),
        "configurationArguments.engagementUrls.urls",
        ["https://c.d"],
        "Links",
    ),
    (
        settings("ABNTEST", winnerEvaluationType="Manual", engagementWinnerMetric="Opens"),
        "configurationArguments.engagementWinnerMetric",
        "Clicks",
        "Winning path has",
    ),
    (
        settings("ABNTEST", holdBackPercentage=0, defaultWaitDaysForHoldBack=3),
        "configurationArguments.defaultWaitDaysForHoldBack",
        4,
        "Hold them back for at most, in days",
    ),
    (
        settings("SMSSYNC", honorBlackoutWindowEnum=0, mobileBlackoutWindowStartTime="22:00"),
        "configurationArguments.mobileBlackoutWindowStartTime",
        "21:00",
        "Blackout from",
    ),
    (
        settings("EMAILV2", triggeredSend={"throttleLimit": 0, "throttleOpens": "1/1/0001"}),
        "configurationArguments.triggeredSend.throttleOpens",
        "8:00",
        "",
    ),
    (step("REST", arguments=CUSTOM), "arguments.execute.retryDelay", 5, "Delay between retries"),
    (crm("Create", "static"), f"{OBJECT}.lookup.lookupObject", "Case", "Look for it among"),
    (
        crm("Update", "static"),
        f"{OBJECT}.fields[0].FieldAdjustment.NumUnits",
        "4",
        "Move the date by",
    ),
]
ON = [
    ({**WAIT, "metaData": {"isExtended": True}}, *OFF[0][1:]),
    (
        settings("ENGAGEMENTDECISION", statsTypeId=3, engagementUrls={"urls": ["https://a.b"]}),
        *OFF[3][1:],
    ),
    (
        settings("ABNTEST", winnerEvaluationType="Engagement", engagementWinnerMetric="Opens"),
        *OFF[4][1:],
    ),
    (
        settings("SMSSYNC", honorBlackoutWindowEnum=1, mobileBlackoutWindowStartTime="22:00"),
        *OFF[6][1:],
    ),
    (crm("Update", "dateContactEnters"), *OFF[10][1:]),
]


@pytest.mark.parametrize(("block", "place", "value", "label"), OFF)
def test_it_says_nothing_of_what_is_off(block: dict, place: str, value: object, label: str) -> None:
    assert lens(block, "activity").editable
    shown = printed(block)
    assert not [one for one in shown if label and one.startswith(label)]
    name = blocks.sentence(block, "activity")
    assert changed(block, place, value) == [f"{name}: {change_text.SWITCHED_OFF}"]


@pytest.mark.parametrize(("block", "place", "value", "label"), ON)
def test_it_tells_what_is_on(block: dict, place: str, value: object, label: str) -> None:
    assert label in printed(block)
    [told] = changed(block, place, value)
    assert change_text.SWITCHED_OFF not in told


@pytest.mark.parametrize(
    ("block", "place", "label"),
    [
        (
            settings("EMAILV2", triggeredSend={"throttleLimit": 0}),
            "configurationArguments.triggeredSend.throttleLimit",
            "Emails per hour",
        ),
        (
            settings("SMSSYNC", honorBlackoutWindowEnum=0),
            "configurationArguments.honorBlackoutWindowEnum",
            "Blackout window",
        ),
        (
            settings("ABNTEST", holdBackPercentage=0),
            "configurationArguments.holdBackPercentage",
            "Hold back, in percent",
        ),
    ],
)
def test_it_prints_no_number_that_means_none_but_tells_when_it_is_set(
    block: dict, place: str, label: str
) -> None:
    assert label not in printed(block)
    assert printed(write(block, bind(place), 1))[label] == "1"
    [told] = changed(block, place, 1)
    assert told.endswith("0 → 1")


def test_it_prints_no_time_and_no_zone_of_a_wait_that_ends_at_any_time() -> None:
    assert printed(WAIT) == {"How long": "1 day"}


def test_it_tells_only_what_is_on_of_a_block_that_changed_in_both() -> None:
    other = write(WAIT, bind("configurationArguments.waitDuration"), 3)
    other = write(other, bind("configurationArguments.specifiedTime"), "09:00")
    documents = [{"key": "J", "activities": [one]} for one in (WAIT, other)]
    assert change_text.words(compare(*documents), blocks.sentences(*documents)) == [
        "Wait 1 day: duration 1 day → 3 days"
    ]


def test_it_tells_the_time_of_a_wait_that_gets_one_and_of_one_that_loses_it() -> None:
    on = write(WAIT, bind("metaData.isExtended"), True)
    on = write(on, bind("configurationArguments.specifiedTime"), "09:00")
    for documents in ((WAIT, on), (on, WAIT)):
        whole = [{"key": "J", "activities": [one]} for one in documents]
        told = change_text.words(compare(*whole), blocks.sentences(*whole))
        assert any("time of day" in sentence for sentence in told)


def test_it_leaves_out_what_the_journey_does_not_track() -> None:
    def tracked(enabled: bool, domains: list[str]) -> dict:
        tracking = {"enabled": enabled, "analyticsType": "google", "urlDomainsToTrack": domains}
        return {"key": "J", "defaults": {"properties": {"analyticsTracking": tracking}}}

    assert "Domains to track" not in printed(tracked(False, ["a.b"]), "journey")
    assert "Domains to track" in printed(tracked(True, ["a.b"]), "journey")
    off = tracked(False, ["a.b"]), tracked(False, ["c.d"])
    assert change_text.words(compare(*off), blocks.sentences(*off)) == [
        f"Settings: {change_text.SWITCHED_OFF}"
    ]


def test_it_asks_for_two_conditions_before_it_says_how_they_are_joined() -> None:
    def trigger(count: int) -> dict:
        held = {"operand": "OR", "conditions": [{"fieldName": "A", "operator": "ISNULL"}] * count}
        members = {"objectApiName": "Lead", "primaryObjectFilterCriteria": held}
        return settings("SalesforceObjectTriggerV2", **members) | {"outcomes": []}

    assert "Conditions that must hold" not in printed(trigger(1), "trigger")
    assert "Conditions that must hold" in printed(trigger(2), "trigger")
