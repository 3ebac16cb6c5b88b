"""Pages are asked for with GET and HEAD and changed with POST: nothing here answers another
method."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from composer.error_pages import error_page

SERVED = ("GET", "HEAD", "POST")


def middleware(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    def guarded(request: HttpRequest) -> HttpResponse:
        if request.method not in SERVED:
            return told(request, ", ".join(SERVED))
        response = get_response(request)
        return told(request, response["Allow"]) if response.status_code == 405 else response

    return guarded


def told(request: HttpRequest, allowed: str) -> HttpResponse:
    """Django answers with nothing: a white page for whoever opens the address of a form, or comes
    back to it."""
    response = error_page(request, 405)
    response["Allow"] = allowed
    return response
