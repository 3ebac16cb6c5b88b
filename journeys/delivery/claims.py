"""Many submissions at a time: which are due, whose they are, and what came of them, in few
statements and commits.

Every change is conditional and names state and fence: see `lifecycle.conditions`.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import connection, models, transaction
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce, Length, Substr

from journeys.lifecycle import conditions, limits
from journeys.lifecycle.results import Result
from journeys.lifecycle.submission_states import Event, Times
from journeys.models import seals
from journeys.models.attempt import Attempt
from journeys.models.clock import now
from journeys.models.journey import Journey
from journeys.models.state_writer import follow_ended
from journeys.models.submission import Submission, SubmissionState
from journeys.models.tenant import Tenant
from journeys.models.tenant_status import TenantStatus, locked_statuses

AT_A_TIME = 200  # candidates of one tenant and kind that are looked at before the others' are
TENANTS = 50  # that one statement asks for
# Words, not values: a database takes an index that holds some rows only for a condition that it
# knows beforehand.
KINDS = [
    "state = 'waiting' AND attempt_count = 0",
    "state = 'waiting' AND attempt_count > 0",
    "state = 'unclear'",
]
COLUMNS = ("id", "tenant_id", "state", "attempt_count", "fence", "not_before")
ANY_TENANT = -1  # where the key of each stands


@dataclass(frozen=True)
class Candidate:
    """A submission that was due a moment ago. `resends`: it would be sent once more."""

    pk: UUID
    tenant: int
    resends: bool = False
    fence: int = 0
    due: datetime | None = None


@dataclass
class Outcome:
    """What an exchange came to."""

    submission: Submission
    event: Event
    attempt: Attempt | None = None
    is_held: bool = field(default=False, init=False)  # afterwards: whether it was written
    was_sent: bool = field(default=False, init=False)  # whether this was its send
    was_unclear: bool = field(default=False, init=False)  # or was about one that may have arrived


def ready(moment: datetime) -> models.QuerySet:
    return Submission.objects.filter(conditions.claimable(moment))


def candidates(
    moment: datetime, tenants: Iterable[int] | None = None, most: int = AT_A_TIME
) -> list[Candidate]:
    """Those due for longest first, and of each tenant so few that its thousands do not hide the
    others', nor its re-sends, for which there may be no budget, what was never sent. Costs the same
    however many more there are."""
    asked = Tenant.objects.all() if tenants is None else Tenant.objects.filter(pk__in=tenants)
    # no EXISTS: PostgreSQL may make a join of that, and read all that is due to know of which
    # tenants it is
    firsts = [
        models.Subquery(_due(moment, kind, models.OuterRef("pk")).values("pk")[:1])
        for kind in KINDS
    ]
    due = list(
        asked.annotate(first=Coalesce(*firsts))
        .filter(first__isnull=False)
        .values_list("pk", flat=True)
    )
    rows = [
        row
        for at in range(0, len(due), TENANTS)
        for row in _firsts(moment, due[at : at + TENANTS], most)
    ]
    rows.sort(key=lambda row: (row.not_before, row.pk))
    return [
        Candidate(row.pk, row.tenant_id, _resends(row), row.fence, row.not_before) for row in rows
    ]


def _due(moment: datetime, kind: str, tenant: object) -> models.QuerySet:
    """Of one kind and tenant, in the order of their index."""
    rows = ready(moment).filter(RawSQL(kind, (), models.BooleanField()), tenant=tenant)  # noqa: S611 of KINDS
    return rows.order_by("not_before", "pk")


def _firsts(moment: datetime, tenants: Sequence[int], most: int) -> Iterable[Submission]:
    """In one statement, whose parts each end after so many rows of an index."""
    parts, params = [], []
    for kind in KINDS:
        sql, values = (
            _due(moment, kind, ANY_TENANT).values_list(*COLUMNS)[:most].query.sql_with_params()
        )
        for tenant in tenants:
            parts.append(f"SELECT * FROM ({sql}) AS part_{len(parts)}")  # noqa: S608 Django's own
            params += [tenant if value == ANY_TENANT else value for value in values]
    return Submission.objects.raw(" UNION ALL ".join(parts), params)


def _resends(row: Submission) -> bool:
    return row.state == SubmissionState.WAITING and row.attempt_count > 0


def admitted(
    wanted: list[Candidate], moment: datetime, times: Times, tenants: dict[int, Tenant]
) -> list[Submission]:
    """Claims as many as the tenants' status lets through now. Inside a transaction.

    Who has no token gets it with one of its submissions; the others follow when it is there.
    """
    by_tenant: dict[int, list[Candidate]] = defaultdict(list)
    for one in wanted:
        by_tenant[one.tenant].append(one)
    statuses = locked_statuses(by_tenant)
    let_in = [
        c
        for pk, some in by_tenant.items()
        for c in _let_in(some, statuses[pk], tenants[pk], moment, times)
    ]
    rows = claim([one.pk for one in let_in], moment, times)
    again = {one.pk for one in let_in if one.resends}
    taken: dict[int, list[bool]] = defaultdict(list)
    for row in rows:
        row.tenant = tenants[row.tenant_id]
        taken[row.tenant_id].append(row.pk in again)
    for pk, sent_again in taken.items():
        rate = tenants[pk].calls_per_second
        statuses[pk].write(
            limits.reserve(statuses[pk], len(sent_again), sum(sent_again), moment, rate, times)
        )
    return rows


def _let_in(
    some: list[Candidate], status, tenant: Tenant, moment: datetime, times: Times
) -> list[Candidate]:
    if not limits.admits(status, moment):
        return []
    places = limits.slots(status, moment, tenant.calls_per_second)
    if tenant.usable_token(moment) is None:
        places = min(places, 1)
    left, chosen = limits.resends_left(status, moment, times), []
    for one in some:
        if len(chosen) == places:
            break
        if not one.resends or left > 0:
            left -= one.resends
            chosen.append(one)
    return chosen


def claim(pks: list[UUID], moment: datetime, times: Times) -> list[Submission]:
    """Takes those that are ready and free, for one lease. Inside a transaction; `fence` is then the
    holder's."""
    if not pks:
        return []
    rows = ready(moment).filter(pk__in=pks).with_last_sent()
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(skip_locked=True)
    locked_rows = list(rows)
    until = moment + times.lease
    taken = ready(moment).filter(pk__in=[row.pk for row in locked_rows])
    if taken.update(fence=models.F("fence") + 1, lease_until=until) != len(locked_rows):
        raise RuntimeError("rows that were locked have changed")  # rolls back; none of them is ours
    for row in locked_rows:
        row.fence, row.lease_until = row.fence + 1, until
    return locked_rows


