"""The devices on which people signed in before: a signed cookie that says whose they are."""

from django.conf import settings
from django.contrib.auth.models import User
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import get_random_string

SALT = "composer.identity.device"
LASTS = 180 * 24 * 3600
MOST_PEOPLE = 8


def cookie_name() -> str:
    return "__Host-device" if settings.SESSION_COOKIE_SECURE else "device"


def read(request: HttpRequest) -> tuple[str, list[str]]:
    try:
        cookie = signing.loads(request.COOKIES.get(cookie_name(), ""), salt=SALT, max_age=LASTS)
        return cookie["device"], cookie["people"]
    except (signing.BadSignature, KeyError, TypeError):
        return "", []


def known(request: HttpRequest, name: str) -> str:
    """The device's own mark if this person signed in on it before, else ""."""
    device, people = read(request)
    return device if name in people else ""


def last(request: HttpRequest) -> str:
    """Who signed in here last, by user name; "" where nobody did."""
    return next(iter(read(request)[1]), "")


BEFORE = "signed-in-before"  # in the session: who was signed in on this device before


def somebody_else_before(request: HttpRequest) -> bool:
    """Whether pages from before this sign-in are another person's."""
    before = request.session.get(BEFORE, "") if request.user.is_authenticated else ""
    return before not in ("", request.user.get_username())


def remember(request: HttpRequest, response: HttpResponse, user: User) -> None:
    device, people = read(request)
    request.session[BEFORE] = next(iter(people), "")
    people = [user.username, *(name for name in people if name != user.username)][:MOST_PEOPLE]
    value = signing.dumps({"device": device or get_random_string(22), "people": people}, salt=SALT)
    response.set_cookie(
        cookie_name(),
        value,
        LASTS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
