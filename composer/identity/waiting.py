"""What somebody sent and what waits until they have shown who they are: by the question, or by
signing in again.

Each post has a token and a body of its own, so that tabs mix nothing up. It lies in the session,
sealed, for a quarter of an hour, whoever signs in and out there meanwhile, and is for the one who
sent it. It goes on once.
"""

import time
from dataclasses import dataclass

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.urls import Resolver404, resolve, reverse
from django.utils.crypto import get_random_string

from composer.encryption import fernet
from composer.identity import typed
from composer.identity.session_store import WAITING
from composer.own_address import came_from
from journeys.models.use import Use

LONGEST_BODY = 64 * 1024
MOST_WAITING = 3  # of one person in a session, in as many tabs
CANCELLED = "cancelled-post"  # in the session
WAITS = 15 * 60  # seconds


@dataclass(frozen=True)
class Waiting:
    """`path`: where it was sent to; `back`: the page that sent it; `fields`: None where they were
    too long to be kept, or waited too long. What is `offered` is sent when its sender says so; what
    is not goes on by itself."""

    token: str
    path: str
    back: str
    offered: bool
    fields: list[tuple[str, str]] | None

    @property
    def address(self) -> str:
        return reverse("go-on", args=[self.token])


def fits(request: HttpRequest) -> bool:
    return not request.FILES and len(request.POST.urlencode()) <= LONGEST_BODY


def keep(request: HttpRequest, person: str, path: str, *, offered: bool = False) -> str:
    """Gives the address at which it goes on. `person`: the user name of who sent it."""
    body = request.POST.urlencode() if fits(request) else ""
    sealed = fernet(tuple(settings.ENCRYPTION_KEYS)).encrypt(body.encode()).decode()
    token = get_random_string(22)
    one = {
        "person": person,
        "path": path,
        "back": came_from(request),
        "offered": offered,
        "sealed": sealed,
    }
    waiting = {**request.session.get(WAITING, {}), token: {**one, "until": time.time() + WAITS}}
    mine = [name for name, other in waiting.items() if other["person"] == person]
    request.session[WAITING] = {
        name: other
        for name, other in waiting.items()
        if other.get("until", 0) > time.time() and name not in mine[:-MOST_WAITING]
    }
    return reverse("go-on", args=[token])


def found(request: HttpRequest, token: str) -> Waiting | None:
    """None where nothing waits by this token for who is signed in."""
    one = request.session.get(WAITING, {}).get(token)
    if one is None or one["person"] != request.user.get_username():
        return None
    body = opened(one["sealed"])
    fields = typed.fields_of(QueryDict(body)) if body else None
    return Waiting(token, one["path"], one["back"], one["offered"], fields)


def at(request: HttpRequest, address: str) -> Waiting | None:
    """What waits at an address that `keep` gave."""
    try:
        match = resolve(address.partition("?")[0])
    except Resolver404:
        return None
    return found(request, match.kwargs["token"]) if match.view_name == "go-on" else None


def forget(request: HttpRequest, token: str) -> None:
    request.session[WAITING] = {
        name: one for name, one in request.session[WAITING].items() if name != token
    }


def take(request: HttpRequest, token: str) -> bool:
    """Whether it goes on now: once, however many ask at the same time, each with a session that was
    read before. What tells is a row that is there or not in the database; it is forgotten long
    after the session's own could be sent."""
    _row, is_first = Use.objects.get_or_create(
        person=request.user, what=f"go-on {token}", defaults={"began": time.time(), "count": 1}
    )
    forget(request, token)
    return is_first


def cancel(request: HttpRequest, one: Waiting, page: str) -> None:
    """It is not sent by itself any more; that page, when it is shown next, tells what it was."""
    waiting = request.session[WAITING]
    request.session[WAITING] = {**waiting, one.token: {**waiting[one.token], "offered": True}}
    request.session[CANCELLED] = {"token": one.token, "page": page.partition("?")[0]}


def cancelled_at(request: HttpRequest) -> Waiting | None:
    """What was cancelled and led to this page; once."""
    cancelled = request.session.get(CANCELLED)
    if not cancelled or cancelled["page"] != request.path:
        return None
    del request.session[CANCELLED]
    return found(request, cancelled["token"])


def opened(sealed: str) -> str:
    """What waited, or "" when it waited too long or was too long to be kept."""
    try:
        return fernet(tuple(settings.ENCRYPTION_KEYS)).decrypt(sealed.encode(), ttl=WAITS).decode()
    except InvalidToken:
        return ""
