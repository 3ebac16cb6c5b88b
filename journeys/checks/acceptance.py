"""Problems that somebody with the right has accepted, with a reason.

An acceptance holds for one problem at one place as it was then: it falls when the block there
changes (for a problem of the journey itself: the member that the problem names), and when advice
becomes blocking.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from journeys.spec.address import Address, first_member
from journeys.spec.document import blocks, dumps, sha256
from journeys.spec.problem import Problem


@dataclass(frozen=True)
class Accepted:
    """`sha256` is the fingerprint of what stood at the address; `pk` names the row."""

    problem: str
    severity: str
    address: Address
    sha256: str
    reason: str
    by: str
    at: datetime | None = None
    pk: int = 0

    @property
    def of(self) -> tuple[str, str, Address]:
        return self.problem, self.severity, self.address


def fingerprint(document: dict, where: Address) -> str:
    return fingerprints(document)(where)


def fingerprints(document: dict) -> Callable[[Address], str]:
    """The same for many addresses in one document."""
    by_key: dict[tuple[str, str], list[dict]] = {}
    for kind, block in blocks(document):
        if isinstance(key := block.get("key"), str):
            by_key.setdefault((kind, key), []).append(block)

    @cache
    def of_block(kind: str, key: str) -> str:
        return sha256(dumps(by_key.get((kind, key), [])))

    @cache
    def of_member(name: str) -> str:
        return sha256(dumps(document.get(name) if name else document))

    def of_address(where: Address) -> str:
        if where.kind != "journey":
            return of_block(*where.block)
        return of_member(first_member(where.inside))

    return of_address


def sort_out(
    document: dict, problems: list[Problem], accepted: Iterable[Accepted]
) -> tuple[list[Problem], list[tuple[Problem, Accepted]]]:
    """The open problems, and the accepted ones with who accepted them."""
    known = {one.of: one for one in accepted}
    still_open, settled, now = [], [], fingerprints(document) if known else None
    for problem in problems:
        one = known.get((problem.id, problem.severity, problem.address))
        if one is not None and one.sha256 == now(problem.address):
            settled.append((problem, one))
        else:
            still_open.append(problem)
    return still_open, settled
