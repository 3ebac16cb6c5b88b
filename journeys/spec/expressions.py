"""The expressions of a journey, such as {{Event.KEY."Field"}}: where they stand, what can be named
in a journey, what is on offer. Which of them cannot resolve: expression_faults.py.

They are filled in at run time only and are case-sensitive, so a slip of the pen is no error on
save: the contact gets nothing, or the step fails.

What a step gives to later ones besides what its JSON declares depends on its type, so callers bring
it along as `always`: `journeys.blocks.always_gives`.
"""

import re
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from journeys.spec import graph
from journeys.spec.document import LISTS, block_list, dumps
from journeys.spec.json_strings import texts_in

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

WHOLE = re.compile(r"\{\{([^{}]*)\}\}")
BRACES = re.compile(
    rf"(\{{{{0,3}})\s{{0,4}}((?:{'|'.join(ROOTS)})\.[^{{}}]*)(\}}{{0,3}})", re.IGNORECASE
)
EVENT_FIELD = re.compile(r'\{\{\s*(Event\.[^{}."]+\.(?:"[^"{}]+"|[^{}."]++))\s*\}\}')
EVENT_KEY_IN_FILTER = re.compile(r'Key=\\?"Event\.([^."\\]+)\.([^"\\]+)\\?"')
ATTRIBUTE = re.compile(r"\{\{\s*(Contact\.Attribute\.[^{}]++)\}\}")

Gives = Callable[[dict], tuple[str, ...]]  # a step -> names of what it gives to later ones


@dataclass(frozen=True)
class Found:
    """An expression, with the braces as they are written, in the text at the place `inside`."""

    text: str
    inside: str


def find(value: object, inside: str = "") -> Iterator[Found]:
    """Every expression, and what looks like one with a brace missing, in any JSON value."""
    for text, place in texts_in(value, inside, "{"):
        for match in WHOLE.finditer(text):
            if not _is_placeholder(text, match):
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

    def outputs(self, step: dict) -> list[str]:
        """The names of what a step gives to later ones: its out arguments, and what its type always
        gives."""
        return list(dict.fromkeys([*declared(step), *self.always(step)]))

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
        """The keys of the events that let contacts in, and of those that steps wait for; none where
        an entry source does not tell its key."""
        keys = [_event_key(trigger) for trigger in block_list(self.document, "trigger")]
        waited_for = [_event_of(step) for step in self.steps.values()]
        return dict.fromkeys([*keys, *filter(None, waited_for)]) if keys and all(keys) else {}

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
        seen, work, keys = {step}, deque([step]), []
        while work:
            for key in self._before.get(work.popleft(), []):
                if key not in seen:
                    seen.add(key)
                    keys.append(key)
                    work.append(key)
        return keys


def offers(document: dict, always: Gives, step_key: str = "") -> list[str]:
    """What can be written at a step: event fields known from use, the contact, defaults, context,
    earlier outputs.

    With "" (or the key of no step) everything but outputs.
    """
    scope = Scope(document, always)
    texts = _texts_naming(document, b"Event.", b"Contact.Attribute.")
    expressions = [f"{{{{{inner}}}}}" for inner in _event_fields(texts, scope.event_keys)]
    expressions += [
        f"{{{{Interaction.{key}.{name}}}}}"
        for key in scope.upstream(step_key)
        for name in scope.outputs(scope.steps[key])
    ]
    attributes = [match.rstrip() for text in texts for match in ATTRIBUTE.findall(text)]
    expressions += [f"{{{{{attribute}}}}}" for attribute in attributes]
    return list(dict.fromkeys([*expressions, *OFFERED]))


def event_expression(key: str, field: str) -> str:
    """A field of an entry event as it is written in a value."""
    return f"{{{{{_quoted(f'Event.{key}.{field}')}}}}}"


def declared(step: dict) -> list[str]:
    """The names of its out arguments, as one place or the other of its JSON has them."""
    configuration, schema = (
        object_at(step, "configurationArguments"),
        object_at(step, "schema", "arguments", "execute"),
    )
    named = [*object_at(configuration, "outArgumentSchema")]
    for arguments in (
        object_at(step, "arguments", "execute").get("outArguments"),
        schema.get("outArguments"),
    ):
        for item in arguments if isinstance(arguments, list) else []:
            named += item if isinstance(item, dict) else []
    return [name for name in named if name]


def _is_placeholder(text: str, match: re.Match) -> bool:
    """Whether it is one of a template's, such as {{{prefix}}} (template.py): an expression in a
    JSON text may stand between further braces as well."""
    start, end = match.span()
    has_third = text[start - 1 : start] == "{" and text[end : end + 1] == "}"
    return has_third and match[1].strip().partition(".")[0] not in ROOTS


def _is_torn(opening: int, closing: int) -> bool:
    """More than two are fine: braces of a JSON text stand beside those of the expression."""
    return (opening >= 2 and closing < 2) or (opening == 1 and closing >= 2)


def _texts_naming(document: dict, *names: bytes) -> list[str]:
    """The texts of those blocks and members whose bytes hold one of the names: to read every text
    takes long, and most journeys name few fields."""
    texts: list[str] = []
    for name, member in document.items():
        for value in member if name in LISTS and isinstance(member, list) else [member]:
            data = dumps(value)
            if any(one in data for one in names):
                texts += [text for text, _place in texts_in(value, "")]
    return texts


def _event_fields(texts: list[str], keys: dict[str, None]) -> list[str]:
    """Of the journey's own events; of any event where the entry source does not tell its key."""
    fields = []
    for text in texts:
        fields += EVENT_FIELD.findall(text)
        fields += [f'Event.{key}."{field}"' for key, field in EVENT_KEY_IN_FILTER.findall(text)]
    quoted = {_quoted(inner) for inner in fields}
    return [inner for inner in sorted(quoted) if not keys or inner.split(".")[1] in keys]


def _quoted(inner: str) -> str:
    root, key, field = inner.split(".", 2)
    return f'{root}.{key}."{field.strip(chr(34))}"'


def _event_key(trigger: dict) -> str:
    key = object_at(trigger, "metaData").get("eventDefinitionKey") or trigger.get(
        "eventDefinitionKey"
    )
    return key if isinstance(key, str) else ""


def _event_of(step: dict) -> str:
    """The key of the event that a step waits for, whose data later steps can name."""
    key = object_at(step, "configurationArguments").get("eventDefinitionKey")
    return key if isinstance(key, str) else ""


def object_at(value: dict, *path: str) -> dict:
    for name in path:
        value = value.get(name)
        if not isinstance(value, dict):
            return {}
    return value
