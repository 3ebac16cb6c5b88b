"""Pictures that are drawn on what is kept of others are those that a process draws that keeps
nothing."""

import random

import pytest
from django.utils.translation import override

from journeys.drawing import canvas, frame
from journeys.drawing.card import Cards, card_of
from journeys.drawing.difference import difference
from journeys.drawing.frame import _piece
from journeys.drawing.shapes import Picture
from journeys.spec import document as doc
from tests.checks.test_by_skeleton import edited
from tests.checks.test_rules import email, journey, step
from tests.depth import deep
from tests.edits import documents

STORES = (canvas._pictures, frame._frames, _piece.store, canvas._card_look.store)


def cards_of(document: dict, language: str) -> Cards:
    made = (card_of(kind, doc.dumps(one), False, language) for kind, one in doc.blocks(document))
    return {(card.kind, card.key): card for card in made}


def drawn(document: dict, language: str = "en-gb", changed: frozenset = frozenset()) -> Picture:
    with override(language):
        body = doc.sha256(doc.dumps(document))
        return canvas.picture(document, body, cards_of(document, language), changed)


def afresh(*arguments: object) -> Picture:
    kept = [(store.entries.copy(), store.used) for store in STORES]
    for store in STORES:
        store.clear()
    made = drawn(*arguments)
    for store, (entries, used) in zip(STORES, kept, strict=True):
        store.entries, store.used = entries, used
    return made


@pytest.mark.parametrize("seed", range(deep(8, 300)))
def test_it_draws_the_same_as_without_memory_over_any_edits(seed: int) -> None:
    chance = random.Random(seed)
    document = documents.journey(chance)
    for _ in range(12):
        document = edited(chance, document)
        places = list(cards_of(document, "en-gb"))
        changed = frozenset(chance.sample(places, chance.randint(0, min(2, len(places)))))
        asked = (document, chance.choice(["en-gb", "de"]), changed)
        made, fresh = drawn(*asked), afresh(*asked)
        assert list(made.shapes.items()) == list(fresh.shapes.items())
        assert (made.box, made.name) == (fresh.box, fresh.name)


def test_a_picture_shares_the_shapes_that_look_the_same() -> None:
    before = drawn(journey(email("E", "W"), step("W")))
    after = drawn(journey(email("E", "W"), step("W", **lasting(2))))
    same = [shape is before.shapes.get(name) for name, shape in after.shapes.items()]
    assert same.count(False) == 1
    assert [shape.look.card.key for shape in difference(before, after).drawn] == ["W"]


def test_what_leads_back_says_what_the_card_says_now() -> None:
    """Such an end has the sentence of another card, so nothing is kept of what is around it."""
    said = [
        next(shape.look.said for shape in drawn(circle(days)).layers["ends"]) for days in (2, 3)
    ]
    assert said == ["Leads back to: Wait 2 days", "Leads back to: Wait 3 days"]


def circle(days: int) -> dict:
    return journey(step("A", "B", **lasting(days)), step("B", "A"))


def lasting(days: int) -> dict:
    return {"configurationArguments": {"waitDuration": days, "waitUnit": "DAYS"}}
