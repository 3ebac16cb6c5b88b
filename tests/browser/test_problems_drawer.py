"""The problems below the journey: grouped, filtered, gone to, fixed, accepted, and still while they
change."""

import re

import pytest
from playwright.sync_api import Page, expect

from journeys import blocks
from journeys.models import Journey
from tests.browser.acting import add_from_palette, come_in, drawn, fill, open_card, settled

pytestmark = pytest.mark.django_db(transaction=True)


def with_emails(journey: Journey, count: int) -> Journey:
    """Empty emails at the start, each with a blocking problem and advice."""
    lens = blocks.BY_SLUG["email"]
    for _ in range(count):
        document = journey.head.document()
        step = lens.new(lens.new_key(document), document)
        arguments = {"after": "", "outcome": "", "step": step}
        journey.apply("add step", arguments, based_on=journey.head.number, author=None)
    return journey


def composer(page: Page, journey: Journey, person: str = "maya", view: str = "list") -> Page:
    come_in(page, person)
    page.goto(f"/journeys/{journey.pk}/?view={view}")
    return page


def shown(page: Page):
    return page.locator("#problems [data-severity]:visible")


def test_it_groups_filters_and_goes_to_the_field(page: Page, journey: Journey):
    composer(page, with_emails(journey, 2), view="path")
    groups = page.locator("#problems [data-problem-group]")
    expect(groups.first.get_by_role("heading")).to_have_text("Send email")
    severities = shown(page).locator(".severity").all_inner_texts()
    assert severities[:3] == ["Blocking", "Blocking", "Advice"]
    assert severities == sorted(severities, reverse=True)  # what blocks comes before all advice
    everything = shown(page).count()
    page.get_by_role("button", name="Blocking", exact=True).click()
    expect(shown(page)).to_have_count(2)
    assert everything > 2
    shown(page).first.get_by_role("button", name="Go to").click()
    expect(page.locator("#panel").get_by_label("Email", exact=True)).to_be_focused()
    page.get_by_role("button", name="Only the open block").click()
    expect(shown(page)).to_have_count(1)
    page.get_by_role("button", name="All", exact=True).click()
    page.locator("#panel").get_by_label("Email", exact=True).focus()
    page.keyboard.press("F8")  # the next one in the list
    expect(shown(page).nth(1)).to_have_attribute("data-here", "")
    page.get_by_role("tab", name="Checks").click()
    shown(page).first.get_by_role("button", name="Go to").click()
    expect(
        page.locator("#panel").get_by_label("Email", exact=True)
    ).to_be_focused()  # its tab is open


def test_it_leads_from_one_field_of_a_block_to_another(page: Page, journey: Journey):
    composer(page, with_emails(journey, 1))
    open_card(page, "Send email")
    page.locator("#panel").get_by_label("Subject", exact=True).focus()
    page.keyboard.press("F8")
    expect(page.locator("#panel").get_by_label("Email", exact=True)).to_be_focused()
    page.keyboard.press("F8")
    expect(page.locator("#panel").get_by_label("Subject", exact=True)).to_be_focused()


def test_it_stays_where_the_reader_looks_while_it_is_brought_up_to_date(
    page: Page, journey: Journey
):
    composer(page, with_emails(journey, 12))
    open_card(page, "Send email")
    looked_at = page.locator("#problems [data-severity]").nth(20)
    looked_at.scroll_into_view_if_needed()
    looked_at.get_by_role("button", name="Go to").focus()
    page.evaluate("document.getElementById('problems-list').scrollTop += 10")
    before = looked_at.bounding_box()["y"]
    name = looked_at.get_attribute("id")
    count = page.locator("#problems [data-severity]").count()
    field = page.locator("#panel").get_by_label("Email", exact=True)
    field.evaluate(
        "(field) => { field.value = '4711'; field.dispatchEvent(new Event('change', { bubbles: true"
        " })); }"
    )
    expect(page.locator("#problems [data-severity]")).to_have_count(
        count - 1
    )  # one above is settled
    after = page.locator(f"#{name}")
    assert abs(after.bounding_box()["y"] - before) < 2
    expect(after.get_by_role("button", name="Go to")).to_be_focused()


