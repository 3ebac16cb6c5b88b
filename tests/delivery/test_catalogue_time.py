"""A tenant that comes back after hours, and a clock that jumps."""

from datetime import timedelta
from itertools import pairwise

import pytest

from journeys.delivery import submit
from journeys.delivery.worker import Worker
from journeys.lifecycle import conditions
from journeys.models import Submission, Tenant
from journeys.models.clock import now
from journeys.models.submission import OPEN_STATES
from journeys.models.tenant_status import tenant_statuses
from journeys.practice import PracticeServer
from tests.delivery.conftest import attempts, change, posts, submitted, until_final

RATE, WAITING = 20, 45


@pytest.mark.django_db(transaction=True)
def test_a_tenant_that_comes_back_is_asked_once_and_is_not_overrun(
    practice: PracticeServer, sent: Submission
) -> None:
    """What gathered meanwhile goes out at its rate: nothing at once, nothing twice, and nothing
    before the question."""
    for number in range(WAITING):
        submitted(sent.tenant, f"other-{number}")
    Submission.objects.update(not_before=now() - timedelta(hours=2))
    Tenant.objects.update(rate=RATE)
    tenant_statuses([sent.tenant_id])[sent.tenant_id].write(
        {"breaker": "open", "open_until": now(), "times_opened": 6}
    )
    worker = Worker(16)
    while Submission.objects.filter(state__in=OPEN_STATES).exists():
        worker.run()
    calls = [call for call in practice.control("requests")["requests"] if call["route"] != "token"]
    calls.sort(key=lambda call: call["started"])
    sends = [call["started"] for call in calls[1:]]
    assert (calls[0]["route"], {call["route"] for call in calls[1:]}) == ("list", {"create"})
    assert len(sends) == len({call["key"] for call in calls[1:]}) == WAITING + 1
    late = [after - before for before, after in pairwise([sends[0], *sends[RATE::RATE]])]
    assert late and min(late) > 0.7  # a second, less what a busy machine shifts


def test_a_clock_that_jumps_ahead_doubles_nothing(
    practice: PracticeServer, sent: Submission
) -> None:
    """Suddenly the lease is over, although the call is still out: it is taken over, and what comes
    then is too late."""
    (job,) = submit.take([submit.Candidate(sent.pk, sent.tenant_id)])
    outcome = submit.carry_out(job)
    change(sent, lease_until=now() - timedelta(hours=1))
    assert Submission.objects.get(conditions.given_up(now())).expire(submit.times())
    submit.write([outcome])
    sent.refresh_from_db()
    assert (outcome.is_held, sent.state) == (False, "unclear")
    until_final(sent)
    assert (sent.state, sent.found_by_look_up, posts(practice)) == ("succeeded", True, 1)
    assert attempts(sent) == [("send", "created"), ("look-up", "found")]
