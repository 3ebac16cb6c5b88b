"""Audience: the members of an audience of Audience Builder enter. Known from event definitions
(ContactAudience-…)."""

from django.utils.translation import gettext_lazy as _

from journeys.blocks.facts import AUDIENCE
from journeys.blocks.triggers.contact_event import ContactEvent


class ContactAudience(ContactEvent):
    slug = "contact-audience"
    types = ("ContactAudience",)
    entry = AUDIENCE
    label = _("Audience")
    any_event = False
    event_prefix = "ContactAudience-"
    meta = {"iconUrl": "", "title": "", "category": "Audience"}
