"""What a review left for whoever writes the journey: it was sent back, or it ended because the tenant moved."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.contrib.auth import get_user_model
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject, Substr
from django.utils.translation import gettext as _t

from journeys.models import Journey, Review
from journeys.models.audit_names import field_label
from journeys.models.outdating import cause_of
from journeys.models.states import BEING_WRITTEN

SENT_BACK, ENDED = "sent-back", "ended"
LONGEST = 1000  # letters of a comment in the list; the composer shows all
NAMES = ("username", "first_name", "last_name")


@dataclass(frozen=True)
class Left:
    """`kind` is SENT_BACK or ENDED. Of what ended, `by` and `at` are known where one journey is looked at."""

    kind: str
    comment: str = ""
    was_approved: bool = False
    by: object = None
    at: datetime | None = None
    fields: str = ""

    @property
    def why(self) -> str:
        if self.kind == SENT_BACK:
            return self.comment
        if self.was_approved:
            return _t("The approval ended: the tenant has moved.")
        return _t("The review ended: the tenant has moved.")

    @property
    def next(self) -> str:
        if self.kind == SENT_BACK:
            return _t("Change what has to be changed, then ask for a review again.")
        return _t("Nothing in the journey has to be changed. Ask for a review again.")


def with_newest_review(journeys: QuerySet[Journey]) -> QuerySet[Journey]:
    """What `left_in_list` needs of each, without a query of its own."""
    newest = Review.objects.filter(journey=OuterRef("pk")).order_by("-id")
    names = {name: f"decided_by__{name}" for name in NAMES}
    told = JSONObject(state="state", revision="revision_id", comment=Substr("comment", 1, LONGEST), **names)
    return journeys.annotate(
        newest_review=Subquery(newest.values(told=told)[:1]), decided_at=Subquery(newest.values("decided_at")[:1])
    )


def left_in_list(journeys: Iterable[Journey]) -> None:
    """Sets `left` of each, which were read by `with_newest_review`."""
    for journey in journeys:
        told, journey.left = journey.newest_review, None
        if told and journey.state in BEING_WRITTEN:
            by = get_user_model()(**{name: told[name] or "" for name in NAMES})
            review = Review(revision_id=told["revision"], state=told["state"], comment=told["comment"], decided_by=by)
            review.decided_at = journey.decided_at
            journey.left = left_by(journey, review)


def left_behind(journey: Journey) -> Left | None:
    """The same for one journey, and who moved its tenant."""
    if journey.state not in BEING_WRITTEN:
        return None
    newest = journey.reviews.select_related("decided_by", "revision").defer("revision__packed").order_by("-id").first()
    left = left_by(journey, newest) if newest else None
    cause = cause_of(newest) if left and left.kind == ENDED else None
    if cause is None:
        return left
    names = ", ".join(str(field_label(name)).lower() for name in cause.fields)
    return replace(left, by=cause.by, at=cause.at, fields=names)


def left_by(journey: Journey, review: Review) -> Left | None:
    """What its newest review left."""
    if journey.state == Journey.State.SENT_BACK and review.state == Review.State.SENT_BACK:
        return Left(SENT_BACK, review.comment, by=review.decided_by, at=review.decided_at)
    # An edit would have brought a newer revision with it.
    if review.state == Review.State.OUTDATED and review.revision_id == journey.head_id:
        return Left(ENDED, was_approved=bool(review.decided_at))
    return None
