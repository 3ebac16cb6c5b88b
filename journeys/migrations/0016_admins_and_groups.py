"""Admins look after groups, too: what members may, and whether they need a second factor."""

from importlib import import_module

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

permission = import_module("journeys.migrations.0002_groups").permission


def let_admins_change_groups(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    database = schema_editor.connection.alias
    group = apps.get_model("auth", "Group").objects.using(database).filter(name="Admin").first()
    if group:
        group.permissions.add(*(permission(apps, database, name) for name in ("add_group", "change_group")))


class Migration(migrations.Migration):
    dependencies = [("journeys", "0015_ended_by_tenant")]

    operations = [migrations.RunPython(let_admins_change_groups, migrations.RunPython.noop)]
