"""What a user changes is written, in the kind found, and nothing else."""

import pytest

from journeys.blocks import BY_SLUG, lens
from journeys.blocks.activities.email import SendEmail
from journeys.blocks.activities.wait import WaitByDuration
from tests.blocks.browser import read_form, save, send

CONFIGURATION = "configurationArguments"


def wait(**members: object) -> dict:
    return {
        "key": "WAITBYDURATION-1",
        "type": "WAIT",
        "zz": [1.0, None],
        CONFIGURATION: {"waitUnit": "DAYS", **members},
    }


def test_it_writes_only_the_changed_field() -> None:
    block = wait(waitDuration=1, foreign={"b": 1, "a": 2})
    assert list(save(WaitByDuration, block, {"duration": "3"}).items()) == list(
        wait(waitDuration=3, foreign={"b": 1, "a": 2}).items()
    )


@pytest.mark.parametrize(
    ("found", "typed", "written"), [("1", "3", "3"), (1, "3", 3), (1.0, "3", 3), ("", " 3 ", 3)]
)
def test_it_keeps_the_kind_of_a_number(found: object, typed: str, written: object) -> None:
    assert save(WaitByDuration, wait(waitDuration=found), {"duration": typed}) == wait(
        waitDuration=written
    )


@pytest.mark.parametrize(
    ("found", "typed"), [("3", "3.0"), (3, "03"), (3, "+3"), ("{{Event.x}}", "{{Event.x}}")]
)
def test_it_takes_equal_numbers_as_unchanged(found: object, typed: str) -> None:
    assert save(WaitByDuration, wait(waitDuration=found), {"duration": typed}) == wait(
        waitDuration=found
    )


def test_it_removes_a_cleared_number_and_empties_a_cleared_text() -> None:
    block = {**wait(waitDuration=3), "name": "Cool off"}
    assert save(WaitByDuration, block, {"duration": "", "name": ""}) == {**wait(), "name": ""}


def test_it_makes_missing_parents_at_the_end() -> None:
    block = {"key": "WAITBYDURATION-1", "type": "WAIT"}
    assert save(WaitByDuration, block, {"duration": "2"}) == {
        **block,
        CONFIGURATION: {"waitDuration": 2},
    }


def test_it_does_not_strip_spaces() -> None:
    assert save(WaitByDuration, wait(), {"name": " Cool "})["name"] == " Cool "


def test_it_keeps_windows_line_ends_in_a_changed_text() -> None:
    block = {**wait(), "description": "one\r\ntwo", "name": "one\ntwo"}
    changed = save(WaitByDuration, block, {"description": "one\r\nthree", "name": "one\r\nthree"})
    assert (changed["description"], changed["name"]) == ("one\r\nthree", "one\nthree")


def test_it_refuses_a_wrong_value_only_where_it_was_changed() -> None:
    block = wait(waitDuration="soon", specifiedTime="9 o'clock")
    form = WaitByDuration(
        send(WaitByDuration(block=block, document={}), {"time": "25:00"}), block=block, document={}
    )
    assert not form.is_valid()
    assert dict(form.errors) == {"time": ["Enter a time such as 09:00."]}


def test_it_offers_a_choice_found_that_is_not_in_the_list() -> None:
    block = {**wait(), CONFIGURATION: {"waitUnit": "FORTNIGHTS"}}
    assert ("unit", "FORTNIGHTS") in read_form(WaitByDuration(block=block, document={})).sent
    assert save(WaitByDuration, block, {"unit": "DAYS"}) == wait()


def test_it_refuses_a_choice_that_was_not_offered() -> None:
    form = WaitByDuration({"unit": "AEONS"}, block=wait(), document={})
    assert not form.is_valid()


def test_it_keeps_the_wait_type_in_step() -> None:
    block = WaitByDuration.new("W-1", {})
    changed = save(
        WaitByDuration,
        block,
        {"extended": "true", "time": "09:00", "time_zone": "GMT Standard Time"},
    )
    assert changed[CONFIGURATION] == {
        "waitDuration": 1,
        "waitUnit": "DAYS",
        "specifiedTime": "09:00",
        "timeZone": "GMT Standard Time",
    }
    assert changed["metaData"] == {
        **block["metaData"],
        "isExtended": True,
        "waitType": "durationTime",
    }


def test_it_ticks_and_unticks_what_only_the_wait_type_says() -> None:
    block = {**wait(specifiedTime="09:00"), "metaData": {"waitType": "durationTime"}}
    assert save(WaitByDuration, block) == block
    sent = send(WaitByDuration(block=block, document={}))
    assert sent.getlist("extended") == ["false", "true"]
    sent.setlist("extended", ["false"])
    form = WaitByDuration(sent, block=block, document={})
    assert form.is_valid()
    assert form.written() == {**block, "metaData": {"waitType": "duration", "isExtended": False}}


def test_it_leaves_out_what_a_partial_post_does_not_send() -> None:
    block = SendEmail.new("EMAILV2-1", {})
    form = SendEmail({"email_id": "42"}, block=block, document={})
    assert form.is_valid()
    send_ = {**block[CONFIGURATION]["triggeredSend"], "emailId": 42}
    assert form.written() == {
        **block,
        CONFIGURATION: {**block[CONFIGURATION], "triggeredSend": send_},
    }


def test_it_unticks_a_flag() -> None:
    block = SendEmail.new("EMAILV2-1", {})
    sent = send(SendEmail(block=block, document={}))
    sent.setlist("track_clicks", ["false"])
    form = SendEmail(sent, block=block, document={})
    assert form.is_valid()
    assert form.written()[CONFIGURATION]["triggeredSend"]["isTrackingClicks"] is False


@pytest.mark.parametrize("found", ["on", "yes", "TRUE", 1])
def test_it_leaves_a_flag_that_is_no_flag(found: object) -> None:
    block = BY_SLUG["send-time"].new("STOWAIT-1", {})
    block[CONFIGURATION]["params"]["enableRandomTime"] = found
    assert save(BY_SLUG["send-time"], block) == block


def test_it_lets_the_dynamic_subject_follow_only_while_equal() -> None:
    block = SendEmail.new("EMAILV2-1", {})
    both = save(SendEmail, block, {"subject": "Hello"})[CONFIGURATION]["triggeredSend"]
    assert (both["emailSubject"], both["dynamicEmailSubject"]) == ("Hello", "Hello")
    block[CONFIGURATION]["triggeredSend"]["dynamicEmailSubject"] = "Hi %%name%%"
    one = save(SendEmail, block, {"subject": "Hello"})[CONFIGURATION]["triggeredSend"]
    assert (one["emailSubject"], one["dynamicEmailSubject"]) == ("Hello", "Hi %%name%%")


def test_it_writes_an_edited_object_back_as_an_object() -> None:
    block = {**wait(), "name": {"en": "Wait"}}
    assert save(WaitByDuration, block, {"name": '{"en": "Stay"}'})["name"] == {"en": "Stay"}
    assert save(WaitByDuration, block, {"name": "Stay"})["name"] == "Stay"


def test_it_refuses_nul() -> None:
    assert not WaitByDuration({"name": "a\0b"}, block=wait(), document={}).is_valid()


def test_it_keeps_the_type_of_a_goal_and_lets_it_be_chosen() -> None:
    goal = {**BY_SLUG["goal"].new("GOAL", {}), "type": "contactdecision"}
    assert save(lens(goal, "goal"), goal, {"value": "10"}) == {
        **goal,
        "metaData": {**goal["metaData"], "conversionValue": "10"},
    }
    assert save(lens(goal, "goal"), goal, {"spec_type": "Event"})["type"] == "Event"
