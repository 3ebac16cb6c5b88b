"""What the witness remembers of submissions, journeys, accepted problems and confirmations; see
`witness`."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import NamedTuple

from django.conf import settings
from django.db import transaction

from journeys.lifecycle.submission_states import Times
from journeys.models import clock, witness
from journeys.models.witness import (
    CLEARED,
    ENDED,
    MADE,
    OVER,
    RULED,
    SENT,
    STOP,
    WENT_ON,
    Note,
    micros,
    named,
)


class Seen(NamedTuple):
    """`sent`: the fence of the newest send that was begun, 0 where none is known; `last`: until
    when a byte of it may leave. `cleared`: no send up to this fence can arrive any more. `made` is
    like `last`, for whatever was sent under its key and may still arrive. `stop`: somebody asked to
    cancel it."""

    sent: int = 0
    ended: bool = False
    last: datetime | None = None
    cleared: int = 0
    made: datetime | None = None
    stop: bool = False

    @property
    def may_arrive(self) -> bool:
        """Whether the newest send may have arrived, or may still; honest, too, where its process
        died early."""
        return self.sent > self.cleared


def after_commit(*notes: Note) -> None:
    transaction.on_commit(partial(witness.note, *notes), robust=True)


# Submissions


def seen_of(rows: Iterable) -> dict[object, Seen]:
    """By the ids of the submissions."""
    rows = list(rows)
    names = {row.pk: [named(kind, str(row.pk)) for kind in OF_SUBMISSIONS] for row in rows}
    keys = {
        row.pk: [named(kind, row.tenant_id, row.key) for kind in (MADE, CLEARED)] for row in rows
    }
    notes = witness.known(name for some in (*names.values(), *keys.values()) for name in some)
    return {
        row.pk: _seen(*([notes.get(name) for name in names[row.pk] + keys[row.pk]])) for row in rows
    }


OF_SUBMISSIONS = (SENT, ENDED, CLEARED, STOP)


def _seen(sent, ended, cleared, stop, made, settled) -> Seen:
    coming = made if made and (settled is None or settled.at < made.at) else None
    return Seen(
        sent=sent.number if sent else 0,
        ended=bool(ended),
        last=_moment(sent),
        cleared=cleared.number if cleared else 0,
        made=_moment(coming),
        stop=bool(stop),
    )


def _moment(one: Note | None) -> datetime | None:
    return datetime.fromtimestamp(one.at / 1_000_000, UTC) if one else None


def begin(rows: Iterable, times: Times) -> set:
    """The ids of those whose sends may begin: once their intents are committed, and before a byte
    leaves. Each fence sends once, whatever the database says; and none while an earlier send of it
    may arrive."""
    rows = {named(SENT, str(row.pk)): row for row in rows}
    notes = [
        Note(subject, row.fence, _last_byte(row, times), named(CLEARED, str(row.pk)))
        for subject, row in rows.items()
    ]
    made = [
        Note(named(MADE, row.tenant_id, row.key), 1, _last_byte(row, times))
        for row in rows.values()
    ]
    risen = witness.rise(notes, made)
    return {rows[subject].pk for subject in risen}


def _last_byte(row, times: Times) -> int:
    """Until when one may leave of what is sent with the intent that was just written."""
    return micros(row.last_send_at + times.longest_send)


def note_outcomes(outcomes: Iterable, times: Times) -> None:
    """What is known once these are committed: which submissions have ended, which sends cannot
    arrive any more, and when the last byte of one left that was not answered plainly."""
    held, notes, better = [one for one in outcomes if one.is_held], [], []
    for one in held:
        row = one.submission
        notes += [Note(named(ENDED, str(row.pk)))] if row.has_ended else []
        if one.was_sent and row.ambiguous:
            better.append(Note(named(SENT, str(row.pk)), row.fence, micros(row.last_send_at)))
        elif one.was_sent or one.was_unclear and not row.ambiguous:
            notes.append(Note(named(CLEARED, row.tenant_id, row.key), 1, _last_byte(row, times)))
            notes += (
                [Note(named(CLEARED, str(row.pk)), row.fence)] if row.state in NOT_ARRIVED else []
            )
    witness.note(*notes)
    witness.correct(*better)


NOT_ARRIVED = ("waiting", "refused", "needs-person", "cancelled")  # where it is not ambiguous


def note_ended(rows: Iterable) -> None:
    witness.note(*(Note(named(ENDED, str(row.pk))) for row in rows if row.has_ended))


def note_stop(row) -> None:
    after_commit(Note(named(STOP, str(row.pk))))


def is_to_stop(row) -> bool:
    """Whether somebody asked to cancel it, also a moment ago."""
    return bool(witness.known([named(STOP, str(row.pk))]))


def let_go_on(row, *, ended: bool) -> None:
    """A person decided that it goes on; `ended`: an admin did, although it had ended."""
    kinds = (STOP, ENDED) if ended else (STOP,)
    transaction.on_commit(
        partial(witness.lift, *(named(kind, str(row.pk)) for kind in kinds)), robust=True
    )


def may_be_made(tenant_id: int, key: str) -> bool:
    """Whether something was sent to the tenant under this key, whatever the database says."""
    return bool(witness.known([named(MADE, tenant_id, key)]))


def made_by_others(rows: Iterable, seen: dict[object, Seen]) -> list:
    """Those that were never sent, although something was sent under their keys."""
    fresh = [row for row in rows if not seen[row.pk].sent and not row.ask_first]
    names = {row.pk: named(MADE, row.tenant_id, row.key) for row in fresh}
    notes = witness.known(names.values())
    return [row for row in fresh if names[row.pk] in notes]


# Journeys


def note_went_on(journey, revision) -> None:
    after_commit(Note(named(WENT_ON, journey.pk), 1, micros(revision.created_at)))


def went_on(journey, review) -> bool:
    """Whether the journey was changed after this approval of its draft: nothing but moments is
    asked for, because rows can be given other numbers."""
    last_change = _last_change(journey)
    return bool(last_change) and last_change.at >= micros(review.decided_at)


def after_changes(journey, moment: datetime) -> datetime:
    """`moment`, or a later one: a decision of now comes after the last change, also where the clock
    was set back."""
    last = _moment(_last_change(journey))
    return max(moment, last + timedelta(microseconds=1)) if last else moment


def _last_change(journey) -> Note | None:
    subject = named(WENT_ON, journey.pk)
    return witness.known([subject]).get(subject)


# Tenants


def note_ruled(tenant) -> None:
    after_commit(Note(named(RULED, tenant.pk), tenant.ruled_at))


def ruled_at(tenant) -> int:
    """When its rules were set last, as far as this machine knows."""
    return witness.number_of(named(RULED, tenant.pk))


# What a person took back, or used


def note_over(row) -> None:
    """It is named by its number alone, because all else may be altered at this moment; what its
    seal says of its number and its moment tells it apart from a row of a new database."""
    after_commit(Note(_over(row), 1, max(micros(clock.moment()), micros(row.begun_at))))


def not_over(rows: Iterable) -> list:
    rows = list(rows)
    notes = witness.known(_over(row) for row in rows)
    return [
        row
        for row in rows
        if _over(row) not in notes or notes[_over(row)].at < micros(row.begun_at)
    ]


def _over(row) -> str:
    return named(OVER, row._meta.model_name, row.pk)


def forget_old(longest: timedelta) -> None:
    """`longest`: that a submission goes on by itself. Whose approval has ended by time needs no
    memory."""
    witness.forget_old(max(longest, timedelta(days=settings.APPROVAL_DAYS)) + timedelta(days=1))
