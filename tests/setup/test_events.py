"""CONTRIBUTING's table of the events that scripts send each other, beside the scripts."""

import re
from pathlib import Path

from tests.setup.pages import CHECKOUT, CONTRIBUTING, section

BROWSERS = set(
    "DOMContentLoaded beforeunload blur change click close contextmenu copy cut dblclick dragstart"
    " focus focusin focusout input keydown keyup lostpointercapture mousedown offline online"
    " pagehide paste pointercancel pointerdown pointermove pointerup resize scroll submit"
    " toggle visibilitychange wheel".split()
)
OTHERS = re.compile(r"htmx:\w+|allauth\.\w+")
SENT = re.compile(r"new CustomEvent\(\s*\"([^\"]+)\"|htmx\.trigger\([^,]+,\s*\"([^\"]+)\"")
HEARD = re.compile(r"addEventListener\(\s*\"([^\"]+)\"")
SENT_BY_SERVER = re.compile(r"HX-Trigger[\w-]*\"\] = json\.dumps\(\{\"([^\"]+)\"")
HEARD_BY_HTMX = re.compile(r"hx-trigger=\"(\w+(?::\w+)?)\"")


def by_name(pattern: re.Pattern, suffix: str, *folders: str) -> dict[str, set[str]]:
    """Which files name an event of our own."""
    found: dict[str, set[str]] = {}
    for file in (file for folder in folders for file in (CHECKOUT / folder).rglob(f"*{suffix}")):
        for match in pattern.finditer(file.read_text()):
            name = next(filter(None, match.groups()))
            if name not in BROWSERS and not OTHERS.fullmatch(name):
                found.setdefault(name, set()).add(shown(file))
    return found


def shown(file: Path) -> str:
    return str(file.relative_to(CHECKOUT)).removeprefix("static/js/")


def together(*found: dict[str, set[str]]) -> dict[str, set[str]]:
    names = {name for one in found for name in one}
    return {name: set().union(*(one.get(name, set()) for one in found)) for name in names}


def test_its_table_tells_who_sends_and_who_hears_each_event() -> None:
    sent = together(
        by_name(SENT, ".js", "static/js"), by_name(SENT_BY_SERVER, ".py", "journeys", "composer")
    )
    heard = together(
        by_name(HEARD, ".js", "static/js"), by_name(HEARD_BY_HTMX, ".html", "templates")
    )
    table = section(CONTRIBUTING, "Events between scripts").partition("|---|---|---|---|\n")[2]
    rows = [line.strip("| ").split(" | ") for line in table.splitlines() if line.startswith("|")]
    files = {
        row[0].strip("`"): [set(re.findall(r"`([^`]+)`", cell)) for cell in row[2:]] for row in rows
    }
    names = {*sent, *heard}
    assert files == {name: [sent.get(name, set()), heard.get(name, set())] for name in names}


def test_no_event_is_sent_to_nobody_or_awaited_in_vain() -> None:
    sent, heard = by_name(SENT, ".js", "static/js"), by_name(HEARD, ".js", "static/js")
    sent |= by_name(SENT_BY_SERVER, ".py", "journeys", "composer")
    heard |= by_name(HEARD_BY_HTMX, ".html", "templates")
    assert {*sent} == {*heard}
