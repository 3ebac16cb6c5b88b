"""Submitting a journey, and following what became of it."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from journeys import tenant
from journeys.delivery.key_in_use import ask_for_key
from journeys.delivery.notify import notify
from journeys.explaining import differences
from journeys.forms.filters import SubmissionFilter
from journeys.lifecycle.journey_state import ASKABLE
from journeys.limiting import limited, take_turn
from journeys.models import Journey, NotAllowed, Submission, WrongState
from journeys.models.accounts import is_admin
from journeys.models.audit import record, record_refusal
from journeys.models.checking import problems_of
from journeys.models.submission import STOPPED
from journeys.models.tenant import parts_of_visible
from journeys.paging import page_of
from journeys.screens import status_text
from journeys.screens.draft import Draft
from journeys.screens.review_status import left_behind
from journeys.screens.size import ProblemPart, short
from journeys.spec import document as doc
from journeys.views.access import visible_journey
from journeys.views.keys import is_taken


@limited("submit", per_minute=60, methods=("POST",))
@permission_required("journeys.submit_journey", raise_exception=True)
@require_http_methods(["GET", "POST"])
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    """What will be sent where and by whose approval; the POST writes the submission."""
    journey = visible_journey(request, pk)
    if request.method == "GET":
        return submit_page(request, journey)
    taken = None if request.POST.get("key_known") or journey.why_not_submit() else is_taken(journey)
    if taken:
        return redirect("key", journey.pk)
    try:
        sent = submitted(request, journey, free_key=journey.key if taken is False else "")
    except (WrongState, NotAllowed) as error:
        record_refusal(
            request.user, "refused.submission", journey=journey, error=error, reason=error.text
        )
        return submit_page(request, visible_journey(request, pk), refusal=error.text)
    return redirect("submission", sent.pk)


def submitted(request: HttpRequest, journey: Journey, free_key: str = "") -> Submission:
    """Raises WrongState, and writes nothing, when the draft is no longer the one that the page
    showed."""
    seen = request.POST.get("sha256")
    problems_of(
        journey.head, journey.tenant.rules()
    )  # before the transaction, in which they are asked for
    with transaction.atomic():
        sent = journey.submit(request.user, free_key=free_key)
        if seen and seen != sent.sha256:
            raise WrongState(
                _t(
                    "The journey was changed after this page was opened. Look at it again, then"
                    " submit."
                )
            )
        notify(sent.pk)
    return sent


def submit_page(request: HttpRequest, journey: Journey, refusal: str = "") -> HttpResponse:
    draft = Draft(journey, journey.head)
    latest = Submission.objects.rows().filter(journey=journey).first()
    approval = journey.approval()
    may_edit = request.user.has_perm("journeys.change_journey")
    may_ask = may_edit and journey.tenant.review_required
    context = {
        "nav": "journeys",
        "journey": journey,
        "draft": draft,
        "revision": journey.head,
        "approval": approval,
        "refusal": refusal,
        "why_not": journey.why_not_submit(),
        "never": journey.why_not_submit(without_review=True),
        "latest": latest,
        "left": left_behind(journey),
        "steps": len(doc.block_list(draft.document, "activity")),
        "document": short(doc.pretty(draft.document)),
        "listed": draft.listed_problems(ProblemPart()),
        # Where an edit would end a review or an approval, the composer asks first.
        "can_edit": may_edit and not approval and journey.state in ASKABLE,
        "can_ask": may_ask and not approval and not draft.blocking and journey.state in ASKABLE,
    }
    return render(request, "journeys/submit.html", context, status=409 if refusal else 200)


@require_safe
def submissions(request: HttpRequest) -> HttpResponse:
    filters = SubmissionFilter(request.GET, user=request.user)
    asked = filters.cleaned_data if filters.is_valid() else {}
    chosen = {name: value for name, value in asked.items() if value}
    rows = Submission.objects.visible_to(request.user).filter(**chosen)
    shown = Submission.objects.select_related("journey", "tenant", "created_by", "revision").defer(
        "payload", "answer", "revision__packed", "tenant__client_secret", "tenant__token"
    )
    parts = (
        []
        if "tenant" in chosen
        else parts_of_visible(request.user, known=filters.fields["tenant"].rows)
    )
    page = page_of(rows, ["-created_at", "-id"], request.GET.get("page"), loaded=shown, parts=parts)
    context = {"nav": "submissions", "filters": filters, "chosen": bool(chosen), "page": page}
    return render(request, "journeys/submissions.html", context)


@require_safe
def submission(request: HttpRequest, pk: str) -> HttpResponse:
    submission = visible_submission(request, pk)
    return render(
        request,
        "journeys/submission.html",
        {"nav": "submissions"} | progress_context(request, submission),
    )


@require_safe
def progress(request: HttpRequest, pk: str) -> HttpResponse:
    """The part that follows the submission; 204 while it would look the same."""
    if not request.htmx:  # a sign-in on the way leads here
        return redirect("submission", pk)
    submission = visible_submission(request, pk)
    if request.GET.get("seen") == status_text.seen(
        submission, submission.attempts.count(), status_text.before(submission)
    ):
        return HttpResponse(status=204)
    return render(
        request,
        "journeys/_progress.html",
        progress_context(request, submission) | {"is_fragment": True},
    )


@require_POST
@permission_required("journeys.submit_journey", raise_exception=True)
def cancel(request: HttpRequest, pk: str) -> HttpResponse:
    submission = visible_submission(request, pk)
    try:
        submission.cancel(request.user)
    except WrongState as error:
        refused(request, submission, "cancel", error)
        messages.error(request, error.text)
    return redirect("submission", submission.pk)


@require_POST
@permission_required("journeys.submit_journey", raise_exception=True)
def try_again(request: HttpRequest, pk: str) -> HttpResponse:
    submission = visible_submission(request, pk)
    try:
        submission.try_again(request.user)
        notify(submission.pk)
    except (WrongState, NotAllowed) as error:
        refused(request, submission, "try again", error)
        messages.error(request, error.text)
    return redirect("submission", submission.pk)


@require_POST
@permission_required("journeys.submit_journey", raise_exception=True)
def take_over(request: HttpRequest, pk: str) -> HttpResponse:
    """The journey that is there becomes the result, if it still is the one that was shown."""
    submission = visible_submission(request, pk)
    there = ask_for_key(submission.journey, submission.key).found
    try:
        if there is None or (there.id, there.definition_id) != (
            submission.remote_id,
            submission.remote_definition_id,
        ):
            raise WrongState(
                _t(
                    "Marketing Cloud could not be asked just now, or has another journey there. Try"
                    " again."
                )
            )
        differing = differences(doc.parse(bytes(submission.payload)), there.raw)
        submission.take_over(request.user, len(differing))
    except WrongState as error:
        refused(request, submission, "take over", error)
        messages.error(request, error.text)
    return redirect("submission", submission.pk)


def refused(request: HttpRequest, submission: Submission, verb: str, error: WrongState) -> None:
    details = {"submission": str(submission.pk), "verb": verb, "reason": error.text}
    record_refusal(request.user, "refused.submission", journey=submission.journey, **details)


@limited("export", per_minute=60)
@require_safe
def answer(request: HttpRequest, pk: str) -> HttpResponse:
    """The whole answer as it came, with secrets hidden."""
    submission = get_object_or_404(Submission.objects.visible_to(request.user), pk=pk)
    if not submission.answer:
        raise Http404
    take_turn(request, len(submission.answer))
    record(request.user, "export.answer", journey=submission.journey, submission=str(submission.pk))
    response = HttpResponse(
        tenant.hidden(bytes(submission.answer)), content_type="text/plain; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="answer-{submission.pk}.txt"'
    return response


def visible_submission(request: HttpRequest, pk: str) -> Submission:
    rows = Submission.objects.visible_to(request.user).rows()
    rows = rows.select_related(
        "journey", "tenant__status", "revision", "created_by", "review__decided_by"
    )
    submission = get_object_or_404(rows.defer("payload", "answer", "revision__packed"), pk=pk)
    if not submission.is_open:  # then its bytes and its answer are read
        take_turn(request, submission.revision.size)
    return submission


def progress_context(request: HttpRequest, submission: Submission) -> dict:
    """While it is open, neither the bytes nor the answer are read: the page asks again and
    again."""
    (attempts, count), before = status_text.so_far(submission), status_text.before(submission)
    context = {
        "submission": submission,
        "journey": submission.journey,
        "headline": status_text.headline(submission),
        "before": status_text.before_in_words(before),
        "attempts": attempts,
        "earlier_attempts": count - len(attempts),
        "seen": status_text.seen(submission, count, before),
        "pace": status_text.pace(submission),
        "can_submit": request.user.has_perm("journeys.submit_journey"),
        "can_try_again": can_try_again(request.user, submission),
    }
    return context if submission.is_open else context | result(submission)


def can_try_again(user, submission: Submission) -> bool:
    if submission.state == Submission.State.TAMPERED and not is_admin(user):
        return False
    return submission.state in STOPPED and user.has_perm("journeys.submit_journey")


def result(submission: Submission) -> dict:
    """What is shown once it has ended or waits for a person."""
    sent = doc.parse(bytes(submission.payload))
    answered = status_text.came_back(submission)
    compared = answered is not None and submission.remote_id != ""
    is_anothers = submission.first_send_at is None or submission.taken_over
    lost, more = status_text.lost_on_the_way(sent, answered) if compared else ([], 0)
    return {
        "explained": status_text.explained(submission, sent),
        "ids": ids(submission) if submission.remote_id else [],
        "compared": status_text.compared(bool(lost), is_anothers) if compared else "",
        "is_anothers": is_anothers,
        "can_take_over": (
            submission.state == Submission.State.CONFLICT
            and submission.remote_id
            and not submission.ambiguous
        ),
        "has_its_key": submission.journey.key == submission.key,
        "lost": lost,
        "more_lost": more,
        "sent": doc.pretty(sent),
        "has_answer": bool(submission.answer),
    }


def ids(submission: Submission) -> list[tuple[str, str]]:
    """By the API's own names, because they are looked for by them. Dates are as the server gave
    them."""
    never = _t("never")
    return [
        ("id", submission.remote_id),
        ("definitionId", submission.remote_definition_id),
        ("status", submission.remote_status),
        ("version", "" if submission.remote_version is None else str(submission.remote_version)),
        ("createdDate", submission.remote_created or never),
        ("modifiedDate", submission.remote_modified or never),
    ]
