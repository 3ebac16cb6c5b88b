"""Two people: what one decides arrives where the other works, without a reload."""

from collections.abc import Iterator
from copy import deepcopy

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Browser, Page, expect

from journeys.models import Journey, Review, Submission
from tests.browser.acting import come_in, drawn, open_card
from tests.people import approved
from tests.screens.test_standing import refused

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def desk(browser: Browser, base_url: str, journey: Journey) -> Iterator[Page]:
    """Rob's own window."""
    context = browser.new_context(base_url=base_url, viewport={"width": 1280, "height": 720})
    page = context.new_page()
    come_in(page, "rob")
    yield page
    context.close()


def composer(page: Page, journey: Journey, view: str = "path") -> Page:
    come_in(page, "maya")
    page.goto(f"/journeys/{journey.pk}/?view={view}")
    page.evaluate("window.isSame = true")
    return page


def decide(desk: Page, review: Review, button: str, comment: str) -> None:
    desk.goto(f"/admin/journeys/review/{review.pk}/change/")
    desk.get_by_label("Comment").fill(comment)
    desk.get_by_role("button", name=button, exact=True).click()
    expect(desk.get_by_role("status")).to_be_visible()


def test_what_a_reviewer_decides_arrives_and_is_answered(
    page: Page, desk: Page, journey: Journey, maya: User
):
    review = journey.request_review(maya)
    composer(page, journey)
    expect(page.locator("#ends")).to_contain_text("Maya Marketer asked for a review")
    decide(desk, review, "Send back", "Why 2 days?")
    notice = page.locator("#standing")
    expect(notice).to_contain_text("Rob Reviewer sent it back")
    expect(notice.locator(".comment")).to_have_text("Why 2 days?")
    expect(page.locator(".chip.state-sent-back")).to_be_visible()
    page.locator("#left > summary").click()
    expect(page.locator("#left")).to_contain_text("Why 2 days?")
    page.keyboard.press("Escape")
    notice.get_by_label("Your answer to the reviewer").fill("As we agreed in spring.")
    notice.get_by_role("button", name="Answer and request review").click()
    expect(page.locator("#ends")).to_contain_text("As we agreed in spring.")
    page.evaluate("window.isSame = true")
    review = Review.objects.first()
    desk.goto(f"/admin/journeys/review/{review.pk}/change/")
    expect(desk.locator("main")).to_contain_text("As we agreed in spring.")
    decide(desk, review, "Approve", "Fine then.")
    expect(page.locator("#ends")).to_contain_text("Rob Reviewer approved it")
    expect(page.locator("#ends")).to_contain_text("Fine then.")
    expect(page.get_by_role("link", name="Submit…")).to_be_visible()
    assert page.evaluate("window.isSame")


@pytest.mark.parametrize("button", ["Request review", "Answer and request review"])
def test_the_answer_goes_with_either_button_and_survives_a_reload(
    page: Page, journey: Journey, maya: User, rob: User, button: str
):
    journey.request_review(maya).send_back(rob, "Why 2 days?")
    composer(page, journey, "list")
    open_card(page, "Wait 2 days")
    page.get_by_label("Your answer to the reviewer").fill("As agreed.")
    page.reload()
    expect(page.get_by_label("Your answer to the reviewer")).to_have_value("As agreed.")
    open_card(page, "Wait 2 days")
    page.get_by_role("button", name=button, exact=True).click()
    expect(page.locator("#ends")).to_contain_text("As agreed.")
    assert Review.objects.first().reply == "As agreed."
    expect(page.locator(".stage-tabs [aria-current]")).to_have_text("List")
    expect(page.locator("[data-panel-title]")).to_have_text("Wait 2 days")
    stored = "Object.keys(sessionStorage).filter((name) => name.startsWith('answer:'))"
    assert page.evaluate(stored) == []


def test_what_is_typed_stays_while_a_decision_arrives(
    page: Page, desk: Page, journey: Journey, maya: User
):
    review = journey.request_review(maya)
    composer(page, journey, "list")
    open_card(page, "Wait 2 days")
    field = page.locator("#panel .block-form input[type=text]").first
    field.press_sequentially("My ")
    typed = field.input_value()
    decide(desk, review, "Send back", "Shorter, please.")
    expect(page.locator("#standing")).to_contain_text("Shorter, please.")
    expect(field).to_be_focused()
    assert field.input_value() == typed
    page.get_by_label("Your answer to the reviewer").fill("It has to be")
    Journey.objects.get().audit(maya, "problem.acceptance-withdrawn")
    drawn(page)
    expect(page.get_by_label("Your answer to the reviewer")).to_have_value("It has to be")


