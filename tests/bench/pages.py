"""The composer at three sizes, on the server and in the browser, each figure beside its limit and
the peers'.

Peers: Node-RED 5.0.7 and Wagtail 8.0.1, on a machine of two cores with 20 and 200 blocks. `make
bench-peers` measures Wagtail beside the composer in one run.
"""

import tempfile
from pathlib import Path

from tests.bench import browser as eyes
from tests.bench import server
from tests.bench.journeys import address_of, journey, take_in
from tests.serving import Stack

SIZES = (20, 200, 500)
SETTINGS = {"LOG_LEVEL": "WARNING"}
PEERS = {
    "view": {20: "1 / 48 ms", 200: "1 / 52 ms"},
    "save": {20: "4.6 / 27 ms", 200: "8.5 / 81 ms"},
    "cold": {20: "1,707 / 511 ms", 200: "1,869 / 1,171 ms"},
    "warm": {20: "723 / 418 ms", 200: "1,041 / 1,448 ms"},
    "nodes": {20: "2,128 / 3,677", 200: "7,752 / 23,301"},
}
LIMITS = {
    "warm": {200: "350 ms", 500: "1,000 ms"},
    "nodes": {200: "2,300"},
    "save": {200: "25 ms", 500: "35 ms"},
    "bytes": {200: "10,240"},
    "tasks": dict.fromkeys(SIZES, "0"),
}


def pages() -> None:
    with tempfile.TemporaryDirectory() as folder:
        stack = Stack(Path(folder) / "data", **SETTINGS).start()
        try:
            take_in(stack, [journey(f"bench-{size}", size) for size in SIZES])
            take_in(stack, [journey(f"seen-{size}", size) for size in SIZES])
            for size in SIZES:
                on_the_server(stack, size)
            in_the_browser(stack)
        finally:
            stack.stop()


def on_the_server(stack: Stack, size: int) -> None:
    head(f"{size} activities: the server")
    person = server.Person(stack.url, address_of(stack, f"bench-{size}"))
    view = server.first_view(person)
    row("first view, p50", f"{view.at(0.5):.1f} ms", "view", size)
    row("  p95", f"{view.at(0.95):.1f} ms")
    row("  bytes compressed (unpacked)", f"{view.size:,} ({view.plain:,})")
    saves = {
        "a field of an email saved": ("EMAILV2-2", "subject", "Hello {}"),
        "a first wait saved, all days change": ("WAITBYDURATION-1", "duration", "{}"),
    }
    for what, (key, name, value) in saves.items():
        told(
            what,
            server.field_saved(
                person, key, name, lambda number, text=value: text.format(number + 2)
            ),
            size,
        )
    added, undone = server.step_added(person)
    told("a step added at the start", added, size)
    told("that undone", undone, size)


def told(what: str, timed: server.Timed, size: int) -> None:
    row(
        f"{what}, p50",
        f"{timed.at(0.5):.1f} ms",
        "" if "saved" not in what else "save",
        size,
        limited=False,
    )
    row(
        "  p95",
        f"{timed.at(0.95):.1f} ms",
        "save" if "saved" in what else "",
        size,
        with_peer=False,
    )
    row(
        "  bytes compressed (unpacked)",
        f"{timed.size:,} ({timed.plain:,})",
        "bytes" if "saved" in what else "",
        size,
        with_peer=False,
    )


def in_the_browser(stack: Stack) -> None:
    with eyes.chromium_started() as browser:
        for size in SIZES if browser else ():
            head(f"{size} activities: Chromium")
            seen = eyes.watch(browser, stack.url, address_of(stack, f"seen-{size}"))
            row("usable, nothing cached", f"{seen.cold:.0f} ms", "cold", size)
            row("usable, warm", f"{seen.warm:.0f} ms", "warm", size)
            row("DOM nodes", f"{seen.nodes:,}", "nodes", size)
            row("a step added, until painted", f"{seen.added:.0f} ms")
            row("undo, until painted", f"{seen.undone:.0f} ms")
            longest = f" (longest {max(seen.tasks):.0f} ms)" if seen.tasks else ""
            row(
                "tasks over 50 ms in panning, zooming", f"{len(seen.tasks)}{longest}", "tasks", size
            )


def head(title: str) -> None:
    print(f"\n{title:40} {'measured':>24} {'limit':>10} {'Node-RED / Wagtail':>20}", flush=True)


def row(
    what: str,
    measured: str,
    name: str = "",
    size: int = 0,
    *,
    limited: bool = True,
    with_peer: bool = True,
) -> None:
    limit = LIMITS.get(name, {}).get(size, "") if limited else ""
    peer = PEERS.get(name, {}).get(size, "") if with_peer else ""
    print(f"{what:40} {measured:>24} {limit:>10} {peer:>20}", flush=True)
