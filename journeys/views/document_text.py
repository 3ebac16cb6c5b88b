"""The whole document edited as text: checked while it is typed, applied as one undoable step."""

import re

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_GET, require_POST

from journeys import checks
from journeys.limiting import limited
from journeys.models import ChangedMeanwhile, Journey, KeyTaken, Revision
from journeys.screens.draft import Draft
from journeys.screens.error_text import bare_text, error_text
from journeys.screens.json_lines import shown_document
from journeys.screens.selected import Selected, selected_of
from journeys.spec import document as doc
from journeys.spec import intake
from journeys.spec.address import Address
from journeys.spec.graph import GraphError
from journeys.spec.json_text import JsonText
from journeys.views.access import editable_journey
from journeys.views.conflicts import TEXT, Asked, conflict, settle
from journeys.views.operations import changed
from journeys.views.saves import typed_on

MOST_LISTED = 100  # problems under the text


@limited("document", per_minute=60)
@require_GET
def document_text(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole document as text to edit."""
    journey = editable_journey(request, pk)
    document = journey.head.stored()
    text, selected = doc.pretty(document), selected_of(request.GET, document)
    context = {
        "journey": journey,
        "text": text,
        "based_on": journey.head.number,
        "problems": listed(journey, document, text),
        "line": JsonText(text).line(Address(selected.kind, selected.key)),
    }
    return render(request, "journeys/_document_edit.html", context)


@limited("check", per_minute=120)
@require_POST
def check_document(request: HttpRequest, pk: int) -> HttpResponse:
    """What is wrong with a text that is not applied yet; nothing is written."""
    journey, text = editable_journey(request, pk), request.POST.get("text", "")
    try:
        problems = listed(journey, intake.loads(text), text)
    except doc.DocumentError as error:
        problems = [as_problem(error, text)]
    return render(request, "journeys/_document_problems.html", {"problems": problems})


@limited("document", per_minute=60)
@require_POST
def save_document(request: HttpRequest, pk: int) -> HttpResponse:
    journey = editable_journey(request, pk)
    text, based_on = request.POST.get("text", ""), typed_on(request)
    try:
        document, stripped = doc.strip_server_assigned(intake.loads(text))
        before = Draft.shown(journey)
        asked = Asked(request, based_on, TEXT, {"document": document})
        if asked.is_settled:
            settle(journey, asked)
        else:
            journey.replace(document, based_on=based_on, author=request.user, operation=TEXT)
    except doc.DocumentError as error:
        reason = _t("Nothing was applied: this text cannot be taken in as it stands.")
        return not_applied(request, reason, [as_problem(error, text)])
    except (KeyTaken, GraphError, Revision.DoesNotExist) as error:
        return not_applied(request, error_text(error), [])
    except ChangedMeanwhile as clash:
        return conflict(journey, Selected(), clash, asked)
    notice = (
        _t("Left out, because Marketing Cloud makes them itself: %s") % ", ".join(stripped)
        if stripped
        else ""
    )
    more = {"notice": notice, "view": "json", **shown_document(journey.head.stored())}
    return changed(request, journey, before, Selected(), target="_document", more=more)


def not_applied(
    request: HttpRequest, error: str, problems: list[dict], status: int = 422
) -> HttpResponse:
    """The reason under the text, which stays as it is, with its cursor and its own undo."""
    response = render(
        request,
        "journeys/_document_problems.html",
        {"error": error, "problems": problems},
        status=status,
    )
    response["HX-Retarget"], response["HX-Reswap"] = "#document-problems", "innerHTML"
    return response


def listed(journey: Journey, document: dict, text: str) -> list[dict]:
    """The problems of a document, what blocks first, with their lines in the text."""
    every_problem = checks.check(document, journey.tenant.rules())
    open_ones, _accepted = checks.sort_out(document, every_problem, journey.accepted())
    there = JsonText(text)
    return [
        {
            "severity": problem.severity,
            "text": problem.text,
            "line": there.line(problem.address),
        }
        for problem in open_ones[:MOST_LISTED]
    ]


def as_problem(error: doc.DocumentError, text: str) -> dict:
    """Why a text cannot be taken in, with its line, and its column where it is no JSON."""
    at = re.fullmatch(r"line (\d+)(?:, column (\d+))?", error.place)
    if at:
        where = {"line": at[1], "column": at[2] or "", "text": bare_text(error)}
    else:
        where = {"line": line_in(text, error.place), "text": error_text(error)}
    return {"severity": "blocking", **where}


def line_in(text: str, place: str) -> int:
    """The line of a place in the whole document; 1 where the text is no JSON as far as that."""
    try:
        return JsonText(text).line(Address(inside=place))
    except ValueError:
        return 1
