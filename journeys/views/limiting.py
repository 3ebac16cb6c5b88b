"""What one person may take of the machine: how often what is costly, by numbers that nobody reaches by hand; and
what is large only in turn, so that nobody's small edit waits for it.

A request that works on something LARGE has its turn until it is answered. A person has one at a time, whatever the
processes; in a process one is worked on while others wait, in half of its threads at most. Who waits too long is told.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.utils.translation import gettext as _t
from django.utils.translation import ngettext

from composer.bodies import length_of
from composer.error_pages import error_page
from journeys.models.use import TooMuch, count_use, running

LARGE = 512 * 1024  # bytes of a document, or of what is sent: from here on it takes most of a second
LONGEST_WAIT = 25.0  # seconds for one's turn: as long as a few large saves take; proxies mostly wait for a minute
FULL = 3.0  # seconds after which one may ask again
AGAIN = 0.1  # seconds between two looks whether one's own other work is done
LARGE_PER_MINUTE = 240


def limited(what: str, per_minute: int, methods: tuple[str, ...] = ("GET", "POST")) -> Callable:
    """A view that one person may call so often a minute, by these methods; what is over it is answered with 429.

    Views that share `what` share the number. It stands above permission decorators: refusals count as well.
    """

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def counted(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            if request.method in methods and request.user.is_authenticated:
                try:
                    count_use(request.user.pk, what, per_minute)
                except TooMuch as refused:
                    return too_much(request, refused)
            return view(request, *args, **kwargs)

        counted.limited = (what, per_minute)
        return counted

    return decorate


def too_much(request: HttpRequest, refused: TooMuch) -> HttpResponse:
    return with_retry_after(error_page(request, 429, told_in_words(refused)), refused.seconds)


def told_in_words(refused: TooMuch) -> str:
    return ngettext(
        "That was asked for too often within a minute. Wait %(n)s second, then try again. Nothing is lost.",
        "That was asked for too often within a minute. Wait %(n)s seconds, then try again. Nothing is lost.",
        refused.seconds,
    ) % {"n": refused.seconds}


def with_retry_after(response: HttpResponse, seconds: int) -> HttpResponse:
    response["Retry-After"] = str(seconds)
    return response


# Turns


class Room:
    """Of one process: as many `places` as may work or wait, of whom one works."""

    def __init__(self, places: int) -> None:
        self.free, self.turn = threading.BoundedSemaphore(places), threading.Lock()

    @contextmanager
    def worked_in(self, person: int) -> Iterator[None]:
        """Raises TooMuch where there is no place, or no turn in time."""
        until = time.monotonic() + LONGEST_WAIT
        if not self.free.acquire(blocking=False):
            raise TooMuch("large", FULL)
        try:
            with own_turn(person, until), self._turn(until):
                yield
        finally:
            self.free.release()

    @contextmanager
    def _turn(self, until: float) -> Iterator[None]:
        if not self.turn.acquire(timeout=max(0, until - time.monotonic())):
            raise TooMuch("large", FULL)
        try:
            yield
        finally:
            self.turn.release()


ROOM = Room(max(1, settings.WEB_THREADS // 2))


@contextmanager
def own_turn(person: int, until: float) -> Iterator[None]:
    """Waits until the person does nothing else that is large, in any process."""
    with ExitStack() as held:
        while True:
            try:
                held.enter_context(running(person, "large", LARGE_PER_MINUTE, 1))
                break
            except TooMuch:
                if time.monotonic() + AGAIN > until:
                    raise
            time.sleep(AGAIN)
        yield


def turns(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: a turn lasts until the request is answered. What is sent is weighed here, journeys where they are
    read (`take_turn`). Stands after what refuses bodies, and after what knows who is signed in."""

    def answered(request: HttpRequest) -> HttpResponse:
        with ExitStack() as request.turn:
            try:
                if length_of(request) >= LARGE and request.user.is_authenticated:
                    _body = request.body  # a turn waits for nobody's line
                take_turn(request, length_of(request))
            except UnreadablePostError:
                return error_page(request, 400)
            except TooMuch as refused:
                return wait_for_your_turn(request, refused)
            return get_response(request)

    def refused(request: HttpRequest, error: Exception) -> HttpResponse | None:
        is_ours = isinstance(error, TooMuch) and error.what == "large"
        return wait_for_your_turn(request, error) if is_ours else None

    answered.process_exception = refused
    return answered


def take_turn(request: HttpRequest, size: int) -> bool:
    """Before work on so many bytes, and outside of any transaction: whether the request had to take a turn just now.
    Raises TooMuch, which `turns` answers."""
    if size < LARGE or not request.user.is_authenticated or getattr(request, "has_turn", False):
        return False
    request.turn.enter_context(ROOM.worked_in(request.user.pk))
    request.has_turn = True
    return True


def wait_for_your_turn(request: HttpRequest, refused: TooMuch) -> HttpResponse:
    words = ngettext(
        "Large journeys are worked on one after the other, and others are being worked on at the moment. Nothing was "
        "changed and nothing is lost. Wait %(n)s second, then try again.",
        "Large journeys are worked on one after the other, and others are being worked on at the moment. Nothing was "
        "changed and nothing is lost. Wait %(n)s seconds, then try again.",
        refused.seconds,
    ) % {"n": refused.seconds}
    title = _t("Other large journeys come first")
    return with_retry_after(error_page(request, 429, words, title), refused.seconds)
