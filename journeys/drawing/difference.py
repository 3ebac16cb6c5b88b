"""How two pictures differ: what a browser that shows the one has to draw to show the other."""

import json
from dataclasses import dataclass

from journeys.drawing.shapes import CardLook, Picture, Shape, by_layer


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


def difference(before: Picture, after: Picture) -> Difference:
    drawn, moved, days = [], {}, {}
    for name, shape in after.shapes.items():
        old = before.shapes.get(name)
        if old is shape:
            continue
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
