"""How large a request may be: judged by what its head says, before a byte of its body is read or
kept anywhere.

Who is not signed in has nothing to send but a name and a password. A body whose length is not told
(chunked) is never read at all, because Django would not hand it to a view either. How long it may
take is bounded by `composer.rsgi`.
"""

from collections.abc import Callable
from contextlib import suppress
from importlib import import_module

from django.conf import settings
from django.contrib.auth import get_user
from django.core.handlers.wsgi import WSGIRequest
from django.db import DatabaseError, close_old_connections
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.utils.translation import gettext as _t

from composer.error_pages import error_page

AT_A_TIME = 64 * 1024  # bytes
MISSING = "composer.missing"  # why there is no body, in the environment of a request: one of these
LATE, MANY, CUT = "late", "many", "cut"


def middleware(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Stands after the one that knows who is signed in; whatever reads bodies (CSRF, views) comes
    later."""

    def answered(request: HttpRequest) -> HttpResponse:
        return refusal(request) or get_response(request)

    return answered


def refusal(request: HttpRequest) -> HttpResponse | None:
    if request.META.get("HTTP_TRANSFER_ENCODING"):
        words = _t("Send it with a Content-Length; bodies in chunks are not taken.")
        return error_page(request, 411, words)
    if request.META.get(MISSING):
        return did_not_arrive(request)
    length = length_of(request)
    if length <= settings.LARGEST_BODY_OF_STRANGERS:
        return None  # without asking who it is
    most = (
        settings.LARGEST_BODY
        if request.user.is_authenticated
        else settings.LARGEST_BODY_OF_STRANGERS
    )
    if length <= most:
        return None
    if settings.BEHIND_PROXY and length <= settings.LARGEST_BODY:
        let_go(request)
    return too_large(request, most)


def let_go(request: HttpRequest) -> None:
    """Reads what a proxy has ready, and keeps nothing of it: one that is cut off while it sends
    answers 502 instead."""
    with suppress(UnreadablePostError):
        while request.read(AT_A_TIME):
            pass


def length_of(request: HttpRequest) -> int:
    return told(request.META)


def told(environ: dict) -> int:
    length = str(environ.get("CONTENT_LENGTH") or "0")
    return (
        int(length) if length.isascii() and length.isdigit() else 0
    )  # Django reads no other, either


def sender(environ: dict) -> int | None:
    """The key of who is signed in, before the request is Django's."""
    close_old_connections()
    request = WSGIRequest(environ)
    store = import_module(settings.SESSION_ENGINE).SessionStore
    try:
        request.session = store(request.COOKIES.get(settings.SESSION_COOKIE_NAME))
        return get_user(request).pk
    except DatabaseError:
        return None  # which is told by what comes after


def did_not_arrive(request: HttpRequest) -> HttpResponse:
    """Whoever sends something again may do so at once: the page tries by itself where it can."""
    if request.META[MISSING] == MANY:
        words = _t(
            "Other large things are being sent at the moment. Nothing was changed. Try again in a"
            " few seconds."
        )
        answer = error_page(request, 429, words, str(_t("Too much is being sent")))
        answer["Retry-After"] = "3"
        return answer
    words = _t("What you sent did not arrive within %(n)s seconds. Nothing was changed. Try again.")
    return error_page(request, 408, words % {"n": round(settings.LONGEST_BODY_SECONDS)})


def too_large(request: HttpRequest, most: int) -> HttpResponse:
    if most == settings.LARGEST_BODY_OF_STRANGERS:
        words = _t(
            "At most %(n)s KB can be sent without signing in. Sign in first, then try again."
        )
        return error_page(request, 413, words % {"n": most // 1024})
    words = _t(
        "At most %(n)s MB can be sent at a time. Nothing was changed. Send less, or in parts."
    )
    return error_page(request, 413, words % {"n": most // 1024 // 1024})
