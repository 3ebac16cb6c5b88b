"""What the JSON of a block holds and no form can change: shown beside the inputs, and never
written."""

from collections.abc import Callable

from django.forms.widgets import Widget
from django.utils.html import format_html
from django.utils.safestring import SafeString

from journeys.blocks.fields import PlacedField


class Shown(Widget):
    def id_for_label(self, id_: str) -> str:
        return id_

    def value_omitted_from_data(self, data: dict, files: object, name: str) -> bool:
        return True

    def value_from_datadict(self, data: dict, files: object, name: str) -> None:
        return None

    def render(
        self, name: str, value: object, attrs: dict | None = None, renderer: object = None
    ) -> SafeString:
        attrs = self.build_attrs(self.attrs, attrs)
        told = attrs.get("id", ""), attrs.get("class", ""), attrs.get("data-place", "")
        return format_html(
            '<output id="{}" class="{} shown-only keeps-lines" data-place="{}">{}</output>',
            *told,
            value or "",
        )


class ShownField(PlacedField):
    """`words` makes of a block what there is to read; where that is "", the field is not there.
    `place` is where most of it stands. `redraw`: it no longer says what was saved."""

    widget = Shown

    def __init__(self, place: str, words: Callable[[dict], str], **options: object) -> None:
        super().__init__(place, where_held=True, **options)
        self.words = words
        self.redraw = False

    def show(self, found: object) -> str:
        return ""

    def has_changed(self, initial: object, data: object) -> bool:
        return False

    def tell(self, block: dict) -> str:
        """Of the block as the journey around it completes it (`BlockType.as_read`)."""
        self.shown = self.words(block)
        return self.shown
