"""Nothing is painted before it has its place: no jump at load or when a block is opened, no time of
another zone."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Browser, Page, expect

from journeys.models import Journey
from tests.browser.acting import come_in, drawn, open_card, settled
from tests.browser.test_problems_drawer import with_emails

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.one_database]

# What moved, and what a frame showed that a reader should not have seen.
WATCH = """
window.jumps = []; window.seen = new Set();
new PerformanceObserver((list) => {
  const at = ({ x, y, width, height }) => `${x} ${y} ${width}x${height}`;
  const named = ({ node, previousRect, currentRect }) =>
    `${node?.nodeName} in ${node?.parentElement?.className}: ` +
    `${at(previousRect)}, ${at(currentRect)}`;
  for (const { value, sources } of list.getEntries())
    jumps.push(`${value}: ${sources.map(named)}`);
}).observe({ type: "layout-shift", buffered: true });
const look = () => {
  for (const time of document.querySelectorAll("time"))
    if (time.textContent.includes("UTC")) seen.add("UTC");
  const world = document.querySelector("[data-world]");
  if (world && getComputedStyle(world).visibility === "visible") seen.add(world.style.transform);
  const list = document.querySelector("#problems-list");
  if (list) seen.add(`problems ${list.checkVisibility() ? "open" : "folded"}`);
  const checks = document.querySelector("#checks");
  if (checks) seen.add(`checks ${checks.checkVisibility() ? "open" : "closed"}`);
  requestAnimationFrame(look);
};
requestAnimationFrame(look);
"""


@pytest.fixture(params=[(1280, 720), (1920, 1080)], ids=["1280", "1920"])
def far_away(
    browser: Browser, base_url: str, journey: Journey, request: pytest.FixtureRequest
) -> Iterator[Page]:
    """Maya's window, in another zone than the server's."""
    wide, high = request.param
    shape = {"viewport": {"width": wide, "height": high}, "timezone_id": "Asia/Kolkata"}
    context = browser.new_context(base_url=base_url, **shape)
    page = context.new_page()
    come_in(page, "maya")
    page.add_init_script(WATCH)
    yield page
    context.close()


def seen(page: Page) -> set[str]:
    page.wait_for_load_state("networkidle")
    settled(page)
    drawn(page)
    return set(page.evaluate("[...seen]"))


@pytest.mark.parametrize("view", ["path", "list", "json"])
def test_nothing_jumps_at_load_or_when_a_block_is_opened(
    far_away: Page, journey: Journey, view: str
):
    with_emails(journey, 3)
    far_away.goto(f"/journeys/{journey.pk}/?view={view}")
    assert (seen(far_away) & {"UTC"}, far_away.evaluate("jumps")) == (set(), [])
    if view != "json":
        open_card(far_away, "Send email")
    else:
        far_away.keyboard.press("F8")
    seen(far_away)
    assert far_away.evaluate("jumps") == []
    far_away.reload()
    assert (seen(far_away) & {"UTC"}, far_away.evaluate("jumps")) == (set(), [])


def test_no_other_page_jumps_or_shows_another_zone(
    far_away: Page, journey: Journey, maya: User, rob: User
):
    review = journey.request_review(maya)
    review.send_back(rob, "Not yet.")
    pages = ["/", f"/journeys/{journey.pk}/history/"]
    pages += ["/submissions/", "/account/", f"/journeys/{journey.pk}/submit/"]
    jumped = {}
    for address in pages:
        far_away.goto(address)
        jumped[address] = seen(far_away) & {"UTC"}, far_away.evaluate("jumps")
    assert jumped == dict.fromkeys(pages, (set(), []))


def test_what_is_remembered_is_there_from_the_first_frame(far_away: Page, journey: Journey):
    far_away.goto(f"/journeys/{journey.pk}/?view=path")
    far_away.locator("#problems-fold").click()
    far_away.get_by_role("tab", name="Checks").click()
    far_away.get_by_role("button", name="Zoom in").click()
    expect(far_away.locator("[data-zoom-shown]")).to_have_text("100 %")
    far_away.reload()
    frames = seen(far_away)
    at = {one for one in frames if "translate" in one or not one}
    assert len(at) == 1 and frames - at == {"problems folded", "checks open"}
