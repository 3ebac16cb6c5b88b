"""Whether a key may be in use at the tenant already, and what a restored database no longer knows about that."""

from datetime import datetime
from uuid import uuid4

from django.db import models, transaction
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _t

from journeys.models.audit import AuditEntry
from journeys.models.submission import Attempt, Submission, SubmissionState, now
from journeys.models.tenant import Tenant
from journeys.models.tenant_state import TenantState, ask_from


def must_be_asked_for(journey) -> bool:
    """A key that was made up here is new to the tenant. Any other, and one that was sent before, may be there."""
    if not journey.key_proposed or may_have_been_sent(journey):
        return True
    return Submission.objects.of_key(journey.tenant_id, journey.key).filter(first_send_at__isnull=False).exists()


def may_have_been_sent(journey) -> bool:
    """It was begun before the database was restored from a backup, and what was sent between is forgotten."""
    return TenantState.objects.filter(pk=journey.tenant_id, ask_before__gt=journey.created_at).exists()


def asking(journey, free_key: str, moment: datetime) -> dict:
    """The columns that say whether a new submission of the draft asks for its key, and how.

    `free_key`: the tenant has just said that it has no journey of this key.
    """
    is_free = free_key == journey.key
    columns = {"not_before": moment, "ask_first": must_be_asked_for(journey), "free_at": moment if is_free else None}
    is_forgotten = journey.key_proposed and may_have_been_sent(journey) and not is_free
    return columns | (as_if_sent(moment) if is_forgotten else {})


def as_if_sent(moment: datetime) -> dict:
    """The columns of a submission that is looked up before anything is sent, and adopted when it is found."""
    text = _t("The database was restored, so the tenant is asked first whether this was sent before.")
    return {
        "state": SubmissionState.UNCLEAR,
        "ambiguous": True,
        "first_send_at": moment,
        "last_send_at": moment,
        "text": text,
    }


@transaction.atomic
def restored(user=None) -> int:
    """To be called once after the database was restored: how many open submissions are looked up first now.

    What is being sent counts as unclear anyway when its lease has ended. The keys of journeys that are there now are
    asked for from now on, although they were made up here.
    """
    moment = now()
    waiting = Submission.objects.filter(state=SubmissionState.WAITING)
    first = Coalesce("first_send_at", models.Value(moment, models.DateTimeField()))
    count = waiting.update(
        **{**as_if_sent(moment), "first_send_at": first},
        not_before=moment,
        lease_until=None,
        fence=models.F("fence") + 1,
    )
    ask_from(moment, Tenant.objects.values_list("pk", flat=True))
    AuditEntry.objects.create(actor=user, action="database.restored", data={"open_submissions": count})
    return count


def newest_attempt() -> int:
    """Rises with every exchange; in a database that was restored it has fallen."""
    return Attempt.objects.aggregate(newest=models.Max("pk"))["newest"] or 0


def use_another_key(journey, user) -> str:
    """Changes the draft to a key that nobody can have; the tenant need not be asked for it."""
    key = str(uuid4())
    with transaction.atomic():
        number = type(journey).objects.get(pk=journey.pk).head.number
        journey.apply("edit journey", {"members": {"key": key}}, based_on=number, author=user)
        type(journey).objects.filter(pk=journey.pk, key=key).update(key_proposed=True)
        journey.audit(user, "journey.another-key", key=key)
    return key
