"""Placeholders of templates, ours or a deployment tool's, and those that a person or a program left
to be replaced: Marketing Cloud would keep them as they stand."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from journeys.checks.finding import advice, at, blocking
from journeys.spec.document import dumps
from journeys.spec.expression_faults import PLACEHOLDER_WORDS, says_placeholder
from journeys.spec.expressions import ROOTS
from journeys.spec.json_strings import texts_in
from journeys.spec.problem import Problem
from journeys.spec.template import Ask, asks

LONGEST = 80  # characters of a value that is nothing but a placeholder
WORDS = [word.encode() for word in PLACEHOLDER_WORDS]
OF_PEOPLE = ("name", "description", "label", "key")
# In brackets, or in capitals: "<your key>", "[Insert id]", "YOUR_EMAIL_ID".
BARE = re.compile(r"([<\[]?)\w++(?:[ -]++\w++)*+[>\]]?")


def placeholders_are_filled_in(document: dict) -> Iterator[Problem]:
    """One problem for each, at the first place where it stands."""
    for ask in asks(document):
        if not _is_an_expression(ask):
            count = len(ask.addresses)
            sentence = ngettext(
                "“%(placeholder)s” is still to be filled in, else Marketing Cloud keeps it as it"
                " stands. Write what belongs there.",
                "“%(placeholder)s” is still to be filled in at %(count)s places, else Marketing"
                " Cloud keeps it as it stands. Write what belongs there.",
                count,
            )
            values = {"placeholder": ask.placeholder, "count": count}
            yield blocking("placeholder", sentence % values, ask.addresses[0])


def values_are_replaced(kind: str, block: dict) -> Iterator[Problem]:
    """Values such as YOUR_EMAIL_ID or <insert key>, as samples have them. Names and labels are
    people's words."""
    if not any(word in dumps(block).upper() for word in WORDS):
        return
    for text, inside in texts_in(block, ""):
        match = BARE.fullmatch(text.strip()) if len(text) <= LONGEST else None
        if match is None or inside.rpartition(".")[2] in OF_PEOPLE:
            continue
        if says_placeholder(text) and (match[1] or text.isupper()):
            sentence = _(
                "“%(value)s” looks like a placeholder that nobody has replaced. Write what belongs"
                " there."
            )
            yield advice("value-placeholder", sentence % {"value": text}, at(kind, block, inside))


def _is_an_expression(ask: Ask) -> bool:
    """`{{{Contact.Key}}}` reads the contact: a brace of a JSON text stands beside those of the
    expression."""
    return ask.kind.startswith(tuple(f"{root}." for root in ROOTS))
