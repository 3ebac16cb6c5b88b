"""A journey from a template, and a template from a journey."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Field, Fieldset, Layout
from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from journeys.forms.new_journey import NewJourney
from journeys.models import Tenant
from journeys.spec.template import Ask

# Label without and with what it is for, and a help text, by kind of what a template asks for; in
# the form's order.
ASKED = {
    "event key": (
        _("Event definition key"),
        _("Event definition key of “%s”"),
        _("The key of an event in the tenant, such as APIEvent-1234."),
    ),
    "email id": (_("Email"), _("Email “%s”"), _("The email’s legacy id, a number.")),
    "data extension id": (_("Data extension id"), _("Data extension “%s”"), _("Its id, a GUID.")),
    "field id": (_("Field id"), _("Field “%s”"), _("Its id, a GUID.")),
    "relationship id": (
        _("Relationship id"),
        _("Relationship to “%s”"),
        _("The GUID of the relationship between the contact and this attribute set."),
    ),
    "Salesforce owner id": (
        _("Salesforce owner id"),
        _("Owner of “%s”"),
        _("The 18 characters of a user’s id."),
    ),
    "send classification id": (
        _("Send classification id"),
        _("Send classification id of “%s”"),
        _("A GUID; all emails of the journey get it."),
    ),
}
PLAIN_ANSWER = RegexValidator(
    r"\A[^<>&\"'{}\x00-\x1f]*\Z", _("Enter it without < > & quotes and braces.")
)
EVENT_KEY = RegexValidator(
    r"\A[A-Za-z0-9_-]*\Z", _("An event key holds only letters, digits, - and _.")
)


def ask_field(ask: Ask, used_by: str) -> forms.Field:
    bare, named, help_text = ASKED.get(ask.kind, (ask.placeholder.strip("{}"), "%s", ""))
    label = named % ask.name if ask.name and ask.kind in ASKED else bare
    help_text = " ".join(str(part) for part in (help_text, used_by) if part)
    if ask.kind == "email id":
        return forms.IntegerField(
            label=label, help_text=help_text, required=False, min_value=1, max_value=2**31 - 1
        )
    checks = [EVENT_KEY if ask.kind == "event key" else PLAIN_ANSWER]
    return forms.CharField(
        label=label, help_text=help_text, required=False, max_length=200, validators=checks
    )


class FromTemplate(NewJourney):
    """With a field for each thing that the template asks for; all of them can wait."""

    spec_version = None

    def __init__(self, *args, user, asked: list[Ask], used_by: dict[str, str], **kwargs) -> None:
        super().__init__(*args, user=user, **kwargs)
        kinds = list(ASKED)
        in_order = sorted(asked, key=lambda ask: kinds.index(ask.kind) if ask.kind in ASKED else -1)
        self.asked = {f"ask-{number}": ask for number, ask in enumerate(in_order)}
        for name, ask in self.asked.items():
            self.fields[name] = ask_field(ask, used_by.get(ask.placeholder, ""))
        legend = _t("What only your tenant knows")
        asks = (
            [
                Fieldset(
                    legend,
                    HTML("{% include 'journeys/_asks_help.html' %}"),
                    Div(*self.asked, css_class="asks"),
                )
            ]
            if asked
            else []
        )
        self.helper.layout = Layout(
            "name", "description", "tenant", Field("key", css_class="mono"), *asks
        )

    def answers(self) -> dict[str, str | int | None]:
        """By placeholder. What nobody can make sense of stays in the journey until somebody fills
        it in."""
        answers = {}
        for name, ask in self.asked.items():
            value = self.cleaned_data[name]
            if ask.kind in ASKED or value:
                answers[ask.placeholder] = None if value == "" else value
        return answers


class SaveTemplate(forms.Form):
    name = forms.CharField(
        label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    description = forms.CharField(
        label=_("Description"),
        required=False,
        max_length=2000,
        help_text=_("What it is good for, in a sentence."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args, tenant: Tenant, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.tenant = tenant
        self.helper = FormHelper()
        self.helper.form_tag = False

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        if self.tenant.templates.filter(name=name).exists():
            raise forms.ValidationError(
                _t("There is a template of this name already. Choose another one.")
            )
        return name
