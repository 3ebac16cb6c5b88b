"""Pages are asked for with GET and HEAD and changed with POST: nothing here answers another method."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

SERVED = ("GET", "HEAD", "POST")


def middleware(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def guarded(request: HttpRequest) -> HttpResponse:
        if request.method not in SERVED:
            return HttpResponseNotAllowed(SERVED)
        return get_response(request)

    return guarded
