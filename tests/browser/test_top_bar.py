"""The composer's top bar: the name in place, and whether the draft is saved."""

import pytest
from playwright.sync_api import Page, expect

from journeys.models import Journey
from tests.browser.acting import card, come_in, open_card

pytestmark = pytest.mark.django_db(transaction=True)


def name_of(journey: Journey) -> str:
    return Journey.objects.get(pk=journey.pk).name


def test_the_name_is_changed_in_place(composer: Page, journey: Journey):
    open_card(composer, "Wait 2 days")
    composer.get_by_role("heading", level=1).get_by_role("button").click()
    field = composer.get_by_label("Name of the journey")
    expect(field).to_be_focused()
    composer.keyboard.type("Spring sale")  # the old one was selected
    composer.keyboard.press("Enter")
    expect(composer.get_by_role("heading", name="Spring sale", level=1)).to_be_visible()
    expect(composer.locator("[data-panel-title]")).to_have_text("Wait 2 days")
    expect(composer.locator("[data-key=undo]")).to_have_attribute(
        "title", "Undo: Name: “Welcome series” → “Spring sale”"
    )
    assert name_of(journey) == "Spring sale"


def test_escape_takes_it_back_and_leaving_saves_it(composer: Page, journey: Journey):
    was = name_of(journey)
    name = composer.get_by_role("heading", level=1).get_by_role("button")
    name.focus()
    composer.keyboard.press("F2")
    composer.keyboard.type("Another")
    composer.keyboard.press("Escape")
    expect(name).to_be_focused()
    expect(name).to_have_text(was)
    composer.keyboard.press("Enter")
    composer.keyboard.press("Tab")  # nothing was typed, nothing is sent
    name.click()
    composer.keyboard.type("Left")
    composer.locator("#panel h2").first.click()
    expect(composer.get_by_role("heading", name="Left", level=1)).to_be_visible()
    expect(composer.locator("#based-on")).to_have_value("2")


def test_it_asks_for_a_name(composer: Page, journey: Journey):
    composer.get_by_role("heading", level=1).get_by_role("button").click()
    composer.keyboard.press("Delete")
    composer.keyboard.press("Enter")
    expect(composer.get_by_role("alert")).to_have_text("A journey needs a name. Enter one.")
    expect(composer.get_by_role("heading", name=name_of(journey), level=1)).to_be_visible()


def test_whoever_only_reads_does_not_rename(page: Page, journey: Journey, people):
    come_in(page, "rob")
    page.goto(f"/journeys/{journey.pk}/")
    expect(page.get_by_role("heading", name=name_of(journey), level=1)).to_be_visible()
    expect(page.locator("[data-rename-journey], [data-journey-name]")).to_have_count(0)


@pytest.mark.parametrize("width", [1280, 1024, 390])
def test_it_says_whether_it_is_saved_at_any_width(composer: Page, width: int):
    composer.set_viewport_size({"width": width, "height": 720})
    expect(composer.locator("[data-saved]")).to_be_visible()
    open_card(composer, "Wait 2 days")
    composer.context.set_offline(True)
    composer.get_by_label("How long").fill("9")
    said = composer.locator("[data-not-saved]")
    expect(said).to_have_text("Offline: your change is kept here and sent when the line is back")
    expect(said).to_be_visible()
    assert composer.evaluate("document.documentElement.scrollWidth") <= width
    bar = composer.locator("#status").bounding_box()
    inside = composer.locator("#status > *:visible, #status .top-end > *:visible").all()
    for box in [one.bounding_box() for one in inside]:
        assert box["x"] >= 0 and box["x"] + box["width"] <= width
        assert box["y"] >= bar["y"] and box["y"] + box["height"] <= bar["y"] + bar["height"] + 1
    composer.screenshot(path=f"/tmp/shot-{width}.png")
    composer.context.set_offline(False)
    expect(card(composer, "Wait 9 days")).to_be_visible()


def test_the_name_is_shown_whole_where_there_is_room(composer: Page):
    name = composer.get_by_role("heading", level=1).get_by_role("button")
    assert name.evaluate("button => button.scrollWidth - button.clientWidth") == 0
