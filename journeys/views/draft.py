"""What the composer shows of a draft: its cards, outline, problems and words, ready for the templates."""

import hashlib
from collections import Counter
from dataclasses import dataclass, replace
from functools import lru_cache

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext as _t

from journeys import blocks, checks
from journeys.models import Journey, Revision
from journeys.spec import document as doc
from journeys.spec import graph
from journeys.spec.problem import Problem


@dataclass(frozen=True)
class Card:
    """A block as it stands in the list. Two equal cards look the same."""

    id: str
    kind: str
    key: str
    sentence: str
    label: str
    icon: str
    family: str
    editable: bool
    blocking: int = 0
    advice: int = 0


@dataclass(frozen=True)
class Row:
    """A row of the outline: `card` for steps, else `text`; `after`/`outcome` name the gap that the row offers."""

    kind: str
    depth: int
    card: Card | None = None
    text: str = ""
    key: str = ""
    has_gap: bool = False
    after: str = ""
    outcome: str = ""


class Draft:
    """One revision of a journey, looked at once."""

    def __init__(self, journey: Journey, revision: Revision) -> None:
        self.journey = journey
        self.revision = revision
        self.document, self.problems, self.cards = _contents(revision.body, get_language())

    @property
    def entry(self) -> list[Card]:
        return [card for card in self.cards.values() if card.kind == "trigger"]

    @property
    def goals(self) -> list[Card]:
        return [card for card in self.cards.values() if card.kind in ("goal", "exit")]

    @property
    def slots(self) -> list[Card]:
        return self.entry + self.goals

    @cached_property
    def rows(self) -> list[Row]:
        return [self._row(row) for row in graph.outline(self.document)]

    @property
    def shape(self) -> list[Row | str]:
        """What the list looks like apart from what stands on its cards."""
        return [*(card.id for card in self.slots), *(replace(row, card=None) for row in self.rows)]

    @property
    def blocking(self) -> list[Problem]:
        return [problem for problem in self.problems if problem.blocks]

    def problems_of(self, kind: str, key: str) -> list[Problem]:
        """Of one block, what blocks first."""
        found = [problem for problem in self.problems if (problem.place.kind, problem.place.key) == (kind, key)]
        return sorted(found, key=lambda problem: not problem.blocks)

    @property
    def advice(self) -> list[Problem]:
        return [problem for problem in self.problems if not problem.blocks]

    @property
    def grouped_problems(self) -> list[tuple[Card | None, list[Problem]]]:
        """By block, in the order of the journey; what blocks comes first in each."""
        groups: dict[tuple[str, str], list[Problem]] = {}
        for problem in sorted(self.problems, key=lambda problem: not problem.blocks):
            groups.setdefault((problem.place.kind, problem.place.key), []).append(problem)
        order = {place: index for index, place in enumerate(self.cards)}
        placed = sorted(groups.items(), key=lambda group: order.get(group[0], -1))
        return [(self.cards.get(place), problems) for place, problems in placed]

    @property
    def locked_reason(self) -> str:
        """Why blocks can be edited as JSON only; "" when they have forms."""
        return _t("Spec version 0.5: blocks are edited as JSON.") if doc.is_version_0_5(self.document) else ""

    def _row(self, row: graph.OutlineRow) -> Row:
        after, outcome = row.gap or ("", "")
        gap = {"has_gap": row.gap is not None, "after": after, "outcome": outcome}
        if row.kind == "step":
            return Row("step", row.depth, self.cards[("activity", row.key)], key=row.key, **gap)
        return Row(row.kind, row.depth, text=self._row_text(row), key=row.key, **gap)

    def _row_text(self, row: graph.OutlineRow) -> str:
        if row.kind == "branch":
            step = graph.steps(self.document)[row.key]
            outcome = graph.find_outcome(step, row.outcome_key)
            return blocks.outcome_label(step, outcome) if outcome else row.outcome_key
        if row.kind == "join":
            return _t("Goes on with: %s") % self.cards["activity", row.key].sentence
        if row.kind == "dangling":
            return _t("Leads to “%s”, which is not in this journey") % row.key
        if row.kind == "loose":
            return _t("Not reached by any path")
        return _t("End of this path") if row.depth else _t("End of the journey")


@lru_cache(maxsize=16)
def _contents(body: bytes, language: str) -> tuple[dict, list[Problem], dict[tuple[str, str], Card]]:
    """The document, its problems and its cards. What one answer showed is what the next one is compared with."""
    document = doc.parse(body)
    problems = checks.check(document)
    counts = Counter((problem.place.kind, problem.place.key, problem.blocks) for problem in problems)
    is_0_5 = doc.is_version_0_5(document)
    cards = {}
    for kind, block in doc.blocks(document):
        card = _card(kind, doc.dumps(block), is_0_5, language)
        blocking, advice = counts[kind, card.key, True], counts[kind, card.key, False]
        cards[kind, card.key] = replace(card, blocking=blocking, advice=advice) if blocking or advice else card
    return document, problems, cards


@lru_cache(maxsize=8192)
def _card(kind: str, data: bytes, is_version_0_5: bool, language: str) -> Card:
    """A block's card without its problems. Most blocks are the same from one revision to the next."""
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
    )


def card_id(kind: str, key: str) -> str:
    """Keys may be any text; ids in HTML may not."""
    return f"card-{kind}-{hashlib.sha256(key.encode()).hexdigest()[:12]}"


def visible_journey(request: HttpRequest, pk: int) -> Journey:
    journeys = Journey.objects.visible_to(request.user).select_related("head", "tenant", "owner", "head__author")
    return get_object_or_404(journeys, pk=pk)


def editable_journey(request: HttpRequest, pk: int) -> Journey:
    journeys = Journey.objects.editable_by(request.user).select_related("head", "tenant", "owner", "head__author")
    return get_object_or_404(journeys, pk=pk)
