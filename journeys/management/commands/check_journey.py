"""Says what is wrong with journeys: files, or journeys that are here already."""

import os
from argparse import ArgumentParser

from journeys.checks import Rules, check, fixes, sort_out
from journeys.importing import NotWhole, Source, parts_of, read
from journeys.management.reporting import (
    ReportingCommand,
    add_tenant_argument,
    find_journey,
    named_tenant,
    of_all,
    read_file,
)
from journeys.models import Journey, Tenant
from journeys.spec import document as doc
from journeys.spec.problem import BLOCKING, Problem

REFUSED, KEY_MISSING = "document-refused", "key-missing"  # of a file, and of a journey here
NOTHING = "There is no such file, and no journey with this key."
NO_KEY = {
    "id": REFUSED,
    "severity": BLOCKING,
    "place": "key",
    "text": "The journey has no key. Give it one; any text of up to 200 characters will do.",
}


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
        rows = [row for argument in journeys for row in checked(argument, tenant)]
        blocked = sum(
            any(problem["severity"] == BLOCKING for problem in row["problems"]) for row in rows
        )
        has = "has" if blocked == 1 else "have"
        text = f"{of_all(blocked, len(rows))} {has} blocking problems." if blocked else ""
        self.report(
            {"journeys": rows}, [line for row in rows for line in lines(row)], as_json, text
        )


def checked(argument: str, tenant: Tenant | None) -> list[dict]:
    """A row for a journey that is here; one for each journey in a file, and for each part of a list
    that is none."""
    journey = None if os.path.isfile(argument) else find_journey(argument, tenant)
    if journey is not None:
        return [checked_here(argument, journey)]
    if not os.path.exists(argument):
        return [refused(argument, NOTHING)]
    try:
        parts = parts_of(Source(argument, read_file(argument)))
    except doc.DocumentError as error:
        return [refused(argument, error.text, error.place)]
    rules = tenant.rules() if tenant else None
    return [checked_part(part, rules) for part in parts]


def checked_here(argument: str, journey: Journey) -> dict:
    """Only a journey that is here has accepted problems."""
    document = journey.head.stored()
    problems = check(document, journey.tenant.rules())
    problems, settled = sort_out(document, problems, journey.accepted())
    accepted = [as_data(problem) | {"by": one.by, "reason": one.reason} for problem, one in settled]
    return row_of(argument, document, problems) | ({"accepted": accepted} if accepted else {})


def checked_part(part: Source | NotWhole, rules: Rules | None) -> dict:
    """Of a file, which is read as the import reads it; it has house rules where a tenant is
    named."""
    if isinstance(part, NotWhole):
        return refused(part.name, part.text)
    try:
        document, lacks_key = read(part.data)
    except doc.DocumentError as error:
        return refused(part.name, error.text, error.place)
    row = row_of(part.name, document, check(document, rules))
    if not lacks_key:
        return row
    others = [problem for problem in row["problems"] if problem["id"] != KEY_MISSING]
    return row | {"key": None, "problems": [NO_KEY, *others]}


def refused(name: str, text: str, place: str = "") -> dict:
    refusal = {"id": REFUSED, "severity": BLOCKING, "place": place, "text": text}
    return {"file": name, "key": None, "problems": [refusal]}


def row_of(name: str, document: dict, problems: list[Problem]) -> dict:
    fix_of = fixes(document)
    listed = [as_data(problem, fix_of(problem)) for problem in problems]
    return {"file": name, "key": document.get("key") or None, "problems": listed}


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
