"""The composer with 200 activities and Wagtail's page editor with 200 blocks, side by side in one
run.

make bench-peers, which names the interpreter that has Wagtail: python -m tests.bench.peers
.venv-peers/bin/python
"""

import os
import signal
import sys
import tempfile
from pathlib import Path

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django

django.setup()

from playwright.sync_api import Browser, sync_playwright  # noqa: E402

from tests.bench import browser as eyes  # noqa: E402
from tests.bench import server  # noqa: E402
from tests.bench.journeys import address_of, journey, take_in  # noqa: E402
from tests.bench.pages import SETTINGS  # noqa: E402
from tests.bench.peers import wagtail  # noqa: E402
from tests.browsing import QUIET, chromium  # noqa: E402
from tests.serving import Stack  # noqa: E402

SIZE = 200
SHARE = 0.15  # of the time of Wagtail's save: what ours may take
CARDS = "document.querySelectorAll('[data-card][data-kind=\"activity\"]').length"


def main(python: str) -> int:
    program = chromium()
    if not program:
        raise SystemExit(
            "chromium is not installed (CHROMIUM can name another one), so nothing can be measured"
        )
    signal.signal(
        signal.SIGTERM, lambda *_: sys.exit(143)
    )  # so that what was started is stopped, too
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=QUIET)
        try:
            peer = of_wagtail(browser, Path(folder) / "site", Path(python).absolute())
            ours = of_composer(browser, Path(folder) / "data")
        finally:
            browser.close()
    table(ours, peer)
    print(f"load of the last minute: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    return 0


def of_composer(browser: Browser, folder: Path) -> dict[str, str]:
    stack = Stack(folder, **SETTINGS)
    try:
        stack.start()
        take_in(stack, [journey(key, SIZE) for key in ("seen", "sent")])
        cold, warm, page = eyes.opened(browser, stack.url, address_of(stack, "seen"))
        shows("the composer", page.evaluate(CARDS))
        seen = of_opening(cold, warm, page.evaluate(eyes.NODES))
        page.context.close()
        person = server.Person(stack.url, address_of(stack, "sent"))
        view = server.first_view(person)
        saved = server.field_saved(person, "EMAILV2-2", "subject", "Hello {}".format)
        if person.form_of("EMAILV2-2")["subject"] != f"Hello {server.ROUNDS - 1}":
            raise SystemExit("the composer did not keep what was saved")
        return {**of_server("view", view), **seen, **of_server("saved", saved)}
    finally:
        stack.stop()


def of_wagtail(browser: Browser, folder: Path, python: Path) -> dict[str, str]:
    site = wagtail.Wagtail(folder, python, SIZE)
    try:
        site.start()
        usable = wagtail.usable_with(SIZE)
        cold, warm, page = eyes.opened(browser, site.url, site.address(), wagtail.signed_in, usable)
        shows("Wagtail", page.locator(wagtail.BLOCK).count())
        seen = of_opening(cold, warm, page.evaluate(eyes.NODES))
        wagtail.draft_saved(page, site)
        editor = wagtail.Editor(page, site)
        page.context.close()
        view, itself, button = editor.viewed(), editor.saved_by_itself(), editor.saved_by_button()
        return {
            **of_server("view", view),
            **seen,
            **of_server("saved", itself),
            **of_server("button", button),
        }
    finally:
        site.stop()


def shows(who: str, count: int) -> None:
    if count != SIZE:
        raise SystemExit(f"{who} shows {count} blocks, not {SIZE}")


def of_opening(cold: float, warm: float, nodes: int) -> dict[str, str]:
    return {"warm": f"{warm:,.0f} ms", "cold": f"{cold:,.0f} ms", "nodes": f"{nodes:,}"}


def of_server(name: str, timed: server.Timed) -> dict[str, str]:
    return {
        name: f"{timed.at(0.5):.1f} ms",
        f"{name} p95": f"{timed.at(0.95):.1f} ms",
        f"{name} bytes": f"{timed.size:,} ({timed.plain:,})",
    }


ROWS = {
    "the page from the server, p50": "view",
    "  p95": "view p95",
    "  bytes as sent (unpacked)": "view bytes",
    "DOM nodes": "nodes",
    f"usable, warm, median of {eyes.WARM}": "warm",
    f"usable, nothing cached, median of {eyes.COLD}": "cold",
    "saved by itself, on the server, p50": "saved",
    "   p95": "saved p95",
    "   bytes answered (unpacked)": "saved bytes",
    "saved by its button, on the server, p50": "button",
    "    p95": "button p95",
}


def table(ours: dict[str, str], peer: dict[str, str]) -> None:
    print(f"\n{f'{SIZE} activities, {SIZE} blocks':42} {'composer':>20} {'Wagtail 8.0.1':>20}")
    for title, name in ROWS.items():
        print(f"{title:42} {ours.get(name, 'has none'):>20} {peer[name]:>20}")
    share = milliseconds(ours["saved"]) / milliseconds(peer["saved"])
    print(f"{'our save as a share of Wagtail’s':42} {share:>20.2f} {f'limit {SHARE}':>20}")


def milliseconds(told: str) -> float:
    return float(told.removesuffix(" ms"))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
