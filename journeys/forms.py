"""The forms around the composer: the list's filters, a new journey, an import. Blocks have their
own in `blocks`."""

import uuid
from collections.abc import Callable

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Column, Div, Field, Fieldset, Layout, Row
from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from journeys.checks.names import BANNED
from journeys.models import Journey, Submission, Tenant
from journeys.spec.document import MAX_KEY
from journeys.spec.template import Ask

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
        found = {ask.placeholder: self.cleaned_data[name] for name, ask in self.asked.items()}
        return {
            ask.placeholder: (
                None if found[ask.placeholder] in (None, "") else found[ask.placeholder]
            )
            for ask in self.asked.values()
            if ask.kind in ASKED or found[ask.placeholder]
        }


# Label without and with what it is for, and a help text, by kind of what a template asks for; in
# the form's order.
ASKED = {
    "event key": (
        _("Event definition key"),
        _("Event definition key of “%s”"),
        _("The key of the entry event in the tenant, such as APIEvent-1234."),
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


def allowed(text: str, field: str) -> str:
    """The text, if Marketing Cloud takes its characters in a journey's name and description."""
    found = [character for character in BANNED if character in text]
    if found:
        raise forms.ValidationError(
            _t(
                "Take out of the %(field)s what Marketing Cloud does not accept there:"
                " %(characters)s"
            )
            % {"field": field, "characters": "  ".join(found)}
        )
    return text


class SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class Files(forms.FileField):
    """Any number of files, as a list. Empty files are let through: reading them tells what is
    wrong, and in which."""

    widget = SeveralFiles

    def clean(self, data: object, initial: object = None) -> list:
        files = data if isinstance(data, list | tuple) else [data]
        return [super(Files, self).clean(file, initial) for file in files if file]


class Import(forms.Form):
    tenant = forms.ModelChoiceField(
        Tenant.objects.none(),
        label=_("Tenant"),
        help_text=_("The business unit that the journeys are for."),
    )
    files = Files(label=_("Files"), required=False, allow_empty_file=True, max_length=255)
    text = forms.CharField(
        label=_("Or paste a journey's JSON"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "class": "mono", "spellcheck": "false"}),
    )
    repair = forms.BooleanField(
        label=_("Repair what can be repaired safely"),
        required=False,
        help_text=_("What that changes is shown before anything is imported."),
    )

    def __init__(self, *args, user, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        offer_tenants(self.fields["tenant"], user)
        self.fields["files"].help_text = _(
            "One or several .json files, each with one journey of at most 4 MB."
        )
        self.fields["files"].widget.attrs["accept"] = ".json,application/json"
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            "tenant", Div("files", css_class="drop"), Field("text", css_class="mono"), "repair"
        )


MOST_OFFERED = 500  # choices of one field


class Offered(forms.ModelChoiceField):
    """Its rows are read once: for choosing one, and for checking what was chosen. Of more than
    MOST_OFFERED the first are offered, and any is taken that an address names."""

    def offer(self, rows: QuerySet, label: Callable[[object], str] = str) -> None:
        some = list(rows[: MOST_OFFERED + 1])
        self.rows = {str(row.pk): row for row in some[:MOST_OFFERED]}
        self.others = rows if len(some) > MOST_OFFERED else rows.none()
        self.label = label
        self.write_choices()

    def write_choices(self) -> None:
        offered = [(row.pk, self.label(row)) for row in self.rows.values()]
        if self.others.query.is_empty():
            self.choices = [("", self.empty_label), *offered]
        else:
            told = _t("The first %(count)s; search by words for others’") % {"count": MOST_OFFERED}
            self.choices = [("", self.empty_label), (told, offered)]

    def to_python(self, value: object) -> object | None:
        if value in self.empty_values:
            return None
        if str(value) not in self.rows:
            found = (
                self.others.filter(pk=int(value)).first()
                if str(value).isdecimal() and len(str(value)) < 19
                else None
            )
            if found is None:
                raise ValidationError(
                    self.error_messages["invalid_choice"], "invalid_choice", {"value": value}
                )
            self.rows[str(value)] = found
            self.write_choices()
        return self.rows[str(value)]


ENDED = "review-ended"  # no state of the journey, which is a draft again
STANDING = [*Journey.State.choices[:2], (ENDED, _("Review ended")), *Journey.State.choices[2:]]


class ListFilter(forms.Form):
    """What the list of journeys shows. Values that mean nothing are left out rather than refused:
    links grow old."""

    SORTS = {
        "name": ("sort_name", "id"),
        "-name": ("-sort_name", "-id"),
        "changed": ("changed_at", "id"),
        "-changed": ("-changed_at", "-id"),
        "state": ("state", "changed_at", "id"),
        "-state": ("-state", "-changed_at", "-id"),
    }
    q = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=200,
        widget=forms.TextInput(
            attrs={
                "type": "search",
                "class": "form-control",
                "placeholder": _("Name, key or description"),
                "autocomplete": "off",
            }
        ),
    )
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("Any state")), *STANDING]
    )
    tenant = Offered(
        Tenant.objects.none(), label=_("Tenant"), required=False, empty_label=_("Any tenant")
    )
    owner = Offered(
        get_user_model().objects.none(), label=_("Owner"), required=False, empty_label=_("Anybody")
    )
    sort = forms.ChoiceField(required=False, choices=[(name, name) for name in SORTS])

    def __init__(self, *args, user, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        mine = Tenant.objects.visible_to(user)
        self.fields["tenant"].offer(mine.only("name"))
        theirs = Journey.objects.filter(
            owner=OuterRef("pk"), tenant__in=mine.order_by().values("pk")
        )
        people = (
            get_user_model()
            .objects.filter(Exists(theirs))
            .order_by("first_name", "last_name", "username")
        )
        self.fields["owner"].offer(
            people, lambda person: _t("Me") if person == user else full_name(person)
        )
        for name in ("state", "tenant", "owner"):
            self.fields[name].widget.attrs["class"] = "form-select"

    @property
    def values(self) -> dict:
        """Only what narrows or sorts the list."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class SubmissionFilter(forms.Form):
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("Any state")), *Submission.State.choices],
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    tenant = Offered(
        Tenant.objects.none(),
        label=_("Tenant"),
        required=False,
        empty_label=_("Any tenant"),
        widget=forms.Select(attrs={"class": "form-select"}),
    )

    def __init__(self, *args: object, user: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tenant"].offer(Tenant.objects.visible_to(user).only("name"))


def offer_tenants(field: forms.ModelChoiceField, user) -> None:
    """The user's own tenants; the only one is chosen already."""
    field.queryset = Tenant.objects.visible_to(user).only("name")
    tenants = list(field.queryset[:2])
    if len(tenants) == 1:
        field.initial = tenants[0]
        field.empty_label = None


def full_name(person) -> str:
    return person.get_full_name() or person.get_username()


def propose_key() -> str:
    return str(uuid.uuid4())
