"""Who is let through to a page: who is signed in, and whose session has not ended."""

import time
from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from composer.identity import sessions
from composer.own_address import came_from


class SignedIn(LoginRequiredMiddleware):
    """A fragment gets 401 instead of the sign-in page, which would else be put into the page that asked. Who sent a
    form comes back to the page it is on: most addresses that take one show nothing."""

    def handle_no_permission(self, request: HttpRequest, view_func: Callable) -> HttpResponse:
        if request.headers.get("HX-Request"):
            return HttpResponse(status=401)
        if request.method == "POST":
            messages.warning(
                request, _("You are signed out, so what you sent was not stored. Sign in, then send it again.")
            )
            return redirect_to_login(came_from(request), self.get_login_url(view_func))
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
