"""What happened to a journey: every revision, one of them opened, and the way back to it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import User
from django.db.models import Max, Q
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_POST, require_safe

from journeys.limiting import limited, take_turn
from journeys.models import (
    Journey,
    KeyTaken,
    Review,
    Revision,
    Submission,
    Tampered,
    WrongState,
    turning,
)
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
    marks, turns = marks_of(page), last_turns(journey, page)
    context = {
        "nav": "journeys",
        "journey": journey,
        "page": page,
        "left": journey.left,
        "can_edit": request.user.has_perm("journeys.change_journey"),
        "rows": [
            (revision, marks.get(revision.pk, []), is_undone(revision, turns)) for revision in page
        ],
        "revertible": {one.number for one in page if may_be_reverted(one, turns)},
    }
    return render(request, "journeys/history.html", context)


@limited("compare", per_minute=120)
@require_safe
def revision(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    journey = visible_journey(request, pk)
    shown = get_object_or_404(journey.revisions.select_related("author"), number=number)
    before = journey.revisions.filter(number=number - 1).first()
    take_turn(request, shown.size + (before.size if before else 0))
    draft, turns = Draft(journey, shown), last_turns(journey, [shown])
    context = {
        "nav": "journeys",
        "journey": journey,
        "revision": shown,
        "altered": [why for one in (shown, before) if one and (why := one.why_altered())],
        "before": before,
        "is_newest": shown.pk == journey.head_id,
        "marks": marks_of([shown]).get(shown.pk, []),
        "undone": is_undone(shown, turns),
        "may_be_reverted": may_be_reverted(shown, turns),
        "draft": draft,
        "document": short(doc.pretty(draft.document)),
        "rows": draft.row_part(asked_number(request.GET, "rows_from") or 0),
        "can_edit": request.user.has_perm("journeys.change_journey"),
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


@limited("compare", per_minute=120)
@require_POST
@permission_required("journeys.change_journey", raise_exception=True)
def revert(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Takes back what one revision changed, under all that came later."""
    journey = editable_journey(request, pk)
    row = get_object_or_404(journey.revisions.rows(), number=number)
    try:
        reverted = journey.revert(row, request.user)
    except Tampered:  # told, and kept, as everywhere (refusing)
        raise
    except (WrongState, KeyTaken, doc.DocumentError) as error:
        messages.error(request, error_text(error))
        return redirect(f"{reverse('history', args=[journey.pk])}?{urlencode(shown_page(request))}")
    notice = _t("%(what)s, as revision %(number)s. Undo takes this back.")
    messages.success(request, notice % {"what": reverted.summary, "number": reverted.number})
    return redirect("composer", journey.pk)


def shown_page(request: HttpRequest) -> dict[str, str]:
    return {"page": request.POST["page"]} if request.POST.get("page") else {}


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


def last_turns(journey: Journey, rows: Iterable[Revision]) -> dict[int, bool]:
    """By the number of a change that was turned: whether it is taken back at present."""
    numbers = {turning.changed_by(row) for row in rows}
    turns = journey.revisions.filter(Q(undoes__in=numbers) | Q(redoes__in=numbers)).order_by()
    turns = turns.annotate(turned=Coalesce("undoes", "redoes")).values_list("turned")
    last = turns.annotate(undone=Max("number", filter=Q(undoes__isnull=False)), all=Max("number"))
    return {number: undone == newest for number, undone, newest in last}


def is_undone(row: Revision, turns: dict[int, bool]) -> bool:
    """Whether its own change is taken back; what an undo did is told by what it undid."""
    return turning.changed_by(row) == row.number and turns.get(row.number, False)


def may_be_reverted(row: Revision, turns: dict[int, bool]) -> bool:
    """Whether what it did still holds: nobody has turned it since."""
    return row.number > 1 and turns.get(turning.changed_by(row), False) == turning.is_taking_back(
        row
    )
