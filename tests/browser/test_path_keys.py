"""The Path by keys: walking, marking, zooming, and moving the canvas with Space."""

import pytest
from playwright.sync_api import Locator, Page, expect

from journeys.gallery.samples import cart_reminder
from tests.browser.acting import come_in, drawn
from tests.people import started

pytestmark = pytest.mark.django_db(transaction=True)
STEPS = '#path [data-card][data-kind="activity"]'


@pytest.fixture
def canvas(page: Page, tenant, maya) -> Page:
    """A canvas with two splits and a join."""
    cart = started(cart_reminder(), tenant, maya)
    page.set_viewport_size({"width": 1920, "height": 1080})
    come_in(page, "maya")
    page.goto(f"/journeys/{cart.pk}/")
    page.get_by_role("button", name="Fit").click()
    page.evaluate("document.activeElement.blur()")
    return page


def card(page: Page, sentence: str) -> Locator:
    return page.locator(f'#path [data-card][aria-label^="{sentence}"]')


def marked(page: Page) -> list[str]:
    return page.locator("#path [data-selected]").evaluate_all(
        "all => all.map(one => one.dataset.key)"
    )


def key_of(place: Locator) -> str:
    return place.get_attribute("data-key") or ""


def middle(place: Locator) -> tuple[float, float]:
    box = place.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def zoom(page: Page) -> int:
    return int(page.locator("[data-zoom-shown]").inner_text().removesuffix(" %"))


def turn_single_keys(page: Page) -> None:
    page.get_by_label("Export and more").click()
    page.get_by_role("button", name="Keyboard shortcuts").click()
    page.get_by_label("Shortcuts of a single letter or sign are on").click()
    page.keyboard.press("Escape")
    page.evaluate("document.activeElement.blur()")


def drag_with_space(page: Page, start: tuple[float, float], dx: int, dy: int) -> None:
    page.keyboard.down(" ")
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(start[0] + dx / 2, start[1] + dy / 2)
    page.mouse.move(start[0] + dx, start[1] + dy)
    page.mouse.up()
    page.keyboard.up(" ")


def test_all_steps_are_marked_at_once(canvas: Page):
    card(canvas, "Wait 4 hours").focus()
    canvas.keyboard.press("Control+a")
    assert marked(canvas) == canvas.locator(STEPS).evaluate_all(
        "all => all.map(one => one.dataset.key)"
    )
    canvas.keyboard.press("Escape")
    assert marked(canvas) == []


def test_shift_marks_the_steps_on_the_way_and_takes_them_back(canvas: Page):
    first, second = card(canvas, "Wait 4 hours"), card(canvas, "Send Cart reminder")
    first.focus()
    canvas.keyboard.press("Shift+ArrowRight")
    walked = canvas.locator("#path [data-card]:focus")
    assert sorted(marked(canvas)) == sorted([key_of(first), key_of(walked)])
    canvas.keyboard.press("Shift+ArrowRight")
    assert len(marked(canvas)) == 3
    canvas.keyboard.press("Shift+ArrowLeft")
    canvas.keyboard.press("Shift+ArrowLeft")
    expect(first).to_be_focused()
    assert marked(canvas) == [key_of(first)]
    canvas.keyboard.press("ArrowRight")
    assert marked(canvas) == [key_of(first)]
    expect(second).to_be_visible()


def test_home_and_end_lead_to_the_first_and_the_last_block(canvas: Page):
    card(canvas, "Wait 4 hours").focus()
    canvas.keyboard.press("End")
    last = canvas.locator("#path [data-card]:focus .body").bounding_box()["x"]
    assert last == max(
        one.bounding_box()["x"] for one in canvas.locator("#path [data-card] .body").all()
    )
    canvas.keyboard.press("Home")
    assert canvas.locator("#path [data-card]:focus").get_attribute("data-kind") == "trigger"


def test_plus_and_minus_zoom(canvas: Page):
    canvas.keyboard.press("0")
    expect(canvas.locator("[data-zoom-shown]")).to_have_text("100 %")
    canvas.keyboard.press("+")
    expect(canvas.locator("[data-zoom-shown]")).to_have_text("125 %")
    canvas.keyboard.press("-")
    canvas.keyboard.press("-")
    expect(canvas.locator("[data-zoom-shown]")).to_have_text("80 %")
    canvas.keyboard.press("1")
    expect(canvas.locator("[data-zoom-shown]")).not_to_have_text("80 %")


def test_single_signs_do_nothing_when_they_are_turned_off(canvas: Page):
    turn_single_keys(canvas)
    before = zoom(canvas)
    for sign in ("+", "-", "0", "1", "="):
        canvas.keyboard.press(sign)
    card(canvas, "Wait 4 hours").focus()
    canvas.keyboard.press("+")
    expect(canvas.locator("#chooser")).to_be_hidden()
    assert zoom(canvas) == before
    turn_single_keys(canvas)
    canvas.keyboard.press("0")
    expect(canvas.locator("[data-zoom-shown]")).to_have_text("100 %")
    card(canvas, "Wait 4 hours").focus()
    canvas.keyboard.press("+")
    expect(canvas.locator("#chooser")).to_be_visible()


def test_space_moves_the_canvas_wherever_the_pointer_is(canvas: Page):
    assert canvas.evaluate(
        "document.activeElement === document.body"
    )  # as after the page was loaded
    wait = card(canvas, "Wait 4 hours")
    before = wait.bounding_box()
    drag_with_space(canvas, middle(wait), -80, 60)
    expect(canvas.locator("#path [data-lifted], [data-ghost]:visible")).to_have_count(0)
    drawn(canvas)
    assert wait.bounding_box()["x"] == pytest.approx(before["x"] - 80, abs=1)
    assert wait.bounding_box()["y"] == pytest.approx(before["y"] + 60, abs=1)
    expect(canvas.locator("#based-on")).to_have_value("1")
    expect(canvas.locator("#panel")).to_have_attribute("data-kind", "journey")  # nor was it a click


def test_space_marks_a_step_only_when_nothing_was_moved_with_it(canvas: Page):
    wait = card(canvas, "Wait 4 hours")
    wait.focus()
    for _ in range(3):
        canvas.keyboard.down(" ")  # held down, a key repeats itself
    assert marked(canvas) == []
    canvas.keyboard.up(" ")
    assert marked(canvas) == [key_of(wait)]
    drag_with_space(canvas, middle(wait), 40, 0)
    assert marked(canvas) == [key_of(wait)]
    canvas.keyboard.press(" ")
    assert marked(canvas) == []
