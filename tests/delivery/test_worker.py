"""Many submissions at a time: batches, fairness, and tenants that are ill."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from journeys.delivery import claims, submit
from journeys.delivery.worker import Worker
from journeys.models import Attempt, Submission, Tenant, TenantStatus
from journeys.models.clock import now
from journeys.models.tenant_status import tenant_statuses
from journeys.practice import PracticeServer
from tests.delivery.conftest import (
    change,
    fault,
    posts,
    run_and_close,
    states,
    stored,
    submitted,
    with_token,
)

ON_SQLITE = settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")
pytestmark = pytest.mark.django_db(transaction=True)  # workers meet in the database


@pytest.fixture
def second(db: None) -> Iterator[PracticeServer]:
    with PracticeServer() as server:
        yield server


def another_tenant(name: str, server: PracticeServer) -> Tenant:
    values = {"client_id": "package", "client_secret": "secret", "practice_url": server.url}
    return Tenant.objects.create(name=name, review_required=False, **values).sealed()


def test_it_submits_many_with_few_commits(
    practice: PracticeServer, sent: Submission, worker: Worker, monkeypatch
) -> None:
    for number in range(39):
        submitted(sent.tenant, f"other-{number}")
    with_token(Tenant.objects.get(pk=sent.tenant_id))
    commits = []
    monkeypatch.setattr(
        BaseDatabaseWrapper, "_commit", counting(commits, BaseDatabaseWrapper._commit)
    )
    worker.run()
    assert (states(), practice.control("journeys")["count"]) == ({"succeeded": 40}, 40)
    assert 0 < len(commits) < 40
    assert stored(practice, "other-3")[0]["posts"] == 1


def counting(calls: list, original):
    def counted(self, *arguments):
        calls.append(here())
        return original(self, *arguments)

    return counted


def test_it_uses_no_database_while_tenants_are_waited_for(
    practice: PracticeServer, sent: Submission, worker: Worker, monkeypatch
) -> None:
    """The threads that send hold no connection: sixty-four of them would be sixty-four at the
    database."""
    for number in range(9):
        submitted(sent.tenant, f"other-{number}")
    with_token(Tenant.objects.get(pk=sent.tenant_id))
    asked = []
    monkeypatch.setattr(
        BaseDatabaseWrapper, "_cursor", counting(asked, BaseDatabaseWrapper._cursor)
    )
    worker.run()
    assert states() == {"succeeded": 10} and set(asked) == {here()}


def here() -> str:
    return threading.current_thread().name


def test_it_writes_every_intent_before_the_first_byte(
    practice: PracticeServer, sent: Submission, worker: Worker
) -> None:
    """Looked at from the endpoint: each send finds its row committed as being sent."""
    rows = [sent, *(submitted(sent.tenant, f"other-{number}") for number in range(7))]
    fault(practice, {"fault": "delay", "route": "create", "seconds": 0.4, "times": 100})
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(run_and_close, worker)
        seen = set()
        while not running.done():
            at_work = {
                row["key"] for row in practice.control("requests", route="create")["requests"]
            }
            for row in Submission.objects.filter(key__in=at_work):
                seen.add((row.first_send_at is not None, row.attempt_count))
    assert seen == {(True, 1)} and states() == {"succeeded": len(rows)}


def test_it_claims_a_constant_share_ahead_of_its_threads(
    practice: PracticeServer, sent: Submission, worker: Worker, monkeypatch
) -> None:
    """One for its eight threads, however quick the calls are."""
    for number in range(29):
        submitted(sent.tenant, f"other-{number}")
    with_token(Tenant.objects.get(pk=sent.tenant_id))
    worker.widths[sent.tenant_id] = 30  # so that nothing but the threads holds them back
    claimed, take = [], worker.take

    def counted(picked: list) -> list:
        claimed.append(worker.under_way.total() + len(picked))
        return take(picked)

    monkeypatch.setattr(worker, "take", counted)
    worker.run()
    assert max(claimed) == 9


def test_two_workers_send_nothing_twice(practice: PracticeServer, sent: Submission) -> None:
    for number in range(40):
        submitted(sent.tenant, f"other-{number}")
    workers = [Worker(4), Worker(4)]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(run_and_close, workers))
    assert states() == {"succeeded": 41}
    assert (
        practice.control("requests", route="create")["count"]
        == practice.control("journeys")["count"]
        == 41
    )


def test_it_takes_tenants_in_turn(
    practice: PracticeServer, sent: Submission, worker: Worker
) -> None:
    """A thousand of one tenant do not hide the one of another that came last."""
    Submission.objects.update(not_before=now() - timedelta(hours=1))
    for number in range(60):
        change(submitted(sent.tenant, f"many-{number}"), not_before=now() - timedelta(minutes=30))
    submitted(another_tenant("Small", practice), "single")
    worker.run()
    order = list(Attempt.objects.values_list("submission__key", flat=True))
    assert order.index("single") < 20 and len(order) == 62


def test_a_dead_tenant_holds_few_threads(
    practice: PracticeServer, second: PracticeServer, sent: Submission, worker: Worker, settings
) -> None:
    """It takes connections and does not answer; the others' go out at once all the same."""
    settings.SUBMIT_TIMEOUT_SECONDS, settings.SUBMIT_SETTLE_SECONDS = (
        3,
        4,
    )  # a busy machine takes a second for all
    dead = another_tenant("Dead", second)
    with_token(dead)
    fault(second, {"fault": "hang", "route": "create", "seconds": 20, "times": 100})
    for number in range(20):
        submitted(dead, f"dead-{number}")
        submitted(sent.tenant, f"other-{number}")
    with_token(Tenant.objects.get(pk=sent.tenant_id))
    worker.run()
    ended = Submission.objects.filter(tenant=sent.tenant_id, state="succeeded").values_list(
        "finished_at", flat=True
    )
    first = Attempt.objects.filter(submission__tenant=dead.pk).earliest("id")
    assert len(ended) == 21
    assert max(ended) < first.started_at + timedelta(seconds=submit.times().timeout)
    assert TenantStatus.objects.get(pk=dead.pk).breaker == "open"
    assert second.control("requests", route="create")["count"] <= 8


