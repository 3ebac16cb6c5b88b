"""Objects that some answers of the API give as a text of JSON: opened for the form, and written
back as a text.

An object that was not changed keeps its text to the byte.
"""

import json

from journeys.blocks.places import MISSING, bind, read, write
from journeys.spec.document import DocumentError, dumps, loads_value


def opened(block: dict, places: tuple[str, ...]) -> dict:
    """The block with the objects themselves in place of their texts; an empty text stands for an
    empty object."""
    for place in places:
        text = read(block, bind(place))
        value = _value(text) if isinstance(text, str) else None
        if value is not None:
            block = write(block, bind(place), value)
    return block


def closed(block: dict, before: dict, places: tuple[str, ...]) -> dict:
    """The block with texts again where `before` had texts."""
    for place in places:
        path = bind(place)
        value, text = read(block, path), read(before, path)
        if not isinstance(text, str) or isinstance(value, str) or value is MISSING:
            continue
        was = _value(text)
        same = was is not None and dumps(was) == dumps(value)
        block = write(
            block,
            path,
            text if same else json.dumps(value, ensure_ascii=False, separators=(",", ":")),
        )
    return block


def _value(text: str) -> dict | None:
    if not text.strip():
        return {}
    try:
        value = loads_value(text)
    except DocumentError:
        return None
    return value if isinstance(value, dict) else None
