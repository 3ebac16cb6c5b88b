"""The one place that writes a journey's state, from what the database holds about it."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import F, FilteredRelation, Q, QuerySet

from journeys.lifecycle.journey_state import Facts, JourneyState, state_of
from journeys.lifecycle.review import ReviewState

AT_A_TIME = 500  # journeys of one update


def follow(journeys: QuerySet) -> dict[int, JourneyState]:
    """Writes the states of these journeys, and gives them by their keys. Inside the transaction
    that changed what they are made of.

    The journeys need not be locked. While a submission is under way nothing but an edit changes
    what a state is made of, and a draft that went on, or a state that somebody else wrote
    meanwhile, is left alone: each update names both as they were read.
    """
    states, changed = {}, defaultdict(list)
    for pk, head, was, facts in _facts_of(journeys):
        states[pk] = state_of(facts)
        if states[pk] != was:
            changed[was, states[pk]].append((pk, head))
    for (was, becomes), some in changed.items():
        for start in range(0, len(some), AT_A_TIME):
            pks, heads = zip(*some[start : start + AT_A_TIME], strict=True)
            rows = journeys.model.objects.filter(pk__in=pks, head__in=heads, state=was)
            rows.update(state=becomes)
    return states


def follow_ended(journeys: QuerySet, submissions: Iterable) -> None:
    """The same after submissions that were under way until now: nothing has to be read.

    Such a one is the newest of its draft, unless that went on and has another head; and no review
    counts but the approval by which it was made.
    """
    drafts = defaultdict(list)
    for row in submissions:
        approval = ReviewState.APPROVED if row.review_id else ""
        drafts[state_of(Facts(approval, row.state, bool(row.review_id)))].append(row.revision_id)
    for state, heads in drafts.items():
        journeys.filter(head__in=heads).update(state=state)


def _facts_of(journeys: QuerySet) -> list[tuple[int, int, str, Facts]]:
    """Each with its key, its head and the state that is written there. One query."""
    counting = FilteredRelation("reviews", condition=Q(reviews__ended_at=None))
    of_draft = FilteredRelation("submissions", condition=Q(submissions__revision=F("head")))
    rows = journeys.annotate(counting=counting, of_draft=of_draft)
    rows = rows.order_by("pk", "of_draft__created_at", "of_draft__id")
    of_review, of_submission = (
        ("counting", "counting__state"),
        ("of_draft__state", "of_draft__review"),
    )
    newest = {}  # of the submissions of one draft, the last one stays
    for row in rows.values_list("pk", "head", "state", *of_review, *of_submission):
        pk, head, was, review, review_state, submission_state, approval = row
        by_review = review is not None and review == approval
        facts = Facts(review_state or "", submission_state or "", by_review)
        newest[pk] = (pk, head, was, facts)
    return list(newest.values())
