"""What the composer shows of a draft: its cards, outline, problems and words, ready for the
templates."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import NamedTuple

from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext as _t

from journeys import blocks, checks
from journeys.blocks import type_of
from journeys.checks import Accepted, Rules
from journeys.drawing.card import WEIGHT as CARD
from journeys.drawing.card import Card, card_id, card_of
from journeys.limiting import LARGE
from journeys.models import Journey, Revision
from journeys.models.revision import sha256_of, weighed
from journeys.screens.size import MOST_ROWS, ROWS_OF_A_PAGE, Part, ProblemPart, part_of, too_large
from journeys.spec import document as doc
from journeys.spec import graph
from journeys.spec.cache import MISSING, Store, kept, texts_weight
from journeys.spec.outline import OutlineRow, outline
from journeys.spec.problem import Problem

PROBLEM, ROW = 250, 150  # bytes in memory, besides long texts


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the outline: `card` for steps, else `text`; `after`/`outcome` name the gap just
    above the row.

    A branch and what stands at the end of a path have no gap always, but are named by the step and
    the outcome, too.
    """

    kind: str
    depth: int
    card: Card | None = None
    text: str = ""
    key: str = ""
    has_gap: bool = False
    after: str = ""
    outcome: str = ""
    is_split: bool = False

    @property
    def id(self) -> str:
        return (
            self.card.id
            if self.card
            else card_id(self.kind, json.dumps([self.after, self.outcome, *self._told_by]))
        )

    @property
    def _told_by(self) -> list[str]:
        """What tells it from the row of another path, where none of them has a key."""
        return [] if self.outcome or not self.after else [self.text]

    @property
    def level(self) -> int:
        """Its depth in the tree, from 1: the paths stand below their split, their steps below
        them."""
        return 2 * self.depth + (self.kind != "branch")


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem as it is listed: what its repair will do, or who accepted it.

    A repair is offered only where it changes something, for which it is tried on the whole
    document: so it is told for what is shown alone.
    """

    problem: Problem
    fix_of: Callable[[Problem], str] | None = None
    accepted: Accepted | None = None
    alike: int = 0  # how many of its kind one click repairs; 0 where that is not offered with it

    @property
    def fix(self) -> str:
        return self.fix_of(self.problem) if self.fix_of else ""

    @property
    def id(self) -> str:
        return card_id(
            "problem", json.dumps([self.problem.id, str(self.problem.address), self.problem.text])
        )

    @property
    def standing(self) -> str:
        """ "blocking", "advice" or "accepted"."""
        return "accepted" if self.accepted else self.problem.severity


class Draft:
    """One revision of a journey, looked at once. `problems` are the open ones, `accepted` are let
    stand by somebody."""

    @classmethod
    def shown(cls, journey: Journey) -> "Draft | None":
        """The newest revision as pages show it, for what the next answer is compared with. None
        where it is large and not known any more: to work it out again takes longer than to send
        everything."""
        key = contents_key(journey, journey.head)
        return (
            cls(journey, journey.head, key)
            if journey.head.size < LARGE or _contents.has(*key)
            else None
        )

    def __init__(self, journey: Journey, revision: Revision, key: tuple | None = None) -> None:
        self.journey = journey
        self.revision = revision
        self._key = key or contents_key(journey, revision)
        contents = _contents(*self._key)
        self.document, self.cards = contents.document, contents.cards
        self.problems, self.accepted = contents.problems, contents.accepted
        self._titles: dict[str, list[str]] = {}

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
    def rows(self) -> tuple[Row, ...]:
        """They are kept like the contents: the next answer compares its own with them."""
        rows = _rows.get(self._key)
        if rows is MISSING:
            rows = tuple(self._row(row) for row in outline(self.document))
            _rows.put(self._key, rows, ROW * len(rows) + len(self._key[0]))
        return rows

    @cached_property
    def items(self) -> list[Row]:
        """Everything in the list: its rows, and the blocks that are no steps."""
        return [*(Row("step", 0, card, key=card.key) for card in self.slots), *self.rows]

    @cached_property
    def too_large(self) -> str:
        """Why it is not drawn, in a sentence; "" when it is."""
        return too_large(self.document)

    def row_part(self, first: int = 0, key: str = "") -> Part:
        """The rows of the list that stand on one page: from `first` on, or those around the step
        `key`."""
        places = (
            index for index, row in enumerate(self.rows) if row.kind == "step" and row.key == key
        )
        most = MOST_ROWS if len(self.rows) <= MOST_ROWS else ROWS_OF_A_PAGE
        return part_of(self.rows, most, first, next(places, None) if key else None)

    @property
    def shape(self) -> list[Row | str]:
        """What the list looks like apart from what stands on its cards."""
        return [*(card.id for card in self.slots), *(replace(row, card=None) for row in self.rows)]

    @property
    def blocking(self) -> list[Problem]:
        return [problem for problem in self.problems if problem.blocks]

    @property
    def advice(self) -> list[Problem]:
        return [problem for problem in self.problems if not problem.blocks]

    @cached_property
    def _listed(self) -> list[tuple[Problem, Accepted | None]]:
        """As lists show them: all that blocks comes first, then in the order of the journey; what
        was accepted comes last at each block."""
        order = {place: index for index, place in enumerate(self.cards)}

        def place(pair: tuple[Problem, Accepted | None]) -> tuple[bool, int, bool]:
            problem, accepted = pair
            stops = problem.blocks and not accepted
            return not stops, order.get(problem.address.block, -1), accepted is not None

        return sorted(self._blocking_first(self.problems, self.accepted), key=place)

    def listed_problems(
        self, asked: ProblemPart
    ) -> tuple[Part, list[tuple[Card | None, list[Finding]]]]:
        """The part of the problems that a list shows, and its groups by block: a block of which one
        blocks and another advises has two. With the first of a kind all of that kind can be
        repaired."""
        part = asked.of(self._listed)
        grouped: dict[tuple, tuple[Card | None, list[Finding]]] = {}
        kinds: set[tuple[str, str]] = set()
        for problem, accepted in part.items:
            finding = self._finding(problem, accepted)
            if not accepted and (problem.id, problem.repair) not in kinds:
                kinds.add((problem.id, problem.repair))
                finding = replace(finding, alike=self._alike(problem))
            place = problem.address.block
            stops = problem.blocks and not accepted
            grouped.setdefault((stops, place), (self.cards.get(place), []))[1].append(finding)
        return part, list(grouped.values())

    def of_kind(self, problem: Problem) -> list[Problem]:
        """The open problems of the same kind that the same repair is for; none where each asks for
        a look of its own."""
        if not problem.repair or problem.repair in checks.LEFT_TO_PEOPLE:
            return []
        kind = problem.id, problem.repair
        return [one for one in self.problems if (one.id, one.repair) == kind]

    def _alike(self, problem: Problem) -> int:
        """How many of its kind can be repaired at once; 0 where it is the only one."""
        kind = self.of_kind(problem)
        if len(kind) < 2:
            return 0
        key = sha256_of(self._key[0]), "all", problem.id, problem.repair
        count = _fixes.get(key)
        if count is MISSING:
            _document, count = checks.repaired_at_once(self.document, kind)
            _fixes.put(key, count, PROBLEM)
        return count if count > 1 else 0

    def problems_shown(self, asked: ProblemPart) -> tuple:
        """What the list of problems shows: equal to another draft's when both lists look the same.

        While a block is the same, so is what its repair will do: it is not worked out anew, because
        to try all repairs takes longer than all the rest of a save.
        """
        listed = [*self.problems, *(problem for problem, _accepted in self.accepted)]
        cards = [self.cards.get(problem.address.block) for problem in listed]
        repaired = {problem.address.block for problem in self.problems if problem.repair}
        all_blocks = (
            ((kind, str(block.get("key"))), block) for kind, block in doc.blocks(self.document)
        )
        blocks_repaired = [
            block for place, block in all_blocks if place in repaired and place in self.cards
        ]
        others = []
        if None in cards:  # to group them all takes longer than to compare them
            _part, groups = self.listed_problems(asked)
            others = [
                finding.fix for card, findings in groups if card is None for finding in findings
            ]
        return self.problems, self.accepted, cards, blocks_repaired, others

    def findings_at(self, kind: str, key: str) -> list[Finding]:
        problems = [one for one in self.problems if one.address.block == (kind, key)]
        accepted = [one for one in self.accepted if one[0].address.block == (kind, key)]
        return [self._finding(*pair) for pair in self._blocking_first(problems, accepted)]

    def _blocking_first(
        self, problems: Iterable[Problem], accepted: Iterable[tuple[Problem, Accepted]]
    ) -> list[tuple[Problem, Accepted | None]]:
        still_open = sorted(problems, key=lambda problem: not problem.blocks)
        return [*((problem, None) for problem in still_open), *accepted]

    def _finding(self, problem: Problem, accepted: Accepted | None) -> Finding:
        return Finding(problem, None if accepted else self._fix, accepted)

    def _fix(self, problem: Problem) -> str:
        """What the problem's repair will do, in words; "" when there is none, or it would change
        nothing.

        A repair is tried on the whole document to tell it, so the words are kept.
        """
        if not problem.repair:
            return ""
        key = sha256_of(self._key[0]), get_language(), problem
        fix = _fixes.get(key)
        if fix is MISSING:
            fix = self._fixes(problem)
            _fixes.put(key, fix, PROBLEM + texts_weight(fix))
        return fix

    @cached_property
    def _fixes(self) -> Callable[[Problem], str]:
        return checks.fixes(self.document)

    @property
    def locked_reason(self) -> str:
        """Why blocks can be edited as JSON only; "" when they have forms."""
        return (
            _t("Spec version 0.5: blocks are edited as JSON.")
            if doc.is_version_0_5(self.document)
            else ""
        )

    def _row(self, row: OutlineRow) -> Row:
        after, outcome = row.gap or (row.key, row.outcome_key)
        named = {"key": row.key, "has_gap": row.gap is not None, "after": after, "outcome": outcome}
        if row.kind == "step":
            is_split = len(graph.outcomes(self.steps[row.key])) > 1
            return Row(
                "step", row.depth, self.cards["activity", row.key], is_split=is_split, **named
            )
        return Row(row.kind, row.depth, text=self._row_text(row), **named)

    @cached_property
    def steps(self) -> dict[str, dict]:
        return graph.steps(self.document)

    def _path_titles(self, key: str) -> list[str]:
        """What stands on the paths of a step."""
        if key not in self._titles:
            self._titles[key] = blocks.path_titles(self.steps[key])
        return self._titles[key]

    def _row_text(self, row: OutlineRow) -> str:
        if row.kind == "branch":
            return self._path_titles(row.key)[row.path]
        if row.kind == "join":
            return _t("Goes on with: %s") % self.cards["activity", row.key].sentence
        if row.kind == "dangling":
            return _t("Leads to “%s”, which is not in this journey") % row.key
        if row.kind == "loose":
            return _t("Not reached by any path")
        return _t("End of this path") if row.depth else _t("End of the journey")


def contents_key(journey: Journey, revision: Revision) -> tuple:
    return bytes(revision.packed), get_language(), journey.tenant.rules(), journey.accepted()


class Contents(NamedTuple):
    """What all share who look at the same bytes in the same language. Nothing of it may be changed,
    which only the document, that it shares with its revision, cannot enforce."""

    document: dict
    problems: tuple[Problem, ...]  # the open ones
    accepted: tuple[tuple[Problem, Accepted], ...]
    cards: Mapping[tuple[str, str], Card]  # by kind and key
    weight: int


_rows = Store(f"{__name__}.rows", 8 * 1024 * 1024)
_fixes = Store(f"{__name__}.fixes", 2 * 1024 * 1024)


@kept(42, lambda contents, packed, *_rest: contents.weight + len(packed))
def _contents(
    packed: bytes, language: str, rules: Rules | None, accepted: tuple[Accepted, ...]
) -> Contents:
    """What one answer showed is what the next one is compared with."""
    document, weight, _sha256 = weighed(packed)
    problems, settled = checks.sort_out(document, checks.check(document, rules), accepted)
    counts = Counter(
        (problem.address.kind, problem.address.key, problem.blocks) for problem in problems
    )
    is_0_5 = doc.is_version_0_5(document)
    cards = {}
    for kind, block in doc.blocks(document):
        read = type_of(block, kind).as_read(block, document) if kind == "trigger" else block
        card = card_of(kind, doc.dumps(read), is_0_5, language)
        blocking, advice = counts[kind, card.key, True], counts[kind, card.key, False]
        cards[kind, card.key] = (
            replace(card, blocking=blocking, advice=advice) if blocking or advice else card
        )
    weight += CARD * len(cards) + PROBLEM * (len(problems) + len(settled))
    return Contents(document, tuple(problems), tuple(settled), MappingProxyType(cards), weight)
