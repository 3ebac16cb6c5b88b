"""What a review can come to, and who may decide it."""

from collections.abc import Collection

from django.db import models
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

UNKNOWN = 0  # among authors: the database was changed past the composer, so it may be anybody


class Decision(models.TextChoices):
    """It stays as it was made, also when it has stopped to count."""

    NONE = "", _("not decided")
    APPROVED = "approved", _("Approved")
    SENT_BACK = "sent-back", _("Sent back")


class ReviewState(models.TextChoices):
    """How it stands: made of its decision and of whether it still counts. OUTDATED is an approval
    or an open review that has ended; what was sent back stays so."""

    REQUESTED = "requested", _("Waiting for review")
    APPROVED = "approved", _("Approved")
    SENT_BACK = "sent-back", _("Sent back")
    OUTDATED = "outdated", _("Outdated")


def why_not_decide(
    person: int, authors: Collection[int], *, reviews: bool, is_active: bool = True
) -> str:
    """Why this person may not decide; "" when they may, if need be with the confirmation of a
    second admin.

    Whoever asked for the review may decide it, if they wrote nothing of what is new in it.
    `reviews`: they have the right to.
    """
    if not is_active:
        return _t("Your account is no longer in use.")
    if not reviews:
        return _t("Only reviewers can approve a journey or send it back.")
    if person in authors:
        return _t("You wrote some of these changes. Somebody else has to review them.")
    return ""


def why_second(authors: Collection[int], linked: str) -> str:
    """Why a decision counts only when a second admin confirms it; "" when it counts as it is.

    `linked`: the name of an author whose account is linked with that of who decides.
    """
    if UNKNOWN in authors:
        return _t(
            "Who wrote this journey, or its words, was changed in the database past the"
            " composer: it may have been anybody. Look at all of it. Your decision needs the"
            " confirmation of an admin who wrote none of it."
        )
    if not linked:
        return ""
    text = _t(
        "Your account and that of %(name)s, who wrote some of these changes, are linked: within"
        " the last 24 hours one changed the other, or somebody changed both. Until that is over"
        " your decision needs the confirmation of an admin who wrote none of it."
    )
    return text % {"name": linked}


def why_not_confirm(person: int | None, authors: Collection[int]) -> str:
    """Why this admin's confirmation does not make a decision count; "" when it does."""
    if person in authors:
        return _t(
            "The admin who confirmed this wrote some of these changes. Another one has to confirm."
        )
    return ""


def is_ones_own(person: int, asked_by: int | None, authors: Collection[int]) -> bool:
    """Whether it is about this person's own work: they asked for it, or wrote some of it."""
    return person == asked_by or person in authors
