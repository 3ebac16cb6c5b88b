"""What the composer is to people with other screens: a phone, Windows' own colours, motion,
paper."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Browser, Locator, Page, expect

from journeys.gallery.samples import cart_reminder
from journeys.models import Journey
from tests.browser.acting import come_in
from tests.people import started

pytestmark = pytest.mark.django_db(transaction=True)
LOOK = """card => {
  const { stroke, strokeWidth, strokeDasharray } = getComputedStyle(card.querySelector(".body"));
  return [stroke, strokeWidth, strokeDasharray];
}"""


@pytest.fixture
def cart(tenant, maya: User) -> Journey:
    return started(cart_reminder(), tenant, maya)


@pytest.fixture
def phone(browser: Browser, base_url: str, cart: Journey) -> Iterator[Page]:
    context = browser.new_context(
        base_url=base_url, viewport={"width": 390, "height": 844}, has_touch=True
    )
    page = context.new_page()
    come_in(page, "maya")
    yield page
    context.close()


@pytest.fixture
def moving(browser: Browser, base_url: str, journey: Journey) -> Iterator[Page]:
    """A page of somebody who has nothing against motion."""
    viewport = {"width": 1920, "height": 1080}
    context = browser.new_context(
        base_url=base_url, viewport=viewport, reduced_motion="no-preference"
    )
    page = context.new_page()
    come_in(page, "maya")
    page.goto(f"/journeys/{journey.pk}/")
    yield page
    context.close()


def card(page: Page, sentence: str) -> Locator:
    return page.locator(f'#path [data-card][aria-label^="{sentence}"]')


def is_as_wide_as_the_screen(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_list_reads_on_a_phone(phone: Page, cart: Journey):
    phone.goto(f"/journeys/{cart.pk}/?view=list")
    row = phone.locator("#outline [data-card]", has_text="Wait 4 hours")
    row.tap()
    expect(phone.locator("[data-panel-title]")).to_have_text("Wait 4 hours")
    expect(phone.get_by_label("How long")).to_have_value("4")
    assert is_as_wide_as_the_screen(phone)
    last = phone.locator("#outline [data-card]").last
    last.scroll_into_view_if_needed()
    expect(last).to_be_in_viewport()
    box = last.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 390


def test_the_pages_of_ones_account_fit_a_phone(phone: Page, settings):
    """With the header's entries, each of them in sight."""
    settings.DEMO = True
    phone.goto("/account/second-factor/totp/activate/")
    assert is_as_wide_as_the_screen(phone)
    expect(phone.locator("#authenticator_secret")).to_be_in_viewport(ratio=1)
    for entry in phone.locator(".top-nav a").all():
        expect(entry).to_be_in_viewport(ratio=1)
    phone.locator("summary:has(.avatar)").click()
    phone.get_by_role("button", name="Sign out").click()
    phone.goto("/sign-in/")
    expect(phone.get_by_text("Miles Marketer")).to_be_visible()
    assert is_as_wide_as_the_screen(phone)


def test_the_json_reads_on_a_phone(phone: Page, cart: Journey):
    phone.goto(f"/journeys/{cart.pk}/?view=json")
    view = phone.locator("[data-json-view]")
    expect(view.locator(".json-line").first).to_have_text("{")
    view.locator(".json-line", has_text='"eventDefinitionKey"').first.tap()
    expect(phone.locator("#panel")).to_have_attribute("data-kind", "trigger")
    view.evaluate("view => { view.scrollTop = view.scrollHeight; }")
    expect(view.locator(".json-line").last).to_have_text("}")
    assert is_as_wide_as_the_screen(phone)


