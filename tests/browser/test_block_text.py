"""A block without a form is edited as JSON: nothing that was typed there is lost before it is
applied."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Dialog, Locator, Page, expect

from journeys.models import Journey
from tests.browser.acting import card, come_in, open_card

pytestmark = pytest.mark.django_db(transaction=True)
TYPED = '{"key": "MYSTERY-1", "type": "NEVERHEARDOF", "x": "typed", "outcomes": []}'


@pytest.fixture
def mystery(page: Page, journey: Journey, maya: User) -> Page:
    """The List with a block of a type that nobody has heard of, which is open."""
    document = journey.head.document()
    steps = [
        *document["activities"],
        {"key": "MYSTERY-1", "type": "NEVERHEARDOF", "x": 1, "outcomes": []},
    ]
    journey.replace({**document, "activities": steps}, based_on=1, author=maya, operation="import")
    come_in(page, "maya")
    page.goto(f"/journeys/{journey.pk}/?view=list&kind=activity&key=MYSTERY-1")
    return page


def area(page: Page) -> Locator:
    return page.get_by_label("The block as JSON")


def block(journey: Journey) -> dict:
    document = Journey.objects.get(pk=journey.pk).head.document()
    return next(step for step in document["activities"] if step["key"] == "MYSTERY-1")


def open_again(page: Page) -> None:
    card(page, "MYSTERY").or_(card(page, "NEVERHEARDOF")).first.click()


def asked(page: Page, answer: Callable[[Dialog], None]) -> list[str]:
    kinds: list[str] = []
    page.on("dialog", lambda dialog: (kinds.append(dialog.type), answer(dialog)))
    return kinds


def test_it_is_back_when_the_block_is_opened_again(mystery: Page, journey: Journey):
    area(mystery).fill(TYPED)
    expect(mystery.get_by_text("Not applied yet.")).to_be_visible()
    open_card(mystery, "Wait 2 days")
    open_again(mystery)
    expect(area(mystery)).to_have_value(TYPED)
    expect(mystery.get_by_text("Not applied yet.")).to_be_visible()
    mystery.get_by_role("button", name="Apply").click()
    expect(mystery.locator("#based-on")).to_have_value("3")
    expect(mystery.get_by_text("Not applied yet.")).to_be_hidden()
    assert block(journey)["x"] == "typed"
    open_card(mystery, "Wait 2 days")
    open_again(mystery)
    expect(area(mystery)).not_to_have_value(TYPED)  # the draft's own, as it is written there
    expect(mystery.get_by_text("Not applied yet.")).to_be_hidden()


def test_it_survives_undo_and_can_be_taken_back(mystery: Page, journey: Journey):
    before = area(mystery).input_value()
    area(mystery).fill(TYPED)
    mystery.locator(
        "[data-key=undo]"
    ).click()  # of the import: the block is gone, and nothing was sent
    expect(mystery.locator("#based-on")).to_have_value("3")
    mystery.locator("[data-key=redo]").click()
    expect(mystery.locator("#based-on")).to_have_value("4")
    open_again(mystery)
    expect(area(mystery)).to_have_value(TYPED)
    mystery.get_by_role("button", name="Take back").click()
    expect(area(mystery)).to_have_value(before)
    open_card(mystery, "Wait 2 days")
    open_again(mystery)
    expect(area(mystery)).to_have_value(before)


def test_leaving_the_page_asks_and_a_reload_loses_nothing(mystery: Page):
    area(mystery).fill(TYPED)
    open_card(mystery, "Wait 2 days")
    kinds = asked(mystery, lambda dialog: dialog.accept())
    mystery.reload()
    assert kinds == ["beforeunload"]
    open_again(mystery)
    expect(area(mystery)).to_have_value(TYPED)
    mystery.get_by_role("button", name="Take back").click()
    expect(area(mystery)).not_to_have_value(TYPED)
    mystery.reload()
    assert kinds == ["beforeunload"]  # nothing is left to be asked about


def test_what_is_refused_stays(mystery: Page):
    area(mystery).fill(TYPED[:-1])
    mystery.get_by_role("button", name="Apply").click()
    expect(mystery.get_by_role("alert")).to_be_visible()
    open_card(mystery, "Wait 2 days")
    open_again(mystery)
    expect(area(mystery)).to_have_value(TYPED[:-1])


def test_both_versions_are_shown_when_somebody_changed_the_block_meanwhile(
    mystery: Page, journey: Journey, miles
):
    area(mystery).fill(TYPED)
    operation = {"kind": "activity", "key": "MYSTERY-1", "block": {**block(journey), "x": 2}}
    Journey.objects.get(pk=journey.pk).apply("edit block", operation, based_on=2, author=miles)
    open_card(mystery, "Wait 2 days")
    open_again(mystery)
    expect(area(mystery)).to_have_value(TYPED)
    mystery.get_by_role("button", name="Apply").click()
    expect(mystery.get_by_role("alert")).to_contain_text("saved this step while you typed")
    assert block(journey)["x"] == 2
    mystery.get_by_role("button", name="Save typed").click()
    expect(mystery.locator("#based-on")).to_have_value("4")
    assert block(journey)["x"] == "typed"
    expect(mystery.get_by_text("Not applied yet.")).to_be_hidden()
