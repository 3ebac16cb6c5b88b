"""What the witness remembers of submissions, journeys, accepted problems and confirmations; see `witness`."""

from collections.abc import Iterable
from datetime import timedelta
from functools import partial
from typing import NamedTuple

from django.conf import settings
from django.db import transaction

from journeys.models import witness
from journeys.models.witness import ENDED, MADE, OVER, RULED, SENT, WENT_ON, Note, micros, named


class Seen(NamedTuple):
    """`sent`: the fence of the newest send that was begun; 0 where none is known."""

    sent: int = 0
    ended: bool = False


def after_commit(*notes: Note) -> None:
    transaction.on_commit(partial(witness.note, *notes), robust=True)


# Submissions


def seen_of(rows: Iterable) -> dict[object, Seen]:
    """By the ids of the submissions."""
    rows = list(rows)
    found = witness.known(named(kind, str(row.pk)) for row in rows for kind in (SENT, ENDED))
    seen = {}
    for row in rows:
        sent, ended = (found.get(named(kind, str(row.pk))) for kind in (SENT, ENDED))
        seen[row.pk] = Seen(sent.number if sent else 0, bool(ended))
    return seen


def begin(rows: Iterable) -> set:
    """The ids of those whose sends may begin: once their intents are committed, and before a byte leaves. Each fence
    sends once, whatever the database says."""
    rows = {named(SENT, str(row.pk)): row for row in rows}
    risen = witness.rise([Note(subject, row.fence) for subject, row in rows.items()], map(_made, rows.values()))
    return {rows[subject].pk for subject in risen}


def note_ended(rows: Iterable) -> None:
    witness.note(*(Note(named(ENDED, str(row.pk))) for row in rows if row.has_ended))


def let_go_on(row) -> None:
    """An admin decided that what had ended goes on all the same."""
    transaction.on_commit(partial(witness.lift, named(ENDED, str(row.pk))), robust=True)


def _made(row) -> Note:
    return Note(named(MADE, row.tenant_id, row.key))


def may_be_made(tenant_id: int, key: str) -> bool:
    """Whether something was sent to the tenant under this key, whatever the database says."""
    return bool(witness.known([named(MADE, tenant_id, key)]))


def made_by_others(rows: Iterable, seen: dict[object, Seen]) -> list:
    """Those that were never sent, although something was sent under their keys."""
    fresh = [row for row in rows if not seen[row.pk].sent and not row.ask_first]
    found = witness.known(_made(row).subject for row in fresh)
    return [row for row in fresh if _made(row).subject in found]


# Journeys


def note_went_on(journey, revision) -> None:
    after_commit(Note(named(WENT_ON, journey.pk), revision.pk, micros(revision.created_at)))


def went_on(journey, review) -> bool:
    """Whether the journey was changed after this approval of its draft. In a database that was put back it may have
    been approved again since: what came before that says nothing."""
    subject = named(WENT_ON, journey.pk)
    found = witness.known([subject]).get(subject)
    return bool(found) and found.number > review.revision_id and found.at > micros(review.decided_at)


# Tenants


def note_ruled(tenant) -> None:
    after_commit(Note(named(RULED, tenant.pk), tenant.ruled_at))


def ruled_at(tenant) -> int:
    """When its rules were set last, as far as this machine knows."""
    return witness.number_of(named(RULED, tenant.pk))


# What a person took back, or used


def note_over(row) -> None:
    after_commit(Note(_over(row)))


def not_over(rows: Iterable) -> list:
    rows = list(rows)
    found = witness.known(_over(row) for row in rows)
    return [row for row in rows if _over(row) not in found]


def _over(row) -> str:
    return named(OVER, row._meta.model_name, row.own_facts())


def forget_old(longest: timedelta) -> None:
    """`longest`: that a submission goes on by itself. Whose approval has ended by time needs no memory."""
    witness.forget_old(max(longest, timedelta(days=settings.APPROVAL_DAYS)) + timedelta(days=1))