def test_it_asks_once_with_a_get_before_it_goes_on(
    practice: PracticeServer, sent: Submission, worker: Worker
) -> None:
    for number in range(5):
        submitted(sent.tenant, f"other-{number}")
    tenant_statuses([sent.tenant_id])[sent.tenant_id].write(
        {"breaker": "open", "open_until": now(), "times_opened": 1}
    )
    fault(practice, {"fault": "delay", "route": "list", "seconds": 0.3})
    with ThreadPoolExecutor(4) as pool:
        asked = list(pool.map(ask_and_close, [sent.tenant_id] * 4))
    assert (sorted(asked), posts(practice)) == ([False, False, False, True], 0)
    assert practice.control("requests", route="list")["count"] == 1
    worker.run()
    assert states() == {"succeeded": 6}
    assert TenantStatus.objects.get().times_opened == 0


def ask_and_close(tenant: int) -> bool:
    try:
        return submit.ask(tenant)
    finally:
        connection.close()


def test_it_stays_away_while_the_question_gets_no_answer(
    practice: PracticeServer, sent: Submission
) -> None:
    tenant_statuses([sent.tenant_id])[sent.tenant_id].write(
        {"breaker": "open", "open_until": now(), "times_opened": 1}
    )
    fault(practice, {"fault": "status", "route": "list", "status": 503})
    assert submit.ask(sent.tenant_id)
    state = TenantStatus.objects.get()
    assert (state.breaker, state.times_opened, state.open_until > now()) == ("open", 2, True)
    assert not submit.ask(sent.tenant_id) and not submit.work(sent.pk)


def test_it_pauses_the_whole_tenant_for_as_long_as_it_was_asked_to(
    practice: PracticeServer, sent: Submission, worker: Worker
) -> None:
    with_token(Tenant.objects.get(pk=sent.tenant_id))
    fault(practice, {"fault": "rate_limited", "route": "create", "retry_after": "60"})
    submit.work(sent.pk)
    other = submitted(sent.tenant, "other")
    worker.run()
    assert (
        posts(practice, "other"),
        TenantStatus.objects.get().paused_until > now() + timedelta(seconds=50),
    ) == (
        0,
        True,
    )
    TenantStatus.objects.update(paused_until=now())
    worker.run()
    other.refresh_from_db()
    assert other.state == "succeeded"


def test_it_keeps_to_the_rate_of_the_tenant(
    practice: PracticeServer, sent: Submission, worker: Worker
) -> None:
    Tenant.objects.update(rate=10)
    for number in range(7):
        submitted(sent.tenant, f"other-{number}")
    began = time.monotonic()
    while states() != {"succeeded": 8}:
        worker.run()
        assert time.monotonic() - began < 20
    assert time.monotonic() - began > 0.7


def test_it_does_not_send_again_beyond_the_budget(
    practice: PracticeServer, sent: Submission
) -> None:
    change(sent, attempt_count=1)
    status = tenant_statuses([sent.tenant_id])[sent.tenant_id]
    status.write({"window_at": now(), "calls": 50, "resends": 30})
    assert (submit.work(sent.pk), posts(practice)) == (False, 0)
    status.write({"calls": 500})
    assert (submit.work(sent.pk), posts(practice)) == (True, 1)


def test_what_may_not_be_sent_again_hides_nothing_that_was_never_sent(
    practice: PracticeServer, sent: Submission, worker: Worker, monkeypatch
) -> None:
    monkeypatch.setattr(claims, "AT_A_TIME", 3)
    tenant_statuses([sent.tenant_id])[sent.tenant_id].write(
        {"window_at": now(), "calls": 30, "resends": 20}
    )
    for number in range(5):
        again = submitted(sent.tenant, f"again-{number}")
        change(again, attempt_count=1, not_before=now() - timedelta(minutes=10))
    worker.run()
    sent.refresh_from_db()
    assert (sent.state, states()) == ("succeeded", {"succeeded": 1, "waiting": 5})


def test_it_does_not_send_what_was_frozen_after_its_intent(
    practice: PracticeServer, sent: Submission, monkeypatch
) -> None:
    """The process stood still between the commit and the first byte, for longer than a send may be
    put off."""
    with_token(Tenant.objects.get(pk=sent.tenant_id))
    (job,) = submit.take([submit.Candidate(sent.pk, sent.tenant_id)])
    assert job.submission.state == "sending"
    time.sleep(submit.times().delay + 0.05)
    submit.write([submit.carry_out(job)])
    sent.refresh_from_db()
    assert (sent.state, sent.ambiguous, posts(practice), sent.attempts.count()) == (
        "waiting",
        False,
        0,
        0,
    )


def test_it_starts_nothing_more_when_it_is_stopped(
    practice: PracticeServer, sent: Submission, worker: Worker
) -> None:
    worker.stop()
    worker.run()
    assert (states(), posts(practice)) == ({"waiting": 1}, 0)
