"""How much of a journey is shown at once: what a browser draws well, and what of a longer list
stands on one page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext as _t

from journeys.screens.numbers import asked_number
from journeys.spec import graph

MOST_DRAWN = (
    1500  # steps and their paths, some 10,000 nodes: more cannot be moved and zoomed smoothly
)
MOST_ROWS = 800  # of a list that is shown whole
ROWS_OF_A_PAGE = (
    200  # of one that is not: what is waited for until the page can be used is drawing its rows
)
MOST_AT_ONCE = (
    80  # problems, until somebody asks for the rest: each is half a dozen nodes of the page
)
MOST_PROBLEMS = 400  # when somebody did
MOST_TEXT = 2_000_000  # characters of a document beside other things on a page
MOST_OFFERED = 400  # places in a menu
MOST_PRINTED = 500  # blocks on one page of print


def too_large(document: dict) -> str:
    """Why the journey is not drawn, in a sentence; "" when it is."""
    steps = graph.steps(document).values()
    if len(steps) + sum(len(graph.outcomes(step)) for step in steps) <= MOST_DRAWN:
        return ""
    count = number_format(len(steps), use_l10n=True, force_grouping=True)
    return _t("With %s steps, this journey is larger than can be drawn well.") % count


def short(text: str) -> str:
    """The text of a document where it has room on a page, else ""."""
    return text if len(text) <= MOST_TEXT else ""


@dataclass(frozen=True)
class Part:
    """A page of something long: `items` from `first` on, of `count`. The others are where the pages
    beside it begin."""

    items: Sequence
    first: int
    count: int
    most: int

    @property
    def end(self) -> int:
        return self.first + len(self.items)

    @property
    def is_whole(self) -> bool:
        return len(self.items) == self.count

    @property
    def earlier(self) -> int | None:
        return max(0, self.first - self.most) if self.first else None

    @property
    def later(self) -> int | None:
        return self.end if self.end < self.count else None

    @property
    def last(self) -> int:
        return max(0, self.count - 1) // self.most * self.most


def part_of(items: Sequence, most: int, first: int, wanted: int | None = None) -> Part:
    """The page that begins at `first`, unless the item number `wanted` stands on another one."""
    first = min(first, max(0, len(items) - 1) // most * most)
    if wanted is not None and not first <= wanted < first + most:
        first = wanted // most * most
    return Part(items[first : first + most], first, len(items), most)


@dataclass(frozen=True)
class ProblemPart:
    """Which of the problems the drawer shows: some of the first or, once somebody asked for more, a
    page of them."""

    first: int = 0
    most: int = MOST_AT_ONCE

    @classmethod
    def asked(cls, data: Mapping[str, str]) -> "ProblemPart":
        first = asked_number(data, "problems_from")
        return cls() if first is None else cls(first, MOST_PROBLEMS)

    @property
    def is_asked(self) -> bool:
        return self != ProblemPart()

    def of(self, findings: Sequence) -> Part:
        return part_of(findings, self.most, self.first)
