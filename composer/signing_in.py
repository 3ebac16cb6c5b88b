"""What keeps people from guessing passwords."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import PasswordChangeView
from django.contrib.messages.views import SuccessMessageMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _


def locked_out(request: HttpRequest, response: HttpResponse | None, credentials: dict, *args: object) -> HttpResponse:
    """The sign-in page again, with the reason."""
    messages.error(request, settings.AXES_COOLOFF_MESSAGE)
    form = AuthenticationForm(request, initial={"username": credentials.get("username", "")})
    context = {"form": form, "next": request.POST.get("next", ""), "demo_people": demo_people()}
    return render(request, "registration/login.html", context, status=429)


def client_address(request: HttpRequest) -> str:
    """The peer's address; behind a proxy the last one in X-Forwarded-For, the only one that the proxy vouches for."""
    if settings.BEHIND_PROXY:
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
        if forwarded:
            return forwarded
    return request.META.get("REMOTE_ADDR", "")


class SignedIn(LoginRequiredMiddleware):
    """A fragment gets 401 instead of the sign-in page, which would else be put into the page that asked."""

    def handle_no_permission(self, request: HttpRequest, view_func: Callable) -> HttpResponse:
        if request.headers.get("HX-Request"):
            return HttpResponse(status=401)
        return super().handle_no_permission(request, view_func)


class ChangePassword(SuccessMessageMixin, PasswordChangeView):
    """For everybody; the administration's own page is open to its users only."""

    template_name = "registration/change_password.html"
    success_url = reverse_lazy("journeys")
    success_message = _("Your password is changed.")


def demo_people() -> list:
    """Who the sign-in page says one can be: in demo mode only, where everybody may know."""
    if not settings.DEMO:
        return []
    from journeys.management.commands.load_demo import PEOPLE

    return PEOPLE
