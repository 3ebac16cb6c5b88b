"""How the newest revision comes to a review and an approval, and whether that approval holds."""

from django.db import models
from django.db.models import Exists
from django.utils.translation import gettext as _t

from journeys import checks
from journeys.lifecycle.journey_state import ASKABLE, BEING_WRITTEN, JourneyState, WrongState
from journeys.lifecycle.review import ReviewState
from journeys.models import memory
from journeys.models.checking import problems_of
from journeys.models.clock import now
from journeys.models.review import LONGEST_REPLY, Review
from journeys.models.revision import Revision


def request_review(journey, user, reply: str = "") -> Review:
    """`reply`: to who sent the last one back."""
    if len(reply) > LONGEST_REPLY:
        text = _t("The answer is too long: use at most %(count)s letters. Nothing was asked for.")
        raise WrongState(text % {"count": LONGEST_REPLY})
    problems_of(journey.head, journey.tenant.rules())  # before the lock, for which all others wait
    with journey._locked() as newest:
        journey.tenant.require_sealed()
        has_ended = journey.state == JourneyState.APPROVED and not journey.approval()
        if journey.state not in ASKABLE and not has_ended:
            raise WrongState(
                _t("Only a draft can be sent to review. This journey is: %s")
                % journey.get_state_display()
            )
        reason = journey.why_not_submit(without_review=True)
        if reason:  # nobody should review what cannot be sent
            raise WrongState(reason)
        journey.require_no_blocking_problem(newest)
        journey.reviews.all().end()
        review = Review.objects.create(
            journey=journey,
            revision=newest,
            sha256=newest.sha256,
            tenant=journey.tenant,
            place=journey.tenant.place,
            asked_by=user,
            reply=reply.strip(),
        )
        journey.follow()
        told = {"reply": review.reply} if review.reply else {}
        journey.audit(
            user, "review.requested", revision=newest.number, sha256=newest.sha256, **told
        )
        return review


def approval(journey) -> Review | None:
    """The approval that covers the newest revision and the tenant as it stands, if there is one
    that holds."""
    approvals = journey.reviews.filter(
        state=ReviewState.APPROVED, tenant=journey.tenant_id, place=journey.tenant.place
    )
    approvals = approvals.filter(revision=journey.head, sha256=journey.head.sha256).annotate(
        is_behind=Exists(_newer(journey))
    )
    review = approvals.select_related("decided_by").first()
    if review is None or not _holds(journey, review) or review.why_ended(now()):
        return None
    return review


def may_have_review(journey) -> bool:
    """False where it was read (screens.opening) that no review is open or approved, and, as the
    state tells, none has been since."""
    return journey.state not in BEING_WRITTEN or journey.__dict__.get("has_standing_review", True)


def _newer(journey) -> models.QuerySet:
    """Revisions after the draft: there are none, unless somebody set the draft back past the
    composer."""
    return journey.revisions.filter(
        models.Q(number__gt=journey.head.number) | models.Q(pk__gt=journey.head_id)
    )


def _holds(journey, review: Review) -> bool:
    """Whether it is the approval that was given of the newest revision; an edit has ended all
    earlier ones."""
    return (
        review.is_sealed(journey.head.sha256)
        and not review.is_behind
        and not memory.went_on(journey, review)
    )


def why_approval_ended(journey) -> str:
    """Why the newest revision's approval no longer counts; "" when there was none, or it
    does."""
    approvals = journey.reviews.filter(state=ReviewState.APPROVED, revision=journey.head)
    review = (
        approvals.annotate(is_behind=Exists(_newer(journey))).select_related("decided_by").first()
    )
    if review is None:
        return ""
    if review.is_sealed(journey.head.sha256) and memory.went_on(journey, review):
        return _t(
            "The journey was changed after it was approved, as this machine remembers, although"
            " the database says otherwise: it, or a part of it, was put back."
        )
    if not _holds(journey, review):
        return _t(
            "The stored approval is not the one that was given: it, or the journey, was changed"
            " in the database."
        )
    if review.place != journey.tenant.place:
        return _t("The tenant stands for another place since it was approved.")
    return review.why_ended(now())


def require_no_blocking_problem(journey, revision: Revision) -> list[checks.Accepted]:
    """The acceptances without which one would block it."""
    problems = problems_of(revision, journey.tenant.rules())
    still_open, settled = checks.sort_out(revision.stored(), problems, journey.accepted())
    blocking = [problem for problem in still_open if problem.blocks]
    if blocking:
        more = (
            _t(" (and %(count)s more)") % {"count": len(blocking) - 1} if len(blocking) > 1 else ""
        )
        raise WrongState(
            _t("Something has to be put right first: %(text)s%(more)s")
            % {
                "text": blocking[0].text,
                "more": more,
            }
        )
    return [accepted for problem, accepted in settled if problem.blocks]
