"""Everything that would be sent, for the first review of a journey: block by block in its order,
settings in words."""

from dataclasses import dataclass

from django.core.paginator import Paginator

from journeys.screens.block_summary import (
    BlockSummary,
    general_settings,
    numbered_blocks,
    summary_of,
)
from journeys.screens.changes import PAGE, cut
from journeys.screens.draft import Draft


@dataclass(frozen=True)
class NewBlock:
    """A block as a reviewer reads it: in words, and as JSON, which holds what no form knows."""

    block: BlockSummary
    json: str


def whole_journey(draft: Draft, number: str | None) -> dict:
    """A page of its blocks; with the first one the journey's own settings."""
    page = Paginator(numbered_blocks(draft), PAGE).get_page(number)
    return {
        "first": page,
        "first_pages": list(page.paginator.get_elided_page_range(page.number)),
        "first_general": general_settings(draft) if page.number == 1 else [],
        "first_blocks": [
            NewBlock(summary_of(draft, index, card, block), cut(None, block)[1])
            for index, card, block in page
        ],
    }
