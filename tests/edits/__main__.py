"""make edits                              100,000 edits
make edits ARGS='--edits 5000'          fewer
make edits ARGS='--seed 7 --journeys 1' one journey again
"""

import argparse
import os
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django

django.setup()

from tests.edits.documents import examples  # noqa: E402
from tests.edits.keeping import Lost  # noqa: E402
from tests.edits.running import EACH, edit_one  # noqa: E402


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="make edits")
    parser.add_argument("--edits", type=int, default=100_000)
    parser.add_argument(
        "--seed", type=int, default=1, help="of the first journey; the others follow"
    )
    parser.add_argument(
        "--journeys", type=int, help=f"instead of --edits: each is edited {EACH} times"
    )
    options = parser.parse_args(arguments)
    count = options.journeys or -(-options.edits // EACH)
    if not examples():
        print("The folder of sample journeys is absent: made without them.")
    started, total, lost = time.monotonic(), Counter(), 0
    with ProcessPoolExecutor() as pool:
        for answer in pool.map(tried, range(options.seed, options.seed + count), chunksize=4):
            total.update(answer if isinstance(answer, Counter) else {})
            if isinstance(answer, str):
                lost += 1
                print(answer, flush=True)
    refused = total.pop("refused", 0)
    print(
        f"{total.total():,} edits of {count:,} journeys in {time.monotonic() - started:.0f} s,"
        f" {refused:,} refused"
    )
    print("  " + ", ".join(f"{name} {number:,}" for name, number in total.most_common()))
    print(f"{lost} journeys lost something." if lost else "Nothing was lost.")
    return 1 if lost or not total else 0


def tried(seed: int) -> Counter | str:
    try:
        return edit_one(seed)
    except Lost as error:
        return str(error)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
