"""One id from a click to everything that comes of it: on each log line, on the answer, on the
submission.

A proxy in front may send its own as `X-Request-ID`; without one, or with one that is no plain word,
a new one is made.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import uuid4

from django.http import HttpRequest, HttpResponse

HEADER = "X-Request-ID"
LONGEST = 64
PLAIN = re.compile(rf"[A-Za-z0-9._-]{{8,{LONGEST}}}")  # nothing that could forge a log line

_current: ContextVar[str] = ContextVar("correlation_id", default="")


def current_id() -> str:
    """The id of what is being done now; "" outside of a request, a submission or a command."""
    return _current.get()


def new_id() -> str:
    return uuid4().hex


@contextmanager
def following(correlation_id: str) -> Iterator[str]:
    """Whatever happens inside belongs to that id; "" makes a new one."""
    before = _current.set(correlation_id or new_id())
    try:
        yield _current.get()
    finally:
        _current.reset(before)


def middleware(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    def answered(request: HttpRequest) -> HttpResponse:
        sent = request.headers.get(HEADER, "")
        with following(sent if PLAIN.fullmatch(sent) else "") as correlation_id:
            request.correlation_id = correlation_id  # an error page is made after this has ended
            response = get_response(request)
        response[HEADER] = correlation_id
        return response

    return answered
