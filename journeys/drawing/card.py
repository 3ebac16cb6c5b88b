"""A block as it stands in lists and pictures: a sentence, an icon, how many problems it has."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from journeys import blocks
from journeys.spec import document as doc
from journeys.spec.cache import kept
from journeys.spec.timing import Length

WEIGHT = 500  # bytes in memory, besides long texts


@dataclass(frozen=True, slots=True)
class Card:
    """Two equal cards look the same."""

    id: str
    kind: str
    key: str
    sentence: str
    label: str
    icon: str
    family: str
    editable: bool
    lasts: Length = (0, 0)
    lasts_by_way: tuple[Length, ...] = ()
    blocking: int = 0
    advice: int = 0


Cards = Mapping[tuple[str, str], Card]  # by kind and key


@kept(8, lambda card, _kind, data, *_rest: WEIGHT + len(data) + 4 * len(card.sentence))
def card_of(kind: str, data: bytes, is_version_0_5: bool, language: str) -> Card:
    """A block's card without its problems. Most blocks are the same from one revision to the
    next."""
    block = doc.parse(data)
    lens = blocks.lens(block, kind, {"workflowApiVersion": 0.5} if is_version_0_5 else None)
    key = str(block.get("key"))
    return Card(
        id=card_id(kind, key),
        kind=kind,
        key=key,
        sentence=lens.sentence(block),
        label=str(lens.label),
        icon=lens.icon,
        family=lens.family,
        editable=lens.editable,
        lasts=lens.lasts(block),
        lasts_by_way=lens.lasts_by_way(block),
    )


def card_id(kind: str, key: str) -> str:
    """Keys may be any text; ids in HTML may not."""
    return f"card-{kind}-{hashlib.sha256(key.encode()).hexdigest()[:12]}"
