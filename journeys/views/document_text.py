"""The whole document edited as text, applied as one undoable step."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_GET, require_POST

from journeys.models import ChangedMeanwhile, KeyTaken, Revision
from journeys.spec import document as doc
from journeys.spec.graph import GraphError
from journeys.views.answering import changed, number, words
from journeys.views.draft import Draft, editable_journey
from journeys.views.showing import Selected


@require_GET
def document_text(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole document as text to edit."""
    journey = editable_journey(request, pk)
    context = {"journey": journey, "text": doc.pretty(journey.head.document()), "based_on": journey.head.number}
    return render(request, "journeys/_document_edit.html", context)


@require_POST
def save_document(request: HttpRequest, pk: int) -> HttpResponse:
    journey = editable_journey(request, pk)
    text, based_on = request.POST.get("text", ""), number(request.POST.get("based_on"))
    try:
        document, stripped = doc.strip_server_assigned(doc.loads(text))
        before = Draft(journey, journey.head)
        journey.replace(document, based_on=based_on, author=request.user, operation="edit as text")
    except (doc.DocumentError, KeyTaken, GraphError, Revision.DoesNotExist) as error:
        context = {"journey": journey, "text": text, "based_on": based_on, "error": words(error)}
        return render(request, "journeys/_document_edit.html", context, status=422)
    except ChangedMeanwhile:
        error = _t(
            "Somebody else changed the same blocks meanwhile. Copy your text, reload the page and apply it again."
        )
        context = {"journey": journey, "text": text, "based_on": based_on, "error": error}
        return render(request, "journeys/_document_edit.html", context, status=409)
    notice = _t("Left out, because Marketing Cloud makes them itself: %s") % ", ".join(stripped) if stripped else ""
    more = {"notice": notice, "view": "json", "document": doc.pretty(journey.head.document())}
    target = "journeys/_document.html"
    return changed(request, journey, before, Selected(), show_panel=True, target=target, more=more)
