"""The forms of people and groups: nobody gives what they do not have, or more to themselves."""

from django import forms
from django.contrib.auth.models import Group, User
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from journeys.models import Tenant
from journeys.models.rights import (
    RIGHTS,
    grantable,
    is_last_admin,
    is_reserved,
    label,
    loses_all_admins,
)

LAST = _("Nobody else looks after people and tenants: make somebody else an admin first.")
NOT_ONESELF = ("groups", "tenants", "is_active")


class PersonForm(forms.ModelForm):
    groups = forms.ModelMultipleChoiceField(
        Group.objects.none(), label=_("Groups"), required=False, widget=forms.CheckboxSelectMultiple
    )
    tenants = forms.ModelMultipleChoiceField(
        Tenant.objects.none(),
        label=_("Tenants"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Whose journeys they work with. Who looks after all tenants sees them without that."
        ),
    )
    user = None  # who fills it in

    class Meta:
        model = User
        fields = ["username", "first_name", "last_name", "email", "groups", "is_active"]
        labels = {"username": _("User name"), "is_active": _("May sign in")}
        help_texts = {
            "is_active": _(
                "Who has left is made inactive, not deleted: what they did stays theirs."
            ),
            "email": _("Where invitations and links for a forgotten password go."),
            "username": "",
        }

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["groups"].queryset = grantable(self.user).order_by("name")
        self.fields["tenants"].queryset = Tenant.objects.visible_to(self.user).order_by("name")
        if self.instance.pk:
            self.initial["tenants"] = list(self.instance.tenants.all())
        if self.instance.pk == self.user.pk:
            for name in [name for name in NOT_ONESELF if name in self.fields]:
                self.fields[name].disabled = True
                self.fields[name].help_text = _("Somebody else changes this for you.")

    def clean_username(self) -> str:
        name = self.cleaned_data["username"]
        if "username" in self.changed_data and is_reserved(name) and not self.user.is_superuser:
            raise forms.ValidationError(
                _("Only a superuser gives somebody the name of the emergency account.")
            )
        if User.objects.filter(username__iexact=name).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("Somebody has this user name already."))
        return name

    def clean_email(self) -> str:
        """One person, one account: two would count as four eyes."""
        address = self.cleaned_data["email"]
        same = (
            User.objects.filter(email__iexact=address).exclude(pk=self.instance.pk).first()
            if address
            else None
        )
        if same:
            raise forms.ValidationError(_t("%s has this address already.") % same.get_username())
        return address

    def clean(self) -> dict:
        cleaned = super().clean()
        if not cleaned.get("is_active", True):
            if is_last_admin(self.instance, None):
                self.add_error("is_active", LAST)
        elif "groups" in cleaned and is_last_admin(self.instance, cleaned["groups"]):
            self.add_error("groups", LAST)
        return cleaned


class GroupForm(forms.ModelForm):
    rights = forms.MultipleChoiceField(
        label=_("Members may"), required=False, widget=forms.CheckboxSelectMultiple
    )
    second_factor = forms.BooleanField(
        label=_("Members need a second factor"),
        required=False,
        help_text=_(
            "Who has none yet sets one up when they sign in, and reaches nothing else until then."
        ),
    )
    user = None  # who fills it in

    class Meta:
        model = Group
        fields = ["name"]

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        held = RIGHTS if self.user.is_superuser else self.user.get_all_permissions()
        self.fields["rights"].choices = [
            (name, words) for name, words in RIGHTS.items() if name in held
        ]
        if self.instance.pk:
            rows = self.instance.permissions.select_related("content_type")
            has = {label(row) for row in rows}
            self.initial["rights"] = [name for name in RIGHTS if name in has]
            self.initial["second_factor"] = bool(
                getattr(getattr(self.instance, "rules", None), "second_factor", 0)
            )

    def clean_rights(self) -> list[str]:
        rights = self.cleaned_data["rights"]
        if loses_all_admins(self.instance, rights):
            raise forms.ValidationError(LAST)
        return rights
