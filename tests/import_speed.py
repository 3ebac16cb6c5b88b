"""How many journeys are taken in a second, on SQLite in a file and set up as in production: a part
of `make bench`."""

import time
from collections.abc import Callable

from django.contrib.auth.models import User
from django.core.management import call_command

from journeys import importing
from journeys.checks import by_block
from journeys.models import Tenant
from journeys.spec import document as doc

COUNT = 200  # one upload of as many files
SIZES = (6, 36)  # real journeys have 5.8 activities on average
AIM = 200


def report(make: Callable[[str, int], dict]) -> None:
    """`make` builds a journey out of a key and a number of activities."""
    call_command("migrate", verbosity=0)
    user = User.objects.create(username="bench", is_superuser=True)
    tenant = Tenant.objects.create(name="Bench").sealed()
    for size in SIZES:
        sources = [source(make(f"import-{size}-{number}", size)) for number in range(COUNT)]
        by_block.forget()
        started = time.perf_counter()
        taken = importing.take_in(importing.examine(sources, tenant.journeys), tenant, user)
        seconds = time.perf_counter() - started
        assert len(taken) == COUNT
        print(
            f"import, {size:3} activities: {COUNT / seconds:8.0f} journeys a second (aim {AIM})",
            flush=True,
        )


def source(document: dict) -> importing.Source:
    return importing.Source(f"{document['key']}.json", doc.pretty(document).encode())
