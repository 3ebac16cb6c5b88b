"""A journey of 8,000 steps: how long until it can be used in Chromium, and how long another
person's small edit takes while four saves of it run at once."""

import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from tests.bench import browser as eyes
from tests.bench.journeys import address_of, journey, take_in
from tests.bench.server import Person, Timed
from tests.growth import page_shapes as shapes
from tests.serving import Stack

STEPS, SAVES, LIMIT = 8000, 4, 3000  # of steps, saves at once, milliseconds
VIEWS = {"List": "list", "Path, which is too large": "path"}


def large() -> None:
    with tempfile.TemporaryDirectory() as folder:
        stack = Stack(Path(folder) / "data", LOG_LEVEL="WARNING").start(300)
        try:
            take_in(stack, [shapes.journey(shapes.chain, STEPS, "large"), journey("small", 50)])
            print(f"\n{f'{STEPS:,} steps':44} {'measured':>12} {'limit':>10}")
            until_usable(stack)
            while_large_saves_run(stack)
        finally:
            stack.stop()


def row(what: str, milliseconds: float, limit: int = LIMIT) -> None:
    print(f"{what:44} {milliseconds:>9,.0f} ms {limit:>7,} ms", flush=True)


def until_usable(stack: Stack) -> None:
    """A click on a card has opened its settings. Nothing kept: not on the server either, which has
    just begun."""
    with eyes.chromium_started() as browser:
        for name, view in VIEWS.items() if browser else ():
            use = partial(eyes.usable, view=view)
            context = eyes.signed_in(browser, stack.url)
            first = use(context.new_page(), address_of(stack, "large"))
            context.close()
            cold, warm, page = eyes.opened(browser, stack.url, address_of(stack, "large"), use=use)
            page.context.close()
            row(f"{name}: usable, nothing kept anywhere", first)
            row("  nothing kept in the browser", cold)
            row("  warm", warm)


def while_large_saves_run(stack: Stack) -> None:
    people = [Person(stack.url, address_of(stack, "large")) for _number in range(SAVES)]
    other = Person(stack.url, address_of(stack, "small"), "miles")
    alone, meanwhile = Timed(), Timed()
    for number in range(10):
        edit(other, alone, f"Alone {number}")
    began = time.perf_counter()
    with ThreadPoolExecutor(SAVES) as pool:
        saves = [pool.submit(save, person, number) for number, person in enumerate(people)]
        while not all(one.done() for one in saves):
            edit(other, meanwhile, f"Meanwhile {len(meanwhile.milliseconds)}")
    refused = sum(one.result() for one in saves)
    row("another's small edit alone, p50", alone.at(0.5), 100)
    row(f"  while {SAVES} large saves run, p50", meanwhile.at(0.5), 300)
    row("  the slowest", meanwhile.at(1), 1000)
    took = time.perf_counter() - began
    print(
        f"  all {SAVES} were saved after {took:.1f} s; {refused} times one was told to wait for its"
        " turn",
        flush=True,
    )


def edit(person: Person, timed: Timed, name: str) -> None:
    person.post(timed, "name/", {"kind": "journey", "key": "", "name": name, "view": "list"})


def save(person: Person, number: int) -> int:
    """As the page does it; gives how often it was told to wait."""
    fields = {
        "kind": "activity",
        "key": f"S{number}",
        "name": f"Called {number}",
        "view": "list",
        "based_on": "1",
    }
    refused = 0
    while (answer := person.ask("block/save/", fields)).status_code != 200:
        refused += 1
        time.sleep(int(answer.headers["Retry-After"]))
    return refused
