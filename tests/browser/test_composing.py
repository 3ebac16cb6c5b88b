"""The composer's List in a real browser."""

import json
import re
from copy import deepcopy

import pytest
from playwright.sync_api import Page, expect

from journeys.models import Journey
from tests.browser.acting import add, add_from_palette, card, come_in, fill, open_card, steps

pytestmark = pytest.mark.django_db(transaction=True)


def document(journey: Journey) -> dict:
    """A copy: a revision's own document is shared by all who read it."""
    return deepcopy(Journey.objects.get(pk=journey.pk).head.document())


def step(journey: Journey, key: str) -> dict:
    return next(step for step in document(journey)["activities"] if step["key"] == key)


def test_it_saves_a_field_when_it_is_left(composer: Page, journey: Journey):
    open_card(composer, "Wait 2 days")
    fill(composer, "How long", "4")
    expect(card(composer, "Wait 4 days")).to_be_visible()
    expect(composer.locator("#status")).to_contain_text("Wait 2 days → Wait 4 days")
    assert step(journey, "WAITBYDURATION-1")["configurationArguments"]["waitDuration"] == 4


def test_it_says_what_is_wrong_under_the_field_and_writes_nothing(composer: Page, journey: Journey):
    open_card(composer, "Wait 2 days")
    field = composer.get_by_label("How long")
    field.fill("soon")
    field.blur()
    expect(composer.locator(".invalid-feedback")).to_contain_text("whole number")
    expect(field).to_have_value("soon")
    assert Journey.objects.get(pk=journey.pk).head.number == 1
    fill(composer, "How long", "3")
    expect(composer.locator(".invalid-feedback")).to_have_count(0)


def test_it_lights_the_place_of_the_field_with_the_cursor(composer: Page):
    open_card(composer, "Wait 2 days")
    composer.get_by_label("How long").focus()
    expect(composer.locator("[data-line][data-highlighted]")).to_have_text(
        '    "waitDuration": 2,\n'
    )
    fill(composer, "How long", "6")
    composer.get_by_label("How long").focus()
    expect(composer.locator("[data-line][data-highlighted]")).to_have_text(
        '    "waitDuration": 6,\n'
    )


def test_it_adds_a_step_into_the_chosen_gap_and_leads_to_its_problem(
    composer: Page, journey: Journey
):
    add(composer, 1, "em")
    assert steps(composer)[1] == "Send email"
    problem = composer.locator("#problems li", has_text="No email is chosen")
    open_card(composer, "Wait 2 days")
    problem.get_by_role("button", name="Go to").click()
    expect(composer.get_by_label("Email", exact=True)).to_be_focused()
    fill(composer, "Email", "4711")
    expect(problem).to_have_count(0)
    new = document(journey)["activities"][1]
    assert new["configurationArguments"]["triggeredSend"]["emailId"] == 4711


def test_it_undoes_and_redoes_and_says_what(composer: Page):
    open_card(composer, "Wait 2 days")
    fill(composer, "How long", "4")
    undo, redo = composer.locator("[data-key=undo]"), composer.locator("[data-key=redo]")
    expect(undo).to_have_attribute("title", "Undo: Wait 2 days → Wait 4 days")
    undo.click()
    expect(card(composer, "Wait 2 days")).to_be_visible()
    expect(undo).to_be_disabled()
    redo.click()
    expect(card(composer, "Wait 4 days")).to_be_visible()
    composer.reload()
    composer.locator("[data-card]").first.focus()
    composer.keyboard.press("Control+z")
    expect(card(composer, "Wait 2 days")).to_be_visible()


def test_it_moves_and_removes_steps(composer: Page):
    before = steps(composer)
    open_card(composer, "Wait 2 days")
    composer.get_by_role("button", name="Earlier").click()
    expect(composer.locator(".rows [data-card]").first).to_contain_text("Wait 2 days")
    assert steps(composer)[:2] == [before[1], before[0]]
    composer.get_by_role("button", name="Remove").click()
    expect(card(composer, "Wait 2 days")).to_have_count(0)
    assert steps(composer) == [before[0], *before[2:]]


