"""On a phone, 400 px wide: no page is wider than the window, all can be reached with a finger, and
bars leave the room to what one came for."""

import re
from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Browser, Locator, Page, expect

from journeys.gallery.samples import samples
from journeys.models import Journey, Tenant
from tests.browser.acting import come_in
from tests.people import started
from tests.walk.addresses import filled
from tests.walk.conftest import things
from tests.walk.declared import DECLARED

pytestmark = pytest.mark.django_db(transaction=True)
WIDTH, HEIGHT = 400, 800
LONG = "a-name-without-any-space-that-somebody-gave-in-a-hurry-" * 2
VIEWS = ["path", "list", "json"]
BLOCKS = [
    "activity&key=RANDOMSPLITV2-1",
    "activity&key=EMAILV2-1",
    "trigger&key=TRIGGER",
    "journey",
]
NO_PAGES = {"healthz", "metrics", ".well-known/security.txt", "favicon.ico"}
TOO_WIDE = """width => [...document.querySelectorAll("body *")]
  .filter(one => one.getBoundingClientRect().right > width + 1)
  .map(one => `${one.tagName}.${one.className.baseVal ?? one.className}`).slice(0, 4)"""


@pytest.fixture
def phone(browser: Browser, base_url: str) -> Iterator[Page]:
    viewport = {"width": WIDTH, "height": HEIGHT}
    context = browser.new_context(
        base_url=base_url, viewport=viewport, has_touch=True, is_mobile=True
    )
    yield context.new_page()
    context.close()


@pytest.fixture
def long_named(tenant: Tenant, maya: User) -> Journey:
    """With names, a key and a condition that do not wrap by themselves."""
    document = samples()[0]
    step = {**document["activities"][0], "name": LONG}
    document = {
        **document,
        "name": LONG,
        "key": LONG,
        "activities": [step, *document["activities"][1:]],
    }
    return started(document, tenant, maya)


def wide(page: Page, address: str) -> list[str]:
    """What makes the page wider than the window."""
    if page.evaluate("document.documentElement.scrollWidth") <= WIDTH:
        return []
    return [f"{address}: {page.evaluate(TOO_WIDE, WIDTH)}"]


def asked(page: Page, addresses: list[str]) -> list[str]:
    found = []
    for address in addresses:
        if "<html" in page.request.get(address).text()[:2000]:
            page.goto(address)
            found += wide(page, address)
    return found


def test_no_page_is_wider_than_a_phone(phone: Page, people, tenant: Tenant):
    own = things(tenant, people["maya"], people["rob"])
    addresses = [
        filled(route, own.get(one.of, own["journey"]))
        for route, one in DECLARED.items()
        if one.show and "(?P" not in route and route not in NO_PAGES and "progress" not in route
    ]
    found = asked(phone, ["/sign-in/", "/password/reset/"])
    come_in(phone, "ada")
    assert found + asked(phone, addresses) == []


def test_no_page_of_a_journey_with_long_names_is_wider_than_a_phone(
    phone: Page, people, long_named: Journey
):
    review = long_named.request_review(people["maya"])
    come_in(phone, "ada")
    at = f"/journeys/{long_named.pk}/"
    pages = [f"{at}?view={view}&kind={block}" for view in VIEWS for block in BLOCKS]
    pages += ["/", f"/admin/journeys/review/{review.pk}/change/", "/admin/journeys/review/"]
    pages += [
        f"{at}{page}/" for page in ("history", "history/1", "print", "submit", "key", "template")
    ]
    assert asked(phone, pages) == []


def is_inside(page: Page, one: Locator) -> None:
    """All of it is in sight, wherever the page is scrolled to."""
    expect(one).to_be_visible()
    box = one.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= WIDTH, box
    assert box["y"] >= 0 and box["y"] + box["height"] <= HEIGHT, box


@pytest.mark.parametrize("address", ["/", "/account/", "/admin/", "composer", "review"])
def test_the_account_menu_is_reached_on_a_phone(
    phone: Page, people, journey: Journey, address: str
):
    review = journey.request_review(people["maya"])
    pages = {
        "composer": f"/journeys/{journey.pk}/",
        "review": f"/admin/journeys/review/{review.pk}/change/",
    }
    come_in(phone, "ada")
    phone.goto(pages.get(address, address))
    phone.get_by_label(re.compile("^Account of")).tap()
    is_inside(phone, phone.locator("details.menu[open] .menu-body"))
    assert wide(phone, address) == []
    phone.get_by_role("button", name="Sign out").tap()
    expect(phone.get_by_label("User name")).to_be_visible()


@pytest.mark.parametrize("view", VIEWS)
def test_bars_take_at_most_a_fifth_of_a_phone(phone: Page, people, journey: Journey, view: str):
    for state in ("draft", "in review"):
        if state == "in review":
            journey.request_review(people["maya"])
        come_in(phone, "ada")
        phone.goto(f"/journeys/{journey.pk}/?view={view}")
        heights = [
            phone.locator(bar).bounding_box()["height"] for bar in ("#status", ".stage-tabs")
        ]
        assert sum(heights) <= HEIGHT / 5, (state, heights)
        for one in phone.locator("#status :is(a, button, summary):visible").all():
            is_inside(phone, one)


def test_bars_of_other_pages_take_at_most_a_fifth_of_a_phone(phone: Page, people, journey: Journey):
    come_in(phone, "ada")
    for address in ("/", "/admin/", "/submissions/", f"/journeys/{journey.pk}/history/"):
        phone.goto(address)
        assert phone.locator(".top-bar").bounding_box()["height"] <= HEIGHT / 5


@pytest.mark.parametrize("view", ["list", "path"])
def test_a_tapped_card_leads_to_its_form_and_back(phone: Page, people, journey: Journey, view: str):
    come_in(phone, "maya")
    phone.goto(f"/journeys/{journey.pk}/?view={view}")
    card = phone.locator("[data-card][data-key=EMAILV2-1]")
    for _time in range(2):
        card.tap()
        expect(phone.locator("[data-panel-title]")).to_have_text("Send Welcome 1")
        expect(phone.get_by_label("Email", exact=True)).to_be_in_viewport()
        phone.get_by_role("button", name="Back to the steps").tap()
        expect(card).to_be_in_viewport()
        expect(card).to_be_focused()
    phone.get_by_role("button", name="Back to the steps").scroll_into_view_if_needed()
    assert wide(phone, view) == []


def test_menus_and_questions_of_the_composer_fit_a_phone(phone: Page, people, journey: Journey):
    come_in(phone, "maya")
    phone.goto(f"/journeys/{journey.pk}/?view=list&kind=activity&key=RANDOMSPLITV2-1")
    phone.get_by_label("Export and more").tap()
    is_inside(phone, phone.locator("details.menu[open] .menu-body"))
    phone.keyboard.press("Escape")
    for label in ("Move to…", "Remove…"):
        phone.locator("summary", has_text=label).tap()
        body = phone.locator("details.menu[open] .menu-body")
        expect(body.locator("button").first).to_be_visible()
        box = body.bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= WIDTH
        phone.keyboard.press("Escape")
    phone.locator("#tree-steps [data-gap]").first.tap()
    is_inside(phone, phone.locator("#chooser"))
    phone.keyboard.press("Escape")
    phone.locator("[data-card][data-key=EMAILV2-1] [data-menu]").tap()
    is_inside(phone, phone.locator("#step-menu"))
    phone.keyboard.press("Escape")
    assert wide(phone, "composer") == []