def test_it_does_not_scroll_by_itself_when_problems_come_in_above(page: Page, journey: Journey):
    composer(page, with_emails(journey, 12))
    place = "document.getElementById('problems-list')"
    page.evaluate(f"{place}.scrollTop = {place}.scrollHeight / 2")
    row = page.locator("#problems [data-severity]").nth(14)
    drawn(page)
    before = row.bounding_box()["y"]
    name = row.get_attribute("id")
    add_from_palette(page, "Decision split")  # after what is open: its problems stand first
    settled(page)
    for _time in range(3):  # nor a moment later
        drawn(page)
        assert abs(page.locator(f"#{name}").bounding_box()["y"] - before) < 1.5


def test_it_fixes_what_it_said_it_would_and_undo_brings_the_problem_back(
    page: Page, journey: Journey
):
    journey.apply("remove step", {"key": "WAITBYDURATION-2"}, based_on=1, author=None)
    composer(page, journey)
    fix = page.locator("#problems").get_by_role("button", name=re.compile("^Fix: "))
    fixable, problems = fix.count(), page.locator("#problems [data-severity]").count()
    assert fixable > 0
    # It is not done yet.
    assert fix.first.get_attribute("aria-label") == "Fix: Add a wait of 1 day at the end"
    fix.first.click()
    expect(page.locator("[data-key=undo]")).to_have_attribute(
        "title", re.compile("^Undo: Added Wait 1 day")
    )
    expect(fix).to_have_count(fixable - 1)
    page.locator("[data-key=undo]").click()
    expect(page.locator("#problems [data-severity]")).to_have_count(problems)


def test_it_says_that_nothing_is_left(page: Page, journey: Journey, ada):
    composer(page, journey, "ada")
    while page.locator("#problems li:not(.accepted)").count():
        before = page.locator("#problems li.accepted").count()
        page.locator("#problems").get_by_role("button", name="Accept…").first.click()
        page.keyboard.type("Known")
        page.keyboard.press("Enter")
        expect(page.locator("#problems li.accepted")).to_have_count(before + 1)
    expect(page.locator("#problems-title")).to_contain_text("No problems found")


def test_its_height_and_fold_are_remembered(page: Page, journey: Journey):
    composer(page, with_emails(journey, 3))
    drawer = page.locator("#problems")
    before = drawer.bounding_box()["height"]
    grip = page.get_by_role("separator", name="Height of the problems")
    box = grip.bounding_box()
    page.mouse.move(box["x"] + 300, box["y"] + 4)
    page.mouse.down()
    page.mouse.move(box["x"] + 300, box["y"] - 96)
    page.mouse.up()
    dragged = drawer.bounding_box()["height"]
    assert 90 < dragged - before < 110
    grip.focus()
    page.keyboard.press("ArrowUp")
    assert drawer.bounding_box()["height"] > dragged
    page.locator("#problems-fold").click()
    expect(page.locator("#problems-list")).to_be_hidden()
    page.reload()
    expect(page.locator("#problems-list")).to_be_hidden()
    page.locator("#outline [data-card]").first.focus()
    page.keyboard.press("p")
    expect(page.locator("#problems-list")).to_be_visible()
    assert drawer.bounding_box()["height"] > dragged


def test_a_reviewer_accepts_with_a_reason_and_opens_it_again(page: Page, journey: Journey):
    composer(page, with_emails(journey, 1), "rob")
    advice = page.locator("#problems li.advice").first
    text = advice.locator(".problem-text").inner_text()
    advice.get_by_role("button", name="Accept…").click()
    reason = advice.get_by_label("Why can it stay?")
    expect(reason).to_be_focused()
    page.keyboard.type("Agreed with the team")
    page.keyboard.press("Enter")
    accepted = page.locator("#problems li.accepted")
    expect(accepted).to_contain_text("Accepted by Rob")
    expect(accepted).to_contain_text("Agreed with the team")
    page.get_by_role("button", name="Accepted", exact=True).click()
    expect(shown(page)).to_have_count(1)
    accepted.get_by_role("button", name="Open again").click()
    expect(accepted).to_have_count(0)
    expect(page.locator("#problems")).to_contain_text(text)


def test_it_shows_the_first_of_many_and_all_when_asked(page: Page, journey: Journey):
    composer(page, with_emails(journey, 45))
    expect(page.locator("#problems [data-severity]")).to_have_count(80)
    assert page.evaluate("document.querySelectorAll('*').length") < 4000
    page.locator("#problems-more").click()
    expect(page.locator("#problems-more")).to_have_count(0)
    everything = page.locator("#problems [data-severity]").count()
    assert everything > 100
    open_card(page, "Send email")
    fill(page, "Email", "4711")
    expect(page.locator("#problems [data-severity]")).to_have_count(
        everything - 1
    )  # still all of them
