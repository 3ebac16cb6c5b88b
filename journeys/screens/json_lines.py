"""JSON as lines that know their place, so that the field with the cursor can light its own."""

import json
from collections.abc import Iterator

from journeys.spec import address


def json_lines(value: object) -> list[tuple[str, str]]:
    """(line, dotted place) for each line of the pretty-printed value; items of lists are named by
    their own key."""
    return list(_lines(value, "", "", "", ""))


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
