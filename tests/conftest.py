import os
from collections.abc import Iterator

import hypothesis
import pytest
from django.test import TransactionTestCase

from journeys.models import witness
from tests import database
from tests.browsing import base_url, browser, complaints, context, page, windows  # noqa: F401
from tests.database import lock  # noqa: F401
from tests.depth import DAY, THOROUGH, deep
from tests.order import Units, own_server, place, whole_product
from tests.people import *  # noqa: F403
from tests.serving import demo_data, new_stack, stack, stop_stack  # noqa: F401

DATABASE_FIXTURES = {
    "db",
    "transactional_db",
    "django_db_reset_sequences",
    "live_server",
    "admin_client",
    "admin_user",
}
# two cores run other tests, too: how long one takes, or drawing its values, says nothing
UNHURRIED = {"deadline": None, "suppress_health_check": [hypothesis.HealthCheck.too_slow]}
hypothesis.settings.register_profile("unhurried", **UNHURRIED, max_examples=deep(40, 200))
hypothesis.settings.load_profile("unhurried")
ON_POSTGRESQL = os.environ.get("TEST_DATABASE") == "postgresql"
TransactionTestCase._fixture_teardown = database.put_back


def pytest_report_header() -> str:
    return "" if THOROUGH else f"samples: SAMPLE_DAY={DAY}"


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment, django_db_blocker, django_db_modify_db_settings
) -> None:
    with django_db_blocker.unblock():
        database.make()


@pytest.fixture(autouse=True)
def without_memory() -> Iterator[None]:
    """Each test has a database of its own, but all of one process share the file beside it."""
    yield
    if witness.here.opened:
        witness.forget_all()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if own_server(
            item
        ):  # set up first of all, so taken away last: pages ask until they are closed
            item.add_marker(pytest.mark.django_db(transaction=True))
    if ON_POSTGRESQL:
        chosen, others = [], []
        for item in items:
            (chosen if touches_database(item) else others).append(item)
        config.hook.pytest_deselected(items=others)
        items[:] = chosen
    for item in items:
        if ON_POSTGRESQL and not os.environ["TEST_DATABASE_URL"]:
            item.add_marker(
                pytest.mark.skip(
                    reason="PostgreSQL is absent (or there is no user postgres to run it as)"
                )
            )
    items.sort(key=place)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> Units:
    return Units(config, log)


@pytest.hookimpl(trylast=True)  # after the test's own fixtures, which may still ask it
def pytest_runtest_teardown(nextitem: pytest.Item | None) -> None:
    if nextitem is None or "stack" not in nextitem.fixturenames:
        stop_stack()


def touches_database(item: pytest.Item) -> bool:
    """Pages in a browser and whole processes run on one database only: they would prove nothing new
    on the other. Neither would what is marked, and takes long."""
    if whole_product(item) or "browser" in item.fixturenames:
        return False
    if item.get_closest_marker("one_database") and not THOROUGH:
        return False
    return bool(item.get_closest_marker("django_db") or DATABASE_FIXTURES & set(item.fixturenames))
