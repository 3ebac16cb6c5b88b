"""Fields that offer rows of the database, and how many of them."""

from collections.abc import Callable

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _t

from journeys.models import Tenant

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
            heading = _t("The first %(count)s; search by words for others’") % {
                "count": MOST_OFFERED
            }
            self.choices = [("", self.empty_label), (heading, offered)]

    def to_python(self, value: object) -> object | None:
        if value in self.empty_values:
            return None
        if str(value) not in self.rows:
            other = (
                self.others.filter(pk=int(value)).first()
                if str(value).isdecimal() and len(str(value)) < 19
                else None
            )
            if other is None:
                raise ValidationError(
                    self.error_messages["invalid_choice"], "invalid_choice", {"value": value}
                )
            self.rows[str(value)] = other
            self.write_choices()
        return self.rows[str(value)]


def offer_tenants(field: forms.ModelChoiceField, user) -> None:
    """The user's own tenants; the only one is chosen already."""
    field.queryset = Tenant.objects.visible_to(user).only("name")
    tenants = list(field.queryset[:2])
    if len(tenants) == 1:
        field.initial = tenants[0]
        field.empty_label = None
