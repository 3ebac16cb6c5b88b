from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("journeys", "0002_groups")]

    operations = [
        migrations.AddField("submission", "failure_count", models.PositiveIntegerField(default=0)),
        migrations.AlterField("submission", "remote_id", models.CharField(blank=True, max_length=100)),
        migrations.AlterField("submission", "remote_definition_id", models.CharField(blank=True, max_length=100)),
        migrations.AlterField("submission", "remote_status", models.CharField(blank=True, max_length=100)),
        migrations.AddConstraint(
            "submission",
            models.UniqueConstraint(
                condition=models.Q(("state__in", ["waiting", "sending", "unclear"])),
                fields=("tenant", "key"),
                name="submission_open_once_per_key",
            ),
        ),
    ]
