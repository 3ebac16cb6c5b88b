"""The small pictures in the list of journeys."""

import re

import pytest
from django.test import Client

from journeys.models import Journey
from journeys.spec import document as doc
from journeys.spec import operations
from journeys.views import sketch
from tests.people import started
from tests.spec.making import journey as made

FORK = made(A={"yes": "B", "no": "C"}, B="D", C="D", D=None)


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    sketch._kept.clear()


def test_it_draws_cards_in_columns_and_lanes_by_family() -> None:
    wait = {**FORK, "activities": [*FORK["activities"][:3], {**FORK["activities"][3], "type": "EMAILV2"}]}
    drawn = sketch.sketch(wait)
    cards = dict(drawn.cards)
    assert drawn.steps == 4
    assert cards["flow"] == "M0 0h7v5h-7zM11 0h7v5h-7zM11 9h7v5h-7z"
    assert cards["message"] == "M22 0h7v5h-7z"
    assert drawn.ways.startswith("M-8 2L3 2M3 2L14 2M3 2L9 2L9 11L14 11")
    assert (drawn.width, drawn.height) == (round(55 * 1.4), round(18 * 1.4))


def test_a_huge_journey_stays_small() -> None:
    steps = {f"S{number}": {"on": f"S{number + 1}", "out": None} for number in range(600)}
    drawn = sketch.sketch(made(**steps, S600=None))
    assert drawn.steps == 601
    assert drawn.width <= sketch.WIDTH and drawn.height <= sketch.HEIGHT
    assert len(drawn.ways) + sum(len(cards) for _family, cards in drawn.cards) < 4000


def test_the_list_loads_only_bodies_that_it_has_not_drawn(
    as_maya: Client, journey: Journey, tenant, maya, django_assert_max_num_queries
) -> None:
    started(doc.blank("empty", "Empty", ""), tenant, maya)
    page = as_maya.get("/").content.decode()
    assert re.findall(r'class="thumb"[^>]* aria-label="([^"]+)"', page) == ["0 steps", "6 steps"]
    with django_assert_max_num_queries(12) as queries:
        assert as_maya.get("/").content.decode().count('class="thumb"') == 2
    assert not [query for query in queries if "packed" in query["sql"]]


def test_a_changed_journey_is_drawn_anew(as_maya: Client, journey: Journey) -> None:
    before = as_maya.get("/").context["page"].object_list[0].sketch
    changed = operations.remove_step(journey.head.document(), "WAITBYDURATION-1")
    journey.replace(changed, based_on=1, author=None, operation="edit as text")
    after = as_maya.get("/").context["page"].object_list[0].sketch
    assert (before.steps, after.steps) == (6, 5)


def test_what_is_kept_is_bounded(as_maya: Client, journey: Journey, tenant, maya, monkeypatch) -> None:
    started(doc.blank("empty", "Empty", ""), tenant, maya)
    as_maya.get("/")
    heaviest = max(weight for _sketch, weight in sketch._kept.entries.values())
    sketch._kept.clear()
    monkeypatch.setattr(sketch._kept, "most", heaviest)
    assert as_maya.get("/").status_code == 200
    assert len(sketch._kept.entries) == 1
