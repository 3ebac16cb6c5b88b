"""Two people in two windows at one journey: each sees what became of what they typed."""

import os

import pytest
from django.contrib.auth.models import Group, User
from playwright.sync_api import Page, expect

from journeys.models import Journey
from journeys.spec import graph
from tests.browser.acting import card, come_in, fill, open_card


def step(journey: Journey, key: str = "WAITBYDURATION-1") -> dict | None:
    document = Journey.objects.get(pk=journey.pk).head.document()
    return graph.steps(document).get(key)


@pytest.fixture
def other(page: Page, browser, live_server, journey: Journey):
    """Miles, in a window of his own, with the same journey open."""
    context = browser.new_context(base_url=live_server.url)
    window = context.new_page()
    come_in(window, "miles")
    window.goto(f"/journeys/{journey.pk}/?view=path")
    yield window
    context.close()


@pytest.fixture
def both(page: Page, other: Page, journey: Journey) -> tuple[Page, Page]:
    come_in(page, "maya")
    page.goto(f"/journeys/{journey.pk}/?view=path")
    for window in (page, other):
        open_card(window, "Wait 2 days")
    return page, other


def shown(page: Page) -> list[str]:
    """The cards of the path, where they stand."""
    places = page.locator("#path [data-card]").evaluate_all(
        "cards => cards.map((card) => [card.dataset.key, card.closest('[transform]')])"
        ".map(([key, shape]) => `${key} ${shape.getAttribute('transform')}`).sort()"
    )
    assert len(places) > 5 and len({one.partition(" ")[2] for one in places}) == len(places)
    return places


def fits(page: Page) -> bool:
    """Whether nothing is wider than the panel."""
    return page.evaluate(
        "() => { const side = document.querySelector('[data-side]');"
        " return side.scrollWidth <= side.clientWidth; }"
    )


def reload(page: Page) -> None:
    """Not while a request is under way."""
    page.wait_for_load_state("networkidle")
    page.reload()


def picture(page: Page, name: str) -> None:
    if os.environ.get("SHOTS"):
        page.screenshot(path=f"/tmp/conflict/{name}.png")


def test_it_asks_field_by_field_and_saves_what_was_chosen(both, journey: Journey):
    mine, theirs = both
    fill(theirs, "How long", "5")
    fill(theirs, "Name of the step", "Cool off")
    mine.get_by_label("How long").fill("4")
    expect(mine.get_by_role("alert")).to_contain_text("Miles Marketer saved this step")
    expect(mine.locator("[data-saving]")).to_contain_text("1 field to choose, kept here")
    expect(mine.get_by_role("button", name="Save 4 days")).to_be_visible()
    expect(card(mine, "Wait 5 days")).to_be_visible()
    assert fits(mine)
    picture(mine, "fields")
    mine.get_by_role("radio", name="You").focus()
    mine.keyboard.press("ArrowLeft")
    expect(mine.get_by_role("button", name="Save 5 days")).to_be_visible()
    mine.keyboard.press("ArrowRight")
    mine.keyboard.press("Enter")
    expect(mine.get_by_label("How long")).to_have_value("4")
    expect(mine.get_by_label("Name of the step")).to_have_value("Cool off")
    expect(mine.locator("[data-saved]")).to_be_visible()
    reload(mine)
    expect(mine.get_by_label("How long")).to_have_value("4")
    assert step(journey)["name"] == "Cool off"


def test_it_keeps_what_was_typed_while_another_step_is_open_and_after_a_reload(
    both, journey: Journey, complaints: list[str]
):
    mine, theirs = both
    fill(theirs, "How long", "5")
    mine.get_by_label("How long").fill("4")
    expect(mine.locator("[data-conflict]")).to_be_visible()
    open_card(mine, "Send Welcome 1")
    expect(mine.get_by_label("Subject", exact=True)).to_be_visible()
    card(mine, "Wait 5 days").click()
    expect(mine.get_by_role("button", name="Save 4 days")).to_be_visible()
    mine.on("dialog", lambda dialog: dialog.accept())
    reload(mine)
    expect(mine.get_by_role("button", name="Save 4 days")).to_be_visible()
    mine.get_by_role("button", name="Take all of Miles").click()
    expect(mine.get_by_label("How long")).to_have_value("5")
    reload(mine)
    expect(mine.get_by_label("How long")).to_have_value("5")
    assert step(journey)["configurationArguments"]["waitDuration"] == 5
    complaints.clear()  # requests that a reload broke off


def test_it_puts_a_removed_step_back_with_what_was_typed(both, journey: Journey):
    mine, theirs = both
    theirs.get_by_role("button", name="Remove", exact=True).click()
    expect(card(theirs, "Wait 2 days")).to_have_count(0)
    mine.get_by_label("How long").fill("4")
    expect(mine.get_by_role("alert")).to_contain_text("Miles Marketer removed this")
    expect(card(mine, "Wait 2 days")).to_have_count(0)
    picture(mine, "gone")
    mine.get_by_role("button", name="Put it back with my change").click()
    expect(mine.get_by_label("How long")).to_have_value("4")
    drawn = shown(mine)
    reload(mine)
    assert shown(mine) == drawn


