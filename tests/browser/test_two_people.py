"""Two people in two windows at one journey: each sees what became of what they typed."""

import pytest
from playwright.sync_api import Page, expect

from journeys.models import Journey
from journeys.spec import graph
from tests.browser.acting import come_in, fill, open_card


def step(journey: Journey, key: str = "WAITBYDURATION-1") -> dict | None:
    document = Journey.objects.get(pk=journey.pk).head.document()
    return graph.steps(document).get(key)


@pytest.fixture
def other(page: Page, browser, live_server, journey: Journey):
    """Miles, in a window of his own, with the same journey open."""
    context = browser.new_context(base_url=page.url if False else live_server.url)
    window = context.new_page()
    come_in(window, "miles")
    window.goto(f"/journeys/{journey.pk}/?view=path")
    yield window
    context.close()


@pytest.fixture
def both(page: Page, other: Page, journey: Journey) -> tuple[Page, Page]:
    come_in(page, "maya")
    page.goto(f"/journeys/{journey.pk}/?view=path")
    for window in (page, other):
        open_card(window, "Wait 2 days")
    return page, other


def test_it_asks_field_by_field_and_saves_what_was_chosen(both, journey: Journey):
    mine, theirs = both
    fill(theirs, "How long", "5")
    fill(theirs, "Name on the path", "Cool off")
    mine.get_by_label("How long").fill("4")
    expect(mine.get_by_role("alert")).to_contain_text("Miles Marketer saved this step")
    mine.set_viewport_size({"width": 1280, "height": 720})
    mine.screenshot(path="/tmp/conflict/fields.png")
    mine.evaluate("document.documentElement.dataset.bsTheme='dark'")
    mine.screenshot(path="/tmp/conflict/fields-dark.png")
