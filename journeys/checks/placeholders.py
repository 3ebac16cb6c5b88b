"""Placeholders of templates, ours or a deployment tool's: Marketing Cloud would keep them as they
stand."""

from collections.abc import Iterator

from django.utils.translation import ngettext

from journeys.checks.finding import blocking
from journeys.spec.expressions import ROOTS
from journeys.spec.problem import Problem
from journeys.spec.template import Ask, asks


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


def _is_an_expression(ask: Ask) -> bool:
    """`{{{Contact.Key}}}` reads the contact: a brace of a JSON text stands beside those of the
    expression."""
    return ask.kind.startswith(tuple(f"{root}." for root in ROOTS))
