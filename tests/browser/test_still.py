"""The composer's page never moves: only what scrolls inside it does, and an opened block begins at
its top."""

import pytest
from playwright.sync_api import Page, expect

from journeys.gallery.samples import cart_reminder
from journeys.models import Journey
from tests.browser.acting import add_from_palette, come_in, drawn, open_card, settled
from tests.browser.test_problems_drawer import with_emails
from tests.people import started

pytestmark = pytest.mark.django_db(transaction=True)

MOVED = """() => [...document.querySelectorAll("html, body, body *")]
  .filter((one) => one.scrollTop || one.scrollLeft)
  .filter((one) => one.localName === "html" || !/auto|scroll/.test(getComputedStyle(one).overflow))
  .filter((one) => !one.matches("input, textarea, select"))
  .map((one) => `${one.localName}.${one.className} by ${one.scrollTop}, ${one.scrollLeft}`)"""
CAN_MOVE = """() => { scrollTo(0, 999); const far = scrollY; scrollTo(0, 0); return far; }"""


@pytest.fixture
def cart(tenant, maya) -> Journey:
    """With a split by conditions, whose form is long, and problems in several blocks."""
    return with_emails(started(cart_reminder(), tenant, maya), 3)


def moved(page: Page) -> list[str]:
    expect(page.locator(".htmx-request")).to_have_count(0)
    settled(page)
    drawn(page)
    return page.evaluate(MOVED)


def shown(page: Page, journey: Journey, view: str) -> Page:
    come_in(page, "maya")
    page.goto(f"/journeys/{journey.pk}/?view={view}")
    if view == "path":
        page.get_by_role("button", name="Fit", exact=True).click()
    return page


@pytest.mark.parametrize("view", ["path", "list", "json"])
def test_going_to_a_problem_never_moves_the_page(page: Page, cart: Journey, view: str):
    shown(page, cart, view)
    rows = page.locator("#problems [data-severity]")
    for number in range(rows.count()):
        page.keyboard.press("F8")
        expect(rows.nth(number)).to_have_attribute("data-here", "")
        assert moved(page) == []
    for number in (0, rows.count() - 1):
        rows.nth(number).get_by_role("button", name="Go to").click()
        assert moved(page) == []
    assert page.evaluate(CAN_MOVE) == 0


@pytest.mark.parametrize("view", ["path", "list"])
def test_no_other_way_to_a_step_moves_the_page(page: Page, cart: Journey, view: str):
    shown(page, cart, view)
    open_card(page, "Gold customer?")
    assert moved(page) == []
    for _times in range(60):  # through the whole form and what comes after it
        page.keyboard.press("Tab")
    assert moved(page) == []
    page.get_by_role("button", name="Find in this journey").click()
    page.keyboard.insert_text("email")
    for _times in range(3):
        page.keyboard.press("Enter")
        assert moved(page) == []
    page.keyboard.press("Escape")
    add_from_palette(page, "Exit criteria")
    assert moved(page) == []
    page.keyboard.press("Control+End")
    page.keyboard.press("End")
    assert moved(page) == []


def test_a_link_to_a_field_does_not_move_the_page(page: Page, cart: Journey):
    come_in(page, "maya")
    split = next(key for key in keys(cart) if "MULTICRITERIA" in key)
    for field in ("", "name", "outcomes[0]", "configurationArguments"):
        page.goto(f"/journeys/{cart.pk}/?view=path&kind=activity&key={split}&field={field}#panel")
        assert moved(page) == []


def keys(journey: Journey) -> list[str]:
    return [step["key"] for step in journey.head.document()["activities"]]


@pytest.mark.parametrize("view", ["path", "list"])
def test_an_opened_block_begins_at_its_top(page: Page, cart: Journey, view: str):
    shown(page, cart, view)
    page.locator("[data-side]").evaluate("(side) => { side.scrollTop = 400; }")
    open_card(page, "Gold customer?")
    settled(page)
    assert page.evaluate("document.querySelector('[data-side]').scrollTop") == 0
    page.locator("[data-side]").evaluate("(side) => { side.scrollTop = 300; }")
    field = page.locator("#panel .block-form [name=name]")
    field.fill("Gold?")  # what is saved leaves the open block where it is read
    page.locator("[data-side]").evaluate("(side) => { side.scrollTop = 300; }")
    field.evaluate("(field) => field.blur()")
    expect(page.locator("[data-key=undo]")).to_contain_text("Gold?")
    assert page.evaluate("document.querySelector('[data-side]').scrollTop") == 300
