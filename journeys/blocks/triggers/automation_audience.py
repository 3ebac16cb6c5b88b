"""Data extension by automation: an automation's fire-event step lets the rows of a data extension
in."""

from django.utils.translation import gettext_lazy as _

from journeys.blocks.fields import TextField
from journeys.blocks.triggers.data_extension import DataExtension


class AutomationAudience(DataExtension):
    slug = "automation-audience"
    types = ("AutomationAudience",)
    label = _("Data extension by automation")
    event_prefix = "AutomationAud-"

    automation = TextField(
        "arguments.automationId",
        label=_("Automation id"),
        where_held=True,
        help_text=_("The automation that fires the event; Automation Studio fills it in."),
    )
    advanced = ("automation", *DataExtension.advanced)
