"""A block's fields and inputs have the HTML that crispy's and Django's templates give them."""

from html.parser import HTMLParser

import pytest
from crispy_forms.utils import render_crispy_form
from django.forms.renderers import DjangoTemplates

from journeys.blocks.base import Block
from tests.blocks.browser import read_form
from tests.blocks.test_contract import ALL, case, every_type, journey

WRONG = 'not "a" value & <that> any field takes'


class Parts(HTMLParser):
    """Tags with their attributes, and texts whatever white space is around them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.parts: list[object] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attributes: list) -> None:
        self.parts.append((tag, dict(attributes)))

    def handle_endtag(self, tag: str) -> None:
        self.parts.append(f"/{tag}")

    def handle_data(self, text: str) -> None:
        self.parts += [" ".join(text.split())] if text.strip() else []


def rendered(opened: type[Block], is_sent: bool, is_theirs: bool = False) -> str:
    block = case(opened)["block"]
    form = opened(block=block, document=journey(block))
    if is_sent:
        names = [name for name, _value in read_form(form).sent]
        form = opened(dict.fromkeys(names, WRONG), block=block, document=journey(block))
    for part in (form, *form.every_row()) if is_theirs else ():
        part.helper.field_template = "bootstrap5/field.html"
        part.renderer = DjangoTemplates()
    return render_crispy_form(form)


@pytest.mark.parametrize("is_sent", [False, True], ids=["opened", "sent back wrong"])
@every_type
def test_it_gives_fields_the_html_of_the_libraries(opened: type[Block], is_sent: bool) -> None:
    ours, theirs = (Parts(rendered(opened, is_sent, is_theirs)) for is_theirs in (False, True))
    assert ours.parts == theirs.parts


@pytest.mark.parametrize(
    "kind",
    [
        "form-check-input is-invalid",
        "form-select is-invalid",
        "form-control is-invalid",
        "<legend",
        "_helptext",
        "invalid-feedback",
        "form-check-label",
    ],
)
def test_it_compares_every_kind_of_field(every_form: str, kind: str) -> None:
    assert kind in every_form


@pytest.fixture(scope="module")
def every_form() -> str:
    return "".join(rendered(opened, is_sent=True) for opened in ALL)
