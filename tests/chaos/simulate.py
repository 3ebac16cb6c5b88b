"""Lives of a submission by the million (`make simulate`).

python -m tests.chaos.simulate 1000000                  that many schedules on all processors
python -m tests.chaos.simulate --seed 4711              one of them, told step by step
python -m tests.chaos.simulate 20000 --without fence    a safeguard taken away: this has to fail
"""

import os
import sys
import time
from argparse import ArgumentParser
from multiprocessing import Pool

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from tests.chaos.simulator import broken, report, told  # noqa: E402
from tests.chaos.world import CONTROLS  # noqa: E402

AT_A_TIME = 2_000  # schedules that a process is given


def main(words: list[str]) -> int:
    parser = ArgumentParser(prog="python -m tests.chaos.simulate")
    parser.add_argument("schedules", type=int, nargs="?", default=20_000)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--seed", type=int, help="only this one, told step by step")
    parser.add_argument("--without", choices=CONTROLS, default="")
    asked = parser.parse_args(words)
    if asked.seed is not None:
        print(told(asked.seed, asked.without))
        return 0
    began, last = time.monotonic(), asked.first + asked.schedules
    parts = [
        range(start, min(start + AT_A_TIME, last)) for start in range(asked.first, last, AT_A_TIME)
    ]
    with Pool(os.cpu_count()) as pool:
        results = pool.starmap(broken, [(part, asked.without) for part in parts], chunksize=1)
    found = [one for part in results for one in part]
    print(
        f"{asked.schedules} schedules from seed {asked.first} in {time.monotonic() - began:.0f} s:"
        f" {len(found)} broken"
    )
    if found:
        print(report(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
