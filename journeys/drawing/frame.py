"""What stands around the cards of a picture: lines, labels, ends and empty places, and where each
card stands.

It follows from the steps' keys, where their outcomes lead and what is written on them, so it is
kept while these are the same: most saves change what one card says.
"""

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from django.utils.translation import get_language
from django.utils.translation import gettext as _t

from journeys import blocks
from journeys.drawing.card import Card, Cards, card_id
from journeys.drawing.geometry import CARD_HEIGHT, CARD_WIDTH, LANE, Geometry, Point, Run, rounded
from journeys.drawing.layout import Way, layout
from journeys.drawing.shapes import EndLook, LabelLook, PlaceLook, Shape, WayLook
from journeys.drawing.text_width import cut, width, wrap
from journeys.spec import document as doc
from journeys.spec import graph
from journeys.spec.cache import MISSING, Store, kept, texts_weight

SENTENCE, SMALL, LABEL = 14, 12, 12  # sizes of letters
LABEL_ROOM, LABEL_PAD, LABEL_HEIGHT, END_ROOM = 128, 8, 22, 180
STRIP = -(CARD_HEIGHT + 40)  # top of goal and exits, over the path
BESIDE = 20
MARGIN = 32


class Spot(NamedTuple):
    """Where a card stands."""

    kind: str
    key: str
    x: int
    y: int


@dataclass
class Frame:
    """`shapes` has a spot where a card belongs, in the order in which one reads them; `path` the
    steps with nothing but their keys and outcomes.

    Of the picture that was drawn last, `days` are the lengths of its steps with the days that
    follow from them, and `cards` its cards: most are the same in the next one. Both are replaced
    whole, never changed.
    """

    path: dict
    shapes: dict[str, Shape | Spot]
    box: tuple[int, int, int, int]
    days: tuple[tuple, dict[str, str]] = ((), {})
    cards: dict[str, Shape] = field(default_factory=dict)


class Piece(NamedTuple):
    """What the frame reads of one step. Pieces of the same `name` are equal."""

    name: str
    key: str
    ways: tuple[tuple[str, str | None], ...]  # keys of the outcomes, and where they lead
    labels: tuple[LabelLook, ...]


_frames = Store(f"{__name__}.frames", 8 * 1024 * 1024)


def frame_of(document: dict, cards: Cards) -> Frame:
    language, is_0_5 = get_language() or "", doc.is_version_0_5(document)
    pieces = [
        _piece(doc.dumps(step), is_0_5, language) for step in doc.block_list(document, "activity")
    ]
    slots = tuple(place for place in cards if place[0] != "activity")
    key = tuple(piece.name for piece in pieces), slots, language
    made = _frames.get(key)
    if made is MISSING:
        drawing = _Drawing(pieces, cards)
        made = drawing.frame()
        if not drawing.says_what_cards_say:
            letters = sum(len(piece.name) for piece in pieces)
            letters += sum(len(card.sentence) for card in cards.values())
            _frames.put(key, made, 1500 * len(made.shapes) + 4 * letters + 300 * len(slots))
    return made


@kept(4, lambda piece, data, *_: 1000 + len(data) + 12 * len(piece.name))
def _piece(data: bytes, is_version_0_5: bool, language: str) -> Piece:
    """Of a step's bytes."""
    step = doc.parse(data)
    key = step.get("key") if isinstance(step.get("key"), str) else ""
    ways = graph.outcomes(step)
    lens = blocks.lens(step, "activity", {"workflowApiVersion": 0.5} if is_version_0_5 else None)
    renamable = lens.renamable(step) if len(ways) > 1 else set()
    labels = tuple(
        _label(key, graph.outcome_key(way), title, renamable)
        for way, title in (zip(ways, lens.path_titles(step), strict=True) if len(ways) > 1 else ())
    )
    led = tuple((graph.outcome_key(way), graph.next_of(way)) for way in ways)
    return Piece(repr((key, led, labels)), key, led, labels)


def _label(key: str, name: str, text: str, renamable: set[str]) -> LabelLook:
    shown = cut(text, LABEL, LABEL_ROOM)
    wide = round(width(shown, LABEL)) + 2 * LABEL_PAD
    return LabelLook(key, name, text, shown, wide, name in renamable)


