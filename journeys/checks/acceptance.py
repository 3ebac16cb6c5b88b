"""Problems that somebody with the right has accepted, with a reason.

An acceptance holds for one problem at one place as it was then: it falls when the block there changes (for a problem
of the journey itself: the member that the problem names), and when advice becomes blocking.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from journeys.spec.document import block_list, dumps, sha256
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
    if place.kind != "journey":
        found = [block for block in block_list(document, place.kind) if block.get("key") == place.key]
        return sha256(dumps(found))
    name = place.field.partition(".")[0].partition("[")[0]
    return sha256(dumps(document.get(name) if name else document))


def sort_out(
    document: dict, problems: list[Problem], accepted: Iterable[Accepted]
) -> tuple[list[Problem], list[tuple[Problem, Accepted]]]:
    """The open problems, and the accepted ones with who accepted them."""
    known = {one.of: one for one in accepted}
    still_open, settled = [], []
    for problem in problems:
        one = known.get((problem.id, problem.severity, problem.place))
        if one is not None and one.sha256 == fingerprint(document, problem.place):
            settled.append((problem, one))
        else:
            still_open.append(problem)
    return still_open, settled
