"""Processes that die again and again of one submission."""

from datetime import timedelta

import pytest

from journeys import tenant as rest
from journeys.delivery import calls, submit
from journeys.lifecycle.submission_states import Times
from journeys.models import Submission, Tenant
from tests.delivery.conftest import claim, intend, submitted
from tests.delivery.crashing import FakeTenant, Points, pass_time


@pytest.fixture
def there(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> FakeTenant:
    client, made = rest.Client(tenant.credentials()), FakeTenant("created", "new_version", Points())
    client.wire = made
    monkeypatch.setattr(
        Times, "back_off", lambda *_words: timedelta(seconds=60)
    )  # else it may be sent again at once
    monkeypatch.setattr(calls, "client_for", lambda credentials: client)
    return made


def dies_while_sending(row: Submission, there: FakeTenant) -> Submission:
    """It had written its intent; nothing arrived. The next one looks it up until that is known."""
    assert claim(row, submit.times()) and intend(row, submit.times())
    pass_time(there, submit.times().lease_seconds + 1)
    row.refresh_from_db()
    assert row.expire(submit.times())
    while row.state == "unclear":
        pass_time(there, 1)
        submit.work(row.pk)
        row.refresh_from_db()
    pass_time(there, 61)
    row.refresh_from_db()
    return row


def test_what_processes_die_of_is_parked_after_three_and_others_go_on(
    tenant: Tenant, there: FakeTenant
) -> None:
    row, other = submitted(tenant), submitted(tenant, "other")
    for deaths in (1, 2, 3):
        assert (row.state, row.crash_count) == ("waiting", deaths - 1)
        row = dies_while_sending(row, there)
    assert (row.state, row.crash_count, row.ambiguous, there.posts) == ("needs-person", 3, False, 0)
    submit.work(other.pk)
    other.refresh_from_db()
    assert (other.state, there.posts) == ("succeeded", 1)
