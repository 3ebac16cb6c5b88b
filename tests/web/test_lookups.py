"""What the pickers get: from the practice tenant over real HTTP, kept for a while, and told in
words when it fails."""

import time
from collections.abc import Iterator
from copy import deepcopy
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client

from journeys.delivery import pick_lists
from journeys.delivery.key_in_use import ask_for_key
from journeys.delivery.lookups import the_only_one
from journeys.delivery.unusable import why_not
from journeys.models import Journey, Running, Tenant, TenantStatus, Use
from journeys.models.clock import now
from journeys.practice import PracticeServer
from journeys.tenant.lookups import Choice

pytestmark = pytest.mark.one_database
SLACK = 3  # seconds that other tests may take the processor; nothing waits for so long by itself


@pytest.fixture
def practice(tenant: Tenant) -> Iterator[PracticeServer]:
    cache.clear()
    with PracticeServer() as running:
        tenant.practice_url, tenant.token = running.url, ""
        tenant.save(update_fields=["practice_url", "token"])
        yield running
    cache.clear()


def look_up(browser: Client, journey: Journey, kind: str, **asked: object) -> str:
    answer = browser.get(f"/journeys/{journey.pk}/look-up/{kind}/", asked)
    assert answer.status_code == 200
    return answer.content.decode()


def asked_for(practice: PracticeServer, route: str) -> int:
    return practice.control("requests", route=route)["count"]


def test_it_offers_emails_with_what_belongs_to_them(as_maya: Client, journey: Journey, practice):
    page = look_up(as_maya, journey, "email", q="birthday 2")
    assert "12 found" in page and page.count('role="option"') == 13
    assert page.count("data-typed") == 1 and "Use “birthday 2” as it stands" in page
    assert (
        "Birthday emails" in page
        and "Many happy returns, city (2) — A small present is inside" in page
    )
    assert "&quot;subject&quot;: &quot;Many happy returns, city (2)&quot;" in page


def test_it_gives_page_after_page(as_maya: Client, journey: Journey, practice):
    first, last = (look_up(as_maya, journey, "email", page=page) for page in (1, 15))
    assert "Show more (335 left)" in first and 'data-page="2"' in first
    assert "Show more" not in last and last.count('role="option"') == 10


@pytest.mark.parametrize(
    ("kind", "query", "found"),
    [
        ("data-extension", "orders lakes", "Orders Lakes 2026"),
        ("event", "orders lakes", "Orders Lakes 2026 entered"),
        ("send-classification", "transactional hills", "Transactional Hills"),
        ("sender-profile", "lakes@shop", "Press Lakes"),
        ("delivery-profile", "partners city", "Partners City"),
        ("folder", "events coast", "Journey Builder / Events"),
        ("crm-object", "opp", "Opportunity"),
        ("time-zone", "berl", "W. Europe Standard Time"),
    ],
)
def test_it_searches_whatever_can_be_picked(
    as_maya: Client, journey: Journey, practice, kind: str, query, found: str
):
    assert found in look_up(as_maya, journey, kind, q=query)


def test_events_of_the_entry_source_s_type_come_first(tenant, practice):
    first, others = (
        pick_lists.choose(tenant, "event", of="emailaudience"),
        pick_lists.choose(tenant, "event"),
    )
    assert {choice.more["type"] for choice in first.choices} == {"EmailAudience"}
    assert {choice.more["type"] for choice in others.choices} > {"EmailAudience"}
    assert (first.count, asked_for(practice, "events")) == (others.count, 1)
    last = pick_lists.choose(
        tenant, "event", page=first.count // pick_lists.PAGE_SIZE, of="EmailAudience"
    )
    assert "EmailAudience" not in {choice.more["type"] for choice in last.choices}


def test_it_says_why_an_event_cannot_start_the_entry_source(
    as_maya: Client, journey: Journey, practice
):
    page = look_up(as_maya, journey, "event", q="north", of="APIEvent")
    greyed = page.count('aria-disabled="true"')
    assert 0 < greyed < page.count('role="option"')
    why = "It is an event for “Data extension”; one for “API event” is needed here."
    assert page.count(why) == greyed
    assert page.index('data-value="APIEvent-') < page.index('aria-disabled="true"')
    assert "aria-disabled" not in look_up(as_maya, journey, "event", q="north")


