"""What lists are narrowed and sorted by."""

from django import forms
from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from journeys.forms.choices import Offered
from journeys.models import Journey, Submission, Tenant

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


def full_name(person) -> str:
    return person.get_full_name() or person.get_username()
