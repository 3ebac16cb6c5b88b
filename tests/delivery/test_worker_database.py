"""A worker whose database fails: what is under way is written all the same."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import DatabaseError, OperationalError, connection

from journeys.delivery import claims, submit
from journeys.delivery import worker as worker_module
from journeys.delivery.worker import Worker
from journeys.lifecycle import conditions
from journeys.models import Submission, Tenant
from journeys.models.clock import now
from journeys.models.submission import OPEN_STATES
from journeys.practice import PracticeServer
from tests.delivery.conftest import (
    change,
    fault,
    posts,
    run_and_close,
    states,
    submitted,
    with_token,
)

ON_SQLITE = settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")
pytestmark = pytest.mark.django_db(transaction=True)  # workers meet in the database


def test_it_writes_an_outcome_again_when_the_database_was_away(
    practice: PracticeServer, sent: Submission, worker: Worker, monkeypatch
) -> None:
    failures, original = [], submit.settle

    def away(outcomes: list, times) -> None:
        if len(failures) < 3:
            failures.append(1)
            raise DatabaseError("away")
        original(outcomes, times)

    monkeypatch.setattr("journeys.delivery.submit.settle", away)
    worker.run()
    sent.refresh_from_db()
    assert (sent.state, len(failures), posts(practice)) == ("succeeded", 3, 1)


@pytest.mark.parametrize("query", ["tenant_statuses", "candidates"])
def test_it_writes_what_is_under_way_although_the_database_fails_in_between(
    practice: PracticeServer, sent: Submission, worker: Worker, monkeypatch, query: str
) -> None:
    """One query fails while a call is out; its outcome waits for no notification."""
    with_token(Tenant.objects.get(pk=sent.tenant_id))
    change(submitted(sent.tenant, "later"), not_before=now() + timedelta(seconds=0.3))
    fault(practice, {"fault": "delay", "route": "create", "seconds": 0.4})
    asked, original = [], getattr(worker_module, query)

    def fails_once(*words: object) -> object:
        asked.append(posts(practice))
        if len(asked) == 2:
            raise DatabaseError("server closed the connection unexpectedly")
        return original(*words)

    monkeypatch.setattr(worker_module, query, fails_once)
    monkeypatch.setattr(worker_module, "LOOK_AGAIN", 0.1)
    worker.run()
    sent.refresh_from_db()
    assert (sent.state, posts(practice), len(asked) > 2) == ("succeeded", 1, True)


def test_it_ends_when_the_database_fails_and_nothing_is_under_way(
    sent: Submission, worker: Worker, monkeypatch
) -> None:
    def fails(*_words: object) -> None:
        raise DatabaseError("server closed the connection unexpectedly")

    monkeypatch.setattr(worker_module, "candidates", fails)
    with pytest.raises(DatabaseError):
        worker.run()


@pytest.mark.skipif(ON_SQLITE, reason="SQLite has no server that could restart")
def test_it_goes_on_when_the_database_server_cuts_all_connections(
    practice: PracticeServer, sent: Submission, worker: Worker
) -> None:
    """Three times, as a server does that is restarted."""
    for number in range(30):
        submitted(sent.tenant, f"other-{number}")
    fault(practice, {"fault": "delay", "route": "create", "seconds": 0.1, "times": 100})
    Tenant.objects.update(rate=40)
    cut = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
        " AND pid <> %s"
    )
    until, cuts = time.monotonic() + 60, 0
    with ThreadPoolExecutor(1) as pool, connection.cursor() as cursor:
        while (
            time.monotonic() < until and Submission.objects.filter(state__in=OPEN_STATES).exists()
        ):
            running = pool.submit(run_and_close, worker)
            while not running.done():
                time.sleep(0.2)
                if cuts < 3:
                    cursor.execute(cut, [connection.connection.info.backend_pid])
                    cuts += cursor.rowcount
            submit_expired()
    keys = [journey["key"] for journey in practice.control("journeys")["journeys"]]
    assert (states(), len(keys), len(set(keys))) == ({"succeeded": 31}, 31, 31)
    assert practice.control("requests", route="create")["count"] == 31


def test_it_writes_again_what_the_database_did_not_take(
    practice: PracticeServer, sent: Submission, worker: Worker, monkeypatch
) -> None:
    """The connection is cut when all is written and nothing is committed yet."""
    note, cut = claims._note_statuses, []

    def once(*told: object) -> None:
        if not cut and any(outcome.event.kind == "created" for outcome in told[0]):
            cut.append(told)
            raise OperationalError("terminating connection")
        note(*told)

    monkeypatch.setattr(claims, "_note_statuses", once)
    worker.run()
    assert (states(), len(cut), posts(practice)) == ({"succeeded": 1}, 1, 1)


def submit_expired() -> None:
    """As the sweeper does for what was claimed and lost."""
    for row in Submission.objects.filter(conditions.given_up(now())):
        row.expire(submit.times())
