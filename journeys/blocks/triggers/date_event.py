"""Date-based event: contacts enter on a date of theirs, such as a birthday.

The facts know its event definitions (DateEvent-…) but no whole trigger of a journey, so nothing
beyond the common parts is written.
"""

from django.utils.translation import gettext_lazy as _

from journeys.blocks.facts import SCHEDULE
from journeys.blocks.triggers.contact_event import ContactEvent


class DateEvent(ContactEvent):
    slug = "date-event"
    types = ("DateEvent",)
    entry = SCHEDULE
    label = _("Date-based event")
    any_event = False
    event_prefix = "DateEvent-"
