"""The tenant's rate as the tenant sees it: when calls arrive there."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta

import pytest
from django.db import connection

from journeys import tenant as rest
from journeys.delivery import key_in_use, pick_lists, submit
from journeys.delivery.calls import TokenAwaited, shared_token
from journeys.delivery.rate_limit import NoSlot, keep_to_rate, paced
from journeys.delivery.worker import Worker
from journeys.lifecycle import limits
from journeys.models import Journey, Submission, Tenant, TenantStatus
from journeys.models.clock import now
from journeys.models.tenant_status import take_slot
from journeys.practice import PracticeServer
from tests.delivery.conftest import change, fault, posts, submitted, worked

pytestmark = pytest.mark.django_db(transaction=True)  # processes meet in the database

RATE = 5


@pytest.fixture
def limited(practice: PracticeServer, sent: Submission) -> Tenant:
    Tenant.objects.update(rate=RATE)
    return Tenant.objects.get(pk=sent.tenant_id)


def together(*deeds: Callable[[], object]) -> None:
    """As processes of their own."""

    def alone(deed: Callable[[], object]) -> None:
        try:
            deed()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        list(pool.map(alone, deeds))


def worked_off() -> None:
    worker, until = Worker(8), time.monotonic() + 30
    while Submission.objects.filter(state="waiting").exists() and time.monotonic() < until:
        worker.run()
        time.sleep(0.02)
    worker.pool.shutdown(wait=True)


def fastest_second(practice: PracticeServer) -> int:
    at = sorted(one["started"] for one in practice.control("requests")["requests"])
    return max(sum(first <= one < first + 1 for one in at) for first in at)


def with_token(tenant: Tenant) -> None:
    token = submit.client_for(tenant.credentials()).fetch_token()
    Tenant.objects.get(pk=tenant.pk).keep_token(token, now())


@pytest.mark.parametrize("processes", [1, 3])
def test_it_keeps_to_the_rate_when_a_token_has_to_be_fetched_first(
    practice: PracticeServer, limited: Tenant, settings, processes: int
) -> None:
    """Who waited for the token does not start in the slot of long ago, beside those that begin when
    it is there."""
    settings.SUBMIT_TIMEOUT_SECONDS, settings.SUBMIT_LEASE_SECONDS = 3.0, 20.0
    submit.client_for.cache_clear()
    for number in range(11):
        submitted(limited, f"other-{number}")
    fault(practice, {"fault": "delay", "route": "token", "seconds": 1.2})
    together(*[worked_off] * processes)
    assert set(Submission.objects.values_list("state", "failure_count")) == {("succeeded", 0)}
    assert fastest_second(practice) <= RATE


def test_it_takes_another_slot_for_what_starts_too_late(
    practice: PracticeServer, limited: Tenant
) -> None:
    with_token(limited)
    (job,) = submit.take([submit.Candidate(Submission.objects.get().pk, limited.pk)])
    time.sleep(limits.lateness(RATE) + 0.02)
    submit.write([submit.carry_out(job)])
    assert (posts(practice), TenantStatus.objects.get().calls) == (1, 2)


def test_it_puts_off_what_is_late_when_its_tenant_is_paused_since(
    practice: PracticeServer, limited: Tenant
) -> None:
    with_token(limited)
    (job,) = submit.take([submit.Candidate(Submission.objects.get().pk, limited.pk)])
    take_slot(limited, submit.times(), 1.0)
    TenantStatus.objects.update(breaker="open")
    time.sleep(limits.lateness(RATE) + 0.02)
    submit.write([submit.carry_out(job)])
    row = Submission.objects.get()
    kept = (
        row.state,
        row.ambiguous,
        row.attempt_count,
        row.failure_count,
        row.not_before,
        row.lease_until,
    )
    assert kept == ("waiting", False, 0, 0, job.submission.not_before, None)
    assert (posts(practice), row.attempts.count()) == (0, 0)


@pytest.mark.parametrize("state", ["waiting", "unclear"])
def test_it_keeps_its_place_when_there_is_no_slot_after_the_token(
    practice: PracticeServer, limited: Tenant, state: str
) -> None:
    Tenant.objects.update(rate=0.1)
    row = Submission.objects.get()
    if state == "unclear":
        change(
            row,
            state=state,
            ambiguous=True,
            first_send_at=now(),
            last_send_at=now(),
            attempt_count=1,
        )
    before = row.not_before
    worked(row)
    assert (row.state, row.failure_count, row.not_before, row.lease_until) == (
        state,
        0,
        before,
        None,
    )
    assert [one["route"] for one in practice.control("requests")["requests"]] == ["token"]


def test_it_waits_for_the_next_slot_but_not_for_long(limited: Tenant) -> None:
    began = time.monotonic()
    for _call in range(RATE + 1):
        keep_to_rate(limited, None)
    assert time.monotonic() - began > 1
    with pytest.raises(NoSlot):
        keep_to_rate(limited, None, patience=0.01)


@pytest.fixture
def clock(monkeypatch) -> list[datetime]:
    """One moment, moved by whoever sleeps."""
    moment = [now()]
    monkeypatch.setattr("journeys.delivery.rate_limit.now", lambda: moment[0])
    monkeypatch.setattr("journeys.models.tenant_status.now", lambda: moment[0])
    monkeypatch.setattr(
        time, "sleep", lambda seconds: moment.append(moment.pop() + timedelta(seconds=seconds))
    )
    return moment


def slow_to_take_slots(monkeypatch, seconds: float) -> None:
    def slowly(*arguments: object, **options: object) -> datetime | None:
        slot = take_slot(*arguments, **options)
        time.sleep(seconds)
        return slot

    monkeypatch.setattr("journeys.delivery.rate_limit.take_slot", slowly)


@pytest.mark.parametrize(("seconds", "slots"), [(0.05, 1), (0.15, 2), (0.6, 2)])
def test_it_takes_one_more_slot_where_the_database_was_too_slow_for_the_first(
    limited: Tenant, clock: list[datetime], monkeypatch, seconds: float, slots: int
) -> None:
    """One that is always slow is not waited for again and again."""
    slow_to_take_slots(monkeypatch, seconds)
    keep_to_rate(limited, None)
    assert TenantStatus.objects.get().calls == slots


def test_what_the_database_takes_is_not_waited_for_once_more(
    limited: Tenant, clock: list[datetime], monkeypatch
) -> None:
    slow_to_take_slots(monkeypatch, 0.05)
    keep_to_rate(limited, None)
    keep_to_rate(limited, None)
    spacing = timedelta(seconds=1 / RATE / limits.USED_OF_RATE)
    assert TenantStatus.objects.get().next_call_at - clock[0] == pytest.approx(
        spacing, abs=timedelta(milliseconds=1)
    )


def test_it_counts_look_ups_for_pages_and_checks_and_their_tokens(
    practice: PracticeServer, limited: Tenant
) -> None:
    journey = Journey.objects.get()

    def pages() -> None:
        for _page in range(4):
            key_in_use.ask_for_key(journey)

    def check() -> None:
        client = paced(submit.client_for(limited.credentials()), limited, 60.0, asks=True)
        token = client.fetch_token()
        for _page in range(4):
            client.list_interactions(token)

    together(pages, check, worked_off)
    assert fastest_second(practice) <= RATE


def test_it_fetches_one_token_although_a_401_of_the_old_one_comes_meanwhile(
    practice: PracticeServer, limited: Tenant
) -> None:
    with_token(limited)
    old = Tenant.objects.get()
    Tenant.objects.update(token_expires_at=now())  # it ends while a call with it is under way
    fetching = Tenant.objects.get()
    assert fetching.lease_token(now(), submit.times().lease)
    old.turn_down_token(old.token_generation, now())
    with pytest.raises(TokenAwaited):
        shared_token(Tenant.objects.get(), submit.client_for(old.credentials()), 0.1)
    fetching.keep_token(submit.client_for(old.credentials()).fetch_token(), now())
    assert Tenant.objects.get().usable_token(now())


def test_look_ups_that_are_hammered_leave_half_of_the_rate_to_sends(
    practice: PracticeServer, limited: Tenant, settings
) -> None:
    settings.SUBMIT_TIMEOUT_SECONDS, settings.SUBMIT_SETTLE_SECONDS = (
        4,
        5,
    )  # five threads hammer beside other tests
    rate, sends, over = 10, 12, threading.Event()
    Tenant.objects.update(rate=rate)
    with_token(limited)
    for number in range(sends - 1):
        submitted(limited, f"other-{number}")

    def hammer() -> None:
        while not over.is_set():
            with suppress(rest.TenantError):
                pages = pick_lists.Pages(pick_lists.lookups.sender_profiles, {}, 0)
                pick_lists._asked(Tenant.objects.get(), pages, pick_lists.wait_until())

    def send() -> None:
        try:
            worked_off()
        finally:
            over.set()

    together(hammer, hammer, hammer, hammer, send)
    assert set(Submission.objects.values_list("state", "failure_count")) == {("succeeded", 0)}
    rows = practice.control("requests")["requests"]
    looked = sorted(row["started"] for row in rows if row["route"] != "create")
    in_a_second = max(sum(first <= one < first + 1 for one in looked) for first in looked)
    assert (
        2 <= in_a_second <= rate * limits.USED_OF_RATE / 2 + 2
    )  # one for a token, one that started late
    assert fastest_second(practice) <= rate
