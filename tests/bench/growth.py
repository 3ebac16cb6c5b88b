"""How the CPU time of all that is done with a journey grows with it, shape by shape."""

import json
import math
import subprocess
import sys

SIZES = ("500", "1000", "2000", "4000", "8000")
LIMIT = 1.15


def report() -> None:
    print(f"{'milliseconds of CPU':18} {'shape':18}" + "".join(f"{size:>10}" for size in SIZES) + "  exponent (limit)")
    command = [sys.executable, "-m", "tests.growth", *SIZES, "--timed"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout:
            row = json.loads(line)
            figures = [max(0.01, row["figures"][size]) for size in SIZES]
            exponent = math.log(figures[-1] / figures[0]) / math.log(int(SIZES[-1]) / int(SIZES[0]))
            told = "".join(f"{figure:10.1f}" for figure in figures)
            print(f"{row['work']:18} {row['shape']:18}{told}  {exponent:5.2f} ({LIMIT})", flush=True)
