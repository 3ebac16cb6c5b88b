"""Search inside the journey, over the Path, the List and the JSON."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from journeys.gallery.samples import cart_reminder
from tests.browser.acting import come_in
from tests.people import started

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shown(page: Page, tenant, maya) -> Callable[[str], Page]:
    """Shows the cart reminder in one of the views."""
    cart = started(cart_reminder(), tenant, maya)
    come_in(page, "maya")

    def show(view: str) -> Page:
        page.goto(f"/journeys/{cart.pk}/?view={view}")
        return page

    return show


def count(page: Page) -> Locator:
    return page.locator("[data-find-count]")


def found(page: Page) -> Locator:
    return page.locator(".stage-body [data-hit]")


@pytest.mark.parametrize("view", ["path", "list"])
def test_it_finds_names_types_and_values(shown: Callable[[str], Page], view: str):
    page = shown(view)
    page.keyboard.press("Control+f")
    expect(page.locator("[data-find-text]")).to_be_focused()
    page.keyboard.insert_text("gold")
    expect(count(page)).to_have_text("1 of 3")
    expect(page.locator('[data-hit][aria-label*="Gold customer?"]')).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(count(page)).to_have_text("2 of 3")
    page.keyboard.press("Shift+Enter")
    expect(count(page)).to_have_text("1 of 3")
    page.locator("[data-find-text]").fill("3010")
    expect(page.locator('[data-hit][aria-label*="Send Cart reminder"]')).to_be_in_viewport()
    page.keyboard.press("Escape")
    expect(page.locator('[data-card][aria-label*="Send Cart reminder"]')).to_be_focused()
    expect(found(page)).to_have_count(0)
    page.get_by_role("button", name="Find in this journey").click()
    page.locator("[data-find-text]").fill("no such thing")
    expect(count(page)).to_have_text("Not found")
    page.get_by_role("button", name="Close", exact=True).first.click()
    expect(page.locator("[data-find]")).to_be_hidden()


def test_it_finds_a_step_and_not_those_that_lead_to_it(shown: Callable[[str], Page]):
    page = shown("list")
    page.keyboard.press("Control+f")
    page.keyboard.insert_text("UPDATECONTACTDATA-1")
    expect(count(page)).to_have_text("1 of 1")
    expect(page.locator("[data-hit]")).to_have_attribute("data-key", "UPDATECONTACTDATA-1")


def test_it_unfolds_the_row_of_a_hit(shown: Callable[[str], Page]):
    page = shown("list")
    split = page.locator('#outline [data-card][aria-expanded][aria-label*="Gold customer?"]')
    split.focus()
    page.keyboard.press("ArrowLeft")
    expect(split).to_have_attribute("aria-expanded", "false")
    inside = page.locator('#outline [data-card][aria-label*="Send Cart reminder"]')
    expect(inside).to_be_hidden()
    page.keyboard.press("Control+f")
    page.keyboard.insert_text("3010")  # the id of its email
    expect(inside).to_be_in_viewport()
    expect(split).to_have_attribute("aria-expanded", "true")


def test_it_finds_lines_of_the_json_that_are_not_drawn_yet(shown: Callable[[str], Page]):
    page = shown("json")
    expect(page.locator(".json-line").first).to_be_visible()
    source = page.locator("#document-source").input_value().split("\n")
    lines = [number for number, line in enumerate(source, 1) if "waitduration" in line.lower()]
    page.keyboard.press("Control+f")
    page.keyboard.insert_text("waitDuration")
    for at, number in enumerate(lines, 1):
        expect(count(page)).to_have_text(f"{at} of {len(lines)}")
        expect(found(page)).to_have_attribute("data-number", str(number))
        expect(found(page)).to_be_in_viewport()
        page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(page.locator("[data-json-view]")).to_be_focused()
    expect(found(page)).to_have_count(0)
