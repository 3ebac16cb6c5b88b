"""One line for each request: what was asked, by whom, what came of it and how long it took.

No query strings, because they hold what people search for; no names, but the number of the person.
The request's id stands on the line as on all others.
"""

import logging
import re
import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from composer.identity.address import client_address

logger = logging.getLogger("composer.access")
LONGEST_PATH = 500
KEY = re.compile(
    "^/password/reset/[^/]*-[^/]*/?$"
)  # whoever reads a log must not set somebody's password


def middleware(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    def answered(request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        response = get_response(request)
        if settings.ACCESS_LOG:
            told(request, response.status_code, (time.perf_counter() - began) * 1000)
        return response

    return answered


def told(request: HttpRequest, status: int, milliseconds: float) -> None:
    facts = {
        "method": request.method,
        "path": KEY.sub("/password/reset/…/", request.path[:LONGEST_PATH]),
        "status": status,
        "ms": round(milliseconds, 1),
        "user": person(request),
        "address": client_address(request),
    }
    logger.info("answered", extra={"told": facts})


def person(request: HttpRequest) -> int | None:
    """The key of who is signed in, where the request asked for it: this line alone is no reason to
    ask the database."""
    return getattr(getattr(request, "_cached_user", None), "pk", None)
