"""`make chaos`: a thousand submissions through the whole product while everything is killed, and
who is to blame.

    python -m tests.chaos.run                           SQLite
    python -m tests.chaos.run --database postgresql
    python -m tests.chaos.run --freeze                  processes sleep past their lease instead
    python -m tests.chaos.run --freeze --without fence  a control: this has to fail
    python -m tests.chaos.run --submissions 12 --short  the form in `make test`

Real processes: web server, two workers, two sweepers, Redis and the practice tenant. Ends with 3
when a submission was lost, doubled, wrongly recorded or is stuck, with 1 when there were too many
calls or it took too long.
"""

import atexit
import os
import shutil
import sys
import tempfile
import time
from argparse import ArgumentParser, Namespace
from pathlib import Path

from tests import postgresql
from tests.serving import environment, free_port

TIMES = {"SUBMIT_SETTLE_SECONDS": "10", "SUBMIT_TIMEOUT_SECONDS": "2", "TENANT_RATE": "50"}
CONTROLS = ("look-up", "settle", "fence", "hash")


def main(words: list[str]) -> int:
    parser = ArgumentParser(prog="python -m tests.chaos.run")
    parser.add_argument("--submissions", type=int, default=1000)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--without", choices=CONTROLS, default="")
    parser.add_argument(
        "--freeze",
        action="store_true",
        help="threads fall asleep past their lease; nobody is killed",
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=180, help="in which all has to be done")
    parser.add_argument(
        "--short", action="store_true", help="too few for their calls to be counted"
    )
    asked = parser.parse_args(words)
    folder = Path(tempfile.mkdtemp(prefix="chaos-", dir=os.environ.get("TEST_ROOT")))
    atexit.register(
        shutil.rmtree, folder, ignore_errors=True
    )  # before PostgreSQL's: it is stopped first
    return in_folder(folder, asked)


def in_folder(folder: Path, asked: Namespace) -> int:
    url = postgresql.start(folder) if asked.database == "postgresql" else ""
    if url is None:
        print("PostgreSQL is absent (or there is no user postgres to run it as).")
        return 1
    ports = {"PORT": str(free_port()), "PRACTICE_PORT": str(free_port())}
    settings = {
        **ports,
        **TIMES,
        "DEMO": "1",
        "DATA_DIR": str(folder / "data"),
        "DATABASE_URL": url,
    }
    found = environment(**settings, DJANGO_SETTINGS_MODULE="composer.settings", LOG_LEVEL="WARNING")
    os.environ.clear()
    os.environ.update(found)
    import django

    django.setup()
    from tests.chaos.ordeal import ordeal

    began = time.monotonic()
    code = ordeal(asked)
    print(f"  in all {time.monotonic() - began:.0f} s, with starting and stopping")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
