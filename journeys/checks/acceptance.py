"""Problems that somebody with the right has accepted, with a reason.

An acceptance holds for one problem at one place as it was then: it falls when the block there
changes (for a problem of the journey itself: the member that the problem names), and when advice
becomes blocking.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from journeys.spec.document import blocks, dumps, sha256
from journeys.spec.problem import Place, Problem


@dataclass(frozen=True)
class Accepted:
    """`sha256` is the fingerprint of what stood at the place; `pk` names the row."""

    problem: str
    severity: str
    place: Place
    sha256: str
    reason: str
    by: str
    at: datetime | None = None
    pk: int = 0

    @property
    def of(self) -> tuple[str, str, Place]:
        return self.problem, self.severity, self.place


def fingerprint(document: dict, place: Place) -> str:
    return fingerprints(document)(place)


def fingerprints(document: dict) -> Callable[[Place], str]:
    """The same for many places of one document."""
    found: dict[tuple[str, str], list[dict]] = {}
    for kind, block in blocks(document):
        if isinstance(key := block.get("key"), str):
            found.setdefault((kind, key), []).append(block)

    @cache
    def of_block(kind: str, key: str) -> str:
        return sha256(dumps(found.get((kind, key), [])))

    @cache
    def of_member(name: str) -> str:
        return sha256(dumps(document.get(name) if name else document))

    def of_place(place: Place) -> str:
        if place.kind != "journey":
            return of_block(place.kind, place.key)
        return of_member(place.field.partition(".")[0].partition("[")[0])

    return of_place


def sort_out(
    document: dict, problems: list[Problem], accepted: Iterable[Accepted]
) -> tuple[list[Problem], list[tuple[Problem, Accepted]]]:
    """The open problems, and the accepted ones with who accepted them."""
    known = {one.of: one for one in accepted}
    still_open, settled, now = [], [], fingerprints(document) if known else None
    for problem in problems:
        one = known.get((problem.id, problem.severity, problem.place))
        if one is not None and one.sha256 == now(problem.place):
            settled.append((problem, one))
        else:
            still_open.append(problem)
    return still_open, settled
