"""Writes what the journeys that are there already are sorted and found by."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from journeys.models.search import MOST_WORDS, sortable, words_of

AT_A_TIME = 500


def write_words(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    database = schema_editor.connection.alias
    journeys = apps.get_model("journeys", "Journey").objects.using(database)
    words, last = apps.get_model("journeys", "Word"), 0
    columns = ("pk", "tenant_id", "name", "key", "description")
    while some := list(journeys.filter(pk__gt=last).order_by("pk").only(*columns)[:AT_A_TIME]):
        new, last = [], some[-1].pk
        for one in some:
            one.sort_name = sortable(one.name or one.key)
            said = words_of(one.name, one.key, one.description)[:MOST_WORDS]
            new += [words(tenant_id=one.tenant_id, journey_id=one.pk, word=word) for word in dict.fromkeys(said)]
        journeys.bulk_update(some, ["sort_name"])
        words.objects.using(database).bulk_create(new, ignore_conflicts=True, batch_size=5000)


class Migration(migrations.Migration):
    dependencies = [("journeys", "0011_growing")]

    operations = [migrations.RunPython(write_words, migrations.RunPython.noop)]
