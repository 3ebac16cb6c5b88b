"""A tenant that commits later than anybody may expect: no promise holds then, but it is told."""

import pytest

from journeys import tenant as rest
from journeys.delivery import calls, submit
from journeys.models import Submission, Tenant
from tests.delivery.conftest import submitted
from tests.delivery.crashing import POSTS, RESET, FakeTenant, Points, late, pass_time


class VeryLate(FakeTenant):
    """The first send is carried out at the very moment at which the second one arrives."""

    def answer(self, request):
        if request.method == "POST" and self.posts == 1:
            self.pass_time(1_000_000)
        return super().answer(request)


def test_it_tells_when_an_earlier_send_was_carried_out_after_all(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch, settings
) -> None:
    (
        settings.SUBMIT_SETTLE_SECONDS,
        settings.SUBMIT_TIMEOUT_SECONDS,
        settings.SUBMIT_LEASE_SECONDS,
    ) = 150, 130, 180
    there, client = VeryLate("late", "new_version", Points()), rest.Client(tenant.credentials())
    client.wire = there
    monkeypatch.setattr(calls, "client_for", lambda credentials: client)
    monkeypatch.setitem(
        POSTS, "late", lambda tenant, document: late(tenant, document, RESET, 500_000)
    )
    row = submitted(tenant)
    for _step in range(40):
        submit.work(row.pk)
        row = Submission.objects.get(pk=row.pk)
        if not row.is_open:
            break
        pass_time(there, 20)
    assert (row.state, row.explanation["title"], len(there.held)) == ("conflict", "Conflict", 2)
    assert "new version" in row.text
