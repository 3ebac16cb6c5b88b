"""How submitting goes: for one tenant, and for all that the user may see."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_POST, require_safe

from journeys.delivery import statistics
from journeys.delivery.statistics import Hour, TenantStatistics
from journeys.models import Submission, Tenant
from journeys.models.heartbeat import is_recent, last_heartbeats
from journeys.models.tenant import sees_all
from journeys.models.tenant_status import let_through

WIDTH, HEIGHT, GAP = 20, 72, 4  # of an hour's bar in the plots, in units of their drawing


@dataclass(frozen=True)
class Bar:
    """An hour as it is drawn: what was created stands below what stopped. `y` counts downwards."""

    hour: Hour
    x: int
    created_y: float
    created_height: float
    stopped_y: float
    stopped_height: float
    p95_y: float
    p95_height: float


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    tenants = statistics.by_tenant(visible(request))
    context = {"tenants": tenants} | shown(tenants, is_all=sees_all(request.user))
    return render(request, "journeys/overview.html", context)


@require_safe
def tenant_overview(request: HttpRequest, pk: int) -> HttpResponse:
    tenants = statistics.by_tenant(visible(request).filter(pk=pk))
    if not tenants:
        raise Http404
    (one,) = tenants
    context = {"tenant": one.tenant, "status": one.status} | shown(tenants, is_all=False)
    return render(request, "journeys/overview.html", context)


@require_POST
@permission_required("journeys.change_tenant", raise_exception=True)
def let_calls_through(request: HttpRequest, pk: int) -> HttpResponse:
    """An admin's decision after whatever stopped the calls was put right."""
    tenant = get_object_or_404(visible(request), pk=pk)
    let_through(tenant, request.user)
    messages.success(request, _t("Calls go through again. What waits is taken on within seconds."))
    return redirect("tenant-overview", tenant.pk)


def visible(request: HttpRequest):
    return Tenant.objects.visible_to(request.user).defer("client_secret", "token")


def shown(tenants: list[TenantStatistics], *, is_all: bool) -> dict:
    measures = statistics.measure(tenants, is_all=is_all)
    return {
        "nav": "submissions",
        "measures": measures,
        "states": [(state, measures.states.get(state, 0)) for state in Submission.State],
        "bars": bars(measures.hours),
        "most": max((hour.created + hour.stopped for hour in measures.hours), default=0),
        "slowest": max((hour.p95 or 0 for hour in measures.hours), default=0),
        "plot_width": len(measures.hours) * (WIDTH + GAP),
        "processes": [(kind, is_recent(seen), seen) for kind, seen in last_heartbeats().items()],
    }


def bars(hours: tuple[Hour, ...]) -> list[Bar]:
    most = max((hour.created + hour.stopped for hour in hours), default=0) or 1
    slowest = max((hour.p95 or 0 for hour in hours), default=0) or 1
    return [bar(hour, index * (WIDTH + GAP), most, slowest) for index, hour in enumerate(hours)]


def bar(hour: Hour, x: int, most: int, slowest: float) -> Bar:
    created, stopped, late = (
        round(HEIGHT * part, 1)
        for part in (hour.created / most, hour.stopped / most, (hour.p95 or 0) / slowest)
    )
    return Bar(
        hour, x, HEIGHT - created, created, HEIGHT - created - stopped, stopped, HEIGHT - late, late
    )
