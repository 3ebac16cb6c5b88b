"""What is wrong with the path, kept while its skeleton is the same.

Most saves change what a step says, not where it leads. A rule on the path is asked with the
skeleton in place of the journey: a document that has of each step its key, its type, where its
outcomes lead and what they are called, of a short wait all, and of the journey what says how paths
end. So it can look at nothing else, and what it finds follows from the skeleton and the reader's
language.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.translation import get_language

from journeys.blocks import path_names, type_of
from journeys.blocks.places import get
from journeys.checks.flow import NAME, SHORT_MINUTES
from journeys.spec import graph
from journeys.spec.cache import MISSING, Store
from journeys.spec.document import block_list, parse, written
from journeys.spec.problem import Problem

OF_OUTCOME = ("key", "next")


@dataclass(frozen=True, eq=False)
class OfPath:
    """A rule on the path, which is shown nothing of the journey but its skeleton."""

    find: Callable[[dict], Iterable[Problem]]


class Skeleton(NamedTuple):
    """As texts, which compare and hash quickly."""

    head: str
    bones: tuple[str, ...]


Problems = dict[OfPath, tuple[Problem, ...]]
KEPT = Store("journeys.checks.by_skeleton", 6 * 1024 * 1024)


def of_paths(skeleton: Skeleton, rules: tuple[OfPath, ...]) -> Problems:
    """What these rules find, by rule. It is kept, and shared: nobody may change it."""
    key = (skeleton, get_language() or "", rules)
    kept = KEPT.get(key)
    if kept is MISSING:
        document = _document(skeleton)
        kept = {rule: tuple(rule.find(document)) for rule in rules}
        KEPT.put(key, kept, _weight(skeleton, kept))
    return kept


def bone(step: dict) -> str:
    """What the skeleton has of a step: of a short wait all, for much of it tells its length."""
    wait = type_of(step).wait(step)
    ways = graph.outcomes(step)
    if wait and wait.minutes is not None and wait.minutes <= SHORT_MINUTES:
        return written({**step, "outcomes": _named(step, ways)} if len(ways) > 1 else step)
    members = {name: step[name] for name in ("key", "type") if name in step}
    led = [{name: way[name] for name in OF_OUTCOME if name in way} for way in ways]
    return written({**members, "outcomes": _named(step, led)})


def _named(step: dict, ways: list[dict]) -> list[dict]:
    """The ways out of a split with what messages call them."""
    if len(ways) < 2:
        return ways
    return [{**way, NAME: name} for way, name in zip(ways, path_names(step), strict=True)]


def head(document: dict) -> str:
    """What the skeleton has of the journey around its steps."""
    members = {
        "definitionType": document.get("definitionType"),
        "goals": [{}] if block_list(document, "goal") else [],
        "metaData": {"disableEndWait": get(document, "metaData.disableEndWait") is True},
    }
    return written(members)


def _document(skeleton: Skeleton) -> dict:
    steps = [parse(text.encode()) for text in skeleton.bones]
    return parse(skeleton.head.encode()) | {"activities": steps}


def _weight(skeleton: Skeleton, kept: Problems) -> int:
    """Bytes, on the safe side; a letter takes up to four."""
    letters = len(skeleton.head) + sum(map(len, skeleton.bones))
    problems = sum(map(len, kept.values()))
    return 1000 + 100 * len(skeleton.bones) + 4 * letters + 1000 * problems
