"""A real browser. A page fails its test when it complains in the console, breaks the policy, or
calls another host."""

import os
import re
import shutil
import time
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from django.core.signals import request_finished, request_started
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    expect,
    sync_playwright,
)

QUIET = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-sync",
]
QUIET += [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
]
# else each window runs two more pages of the browser's own, for what its address bar may show
QUIET += ["--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup"]
QUIET += ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"]
# what the console calls errors and is ordinary: answers to a refused form, and requests that a page
# gives up for a newer one (hx-sync; htmx tells of any other that fails by a further line)
ORDINARY = re.compile(
    r"Failed to load resource: the server responded with a status of 4(09|22)"
    r"|htmx:(afterRequest|sendAbort)\b"
)
expect.set_options(timeout=15_000)  # two cores run the browser, the server and other tests
under_way: list[
    bool
] = []  # one for each request that the server of the test's own process is answering
request_started.connect(lambda **_: under_way.append(True), weak=False)
request_finished.connect(lambda **_: under_way and under_way.pop(), weak=False)
OWN_SCHEMES = {"data", "blob", "about"}


def chromium() -> str | None:
    return (
        os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    )


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = chromium()
    if not program:
        pytest.skip("no browser: chromium is not installed (CHROMIUM can name another one)")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = (
        "1"  # Playwright keeps an event loop running in this thread
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=QUIET)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def base_url(request: pytest.FixtureRequest) -> str:
    """The address of the whole product where a test asks for `stack`, else of a server in the
    test's own process."""
    if "stack" in request.fixturenames:
        return request.getfixturevalue("stack").url
    return request.getfixturevalue("live_server").url


@pytest.fixture
def complaints() -> list[str]:
    """What pages did wrong so far. A test that provokes a complaint checks it and clears the
    list."""
    return []


@pytest.fixture(scope="session")
def windows(browser: Browser) -> dict[str, BrowserContext]:
    """By address. A new one for each test would fetch, read and compile every script and style
    again."""
    return {}


@pytest.fixture
def context(
    browser: Browser, windows: dict[str, BrowserContext], base_url: str, complaints: list[str]
) -> Iterator[BrowserContext]:
    if base_url not in windows:
        shape = {"viewport": {"width": 1280, "height": 720}, "reduced_motion": "reduce"}
        windows[base_url] = browser.new_context(base_url=base_url, **shape)
        windows[base_url].set_default_timeout(15_000)
    context = windows[base_url]
    hears = listen(context, base_url, complaints)
    yield context
    leave_as_new(context, base_url)
    for event, hear in hears.items():
        context.remove_listener(event, hear)
    let_requests_end()
    # as text: a run on another machine shows no more of it than its last lines
    assert not complaints, "; ".join(complaints)


def leave_as_new(context: BrowserContext, address: str) -> None:
    """But for what the browser keeps of scripts and styles."""
    devtools = context.new_cdp_session(context.pages[0] if context.pages else context.new_page())
    devtools.send(
        "Storage.clearDataForOrigin", {"origin": address, "storageTypes": "local_storage"}
    )
    for page in context.pages:
        page.close()
    context.unroute_all(behavior="ignoreErrors")
    context.set_offline(False)
    context.clear_cookies()
    context.clear_permissions()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


def let_requests_end(seconds: float = 5) -> None:
    """What a page asked for last is answered in a thread, which must not write into the database of
    the next test."""
    deadline = time.monotonic() + seconds
    while under_way and time.monotonic() < deadline:
        time.sleep(0.005)
    under_way.clear()


def listen(context: BrowserContext, base_url: str, complaints: list[str]) -> dict[str, Callable]:
    """Who hears what, to be taken away again."""

    def on_console(message: ConsoleMessage) -> None:
        if message.type == "error" and not ORDINARY.match(message.text):
            complaints.append(f"console: {message.text} ({message.location.get('url')})")

    def on_request(request: Request) -> None:
        url = urlsplit(request.url)
        if url.scheme not in OWN_SCHEMES and url.netloc != urlsplit(base_url).netloc:
            complaints.append(f"foreign request: {request.url}")

    hears = {"console": on_console, "request": on_request}
    hears["weberror"] = lambda error: complaints.append(f"script error: {error.error}")
    for event, hear in hears.items():
        context.on(event, hear)
    return hears
