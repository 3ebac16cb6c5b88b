"""What /metrics tells, in Prometheus' text format: computed from the rows, so every web process
tells the same."""

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from journeys.delivery.statistics import TenantStatistics, by_tenant
from journeys.models import Submission, Tenant, TenantStatus
from journeys.models.clock import now
from journeys.models.heartbeat import ProcessKind, last_heartbeat


class Rows:
    """Prometheus' client asks a collector; this one asks the database."""

    def collect(self) -> Iterator[Metric]:
        statistics, moment = by_tenant(Tenant.objects.defer("client_secret", "token")), now()
        yield by_state(statistics)
        yield by_breaker(statistics)
        for name, text, value in GAUGES:
            gauge = GaugeMetricFamily(f"journeys_{name}", text, labels=["tenant"])
            for one in statistics:
                gauge.add_metric([one.tenant.name], value(one, moment))
            yield gauge
        for name, text, value in COUNTERS:
            counter = CounterMetricFamily(f"journeys_{name}", text, labels=["tenant"])
            for one in statistics:
                counter.add_metric([one.tenant.name], value(one))
            yield counter
        yield processes(moment)


GAUGES = [
    (
        "submission_oldest_open_seconds",
        "Age of the oldest submission that is still worked on; 0 when there is none.",
        lambda one, moment: (moment - one.oldest_open).total_seconds() if one.oldest_open else 0,
    ),
    (
        "token_age_seconds",
        "Age of the shared access token; 0 without one.",
        lambda one, moment: (
            (moment - one.tenant.token_fetched_at).total_seconds()
            if one.tenant.token_fetched_at
            else 0
        ),
    ),
]
COUNTERS = [
    ("submission_sends", "Sends, first ones and others.", lambda one: one.sends),
    (
        "submission_resends",
        "Sends that were not the first of their submission.",
        lambda one: one.again,
    ),
    ("submission_failures", "Exchanges that came to nothing.", lambda one: one.failures),
]


def by_state(found: list[TenantStatistics]) -> Metric:
    gauge = GaugeMetricFamily(
        "journeys_submissions", "Submissions by state.", labels=["tenant", "state"]
    )
    for one in found:
        for state in Submission.State.values:
            gauge.add_metric([one.tenant.name, state], one.states.get(state, 0))
    return gauge


def by_breaker(found: list[TenantStatistics]) -> Metric:
    text = "1 for the state that the circuit breaker of a tenant is in, 0 for the others."
    gauge = GaugeMetricFamily("journeys_tenant_breaker", text, labels=["tenant", "state"])
    for one in found:
        now_in = one.status.breaker if one.status else TenantStatus.Breaker.CLOSED
        for state in TenantStatus.Breaker.values:
            gauge.add_metric([one.tenant.name, state], state == now_in)
    return gauge


def processes(moment) -> Metric:
    text = "Seconds since a process of this kind was last heard of; absent when none ever was."
    gauge = GaugeMetricFamily("journeys_process_silent_seconds", text, labels=["kind"])
    for kind in ProcessKind.values:
        seen = last_heartbeat(kind)
        if seen is not None:
            gauge.add_metric([kind], (moment - seen).total_seconds())
    return gauge


def text() -> bytes:
    registry = CollectorRegistry()
    registry.register(Rows())
    return generate_latest(registry)
