"""The database: many at once, full, and with a clock of its own."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, OperationalError, connection, transaction
from django.utils import timezone

from journeys.delivery import submit
from journeys.delivery.worker import Worker
from journeys.models import Submission, Tenant
from journeys.models.clock import now
from journeys.practice import PracticeServer
from tests.delivery.conftest import fault, posts, submitted, until_final


@pytest.mark.django_db(transaction=True)
def test_many_that_read_and_then_write_are_never_told_that_it_is_locked(tenant: Tenant) -> None:
    row = submitted(tenant)

    def count_up(_number: int) -> None:
        try:
            for _time in range(25):
                with transaction.atomic():
                    seen = Submission.objects.select_for_update().get(pk=row.pk)
                    Submission.objects.filter(pk=row.pk).update(
                        failure_count=seen.failure_count + 1
                    )
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(count_up, range(8)))
    row.refresh_from_db()
    assert row.failure_count == 200


@pytest.mark.parametrize("has_token", [True, False])
def test_nothing_is_sent_when_the_intent_cannot_be_written(
    practice: PracticeServer, sent: Submission, monkeypatch: pytest.MonkeyPatch, has_token: bool
) -> None:
    def full(*words: object) -> None:
        raise OperationalError("database or disk is full")

    if has_token:
        other = submitted(sent.tenant, "other")
        submit.work(other.pk)
    monkeypatch.setattr("journeys.delivery.submit.intend", full)
    monkeypatch.setattr("journeys.delivery.calls.intend", full)
    try:
        with transaction.atomic():
            submit.work(sent.pk)
    except DatabaseError:
        pass
    sent.refresh_from_db()
    assert (sent.state, sent.ambiguous, posts(practice)) == ("waiting", False, 0)
    monkeypatch.undo()
    assert (until_final(sent).state, posts(practice)) == ("succeeded", 1)


def test_a_commit_is_on_the_disk_before_it_is_believed(db: None) -> None:
    if connection.vendor != "sqlite":
        pytest.skip(
            "how durable PostgreSQL commits is its administrator's choice; its default is right"
        )
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA synchronous").fetchone() == (2,)  # FULL
        assert cursor.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_leases_go_by_the_clock_of_the_database_where_machines_share_it(
    db: None, monkeypatch
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: datetime(2000, 1, 1, tzinfo=UTC))
    assert (now().year == 2000) is (connection.vendor == "sqlite")


@pytest.mark.django_db(transaction=True)
def test_a_commit_that_nobody_heard_of_is_not_written_again(
    practice: PracticeServer, sent: Submission, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The line to the database was cut between the commit and its confirmation."""
    settle, cut = submit.settle, []

    def unconfirmed(outcomes: list, times: object) -> None:
        settle(outcomes, times)
        if not cut:
            cut.append(1)
            raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr("journeys.delivery.submit.settle", unconfirmed)
    began = time.monotonic()
    Worker(2).run()
    assert (
        time.monotonic() - began < submit.times().lease_seconds - 1
    )  # nor tried until the lease ends
    sent.refresh_from_db()
    assert (sent.state, sent.attempts.count(), posts(practice)) == ("succeeded", 1, 1)


@pytest.mark.django_db(transaction=True)
def test_a_migration_in_the_midst_of_a_send_only_delays_it(
    practice: PracticeServer, sent: Submission
) -> None:
    """A column is renamed while the call is out, so that what runs does not fit; then it fits
    again."""
    fault(practice, {"fault": "delay", "route": "create", "seconds": 0.4})
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(worked_off)
        while not posts(practice):
            time.sleep(0.02)
        rename("text", "words")
        time.sleep(1)
        rename("words", "text")
        running.result()
    sent.refresh_from_db()
    assert (until_final(sent).state, sent.found_by_look_up, posts(practice)) == (
        "succeeded",
        False,
        1,
    )


def worked_off() -> None:
    try:
        Worker(2).run()
    finally:
        connection.close()


def rename(old: str, new: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE journeys_submission RENAME COLUMN {old} TO {new}")
