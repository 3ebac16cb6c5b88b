"""The List: an ARIA tree in which everything is done by keyboard, with words for whoever hears
it."""

import re

import pytest
from playwright.sync_api import Page, expect

from journeys.models import Journey
from tests.browser.acting import come_in, settled

pytestmark = pytest.mark.django_db(transaction=True)


def document(journey: Journey) -> dict:
    return Journey.objects.get(pk=journey.pk).head.document()


def focused(page: Page):
    return page.locator("[role=treeitem]:focus")


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def changed(page: Page, *keys: str) -> None:
    """Presses the keys, and waits for the revision that they make."""
    before = page.locator("#based-on").input_value()
    press(page, *keys)
    expect(page.locator("#based-on")).not_to_have_value(before)
    settled(page)  # new buttons are heard only after it, which takes longer than a test's next key


def find(page: Page, text: str) -> None:
    """Goes to an item as a person does who hears the list: by its first letters. Escape ends the
    typing."""
    press(page, "Home", *text.lower(), "Escape")
    expect(focused(page)).to_have_attribute("aria-label", re.compile(f"^{re.escape(text)}"))


def choose(page: Page, text: str) -> None:
    """In the open chooser."""
    expect(page.locator("#chooser")).to_be_visible()
    page.keyboard.type(text)
    changed(page, "Enter")
    expect(page.locator("#panel :focus")).to_have_count(1)


def type_and_return(page: Page, label: str, value: str) -> None:
    """Goes by Tab to a field of the panel, types, and returns to the list."""
    field = page.locator("#panel").get_by_label(label, exact=True)
    for _ in range(12):
        if field.evaluate("element => element === document.activeElement"):
            break
        press(page, "Tab")
    before = page.locator("#based-on").input_value()
    press(page, "Control+a")
    page.keyboard.type(value)
    press(page, "Tab")
    expect(page.locator("#based-on")).not_to_have_value(before)
    press(page, "Escape")
    expect(focused(page)).to_have_count(1)


def test_it_composes_a_whole_journey_with_a_split_and_a_join_without_a_mouse(
    page: Page, people, tenant
):
    come_in(page, "maya")
    page.goto("/journeys/new/")
    page.get_by_label("Name", exact=False).first.focus()
    page.keyboard.type("By keyboard")
    press(page, "Enter")
    page.wait_for_url(re.compile(r"/journeys/\d+/$"))
    press(page, "Alt+2")
    expect(page.locator("#outline")).to_be_visible()
    page.get_by_role("button", name="Choose an entry source").focus()
    press(page, "Enter")
    choose(page, "api event")
    press(page, "Escape")
    page.get_by_role("button", name="Add the first step").focus()
    press(page, "Enter")
    choose(page, "wait")
    press(page, "Escape")
    add_after(page, "email", "Email", "4711")
    add_after(page, "wait", "How long", "2")
    add_after(page, "random")
    for first, days in ((True, "3"), (False, "4")):
        press(page, "a")
        expect(page.locator("#step-menu [role=menuitem]:focus")).to_contain_text("Add to")
        press(page, *([] if first else ["ArrowDown"]), "Enter")
        choose(page, "wait")
        type_and_return(page, "How long", days)
        add_after(page, "email", "Email", days)
        if first:
            add_after(page, "wait", "How long", "5")
            add_after(page, "email", "Email", "5000")
            find(page, "Split")
    press(page, "j")
    expect(page.locator("#step-menu [role=menuitem]:focus")).to_have_count(1)
    press(page, *"wait 5")
    expect(page.locator("#step-menu [role=menuitem]:focus")).to_contain_text("Wait 5 days")
    changed(page, "Enter")
    expect(page.locator("[data-spoken]")).to_contain_text("leads to “Wait 5 days”")
    press(page, "Home")  # where "a" would add a step
    expect(focused(page)).to_have_attribute("aria-label", re.compile("^API"))
    press(page, "Enter")
    expect(page.locator("#panel :focus")).to_have_count(1)
    type_and_return(page, "Event definition key", "APIEvent-keyboard")
    assert items(page) == [
        *["1 API event", "1 Wait 1 day", "1 Send email", "1 Wait 2 days", "1 Split 50 / 50"],
        *["2 50 %", "3 Wait 3 days", "3 Send email", "3 Goes on with: Wait 5 days"],
        *["2 50 %", "3 Wait 4 days", "3 Send email", "3 Goes on with: Wait 5 days"],
        *["1 Wait 5 days", "1 Send email", "1 End of the journey"],
    ]
    expect(page.locator("#problems")).not_to_contain_text("blocks the review")
    expect(page.get_by_role("button", name="Request review")).to_be_enabled()


def items(page: Page) -> list[str]:
    """Level and name of each item, as they are heard."""
    heard = "all => all.map(one => `${one.ariaLevel} ${one.ariaLabel.split(', ')[0]}`)"
    return page.locator("[role=treeitem]").evaluate_all(heard)


