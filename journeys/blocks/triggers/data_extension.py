"""Data extension: its rows enter, once or on a schedule. The Journey Spec calls it
EmailAudience. Which data extension, and when, the event definition says (event_copy.py)."""

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from journeys.blocks.facts import AUDIENCE
from journeys.blocks.shown import ShownField
from journeys.blocks.triggers import event_copy
from journeys.blocks.triggers.entry_source import EntrySource


class DataExtension(EntrySource):
    slug = "data-extension"
    types = ("EmailAudience",)
    entry = AUDIENCE
    label = _("Data extension")
    icon = "data-extension"
    event_prefix = "DEAudience-"
    meta = {
        "iconUrl": "/images/icon-data-extension.svg",
        "title": "Data Extension",
        "entrySourceGroupConfigUrl": "jb:///data/entry/audience/entrysourcegroupconfig.json",
    }

    source = ShownField(
        "arguments.dataExtensionId",
        event_copy.data_extension,
        label=_("Data extension"),
        help_text=_("As the journey's JSON has it; the event definition decides."),
    )
    schedule = ShownField("metaData.scheduleState", event_copy.schedule, label=_("Schedule"))

    @classmethod
    def as_read(cls, block: dict, document: dict) -> dict:
        return event_copy.with_copy(block, document)

    @classmethod
    def sentence(cls, block: dict) -> str:
        """With when its rows enter, where that is known."""
        name = cls.name_of(block) or event_copy.data_extension_name(block)
        said = _now("Entered by %(name)s") % {"name": name} if name else str(cls.label)
        when = event_copy.schedule(block, in_full=False)
        return f"{said}, {when[:1].lower()}{when[1:]}" if when else said