def intend(rows: list[Submission], moment: datetime, times: Times) -> list[Submission]:
    """Writes the intents to send; gives those that may be sent once this is committed, and while
    enough of their lease is left. The only writer of an intent.

    `take` has looked whether the rows are as they were written.
    """
    by_fence: dict[int, list[Submission]] = defaultdict(list)
    for row in rows:
        by_fence[row.fence].append(row)
    return [row for fence, some in by_fence.items() for row in _intend(some, fence, moment, times)]


def _intend(rows: list[Submission], fence: int, moment: datetime, times: Times) -> list[Submission]:
    condition = conditions.sendable(moment, times)
    held_rows = Submission.objects.filter(condition, pk__in=[row.pk for row in rows], fence=fence)
    written = held_rows.update(
        state=SubmissionState.SENDING,
        ambiguous=True,
        first_send_at=Coalesce("first_send_at", models.Value(moment, models.DateTimeField())),
        last_send_at=moment,
        attempt_count=models.F("attempt_count") + 1,
        state_seal=Substr("state_seal", 1, Length("state_seal") - seals.HALF),
    )
    if written not in (0, len(rows)):
        raise RuntimeError("rows that were locked have changed")
    for row in rows if written else []:
        row.state, row.ambiguous, row.last_send_at = SubmissionState.SENDING, True, moment
        row.first_send_at, row.attempt_count = row.first_send_at or moment, row.attempt_count + 1
        row.state_seal = seals.halved(row.state_seal)
    return rows if written else []


@transaction.atomic
def settle(outcomes: list[Outcome], times: Times) -> None:
    """Writes what exchanges came to, in their order: attempts, submissions, journeys, and how their
    tenants stand."""
    moment = now()
    Attempt.objects.bulk_create([outcome.attempt for outcome in outcomes if outcome.attempt])
    ended = []
    for outcome in sorted(
        outcomes, key=lambda one: one.submission.pk
    ):  # whoever locks several does so in one order
        row = outcome.submission
        outcome.was_sent = row.state == SubmissionState.SENDING
        outcome.was_unclear = row.state == SubmissionState.UNCLEAR and row.ambiguous
        outcome.is_held = row.write_outcome(outcome.event, moment, times)
        if outcome.is_held and not row.is_open:
            ended.append(row)
    follow_ended(Journey.objects.all(), ended)
    refused = [one for one in outcomes if one.event.kind == Result.UNAUTHORISED]
    bad = {
        (one.submission.tenant_id, one.event.generation): one.submission.tenant for one in refused
    }
    for (_pk, generation), tenant in bad.items():
        tenant.turn_down_token(generation, moment)
    _note_statuses(outcomes, moment, times)


def _note_statuses(outcomes: list[Outcome], moment: datetime, times: Times) -> None:
    """Mostly nothing changes: that costs one query and no lock."""
    events: dict[int, list[Event]] = defaultdict(list)
    for outcome in outcomes:
        events[outcome.submission.tenant_id].append(outcome.event)
    calm = TenantStatus.objects.filter(
        pk__in=events, breaker=limits.BREAKER_CLOSED, failures=0, times_opened=0, turned_down=None
    )
    quiet = {pk for pk in calm.values_list("pk", flat=True) if all(map(limits.is_fine, events[pk]))}
    for pk, status in locked_statuses(events.keys() - quiet).items():
        for event in sorted(
            events[pk], key=lambda one: one.kind == Result.UNAUTHORISED
        ):  # good calls tell of a good token
            status.write(limits.after_call(status, event, moment, times))
