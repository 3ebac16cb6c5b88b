"""Inputs of a block's form, written without Django's templates: a form has many of them, and three
templates for each took most of its time. The HTML is the same."""

from collections.abc import Callable, Iterable

from django.forms.renderers import DjangoTemplates
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


class Inputs(DjangoTemplates):
    def render(self, template_name: str, context: dict, request: object = None) -> SafeString:
        written = WRITTEN.get(template_name)
        return written(context["widget"]) if written else super().render(template_name, context)


def _input(widget: dict) -> SafeString:
    value = widget["value"]
    said = "" if value is None else format_html(' value="{}"', str(value))
    told = widget["type"], widget["name"], said, _attributes(widget)
    return format_html('<input type="{}" name="{}"{}{}>', *told)


def _text_area(widget: dict) -> SafeString:
    value = str(widget["value"]) if widget["value"] else ""
    return format_html(
        '<textarea name="{}"{}>\n{}</textarea>', widget["name"], _attributes(widget), value
    )


def _select(widget: dict) -> SafeString:
    groups = _joined(_group(name, options) for name, options, _index in widget["optgroups"])
    return format_html(
        '<select name="{}"{}>{}</select>', widget["name"], _attributes(widget), groups
    )


def _group(name: str | None, options: list[dict]) -> SafeString:
    said = ((str(option["value"]), _attributes(option), option["label"]) for option in options)
    written = format_html_join("", '<option value="{}"{}>{}</option>', said)
    return format_html('<optgroup label="{}">{}</optgroup>', name, written) if name else written


def _attributes(widget: dict) -> SafeString:
    return _joined(
        format_html(" {}", name) if value is True else format_html(' {}="{}"', name, str(value))
        for name, value in widget["attrs"].items()
        if value is not False
    )


def _joined(parts: Iterable[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))


PLACE = "django/forms/widgets/"
WRITTEN: dict[str, Callable[[dict], SafeString]] = {
    f"{PLACE}text.html": _input,
    f"{PLACE}number.html": _input,
    f"{PLACE}date.html": _input,
    f"{PLACE}hidden.html": _input,
    f"{PLACE}checkbox.html": _input,
    f"{PLACE}textarea.html": _text_area,
    f"{PLACE}select.html": _select,
}
