"""What a number field says of what is no number that it takes: its bounds, its unit, what it is."""

import pytest

from journeys.blocks import BY_SLUG, LENSES
from journeys.blocks.base import Block
from journeys.blocks.fields import NumberField
from journeys.spec.document import blank

DOCUMENT = blank("K", "J")


def numbers(form: Block) -> list[str]:
    """HTML names of the number fields, those of rows as well."""
    parts = [form, *form.every_row()]
    return [
        part.add_prefix(name)
        for part in parts
        for name, field in part.fields.items()
        if isinstance(field, NumberField)
    ]


def form_of(slug: str, sent: dict | None = None) -> Block:
    block = BY_SLUG[slug].new("K-1", DOCUMENT)
    return BY_SLUG[slug](sent, block=block, document=DOCUMENT)


def error(slug: str, **sent: str) -> str:
    form = form_of(slug, sent)
    form.is_valid()
    ((_name, text),) = form.wrong()
    return text


@pytest.mark.parametrize(
    ("slug", "sent", "said"),
    [
        ("wait", {"duration": "soon"}, "Enter a whole number of 1 or more (days)."),
        ("wait", {"duration": "0"}, "Enter a whole number of 1 or more (days)."),
        (
            "wait",
            {"duration": "1.5", "unit": "HOURS"},
            "Enter a whole number of 1 or more (hours).",
        ),
        ("wait-by-attribute", {"offset": "x"}, "Enter a whole number, such as 3 or -3 (days)."),
        ("goal", {"value": "many"}, "Enter a whole number of 1 or more (% of contacts)."),
        (
            "goal",
            {"value": "many", "unit": "wholenumber"},
            "Enter a whole number of 1 or more (contacts).",
        ),
        (
            "email",
            {"email_id": "-1"},
            "Enter the id of the email, a whole number such as 4711, or choose it from the list.",
        ),
        ("sms", {"quiet": "3"}, "Enter a whole number from 0 to 2."),
        (
            "custom-activity",
            {"timeout": "9" * 20},
            "Enter a whole number from 1 to 100000 (milliseconds).",
        ),
        ("send-time", {"window": "a"}, "Enter a whole number of 1 or more (hours)."),
    ],
)
def test_it_says_which_numbers_it_takes(slug: str, sent: dict, said: str):
    assert error(slug, **sent) == said


@pytest.mark.parametrize("made", LENSES, ids=lambda one: one.slug)
def test_no_number_field_says_only_that_it_wants_a_number(made: type[Block]):
    for name in numbers(form_of(made.slug)):
        form = form_of(made.slug, {name: "x"})
        form.is_valid()
        told = dict(form.wrong())[name]
        assert "whole number" in told and any(letter.isdigit() for letter in told)
