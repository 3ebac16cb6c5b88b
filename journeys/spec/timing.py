"""When contacts come to a step, told by how long the steps before it last, on every path that leads
there.

How long a step lasts depends on its type, so callers bring that along.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import time
from itertools import repeat
from types import MappingProxyType

from journeys.spec import graph

Length = (
    tuple[float, float] | None
)  # days, at least and at most; None when nobody can know it beforehand


NOWHERE: Mapping = MappingProxyType({})


@dataclass(frozen=True)
class Wait:
    """A wait as it is set; None where nothing is, or nothing that is understood."""

    days: float | None = None  # a month has 30
    minutes: int | None = None  # of a wait of so many minutes and nothing else
    until: time | None = None  # the time of day up to which it holds


@dataclass(frozen=True)
class Arrival:
    """Days after entering, on the fastest and on the slowest path; `open`: after a wait of unknown
    length."""

    least: float
    most: float
    open: bool = False

    def after(self, lasts: Length) -> "Arrival":
        if lasts is None:
            return Arrival(self.least, self.most, open=True)
        return Arrival(self.least + lasts[0], self.most + lasts[1], self.open)

    def or_else(self, other: "Arrival | None") -> "Arrival":
        if other is None:
            return self
        return Arrival(
            min(self.least, other.least), max(self.most, other.most), self.open or other.open
        )


def arrivals(
    document: dict,
    lasts: Callable[[str], Length],
    lasts_by_way: Mapping[str, tuple[Length, ...]] = NOWHERE,
) -> dict[str, Arrival]:
    """By step. `lasts` tells the length of a step by its key; `lasts_by_way` has those of its
    outcomes, in their order, where they differ.

    Steps that nothing leads to from the start are left out, and those in or behind a circle.
    """
    named, following = graph.steps(document), graph.following_of(document)
    begin = next(iter(graph.starts_in(following)), None)
    if begin is None:
        return {}
    waiting = _incoming(following, begin)
    arrived, ready = {}, [] if waiting[begin] else [begin]
    arriving: dict[str, Arrival] = {begin: Arrival(0, 0)}
    while ready:
        key = ready.pop()
        arrived[key] = arriving.pop(key)
        lengths = _lengths_of_ways(named[key], following, lasts_by_way.get(key))
        for target, length in zip(following[key], lengths or repeat(lasts(key)), strict=False):
            arriving[target] = arrived[key].after(length).or_else(arriving.get(target))
            waiting[target] -= 1
            if not waiting[target]:
                ready.append(target)
    return arrived


def _lengths_of_ways(
    step: dict, following: dict[str, list[str]], lengths: tuple[Length, ...] | None
) -> list[Length]:
    """Of the ways that lead to a step."""
    ways = zip(graph.outcomes(step), lengths or (), strict=False)
    return [length for way, length in ways if graph.next_of(way) in following]


def _incoming(following: dict[str, list[str]], begin: str) -> dict[str, int]:
    """How many ways lead to each step that can be come to."""
    count, work = {begin: 0}, [begin]
    while work:
        for target in following[work.pop()]:
            if target not in count:
                count[target] = 0
                work.append(target)
            count[target] += 1
    return count
