"""Event: the general type of the Journey Spec pages."""

from django.utils.translation import gettext_lazy as _

from journeys.blocks.triggers.contact_event import ContactEvent


class Event(ContactEvent):
    slug = "event"
    types = ("Event",)
    label = _("Event")
