"""Steps from the palette."""

import pytest
from django.test import Client

from journeys.blocks import LENSES
from journeys.checks import check
from journeys.models import Journey
from journeys.spec import capsules, graph

pytestmark = pytest.mark.one_database

STEPS = [opened for opened in LENSES if opened.kind == "activity"]


def add(
    client: Client, journey: Journey, slug: str, based_on: int | None = None, **gap: str
) -> dict:
    posted = {"slug": slug, "based_on": based_on or journey.head.number, **gap}
    assert client.post(f"/journeys/{journey.pk}/block/add/", posted).status_code == 200
    journey.refresh_from_db()
    return journey.head.document()


def test_it_adds_a_path_optimizer_with_its_end_and_shows_it(
    as_maya: Client, journey: Journey
) -> None:
    before = journey.head.document()
    first = graph.root(before)
    document = add(as_maya, journey, "path-optimizer", after="", outcome="")
    assert graph.predecessors(document)[first][0][0] == "ABNTESTSTOP-1"
    assert [found.start for found in capsules.capsules(document)] == ["ABNTEST-1"]
    assert not [problem for problem in check(document) if problem.blocks]


def test_it_numbers_one_that_was_added_on_an_older_page(as_maya: Client, journey: Journey) -> None:
    number = journey.head.number
    last = list(graph.steps(journey.head.document()))[-1]
    way = graph.outcome_key(graph.outcomes(graph.steps(journey.head.document())[last])[0])
    add(as_maya, journey, "path-optimizer", after="", outcome="")
    document = add(as_maya, journey, "path-optimizer", based_on=number, after=last, outcome=way)
    assert [(found.id, found.start, found.end) for found in capsules.capsules(document)] == [
        ("CAPSULE-1", "ABNTEST-1", "ABNTESTSTOP-1"),
        ("CAPSULE-2", "ABNTEST-2", "ABNTESTSTOP-2"),
    ]


@pytest.mark.parametrize("opened", STEPS)
def test_it_shows_the_panel_of_every_step_that_it_adds(
    as_maya: Client, journey: Journey, opened: type
) -> None:
    before = graph.steps(journey.head.document())
    document = add(as_maya, journey, opened.slug, after="", outcome="")
    key = next(name for name in graph.steps(document) if name not in before)
    panel = as_maya.get(f"/journeys/{journey.pk}/panel/", {"kind": "activity", "key": key})
    assert panel.status_code == 200 and str(opened.label) in panel.content.decode()
