from collections.abc import Callable
from functools import update_wrapper

from django.contrib import messages
from django.contrib.admin import AdminSite, ModelAdmin
from django.contrib.admin.options import TO_FIELD_VAR
from django.contrib.admin.views.main import SEARCH_VAR
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from composer.composed_once import POSSIBLE
from composer.identity import sudo

LONGEST_SEARCH, MOST_WORDS = 200, 20
LONGEST_NUMBER = 100  # Python refuses to read those of more than 4,300 digits


def search_refused(request: HttpRequest) -> HttpResponse | None:
    """The list without the search, and why: each word is a condition for each column, and a
    database takes only so many of them. `term` is what fields that complete a name send."""
    if not any(is_too_much(request.GET.get(name, "")) for name in (SEARCH_VAR, "term")):
        return None
    words = _(
        "Search for at most %(words)s words and %(letters)s characters. This is the list without"
        " the search."
    )
    messages.error(request, words % {"words": MOST_WORDS, "letters": LONGEST_SEARCH})
    kept = request.GET.copy()
    for name in (SEARCH_VAR, "term"):
        kept.pop(name, None)
    return redirect(f"{request.path}?{kept.urlencode()}" if kept else request.path)


def without_impossible_numbers(asked: QueryDict) -> QueryDict:
    """Of filters by ids: a number that no column can hold is a filter that says nothing. Django
    hands it to the database where it compares a relation."""
    words = asked.keys() & {SEARCH_VAR, "term"}
    impossible = [
        name for name in asked.keys() - words if any(map(is_impossible, asked.getlist(name)))
    ]
    if not impossible:
        return asked
    kept = asked.copy()
    for name in impossible:
        del kept[name]
    return kept


def is_impossible(value: str) -> bool:
    numbers = [one for one in value.split(",") if one.strip().removeprefix("-").isdecimal()]
    return any(len(one) > LONGEST_NUMBER or int(one) not in POSSIBLE for one in numbers)


def is_too_much(text: str) -> bool:
    return len(text) > LONGEST_SEARCH or len(text.split()) > MOST_WORDS


# What stands on the first page, in which room, and what it is for.
ROOMS = {
    _("Reviews"): {
        "Review": _("What waits for a decision, and what was decided"),
        "Countersignature": _("What one admin asked for and another has to confirm"),
    },
    _("People and tenants"): {
        "User": _("Accounts, groups, sign-ins; who is invited and who has left"),
        "Group": _("What their members may do"),
        "Tenant": _("Business units: addresses, credentials, rates, house rules"),
    },
    _("What happened"): {
        "AuditEntry": _("Who did what, and when"),
        "Submission": _("What was sent to Marketing Cloud, and what came back"),
        "Attempt": _("Each call of a submission"),
        "Journey": _("All journeys of your tenants, to look at"),
        "Revision": _("What a journey was at any time"),
    },
}
NAMES = {
    "Review": _("Review desk"),
    "Countersignature": _("Second admins"),
    "User": _("People"),
    "AuditEntry": _("Audit"),
}

ONE_OF = {
    "User": _("person"),
    "Countersignature": _("request for a second admin"),
    "AuditEntry": _("audit entry"),
}
MANY_OF = {
    "User": _("people"),
    "Countersignature": _("requests for a second admin"),
    "AuditEntry": _("audit entries"),
}

FORMS = {"add_view", "change_view", "delete_view"}


def asks_who_it_is(request: HttpRequest, view: Callable) -> bool:
    """All that changes something here, and the forms for it: whoever fills one in is not
    interrupted when they save."""
    if not request.user.is_authenticated:
        return False
    if request.method == "POST":
        return True
    model = getattr(view, "__self__", None)
    if getattr(view, "__name__", "") not in FORMS or not isinstance(model, ModelAdmin):
        return False
    may = (model.has_add_permission, model.has_change_permission, model.has_delete_permission)
    return any(allowed(request) for allowed in may)


def told_of(model: dict, name: str, words: str) -> dict:
    return {**model, "name": NAMES.get(name, model["name"]), "told": words}


class Site(AdminSite):
    """Open to whom a group gives something here: `is_staff` opens nothing. The one sign-in page is
    not here."""

    site_header = site_title = _("Administration")
    index_title = _("Administration")
    enable_nav_sidebar = False
    empty_value_display = "–"

    def has_permission(self, request: HttpRequest) -> bool:
        from journeys.models.rights import (
            administers,
        )  # models are not there yet when this is imported

        return administers(request.user)

    def each_context(self, request: HttpRequest) -> dict:
        """`nav` is the entry of the menu that the page belongs to; pages of the review desk name
        theirs."""
        return {**super().each_context(request), "nav": "admin"}

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict]:
        """By what people come for, not by the programs that the tables belong to."""
        models = {
            one["object_name"]: one
            for app in super().get_app_list(request, app_label)
            for one in app["models"]
        }
        rooms = [
            {
                "name": room,
                "app_label": "",
                "models": [
                    told_of(models[name], name, words)
                    for name, words in whats.items()
                    if name in models
                ],
            }
            for room, whats in ROOMS.items()
        ]
        return [room for room in rooms if room["models"]]

    def admin_view(self, view: Callable, cacheable: bool = False) -> Callable:
        inner = super().admin_view(view, cacheable)

        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            if request.user.is_authenticated and not self.has_permission(request):
                raise PermissionDenied
            if TO_FIELD_VAR in request.GET or TO_FIELD_VAR in request.POST:
                raise SuspiciousOperation("Nothing here is chosen by another field than its id.")
            if asks_who_it_is(request, view) and not sudo.shown_recently(request):
                return sudo.ask(request)
            request.GET = without_impossible_numbers(request.GET)
            return search_refused(request) or inner(request, *args, **kwargs)

        return update_wrapper(guarded, inner)

    def password_change(
        self, request: HttpRequest, extra_context: dict | None = None
    ) -> HttpResponse:
        """There is one page for that, where guesses of the old one are counted."""
        return redirect("change-password")

    @method_decorator(never_cache)
    @login_not_required
    def login(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        if self.has_permission(request):
            return redirect("admin:index")
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(
            request.GET.get("next") or reverse("admin:index"), reverse("sign-in")
        )
