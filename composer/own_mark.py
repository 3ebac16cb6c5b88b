"""What tells a page's own controls from whatever else finds its way into the page:
static/js/common/guard.js asks for it.

It differs from person to person, so that nobody can write it into what another one will look at,
and stays the same while a page is open, also when its reader signs in again meanwhile. Changes that
scripts send bear it: what comes from a page that was made for somebody else would be written by
whoever is signed in now.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _t

from composer.error_pages import error_page


def own_mark(request: HttpRequest) -> dict[str, object]:
    return {"own_mark": SimpleLazyObject(lambda: _of(request))}


def middleware(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Refuses what comes from a page that was made for somebody else. Stands after what knows who
    is signed in."""

    def answered(request: HttpRequest) -> HttpResponse:
        made_for = request.headers.get("X-Page-Of", "")
        mine = _of(request)
        if (
            not made_for or not mine or constant_time_compare(made_for, mine)
        ):  # who is signed out is told that
            return get_response(request)
        words = _t(
            "Nothing was changed: this page was opened before you signed in as %(name)s. Reload it"
            " to go on as %(name)s, or sign in as before."
        )
        name = request.user.get_full_name() or request.user.get_username()
        return error_page(request, 412, words % {"name": name})

    return answered


def _of(request: HttpRequest) -> str:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return ""
    return salted_hmac(
        "composer.own-mark", f"{user.pk}:{user.get_session_auth_hash()}", algorithm="sha256"
    ).hexdigest()
