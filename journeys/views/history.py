"""What happened to a journey: every revision, one of them opened, and the way back to it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import User
from django.db.models import Max, Q
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_POST, require_safe

from journeys.limiting import limited, take_turn
from journeys.models import Journey, KeyTaken, Review, Revision, Submission
from journeys.models.outdating import Cause, causes_of
from journeys.paging import page_of
from journeys.screens.changes import changes_between
from journeys.screens.draft import Draft
from journeys.screens.error_text import error_text
from journeys.screens.numbers import asked_number
from journeys.screens.review_status import left_in_list, stands, with_newest_review
from journeys.screens.size import short
from journeys.spec import document as doc
from journeys.views.access import UNREAD, editable_journey, visible_journey

MOST_MARKS = 500  # of the revisions of one page; the newest


@dataclass(frozen=True)
class Mark:
    """What a revision was used for: a chip with its state and words, and what the reviewer said."""

    state: str
    text: str
    url_id: str = ""
    comment: str = ""
    by: User | None = None
    at: datetime | None = None
    ended: bool = False
    cause: Cause | None = None


@require_safe
def history(request: HttpRequest, pk: int) -> HttpResponse:
    journey = visible_journey(request, pk, unread=UNREAD, read=with_newest_review)
    left_in_list([journey])
    shown, number = journey.revisions.rows().select_related("author"), journey.head.number
    page = page_of(
        journey.revisions.all(), ["-number"], request.GET.get("page"), loaded=shown, known=number
    )
    marks, undone = marks_of(page), undone_numbers(journey, [revision.number for revision in page])
    context = {
        "nav": "journeys",
        "journey": journey,
        "page": page,
        "left": journey.left,
        "rows": [
            (revision, marks.get(revision.pk, []), revision.number in undone) for revision in page
        ],
    }
    return render(request, "journeys/history.html", context)


@limited("compare", per_minute=120)
@require_safe
def revision(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    journey = visible_journey(request, pk)
    shown = get_object_or_404(journey.revisions.select_related("author"), number=number)
    before = journey.revisions.filter(number=number - 1).first()
    take_turn(request, shown.size + (before.size if before else 0))
    draft = Draft(journey, shown)
    context = {
        "nav": "journeys",
        "journey": journey,
        "revision": shown,
        "altered": [why for one in (shown, before) if one and (why := one.why_altered())],
        "before": before,
        "is_newest": shown.pk == journey.head_id,
        "marks": marks_of([shown]).get(shown.pk, []),
        "undone": shown.number in undone_numbers(journey, [shown.number]),
        "draft": draft,
        "document": short(doc.pretty(draft.document)),
        "rows": draft.row_part(asked_number(request.GET, "rows_from") or 0),
        "can_edit": Journey.objects.editable_by(request.user).filter(pk=journey.pk).exists(),
    }
    return render(
        request,
        "journeys/revision.html",
        context | changes_between(before, draft.document, request.GET.get("changes")),
    )


@limited("compare", per_minute=120)
@require_POST
@permission_required("journeys.change_journey", raise_exception=True)
def restore(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    journey = editable_journey(request, pk)
    older = get_object_or_404(journey.revisions, number=number)
    take_turn(request, older.size)
    newest = journey.head
    try:
        restored = journey.restore(older, request.user)
    except (KeyTaken, doc.DocumentError) as error:
        messages.error(request, error_text(error))
        return redirect("revision", journey.pk, number)
    if restored.number == newest.number:
        messages.info(request, _t("The journey is the same as revision %s already.") % number)
    else:
        notice = _t(
            "Revision %(old)s is the draft again, as revision %(new)s. Undo takes this back."
        )
        messages.success(request, notice % {"old": number, "new": restored.number})
    return redirect("composer", journey.pk)


def marks_of(revisions: Iterable[Revision]) -> dict[int, list[Mark]]:
    """By revision id: its reviews and submissions, oldest first."""
    revisions, marks = list(revisions), {}
    shown = [revision.pk for revision in revisions]
    reviews = (
        Review.objects.filter(revision__in=shown)
        .select_related("decided_by", "journey", "revision")
        .defer("revision__packed")
    )
    newest = list(reversed(reviews.order_by("-id")[:MOST_MARKS]))
    submissions = (
        Submission.objects.filter(revision__in=shown)
        .rows()
        .select_related("created_by")
        .order_by("-created_at", "-id")
    )
    sent = list(reversed(submissions[:MOST_MARKS]))
    ended = [review for review in newest if review.state == Review.State.OUTDATED]
    causes = causes_of(ended, revisions, sent)
    for review in newest:
        marks.setdefault(review.revision_id, []).append(review_mark(review, causes.get(review.pk)))
    for one in sent:
        marks.setdefault(one.revision_id, []).append(
            Mark(one.state, one.get_state_display(), str(one.pk))
        )
    return marks


def review_mark(review: Review, cause: Cause | None) -> Mark:
    decided = {"comment": review.comment, "by": review.decided_by, "at": review.decided_at}
    is_over = review.state == Review.State.OUTDATED
    return Mark(review.state, stands(review), **decided, ended=is_over, cause=cause)


def undone_numbers(journey: Journey, numbers: list[int]) -> set[int]:
    """Those of the numbers whose revision's change is taken back at present: the last turn of each
    tells."""
    turns = journey.revisions.filter(Q(undoes__in=numbers) | Q(redoes__in=numbers)).order_by()
    turns = turns.annotate(turned=Coalesce("undoes", "redoes")).values_list("turned")
    last = turns.annotate(undone=Max("number", filter=Q(undoes__isnull=False)), all=Max("number"))
    return {number for number, undone, newest in last if undone == newest}
