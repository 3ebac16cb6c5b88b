"""What it costs to look for work, however long the queue is."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from journeys.delivery import worker
from journeys.delivery.claims import AT_A_TIME, candidates, ready
from journeys.delivery.sweeper import Sweeper
from journeys.models import Journey, Submission, Tenant
from journeys.models.clock import now
from tests.delivery.conftest import submitted

MANY = 3000


def queue(first: Submission, length: int, **values: object) -> None:
    """So many more like it."""
    journey = Journey.objects.filter(pk=first.journey_id).values().get()
    begin = Journey.objects.order_by("-pk")[0].pk + 1
    numbers = range(begin, begin + length)
    Journey.objects.bulk_create(
        Journey(**{**journey, "id": n, "key": f"queued-{n}", "head_id": None}) for n in numbers
    )
    row = Submission.objects.filter(pk=first.pk).values().get() | values
    row.pop("id")
    due = row.pop("not_before") - timedelta(seconds=1)  # each at a moment of its own, as in life
    Submission.objects.bulk_create(
        Submission(
            **row
            | {
                "journey_id": n,
                "key": f"queued-{n}",
                "not_before": due + timedelta(microseconds=at),
            },
        )
        for at, n in enumerate(numbers)
    )


def looked_at(deed: Callable[[], object]) -> int:
    """Steps of SQLite, or rows that PostgreSQL reads, for all statements of the deed."""
    deed()  # what is made the first time
    if connection.vendor == "sqlite":
        return steps(deed)
    with CaptureQueriesContext(connection) as captured:
        deed()
    return sum(rows_read(query["sql"]) for query in captured if query["sql"].startswith("SELECT"))


def steps(deed: Callable[[], object]) -> int:
    counted = [0]

    def step() -> None:
        counted[0] += 1

    connection.connection.set_progress_handler(step, 10)
    deed()
    connection.connection.set_progress_handler(None, 10)
    return counted[0]


def rows_read(sql: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}")
        (told,) = cursor.fetchone()
    return of_plan((json.loads(told) if isinstance(told, str) else told)[0]["Plan"])


def of_plan(node: dict) -> int:
    below = node.get("Plans", [])
    thrown_away = sum(
        node.get(f"Rows Removed by {what}", 0) for what in ("Filter", "Index Recheck")
    )
    own = 0 if below else node["Actual Rows"]
    return round((own + thrown_away) * node["Actual Loops"]) + sum(map(of_plan, below))


DEEDS: dict[str, Callable[[], object]] = {
    "the worker's look": lambda: candidates(now()),
    "what is due next": worker.next_due,
    "a sweep": lambda: Sweeper().due(),
}
WAITING = {
    "never sent": {},
    "sent before": {"attempt_count": 1},
    "unclear": {"state": "unclear", "attempt_count": 1},
    "later": {"not_before": timezone.now() + timedelta(days=1)},
}


@pytest.mark.parametrize("kind", WAITING)
def test_it_costs_no_more_where_more_waits(tenant: Tenant, kind: str):
    first = submitted(tenant, "first")
    queue(first, 2 * AT_A_TIME, **WAITING[kind])
    by_index_alone()
    before = {name: looked_at(deed) for name, deed in DEEDS.items()}
    queue(first, MANY, **WAITING[kind])
    analyse()
    after = {name: looked_at(deed) for name, deed in DEEDS.items()}
    assert {name: after[name] <= 1.2 * before[name] + 50 for name in after} == dict.fromkeys(
        DEEDS, True
    ), (
        before,
        after,
    )


def by_index_alone() -> None:
    """Of so few rows PostgreSQL reads all and sorts or joins them, rightly, now and then; whether
    an index gives them is what counts where there are many."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for way in ("sort", "incremental_sort", "seqscan", "bitmapscan", "nestloop"):
                cursor.execute(f"SET LOCAL enable_{way} = off")


def analyse() -> None:
    """As PostgreSQL does by itself after a while."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE journeys_submission")


def test_it_finds_what_was_never_sent_and_other_tenants_behind_a_long_queue(tenant: Tenant):
    first = submitted(tenant, "first")
    newest, other = submitted(tenant, "newest"), submitted(another(tenant), "other")
    queue(first, 2 * AT_A_TIME, attempt_count=1)
    found = candidates(now())
    assert {first.pk, newest.pk, other.pk} < {one.pk for one in found}
    assert [one.resends for one in found].count(True) == AT_A_TIME


def another(tenant: Tenant) -> Tenant:
    values = {
        "client_id": "other",
        "client_secret": "other-secret",
        "practice_url": tenant.practice_url,
    }
    return Tenant.objects.create(name="Another", review_required=False, **values).sealed()


def test_it_finds_all_that_is_due_and_nothing_else(tenant: Tenant):
    first = submitted(tenant, "first")
    for values in [
        *WAITING.values(),
        {"lease_until": now() + timedelta(hours=1)},
        {"state": "refused"},
    ]:
        queue(first, 1, **values)
    queue(first, 1, lease_until=now() - timedelta(hours=1), attempt_count=3)
    found, moment = candidates(now()), now()
    assert {one.pk for one in found} == set(ready(moment).values_list("pk", flat=True)) and len(
        found
    ) == 5
    assert [one.due for one in found] == sorted(one.due for one in found)
    assert candidates(moment, []) == []
