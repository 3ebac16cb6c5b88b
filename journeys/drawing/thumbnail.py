"""Small pictures of paths for lists: where cards stand and how they are linked, in the colours of
their families."""

from dataclasses import dataclass

from journeys import blocks
from journeys.drawing.layout import Layout, layout
from journeys.spec import graph

COLUMNS, LANES = 30, 10  # of a larger journey, the beginning is shown
COLUMN, LANE = 11, 9  # pixels from one card to the next
CARD_WIDTH, CARD_HEIGHT = 7, 5
MARGIN = 2
WIDTH, HEIGHT = 144, 48  # the largest picture


@dataclass(frozen=True)
class Sketch:
    """An SVG of `width` by `height` pixels: `box` is its viewBox, the rest are data of paths;
    `cards` by family.

    `box` is "" where the journey is too large to be drawn.
    """

    steps: int
    box: str
    width: int
    height: int
    ways: str
    cards: tuple[tuple[str, str], ...]


def sketch(document: dict) -> Sketch:
    drawn = layout(document)
    wide, high = (min(drawn.columns, COLUMNS) + 1) * COLUMN, min(drawn.lanes, LANES) * LANE
    scale = min(1.4, WIDTH / wide, HEIGHT / high)
    return Sketch(
        steps=len(drawn.spots),
        box=f"{-COLUMN} {-MARGIN} {wide} {high}",
        width=round(wide * scale),
        height=round(high * scale),
        ways=_ways(drawn),
        cards=_cards(document, drawn),
    )


def _cards(document: dict, drawn: Layout) -> tuple[tuple[str, str], ...]:
    cards_by_family: dict[str, list[str]] = {}
    for key, step in graph.steps(document).items():
        spot = drawn.spots[key]
        if spot.column < COLUMNS and spot.lane < LANES:
            card = (
                f"M{spot.column * COLUMN}"
                f" {spot.lane * LANE}h{CARD_WIDTH}v{CARD_HEIGHT}h-{CARD_WIDTH}z"
            )
            cards_by_family.setdefault(blocks.lens(step, "activity").family, []).append(card)
    return tuple((family, "".join(cards)) for family, cards in cards_by_family.items())


def _ways(drawn: Layout) -> str:
    """All connectors in one path; what begins beyond the edges is left out."""
    connectors = []
    for way in drawn.ways:
        (x, y), *rest = way.points
        if x < 2 * COLUMNS and y < 2 * LANES:
            connectors.append(f"M{_x(x)} {_y(y)}" + "".join(f"L{_x(x)} {_y(y)}" for x, y in rest))
    return "".join(connectors)


def _x(half: int) -> int:
    """An odd number lies in the middle between two cards."""
    return half // 2 * COLUMN + (CARD_WIDTH // 2 if half % 2 == 0 else (CARD_WIDTH + COLUMN) // 2)


def _y(half: int) -> int:
    return half // 2 * LANE + CARD_HEIGHT // 2
