"""What somebody can do who writes SQL: nothing but what a client of the database could write."""

from datetime import timedelta

from django.db import connection, models

from journeys.models import Submission
from journeys.models.clock import now
from journeys.practice import PracticeServer
from tests.delivery.conftest import error, fault, until_final

ON_POSTGRESQL = connection.vendor == "postgresql"


def sql(statement: str, *values: object) -> int:
    """Past the composer."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.rowcount


def copy_of(row: models.Model) -> tuple[type, dict]:
    """Everything that stands in the row, as a client of the database reads it."""
    columns = [one.attname for one in row._meta.concrete_fields if not one.generated]
    return type(row), type(row).objects.values(*columns).get(pk=row.pk)


def put_back(*copies: tuple[type, dict]) -> None:
    for model, columns in copies:
        if not model.objects.filter(pk=columns["id"]).update(**columns):
            model.objects.bulk_create([model(**columns)])


def asked(practice: PracticeServer) -> int:
    return practice.control("requests", route="create")["count"]


def set_back(row: Submission, **more: object) -> None:
    """As if it had never been sent."""
    values = {
        "state": "waiting",
        "lease_until": None,
        "finished_at": None,
        "ambiguous": False,
        "ask_first": False,
    }
    values |= {
        "first_send_at": None,
        "last_send_at": None,
        "attempt_count": 0,
        "not_before": now(),
        **more,
    }
    values |= {"deadline_at": now() + timedelta(hours=1)}
    names = ", ".join(f"{name} = %s" for name in values)
    key = row.pk if ON_POSTGRESQL else row.pk.hex
    assert sql(f"UPDATE journeys_submission SET {names} WHERE id = %s", *values.values(), key) == 1


def ended(practice: PracticeServer, row: Submission, state: str) -> Submission:
    if state == "refused":
        fault(practice, error(400, 30000, "No."))
    if state == "cancelled":
        row.cancel(None)
        row.refresh_from_db()
    else:
        row = until_final(row)
    assert row.state == state
    return row
