"""The review desk and the administration by keyboard alone, and on a narrow screen."""

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from journeys.models import Journey, Review
from tests.browser import axe
from tests.browser.acting import come_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def review(journey: Journey, maya: User) -> Review:
    return journey.request_review(maya)


def pressed(page: Page, times: int) -> str:
    for _time in range(times):
        page.keyboard.press("Tab")
    return page.evaluate("document.activeElement.textContent.trim()")


def test_a_review_is_decided_by_keyboard_alone(page: Page, review: Review, rob: User):
    come_in(page, "rob")
    page.goto(f"/admin/journeys/review/{review.pk}/change/")
    assert pressed(page, 1) == "Skip to the content"
    page.keyboard.press("Enter")
    assert pressed(page, 4) == "Approve"
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    menu = page.locator(".top-bar details.menu")
    menu.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(menu).to_have_attribute("open", "")
    page.keyboard.press("Escape")
    expect(menu).not_to_have_attribute("open", "")
    expect(menu.locator("summary")).to_be_focused()
    page.get_by_role("button", name="Approve").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Approved:")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_page_of_the_administration_has_a_violation_or_is_wider_than_the_screen(
    page: Page, review: Review, rob: User, theme: str, complaints: list[str]
):
    page.emulate_media(color_scheme=theme)
    come_in(page, "ada")
    pages = [
        "",
        "journeys/review/",
        "journeys/auditentry/",
        f"journeys/tenant/{review.tenant_id}/change/",
    ]
    pages += ["auth/user/", f"auth/user/{rob.pk}/change/", "journeys/submission/"]
    found = []
    for address in pages:
        page.set_viewport_size({"width": 1280, "height": 720})
        page.goto(f"/admin/{address}")
        # what CSS imports would be asked for
        found += axe.violations(page, preload=False)
        for width in (1280, 400):
            page.set_viewport_size({"width": width, "height": 720})
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                found.append(f"{address} is wider than {width}")
    assert [*found, *complaints] == []
