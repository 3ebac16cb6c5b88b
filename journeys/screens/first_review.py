"""Everything that would be sent, for the first review of a journey: block by block in its order,
settings in words."""

from dataclasses import dataclass

from django.core.paginator import Paginator

from journeys.blocks.settings_text import Setting, settings_of
from journeys.screens.changes import PAGE, cut
from journeys.screens.draft import Draft
from journeys.views.printing import Written, on_paper, without_lists, written


@dataclass(frozen=True)
class New:
    """A block as a reviewer reads it: in words, and as JSON, which holds what no form knows."""

    block: Written
    json: str


def all_of_it(draft: Draft, number: str | None) -> dict:
    """A page of its blocks; with the first one the journey's own settings."""
    page = Paginator(written(draft), PAGE).get_page(number)
    return {
        "first": page,
        "first_pages": list(page.paginator.get_elided_page_range(page.number)),
        "first_general": general(draft) if page.number == 1 else [],
        "first_blocks": [New(on_paper(draft, *told), cut(None, told[2])[1]) for told in page],
    }


def general(draft: Draft) -> list[tuple[str, list[Setting]]]:
    return settings_of(without_lists(draft.document), "journey", draft.document) or []
