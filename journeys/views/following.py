"""What the composer's page asks for again and again: what was decided or changed meanwhile."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from journeys.screens.draft import Draft
from journeys.screens.fragments import Answer
from journeys.screens.numbers import number
from journeys.screens.selected import selected_of
from journeys.screens.standing_mark import mark_now
from journeys.views.access import visible_journey


@require_GET
def follow(request: HttpRequest, pk: int) -> HttpResponse:
    """The fragments that tell how the journey stands; 204 while they would look the same. What is
    typed and drawn stays: a newer revision is told, and shown when it is asked for."""
    now = mark_now(request.user, pk)
    if now is None:
        raise Http404
    mark, newest = now
    based_on = number(request.GET.get("based_on"))
    known = {number(request.GET.get("newer")), based_on}
    if mark == request.GET.get("mark") and (newest in known or newest < based_on):
        return HttpResponse(status=204)
    journey = visible_journey(request, pk)
    draft = Draft(journey, journey.head)
    selected = selected_of(request.GET, draft.document)
    shown = journey.revisions.rows().select_related("author").filter(number=based_on).first()
    is_newer = shown is not None and journey.head.number > based_on
    more = {"revision": shown, "newer": journey.head} if is_newer else {}
    answer = Answer(request, draft, selected, more)
    names = ["_status"] if is_newer else ["_status", "_problems"]
    return HttpResponse("".join(answer.fragment(name, oob=True) for name in names))
