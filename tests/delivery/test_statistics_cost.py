"""What the overview and /metrics read does not grow with what was ever sent."""

from collections.abc import Callable
from copy import copy
from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from journeys.delivery import prometheus, statistics
from journeys.models import Attempt, Journey, Submission, Tenant
from journeys.models.clock import now
from journeys.models.tally import Tally, ended, kept, move_on, with_ended
from tests.people import approved

IDS = {"remote_id": "i", "remote_definition_id": "i", "remote_status": "Draft"}
ROWS = ("journeys_attempt", "journeys_submission")


@pytest.fixture
def submission(journey: Journey, maya: User, rob: User) -> Submission:
    return approved(journey, maya, rob).submit(maya)


def ended_long_ago(like: Submission, count: int, days: float = 3, state: str = "succeeded") -> None:
    """So many more, with three exchanges each."""
    moment, rows = now() - timedelta(days=days), []
    for _number in range(count):
        row = copy(like)
        row.pk, row.state, row.finished_at, row.payload = uuid4(), state, moment, b"{}"
        row.remote_id = row.remote_definition_id = row.remote_status = "i"
        rows.append(row)
    Submission.objects.bulk_create(rows)
    facts = {"fence": 1, "phase": "send", "started_at": moment, "seconds": 0.1, "result": "created"}
    Attempt.objects.bulk_create([Attempt(submission=row, **facts) for row in rows * 3])


def show_everything() -> None:
    tenants = statistics.by_tenant(Tenant.objects.all())
    statistics.measure(tenants, is_all=True)
    statistics.measure(tenants, is_all=False)
    prometheus.text()


def instructions(work: Callable[[], None]) -> int:
    """Of SQLite's machine, in hundreds."""
    count = 0

    def counted() -> int:
        nonlocal count
        count += 1
        return 0

    connection.connection.set_progress_handler(counted, 100)
    work()
    connection.connection.set_progress_handler(None, 0)
    return count


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite alone counts what it does")
def test_the_overview_costs_the_same_whatever_was_sent(submission: Submission) -> None:
    ended_long_ago(submission, 10)
    move_on()
    few = instructions(show_everything)
    ended_long_ago(submission, 2_000)
    move_on()  # as a sweeper does
    many = instructions(show_everything)
    assert many <= 1.1 * few + 5, (few, many)


def test_the_overview_reads_by_indexes(submission: Submission) -> None:
    ended_long_ago(submission, 30)
    move_on()
    with (
        CaptureQueriesContext(
            connection,
        ) as asked,
        connection.cursor() as cursor,
    ):
        if connection.vendor == "postgresql":  # else it reads a table as small as this one whole
            cursor.execute("SET LOCAL enable_seqscan = off")
        show_everything()
    read = [one["sql"] for one in asked if one["sql"].startswith("SELECT")]
    plans = [
        plan for sql in read if any(f'FROM "{row}"' in sql for row in ROWS) for plan in of(sql)
    ]
    assert len(plans) >= 6
    whole = ("Seq Scan on journeys_", "SCAN journeys_attempt", "SCAN journeys_submission")
    assert [plan for plan in plans if plan.strip().startswith(whole) and "INDEX" not in plan] == []


def of(sql: str) -> list[str]:
    explain = "EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN "
    with connection.cursor() as cursor:
        cursor.execute(explain + sql.replace("%", "%%"))
        return [str(row[-1]).removeprefix("->  ") for row in cursor.fetchall()]


def test_ends_are_counted_once_whenever_the_tally_moves_on(submission: Submission) -> None:
    tenant = str(submission.tenant_id)
    for state, count, days in (("succeeded", 3, 3), ("refused", 2, 2), ("cancelled", 1, 0.01)):
        ended_long_ago(submission, count, days, state)
        move_on()
        everything = with_ended({}, Submission.objects.exclude(finished_at=None))
        assert ended(kept()) == everything
    assert ended(kept())[tenant] == {"succeeded": 3, "refused": 2, "cancelled": 1}
    assert Tally.objects.get().ended[tenant] == {"succeeded": 3, "refused": 2}
    Submission.objects.filter(pk=submission.pk).update(state="conflict", finished_at=now())
    (one,) = statistics.by_tenant(Tenant.objects.filter(pk=submission.tenant_id))
    assert one.states == {"succeeded": 3, "refused": 2, "cancelled": 1, "conflict": 1}


def test_percentiles_are_of_the_newest(submission: Submission, monkeypatch) -> None:
    monkeypatch.setattr(statistics, "MOST_DURATIONS", 4)
    for hours, seconds in ((9, 50.0), (1, 0.5)):
        facts = {"fence": 1, "phase": "send", "result": "created", "seconds": seconds}
        began = now() - timedelta(hours=hours)
        for _number in range(4):
            Attempt.objects.create(submission=submission, started_at=began, **facts)
    tenants = statistics.by_tenant(Tenant.objects.filter(pk=submission.tenant_id))
    for is_all in (True, False):
        assert statistics.measure(tenants, is_all=is_all).exchange_p95 == 0.5
