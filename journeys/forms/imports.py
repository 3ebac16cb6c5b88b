"""Files, and pasted text, that journeys come in as."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Field, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from journeys.forms.choices import offer_tenants
from journeys.models import Tenant


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
            "One or several .json files of at most 4 MB, each with a journey or with a list of"
            " journeys as Marketing Cloud answers it."
        )
        self.fields["files"].widget.attrs["accept"] = ".json,application/json"
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            "tenant", Div("files", css_class="drop"), Field("text", css_class="mono"), "repair"
        )
