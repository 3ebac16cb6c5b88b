"""The journey's own settings, seen through a lens like a block's. Its "block" is the document without its lists."""

from crispy_forms.helper import FormHelper
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from journeys.blocks.base import Block, helper_for
from journeys.blocks.fields import ChoiceField, LinesField, LongTextField, TextField

ENTRY_MODES = [
    ("OnceAndDone", _("No re-entry")),
    ("SingleEntryAcrossAllVersions", _("Re-entry only after exiting")),
    ("MultipleEntries", _("Re-entry at any time")),
]


class JourneySettings(Block):
    slug = "journey"
    kind = "journey"
    label = _("Journey settings")
    icon = "list"

    name = TextField("name", label=_("Name"))
    description = LongTextField("description", label=_("Description"))
    description.widget.attrs["rows"] = 2
    entry_mode = ChoiceField("entryMode", ENTRY_MODES, label=_("Contact re-entry"))
    emails = LinesField(
        "defaults.email",
        label=_("Default email address"),
        help_text=_("Where a contact's address is found, one expression a line; the first that gives one is used."),
    )
    emails.widget.attrs.update({"rows": 2, "spellcheck": "false", "class": "mono"})
    key = TextField(
        "key",
        label=_("Key"),
        help_text=_("Marketing Cloud knows the journey by it. Another key makes another journey there."),
    )
    key.widget.attrs["class"] = "mono"

    @cached_property
    def helper(self) -> FormHelper:
        return helper_for("name", "description", "entry_mode", "emails", "key")
