"""What the composer's page asks for again and again: what was decided or changed meanwhile."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from journeys.limiting import LARGE
from journeys.models import Journey
from journeys.screens.draft import Draft
from journeys.screens.fragments import Answer
from journeys.screens.numbers import number
from journeys.screens.selected import Selected, block_of, selected_of
from journeys.screens.standing_mark import mark_now
from journeys.spec import document as doc
from journeys.views.access import visible_journey

TAKEN_IN = ("path", "list", "json")  # not into a document that is being edited as text
OF_BLOCK = ("_checks", "_checks_count")  # of the panel, beside the form


@require_GET
def follow(request: HttpRequest, pk: int) -> HttpResponse:
    """The fragments that tell how the journey stands, and what others changed of it; 204 while all
    would look the same. The open form is not touched: while its block is another one by now, a
    newer revision is told, and shown when it is asked for. `asks`: two versions stand in its place
    already, which somebody has to choose from first."""
    now = mark_now(request.user, pk)
    if now is None:
        raise Http404
    mark, newest = now
    based_on = number(request.GET.get("based_on"))
    known = {number(request.GET.get("newer")), based_on}
    is_known = newest in known or newest < based_on or "asks" in request.GET
    if mark == request.GET.get("mark") and is_known:
        return HttpResponse(status=204)
    journey = visible_journey(request, pk)
    return HttpResponse(_what_differs(request, journey, based_on))


def _what_differs(request: HttpRequest, journey: Journey, based_on: int) -> str:
    draft = Draft(journey, journey.head)
    answer = Answer(request, draft, selected_of(request.GET, draft.document))
    if journey.head.number <= based_on:
        return _fragments(answer, "_status", "_problems")
    before = _shown(request, journey, based_on)
    if before and not answer.is_outgrown and _has_same_block(request, before, draft):
        return answer.since(before) + _fragments(answer, *OF_BLOCK)
    shown = journey.revisions.rows().select_related("author").filter(number=based_on).first()
    newer = None if "asks" in request.GET else journey.head
    more = {"revision": shown, "newer": newer} if shown else {}
    return _fragments(Answer(request, draft, answer.selected, more), "_status")


def _fragments(answer: Answer, *names: str) -> str:
    return "".join(answer.fragment(name, oob=True) for name in names)


def _shown(request: HttpRequest, journey: Journey, based_on: int) -> Draft | None:
    """What the page shows; None where it cannot be brought up to date by what differs."""
    is_kept = "asks" in request.GET or request.GET.get("view") not in TAKEN_IN
    if is_kept or journey.head.size >= LARGE:
        return None
    revision = journey.revisions.filter(number=based_on).first()
    return Draft(journey, revision) if revision else None


def _has_same_block(request: HttpRequest, before: Draft, draft: Draft) -> bool:
    """Then the open form, with what is typed into it, is as good a form of the newest revision."""
    open_one = Selected(request.GET.get("kind", "journey"), request.GET.get("key", ""))
    if open_one.kind != "journey" and open_one.kind not in doc.MEMBER_OF:
        return False
    old, new = (block_of(one.document, open_one) for one in (before, draft))
    return old is not None and new is not None and doc.dumps(old) == doc.dumps(new)
