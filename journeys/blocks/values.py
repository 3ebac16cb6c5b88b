"""What a value in a block stands for."""

from journeys.blocks.fields import WHOLE
from journeys.blocks.places import get


def whole(value: object) -> int | None:
    """The whole number that a value stands for; numeric strings count, as in real journeys."""
    if isinstance(value, str) and WHOLE.fullmatch(value):
        return int(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def reference(block: dict, place: str, word: str) -> bool:
    """Whether a deployment tool left a reference there in place of an id: "r__asset_key"
    (Accenture/sfmc-devtools)."""
    found = get(block, place)
    return isinstance(found, dict) and any(
        name.startswith("r__") and word in name for name in found
    )
