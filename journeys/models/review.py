"""A review: somebody asks, somebody who wrote none of it approves or sends back."""

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from journeys.models.audit import AuditEntry
from journeys.models.states import JourneyState, NotAllowed, WrongState


class ReviewState(models.TextChoices):
    REQUESTED = "requested", _("Waiting for review")
    APPROVED = "approved", _("Approved")
    SENT_BACK = "sent-back", _("Sent back")
    OUTDATED = "outdated", _("Outdated by a later change")


class ReviewQuerySet(models.QuerySet):
    def visible_to(self, user) -> "ReviewQuerySet":
        from journeys.models.tenant import of_visible

        return of_visible(self, user)


class Review(models.Model):
    """`sha256` and `tenant` are what an approval is of: these bytes, to this place."""

    State = ReviewState

    journey = models.ForeignKey("Journey", on_delete=models.PROTECT, related_name="reviews")
    revision = models.ForeignKey("Revision", on_delete=models.PROTECT, related_name="reviews")
    sha256 = models.CharField(max_length=64)
    tenant = models.ForeignKey("Tenant", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=20, choices=ReviewState, default=ReviewState.REQUESTED)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    comment = models.TextField(blank=True)
    # the queue stands before what was decided; the database works it out of `state`
    waits = models.GeneratedField(
        expression=models.Case(models.When(state="requested", then=models.Value(1)), default=models.Value(0)),
        output_field=models.PositiveSmallIntegerField(),
        db_persist=True,
    )

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        permissions = [("approve_review", "Can approve a journey or send it back")]
        constraints = [
            models.UniqueConstraint(
                fields=["journey"], condition=models.Q(state="requested"), name="review_open_once_per_journey"
            )
        ]
        indexes = [
            models.Index(fields=[*narrowed, "waits", "asked_at", "id"], name="_".join(["review_queue", *narrowed]))
            for narrowed in ([], ["tenant"], ["state"], ["tenant", "state"])
        ]

    def __str__(self) -> str:
        return f"{self.journey} {self.revision}: {self.get_state_display()}"

    def authors(self) -> set[int]:
        """Whoever wrote any of the changes since the last approval, up to the reviewed revision."""
        approved = self.last_approved()
        since = approved.revision.number if approved else 0
        written = self.journey.revisions.filter(number__gt=since, number__lte=self.revision.number)
        return set(written.exclude(author=None).order_by().values_list("author", flat=True))

    def last_approved(self) -> "Review | None":
        """The newest approval before this review, whether or not an edit has ended it since."""
        earlier = self.journey.reviews.filter(id__lt=self.id, decided_at__isnull=False).exclude(state="sent-back")
        return earlier.select_related("revision").first()

    def approve(self, user, comment: str = "") -> None:
        self._decide(user, ReviewState.APPROVED, comment)

    def send_back(self, user, comment: str) -> None:
        self._decide(user, ReviewState.SENT_BACK, comment)

    def why_not_by(self, user) -> str:
        """Why this person may not decide; "" when they may."""
        if not user.has_perm("journeys.approve_review"):
            return _t("Only reviewers can approve a journey or send it back.")
        if user.pk in self.authors():
            return _t("You wrote some of these changes. Somebody else has to review them.")
        return ""

    @transaction.atomic
    def _decide(self, user, state: str, comment: str) -> None:
        reason = self.why_not_by(user)
        if reason:
            raise NotAllowed(reason)
        # An edit holds the journey and then ends its reviews; the other way round the two could wait for each other.
        type(self.journey).objects.select_for_update().get(pk=self.journey_id)
        decided = Review.objects.filter(pk=self.pk, state=ReviewState.REQUESTED).update(
            state=state, decided_by=user, decided_at=timezone.now(), comment=comment
        )
        if not decided:
            raise WrongState(_t("This review is no longer open: it was decided already, or the journey was changed."))
        self.refresh_from_db()
        approved = state == ReviewState.APPROVED
        self.journey.set_state(JourneyState.APPROVED if approved else JourneyState.DRAFT)
        AuditEntry.objects.create(
            actor=user,
            action="review.approved" if approved else "review.sent-back",
            journey=self.journey,
            tenant=self.tenant,
            data={"revision": self.revision.number, "sha256": self.sha256, "comment": comment},
        )
