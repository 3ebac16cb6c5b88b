"""The form at the right in a real browser: saved as it is typed, whatever the line does."""

from collections.abc import Callable, Iterator
from copy import deepcopy

import pytest
from playwright.sync_api import Page, Route, expect

from journeys.models import Journey
from tests.browser.acting import card, open_card

pytestmark = pytest.mark.django_db(transaction=True)
SAVE = "**/block/save/"


@pytest.fixture
def slow(composer: Page) -> Iterator[list[str]]:
    """Saves reach the server, and their answers the page only when the test lets them; the bodies
    sent so far."""
    sent: list[str] = []
    held: list[tuple[Route, object]] = []

    def hold(route: Route) -> None:
        held.append((route, route.fetch()))
        sent.append(route.request.post_data or "")

    composer.route(SAVE, hold)
    composer.let_through = lambda: [
        route.fulfill(response=answer) for route, answer in [held.pop() for _ in held[:]]
    ]
    yield sent
    composer.unroute_all(behavior="ignoreErrors")


def newest(journey: Journey) -> Journey:
    return Journey.objects.get(pk=journey.pk)


def step(journey: Journey, key: str) -> dict:
    found = next(
        step for step in newest(journey).head.document()["activities"] if step["key"] == key
    )
    return deepcopy(found)  # one to change: the draft's document is shared


def saved(page: Page) -> None:
    expect(page.locator("[data-saved]")).to_be_visible()


def until(page: Page, holds: Callable[[], bool]) -> None:
    for _ in range(300):
        if holds():
            return
        page.wait_for_timeout(50)  # lets the browser's events reach the test, too
    raise AssertionError("it did not happen")


def test_it_saves_while_typing_without_moving_the_cursor(
    composer: Page, journey: Journey, slow: list[str]
):
    open_card(composer, "Wait 2 days")
    name = composer.get_by_label("Name of the step")
    name.click()
    name.press("Home")
    composer.keyboard.type("Cool ", delay=20)
    expect(composer.locator("[data-saving]")).to_contain_text("Saving…")
    until(composer, lambda: len(slow) == 1)
    composer.keyboard.type("off", delay=20)
    composer.let_through()
    until(composer, lambda: len(slow) == 2)
    expect(name).to_be_focused()
    assert name.evaluate("field => [field.value.slice(0, 8), field.selectionStart]") == [
        "Cool off",
        8,
    ]
    composer.let_through()
    saved(composer)
    assert (len(slow), step(journey, "WAITBYDURATION-1")["name"][:8]) == (2, "Cool off")
    composer.keyboard.press("Escape")
    composer.locator("[data-key=undo]").click()
    expect(card(composer, "Wait 2 days")).to_be_visible()
    expect(composer.locator("[data-key=undo]")).to_be_disabled()


def test_it_stores_what_is_right_and_says_what_is_wrong(composer: Page, journey: Journey):
    open_card(composer, "Wait 2 days")
    field = composer.get_by_label("How long")
    field.fill("soo")
    composer.get_by_label("Name of the step").fill("Cool off")
    expect(composer.locator(".invalid-feedback")).to_have_text(
        "Enter a whole number of 1 or more (days)."
    )
    expect(composer.locator("[data-saving]")).to_contain_text("Not saved: see the form")
    assert field.get_attribute("aria-invalid") == "true"
    described = field.get_attribute("aria-describedby").split()
    assert "whole number" in composer.locator(f"#{described[-1]}").inner_text()
    expect(composer.locator("#block-json")).to_contain_text("Cool off")
    assert step(journey, "WAITBYDURATION-1")["configurationArguments"]["waitDuration"] == 2
    composer.reload()
    expect(composer.locator(".invalid-feedback")).to_have_count(1)
    expect(field).to_have_value("soo")
    field.fill("5")
    expect(composer.locator(".invalid-feedback")).to_have_count(0)
    saved(composer)
    assert step(journey, "WAITBYDURATION-1")["configurationArguments"]["waitDuration"] == 5


def test_it_keeps_a_change_while_the_line_is_down_and_sends_it_afterwards(
    composer: Page, journey: Journey, complaints
):
    open_card(composer, "Wait 2 days")
    composer.route("**/journeys/**", lambda route: route.abort())
    field = composer.get_by_label("How long")
    field.fill("7")
    expect(composer.locator("[data-saving]")).to_contain_text("Offline: your change is kept here")
    asked: list[str] = []
    composer.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    composer.unroute_all()
    composer.route(SAVE, lambda route: route.abort())
    composer.reload()
    assert asked == ["beforeunload"]
    expect(composer.get_by_label("How long")).to_have_value("7")
    expect(composer.locator("[data-saving]")).to_contain_text("Offline")
    assert step(journey, "WAITBYDURATION-1")["configurationArguments"]["waitDuration"] == 2
    composer.unroute_all()
    composer.evaluate("dispatchEvent(new Event('online'))")
    saved(composer)
    expect(card(composer, "Wait 7 days")).to_be_visible()
    composer.reload()
    assert asked == ["beforeunload"]
    complaints.clear()


def test_it_takes_a_lost_answer_for_no_conflict(composer: Page, journey: Journey, complaints):
    open_card(composer, "Wait 2 days")
    lost: list[int] = []

    def lose(route: Route) -> None:
        lost.append(route.fetch().status)
        route.abort()

    composer.route(SAVE, lose)
    composer.get_by_label("How long").fill("7")
    until(composer, lambda: bool(lost))
    assert step(journey, "WAITBYDURATION-1")["configurationArguments"]["waitDuration"] == 7
    composer.unroute_all()
    composer.get_by_label("How long").fill("8")
    saved(composer)
    expect(card(composer, "Wait 8 days")).to_be_visible()
    complaints.clear()


