"""The picture of a document: everything that the canvas shows, as plain data."""

import hashlib
from dataclasses import replace
from functools import lru_cache

from django.utils.translation import get_language
from django.utils.translation import gettext as _t

from journeys.drawing.card import Card, Cards
from journeys.drawing.frame import SENTENCE, SMALL, Frame, Spot, frame_of
from journeys.drawing.geometry import CARD_WIDTH
from journeys.drawing.shapes import CardLook, Picture, Shape
from journeys.drawing.text_width import cut, wrap
from journeys.spec.cache import MISSING, Store, kept, texts_weight
from journeys.spec.timing import Arrival, arrivals

TEXT_LEFT = 50
TEXT_ROOM = CARD_WIDTH - TEXT_LEFT - 10
STRONG = 1.06  # letters of medium weight are that much wider


_pictures = Store(f"{__name__}.pictures", 8 * 1024 * 1024)


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
        made = _drawn(frame_of(document, cards), cards, changed)
        made = replace(made, name=hashlib.sha256(repr(key).encode()).hexdigest())
        _pictures.put(key, made, 1000 * len(made.shapes) + 300 * (len(counts) + len(changed)))
    return made


def _drawn(frame: Frame, cards: Cards, changed: frozenset) -> Picture:
    """Cards that look as they did in the picture before are those of that one."""
    days, before = _days(frame, cards), frame.cards
    shapes, drawn = {}, {}
    for name, shape in frame.shapes.items():
        if type(shape) is Spot:
            place = (shape.kind, shape.key)
            day, is_changed = days.get(place, ""), place in changed
            shape = _card_shape(before.get(name), shape, cards[place], day, is_changed)
            drawn[name] = shape
        shapes[name] = shape
    frame.cards = drawn
    return Picture(shapes, frame.box)


def _card_shape(old: Shape | None, spot: Spot, card: Card, day: str, changed: bool) -> Shape:
    look = old.look if old else None
    if look is None or not (look.card is card or look.card == card):
        return Shape(card.id, "cards", spot.x, spot.y, _card_look(card, day, changed))
    if (look.day, look.changed) == (day, changed):
        return old
    other = CardLook(card, look.label, look.lines, day, changed)
    return Shape(card.id, "cards", spot.x, spot.y, other)


def _days(frame: Frame, cards: Cards) -> dict[tuple[str, str], str]:
    """The days on which contacts come to cards, which follow from how long the steps last."""
    steps = [step["key"] for step in frame.path["activities"]]
    of_steps = [cards["activity", key] for key in steps]
    lasts = tuple((card.lasts, card.lasts_by_way) for card in of_steps)
    known, days = frame.days
    if known != lasts or not days:
        by_way = {card.key: card.lasts_by_way for card in of_steps if card.lasts_by_way}
        lengths = {card.key: card.lasts for card in of_steps}
        arriving = arrivals(frame.path, lengths.__getitem__, by_way)
        days = {("activity", key): day_of(arrival) for key, arrival in arriving.items()}
        first = day_of(Arrival(0, 0))
        days |= {place: first for place in cards if place[0] == "trigger"}
        frame.days = lasts, days
    return days


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
