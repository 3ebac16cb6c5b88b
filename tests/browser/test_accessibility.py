"""axe-core finds nothing on any page of ours, in both themes, and no page complains in the
console."""

import pytest
from playwright.sync_api import Page, expect

from journeys import blocks
from journeys.models import Journey
from tests.browser import axe
from tests.browser.acting import come_in
from tests.depth import deep, has_turn

pytestmark = pytest.mark.django_db(transaction=True)

PAGES = [
    "/",
    "/?q=nothing-of-this-name",
    "/journeys/new/",
    "/journeys/import/",
    "/journeys/{pk}/",
    "/journeys/{pk}/?kind=activity&key=WAITBYDURATION-1",
    "/journeys/{pk}/?kind=activity&key=RANDOMSPLITV2-1",
    "/journeys/{pk}/?kind=activity&key=EMAILV2-2",
    "/journeys/{pk}/?view=list",
    "/journeys/{pk}/?view=json",
    "/journeys/{pk}/history/",
    "/journeys/{pk}/history/2/",
    "/journeys/{pk}/history/3/",
    "/journeys/{pk}/print/",
    "/journeys/{pk}/submit/",
    "/journeys/{pk}/key/",
    "/submissions/",
    "/account/",
    "/account/sessions/",
    "/account/second-factor/",
    "/account/second-factor/totp/activate/",
    "/account/second-factor/webauthn/add/",
    "/account/confirm/",
    "/password/",
    "/submissions/{submission}/",
]
IN_DARK = deep(
    {"runOnly": ["color-contrast", "link-in-text-block"]}, {}
)  # axe's rules about colours


@pytest.fixture
def addresses(journey: Journey, maya) -> list[str]:
    members = {"members": {"description": "Another description"}}
    journey.apply("edit journey", members, based_on=1, author=maya)
    journey.apply("remove steps", {"keys": ["EMAILV2-1"], "heal": True}, based_on=2, author=maya)
    submission = journey.submit(maya, without_review=True)
    return [page.format(pk=journey.pk, submission=submission.pk) for page in PAGES]


def violations(page: Page) -> list[str]:
    """In light everything, in dark what depends on colours, on every other page: tomorrow on the
    others."""
    dark = violations_in(page, "dark", IN_DARK) if has_turn(page.url.split("/", 3)[3], 2) else []
    return [*violations_in(page, "light", {}), *dark]


def violations_in(page: Page, theme: str, options: dict) -> list[str]:
    page.emulate_media(color_scheme=theme)
    html = page.locator("html")
    if html.get_attribute(
        "data-bs-theme"
    ):  # the administration's pages follow the browser by their style sheet
        expect(html).to_have_attribute("data-bs-theme", theme)
    return [f"in {theme}: {one}" for one in axe.violations(page, **options)]


def test_it_has_no_violation_on_any_page(page: Page, addresses: list[str]):
    page.goto("/sign-in/")
    found = violations(page)
    come_in(page, "maya")
    for address in addresses:
        page.goto(address)
        found += violations(page)
    assert found == []


def test_it_has_no_violation_on_the_review_desk(page: Page, journey: Journey, maya, people):
    review = journey.request_review(maya)
    come_in(page, "rob")
    page.goto(f"/admin/journeys/review/{review.pk}/change/")
    assert violations(page) == []


def test_it_has_no_violation_in_what_the_composer_opens(page: Page, journey: Journey, people):
    step = blocks.BY_SLUG["email"].new("EMAILV2-9", journey.head.document())
    journey.apply("add step", {"after": "", "outcome": "", "step": step}, based_on=1, author=None)
    come_in(page, "ada")
    page.goto(f"/journeys/{journey.pk}/?view=list")
    page.locator("#problems").get_by_role("button", name="Accept…").first.click()
    first = page.locator("#tree-steps [data-card]").first
    first.focus()
    page.keyboard.press(" ")
    found = violations(page)
    page.keyboard.press("Shift+F10")
    page.locator("#step-menu [role=menuitem]").first.wait_for()
    found += violations(page)
    page.keyboard.press("Escape")
    first.focus()
    page.keyboard.press("?")
    page.get_by_role("dialog", name="Keyboard shortcuts").wait_for()
    found += violations(page)
    page.goto(f"/journeys/{journey.pk}/?view=json")
    page.get_by_role("button", name="Edit as text").click()
    page.locator("#document-problems button").first.wait_for()
    found += violations(page)
    assert found == []
