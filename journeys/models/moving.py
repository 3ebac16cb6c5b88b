"""A tenant that is to stand for another place: what is under way or was approved was meant for the old one."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _t

from journeys.models.journey import Journey
from journeys.models.review import Review, ReviewState
from journeys.models.states import JourneyState
from journeys.models.submission import OPEN, Submission, SubmissionState
from journeys.models.tenant import Tenant

PLACE = ("subdomain", "allowed_domain", "account_id")


def why_not_move(tenant: Tenant) -> str:
    """Why the tenant has to stay where it is for now; "" when it may go. Inside a transaction.

    Whoever submits holds the journey: then either the submission is seen here, or there that the approval has ended.
    """
    list(Journey.objects.select_for_update().filter(tenant=tenant).order_by("pk").values_list("pk", flat=True))
    count = _unsettled(tenant).count()
    if not count:
        return ""
    text = _t(
        "Submissions to this tenant that may still be sent or have arrived: %(count)s. They were meant for the old "
        "place: at another they would not be found, and would be sent there, too. Look under Submissions: wait until "
        "they have ended, cancel those that wait, and where a decision is needed try again or cancel. Or add the other "
        "place as a tenant of its own."
    )
    return text % {"count": count}


def _unsettled(tenant: Tenant) -> QuerySet:
    """What is open, and what a person can still let go on: not where the key has been submitted anew since."""
    of_tenant = Submission.objects.filter(tenant=tenant)
    newer = of_tenant.filter(key=OuterRef("key"), state__in=[*OPEN, SubmissionState.SUCCEEDED])
    stopped = Q(state=SubmissionState.NEEDS_PERSON) & ~Exists(newer)
    return of_tenant.filter(Q(state__in=OPEN) | stopped)


def end_approvals(tenant: Tenant) -> int:
    """How many approvals were of the old place. What was sent keeps its state."""
    Journey.objects.filter(tenant=tenant, state=JourneyState.APPROVED).update(state=JourneyState.DRAFT)
    return Review.objects.filter(tenant=tenant, state=ReviewState.APPROVED).update(state=ReviewState.OUTDATED)
