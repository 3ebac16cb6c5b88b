"""The picture of a document: everything that the canvas shows, as plain data."""

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from django.utils.translation import get_language
from django.utils.translation import gettext as _t

from journeys import blocks
from journeys.drawing.card import Card
from journeys.drawing.geometry import CARD_HEIGHT, CARD_WIDTH, LANE, Geometry, Point, Run, rounded
from journeys.drawing.layout import Way, layout
from journeys.drawing.shapes import (
    CardLook,
    EndLook,
    LabelLook,
    Picture,
    PlaceLook,
    Shape,
    WayLook,
)
from journeys.drawing.text_width import cut, width, wrap
from journeys.spec import graph
from journeys.spec.kept import MISSING, Store, kept, texts_weight
from journeys.spec.timing import Arrival, arrivals

Cards = Mapping[tuple[str, str], Card]

SENTENCE, SMALL, LABEL = 14, 12, 12  # sizes of letters
TEXT_LEFT = 50
TEXT_ROOM = CARD_WIDTH - TEXT_LEFT - 10
LABEL_ROOM, LABEL_PAD, LABEL_HEIGHT, END_ROOM = 128, 8, 22, 180
STRIP = -(CARD_HEIGHT + 40)  # top of goal and exits, over the path
BESIDE = 20
MARGIN = 32
STRONG = 1.06  # letters of medium weight are that much wider


_pictures = Store(f"{__name__}.pictures", 12 * 1024 * 1024)


def picture(
    document: dict, sha256: str, cards: Cards, changed: frozenset[tuple[str, str]] = frozenset()
) -> Picture:
    """`sha256` is that of the document's bytes, `cards` its blocks in their order; `changed` are
    the blocks that differ from what was approved or submitted.

    It is kept, and shared: nobody may change it. All that stands on a card but the count of its
    problems follows from the document and the language.
    """
    counts = tuple(
        (place, card.blocking, card.advice)
        for place, card in cards.items()
        if card.blocking or card.advice
    )
    key = sha256, counts, changed, get_language()
    made = _pictures.get(key)
    if made is MISSING:
        made = _Drawing(document, cards, changed).picture()
        made = replace(made, name=hashlib.sha256(repr(key).encode()).hexdigest())
        _pictures.put(key, made, 1000 * len(made.shapes) + 300 * (len(counts) + len(changed)))
    return made


class _Drawing:
    def __init__(self, document: dict, cards: Cards, changed: frozenset) -> None:
        self.document, self.cards, self.changed = document, cards, changed
        self.language = get_language()
        self.steps = graph.steps(self.document)
        self.labels = self._labels()
        room = {name: look.width for name, look in self.labels.items()}
        self.geometry = _geometry(_structure(self.document), tuple(room.items()))
        self.arrivals = arrivals(self.document, lambda key: cards["activity", key].lasts)
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

    def _cards_of(self, *kinds: str) -> list[Card]:
        return [card for card in self.cards.values() if card.kind in kinds]

    def _labels(self) -> dict[tuple[str, str], LabelLook]:
        labels = {}
        for key, step in self.steps.items():
            ways = graph.outcomes(step)
            lens = blocks.lens(step, "activity", self.document) if len(ways) > 1 else None
            renamable = lens.renamable(step) if lens else set()
            for outcome in ways if lens else ():
                name = graph.outcome_key(outcome)
                text = lens.outcome_label(step, outcome) or name
                shown = cut(text, LABEL, LABEL_ROOM)
                wide = round(width(shown, LABEL)) + 2 * LABEL_PAD
                labels[key, name] = LabelLook(key, name, text, shown, wide, name in renamable)
        return labels

    def _add(self, kind: str, name: str, layer: str, x: int, y: int, look: object) -> None:
        shape_id = f"{kind}-{_digest(name)}"
        self.ids[shape_id] += 1
        if self.ids[shape_id] > 1:
            shape_id += f"-{self.ids[shape_id]}"
        self.shapes[shape_id] = Shape(shape_id, layer, x, y, look)

    def _draw_card(self, kind: str, key: str, x: int, y: int, day: str = "") -> None:
        card = self.cards[kind, key]
        look = _card_look(card, day, (kind, key) in self.changed)
        self.shapes[card.id] = Shape(card.id, "cards", x, y, look)

    def _draw_entry(self) -> None:
        x = self.geometry.corridors[-1].left - CARD_WIDTH
        first = self.geometry.layout.ways[0].target if self.geometry.layout.ways else None
        spots = self.geometry.layout.spots
        height = spots[first].lane * LANE if first in spots else 0
        entry = self._cards_of("trigger")
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
        if first is None:
            self._draw_place("gap", _t("Add the first step"), 0, height)

    def _draw_start(self, number: int, x: int, height: int, first: str | None) -> None:
        middle, corridor = height + CARD_HEIGHT // 2, self.geometry.corridors[-1]
        begin = (x + CARD_WIDTH, middle + number * (CARD_HEIGHT + BESIDE))
        bend = [(corridor.left + 8, begin[1]), (corridor.left + 8, middle)] if number else []
        data = rounded((begin, *bend, (0, middle)))
        plus = _between(begin, (corridor.gap_at, middle)) if number == 0 else ""
        self._add(
            "way",
            f"\0{number}",
            "ways",
            *begin,
            WayLook(data, "", "", first or "", "next" if first else "end", plus),
        )

    def _draw_place(self, adds: str, text: str, x: int, y: int) -> None:
        lines = wrap(text, SENTENCE, CARD_WIDTH - 32)
        self._add("place", adds, "places", x, y, PlaceLook(adds, text, lines))

    def _draw_strip(self) -> None:
        x = self.geometry.corridors[-1].left - CARD_WIDTH
        goals = self._cards_of("goal", "exit")
        for card in goals:
            self._draw_card(card.kind, card.key, x, STRIP)
            x += CARD_WIDTH + BESIDE
        if not goals:
            self._add(
                "place", "goal", "places", x, STRIP, PlaceLook("goal", _t("Goal and exit"), ())
            )

    def _draw_way(self, run: Run) -> None:
        way, name = run.way, f"{run.way.source}\0{run.way.outcome}"
        plus = _between(run.points[0], run.gap)
        look = WayLook(run.data, way.source, way.outcome, way.target or "", way.kind, plus)
        self._add("way", name, "ways", *run.points[0], look)
        label = self.labels.get((way.source, way.outcome))
        if label:
            self._add(
                "label", name, "labels", run.label[0], run.label[1] - LABEL_HEIGHT // 2, label
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
            said = _t("Leads back to: %s") % self.cards["activity", way.target].sentence
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


def _between(begin: Point, end: Point) -> str:
    """The way from one to the other, in pixels."""
    return f"{end[0] - begin[0]} {end[1] - begin[1]}"


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
