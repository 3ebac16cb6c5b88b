"""A journey too large to be drawn: the Path says so and shows the List, which stands on pages and
holds every step."""

import pytest
from playwright.sync_api import Page, expect

from journeys.screens.size import ROWS_OF_A_PAGE
from tests.browser.acting import come_in
from tests.growth import page_shapes as shapes
from tests.people import started

pytestmark = pytest.mark.django_db(transaction=True)


def test_it_shows_the_list_of_what_it_cannot_draw_and_reaches_every_step(page: Page, tenant, maya):
    document = shapes.journey(shapes.chain, 1990)
    document["activities"][7]["name"] = "Meet again"
    journey = started(document, tenant, maya)
    come_in(page, "maya")
    page.goto(f"/journeys/{journey.pk}/")
    expect(page.locator("#not-drawn")).to_contain_text(
        "With 1,990 steps, this journey is larger than can be drawn well."
    )
    expect(page.locator("#tree-steps > [role=treeitem]")).to_have_count(ROWS_OF_A_PAGE)
    first, last = (
        page.locator("#tree-steps > [role=treeitem]").first,
        page.locator("#tree-steps > [role=treeitem]").last,
    )
    last.focus()
    page.keyboard.press("ArrowDown")  # over the edge of the page
    expect(first).to_have_attribute("data-key", f"S{ROWS_OF_A_PAGE}")
    expect(first).to_be_focused()
    page.keyboard.press("End")
    expect(page.locator("[data-card][data-key=S1989]")).to_be_visible()
    page.keyboard.press("Control+f")
    page.keyboard.type("Meet again")
    expect(page.locator("[data-card][data-hit]")).to_have_attribute("data-key", "S7")
    page.keyboard.press("Escape")
    page.locator("#rows-end").click()
    page.locator("[data-card][data-key=S1988]").click()
    expect(page.locator("[data-panel]")).to_have_attribute("data-key", "S1988")
    page.locator("#problems-list [data-go]").nth(
        3
    ).click()  # leads to the page on which its block stands
    expect(page.locator("#tree-steps [aria-current]")).to_be_in_viewport()
