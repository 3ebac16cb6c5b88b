"""Expressions that cannot resolve. They are filled in at run time only, so the endpoint takes them
and says nothing."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from journeys.blocks import always_gives
from journeys.checks.finding import advice
from journeys.spec import expression_faults
from journeys.spec.expression_faults import InBlock
from journeys.spec.expressions import Found
from journeys.spec.problem import Problem

LONGEST = 100
SENTENCES = {
    "braces": gettext_lazy(
        "“%(expression)s” lacks a brace. Write two before and two after it: {{…}}."
    ),
    "case": gettext_lazy(
        "In “%(expression)s”, “%(named)s” is written “%(meant)s”: capitals and small letters count."
    ),
    "no-step": gettext_lazy(
        "“%(expression)s” names step “%(named)s”, which is not in this journey. Choose another."
    ),
    "not-before": gettext_lazy(
        "“%(expression)s” reads what step “%(named)s” gives, but contacts do not pass that step"
        " before this one. Choose an earlier step, or move that one."
    ),
    "other-event": gettext_lazy(
        "“%(expression)s” reads event “%(named)s”, but contacts enter by “%(meant)s”, so it stays"
        " empty. Choose a field of that event."
    ),
    "unknown-root": gettext_lazy(
        "In “%(expression)s”, “%(named)s” is not known, so nothing is filled in. Write “%(meant)s”."
    ),
    "unknown-member": gettext_lazy(
        "In “%(expression)s”, “%(named)s” is not known, so probably nothing is filled in. Known"
        " there: %(meant)s."
    ),
    "no-output": gettext_lazy(
        "“%(expression)s” reads “%(named)s”, which step “%(meant)s” does not declare as something"
        " that it gives. Choose one of its outputs."
    ),
}


def expressions_in(_kind: str, block: dict) -> tuple[Found, ...]:
    return tuple(expression_faults.expressions_in(block))


def expressions_resolve(document: dict, read: list[InBlock]) -> Iterator[Problem]:
    for place, fault in expression_faults.faults(document, always_gives, read):
        values = {
            "expression": fault.expression[:LONGEST],
            "named": fault.named[:60],
            "meant": fault.meant[:60],
        }
        yield advice(f"expression-{fault.rule}", _(str(SENTENCES[fault.rule])) % values, place)
