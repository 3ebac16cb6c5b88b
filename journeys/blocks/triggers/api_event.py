"""API event: contacts enter when a system, a form or a page posts the event."""

from django.utils.translation import gettext_lazy as _

from journeys.blocks.triggers.entry_source import EntrySource


class ApiEvent(EntrySource):
    slug = "api-event"
    types = ("APIEvent",)
    label = _("API event")
    icon = "api-event"
    meta = {
        "iconUrl": "/images/icon_journeyBuilder-event-api-blue.svg",
        "title": "",
        "category": "Event",
        "entrySourceGroupConfigUrl": "jb:///data/entry/api-event/entrysourcegroupconfig.json",
    }
