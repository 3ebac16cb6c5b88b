"""On a slow line: what is pressed meanwhile is done all the same, in its order and where it was
meant."""

import time
from collections.abc import Callable
from copy import deepcopy

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Dialog, Page, Route, expect

from journeys import limiting
from journeys.models import Journey
from journeys.models.use import Running
from tests.browser.acting import card, come_in, open_card

pytestmark = pytest.mark.django_db(transaction=True)
LATE = """
const send = XMLHttpRequest.prototype.send;
XMLHttpRequest.prototype.send = function (...told) {
  setTimeout(() => send.apply(this, told), window.late ?? 150);
};
"""


@pytest.fixture
def slow(page: Page, journey: Journey) -> Page:
    come_in(page, "maya")
    page.add_init_script(LATE)
    page.goto(f"/journeys/{journey.pk}/?view=list")
    return page


def newest(journey: Journey) -> Journey:
    return Journey.objects.get(pk=journey.pk)


def names(journey: Journey) -> list[str]:
    """Of the draft's steps."""
    return [step.get("name", "") for step in newest(journey).head.document()["activities"]]


def saved(page: Page, revision: int) -> None:
    expect(page.locator("#based-on")).to_have_value(str(revision))


def named(journey: Journey, count: int) -> None:
    """Gives the first step one name after the other."""
    for number in range(count):
        step = newest(journey).head.document()["activities"][0]
        arguments = {
            "kind": "activity",
            "key": step["key"],
            "block": {**step, "name": f"Name {number}"},
        }
        newest(journey).apply("edit block", arguments, based_on=number + 1, author=journey.owner)


def test_every_undo_counts_however_fast(slow: Page, journey: Journey):
    named(journey, 5)
    slow.reload()
    saved(slow, 6)
    slow.locator("#undo").focus()
    for _ in range(5):
        slow.keyboard.press("Control+z")
        slow.wait_for_timeout(60)  # as fast as fingers are
    saved(slow, 11)
    assert newest(journey).head.sha256 == journey.head.sha256
    expect(slow.locator("#undo")).to_be_disabled()
    expect(
        slow.locator("#undo")
    ).to_be_focused()  # not on Redo, which whoever goes on pressing would turn
    slow.keyboard.press("Enter")
    slow.keyboard.press("Control+z")
    expect(slow.locator("#undo")).to_have_accessible_name("Nothing to undo")
    saved(slow, 11)


def test_undo_right_after_typing_takes_that_back(slow: Page, journey: Journey):
    open_card(slow, "Wait 2 days")
    slow.get_by_label("Name of the step").fill("Breathe")
    slow.locator("#undo").dispatch_event("click")  # before what was typed is saved
    saved(slow, 2)
    slow.locator("#undo").click()
    saved(slow, 3)
    assert newest(journey).head.sha256 == journey.head.sha256


def test_what_is_open_in_the_top_bar_stays_open(slow: Page):
    open_card(slow, "Wait 2 days")
    slow.get_by_label("Name of the step").fill("Breathe")
    slow.get_by_label("Export and more").click()
    saved(slow, 2)
    expect(slow.get_by_role("link", name="Print view")).to_be_visible()
    expect(slow.get_by_label("Export and more")).to_be_focused()


def test_keys_that_are_pressed_twice_act_twice(slow: Page, journey: Journey):
    slow.locator("#outline [data-card]", has_text="Send Welcome 1").focus()
    slow.keyboard.press("Alt+ArrowDown")
    slow.keyboard.press("Alt+ArrowDown")
    saved(slow, 3)
    assert names(journey)[:3] == ["", "Which second email?", "Welcome 1"]
    expect(slow.locator("#step-menu")).to_be_hidden()
    expect(slow.locator("#outline [data-card]", has_text="Send Welcome 1")).to_be_focused()


def test_a_step_comes_where_its_plus_was(slow: Page, journey: Journey):
    open_card(slow, "Wait 2 days")
    slow.evaluate("window.late = 800")
    slow.get_by_label("Name of the step").fill("Breathe")
    slow.locator("#outline [data-gap]").nth(1).click()
    slow.keyboard.type("wait until")
    slow.keyboard.press("Enter")
    slow.locator("#outline [data-gap]").nth(0).click()  # another + before the answer
    saved(slow, 3)
    steps = newest(journey).head.document()["activities"]
    assert [step["key"] for step in steps][:3] == [
        "EMAILV2-1",
        "WAITUNTILDATE-1",
        "WAITBYDURATION-1",
    ]


def come_late(page: Page, script: str) -> Callable[[], None]:
    """Opens the page again, and what lets the script come that it is still waiting for."""
    held: list[Route] = []
    page.route(f"**/js/panel/{script}.*js", lambda route: held.append(route), times=1)
    page.reload(wait_until="commit")
    expect(page.locator("[data-panel-title]")).to_be_visible()
    until = time.monotonic() + 20
    while not held and time.monotonic() < until:
        page.wait_for_timeout(20)  # lets the browser's events reach the test
    page.wait_for_timeout(500)  # all others have come meanwhile
    return lambda: held[0].continue_()


def test_what_was_kept_is_sent_however_late_the_last_script_comes(slow: Page, journey: Journey):
    open_card(slow, "Wait 2 days")
    slow.get_by_label("How long").fill("soo")
    expect(slow.locator("[data-saving]")).to_contain_text("Not saved: see the form")
    come_late(slow, "event_fields")()
    expect(slow.locator(".invalid-feedback")).to_have_text(
        "Enter a whole number of 1 or more (days)."
    )
    come = come_late(slow, "autosave")
    slow.get_by_label("How long").fill("5")  # newer than what was kept
    come()
    saved(slow, 2)
    assert (
        newest(journey).head.document()["activities"][1]["configurationArguments"]["waitDuration"]
        == 5
    )


