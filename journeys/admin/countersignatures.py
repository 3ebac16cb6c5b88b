"""What waits for a second admin: who asks, why, and the button that confirms it."""

from collections.abc import Callable

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from composer.identity import waiting
from journeys.admin.reading import ReadOnly
from journeys.models import Countersignature, NeedsSecond, NotAllowed, Tampered, WrongState
from journeys.models.accounts import is_admin
from journeys.models.audit import record_refusal
from journeys.models.countersignature import (
    ASKED_FOR,
    LONGEST_REASON,
    ask,
    countersigned,
    who_may_confirm,
)
from journeys.models.review import own_open
from journeys.templatetags.formatting import person, when

LIST, ONE = "admin:journeys_countersignature_changelist", "admin:journeys_countersignature_change"


class Asking(forms.Form):
    reason = forms.CharField(
        label=_("Why it cannot wait"), max_length=LONGEST_REASON, widget=forms.Textarea
    )


@admin.register(Countersignature)
class CountersignatureAdmin(ReadOnly):
    list_display = ["told", "what", "asked", "when_asked", "standing", "confirmed"]
    list_filter = ["what"]
    list_select_related = ["asked_by", "confirmed_by"]
    show_facets = admin.ShowFacets.NEVER

    def get_queryset(self, request: HttpRequest) -> QuerySet[Countersignature]:
        rows = super().get_queryset(request).visible_to(request.user)
        return rows.select_related("asked_by", "confirmed_by", "tenant", "journey")

    def has_view_permission(
        self, request: HttpRequest, obj: Countersignature | None = None
    ) -> bool:
        return is_admin(request.user) or request.user.has_perm("journeys.approve_review")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return is_admin(request.user)

    @admin.display(description=_("asked by"))
    def asked(self, row: Countersignature) -> str:
        return person(row.asked_by)

    @admin.display(description=_("asked"))
    def when_asked(self, row: Countersignature) -> SafeString:
        return when(row.asked_at)

    @admin.display(description=_("confirmed by"))
    def confirmed(self, row: Countersignature) -> str:
        return person(row.confirmed_by) if row.confirmed_by else "–"

    @admin.display(description=_("how it stands"))
    def standing(self, row: Countersignature) -> str:
        return row.standing

    def get_urls(self) -> list[URLPattern]:
        own = {
            "<int:pk>/confirm": self.confirm,
            "<int:pk>/withdraw": self.withdraw,
            "ask": self.ask,
        }
        return [
            *(
                path(
                    f"{where}/",
                    self.admin_site.admin_view(view),
                    name=f"journeys_countersignature_{where.rpartition('/')[2]}",
                )
                for where, view in own.items()
            ),
            *super().get_urls(),
        ]

    @method_decorator(require_safe)
    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict | None = None,
    ) -> HttpResponse:
        row = self.found(request, object_id)
        is_open = Countersignature.objects.open().filter(pk=row.pk).exists()
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": capfirst(row.get_what_display()),
            "row": row,
            "is_open": is_open,
            "altered": row.why_altered,
            "why_not": row.why_altered or row.why_not_by(request.user),
            "until": row.asked_at + ASKED_FOR,
            "good_until": row.good_until,
            "do_it": row.where if row.can_be_done_by(request.user) else "",
            "who_may": who_may_confirm(row.asked_by),
            "can_withdraw": row.used_at is None and row.withdrawn_at is None,
        }
        return TemplateResponse(request, "admin/journeys/countersignature/one.html", context)

    @method_decorator(require_POST)
    def confirm(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = self.found(request, pk)
        done = _t("Confirmed. %s can do it once within a day.")
        return self.decide(request, row, row.confirm, done % person(row.asked_by))

    @method_decorator(require_POST)
    def withdraw(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = self.found(request, pk)
        return self.decide(request, row, row.withdraw, _t("Withdrawn."))

    def decide(
        self, request: HttpRequest, row: Countersignature, decision: Callable, done: str
    ) -> HttpResponse:
        try:
            decision(request.user)
        except (NotAllowed, WrongState) as error:
            if isinstance(error, Tampered):
                details = {"what": row.what, "reason": error.text, "path": request.path}
                record_refusal(
                    request.user, "refused.tampered", tenant=row.tenant, error=error, **details
                )
            messages.error(request, error.text)
            return redirect(ONE, row.pk)
        messages.success(request, done)
        return redirect(LIST)

    @method_decorator(require_http_methods(["GET", "POST"]))
    def ask(self, request: HttpRequest) -> HttpResponse:
        """For changes of people, groups and tenants while a review of one's own is open."""
        if not is_admin(request.user):
            raise PermissionDenied
        form = Asking(request.POST or None)
        if form.is_bound and form.is_valid():
            row = ask(
                request.user, **administering(request.user), reason=form.cleaned_data["reason"]
            )
            messages.success(request, _t("Asked for. Another admin finds it under Second admins."))
            return redirect(ONE, row.pk)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "form": form,
            "title": _t("Ask for a second admin"),
        }
        status = 422 if form.is_bound else 200
        return TemplateResponse(
            request, "admin/journeys/countersignature/ask.html", context, status=status
        )

    def found(self, request: HttpRequest, pk: str | int) -> Countersignature:
        if not self.has_view_permission(request):
            raise PermissionDenied
        row = self.get_object(request, str(pk))
        if row is None:
            raise Http404
        return row


def administering(user) -> dict:
    words = _t("people, groups and tenants")
    return {"what": Countersignature.Deed.ADMINISTER, "of": f"by {user.pk}", "told": words}


def refused_alone(request: HttpRequest) -> HttpResponse | None:
    """Where a review of one's own is open, nobody changes people, groups or tenants alone. None: go
    on.

    Uses the confirmation of a second admin when something is posted, or the only admin's typed
    reason.
    """
    if not request.user.is_authenticated or not (review := own_open(request.user)):
        return None
    text = (
        _t("A review of yours is open (%s). While it is, changes here need a second admin.")
        % review.journey
    )
    if request.method != "POST":
        messages.warning(request, text)
        return None
    try:
        with transaction.atomic():
            reason = _reason_asked_before(request.user)
            countersigned(request.user, **administering(request.user), reason=reason)
    except NeedsSecond:
        return sent_to_ask(request, text)
    return None


def sent_to_ask(request: HttpRequest, text: str) -> HttpResponse:
    """What was entered is shown there again, and can be sent after all."""
    waits = Countersignature.objects.open().filter(
        asked_by=request.user, what=administering(request.user)["what"]
    )
    if row := waits.first():
        words = _t(
            "Nothing was changed. It is asked for already, and waits for %s."
        ) % who_may_confirm(request.user)
        page = reverse(ONE, args=[row.pk])
    else:
        words = _t("Nothing was changed yet. Say why it cannot wait, and another admin is asked.")
        page = reverse("admin:journeys_countersignature_ask")
    messages.warning(request, f"{text} {words}")
    if waiting.fits(request):
        kept = waiting.at(
            request,
            waiting.keep(
                request, request.user.get_username(), request.get_full_path(), offered=True
            ),
        )
        waiting.cancel(request, kept, page)
    return redirect(page)


def _reason_asked_before(user) -> str:
    """The only admin says why on the page that asks, too; nobody can confirm that, so it counts at
    once."""
    mine = Countersignature.objects.open().filter(
        asked_by=user, **{"what": administering(user)["what"]}
    )
    row = mine.first()
    return row.reason if row else ""
