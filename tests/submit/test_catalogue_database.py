"""The database: many at once, full, and with a clock of its own."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, OperationalError, connection, transaction
from django.utils import timezone

from journeys import submit
from journeys.models import Submission, Tenant
from journeys.models.submission import now
from journeys.practice import PracticeServer
from tests.submit.conftest import posts, submitted, until_final


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_many_that_read_and_then_write_are_never_told_that_it_is_locked(tenant: Tenant) -> None:
    row = submitted(tenant)

    def count_up(_number: int) -> None:
        try:
            for _time in range(25):
                with transaction.atomic():
                    seen = Submission.objects.select_for_update().get(pk=row.pk)
                    Submission.objects.filter(pk=row.pk).update(failure_count=seen.failure_count + 1)
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
    monkeypatch.setattr("journeys.submit.intend", full)
    monkeypatch.setattr(Submission, "intend", full)
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
        pytest.skip("how durable PostgreSQL commits is its administrator's choice; its default is right")
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA synchronous").fetchone() == (2,)  # FULL
        assert cursor.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_leases_go_by_the_clock_of_the_database_where_machines_share_it(db: None, monkeypatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: datetime(2000, 1, 1, tzinfo=UTC))
    assert (now().year == 2000) is (connection.vendor == "sqlite")
