"""What decides is sealed besides the decisions: rules of tenants, who wrote what, how far a submission is.

What stands in the database at this moment is believed, once: nobody can tell any more whether it was written past the
composer. So it is sealed here, with the keys of whoever migrates, which are those of the processes. What has no seal
afterwards was not written by the composer.
"""

import json
from collections.abc import Callable, Iterator
from hashlib import sha256

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from journeys.models.house_rules import fingerprint
from journeys.models.seals import at, halved, sealed

AT_A_TIME = 2000
REVISION = ("journey_id", "number", "sha256", "author_id", "writers")
ACCEPTANCE = ("journey_id", "problem", "severity", "kind", "key", "field", "sha256", "by_id")


def seal_what_is_there(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    write = {
        "Tenant": (("house_sha256", "seal"), of_tenant, ()),
        "Revision": (("seal",), of_revision, ("packed", "arguments", "summary")),
        "Submission": (("state_seal",), of_submission, ("payload", "answer", "explanation")),
        "Acceptance": (("seal",), of_acceptance, ()),
    }
    for name, (columns, seals_of, unread) in write.items():
        seal_rows(apps.get_model("journeys", name), schema_editor.connection, columns, seals_of, unread)


def seal_rows(model: type, connection: object, columns: tuple, seals_of: Callable, unread: tuple) -> None:
    quote, key = connection.ops.quote_name, model._meta.pk
    set_to = ", ".join(f"{quote(column)} = %s" for column in columns)
    statement = f"UPDATE {quote(model._meta.db_table)} SET {set_to} WHERE {quote(key.column)} = %s"
    for rows in batches(model.objects.using(connection.alias).defer(*unread).order_by("pk")):
        values = [(*seals_of(row), key.get_db_prep_value(row.pk, connection)) for row in rows]
        with connection.cursor() as cursor:
            cursor.executemany(statement, values)


def batches(rows: models.QuerySet) -> Iterator[list]:
    some = list(rows[:AT_A_TIME])
    while some:
        yield some
        some = list(rows.filter(pk__gt=some[-1].pk)[:AT_A_TIME])


def of_tenant(row: models.Model) -> tuple[str, str]:
    named = [row.subdomain, row.allowed_domain, row.account_id, row.client_id, bool(row.practice_url)]
    place = f"{row.moves}-{sha256(json.dumps(named).encode()).hexdigest()[:40]}"
    house = fingerprint(getattr(row, "house_rules", None))
    facts = {"tenant": row.pk, "review_required": row.review_required, "place": place, "house": house}
    return house, sealed("tenant", facts)


def of_revision(row: models.Model) -> tuple[str]:
    return (sealed("revision", {name: getattr(row, name) for name in REVISION}),)


def of_acceptance(row: models.Model) -> tuple[str]:
    return (sealed("acceptance", {name: getattr(row, name) for name in ACCEPTANCE}),)


def of_submission(row: models.Model) -> tuple[str]:
    """As if each was written at its present fence; what is being sent just now was claimed once since."""
    is_sending = row.state == "sending"
    fence = row.fence - 1 if is_sending else row.fence
    facts = {"submission": str(row.pk), "seal": row.seal, "fence": fence}
    facts |= {"state": "waiting" if is_sending else row.state, "ask_first": row.ask_first, "free_at": at(row.free_at)}
    if row.state == "unclear":
        facts |= {"ambiguous": row.ambiguous, "absent_count": row.absent_count, "last_send_at": at(row.last_send_at)}
    seal = f"{fence}:{sealed('state', facts)}"
    return (halved(seal) if is_sending else seal,)


class Migration(migrations.Migration):
    dependencies = [("journeys", "0017_queues")]

    operations = [
        *(
            migrations.AddField(model, name, models.CharField(max_length=length, blank=True, editable=False))
            for model, name, length in [
                ("acceptance", "seal", 80),
                ("countersignature", "seal", 80),
                ("revision", "seal", 80),
                ("submission", "state_seal", 100),
                ("tenant", "house_sha256", 64),
                ("tenant", "seal", 80),
                ("tenant", "token_seal", 80),
            ]
        ),
        migrations.RunPython(seal_what_is_there, migrations.RunPython.noop),
    ]
