"""What a new user stumbled over in the composer: the find box, a reload, a picker's keys, and what
a change ends."""

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from journeys.models import Journey
from tests.browser.acting import card, come_in, fill, open_card

pytestmark = pytest.mark.django_db(transaction=True)


def test_it_says_what_a_change_ends_before_and_no_more_after_it(
    composer: Page, journey: Journey, maya: User, rob: User
) -> None:
    ends = composer.locator("#ends")
    expect(ends).to_be_hidden()
    journey.request_review(maya)
    composer.reload()
    expect(ends).to_contain_text("Any change ends this review")
    open_card(composer, "Wait 2 days")
    fill(composer, "How long", "4")
    expect(ends).to_be_hidden()
    Journey.objects.get(pk=journey.pk).request_review(maya).approve(rob)
    composer.reload()
    expect(ends).to_contain_text("Any change ends the approval")


def test_find_opens_from_an_empty_space_and_the_list_stays_where_it_was(composer: Page) -> None:
    composer.set_viewport_size({"width": 1280, "height": 420})
    stage = composer.locator(".stage-body")
    card(composer, "Send Welcome 1").first.click()
    stage.evaluate("box => { box.scrollTop = 100; }")
    composer.reload()
    expect(card(composer, "Wait 2 days").first).to_be_visible()
    assert stage.evaluate("box => box.scrollTop") == 100
    box = stage.bounding_box()
    composer.mouse.click(box["x"] + 6, box["y"] + 30)
    composer.keyboard.press("Control+f")
    expect(composer.locator("[data-find-text]")).to_be_focused()


def test_the_path_finds_from_an_empty_space(page: Page, journey: Journey) -> None:
    come_in(page, "maya")
    page.goto(f"/journeys/{journey.pk}/?view=path")
    box = page.locator("[data-ground]").bounding_box()
    page.mouse.click(box["x"] + box["width"] - 30, box["y"] + 12)
    page.keyboard.press("Control+f")
    expect(page.locator("[data-find-text]")).to_be_focused()


def test_the_steps_are_a_few_keys_away(composer: Page) -> None:
    composer.keyboard.press("Tab")
    composer.keyboard.press("Tab")
    expect(composer.get_by_role("link", name="Skip to the steps")).to_be_focused()
    composer.keyboard.press("Enter")
    for _time in range(6):
        composer.keyboard.press("Tab")
    assert composer.evaluate("document.activeElement.closest('#outline') !== null")
