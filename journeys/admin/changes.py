"""What a form of the administration changes, as the audit keeps it."""

from typing import Any

from django import forms
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _t

SECRETS = frozenset(
    {"secret", "client_secret", "password", "password1", "password2", "usable_password"}
)


def changes_of(form: forms.ModelForm) -> dict[str, Any]:
    """[old, new] of each changed field by its name; of a secret only that it was replaced."""
    return {name: change(form, name) for name in form.changed_data}


def change(form: forms.ModelForm, name: str) -> Any:
    if name in SECRETS or isinstance(form.fields[name].widget, forms.PasswordInput):
        return _t("replaced")
    return [
        told(form.get_initial_for_field(form.fields[name], name)),
        told(form.cleaned_data.get(name)),
    ]


def told(value: Any) -> Any:
    """Objects by their names, in an order that does not depend on the database."""
    if isinstance(value, QuerySet | list | tuple | set):
        return sorted(str(one) for one in value)
    return str(value) if isinstance(value, Model) else value
