"""What a person waits for in a real Chromium: the composer usable, a step added, Undo, panning and
zooming.

Usable means: the canvas is drawn, and a click on a card has opened its settings. That holds a
request of its own.
"""

import statistics
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browsing import QUIET, chromium

WARM, COLD, TURNS = 5, 3, 5
SIZE = {"width": 1280, "height": 720}
NODES = "document.getElementsByTagName('*').length"
LATE = 60_000
SignIn = Callable[[Browser, str], BrowserContext]
Use = Callable[[Page, str], float]

# Resolves two frames after the number of cards became another one: then the change has been
# painted.
PAINTED = """count => new Promise(done => {
  const look = () => document.querySelectorAll('[data-card]').length === count
    ? requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now())))
    : requestAnimationFrame(look);
  look();
})"""
LISTEN = """() => {
  window.tasks = [];
  new PerformanceObserver(list => window.tasks.push(...list.getEntries().map(one => one.duration)))
    .observe({ type: 'longtask' });
}"""


@dataclass
class Seen:
    """Milliseconds (medians), the number of elements, and the lengths of tasks of more than 50
    ms."""

    cold: float
    warm: float
    nodes: int
    added: float
    undone: float
    tasks: list[float]


@contextmanager
def chromium_started() -> Iterator[Browser | None]:
    """None, and a line that says so, where there is no Chromium."""
    program = chromium()
    if not program:
        print("no browser: chromium is not installed, so nothing is timed in it")
        yield None
        return
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=QUIET)
        yield browser
        browser.close()


def watch(browser: Browser, origin: str, address: str) -> Seen:
    cold, warm, page = opened(browser, origin, address)
    nodes = page.evaluate(NODES)
    added, undone = added_and_undone(page)
    tasks = panned_and_zoomed(page)
    page.context.close()
    return Seen(cold, warm, nodes, added, undone, tasks)


def opened(
    browser: Browser,
    origin: str,
    address: str,
    sign_in: SignIn | None = None,
    use: Use | None = None,
) -> tuple[float, float, Page]:
    """Milliseconds until usable (cold, warm: medians), and the page, whose context the caller
    closes."""
    sign_in, use, cold = sign_in or signed_in, use or usable, []
    for _round in range(COLD):
        context = sign_in(browser, origin)
        page = context.new_page()
        cold.append(use(page, address))
        if len(cold) < COLD:
            context.close()
    warm = [use(page, address) for _round in range(WARM)]
    return statistics.median(cold), statistics.median(warm), page


def signed_in(browser: Browser, origin: str) -> BrowserContext:
    """With an empty cache."""
    context = browser.new_context(viewport=SIZE)
    context.set_default_timeout(LATE)
    page = context.new_page()
    page.goto(f"{origin}/sign-in/")
    page.get_by_label("User name").fill("maya")
    page.get_by_label("Password").fill("maya")
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("heading", name="Journeys", level=1).wait_for()
    forget_files(page)
    page.close()
    return context


def forget_files(page: Page) -> None:
    """Empties the cache of the page's context."""
    page.context.new_cdp_session(page).send("Network.clearBrowserCache")


def usable(page: Page, address: str, view: str = "path") -> float:
    """Milliseconds from the start of the navigation until a clicked card's settings are shown."""
    page.goto(
        f"{address}?view={view}", wait_until="domcontentloaded"
    )  # by then the modules have run
    page.locator('[data-card][data-kind="activity"]').first.click()
    page.locator('#panel[data-kind="activity"]').wait_for()
    return page.evaluate("performance.now()")


def added_and_undone(page: Page) -> tuple[float, float]:
    """From the key or click until it is painted."""
    added, undone = [], []
    for _round in range(TURNS):
        count = page.locator("[data-card]").count()
        page.locator("[data-gap]").first.focus()
        page.keyboard.press("Enter")
        page.keyboard.type("wait")
        added.append(until(page, lambda: page.keyboard.press("Enter"), count + 1))
        undone.append(until(page, lambda: page.locator('[data-key="undo"]').click(), count))
    return statistics.median(added), statistics.median(undone)


def until(page: Page, deed: Callable[[], None], cards: int) -> float:
    begun = page.evaluate("performance.now()")
    deed()
    return page.evaluate(PAINTED, cards) - begun


def panned_and_zoomed(page: Page) -> list[float]:
    page.evaluate(LISTEN)
    ground = page.locator("[data-ground]").bounding_box()
    x, y = ground["x"] + ground["width"] / 2, ground["y"] + ground["height"] / 2
    page.mouse.move(x, y)
    for number in range(60):
        page.mouse.wheel(40 if number % 20 < 10 else -40, 25 if number % 2 else -25)
    page.keyboard.down("Control")
    for number in range(40):
        page.mouse.wheel(0, 60 if number % 20 < 10 else -60)
    page.keyboard.up("Control")
    page.keyboard.down("Space")
    page.mouse.down()
    for number in range(60):
        page.mouse.move(x - 5 * (number % 30), y - 2 * (number % 30))
    page.mouse.up()
    page.keyboard.up("Space")
    page.wait_for_timeout(300)
    return [length for length in page.evaluate("window.tasks") if length > 50]
