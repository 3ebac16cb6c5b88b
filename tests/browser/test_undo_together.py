"""Two people in two windows at one journey, who take back what they did."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from journeys.models import Journey
from journeys.spec import document as doc
from tests.browser.acting import add, card, come_in, fill, open_card, steps

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def other(browser: Browser, live_server, page: Page, journey: Journey) -> Iterator[Page]:
    """Miles's window, with the same journey in it."""
    context = browser.new_context(base_url=live_server.url)
    window = context.new_page()
    come_in(window, "miles")
    window.goto(f"/journeys/{journey.pk}/?view=list")
    yield window
    context.close()


def says(page: Page, name: str, text: str) -> None:
    expect(page.locator(f"#{name}")).to_have_attribute("title", text)


def as_loaded_anew(page: Page) -> None:
    """What is shown is what a fresh load shows."""
    shown = steps(page)
    page.reload()
    expect(page.locator(".rows [data-card]").first).to_be_visible()
    assert steps(page) == shown


def test_each_takes_back_their_own(composer: Page, other: Page, journey: Journey):
    open_card(composer, "Wait 2 days")
    fill(composer, "How long", "4")
    open_card(other, "Wait 3 days")
    fill(other, "How long", "9")
    says(composer, "undo", "Undo: Wait 2 days → Wait 4 days")
    says(other, "undo", "Undo: Wait 3 days → Wait 9 days")
    composer.keyboard.press("Control+z")
    expect(card(composer, "Wait 2 days")).to_be_visible()
    expect(card(composer, "Wait 9 days")).to_be_visible()
    says(composer, "undo", "Nothing to undo")
    other.locator("#undo").click()
    expect(card(other, "Wait 3 days")).to_be_visible()
    expect(card(other, "Wait 2 days")).to_be_visible()
    assert Journey.objects.get(pk=journey.pk).head.sha256 == journey.head.sha256
    as_loaded_anew(other)
    composer.locator("#redo").click()
    expect(card(composer, "Wait 4 days")).to_be_visible()
    other.reload()
    says(other, "redo", "Redo: Wait 3 days → Wait 9 days")


def test_a_step_is_taken_back_around_the_one_that_somebody_put_behind_it(
    composer: Page, other: Page, journey: Journey
):
    before = steps(composer)
    add(composer, 1, "wait")
    other.reload()
    add(other, 2, "wait")
    together = Journey.objects.get(pk=journey.pk).head.document()
    assert len(together["activities"]) == len(journey.head.document()["activities"]) + 2
    composer.locator("#undo").click()
    expect(composer.locator("#based-on")).to_have_value("4")
    left = Journey.objects.get(pk=journey.pk).head.document()
    assert len(left["activities"]) == len(journey.head.document()["activities"]) + 1
    as_loaded_anew(composer)
    other.locator("#undo").click()
    expect(other.locator("#based-on")).to_have_value("5")
    assert doc.dumps(Journey.objects.get(pk=journey.pk).head.document()) == journey.head.body
    as_loaded_anew(other)
    assert steps(other) == before


def test_one_change_is_reverted_from_the_history(composer: Page, other: Page, journey: Journey):
    open_card(other, "Wait 2 days")
    fill(other, "How long", "4")
    open_card(composer, "Wait 3 days")
    fill(composer, "How long", "9")
    composer.get_by_role("link", name="History").click()
    composer.get_by_role("button", name="Revert what revision 2 changed").click()
    expect(
        composer.get_by_text("Reverted: Wait 2 days → Wait 4 days, as revision 4")
    ).to_be_visible()
    composer.goto(f"/journeys/{journey.pk}/?view=list")
    expect(card(composer, "Wait 9 days")).to_be_visible()
    expect(card(composer, "Wait 2 days")).to_be_visible()
    says(composer, "undo", "Undo: Reverted: Wait 2 days → Wait 4 days")
