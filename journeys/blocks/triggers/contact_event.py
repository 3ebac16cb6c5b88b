"""The entry sources of the Journey Spec pages: ContactEvent, Event and ContactDecision. Each keeps
its type."""

from django.utils.translation import gettext_lazy as _

from journeys.blocks.triggers.entry_source import EntrySource


class ContactEvent(EntrySource):
    slug = "contact-event"
    types = ("ContactEvent",)
    label = _("Contact event")
    icon = "event"
    needs_event = False
    any_event = True
    event_prefix = "ContactEvent-"
    meta = {"iconUrl": "", "title": "", "category": "Event"}
