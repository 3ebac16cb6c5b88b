"""Keeps in the audit what a person was refused, and answers what no view answers by itself."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _t

from composer.error_pages import error_page
from journeys.models import Revision, Tampered
from journeys.models.audit import record_refusal
from journeys.screens.error_text import error_text


def middleware(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Every 403 of somebody who is signed in, whichever view, decorator or check refused it. What
    belongs to others is a 404 and no refusal: the program does not say that it is there, and
    neither does the audit."""

    def recording(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if (
            response.status_code == 403
            and request.user.is_authenticated
            and not is_recorded(request)
        ):
            record_refusal(
                request.user, "refused.permission", method=request.method, path=request.path
            )
        return response

    recording.process_exception = in_words
    return recording


def in_words(request: HttpRequest, error: Exception) -> HttpResponse | None:
    if isinstance(error, Revision.DoesNotExist) and request.method == "POST":
        return error_page(request, 410, error_text(error))
    return not_as_written(request, error)


def not_as_written(request: HttpRequest, error: Exception) -> HttpResponse | None:
    """What was asked for needs something that was changed in the database past the composer, and no
    view said so."""
    if not isinstance(error, Tampered):
        return None
    about = {"method": request.method, "path": request.path, "reason": error.text}
    record_refusal(request.user, "refused.tampered", tenant=error.tenant, error=error, **about)
    return error_page(request, 423, error.text, _t("Changed in the database"))


def is_recorded(request: HttpRequest) -> bool:
    """The view kept it already, with more to say."""
    return getattr(request, "refusal_recorded", False)
