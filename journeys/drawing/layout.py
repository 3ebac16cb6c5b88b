"""Where each step of a journey stands on the canvas, and the ways between them. Nobody places
anything.

Columns run left to right, lanes top to bottom. The first path of a split stays in the split's lane,
each other one gets a lane of its own below, so a change moves only what stands behind it or below
it. A join stands right of everything that its vertical line would have to cross, in the lane of the
topmost path that leads to it; the lanes of the others are free again behind it.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from journeys.spec import graph

ROOM = 1 << 2000  # between two neighbouring lanes, so that almost none needs another number


class Spot(NamedTuple):
    """Where a step stands: columns and lanes count from 0."""

    key: str
    column: int
    lane: int


class Way(NamedTuple):
    """What leads from `source` ("" is the entry source) by `outcome` to `target` (None at an end).

    `kind`: "next"; "join", where several ways lead to the target; "end"; "dangling", where `target`
    is no step of the journey; "back", where the target stands before its source, in a circle.

    `points` are the corners of the route in half columns and half lanes: the middle of column 2,
    lane 1 is (4, 2). Odd numbers lie between two columns; no step stands there. The route begins in
    the middle of its source, column -1 for the entry source, and ends in that of the target; for an
    end, a dangling way and a way back in an empty place right of the source, where nothing else
    stands.
    """

    source: str
    outcome: str
    target: str | None
    kind: str
    points: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Layout:
    """`columns` and `lanes` count the places of ends, too, and are at least 1."""

    spots: dict[str, Spot]
    ways: tuple[Way, ...]
    columns: int
    lanes: int


def layout(document: dict) -> Layout:
    """Lays out any document, in time that grows with its size; the same document always in the same
    way.

    Left out are the steps that cannot be named: those without a key, or with one that another step
    has.
    """
    return _Drawing(document).laid_out()


class _Lane:
    """A row of the canvas while it is drawn; of two lanes, the one with the smaller `place` is
    above."""

    __slots__ = ("below", "free", "last", "number", "place", "until", "waiting")

    def __init__(self, place: int, below: "_Lane | None" = None, until: int = -1) -> None:
        self.place = place
        self.below = below
        self.until = until  # the last column in which something stands, or a join's line comes down
        self.waiting = False  # for the step that it leads to
        # Behind `until`, for what comes next in the lane above. Free lanes stand in runs, of which
        # only the first one is looked at and says `until` for all: each join would else pass over
        # all that inner joins left.
        self.free = False
        self.last = self  # of its run
        self.number = 0


@dataclass(slots=True)
class _End:
    """A way as far as it is drawn: from its source along `lane` up to `column`."""

    source: str
    outcome: str
    target: str | None
    kind: str
    lane: _Lane
    column: int


class _Drawing:
    def __init__(self, document: dict) -> None:
        self.steps = graph.steps(document)
        self.following = graph.following_of(document)
        self.count = Counter(target for targets in self.following.values() for target in targets)
        self.order = graph.reverse_postorder(self.following, graph.starts_in(self.following))
        self.placed: dict[str, tuple[int, _Lane]] = {}
        self.ends: list[_End] = []
        self.leading: dict[str, list[_End]] = {}  # to steps that are not placed yet
        self.top = self.bottom = _Lane(0)

    def laid_out(self) -> Layout:
        first = self.order[0] if self.order else None
        self.ends.append(_End("", "", first, "next" if first else "end", self.top, 0))
        for key in self.order:
            self._place(key)
            self._lead_on(key)
        lanes = self._number_lanes()
        spots = {key: Spot(key, column, lane.number) for key, (column, lane) in self.placed.items()}
        rightmost = [end.column for end in self.ends] + [spot.column for spot in spots.values()]
        return Layout(spots, tuple(self._way(end) for end in self.ends), max(rightmost) + 1, lanes)

    def _place(self, key: str) -> None:
        ends = self.leading.pop(key, None)
        if ends:
            lane, column = self._meeting(ends)
        else:
            lane = self._new_lane(self.bottom, -1) if self.placed else self.top
            column = 0
        lane.until = column
        self.placed[key] = column, lane

    def _meeting(self, ends: list[_End]) -> tuple[_Lane, int]:
        """Where a step stands that these lead to. Between them nothing is left in its column or
        behind it.

        Its vertical line comes down through all lanes from the topmost way to the lowest, so it
        stands right of what any of them holds, also of lanes that lead elsewhere. A lane whose ways
        end in it is free behind the line; one that waits for its own step goes on under it.
        """
        if len(ends) == 1:
            ends[0].lane.waiting = False
            return ends[0].lane, ends[0].lane.until + 1
        lanes = sorted((end.lane for end in ends), key=lambda lane: lane.place)
        for lane in lanes:
            lane.waiting = False
        between = _between(lanes[0], lanes[-1])
        column = max(lane.until for lane in (lanes[0], *between)) + 1
        for lane in between:
            lane.until = column
            lane.free = not lane.waiting
        _join_runs(between)
        return lanes[0], column

    def _lead_on(self, key: str) -> None:
        """The ways out of a step that was placed, each to the column next to it."""
        column, lane = self.placed[key]
        ways = [
            (graph.outcome_key(way), graph.next_of(way)) for way in graph.outcomes(self.steps[key])
        ]
        for index, (outcome, target) in enumerate(ways or [("", None)]):
            lane = self._lane_below(lane, column) if index else lane
            kind = self._kind(target)
            # An end needs a place, and so does a path that leads to a join at once: for its label.
            has_place = kind != "next" and (kind != "join" or len(ways) > 1)
            end = _End(key, outcome, target, kind, lane, column + has_place)
            lane.until = end.column
            if kind in ("next", "join"):
                lane.waiting = True
                self.leading.setdefault(target, []).append(end)
            self.ends.append(end)

    def _kind(self, target: str | None) -> str:
        if target is None:
            return "end"
        if target not in self.steps:
            return "dangling"
        if target in self.placed:
            return "back"
        return "join" if self.count[target] > 1 else "next"

    def _lane_below(self, lane: _Lane, column: int) -> _Lane:
        """The next one, if a join that stands before `column` made it free, else a new one."""
        below = lane.below
        if not below or not below.free:
            return self._new_lane(lane, column)
        if below.last is not below:  # the next one leads the run
            below.below.last, below.below.until = below.last, below.until
        below.free, below.last = False, below
        return below

    def _new_lane(self, above: _Lane, until: int) -> _Lane:
        if above is self.bottom:
            self.bottom = above.below = _Lane(above.place + ROOM, until=until)
            return self.bottom
        if above.below.place - above.place < 2:
            for number, lane in enumerate(self._lanes()):
                lane.place = number * ROOM
        above.below = _Lane((above.place + above.below.place) // 2, above.below, until)
        return above.below

    def _lanes(self) -> Iterator[_Lane]:
        lane = self.top
        while lane:
            yield lane
            lane = lane.below

    def _number_lanes(self) -> int:
        for number, lane in enumerate(self._lanes()):
            lane.number = number
        return lane.number + 1

    def _way(self, end: _End) -> Way:
        column, lane = self.placed.get(end.source, (-1, self.top))
        points = [(2 * column, 2 * lane.number)]
        if lane is not end.lane:
            points += [(2 * column + 1, 2 * lane.number), (2 * column + 1, 2 * end.lane.number)]
        column, lane = (
            self.placed[end.target] if end.kind in ("next", "join") else (end.column, end.lane)
        )
        if lane is not end.lane:
            points += [(2 * column - 1, 2 * end.lane.number), (2 * column - 1, 2 * lane.number)]
        points.append((2 * column, 2 * lane.number))
        return Way(end.source, end.outcome, end.target, end.kind, tuple(points))


def _between(first: _Lane, last: _Lane) -> list[_Lane]:
    """The lanes below the first, down to the last; of a run of free ones the first alone."""
    lanes, lane = [], first
    while lane is not last:
        lane = lane.below
        lanes.append(lane)
        lane = lane.last
    return lanes


def _join_runs(lanes: list[_Lane]) -> None:
    """Makes one run of those that are free one below the other."""
    head: _Lane | None = None
    for lane in lanes:
        if head and lane.free:
            head.last = lane.last
        else:
            head = lane if lane.free else None
