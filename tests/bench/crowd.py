"""An installation that has grown: journeys, revisions, reviews, submissions, attempts and audit
rows in any number.

Written by the row, in bulk, with documents of real size that many revisions share the bytes of;
everything else that lists show, sort and filter by differs as it does in life. What is made is the
same every time.
"""

import random
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from uuid import UUID

from django.contrib.auth.models import Group, User
from django.core.management.color import no_style
from django.db import connections, models, transaction
from django.utils import timezone

from journeys.models import Attempt, AuditEntry, Journey, Review, Revision, Submission, Tenant, Word
from journeys.models.search import MOST_WORDS, sortable, words_in, words_of
from journeys.spec import document as doc
from tests.bench.journeys import journey

DAYS = 400
SUBJECTS = [
    "Welcome",
    "Abandoned cart",
    "Birthday",
    "Win-back",
    "Newsletter",
    "Übergang",
    "Black Friday",
    "Survey",
]
SEASONS = ["spring", "summer", "autumn", "winter", "2024", "2025", "2026"]
PLACES = ["Hamburg", "Lyon", "Łódź", "Porto", "Cork", "Graz", "Oslo", "Turin", "Gent", "Malmö"]
STATES = (
    ["draft"] * 55 + ["submitted"] * 25 + ["approved"] * 8 + ["in-review"] * 5 + ["refused"] * 5
)
STATES += ["needs-person", "submitting"]
ENDS = (
    ["succeeded"] * 84
    + ["refused"] * 8
    + ["cancelled"] * 4
    + ["conflict"] * 2
    + ["needs-person"] * 2
)
RARE = "Quokka"  # in the name of one journey


@dataclass(frozen=True)
class Size:
    journeys: int = 100_000
    revisions: int = 120_000
    longest: int = 20_000  # revisions of one journey
    reviews: int = 38_000
    submissions: int = 30_000
    audit: int = 200_000


def fill(size: Size) -> None:
    """Journey 1 is the one with the long history. Rows are values by column: objects take most of
    the time."""
    chance = random.Random(10)
    people, tenants = people_and_tenants()
    people, tenants = [one.pk for one in people], [one.pk for one in tenants]
    body = doc.dumps(journey("shared", 20))
    shared = {"packed": zlib.compress(body, 1), "size": len(body), "sha256": doc.sha256(body)}
    now = timezone.now()
    journeys = [
        one_journey(number, chance, people, tenants, now) for number in range(size.journeys)
    ]
    counts = revision_counts(size, chance)
    heads = 0
    for one, count in zip(journeys, counts, strict=True):
        heads += count
        one["head_id"] = heads
    with transaction.atomic():
        insert(Journey, journeys)
        insert(Word, words(journeys))
        insert(Revision, some_revisions(journeys, counts, chance, people, shared))
        insert(Review, some_reviews(journeys, size, chance, people, shared))
        submissions = list(some_submissions(journeys, size, chance, people, body, now))
        insert(Submission, submissions)
        insert(Attempt, some_attempts(submissions))
        insert(AuditEntry, some_audit(journeys, size, chance, people, now))
        connection = connections["default"]
        for sql in connection.ops.sequence_reset_sql(no_style(), [Journey, Revision]):
            connection.cursor().execute(sql)


def insert(model: type[models.Model], rows: Iterable[dict]) -> None:
    """As they are: not even the moments are set that Django sets. All rows have the same
    columns."""
    rows = iter(rows)
    first = next(rows, None)
    if first is None:
        return
    connection, meta, empty = (
        connections["default"],
        model._meta,
        model(),
    )  # not the proxy: it is asked per value
    fields = [
        f
        for f in meta.concrete_fields
        if not f.generated and (f.attname in first or not f.primary_key)
    ]
    columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    prepared = [maker(field, empty, connection) for field in fields]
    values = ([make(row) for make in prepared] for row in chained(first, rows))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {meta.db_table} ({columns}) FROM STDIN") as copy:
                for row in values:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(fields))
            cursor.executemany(f"INSERT INTO {meta.db_table} ({columns}) VALUES ({marks})", values)


