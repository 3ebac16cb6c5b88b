"""What a server repeats of our secrets is neither kept nor logged."""

import logging

from journeys.models import Attempt, Submission, Tenant
from journeys.models.clock import now
from journeys.practice import PracticeServer
from tests.delivery.conftest import (
    SECRET,
    change,
    error,
    fault,
    submitted,
    until,
    until_final,
    worked,
)


def test_it_keeps_and_logs_no_secret(practice: PracticeServer, sent: Submission, caplog) -> None:
    """A server that repeats whatever it was told, in every place."""
    until_final(submitted(sent.tenant, "first"))
    token = Tenant.objects.get(pk=sent.tenant_id).token
    told = f"You said {token} and {SECRET}."
    echo = {
        "message": told,
        "errorcode": 10000,
        told: told,
        "errors": [{"errorDetail": told, "errorCode": 1}],
    }
    with caplog.at_level(logging.DEBUG):
        fault(
            practice,
            {**error(500, 0, ""), "body": echo},
            {**error(503, 0, ""), "route": "get", "body": told},
        )
        until(sent, lambda row: row.attempts.count() > 1)
        change(sent, state="waiting", not_before=now())
        fault(practice, {**error(400, 0, ""), "body": echo})
        until_final(sent)
    rows = [
        *Attempt.objects.values_list("answer", "text"),
        *Submission.objects.values_list("text", "explanation", "answer"),
    ]
    kept = (
        repr([[bytes(v) if isinstance(v, memoryview) else v for v in row] for row in rows])
        + caplog.text
    )
    assert "You said (hidden) and (hidden)." in kept
    assert (sent.state, token in kept, SECRET in kept) == ("refused", False, False)


def test_it_keeps_only_the_beginning_of_a_large_answer_with_the_attempt(
    practice: PracticeServer, sent: Submission
) -> None:
    fault(
        practice,
        {**error(400, 10000, ""), "body": {"message": "m", "errorcode": 10000, "x": "y" * 100_000}},
    )
    worked(sent)
    assert (len(sent.attempts.get().answer), len(bytes(sent.answer)) > 100_000) == (64 * 1024, True)
