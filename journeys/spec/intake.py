"""What comes in: one journey or a list answer, and what in it is not ours to understand. Nothing is
changed here.

`GET /interactions` answers `{count, page, pageSize, links, items}`; its items are whole journeys
only when they were asked for with `extras`. Tools write them as a bare list, too. A deployment
tool's file (Accenture/sfmc-devtools) has members `r__…` and `c__…` where ids of a tenant would
stand, and its templates have `{{{…}}}` in texts.
"""

import re
from collections.abc import Iterator

from journeys.spec.document import (
    SERVER_ASSIGNED,
    DocumentError,
    dumps,
    loads_value,
    require_shape,
)
from journeys.spec.foreign import looks_like_a_journey, require_no_other_kind

# What answers and requests are known to hold at the top (API page, real journeys,
# Accenture/sfmc-devtools).
MEMBERS = {
    *SERVER_ASSIGNED,
    *(
        "key",
        "name",
        "description",
        "workflowApiVersion",
        "triggers",
        "goals",
        "exits",
        "activities",
        "notifiers",
    ),
    *(
        "entryMode",
        "definitionType",
        "channel",
        "defaults",
        "metaData",
        "executionMode",
        "categoryId",
        "tags",
    ),
    *("campaigns", "summary", "activity"),
}
REFERENCE = re.compile(r"[rc]__\w+")
PLACEHOLDER = re.compile(r"\{\{\{[^{}]{1,100}\}\}\}")


def loads(data: bytes | str) -> dict:
    """Reads a whole journey as `document.loads` does; what is no journey is refused by its
    kind."""
    value = loads_value(data)
    require_no_other_kind(value)
    require_shape(with_key(value, "") if lacks_key(value) else value)
    return value


def loads_with_or_without_key(data: bytes | str) -> tuple[dict, bool]:
    """The same, and whether it lacks nothing but a key."""
    value = loads_value(data)
    require_no_other_kind(value)
    lacks_one = looks_like_a_journey(value) and lacks_key(value)
    require_shape(with_key(value, "any" if lacks_one else "") if lacks_key(value) else value)
    return value, lacks_one


def lacks_key(value: object) -> bool:
    """Nobody could name a journey by blanks."""
    key = value.get("key") if isinstance(value, dict) else value
    return isinstance(value, dict) and (key is None or (isinstance(key, str) and not key.strip()))


def with_key(document: dict, key: str) -> dict:
    """With another key in its place; one that it did not have comes first."""
    return {**({} if "key" in document else {"key": key}), **document, "key": key}


def items_of(data: bytes | str) -> list | None:
    """The items of a list answer, or of a bare list; None for anything else, also for what cannot
    be read."""
    if not _may_be_list(data):
        return None
    try:
        value = loads_value(data)
    except DocumentError:
        return None
    if isinstance(value, list):
        return value if any(isinstance(item, dict) for item in value) else None
    items = value.get("items") if isinstance(value, dict) and "key" not in value else None
    return items if isinstance(items, list) else None


def _may_be_list(data: bytes | str) -> bool:
    """By a look at the text: to read it takes long."""
    word, start = ("items", data[:100]) if isinstance(data, str) else (b"items", data[:100])
    begin = start if isinstance(start, str) else start.decode(errors="replace")
    return word in data or begin.lstrip("\ufeff \t\r\n").startswith("[")


def sorted_out(items: list) -> tuple[list[tuple[int, bytes]], list[tuple[int, str]]]:
    """Of a list answer: the whole journeys as JSON, and the names of what is none; by number from
    1."""
    whole, others = [], []
    for number, item in enumerate(items, 1):
        if isinstance(item, dict) and isinstance(item.get("activities"), list):
            whole.append((number, dumps(item)))
        else:
            others.append((number, _name(item)))
    return whole, others


def unknown_members(document: dict) -> list[str]:
    """Members at the top that nobody has described. They are kept and sent."""
    return [name for name in document if name not in MEMBERS and not REFERENCE.fullmatch(name)]


def references(document: dict) -> list[str]:
    """A deployment tool's members at any depth, each name once."""
    names = (
        name for name, _value in _members(document) if "__" in name and REFERENCE.fullmatch(name)
    )
    return list(dict.fromkeys(names))


def placeholders(document: dict) -> list[str]:
    """The `{{{…}}}` of a template, in texts and in names of members, each once."""
    hits = (hit for text in _texts(document) for hit in PLACEHOLDER.findall(text))
    return list(dict.fromkeys(hits))


def _name(item: object) -> str:
    name = (item.get("name") or item.get("key")) if isinstance(item, dict) else None
    return name[:100] if isinstance(name, str) else ""


def _members(value: object) -> Iterator[tuple[str, object]]:
    if isinstance(value, dict):
        for name, member in value.items():
            yield name, member
            yield from _members(member)
    elif isinstance(value, list):
        for item in value:
            yield from _members(item)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, dict):
        for name, member in value.items():
            yield name
            yield from _texts(member)
