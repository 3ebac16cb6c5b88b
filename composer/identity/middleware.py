"""Who is let through to a page: who is signed in, and whose session has not ended."""

import time
from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from composer.identity import devices, sessions, typed, waiting
from composer.own_address import came_from


class SignedIn(LoginRequiredMiddleware):
    """A fragment gets 401 and a sentence instead of the sign-in page, which would else be put into
    the page that asked. What a form sent waits for who was signed in here last; who that is gets it
    offered after signing in."""

    def handle_no_permission(self, request: HttpRequest, view_func: Callable) -> HttpResponse:
        if request.headers.get("HX-Request"):
            words = _(
                "You are signed out, so nothing was stored. Sign in in another tab, then try again"
                " here."
            )
            return HttpResponse(words, status=401, content_type="text/plain; charset=utf-8")
        if request.method == "POST":
            return redirect_to_login(kept(request), self.get_login_url(view_func))
        return super().handle_no_permission(request, view_func)


def kept(request: HttpRequest) -> str:
    """Where to go on after signing in. That the form bore a valid token says that it is of the last
    sign-in here."""
    person = getattr(request, "was", "") or devices.last(request)
    if not person or typed.name_of(request.path) not in typed.SHOWN or not waiting.fits(request):
        messages.warning(
            request,
            _("You are signed out, so what you sent was not stored. Sign in, then send it again."),
        )
        return came_from(request)
    messages.warning(
        request,
        _(
            "You are signed out. Sign in again within a quarter of an hour: what you sent is kept"
            " until then."
        ),
    )
    return waiting.keep(request, person, request.get_full_path(), offered=True)


def ended_sessions(get_response: Callable) -> Callable:
    """Ends a session by the clock: so long after the sign-in, and so long after the last thing that
    a person did."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            ended = sessions.ended(request.session, time.time())
            if ended:
                request.session_ended, request.was = ended, request.user.get_username()
                logout(request)
            elif not sessions.asks_by_itself(request):
                sessions.note_activity(request.session, time.time())
        return get_response(request)

    return middleware
