"""Why a submission is stopped without a call, in words for people."""

from django.utils.translation import gettext as _t

from journeys.lifecycle.results import Result
from journeys.lifecycle.submission_states import Event
from journeys.models import Submission
from journeys.spec import document as doc


def altered(row: Submission) -> Event:
    """Somebody wrote to the database past the composer."""
    text = _t("The stored journey is not the one that was approved. Nothing was sent.")
    if row.fits_its_seal and (row.seen.ended or row.was_sent_since):
        text = _t(
            "This was sent, refused or cancelled already, as this machine remembers, but the"
            " database says otherwise: it, or a part of it, was put back. Nothing was sent."
        )
    elif doc.sha256(bytes(row.payload)) == row.sha256:
        text = _t(
            "What was stored about this submission or its approval was changed in the database."
            " Nothing was sent."
        )
    todo = _t(
        "Tell an admin at once: somebody, or something, wrote to the database past the composer."
        " Once it is put right an admin can let this go on; the tenant is then asked for the key"
        " before anything is sent."
    )
    return tampered(text, todo)


def under_altered_rules(text: str) -> Event:
    todo = _t(
        "Tell an admin at once: somebody, or something, wrote to the database past the composer."
        " The admin looks at the tenant in the administration, puts it right, and has to save it"
        " anew; then this can go on."
    )
    return tampered(text, todo)


def tampered(text: str, todo: str) -> Event:
    explanation = {"title": _t("Stopped for tampering"), "text": text, "todo": todo}
    return Event(Result.ALTERED, called=False, values={"text": text, "explanation": explanation})


def opened_again() -> Event:
    """A problem that blocks it had been accepted when it was submitted."""
    text = _t("An accepted problem was opened again, and it blocks. Nothing was sent.")
    todo = _t(
        "Look at the problems of the journey. Put it right and submit it again, or have the problem"
        " accepted again: then “Try again” lets this go on."
    )
    explanation = {"title": _t("A problem was opened again"), "text": text, "todo": todo}
    return Event(Result.UNAPPROVED, called=False, values={"text": text, "explanation": explanation})


def unapproved(why: str) -> Event:
    text = _t("%(why)s Nothing was sent.") % {"why": why}
    todo = _t(
        "Ask for a review of the journey again, and submit it then. This submission stays as it is."
    )
    explanation = {"title": _t("Approval ended"), "text": text, "todo": todo}
    return Event(Result.UNAPPROVED, called=False, values={"text": text, "explanation": explanation})
