"""The journey's own settings."""

from journeys.blocks import lens
from journeys.blocks.journey import JourneySettings
from journeys.spec.document import blank, dumps
from tests.blocks.browser import read_form, save

WHOLE = {
    **{name: value for name, value in blank("k", "Welcome").items() if not isinstance(value, list)},
    "tags": [{"name": "spring", "id": 7}, {"name": "mail"}],
    "categoryId": 6298,
    "defaults": {
        "email": ["{{Contact.Default.Email}}"],
        "mobileNumber": ["{{Contact.Default.SMS}}"],
        "properties": {
            "analyticsTracking": {
                "enabled": False,
                "analyticsType": "google",
                "urlDomainsToTrack": [],
            }
        },
    },
}


def test_it_leaves_untouched_settings_equal() -> None:
    for block in (
        WHOLE,
        {"key": "k"},
        {**WHOLE, "tags": ["odd"], "metaData": [], "channel": "fax"},
    ):
        assert dumps(save(lens(block, "journey"), block)) == dumps(block)


def test_it_keeps_what_else_a_tag_holds() -> None:
    changed = save(JourneySettings, WHOLE, {"tags": "mail\nautumn\nspring"})
    assert changed == {
        **WHOLE,
        "tags": [{"name": "mail"}, {"name": "autumn"}, {"name": "spring", "id": 7}],
    }


def test_it_turns_on_analytics_and_high_throughput() -> None:
    typed = {"track": "true", "domains": "example.org", "high_throughput": "true", "folder": "12"}
    tracking = {"enabled": True, "analyticsType": "google", "urlDomainsToTrack": ["example.org"]}
    assert save(JourneySettings, WHOLE, typed) == {
        **WHOLE,
        "categoryId": 12,
        "defaults": {**WHOLE["defaults"], "properties": {"analyticsTracking": tracking}},
        "metaData": {**WHOLE["metaData"], "highThroughputSending": {"email": True}},
    }


def test_it_makes_a_single_send() -> None:
    typed = {"definition_type": "Quicksend", "channel": "email", "is_schedule_set": "true"}
    changed = save(JourneySettings, WHOLE, typed)
    assert (changed["definitionType"], changed["channel"]) == ("Quicksend", "email")
    assert changed["metaData"] == {"dataSource": "ContactsModel", "isScheduleSet": True}


def test_it_clears_the_channel() -> None:
    assert save(JourneySettings, {**WHOLE, "channel": "email"}, {"channel": ""})["channel"] == ""


def test_it_leaves_out_settings_that_it_cannot_write() -> None:
    form = JourneySettings(block={**WHOLE, "metaData": []}, document={})
    assert "high_throughput" not in form.fields and "tags" in form.fields
    assert len(read_form(form).ids) == len(set(read_form(form).ids))
