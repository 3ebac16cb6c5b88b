"""Where something stands in a document: a block, and the place inside it. Parsed and written here
alone.

The place inside is text, such as `outcomes[branchResult-1].arguments.percentage`: members follow
each other with dots, an item of a list is named by its own key, else by its position. A name that
the grammar would take apart stands in quotes, as in JSON: `metaData."a.b"`, `outcomes["x]"]`; "" is
the whole block.

A whole address as text is `activity WAIT-1: configurationArguments.waitDuration`, `journey: name`,
`goal GOAL-1` or `journey`. A key that holds a colon, a quote or a line's end stands in quotes, too.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

LONGEST = 2000  # characters of a place; hardly any is longer than 100

PLAIN_MEMBER = re.compile(r'[^.\[\]"…\x00-\x1f\x7f]+')
PLAIN_ITEM = re.compile(r'[^\[\]"…\x00-\x1f\x7f]+')
PLAIN_KEY = re.compile(r'[^:"\s\x00-\x1f\x7f](?:[^:"\x00-\x1f\x7f]*[^:"\s\x00-\x1f\x7f])?')
KIND = re.compile(r"[a-z]+")
QUOTED = re.compile(r'"(?:[^"\\\x00-\x1f]|\\.)*"')


@dataclass(frozen=True)
class Item:
    """An item of a list by its own key; the number of one that has none is its position, as text
    where it was read from an address."""

    key: str


Step = str | int | Item  # a member, a position, an item


@dataclass(frozen=True, slots=True)
class Address:
    """`kind` is "journey", "trigger", "goal", "exit" or "activity", `key` the block's key, "" for
    the journey itself, and `inside` the place inside that block.
    """

    kind: str = "journey"
    key: str = ""
    inside: str = ""

    def __str__(self) -> str:
        head = self.kind
        if self.key:
            head += f" {self.key if PLAIN_KEY.fullmatch(self.key) else _quoted(self.key)}"
        return f"{head}: {self.inside}" if self.inside else head

    @property
    def block(self) -> tuple[str, str]:
        return self.kind, self.key

    @property
    def whole(self) -> "Address":
        """Of the block that it is in."""
        return Address(self.kind, self.key)

    @property
    def query(self) -> str:
        """For a link to the composer, which shows the block and goes to the field."""
        return urlencode({"kind": self.kind, "key": self.key, "field": self.inside})


def read(text: str) -> Address:
    """The address that was written as this text; raises ValueError for any other text."""
    kind = KIND.match(text)
    if not kind:
        raise ValueError(f"no address: {text[:100]}")
    rest = text[kind.end() :]
    key = ""
    if rest.startswith(" "):
        match = QUOTED.match(rest, 1) or PLAIN_KEY.match(rest, 1)
        if not match:
            raise ValueError(f"no key: {text[:100]}")
        key = _unquoted(match[0]) if match[0].startswith('"') else match[0]
        rest = rest[match.end() :]
    if rest and not (rest.startswith(": ") and len(rest) > 2):
        raise ValueError(f"no place inside: {text[:100]}")
    return Address(kind[0], key, rest[2:])


def read_query(data: Mapping[str, str], prefix: str = "") -> Address:
    """The address that a link or a form names."""
    return Address(*(data.get(f"{prefix}{name}", "") for name in ("kind", "key", "field")))


def member(inside: str, name: str) -> str:
    """The place of a member of what stands at `inside`."""
    is_plain = name.isidentifier() or PLAIN_MEMBER.fullmatch(name)  # nearly always the first
    text = name if is_plain else _quoted(name)
    place = f"{inside}.{text}" if inside else text
    return place if len(place) <= LONGEST else _short(place)


def item(inside: str, name: str | int) -> str:
    """The place of an item of the list at `inside`, by its key or its position."""
    text = name if isinstance(name, int) or PLAIN_ITEM.fullmatch(name) else _quoted(name)
    place = f"{inside}[{text}]"
    return place if len(place) <= LONGEST else _short(place)


def name_of(value: object, position: int) -> str | int:
    """What an item is named by: its own key, else its position."""
    key = value.get("key") if isinstance(value, dict) else None
    return key if isinstance(key, str) and key else position


def written(steps: Iterable[Step]) -> str:
    inside = ""
    for step in steps:
        if isinstance(step, str):
            inside = member(inside, step)
        else:
            inside = item(inside, step.key if isinstance(step, Item) else step)
    return inside


def steps(inside: str) -> tuple[str | Item, ...] | None:
    """The way to a place; None for what is none, or was too long to be written out."""
    parts: list[str | Item] = []
    at = 0
    while at < len(inside):
        if inside[at] == "[":
            name, at = _name(inside, at + 1, PLAIN_ITEM)
            if name is None or inside[at : at + 1] != "]":
                return None
            at += 1
            parts.append(Item(name))
            if inside[at : at + 1] not in ("", ".", "["):
                return None
            continue
        name, at = _name(inside, at + 1 if parts and inside[at] == "." else at, PLAIN_MEMBER)
        if name is None or inside[at : at + 1] not in ("", ".", "["):
            return None
        parts.append(name)
    return tuple(parts)


def first_member(inside: str) -> str:
    """The member of the block, or of the journey, that a place is in; "" for the whole."""
    name, _at = _name(inside, 0, PLAIN_MEMBER)
    return name or ""


def is_within(inside: str, outer: str) -> bool:
    """Whether a place is `outer` or stands somewhere in it."""
    return inside == outer or not outer or inside.startswith((f"{outer}.", f"{outer}["))


def parent(inside: str) -> str:
    """The place that this one stands in; "" at the top, and where that cannot be told."""
    return written((steps(inside) or ())[:-1])


def _name(text: str, at: int, plain: re.Pattern) -> tuple[str | None, int]:
    """The name that begins there, and where it ends; None where there is none."""
    match = QUOTED.match(text, at) or plain.match(text, at)
    if not match:
        return None, at
    name = _unquoted(match[0]) if match[0].startswith('"') else match[0]
    return name, match.end()


def _quoted(name: str) -> str:
    return json.dumps(name, ensure_ascii=False)


def _unquoted(text: str) -> str | None:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _short(inside: str) -> str:
    """What does not fit any more is told by its hash, so that no two places are the same: written
    out at each item below it, a long name would fill the memory."""
    digest = hashlib.sha256(inside.encode(errors="surrogatepass")).hexdigest()
    return f"{inside[:LONGEST]}…{digest}"