def chained(first: dict, rows: Iterator[dict]) -> Iterator[dict]:
    yield first
    yield from rows


def maker(field: models.Field, empty: models.Model, connection):
    """Gives the value of a column out of a row; what no row tells is the same in all."""
    name = field.attname
    usual = field.get_db_prep_save(getattr(empty, name), connection)
    if isinstance(field, models.DateTimeField | models.UUIDField | models.JSONField):
        return lambda row: field.get_db_prep_save(row[name], connection) if name in row else usual
    if field.is_relation and isinstance(field.target_field, models.UUIDField):
        return lambda row: field.get_db_prep_save(row[name], connection)
    return lambda row: row.get(name, usual)


def people_and_tenants() -> tuple[list[User], list[Tenant]]:
    """Twenty people, six tenants: the first person belongs to one of them, the second to all, the
    third is an admin."""
    people = [
        User(username=f"person-{number}", first_name="Pat", last_name=f"No. {number}")
        for number in range(20)
    ]
    people[2].is_staff = people[3].is_staff = True
    people = User.objects.bulk_create(people)
    names = [
        {"name": f"Unit {number}", "subdomain": f"unit-{number}", "client_id": "c"}
        for number in range(6)
    ]
    tenants = [Tenant.objects.create(**values).sealed() for values in names]
    for number, tenant in enumerate(tenants):
        tenant.members.add(*(people[1:] if number else people))
    for person, group in zip(people, ["Marketer", "Marketer", "Admin", "Reviewer"], strict=False):
        person.groups.add(Group.objects.get(name=group))
    return people, tenants


def one_journey(
    number: int, chance: random.Random, people: list[int], tenants: list[int], now: datetime
) -> dict:
    name = f"{chance.choice(SUBJECTS)} {chance.choice(SEASONS)} {chance.choice(PLACES)} {number}"
    name = f"{RARE} {name}" if number == 77 else name
    key = (
        str(UUID(int=chance.getrandbits(128)))
        if number % 2
        else f"{name.lower().replace(' ', '-')}"
    )
    at = now - timedelta(seconds=chance.random() * DAYS * 86400)
    state = chance.choice(STATES)
    return {
        "id": number + 1,
        "created_at": at,
        "tenant_id": tenants[min(int(chance.random() * 9), 5)] if number else tenants[0],
        "owner_id": chance.choice(people),
        "key": key,
        "name": name,
        "sort_name": sortable(name),
        "description": f"Greets {chance.choice(PLACES)} in {chance.choice(SEASONS)}."
        if number % 3
        else "",
        "workflow_api_version": "1.0",
        "state": "draft" if state == "submitting" or not number else state,
        "changed_at": at,
    }


def words(journeys: list[dict]) -> Iterator[dict]:
    described = cache(words_in)
    for one in journeys:
        said = dict.fromkeys(
            [*words_of(one["name"], one["key"], ""), *described(one["description"])]
        )
        for word in list(said)[:MOST_WORDS]:
            yield {"tenant_id": one["tenant_id"], "journey_id": one["id"], "word": word}


def revision_counts(size: Size, chance: random.Random) -> list[int]:
    """One of each journey, `longest` of the first, and the rest here and there."""
    counts = [size.longest] + [1] * (size.journeys - 1)
    for _ in range(max(0, size.revisions - sum(counts))):
        counts[1 + chance.randrange(size.journeys - 1)] += 1
    return counts


