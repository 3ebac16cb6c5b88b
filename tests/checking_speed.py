"""How long it takes to read, check and lay out a journey, in one process: a part of `make
bench`."""

import math
import time
from collections.abc import Callable

from journeys import checks
from journeys.checks import by_block
from journeys.drawing.layout import layout
from journeys.spec import document as doc
from journeys.spec import operations

SIZES = (50, 100, 200, 500, 1000)
SHOWN = 500
ROUNDS = 7
ALL_AIM, CHECKS_AIM = 50, 25  # milliseconds


def report(make: Callable[[str, int], dict]) -> None:
    """`make` builds a journey out of a key and a number of activities. Times are the best of a few
    rounds."""
    first = {size: best(parsed_checked_laid_out(make("speed", size))) for size in SIZES}
    document = make("speed", SHOWN)
    print(
        f"parse + all checks + layout, {SHOWN} activities {first[SHOWN]:6.1f} ms (aim {ALL_AIM}),"
        " nothing remembered"
    )
    print(
        f"  all checks alone                       {best(checked(document)):6.1f} ms (aim"
        f" {CHECKS_AIM})"
    )
    print(f"  all checks after a save of one field   {best(rechecked(document)):6.1f} ms")
    print(
        f"  growth from {SIZES[0]} to {SIZES[-1]} activities: n^{exponent(first):.2f}", flush=True
    )


def parsed_checked_laid_out(document: dict) -> Callable[[int], None]:
    body = doc.dumps(document)

    def run(_round: int) -> None:
        by_block.forget()
        parsed = doc.parse(body)
        checks.check(parsed)
        layout(parsed)

    return run


def checked(document: dict) -> Callable[[int], None]:
    def run(_round: int) -> None:
        by_block.forget()
        checks.check(document)

    return run


def rechecked(document: dict) -> Callable[[int], None]:
    step = document["activities"][-1]
    versions = [{**step, "description": f"Changed {number}"} for number in range(ROUNDS)]
    changed = [
        operations.edit_block(document, "activity", step["key"], version) for version in versions
    ]
    checks.check(document)
    return lambda number: checks.check(changed[number]) and None


def best(run: Callable[[int], None]) -> float:
    """Milliseconds."""
    seconds = []
    for number in range(ROUNDS):
        started = time.perf_counter()
        run(number)
        seconds.append(time.perf_counter() - started)
    return min(seconds) * 1000


def exponent(milliseconds: dict[int, float]) -> float:
    """The slope of the line through the logarithms: 1 is linear."""
    points = [(math.log(size), math.log(value)) for size, value in milliseconds.items()]
    middle = [sum(axis) / len(points) for axis in zip(*points, strict=True)]
    rise = sum((x - middle[0]) * (y - middle[1]) for x, y in points)
    return rise / sum((x - middle[0]) ** 2 for x, _y in points)
