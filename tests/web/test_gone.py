"""A block that a page still shows, and somebody removed meanwhile, is told to be gone."""

from django.test import Client

from journeys.models import Journey
from tests.markup import flat

WAIT = {"kind": "activity", "key": "WAITBYDURATION-1"}
NOT_THERE = "The block that you asked for is not in the journey."


def opened(client: Client, journey: Journey, **asked: object) -> str:
    answer = client.get(f"/journeys/{journey.pk}/panel/", {"view": "list", **asked})
    assert answer.status_code == 200
    return flat(answer.content.decode())


def test_it_says_who_removed_the_block_and_shows_the_journey_as_it_is(
    as_maya: Client, as_miles: Client, journey: Journey
):
    removed = as_miles.post(f"/journeys/{journey.pk}/block/remove/", {**WAIT, "based_on": 1})
    assert removed.status_code == 200
    said = opened(as_maya, journey, **WAIT, based_on=1)
    assert "Miles Marketer removed this block meanwhile." in said
    assert 'id="based-on"' in said and 'value="2"' in said and "Journey settings" in said
    assert "this block meanwhile" not in opened(
        as_maya, journey, kind="journey", key="", based_on=1
    )


def test_it_says_that_a_link_leads_to_nothing(as_maya: Client, journey: Journey):
    odd = {"kind": "activity", "key": "<b>NONE</b>"}
    for more in ({}, {"based_on": 1}, {"based_on": 77}, {"based_on": "x"}):
        said = opened(as_maya, journey, **odd, **more)
        assert NOT_THERE in said and "<b>NONE" not in said
    assert NOT_THERE not in opened(as_maya, journey, **WAIT, based_on=1)
