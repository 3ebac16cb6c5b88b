"""Whether a key may be in use at the tenant already, and what a restored database no longer knows
about that."""

from datetime import datetime
from uuid import uuid4

from django.db import models, transaction

from journeys.models import memory
from journeys.models.attempt import Attempt
from journeys.models.audit import record
from journeys.models.clock import now
from journeys.models.maybe_sent import as_if_sent, settle
from journeys.models.submission import OPEN_STATES, Submission
from journeys.models.tenant import Tenant
from journeys.models.tenant_status import TenantStatus, ask_from


def must_be_asked_for(journey) -> bool:
    """A key that was made up here is new to the tenant. Any other, and one that was sent before,
    may be there."""
    if (
        not journey.has_new_key
        or may_have_been_sent(journey)
        or memory.may_be_made(journey.tenant_id, journey.key)
    ):
        return True
    return (
        Submission.objects.of_key(journey.tenant_id, journey.key)
        .filter(first_send_at__isnull=False)
        .exists()
    )


def may_have_been_sent(journey, since: datetime | None = None) -> bool:
    """It was begun before the database was restored from a backup, and what was sent between is
    forgotten.

    `since`: only if that was later than this.
    """
    later = max(journey.created_at, since) if since else journey.created_at
    return TenantStatus.objects.filter(pk=journey.tenant_id, ask_before__gt=later).exists()


def asking(journey, free_key: str, moment: datetime) -> dict:
    """The columns that say whether a new submission of the draft asks for its key, and how.

    `free_key`: the tenant has just said that it has no journey of this key.
    """
    is_forgotten = may_have_been_sent(journey)
    may_be_coming = is_forgotten and may_have_been_sent(journey, since=moment - settle())
    is_free = free_key == journey.key and not may_be_coming
    columns = {
        "not_before": moment,
        "ask_first": must_be_asked_for(journey),
        "free_at": moment if is_free else None,
    }
    if is_forgotten and not is_free and journey.has_new_key:
        return columns | as_if_sent(moment, moment)
    return columns | (as_if_sent(moment, None) if may_be_coming else {})


@transaction.atomic
def backup_restored(user=None) -> int:
    """To be called once after the database was restored: how many open submissions are looked up
    first now.

    Each of them may have been sent since the backup, for the first time or again, until a moment
    ago. The keys of journeys that are there now are asked for from now on, although they were made
    up here. What this machine remembers of their sends is no tampering then; but what it saw end is
    not sent again without an admin.
    """
    moment = now()
    rows = list(
        Submission.objects.rows().filter(state__in=OPEN_STATES).with_last_sent().select_for_update()
    )
    seen = memory.seen_of(rows)
    for row in rows:
        _look_up(row, moment, seen[row.pk])
    Submission.objects.filter(state__in=OPEN_STATES).bulk_update(rows, LOOKED_UP, batch_size=100)
    ask_from(moment, Tenant.objects.values_list("pk", flat=True))
    record(user, "database.restored", open_submissions=len(rows))
    return len(rows)


LOOKED_UP = [
    "state",
    "ambiguous",
    "first_send_at",
    "last_send_at",
    "not_before",
    "absent_count",
    "free_at",
    "text",
]
LOOKED_UP += ["lease_until", "fence", "state_seal"]


def _look_up(row: Submission, moment: datetime, seen: memory.Seen) -> None:
    """Sealed is what is meant here, not what the database makes of it; and only where it was
    whole."""
    was_whole, is_known = row.fits_its_seal, row.ask_first and row.first_send_at is None
    values = as_if_sent(moment, None if is_known else row.first_send_at or moment) | {
        "lease_until": None
    }
    for name, value in values.items():
        setattr(row, name, value)
    row.fence = max(row.fence, seen.sent if was_whole else 0) + 1
    row.state_seal = row.seal_of({}) if was_whole else row.state_seal


def newest_attempt() -> int:
    """Rises with every exchange; in a database that was restored it has fallen."""
    return Attempt.objects.aggregate(newest=models.Max("pk"))["newest"] or 0


def use_another_key(journey, user) -> str:
    """Changes the draft to a key that nobody can have; the tenant need not be asked for it."""
    key = str(uuid4())
    with transaction.atomic():
        number = type(journey).objects.get(pk=journey.pk).head.number
        journey.apply("edit journey", {"members": {"key": key}}, based_on=number, author=user)
        journey.seal_key()
        journey.save(update_fields=["key_proposed", "key_seal"])
        journey.audit(user, "journey.another-key", key=key)
    return key
