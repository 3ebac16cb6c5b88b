"""Expressions that cannot resolve, and why. What is not certain to be wrong is not reported."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from os.path import commonprefix

from journeys.spec import address
from journeys.spec.address import Address
from journeys.spec.document import LISTS, blocks
from journeys.spec.expressions import (
    MEMBERS,
    ROOTS,
    WHOLE,
    Found,
    Gives,
    Scope,
    declared,
    event_expression,
    find,
    object_at,
)

# Real journeys read names of their own from it, such as {{Context.discount}}.
OF_ANY_NAME = ("Context",)
UNREAD = (
    "schema",
    "metaData",
)  # made by the server, and notes of the screen: nothing is filled in there

# A name as it begins an expression. Others are taken for the marks of another template language.
ROOT = re.compile(r"\s*([^\W\d]\w*+(?:[ :-]\w++)*+)\s*(?:\.[^{}]*)?")
OF_OTHER_LANGUAGES = ("else", "this")
PLACEHOLDER_WORDS = frozenset(
    ("CHANGEME", "FIXME", "INSERT", "PLACEHOLDER", "REPLACE", "TBD", "TODO", "XXX", "YOUR")
)
SEGMENT = re.compile(r'"([^"]*)"|([^."]+)')
BARE = re.compile(rf"\s*(?:{'|'.join(ROOTS)})\.[^{{}}@]+")


@dataclass(frozen=True)
class Fault:
    """Why an expression cannot resolve.

    `rule`: "braces"; "case" (`named` should be `meant`); "no-step" (`named` is no step);
    "not-before" (step `named` does not come before this one); "other-event" (`named` is not the
    event `meant` that lets contacts in); "unknown-root" (`named` is a slip of the pen for `meant`);
    "no-root" (nothing begins with `named`; `meant` reads a field of that name, where there can be
    one); "unfilled" (a placeholder that nobody replaced);
    "unknown-member" (`named` is none of `meant`); "no-output" (`named` is none of what step `meant`
    declares).
    """

    rule: str
    expression: str
    named: str = ""
    meant: str = ""


Known = dict[str, Fault | None]  # by the expression
InBlock = tuple[str, dict, Iterable[Found]]  # kind, block, and its expressions


def fault(expression: str, scope: Scope, step: str = "") -> Fault | None:
    """Why an expression in a step cannot resolve; None when it can, or when that cannot be known
    from the journey.

    With `step` "" it stands outside of the path (defaults, entry source, goal), where only
    existence is asked.
    """
    match = WHOLE.fullmatch(expression)
    if match is None:
        return Fault("braces", expression)
    names = [quoted or bare.strip() for quoted, bare in SEGMENT.findall(match[1])]
    if not names:
        return None
    wrong = (
        _case_fault(expression, names)
        or _root_fault(expression, names, scope)
        or _member_fault(expression, names)
    )
    if wrong:
        return wrong
    if names[0] == "Interaction" and len(names) > 1:
        return _step_fault(
            expression, match[1].strip().removeprefix("Interaction."), names[1], scope, step
        )
    if names[0] == "Event" and len(names) > 2:
        return _event_fault(expression, names[1], scope)
    return None


def faults(
    document: dict, always: Gives, in_blocks: Iterable[InBlock] | None = None
) -> Iterator[tuple[Address, Fault]]:
    """Every expression of the journey that cannot resolve, and where it stands. Who knows what
    `expressions_in` gives for the blocks brings it along, in their order."""
    scope, known = Scope(document, always), {}
    members = {
        name: value
        for name, value in document.items()
        if name not in (*LISTS, "name", "description")
    }
    yield from _faults_of(expressions_in(members), "journey", "", scope, known)
    yield from _bare_addresses(document)
    if in_blocks is None:
        in_blocks = ((kind, block, expressions_in(block)) for kind, block in blocks(document))
    for kind, block, expressions in in_blocks:
        key = block.get("key")
        yield from _faults_of(expressions, kind, key if isinstance(key, str) else "", scope, known)


def _once(expression: str, scope: Scope, step: str, known: Known) -> Fault | None:
    """What does not depend on the step is asked once, for a journey says it over and over."""
    if expression.startswith("{{Interaction."):
        return fault(expression, scope, step)
    if expression not in known:
        known[expression] = fault(expression, scope, step)
    return known[expression]


def expressions_in(value: dict) -> Iterator[Found]:
    """What is filled in at run time, of a block or of the journey's own members."""
    for name, member in value.items():
        if name in UNREAD or not member or not isinstance(member, str | dict | list):
            continue
        if isinstance(member, str) and "{" not in member:
            continue
        yield from find(member, name)


def _faults_of(
    expressions: Iterable[Found], kind: str, key: str, scope: Scope, known: Known
) -> Iterator[tuple[Address, Fault]]:
    for expression in expressions:
        wrong = _once(expression.text, scope, key if kind == "activity" else "", known)
        if wrong:
            yield Address(kind, key, expression.inside), wrong


