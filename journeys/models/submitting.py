"""How a journey's newest revision becomes a submission, and why it cannot."""

from django.conf import settings
from django.utils.translation import gettext as _t

from journeys.lifecycle.journey_state import NotAllowed, Tampered, WrongState
from journeys.lifecycle.review import Decision
from journeys.models import acceptance_rules, key_use
from journeys.models.clock import now
from journeys.models.review import Review
from journeys.models.revision import Revision, sha256_of
from journeys.models.sealing import STANDING
from journeys.models.submission import (
    LONGEST,
    OPEN_STATES,
    STOPPED,
    Permitted,
    Submission,
    SubmissionState,
)
from journeys.models.tenant import Tenant
from journeys.spec import document as doc


def submit(journey, user, *, without_review: bool = False, free_key: str = "") -> Submission:
    """Writes the submission of the newest revision's bytes, in the same transaction as the check of
    its approval.

    `free_key`: the tenant has just said that it has no journey of this key. Whoever calls this
    notifies a worker afterwards (`delivery.notify`).
    """
    with journey._locked() as newest:
        journey.tenant = Tenant.objects.get(
            pk=journey.tenant_id
        )  # it may have moved since this was read
        _require_submittable(journey, user, without_review)
        accepted = journey.require_no_blocking_problem(newest)
        approval = journey.approval()
        _require_own_key(journey, newest)
        body, moment = _body_of(newest, approval), now()
        submission = Submission(
            journey=journey,
            revision=newest,
            review=approval,
            tenant=journey.tenant,
            key=journey.key,
            payload=body,
            sha256=approval.sha256 if approval else doc.sha256(body),
            created_by=user,
            permitted=_permitted(journey, approval),
            accepted=[acceptance_rules.named(one) for one in accepted],
            deadline_at=moment + LONGEST,
            **key_use.asking(journey, free_key, moment),
        )
        submission.sealed().save(force_insert=True)
        ended = _end_reviews(journey, approval)
        journey.follow()
        journey.audit(
            user,
            "submission.created" if approval else "submission.created-without-review",
            submission=str(submission.pk),
            revision=newest.number,
            sha256=submission.sha256,
            **ended,
        )
        return submission


def why_not_submit(journey, without_review: bool = False, *, is_unsent: bool = False) -> str:
    """Why the newest revision cannot be submitted as it is; "" when it can.

    `is_unsent`: for a page that read that nothing was sent, by this journey or under its key."""
    reason = journey.tenant.why_altered()
    if reason:
        return reason
    rows = [] if is_unsent else _sent_before(journey)
    if any(row.journey_id == journey.pk and row.is_open for row in rows):
        return _t("A submission of this journey is under way. Wait for its result, or cancel it.")
    not_settled = _t(
        "An earlier submission of this key has not been settled: it may still create a journey, or"
        " have done so. Open it and let it go on, or give this journey another key."
    )
    if any(row.is_undecided for row in rows):
        return not_settled
    if not all(row.is_as_written for row in rows):
        return _t(
            "An earlier submission of this key was changed in the database past the composer: it"
            " may have created a journey. Tell an admin, and look in %(there)s; to send this one"
            " all the same, give it another key."
        ) % {"there": journey.tenant.where}
    if any(row.state in STOPPED and row.seen.may_arrive for row in rows):  # whatever the row says
        return not_settled
    if any(row.state == SubmissionState.SUCCEEDED for row in rows):
        return _t(
            "A journey with this key was already created in %(there)s, and sending it again would"
            " make a second version there. To send this one as a new journey, give it another key."
        ) % {"there": journey.tenant.where}
    if journey.tenant.review_required and not without_review and not journey.approval():
        ended = journey.why_approval_ended()
        if ended:
            return _t("%(why)s Ask for a review again.") % {"why": ended}
        return _t("This revision is not approved yet. Ask for a review first.")
    return ""


def _sent_before(journey) -> list[Submission]:
    """One look at what this journey is sending, and at what was sent under its key."""
    sent = Submission.objects.order_by()
    of_key = sent.of_key(journey.tenant_id, journey.key)
    own = sent.filter(journey=journey, state__in=OPEN_STATES)
    return list((own | of_key).only(*STANDING).with_last_sent())


def _end_reviews(journey, approval: Review | None) -> dict:
    """Nobody reviews any more what is on its way: only the approval by which it goes still counts.
    What was open is told to the audit."""
    others = journey.reviews.exclude(pk=approval.pk) if approval else journey.reviews.all()
    open_ones = others.filter(decision=Decision.NONE).end()
    others.end()
    return {"reviews_ended": open_ones} if open_ones else {}


def _require_submittable(journey, user, without_review: bool) -> None:
    if without_review and not (
        settings.DEMO or (user and user.has_perm("journeys.submit_unreviewed"))
    ):
        raise NotAllowed(_t("Only an admin can submit without a review."))
    journey.tenant.require_sealed()
    reason = journey.why_not_submit(without_review)
    if reason:
        raise WrongState(reason)


def _require_own_key(journey, newest: Revision) -> None:
    """What is looked up is what is sent: the journey's own columns are copies, and carry no
    seal."""
    if newest.stored().get("key") != journey.key:
        text = _t(
            "The key of this journey was changed in the database past the composer. Tell an admin;"
            " any change of the journey here puts that right."
        )
        raise Tampered(text, journey.tenant)


def _body_of(newest: Revision, approval: Review | None) -> bytes:
    """What an approval is of need not be sealed besides: a second admin may have looked at it for
    that."""
    if approval is None:
        return newest.body
    if sha256_of(bytes(newest.packed)) != approval.sha256:
        raise Tampered(newest.why_altered(), newest.journey.tenant)
    return newest.stored_body


def _permitted(journey, approval: Review | None) -> str:
    if approval:
        return Permitted.APPROVED
    return Permitted.WITHOUT if journey.tenant.review_required else Permitted.NOT_REQUIRED