def test_what_is_typed_before_the_scripts_have_come_is_saved(slow: Page, journey: Journey):
    open_card(slow, "Wait 2 days")
    come = come_late(slow, "autosave")
    slow.get_by_label("Name of the step").fill("Breathe")
    come()
    saved(slow, 2)
    assert names(journey)[1] == "Breathe"


def test_json_that_is_typed_before_the_scripts_have_come_is_kept(slow: Page, journey: Journey):
    step = {**newest(journey).head.document()["activities"][1], "type": "PUSHWAIT"}
    arguments = {"kind": "activity", "key": step["key"], "block": step}
    newest(journey).apply("edit block", arguments, based_on=1, author=journey.owner)
    slow.goto(f"/journeys/{journey.pk}/?view=list&kind=activity&key={step['key']}")
    come = come_late(slow, "block_text")
    area = slow.get_by_label("The block as JSON")
    area.fill("{}")
    come()
    expect(slow.get_by_role("button", name="Take back")).to_be_visible()
    slow.once("dialog", lambda dialog: dialog.accept())
    slow.reload()
    expect(area).to_have_value("{}")


@pytest.mark.parametrize("view", ["Path", "JSON"])
def test_another_view_opens_as_soon_as_what_was_typed_is_saved(
    slow: Page, journey: Journey, view: str
):
    asked: list[Dialog] = []
    slow.on("dialog", lambda dialog: (asked.append(dialog), dialog.accept()))
    open_card(slow, "Wait 2 days")
    slow.get_by_label("Name of the step").fill("Breathe")
    slow.get_by_role("navigation", name="Views of the journey").get_by_role(
        "link", name=view
    ).click()
    slow.wait_for_url(f"**view={view.lower()}**")
    expect(slow.get_by_label("Name of the step")).to_have_value("Breathe")  # the same block is open
    assert (asked, names(journey)[1]) == ([], "Breathe")


def test_the_review_is_asked_for_what_was_typed(slow: Page, journey: Journey):
    open_card(slow, "Wait 2 days")
    slow.evaluate("window.late = 800")
    slow.get_by_label("Name of the step").fill("Breathe")
    slow.get_by_role("button", name="Request review").click()
    expect(slow.locator("#status .chip").first).to_have_text("In review")
    review = newest(journey).reviews.get()
    assert (review.revision.number, names(journey)[1]) == (2, "Breathe")


def test_the_cursor_stays_where_one_types_after_go_to(slow: Page, journey: Journey):
    step = deepcopy(newest(journey).head.document()["activities"][0])
    del step["configurationArguments"]["triggeredSend"]["emailId"]
    arguments = {"kind": "activity", "key": step["key"], "block": step}
    newest(journey).apply("edit block", arguments, based_on=1, author=journey.owner)
    slow.reload()
    slow.locator("#problems").get_by_role("button", name="Go to").first.click()
    expect(slow.locator("#panel").get_by_label("Email", exact=True)).to_be_focused()
    subject = slow.locator("#panel").get_by_label("Subject", exact=True)
    subject.click()
    subject.press("End")
    slow.keyboard.type(" now")
    saved(slow, 3)
    slow.wait_for_timeout(100)
    slow.keyboard.type(" or never")
    saved(slow, 4)
    assert subject.input_value().endswith(" now or never")


# Ten frames without another place of the picture
AT_REST = """() => new Promise((done) => {
  const world = document.querySelector("[data-world]");
  let last = "", same = 0;
  const look = () => {
    same = world.style.cssText === last ? same + 1 : 0;
    last = world.style.cssText;
    if (same < 10) requestAnimationFrame(look); else done();
  };
  look();
})"""


def test_a_save_leaves_what_one_looks_at(slow: Page, journey: Journey):
    slow.goto(f"/journeys/{journey.pk}/?view=path")
    card(slow, "Send Welcome 1").click()
    expect(slow.locator("[data-panel-title]")).to_contain_text("Welcome 1")
    slow.locator("[data-ground]").focus()
    for _ in range(8):
        slow.keyboard.press("ArrowRight")
    slow.evaluate(AT_REST)
    world = slow.locator("[data-world]")
    before = world.evaluate("(one) => one.style.transform")
    assert before
    slow.locator("#panel").get_by_label("Subject", exact=True).fill("Hello")
    saved(slow, 2)
    slow.wait_for_timeout(300)
    assert world.evaluate("(one) => one.style.transform") == before


def test_it_keeps_what_was_typed_until_its_turn_comes(
    page: Page, journey: Journey, maya: User, complaints: list[str], monkeypatch
):
    come_in(page, "maya")
    page.goto(f"/journeys/{journey.pk}/?view=list")
    open_card(page, "Wait")
    monkeypatch.setattr(limiting, "LARGE", 1000)
    monkeypatch.setattr(limiting, "LONGEST_WAIT", 0.2)
    other = Running.objects.create(person=maya, what="large", until=time.time() + 60)
    page.get_by_label("Name of the step").fill("Called so")
    expect(page.locator("[data-refused]")).to_contain_text(
        "Large journeys are worked on one after the other"
    )
    expect(page.get_by_label("Name of the step")).to_have_value("Called so")
    other.delete()
    saved(page, 2)
    assert "Called so" in names(journey)
    assert complaints and all("429" in told for told in complaints)
    complaints.clear()
