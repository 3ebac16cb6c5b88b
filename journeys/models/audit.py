"""Who did what to which journey or tenant. Rows are only ever added; where AUDIT_DAYS are set, the
oldest go.

A row says what happened as an action and its data; the words for both are in `audit_words`, in the
reader's language.
"""

import logging
from datetime import timedelta
from functools import partial, reduce
from operator import or_
from typing import Any, NoReturn

from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Concat, StrIndex, Substr
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from composer.forgetting import forget
from journeys.lifecycle.journey_state import Tampered
from journeys.models import clock
from journeys.models.audit_words import sentence
from journeys.models.tenant import Tenant
from journeys.tenant.hiding import hidden

logger = logging.getLogger("journeys.audit")

LONGEST_VALUE = 2000
FOUND, STOPPED, ALONE = "tampering.found", "submission.tampered", "countersignature.alone"
TOLD_FOR = timedelta(days=7)  # what everybody should know
LOUD_AT_MOST, STEPS_AT_MOST = 3, 50
MOST_REFUSALS = 30  # of one person that are kept of one minute


class Unchangeable(Exception):
    """Somebody tried to change or delete what happened."""


class AuditQuerySet(models.QuerySet):
    def visible_to(self, user) -> "AuditQuerySet":
        """What happened to a tenant is for those whom it belongs to; all else is for who looks
        after all of them."""
        if user.has_perm("journeys.change_tenant"):
            return self
        return self.filter(tenant__in=Tenant.objects.visible_to(user))

    def loud(self, actions: tuple[str, ...], steps: tuple[str, ...] = ()) -> list["AuditEntry"]:
        """The newest of each of these actions in the last days; one query, which reads no more than
        it gives. Of `steps`, which belong together, more, and what began a day earlier."""
        now = clock.moment()
        limits = [(action, TOLD_FOR, LOUD_AT_MOST) for action in actions]
        limits += [(action, TOLD_FOR + timedelta(days=1), STEPS_AT_MOST) for action in steps]
        rows = self.order_by("-id")
        newest = [
            Q(pk__in=rows.filter(action=one, at__gt=now - past).values("pk")[:most])
            for one, past, most in limits
        ]
        entries = AuditEntry.objects.filter(reduce(or_, newest)).select_related("actor").order_by()
        return sorted(entries, key=lambda entry: -entry.pk)

    def refuse(self, *args: object, **kwargs: object) -> NoReturn:
        raise Unchangeable("Entries of the audit are only ever added.")

    update = delete = bulk_update = refuse
    refuse.alters_data = True


class AuditEntry(models.Model):
    """`kind` is the part of the action before its dot: what the entry is about."""

    at = models.DateTimeField(_("when"), default=clock.moment, editable=False, db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    action = models.CharField(_("action"), max_length=60)
    journey = models.ForeignKey(
        "Journey", null=True, on_delete=models.PROTECT, related_name="audit_entries", db_index=False
    )
    tenant = models.ForeignKey(
        "Tenant", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    data = models.JSONField(_("data"), default=dict)
    kind = models.GeneratedField(
        expression=Substr(
            "action", 1, StrIndex(Concat("action", models.Value(".")), models.Value(".")) - 1
        ),
        output_field=models.CharField(max_length=60),
        db_persist=True,
    )

    objects = AuditQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        indexes = [
            models.Index(fields=[name, "id"], name=f"audit_{name}")
            for name in ("tenant", "actor", "action", "journey", "kind")
        ]

    def __str__(self) -> str:
        return sentence(self.action, self.data)[0]

    def save(self, **options: object) -> None:
        """Adds the row, and never again."""
        if not self._state.adding:
            raise Unchangeable("Entries of the audit are only ever added.")
        super().save(**options)

    def delete(self, **options: object) -> NoReturn:
        raise Unchangeable("Entries of the audit are only ever added.")


def record(actor, action: str, *, journey=None, tenant=None, **data: Any) -> AuditEntry:
    """Adds a row; what looks like a secret in the data is hidden. A journey's tenant need not be
    named."""
    person = actor if actor is not None and actor.is_authenticated else None
    tenant = tenant or (journey.tenant if journey else None)
    data = {name: kept(data[name]) for name in data}
    entry = AuditEntry.objects.create(
        actor=person, action=action, journey=journey, tenant=tenant, data=data
    )
    transaction.on_commit(partial(log, entry))
    return entry


def log(entry: AuditEntry) -> None:
    """The same as a line of the log: logs can be kept where whoever owns the database cannot change
    them."""
    facts = {"entry": entry.pk, "action": entry.action, "person": entry.actor_id}
    facts |= {"journey": entry.journey_id, "tenant": entry.tenant_id, "data": entry.data}
    logger.info("recorded", extra={"told": facts})


def record_refusal(
    actor, action: str, *, journey=None, tenant=None, error: object = None, **data: Any
) -> None:
    """The same for what was refused. Who asks again and again adds no more than so many rows a
    minute.

    `error`: where it is Tampered, that is told besides, and admins read it on their pages.
    """
    since = clock.moment() - timedelta(minutes=1)
    newest = (
        AuditEntry.objects.filter(actor=actor)
        .order_by("-id")
        .values_list("kind", "at")[:MOST_REFUSALS]
    )
    recent = [at for kind, at in newest if kind == "refused" and at > since]
    if len(recent) < MOST_REFUSALS:
        record(actor, action, journey=journey, tenant=tenant, **data)
        if isinstance(error, Tampered):
            logger.critical("changed in the database: %s", error.text)
            record(actor, FOUND, journey=journey, tenant=tenant, text=error.text)


def forget_old_entries() -> None:
    """What is older than AUDIT_DAYS, by whole days, which says so once a day; nothing where that is
    0."""
    if not settings.AUDIT_DAYS:
        return
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    before = today - timedelta(days=settings.AUDIT_DAYS)
    count = forget(AuditEntry.objects.filter(at__lt=before))
    count += forget(
        LogEntry.objects.filter(action_time__lt=before)
    )  # what Django's administration keeps beside it
    if count:
        record(None, "database.audit-forgotten", entries=count, before=before.date())


def kept(value: Any) -> Any:
    """As it may be stored: short, JSON, and no secrets."""
    if isinstance(value, dict):
        return {str(name): kept(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [kept(one) for one in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    return hidden(str(value)[:LONGEST_VALUE])
