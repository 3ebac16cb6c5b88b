"""The form of a tenant: what may be changed when, and what a change ends."""

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from journeys.delivery.tenant_move import (
    PLACE,
    why_not_move,
    would_end,
)
from journeys.explaining import sentence
from journeys.models import Countersignature, Tenant
from journeys.models.countersignature import (
    LONGEST_REASON,
    ask,
    why_not,
)
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
            raise forms.ValidationError(sentence(error)) from error

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
        versions = [(row.seal, row.place, row.review_required) for row in (stored, self.instance)]
        if versions[0] != versions[1]:
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
