"""The expressions of a journey, such as {{Event.KEY."Field"}}: where they stand, if they can
resolve, what is on offer.

They are filled in at run time only and are case-sensitive, so a slip of the pen is no error on
save: the contact gets nothing, or the step fails. What is not certain to be wrong is not reported.

What a step gives to later ones besides what its JSON declares depends on its type, so callers bring
it along as `always`: `journeys.blocks.always_gives`.
"""

import re
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from os.path import commonprefix

from journeys.spec import graph
from journeys.spec.document import LISTS, block_list, blocks, dumps
from journeys.spec.problem import Place
from journeys.spec.texts import texts_in

ROOTS = (
    "Event",
    "Contact",
    "Context",
    "Interaction",
    "InteractionDefaults",
    "Activity",
    "DateTime",
)
# those of the page on data binding, and those that the server writes into published journeys
MEMBERS = {
    "Contact": ("Key", "Id", "Default", "Attribute", "FilterId", "AddressInfo"),
    "Contact.Default": ("Email", "SMS", "Twitter", "Facebook"),
    "InteractionDefaults": ("Email", "MobileNumber"),
    "Context": (
        "ContactKey",
        "DefinitionId",
        "DefinitionInstanceId",
        "VersionNumber",
        "PublicationId",
        "ExecutionMode",
        "StartActivityKey",
        "WaitQueueId",
        "RequestObjectId",
        "OriginalDefinitionId",
        "DequeueReason",
        "LastExecutedActivityKey",
    ),
    "Activity": ("Id",),
    "DateTime": ("Now",),
}
OF_ANY_NAME = (
    "Context",
)  # real journeys read names of their own from it, such as {{Context.discount}}
OFFERED = (
    "{{Contact.Key}}",
    "{{Contact.Id}}",
    "{{Contact.Default.Email}}",
    "{{Contact.Default.SMS}}",
    "{{InteractionDefaults.Email}}",
    "{{InteractionDefaults.MobileNumber}}",
    "{{Context.ContactKey}}",
    "{{Context.DefinitionId}}",
    "{{Context.DefinitionInstanceId}}",
    "{{Context.VersionNumber}}",
    "{{Context.PublicationId}}",
    "{{Context.ExecutionMode}}",
    "{{Activity.Id}}",
    "{{DateTime.Now}}",
)
UNREAD = (
    "schema",
    "metaData",
)  # made by the server, and notes of the screen: nothing is filled in there

WHOLE = re.compile(r"\{\{([^{}]*)\}\}")
BRACES = re.compile(
    rf"(\{{{{0,3}})\s{{0,4}}((?:{'|'.join(ROOTS)})\.[^{{}}]*)(\}}{{0,3}})", re.IGNORECASE
)
SEGMENT = re.compile(r'"([^"]*)"|([^."]+)')
EVENT_FIELD = re.compile(r'\{\{\s*(Event\.[^{}."]+\.(?:"[^"{}]+"|[^{}."]++))\s*\}\}')
EVENT_KEY_IN_FILTER = re.compile(r'Key=\\?"Event\.([^."\\]+)\.([^"\\]+)\\?"')
BARE = re.compile(rf"\s*(?:{'|'.join(ROOTS)})\.[^{{}}@]+")
ATTRIBUTE = re.compile(r"\{\{\s*(Contact\.Attribute\.[^{}]++)\}\}")

Gives = Callable[[dict], tuple[str, ...]]  # a step -> names of what it gives to later ones


@dataclass(frozen=True)
class Found:
    """An expression, with the braces as they are written, in the text at a dotted `field`."""

    text: str
    field: str


@dataclass(frozen=True)
class Fault:
    """Why an expression cannot resolve.

    `rule`: "braces"; "case" (`named` should be `meant`); "no-step" (`named` is no step);
    "not-before" (step `named` does not come before this one); "other-event" (`named` is not the
    event `meant` that lets contacts in); "unknown-root" (`named` is a slip of the pen for `meant`);
    "unknown-member" (`named` is none of `meant`); "no-output" (`named` is none of what step `meant`
    declares).
    """

    rule: str
    expression: str
    named: str = ""
    meant: str = ""


