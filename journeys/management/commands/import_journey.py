"""Takes journey files in as drafts."""

from argparse import ArgumentParser
from pathlib import Path

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from journeys.management.reporting import (
    ReportingCommand,
    add_tenant_argument,
    find_tenant,
    find_user,
    read_document,
    shown,
)
from journeys.models import ChangedMeanwhile, Journey, KeyTaken, Revision, Tenant
from journeys.spec import document as doc

KNOWN = "The tenant already has a journey with this key. Add --update to make the file its newest revision."
DONE = {"created": "new journey", "updated": "new revision", "unchanged": "nothing changed"}


class Command(ReportingCommand):
    help = "Takes journey files in as drafts. What the server assigns is left out at the top level; nothing else is."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("files", nargs="+", metavar="FILE")
        add_tenant_argument(parser)
        parser.add_argument("--owner", metavar="NAME", help="user name of the owner, also the author of the revision")
        parser.add_argument("--update", action="store_true", help="a known key gets a new revision")

    def handle(self, *args: object, files: list[str], as_json: bool, **options) -> None:
        tenant, owner = find_tenant(options["tenant"]), find_user(options["owner"])
        rows = [take_in(file, tenant, owner, options["update"]) for file in files]
        refused = sum(row["error"] is not None for row in rows)
        text = f"{refused} of {len(rows)} files refused." if refused else ""
        self.report({"journeys": rows}, [line(row) for row in rows], as_json, text)


def take_in(file: str, tenant: Tenant, owner: User | None, update: bool) -> dict:
    row = {"file": file, "key": None, "name": None, "revision": None}
    row |= {"result": "refused", "stripped": [], "error": None}
    try:
        document, stripped = doc.strip_server_assigned(read_document(file))
        row |= {"key": document["key"], "name": document.get("name"), "stripped": stripped}
        revision, result = saved(document, file, tenant, owner, update)
    except doc.DocumentError as error:
        return row | {"error": str(error)}
    except KeyTaken:
        return row | {"error": KNOWN}
    except ChangedMeanwhile:
        return row | {"error": "Somebody changed the journey at the same moment. Try again."}
    return row | {"revision": revision.number, "result": result}


def saved(document: dict, file: str, tenant: Tenant, owner: User | None, update: bool) -> tuple[Revision, str]:
    name = shown(Path(file).name)
    journey = tenant.journeys.filter(key=document["key"]).select_related("head").first()
    if journey is None:
        summary = _("Imported from %(file)s") % {"file": name}
        journey = Journey.objects.start(document, tenant=tenant, owner=owner, operation="import", summary=summary)
        return journey.head, "created"
    if not update:
        raise KeyTaken(document["key"])
    before = journey.head
    told = {"file": name}
    revision = journey.replace(document, based_on=before.number, author=owner, operation="import", told=told)
    return revision, "unchanged" if revision.pk == before.pk else "updated"


def line(row: dict) -> str:
    if row["error"]:
        return f"{row['file']}: refused: {row['error']}"
    stripped = f"; left out, because the server assigns them: {', '.join(row['stripped'])}" if row["stripped"] else ""
    return f"{row['file']}: {row['key']}: {DONE[row['result']]} (revision {row['revision']}){stripped}"
