"""How the CPU time of all that is done with a journey grows with it, shape by shape.

GROWTH=all does all work in all shapes, which takes the better part of an hour.
"""

import json
import math
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Lock

from tests.growth.groups import by_shape
from tests.growth.shapes import SHAPES
from tests.growth.work import WORK

SIZES = ("500", "2000", "8000")
LIMIT = 1.15
printing = Lock()


def report() -> None:
    """One process for each shape, two at a time."""
    began = time.monotonic()
    wanted = (
        {shape: list(WORK) for shape in SHAPES}
        if os.environ.get("GROWTH") == "all"
        else by_shape(list(WORK))
    )
    print(
        f"{'milliseconds of CPU':18} {'shape':18}"
        + "".join(f"{size:>10}" for size in SIZES)
        + "  exponent (limit)"
    )
    with ThreadPoolExecutor(2) as pool:
        over = sum(pool.map(of_shape, wanted, wanted.values()))
    print(f"growth: {over} over the limit; all in {time.monotonic() - began:.0f} s", flush=True)


def of_shape(shape: str, work: list[str]) -> int:
    """Prints a line for each work; how many are over the limit. What takes less than 50 ms is
    noise."""
    command = [
        sys.executable,
        "-m",
        "tests.growth",
        *SIZES,
        "--timed",
        "--shape",
        shape,
        "--work",
        *work,
    ]
    over = 0
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout:
            row = json.loads(line)
            figures = [max(0.01, row["figures"][size]) for size in SIZES]
            exponent = math.log(figures[-1] / figures[-2]) / math.log(
                int(SIZES[-1]) / int(SIZES[-2])
            )
            is_over = exponent > LIMIT and figures[-1] > 50
            over += is_over
            told = "".join(f"{figure:10.1f}" for figure in figures)
            flag = "  over" if is_over else ""
            with printing:
                print(
                    f"{row['work']:18} {row['shape']:18}{told}  {exponent:5.2f} ({LIMIT}){flag}",
                    flush=True,
                )
    if process.returncode:
        raise SystemExit(f"{shape}: the process ended with {process.returncode}")
    return over
