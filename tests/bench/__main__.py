"""What the product reaches on this machine, printed beside what it is compared with in the same
run.

make bench                       everything
make bench ARGS="--only pages"   one part: checks, growth, pages, large, growth-pages, scale, memory
                                 or submissions
"""

import argparse
import os
import sys

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django

django.setup()

from tests import bench_submissions, checking_speed, import_speed  # noqa: E402
from tests.bench import growth  # noqa: E402
from tests.bench.inside import inside  # noqa: E402
from tests.bench.journeys import journey  # noqa: E402
from tests.bench.large import large  # noqa: E402
from tests.bench.memory import memory  # noqa: E402
from tests.bench.pages import pages  # noqa: E402
from tests.bench.scale import scale  # noqa: E402
from tests.growth.report import report as report_growth_of_pages  # noqa: E402


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="make bench")
    parts = ["checks", "growth", "pages", "large", "growth-pages", "scale", "memory", "submissions"]
    parser.add_argument("--only", choices=parts)
    only = parser.parse_args(arguments).only
    if only in (None, "checks"):
        checking_speed.report(journey)
        import_speed.report(journey)
    if only in (None, "growth"):
        growth.report()
    if only in (None, "pages"):
        inside()
        pages()
    if only in (None, "large"):
        large()
    if only in (None, "growth-pages"):
        report_growth_of_pages()
    if only in (None, "scale"):
        scale()
    if only in (None, "memory"):
        memory()
    if only in (None, "submissions"):
        bench_submissions.main([])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
