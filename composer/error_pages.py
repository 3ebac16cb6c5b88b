"""What people see instead of a page: what is wrong, what to do, and the request's id, by which the
log can be searched.

They bear the header and the menu of every page, as long as it can be asked who it is. A fault of
ours and a database that is away ask for nothing: no database, no session, no user.
"""

import logging
import sys
from contextlib import suppress

from django.core.exceptions import SuspiciousOperation
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from composer.databases import is_busy
from composer.own_address import came_from

AGAIN = (
    400,
    405,
    408,
    410,
    411,
    413,
    429,
)  # where one page back it can be tried again, or otherwise
RETRY_AFTER = 10  # seconds, while the database is away

TITLES = {
    400: _("This request makes no sense here"),
    403: _("This is not open to you"),
    404: _("There is nothing here"),
    405: _("This address only takes what a form sends"),
    408: _("This took too long to arrive"),
    410: _("The page is out of date"),
    411: _("This request does not say how long it is"),
    412: _("Somebody else is signed in now"),
    413: _("This is too large"),
    429: _("That was too often"),
    500: _("Something went wrong here"),
    503: _("The database is away at the moment"),
}
BUSY_TITLE = _("The database is busy at the moment")
BUSY_WORDS = _(
    "Others wrote for longer than could be waited for. Nothing was changed, and nothing that was"
    " saved is lost. Wait a moment, then try again."
)
WORDS = {
    400: _("Go back and try again. If you typed the address, look whether it is right."),
    403: _(
        "Your groups do not give you the right for it. If you need it, ask an admin to add you to a"
        " group that has it."
    ),
    404: _(
        "It was removed, or it belongs to a tenant that is not yours. Look whether the address is"
        " right."
    ),
    405: _(
        "There is no page to look at here. Go back to where you came from and press the button"
        " there again."
    ),
    500: _("It is recorded. Try again; if it happens again, tell an admin the request id."),
    503: _("Nothing that was saved is lost. Wait a moment, then reload the page."),
}


def error_page(
    request: HttpRequest, status: int, words: str = "", title: str = "", **more: object
) -> HttpResponse:
    """A page; for a fragment or a script the sentence alone."""
    title, words = title or str(TITLES[status]), words or str(WORDS[status])
    if request.headers.get("HX-Request") or request.headers.get("Sec-Fetch-Dest") == "empty":
        return HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")
    if status in AGAIN:
        more = {"back": back_from(request), "back_words": _t("Back to where you were"), **more}
    context = {
        "status": status,
        "title": title,
        "words": words,
        "request_id": getattr(request, "correlation_id", ""),
    }
    return HttpResponse(rendered(request, {**context, **more}), status=status)


def back_from(request: HttpRequest) -> str:
    with suppress(SuspiciousOperation):  # a host that is not ours has no pages of ours
        return came_from(request)
    return ""


def rendered(request: HttpRequest, context: dict) -> str:
    """With the menu where somebody is signed in. Where the database fails on the way, or nobody was
    asked: without."""
    if context["status"] < 500 and hasattr(request, "user"):
        with suppress(DatabaseError, InterfaceError, SuspiciousOperation):
            context = {**context, "with_menu": request.user.is_authenticated}
            return render_to_string("error.html", context, request)
    return render_to_string("error.html", {**context, "with_menu": False, "typed": [], "back": ""})


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_page(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_page(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_page(request, 404)


def failed(request: HttpRequest) -> HttpResponse:
    """Any exception; while the database is away or busy it is nobody's fault and over soon."""
    error = sys.exc_info()[1]
    if not is_away(error):
        return error_page(request, 500)
    busy = (str(BUSY_WORDS), str(BUSY_TITLE)) if is_busy(error) else ()
    response = error_page(request, 503, *busy)
    response["Retry-After"] = str(RETRY_AFTER)
    return response


def is_away(error: BaseException | None) -> bool:
    """Whether the database could not be reached, or was busy for too long; not where a statement
    was wrong."""
    if isinstance(error, InterfaceError):
        return True
    wrong = ("no such ", "near ", "Expression tree", "too many ", "parser stack")  # of SQLite
    return isinstance(error, OperationalError) and not str(error).startswith(wrong)


class OneLine(logging.Filter):
    """What is answered with less than 500, and a database that is away, is one line and no
    traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if error is not None and (getattr(record, "status_code", 500) < 500 or is_away(error)):
            record.exc_info = None
            with suppress(AttributeError):
                record.exc_text = None
            if is_away(error):
                record.told = {**getattr(record, "told", {}), "error": type(error).__name__}
        return True