def _bare_addresses(document: dict) -> Iterator[tuple[Address, Fault]]:
    """Default addresses are expressions: without its braces one is taken for the address itself."""
    defaults = object_at(document, "defaults")
    for name in ("email", "mobileNumber"):
        addresses = defaults.get(name)
        for index, text in enumerate(addresses if isinstance(addresses, list) else []):
            if isinstance(text, str) and BARE.fullmatch(text):
                inside = address.item(f"defaults.{name}", index)
                yield Address(inside=inside), Fault("braces", text.strip())


def _step_fault(expression: str, rest: str, first: str, scope: Scope, step: str) -> Fault | None:
    """Step keys may hold dots: the longest one that fits is meant."""
    plain = rest.replace('"', "")
    key = scope.longest_named(plain)
    if key:
        if step in scope.steps and step != key and not scope.comes_before(key, step):
            return Fault("not-before", expression, key)
        return _output_fault(expression, plain.removeprefix(key).removeprefix("."), key, scope)
    alike = scope.alike.get(first.lower())
    return Fault("case", expression, first, alike) if alike else Fault("no-step", expression, first)


def _output_fault(expression: str, name: str, key: str, scope: Scope) -> Fault | None:
    """Only a step that declares what it gives is known to give nothing else."""
    step = scope.steps[key]
    given = scope.outputs(step)
    if not name or any(name == one or name.startswith(f"{one}.") for one in given):
        return None
    alike = [one for one in given if one.lower() == name.lower()]
    if alike:
        return Fault("case", expression, name, alike[0])
    return Fault("no-output", expression, name, key) if declared(step) else None


def _event_fault(expression: str, key: str, scope: Scope) -> Fault | None:
    if not scope.event_keys or key in scope.event_keys:
        return None
    alike = scope.alike_events.get(key.lower())
    if alike:
        return Fault("case", expression, key, alike)
    return Fault("other-event", expression, key, next(iter(scope.event_keys)))


def _case_fault(expression: str, names: list[str]) -> Fault | None:
    root = _same_but_case(names[0], ROOTS)
    if root:
        return Fault("case", expression, names[0], root)
    place = names[0]
    for name in names[1:]:
        known = MEMBERS.get(place, ())
        meant = _same_but_case(name, known)
        if meant:
            return Fault("case", expression, name, meant)
        place = f"{place}.{name}"
    return None


def _root_fault(expression: str, names: list[str], scope: Scope) -> Fault | None:
    """A first name that is none of those that exist: a slip, a placeholder, or anything else."""
    if names[0] in ROOTS:
        return None
    match = ROOT.fullmatch(expression[2:-2])
    if match is None or match[1] in OF_OTHER_LANGUAGES:
        return None
    if says_placeholder(match[1]):
        return Fault("unfilled", expression, match[1])
    return _slip(expression, names, scope) or Fault(
        "no-root", expression, match[1], "" if len(names) > 1 else _as_event_field(match[1], scope)
    )


def says_placeholder(text: str) -> bool:
    """Whether a text such as REPLACE_WITH_VALUE or Your name says that it is to be replaced."""
    return not PLACEHOLDER_WORDS.isdisjoint(re.split(r"[\W_]+", text.upper()))


def _as_event_field(name: str, scope: Scope) -> str:
    keys = list(scope.event_keys)
    return event_expression(keys[0], name) if len(keys) == 1 else ""


def _slip(expression: str, names: list[str], scope: Scope) -> Fault | None:
    """Where the second name shows what was meant, or a letter or two were."""
    if len(names) < 2:
        return None
    for root in ROOTS:
        below = {"Event": scope.event_keys, "Interaction": scope.steps}.get(
            root, MEMBERS.get(root, ())
        )
        if names[1] in below and is_near(names[0], root):
            return Fault("unknown-root", expression, names[0], root)
    return None


def _member_fault(expression: str, names: list[str]) -> Fault | None:
    place = names[0]
    for name in names[1:]:
        known = MEMBERS.get(place, ())
        if known and name not in known:
            meant = [one for one in known if is_near(name, one)] or (
                [] if place in OF_ANY_NAME else known
            )
            return Fault("unknown-member", expression, name, ", ".join(meant)) if meant else None
        place = f"{place}.{name}"
    return None


def is_near(one: str, other: str) -> bool:
    """Whether one slip makes the one of the other: a letter too many, too few or wrong, or two that
    were swapped."""
    one, other = one.lower(), other.lower()
    start = len(commonprefix((one, other)))
    one, other = one[start:], other[start:]
    is_swapped = len(one) > 1 and one[:2] == other[1::-1] and one[2:] == other[2:]
    return one[1:] == other[1:] or one[1:] == other or one == other[1:] or is_swapped


def _same_but_case(name: str, known: tuple[str, ...]) -> str | None:
    if name in known:
        return None
    return next((one for one in known if one.lower() == name.lower()), None)
