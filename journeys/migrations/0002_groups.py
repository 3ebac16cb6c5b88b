"""The groups that people are put into. Nothing hangs on `is_superuser`."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

COMPOSE = ["view_journey", "add_journey", "change_journey", "submit_journey"]
LOOK = ["view_revision", "view_submission", "view_attempt", "view_auditentry", "view_review"]
TENANTS = ["view_tenant", "add_tenant", "change_tenant"]
PEOPLE = ["view_user", "add_user", "change_user", "view_group"]

GROUPS = {
    "Marketer": COMPOSE,
    "Reviewer": ["view_journey", "approve_review", "accept_problem"],
    "Admin": [*COMPOSE, "approve_review", "accept_problem", "submit_unreviewed", *LOOK, *TENANTS, *PEOPLE],
}
# Django writes permissions only after all migrations, so those that are needed are written here: (app, model, name).
OF_MODEL = {
    "submit_journey": ("submission", "Can submit a journey"),
    "submit_unreviewed": ("submission", "Can submit without review"),
    "accept_problem": ("acceptance", "Can accept problems"),
    "approve_review": ("review", "Can approve a journey or send it back"),
}
AUTH = {"user", "group"}


def add_groups(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    database = schema_editor.connection.alias
    for name, codenames in GROUPS.items():
        group, _ = apps.get_model("auth", "Group").objects.using(database).get_or_create(name=name)
        group.permissions.add(*(permission(apps, database, codename) for codename in codenames))


def permission(apps: Apps, database: str, codename: str) -> object:
    verb, _, of = codename.partition("_")
    model, name = OF_MODEL.get(codename, (of, ""))
    verbose = "audit entry" if model == "auditentry" else model
    kind, _ = (
        apps.get_model("contenttypes", "ContentType")
        .objects.using(database)
        .get_or_create(app_label="auth" if model in AUTH else "journeys", model=model)
    )
    found, _ = (
        apps.get_model("auth", "Permission")
        .objects.using(database)
        .get_or_create(codename=codename, content_type=kind, defaults={"name": name or f"Can {verb} {verbose}"})
    )
    return found


class Migration(migrations.Migration):
    dependencies = [
        ("journeys", "0001_first"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(add_groups, migrations.RunPython.noop)]
