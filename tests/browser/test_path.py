"""The Path in a real browser."""

import pytest
from playwright.sync_api import Locator, Page, expect

from journeys.models import Journey
from tests.browser.acting import sign_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def canvas(page: Page, journey: Journey) -> Page:
    sign_in(page, "maya")
    page.goto(f"/journeys/{journey.pk}/")
    return page


def document(journey: Journey) -> dict:
    return Journey.objects.get(pk=journey.pk).head.document()


def card(page: Page, sentence: str) -> Locator:
    return page.locator(f'#path [data-card][aria-label^="{sentence}"]')


def gap(page: Page, said: str) -> Locator:
    return page.locator(f'#path [data-gap][aria-label="{said}"]')


def order(journey: Journey) -> list[str]:
    return [step["key"].rpartition("-")[0] for step in document(journey)["activities"]]


def test_it_opens_blocks_and_adds_steps_where_the_plus_is(canvas: Page, journey: Journey):
    expect(canvas.get_by_role("link", name="Path", exact=True)).to_have_attribute("aria-current", "page")
    card(canvas, "Wait 2 days").click()
    expect(canvas.locator("[data-panel-title]")).to_have_text("Wait 2 days")
    expect(card(canvas, "Wait 2 days")).to_have_attribute("aria-current", "true")
    same = card(canvas, "Wait 2 days").element_handle()
    gap(canvas, "Add a step after “Send Welcome 1”").click()
    expect(canvas.locator("#chooser").get_by_role("searchbox")).to_be_focused()
    canvas.keyboard.type("em")
    canvas.keyboard.press("Enter")
    expect(canvas.locator("[data-panel-title]")).to_have_text("Send email")
    expect(card(canvas, "Send email, day 0, 1 problem")).to_have_attribute("aria-current", "true")
    assert order(journey)[:3] == ["EMAILV2", "EMAILV2", "WAITBYDURATION"]
    assert same.evaluate("node => node.isConnected")  # moved, not made anew
    canvas.locator("[data-key=undo]").click()
    expect(card(canvas, "Send email")).to_have_count(0)
    gap(canvas, "Add a step at the start").click()
    assert canvas.locator("#chooser .palette-item:visible").first.inner_text().strip() == "Send email"
    expect(canvas.locator("#chooser")).to_contain_text("Recently used")
    assert canvas.locator("#chooser .palette-item:visible", has_text="API event").count() == 0


def test_it_takes_over_what_the_form_saves(canvas: Page):
    card(canvas, "Wait 2 days").click()
    field = canvas.locator("[data-panel]").get_by_label("How long", exact=True)
    field.fill("4")
    field.blur()
    expect(card(canvas, "Wait 4 days, day 0")).to_be_visible()
    behind = card(canvas, "Which second email?, day 4")
    expect(behind.locator(".day")).to_have_text("day 4")
    expect(card(canvas, "Which second email?, day 4")).to_be_visible()


def test_an_empty_journey_is_begun_in_place(page: Page, people, tenant):
    sign_in(page, "maya")
    page.goto("/journeys/new/")
    page.get_by_label("Name", exact=False).first.fill("In place")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Choose how contacts enter").click()
    page.keyboard.type("api")
    page.keyboard.press("Enter")
    expect(page.locator('#path [data-kind="trigger"]')).to_have_count(1)
    page.get_by_role("button", name="Add the first step").click()
    page.keyboard.type("wa")
    page.keyboard.press("Enter")
    expect(card(page, "Wait 1 day")).to_be_visible()
    page.get_by_role("button", name="Goal and exit").click()
    page.keyboard.type("goal")
    page.keyboard.press("Enter")
    expect(page.locator('#path [data-kind="goal"]')).to_be_visible()
    expect(page.locator("#path .place")).to_have_count(0)


def test_it_is_walked_and_composed_with_keys(canvas: Page, journey: Journey):
    canvas.locator("#path [data-card][tabindex='0']").focus()
    for _ in range(3):
        canvas.keyboard.press("ArrowRight")
    expect(card(canvas, "Which second email?")).to_be_focused()
    canvas.keyboard.press("ArrowRight")
    canvas.keyboard.press("ArrowDown")
    expect(card(canvas, "Send Welcome 2, offer")).to_be_focused()
    canvas.keyboard.press("+")
    canvas.keyboard.type("wa")
    canvas.keyboard.press("Enter")
    expect(canvas.locator(".block-form :focus")).to_have_count(1)
    assert order(journey).count("WAITBYDURATION") == 3
    canvas.keyboard.press("Escape")
    expect(card(canvas, "Wait 1 day")).to_be_focused()


def test_the_view_is_zoomed_panned_and_kept(canvas: Page):
    shown = canvas.locator("[data-zoom-shown]")
    canvas.keyboard.press("1")
    canvas.keyboard.press("0")
    expect(shown).to_have_text("100 %")
    ground = canvas.locator("[data-ground]").bounding_box()
    canvas.mouse.move(ground["x"] + 40, ground["y"] + 40)
    canvas.keyboard.down("Control")
    canvas.mouse.wheel(0, 60)
    canvas.keyboard.up("Control")
    expect(shown).to_have_text("61 %")
    before = card(canvas, "Wait 2 days").bounding_box()
    canvas.mouse.down()
    canvas.mouse.move(ground["x"] + 140, ground["y"] + 90, steps=4)
    canvas.mouse.up()
    after = card(canvas, "Wait 2 days").bounding_box()
    assert (round(after["x"] - before["x"]), round(after["y"] - before["y"])) == (100, 50)
    canvas.reload()
    expect(shown).to_have_text("61 %")
    again = card(canvas, "Wait 2 days").bounding_box()
    assert abs(again["x"] - after["x"]) < 1 and abs(again["y"] - after["y"]) < 1
