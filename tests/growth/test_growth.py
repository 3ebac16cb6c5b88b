"""What is done with a journey takes at most n log n: counted, see meter.py. `make bench` prints
more sizes."""

import json
import math
import subprocess
import sys
from pathlib import Path

import pytest

from tests.depth import deep
from tests.growth.groups import GROUPS

ROOT = Path(__file__).parents[2]
MOST = 1.15  # exponent between two sizes
SIZES = deep(("125", "500"), ("250", "1000"))


def grown(work: list[str], shapes: list[str]) -> list[tuple[str, str, float]]:
    """(work, shape, exponent) of each, in a process of its own: there our code is rewritten to be
    counted."""
    command = [sys.executable, "-m", "tests.growth", *SIZES, "--work", *work, "--shape", *shapes]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=True
    )
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    return [(row["work"], row["shape"], exponent(row["figures"])) for row in rows]


def exponent(figures: dict[str, float]) -> float:
    (small, few), (large, many) = sorted(
        (int(size), max(1, count)) for size, count in figures.items()
    )[-2:]
    return math.log(many / few) / math.log(large / small)


@pytest.mark.parametrize("group", GROUPS)
def test_it_grows_no_faster_than_the_journey(group):
    work, shapes = GROUPS[group]
    found = grown(work, shapes)
    assert len(found) == len(work) * len(shapes)
    assert [one for one in found if one[2] > MOST] == []
