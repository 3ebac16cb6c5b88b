"""Copy, cut, paste, duplicate and remove in a real browser, from one journey to another."""

import re

import pytest
from django.templatetags.static import static
from playwright.sync_api import Page, expect

from journeys.models import Journey
from journeys.spec import graph
from tests.browser.acting import come_in, open_card

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def other(journey: Journey) -> Journey:
    document = {
        "key": "other",
        "name": "Other journey",
        "workflowApiVersion": 1.0,
        "triggers": [],
        "activities": [],
    }
    return Journey.objects.start(
        document, tenant=journey.tenant, owner=journey.owner, operation="new", summary=""
    )


def keys(journey: Journey) -> list[str]:
    return list(graph.steps(Journey.objects.get(pk=journey.pk).head.document()))


def mark(page: Page, *chosen: str) -> None:
    """As Path and List do it."""
    page.evaluate(
        "([address, chosen]) => import(address).then((module) => module.selectKeys(chosen))",
        [static("js/common/multi_select.js"), list(chosen)],
    )
    expect(page.locator("[data-selected]")).to_have_count(len(chosen))


def revision(page: Page) -> str:
    return page.locator("#based-on").input_value()


def test_steps_are_copied_in_one_journey_and_pasted_into_another(
    page: Page, journey: Journey, other: Journey
) -> None:
    page.context.grant_permissions(["clipboard-write"])
    come_in(page, "maya")
    page.goto(f"/journeys/{journey.pk}/?view=list")
    first, second = keys(journey)[:2]
    mark(page, first, second)
    page.keyboard.press("Control+c")
    expect(page.locator("[data-note]")).to_have_text("Steps copied: 2")
    expect(page.locator("[data-spoken]")).to_have_text("Steps copied: 2")
    there = page.context.new_page()
    there.goto(f"/journeys/{other.pk}/?view=list")
    there.keyboard.press("Control+v")
    expect(there.locator("[data-card][data-kind=activity]")).to_have_count(2)
    expect(there.locator("[data-selected]")).to_have_count(2)
    assert keys(other) == [first, second]
    expect(there.locator("[data-key=undo]")).to_have_attribute("title", "Undo: Pasted 2 steps")
    there.locator("[data-gap]").first.focus()
    there.keyboard.press("Control+v")
    expect(there.locator("[data-card][data-kind=activity]")).to_have_count(4)
    assert len(set(keys(other))) == 4
    document = Journey.objects.get(pk=other.pk).head.document()
    assert graph.root(document) not in (first, second)  # into the gap with the focus
    there.locator("[data-key=undo]").click()
    expect(there.locator("[data-card][data-kind=activity]")).to_have_count(2)
    there.locator("[data-card][data-kind=activity]").first.focus()
    there.keyboard.press("Control+d")
    expect(there.locator("[data-card][data-kind=activity]")).to_have_count(3)
    expect(there.locator("[data-key=undo]")).to_have_attribute(
        "title", re.compile("^Undo: Duplicated ")
    )


def test_a_step_is_cut_and_pasted_elsewhere_by_keys(page: Page, journey: Journey) -> None:
    page.context.grant_permissions(["clipboard-write"])
    come_in(page, "maya")
    page.goto(f"/journeys/{journey.pk}/?view=list")
    before = keys(journey)
    open_card(page, "Wait 2 days")
    number = revision(page)
    page.locator("[data-card]", has_text="Wait 2 days").first.focus()
    page.keyboard.press("Control+x")
    expect(page.locator("#based-on")).not_to_have_value(number)
    expect(page.locator("[data-card]", has_text="Wait 2 days")).to_have_count(0)
    page.locator("[data-card][data-kind=activity]").last.focus()
    page.keyboard.press("Control+v")
    expect(page.locator("[data-card]", has_text="Wait 2 days")).to_have_count(1)
    assert sorted(keys(journey)) == sorted(before)
    # in a field the keys stay the field's own
    field = page.locator("[data-panel]").get_by_label("How long", exact=True)
    field.select_text()
    number = revision(page)
    page.keyboard.press("Control+c")
    page.keyboard.press("Control+v")
    expect(field).to_have_value("2")
    assert revision(page) == number


