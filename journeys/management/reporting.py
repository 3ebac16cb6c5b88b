"""What the commands share: reading files, finding what arguments name, and saying what came of it.

Exit codes: 0 done, 1 something was refused, 2 wrong use. Wrong use is noticed before anything is
done.
"""

import json
from argparse import ArgumentParser

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, OperationalError, ProgrammingError

from composer.databases import is_busy
from journeys.models import Journey, Submission, Tenant
from journeys.spec import document as doc


class ReportingCommand(BaseCommand):
    """A command that says what it did in words, or with `--json` as one JSON object."""

    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--json",
            action="store_true",
            dest="as_json",
            help="print one JSON object, nothing else",
        )

    def execute(self, *args: object, **options: object) -> str | None:
        try:
            return super().execute(*args, **options)
        except (OperationalError, ProgrammingError) as error:
            raise CommandError(database_refusal(error)) from error

    def report(self, told: dict, lines: list[str], as_json: bool, refused: str = "") -> None:
        """Says what came of it; with `refused` the command ends with 1."""
        if as_json:
            # ASCII only: argument names need not be text, and the terminal need not know every
            # letter
            self.stdout.write(json.dumps(told))
        else:
            for line in lines:
                self.stdout.write(shown(line))
        if refused:
            raise CommandError(shown(refused))


def database_refusal(error: DatabaseError) -> str:
    """Why the database did not do what it was asked for, and what to do."""
    if is_busy(error):
        return (
            "The database is busy: others wrote for longer than could be waited for. What was done"
            " before stays done; run the command again."
        )
    first = (str(error).splitlines() or [type(error).__name__])[0]
    return f"The database refuses: {first}. Is it set up? (manage.py migrate)"


def add_tenant_argument(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--tenant", metavar="NAME", help="the tenant; needed only when there are several"
    )


def of_all(count: int, total: int, of: str = "journey") -> str:
    """Such as "1 of 1 journey" and "2 of 5 journeys"."""
    return f"{count} of {total} {of if total == 1 else f'{of}s'}"


def wrong_use(text: str) -> CommandError:
    return CommandError(shown(text), returncode=2)


def shown(text: str) -> str:
    """Keys and file names may hold anything, also what a terminal would obey."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def read_file(path: str) -> bytes:
    """At most one byte more than a journey may have; raises DocumentError, also when there is no
    such file."""
    try:
        with open(path, "rb") as file:
            return file.read(doc.MAX_BYTES + 1)
    except OSError as error:
        raise doc.DocumentError(
            "The file cannot be read: %(why)s.", why=error.strerror or error
        ) from error


def find_tenant(name: str | None) -> Tenant:
    """The tenant of that name; without a name the only one there is."""
    tenant = named_tenant(name)
    if tenant is not None:
        return tenant
    tenants = list(Tenant.objects.all())
    if not tenants:
        raise wrong_use("There is no tenant yet. Add one with: manage.py add_tenant NAME …")
    if len(tenants) > 1:
        raise wrong_use(f"There are several tenants ({names(tenants)}): name one with --tenant.")
    return tenants[0]


def named_tenant(name: str | None) -> Tenant | None:
    """None only where no name was given."""
    if name is None:
        return None
    tenant = Tenant.objects.filter(name=name).first()
    if tenant is None:
        raise wrong_use(
            f"There is no tenant “{name}”. There are: {names(Tenant.objects.all()) or 'none'}."
        )
    return tenant


def find_user(name: str | None) -> User | None:
    if name is None:
        return None
    user = get_user_model().objects.filter(username=name).first()
    if user is None:
        raise wrong_use(f"There is no user “{name}”.")
    return user


def find_journey(key: str, tenant: Tenant | None) -> Journey | None:
    """The journey of that key; a key that several tenants have is wrong use unless one of them is
    named."""
    journeys = Journey.objects.filter(key=key).select_related("tenant")
    if tenant is not None:
        journeys = journeys.filter(tenant=tenant)
    matches = list(journeys)
    if len(matches) > 1:
        tenants = names([journey.tenant for journey in matches])
        raise wrong_use(
            f"Several tenants have a journey “{key}” ({tenants}): name one with --tenant."
        )
    return matches[0] if matches else None


def submission_row(key: str, submission: Submission | None) -> dict:
    """How the newest submission of a key stands. `id`, `status` and `definitionId` are Marketing
    Cloud's."""
    row = {
        "key": key,
        "state": "none",
        "final": False,
        "id": None,
        "status": None,
        "definitionId": None,
    }
    if submission is None:
        return row | {"text": "It was not submitted yet."}
    return row | {
        "state": submission.state,
        "final": not submission.is_open,
        "id": submission.remote_id or None,
        "status": submission.remote_status or None,
        "definitionId": submission.remote_definition_id or None,
        "text": submission.text or str(submission.get_state_display()),
    }


def submission_line(row: dict) -> str:
    ids = (
        f" (id {row['id']}, status {row['status']}, definitionId {row['definitionId']})"
        if row["id"]
        else ""
    )
    return f"{row['key']}: {row['state']}: {row['text']}{ids}"


def names(tenants: object) -> str:
    return ", ".join(tenant.name for tenant in tenants)
