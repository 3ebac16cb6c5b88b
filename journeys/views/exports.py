"""Files that go out."""

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from journeys.exporting import download_name, exported
from journeys.limiting import limited, take_turn
from journeys.screens.numbers import number
from journeys.views.access import visible_journey

CONTENT_TYPES = {"json": "application/json", "curl": "text/plain; charset=utf-8"}


@limited("export", per_minute=60)
@require_safe
def export_journey(request: HttpRequest, pk: int) -> HttpResponse:
    """The draft, or with ?revision=N an older revision, as a file in the order in which it is kept.

    With ?as=curl as a shell script that creates the journey.
    """
    journey = visible_journey(request, pk)
    revision = (
        journey.revisions.filter(number=number(request.GET.get("revision"))).first() or journey.head
    )
    take_turn(request, revision.size)
    form = "curl" if request.GET.get("as") == "curl" else "json"
    text = exported(journey, revision, form, request.user)
    answer = HttpResponse(text, content_type=CONTENT_TYPES[form])
    answer["Content-Disposition"] = content_disposition_header(True, download_name(journey, form))
    return answer
