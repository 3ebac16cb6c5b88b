"""`make pictures`: what README shows, taken from the demo, in docs/pictures, light and dark."""

import base64
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, expect, sync_playwright

from tests.browser.acting import come_in, fill, open_card, settled, sign_out
from tests.browsing import QUIET, chromium
from tests.serving import CHECKOUT, Stack

FOLDER = CHECKOUT / "docs" / "pictures"
LARGEST = 200 * 1024  # bytes
THEMES = ("light", "dark")
JOURNEY = "Cart reminder"
STEPS_NEARER = 2  # than where the whole path fits, so that its cards can be read
WINDOW = {"viewport": {"width": 1440, "height": 810}, "device_scale_factor": 2}


def take(page: Page, name: str) -> None:
    """WebP, which Playwright does not write but the browser does."""
    settled(page)
    devtools = page.context.new_cdp_session(page)
    for theme in THEMES:
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        page.evaluate("document.fonts.ready")
        shot = devtools.send("Page.captureScreenshot", {"format": "webp", "quality": 80})
        picture = base64.b64decode(shot["data"])
        if len(picture) > LARGEST:
            raise SystemExit(f"{name}-{theme}.webp has {len(picture)} bytes; at most {LARGEST}.")
        (FOLDER / f"{name}-{theme}.webp").write_bytes(picture)


def as_person(page: Page, name: str) -> None:
    sign_out(page)
    come_in(page, name)


def compose(page: Page) -> str:
    """The Path with a step open. Gives the journey's address."""
    as_person(page, "maya")
    page.goto("/")
    page.get_by_role("link", name=JOURNEY).first.click()
    page.get_by_role("link", name="Path", exact=True).click()
    page.get_by_role("button", name="Fit").click()
    open_card(page, "Gold customer?")
    page.get_by_role("button", name="Fit").click()
    for _time in range(STEPS_NEARER):
        page.locator('[data-zoom="in"]').click()
    page.locator('#path [data-kind="trigger"]').first.focus()  # the view moves to where it begins
    page.mouse.move(0, 0)
    take(page, "path")
    return page.url.split("?")[0]


def approve(page: Page) -> None:
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("Approved").first).to_be_visible()


def ask_for_review(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("button", name="Request review").click()
    expect(page.locator("#status")).to_contain_text("In review")


def open_review(page: Page) -> None:
    as_person(page, "rob")
    page.goto("/")
    page.get_by_role("link", name="Review desk").click()
    page.get_by_role("link", name=JOURNEY).first.click()


def review(page: Page, address: str) -> None:
    """The desk, with what changed since a first approval."""
    ask_for_review(page, address)
    open_review(page)
    approve(page)
    as_person(page, "maya")
    page.goto(f"{address}?view=list")
    open_card(page, "Wait")
    fill(page, "How long", "2")
    open_card(page, "Send")
    fill(page, "Subject", "Your cart is waiting for you")
    ask_for_review(page, address)
    open_review(page)
    take(page, "review")
    approve(page)


def submit(page: Page, address: str) -> None:
    as_person(page, "maya")
    page.goto(address)
    page.get_by_role("link", name="Submit…").click()
    page.get_by_role("button", name="Submit to").click()
    arrived = page.get_by_role("heading", name="The journey is in the practice tenant")
    expect(arrived).to_be_visible(timeout=30_000)
    take(page, "submission")


def take_all(context: BrowserContext) -> None:
    page = context.new_page()
    address = compose(page)
    review(page, address)
    submit(page, address)


def main() -> None:
    program = chromium()
    if not program:
        sys.exit("There is no browser: install chromium, or name another one in CHROMIUM.")
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="pictures-") as folder:
        stack = Stack(Path(folder) / "data")
        try:
            stack.start()
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=program, args=QUIET)
                take_all(browser.new_context(base_url=stack.url, **WINDOW))
                browser.close()
        finally:
            if stack.process and stack.process.poll() is None:
                stack.stop()
    for picture in sorted(FOLDER.glob("*.webp")):
        print(f"{picture.relative_to(CHECKOUT)}  {picture.stat().st_size // 1024} KB")


if __name__ == "__main__":
    main()