def test_what_would_go_too_is_asked_about_and_may_stay(page: Page, journey: Journey) -> None:
    come_in(page, "maya")
    page.goto(f"/journeys/{journey.pk}/?view=list")
    document = Journey.objects.get(pk=journey.pk).head.document()
    split = next(
        key for key, step in graph.steps(document).items() if len(graph.outcomes(step)) > 1
    )
    mark(page, split, keys(journey)[0])
    page.locator("[data-card][data-kind=activity]").first.focus()
    page.keyboard.press("Delete")
    question = page.get_by_role("dialog", name="Remove 2 steps?")
    expect(question).to_be_visible()
    page.keyboard.press("Escape")
    expect(question).to_be_hidden()
    assert split in keys(journey)
    page.keyboard.press("Delete")
    question.get_by_role("button", name="Remove").first.click()
    expect(page.locator(f'[data-card][data-key="{split}"]')).to_have_count(0)
    assert split not in keys(journey)


def test_a_step_is_replaced_from_its_menu(page: Page, journey: Journey) -> None:
    come_in(page, "maya")
    page.goto(f"/journeys/{journey.pk}/?view=list")
    page.locator("[data-card]", has_text="Wait 2 days").first.click(button="right")
    page.get_by_role("menuitem", name="Replace by…").click()
    page.get_by_role("menuitem", name="Decision split").click()
    expect(page.locator("[data-key=undo]")).to_have_attribute(
        "title", "Undo: Replaced Wait 2 days by Split by Path 1"
    )
    assert "WAITBYDURATION-1" not in keys(journey)


@pytest.mark.parametrize("view", ["path", "list"])
def test_steps_are_copied_and_pasted_by_mouse(page: Page, journey: Journey, view: str) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.set_viewport_size({"width": 1920, "height": 1080})
    come_in(page, "maya")
    page.goto(f"/journeys/{journey.pk}/?view={view}")
    before = keys(journey)
    first, wait = before[:2]
    page.locator(f'[data-card][data-key="{wait}"]').click(button="right")
    page.get_by_role("menuitem", name="Copy").click()
    expect(page.locator("[data-note]")).to_have_text("Steps copied: 1")
    page.locator(f'[data-card][data-key="{first}"]').click(button="right")
    page.get_by_role("menuitem", name="Paste behind").click()
    expect(page.locator("#based-on")).to_have_value("2")
    page.locator(f'[data-gap][data-after="{wait}"]').first.click()
    expect(page.locator("#chooser [data-palette-search]")).to_be_focused()
    page.get_by_role("button", name="Paste here").click()
    expect(page.locator("#based-on")).to_have_value("3")
    document = Journey.objects.get(pk=journey.pk).head.document()
    new = [key for key in keys(journey) if key not in before]
    leads = {
        key: graph.next_of(graph.outcomes(step)[0]) for key, step in graph.steps(document).items()
    }
    behind = next(key for key in new if leads[first] == key)
    assert (leads[behind], leads[wait]) == (wait, next(key for key in new if key != behind))


def test_it_says_how_to_paste_where_the_browser_keeps_its_clipboard_closed(
    page: Page, journey: Journey
) -> None:
    come_in(page, "maya")
    page.goto(f"/journeys/{journey.pk}/?view=list")
    page.locator("[data-gap]").first.click()
    page.get_by_role("button", name="Paste here").click()
    expect(page.locator("[data-note]")).to_contain_text("paste with Ctrl+V")
    expect(page.locator("#based-on")).to_have_value("1")


def test_a_step_is_removed_with_all_that_comes_behind_it(page: Page, journey: Journey) -> None:
    come_in(page, "maya")
    page.goto(f"/journeys/{journey.pk}/?view=list")
    first, wait = keys(journey)[:2]
    page.locator(f'[data-card][data-key="{wait}"]').focus()
    page.keyboard.press("Delete")  # one step is removed at once, and the gap is closed
    expect(page.locator("#based-on")).to_have_value("2")
    assert len(keys(journey)) > 2
    page.locator("[data-key=undo]").click()
    expect(page.locator("#based-on")).to_have_value("3")
    page.locator(f'[data-card][data-key="{wait}"]').click(button="right")
    page.get_by_role("menuitem", name=re.compile("^Remove with all")).click()
    expect(page.locator("#based-on")).to_have_value("4")
    assert keys(journey) == [first]
