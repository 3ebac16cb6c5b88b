"""Tenants: their addresses and credentials. A secret goes in and never comes out."""

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from journeys.admin.changes import changes_of
from journeys.admin.countersignatures import refused_alone
from journeys.admin.groups import linked_people
from journeys.admin.house_rules import HouseRulesInline
from journeys.admin.reading import newest_first, not_there, saved
from journeys.admin.tenant_form import CREDENTIALS, TenantForm, named, warning
from journeys.delivery.tenant_move import (
    ENDS_APPROVALS,
    end_approvals,
    would_end,
)
from journeys.models import Tenant
from journeys.models.audit import record
from journeys.models.audit_names import ended
from journeys.models.countersignature import (
    confirmed_lift,
    countersigned,
)
from journeys.models.tenant_status import let_through


@admin.register(Tenant)
class TenantAdmin(admin.ModelAdmin):
    _get_obj_does_not_exist_redirect = not_there
    response_add = response_change = saved
    get_paginator = newest_first
    form = TenantForm
    inlines = [HouseRulesInline]
    list_display = ["name", "address", "account_id", "is_practice", "review_required"]
    search_fields = ["name", "subdomain", "account_id"]
    fieldsets = [
        (None, {"fields": ["name", "review_required", "reason", "rate"]}),
        (
            _("Installed package"),
            {
                "fields": [
                    "subdomain",
                    "account_id",
                    "client_id",
                    "secret",
                    "allowed_domain",
                    "secret_typed",
                ]
            },
        ),
        (_("Practice tenant"), {"fields": ["practice_url"]}),
        (_("Who works with it"), {"fields": ["who_works_with_it"]}),
    ]
    readonly_fields = ["practice_url", "who_works_with_it"]

    def get_fieldsets(self, request: HttpRequest, obj: Tenant | None = None) -> list:
        """A stand-in is added by command, in demo mode only; other tenants have no practice
        address."""
        shown = [(title, dict(fieldset)) for title, fieldset in super().get_fieldsets(request, obj)]
        if obj is not None and would_end(obj).exists():
            shown[1][1].update(fields=[*shown[1][1]["fields"], "ends"], description=warning())
        if obj is not None and obj.is_practice:
            return shown
        return [fieldset for fieldset in shown if "practice_url" not in fieldset[1]["fields"]]

    def get_queryset(self, request: HttpRequest):
        return super().get_queryset(request).visible_to(request.user)

    def has_delete_permission(self, request: HttpRequest, obj: Tenant | None = None) -> bool:
        return False

    def get_form(
        self, request: HttpRequest, obj: Tenant | None = None, change: bool = False, **words
    ) -> type:
        form = super().get_form(request, obj, change, **words)
        form.user = request.user
        return form

    def render_change_form(
        self, request: HttpRequest, context: dict, *more: object, **words: object
    ):
        """A page never holds a secret: one that was entered, and refused with the rest, is gone."""
        form = context["adminform"].form
        if context.get("errors") and form.data.get("secret") and "secret" not in form.errors:
            text = _t(
                "Enter it again: pages never show a secret, so what you entered could not be kept"
                " here."
            )
            form["secret"].help_text = format_html('<strong class="enter-again">{}</strong>', text)
        elif "secret" in form.errors and form.instance.client_secret:
            form["secret"].help_text = ""  # that it may be left empty is not so now
        if context.get("errors") and (form.data.get("secret") or form.data.get("secret_typed")):
            form.data = form.data.copy()
            form.data.update({"secret_typed": "on"})
        if not form.is_bound and form.instance.review_required:
            form.confirmed = confirmed_lift(
                request.user, form.instance if form.instance.pk else None
            )
        if form.confirmed and "lift" in request.GET:
            form.initial |= {"name": form.confirmed.told, "review_required": False}
        return super().render_change_form(request, context, *more, **words)

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, *more, **words
    ) -> HttpResponse:
        tenant = (
            self.get_object(request, object_id) if object_id and request.method == "GET" else None
        )
        altered = tenant.why_altered(house=True) if tenant else ""
        if altered:
            self.message_user(request, altered, messages.ERROR)
        return refused_alone(request) or super().changeform_view(request, object_id, *more, **words)

    def save_model(self, request: HttpRequest, obj: Tenant, form: TenantForm, change: bool) -> None:
        """Writes only what was changed: workers write the shared token into the same row."""
        columns = [name for name in form.changed_data if name != "secret"]
        if form.lifts_review():
            about = {"tenant": obj} if change else {}
            countersigned(
                request.user, **form.second_of(), reason=form.cleaned_data["reason"], **about
            )
        if form.cleaned_data["secret"] and form.cleaned_data["secret"] != obj.client_secret:
            obj.client_secret = form.cleaned_data["secret"]
            columns.append("client_secret")
        if not change:
            obj.save()
        elif columns:
            obj.save(update_fields=columns)
        if change and {*columns} & {*CREDENTIALS, "client_secret"}:
            obj.refresh_from_db(fields=["token_generation"])
            obj.drop_token()
            let_through(obj, request.user)  # what stopped the calls may have been these
        action = "tenant.changed" if change else "tenant.added"
        data = {"fields": form.changed_data, "changes": changes_of(form)}
        if form.altered:
            data["altered"] = form.altered
        if change and ({*columns} & {*ENDS_APPROVALS} or form.altered):
            data |= self._end_approvals(request, obj, altered=bool(form.altered))
        record(request.user, action, tenant=obj, **data)

    def save_related(
        self, request: HttpRequest, form: TenantForm, formsets: list, change: bool
    ) -> None:
        """The seal comes last, when all of its rules are written."""
        super().save_related(request, form, formsets, change)
        form.instance.sealed()

    def _end_approvals(self, request: HttpRequest, tenant: Tenant, *, altered: bool) -> dict:
        """What ended, as the audit keeps it; also said to who did it."""
        approvals, reviews = (
            would_end(tenant).filter(state=state) for state in ("approved", "requested")
        )
        data = {"approvals_ended": approvals.count(), "approvals_of": named(approvals)}
        data |= {"reviews_ended": reviews.count(), "reviews_of": named(reviews)}
        end_approvals(tenant, altered=altered)
        if lines := ended(data):
            endings = "; ".join(f"{what}: {names}" for what, names in lines)
            text = _t("%(told)s. What ended was for the old place: ask for it again.")
            self.message_user(request, text % {"told": endings}, messages.WARNING)
        return data

    def save_formset(
        self, request: HttpRequest, form: TenantForm, formset: forms.BaseModelFormSet, change: bool
    ) -> None:
        super().save_formset(request, form, formset, change)
        rules = next(iter(formset.forms), None)
        if rules is not None and rules.has_changed():
            data = {"fields": rules.changed_data, "changes": changes_of(rules)}
            record(request.user, "tenant.house-rules-changed", tenant=form.instance, **data)

    @admin.display(description=_("members"))
    def who_works_with_it(self, tenant: Tenant) -> SafeString | str:
        """They are put in on their own pages, where all that they may do stands together."""
        return linked_people(
            tenant.members.order_by("username") if tenant.pk else User.objects.none()
        )

    @admin.display(boolean=True, description=_("practice tenant"))
    def is_practice(self, tenant: Tenant) -> bool:
        return tenant.is_practice
