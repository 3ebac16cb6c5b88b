"""Who is let through to a page: who is signed in, and whose session has not ended."""

import time
from collections.abc import Callable

from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse

from composer.identity import sessions


class SignedIn(LoginRequiredMiddleware):
    """A fragment gets 401 instead of the sign-in page, which would else be put into the page that asked."""

    def handle_no_permission(self, request: HttpRequest, view_func: Callable) -> HttpResponse:
        if request.headers.get("HX-Request"):
            return HttpResponse(status=401)
        return super().handle_no_permission(request, view_func)


def ended_sessions(get_response: Callable) -> Callable:
    """Ends a session by the clock: so long after the sign-in, and so long after the last thing that a person did."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            ended = sessions.ended(request.session, time.time())
            if ended:
                request.session_ended = ended
                logout(request)
            elif not sessions.asks_by_itself(request):
                sessions.note_activity(request.session, time.time())
        return get_response(request)

    return middleware
