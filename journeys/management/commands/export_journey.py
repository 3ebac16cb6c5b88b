"""Gives journeys out as files, in the order in which they came."""

import os
import tempfile
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.db.models import Count

from journeys.exporting import exported, file_name
from journeys.management.reporting import (
    ReportingCommand,
    add_tenant_argument,
    find_journey,
    named_tenant,
    of_all,
    wrong_use,
)
from journeys.models import Journey, Tampered, Tenant

AT_A_TIME = 20  # journeys in memory
UNKNOWN = "There is no journey with this key."


class Command(ReportingCommand):
    help = "Writes journeys to files, or a single one to standard output."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("keys", nargs="*", metavar="KEY")
        parser.add_argument("--all", action="store_true", dest="everything", help="every journey")
        parser.add_argument(
            "--to",
            metavar="FOLDER",
            help="one file per journey goes there; made when it is missing",
        )
        parser.add_argument(
            "--as",
            choices=["json", "curl"],
            default="json",
            dest="form",
            help="curl: a shell script, secrets left out",
        )
        add_tenant_argument(parser)

    def handle(self, *args: object, keys: list[str], as_json: bool, **options) -> None:
        if bool(keys) == options["everything"]:
            raise wrong_use("Name the keys of the journeys, or say --all.")
        if options["to"] is None and (options["everything"] or len(keys) > 1):
            raise wrong_use("Several journeys need a folder: name one with --to.")
        tenant = named_tenant(options["tenant"])
        journeys = [
            (key, find_journey(key, tenant)) for key in dict.fromkeys(keys)
        ] or every_journey(tenant)
        if options["to"] is None:
            self.print_document(*journeys[0], as_json, options["form"])
            return
        doubled = set() if keys else keys_of_several(tenant)
        rows = list(written(journeys, doubled, Path(options["to"]), options["form"]))
        refused = sum(row["error"] is not None for row in rows)
        was = "was" if refused == 1 else "were"
        text = f"{of_all(refused, len(rows))} {was} not exported." if refused else ""
        self.report({"journeys": rows}, [line(row) for row in rows], as_json, text)

    def print_document(self, key: str, journey: Journey | None, as_json: bool, form: str) -> None:
        if journey is None:
            rows = {"journeys": [row_of(key, None) | {"error": UNKNOWN}]}
            self.report(rows, [], as_json, f"{key}: {UNKNOWN}")
            return
        try:
            self.stdout.write(text_of(journey, form), ending="")
        except Tampered as error:
            rows = {"journeys": [row_of(key, journey) | {"error": error.text}]}
            self.report(rows, [], as_json, f"{key}: {error.text}")


def text_of(journey: Journey, form: str) -> str:
    return exported(journey, journey.head, form, None, by="command")


def every_journey(tenant: Tenant | None) -> Iterator[tuple[str, Journey]]:
    """A few at a time, each with its draft: there may be more than fit into memory."""
    journeys = Journey.objects.filter(**of(tenant)).order_by("tenant__name", "key", "pk")
    pks = list(journeys.values_list("pk", flat=True))
    for start in range(0, len(pks), AT_A_TIME):
        some = Journey.objects.select_related("tenant", "head").in_bulk(
            pks[start : start + AT_A_TIME]
        )
        yield from ((some[pk].key, some[pk]) for pk in pks[start : start + AT_A_TIME] if pk in some)


def keys_of_several(tenant: Tenant | None) -> set[str]:
    """Keys that journeys of more than one tenant have."""
    times = (
        Journey.objects.filter(**of(tenant)).order_by().values("key").annotate(times=Count("pk"))
    )
    return set(times.filter(times__gt=1).values_list("key", flat=True))


def of(tenant: Tenant | None) -> dict:
    return {"tenant": tenant} if tenant else {}


def written(
    journeys: Iterable[tuple[str, Journey | None]], doubled: set[str], folder: Path, form: str
) -> Iterator[dict]:
    for key, journey in journeys:
        row = row_of(key, journey)
        if journey is None:
            yield row | {"error": UNKNOWN}
            continue
        path = folder / file_name(key, form, journey.tenant.name if key in doubled else "")
        try:
            write_whole(path, text_of(journey, form).encode())
            yield row | {"file": str(path)}
        except Tampered as error:
            yield row | {"error": error.text}
        except OSError as error:
            yield row | {"error": f"{path} cannot be written: {error.strerror or error}."}


def row_of(key: str, journey: Journey | None) -> dict:
    head = journey.head if journey else None
    return {
        "key": key,
        "name": journey.name if journey else None,
        "revision": head and head.number,
    } | {
        "tenant": journey.tenant.name if journey else None,
        "file": None,
        "error": None,
    }


def write_whole(path: Path, data: bytes) -> None:
    """The file is there whole or not at all, and an older one stays until the new one is
    complete."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=".export-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        os.chmod(draft, 0o666 & ~umask())
        os.replace(draft, path)
    except OSError:
        os.unlink(draft)
        raise


def umask() -> int:
    """It can only be read by setting it."""
    current = os.umask(0o077)
    os.umask(current)
    return current


def line(row: dict) -> str:
    return (
        f"{row['key']}: refused: {row['error']}" if row["error"] else f"{row['key']}: {row['file']}"
    )