def test_it_says_what_to_do_when_the_sign_in_has_ended(
    composer: Page, journey: Journey, complaints
):
    open_card(composer, "Wait 2 days")
    cookies = composer.context.cookies()
    composer.context.clear_cookies(name="sessionid")
    composer.get_by_label("How long").fill("7")
    expect(composer.locator("[data-saving]")).to_contain_text("you are signed out")
    expect(composer.get_by_role("link", name="Sign in")).to_be_visible()
    expect(composer.get_by_label("How long")).to_have_value("7")
    composer.context.add_cookies(cookies)
    composer.evaluate("dispatchEvent(new Event('focus'))")
    saved(composer)
    assert step(journey, "WAITBYDURATION-1")["configurationArguments"]["waitDuration"] == 7
    complaints.clear()


@pytest.mark.parametrize(
    ("status", "said"), [(403, "Copy what you typed"), (413, "too large"), (500, "a fault")]
)
def test_it_says_why_the_server_did_not_take_it(composer: Page, complaints, status: int, said: str):
    open_card(composer, "Wait 2 days")
    composer.route(SAVE, lambda route: route.fulfill(status=status, body="no"))
    composer.get_by_label("How long").fill("7")
    expect(composer.locator("[data-saving]")).to_contain_text(said)
    expect(composer.get_by_label("How long")).to_have_value("7")
    composer.unroute_all()
    composer.get_by_label("How long").fill("8")
    saved(composer)
    expect(card(composer, "Wait 8 days")).to_be_visible()
    complaints.clear()


def test_it_brings_a_change_home_whose_block_is_no_longer_open(
    composer: Page, journey: Journey, complaints
):
    open_card(composer, "Wait 2 days")
    composer.route(SAVE, lambda route: route.abort())
    composer.get_by_label("How long").fill("7")
    expect(composer.locator("[data-saving]")).to_contain_text("Offline")
    open_card(composer, "Which second email?")
    composer.unroute_all()
    composer.evaluate("dispatchEvent(new Event('online'))")
    expect(card(composer, "Wait 7 days")).to_be_visible()
    expect(composer.locator("[data-panel-title]")).to_contain_text("Which second email?")
    complaints.clear()


def test_it_shows_both_versions_with_what_was_typed_last(
    composer: Page, journey: Journey, miles, slow: list[str]
):
    open_card(composer, "Wait 2 days")
    block = step(journey, "WAITBYDURATION-1")
    block["configurationArguments"]["waitDuration"] = 9
    operation = {"kind": "activity", "key": block["key"], "block": block}
    newest(journey).apply("edit block", operation, based_on=1, author=miles)
    composer.get_by_label("How long").fill("5")
    until(composer, lambda: len(slow) == 1)
    composer.get_by_label("How long").fill("55")
    composer.let_through()
    until(composer, lambda: len(slow) == 2)
    composer.let_through()
    expect(composer.get_by_role("alert")).to_contain_text("Miles Marketer saved this step")
    composer.unroute_all(behavior="ignoreErrors")
    composer.get_by_role("button", name="Save 55 days").click()
    expect(card(composer, "Wait 55 days")).to_be_visible()
    expect(composer.get_by_label("How long")).to_have_value("55")


def test_it_shows_the_checks_in_a_tab_of_their_own(composer: Page):
    open_card(composer, "Wait 2 days")
    tab = composer.get_by_role("tab", name="Checks")
    expect(tab).to_have_text("Checks")
    composer.get_by_label("How long").fill("")
    expect(tab).to_contain_text("1")
    composer.get_by_role("tab", name="Set up").focus()
    composer.keyboard.press("ArrowRight")
    expect(composer.get_by_role("tabpanel", name="Checks")).to_be_visible()
    expect(composer.get_by_label("How long")).to_be_hidden()
    composer.reload()
    expect(composer.get_by_role("tab", name="Checks", selected=True)).to_be_visible()
    composer.locator("#problems li").first.get_by_role("button", name="Go to").click()
    expect(composer.get_by_label("How long")).to_be_focused()


def test_it_shows_and_keeps_what_follows_the_field_that_was_changed(
    composer: Page, journey: Journey
):
    open_card(composer, "Send Welcome 1")
    composer.get_by_text("More settings").click()
    composer.get_by_label("Subject", exact=True).fill("Hello")
    expect(composer.get_by_label("Dynamic subject")).to_have_value("Hello")
    composer.get_by_label("Preheader").fill("Read on")
    expect(composer.locator("#block-json")).to_contain_text("Read on")
    saved(composer)
    send = step(journey, "EMAILV2-1")["configurationArguments"]["triggeredSend"]
    assert (send["emailSubject"], send["dynamicEmailSubject"], send["preHeader"]) == (
        "Hello",
        "Hello",
        "Read on",
    )


def test_it_says_in_the_heading_what_the_block_does_now(composer: Page):
    open_card(composer, "Wait 2 days")
    composer.get_by_label("How long").fill("4")
    expect(composer.locator("[data-panel-title]")).to_have_text("Wait 4 days")
    expect(composer.get_by_label("How long")).to_be_focused()
