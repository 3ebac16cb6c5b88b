"""What a browser sends back for a rendered form, by the HTML rules for inputs, selects and text
areas."""

import re
from html.parser import HTMLParser

from crispy_forms.utils import render_crispy_form
from django.http import QueryDict


class Inputs(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.sent: list[tuple[str, str]] = []
        self.places: dict[str, str] = {}
        self.ids: list[str] = []
        self.area: list | None = None
        self.select: list | None = None
        self.in_template = False

    def handle_starttag(self, tag: str, attributes: list) -> None:
        found = {name: value or "" for name, value in attributes}
        self.in_template = self.in_template or tag == "template"
        if self.in_template:
            return
        self.ids += [found["id"]] if "id" in found else []
        if "disabled" in found and tag == "select":
            self.select = ["", []]
            return
        if "disabled" in found:
            return
        if "data-place" in found and "name" in found:
            self.places[found["name"]] = found["data-place"]
        if tag == "input":
            self.take_input(found)
        if tag == "textarea":
            self.area = [found["name"], ""]
        if tag == "select":
            self.select = [found["name"], []]
        if tag == "option" and self.select:
            self.select[1].append((found["value"], "selected" in found))

    def take_input(self, found: dict) -> None:
        if found.get("type") == "checkbox" and "checked" not in found:
            return
        value = found.get("value", "on" if found.get("type") == "checkbox" else "")
        if found.get("type") == "text":
            value = re.sub(r"[\r\n]", "", value)
        self.sent.append((found["name"], value))

    def handle_data(self, data: str) -> None:
        if self.area:
            self.area[1] += data

    def handle_endtag(self, tag: str) -> None:
        if self.in_template:
            self.in_template = tag != "template"
            return
        if tag == "textarea" and self.area:  # a disabled one sends nothing
            name, value = self.area
            self.sent.append((name, value.removeprefix("\n")))
            self.area = None
        if tag == "select" and self.select[0]:
            name, options = self.select
            chosen = [value for value, selected in options if selected] or [options[0][0]]
            self.sent.append((name, chosen[-1]))
            self.select = None


def read_form(form: object) -> Inputs:
    inputs = Inputs()
    inputs.feed(re.sub(r"\r\n?", "\n", render_crispy_form(form)))
    inputs.close()
    return inputs


def send(form: object, changes: dict | None = None) -> QueryDict:
    """The post of an opened form, with some inputs changed first."""
    data = QueryDict(mutable=True)
    for name, value in read_form(form).sent:
        data.appendlist(name, re.sub(r"\n", "\r\n", value))
    for name, value in (changes or {}).items():
        data.setlist(name, [value])
    return data


def save(
    lens: type, block: dict, changes: dict | None = None, document: dict | None = None
) -> dict:
    """Opens a block, changes some inputs, saves; the written block."""
    form = lens(block=block, document=document or {})
    bound = lens(send(form, changes), block=block, document=document or {})
    assert bound.is_valid(), (bound.errors, bound.rows and bound.rows.errors)
    return bound.written()