def some_revisions(
    journeys: list[dict], counts: list[int], chance, people, shared: dict
) -> Iterator[dict]:
    """Every fiftieth takes one back."""
    pk = 0
    for one, count in zip(journeys, counts, strict=True):
        for number in range(1, count + 1):
            pk += 1
            undoes, is_edit = number - 1 if number > 1 and number % 50 == 0 else None, number > 1
            yield {
                "id": pk,
                "journey_id": one["id"],
                "number": number,
                "author_id": chance.choice(people),
                "created_at": one["changed_at"],
                "operation": "undo" if undoes else "edit block" if is_edit else "new",
                "summary": f"Subject: “Hello {number}” → “Hello {number + 1}”"
                if is_edit
                else "Started the journey",
                "undoes": undoes,
                "undo_top": number if is_edit else None,
                **shared,
            }


def some_reviews(journeys: list[dict], size: Size, chance, people, shared: dict) -> Iterator[dict]:
    for number in range(size.reviews):
        one = journeys[number % len(journeys)]
        is_open = one["state"] == "in-review" and number < len(journeys)
        counts = is_open or (one["state"] in ("approved", "submitted") and number < len(journeys))
        yield {
            "journey_id": one["id"],
            "revision_id": one["head_id"],
            "sha256": shared["sha256"],
            "tenant_id": one["tenant_id"],
            "decision": "" if is_open else "approved",
            "ended_at": None if counts else one["changed_at"],
            "asked_by_id": chance.choice(people),
            "asked_at": one["changed_at"],
            "decided_by_id": None if is_open else chance.choice(people),
            "decided_at": None if is_open else one["changed_at"] + timedelta(hours=1),
        }


def some_submissions(
    journeys: list[dict], size: Size, chance, people, body: bytes, now: datetime
) -> Iterator[dict]:
    """Few are under way, and one in twenty is of the last day."""
    sha256 = doc.sha256(body)
    for number in range(size.submissions):
        one = journeys[1 + number % (len(journeys) - 1)]
        at = now - timedelta(
            seconds=chance.random() * (86400 if number % 20 == 0 else DAYS * 86400)
        )
        is_open = number % 1000 == 999
        yield {
            "id": UUID(int=chance.getrandbits(128), version=4),
            "journey_id": one["id"],
            "revision_id": one["head_id"],
            "tenant_id": one["tenant_id"],
            "key": one["key"],
            "payload": body,
            "sha256": sha256,
            "created_by_id": chance.choice(people),
            "created_at": at,
            "finished_at": None if is_open else at + timedelta(seconds=chance.random() * 20),
            "not_before": now + timedelta(hours=1) if is_open else at,
            "deadline_at": (now if is_open else at) + timedelta(hours=24),
            "state": "waiting" if is_open else chance.choice(ENDS),
            "attempt_count": 1 + number % 3,
            "answer": b"{}",
            "remote_id": f"remote-{number}",
            "remote_definition_id": f"definition-{number}",
            "remote_status": "Draft",
        }


def some_attempts(submissions: list[dict]) -> Iterator[dict]:
    for row in submissions:
        for turn in range(row["attempt_count"]):
            yield {
                "submission_id": row["id"],
                "fence": turn + 1,
                "phase": "send",
                "started_at": row["created_at"],
                "seconds": 0.3 + turn,
                "http_status": 200,
                "result": "unclear" if turn + 1 < row["attempt_count"] else "created",
                "text": "It was sent.",
                "answer": '{"id": "x"}' * 20,
            }


def some_audit(journeys: list[dict], size: Size, chance, people, now: datetime) -> Iterator[dict]:
    actions = [
        "review.requested",
        "review.approved",
        "review.sent-back",
        "submission.created",
        "problem.accepted",
    ]
    every = timedelta(days=DAYS) / max(1, size.audit)
    for number in range(size.audit):
        one = journeys[number % len(journeys)]
        yield {
            "at": now - every * (size.audit - number),
            "actor_id": chance.choice(people),
            "action": chance.choice(actions),
            "journey_id": one["id"],
            "tenant_id": one["tenant_id"],
            "data": {"revision": 1},
        }
