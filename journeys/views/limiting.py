"""How often one person may ask for what is costly: numbers that nobody reaches by hand, so that no script of one person
takes the machine from the others."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.utils.translation import ngettext

from composer.error_pages import error_page
from journeys.models.use import TooMuch, count_use


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
