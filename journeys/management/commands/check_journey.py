"""Says what is wrong with journeys: files, or journeys that are here already."""

import os
from argparse import ArgumentParser

from journeys.checks import check, fixes, sort_out
from journeys.management.reporting import (
    ReportingCommand,
    add_tenant_argument,
    find_journey,
    named_tenant,
    read_document,
)
from journeys.models import Journey, Tenant
from journeys.spec import document as doc
from journeys.spec.problem import BLOCKING, Problem

REFUSED = "document-refused"
NOTHING = "There is no such file, and no journey with this key."


class Command(ReportingCommand):
    help = (
        "Lists the problems of journeys. Ends with 1 when one of them blocks review and submission."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "journeys", nargs="+", metavar="FILE|KEY", help="a file, else the key of a journey"
        )
        add_tenant_argument(parser)

    def handle(self, *args: object, journeys: list[str], as_json: bool, **options) -> None:
        tenant = named_tenant(options["tenant"])
        rows = [checked(argument, tenant) for argument in journeys]
        blocked = sum(
            any(problem["severity"] == BLOCKING for problem in row["problems"]) for row in rows
        )
        text = f"{blocked} of {len(rows)} journeys have blocking problems." if blocked else ""
        self.report(
            {"journeys": rows}, [line for row in rows for line in lines(row)], as_json, text
        )


def checked(argument: str, tenant: Tenant | None) -> dict:
    try:
        document, journey = document_of(argument, tenant)
    except doc.DocumentError as error:
        refusal = {"id": REFUSED, "severity": BLOCKING, "place": error.place, "text": error.text}
        return {"file": argument, "key": None, "problems": [refusal]}
    tenant = journey.tenant if journey else tenant
    problems, settled = check(document, tenant.rules() if tenant else None), []
    if journey is not None:
        problems, settled = sort_out(document, problems, journey.accepted())
    fix_of = fixes(document)
    row = {
        "file": argument,
        "key": document["key"],
        "problems": [as_data(problem, fix_of(problem)) for problem in problems],
    }
    accepted = [as_data(problem) | {"by": one.by, "reason": one.reason} for problem, one in settled]
    return row | ({"accepted": accepted} if accepted else {})


def document_of(argument: str, tenant: Tenant | None) -> tuple[dict, Journey | None]:
    """The document of a file, or of a journey here; only the latter has accepted problems, and a
    file has house rules where a tenant is named."""
    journey = None if os.path.isfile(argument) else find_journey(argument, tenant)
    if journey is not None:
        return journey.head.stored(), journey
    if not os.path.exists(argument):
        raise doc.DocumentError(NOTHING)
    return read_document(argument), None


def as_data(problem: Problem, fix: str = "") -> dict:
    """`fix` says what `import_journey --repair`, or Fix in the composer, does about it."""
    return {
        "id": problem.id,
        "severity": problem.severity,
        "place": str(problem.address),
        "text": problem.text,
        **({"fix": fix} if fix else {}),
    }


def lines(row: dict) -> list[str]:
    if not row["problems"]:
        return [f"{row['file']}: no problems"]
    return [f"{row['file']}:", *(problem_line(problem) for problem in row["problems"])]


def problem_line(problem: dict) -> str:
    place = f"{problem['place']}: " if problem["place"] else ""
    fix = f" Fix: {problem['fix']}." if problem.get("fix") else ""
    return f"  {problem['severity']}: {place}{problem['text']}{fix} [{problem['id']}]"
