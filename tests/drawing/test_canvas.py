"""What the canvas shows of a journey, and what an answer tells it to change."""

import json
import re

import pytest
from django.contrib.auth.models import User
from django.test import Client

from journeys.drawing.difference import difference
from journeys.drawing.geometry import CARD_HEIGHT, CARD_WIDTH
from journeys.drawing.shapes import Picture
from journeys.gallery.samples import cart_reminder, samples
from journeys.models import Journey, Tenant
from journeys.screens.canvas import picture
from journeys.screens.draft import Draft
from journeys.spec import document as doc
from tests.checks.test_cases import case
from tests.people import approved, started

pytestmark = pytest.mark.one_database


def drawn(journey: Journey) -> Picture:
    journey.refresh_from_db()
    return picture(Draft(journey, journey.head))


def card(made: Picture, sentence: str):
    return next(shape for shape in made.layers["cards"] if shape.look.card.sentence == sentence)


def pluses(made: Picture) -> list[tuple[int, int]]:
    """Where the + of each connector stands."""
    ways = [shape for shape in made.layers["ways"] if shape.look.plus]
    offsets = [map(int, shape.look.plus.split()) for shape in ways]
    return [(way.x + x, way.y + y) for way, (x, y) in zip(ways, offsets, strict=True)]


@pytest.fixture
def cart(tenant: Tenant, maya: User) -> Journey:
    return started(cart_reminder(), tenant, maya)


def test_it_draws_every_block_every_path_and_every_gap(cart: Journey):
    made, document = drawn(cart), cart.head.document()
    outcomes = [outcome for step in document["activities"] for outcome in step["outcomes"]]
    assert len(made.layers["cards"]) == len(list(doc.blocks(document)))
    assert len(pluses(made)) == len(made.layers["ways"]) == len(outcomes) + 1
    assert [shape.look.text for shape in made.layers["labels"]] == [
        "Gold",
        "Remainder",
        "50 %",
        "50 %",
    ]
    assert [shape.look.said for shape in made.layers["ends"]] == ["End"]


@pytest.mark.parametrize("sample", samples(), ids=lambda document: document["key"])
def test_no_card_and_no_label_covers_another(sample: dict, tenant: Tenant, maya: User):
    made = drawn(started(sample, tenant, maya))
    boxes = [(shape.x, shape.y, CARD_WIDTH, CARD_HEIGHT) for shape in made.layers["cards"]]
    boxes += [(shape.x, shape.y, shape.look.width, 22) for shape in made.layers["labels"]]
    boxes += [(x - 10, y - 10, 20, 20) for x, y in pluses(made)]
    for index, (x, y, width, height) in enumerate(boxes):
        for ox, oy, owide, ohigh in boxes[index + 1 :]:
            assert x + width <= ox or ox + owide <= x or y + height <= oy or oy + ohigh <= y
    left, top, width, height = made.box
    assert all(
        left <= x and x + w <= left + width and top <= y and y + h <= top + height
        for x, y, w, h in boxes
    )


def test_it_tells_the_day_on_all_paths(journey: Journey):
    made = drawn(journey)
    assert card(made, "Wait 2 days").look.day == "day 0"
    assert card(made, "Which second email?").look.day == "day 2"
    assert card(made, "Which second email?").look.said == "Which second email?, day 2"


def test_a_changed_field_draws_one_card_and_moves_nothing(journey: Journey, maya: User):
    before = drawn(journey)
    block = next(
        step for step in journey.head.document()["activities"] if step["type"] == "EMAILV2"
    )
    block = {**block, "name": "Another name"}
    journey.apply(
        "edit block",
        {"kind": "activity", "key": block["key"], "block": block},
        based_on=1,
        author=maya,
    )
    told = difference(before, drawn(journey))
    assert [shape.look.card.sentence for shape in told.drawn if shape.layer == "cards"] == [
        "Send Another name"
    ]
    assert [shape.layer for shape in told.drawn] == ["cards"]
    assert (told.moved, told.gone) == ({}, [])


def test_a_longer_wait_only_tells_the_new_days_of_what_stands_behind_it(
    journey: Journey, maya: User
):
    before, block = drawn(journey), journey.head.document()["activities"][1]
    longer = {
        **block,
        "configurationArguments": {**block["configurationArguments"], "waitDuration": 9},
    }
    journey.apply(
        "edit block",
        {"kind": "activity", "key": block["key"], "block": longer},
        based_on=1,
        author=maya,
    )
    after = drawn(journey)
    told = difference(before, after)
    assert [shape.look.card.sentence for shape in told.drawn if shape.layer == "cards"] == [
        "Wait 9 days"
    ]
    assert card(after, "Which second email?").id in told.days["day 9"]
    told_anew = {name for names in told.days.values() for name in names} | {
        shape.id for shape in told.drawn
    }
    assert all(
        old == after.shapes[name] or name in told_anew for name, old in before.shapes.items()
    )


