"""The small pictures in the list of journeys."""

import re

import pytest
from django.test import Client

from journeys.drawing import thumbnail
from journeys.models import Journey
from journeys.screens import thumbnails
from journeys.spec import document as doc
from journeys.spec import operations
from tests.markup import flat
from tests.people import started
from tests.spec.making import journey as made

FORK = made(A={"yes": "B", "no": "C"}, B="D", C="D", D=None)


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    thumbnails._kept.clear()


def test_it_draws_cards_in_columns_and_lanes_by_family() -> None:
    wait = {
        **FORK,
        "activities": [*FORK["activities"][:3], {**FORK["activities"][3], "type": "EMAILV2"}],
    }
    drawn = thumbnail.sketch(wait)
    cards = dict(drawn.cards)
    assert drawn.steps == 4
    assert cards["flow"] == "M0 0h7v5h-7zM11 0h7v5h-7zM11 9h7v5h-7z"
    assert cards["message"] == "M22 0h7v5h-7z"
    assert drawn.ways.startswith("M-8 2L3 2M3 2L14 2M3 2L9 2L9 11L14 11")
    assert (drawn.width, drawn.height) == (round(55 * 1.4), round(18 * 1.4))


def test_a_huge_journey_stays_small() -> None:
    steps = {f"S{number}": {"on": f"S{number + 1}", "out": None} for number in range(600)}
    drawn = thumbnail.sketch(made(**steps, S600=None))
    assert drawn.steps == 601
    assert drawn.width <= thumbnail.WIDTH and drawn.height <= thumbnail.HEIGHT
    assert len(drawn.ways) + sum(len(cards) for _family, cards in drawn.cards) < 4000


def test_the_list_loads_no_body_and_its_page_asks_for_the_pictures(
    as_maya: Client, journey: Journey, tenant, maya, django_assert_max_num_queries
) -> None:
    other = started(doc.blank("empty", "Empty", ""), tenant, maya)
    for shown in (0, 2):
        with django_assert_max_num_queries(12) as queries:
            page = as_maya.get("/").content.decode()
        assert not [query for query in queries if "packed" in query["sql"]]
        assert page.count('class="thumb"') == shown
        assert re.findall(r'data-picture-of="(\d+)"', page) == (
            [str(other.pk), str(journey.pk)] if not shown else []
        )
        drawn = pictures(as_maya, other, journey)
        assert drawn == {other.pk: "0 steps", journey.pk: "6 steps"}


def pictures(client: Client, *journeys: Journey) -> dict[int, str]:
    answer = client.get(
        "/journeys/pictures/", {"of": [one.pk for one in journeys]}
    ).content.decode()
    found = re.findall(
        r'data-picture="(\d+)"><svg class="thumb"[^>]* aria-label="([^"]+)"', flat(answer)
    )
    return {int(pk): told for pk, told in found}


def test_pictures_are_drawn_of_what_one_sees_and_of_few_at_once(
    as_maya: Client, journey: Journey, foreign_journey, tenant, maya
) -> None:
    many = [started(doc.blank(f"empty-{n}", "Empty", ""), tenant, maya) for n in range(12)]
    assert list(pictures(as_maya, foreign_journey, journey)) == [journey.pk]
    assert len(pictures(as_maya, *many)) == 10
    assert (
        as_maya.get("/journeys/pictures/?of=x&of=-1&of=99999999999999999999").content.strip() == b""
    )


def test_a_changed_journey_is_drawn_anew(as_maya: Client, journey: Journey) -> None:
    assert pictures(as_maya, journey) == {journey.pk: "6 steps"}
    changed = operations.remove_step(journey.head.document(), "WAITBYDURATION-1")
    journey.replace(changed, based_on=1, author=None, operation="edit as text")
    assert as_maya.get("/").context["page"].object_list[0].sketch is None
    assert pictures(as_maya, journey) == {journey.pk: "5 steps"}


def test_what_is_kept_is_bounded(
    as_maya: Client, journey: Journey, tenant, maya, monkeypatch
) -> None:
    started(doc.blank("empty", "Empty", ""), tenant, maya)
    both = Journey.objects.all()
    pictures(as_maya, *both)
    heaviest = max(weight for _sketch, weight in thumbnails._kept.entries.values())
    thumbnails._kept.clear()
    monkeypatch.setattr(thumbnails._kept, "most", heaviest)
    assert len(pictures(as_maya, *both)) == 2
    assert len(thumbnails._kept.entries) == 1