@pytest.mark.parametrize(
    ("kind", "choice", "why"),
    [
        ("email", Choice("", "Old"), "It has no legacy id, by which journeys name their emails."),
        ("email", Choice("4711", "Old"), ""),
        ("data-extension", Choice("D", "Old", more={"state": "inactive"}), "It is not active."),
        ("data-extension", Choice("D", "Old"), ""),
        ("event", Choice("E", "Old"), ""),
        ("event", Choice("E", "Old", more={"type": "ApiEvent"}), ""),
        (
            "event",
            Choice("E", "Old", more={"type": "<b>"}),
            "It is an event for “<b>”; one for “API event” is needed here.",
        ),
    ],
)
def test_it_says_what_cannot_be_used(kind: str, choice: Choice, why: str):
    assert why_not(kind, choice, "APIEvent") == why


def test_it_offers_the_fields_of_the_data_extension_that_was_chosen(
    as_maya: Client, journey: Journey, tenant, practice
):
    assert "Choose the data extension first" in look_up(as_maya, journey, "field")
    (source,) = pick_lists.choose(tenant, "data-extension", "Orders Lakes 2026").choices
    assert "EmailAddress" in look_up(as_maya, journey, "field", of=source.value)


def test_it_wants_words_for_data_extensions(as_maya: Client, journey: Journey, practice):
    assert "Type a part of the name" in look_up(as_maya, journey, "data-extension")
    assert asked_for(practice, "data-extensions") == 0


def test_it_asks_the_tenant_once_until_it_is_told_to_ask_anew(
    as_maya: Client, journey: Journey, practice
):
    for _ in range(3):
        look_up(as_maya, journey, "event", q="orders")
    assert (asked_for(practice, "events"), asked_for(practice, "token")) == (1, 1)
    look_up(as_maya, journey, "event", q="orders", anew=1)
    assert asked_for(practice, "events") == 2


def test_it_takes_another_token_when_the_shared_one_is_no_good(
    as_maya: Client, journey: Journey, practice
):
    look_up(as_maya, journey, "email")
    practice.control("revoke", {})
    assert "360 found" in look_up(as_maya, journey, "email", anew=1)
    practice.control("revoke", {})
    assert "120 found" in look_up(as_maya, journey, "sender-profile")


def test_it_says_what_to_do_when_the_tenant_is_dead_and_leaves_it_alone(
    as_maya: Client, journey: Journey, practice
):
    practice.stop()
    started = time.monotonic()
    page = look_up(as_maya, journey, "email")
    assert "The tenant does not answer. Type the id, or look again later." in page
    assert time.monotonic() - started < pick_lists.ANSWER
    assert "does not answer" in look_up(as_maya, journey, "event")
    assert "W. Europe" in look_up(as_maya, journey, "time-zone", q="berlin")


def test_it_does_not_ask_a_silent_tenant_again_at_once(as_maya: Client, journey: Journey, practice):
    look_up(as_maya, journey, "event")
    practice.control("faults", {"faults": [{"fault": "status", "status": 503, "route": "emails"}]})
    assert "does not answer" in look_up(as_maya, journey, "email")
    assert "does not answer" in look_up(as_maya, journey, "email")
    assert "200 found" in look_up(as_maya, journey, "event")
    assert asked_for(practice, "emails") == 1
    assert "360 found" in look_up(as_maya, journey, "email", anew=1)


