"""What one person may take of the machine: how often what is costly, by numbers that nobody reaches
by hand; and what is large only in turn, so that nobody's small edit waits for it.

A request that works on something LARGE has its turn until it is answered. A person has one at a
time, whatever the processes; in a process one is worked on while other people's wait, in half of
its threads at most. What waits for its own sender's turn takes no place from others, and few
threads besides. Who waits too long is told.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.utils.translation import gettext as _t
from django.utils.translation import ngettext

from composer.bodies import length_of
from composer.error_pages import error_page
from journeys.models.use import TooMuch, count_use, running

LARGE = (
    512 * 1024
)  # bytes of a document, or of what is sent: from here on it takes most of a second
# seconds for one's turn: as long as a few large saves take; proxies mostly wait for a minute
LONGEST_WAIT = 25.0
FULL = 3.0  # seconds after which one may ask again
AGAIN = 0.1  # seconds between two looks whether one's own other work is done
LARGE_PER_MINUTE = 240
# requests of one person in a process that wait for that person's own turn; more are refused at once
WAITING_OF_ONE = 2


def limited(what: str, per_minute: int, methods: tuple[str, ...] = ("GET", "POST")) -> Callable:
    """A view that one person may call so often a minute, by these methods; what is over it is
    answered with 429.

    Views that share `what` share the number. It stands above permission decorators: refusals count
    as well.
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
        "That was asked for too often within a minute. Wait %(n)s second, then try again. Nothing"
        " is lost.",
        "That was asked for too often within a minute. Wait %(n)s seconds, then try again. Nothing"
        " is lost.",
        refused.seconds,
    ) % {"n": refused.seconds}


def with_retry_after(response: HttpResponse, seconds: int) -> HttpResponse:
    response["Retry-After"] = str(seconds)
    return response


# Turns


class Room:
    """Of one process: as many `places` as may work or wait, each for another person, of whom one
    works. One thread less than that may wait for people's own turns, so one is left for what is
    small whatever comes."""

    def __init__(self, places: int) -> None:
        self.free, self.turn = threading.BoundedSemaphore(places), threading.Lock()
        self.most_waiting, self.waiting, self.counting = (
            max(1, places - 1),
            Counter(),
            threading.Lock(),
        )

    @contextmanager
    def worked_in(self, person: int) -> Iterator[None]:
        """Raises TooMuch where there is no place, or no turn in time."""
        until = time.monotonic() + LONGEST_WAIT
        with self._own_turn(person, until), self._place(), self._turn(until):
            yield

    @contextmanager
    def _own_turn(self, person: int, until: float) -> Iterator[None]:
        """When the person does nothing else that is large, in any process."""
        if self.waiting[person] >= WAITING_OF_ONE:
            raise TooMuch("large", FULL)
        with ExitStack() as held:
            try:
                held.enter_context(alone(person))
            except TooMuch:
                with self._waiting(person):
                    held.enter_context(wait_for_own_turn(person, until))
            yield

    @contextmanager
    def _waiting(self, person: int) -> Iterator[None]:
        """The last of these places is for somebody who does not wait yet."""
        with self.counting:
            mine, left = self.waiting[person], self.most_waiting - self.waiting.total()
            if mine >= WAITING_OF_ONE or left < (2 if mine else 1):
                raise TooMuch("large", FULL)
            self.waiting[person] += 1
        try:
            yield
        finally:
            with self.counting:
                self.waiting[person] -= 1
                if not self.waiting[person]:
                    del self.waiting[person]

    @contextmanager
    def _place(self) -> Iterator[None]:
        if not self.free.acquire(blocking=False):
            raise TooMuch("large", FULL)
        try:
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


def alone(person: int) -> AbstractContextManager[None]:
    """Raises TooMuch while the person does something else that is large, in any process."""
    return running(person, "large", LARGE_PER_MINUTE, 1)


@contextmanager
def wait_for_own_turn(person: int, until: float) -> Iterator[None]:
    with ExitStack() as held:
        while True:
            if time.monotonic() + AGAIN > until:
                raise TooMuch("large", FULL)
            time.sleep(AGAIN)
            with suppress(TooMuch):
                held.enter_context(alone(person))
                break
        yield


def turns(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: a turn lasts until the request is answered. What is sent is weighed here,
    journeys where they are read (`take_turn`). Stands after what refuses bodies, and after what
    knows who is signed in."""

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
    """Before work on so many bytes, and outside of any transaction: whether the request had to take
    a turn just now. Raises TooMuch, which `turns` answers."""
    if size < LARGE or not request.user.is_authenticated or getattr(request, "has_turn", False):
        return False
    request.turn.enter_context(ROOM.worked_in(request.user.pk))
    request.has_turn = True
    return True


def wait_for_your_turn(request: HttpRequest, refused: TooMuch) -> HttpResponse:
    words = ngettext(
        "Large journeys are worked on one after the other, and others are being worked on at the"
        " moment. Nothing was changed and nothing is lost. Wait %(n)s second, then try again.",
        "Large journeys are worked on one after the other, and others are being worked on at the"
        " moment. Nothing was changed and nothing is lost. Wait %(n)s seconds, then try again.",
        refused.seconds,
    ) % {"n": refused.seconds}
    title = _t("Other large journeys come first")
    return with_retry_after(error_page(request, 429, words, title), refused.seconds)
