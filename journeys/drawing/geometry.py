"""From columns and lanes to pixels: where cards stand, and how connectors run between them.

Between two columns lies a corridor. In it, from left to right: the upright runs of paths that part,
their labels, the place of the +, and the upright runs of paths that meet. A corridor is as wide as
what stands in it.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from journeys.drawing.layout import Layout, Way

CARD_WIDTH, CARD_HEIGHT = 216, 84
LANE = CARD_HEIGHT + 36
PAD, TRACK, GAP, TIP, ROUND = 14, 12, 30, 16, 8

Point = tuple[int, int]


@dataclass(frozen=True)
class Run:
    """A connector in pixels: `points` of its line, and the places on it of the label's left end and
    of the +."""

    way: Way
    points: tuple[Point, ...]
    label: Point
    gap: Point

    @cached_property
    def data(self) -> str:
        """Its line as SVG path data; the first point is its origin."""
        return rounded(self.points)


@dataclass(frozen=True)
class Corridor:
    """`left` is the right edge of the column before it. Tracks are counted from the left."""

    left: int
    parting: int
    label: int
    meeting: int

    @property
    def width(self) -> int:
        return PAD + self.parting * TRACK + self.label + GAP + self.meeting * TRACK + TIP

    def parting_at(self, track: int) -> int:
        return self.left + PAD + track * TRACK

    @property
    def label_at(self) -> int:
        return self.left + PAD + max(0, self.parting * TRACK - TRACK // 2)

    @property
    def gap_at(self) -> int:
        return self.left + PAD + self.parting * TRACK + self.label + GAP // 2

    def meeting_at(self, track: int) -> int:
        return (
            self.left + PAD + self.parting * TRACK + self.label + GAP + track * TRACK + TRACK // 2
        )


class Geometry:
    """Pixels of a layout. The first step's card has its left upper corner at (0, 0).

    `labels` has the width in pixels of what stands on an outcome, by (step, outcome key).
    """

    def __init__(self, layout: Layout, labels: dict[tuple[str, str], int]) -> None:
        self.layout = layout
        self.labels = labels
        self._tracks = {}
        uprights = self._uprights()
        self._widest = self._widest_labels()
        self.corridors: dict[int, Corridor] = {}
        self.lefts: dict[int, int] = {0: 0}
        for column in range(-1, layout.columns):
            self._add_corridor(column, uprights)

    def card_at(self, key: str) -> Point:
        spot = self.layout.spots[key]
        return self.lefts[spot.column], spot.lane * LANE

    @cached_property
    def runs(self) -> list[Run]:
        return [self._run(way) for way in self.layout.ways if way.source]

    def _add_corridor(self, column: int, uprights: dict) -> None:
        parts = self._assign(uprights.get((column, "parting"), ()))
        meets = self._assign(uprights.get((column, "meeting"), ()))
        made = Corridor(
            self.lefts.get(column, 0) + CARD_WIDTH, parts, self._widest.get(column, 0), meets
        )
        if column < 0:
            made = Corridor(-made.width, parts, 0, meets)
        self.corridors[column] = made
        self.lefts[column + 1] = made.left + made.width

    def _uprights(self) -> dict[tuple[int, str], list[tuple]]:
        """By corridor: the upright runs of ways that part from one step, and of those that meet
        before another."""
        runs = defaultdict(list)
        for way in self.layout.ways:
            own = self.layout.spots[way.source].column if way.source else -1
            for index, (x, top, bottom) in _upright_runs(way.points):
                column = (x - 1) // 2
                parts = column == own and index == 1 and (way.source, way.outcome) in self.labels
                bundle = ("from", way.source) if parts else ("to", way.target or way.source)
                runs[column, "parting" if parts else "meeting"].append(
                    (bundle, top, bottom, (way, index))
                )
        return runs

    def _assign(self, uprights: Iterable[tuple]) -> int:
        """Gives each bundle of upright runs a track in which nothing else runs at its height; the
        number of tracks."""
        spans: dict[tuple, list[int]] = {}
        for bundle, top, bottom, _name in uprights:
            span = spans.setdefault(bundle, [top, bottom])
            span[:] = min(span[0], top), max(span[1], bottom)
        taken: list[list[list[int]]] = []
        track_of = {}
        for bundle, span in sorted(spans.items(), key=lambda item: item[1][1] - item[1][0]):
            free = (
                n
                for n, row in enumerate(taken)
                if all(span[1] < one[0] or one[1] < span[0] for one in row)
            )
            track = next(free, len(taken))
            taken += [[]] if track == len(taken) else []
            taken[track].append(span)
            track_of[bundle] = track
        for bundle, _top, _bottom, name in uprights:
            self._tracks[name] = track_of[bundle]
        return len(taken)

    def _widest_labels(self) -> dict[int, int]:
        widest: dict[int, int] = defaultdict(int)
        for (source, _outcome), width in self.labels.items():
            column = self.layout.spots[source].column
            widest[column] = max(widest[column], width + 2 * PAD)
        return widest

    def _run(self, way: Way) -> Run:
        column = self.layout.spots[way.source].column
        corridor = self.corridors[column]
        left, top = self.card_at(way.source)
        points = [(left + CARD_WIDTH, top + CARD_HEIGHT // 2)]
        x = points[0][0]
        for index in range(1, len(way.points)):
            at, height = way.points[index]
            if at % 2:
                x = self._upright_at(way, index, at)
            elif way.kind in ("next", "join") and index == len(way.points) - 1:
                x = self.lefts[at // 2]
            else:
                x = (
                    corridor.gap_at + GAP // 2 + 6
                    if index == len(way.points) - 1
                    else self.lefts[at // 2]
                )
            points.append((x, _middle(height)))
        level = self._level(way, corridor)
        return Run(way, tuple(points), (corridor.label_at, level), (corridor.gap_at, level))

    def _upright_at(self, way: Way, index: int, at: int) -> int:
        corridor = self.corridors[(at - 1) // 2]
        start = index if way.points[index - 1][0] != at else index - 1
        track = self._tracks.get((way, start))
        if track is None:
            return corridor.meeting_at(0)
        return corridor.parting_at(track) if self._parts(way, start) else corridor.meeting_at(track)

    def _parts(self, way: Way, index: int) -> bool:
        own = self.layout.spots[way.source].column
        return (
            (way.points[index][0] - 1) // 2 == own
            and index == 1
            and (way.source, way.outcome) in self.labels
        )

    def _level(self, way: Way, corridor: Corridor) -> int:
        """The height at which a way goes on behind its step, after it has parted from the
        others.

        Label and + stand on this piece, where no other way of the step runs. A way that leaves its
        step straight ahead has no piece before it; nor has one that only climbs to where it meets
        others, since that rise belongs to the meeting: both go on at their step's own height.
        """
        parted = (
            len(way.points) > 2 and way.points[1][0] == way.points[2][0] and self._parts(way, 1)
        )
        return _middle(way.points[2 if parted else 0][1])


def _upright_runs(points: tuple[Point, ...]) -> Iterable[tuple[int, tuple[int, int, int]]]:
    for index in range(1, len(points)):
        (x, y), (after_x, after_y) = points[index - 1], points[index]
        if x == after_x and y != after_y and x % 2:
            yield index - 1, (x, min(y, after_y), max(y, after_y))


def _middle(height: int) -> int:
    """A height in half lanes, in pixels."""
    return height * LANE // 2 + CARD_HEIGHT // 2


def rounded(points: tuple[Point, ...]) -> str:
    """The line through the points as SVG path data with round corners; the first point is its
    origin."""
    origin = points[0]
    points = [(x - origin[0], y - origin[1]) for x, y in points]
    data = "M0 0"
    for before, here, after in zip(points, points[1:], points[2:], strict=False):
        radius = min(ROUND, _far(before, here) // 2, _far(here, after) // 2)
        enter, leave = _towards(here, before, radius), _towards(here, after, radius)
        data += f"L{enter[0]} {enter[1]}Q{here[0]} {here[1]} {leave[0]} {leave[1]}"
    return f"{data}L{points[-1][0]} {points[-1][1]}"


def _far(one: Point, other: Point) -> int:
    return abs(one[0] - other[0]) + abs(one[1] - other[1])


def _towards(start: Point, end: Point, distance: int) -> Point:
    """A point on the straight way from one to the other."""
    far = _far(start, end) or 1
    return start[0] + (end[0] - start[0]) * distance // far, start[1] + (
        end[1] - start[1]
    ) * distance // far
