"""The picture of a draft: everything that the canvas shows, as plain data with stable ids, and how
two pictures differ.

A shape's look never depends on where it stands: what only moved is told apart from what changed.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _t

from journeys import blocks
from journeys.drawing.geometry import CARD_HEIGHT, CARD_WIDTH, LANE, Geometry, rounded
from journeys.drawing.layout import Way, layout
from journeys.drawing.text_width import cut, width, wrap
from journeys.screens.draft import Card, Draft
from journeys.spec import graph
from journeys.spec.kept import kept, texts_weight
from journeys.spec.timing import Arrival, arrivals

SENTENCE, SMALL, LABEL = 14, 12, 12  # sizes of letters
TEXT_LEFT = 50
TEXT_ROOM = CARD_WIDTH - TEXT_LEFT - 10
LABEL_ROOM, LABEL_PAD, LABEL_HEIGHT, END_ROOM = 128, 8, 22, 180
STRIP = -(CARD_HEIGHT + 40)  # top of goal and exits, over the path
BESIDE = 20
MARGIN = 32
STRONG = 1.06  # letters of medium weight are that much wider


@dataclass(frozen=True)
class CardLook:
    card: Card
    label: str
    lines: tuple[str, ...]
    day: str = ""
    changed: bool = False

    @property
    def said(self) -> str:
        """What a screen reader says: "Wait 3 days, day 2, 1 problem"."""
        card = self.card
        blocking = ngettext("%(n)s problem", "%(n)s problems", card.blocking) % {"n": card.blocking}
        advice = ngettext("%(n)s piece of advice", "%(n)s pieces of advice", card.advice) % {
            "n": card.advice
        }
        changed = _t("changed since approval")
        parts = [
            card.sentence,
            self.day,
            card.blocking and blocking,
            card.advice and advice,
            self.changed and changed,
        ]
        return ", ".join(part for part in parts if part)

    @property
    def badge(self) -> int:
        return self.card.blocking or self.card.advice


@dataclass(frozen=True)
class WayLook:
    data: str
    source: str
    outcome: str
    target: str
    kind: str


@dataclass(frozen=True)
class GapLook:
    after: str
    outcome: str
    said: str


@dataclass(frozen=True)
class LabelLook:
    source: str
    outcome: str
    text: str
    shown: str
    width: int
    can_rename: bool


@dataclass(frozen=True)
class EndLook:
    source: str
    outcome: str
    kind: str
    said: str
    shown: str = ""


@dataclass(frozen=True)
class PlaceLook:
    """A place that is empty: it says what belongs there. `adds` is the kind of block, "gap" the
    first step."""

    adds: str
    text: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Shape:
    id: str
    layer: str
    x: int
    y: int
    look: object


@dataclass(frozen=True)
class Picture:
    """`box` is left, top, width and height of everything. Shapes are in the order in which they are
    read."""

    shapes: dict[str, Shape] = field(hash=False)
    box: tuple[int, int, int, int]

    @property
    def layers(self) -> dict[str, list[Shape]]:
        return by_layer(self.shapes.values())


@dataclass(frozen=True)
class Difference:
    """What turns one picture into another: shapes to draw (anew), ids by the way they went, ids
    that are gone.

    `days` has the ids of cards by the day that they now fall on, where nothing else on them
    changed.
    """

    drawn: list[Shape]
    moved: dict[tuple[int, int], list[str]]
    days: dict[str, list[str]]
    gone: list[str]
    box: tuple[int, int, int, int]

    @property
    def layers(self) -> dict[str, list[Shape]]:
        return by_layer(self.drawn)

    @property
    def told_moves(self) -> str:
        """As JSON: ids by "x y", the way that they went in pixels."""
        return json.dumps({f"{x} {y}": " ".join(names) for (x, y), names in self.moved.items()})

    @property
    def told_days(self) -> str:
        """As JSON: ids by day."""
        return json.dumps(
            {day: " ".join(names) for day, names in self.days.items()}, ensure_ascii=False
        )


def by_layer(shapes: Iterable[Shape]) -> dict[str, list[Shape]]:
    found: dict[str, list[Shape]] = {}
    for shape in shapes:
        found.setdefault(shape.layer, []).append(shape)
    return found


def difference(before: Picture, after: Picture) -> Difference:
    drawn, moved, days = [], {}, {}
    for name, shape in after.shapes.items():
        old = before.shapes.get(name)
        if old is None or not (old.look == shape.look or _is_other_day(old.look, shape.look)):
            drawn.append(shape)
            continue
        if old.look != shape.look:
            days.setdefault(shape.look.day, []).append(name)
        if (old.x, old.y) != (shape.x, shape.y):
            moved.setdefault((shape.x - old.x, shape.y - old.y), []).append(name)
    gone = [name for name in before.shapes if name not in after.shapes]
    return Difference(drawn, moved, days, gone, after.box)


def _is_other_day(old: object, new: object) -> bool:
    """A longer wait changes the day of every card behind it, and nothing else of them."""
    if not (isinstance(old, CardLook) and isinstance(new, CardLook) and old.day and new.day):
        return False
    return (old.card, old.label, old.lines, old.changed) == (
        new.card,
        new.label,
        new.lines,
        new.changed,
    )


def picture(draft: Draft, changed: frozenset[tuple[str, str]] = frozenset()) -> Picture:
    """`changed` are the blocks that differ from what was approved or submitted."""
    key = draft.revision.sha256, tuple(draft.cards.values()), changed, get_language()
    return _kept(_Source(key, draft), changed)


class _Source:
    """Stands for a draft in the cache: equal when the same would be drawn."""

    def __init__(self, key: tuple, draft: Draft) -> None:
        self.key, self.draft = key, draft

    def __eq__(self, other: object) -> bool:
        return self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key[0])


@kept(12, lambda made, *_: 1000 * len(made.shapes))
def _kept(source: _Source, changed: frozenset) -> Picture:
    made = _Drawing(source.draft, changed).picture()
    source.draft = None  # what is kept is the picture alone
    return made


class _Drawing:
    def __init__(self, draft: Draft, changed: frozenset) -> None:
        self.draft, self.document, self.changed = draft, draft.document, changed
        self.language = get_language()
        self.steps = graph.steps(self.document)
        self.labels = self._labels()
        room = {name: look.width for name, look in self.labels.items()}
        self.geometry = _geometry(_structure(self.document), tuple(room.items()))
        self.arrivals = arrivals(self.document, lambda key: draft.cards["activity", key].lasts)
        self.shapes: dict[str, Shape] = {}
        self.ids: Counter[str] = Counter()

    def picture(self) -> Picture:
        self._draw_entry()
        for key in self._in_order():
            self._draw_card(
                "activity", key, *self.geometry.card_at(key), day_of(self.arrivals.get(key))
            )
        self._draw_strip()
        for run in self.geometry.runs:
            self._draw_way(run)
        return Picture(self.shapes, self._box())

    def _in_order(self) -> list[str]:
        """The steps as one reads them: by column, from the top."""
        spots = self.geometry.layout.spots.values()
        return [spot.key for spot in sorted(spots, key=lambda spot: (spot.column, spot.lane))]

    def _labels(self) -> dict[tuple[str, str], LabelLook]:
        found = {}
        for key, step in self.steps.items():
            ways = graph.outcomes(step)
            lens = blocks.lens(step, "activity", self.document) if len(ways) > 1 else None
            renamable = lens.renamable(step) if lens else set()
            for outcome in ways if lens else ():
                name = graph.outcome_key(outcome)
                text = lens.outcome_label(step, outcome) or name
                shown = cut(text, LABEL, LABEL_ROOM)
                wide = round(width(shown, LABEL)) + 2 * LABEL_PAD
                found[key, name] = LabelLook(key, name, text, shown, wide, name in renamable)
        return found

    def _add(self, kind: str, name: str, layer: str, x: int, y: int, look: object) -> None:
        shape_id = f"{kind}-{_digest(name)}"
        self.ids[shape_id] += 1
        if self.ids[shape_id] > 1:
            shape_id += f"-{self.ids[shape_id]}"
        self.shapes[shape_id] = Shape(shape_id, layer, x, y, look)

    def _draw_card(self, kind: str, key: str, x: int, y: int, day: str = "") -> None:
        card = self.draft.cards[kind, key]
        look = _card_look(card, day, (kind, key) in self.changed)
        self.shapes[card.id] = Shape(card.id, "cards", x, y, look)

    def _draw_entry(self) -> None:
        x = self.geometry.corridors[-1].left - CARD_WIDTH
        first = self.geometry.layout.ways[0].target if self.geometry.layout.ways else None
        spots = self.geometry.layout.spots
        height = spots[first].lane * LANE if first in spots else 0
        entry = self.draft.entry
        for number, card in enumerate(entry):
            self._draw_card(
                "trigger",
                card.key,
                x,
                height + number * (CARD_HEIGHT + BESIDE),
                day_of(Arrival(0, 0)),
            )
            self._draw_start(number, x, height, first)
        if not entry:
            self._draw_place("trigger", _t("Choose how contacts enter"), x, height)
            self._draw_start(0, x, height, first)
        corridor = self.geometry.corridors[-1]
        gap = GapLook("", "", _t("Add a step at the start"))
        self._add("gap", "", "gaps", corridor.gap_at, height + CARD_HEIGHT // 2, gap)
        if first is None:
            self._draw_place("gap", _t("Add the first step"), 0, height)

    def _draw_start(self, number: int, x: int, height: int, first: str | None) -> None:
        middle, corridor = height + CARD_HEIGHT // 2, self.geometry.corridors[-1]
        begin = (x + CARD_WIDTH, middle + number * (CARD_HEIGHT + BESIDE))
        bend = [(corridor.left + 8, begin[1]), (corridor.left + 8, middle)] if number else []
        data = rounded((begin, *bend, (0, middle)))
        self._add(
            "way",
            f"\0{number}",
            "ways",
            *begin,
            WayLook(data, "", "", first or "", "next" if first else "end"),
        )

    def _draw_place(self, adds: str, text: str, x: int, y: int) -> None:
        lines = wrap(text, SENTENCE, CARD_WIDTH - 32)
        self._add("place", adds, "places", x, y, PlaceLook(adds, text, lines))

    def _draw_strip(self) -> None:
        x = self.geometry.corridors[-1].left - CARD_WIDTH
        for card in self.draft.goals:
            self._draw_card(card.kind, card.key, x, STRIP)
            x += CARD_WIDTH + BESIDE
        if not self.draft.goals:
            self._add(
                "place", "goal", "places", x, STRIP, PlaceLook("goal", _t("Goal and exit"), ())
            )

    def _draw_way(self, run) -> None:
        way, name = run.way, f"{run.way.source}\0{run.way.outcome}"
        look = WayLook(run.data, way.source, way.outcome, way.target or "", way.kind)
        self._add("way", name, "ways", *run.points[0], look)
        label = self.labels.get((way.source, way.outcome))
        if label:
            self._add(
                "label", name, "labels", run.label[0], run.label[1] - LABEL_HEIGHT // 2, label
            )
        sentence, path = (
            self.draft.cards["activity", way.source].sentence,
            label.text if label else "",
        )
        self._add(
            "gap",
            name,
            "gaps",
            *run.gap,
            _gap_look(way.source, way.outcome, sentence, path, self.language),
        )
        if way.kind not in ("next", "join"):
            self._add("end", name, "ends", *run.points[-1], self._end_look(way))

    def _end_look(self, way: Way) -> EndLook:
        if way.kind == "end":
            said = (
                _t("End of this path")
                if len(graph.outcomes(self.steps[way.source])) > 1
                else _t("End")
            )
            return EndLook(way.source, way.outcome, "end", said)
        if way.kind == "back":
            said = _t("Leads back to: %s") % self.draft.cards["activity", way.target].sentence
        else:
            said = _t("Leads to “%s”, which is not in this journey") % way.target
        return EndLook(way.source, way.outcome, way.kind, said, cut(said, SMALL, END_ROOM))

    def _box(self) -> tuple[int, int, int, int]:
        shapes = self.shapes.values()
        cards = [(shape.x, shape.y) for shape in shapes if shape.layer in ("cards", "places")]
        rights = [x + CARD_WIDTH for x, _y in cards]
        rights += [
            shape.x + (END_ROOM if shape.look.shown else 0)
            for shape in shapes
            if shape.layer == "ends"
        ]
        bottom = max([y + CARD_HEIGHT for _x, y in cards] + [shape.y for shape in shapes])
        left, top = (
            min(shape.x for shape in shapes) - MARGIN,
            min(shape.y for shape in shapes) - MARGIN,
        )
        return left, top, max(rights) + MARGIN - left, bottom + MARGIN - top


def _structure(document: dict) -> tuple:
    """All that the layout asks of a document: the keys of the steps, in their order, and where
    their outcomes lead."""
    return tuple(
        (key, tuple((graph.outcome_key(way), graph.next_of(way)) for way in graph.outcomes(step)))
        for key, step in graph.steps(document).items()
    )


@kept(12, lambda _made, structure, room: 1500 * len(structure) + 400 * len(room))
def _geometry(structure: tuple, room: tuple) -> Geometry:
    """Most changes move nothing. `room` has the widths of the labels, by step and outcome."""
    steps = [
        {"key": key, "outcomes": [{"key": name, "next": target} for name, target in ways]}
        for key, ways in structure
    ]
    return Geometry(layout({"activities": steps}), dict(room))


@kept(2, texts_weight)
def _digest(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:12]


@kept(4, lambda look, *texts: 2 * texts_weight(*texts))
def _gap_look(after: str, outcome: str, sentence: str, path: str, language: str) -> GapLook:
    if path:
        said = _t("Add a step after “%(step)s”, path “%(path)s”") % {"step": sentence, "path": path}
    else:
        said = _t("Add a step after “%(step)s”") % {"step": sentence}
    return GapLook(after, outcome, said)


@kept(6, lambda look, card, *_: 1500 + 4 * texts_weight(card.sentence, card.key))
def _card_look(card: Card, day: str, changed: bool) -> CardLook:
    lines = wrap(card.sentence, SENTENCE * STRONG, TEXT_ROOM)
    return CardLook(card, cut(card.label, SMALL, TEXT_ROOM), lines, day, changed)


def day_of(arrival: Arrival | None) -> str:
    """ "day 3 to 5"; days are counted from 0, the day of entering. "" where nobody comes."""
    if arrival is None:
        return ""
    return _day(int(arrival.least + 1e-9), int(arrival.most + 1e-9), arrival.open, get_language())


@lru_cache(maxsize=4096)
def _day(least: int, most: int, is_open: bool, language: str) -> str:
    if is_open:
        return _t("day %(day)s or later") % {"day": least}
    if least == most:
        return _t("day %(day)s") % {"day": least}
    return _t("day %(first)s to %(last)s") % {"first": least, "last": most}
