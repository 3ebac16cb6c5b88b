"""What `make bench ARGS='--only growth-pages'` prints: powers of growth, and what 8,000 steps
take."""

import gc
from contextlib import contextmanager

from django.test import Client
from django.test.runner import DiscoverRunner

from journeys.spec.cache import STORES
from tests.growth import asking, counting
from tests.growth import page_shapes as shapes

SIZES = (500, 2000)
LARGEST, LIMIT = 8000, 3


def report() -> None:
    """In a database of its own, with the demo's people, in this process."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)  # as composer/wsgi.py has it
    with people() as (tenant, maya, rob):
        for shape in (shapes.chain, shapes.unlinked, shapes.ladder, shapes.fan):
            small, large = (measured(shape, size, tenant, maya, rob) for size in SIZES)
            head = f"pages of a journey: {shape.__name__}"
            print(f"\n{head:40} {'power':>8} {'limit':>8} {SIZES[1]:>10,} steps")
            for name in small:
                power = counting.power(small[name], large[name], SIZES[1] / SIZES[0])
                print(
                    f"{name:40} {power:>8.2f} {counting.MOST:>8} {large[name]:>12.2f} s", flush=True
                )
        print(f"\n{f'{LARGEST:,} steps: chain':40} {'measured':>10} {'limit':>8}")
        for name, taken in measured(shapes.chain, LARGEST, tenant, maya, rob).items():
            print(f"{name:40} {taken:>8.2f} s {LIMIT:>6} s", flush=True)


def measured(shape, size: int, tenant, maya, rob) -> dict[str, float]:
    """Seconds of the processor for each thing that pages do, with nothing kept from before."""
    from tests.people import started

    journey = started(shapes.journey(shape, size, f"{shape.__name__}-{size}"), tenant, maya)
    author, reviewer = signed_in(maya), signed_in(rob)
    asked = asking.reading(author, journey) | asking.writing(author, journey)
    asked |= asking.comparing(author, reviewer, journey)
    found = {}
    for name, ask in asked.items():
        forget()
        answers: list = []
        found[name] = counting.seconds(lambda ask=ask, answers=answers: answers.append(ask()))
        if answers[0].status_code >= 400:  # then it is no measure of what was asked for
            print(f"{name}: refused with {answers[0].status_code}", flush=True)
    return found


def forget() -> None:
    """As a process that has just begun: nothing of a document is kept."""
    for store in STORES:
        store.clear()


def signed_in(user) -> Client:
    client = Client(headers={"host": "localhost"})
    client.force_login(user)
    return client


@contextmanager
def people():
    from composer.identity.demo import PEOPLE
    from journeys.management.commands.load_demo import add_person, practice_tenant

    runner = DiscoverRunner(verbosity=0, interactive=False)
    databases = runner.setup_databases()
    try:
        known = {person.username: add_person(person) for person in PEOPLE}
        yield practice_tenant(), known["maya"], known["rob"]
    finally:
        runner.teardown_databases(databases)