def test_it_moves_a_step_into_any_gap(composer: Page):
    open_card(composer, "Wait 2 days")
    composer.get_by_text("Move to…").click()
    composer.locator(".places").get_by_role("menuitem", name="The start").click()
    expect(composer.locator(".rows [data-card]").first).to_contain_text("Wait 2 days")


def test_it_adds_a_path_names_it_and_joins_it(composer: Page, journey: Journey):
    open_card(composer, "Which second email?")
    composer.get_by_role("button", name="Add a path").click()
    expect(composer.locator(".ways li")).to_have_count(3)
    composer.locator(".ways li").nth(2).get_by_text("Lead to…").click()
    composer.locator(".ways li").nth(2).locator(".places button").last.click()
    expect(composer.locator(".ways li").nth(2)).not_to_contain_text("The path ends")
    split = step(journey, "RANDOMSPLITV2-1")
    assert "next" in split["outcomes"][2]
    expect(composer.locator("#problems")).to_contain_text("whole percentage")


def test_it_removes_a_split_and_keeps_the_path_that_was_chosen(composer: Page):
    open_card(composer, "Which second email?")
    composer.get_by_text("Remove…").click()
    composer.get_by_role("button", name="Keep “50 % (path 1)”").click()
    expect(card(composer, "Which second email?")).to_have_count(0)
    assert "Send Welcome 2, story" in steps(composer)
    assert len([text for text in steps(composer) if text.startswith("Send Welcome 2")]) == 1


def test_it_takes_the_document_as_text(composer: Page, journey: Journey):
    composer.get_by_role("link", name="JSON", exact=True).click()
    composer.get_by_role("button", name="Edit as text").click()
    area = composer.get_by_label("The document as text")
    area.fill('{"key": "welcome", "name": "Short", "activities": {}}')
    composer.get_by_role("button", name="Apply").click()
    expect(composer.get_by_role("alert")).to_contain_text("Nothing was applied")
    expect(composer.locator("#document-problems li")).to_contain_text("must be a list")
    changed = {**document(journey), "name": "Another name", "version": 7}
    area.fill(json.dumps(changed))
    composer.get_by_role("button", name="Apply").click()
    expect(composer.get_by_role("heading", name="Another name", level=1)).to_be_visible()
    expect(composer.locator("[data-panel]")).to_contain_text(
        "Left out, because Marketing Cloud makes them itself: version"
    )
    assert document(journey)["name"] == "Another name"


def test_it_shows_both_versions_when_two_people_change_one_block(
    composer: Page, journey: Journey, miles
):
    open_card(composer, "Wait 2 days")
    block = step(journey, "WAITBYDURATION-1")
    block["configurationArguments"]["waitDuration"] = 9
    operation = {"kind": "activity", "key": block["key"], "block": block}
    Journey.objects.get(pk=journey.pk).apply("edit block", operation, based_on=1, author=miles)
    field = composer.get_by_label("How long")
    field.fill("5")
    field.blur()
    expect(composer.get_by_role("alert")).to_contain_text("Miles Marketer saved this step")
    assert step(journey, "WAITBYDURATION-1")["configurationArguments"]["waitDuration"] == 9
    composer.get_by_role("button", name="Save 5 days").click()
    expect(card(composer, "Wait 5 days")).to_be_visible()
    assert step(journey, "WAITBYDURATION-1")["configurationArguments"]["waitDuration"] == 5


def test_it_merges_what_two_people_change_in_different_blocks(
    composer: Page, journey: Journey, miles
):
    open_card(composer, "Wait 2 days")
    members = {"members": {"description": "By Miles"}}
    Journey.objects.get(pk=journey.pk).apply("edit journey", members, based_on=1, author=miles)
    fill(composer, "How long", "5")
    assert document(journey)["description"] == "By Miles"
    assert step(journey, "WAITBYDURATION-1")["configurationArguments"]["waitDuration"] == 5


