"""The small map of the Path covers nothing that is looked at."""

import pytest
from playwright.sync_api import Page, expect

from journeys.gallery.samples import cart_reminder
from journeys.models import Journey
from tests.browser.acting import card, come_in, drawn
from tests.people import started

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.one_database]

OVERLAP = """() => {
  const map = document.querySelector("[data-map]");
  if (!map.checkVisibility()) return [];
  const { left, right, top, bottom } = map.getBoundingClientRect();
  return [...document.querySelectorAll("#path [data-card]:is([aria-current], [data-hit], :focus)")]
    .filter((card) => {
      const box = card.querySelector(".body").getBoundingClientRect();
      return box.left < right && box.right > left && box.top < bottom && box.bottom > top;
    })
    .map((card) => card.getAttribute("aria-label"));
}"""
IN_CORNER = """(card) => {
  const frame = document.querySelector("[data-ground]").getBoundingClientRect();
  const box = card.querySelector(".body").getBoundingClientRect();
  const by = { deltaX: box.right - (frame.right - 24), deltaY: box.bottom - (frame.bottom - 24) };
  const wheel = new WheelEvent("wheel", { ...by, bubbles: true, cancelable: true });
  document.querySelector("[data-ground]").dispatchEvent(wheel);
}"""


@pytest.fixture
def canvas(page: Page, tenant, maya) -> Page:
    journey: Journey = started(cart_reminder(), tenant, maya)
    come_in(page, "maya")
    page.goto(f"/journeys/{journey.pk}/?view=path")
    page.locator("[data-ground]").focus()
    page.keyboard.press("0")
    expect(page.locator("[data-map]")).to_be_visible()
    return page


def test_it_never_covers_the_step_that_is_open_has_the_focus_or_is_found(canvas: Page):
    steps = canvas.locator("#path [data-card]")
    for number in range(steps.count()):
        steps.nth(number).focus()
        steps.nth(number).evaluate(IN_CORNER)
        drawn(canvas)
        assert canvas.evaluate(OVERLAP) == []
    canvas.keyboard.press("Enter")
    expect(steps.last).to_have_attribute("aria-current", "true")
    drawn(canvas)
    assert canvas.evaluate(OVERLAP) == []


def test_it_makes_room_for_a_hit_that_is_in_sight(canvas: Page):
    wanted = card(canvas, "Gold customer?")
    wanted.evaluate(IN_CORNER)
    drawn(canvas)
    canvas.get_by_role("button", name="Find in this journey").click()
    canvas.keyboard.insert_text("Gold customer?")
    expect(wanted).to_have_attribute("data-hit", "")
    drawn(canvas)
    assert canvas.evaluate(OVERLAP) == []
