"""Contact decision as an entry source: named in the Journey Spec pages only."""

from django.utils.translation import gettext_lazy as _

from journeys.blocks.triggers.contact_event import ContactEvent


class ContactDecision(ContactEvent):
    slug = "contact-decision"
    types = ("ContactDecision",)
    entry = ""  # nobody has seen how these let contacts in
    label = _("Contact decision")
