"""Templates, proposed keys and what a second admin is asked for are sealed, too.

What stands in the database at this moment is believed, once, as in 0018. What had a seal that does not fit gets no new one.
"""

import json
import time
import zlib
from collections.abc import Callable
from hashlib import sha256

from django.apps.registry import Apps
from django.db import migrations, models
from django.utils import timezone
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from journeys.models.seals import at, fits, sealed

TEMPLATE = ("tenant_id", "name", "sha256", "by_id")
ACCEPTANCE = ("journey_id", "problem", "severity", "kind", "key", "field", "sha256", "by_id")
ASKED = ("pk", "of", "told", "reason", "tenant_id", "journey_id", "asked_by_id", "confirmed_by_id")
CONFIRMED = ("pk", "what", "of", "asked_by_id", "confirmed_by_id")


def seal_what_is_there(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    template, journey = apps.get_model("journeys", "JourneyTemplate"), apps.get_model("journeys", "Journey")
    seal_rows(template.objects.all(), ["sha256", "seal"], of_template, 10)
    seal_rows(journey.objects.filter(key_proposed=True).only("tenant", "key"), ["key_seal"], of_key, 2000)
    seal_rows(apps.get_model("journeys", "Tenant").objects.all(), ["seal", "ruled_at"], of_tenant, 500)
    seal_rows(apps.get_model("journeys", "Acceptance").objects.all(), ["seal"], of_acceptance, 2000)
    rows = apps.get_model("journeys", "Countersignature").objects.filter(used_at=None, withdrawn_at=None)
    seal_rows(rows, ["seal"], of_countersignature, 2000)


def seal_rows(rows: models.QuerySet, columns: list[str], seal: Callable, at_a_time: int) -> None:
    some = list(rows.order_by("pk")[:at_a_time])
    while some:
        for row in some:
            seal(row)
        rows.model.objects.bulk_update(some, columns, batch_size=200)
        some = list(rows.filter(pk__gt=some[-1].pk).order_by("pk")[:at_a_time])


def of_template(row: models.Model) -> None:
    row.sha256 = sha256(zlib.decompress(row.packed)).hexdigest()
    row.seal = sealed("template", {name: getattr(row, name) for name in TEMPLATE})


def of_key(row: models.Model) -> None:
    row.key_seal = sealed("key", {"journey": row.pk, "tenant": row.tenant_id, "key": row.key})


def of_tenant(row: models.Model) -> None:
    named = [row.subdomain, row.allowed_domain, row.account_id, row.client_id, bool(row.practice_url)]
    place = f"{row.moves}-{sha256(json.dumps(named).encode()).hexdigest()[:40]}"
    facts = {"tenant": row.pk, "review_required": row.review_required, "place": place, "house": row.house_sha256}
    if fits(row.seal, "tenant", facts):
        row.ruled_at = time.time_ns() // 1000
        row.seal = sealed("tenant", facts | {"at": row.ruled_at})


def of_acceptance(row: models.Model) -> None:
    facts = {name: getattr(row, name) for name in ACCEPTANCE}
    if fits(row.seal, "acceptance", facts):
        row.seal = sealed("acceptance", facts | {"at": at(row.at)})


def of_countersignature(row: models.Model) -> None:
    if row.confirmed_at and not fits(row.seal, "countersignature", facts_of(row, CONFIRMED)):
        return
    facts = facts_of(row, ASKED) | {"what": row.what, "asked": at(row.asked_at)}
    row.seal = sealed("countersignature", facts)


def facts_of(row: models.Model, names: tuple) -> dict:
    return {name: getattr(row, name) for name in names} | {"at": at(row.confirmed_at)}


class Migration(migrations.Migration):
    dependencies = [("journeys", "0019_keys_and_what_is_loud")]

    operations = [
        *(
            migrations.AddField(model, name, models.CharField(max_length=length, blank=True, editable=False))
            for model, name, length in [
                ("journey", "key_seal", 80),
                ("journeytemplate", "seal", 80),
                ("journeytemplate", "sha256", 64),
            ]
        ),
        migrations.AddField("tenant", "ruled_at", models.PositiveBigIntegerField(default=0, editable=False)),
        migrations.AlterField("tenant", "moves", models.PositiveBigIntegerField(default=0, editable=False)),
        migrations.AlterField(
            "acceptance", "at", models.DateTimeField(default=timezone.now, editable=False)
        ),
        migrations.RunPython(seal_what_is_there, migrations.RunPython.noop),
    ]
