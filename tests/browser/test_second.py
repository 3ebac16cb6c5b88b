"""A second entry source, goal or exit asks to take the place of the first."""

import pytest
from playwright.sync_api import Page, expect

from journeys.models import Journey
from tests.browser import axe

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_second_entry_source_takes_the_place_of_the_first_when_that_is_agreed_to(
    composer: Page, journey: Journey
):
    data_extension = composer.locator(".palette").get_by_role(
        "button", name="Data extension", exact=True
    )
    data_extension.click()
    dialog = composer.get_by_role("dialog", name="Replace the entry source?")
    expect(dialog).to_contain_text("Entered by Newsletter sign-up")
    assert axe.violations(composer) == []
    dialog.get_by_role("button", name="Keep it, and open it").click()
    expect(dialog).to_be_hidden()
    expect(composer.locator("[data-panel-title]")).to_have_text("Entered by Newsletter sign-up")
    data_extension.click()
    dialog.get_by_role("button", name="Replace", exact=True).click()
    expect(composer.locator("[data-panel-title]")).to_have_text("Data extension")
    expect(composer.locator("[data-card][data-kind=trigger]")).to_have_count(1)
    composer.locator("[data-key=undo]").click()
    expect(composer.locator("[data-card][data-kind=trigger]")).to_contain_text("Newsletter sign-up")


def test_the_same_is_asked_on_the_path(composer: Page, journey: Journey):
    composer.goto(f"/journeys/{journey.pk}/?view=path")
    for _time in range(2):
        composer.locator(".palette").get_by_role("button", name="Goal", exact=True).click()
        expect(composer.locator("[data-panel-title]")).to_have_text("Goal")
    dialog = composer.get_by_role("dialog", name="Replace the goal?")
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_be_hidden()
    expect(composer.locator("#based-on")).to_have_value("2")
