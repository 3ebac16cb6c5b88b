"""Keeps calls within their tenant's rate: those of a worker that start later than their slot, and
all that are not of a submission."""

import time
from copy import copy
from datetime import datetime

from django.conf import settings
from django.db import DatabaseError
from django.utils.translation import gettext as _t
from requests import PreparedRequest

from journeys import tenant as rest
from journeys.lifecycle import limits
from journeys.lifecycle.submission_states import Times
from journeys.models import Tenant
from journeys.models.clock import now
from journeys.models.tenant_status import take_look_slot, take_slot
from journeys.tenant.wire import Wire

PATIENCE = limits.MOST_AHEAD  # seconds
SHORTEST_CALL = 0.5  # seconds: a call that has less is not begun, it would tell nothing


class NotCalled(rest.TenantError):
    """Says nothing about the tenant. `text` says in words why it was not called."""

    def __init__(self, text: str, **facts) -> None:
        super().__init__(**facts)
        self.text = text


class NoSlot(NotCalled):
    pass


def times() -> Times:
    return Times(
        settings.SUBMIT_SETTLE_SECONDS,
        settings.SUBMIT_TIMEOUT_SECONDS,
        settings.SUBMIT_LEASE_SECONDS,
    )


def keep_to_rate(
    tenant: Tenant,
    late: float | None,
    patience: float = PATIENCE,
    *,
    asks: bool = False,
    looks: bool = False,
) -> None:
    """To be called right before a call that starts `late` seconds after its slot; None: it has no
    slot yet.

    Where that is too late it takes another slot and waits for it; raises NoSlot when it cannot have
    one soon. `looks`: it is a look-up that a page waits for, and takes only slots of the share that
    those have.
    """
    for _try in range(
        2
    ):  # the second for a machine or a database that was too slow to be in time for the first
        if late is not None and late <= limits.lateness(tenant.calls_per_second):
            return
        slot = _look_slot(tenant, patience) if looks else _slot(tenant, patience, asks)
        time.sleep(max(0.0, (slot - now()).total_seconds()))
        late = (now() - slot).total_seconds()


def _slot(tenant: Tenant, patience: float, asks: bool) -> datetime:
    try:
        slot = take_slot(tenant, times(), patience, asks=asks)
    except DatabaseError:  # away for a moment, which is not the caller's fault
        slot = None
    if slot is None:
        raise NoSlot(
            _t("Calls to this tenant are paused at the moment."), phase="slot", reason="paused"
        )
    return slot


def _look_slot(tenant: Tenant, patience: float) -> datetime:
    """Tries again at the next turns of look-ups, for `patience` seconds."""
    until = time.monotonic() + patience
    while (left := until - time.monotonic()) > 0:
        try:
            slot, again = take_look_slot(tenant, times(), left)
        except DatabaseError:
            slot, again = None, None
        if slot is not None:
            return slot
        if again is None:
            raise NoSlot(
                _t("Calls to this tenant are paused at the moment."), phase="slot", reason="paused"
            )
        if again > left:
            break
        time.sleep(again)
    text = _t(
        "So much is being looked up in this tenant that there is no room for more. Look again in"
        " some seconds."
    )
    raise NoSlot(text, phase="slot", reason="busy")


class PacedWire:
    """Takes one of the tenant's slots for each exchange. `looks`: of those only that look-ups may
    have. `until`: when all of them together have to be over."""

    def __init__(
        self,
        wire: Wire,
        tenant: Tenant,
        patience: float,
        asks: bool,
        looks: bool,
        until: float | None,
    ) -> None:
        self.wire, self.tenant, self.patience = wire, tenant, patience
        self.asks, self.looks, self.until = asks, looks, until

    def exchange(
        self, request: PreparedRequest, seconds: float, cap: int
    ) -> rest.Answer | rest.Fault:
        patience = self.at_most(self.patience, less=SHORTEST_CALL)
        keep_to_rate(self.tenant, None, patience, asks=self.asks, looks=self.looks)
        return self.wire.exchange(request, self.at_most(seconds), cap)

    def at_most(self, seconds: float, less: float = 0.0) -> float:
        if self.until is None:
            return seconds
        return max(0.0, min(seconds, self.until - time.monotonic() - less))

    def close(self) -> None:
        self.wire.close()


def paced(
    client: rest.Client,
    tenant: Tenant,
    patience: float = PATIENCE,
    *,
    asks: bool = False,
    looks: bool = False,
    until: float | None = None,
) -> rest.Client:
    """The client for calls that nobody took slots for, on the same connections. Its calls raise
    NoSlot, too."""
    paced_client = copy(client)
    paced_client.wire = PacedWire(client.wire, tenant, patience, asks, looks, until)
    return paced_client
