"""How a block's form is laid out by crispy: usual fields, rows, the name, and the rest behind "More
settings"."""

from typing import ClassVar

from crispy_forms.bootstrap import AppendedText
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, LayoutObject
from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

Groups = tuple[tuple[str, ...], ...]


def helper_for(*layout: object, fields: dict[str, forms.Field] | None = None) -> FormHelper:
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    helper.include_media = False
    helper.field_template = "blocks/_field.html"
    if layout:
        helper.add_layout(with_units(Layout(*layout), fields or {}))
    return helper


def lines_of(names: list[str], together: Groups, only_with: dict[str, str]) -> list["Line | str"]:
    """The fields in their order; those that stand together on one line, those that need a flag only
    with it."""
    lines: list[Line | str] = []
    seen: set[str] = set()
    for name in names:
        line = next((group for group in together if name in group), (name,))
        flag = only_with.get(name)
        if name not in seen:
            lines.append(Line(*line, flag=flag) if len(line) > 1 or flag else name)
        seen.update(line)
    return lines


class RowsLayout(LayoutObject):
    """Where the rows of a list stand in the block's form."""

    fields: ClassVar[list] = []

    def __init__(self, name: str = "rows") -> None:
        self.name = name

    def render(self, form: forms.Form, context: dict, **options: object) -> SafeString:
        rows = form.row_sets[self.name]
        return render_to_string("blocks/_rows.html", {"rows": rows, "label": rows.lens.rows_label})


class Datalist(LayoutObject):
    """Texts that inputs offer to choose from; the inputs name its id in their `list` attribute."""

    fields: ClassVar[list] = []

    def __init__(self, id: str, texts: list[str] | tuple[str, ...]) -> None:
        self.id, self.texts = id, texts

    def render(self, form: forms.Form, context: dict, **options: object) -> SafeString:
        return render_to_string("blocks/_datalist.html", {"id": self.id, "texts": self.texts})


class Folded(LayoutObject):
    """The fields that few people use, behind "More settings"; open when one of them has an
    error."""

    def __init__(self, *fields: object) -> None:
        self.fields = list(fields)

    def render(self, form: forms.Form, context: dict, **options: object) -> SafeString:
        content = self.get_rendered_fields(form, context, **options)
        is_open = any(_has_error(form, field) for field in self.fields)
        return render_to_string("blocks/_folded.html", {"content": content, "is_open": is_open})


class Offered(LayoutObject):
    """The same for boxes of several lines, which cannot offer by themselves: a folded list to copy
    from."""

    fields: ClassVar[list] = []

    def __init__(self, texts: list[str]) -> None:
        self.texts = texts

    def render(self, form: forms.Form, context: dict, **options: object) -> SafeString:
        return render_to_string("blocks/_offered.html", {"texts": self.texts})


def with_units(layout: object, fields: dict[str, forms.Field]) -> object:
    """The layout with each field's unit beside its input."""
    if isinstance(layout, str):
        unit = getattr(fields.get(layout), "unit", "")
        return AppendedText(layout, unit) if unit else layout
    if isinstance(layout, LayoutObject):
        layout.fields = [with_units(inner, fields) for inner in layout.fields]
    return layout


def _has_error(form: forms.Form, field: object) -> bool:
    if isinstance(field, RowsLayout):
        return any(form.row_sets[field.name].errors)
    if isinstance(field, LayoutObject):
        return any(_has_error(form, inner) for inner in field.fields)
    return field in form.errors


class Line(LayoutObject):
    """Fields side by side; with `flag`, shown while that checkbox is ticked (or when one of them
    has an error)."""

    def __init__(self, *fields: str, flag: str | None = None) -> None:
        self.fields = list(fields)
        self.flag = flag

    def render(self, form: forms.Form, context: dict, **options: object) -> SafeString:
        content = self.get_rendered_fields(form, context, **options)
        box = form[self.flag] if self.flag else None
        ticked = (
            box is None
            or box.value() in ("true", True)
            or any(name in form.errors for name in self.fields)
        )
        flag = box.html_name if box else ""
        return render_to_string(
            "blocks/_line.html", {"content": content, "flag": flag, "is_shown": ticked}
        )
