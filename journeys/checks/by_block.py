"""What is wrong with blocks alone, kept from one revision to the next.

Most blocks stay as they are when a journey is saved. What rules and types find in a block alone
follows from the block's bytes, the facts of the journey and the reader's language, so it is worked
out once for those. Where a step stands is the whole journey's business and asked each time, of the
types that care.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.translation import get_language

from journeys.blocks import lens
from journeys.blocks.base import Block
from journeys.blocks.facts import Facts, facts_of
from journeys.blocks.odd_values import odd_values
from journeys.blocks.places import text
from journeys.checks.by_skeleton import Skeleton, bone, head
from journeys.spec.cache import MISSING, Store
from journeys.spec.document import blocks, dumps
from journeys.spec.graph import Walk
from journeys.spec.problem import Problem

Reading = tuple[str, dict, object]  # kind, block, and what a rule read in it


@dataclass(frozen=True, eq=False)
class EachBlock:
    """A rule on a block alone, whatever its type: it may look at nothing else."""

    find: Callable[[str, dict], Iterable[Problem]]  # kind, block -> what is wrong with it


@dataclass(frozen=True, eq=False)
class OverBlocks:
    """A rule that puts together what it reads in each block alone.

    What is read is a tuple, or something else that nobody can change. `find` gets it with the
    journey, of those blocks in which there is something.
    """

    read: Callable[[str, dict], object]  # kind, block
    find: Callable[[dict, list[Reading]], Iterable[Problem]]


Rule = EachBlock | OverBlocks


class Kept(NamedTuple):
    """Shared by all who ask about equal blocks."""

    kind: str
    lens: type[Block]
    of_type: tuple[Problem, ...]
    by_rule: tuple[tuple[EachBlock, tuple[Problem, ...]], ...]  # of rules that found something
    read: tuple[tuple[OverBlocks, object], ...]  # of rules that read something
    bone: str  # what the path's skeleton has of it; "" where it is no step


KEPT = Store("journeys.checks.by_block", 16 * 1024 * 1024)
ANYWHERE = Block.flow_problems.__func__  # of types that may stand anywhere


class OfBlocks:
    """What there is to say of the blocks of one document, in their order."""

    def __init__(self, document: dict, rules: tuple[Rule, ...]) -> None:
        self.document = document
        self.by_rule: dict[Rule, list[Problem]] = {rule: [] for rule in rules}
        facts, language = facts_of(document), get_language() or ""
        self._blocks = [
            (block, _kept(kind, block, facts, language, rules)) for kind, block in blocks(document)
        ]
        readings: dict[OverBlocks, list[Reading]] = {
            rule: [] for rule in rules if isinstance(rule, OverBlocks)
        }
        for block, kept in self._blocks:
            for rule, problems in kept.by_rule:
                self.by_rule[rule] += problems
            for rule, reading in kept.read:
                readings[rule].append((kept.kind, block, reading))
        for rule, of_rule in readings.items():
            self.by_rule[rule] += rule.find(document, of_rule)

    @property
    def skeleton(self) -> Skeleton:
        bones = tuple(kept.bone for _block, kept in self._blocks if kept.bone)
        return Skeleton(head(self.document), bones)

    def of_types(self) -> list[Problem]:
        """What the blocks' types find in them and in where they stand."""
        problems: list[Problem] = []
        walk = Walk(self.document)
        for block, kept in self._blocks:
            problems += kept.of_type
            stands_anywhere = kept.lens.flow_problems.__func__ is ANYWHERE
            if not stands_anywhere and walk.steps.get(text(block, "key")) is block:
                problems += kept.lens.flow_problems(block, walk)
        return problems


def _weight(data: bytes, kept: Kept) -> int:
    """Bytes, on the safe side; most blocks have no problem, and nothing is read in them."""
    count = len(kept.of_type) + sum(len(problems) for _rule, problems in kept.by_rule)
    read = sum(len(repr(reading)) for _rule, reading in kept.read)
    return 1000 + 2 * len(data) + 4 * len(kept.bone) + 1000 * count + 12 * read


def forget() -> None:
    KEPT.clear()


def _kept(kind: str, block: dict, facts: Facts, language: str, rules: tuple[Rule, ...]) -> Kept:
    data = dumps(block)
    key = (kind, data, facts, language, rules)
    kept = KEPT.get(key)
    if kept is MISSING:
        kept = _looked_at(kind, block, facts, rules)
        KEPT.put(key, kept, _weight(data, kept))
    return kept


def _looked_at(kind: str, block: dict, facts: Facts, rules: tuple[Rule, ...]) -> Kept:
    opened = lens(block, kind)
    of_type = [*opened.problems(block, facts), *opened.outcome_problems(block)]
    told = {problem.address for problem in of_type}
    of_type += [problem for problem in odd_values(opened, block) if problem.address not in told]
    by_rule = [(one, tuple(one.find(kind, block))) for one in rules if isinstance(one, EachBlock)]
    read = [(rule, rule.read(kind, block)) for rule in rules if isinstance(rule, OverBlocks)]
    return Kept(
        kind,
        opened,
        tuple(of_type),
        by_rule=tuple((rule, problems) for rule, problems in by_rule if problems),
        read=tuple((rule, reading) for rule, reading in read if reading),
        bone=bone(block) if kind == "activity" else "",
    )
