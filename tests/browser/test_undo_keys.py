"""Ctrl+Z where the cursor is: the field's own while something is typed there."""

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Locator, Page, expect

from journeys.models import Journey
from tests.browser.acting import card, fill, open_card

pytestmark = pytest.mark.django_db(transaction=True)
UNDO, REDO = "Control+z", "Control+Shift+z"


@pytest.fixture
def waiting(composer: Page) -> Page:
    """A wait of four days instead of two, its form open."""
    open_card(composer, "Wait 2 days")
    fill(composer, "How long", "4")
    return composer


def field(page: Page, label: str = "How long") -> Locator:
    return page.locator("[data-panel]").get_by_label(label, exact=True)


def revision(page: Page, number: int) -> None:
    expect(page.locator("#based-on")).to_have_value(str(number))


def test_in_a_field_as_it_was_opened_it_is_the_journeys(waiting: Page):
    field(waiting, "Name of the step").focus()
    waiting.keyboard.press(UNDO)
    expect(card(waiting, "Wait 2 days")).to_be_visible()
    expect(field(waiting, "Name of the step")).to_be_focused()
    waiting.keyboard.press(REDO)
    expect(card(waiting, "Wait 4 days")).to_be_visible()
    expect(field(waiting)).to_have_value("4")


def test_what_is_typed_is_the_fields_and_then_it_goes_on(waiting: Page):
    name = field(waiting, "Name of the step")
    name.focus()
    waiting.keyboard.type("Breathe")
    revision(waiting, 3)  # saved while the cursor is in it
    waiting.keyboard.press(UNDO)
    expect(name).to_have_value("")
    revision(waiting, 4)
    waiting.keyboard.press(UNDO)
    revision(waiting, 5)
    expect(card(waiting, "Wait 2 days")).to_be_visible()
    expect(waiting.locator("#undo")).to_be_disabled()
    for _time in range(2):
        waiting.keyboard.press(REDO)
    revision(waiting, 7)
    expect(field(waiting, "Name of the step")).to_have_value("Breathe")


def test_what_was_typed_and_taken_back_is_typed_again_by_redo(waiting: Page):
    name = field(waiting, "Name of the step")
    name.focus()
    waiting.keyboard.type("Breathe")
    waiting.keyboard.press(UNDO)
    expect(name).to_have_value("")
    waiting.keyboard.press(REDO)
    expect(name).to_have_value("Breathe")
    revision(waiting, 3)


def test_after_leaving_a_field_it_takes_back_the_visit(waiting: Page):
    name = field(waiting, "Name of the step")
    name.focus()
    waiting.keyboard.type("Breathe")
    waiting.keyboard.press("Tab")
    waiting.keyboard.press(UNDO)  # at once: what was typed is saved first
    revision(waiting, 4)
    expect(field(waiting, "Name of the step")).to_have_value("")
    expect(card(waiting, "Wait 4 days")).to_be_visible()


@pytest.mark.parametrize("control", ["select", "input[type=checkbox]"])
def test_what_has_no_undo_of_its_own_is_the_journeys(waiting: Page, control: str):
    waiting.locator(f"[data-block-form] {control}").first.focus()
    waiting.keyboard.press(UNDO)
    revision(waiting, 3)
    expect(card(waiting, "Wait 2 days")).to_be_visible()


def test_a_choice_is_taken_back_where_it_was_made(waiting: Page):
    unit = waiting.locator("[data-block-form] select").first
    unit.focus()
    unit.select_option("HOURS")
    waiting.keyboard.press(UNDO)
    expect(unit).to_have_value("DAYS")
    revision(waiting, 4)
    expect(card(waiting, "Wait 4 days")).to_be_visible()


def test_in_a_date_it_is_the_journeys(composer: Page, journey: Journey, maya: User):
    number = journey.head.number
    journey.apply("edit journey", {"members": {"name": "Other"}}, based_on=number, author=maya)
    composer.reload()
    day = '<input type="date" id="day">'
    composer.locator("[data-panel]").evaluate(
        "(panel, day) => panel.insertAdjacentHTML('beforeend', day)", day
    )
    composer.locator("#day").focus()
    composer.keyboard.press(UNDO)
    revision(composer, 3)


def test_a_greyed_button_says_why(waiting: Page, journey: Journey, miles: User):
    step = Journey.objects.get(pk=journey.pk).head.document()["activities"]
    (wait,) = [one for one in step if one["key"] == "WAITBYDURATION-1"]
    settings = {**wait["configurationArguments"], "waitDuration": 9}
    block = {**wait, "configurationArguments": settings}
    Journey.objects.get(pk=journey.pk).apply(
        "edit block",
        {"kind": "activity", "key": wait["key"], "block": block},
        based_on=2,
        author=miles,
    )
    reason = (
        "“Wait 2 days → Wait 4 days” cannot be taken back: Miles Marketer changed the same since:"
        " “Wait 4 days → Wait 9 days” (revision 3)."
    )
    waiting.keyboard.press(UNDO)
    expect(waiting.locator("[data-panel] [role=alert]")).to_contain_text(reason)
    expect(card(waiting, "Wait 9 days")).to_be_visible()
    expect(waiting.get_by_title(reason)).to_have_id("undo")
    expect(waiting.locator("#undo")).to_be_disabled()
