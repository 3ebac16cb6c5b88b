"""How a tenant stands at present: what all processes share about when it may be called."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import connection, models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from journeys.lifecycle import limits
from journeys.lifecycle.submission_states import Event, Times
from journeys.models.audit import record
from journeys.models.clock import now
from journeys.models.tenant import Tenant


class Breaker(models.TextChoices):
    CLOSED = limits.BREAKER_CLOSED, _("Calls go through")
    OPEN = limits.BREAKER_OPEN, _("Paused, asked again by itself")
    STOPPED = limits.BREAKER_STOPPED, _("Stopped until an admin lets calls through again")


class TenantStatus(models.Model):
    """What `lifecycle.limits` decides by. `calls` and `resends` count since `window_at`, those
    `_before` in the window before.

    `turned_down`: the generation of the token that was answered with a 401 and no good call since.
    `silent_until`: pages ask for nothing until then, because a look-up came to nothing a moment
    ago; `silent_because` is what people read about it. Sends do not mind.
    """

    Breaker = Breaker

    tenant = models.OneToOneField(
        Tenant, primary_key=True, on_delete=models.CASCADE, related_name="status"
    )
    breaker = models.CharField(max_length=10, choices=Breaker, default=Breaker.CLOSED)
    failures = models.PositiveIntegerField(default=0)
    times_opened = models.PositiveIntegerField(default=0)
    opened_at = models.DateTimeField(null=True)
    open_until = models.DateTimeField(null=True)
    asked_until = models.DateTimeField(null=True)
    paused_until = models.DateTimeField(null=True)
    turned_down = models.PositiveIntegerField(null=True)
    silent_until = models.DateTimeField(null=True)
    silent_because = models.TextField(blank=True)
    because = models.TextField(blank=True)
    next_call_at = models.DateTimeField(null=True)
    next_look_at = models.DateTimeField(null=True)
    window_at = models.DateTimeField(null=True)
    calls = models.PositiveIntegerField(default=0)
    resends = models.PositiveIntegerField(default=0)
    calls_before = models.PositiveIntegerField(default=0)
    resends_before = models.PositiveIntegerField(default=0)
    # Proposed keys of journeys that were begun before this moment are asked for: the database was
    # restored then.
    ask_before = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.tenant}: {self.get_breaker_display()}"

    def write(self, values: dict) -> None:
        """The caller has locked the row, or is the only one who can change these columns."""
        if values:
            TenantStatus.objects.filter(pk=self.pk).update(**values)
            for name, value in values.items():
                setattr(self, name, value)


def tenant_statuses(tenants: Iterable[int]) -> dict[int, TenantStatus]:
    """By tenant, made where there is none yet."""
    wanted = set(tenants)
    rows = TenantStatus.objects.select_related("tenant")
    statuses = rows.in_bulk(wanted)
    if len(statuses) < len(wanted):
        missing = [TenantStatus(tenant_id=pk) for pk in wanted - statuses.keys()]
        TenantStatus.objects.bulk_create(missing, ignore_conflicts=True)
        statuses = rows.in_bulk(wanted)
    return statuses


def locked_statuses(tenants: Iterable[int]) -> dict[int, TenantStatus]:
    """The same inside a transaction, locked until its end and always in the same order."""
    wanted = sorted(set(tenants))
    if not wanted:
        return {}
    tenant_statuses(wanted)
    rows = TenantStatus.objects.filter(pk__in=wanted).order_by("pk")
    if connection.features.has_select_for_update:
        rows = rows.select_for_update()
    return {row.pk: row for row in rows}


@transaction.atomic
def take_slot(
    tenant: Tenant, times: Times, patience: float, *, asks: bool = False
) -> datetime | None:
    """Takes the next slot for one call: when it begins. None, and no slot, when that is in more
    seconds than `patience` or when the tenant is not to be called. `asks`: an open breaker does not
    matter."""
    status, moment, rate = locked_statuses([tenant.pk])[tenant.pk], now(), tenant.calls_per_second
    wait = limits.until_slot(status, moment, rate)
    if wait > patience or not limits.admits(status, moment, asks=asks):
        return None
    status.write(limits.reserve(status, 1, 0, moment, rate, times))
    return moment + timedelta(seconds=wait)


@transaction.atomic
def take_look_slot(
    tenant: Tenant, times: Times, patience: float
) -> tuple[datetime | None, float | None]:
    """The same for a look-up that a page waits for, within the share of such: when its slot begins,
    else None and after how many seconds to try again; None for both when the tenant is not to be
    called."""
    status, moment, rate = locked_statuses([tenant.pk])[tenant.pk], now(), tenant.calls_per_second
    if not limits.admits(status, moment):
        return None, None
    again, wait = (
        limits.until_look(status, moment, rate),
        limits.until_slot(status, moment, rate),
    )
    if again or wait > patience:
        return None, again or wait
    taken = limits.reserve(status, 1, 0, moment, rate, times) | limits.reserve_look(
        status, moment, rate
    )
    status.write(taken)
    return moment + timedelta(seconds=wait), None


@transaction.atomic
def note_call(tenant: Tenant, event: Event, times: Times) -> None:
    """What a call outside the worker says about the tenant."""
    status = locked_statuses([tenant.pk])[tenant.pk]
    status.write(limits.after_call(status, event, now(), times))


def silence_of(tenant: Tenant) -> str | None:
    """Why pages leave the tenant alone at the moment; None where they may ask it."""
    silent = TenantStatus.objects.filter(pk=tenant.pk, silent_until__gt=now())
    return silent.values_list("silent_because", flat=True).first()


def note_silence(tenant: Tenant, because: str, seconds: float) -> None:
    """For all processes: the next pages need not find it out by waiting."""
    tenant_statuses([tenant.pk])
    until = now() + timedelta(seconds=seconds)
    TenantStatus.objects.filter(pk=tenant.pk).update(silent_until=until, silent_because=because)


def note_answer(tenant: Tenant) -> None:
    """A look-up was answered: the token is good, and the tenant speaks."""
    told = Q(turned_down__isnull=False) | Q(silent_until__isnull=False)
    TenantStatus.objects.filter(told, pk=tenant.pk).update(turned_down=None, silent_until=None)


@transaction.atomic
def let_through(tenant: Tenant, user) -> None:
    """A person's decision that the tenant may be called again at once; what waits keeps its
    place."""
    status = locked_statuses([tenant.pk])[tenant.pk]
    if limits.admits(status, now()):
        return
    status.write(limits.closed())
    record(user, "tenant.let-through", tenant=tenant)


@transaction.atomic
def ask_from(moment: datetime, tenants: Iterable[int]) -> None:
    for status in locked_statuses(tenants).values():
        status.write({"ask_before": moment})
