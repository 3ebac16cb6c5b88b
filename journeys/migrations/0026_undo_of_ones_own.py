"""Undo and redo are each person's own: the newest revision of a person says where they stand."""

import django.conf
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("journeys", "0025_names_of_statuses"),
        migrations.swappable_dependency(django.conf.settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex("revision", "revision_undoes"),
        migrations.RemoveIndex("revision", "revision_redoes"),
        migrations.RemoveField("revision", "undo_below"),
        migrations.AddIndex(
            "revision",
            models.Index(fields=["journey", "author", "number"], name="revision_of_author"),
        ),
        migrations.AddIndex(
            "revision",
            models.Index(
                condition=models.Q(undoes__isnull=False),
                fields=["journey", "undoes", "number"],
                name="revision_undoes",
            ),
        ),
        migrations.AddIndex(
            "revision",
            models.Index(
                condition=models.Q(redoes__isnull=False),
                fields=["journey", "redoes", "number"],
                name="revision_redoes",
            ),
        ),
    ]
