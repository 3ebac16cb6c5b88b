"""The columns of a submission that may have been sent already, and is looked up before a send."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _t

from journeys.lifecycle.journey_state import SubmissionState
from journeys.models.tenant_status import TenantStatus


def as_if_sent(last: datetime, first: object) -> dict:
    """The columns of a submission that may have been sent until the moment `last`, and is looked up
    before a send.

    When it is found it is adopted, if it looks like what would be sent. Without a first send that
    is a conflict: the tenant may have had a journey of that key before; and then it is looked up
    only when nothing can be on its way.
    """
    text = _t(
        "The database was restored, so the tenant is asked first whether this was sent before."
    )
    return {
        "state": SubmissionState.UNCLEAR,
        "ambiguous": True,
        "first_send_at": first,
        "last_send_at": last,
        "not_before": last + settle() if first is None else last,
        "absent_count": 0,
        "free_at": None,
        "text": text,
    }


def may_arrive() -> str:
    return _t(
        "This was sent before, as this machine remembers, and may have arrived: so the tenant is"
        " asked first."
    )


def settle() -> timedelta:
    return timedelta(seconds=settings.SUBMIT_SETTLE_SECONDS)


def as_if_sent_since_backup(row) -> dict:
    """What changes when a person lets a submission go on that stood still in a backup: it may have
    gone on since."""
    stopped_at = row.finished_at or row.created_at
    states = TenantStatus.objects.filter(pk=row.tenant_id, ask_before__gt=stopped_at)
    moment = states.values_list("ask_before", flat=True).first()
    if moment is None:
        return {}
    return as_if_sent(moment, row.first_send_at or (None if row.ask_first else moment))
