"""Refusals of a change of state, and the states that a journey's draft and a submission can be
in."""

from django.db import models
from django.utils.translation import gettext_lazy as _


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
    """What has happened to the newest revision; SENT_BACK lasts through edits until a review is
    asked for again."""

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
