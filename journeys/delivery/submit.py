"""Claim, look up or send, save: the one flow that meets the outside, for one submission or for many
at a time.

`work` may be called by anybody, any number of times: the row decides whether there is something to
do.
"""

import logging
from datetime import datetime

from django.db import transaction

from journeys.delivery.calls import (
    Job,
    carry_out,
    client_for,
    clock,
    held_back,
    log_outcome,
    question,
    times,
)
from journeys.delivery.claims import Candidate, Outcome, admitted, candidates, intend, ready, settle
from journeys.delivery.stopping import (
    altered,
    opened_again,
    unapproved,
    under_altered_rules,
)
from journeys.lifecycle import limits
from journeys.lifecycle.results import Result
from journeys.lifecycle.submission_states import Event, must_look
from journeys.models import Review, Submission, Tenant, acceptance_rules, memory
from journeys.models.audit import record
from journeys.models.clock import now
from journeys.models.tenant_status import locked_statuses

logger = logging.getLogger(__name__)

__all__ = [
    "Candidate",
    "Job",
    "Outcome",
    "ask",
    "candidates",
    "carry_out",
    "client_for",
    "take",
    "times",
    "work",
    "write",
]


def work(submission_id: object) -> bool:
    """Claims the submission and takes it on as far as it goes now: a look-up, a send, or both.
    False: nothing to do."""
    jobs = _take_one(submission_id)
    if not jobs:
        return False
    looked, row = jobs[0].phase == "look-up", jobs[0].submission
    write([carry_out(job) for job in jobs])
    if (
        looked and row.is_open and not must_look(row, now(), times())
    ):  # it has cleared the way for the send
        write([carry_out(job) for job in _take_one(submission_id)])
    return True


def _take_one(submission_id: object) -> list[Job]:
    row = (
        ready(now())
        .filter(pk=submission_id)
        .values_list("pk", "tenant_id", "attempt_count", "state")
        .first()
    )
    if row is None:
        return []
    pk, tenant, sends, state = row
    ask(tenant)
    return take([Candidate(pk, tenant, sends > 0 and state == Submission.State.WAITING)])


def take(wanted: list[Candidate]) -> list[Job]:
    """Claims what may be called for now; what can be sent at once has its intent written in the
    same transaction.

    What must not go out any more is settled here, without a call.
    """
    since = clock()
    with transaction.atomic():
        moment = now()
        tenants = Tenant.objects.in_bulk({one.tenant for one in wanted})
        rows = admitted(wanted, moment, times(), tenants)
        _with_reviews(rows)
        _with_memory(rows)
        rules = {pk: tenant.why_altered() for pk, tenant in tenants.items()}
        accepted = _acceptances(rows)
        stopped = [
            Outcome(row, event)
            for row in rows
            if (event := _why_not(row, moment, rules[row.tenant_id], accepted))
        ]
        others = {row.pk for row in rows} - {outcome.submission.pk for outcome in stopped}
        jobs = [
            Job(row, row.tenant.usable_token(moment), moment, since)
            for row in rows
            if row.pk in others
        ]
        sends = [job.submission for job in jobs if job.token and job.phase == "send"]
        late = {row.pk for row in sends} - {row.pk for row in intend(sends, moment, times())}
        stopped += [Outcome(row, held_back()) for row in sends if row.pk in late]
        if stopped:
            settle(stopped, times())
            _record_tampering(stopped)
    _end(stopped)
    begun = memory.begin((row for row in sends if row.pk not in late), times())
    waits = {
        row.pk for row in sends
    } - begun  # too late; or somebody sends at this fence: then its lease just ends
    return [job for job in jobs if job.submission.pk not in waits]


def _acceptances(rows: list[Submission]) -> dict[int, list]:
    """Of the journeys that go out with accepted problems: held, so that who withdraws one does so
    before its send is intended, or learns that it was."""
    asked = {row.journey_id for row in rows if row.accepted}
    return acceptance_rules.standing(asked, held=True) if asked else {}


def _why_not(row: Submission, moment: datetime, rules: str, accepted: dict) -> Event | None:
    """`rules`: what is wrong with those of its tenant; `accepted`: what still is, by journey."""
    looks = must_look(row, moment, times())
    if row.is_altered(is_sent=not looks):
        return altered(row)
    if rules:
        return under_altered_rules(rules)
    if looks:
        return None
    if row.cancel_requested_at or row.seen.stop or row.deadline_at <= moment:
        return held_back()
    if not row.is_still_accepted(accepted.get(row.journey_id)):
        return opened_again()
    ended = row.why_ended(moment)
    return unapproved(ended) if ended else None


def _with_reviews(rows: list[Submission]) -> None:
    """Each row's approval and who gave it, as they stand now."""
    asked = {row.review_id for row in rows if row.review_id}
    reviews = Review.objects.select_related("decided_by").in_bulk(asked) if asked else {}
    for row in rows:
        if row.review_id in reviews:
            row.review = reviews[row.review_id]


def _with_memory(rows: list[Submission]) -> None:
    """What this machine remembers of each. Where something was sent under its key, the key is asked
    for first; and what may arrive is looked up until that is known, whatever the row says."""
    seen = memory.seen_of(rows)
    for row in rows:
        row.seen = one = seen[row.pk]
        may_arrive = one.may_arrive or (one.made and not one.sent)
        if (
            may_arrive
            and row.state == Submission.State.WAITING
            and row.is_as_written
            and not one.ended
        ):
            last = max(one.last or one.made, row.last_send_at or one.last or one.made)
            row.look_up_first(last, (row.first_send_at or one.last) if one.sent else None)
    for row in memory.made_by_others(rows, seen):
        row.ask_before_sending()


def _record_tampering(stopped: list[Outcome]) -> None:
    for outcome in stopped:
        row = outcome.submission
        if outcome.event.kind == Result.ALTERED and outcome.is_held:
            logger.critical("submission %s: stopped, it was changed in the database", row.pk)
            data = {"submission": str(row.pk), "key": row.key, "text": row.text}
            record(None, "submission.tampered", journey=row.journey, tenant=row.tenant, **data)


def write(outcomes: list[Outcome]) -> None:
    rows = [outcome.submission for outcome in outcomes]
    as_read = [dict(vars(row)) for row in rows]
    try:
        settle(outcomes, times())
    except (
        BaseException
    ):  # nothing was written: who tries again begins with the rows as they are in the database
        for row, values in zip(rows, as_read, strict=True):
            vars(row).clear()
            vars(row).update(values)
        raise
    _record_tampering(outcomes)
    _end(outcomes)


def _end(outcomes: list[Outcome]) -> None:
    """What follows once they are committed."""
    memory.note_outcomes(outcomes, times())
    for outcome in outcomes:
        log_outcome(outcome)


def ask(tenant_id: int) -> bool:
    """Asks the one question of a breaker whose time is over, if nobody else is asking. False: there
    was none to ask."""
    with transaction.atomic():
        status, moment = locked_statuses([tenant_id])[tenant_id], now()
        if not limits.may_ask(status, moment):
            return False
        status.write(limits.asking(moment, times()))
        asked_until = status.asked_until
    event = question(Tenant.objects.get(pk=tenant_id))
    with transaction.atomic():
        status = locked_statuses([tenant_id])[tenant_id]
        if status.asked_until == asked_until:
            values = (
                limits.after_question(status, event, now(), times())
                if event.called
                else {"asked_until": None}
            )
            status.write(values)
    return True
