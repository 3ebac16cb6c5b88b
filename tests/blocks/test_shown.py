"""What the JSON holds of a message's text, of a data extension and its schedule: on the card, in
the form and on paper, and never written."""

import pytest

from journeys.blocks import BY_SLUG, lens, type_of
from journeys.blocks.settings_text import settings_of
from journeys.blocks.sms_text import sms_text
from journeys.spec.document import dumps
from tests.blocks.browser import save, send

SMS, SOURCE = BY_SLUG["sms"], BY_SLUG["data-extension"]
SCRIPT = "%%[ SET @Name = [FirstName] ]%%"
NOTED = f"{SCRIPT}Hello %%=v(@Name)=%%,\nyour order is on its way. Its number is in the shop."


def sms(**store: object) -> dict:
    block = SMS.new("SMSSYNC-1", {})
    settings = {**block["configurationArguments"], "assetId": 815}
    meta = {**block["metaData"], "store": store}
    return {**block, "name": "Shipped", "configurationArguments": settings, "metaData": meta}


def settings(block: dict, kind: str, document: dict | None = None) -> dict[str, str]:
    groups = settings_of(block, kind, document or {})
    return {str(one.label): one.value for _title, listed in groups for one in listed}


@pytest.mark.parametrize(
    ("store", "noted"),
    [
        ({"selectedContentBuilderMessage": NOTED}, NOTED.removeprefix(SCRIPT)),
        ({"selectedContentBuilderMessage": f"Hi{SCRIPT} there %%[ never closed"}, "Hi there"),
        ({"selectedContentBuilderMessage": ["x"], "messageDefinition": 3}, ""),
        ({}, ""),
    ],
)
def test_it_reads_the_text_of_an_sms_without_its_script(store: dict, noted: str):
    assert sms_text(sms(**store)) == noted


def test_it_finds_the_text_in_the_whole_message():
    options = {"customBlockData": {"display:message": "Good morning"}}
    store = {"messageDefinition": {"views": {"sms": {"meta": {"options": options}}}}}
    assert sms_text(sms(**store)) == "Good morning"


def test_an_sms_shows_its_text_and_short_code():
    code = {"selectedCode": {"countryCode": "GB", "id": "Y29kZQ", "code": "60006"}}
    block = sms(selectedContentBuilderMessage=NOTED, messageConfiguration=code)
    assert SMS.sentence(block) == (
        "Send SMS: Shipped, “Hello %%=v(@Name)=%%, your order is on its way. Its number …”"
    )
    assert settings(block, "activity") | {} == settings(block, "activity") | {
        "Text of the message": NOTED.removeprefix(SCRIPT),
        "Short code": "60006",
    }
    assert SMS.sentence(sms()) == "Send SMS: Shipped"
    assert "Text of the message" not in settings(sms(), "activity")


def test_a_text_of_another_message_goes_with_the_choice():
    code = {"selectedCode": {"code": "60006"}}
    block = sms(selectedContentBuilderMessage=NOTED, messageConfiguration=code, own=1)
    assert dumps(save(SMS, block)) == dumps(block)
    other = save(SMS, block, {"asset": "816"})
    assert other["metaData"]["store"] == {"messageConfiguration": code, "own": 1}
    form = SMS(send(SMS(block=block, document={}), {"asset": "816"}), block=block, document={})
    assert form.is_valid() and form.written() == other and form.must_be_redrawn


PLAN = {
    "startDateTime": "2026-05-01T09:00:00",
    "endDateTime": "2079-06-06T00:00:00",
    "timeZone": "GMT Standard Time",
    "occurrences": 5,
    "endType": "EndDate",
    "frequency": "Weekly",
    "recurrencePattern": "Interval",
    "interval": 2,
    "monday": True,
    "friday": True,
}
KEY = "DEAudience-1"


def source(meta: dict | None = None, **members: object) -> dict:
    block = SOURCE.new("TRIGGER", {})
    return {
        **block,
        **members,
        "metaData": {**block["metaData"], "eventDefinitionKey": KEY, **(meta or {})},
    }


def copy(**members: object) -> dict:
    return {
        "eventDefinitionKey": KEY,
        "dataExtensionId": "11111111-2222-4333-8444-555555555555",
        "dataExtensionName": "Spring customers",
        **members,
    }


@pytest.mark.parametrize(
    ("members", "said", "in_short"),
    [
        (
            {"metaData": {"scheduleFlowMode": "recurring"}, "schedule": PLAN},
            "Every 2 weeks on Monday, Friday, from 2026-05-01 09:00 (GMT Standard Time)",
            ", every 2 weeks on Monday, Friday",
        ),
        (
            {
                "schedule": {
                    **PLAN,
                    "frequency": "Daily",
                    "interval": 1,
                    "monday": False,
                    "friday": False,
                    "endType": "Occurrences",
                }
            },
            "Every day, from 2026-05-01 09:00 (GMT Standard Time), 5 times",
            ", every day",
        ),
        (
            {"metaData": {"scheduleFlowMode": "runOnce", "runOnceScheduleMode": "onPublish"}},
            "Once, when the journey is activated",
            ", once, when the journey is activated",
        ),
        (
            {
                "metaData": {"scheduleFlowMode": "runOnce", "runOnceScheduleMode": "onSchedule"},
                "schedule": PLAN,
            },
            "Once, on 2026-05-01 09:00 (GMT Standard Time)",
            ", once, on 2026-05-01 09:00 (GMT Standard Time)",
        ),
        (
            {"metaData": {"scheduleFlowMode": "automation"}, "schedule": {"frequency": "Hourly"}},
            "When its automation runs: Every hour",
            ", when its automation runs",
        ),
        ({"schedule": "weekly", "metaData": []}, "", ""),
    ],
)
def test_an_entry_shows_its_data_extension_and_schedule(members: dict, said: str, in_short: str):
    """They stand in the journey's copy of the event definition."""
    document = {
        "key": "K",
        "triggers": [source()],
        "metaData": {"eventDefinition": copy(**members)},
    }
    shown = settings(document["triggers"][0], "trigger", document)
    assert shown["Data extension"] == "Spring customers (11111111-2222-4333-8444-555555555555)"
    assert shown.get("Schedule", "") == said
    read = type_of(source(), "trigger").as_read(source(), document)
    assert lens(read, "trigger").sentence(read) == f"Entered by Spring customers{in_short}"
    assert dumps(save(SOURCE, source(), document=document)) == dumps(source())


def test_an_entry_shows_what_stands_in_itself():
    block = source({"scheduleState": "No Schedule"}, arguments={"dataExtensionId": "id-1"})
    shown = settings(block, "trigger")
    assert (shown["Data extension"], shown["Schedule"]) == ("id-1", "No schedule")
    assert SOURCE.sentence(block | {"name": "Spring"}) == "Entered by Spring, no schedule"


def test_an_entry_shows_nothing_of_another_event():
    document = {"metaData": {"eventDefinition": copy(eventDefinitionKey="DEAudience-2")}}
    block = source(arguments={"dataExtensionId": "id-1", "eventDefinitionKey": "DEAudience-2"})
    assert "Data extension" not in settings(block, "trigger", document)