def test_it_asks_about_a_removed_step_again_after_a_reload_and_another_click(
    both, journey: Journey, complaints: list[str]
):
    mine, theirs = both
    theirs.get_by_role("button", name="Remove", exact=True).click()
    expect(card(theirs, "Wait 2 days")).to_have_count(0)
    mine.on("dialog", lambda dialog: dialog.accept())
    mine.get_by_label("How long").fill("4")
    said = mine.get_by_role("alert").filter(has_text="Miles Marketer removed this")
    expect(said).to_be_visible()
    reload(mine)
    expect(said).to_be_visible()
    expect(mine.locator("[data-conflict]")).to_contain_text("4 days")
    open_card(mine, "Send Welcome 1")
    reload(mine)
    expect(said).to_be_visible()
    mine.get_by_role("button", name="Put it back with my change").click()
    expect(mine.get_by_label("How long")).to_have_value("4")
    assert step(journey)["configurationArguments"]["waitDuration"] == 4
    complaints.clear()  # requests that a reload broke off


def test_it_marks_hidden_characters_on_the_button_that_saves(both, journey: Journey):
    mine, theirs = both
    fill(theirs, "Name of the step", "Cool off")
    mine.get_by_label("Name of the step").fill("Rest \u202e")
    button = mine.locator("[data-settle]")
    expect(button.locator("[data-code='U+202E']")).to_have_count(1)


def test_it_leaves_a_removed_step_removed(both, journey: Journey):
    mine, theirs = both
    theirs.get_by_role("button", name="Remove", exact=True).click()
    expect(card(theirs, "Wait 2 days")).to_have_count(0)
    mine.get_by_label("How long").fill("4")
    mine.get_by_role("button", name="Leave it removed").click()
    expect(mine.locator("[data-panel-title]")).to_have_text("Journey settings")
    reload(mine)
    expect(mine.locator("[data-saved]")).to_be_visible()
    assert step(journey) is None


def test_it_does_a_move_again_and_draws_no_card_over_another(both, journey: Journey):
    mine, theirs = both
    for window in both:
        window.keyboard.press("Escape")
    theirs.get_by_role("button", name="Earlier", exact=True).click()
    expect(theirs.locator("#based-on")).to_have_value("2")
    mine.get_by_role("button", name="Later", exact=True).click()
    expect(mine.get_by_role("alert")).to_contain_text("changed the same place meanwhile")
    expect(mine.locator("#based-on")).to_have_value("2")
    picture(mine, "deed")
    assert fits(mine)
    assert shown(mine) == shown(theirs)
    mine.get_by_role("button", name="Do it all the same").click()
    expect(mine.locator("#based-on")).to_have_value("3")
    drawn = shown(mine)
    reload(mine)
    expect(mine.locator("#based-on")).to_have_value("3")
    assert shown(mine) == drawn
    document = Journey.objects.get(pk=journey.pk).head.document()
    assert len(graph.roots(document)) == 1


def test_it_asks_of_the_document_as_text_beside_its_editor(both, journey: Journey):
    mine, theirs = both
    mine.goto(f"/journeys/{journey.pk}/?view=json")
    mine.get_by_role("button", name="Edit as text").click()
    area = mine.locator("#document-edit-text")
    fill(theirs, "How long", "5")
    area.fill(area.input_value().replace('"waitDuration": 2', '"waitDuration": 4'))
    mine.get_by_role("button", name="Apply").click()
    expect(mine.get_by_role("alert")).to_contain_text("Miles Marketer saved the same")
    picture(mine, "text")
    assert fits(mine)
    mine.get_by_role("button", name="Save 4 days").click()
    expect(mine.locator("#document")).to_contain_text('"waitDuration": 4')
    assert step(journey)["configurationArguments"]["waitDuration"] == 4


def test_it_keeps_what_was_typed_where_nothing_may_be_changed_any_more(
    both, journey: Journey, maya: User, complaints: list[str]
):
    mine, theirs = both
    fill(theirs, "How long", "5")
    mine.get_by_label("How long").fill("4")
    expect(mine.get_by_role("button", name="Save 4 days")).to_be_visible()
    maya.groups.set([Group.objects.get(name="Reviewer")])
    mine.get_by_role("button", name="Save 4 days").click()
    expect(mine.locator("[data-saving]")).to_contain_text("you may no longer change this journey")
    expect(mine.get_by_role("button", name="Copy what I typed")).to_have_attribute(
        "data-copy", "How long: 4 days"
    )
    mine.on("dialog", lambda dialog: dialog.accept())
    reload(mine)
    expect(mine.locator("[data-kept]")).to_contain_text("How long: 4")
    picture(mine, "kept")
    maya.groups.set([Group.objects.get(name="Marketer")])
    reload(mine)
    expect(mine.get_by_role("button", name="Save 4 days")).to_be_visible()
    complaints.clear()
