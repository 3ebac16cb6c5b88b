"""The states of journeys and of submissions, and which of them a journey is in."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from journeys.lifecycle.review import ReviewState


class WrongState(Exception):
    """The thing is not in a state that allows this. `text` is for the user."""

    def __init__(self, text: str) -> None:
        super().__init__(str(text))
        self.text = text


class Tampered(WrongState):
    """What decides here was changed in the database past the composer. `text` says what, and what
    to do."""

    def __init__(self, text: str, tenant=None) -> None:
        super().__init__(text)
        self.tenant = tenant


class NotAllowed(Exception):
    """The state allows it, but not to this person. `text` is for the user."""

    def __init__(self, text: str) -> None:
        super().__init__(str(text))
        self.text = text


class JourneyState(models.TextChoices):
    """What has happened to the draft; SENT_BACK lasts through edits until a review is asked for
    again."""

    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in-review", _("In review")
    SENT_BACK = "sent-back", _("Sent back")
    APPROVED = "approved", _("Approved")
    SUBMITTING = "submitting", _("Being submitted")
    SUBMITTED = "submitted", _("Submitted")
    REFUSED = "refused", _("Refused")
    NEEDS_PERSON = "needs-person", _("Needs a decision")


BEING_WRITTEN = (JourneyState.DRAFT, JourneyState.SENT_BACK)  # nobody looks at it or sends it
ASKABLE = (*BEING_WRITTEN, JourneyState.REFUSED)  # a review can be asked for


class SubmissionState(models.TextChoices):
    WAITING = "waiting", _("Waiting to be sent")
    SENDING = "sending", _("Being sent")
    UNCLEAR = "unclear", _("Unclear, being looked up")
    SUCCEEDED = "succeeded", _("Created")
    REFUSED = "refused", _("Refused")
    CONFLICT = "conflict", _("Conflict")
    NEEDS_PERSON = "needs-person", _("Needs a decision")
    TAMPERED = "tampered", _("Stopped for tampering")
    CANCELLED = "cancelled", _("Cancelled")


class Permitted(models.TextChoices):
    """Why it could be submitted."""

    APPROVED = "approved", _("approved")
    NOT_REQUIRED = "not-required", _("the tenant asks for no review")
    WITHOUT = "without-review", _("an admin submitted it without a review")


@dataclass(frozen=True)
class Facts:
    """What a journey's state is made of.

    `review`: how its review stands, where one still counts; at most one does. `submission`: the
    state of the newest submission of the draft. `by_review`: that review is the approval by which
    it was submitted.
    """

    review: str = ""
    submission: str = ""
    by_review: bool = False


OF_REVIEW = {
    ReviewState.REQUESTED: JourneyState.IN_REVIEW,
    ReviewState.APPROVED: JourneyState.APPROVED,
    ReviewState.SENT_BACK: JourneyState.SENT_BACK,
}
OF_SUBMISSION = {
    SubmissionState.WAITING: JourneyState.SUBMITTING,
    SubmissionState.SENDING: JourneyState.SUBMITTING,
    SubmissionState.UNCLEAR: JourneyState.SUBMITTING,
    SubmissionState.SUCCEEDED: JourneyState.SUBMITTED,
    SubmissionState.REFUSED: JourneyState.REFUSED,
    SubmissionState.CONFLICT: JourneyState.NEEDS_PERSON,
    SubmissionState.NEEDS_PERSON: JourneyState.NEEDS_PERSON,
    SubmissionState.TAMPERED: JourneyState.NEEDS_PERSON,
}


def state_of(facts: Facts) -> JourneyState:
    """Which state a journey is in.

    No moments are compared, because clocks differ: a submission ends every review but the approval
    by which it was made, so another one that counts was asked for later. That can be only where the
    submission came to nothing: any other state of it decides, whatever a review says.
    """
    came_to_nothing = facts.submission == SubmissionState.REFUSED and not facts.by_review
    if facts.review and came_to_nothing:
        return OF_REVIEW[facts.review]
    return OF_SUBMISSION.get(facts.submission) or OF_REVIEW.get(facts.review) or JourneyState.DRAFT
