"""A tenant's house rules, on the tenant's own page."""

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from journeys.blocks.journey import ENTRY_MODES
from journeys.models import HouseRules, Tenant


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
