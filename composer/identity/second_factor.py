"""Who needs a second factor, and where somebody who needs one and has none may go."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from composer.identity import sudo

# by name: pages that add a factor, pages that ask for the password first, and the way out
REACHED_WITHOUT = {
    "second-factor-needed",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "account_reauthenticate",
    "oidc-confirm",
    "oidc-callback",
    "sign-out",
    "account_logout",
    "healthz",
    "healthz-worker",
    "healthz-sweeper",
    "metrics",
}


def is_missing(request: HttpRequest) -> bool:
    user: User | AnonymousUser = request.user
    if not user.is_authenticated:
        return False
    needed = settings.REQUIRE_SECOND_FACTOR or getattr(user, "group_asks_second_factor", False)
    if not needed or getattr(user, "has_second_factor", False):
        return False
    return not request.session.get(sudo.PROVIDER_FACTOR)


def required(get_response: Callable) -> Callable:
    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def process_view(
        request: HttpRequest, view: Callable, args: tuple, kwargs: dict
    ) -> HttpResponse | None:
        if request.resolver_match.view_name in REACHED_WITHOUT or not is_missing(request):
            return None
        page = reverse("second-factor-needed")
        if request.headers.get("HX-Request"):
            return HttpResponse(status=403, headers={"HX-Redirect": page})
        return redirect(page)

    middleware.process_view = process_view
    return middleware
