"""What is told of a form that is from before a sign-in, or from another site."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _t

from composer.error_pages import error_page
from composer.identity import devices, typed
from composer.own_address import came_from

MOST_TYPED = 1_000_000  # characters


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form from before a sign-in, or from before the cookies went. Where the browser says that
    one of our own pages sent it, what was typed is shown and can be sent again."""
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        words = _t("It did not come from a page of the journey composer, so nothing was changed.")
        return error_page(request, 403, words, _t("This was sent by another site"))
    fields = typed_fields(request) if request.headers.get("Sec-Fetch-Site") == "same-origin" else []
    shown = typed.shown(request.path, fields)
    is_anothers = devices.somebody_else_before(request)
    is_theirs = request.user.is_authenticated and not is_anothers
    context = {
        "typed": fields if is_theirs and typed.is_whole(request.path, fields) else [],
        "path": request.get_full_path(),
        "back": came_from(request),
        "as_another": is_anothers,
        "kept": typed.long_texts(shown),
    }
    return error_page(request, 403, *old_form(request), **context)


def old_form(request: HttpRequest) -> tuple[str, str]:
    """Why it is not taken, and that as a title."""
    name = getattr(request.user, "get_full_name", str)() or request.user.get_username()
    if devices.somebody_else_before(request):
        words = _t(
            "You are signed in as %(name)s now, and this page is from before that. It may be"
            " somebody else’s, so what it sends is not taken as yours. Nothing was changed."
        )
        return words % {"name": name}, _t("Somebody else signed in here meanwhile")
    words = _t(
        "It was open while you signed in again, here or in another tab, or your browser keeps no"
        " cookies of ours. So nobody can tell that what it sends comes from you. Nothing was"
        " changed."
    )
    if request.user.is_authenticated:
        words += " " + _t("You are signed in as %(name)s.") % {"name": name}
    return words, _t("This page was open for too long")


def typed_fields(request: HttpRequest) -> list[tuple[str, str]]:
    """All that was posted, or nothing where it is no form, a file, or too much."""
    if request.method != "POST" or request.FILES:
        return []
    fields = typed.fields_of(request.POST)
    return [] if sum(len(value) for _name, value in fields) > MOST_TYPED else fields
