"""House rules of tenants, and problems that somebody with the right has accepted."""

import django.core.validators
import django.db.models.deletion
import journeys.models.house_rules
from django.conf import settings
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

MAY_ACCEPT = ["Reviewer", "Admin"]


def add_right(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Django writes permissions only after all migrations, so this one is written here."""
    database = schema_editor.connection.alias
    kinds = apps.get_model("contenttypes", "ContentType").objects.using(database)
    kind, _ = kinds.get_or_create(app_label="journeys", model="acceptance")
    rights = apps.get_model("auth", "Permission").objects.using(database)
    right, _ = rights.get_or_create(
        codename="accept_problem", content_type=kind, defaults={"name": "Can accept problems"}
    )
    for name in MAY_ACCEPT:
        group, _ = apps.get_model("auth", "Group").objects.using(database).get_or_create(name=name)
        group.permissions.add(right)


class Migration(migrations.Migration):
    dependencies = [
        ("journeys", "0002_groups"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Acceptance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("problem", models.CharField(max_length=80)),
                ("severity", models.CharField(max_length=10)),
                ("kind", models.CharField(max_length=10)),
                ("key", models.TextField(blank=True)),
                ("field", models.TextField(blank=True)),
                ("sha256", models.CharField(max_length=64)),
                ("reason", models.CharField(max_length=500, verbose_name="reason")),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "journey",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="acceptances", to="journeys.journey"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "permissions": [("accept_problem", "Can accept problems")],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="HouseRules",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "naming_pattern",
                    models.CharField(
                        blank=True,
                        help_text="A regular expression that the whole name has to match, such as [A-Z]{2} - .+",
                        max_length=100,
                        validators=[journeys.models.house_rules.require_safe_pattern],
                        verbose_name="naming pattern",
                    ),
                ),
                (
                    "naming_severity",
                    models.CharField(
                        choices=[("blocking", "blocks the review"), ("advice", "advice")],
                        default="advice",
                        max_length=10,
                        verbose_name="if not kept",
                    ),
                ),
                ("entry_modes", models.JSONField(blank=True, default=list, verbose_name="allowed entry modes")),
                (
                    "entry_modes_severity",
                    models.CharField(
                        choices=[("blocking", "blocks the review"), ("advice", "advice")],
                        default="advice",
                        max_length=10,
                        verbose_name="if not kept",
                    ),
                ),
                (
                    "longest_wait",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="In days.",
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(3650),
                        ],
                        verbose_name="longest wait",
                    ),
                ),
                (
                    "longest_wait_severity",
                    models.CharField(
                        choices=[("blocking", "blocks the review"), ("advice", "advice")],
                        default="advice",
                        max_length=10,
                        verbose_name="if not kept",
                    ),
                ),
                (
                    "most_steps",
                    models.PositiveIntegerField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(1000),
                        ],
                        verbose_name="most steps",
                    ),
                ),
                (
                    "most_steps_severity",
                    models.CharField(
                        choices=[("blocking", "blocks the review"), ("advice", "advice")],
                        default="advice",
                        max_length=10,
                        verbose_name="if not kept",
                    ),
                ),
                ("goal_required", models.BooleanField(default=False, verbose_name="goal required")),
                (
                    "goal_severity",
                    models.CharField(
                        choices=[("blocking", "blocks the review"), ("advice", "advice")],
                        default="advice",
                        max_length=10,
                        verbose_name="if not kept",
                    ),
                ),
                (
                    "quiet_from",
                    models.TimeField(
                        blank=True,
                        help_text="No sends from this time of day, such as 21:00, in the time zone that each wait names.",
                        null=True,
                        verbose_name="quiet hours from",
                    ),
                ),
                (
                    "quiet_to",
                    models.TimeField(blank=True, help_text="Such as 08:00.", null=True, verbose_name="quiet hours to"),
                ),
                (
                    "quiet_severity",
                    models.CharField(
                        choices=[("blocking", "blocks the review"), ("advice", "advice")],
                        default="advice",
                        max_length=10,
                        verbose_name="if not kept",
                    ),
                ),
                (
                    "tenant",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="house_rules", to="journeys.tenant"
                    ),
                ),
            ],
            options={
                "verbose_name": "house rules",
                "verbose_name_plural": "house rules",
            },
        ),
        migrations.RunPython(add_right, migrations.RunPython.noop),
    ]
