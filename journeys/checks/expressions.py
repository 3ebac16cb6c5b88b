"""Expressions that cannot resolve. They are filled in at run time only, so the endpoint takes them
and says nothing."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from journeys.blocks import always_gives
from journeys.checks.finding import advice, blocking
from journeys.spec import expression_faults
from journeys.spec.expression_faults import Fault, InBlock
from journeys.spec.expressions import ROOTS, Found
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
    "no-root": gettext_lazy(
        "In “%(expression)s”, “%(named)s” is nothing that Journey Builder fills in. Begin with"
        " %(roots)s."
    ),
    "no-root-field": gettext_lazy(
        "In “%(expression)s”, “%(named)s” is nothing that Journey Builder fills in. A field of the"
        " entry event is written “%(meant)s”."
    ),
    "unfilled": gettext_lazy(
        "“%(expression)s” looks like a placeholder that nobody has filled in; contacts would get it"
        " as it stands. Write what belongs there."
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
        if fault.rule == "unfilled":
            yield blocking("placeholder", _words(fault, values), place)
        else:
            yield advice(f"expression-{fault.rule}", _words(fault, values), place)


def _words(fault: Fault, values: dict[str, str]) -> str:
    if fault.rule == "no-root" and fault.meant:
        return str(SENTENCES["no-root-field"]) % values
    roots = _("%(roots)s or %(last)s") % {"roots": ", ".join(ROOTS[:-1]), "last": ROOTS[-1]}
    return str(SENTENCES[fault.rule]) % {**values, "roots": roots}
