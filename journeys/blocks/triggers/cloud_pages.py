"""CloudPages form: contacts enter when they send a Smart Capture form.

Known from event definitions (CloudPagesSma-…) only, as a trigger's type.
"""

from django.utils.translation import gettext_lazy as _

from journeys.blocks.triggers.contact_event import ContactEvent


class CloudPagesForm(ContactEvent):
    slug = "cloud-pages-form"
    types = ("CloudPagesSmartCapture",)
    label = _("CloudPages form")
    any_event = False
    event_prefix = "CloudPagesSma-"
