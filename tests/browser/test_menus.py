"""Menus close, keys say why they do nothing, and the focus comes back to what was renamed."""

import re

import pytest
from playwright.sync_api import Page, expect

from journeys.models import Journey
from tests.browser.acting import come_in, open_card, settled

pytestmark = pytest.mark.django_db(transaction=True)

STEP = "[data-card][data-key=RANDOMSPLITV2-1]"


def opened(page: Page):
    return page.locator("details.menu[open]")


def test_the_export_menu_closes(composer: Page):
    button = composer.get_by_label("Export and more")
    button.click()
    expect(opened(composer)).to_have_count(1)
    composer.keyboard.press("Escape")
    expect(opened(composer)).to_have_count(0)
    expect(button).to_be_focused()
    button.click()
    with composer.expect_download():
        opened(composer).get_by_role("link", name="Download as JSON").click()
    expect(opened(composer)).to_have_count(0)
    button.click()
    composer.locator("#stage").click(position={"x": 5, "y": 200})
    expect(opened(composer)).to_have_count(0)
    button.click()
    composer.get_by_label(re.compile("^Account of")).click()
    expect(opened(composer)).to_have_count(1)
    expect(opened(composer)).to_contain_text("Sign out")


@pytest.mark.parametrize("label", ["Move to…", "Lead to…", "Remove…"])
def test_menus_of_the_panel_close(composer: Page, label: str):
    open_card(composer, "Which second email?")
    button = composer.locator("summary", has_text=label).first
    button.click()
    expect(opened(composer)).to_have_count(1)
    composer.keyboard.press("Escape")
    expect(opened(composer)).to_have_count(0)
    expect(button).to_be_focused()
    button.click()
    composer.locator("[data-panel-title]").click()
    expect(opened(composer)).to_have_count(0)
    button.press("Enter")
    composer.locator(".close-panel").focus()
    expect(opened(composer)).to_have_count(0)


def test_the_account_menu_closes_on_other_pages(page: Page, journey: Journey):
    come_in(page, "maya")
    page.goto("/")
    page.get_by_label(re.compile("^Account of")).click()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Account", exact=True)).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    expect(opened(page)).to_have_count(0)


@pytest.mark.parametrize("view", ["list", "path"])
def test_enter_gives_the_focus_back_to_the_step_that_was_renamed(
    composer: Page, journey: Journey, view: str
):
    composer.goto(f"/journeys/{journey.pk}/?view={view}")
    step = composer.locator(STEP)
    step.focus()
    composer.keyboard.press("F2")
    name = composer.get_by_label("Name of the step")
    expect(name).to_be_focused()
    name.fill("Which one now?")
    composer.keyboard.press("Enter")
    expect(step).to_be_focused()
    expect(composer.locator("#based-on")).to_have_value("2")
    settled(composer)
    expect(step).to_be_focused()
    expect(step).to_have_attribute("aria-label", re.compile("^Which one now"))
    composer.keyboard.press("F2")
    expect(name).to_be_focused()
    composer.keyboard.press("Enter")  # nothing was typed
    expect(step).to_be_focused()


def test_enter_gives_the_focus_back_to_the_path_that_was_renamed(composer: Page, journey: Journey):
    branch = composer.locator("#tree-steps .row-branch").first
    branch.focus()
    composer.keyboard.press("F2")
    name = composer.locator("[data-panel] input:focus")
    expect(name).to_have_count(1)
    name.fill("Readers")
    composer.keyboard.press("Enter")
    expect(branch).to_be_focused()
    expect(branch).to_contain_text("Readers")
    composer.goto(f"/journeys/{journey.pk}/?view=path")
    label = composer.locator("[data-label][data-renames]").first
    label.focus()
    composer.keyboard.press("F2")
    composer.locator(".path-name").fill("Fans")
    composer.keyboard.press("Enter")
    expect(composer.locator('[data-label][aria-label^="Fans"]')).to_be_focused()
    expect(composer.locator("#based-on")).to_have_value("3")
    settled(composer)
    expect(composer.locator('[data-label][aria-label^="Fans"]')).to_be_focused()


@pytest.mark.parametrize("view", ["list", "path"])
def test_keys_on_the_entry_source_add_behind_it_or_say_why_not(
    composer: Page, journey: Journey, view: str
):
    composer.goto(f"/journeys/{journey.pk}/?view={view}")
    composer.locator("[data-card][data-kind=trigger]").focus()
    composer.keyboard.press("i")
    note = composer.locator(".toast-note")
    expect(note).to_have_text("Contacts come in here: nothing stands before it.")
    composer.keyboard.press("a")
    expect(composer.get_by_role("heading", name="Add a step here")).to_be_visible()
    composer.keyboard.type("wait")
    composer.keyboard.press("Enter")
    expect(composer.locator("#based-on")).to_have_value("2")
    document = Journey.objects.get(pk=journey.pk).head.document()
    (first,) = {step["key"] for step in document["activities"]} - led_to(document)
    assert first == composer.locator("[data-panel]").get_attribute("data-key")


def led_to(document: dict) -> set[str]:
    return {
        way["next"] for step in document["activities"] for way in step["outcomes"] if "next" in way
    }
