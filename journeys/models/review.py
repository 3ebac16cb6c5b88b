"""A review: somebody asks, somebody who wrote none of it approves or sends back."""

import hashlib
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import models, transaction
from django.utils.translation import gettext as _t
from django.utils.translation import ngettext

from journeys.lifecycle.journey_state import NotAllowed, Tampered, WrongState
from journeys.lifecycle.review import (
    Decision,
    ReviewState,
    is_ones_own,
    why_not_confirm,
    why_not_decide,
    why_second,
)
from journeys.models import clock, memory, seals
from journeys.models import countersignature as second
from journeys.models.accounts import linked_author
from journeys.models.audit import record
from journeys.models.authorship import SEALED, writers_of
from journeys.models.revision import sha256_of
from journeys.models.tenant import of_visible

LONGEST_REPLY = 1000
MOST_ALIKE = 20  # revisions of the same bytes that are looked at


class ReviewQuerySet(models.QuerySet):
    def visible_to(self, user, *, is_search: bool = False) -> "ReviewQuerySet":
        return of_visible(self, user, is_search=is_search)

    def end(self) -> int:
        """These do not count any more: how many did until now. The journey's state follows."""
        return self.filter(ended_at=None).update(ended_at=clock.moment())


class Review(models.Model):
    """`sha256`, `tenant` and `place` are what an approval is of: these bytes, to this place. `seal`
    proves it.

    `decision` stays as it was made. `ended_at`: since when the review does not count any more,
    because the journey was changed or submitted, its tenant moved, or another review was asked for.
    """

    Decision = Decision
    State = ReviewState

    journey = models.ForeignKey("Journey", on_delete=models.PROTECT, related_name="reviews")
    revision = models.ForeignKey("Revision", on_delete=models.PROTECT, related_name="reviews")
    sha256 = models.CharField(max_length=64)
    tenant = models.ForeignKey("Tenant", on_delete=models.PROTECT, related_name="+")
    place = models.CharField(max_length=60, blank=True, editable=False)
    decision = models.CharField(
        max_length=20, choices=Decision, blank=True, default=Decision.NONE, editable=False
    )
    ended_at = models.DateTimeField(null=True, editable=False)
    # what lists show and are narrowed by; the database works it out
    state = models.GeneratedField(
        expression=models.Case(
            models.When(decision="sent-back", then=models.Value("sent-back")),
            models.When(ended_at__isnull=False, then=models.Value("outdated")),
            models.When(decision="approved", then=models.Value("approved")),
            default=models.Value("requested"),
        ),
        output_field=models.CharField(max_length=20),
        choices=ReviewState,
        db_persist=True,
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField(default=clock.moment, editable=False)
    # what its authors say to who sent an earlier one back
    reply = models.TextField(blank=True, default="")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    seal = models.CharField(max_length=80, blank=True, editable=False)
    comment = models.TextField(blank=True)
    # the queue stands before what was decided
    waits = models.GeneratedField(
        expression=models.Case(
            models.When(decision="", ended_at=None, then=models.Value(1)), default=models.Value(0)
        ),
        output_field=models.PositiveSmallIntegerField(),
        db_persist=True,
    )

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        permissions = [("approve_review", "Can approve a journey or send it back")]
        constraints = [
            models.UniqueConstraint(
                fields=["journey"],
                condition=models.Q(ended_at=None),
                name="review_counts_once_per_journey",
            )
        ]
        indexes = [
            models.Index(
                fields=[*narrowed, "waits", "asked_at", "id"],
                name="_".join(["review_queue", *narrowed]),
            )
            for narrowed in ([], ["tenant"], ["state"], ["tenant", "state"])
        ]

    def __str__(self) -> str:
        return f"{self.journey} {self.revision}: {self.get_state_display()}"

    def authors(self) -> set[int]:
        """Whoever wrote anything that is in the reviewed revision and not in what was approved
        before for this place.

        Words that somebody else brought back are their first writers' as well. UNKNOWN is among
        them where the database was changed past the composer.
        """
        since = self.baseline()
        return {int(pk) for pk, number in writers_of(self.revision).items() if number > since}

    def baseline(self) -> int:
        """The newest revision, up to the reviewed one, of the very bytes that were approved last; 0
        when none were."""
        approved = self.last_approved()
        if approved is None:
            return 0
        same = self.journey.revisions.filter(
            sha256=approved.sha256, number__lte=self.revision.number
        )
        newest = same.order_by("-number").only(*SEALED)[:MOST_ALIKE]
        return next((one.number for one in newest if one.is_sealed()), 0)

    def last_approved(self) -> "Review | None":
        """The newest approval before this review that still holds, but for edits since."""
        moment = clock.moment()
        earlier = self.journey.reviews.filter(
            tenant=self.tenant_id, place=self.place, decided_at__isnull=False
        )
        earlier = earlier.filter(
            decided_at__gt=moment - lasts(), decided_by__is_active=True
        ).exclude(seal="")
        if self.pk:
            earlier = earlier.filter(id__lt=self.pk)
        approvals = earlier.filter(decision=Decision.APPROVED).select_related(
            "revision", "decided_by"
        )
        approvals = approvals.defer("revision__packed").iterator(chunk_size=10)
        return next((one for one in approvals if one.is_sealed(one.sha256)), None)

    def last_sent_back(self) -> "Review | None":
        """The newest review before this one that was sent back, unless one was approved since: what
        `reply` answers."""
        decided = self.journey.reviews.filter(tenant=self.tenant_id, id__lt=self.pk)
        decided = decided.exclude(decision="").select_related("revision", "decided_by")
        newest = decided.defer("revision__packed").order_by("-id").first()
        return newest if newest and newest.decision == Decision.SENT_BACK else None

    # The seal

    def is_sealed(self, sha256: str) -> bool:
        """Whether bytes with this hash were approved here, and nothing of the row was changed
        since."""
        if not self.decided_at or sha256 != self.sha256:
            return False
        return seals.fits(self.seal, "review", self._facts(Decision.APPROVED))

    def sealed(self, decision: str = Decision.APPROVED) -> "Review":
        self.seal = seals.sealed("review", self._facts(decision))
        return self

    def why_ended(self, moment: datetime) -> str:
        """Why an approval, which is sealed, no longer holds; "" while it holds. The tenant's place
        is not looked at."""
        person = self.decided_by
        if person is None or not person.is_active:
            name = person.get_username() if person else "–"
            return _t("%(name)s, who approved it, no longer has an account that is in use.") % {
                "name": name
            }
        if self.decided_at + lasts() <= moment:
            days = settings.APPROVAL_DAYS
            text = ngettext(
                "It was approved more than %(days)s day ago.",
                "It was approved more than %(days)s days ago.",
                days,
            )
            return text % {"days": days}
        return ""

    def _facts(self, decision: str) -> dict:
        return {
            "review": self.pk,
            "journey": self.journey_id,
            "revision": self.revision_id,
            "tenant": self.tenant_id,
            "place": self.place,
            "sha256": self.sha256,
            "decision": str(decision),
            "by": self.decided_by_id,
            "at": seals.at(self.decided_at),
        }

    # The decision

    def approve(self, user, comment: str = "") -> None:
        self._decide_or_ask(user, Decision.APPROVED, comment)

    def send_back(self, user, comment: str) -> None:
        self._decide_or_ask(user, Decision.SENT_BACK, comment)

    def why_not_by(self, user) -> str:
        """Why this person may not decide; "" when they may, if need be with the confirmation of a
        second admin."""
        reviews = user.has_perm("journeys.approve_review")
        authors = self.authors() if reviews and user.is_active else ()
        return why_not_decide(user.pk, authors, reviews=reviews, is_active=user.is_active)

    def needs_second(self, user) -> str:
        """Why this person's decision counts only when a second admin confirms it; "" when it counts
        as it is."""
        authors = self.authors()
        linked = linked_author(authors, user)
        return why_second(authors, linked.get_username() if linked else "")

    def second_of(self, decision: str, comment: str) -> dict:
        """What a second admin confirms about it: this decision, in these words."""
        of = self._decided_so(decision) + hashlib.sha256(comment.strip().encode()).hexdigest()[:32]
        text = f"{Decision(decision).label}: {self.journey} {self.revision}"
        return {
            "what": second.Deed.DECIDE,
            "of": of,
            "told": text,
            "tenant": self.tenant,
            "journey": self.journey,
        }

    def confirmed_comment(self, user) -> str:
        """What this person asked with, where a second admin has confirmed the decision and it is
        still to be done."""
        if self.state != ReviewState.REQUESTED:
            return ""
        confirmation = second.confirmed(user, second.Deed.DECIDE, f"{self.pk}:{self.sha256}:")
        return confirmation.reason if confirmation else ""

    def _decided_so(self, decision: str) -> str:
        return f"{self.pk}:{self.sha256}:{decision!s}:"

    def _decide_or_ask(self, user, decision: str, comment: str) -> None:
        if decision == Decision.APPROVED:  # before the lock, because it takes a while
            self.journey.require_no_blocking_problem(self.revision)
        try:
            self._decide(user, decision, comment)
        except second.NeedsSecond:
            if comment.strip():
                second.ask(user, **self.second_of(decision, comment), reason=comment)
            raise

    def _confirmed(self, user, decision: str, comment: str) -> str:
        """The comment that a second admin confirmed with this decision: one's own, or, where one
        says nothing more, the one that was asked with. Raises NeedsSecond."""
        if len(comment.strip()) > second.LONGEST_REASON:
            text = _t(
                "A second admin has to confirm this in your words: use at most %(count)s letters."
            )
            raise WrongState(text % {"count": second.LONGEST_REASON})
        confirmation = (
            None
            if comment.strip()
            else second.confirmed(user, second.Deed.DECIDE, self._decided_so(decision))
        )
        said = confirmation.reason if confirmation else comment
        self._require_another(
            second.countersigned(user, **self.second_of(decision, said), reason=comment)
        )
        return said

    @transaction.atomic
    def _decide(self, user, decision: str, comment: str) -> None:
        # An edit holds the journey and then ends its reviews; the other way round the two could
        # wait for each other.
        journey = (
            type(self.journey)
            .objects.select_for_update()
            .select_related("tenant")
            .get(pk=self.journey_id)
        )
        user = get_user_model().objects.get(
            pk=user.pk
        )  # as the person stands now, not as the page was opened
        if reason := self.why_not_by(user):
            raise NotAllowed(reason)
        if self.needs_second(user):
            comment = self._confirmed(user, decision, comment)
        self._require_unchanged(journey)
        decided_at = memory.after_changes(journey, clock.moment())
        self.decided_by, self.decided_at, self.place = user, decided_at, journey.tenant.place
        seal = self.sealed(decision).seal
        values = {
            "decision": decision,
            "decided_by": user,
            "decided_at": decided_at,
            "place": self.place,
            "seal": seal,
            "comment": comment,
        }
        still_open = Review.objects.filter(pk=self.pk, state=ReviewState.REQUESTED)
        if not still_open.update(**values):
            raise WrongState(
                _t(
                    "This review is no longer open: it was decided already, or the journey was"
                    " changed or submitted."
                )
            )
        self.refresh_from_db()
        self.journey.follow()
        approved = decision == Decision.APPROVED
        action = "review.approved" if approved else "review.sent-back"
        facts = {"revision": self.revision.number, "sha256": self.sha256, "comment": comment}
        record(user, action, journey=self.journey, tenant=self.tenant, **facts)

    def _require_another(self, used: "second.Countersignature") -> None:
        if reason := why_not_confirm(used.confirmed_by_id, self.authors()):
            raise NotAllowed(reason)

    def _require_unchanged(self, journey) -> None:
        """The bytes are those that the page showed, and the tenant stands for the place that it
        showed."""
        journey.tenant.require_sealed()
        if self.place and self.place != journey.tenant.place:
            text = _t(
                "The tenant stands for another place since this review was asked for. Ask for a new"
                " one."
            )
            raise WrongState(text)
        if not sha256_of(bytes(self.revision.packed)) == self.revision.sha256 == self.sha256:
            text = _t(
                "The stored journey is not the one that the review was asked for. Tell an admin."
            )
            raise Tampered(text)


def own_open(user) -> Review | None:
    """An open review of what this person asked for or wrote."""
    rows = Review.objects.filter(state=ReviewState.REQUESTED).select_related(
        "revision", "journey", "tenant"
    )
    wrote = models.Q(revision__writers__has_key=str(user.pk)) | models.Q(revision__author=user)
    likely = rows.filter(wrote | models.Q(asked_by=user)).defer("revision__packed")
    own = (one for one in likely if is_ones_own(user.pk, one.asked_by_id, one.authors()))
    return next(own, None)


def lasts() -> timedelta:
    """How long an approval holds."""
    return timedelta(days=settings.APPROVAL_DAYS)
