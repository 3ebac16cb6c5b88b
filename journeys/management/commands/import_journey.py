"""Takes journey files in as drafts."""

from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import OperationalError

from journeys.checks.on_import import Arrival
from journeys.importing import (
    REPAIR,
    UPDATE,
    Candidate,
    Imported,
    NotWhole,
    Source,
    examine,
    parts_of,
    take_in,
)
from journeys.management.reporting import (
    ReportingCommand,
    add_tenant_argument,
    database_refusal,
    find_tenant,
    find_user,
    of_all,
    read_file,
    shown,
    wrong_use,
)
from journeys.models import ChangedMeanwhile, Journey, KeyTaken, Tenant
from journeys.spec import document as doc

KNOWN = (
    "The tenant already has a journey with this key. Add --update to make the file its newest"
    " revision."
)
SAME_KEY = "It has the same key as %s, which came before it."
MEANWHILE = "Somebody changed the journey at the same moment. Try again."
NO_KEY = (
    "The journey has no key. Add --propose-key to give it a new one, or write one of up to 200"
    " characters into the file."
)
MAY_NOT_COMPOSE = (
    "%(who)s may not compose journeys for %(tenant)s. Name somebody with --owner who may, or say"
    " --nobody."
)
MAY_NOT = "The tenant already has a journey with this key, and %s may not edit it."
WHOSE = (
    "Say whose words these are: --owner NAME, who can then not approve them, or --nobody, if nobody"
    " here wrote them."
)
NOT_TRIED = "It was not tried, because the database refused the one before it."
DONE = {"created": "new journey", "updated": "new revision", "unchanged": "nothing changed"}
EMPTY = {
    "key": None,
    "name": None,
    "revision": None,
    "result": "refused",
    "report": None,
    "error": None,
}


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
            "--propose-key",
            action="store_true",
            help="a journey without a key gets a new one; else it is refused",
        )
        parser.add_argument(
            "--repair", action="store_true", help="put right what can be put right without asking"
        )

    def handle(self, *args: object, files: list[str], as_json: bool, **options) -> None:
        if not options["owner"] and not options["nobody"]:
            raise wrong_use(WHOSE)
        tenant, owner = find_tenant(options["tenant"]), find_user(options["owner"])
        asked = {
            "choice": UPDATE if options["update"] else "",
            "repair": REPAIR if options["repair"] else "",
            "proposes_key": options["propose_key"],
        }
        rows = all_rows(files, tenant, owner, asked)
        count = sum(row["error"] is not None for row in rows)
        of = "file" if len(rows) == len(files) else "journey"
        text = f"{of_all(count, len(rows), of)} refused." if count else ""
        self.report(
            {"journeys": rows}, [line for row in rows for line in lines(row)], as_json, text
        )


def all_rows(
    files: list[str], tenant: Tenant, author: User | None, asked: dict[str, object]
) -> list[dict]:
    """Where the database refuses a journey, what comes after it is left alone and told of."""
    rows: list[dict] = []
    came_from: dict[str, str] = {}
    for number, file in enumerate(files):
        try:
            for row in rows_of(file, tenant, author, asked, came_from):
                rows.append(row)
        except OperationalError as error:
            rows.append(refused(file, database_refusal(error)))
            return rows + [refused(other, NOT_TRIED) for other in files[number + 1 :]]
    return rows


def rows_of(
    file: str,
    tenant: Tenant,
    author: User | None,
    asked: dict[str, object],
    came_from: dict[str, str],
) -> Iterator[dict]:
    """A row for each journey in the file, and for each row of a list answer that is none."""
    try:
        data = read_file(file)
    except doc.DocumentError as error:
        yield refused(file, str(error))
        return
    for part in parts_of(Source(file, data, **asked)):
        if isinstance(part, NotWhole):
            yield refused(part.name, part.text, name=part.title)
        else:
            (candidate,) = examine([part], tenant.journeys, came_from, tenant.rules())
            yield row_of(candidate, tenant, author)


def refused(file: str, error: str, **known: object) -> dict:
    return EMPTY | {"file": file, "stripped": [], "error": error} | known


def row_of(candidate: Candidate, tenant: Tenant, author: User | None) -> dict:
    file = candidate.source.name
    if candidate.error:
        return refused(file, candidate.refusal)
    known = {
        "key": candidate.document.get("key"),
        "name": candidate.document.get("name"),
        "stripped": candidate.arrival.stripped,
        "report": asdict(candidate.arrival),
    }
    if candidate.same_as:
        return refused(file, SAME_KEY % candidate.same_as, **known)
    if candidate.lacks_key and candidate.asks_for_key:
        return refused(file, NO_KEY, **known)
    try:
        imported = taken_in(candidate, tenant, author)
    except doc.DocumentError as error:
        return refused(file, str(error), **known)
    except KeyTaken:
        return refused(file, KNOWN, **known)
    except ChangedMeanwhile:
        return refused(file, MEANWHILE, **known)
    except Journey.DoesNotExist:
        return refused(file, MAY_NOT % author, **known)
    except PermissionDenied:
        words = {"who": author, "tenant": tenant}
        return refused(file, MAY_NOT_COMPOSE % words, **known)
    done = {
        "key": imported.journey.key,
        "revision": imported.journey.head.number,
        "result": imported.result,
    }
    return EMPTY | {"file": file} | known | done


def taken_in(candidate: Candidate, tenant: Tenant, author: User | None) -> Imported:
    """The history names the file without its folder, as it can be shown."""
    if candidate.asks_for_key:
        raise KeyTaken(candidate.document["key"])
    source = replace(candidate.source, name=shown(Path(candidate.source.name).name))
    (imported,) = take_in([replace(candidate, source=source)], tenant, author, by="command")
    return imported


def lines(row: dict) -> list[str]:
    if row["error"]:
        return [f"{row['file']}: refused: {row['error']}"]
    done = f"{row['file']}: {row['key']}: {DONE[row['result']]} (revision {row['revision']})"
    return [done, *(f"  {line}" for line in Arrival(**row["report"]).lines())]