def find(value: object, field: str = "") -> Iterator[Found]:
    """Every expression, and what looks like one with a brace missing, in any JSON value."""
    for text, place in texts_in(value, field, "{"):
        for match in WHOLE.finditer(text):
            yield Found(match[0], place)
        if "{" not in WHOLE.sub("", text) and "}" not in WHOLE.sub("", text):
            continue
        for match in BRACES.finditer(text):
            if _is_torn(len(match[1]), len(match[3])):
                yield Found(f"{match[1]}{match[2].rstrip()}{match[3]}", place)


class Scope:
    """What can be named in one document. `always` tells what a step gives by its type alone."""

    def __init__(self, document: dict, always: Gives) -> None:
        self.document = document
        self.always = always
        self.steps = graph.steps(document)
        self._faults: dict[str, Fault | None] = {}

    def fault(self, expression: str, step: str = "") -> "Fault | None":
        """As the function; what does not depend on the step is asked once, for a journey says it
        over and over."""
        if expression.startswith("{{Interaction."):
            return fault(expression, self, step)
        if expression not in self._faults:
            self._faults[expression] = fault(expression, self, step)
        return self._faults[expression]

    def outputs(self, step: dict) -> list[str]:
        """The names of what a step gives to later ones: its out arguments, and what its type always
        gives."""
        return list(dict.fromkeys([*_declared(step), *self.always(step)]))

    @cached_property
    def walk(self) -> graph.Walk:
        return graph.Walk(self.document)

    @cached_property
    def alike(self) -> dict[str, str]:
        """By its key in small letters: the first step that has it."""
        return {key.lower(): key for key in reversed(self.steps)}

    @cached_property
    def _lengths(self) -> list[int]:
        """Those of the keys of steps, the longest first."""
        return sorted({len(key) for key in self.steps}, reverse=True)

    def longest_named(self, plain: str) -> str:
        """The step with whose key a text begins, up to its end or a dot; "" when there is none."""
        for length in self._lengths:
            if (
                plain[length : length + 1] in ("", ".")
                and length <= len(plain)
                and plain[:length] in self.steps
            ):
                return plain[:length]
        return ""

    @cached_property
    def event_keys(self) -> dict[str, None]:
        """The keys of the events that let contacts in; none where an entry source does not tell its
        key."""
        found = [_event_key(trigger) for trigger in block_list(self.document, "trigger")]
        return dict.fromkeys(found) if all(found) else {}

    @cached_property
    def alike_events(self) -> dict[str, str]:
        return {key.lower(): key for key in reversed(self.event_keys)}

    @cached_property
    def _before(self) -> dict[str, list[str]]:
        before: dict[str, list[str]] = {key: [] for key in self.steps}
        for key, step in self.steps.items():
            for outcome in graph.outcomes(step):
                target = graph.next_of(outcome)
                if target in before:
                    before[target].append(key)
        return before

    def comes_before(self, key: str, step: str) -> bool:
        return self.walk.may_pass(key, step)

    def upstream(self, step: str) -> list[str]:
        """The steps from which contacts can come to this one, the nearest first."""
        seen, work, found = {step}, deque([step]), []
        while work:
            for key in self._before.get(work.popleft(), []):
                if key not in seen:
                    seen.add(key)
                    found.append(key)
                    work.append(key)
        return found


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


def faults(document: dict, always: Gives) -> Iterator[tuple[Place, Fault]]:
    """Every expression of the journey that cannot resolve, and where it stands."""
    scope = Scope(document, always)
    members = {
        name: value
        for name, value in document.items()
        if name not in (*LISTS, "name", "description")
    }
    yield from _faults_in(members, "journey", "", scope)
    yield from _bare_addresses(document)
    for kind, block in blocks(document):
        key = block.get("key")
        yield from _faults_in(block, kind, key if isinstance(key, str) else "", scope)


def offers(document: dict, always: Gives, step_key: str = "") -> list[str]:
    """What can be written at a step: event fields known from use, the contact, defaults, context,
    earlier outputs.

    With "" (or the key of no step) everything but outputs.
    """
    scope, said = (
        Scope(document, always),
        dumps(document),
    )  # to read all texts takes long: most journeys name few fields
    fields = _event_fields(document, scope.event_keys) if b"Event." in said else []
    found = [f"{{{{{inner}}}}}" for inner in fields]
    found += [
        f"{{{{Interaction.{key}.{name}}}}}"
        for key in scope.upstream(step_key)
        for name in scope.outputs(scope.steps[key])
    ]
    texts = texts_in(document, "", "{{") if b"{{" in said else []
    attributes = [match.rstrip() for text, _place in texts for match in ATTRIBUTE.findall(text)]
    found += [f"{{{{{attribute}}}}}" for attribute in attributes]
    return list(dict.fromkeys([*found, *OFFERED]))


