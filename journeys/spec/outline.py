"""The journey as an indented list: the order in which people read it."""

from collections import Counter
from dataclasses import dataclass

from journeys.spec.dominance import dominators
from journeys.spec.graph import (
    START,
    next_of,
    outcome_key,
    outcomes,
    reached,
    reverse_postorder,
    starts_in,
    steps,
)


@dataclass(frozen=True, slots=True)
class OutlineRow:
    """A row of the indented list.

    `kind`: "step"; "branch", the heading of a path of split `key`; "join", where a path goes on
    with `key`, which stands in another row; "end"; "dangling", where a path names `key`, which is
    no step; "loose", before steps that nothing leads to. `gap` is where a step can be added, just
    above the row.
    """

    kind: str
    key: str = ""
    depth: int = 0
    outcome_key: str = ""
    gap: tuple[str, str] | None = None
    path: int = 0  # of a branch: which of the split's paths it is


def outline(document: dict) -> list[OutlineRow]:
    """The journey as an indented list, each step once.

    A step that several paths lead to stands after them, at the depth of the split that they have in
    common.
    """
    return _Outline(document).rows()


class _Outline:
    def __init__(self, document: dict) -> None:
        named = steps(document).items()
        self.ways = {
            key: [(outcome_key(way), next_of(way)) for way in outcomes(step)] for key, step in named
        }
        self.following = {
            key: [t for _, t in ways if t in self.ways] for key, ways in self.ways.items()
        }
        self.count = Counter(target for targets in self.following.values() for target in targets)
        self.starts = starts_in(self.following)
        self.after = self._joins_by_dominator(self.following)

    def rows(self) -> list[OutlineRow]:
        rows: list[OutlineRow] = []
        work = self._begin()
        while work:
            row = work.pop()
            rows.append(row)
            if row.kind == "step":
                work += reversed(self._below(row))
        return rows

    def _begin(self) -> list[OutlineRow]:
        if not self.starts:
            return []
        first, *others = self.starts
        main = reached(self.following, [first])
        shared = self.after.get(None, [])
        rows = [OutlineRow("step", first, gap=None if self.count[first] else START)]
        rows += [OutlineRow("step", key) for key in shared if key in main]
        if others:
            rows += [OutlineRow("loose"), *[OutlineRow("step", key) for key in others]]
        rows += [OutlineRow("step", key) for key in shared if key not in main]
        return list(reversed(rows))

    def _below(self, row: OutlineRow) -> list[OutlineRow]:
        """What follows a step: its paths, and then the steps in which they meet."""
        ways = self.ways[row.key]
        rows = []
        if not ways:
            rows.append(OutlineRow("end", row.key, row.depth, "", (row.key, "")))
        for index, (name, target) in enumerate(ways):
            depth = row.depth + (len(ways) > 1)
            if len(ways) > 1:
                rows.append(OutlineRow("branch", row.key, depth, name, path=index))
            rows.append(self._target((row.key, name), target, depth))
        return rows + [OutlineRow("step", key, row.depth) for key in self.after.get(row.key, [])]

    def _target(self, gap: tuple[str, str], target: str | None, depth: int) -> OutlineRow:
        if target is None:
            return OutlineRow("end", gap[0], depth, gap[1], gap)
        if target not in self.ways:
            return OutlineRow("dangling", target, depth, gap[1], gap)
        if self.count[target] > 1 or target in self.starts:
            return OutlineRow("join", target, depth, gap[1], gap)
        return OutlineRow("step", target, depth, gap[1], gap)

    def _joins_by_dominator(self, following: dict[str, list[str]]) -> dict[str | None, list[str]]:
        """Where each join is drawn: after the step that all paths to it have in common (None: after
        everything)."""
        order = reverse_postorder(following, self.starts)
        dominator = dominators(following, self.starts, order)
        joins: dict[str | None, list[str]] = {}
        for key in order:
            if self.count[key] > 1 and key not in self.starts:
                joins.setdefault(dominator[key], []).append(key)
        return joins