def test_it_edits_an_unknown_block_as_json_and_keeps_the_rest(composer: Page, journey: Journey):
    changed = document(journey)
    changed["activities"].append(
        {"key": "MYSTERY-1", "type": "NEVERHEARDOF", "x": [1, {"y": None}], "outcomes": []}
    )
    Journey.objects.get(pk=journey.pk).replace(changed, based_on=1, author=None, operation="import")
    composer.reload()
    card(composer, "NEVERHEARDOF").or_(card(composer, "MYSTERY")).first.click()
    text = composer.get_by_label("The block as JSON")
    text.fill(text.input_value().replace("1,", "2,"))
    composer.get_by_role("button", name="Apply").click()
    expect(composer.locator("#based-on")).to_have_value("3")
    assert step(journey, "MYSTERY-1")["x"] == [2, {"y": None}]


def test_it_is_composed_by_keyboard_alone(page: Page, people, tenant):
    come_in(page, "maya")
    page.goto("/journeys/new/")
    page.get_by_label("Name", exact=False).first.fill("By keyboard")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/journeys/\d+/$"))
    page.get_by_role("link", name="List", exact=True).click()
    page.get_by_role("button", name="Add the first step").focus()
    for block in ("email", "wait"):
        page.keyboard.press("Enter")
        page.keyboard.type(block)
        page.keyboard.press("Enter")
        expect(page.locator(".block-form :focus")).to_have_count(1)
        page.keyboard.press("Escape")
        expect(page.locator("[data-card]:focus")).to_have_count(1)
        page.locator("[data-gap]").last.focus()
    assert steps(page) == ["Send email", "Wait 1 day"]
    page.locator(".rows [data-card]").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".block-form :focus")).to_have_count(1)
    page.keyboard.press("Escape")
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator(".rows [data-card]").first).to_contain_text("Wait 1 day")
    page.locator(".rows [data-card]").first.focus()
    page.keyboard.press("Delete")
    expect(page.locator(".rows [data-card]")).to_have_count(1)


def test_it_keeps_the_change_when_the_server_is_away(composer: Page, complaints: list[str]):
    open_card(composer, "Wait 2 days")
    composer.context.set_offline(True)
    field = composer.get_by_label("How long")
    field.fill("7")
    field.blur()
    expect(composer.locator("[data-saving]")).to_contain_text("Offline")
    expect(field).to_have_value("7")
    composer.context.set_offline(False)
    complaints.clear()
    fill(composer, "How long", "8")
    expect(card(composer, "Wait 8 days")).to_be_visible()


def test_it_adds_trigger_and_goal_from_the_palette(page: Page, people, tenant):
    come_in(page, "maya")
    page.goto("/journeys/new/")
    page.get_by_label("Name", exact=False).first.fill("Palette")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/journeys/\d+/$"))
    page.get_by_role("link", name="List", exact=True).click()
    for label in ("API event", "Send email", "Goal"):
        add_from_palette(page, label)
    expect(page.locator("[data-card]")).to_have_count(3)


def test_the_palette_forgets_what_was_looked_for_once_it_is_added(composer: Page):
    palette = composer.locator(".palette")
    search = palette.get_by_label("Find a block")
    everything = palette.locator("[data-palette-item]:visible").count()
    search.fill("random")
    card(composer, "Welcome 1").first.click()  # to add it after another step
    expect(composer.locator("[data-panel-title]")).to_contain_text("Welcome 1")
    expect(search).to_have_value("random")
    add_from_palette(composer, "Random split")
    expect(search).to_have_value("")
    expect(palette.locator("[data-palette-item]:visible")).to_have_count(everything)
    search.fill("wait")
    composer.keyboard.press("Escape")
    expect(palette.locator("[data-palette-item]:visible")).to_have_count(everything)
    expect(search).to_be_focused()
