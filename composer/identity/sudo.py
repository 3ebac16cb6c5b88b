"""Asking again who it is, before something that only this person may do."""

import time

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode

from composer.identity import waiting

SHOWING = {"password", "mfa", "socialaccount"}
PROVIDER_FACTOR = (
    "provider-second-factor"  # in the session: the provider says that it asked for one
)


def shown_recently(request: HttpRequest) -> bool:
    """Whether this session showed within ten minutes who it is, by signing in or by being asked."""
    records = get_authentication_records(request, request.user)
    shown = [when(one) for one in records if one.get("method") in SHOWING]
    return bool(shown) and time.time() - max(shown) < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


def when(record: dict) -> float:
    """A provider lets people through who showed it hours ago who they are: what counts is when that
    was."""
    return (
        min(record["at"], record.get("auth_time", 0))
        if record["method"] == "socialaccount"
        else record["at"]
    )


def ask(request: HttpRequest) -> HttpResponse:
    """Leads to the question. What was posted waits, and goes on after the answer."""
    is_fragment = bool(request.headers.get("HX-Request"))
    path = (request.htmx.current_url_abs_path or "/") if is_fragment else request.get_full_path()
    if request.method == "POST" and not is_fragment:
        path = waiting.keep(request, request.user.get_username(), path)
    return ask_for(request, path)


def ask_for(request: HttpRequest, path: str) -> HttpResponse:
    """The question itself; its answer leads to `path`."""
    ways = get_adapter().get_reauthentication_methods(request.user)
    if not ways:
        return render(request, "account/sign_in_again.html", status=403)
    address = f"{ways[0]['url']}?{urlencode({'next': path})}"
    if request.headers.get("HX-Request"):
        return HttpResponse(status=403, headers={"HX-Redirect": address})
    return redirect(address)
