"""From spec version 0.5 to 1.0: first what will change, then done as one operation that undo takes
back."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_http_methods

from journeys.blocks.conversion import to_1_0
from journeys.limiting import limited
from journeys.models import ChangedMeanwhile, KeyTaken
from journeys.screens.error_text import error_text
from journeys.screens.numbers import number
from journeys.spec import document as doc
from journeys.views.access import editable_journey


@limited("convert", per_minute=30)
@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("journeys.change_journey", raise_exception=True)
def convert(request: HttpRequest, pk: int) -> HttpResponse:
    journey = editable_journey(request, pk)
    document = journey.head.stored()
    if not doc.is_version_0_5(document):
        messages.info(request, _t("This journey is written in spec version 1.0 already."))
        return redirect("composer", journey.pk)
    converted, changes = to_1_0(document)
    context = {"nav": "journeys", "journey": journey, "revision": journey.head, "changes": changes}
    if request.method != "POST":
        return render(request, "journeys/convert.html", context)
    if number(request.POST.get("based_on")) != journey.head.number:
        refusal = _t(
            "The journey was changed meanwhile. Look at what will change now, and convert it then."
        )
        return render(request, "journeys/convert.html", context | {"refusal": refusal}, status=409)
    try:
        journey.replace(
            converted, based_on=journey.head.number, author=request.user, operation="convert"
        )
    except (ChangedMeanwhile, KeyTaken, doc.DocumentError) as error:
        return render(
            request, "journeys/convert.html", context | {"refusal": error_text(error)}, status=409
        )
    messages.success(
        request, _t("The journey is written in spec version 1.0 now. Undo takes this back.")
    )
    return redirect("composer", journey.pk)