def test_a_refusal_arrives_and_leads_to_the_step(
    page: Page, journey: Journey, maya: User, rob: User
):
    sent = approved(journey, maya, rob).submit(maya)
    composer(page, journey)
    expect(page.locator("#ends")).to_contain_text("Maya Marketer submitted it")
    refused(sent)
    expect(page.locator("#standing")).to_contain_text("Two things are wrong.")
    expect(page.locator("#problems-title")).to_have_text("Refused for 2 reasons")
    expect(page.locator("#problems")).not_to_contain_text("No problems found")
    page.locator("#refused-1").get_by_role("button", name="Go to").click()
    expect(page.locator("#panel")).to_have_attribute("data-key", "EMAILV2-1")
    expect(page.locator("#panel").get_by_label("Email", exact=True)).to_be_focused()
    page.locator("#standing").get_by_role("link").first.click()
    expect(page.locator("#panel").get_by_label("Email", exact=True)).to_be_focused()
    assert Submission.objects.get().state == "refused"


def changed_wait(journey: Journey, by: User) -> None:
    journey = Journey.objects.get()
    steps = deepcopy(journey.head.document()["activities"])  # revisions share their blocks
    block = next(one for one in steps if one["key"] == "WAITBYDURATION-1")
    block["configurationArguments"]["waitDuration"] = 9
    operation = {"kind": "activity", "key": block["key"], "block": block}
    journey.apply("edit block", operation, based_on=journey.head.number, author=by)


@pytest.mark.parametrize("view", ["path", "list"])
def test_what_somebody_else_changes_is_drawn_and_what_is_typed_stays(
    page: Page, journey: Journey, miles: User, view: str
):
    composer(page, journey, view)
    open_card(page, "Send Welcome 1")
    field = page.locator("#panel").get_by_label("Subject", exact=True)
    field.press_sequentially("!")
    typed = field.input_value()
    changed_wait(journey, miles)
    expect(page.locator("[data-card]", has_text="Wait 9 days").first).to_be_visible()
    expect(field).to_be_focused()
    assert field.input_value() == typed
    field.blur()
    expect(page.locator("#based-on")).to_have_value("3")
    steps = Journey.objects.get().head.document()["activities"]
    wait = next(one for one in steps if one["key"] == "WAITBYDURATION-1")
    assert wait["configurationArguments"]["waitDuration"] == 9


def test_it_is_told_that_somebody_changed_what_is_open_and_shown_when_asked(
    page: Page, journey: Journey, miles: User
):
    composer(page, journey, "list")
    journey.apply("edit journey", {"members": {"name": "Hello"}}, based_on=1, author=miles)
    newer = page.locator("#newer")
    expect(newer).to_contain_text("Miles Marketer changed the journey")
    expect(page.locator("#based-on")).to_have_value("1")
    newer.get_by_role("button", name="Show it").click()
    expect(page.locator("h1")).to_have_text("Hello")
    expect(page.locator("#based-on")).to_have_value("2")
    expect(newer).to_be_hidden()


def test_a_folded_notice_stays_folded_and_another_one_stands_open(
    page: Page, journey: Journey, maya: User, rob: User
):
    journey.request_review(maya).send_back(rob, "First.")
    composer(page, journey)
    page.locator("#standing > summary").click()
    expect(page.locator("#standing")).not_to_have_attribute("open", "")
    page.reload()
    expect(page.locator("#standing")).not_to_have_attribute("open", "")
    Journey.objects.get().request_review(maya).send_back(rob, "Second.")
    expect(page.locator("#standing .comment")).to_have_text("Second.")
    expect(page.locator("#standing")).to_have_attribute("open", "")


def test_it_asks_less_often_while_nobody_sees_it(page: Page, journey: Journey):
    page.clock.install()
    composer(page, journey)
    asked = []
    page.on("request", lambda one: asked.append(one.url) if "/progress/" in one.url else None)
    with page.expect_response("**/progress/**"):
        page.clock.run_for(2_100)
    page.evaluate("Object.defineProperty(document, 'hidden', { value: true })")
    with page.expect_response("**/progress/**"):
        page.clock.run_for(2_100)
    drawn_frame = "() => new Promise((done) => { const c = new MessageChannel();"
    page.evaluate(drawn_frame + " c.port1.onmessage = done; c.port2.postMessage(0); })")
    count = len(asked)
    page.clock.run_for(15_000)
    assert len(asked) == count
    with page.expect_response("**/progress/**"):
        page.clock.run_for(10_000)
