"""What ended a review: somebody changed the journey, or its tenant became another place."""

from dataclasses import dataclass, field
from datetime import datetime

from journeys.models.audit import AuditEntry
from journeys.models.review import Review


@dataclass(frozen=True)
class Cause:
    """`fields` are the tenant's, by the names that the audit keeps; `revision` is the first after the reviewed one."""

    by: object
    at: datetime
    fields: list[str] = field(default_factory=list)
    revision: object = None


def cause_of(review: Review) -> Cause | None:
    """Whichever came first; None where neither is known any more."""
    found = [one for one in (_edit_after(review), _move_after(review)) if one]
    return min(found, key=lambda one: one.at, default=None)


def _edit_after(review: Review) -> Cause | None:
    later = review.journey.revisions.rows().select_related("author").filter(number__gt=review.revision.number)
    revision = later.order_by("number").first()
    return Cause(revision.author, revision.created_at, revision=revision) if revision else None


def _move_after(review: Review) -> Cause | None:
    of_tenant = AuditEntry.objects.filter(tenant_id=review.tenant_id, action="tenant.changed", at__gte=review.asked_at)
    entry = of_tenant.filter(data__has_key="approvals_ended").select_related("actor").order_by("id").first()
    return Cause(entry.actor, entry.at, fields=entry.data.get("fields") or []) if entry else None
