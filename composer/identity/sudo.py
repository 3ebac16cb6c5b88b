"""Asking again who it is, before something that only this person may do."""

import time

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY
from allauth.account.utils import get_next_redirect_url
from cryptography.fernet import InvalidToken
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from composer.own_address import came_from, own_address
from journeys.models.secret import fernet

LONGEST_BODY = 64 * 1024  # of what waits while somebody is asked
MOST_WAITING = 3  # of one session, in as many tabs
WAITING = "waiting-for-confirmation"  # in the session
WAITS = 15 * 60  # seconds
SHOWING = {"password", "mfa", "socialaccount"}
PROVIDER_FACTOR = "provider-second-factor"  # in the session: the provider says that it asked for one


def shown_recently(request: HttpRequest) -> bool:
    """Whether this session showed within ten minutes who it is, by signing in or by being asked."""
    records = get_authentication_records(request, request.user)
    shown = [when(one) for one in records if one.get("method") in SHOWING]
    return bool(shown) and time.time() - max(shown) < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


def when(record: dict) -> float:
    """A provider lets people through who showed it hours ago who they are: what counts is when that was."""
    return min(record["at"], record.get("auth_time", 0)) if record["method"] == "socialaccount" else record["at"]


def ask(request: HttpRequest) -> HttpResponse:
    """Leads to the question. What was posted waits in the session, sealed, and goes on after the answer."""
    path = request.get_full_path()
    if request.headers.get("HX-Request"):
        path = request.htmx.current_url_abs_path or "/"
    ways = get_adapter().get_reauthentication_methods(request.user)
    if not ways:
        return render(request, "account/sign_in_again.html", status=403)
    forget(request, path)
    if request.method == "POST" and not request.headers.get("HX-Request"):
        keep(request, path)
    address = f"{ways[0]['url']}?{urlencode({'next': path})}"
    if request.headers.get("HX-Request"):
        return HttpResponse(status=403, headers={"HX-Redirect": address})
    return redirect(address)


def keep(request: HttpRequest, path: str) -> None:
    """By its address, so that the questions of two tabs do not mix up what waits."""
    body = request.POST.urlencode()
    if len(body) > LONGEST_BODY or request.FILES:
        body = ""
    sealed = fernet(tuple(settings.ENCRYPTION_KEYS)).encrypt(body.encode()).decode()
    waiting = {**request.session.get(WAITING, {}), path: {"back": came_from(request), "sealed": sealed}}
    request.session[WAITING] = {kept: waiting[kept] for kept in [*waiting][-MOST_WAITING:]}
    request.session[STATE_SESSION_KEY] = {"callback": "composer.identity.sudo.go_on", "state": {}}


def waits(request: HttpRequest, path: str) -> dict:
    return request.session.get(WAITING, {}).get(path, {})


def forget(request: HttpRequest, path: str) -> dict:
    """Says what waited there."""
    waiting = dict(request.session.get(WAITING, {}))
    gone = waiting.pop(path, {})
    if gone:
        request.session[WAITING] = waiting
    return gone


def go_on(request: HttpRequest, state: dict) -> HttpResponse:
    """Posts what waited, from the browser: so it passes all that a post passes, and what comes has its own address."""
    wanted = own_address(request, get_next_redirect_url(request) or "") or settings.LOGIN_REDIRECT_URL
    kept = forget(request, wanted)
    if request.session.get(WAITING):  # another tab's: its question is still open
        request.session[STATE_SESSION_KEY] = {"callback": "composer.identity.sudo.go_on", "state": {}}
    if not kept:
        return redirect(wanted)
    body = opened(kept["sealed"])
    if not body:
        messages.warning(request, _("What you entered could not be kept while you were asked. Please send it again."))
        return redirect(kept["back"])
    fields = [(name, value) for name, values in QueryDict(body).lists() for value in values]
    fields = [(name, value) for name, value in fields if name != "csrfmiddlewaretoken"]
    answer = render(request, "account/go_on.html", {"path": wanted, "fields": fields})
    answer["Cache-Control"] = "no-store"
    return answer


def opened(sealed: str) -> str:
    """What waited, or "" when it waited too long or was too long to be kept."""
    try:
        return fernet(tuple(settings.ENCRYPTION_KEYS)).decrypt(sealed.encode(), ttl=WAITS).decode()
    except InvalidToken:
        return ""