def test_it_keeps_the_pause_that_a_tenant_asks_for_and_has_others_keep_it(
    as_maya: Client, journey: Journey, tenant: Tenant, practice
):
    look_up(as_maya, journey, "event")
    practice.control(
        "faults", {"faults": [{"fault": "rate_limited", "retry_after": "600", "times": 50}]}
    )
    assert "The tenant takes no more calls at the moment. Type the id" in look_up(
        as_maya, journey, "email", q="w"
    )
    assert "takes no more calls" in look_up(as_maya, journey, "email", q="we")
    paused = "Calls to this tenant are paused at the moment. The id can be typed all the same."
    assert paused in look_up(as_maya, journey, "email", q="wel", anew=1)
    assert asked_for(practice, "emails") == 1
    status = TenantStatus.objects.get(pk=tenant.pk)
    assert status.breaker == "closed" and status.paused_until > now() + timedelta(minutes=9)


def test_it_asks_for_no_more_tokens_when_the_sign_in_is_refused(
    as_maya: Client, journey: Journey, tenant, practice
):
    practice.control("settings", {"clients": {"nobody": "else"}})
    said = [
        look_up(as_maya, journey, "email", q=words, anew=anew)
        for words, anew in (("w", 0), ("we", 0), ("wel", 1))
    ]
    refused = "The tenant&#x27;s credentials are not accepted: tell an admin."
    assert [refused in page for page in said] == [
        True,
        True,
        False,
    ] and "are paused at the moment" in said[2]
    assert (asked_for(practice, "token"), TenantStatus.objects.get(pk=tenant.pk).breaker) == (
        1,
        "stopped",
    )


def test_it_opens_no_breaker_for_look_ups_without_an_answer(
    as_maya: Client, journey: Journey, tenant, practice
):
    look_up(as_maya, journey, "event")
    practice.control(
        "faults", {"faults": [{"fault": "status", "status": 503, "route": "emails", "times": 9}]}
    )
    for number in range(6):
        look_up(as_maya, journey, "email", q=str(number), anew=1)
    assert (asked_for(practice, "emails"), TenantStatus.objects.get(pk=tenant.pk).breaker) == (
        6,
        "closed",
    )


def test_it_says_why_the_tenant_refuses(as_maya: Client, journey: Journey, practice):
    practice.control("settings", {"scope": "journeys_read journeys_write"})
    assert "Insufficient privileges to complete this action. The id can be typed" in look_up(
        as_maya, journey, "email"
    )
    assert "200 found" in look_up(as_maya, journey, "event")


def test_it_knows_the_fields_of_the_entry_event(
    as_maya: Client, journey: Journey, tenant, maya, practice
):
    url = f"/journeys/{journey.pk}/look-up/event-fields/"
    assert b"<option" not in as_maya.get(url).content
    event = pick_lists.every(tenant, "event")[0].value
    document = deepcopy(journey.head.document())
    document["triggers"][0]["metaData"]["eventDefinitionKey"] = event
    journey.replace(document, based_on=1, author=maya, operation="edit as text")
    page = as_maya.get(url).content.decode()
    assert (
        f'value="EmailAddress" data-expression="{{{{Event.{event}.&quot;EmailAddress&quot;}}}}"'
        in page
    )


def test_it_looks_up_only_what_there_is_and_where_one_may(
    as_maya: Client, journey: Journey, foreign_journey, practice
):
    assert as_maya.get(f"/journeys/{journey.pk}/look-up/secrets/").status_code == 404
    for kind in ("email", "event-fields"):
        assert as_maya.get(f"/journeys/{foreign_journey.pk}/look-up/{kind}/").status_code == 404
        assert as_maya.post(f"/journeys/{journey.pk}/look-up/{kind}/").status_code == 405


def over(what: str, person: User, count: int) -> None:
    """As if that person had done it so often within the last minute."""
    Use.objects.update_or_create(
        person=person, what=what, defaults={"began": time.time() - 20, "count": count}
    )


def test_it_asks_anew_once_a_minute_and_tells_how_old_the_kept_answer_is(
    as_maya: Client, journey: Journey, practice
):
    look_up(as_maya, journey, "event")
    pages = [look_up(as_maya, journey, "event", anew=1) for _time in range(3)]
    assert ["seconds ago" in page for page in pages] == [False, True, True]
    assert "200 found" in pages[2] and asked_for(practice, "events") == 2


