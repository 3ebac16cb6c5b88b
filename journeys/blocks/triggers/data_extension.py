"""Data extension: its rows enter, once or on a schedule. The Journey Spec calls it
EmailAudience."""

from django.utils.translation import gettext_lazy as _

from journeys.blocks.facts import AUDIENCE
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
