from collections.abc import Callable
from functools import update_wrapper

from django.contrib import messages
from django.contrib.admin import AdminSite, ModelAdmin
from django.contrib.admin.options import TO_FIELD_VAR
from django.contrib.admin.views.main import SEARCH_VAR
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from composer.identity import sudo

LONGEST_SEARCH, MOST_WORDS = 200, 20


def search_refused(request: HttpRequest) -> HttpResponse | None:
    """The list without the search, and why: each word is a condition for each column, and a database takes only so
    many of them. `term` is what fields that complete a name send."""
    if not any(is_too_much(request.GET.get(name, "")) for name in (SEARCH_VAR, "term")):
        return None
    words = _("Search for at most %(words)s words and %(letters)s characters. This is the list without the search.")
    messages.error(request, words % {"words": MOST_WORDS, "letters": LONGEST_SEARCH})
    kept = request.GET.copy()
    for name in (SEARCH_VAR, "term"):
        kept.pop(name, None)
    return redirect(f"{request.path}?{kept.urlencode()}" if kept else request.path)


def is_too_much(text: str) -> bool:
    return len(text) > LONGEST_SEARCH or len(text.split()) > MOST_WORDS


FORMS = {"add_view", "change_view", "delete_view"}


def asks_who_it_is(request: HttpRequest, view: Callable) -> bool:
    """All that changes something here, and the forms for it: whoever fills one in is not interrupted when they save."""
    if not request.user.is_authenticated:
        return False
    if request.method == "POST":
        return True
    model = getattr(view, "__self__", None)
    if getattr(view, "__name__", "") not in FORMS or not isinstance(model, ModelAdmin):
        return False
    may = (model.has_add_permission, model.has_change_permission, model.has_delete_permission)
    return any(allowed(request) for allowed in may)


class Site(AdminSite):
    """Open to whom a group gives something here: `is_staff` opens nothing. The one sign-in page is not here."""

    site_header = site_title = _("Journey composer administration")
    index_title = _("Administration")
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        from journeys.models.rights import administers  # models are not there yet when this is imported

        return administers(request.user)

    def admin_view(self, view: Callable, cacheable: bool = False) -> Callable:
        inner = super().admin_view(view, cacheable)

        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            if request.user.is_authenticated and not self.has_permission(request):
                raise PermissionDenied
            if TO_FIELD_VAR in request.GET or TO_FIELD_VAR in request.POST:
                raise SuspiciousOperation("Nothing here is chosen by another field than its id.")
            if asks_who_it_is(request, view) and not sudo.shown_recently(request):
                return sudo.ask(request)
            return search_refused(request) or inner(request, *args, **kwargs)

        return update_wrapper(guarded, inner)

    def password_change(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """There is one page for that, where guesses of the old one are counted."""
        return redirect("change-password")

    @method_decorator(never_cache)
    @login_not_required
    def login(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        if self.has_permission(request):
            return redirect("admin:index")
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"), reverse("sign-in"))
