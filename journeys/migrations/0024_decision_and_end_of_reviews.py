"""A review keeps its decision and the end of its validity apart; how it stands is worked out of both.

What was outdated and had been decided was approved: nothing that was sent back became outdated. Of each
journey one review at most counts from now on.
"""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

OF_SUBMISSION = {
    "submitting": ["waiting", "sending", "unclear"],
    "submitted": ["succeeded"],
    "needs-person": ["conflict", "needs-person", "tampered"],
}


def take_apart(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    reviews = apps.get_model("journeys", "Review").objects.order_by()
    reviews.filter(state="sent-back").update(decision="sent-back")
    reviews.filter(state__in=["approved", "outdated"], decided_at__isnull=False).update(decision="approved")
    date_what_has_ended(apps, reviews.filter(state="outdated"))
    end_what_was_followed(apps, reviews.filter(ended_at=None))
    correct_journeys(apps)
    check_keys_now(schema_editor)


def date_what_has_ended(apps: Apps, outdated: QuerySet) -> None:
    """By the change after the reviewed revision, or the move of the tenant, whichever came first. Where neither is
    known any more, it had ended by now."""
    revisions = apps.get_model("journeys", "Revision").objects
    later = revisions.filter(journey=OuterRef("journey"), pk__gt=OuterRef("revision")).order_by("pk")
    outdated.update(ended_at=Subquery(later.values("created_at")[:1]))
    entries = apps.get_model("journeys", "AuditEntry").objects.filter(action="tenant.changed")
    moves = entries.filter(data__has_key="approvals_ended").order_by("at")
    for tenant, at in moves.values_list("tenant", "at"):
        after = Q(ended_at=None) | Q(ended_at__gt=at)
        outdated.filter(after, tenant=tenant, asked_at__lte=at).update(ended_at=at)
    outdated.filter(ended_at=None).update(ended_at=timezone.now())


def end_what_was_followed(apps: Apps, counting: QuerySet) -> None:
    """By another review of the journey, or by a submission that was not made by it."""
    newer = apps.get_model("journeys", "Review").objects.filter(journey=OuterRef("journey"), pk__gt=OuterRef("pk"))
    sent = apps.get_model("journeys", "Submission").objects.filter(journey=OuterRef("journey"))
    sent = sent.filter(created_at__gt=OuterRef("asked_at")).exclude(review=OuterRef("pk"))
    for rows, moment in ((newer.order_by("pk"), "asked_at"), (sent.order_by("created_at"), "created_at")):
        counting.filter(Exists(rows)).update(ended_at=Subquery(rows.values(moment)[:1]))


def correct_journeys(apps: Apps) -> None:
    """Those that a decision about a review had set back although they were submitted."""
    journeys = apps.get_model("journeys", "Journey").objects.order_by()
    for state, of_submission in OF_SUBMISSION.items():
        sent = apps.get_model("journeys", "Submission").objects.filter(journey=OuterRef("pk"), revision=OuterRef("head"))
        said = journeys.filter(state__in=["in-review", "sent-back", "approved"])
        said.filter(Exists(sent.filter(state__in=of_submission))).update(state=state)
    reviews = apps.get_model("journeys", "Review").objects.filter(journey=OuterRef("pk"), ended_at=None)
    for state, decision in (("in-review", ""), ("sent-back", "sent-back"), ("approved", "approved")):
        journeys.filter(~Exists(reviews.filter(decision=decision)), state=state).update(state="draft")


def put_together(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    reviews = apps.get_model("journeys", "Review").objects.order_by()
    reviews.exclude(decision="").update(state=F("decision"))
    reviews.filter(ended_at__isnull=False).exclude(decision="sent-back").update(state="outdated")
    check_keys_now(schema_editor)


def check_keys_now(schema_editor: BaseDatabaseSchemaEditor) -> None:
    """PostgreSQL changes no table while foreign keys of rows that were written twice wait to be checked."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.connection.check_constraints()


QUEUE = {
    "review_queue": [],
    "review_queue_tenant": ["tenant"],
    "review_queue_state": ["state"],
    "review_queue_tenant_state": ["tenant", "state"],
}
STATE = models.Case(
    models.When(decision="sent-back", then=models.Value("sent-back")),
    models.When(ended_at__isnull=False, then=models.Value("outdated")),
    models.When(decision="approved", then=models.Value("approved")),
    default=models.Value("requested"),
)
WAITS = models.Case(models.When(decision="", ended_at=None, then=models.Value(1)), default=models.Value(0))
STATES = [
    ("requested", "Waiting for review"),
    ("approved", "Approved"),
    ("sent-back", "Sent back"),
    ("outdated", "Outdated"),
]
DECISIONS = [("", "not decided"), ("approved", "Approved"), ("sent-back", "Sent back")]


class Migration(migrations.Migration):
    dependencies = [("journeys", "0023_first_of_what_is_unclear")]

    operations = [
        migrations.RemoveConstraint("review", "review_open_once_per_journey"),
        *(migrations.RemoveIndex("review", name) for name in QUEUE),
        migrations.AddField(
            "review",
            "decision",
            models.CharField(blank=True, choices=DECISIONS, default="", editable=False, max_length=20),
        ),
        migrations.AddField("review", "ended_at", models.DateTimeField(editable=False, null=True)),
        migrations.RunPython(take_apart, put_together),
        migrations.RemoveField("review", "waits"),
        migrations.RemoveField("review", "state"),
        migrations.AddField(
            "review",
            "state",
            models.GeneratedField(
                expression=STATE, output_field=models.CharField(max_length=20), choices=STATES, db_persist=True
            ),
        ),
        migrations.AddField(
            "review",
            "waits",
            models.GeneratedField(
                expression=WAITS, output_field=models.PositiveSmallIntegerField(), db_persist=True
            ),
        ),
        *(
            migrations.AddIndex("review", models.Index(fields=[*narrowed, "waits", "asked_at", "id"], name=name))
            for name, narrowed in QUEUE.items()
        ),
        migrations.AddConstraint(
            "review",
            models.UniqueConstraint(
                fields=["journey"], condition=models.Q(ended_at=None), name="review_counts_once_per_journey"
            ),
        ),
    ]
