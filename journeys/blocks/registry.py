"""Which type a block is of, by its name alone.

The package fills it from its palette when it is imported, so types can ask it about the steps
around theirs. It knows nothing of variants: the waits share one type, and what is asked here is the
same for all of them. Which form opens a block is for `journeys.blocks.lens`.
"""

from typing import TYPE_CHECKING

from journeys.blocks.places import text

if TYPE_CHECKING:
    from journeys.blocks.base import Block

Name = tuple[str, str]  # kind, and the type in capitals
BY_TYPE: dict[Name, list[type["Block"]]] = {}  # of types with a form
CARDS: dict[Name, type["Block"]] = {}  # of types that are known, but have none
UNKNOWN: dict[str, type["Block"]] = {}  # by kind


def type_name(block: dict, kind: str) -> Name:
    """Types are read without regard to case, as the server reads them."""
    return kind, text(block, "type").strip().upper()


def type_of(block: dict, kind: str = "activity") -> type["Block"]:
    name = type_name(block, kind)
    if name in BY_TYPE:
        return BY_TYPE[name][0]
    return CARDS.get(name) or UNKNOWN[kind]


def waits(step: dict) -> bool:
    """Whether contacts wait in the step."""
    return type_of(step).waits(step)


def always_gives(step: dict) -> tuple[str, ...]:
    """The names of what every step of its type gives to later ones."""
    return type_of(step).gives
