"""What attempts and ended submissions of all time come to, without counting all of them each time.

Attempts are only ever added, and a submission in one of the FINAL states stays as it is, so what is
known of those up to one of them, or up to a moment, stays true. A sweeper moves that on, an hour
behind, when no transaction can still add one below; whoever asks adds those after it.
"""

from collections import Counter, defaultdict
from datetime import timedelta

from django.db import models
from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet

from journeys.lifecycle.results import FRUITLESS
from journeys.models.attempt import Attempt
from journeys.models.clock import now
from journeys.models.submission import Submission, SubmissionState

BEHIND = timedelta(hours=1)
NAMES = ("sends", "again", "failures")
Counts = dict[str, dict[str, int]]  # by the tenant's id as text, by NAMES or by state
FINAL = (SubmissionState.SUCCEEDED, SubmissionState.REFUSED, SubmissionState.CANCELLED)


class Tally(models.Model):
    """The only row has the id 1."""

    counted_to = models.BigIntegerField(default=0)  # the id of an attempt
    counts = models.JSONField(default=dict)
    ended_to = models.DateTimeField(null=True)  # the last `finished_at` of those in `ended`
    ended = models.JSONField(default=dict)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"attempts up to {self.counted_to}, ends up to {self.ended_to}"


def kept() -> Tally:
    return Tally.objects.filter(pk=1).first() or Tally(pk=1)


def counted(tally: Tally) -> Counts:
    """Of every tenant that was ever called; one query, however many attempts there are."""
    return added(tally.counts, Attempt.objects.filter(pk__gt=tally.counted_to))


def ended(tally: Tally) -> Counts:
    """How many submissions of every tenant came to which of the FINAL states; one query."""
    return with_ended(tally.ended, ended_since(tally))


def ended_since(tally: Tally) -> QuerySet[Submission]:
    """Those that are not in the tally yet, and some that are in other states."""
    rows = Submission.objects.filter(finished_at__isnull=False).order_by()
    return rows.filter(finished_at__gt=tally.ended_to) if tally.ended_to else rows


def move_on() -> None:
    move_attempts_on()
    move_ends_on()


def move_ends_on() -> None:
    """Two at the same time do it once."""
    tally = kept()
    since = Q(finished_at__gt=tally.ended_to) if tally.ended_to else Q()
    old = Submission.objects.filter(since, finished_at__lt=now() - BEHIND)
    last = old.aggregate(Max("finished_at"))["finished_at__max"]
    if last is None:
        return
    counts = with_ended(tally.ended, old.filter(finished_at__lte=last))
    Tally.objects.get_or_create(pk=1)
    Tally.objects.filter(pk=1, ended_to=tally.ended_to).update(ended_to=last, ended=counts)


def with_ended(counts: Counts, rows: QuerySet[Submission]) -> Counts:
    """Counted here, because a database would rather go through all that there are, in the order in
    which it groups them, than through the few that ended of late."""
    sums: Counts = defaultdict(dict, {pk: dict(some) for pk, some in counts.items()})
    ends = Counter(rows.order_by().values_list("tenant", "state").iterator())
    for (tenant, state), count in ends.items():
        if state in FINAL:
            mine = sums[str(tenant)]
            mine[state] = mine.get(state, 0) + count
    return dict(sums)


def move_attempts_on() -> None:
    """Two at the same time do it once."""
    tally = kept()
    old = Attempt.objects.filter(pk__gt=tally.counted_to, started_at__lt=now() - BEHIND).order_by(
        "-pk"
    )
    last = old.values_list("pk", flat=True).first()
    if last is None:
        return
    counts = added(tally.counts, Attempt.objects.filter(pk__gt=tally.counted_to, pk__lte=last))
    Tally.objects.get_or_create(pk=1)
    Tally.objects.filter(pk=1, counted_to=tally.counted_to).update(counted_to=last, counts=counts)


def added(counts: Counts, attempts: QuerySet[Attempt]) -> Counts:
    """A send is another one when its submission was sent before."""
    sums: Counts = defaultdict(
        lambda: dict.fromkeys(NAMES, 0), {pk: dict(some) for pk, some in counts.items()}
    )
    earlier = Attempt.objects.filter(
        submission=OuterRef("submission"), phase="send", pk__lt=OuterRef("pk")
    )
    rows = (
        attempts.order_by()
        .values("submission__tenant")
        .annotate(
            sends=Count("pk", filter=Q(phase="send")),
            again=Count("pk", filter=Q(phase="send") & Exists(earlier)),
            failures=Count("pk", filter=Q(result__in=FRUITLESS)),
        )
    )
    for row in rows:
        mine = sums[str(row["submission__tenant"])]
        for name in NAMES:
            mine[name] += row[name]
    return dict(sums)
