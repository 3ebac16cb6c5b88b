"""Blocks as one reads them: every setting in words, in the order of the journey; on paper and for a
first review."""

from dataclasses import dataclass

from journeys.blocks.settings_text import Setting, settings_of
from journeys.drawing.card import Card
from journeys.screens import paths
from journeys.screens.draft import Draft
from journeys.spec import document as doc


@dataclass(frozen=True)
class BlockSummary:
    """`settings` is None, and `text` the block's JSON, where its type has no form."""

    number: int
    card: Card
    settings: list[tuple[str, list[Setting]]] | None
    text: str
    ways: list[paths.Path]


def numbered_blocks(draft: Draft) -> list[tuple[int, Card, dict]]:
    """Entry sources, the steps in the order of the list, goal and exits: number, card and block."""
    by_place = {(kind, str(block.get("key"))): block for kind, block in doc.blocks(draft.document)}
    steps = [row.card for row in draft.rows if row.kind == "step"]
    cards = [*draft.entry, *steps, *draft.goals]
    return [(index, card, by_place[card.kind, card.key]) for index, card in enumerate(cards, 1)]


def summary_of(draft: Draft, number: int, card: Card, block: dict) -> BlockSummary:
    settings = settings_of(block, card.kind, draft.document)
    ways = (
        paths.of_step(draft, card.key)["list"]
        if card.kind == "activity"
        else paths.of_entry(draft, card.kind)
    )
    text = "" if settings is not None else doc.pretty(block).rstrip("\n")
    return BlockSummary(number, card, settings, text, ways)


def general_settings(draft: Draft) -> list[tuple[str, list[Setting]]]:
    """The journey's own settings."""
    own = {name: value for name, value in draft.document.items() if name not in doc.LISTS}
    return settings_of(own, "journey", draft.document) or []
