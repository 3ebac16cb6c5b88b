"""The seals of templates and accepted problems say which row they are of: an older one fits no newer row.

What had a seal that does not fit gets no new one.
"""

from collections.abc import Callable

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from journeys.models.seals import at, fits, sealed

TEMPLATE = ("tenant_id", "name", "sha256", "by_id")
ACCEPTANCE = ("journey_id", "problem", "severity", "kind", "key", "field", "sha256", "by_id")


def seal_what_is_there(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    templates = apps.get_model("journeys", "JourneyTemplate").objects.defer("packed")
    seal(templates, "template", lambda row: {name: getattr(row, name) for name in TEMPLATE})
    acceptances = apps.get_model("journeys", "Acceptance").objects.all()
    seal(acceptances, "acceptance", lambda row: {name: getattr(row, name) for name in ACCEPTANCE} | {"at": at(row.at)})


def seal(rows: models.QuerySet, kind: str, facts_of: Callable[[models.Model], dict]) -> None:
    some = list(rows.order_by("pk")[:2000])
    while some:
        whole = [row for row in some if fits(row.seal, kind, facts_of(row))]
        for row in whole:
            row.seal = sealed(kind, facts_of(row) | {"pk": row.pk})
        rows.model.objects.bulk_update(whole, ["seal"], batch_size=200)
        some = list(rows.filter(pk__gt=some[-1].pk).order_by("pk")[:2000])


class Migration(migrations.Migration):
    dependencies = [("journeys", "0021_first_of_each_tenant")]

    operations = [migrations.RunPython(seal_what_is_there, migrations.RunPython.noop)]
