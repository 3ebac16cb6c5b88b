"""Why an operation was refused, in words for whoever asked for it."""

from django.utils.translation import gettext as _t

from journeys.models import KeyTaken, Revision
from journeys.spec.refusal import Refusal, filled


def error_text(error: Exception) -> str:
    if isinstance(error, KeyTaken):
        return (
            _t("The key “%s” is taken by another journey of this tenant. Choose another one.")
            % error.key
        )
    if isinstance(error, Revision.DoesNotExist):
        return _t("The page is out of date. Reload it.")
    if not isinstance(error, Refusal):
        return str(getattr(error, "text", error))
    text = bare_text(error)
    return f"{text} ({error.place})" if getattr(error, "place", "") else text


def bare_text(error: Refusal) -> str:
    """Without the place, for where that stands beside it."""
    return filled(_t(error.sentence), error.values)