def test_it_lets_a_person_look_up_sixty_times_a_minute(
    as_maya, as_rob, maya: User, journey: Journey, practice
):
    over("look-up", maya, 59)
    address = f"/journeys/{journey.pk}/look-up/email/"
    answers = [as_maya.get(address, {"q": word}) for word in ("one", "two")]
    assert [answer.status_code for answer in answers] == [200, 429]
    assert 30 < int(answers[1]["Retry-After"]) <= 41
    assert f"Wait {answers[1]['Retry-After']} seconds" in answers[1].content.decode()
    assert as_maya.get(address, {"q": "one"}).status_code == 200  # it is kept
    assert as_rob.get(address, {"q": "three"}).status_code == 200


def test_it_lets_a_person_have_ten_look_ups_at_a_time(
    as_maya, maya: User, journey: Journey, practice
):
    rows = [Running(person=maya, what="look-up", until=time.time() + 9) for _one in range(10)]
    Running.objects.bulk_create(rows)
    address = f"/journeys/{journey.pk}/look-up/email/"
    assert as_maya.get(address).status_code == 429
    Running.objects.first().delete()
    assert as_maya.get(address).status_code == 200
    assert Running.objects.count() == 9  # it gave its place back
    Running.objects.update(until=time.time() - 1)  # their process has died
    assert as_maya.get(address, {"q": "w"}).status_code == 200


def hanging(practice: PracticeServer, **more: object) -> None:
    practice.control("faults", {"faults": [{"fault": "hang", "seconds": 30, "times": 99, **more}]})


@pytest.mark.parametrize("route", ["token", "emails"])
def test_a_request_waits_three_seconds_for_a_tenant_that_hangs_and_the_next_one_not_at_all(
    as_maya: Client, journey: Journey, tenant: Tenant, practice, route: str
):
    hanging(practice, route=route)
    started = time.monotonic()
    assert "The tenant does not answer" in look_up(as_maya, journey, "email")
    assert time.monotonic() - started < 3 + SLACK
    cache.clear()  # as in another process, which shares the database alone
    started = time.monotonic()
    assert "The tenant does not answer" in look_up(as_maya, journey, "event")
    assert ask_for_key(journey).is_free is None
    assert time.monotonic() - started < 2 and asked_for(practice, "events") == 0
    TenantStatus.objects.update(silent_until=now())
    practice.control("faults", {"clear": True})
    assert "200 found" in look_up(as_maya, journey, "event")
    assert TenantStatus.objects.get(pk=tenant.pk).silent_until is None


def test_the_second_try_with_another_token_is_in_the_same_three_seconds(
    as_maya: Client, journey: Journey, practice
):
    look_up(as_maya, journey, "event")
    delayed = {"fault": "unauthorized", "route": "emails"}
    practice.control("faults", {"faults": [delayed]})
    practice.control("settings", {"latency": 1.2})
    started = time.monotonic()
    look_up(as_maya, journey, "email")
    assert time.monotonic() - started < 3 + SLACK


def test_a_list_that_takes_longer_is_read_on_by_the_next_request(
    as_maya: Client, journey: Journey, practice, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("journeys.tenant.lookups.LISTED_AT_ONCE", 50)
    look_up(as_maya, journey, "email")
    faults = [{"fault": "delay", "seconds": 0.0, "route": "events", "times": 2}]
    faults.append({"fault": "hang", "seconds": 30, "route": "events"})
    practice.control("faults", {"faults": faults})
    first = look_up(as_maya, journey, "event")
    assert "still being read" in first and "data-again" in first
    assert "200 found" in look_up(as_maya, journey, "event")
    assert asked_for(practice, "events") == 5  # one of them got no answer


def test_a_process_looks_up_one_thing_at_a_time(as_maya: Client, journey: Journey, practice):
    with the_only_one():
        page = look_up(as_maya, journey, "email")
        assert "Somebody else is looking something up" in page and "data-again" in page
    assert Use.objects.count() == 0 and asked_for(practice, "emails") == 0
    assert "360 found" in look_up(as_maya, journey, "email")
