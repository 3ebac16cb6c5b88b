"""A tenant that is to stand for another place: what is under way or was approved was meant for the
old one."""

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _t

from journeys.lifecycle.journey_state import JourneyState
from journeys.lifecycle.review import Decision, ReviewState
from journeys.models.clock import now
from journeys.models.journey import Journey
from journeys.models.review import Review
from journeys.models.state_writer import follow
from journeys.models.submission import OPEN_STATES, STOPPED, Submission, SubmissionState
from journeys.models.tenant import Tenant

PLACE = ("subdomain", "allowed_domain", "account_id")
# The credentials choose the business unit, too. They can be put right while submissions are under
# way: those that were approved before wait for a person then, those that may have arrived are
# looked up.
ENDS_APPROVALS = (*PLACE, "client_id", "client_secret")


def hold_journeys(tenant: Tenant) -> None:
    """Locks all of them in one order, without keeping as many numbers. Inside a transaction."""
    if connection.features.has_select_for_update:  # else the transaction holds everything already
        rows = (
            Journey.objects.select_for_update()
            .filter(tenant=tenant)
            .order_by("pk")
            .values_list("pk", flat=True)
        )
        for _pk in rows.iterator(chunk_size=2000):
            pass


def why_not_move(tenant: Tenant) -> str:
    """Why the tenant has to stay where it is for now; "" when it may go. Inside a transaction.

    Whoever submits holds the journey: then either the submission is seen here, or there that the
    approval has ended.
    """
    hold_journeys(tenant)
    count = _unsettled(tenant).count()
    if not count:
        return ""
    text = _t(
        "Submissions to this tenant that may still be sent or have arrived: %(count)s. They were"
        " meant for the old place: at another they would not be found, and would be sent there,"
        " too. Look under Submissions: wait until they have ended, cancel those that wait, and"
        " where a decision is needed try again or cancel. Or add the other place as a tenant of its"
        " own."
    )
    return text % {"count": count}


def _unsettled(tenant: Tenant) -> QuerySet:
    """What is open, and what a person can still let go on: not where the key has been submitted
    anew since."""
    of_tenant = Submission.objects.filter(tenant=tenant)
    newer = of_tenant.filter(
        key=OuterRef("key"), state__in=[*OPEN_STATES, SubmissionState.SUCCEEDED]
    )
    stopped = Q(state__in=STOPPED) & ~Exists(newer)
    return of_tenant.filter(Q(state__in=OPEN_STATES) | stopped)


def would_end(tenant: Tenant) -> QuerySet:
    """The reviews that end when it becomes another place: those that were approved, and those that
    are open."""
    ending = (ReviewState.APPROVED, ReviewState.REQUESTED)
    return Review.objects.filter(tenant=tenant, state__in=ending).order_by("-id")


def end_approvals(tenant: Tenant, *, altered: bool = False) -> int:
    """Makes it another place; tells how many approvals were of the old one. What was sent keeps its
    state.

    Reviews that are open end as well: who looks at one has read the old address. Inside a
    transaction. `altered`: the number of its place may have been changed in the database.
    """
    hold_journeys(tenant)
    Tenant.objects.filter(pk=tenant.pk).update(moves=_unused_number(tenant, altered=altered))
    tenant.refresh_from_db(fields=["moves"])
    tenant.sealed()
    reviews = Review.objects.filter(tenant=tenant)
    reviews.filter(decision=Decision.NONE).end()
    count = reviews.filter(decision=Decision.APPROVED).end()
    states = (JourneyState.APPROVED, JourneyState.IN_REVIEW)
    follow(Journey.objects.filter(tenant=tenant, state__in=states))
    return count


def _unused_number(tenant: Tenant, *, altered: bool) -> int:
    """A number that no place of this tenant can have had: beyond the one it has, and not below the
    microseconds of now.

    Where that one is not to be believed, beyond every one that something was approved for: their
    seals tell.
    """
    moment = int(now().timestamp() * 1_000_000)
    if not altered:
        return max(
            Tenant.objects.select_for_update().values_list("moves", flat=True).get(pk=tenant.pk)
            + 1,
            moment,
        )
    newest = moment
    for review in (
        Review.objects.filter(tenant=tenant)
        .exclude(seal="")
        .order_by("pk")
        .iterator(chunk_size=500)
    ):
        number = review.place.partition("-")[0]
        if (
            number.isdecimal()
            and len(number) < 19
            and int(number) >= newest
            and review.is_sealed(review.sha256)
        ):
            newest = int(number) + 1
    return newest
