"""Takes journey files in as drafts."""

from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from journeys.checks.arrival import Arrival, arrival, put_right
from journeys.management.reporting import (
    ReportingCommand,
    add_tenant_argument,
    find_tenant,
    find_user,
    read_file,
    shown,
    wrong_use,
)
from journeys.models import ChangedMeanwhile, Journey, KeyTaken, Revision, Tenant
from journeys.models.audit import record
from journeys.spec import document as doc
from journeys.spec import intake

KNOWN = (
    "The tenant already has a journey with this key. Add --update to make the file its newest"
    " revision."
)
HEADING = (
    "A list row without activities is no whole journey. Get it by its key, or ask for the list with"
    " extras=all."
)
WHOSE = (
    "Say whose words these are: --owner NAME, who can then not approve them, or --nobody, if nobody"
    " here wrote them."
)
DONE = {"created": "new journey", "updated": "new revision", "unchanged": "nothing changed"}


class Command(ReportingCommand):
    help = (
        "Takes journey files in as drafts, also the API's list answers. What the server assigns is"
        " left out at the top level; nothing else is."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("files", nargs="+", metavar="FILE")
        add_tenant_argument(parser)
        whose = parser.add_mutually_exclusive_group()
        whose.add_argument(
            "--owner",
            metavar="NAME",
            help="user name of the owner, also the author of the revision",
        )
        whose.add_argument(
            "--nobody",
            action="store_true",
            help="nobody here wrote it, so it keeps nobody from approving it; recorded",
        )
        parser.add_argument("--update", action="store_true", help="a known key gets a new revision")
        parser.add_argument(
            "--repair", action="store_true", help="put right what can be put right without asking"
        )

    def handle(self, *args: object, files: list[str], as_json: bool, **options) -> None:
        if not options["owner"] and not options["nobody"]:
            raise wrong_use(WHOSE)
        tenant, owner = find_tenant(options["tenant"]), find_user(options["owner"])
        how = {name: options[name] for name in ("update", "repair")}
        rows = [row for file in files for row in take_in(file, tenant, owner, **how)]
        refused = sum(row["error"] is not None for row in rows)
        of = f"{len(rows)} {'files' if len(rows) == len(files) else 'journeys'}"
        text = f"{refused} of {of} refused." if refused else ""
        self.report(
            {"journeys": rows}, [told for row in rows for told in lines(row)], as_json, text
        )


def take_in(file: str, tenant: Tenant, owner: User | None, **how: bool) -> list[dict]:
    """A row for each journey in the file, and for each row of a list answer that is none."""
    row = {
        "file": file,
        "key": None,
        "name": None,
        "revision": None,
        "result": "refused",
        "stripped": [],
    }
    try:
        data = read_file(file)
    except doc.DocumentError as error:
        return [row | {"report": None, "error": str(error)}]
    items = intake.items_of(data)
    if items is None:
        return [take_in_one(row, data, tenant, owner, **how)]
    whole, headings = intake.sorted_out(items)
    named = {
        number: row | {"file": f"{file}, item {number}"} for number in range(1, len(items) + 1)
    }
    rows = {
        number: take_in_one(named[number], part, tenant, owner, **how) for number, part in whole
    }
    rows |= {
        number: named[number] | {"name": name, "report": None, "error": HEADING}
        for number, name in headings
    }
    return [rows[number] for number in sorted(rows)] or [
        row | {"report": None, "error": "The list has no items."}
    ]


def take_in_one(
    row: dict, data: bytes, tenant: Tenant, owner: User | None, *, update: bool, repair: bool
) -> dict:
    row = row | {"report": None, "error": None}
    try:
        document, stripped = doc.strip_server_assigned(doc.loads(data))
        document, repairs = put_right(document) if repair else (document, [])
        looked = arrival(document, stripped, repairs)
        row |= {
            "key": document["key"],
            "name": document.get("name"),
            "stripped": stripped,
            "report": asdict(looked),
        }
        revision, result = saved(document, row["file"], tenant, owner, update)
    except doc.DocumentError as error:
        return row | {"error": str(error)}
    except KeyTaken:
        return row | {"error": KNOWN}
    except ChangedMeanwhile:
        return row | {"error": "Somebody changed the journey at the same moment. Try again."}
    return row | {"revision": revision.number, "result": result}


def saved(
    document: dict, file: str, tenant: Tenant, owner: User | None, update: bool
) -> tuple[Revision, str]:
    name = shown(Path(file).name)
    journey = tenant.journeys.filter(key=document["key"]).select_related("head").first()
    if journey is None:
        summary = _("Imported from %(file)s") % {"file": name}
        journey = Journey.objects.start(
            document, tenant=tenant, owner=owner, operation="import", summary=summary
        )
        imported(journey, journey.head, owner, name)
        return journey.head, "created"
    if not update:
        raise KeyTaken(document["key"])
    before = journey.head
    told = {"file": name}
    revision = journey.replace(
        document, based_on=before.number, author=owner, operation="import", told=told
    )
    if revision.pk == before.pk:
        return revision, "unchanged"
    imported(journey, revision, owner, name)
    return revision, "updated"


def imported(journey: Journey, revision: Revision, owner: User | None, file: str) -> None:
    action = "journey.imported" if owner else "journey.imported-as-nobodys"
    record(owner, action, journey=journey, revision=revision.number, file=file, by="command")


def lines(row: dict) -> list[str]:
    if row["error"]:
        return [f"{row['file']}: refused: {row['error']}"]
    done = f"{row['file']}: {row['key']}: {DONE[row['result']]} (revision {row['revision']})"
    return [done, *(f"  {told}" for told in Arrival(**row["report"]).lines())]
