"""Keeps in the audit what a person was refused."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from journeys.models.audit import record_refusal


def middleware(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Every 403 of somebody who is signed in, whichever view, decorator or check refused it. What belongs to others is
    a 404 and no refusal: the program does not say that it is there, and neither does the audit."""

    def recording(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code == 403 and request.user.is_authenticated and not is_recorded(request):
            record_refusal(request.user, "refused.permission", method=request.method, path=request.path)
        return response

    return recording


def is_recorded(request: HttpRequest) -> bool:
    """The view kept it already, with more to say."""
    return getattr(request, "refusal_recorded", False)
