"""What people decide about a submission: to cancel it, let it go on, take over what is there."""

from functools import partial

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _t

from journeys.lifecycle import conditions
from journeys.lifecycle.conditions import OPEN_STATES, STOPPED
from journeys.lifecycle.journey_state import NotAllowed, SubmissionState, WrongState
from journeys.lifecycle.submission_states import LONGEST, again
from journeys.models import maybe_sent, memory
from journeys.models.accounts import is_admin
from journeys.models.clock import now


@transaction.atomic
def cancel(submission, user) -> None:
    """Stops it if nothing was sent; what is under way is looked up first and then stopped if it
    did not arrive."""
    moment = now()
    row = type(submission).objects.rows().select_for_update().get(pk=submission.pk)
    waiting = type(submission).objects.filter(
        conditions.cancellable(moment), conditions.held(row), pk=submission.pk
    )
    values = {"state": SubmissionState.CANCELLED, "fence": row.fence + 1, "finished_at": moment}
    if row._change_unseen(waiting, values | {"text": _t("Cancelled.")}):
        submission.refresh_from_db()
        submission.tell_journey()
        transaction.on_commit(partial(memory.note_ended, [submission]), robust=True)
    elif (
        not type(submission)
        .objects.filter(pk=submission.pk, state__in=OPEN_STATES)
        .update(cancel_requested_at=moment)
    ):
        raise WrongState(_t("This submission has ended already. There is nothing to cancel."))
    else:
        memory.note_stop(submission)
    submission.journey.audit(user, "submission.cancelled", submission=str(submission.pk))


@transaction.atomic
def try_again(submission, user) -> None:
    """A person's answer to "needs a decision": on with it, by looking first where a send may
    have arrived."""
    moment, seen = now(), submission.seen
    is_whole = submission.state != SubmissionState.TAMPERED and (
        submission.state not in STOPPED or submission.is_as_written
    )
    is_whole = is_whole and not seen.ended
    if not is_whole and not is_admin(user):
        raise NotAllowed(
            _t(
                "It was stopped because something was changed in the database. Only an admin"
                " can go on."
            )
        )
    rows = type(submission).objects
    stopped = rows.filter(conditions.stopped(submission), pk=submission.pk)
    others = rows.of_key(submission.tenant_id, submission.key).exclude(pk=submission.pk)
    if others.filter(
        models.Q(state__in=OPEN_STATES) | models.Q(state=SubmissionState.SUCCEEDED)
    ).exists():
        raise WrongState(
            _t("This journey has been submitted anew since. Follow that submission instead.")
        )
    values = again(submission, moment, LONGEST) | maybe_sent.as_if_sent_since_backup(submission)
    if not is_whole:
        values |= {"ask_first": True, "fence": max(submission.fence, seen.sent)}
        values |= maybe_sent.as_if_sent(moment, submission.first_send_at) if seen.sent else {}
    elif seen.may_arrive and not submission.ambiguous:  # whatever the row says
        values |= maybe_sent.as_if_sent(seen.last, submission.first_send_at or seen.last) | {
            "text": maybe_sent.may_arrive()
        }
    memory.let_go_on(submission, ended=not is_whole)
    try:
        with transaction.atomic():
            gone_on = submission._change(stopped, values)
    except IntegrityError as error:
        raise WrongState(_t("Another submission of this journey is under way.")) from error
    if not gone_on:
        raise WrongState(_t("This submission is not waiting for a decision."))
    submission.tell_journey()
    submission.journey.audit(user, "submission.tried-again", submission=str(submission.pk))


@transaction.atomic
def take_over(submission, user, differences: int) -> None:
    """A person's answer to a conflict: the journey that is there is the result, although it is
    not what was sent.

    Whoever calls this has just seen that it is still there, with the ids that were saved.
    """
    if (
        not (submission.remote_id and submission.remote_definition_id and submission.remote_status)
        or submission.ambiguous
    ):
        raise WrongState(
            _t("It is not known well enough what is there. Look at it in Marketing Cloud.")
        )
    conflict = type(submission).objects.filter(
        pk=submission.pk, state=SubmissionState.CONFLICT, fence=submission.fence
    )
    text = _t("Taken over: the journey that Marketing Cloud had already is the result.")
    values = {
        "state": SubmissionState.SUCCEEDED,
        "text": text,
        "explanation": {},
        "taken_over": True,
    }
    if not submission._change(conflict, {**values, "finished_at": now()}):
        raise WrongState(_t("This submission is not waiting for a decision about a conflict."))
    submission.tell_journey()
    facts = {
        "submission": str(submission.pk),
        "id": submission.remote_id,
        "definitionId": submission.remote_definition_id,
    }
    submission.journey.audit(user, "submission.taken-over", **facts, differences=differences)
