"""A journey as the composer opens it: one statement reads it with what else each page and each save
would ask for, and nearly always says that there is none.

What was read here is for showing. Whatever decides (submitting, approving) asks anew.
"""

from typing import NamedTuple

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from composer.composed_once import ComposedOnce
from journeys.models import Journey, Review, Submission
from journeys.models.review import ReviewState
from journeys.models.tenant import sees_all
from journeys.screens.review_status import with_newest_review
from journeys.screens.standing_mark import with_mark

RELATED = ("head", "tenant", "tenant__house_rules", "owner", "head__author")


class Settled(NamedTuple):
    """The newest revision that was approved or submitted."""

    pk: int
    number: int
    sha256: str


def opened(user, pk: int) -> Journey | None:
    if sees_all(user):
        journeys = _of_all(pk)
    elif user.has_perm("journeys.view_journey"):
        journeys = _of_members(pk, user.pk)
    else:
        journeys = []
    return journeys[0] if journeys else None


def last_settled(journey: Journey) -> Settled | None:
    """Which revision what is shown is compared with."""
    if not hasattr(journey, "approved_last"):
        (journey.approved_last, journey.submitted_last) = (
            _with_settled(Journey.objects.order_by())
            .values_list("approved_last", "submitted_last")
            .get(pk=journey.pk)
        )
    settled = [Settled(**one) for one in (journey.approved_last, journey.submitted_last) if one]
    return max(settled, key=lambda one: one.number, default=None)


def is_unsent(journey: Journey) -> bool:
    """Whether nothing was sent by it or under the key that it has now, as far as that was read."""
    sent = getattr(journey, "has_sent", True) or getattr(journey, "was_key_sent", True)
    return not sent and journey.key == journey.key_read


def _with_facts(rows: QuerySet[Journey]) -> QuerySet[Journey]:
    """What of it there is at all: a page asks for that, where there is some."""
    journey = {"journey": OuterRef("pk")}
    of_key = {"tenant": OuterRef("tenant"), "key": OuterRef("key")}
    standing = Review.objects.filter(
        **journey, state__in=[ReviewState.REQUESTED, ReviewState.APPROVED]
    )
    rows = with_mark(with_newest_review(_with_settled(rows))).select_related(*RELATED)
    return rows.annotate(
        has_acceptances=Exists(Journey.acceptances.rel.related_model.objects.filter(**journey)),
        has_standing_review=Exists(standing),
        has_sent=Exists(Submission.objects.filter(**journey)),
        was_key_sent=Exists(Submission.objects.filter(**of_key)),
        key_read=F("key"),  # another one may be saved meanwhile
    )


def _with_settled(rows: QuerySet[Journey]) -> QuerySet[Journey]:
    approved = Review.objects.filter(journey=OuterRef("pk"), decided_at__isnull=False)
    approved = approved.exclude(state=ReviewState.SENT_BACK)
    submitted = Submission.objects.filter(journey=OuterRef("pk"))
    revision = JSONObject(pk="revision_id", number="revision__number", sha256="revision__sha256")
    return rows.annotate(
        **{
            name: Subquery(some.order_by("-revision__number").values(told=revision)[:1])
            for name, some in (("approved_last", approved), ("submitted_last", submitted))
        }
    )


_of_all = ComposedOnce(lambda pk: _with_facts(Journey.objects.order_by()).filter(pk=pk))
# As `visible_to` has it for who does not see all.
_of_members = ComposedOnce(
    lambda pk, user: _with_facts(Journey.objects.order_by()).filter(
        Q(pk=pk) & Q(tenant__in=Journey.tenant.field.related_model.objects.filter(members=user))
    )
)
