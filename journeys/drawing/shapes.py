"""What stands in a picture: each kind of shape as plain data, with an id that stays.

A shape's look never depends on where it stands: what only moved is told apart from what changed.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _t
from django.utils.translation import ngettext

from journeys.drawing.card import Card
from journeys.drawing.text_width import ELLIPSIS


@dataclass(frozen=True)
class CardLook:
    card: Card
    label: str
    lines: tuple[str, ...]
    day: str = ""
    changed: bool = False

    @property
    def is_cut(self) -> bool:
        """Whether something of it is told by pointing at it alone."""
        return any(shown.endswith(ELLIPSIS) for shown in (self.label, *self.lines))

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
    """`plus`: where the + stands in which a step is added, "x y" from where the line begins."""

    data: str
    source: str
    outcome: str
    target: str
    kind: str
    plus: str


@dataclass(frozen=True)
class LabelLook:
    source: str
    outcome: str
    text: str
    shown: str
    width: int
    can_rename: bool

    @property
    def is_cut(self) -> bool:
        return self.shown.endswith(ELLIPSIS)


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
    read. What is made of all of them is kept by `name`, which no other picture has."""

    shapes: dict[str, Shape] = field(hash=False)
    box: tuple[int, int, int, int]
    name: str = field(default="", compare=False)

    @property
    def layers(self) -> dict[str, list[Shape]]:
        return by_layer(self.shapes.values())


def by_layer(shapes: Iterable[Shape]) -> dict[str, list[Shape]]:
    layers: dict[str, list[Shape]] = {}
    for shape in shapes:
        layers.setdefault(shape.layer, []).append(shape)
    return layers
