"""What a review left for whoever writes the journey: it was sent back, or it ended because the
tenant moved."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.contrib.auth import get_user_model
from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject, Substr
from django.utils.translation import gettext as _t

from journeys.lifecycle.journey_state import BEING_WRITTEN, JourneyState
from journeys.models import Journey, Review, Submission
from journeys.models.outdating import cause_of

SENT_BACK, ENDED = "sent-back", "ended"
LONGEST = 1000  # letters of a comment in the list; the composer shows all
NAMES = ("username", "first_name", "last_name")
# Where a review that was asked for since can have ended. The last two go on to be told first.
ENDS_IN = (*BEING_WRITTEN, JourneyState.REFUSED, JourneyState.NEEDS_PERSON)


@dataclass(frozen=True)
class Left:
    """`kind` is SENT_BACK or ENDED. Of what ended, `by` and `at` are known where one journey is
    looked at.

    `asks`: whether its tenant still asks for reviews. `review` is the review's number. `is_all`:
    there is nothing else to say of the journey, such as that it was refused."""

    kind: str
    review: int = 0
    asks: bool = True
    comment: str = ""
    was_approved: bool = False
    by: object = None
    at: datetime | None = None
    fields: str = ""
    is_all: bool = True

    @property
    def why(self) -> str:
        if self.kind == SENT_BACK:
            return self.comment
        if self.was_approved:
            return _t("The approval ended: the tenant has moved.")
        return _t("The review ended: the tenant has moved.")

    @property
    def word(self) -> str:
        return (
            _t("Sent back")
            if self.kind == SENT_BACK
            else ended_word(was_approved=self.was_approved)
        )

    @property
    def state(self) -> str:
        """By which its chip is coloured."""
        return Journey.State.SENT_BACK if self.kind == SENT_BACK else Journey.State.NEEDS_PERSON

    @property
    def next(self) -> str:
        if self.kind == SENT_BACK and self.asks:
            return _t("Change what has to be changed, then ask for a review again.")
        if self.kind == SENT_BACK:
            return _t(
                "Change what has to be changed, then submit it: its tenant asks for no review any"
                " more."
            )
        return _t("Nothing in the journey has to be changed.") + " " + self.ask

    @property
    def ask(self) -> str:
        """What is asked for once it is as it should be."""
        if self.asks:
            return _t("Ask for a review again.")
        return _t("It can be submitted: its tenant asks for no review any more.")


def ended_word(*, was_approved: bool) -> str:
    return _t("Approval ended") if was_approved else _t("Review ended")


def stands(review: Review) -> str:
    """Its state in words, the same wherever it is told."""
    if review.state == Review.State.OUTDATED:
        return ended_word(was_approved=bool(review.decision))
    return review.get_state_display()


def ended_in_list(journeys: QuerySet[Journey]) -> QuerySet[Journey]:
    """Of these, those that `left_in_list` says of that their review or approval ended."""
    newest = Review.objects.filter(journey=OuterRef("pk")).order_by("-id")
    read = journeys.annotate(
        review_state=Subquery(newest.values("state")[:1]),
        review_of=Subquery(newest.values("revision")[:1]),
        review_asked_at=Subquery(newest.values("asked_at")[:1]),
    )
    ended = read.filter(review_state=Review.State.OUTDATED, review_of=F("head"))
    states = [state for state in ENDS_IN if state != Journey.State.SENT_BACK]
    return ended.filter(~Exists(_sent_unreviewed()), state__in=states)


def _sent_unreviewed() -> QuerySet[Submission]:
    """What ended the review of a draft that was submitted without it."""
    rows = Submission.objects.filter(revision=OuterRef("head"), review=None).order_by()
    return rows.filter(created_at__gte=OuterRef("review_asked_at"))


def with_newest_review(journeys: QuerySet[Journey]) -> QuerySet[Journey]:
    """What `left_in_list` needs of each, without a query of its own."""
    newest = Review.objects.filter(journey=OuterRef("pk")).order_by("-id")
    names = {name: f"decided_by__{name}" for name in NAMES}
    facts = JSONObject(
        id="id",
        state="state",
        decision="decision",
        revision="revision_id",
        comment=Substr("comment", 1, LONGEST),
        **names,
    )
    return journeys.annotate(
        newest_review=Subquery(newest.values(told=facts)[:1]),
        decided_at=Subquery(newest.values("decided_at")[:1]),
        review_asked_at=Subquery(newest.values("asked_at")[:1]),
    ).annotate(
        sent_unreviewed=Exists(_sent_unreviewed()),
    )


def left_in_list(journeys: Iterable[Journey]) -> None:
    """Sets `left` of each, which were read by `with_newest_review`."""
    for journey in journeys:
        journey.left = _left_as_read(journey)


def _left_as_read(journey: Journey) -> Left | None:
    facts = journey.newest_review
    if not facts or journey.state not in ENDS_IN:
        return None
    by = get_user_model()(**{name: facts[name] or "" for name in NAMES})
    review = Review(
        pk=facts["id"],
        revision_id=facts["revision"],
        decision=facts["decision"],
        comment=facts["comment"],
    )
    review.state = facts["state"]
    review.decided_by, review.decided_at = by, journey.decided_at
    return left_by(journey, review, sent_unreviewed=journey.sent_unreviewed)


def left_of(journey: Journey) -> Left | None:
    """The same for one journey."""
    newest = _newest(journey)
    return _left_by(journey, newest) if newest else None


def left_behind(journey: Journey) -> Left | None:
    """The same, and who moved its tenant."""
    if hasattr(journey, "newest_review") and _left_as_read(journey) is None:
        return None
    newest = _newest(journey)
    left = _left_by(journey, newest) if newest else None
    cause = cause_of(newest) if left and left.kind == ENDED else None
    if cause is None:
        return left
    return replace(left, by=cause.by, at=cause.at, fields=cause.named)


def _newest(journey: Journey) -> Review | None:
    return newest_review(journey) if journey.state in ENDS_IN else None


def newest_review(journey: Journey) -> Review | None:
    return (
        journey.reviews.select_related("asked_by", "decided_by", "revision")
        .defer("revision__packed")
        .order_by("-id")
        .first()
    )


def _left_by(journey: Journey, review: Review) -> Left | None:
    rows = Submission.objects.filter(revision=journey.head_id, review=None)
    rows = rows.filter(created_at__gte=review.asked_at)
    may_have_ended = review.state == Review.State.OUTDATED
    return left_by(journey, review, sent_unreviewed=may_have_ended and rows.exists())


def left_by(journey: Journey, review: Review, *, sent_unreviewed: bool) -> Left | None:
    """What its newest review left. Where it ended with a submission, that is said of the
    submission."""
    shared = {"review": review.pk, "asks": journey.tenant.review_required}
    if journey.state == Journey.State.SENT_BACK and review.state == Review.State.SENT_BACK:
        return Left(
            SENT_BACK, comment=review.comment, by=review.decided_by, at=review.decided_at, **shared
        )
    # An edit would have brought a newer revision with it.
    is_of_draft = review.revision_id == journey.head_id
    if review.state == Review.State.OUTDATED and is_of_draft and not sent_unreviewed:
        shared["is_all"] = journey.state in BEING_WRITTEN
        return Left(ENDED, was_approved=bool(review.decision), **shared)
    return None
