"""One clock for what several machines compare, and for what is stored and shown: the database's."""

import re
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.utils import timezone

from journeys.models import Journey, Use, clock
from journeys.models.use import count_use
from tests.serving import CHECKOUT

OWN = re.compile(r"timezone\.now|datetime\.now|utcnow|\btime\.time\(|auto_now|import now\b")
ASKED_OF_THE_MACHINE = {
    # where no rows are: the client of the tenant, the practice tenant, and a cookie of one browser
    "journeys/tenant/bodies.py",
    "journeys/tenant/probing.py",
    "journeys/practice/exchange.py",
    "journeys/practice/interactions.py",
    "journeys/practice/state.py",
    "journeys/practice/store.py",
    "journeys/delivery/pick_lists.py",  # how old what this very process keeps is
    "journeys/models/clock.py",
    "composer/identity/oidc/provider.py",  # against the provider's clock
    "composer/identity/oidc/views.py",
}
# the session of one browser: seconds of a visit, in the session itself
SESSIONS = {"middleware", "session_store", "sessions", "sudo", "waiting"}
ASKED_OF_THE_MACHINE |= {f"composer/identity/{name}.py" for name in SESSIONS}


def test_nothing_but_the_clock_asks_the_machine() -> None:
    asking = set()
    rooms = (CHECKOUT / "journeys", CHECKOUT / "composer")
    for file in (path for room in rooms for path in room.rglob("*.py")):
        text = file.read_text().replace("from journeys.models.clock import now", "")
        if "migrations" not in file.parts and OWN.search(text):
            asking.add(str(file.relative_to(CHECKOUT)))
    assert asking == ASKED_OF_THE_MACHINE


@pytest.mark.skipif(connection.vendor != "postgresql", reason="on SQLite it is one machine")
def test_a_machine_whose_clock_is_wrong_stores_and_counts_by_the_database_s(
    journey: Journey, maya, rob, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: datetime(2000, 1, 1, tzinfo=UTC))
    monkeypatch.setattr("time.time", lambda: 946_684_800.0)
    clock._said.clear()
    review = journey.request_review(maya)
    review.approve(rob, "Good.")
    sent = journey.submit(maya)
    count_use(maya.pk, "look-up", 5)
    review.refresh_from_db()
    stored = [review.asked_at, review.decided_at, sent.created_at, sent.not_before]
    assert {at.year for at in stored} == {clock.now().year} != {2000}
    assert Use.objects.get().began > 946_684_800 + 1e8
    assert sent.not_before <= clock.now()


def test_a_moment_costs_no_statement_and_is_not_ahead(db: None, django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        moments = [clock.moment() for _time in range(3)]
    assert moments == sorted(moments) and moments[-1] <= clock.now()
