"""Heartbeats and statuses of tenants are called what they are. Tables move, rows stay."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("journeys", "0024_decision_and_end_of_reviews")]

    operations = [
        migrations.RenameModel("Beat", "Heartbeat"),
        migrations.RenameModel("TenantState", "TenantStatus"),
        migrations.AlterField(
            "tenantstatus",
            "tenant",
            models.OneToOneField(
                on_delete=models.deletion.CASCADE,
                primary_key=True,
                related_name="status",
                serialize=False,
                to="journeys.tenant",
            ),
        ),
    ]
