"""On a phone, 400 px wide: no page is wider than the window, all can be reached with a finger, and
bars leave the room to what one came for."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Browser, Page

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
    context = browser.new_context(base_url=base_url, viewport=viewport, has_touch=True)
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