class _Drawing:
    def __init__(self, pieces: list[Piece], cards: Cards) -> None:
        count = Counter(piece.key for piece in pieces)
        self.steps = {one.key: one for one in pieces if one.key and count[one.key] == 1}
        self.cards = cards
        # By step and outcome, in their order: paths without keys share one.
        self.labels: dict[tuple[str, str], list[LabelLook]] = {}
        for one in self.steps.values():
            for look in one.labels:
                self.labels.setdefault((look.source, look.outcome), []).append(look)
        room = tuple(
            (name, max(look.width for look in looks)) for name, looks in self.labels.items()
        )
        self.geometry = _geometry(tuple((one.key, one.ways) for one in self.steps.values()), room)
        self.shapes: dict[str, Shape | Spot] = {}
        self.ids: Counter[str] = Counter()
        self.says_what_cards_say = False

    def frame(self) -> Frame:
        self._draw_entry()
        for key in self._in_order():
            self._place_card("activity", key, *self.geometry.card_at(key))
        self._draw_strip()
        for run in self.geometry.runs:
            self._draw_way(run)
        structure = tuple((one.key, one.ways) for one in self.steps.values())
        return Frame(_path(structure), self.shapes, self._box())

    def _in_order(self) -> list[str]:
        """The steps as one reads them: by column, from the top."""
        spots = self.geometry.layout.spots.values()
        return [spot.key for spot in sorted(spots, key=lambda spot: (spot.column, spot.lane))]

    def _cards_of(self, *kinds: str) -> list[Card]:
        return [card for card in self.cards.values() if card.kind in kinds]

    def _add(self, kind: str, name: str, layer: str, x: int, y: int, look: object) -> None:
        shape_id = f"{kind}-{_digest(name)}"
        self.ids[shape_id] += 1
        if self.ids[shape_id] > 1:
            shape_id += f"-{self.ids[shape_id]}"
        self.shapes[shape_id] = Shape(shape_id, layer, x, y, look)

    def _place_card(self, kind: str, key: str, x: int, y: int) -> None:
        self.shapes[card_id(kind, key)] = Spot(kind, key, x, y)

    def _draw_entry(self) -> None:
        x = self.geometry.corridors[-1].left - CARD_WIDTH
        first = self.geometry.layout.ways[0].target if self.geometry.layout.ways else None
        spots = self.geometry.layout.spots
        height = spots[first].lane * LANE if first in spots else 0
        entry = self._cards_of("trigger")
        for number, card in enumerate(entry):
            self._place_card("trigger", card.key, x, height + number * (CARD_HEIGHT + BESIDE))
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
            self._place_card(card.kind, card.key, x, STRIP)
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
        labels = self.labels.get((way.source, way.outcome))
        if labels:
            label = labels.pop(0) if len(labels) > 1 else labels[0]
            self._add(
                "label", name, "labels", run.label[0], run.label[1] - LABEL_HEIGHT // 2, label
            )
        if way.kind not in ("next", "join"):
            self._add("end", name, "ends", *run.points[-1], self._end_look(way))

    def _end_look(self, way: Way) -> EndLook:
        if way.kind == "end":
            said = _t("End of this path") if len(self.steps[way.source].ways) > 1 else _t("End")
            return EndLook(way.source, way.outcome, "end", said)
        if way.kind == "back":
            self.says_what_cards_say = True
            said = _t("Leads back to: %s") % self.cards["activity", way.target].sentence
        else:
            said = _t("Leads to “%s”, which is not in this journey") % way.target
        return EndLook(way.source, way.outcome, way.kind, said, cut(said, SMALL, END_ROOM))

    def _box(self) -> tuple[int, int, int, int]:
        shapes = self.shapes.values()
        drawn = [shape for shape in shapes if isinstance(shape, Shape)]
        cards = [(shape.x, shape.y) for shape in shapes if isinstance(shape, Spot)]
        cards += [(shape.x, shape.y) for shape in drawn if shape.layer == "places"]
        rights = [x + CARD_WIDTH for x, _y in cards]
        rights += [
            shape.x + (END_ROOM if shape.look.shown else 0)
            for shape in drawn
            if shape.layer == "ends"
        ]
        bottom = max([y + CARD_HEIGHT for _x, y in cards] + [shape.y for shape in shapes])
        left, top = (
            min(shape.x for shape in shapes) - MARGIN,
            min(shape.y for shape in shapes) - MARGIN,
        )
        return left, top, max(rights) + MARGIN - left, bottom + MARGIN - top


@kept(4, lambda _made, structure, room: 1500 * len(structure) + 400 * len(room))
def _geometry(structure: tuple, room: tuple) -> Geometry:
    """Most changes move nothing. `room` has the widths of the labels, by step and outcome."""
    return Geometry(layout(_path(structure)), dict(room))


def _path(structure: tuple) -> dict:
    """All that the layout asks of a document: the keys of the steps, in their order, and where
    their outcomes lead."""
    steps = [
        {"key": key, "outcomes": [{"key": name, "next": target} for name, target in ways]}
        for key, ways in structure
    ]
    return {"activities": steps}


@kept(2, texts_weight)
def _digest(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:12]


def _between(begin: Point, end: Point) -> str:
    """The way from one to the other, in pixels."""
    return f"{end[0] - begin[0]} {end[1] - begin[1]}"