def test_a_new_step_moves_only_what_stands_behind_it(journey: Journey, maya: User):
    before, document = drawn(journey), journey.head.document()
    wait = document["activities"][1]
    step = {"key": "NEW", "type": "SMSSYNC", "outcomes": [{"key": "o"}]}
    gap = {"after": wait["key"], "outcome": wait["outcomes"][0]["key"]}
    journey.apply("add step", {**gap, "step": step}, based_on=1, author=maya)
    after = drawn(journey)
    told = difference(before, after)
    moved = {name for names in told.moved.values() for name in names}
    still = {card(after, "Send Welcome 1").id, card(after, "Wait 2 days").id}
    assert still.isdisjoint(moved) and card(after, "Which second email?").id in moved
    assert "NEW" in {shape.look.card.key for shape in told.layers["cards"]}
    assert all(way[0] > 0 and way[1] == 0 for way in told.moved)


def test_it_marks_what_changed_since_the_approval(
    as_maya: Client, journey: Journey, maya: User, rob: User
):
    approved(journey, maya, rob)
    assert "Changed since approval" not in as_maya.get(f"/journeys/{journey.pk}/").content.decode()
    block = journey.head.document()["activities"][0]
    block = {**block, "name": "Another name"}
    journey.apply(
        "edit block",
        {"kind": "activity", "key": block["key"], "block": block},
        based_on=1,
        author=maya,
    )
    page = as_maya.get(f"/journeys/{journey.pk}/").content.decode()
    assert page.count("Changed since approval") == 1
    assert re.search(r'aria-label="Send Another name, day 0, changed since approval"', page)


def test_what_was_approved_is_known_by_its_bytes(
    as_maya: Client, journey: Journey, maya: User, rob: User
):
    approved(journey, maya, rob)
    block = journey.head.document()["activities"][0]
    renamed = {**block, "name": "Another name"}
    journey.apply(
        "edit block",
        {"kind": "activity", "key": block["key"], "block": renamed},
        based_on=1,
        author=maya,
    )
    assert "Changed since approval" in as_maya.get(f"/journeys/{journey.pk}/").content.decode()
    journey.revisions.filter(number=1).update(
        packed=journey.head.packed, sha256=journey.head.sha256
    )
    assert "Changed since approval" not in as_maya.get(f"/journeys/{journey.pk}/").content.decode()


def test_an_answer_holds_only_what_differs(as_maya: Client, journey: Journey):
    posted = {"based_on": "1", "view": "path", "slug": "wait", "after": "", "outcome": ""}
    answer = as_maya.post(
        f"/journeys/{journey.pk}/block/add/", posted, headers={"HX-Request": "true"}
    ).content.decode()
    assert "data-card" in answer and 'id="path"' not in answer and 'id="outline"' not in answer
    moves = json.loads(re.search(r'data-moved="([^"]*)"', answer)[1].replace("&quot;", '"'))
    assert len(moves) == 1 and len(next(iter(moves.values())).split()) > 10


def test_readers_get_the_picture_without_anything_to_press(as_rob: Client, journey: Journey):
    page = as_rob.get(f"/journeys/{journey.pk}/").content.decode()
    assert "data-card" in page and "data-plus" not in page and "data-adds" not in page


def test_an_old_journey_is_drawn_but_not_edited(as_maya: Client, tenant: Tenant, maya: User):
    old = started({**cart_reminder(), "workflowApiVersion": 0.5}, tenant, maya)
    page = as_maya.get(f"/journeys/{old.pk}/").content.decode()
    assert "data-card" in page and "data-plus" not in page


def test_an_empty_journey_says_what_to_do_first(as_maya: Client, tenant: Tenant, maya: User):
    empty = started(doc.blank("empty", "Empty"), tenant, maya)
    page = as_maya.get(f"/journeys/{empty.pk}/").content.decode()
    assert (
        'aria-label="Choose how contacts enter"' in page
        and 'aria-label="Add the first step"' in page
    )


def test_paths_without_keys_are_numbered(tenant: Tenant, maya: User):
    journey = started(case("split-paths-without-keys"), tenant, maya)
    labels = sorted(drawn(journey).layers["labels"], key=lambda shape: shape.y)
    assert [shape.look.text for shape in labels] == ["Path 1", "Path 2"]
    rows = [row.text for row in Draft(journey, journey.head).rows if row.kind == "branch"]
    assert rows == ["Path 1", "Path 2"]
