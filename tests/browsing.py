"""A real browser. A page fails its test when it complains in the console, breaks the policy, or calls another host."""

import os
import re
import shutil
import threading
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect, sync_playwright

QUIET = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]
QUIET += ["--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage"]
# else each window runs two more pages of the browser's own, for what its address bar may show
QUIET += ["--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup"]
QUIET += ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"]
# the browser reports these to the console although they are the composer's ordinary answers to a refused form
ORDINARY = re.compile(r"Failed to load resource: the server responded with a status of 4(09|22)")
expect.set_options(timeout=15_000)  # two cores run the browser, the server and other tests
OWN_SCHEMES = {"data", "blob", "about"}


def chromium() -> str | None:
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = chromium()
    if not program:
        pytest.skip("no browser: chromium is not installed (CHROMIUM can name another one)")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright keeps an event loop running in this thread
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=QUIET)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def base_url(request: pytest.FixtureRequest) -> str:
    """The address of the whole product where a test asks for `stack`, else of a server in the test's own process."""
    if "stack" in request.fixturenames:
        return request.getfixturevalue("stack").url
    return request.getfixturevalue("live_server").url


@pytest.fixture
def complaints() -> list[str]:
    """What pages did wrong so far. A test that provokes a complaint checks it and clears the list."""
    return []


@pytest.fixture
def context(browser: Browser, base_url: str, complaints: list[str]) -> Iterator[BrowserContext]:
    context = browser.new_context(base_url=base_url, viewport={"width": 1280, "height": 720}, reduced_motion="reduce")
    context.set_default_timeout(15_000)
    listen(context, base_url, complaints)
    yield context
    context.close()
    let_requests_end()
    assert complaints == []


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


def let_requests_end(seconds: float = 5) -> None:
    """What a page asked for last is answered by a thread, which must not write into the database of the next test."""
    deadline = time.monotonic() + seconds
    for thread in threading.enumerate():
        if thread.name.endswith("(process_request_thread)"):
            thread.join(max(0, deadline - time.monotonic()))


def listen(context: BrowserContext, base_url: str, complaints: list[str]) -> None:
    def on_console(message: ConsoleMessage) -> None:
        if message.type == "error" and not ORDINARY.match(message.text):
            complaints.append(f"console: {message.text} ({message.location.get('url')})")

    def on_request(request: Request) -> None:
        url = urlsplit(request.url)
        if url.scheme not in OWN_SCHEMES and url.netloc != urlsplit(base_url).netloc:
            complaints.append(f"foreign request: {request.url}")

    context.on("console", on_console)
    context.on("request", on_request)
    context.on("weberror", lambda error: complaints.append(f"script error: {error.error}"))
