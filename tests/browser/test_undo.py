"""Undo by keys, as far as it goes back."""

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from journeys.models import Journey
from tests.browser.acting import come_in
from tests.depth import deep

pytestmark = pytest.mark.django_db(transaction=True)
EDITS = deep(40, 200)  # as many as it goes back
# the answer is there, and new buttons are heard
DONE = """number => new Promise((done, failed) => {
  const latest = Date.now() + 15000;
  const look = () => {
    const settles = document.querySelector(".htmx-request, .htmx-swapping, .htmx-settling");
    if (document.querySelector("#based-on").value === number && !settles) done();
    else if (Date.now() > latest) failed(new Error(`no answer makes it revision ${number}`));
    else setTimeout(look, 5);
  };
  look();
})"""


@pytest.fixture
def edited(journey: Journey, maya: User) -> Journey:
    """A journey of Maya's after many edits of one wait, each a step of its own."""
    wait = next(
        step for step in journey.head.document()["activities"] if step["key"] == "WAITBYDURATION-1"
    )
    for days in range(3, EDITS + 3):
        block = {
            **wait,
            "configurationArguments": {**wait["configurationArguments"], "waitDuration": days},
        }
        operation = {"kind": "activity", "key": wait["key"], "block": block}
        journey.apply(
            "edit block",
            operation,
            based_on=journey.head.number,
            author=maya,
            told={"run": f"run-{days}"},
        )
    return journey


def undo(page: Page, times: int) -> None:
    number = int(page.locator("#based-on").input_value())
    for done in range(1, times + 1):
        page.keyboard.press("Control+z")
        page.evaluate(DONE, str(number + done))


@pytest.mark.parametrize("width", [1800, 1280, 1024])
def test_two_clicks_at_one_spot_undo_twice(page: Page, journey: Journey, maya: User, width: int):
    for name in ("Autumn", "A long name for the spring of next year"):
        members = {"members": {"name": name}}
        journey.apply("edit journey", members, based_on=journey.head.number, author=maya)
    journey.request_review(maya)  # the first undo ends it, which changes the main button as well
    page.set_viewport_size({"width": width, "height": 720})
    come_in(page, "maya")
    page.goto(f"/journeys/{journey.pk}/?view=list")
    box = page.locator("#undo").bounding_box()
    for left in ("left", "right"):
        x = box["x"] + (4 if left == "left" else box["width"] - 4)
        page.mouse.click(x, box["y"] + box["height"] / 2)
        page.evaluate(DONE, "4" if left == "left" else "5")
    expect(page.get_by_role("heading", level=1)).to_have_text("Welcome series")
    expect(page.locator("#undo")).to_have_attribute("title", "Nothing to undo")
    assert page.locator("#undo").bounding_box() == box


def test_all_edits_are_undone_across_a_reload(page: Page, edited: Journey):
    before = edited.revisions.get(number=1).document()
    come_in(page, "maya")
    page.goto(f"/journeys/{edited.pk}/?view=list")
    expect(page.locator("#outline")).to_contain_text(f"Wait {EDITS + 2} days")
    undo(page, EDITS // 2)
    expect(page.locator("#outline")).to_contain_text(f"Wait {EDITS // 2 + 2} days")
    page.reload()
    undo(page, EDITS // 2)
    expect(page.locator("#outline")).to_contain_text("Wait 2 days")
    assert Journey.objects.get(pk=edited.pk).head.document() == before
    expect(page.locator("[data-key=undo]")).to_be_disabled()