def event_expression(key: str, field: str) -> str:
    """A field of an entry event as it is written in a value."""
    return f"{{{{{_quoted(f'Event.{key}.{field}')}}}}}"


def _declared(step: dict) -> list[str]:
    """The names of its out arguments, as one place or the other of its JSON has them."""
    configuration, schema = (
        _object(step, "configurationArguments"),
        _object(step, "schema", "arguments", "execute"),
    )
    named = [*_object(configuration, "outArgumentSchema")]
    for arguments in (
        _object(step, "arguments", "execute").get("outArguments"),
        schema.get("outArguments"),
    ):
        for item in arguments if isinstance(arguments, list) else []:
            named += item if isinstance(item, dict) else []
    return [name for name in named if name]


def _faults_in(value: dict, kind: str, key: str, scope: Scope) -> Iterator[tuple[Place, Fault]]:
    for name, member in value.items():
        if name in UNREAD or not member or not isinstance(member, str | dict | list):
            continue
        if isinstance(member, str) and "{" not in member:
            continue
        for found in find(member, name):
            wrong = scope.fault(found.text, key if kind == "activity" else "")
            if wrong:
                yield Place(kind, key, found.field), wrong


def _bare_addresses(document: dict) -> Iterator[tuple[Place, Fault]]:
    """Default addresses are expressions: without its braces one is taken for the address itself."""
    defaults = _object(document, "defaults")
    for name in ("email", "mobileNumber"):
        addresses = defaults.get(name)
        for index, address in enumerate(addresses if isinstance(addresses, list) else []):
            if isinstance(address, str) and BARE.fullmatch(address):
                yield Place(field=f"defaults.{name}[{index}]"), Fault("braces", address.strip())


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
    return Fault("no-output", expression, name, key) if _declared(step) else None


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
    """A slip in the first name, where the second shows what was meant. Other roots may be another
    program's."""
    if names[0] in ROOTS or len(names) < 2:
        return None
    for root in ROOTS:
        below = {"Event": scope.event_keys, "Interaction": scope.steps}.get(
            root, MEMBERS.get(root, ())
        )
        if names[1] in below and _is_near(names[0], root):
            return Fault("unknown-root", expression, names[0], root)
    return None


def _member_fault(expression: str, names: list[str]) -> Fault | None:
    place = names[0]
    for name in names[1:]:
        known = MEMBERS.get(place, ())
        if known and name not in known:
            meant = [one for one in known if _is_near(name, one)] or (
                [] if place in OF_ANY_NAME else known
            )
            return Fault("unknown-member", expression, name, ", ".join(meant)) if meant else None
        place = f"{place}.{name}"
    return None


def _is_near(one: str, other: str) -> bool:
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


def _is_torn(opening: int, closing: int) -> bool:
    """More than two are fine: braces of a JSON text stand beside those of the expression."""
    return (opening >= 2 and closing < 2) or (opening == 1 and closing >= 2)


def _event_fields(document: dict, keys: dict[str, None]) -> list[str]:
    """Of the journey's own events; of any event where the entry source does not tell its key."""
    found = []
    for text, _place in texts_in(document, "", "Event."):
        found += EVENT_FIELD.findall(text)
        found += [f'Event.{key}."{field}"' for key, field in EVENT_KEY_IN_FILTER.findall(text)]
    quoted = {_quoted(inner) for inner in found}
    return [inner for inner in sorted(quoted) if not keys or inner.split(".")[1] in keys]


def _quoted(inner: str) -> str:
    root, key, field = inner.split(".", 2)
    return f'{root}.{key}."{field.strip(chr(34))}"'


def _event_key(trigger: dict) -> str:
    key = _object(trigger, "metaData").get("eventDefinitionKey") or trigger.get(
        "eventDefinitionKey"
    )
    return key if isinstance(key, str) else ""


def _object(value: dict, *path: str) -> dict:
    for name in path:
        value = value.get(name)
        if not isinstance(value, dict):
            return {}
    return value
