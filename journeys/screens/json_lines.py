"""JSON as lines that know their addresses. Scripts read them from here; none takes JSON apart."""

import json
from collections.abc import Iterator
from os.path import commonprefix

from journeys.screens.size import short
from journeys.spec import address
from journeys.spec import document as doc


def json_lines(value: object) -> list[tuple[str, str]]:
    """(line, place inside the value) for each line of the pretty-printed value."""
    return list(_lines(value, "", "", "", ""))


def shown_document(document: dict) -> dict:
    """The document as text for a page, with the address of each of its lines; "" where it is too
    long.

    `blocks` are [kind, key, first line, last line] from 0, all other lines are the journey's own;
    `places` are those inside the block, or the journey, one for each line.
    """
    text = short(doc.pretty(document))
    if not text:
        return {"document": ""}
    blocks, places = addresses_of_lines(document)
    return {
        "document": text,
        "document_blocks": json.dumps(blocks, ensure_ascii=False),
        "document_places": packed(places),
    }


def addresses_of_lines(document: dict) -> tuple[list[tuple[str, str, int, int]], list[str]]:
    blocks: list[tuple[str, str, int, int]] = []
    places = [""]
    for name, value in document.items():
        kind, place = doc.LISTS.get(name), address.member("", name)
        if not kind or not value:
            _places(value, place, places)
            continue
        places.append(place)
        for block in value:
            key, first = block.get("key"), len(places)
            _places(block, "", places)
            blocks.append((kind, key if isinstance(key, str) else "", first, len(places) - 1))
        places.append(place)
    places.append("")
    return blocks, places


def _places(value: object, place: str, found: list[str]) -> None:
    """The place of each line of the value."""
    found.append(place)
    if not isinstance(value, dict | list) or not value:
        return
    if isinstance(value, dict):
        for name, member in value.items():
            _places(member, address.member(place, name), found)
    else:
        for index, item in enumerate(value):
            _places(item, address.item(place, address.name_of(item, index)), found)
    found.append(place)


def packed(places: list[str]) -> str:
    """A line for each: how many of its characters the one before begins with, and the rest. One
    place repeats most of another, and a long document has 100,000 of them."""
    lines, before = [], ""
    for place in places:
        same = _same(before, place)
        lines.append(f"{same} {place[same:]}")
        before = place
    return "\n".join(lines)


def _same(one: str, other: str) -> int:
    if not one.isascii() or not other.isascii():
        return 0  # a script counts some characters as two
    if other.startswith(one):
        return len(one)
    return len(other) if one.startswith(other) else len(commonprefix((one, other)))


def _lines(
    value: object, place: str, indent: str, head: str, tail: str
) -> Iterator[tuple[str, str]]:
    if not isinstance(value, dict | list) or not value:
        yield f"{indent}{head}{json.dumps(value, ensure_ascii=False)}{tail}", place
        return
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    yield f"{indent}{head}{opening}", place
    items = list(_items(value, place))
    for index, (name, item, item_place) in enumerate(items):
        comma = "," if index < len(items) - 1 else ""
        yield from _lines(item, item_place, indent + "  ", name, comma)
    yield f"{indent}{closing}{tail}", place


def _items(value: dict | list, place: str) -> Iterator[tuple[str, object, str]]:
    if isinstance(value, dict):
        for name, item in value.items():
            yield f"{json.dumps(name, ensure_ascii=False)}: ", item, address.member(place, name)
        return
    for index, item in enumerate(value):
        yield "", item, address.item(place, address.name_of(item, index))
