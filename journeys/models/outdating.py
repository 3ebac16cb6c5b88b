"""What ended a review: somebody changed or submitted the journey, or its tenant became another
place."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from journeys.models.audit import AuditEntry
from journeys.models.audit_names import field_label
from journeys.models.review import Review
from journeys.models.revision import Revision
from journeys.models.submission import Submission

MOST_MOVES = 500  # of the tenants since the oldest of the reviews


@dataclass(frozen=True)
class Cause:
    """`fields` are the tenant's, by the names that the audit keeps; `revision` is the first after
    the reviewed one; `submission` the one that was not made by this review."""

    by: object
    at: datetime
    fields: list[str] = field(default_factory=list)
    revision: object = None
    submission: object = None

    @property
    def named(self) -> str:
        """The fields as their form calls them."""
        return ", ".join(field_label(name) for name in self.fields)


def cause_of(review: Review) -> Cause | None:
    """Whichever came first; None where neither is known any more."""
    return causes_of([review])[review.pk]


def causes_of(
    reviews: list[Review],
    known: Iterable[Revision] = (),
    sent: Sequence[Submission] | None = None,
) -> dict[int, Cause | None]:
    """The same for reviews of one journey, by their keys, with three queries however many they are.
    `known`: revisions that were read already; `sent`: all submissions of the reviewed revisions
    with who made them, where those were, the oldest first."""
    if not reviews:
        return {}
    revisions, moves = _edits_after(reviews, known), _moves_after(reviews)
    rows = _sent_after(reviews) if sent is None else sent
    submissions, first_causes = _causes_by_revision(rows), {}
    for review in reviews:
        edit = revisions.get(review.revision.number + 1)
        edits = [Cause(edit.author, edit.created_at, revision=edit)] if edit else []
        of_place = [
            move
            for tenant, move in moves
            if tenant == review.tenant_id and move.at >= review.asked_at
        ]
        by_another = [one for pk, one in submissions.get(review.revision_id, []) if pk != review.pk]
        later = [one for one in by_another if one.at >= review.asked_at]
        causes = edits + of_place[:1] + later[:1]
        first_causes[review.pk] = min(causes, key=lambda one: one.at, default=None)
    return first_causes


def _edits_after(reviews: list[Review], known: Iterable[Revision]) -> dict[int, Revision]:
    """By their numbers, the revisions that follow the reviewed ones."""
    revisions = {revision.number: revision for revision in known}
    edited = [review for review in reviews if review.revision_id != review.journey.head_id]
    missing = {review.revision.number + 1 for review in edited} - {*revisions}
    rows = reviews[0].journey.revisions.rows().select_related("author").filter(number__in=missing)
    return revisions | {revision.number: revision for revision in (rows if missing else ())}


def _sent_after(reviews: list[Review]) -> Iterable[Submission]:
    rows = Submission.objects.filter(revision__in={review.revision_id for review in reviews})
    rows = rows.filter(created_at__gte=min(review.asked_at for review in reviews))
    return rows.rows().select_related("created_by").order_by("created_at")[:MOST_MOVES]


def _causes_by_revision(
    rows: Iterable[Submission],
) -> dict[int, list[tuple[int | None, Cause]]]:
    """By the reviewed revisions, the oldest first, each with the approval by which it was made."""
    causes = defaultdict(list)
    for one in rows:
        cause = Cause(one.created_by, one.created_at, submission=one)
        causes[one.revision_id].append((one.review_id, cause))
    return causes


def _moves_after(reviews: list[Review]) -> list[tuple[int, Cause]]:
    """The moves of their tenants, the oldest first."""
    since = min(review.asked_at for review in reviews)
    moved = AuditEntry.objects.filter(
        tenant__in={review.tenant_id for review in reviews}, at__gte=since
    )
    moved = moved.filter(action="tenant.changed", data__has_key="approvals_ended")
    rows = moved.select_related("actor").order_by("id")[:MOST_MOVES]
    return [
        (entry.tenant_id, Cause(entry.actor, entry.at, fields=entry.data.get("fields") or []))
        for entry in rows
    ]
