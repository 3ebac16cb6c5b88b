"""Asks a tenant whether submitting to it will work, and on request finds out what its documentation
leaves open."""

from argparse import ArgumentParser
from collections.abc import Iterator

from django.conf import settings

from journeys import tenant as rest
from journeys.delivery.rate_limit import paced
from journeys.delivery.submit import times
from journeys.explaining.findings import finding_text
from journeys.management.reporting import ReportingCommand, named_tenant, wrong_use
from journeys.models import Tenant
from journeys.models.audit import record
from journeys.tenant import experiments, probing
from journeys.tenant.probing import Finding

IMPATIENT = 0.5  # seconds after which the answer to a create is not waited for, on purpose
SLOT_PATIENCE = 60.0  # seconds
MARKS = {True: "ok", False: "WRONG", None: "open"}


class Command(ReportingCommand):
    help = (
        "Checks credentials, scopes, clock and look-ups of a tenant; this only reads. With --create"
        " it also makes a few drafts under keys of its own, sees how the tenant treats them,"
        " deletes them again and prints the settings to use. That takes some minutes."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("name", metavar="NAME")
        parser.add_argument(
            "--create", action="store_true", help="make drafts, look at them, delete them"
        )
        help_text = (
            "with --create: how long to look for what was sent and not waited for (default: the"
            " settle time)"
        )
        parser.add_argument("--wait", type=float, metavar="SECONDS", default=None, help=help_text)

    def handle(
        self, *args: object, name: str, create: bool, wait: float | None, as_json: bool, **options
    ) -> None:
        tenant = named_tenant(name)
        if wait is not None and wait < 0:
            raise wrong_use("--wait: not a number of seconds.")
        findings = []
        for finding in found(tenant, create, times().settle if wait is None else wait):
            findings.append(finding)
            if not as_json:
                self.stdout.write(line(finding))
                self.stdout.flush()
        wrong = [finding.name for finding in findings if finding.ok is False]
        use = advised(findings) if create and not wrong else {}
        report = {
            "tenant": tenant.name,
            "findings": [as_data(finding) for finding in findings],
            "settings": use,
        }
        lines = (
            ["", "Settings to use:", *(f"  {name}={value:g}" for name, value in use.items())]
            if use
            else []
        )
        self.report(
            report, lines, as_json, f"Not as it should be: {', '.join(wrong)}." if wrong else ""
        )


def found(tenant: Tenant, create: bool, wait: float) -> Iterator[Finding]:
    """Nothing is created where something is wrong already: it could not be understood, or not be
    deleted."""
    try:
        client = client_of(tenant, settings.SUBMIT_TIMEOUT_SECONDS)
    except rest.BadAddress as error:
        yield Finding("address", False, "refused", error=error)
        return
    sound = True
    for finding in probing.inspect(client):
        sound &= finding.ok is not False
        yield finding
    if create and sound:
        record(None, "tenant.checked-with-drafts", tenant=tenant, by="command")
        yield from with_drafts(client, tenant, wait)


def with_drafts(client: rest.Client, tenant: Tenant, wait: float) -> Iterator[Finding]:
    impatient = client_of(tenant, min(IMPATIENT, settings.SUBMIT_TIMEOUT_SECONDS / 2))
    try:
        yield from experiments.experiment(client, wait, impatient)
    except rest.TenantError as error:
        yield Finding("create", False, "refused", {"code": error.code}, error)


def client_of(tenant: Tenant, timeout: float) -> rest.Client:
    client = rest.Client(tenant.credentials(), timeout, settings.SUBMIT_CONNECT_SECONDS)
    return paced(client, tenant, SLOT_PATIENCE, asks=True)  # its calls count as all others do


def advised(findings: list[Finding]) -> dict[str, float]:
    use = experiments.settings(
        findings, settings.SUBMIT_SETTLE_SECONDS, settings.SUBMIT_TIMEOUT_SECONDS
    )
    return use | {"TENANT_RATE": settings.TENANT_RATE}


def line(finding: Finding) -> str:
    return f"{MARKS[finding.ok]:>5}  {finding.name}: {finding_text(finding)}"


def as_data(finding: Finding) -> dict:
    return {
        "name": finding.name,
        "ok": finding.ok,
        "text": finding_text(finding),
        "facts": finding.facts,
    }
