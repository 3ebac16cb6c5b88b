"""How submitting goes, computed from the rows each time it is asked: nothing is counted twice or
lost by a restart.

What it costs does not grow with what was ever sent: what has come to its end is in the tally, and
the rest are the last WINDOW and what is still under way, which indexes lead to.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, Min, QuerySet, Value
from django.db.models.functions import TruncHour

from journeys.models import Attempt, Submission, Tenant, TenantStatus, clock
from journeys.models.submission import OPEN_STATES
from journeys.models.tally import FINAL, Tally, counted, ended_since, kept

WINDOW = timedelta(hours=24)
MOST_DURATIONS = 20_000  # percentiles are of so many, the newest of the window

STATE = Submission.State
STOPPED = (STATE.REFUSED, STATE.CONFLICT, STATE.NEEDS_PERSON, STATE.TAMPERED)


@dataclass(frozen=True)
class Hour:
    """One hour of the window: how many were created, how many stopped, and the slowest twentieth in
    seconds."""

    begins: datetime
    created: int = 0
    stopped: int = 0
    p95: float | None = None


@dataclass(frozen=True)
class Measures:
    """Of one tenant, or of all that were asked for. Times in seconds.

    `states` counts all there are. `p50` and `p95` are from the click until it was created, of the
    newest MOST_DURATIONS that ended in the window; `exchange_p95` is of one call, likewise. `sends`
    and `again` count sends and re-sends in the window.
    """

    states: dict[str, int]
    oldest_open: datetime | None
    p50: float | None
    p95: float | None
    exchange_p95: float | None
    sends: int
    again: int
    hours: tuple[Hour, ...]

    @property
    def open(self) -> int:
        return in_any(self.states, OPEN_STATES)

    @property
    def stopped(self) -> int:
        return in_any(self.states, STOPPED)


def in_any(counts: dict[str, int], states: tuple[str, ...]) -> int:
    return sum(counts.get(state, 0) for state in states)


def measure(tenants: list["TenantStatistics"], *, is_all: bool) -> Measures:
    """Of these tenants; `is_all`: they are all that there are."""
    moment = clock.moment()
    since, pks = moment - WINDOW, [one.tenant.pk for one in tenants]
    recent = Submission.objects.filter(finished_at__gte=since).order_by("-finished_at")
    exchanges = Attempt.objects.filter(started_at__gte=since).order_by("-started_at")
    if not is_all:
        recent = recent.filter(tenant__in=pks)
    durations, counts = _finished(recent)
    seconds, sends, journeys = _exchanged(exchanges, None if is_all else pks)
    taken = sorted(seconds for _hour, seconds in durations)
    return Measures(
        states=dict(sum((Counter(one.states) for one in tenants), Counter())),
        oldest_open=min((one.oldest_open for one in tenants if one.oldest_open), default=None),
        p50=percentile(taken, 0.5),
        p95=percentile(taken, 0.95),
        exchange_p95=percentile(seconds, 0.95),
        sends=sends,
        again=sends - journeys,
        hours=_hours(counts, durations, moment),
    )


def _exchanged(
    exchanges: QuerySet[Attempt], tenants: list[int] | None
) -> tuple[list[float], int, int]:
    """The seconds of the calls to these tenants, sorted, how many of them sent, and how many
    submissions.

    The tenants are picked here while there are not too many calls: a database without statistics
    would begin with all submissions that a tenant ever had.
    """
    rows = list(
        exchanges.values_list("seconds", "phase", "submission", "submission__tenant")[
            :MOST_DURATIONS
        ]
    )
    is_part = len(rows) == MOST_DURATIONS
    if is_part and tenants is not None:
        exchanges = exchanges.filter(submission__tenant__in=tenants)
        rows = list(
            exchanges.values_list("seconds", "phase", "submission", "submission__tenant")[
                :MOST_DURATIONS
            ]
        )
    mine = [row for row in rows if tenants is None or row[3] in tenants]
    seconds = sorted(row[0] for row in mine)
    if not is_part:
        sent = [row[2] for row in mine if row[1] == "send"]
        return seconds, len(sent), len(set(sent))
    sums = (
        exchanges.order_by()
        .filter(phase="send")
        .aggregate(sends=Count("pk"), journeys=Count("submission", distinct=True))
    )
    return seconds, sums["sends"], sums["journeys"]


@dataclass(frozen=True)
class TenantStatistics:
    """What is counted of one tenant. `sends`, `again` and `failures` are of all time and count what
    is never taken away, so they only rise; the rest is of now."""

    tenant: Tenant
    states: dict[str, int]
    oldest_open: datetime | None
    sends: int
    again: int
    failures: int

    @property
    def status(self) -> TenantStatus | None:
        """None while the tenant was never called."""
        return getattr(self.tenant, "status", None)

    @property
    def open(self) -> int:
        return in_any(self.states, OPEN_STATES)

    @property
    def stopped(self) -> int:
        return in_any(self.states, STOPPED)


def by_tenant(tenants: QuerySet[Tenant]) -> list[TenantStatistics]:
    """Of each tenant, in four queries however many there are and whatever they have sent."""
    listed, tally = list(tenants.select_related("status")), kept()
    counts = counted(tally)
    states = {one.pk: dict(tally.ended.get(str(one.pk), {})) for one in listed}
    since: dict[int, datetime] = {}
    for tenant, state, count, oldest, is_ended in _not_in(tally, list(states)):
        if tenant not in states or is_ended != (state in FINAL):
            continue
        states[tenant][state] = states[tenant].get(state, 0) + count
        if state in OPEN_STATES:
            since[tenant] = min(oldest, since.get(tenant, oldest))
    return [
        TenantStatistics(
            tenant=tenant,
            states=states[tenant.pk],
            oldest_open=since.get(tenant.pk),
            **counts.get(str(tenant.pk), {"sends": 0, "again": 0, "failures": 0}),
        )
        for tenant in listed
    ]


def _not_in(tally: Tally, tenants: list[int]) -> QuerySet:
    """Tenant, state, how many, the first of them, and whether it is one row of those that ended of
    late. Each half by an index of its own."""
    others = [state for state in STATE if state not in FINAL]
    rows = Submission.objects.filter(tenant__in=tenants, state__in=others).order_by()
    under_way = rows.values_list("tenant", "state").annotate(
        Count("pk"), Min("created_at"), is_ended=Value(False)
    )
    late = ended_since(tally).values_list("tenant", "state")
    return under_way.union(
        late.annotate(one=Value(1), at=F("created_at"), is_ended=Value(True)), all=True
    )


def percentile(values: list[float], share: float) -> float | None:
    """Of sorted values, the one that this share of them does not exceed; None of none."""
    if not values:
        return None
    return values[min(len(values) - 1, int(share * len(values)))]


def _finished(
    recent: QuerySet[Submission],
) -> tuple[list[tuple[datetime, float]], dict[datetime, Counter]]:
    """By the hour in which they ended: the seconds of each that was created, and how many came to
    which end."""
    rows = list(recent.values_list("finished_at", "created_at", "state")[:MOST_DURATIONS])
    durations, counts = [], defaultdict(Counter)
    for finished, created, state in rows:
        counts[hour_of(finished)][state] += 1
        if state == STATE.SUCCEEDED:
            durations.append((hour_of(finished), (finished - created).total_seconds()))
    if len(rows) < MOST_DURATIONS:
        return durations, counts
    counts = defaultdict(Counter)
    by_hour = recent.order_by().annotate(hour=TruncHour("finished_at")).values_list("hour", "state")
    for hour, state, count in by_hour.annotate(Count("pk")):
        counts[hour_of(hour)][state] += count
    return durations, counts


def hour_of(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


def _hours(
    counts: dict[datetime, Counter], durations: list[tuple[datetime, float]], moment: datetime
) -> tuple[Hour, ...]:
    taken: dict[datetime, list[float]] = defaultdict(list)
    for hour, seconds in durations:
        taken[hour].append(seconds)
    last = hour_of(moment)
    begins = [last - timedelta(hours=back) for back in reversed(range(24))]
    return tuple(
        Hour(
            begins=hour,
            created=counts[hour][STATE.SUCCEEDED],
            stopped=sum(counts[hour][state] for state in STOPPED),
            p95=percentile(sorted(taken[hour]), 0.95),
        )
        for hour in begins
    )
