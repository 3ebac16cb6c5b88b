"""What attempts of all time come to, without counting all of them each time.

Attempts are only ever added, so what is known of those up to one of them stays true. A sweeper
moves that on, an hour behind, when no transaction can still add one below; whoever asks adds those
after it.
"""

from collections import defaultdict
from datetime import timedelta

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from journeys.lifecycle.results import FRUITLESS
from journeys.models.attempt import Attempt
from journeys.models.clock import now

BEHIND = timedelta(hours=1)
NAMES = ("sends", "again", "failures")
Counts = dict[str, dict[str, int]]  # by the tenant's id as text, by NAMES


class Tally(models.Model):
    """The only row has the id 1."""

    counted_to = models.BigIntegerField(default=0)  # the id of an attempt
    counts = models.JSONField(default=dict)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"attempts up to {self.counted_to}"


def kept() -> Tally:
    return Tally.objects.filter(pk=1).first() or Tally(pk=1)


def counted() -> Counts:
    """Of every tenant that was ever called; two queries, however many attempts there are."""
    tally = kept()
    return added(tally.counts, Attempt.objects.filter(pk__gt=tally.counted_to))


def move_on() -> None:
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