def test_windows_own_colours_tell_selection_problem_and_focus_apart(page: Page, cart: Journey):
    page.emulate_media(forced_colors="active")
    come_in(page, "maya")
    page.goto(f"/journeys/{cart.pk}/")
    plain, chosen = card(page, "Send Cart reminder"), card(page, "Wait 4 hours")
    chosen.click()
    expect(chosen).to_have_attribute("aria-current", "true")
    looks = {"plain": plain.evaluate(LOOK), "chosen": chosen.evaluate(LOOK)}
    assert looks["plain"] != looks["chosen"] and looks["chosen"][1] == "3px"
    badge = chosen.locator(".tally").evaluate("one => getComputedStyle(one).fill")
    ground = chosen.locator(".body").evaluate("one => getComputedStyle(one).fill")
    number = chosen.locator(".count").evaluate("one => getComputedStyle(one).fill")
    assert badge != ground and number != badge
    plain.focus()
    page.keyboard.press("ArrowRight")
    focused = page.locator("#path [data-card]:focus")
    assert focused.evaluate("one => getComputedStyle(one).outlineStyle") == "solid"
    assert chosen.evaluate("one => getComputedStyle(one).outlineStyle") == "none"
    page.keyboard.press(" ")
    marked = focused.evaluate(LOOK)
    assert marked not in looks.values() and marked[2] != "none"  # dashed


def test_a_moved_card_glides_and_ends_in_its_place(moving: Page, journey: Journey):
    moving.evaluate("""() => {
      window.glides = [];
      const animate = Element.prototype.animate;
      Element.prototype.animate = function (frames, options) {
        window.glides.push([this.id, frames, options.duration]);
        return animate.call(this, frames, options);
      };
    }""")
    wait = card(moving, "Wait 2 days")
    shape, before = wait.get_attribute("id"), wait.get_attribute("transform")
    wait.focus()
    moving.keyboard.press("Alt+ArrowRight")
    expect(moving.locator("#based-on")).to_have_value("2")
    after = wait.get_attribute("transform")
    assert after != before
    glides = moving.evaluate("window.glides")
    frames, duration = next(
        (frames, duration) for name, frames, duration in glides if name == shape
    )
    assert "translate" in frames[0]["transform"] and frames[0] != frames[1]
    assert duration < 200
    moving.wait_for_function("() => !document.getAnimations().length")
    moved = wait.evaluate(
        "one => { const { e, f } = one.transform.baseVal[0].matrix; return `translate(${e}"
        " ${f})`; }"
    )
    assert moved == after
    assert wait.evaluate("one => getComputedStyle(one).transform").startswith("matrix(1, 0, 0, 1")


def test_nothing_glides_for_people_who_asked_for_no_motion(page: Page, journey: Journey):
    come_in(page, "maya")
    page.goto(f"/journeys/{journey.pk}/")
    page.evaluate("() => { Element.prototype.animate = () => { throw new Error('it moved'); }; }")
    card(page, "Wait 2 days").focus()
    page.keyboard.press("Alt+ArrowRight")
    expect(page.locator("#based-on")).to_have_value("2")


def test_the_picture_is_downloaded_from_the_menu(page: Page, cart: Journey, tmp_path: Path):
    come_in(page, "maya")
    page.goto(f"/journeys/{cart.pk}/")
    page.get_by_label("Export and more").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the picture as SVG").click()
    assert download.value.suggested_filename == "cart-reminder.svg"
    download.value.save_as(tmp_path / "picture.svg")
    picture = (tmp_path / "picture.svg").read_text()
    assert picture.lstrip().startswith(("<svg", "<?xml"))
    assert "Wait 4 hours" in picture


def test_the_print_view_is_opened_from_the_menu(page: Page, cart: Journey):
    come_in(page, "maya")
    page.goto(f"/journeys/{cart.pk}/")
    page.get_by_label("Export and more").click()
    page.get_by_role("link", name="Print view").click()
    page.wait_for_url("**/print/")
    expect(page.get_by_role("heading", name="Cart reminder").first).to_be_visible()
    expect(page.locator("svg").first).to_be_visible()
    page.emulate_media(media="print")
    expect(page.get_by_text("Wait 4 hours").last).to_be_visible()
    expect(page.locator(".top-bar")).to_be_hidden()
