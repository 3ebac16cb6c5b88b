"""Two and three people at once, who edit on pages that are stale, take back, bring back and revert:
what is accepted is in the draft and nothing else, what is refused is refused in words."""

import random
from dataclasses import dataclass

import pytest
from django.contrib.auth.models import User

from journeys.blocks.apply import carried_out
from journeys.models import ChangedMeanwhile, Journey, Revision, Tenant, WrongState
from journeys.spec import diff
from journeys.spec import document as doc
from journeys.spec.document import DocumentError
from journeys.spec.graph import GraphError
from tests.edits.choosing import choose
from tests.edits.documents import journey as made_up
from tests.edits.test_taken_back import LISTS, alike, parts
from tests.people import started

pytestmark = pytest.mark.one_database
REFUSED = (ChangedMeanwhile, WrongState, GraphError, DocumentError)
DEEDS = 14


@dataclass
class Person:
    user: User
    seen: Revision  # what their page shows


def edit(chance: random.Random, journey: Journey, one: Person) -> tuple[dict, dict]:
    """What their page showed, and what they made of it: both are what the edit may touch."""
    shown = one.seen.document()
    drawn = None
    while drawn is None or drawn.operation == "patch":
        drawn = choose(chance, shown, [])
    meant = carried_out(drawn.operation, shown, drawn.arguments)
    journey.apply(drawn.operation, drawn.arguments, based_on=one.seen.number, author=one.user)
    return shown, meant


def turn(chance: random.Random, journey: Journey, one: Person) -> tuple[dict, dict]:
    deed = chance.choice(["undo", "undo", "redo", "revert"])
    if deed == "revert":
        number = chance.randint(1, journey.head.number)
        journey.revert(journey.revisions.get(number=number), one.user)
        about = journey.revisions.get(number=number)
    else:
        row = getattr(journey, deed)(one.user)
        about = journey.revisions.get(number=row.undoes or row.redoes)
        turned = row.redo_top if deed == "undo" else row.undo_top
        assert journey.revisions.get(number=turned).author_id == one.user.pk
    return journey.revisions.get(number=about.number - 1).document(), about.document()


def require_nothing_else(before: dict, after: dict, change: tuple[dict, dict]) -> None:
    """A step that is added gets another key where somebody took its own meanwhile."""
    was, now = parts(before), parts(after)
    shown, meant = map(parts, change)
    assert len(now.keys() - was.keys() - LISTS) <= len(meant.keys() ^ shown.keys())
    touched = diff.changed_blocks(before, after) - LISTS - diff.changed_blocks(*change)
    for place in touched & was.keys():
        assert alike(was[place], now.get(place)), f"{place} was nobody's business"


@pytest.mark.parametrize("seed", range(20))
def test_nothing_is_lost_whoever_does_what(
    tenant: Tenant, maya: User, miles: User, rob: User, seed: int
) -> None:
    chance = random.Random(seed)
    journey = started(made_up(chance), tenant, maya)
    people = [Person(user, journey.head) for user in (maya, miles, rob)[: 2 + seed % 2]]
    accepted = refused = 0
    for _deed in range(DEEDS):
        one, before = chance.choice(people), journey.head
        try:
            change = chance.choice([edit, edit, turn])(chance, journey, one)
        except REFUSED as error:
            assert str(error) and journey.revisions.count() == before.number
            refused, one.seen = refused + 1, journey.head
            continue
        accepted += 1
        require_nothing_else(before.document(), journey.head.document(), change)
        if chance.random() < 0.6:
            one.seen = journey.head
    assert accepted and journey.head.is_whole()
    everybody_takes_back(journey, people)


def everybody_takes_back(journey: Journey, people: list[Person]) -> None:
    """Each undoes as far as they come; what one brings back again is what was there."""
    for one in people:
        while True:
            before = journey.head
            try:
                journey.undo(one.user)
            except WrongState as error:
                assert "cannot be taken back" in error.text or "nothing to undo" in error.text
                break
            undone = journey.head
            journey.redo(one.user)
            assert journey.head.sha256 == before.sha256
            journey.undo(one.user)
            assert journey.head.sha256 == undone.sha256
    assert doc.loads(journey.head.body) == journey.head.document()
