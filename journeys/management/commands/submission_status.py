"""Says how the newest submission of each journey stands."""

from argparse import ArgumentParser

from journeys.management.reporting import (
    ReportingCommand,
    add_tenant_argument,
    find_journey,
    named_tenant,
    submission_line,
    submission_row,
)
from journeys.models import Submission, Tenant


class Command(ReportingCommand):
    help = "Says how the newest submission of each journey stands."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("keys", nargs="+", metavar="KEY")
        add_tenant_argument(parser)

    def handle(self, *args: object, keys: list[str], as_json: bool, **options) -> None:
        tenant = named_tenant(options["tenant"])
        rows = [submission_row(key, newest(key, tenant)) for key in keys]
        self.report({"submissions": rows}, [submission_line(row) for row in rows], as_json)


def newest(key: str, tenant: Tenant | None) -> Submission | None:
    """By the key that was sent: the journey may have been given another one since."""
    find_journey(key, tenant)
    sent = Submission.objects.rows().filter(key=key)
    if tenant is not None:
        sent = sent.filter(tenant=tenant)
    return sent.order_by("-created_at").first()
