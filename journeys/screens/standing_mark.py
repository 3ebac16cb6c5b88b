"""By what a page notices that something was decided since: one cheap statement tells it."""

from django.db.models import Count, F, Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject

from journeys.models import Journey, Review, Submission

MARK = ("state_read", "review_mark", "submission_mark", "acceptance_mark")


def with_mark(journeys: QuerySet[Journey]) -> QuerySet[Journey]:
    """With what `mark_of` needs of each."""
    of_journey = {"journey": OuterRef("pk")}
    facts = JSONObject(pk="pk", state="state")
    reviews = Review.objects.filter(**of_journey).order_by("-id").values(told=facts)
    sent = Submission.objects.filter(**of_journey).order_by("-created_at", "-id")
    accepted = Journey.acceptances.rel.related_model.objects.filter(**of_journey).order_by()
    counted = accepted.values("journey").annotate(count=Count("pk"), last=Max("pk"))
    return journeys.annotate(
        state_read=F("state"),
        review_mark=Subquery(reviews[:1]),
        submission_mark=Subquery(sent.values(told=facts)[:1]),
        acceptance_mark=Subquery(counted.values(told=JSONObject(count="count", last="last"))),
    )


def mark_of(journey: Journey) -> str:
    """Changes with every decision about the journey; "" where it was read without."""
    if "state_read" not in journey.__dict__:
        return ""
    some = [getattr(journey, name) for name in MARK[1:]]
    told = ["-".join(map(str, one.values())) if one else "" for one in some]
    return ".".join([journey.state_read, *told])


def mark_now(user: object, pk: int) -> tuple[str, int] | None:
    """With the number of the newest revision; None where the user cannot see it. One statement."""
    rows = with_mark(Journey.objects.visible_to(user).order_by()).select_related("head")
    journey = rows.only("state", "head__number").filter(pk=pk).first()
    return journey and (mark_of(journey), journey.head.number)
