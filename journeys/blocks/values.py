"""What a value in a block stands for."""

from journeys.blocks.fields import WHOLE
from journeys.blocks.places import get

MOST_COUNTED = 10**15


def whole(value: object) -> int | None:
    """The whole number that a value stands for; numeric strings count, as in real journeys."""
    if isinstance(value, str) and WHOLE.fullmatch(value):
        return int(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def counted(value: object) -> int | None:
    """The same, no further from 0 than can be calculated with: a file may hold 400 digits, of which
    Python makes no float."""
    number = whole(value)
    return None if number is None else max(-MOST_COUNTED, min(number, MOST_COUNTED))


def reference(block: dict, place: str, word: str) -> bool:
    """Whether a deployment tool left a reference there in place of an id: "r__asset_key"
    (Accenture/sfmc-devtools)."""
    members = get(block, place)
    return isinstance(members, dict) and any(
        name.startswith("r__") and word in name for name in members
    )
