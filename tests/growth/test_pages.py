"""Pages and fragments take as much longer as their journey is larger. Counted are the lines of our
code that run."""

import pytest
from django.test import Client

from journeys.drawing.layout import layout
from journeys.drawing.thumbnail import sketch
from journeys.models import Journey
from journeys.screens import size
from journeys.screens.canvas import picture
from journeys.screens.draft import Draft
from tests.depth import deep
from tests.growth import asking, counting
from tests.growth import page_shapes as shapes
from tests.people import started

SMALL, LARGE = deep((100, 400), (150, 600))
DRAWN = (60, 240)
CHANGED = deep([shapes.ladder], [shapes.ladder, shapes.fan])
ASKED = deep([shapes.ladder], [shapes.ladder, shapes.fan, shapes.alike])
LARGEST_PAGE = 3_000_000

pytestmark = pytest.mark.one_database


def grown(shape, count: int, tenant, maya) -> Journey:
    return started(shapes.journey(shape, count, f"{shape.__name__}-{count}"), tenant, maya)


def grew_too_fast(small: dict, large: dict, factor: float) -> dict[str, float]:
    powers = {name: counting.power(small[name], large[name], factor) for name in small}
    return {name: round(power, 2) for name, power in powers.items() if power > counting.MOST}


def counted(asked: dict, refused: frozenset[str] = frozenset()) -> dict[str, int]:
    """Each is asked once before: what is kept then, as the document with its problems, is counted
    elsewhere. What is refused is, in words, and the time that takes is counted, too."""
    found = {}
    for name, ask in asked.items():
        assert ask().status_code in ((422,) if name in refused else (200, 204)), name
        found[name] = counting.lines_run(ask)
    return found


def counted_once(asked: dict) -> dict[str, int]:
    """Of what changes the journey: the first is what the page was before, and not counted."""
    found = {}
    for name, ask in asked.items():
        answers = []
        found[name] = counting.lines_run(lambda ask=ask, answers=answers: answers.append(ask()))
        assert answers[0].status_code < 300, name
    return {name: count for name, count in found.items() if name != "opened"}


@pytest.mark.parametrize("shape", ASKED, ids=lambda shape: shape.__name__)
def test_it_shows_a_journey_in_time_that_grows_as_the_journey_does(
    shape, tenant, maya, as_maya: Client, as_rob: Client, monkeypatch
):
    monkeypatch.setattr(size, "MOST_DRAWN", 100)
    # where all keys are alike nobody can say which step is meant: what changes or copies one has to
    # refuse that
    refused = frozenset({"copy"} if shape is shapes.alike else ())
    small, large = (
        counted(asking.reading(as_maya, one) | asking.comparing(as_maya, as_rob, one), refused)
        for one in (grown(shape, count, tenant, maya) for count in (SMALL, LARGE))
    )
    assert grew_too_fast(small, large, LARGE / SMALL) == {}


@pytest.mark.parametrize("shape", CHANGED, ids=lambda shape: shape.__name__)
def test_it_changes_a_journey_in_time_that_grows_as_the_journey_does(
    shape, tenant, maya, as_maya: Client
):
    small, large = (
        counted_once(asking.changing(as_maya, grown(shape, count, tenant, maya)))
        for count in (SMALL, LARGE)
    )
    assert grew_too_fast(small, large, LARGE / SMALL) == {}


@pytest.mark.parametrize("shape", shapes.SHAPES, ids=lambda shape: shape.__name__)
def test_it_lays_out_and_draws_in_time_that_grows_as_the_journey_does(shape, tenant, maya):
    found = [drawn(grown(shape, count, tenant, maya)) for count in DRAWN]
    assert grew_too_fast(*found, DRAWN[1] / DRAWN[0]) == {}


def drawn(journey: Journey) -> dict[str, int]:
    draft = Draft(journey, journey.head)
    assert not draft.too_large
    works = {"layout": lambda: layout(draft.document), "sketch": lambda: sketch(draft.document)}
    return {
        name: counting.lines_run(work)
        for name, work in (works | {"picture": lambda: picture(draft)}).items()
    }


def test_it_keeps_its_pages_small_whatever_the_journey(
    tenant, maya, as_maya: Client, as_rob: Client
):
    journey = grown(shapes.chain, 8000, tenant, maya)
    asked = asking.reading(as_maya, journey) | asking.comparing(as_maya, as_rob, journey)
    pages = (
        "path",
        "json",
        "problems",
        "places to move to",
        "print",
        "picture",
        "submit",
        "revision",
        "review desk",
    )
    sizes = {name: len(asked[name]().content) for name in pages}
    assert {name: count for name, count in sizes.items() if count > LARGEST_PAGE} == {}
