"""Tenants: their addresses and credentials. A secret goes in and never comes out."""

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from journeys.admin.changes import changes_of
from journeys.admin.countersignatures import refused_alone
from journeys.admin.groups import linked_people
from journeys.admin.reading import newest_first, not_there, saved
from journeys.blocks.journey import ENTRY_MODES
from journeys.delivery.tenant_move import (
    ENDS_APPROVALS,
    PLACE,
    end_approvals,
    why_not_move,
    would_end,
)
from journeys.models import Countersignature, HouseRules, Tenant
from journeys.models.audit import record
from journeys.models.audit_names import ended
from journeys.models.countersignature import (
    LONGEST_REASON,
    ask,
    confirmed_lift,
    countersigned,
    why_not,
)
from journeys.models.tenant_status import let_through
from journeys.tenant import BadAddress, check_permitted

ADDRESS = ["subdomain", "allowed_domain"]
CREDENTIALS = [*ADDRESS, "account_id", "client_id"]
ASIDE = ("reason", "ends", "secret_typed")  # said about a change, and no part of the tenant
MOST_NAMED = 5  # journeys whose approval would end


class TenantForm(forms.ModelForm):
    secret = forms.CharField(
        label=_("Client secret"),
        required=False,
        strip=False,
        max_length=400,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    reason = forms.CharField(
        label=_("Why without reviews"),
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Needed only to lift “Review required”. A second admin has to confirm that."),
    )
    ends = forms.CharField(
        label=_("End them"),
        required=False,
        widget=forms.CheckboxInput,
        help_text=_("Needed only when one of the fields above is changed."),
    )
    secret_typed = forms.BooleanField(
        required=False, widget=forms.HiddenInput
    )  # on a page that could not keep it
    user = None  # who fills it in
    waits = None  # what was asked for of a second admin: nothing is wrong then
    confirmed = None  # what a second admin confirmed, and what waits for being saved
    altered = ""  # what of its rules was changed in the database past the composer

    class Meta:
        model = Tenant
        fields = ["name", *CREDENTIALS, "review_required", "rate"]

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.client_secret:
            text = _("A secret is stored. Leave this empty to keep it.")
        elif self.instance.pk:
            text = _(
                "No secret can be read: none is stored, or the encryption key was changed."
                " Enter it."
            )
        else:
            text = _("It is encrypted and never shown again.")
        self.fields["secret"].help_text = text
        self.fields["subdomain"].help_text = _(
            "The first part of the package’s addresses, the same in all of them: MC1234 of"
            " https://MC1234.auth.marketingcloudapis.com and"
            " https://MC1234.rest.marketingcloudapis.com."
        )
        self.ending = would_end(self.instance).count() if self.instance.pk else 0
        self.fields["ends"].widget.attrs["value"] = self.ending  # so that a tick means this many
        self.fields["ends"].label = told_ending(self.instance) if self.ending else ""

    @cached_property
    def changed_data(self) -> list[str]:
        """Of the tenant alone: neither a reason nor a tick that confirms is a change, or told as
        one."""
        return [name for name in super().changed_data if name not in ASIDE]

    def clean_subdomain(self) -> str:
        return self.cleaned_data["subdomain"].lower()

    def clean_allowed_domain(self) -> str:
        try:
            return check_permitted(self.cleaned_data["allowed_domain"], settings.TENANT_DOMAINS)
        except BadAddress as error:
            raise forms.ValidationError(error.text) from error

    def clean(self) -> dict:
        """The stored secret was given for one address; whoever names another must know the
        secret."""
        cleaned = super().clean()
        if self.instance.pk:
            self._hold()
        if self.moves():
            self._require_nothing_under_way()
        if (
            self.ending
            and self.is_another_place()
            and self.data.get(self.add_prefix("ends")) != str(self.ending)
        ):
            text = _t(
                "This change makes it another place. Nothing was saved yet: tick that these end,"
                " then save again."
            )
            self.add_error("ends", text)
        if self.lifts_review():
            self._require_second()
        if cleaned.get("secret_typed") and not cleaned.get("secret"):
            text = _t(
                "You entered a new one before, which is not stored yet: enter it again. To keep the"
                " one that is stored, open this page anew."
            )
            self.add_error("secret", text)
        if self.instance.is_practice or "secret" in self.errors:
            return cleaned
        if not cleaned.get("client_id"):
            self.add_error("client_id", _("Enter the client id of the installed package."))
        if cleaned.get("secret"):
            return cleaned
        if not self.instance.client_secret:
            self.add_error("secret", _("Enter the client secret of the installed package."))
        elif any(name in cleaned and cleaned[name] != self.initial.get(name) for name in ADDRESS):
            self.add_error(
                "secret", _("Enter the client secret again: it would be sent to another address.")
            )
        return cleaned

    def lifts_review(self) -> bool:
        """Also when SQL has lifted it: then to save it as it stands is what lifts it."""
        stored = Tenant.objects.filter(pk=self.instance.pk, review_required=False).first()
        had = stored is not None and stored.is_sealed()
        return not had and not self.cleaned_data.get("review_required", True)

    def _hold(self) -> None:
        """Until it is saved nobody else writes the row: what is sealed then is what is shown
        here."""
        stored = Tenant.objects.select_for_update().get(pk=self.instance.pk)
        self.altered = stored.why_altered(house=True)
        told = [(row.seal, row.place, row.review_required) for row in (stored, self.instance)]
        if told[0] != told[1]:
            raise forms.ValidationError(
                _("The tenant was changed at this very moment. Look at it again, then save.")
            )

    def second_of(self) -> dict:
        name = self.instance.name if self.instance.pk else self.cleaned_data.get("name", "")
        of = f"tenant {self.instance.pk}" if self.instance.pk else f"new tenant {name}"
        return {"what": Countersignature.Deed.LIFT_REVIEW, "of": of, "told": name}

    def _require_second(self) -> None:
        reason, deed = self.cleaned_data.get("reason", ""), self.second_of()
        refusal = why_not(self.user, deed["what"], deed["of"], reason)
        if not refusal:
            return
        if not reason.strip() or self.errors:
            return self.add_error("reason", refusal)
        self.waits = ask(
            self.user, **deed, tenant=self.instance if self.instance.pk else None, reason=reason
        )
        return self.add_error(None, refusal)

    def moves(self) -> list[str]:
        """Which fields make the tenant another place than it was."""
        if not self.instance.pk:
            return []
        return [
            name
            for name in PLACE
            if self.cleaned_data.get(name, self.initial[name]) != self.initial[name]
        ]

    def is_another_place(self) -> bool:
        """Whether approvals end: the credentials choose the business unit, too."""
        cleaned, had = self.cleaned_data, self.instance.client_secret
        return (
            bool(self.moves())
            or "client_id" in self.changed_data
            or bool(cleaned.get("secret") and cleaned["secret"] != had)
        )

    def _require_nothing_under_way(self) -> None:
        reason = why_not_move(self.instance)
        for name in self.moves() if reason else ():
            self.add_error(name, reason)


def warning() -> SafeString:
    text = _t(
        "Each of these says which business unit it is. A change of one makes it another place: what"
        " was approved, or waits for a review, was meant for this one, ends, and has to be asked"
        " for again."
    )
    return format_html('<p class="notice notice-warning">{}</p>', text)


def named(rows: QuerySet) -> str:
    """Their journeys, as far as there is room: "Spring, Summer and 1 more"."""
    names = list(
        dict.fromkeys(str(one.journey) for one in rows.select_related("journey")[: MOST_NAMED + 1])
    )
    count = rows.count() - MOST_NAMED
    more = [ngettext("and %(n)s more", "and %(n)s more", count) % {"n": count}] if count > 0 else []
    return ", ".join([*names[:MOST_NAMED], *more])


def told_ending(tenant: Tenant) -> str:
    """Such as "Approvals: 2, open reviews: 1 (Spring, Summer and 1 more)"."""
    rows = would_end(tenant)
    counts = {state: rows.filter(state=state).count() for state in ("approved", "requested")}
    words = {
        "approved": ngettext("%(n)s approval", "%(n)s approvals", counts["approved"]),
        "requested": ngettext("%(n)s open review", "%(n)s open reviews", counts["requested"]),
    }
    parts = [text % {"n": counts[state]} for state, text in words.items() if counts[state]]
    return _t("End %(what)s: %(names)s") % {"what": _t(" and ").join(parts), "names": named(rows)}


class HouseRulesForm(forms.ModelForm):
    entry_modes = forms.MultipleChoiceField(
        label=_("Allowed entry modes"),
        choices=ENTRY_MODES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: all are allowed."),
    )

    class Meta:
        model = HouseRules
        fields = [
            "naming_pattern",
            "naming_severity",
            "entry_modes",
            "entry_modes_severity",
            "longest_wait",
            "longest_wait_severity",
            "most_steps",
            "most_steps_severity",
            "goal_required",
            "goal_severity",
            "quiet_from",
            "quiet_to",
            "quiet_severity",
        ]


class HouseRulesInline(admin.StackedInline):
    """Belong to the tenant: whoever may change that may change these."""

    model = HouseRules
    form = HouseRulesForm
    template = "admin/journeys/tenant/house_rules.html"
    max_num = 1
    can_delete = False  # empty rules ask for nothing
    fieldsets = [
        (
            _("House rules"),
            {
                "description": _(
                    "Asked besides what Marketing Cloud asks. What is empty is not asked."
                ),
                "fields": [
                    ("naming_pattern", "naming_severity"),
                    ("entry_modes", "entry_modes_severity"),
                    ("longest_wait", "longest_wait_severity"),
                    ("most_steps", "most_steps_severity"),
                    ("goal_required", "goal_severity"),
                    ("quiet_from", "quiet_to", "quiet_severity"),
                ],
            },
        )
    ]

    def _may(self, request: HttpRequest, obj: Tenant | None = None) -> bool:
        return request.user.has_perm("journeys.change_tenant")

    has_view_permission = has_add_permission = has_change_permission = has_delete_permission = _may


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
            told = "; ".join(f"{what}: {names}" for what, names in lines)
            text = _t("%(told)s. What ended was for the old place: ask for it again.")
            self.message_user(request, text % {"told": told}, messages.WARNING)
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
