"""What the block types find in their blocks, kept from one revision to the next.

Most blocks stay as they are when a journey is saved. What a type finds in a block alone follows
from the block's bytes, the facts of the journey and the reader's language, so it is worked out once
for those. Where a step stands is the whole journey's business and asked each time, of the types
that care.
"""

from typing import NamedTuple

from django.utils.translation import get_language

from journeys.blocks import lens
from journeys.blocks.base import Block
from journeys.blocks.facts import Facts, facts_of
from journeys.blocks.places import text
from journeys.spec.document import blocks, dumps
from journeys.spec.graph import Walk
from journeys.spec.kept import MISSING, Store
from journeys.spec.problem import Problem


class OfBlock(NamedTuple):
    """Shared by all who ask for the same block."""

    problems: tuple[Problem, ...]
    lens: type[Block]


KEPT = Store("journeys.checks.by_block", 16 * 1024 * 1024)
ANYWHERE = Block.flow_problems.__func__  # of types that may stand anywhere


def block_problems(document: dict) -> list[Problem]:
    """What the blocks' types find in them and in where they stand, in the order of the blocks."""
    found: list[Problem] = []
    facts, walk, language = facts_of(document), Walk(document), get_language() or ""
    for kind, block in blocks(document):
        own = _of_block(kind, block, facts, language)
        found += own.problems
        stands_anywhere = own.lens.flow_problems.__func__ is ANYWHERE
        if not stands_anywhere and walk.steps.get(text(block, "key")) is block:
            found += own.lens.flow_problems(block, walk)
    return found


def forget() -> None:
    KEPT.clear()


def _of_block(kind: str, block: dict, facts: Facts, language: str) -> OfBlock:
    data = dumps(block)
    key = (kind, data, facts, language)
    found = KEPT.get(key)
    if found is MISSING:
        opened = lens(block, kind)
        problems = (*opened.problems(block, facts), *opened.outcome_problems(block))
        found = OfBlock(problems, opened)
        KEPT.put(key, found, 1500 + 2 * len(data))
    return found
