"""Refusals of a change of state, and the states that a journey's draft can be in."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class WrongState(Exception):
    """The thing is not in a state that allows this. `text` is for the user."""

    def __init__(self, text: str) -> None:
        super().__init__(str(text))
        self.text = text


class Tampered(WrongState):
    """What decides here was changed in the database past the composer. `text` says what, and what to do."""


class NotAllowed(Exception):
    """The state allows it, but not to this person. `text` is for the user."""

    def __init__(self, text: str) -> None:
        super().__init__(str(text))
        self.text = text


class JourneyState(models.TextChoices):
    """What has happened to the newest revision."""

    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in-review", _("In review")
    APPROVED = "approved", _("Approved")
    SUBMITTING = "submitting", _("Being submitted")
    SUBMITTED = "submitted", _("Submitted")
    REFUSED = "refused", _("Refused")
    NEEDS_PERSON = "needs-person", _("Needs a decision")