def test_it_walks_folds_and_marks_by_keyboard(composer: Page):
    everything = items(composer)
    composer.locator("[role=tree]").nth(1).locator("[tabindex='0']").focus()
    press(composer, "ArrowDown")
    expect(focused(composer)).to_contain_text("Wait 2 days")
    press(composer, "ArrowUp", "ArrowUp")
    expect(focused(composer)).to_have_attribute("data-kind", "trigger")  # over the edge of the tree
    find(composer, "Which second")
    press(composer, "ArrowRight")
    expect(focused(composer)).to_have_attribute("aria-level", "2")
    press(
        composer, "ArrowRight", "ArrowLeft", "ArrowLeft", "ArrowLeft"
    )  # to a step, back, fold the path, to the split
    press(composer, "ArrowLeft")
    split = focused(composer)
    expect(split).to_have_attribute("aria-expanded", "false")
    shown = composer.locator("[role=treeitem]:not([hidden])")
    assert shown.count() < len(everything)
    press(composer, "ArrowRight")
    expect(shown).to_have_count(len(everything) - 2)  # the path is still folded
    press(composer, "*")
    expect(shown).to_have_count(len(everything))
    find(composer, "Wait 2")
    press(composer, " ", "Shift+ArrowDown")
    expect(composer.locator("#outline [aria-selected=true]")).to_have_count(2)
    press(composer, "Escape")
    expect(composer.locator("#outline [aria-selected=true]")).to_have_count(0)


def test_it_says_what_changed_and_never_loses_the_focus(composer: Page, journey: Journey):
    spoken = composer.locator("[data-spoken]")
    first = composer.locator("#tree-steps [data-card]").first
    name = first.locator(".card-sentence").inner_text()
    first.focus()
    changed(composer, "Alt+ArrowDown")
    expect(focused(composer)).to_contain_text(name)
    expect(spoken).to_have_text(re.compile(f"^Moved {re.escape(name)} after Wait 2 days"))
    changed(composer, "Delete")
    expect(spoken).to_have_text(f"Removed {name}")
    expect(focused(composer)).to_have_attribute("data-card", "")  # the step that stood behind it
    changed(composer, "Control+z")
    expect(spoken).to_have_text(f"Undid: Removed {name}")
    find(composer, "Which second")
    press(composer, "Delete")
    expect(composer.locator("#step-menu [role=menuitem]:focus")).to_contain_text(
        "Remove it, and keep"
    )
    press(composer, "Escape")
    expect(focused(composer)).to_contain_text("Which second")
    press(composer, "ArrowRight", "Alt+ArrowUp")
    expect(spoken).to_have_text("This is the first path already.")
    changed(composer, "b")
    expect(spoken).to_contain_text("path")
    expect(composer.locator("#tree-steps .row-branch")).to_have_count(3)
    press(composer, "Shift+F10")
    expect(composer.locator("#step-menu [role=menuitem]:focus")).to_have_text(
        "Add a step at its startA"
    )
    press(composer, "End")
    changed(composer, "Enter")
    expect(composer.locator("#tree-steps .row-branch")).to_have_count(2)
    expect(focused(composer)).to_have_count(1)


def test_it_opens_the_same_menu_by_mouse(composer: Page, journey: Journey):
    wait = composer.locator("[role=treeitem]", has_text="Wait 2 days").first
    wait.hover()
    wait.locator("[data-menu]").click()
    expect(composer.locator("#step-menu")).to_be_visible()
    composer.get_by_role("menuitem", name="Move to…").click()
    composer.get_by_role("menuitem", name="The start").click()
    expect(composer.locator("#tree-steps [data-card]").first).to_contain_text("Wait 2 days")
    wait.click(button="right")
    composer.get_by_role("menuitem", name="Remove", exact=True).click()
    expect(wait).to_have_count(0)


def test_it_shows_its_shortcuts_and_lets_single_keys_be_turned_off(
    composer: Page, journey: Journey
):
    composer.locator("#tree-steps [data-card]").first.focus()
    press(composer, "?")
    sheet = composer.get_by_role("dialog", name="Keyboard shortcuts")
    expect(sheet.get_by_text("Add before")).to_be_visible()
    sheet.get_by_label("Shortcuts of a single letter").uncheck()
    press(composer, "Escape", "a")
    press(composer, "?")
    expect(sheet).to_be_hidden()
    expect(composer.locator("#chooser")).to_be_hidden()
    composer.reload()
    composer.locator("#tree-steps [data-card]").first.focus()
    press(composer, "a")
    expect(composer.locator("#chooser")).to_be_hidden()
    composer.get_by_label("Export and more").click()
    composer.get_by_role("button", name="Keyboard shortcuts").click()
    sheet.get_by_label("Shortcuts of a single letter").check()
    press(composer, "Escape")
    composer.locator("#tree-steps [data-card]").first.focus()
    press(composer, "a")
    expect(composer.locator("#chooser")).to_be_visible()
    composer.keyboard.type("a?jm")  # somebody types: no shortcut
    expect(composer.locator("#chooser [data-palette-search]")).to_have_value("a?jm")


def test_it_says_why_the_sheet_of_shortcuts_does_not_open(composer: Page, complaints):
    sheet = composer.get_by_role("dialog", name="Keyboard shortcuts")
    composer.context.set_offline(True)
    composer.locator("#tree-steps [data-card]").first.focus()
    press(composer, "?")
    expect(composer.locator("[data-saving]")).to_contain_text("you are offline")
    expect(sheet).to_be_hidden()
    composer.context.set_offline(False)
    composer.get_by_role("button", name="Try again").click()
    expect(sheet.get_by_text("Add before")).to_be_visible()
    press(composer, "Escape")
    expect(sheet).to_be_hidden()
    complaints.clear()


def add_after(page: Page, search: str, label: str = "", value: str = "") -> None:
    press(page, "a")
    choose(page, search)
    if label:
        type_and_return(page, label, value)
    else:
        press(page, "Escape")
