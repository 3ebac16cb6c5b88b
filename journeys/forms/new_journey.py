"""What a journey starts with: its name, its tenant, its key."""

import uuid

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Field, Layout, Row
from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from journeys.checks.names import BANNED
from journeys.forms.choices import offer_tenants
from journeys.models import Tenant
from journeys.spec.document import MAX_KEY

SPEC_VERSIONS = [("1.0", _("1.0, the current one")), ("0.5", _("0.5, edited as JSON"))]


class NewJourney(forms.Form):
    name = forms.CharField(
        label=_("Name"),
        max_length=200,
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "off"}),
    )
    description = forms.CharField(
        label=_("Description"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    tenant = forms.ModelChoiceField(
        Tenant.objects.none(),
        label=_("Tenant"),
        help_text=_("The business unit that the journey is for."),
    )
    key = forms.CharField(
        label=_("Key"),
        max_length=MAX_KEY,
        strip=False,
        help_text=_(
            "Marketing Cloud knows the journey by it. The proposed one is new everywhere: keep it"
            " if you need no other."
        ),
        widget=forms.TextInput(
            attrs={"class": "mono", "autocomplete": "off", "spellcheck": "false"}
        ),
    )
    spec_version = forms.ChoiceField(label=_("Spec version"), choices=SPEC_VERSIONS, initial="1.0")

    def __init__(self, *args, user, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        offer_tenants(self.fields["tenant"], user)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            "name",
            "description",
            Row(Column("tenant"), Column("spec_version")),
            Field("key", css_class="mono"),
        )

    def point_at_first_error(self) -> None:
        """Puts the cursor there."""
        self.fields["name"].widget.attrs.pop("autofocus", None)
        first = next((name for name in self.fields if name in self.errors), "name")
        self.fields[first].widget.attrs["autofocus"] = True

    def clean_name(self) -> str:
        return allowed(self.cleaned_data["name"], _t("name"))

    def clean_description(self) -> str:
        return allowed(self.cleaned_data["description"].replace("\r\n", "\n"), _t("description"))

    def clean_key(self) -> str:
        key = self.cleaned_data["key"]
        if not key.strip():
            raise forms.ValidationError(_t("The key must hold more than spaces."))
        return key


def allowed(text: str, field: str) -> str:
    """The text, if Marketing Cloud takes its characters in a journey's name and description."""
    banned = [character for character in BANNED if character in text]
    if banned:
        raise forms.ValidationError(
            _t(
                "Take out of the %(field)s what Marketing Cloud does not accept there:"
                " %(characters)s"
            )
            % {"field": field, "characters": "  ".join(banned)}
        )
    return text


def propose_key() -> str:
    return str(uuid.uuid4())
