"""python -m tests.growth SIZE… [--work NAME] [--shape NAME]: one JSON line for each work and shape,
with its counts."""

import argparse
import json
import os
import sys
import time

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

from tests.growth import meter


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.growth")
    parser.add_argument("sizes", type=int, nargs="+")
    parser.add_argument("--work", nargs="*")
    parser.add_argument("--shape", nargs="*")
    parser.add_argument("--timed", action="store_true", help="CPU milliseconds instead of counts")
    told = parser.parse_args(arguments)
    if not told.timed:
        meter.install()
    import django

    django.setup()
    from tests.growth.shapes import SHAPES
    from tests.growth.work import WORK, case

    for shape in told.shape or SHAPES:
        cases = {size: case(SHAPES[shape](size)) for size in told.sizes}
        for name in told.work or WORK:
            figures = {}
            for size, one in cases.items():
                forget()  # what the work before it left would be told as this one's own speed
                figures[size] = (timed if told.timed else meter.counted)(WORK[name], one)
            print(json.dumps({"work": name, "shape": shape, "figures": figures}), flush=True)
    return 0


def forget() -> None:
    """Empties what the process keeps of documents and their parts."""
    from journeys.spec.cache import STORES

    for store in STORES:
        store.clear()


def timed(work, *arguments: object) -> float:
    before = time.process_time()
    work(*arguments)
    return (time.process_time() - before) * 1000


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
