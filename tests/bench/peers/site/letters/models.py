"""A page of emails and waits, as a journey is."""

from wagtail import blocks
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page


class Email(blocks.StructBlock):
    subject = blocks.CharBlock()
    text = blocks.TextBlock(required=False)


class Wait(blocks.StructBlock):
    duration = blocks.IntegerBlock()
    unit = blocks.ChoiceBlock(choices=[("DAYS", "days"), ("WEEKS", "weeks")])


class Series(Page):
    steps = StreamField([("email", Email()), ("wait", Wait())])

    content_panels = [*Page.content_panels, FieldPanel("steps")]
    preview_modes = []
