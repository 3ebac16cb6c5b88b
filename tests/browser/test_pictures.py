"""The pictures in the list of journeys: they come after the list, also where it was narrowed."""

import pytest
from playwright.sync_api import Page, expect

from journeys.models import Journey
from journeys.screens import thumbnails
from tests.browser.acting import come_in

pytestmark = pytest.mark.django_db(transaction=True)


def test_they_come_after_the_list(page: Page, journey: Journey) -> None:
    thumbnails._kept.clear()
    come_in(page, "maya")
    page.goto("/")
    expect(page.locator("td.sketched svg.thumb")).to_have_attribute("aria-label", "6 steps")
    thumbnails._kept.clear()
    with page.expect_response(lambda answer: "q=welc" in answer.url):
        page.locator("#id_q").fill("welc")
    expect(page.locator("td.sketched[data-picture-of] svg.thumb")).to_have_attribute(
        "aria-label", "6 steps"
    )
