"""What can be done about a problem: repair it, accept it, withdraw the acceptance."""

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_GET, require_POST

from journeys import checks
from journeys.delivery.notify import notify
from journeys.models import (
    Acceptance,
    ChangedMeanwhile,
    Journey,
    KeyTaken,
    NotAllowed,
    Revision,
    Submission,
    WrongState,
    acceptance_rules,
)
from journeys.models.audit import record_refusal
from journeys.models.submission import OPEN_STATES
from journeys.screens.draft import Draft
from journeys.screens.error_text import error_text
from journeys.screens.numbers import number
from journeys.screens.selected import selected_of
from journeys.spec import diff
from journeys.spec import document as doc
from journeys.spec.address import read_query
from journeys.spec.graph import GraphError
from journeys.spec.problem import Problem
from journeys.views.access import base_of, editable_journey, revision_of, visible_journey
from journeys.views.composer import asked_for
from journeys.views.operations import changed, refused

MOST_EFFECTS = 3  # told of a repair that would do something else now


@require_GET
def problems(request: HttpRequest, pk: int) -> HttpResponse:
    """The drawer with the part of the problems that is asked for, out of band."""
    return render(request, "journeys/_problems.html", asked_for(request, pk).page | {"oob": True})


@require_POST
def repair(request: HttpRequest, pk: int) -> HttpResponse:
    """Does the repair of one problem that the user was shown, or of all of its kind, on the newest
    draft, as one change that can be undone."""
    journey = editable_journey(request, pk)
    shown, before = Draft(journey, shown_revision(request, journey)), Draft(journey, journey.head)
    selected = selected_of(request.POST, base_of(journey, before.revision.number))
    why_not = put_right(journey, shown, before, asked_problems(request, shown), request.user)
    if "back" in request.POST:  # to the page of the journey's submission
        if why_not:
            messages.error(request, why_not)
        return redirect("submit", journey.pk)
    if why_not:
        return refused(request, journey, selected, why_not)
    return changed(request, journey, before, selected)


def put_right(
    journey: Journey, shown: Draft, before: Draft, asked: list[Problem], author: User
) -> str:
    """Why nothing was done; "" where it was."""
    newest, base = base_of(journey, before.revision.number), before.revision.number
    meant, there = still_there(asked, before)
    after, count = checks.repaired_at_once(newest, there)
    if not count:
        return gone()
    if is_another_effect(shown, meant, after, before):
        return changed_meanwhile(newest, there)
    what = {"repair": there[0].repair, "problem": there[0].id, "place": str(there[0].address)}
    what |= {"count": count} if count > 1 else {}
    try:
        journey.replace(after, based_on=base, author=author, operation="repair", told=what)
    except ChangedMeanwhile:
        return changed_meanwhile(newest, there)
    except (GraphError, doc.DocumentError, KeyTaken) as error:
        return error_text(error)
    return ""


def still_there(shown: list[Problem], newest: Draft) -> tuple[list[Problem], list[Problem]]:
    """Those that the newest draft still has: as they were shown, and as they are now. Of the others
    somebody took care meanwhile."""
    now = {(one.id, one.address): one for one in newest.problems}
    left = [one for one in shown if (one.id, one.address) in now]
    return left, [now[one.id, one.address] for one in left]


def is_another_effect(shown: Draft, meant: list[Problem], after: dict, newest: Draft) -> bool:
    """Whether the repairs do something else to the newest draft than their author was told."""
    if shown.revision.number == newest.revision.number:
        return False
    then = diff.compare(shown.document, checks.repaired_at_once(shown.document, meant)[0])
    return then != diff.compare(newest.document, after)


def changed_meanwhile(document: dict, problems: list[Problem]) -> str:
    effects = [effect for one in problems[:MOST_EFFECTS] for effect in checks.effect(document, one)]
    text = _t(
        "Somebody else changed this meanwhile, so nothing was done. Now the fix would do this:"
        " %(effect)s. If that is right, press Fix again."
    )
    return text % {"effect": "; ".join(effects[:MOST_EFFECTS])}


@require_POST
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Lets a problem stand, with a reason. Whoever may do that need not be allowed to edit."""
    journey = visible_journey(request, pk)
    require_right(request)
    before = Draft(journey, journey.head)
    selected = selected_of(request.POST, before.document)
    problem = named_problem(request, before)
    if problem is None:
        return refused(request, journey, selected, gone())
    try:
        journey.accept(request.user, problem, before.document, request.POST.get("reason", ""))
    except (WrongState, NotAllowed) as error:
        record_refusal(
            request.user,
            "refused.acceptance",
            journey=journey,
            problem=problem.id,
            reason=error.text,
        )
        return refused(request, journey, selected, error.text)
    return changed(request, journey, before, selected)


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Opens an accepted problem again."""
    journey = visible_journey(request, pk)
    require_right(request)
    before = Draft(journey, journey.head)
    selected = selected_of(request.POST, before.document)
    row = journey.acceptances.filter(pk=number(request.POST.get("acceptance"))).first()
    if row is None:  # somebody else was quicker
        return refused(request, journey, selected, gone())
    journey.withdraw_acceptance(request.user, row)
    return changed(request, journey, before, selected, more={"notice": stop_waiting(journey, row)})


def stop_waiting(journey: Journey, row: Acceptance) -> str:
    """Has what goes out with the accepted problem looked at now, not when its turn comes; what is
    said of it."""
    under_way = journey.submissions.rows().filter(state__in=OPEN_STATES).first()
    if under_way is None or acceptance_rules.named(row) not in under_way.accepted:
        return ""
    if under_way.state == Submission.State.WAITING:
        notify(under_way.pk)
        return _t("The submission that waits with this problem is not sent any more.")
    return _t(
        "A submission with this problem is being sent just now, or may have arrived: look at it."
        " It is not sent once more."
    )


def shown_revision(request: HttpRequest, journey: Journey) -> Revision:
    """The revision that the user was looking at."""
    return revision_of(journey, number(request.POST.get("based_on")))


def named_problem(request: HttpRequest, draft: Draft) -> Problem | None:
    """The open problem that the request names, if the draft still has it."""
    where = read_query(request.POST, "at_")
    named = [
        one
        for one in draft.problems
        if (one.id, one.address) == (request.POST.get("problem"), where)
    ]
    return named[0] if named else None


def asked_problems(request: HttpRequest, shown: Draft) -> list[Problem]:
    """The problem that is to be repaired, and all of its kind that were shown where that was
    asked."""
    problem = named_problem(request, shown)
    if problem is None:
        return []
    alike = shown.of_kind(problem) if request.POST.get("all") else []
    return [problem, *(one for one in alike if one is not problem)]


def require_right(request: HttpRequest) -> None:
    if not request.user.has_perm("journeys.accept_problem"):
        raise PermissionDenied


def gone() -> str:
    return _t("This problem is no longer there. Look at the list of problems again.")
