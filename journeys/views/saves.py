"""What a save tells besides its values: whose visit to which field it belongs to, and what could
not be stored.

A page names itself (`page`) and each visit of the cursor to a field (`run`) by random texts. Saves
of one visit are one step of Undo. A save whose answer was lost on the way is known by the page's
name when the same form is sent again.
"""

import re

from django.http import HttpRequest, HttpResponse

from journeys.models import Journey
from journeys.screens.fragments import form_answer

NAME = re.compile(r"[A-Za-z0-9-]{1,60}")
MOST_LOST = 50  # saves whose answers one form can have lost: it waits for each before the next
OPERATIONS = {"journey": "edit journey"}


def visit_of(request: HttpRequest, form: object) -> dict[str, str]:
    """What is kept with the revision about how it came about."""
    named = {name: request.POST.get(name, "") for name in ("page", "run")}
    visit = {name: text for name, text in named.items() if NAME.fullmatch(text)}
    places = form.touched()
    return visit | {"field": places[0]} if len(places) == 1 else visit


def base_number(request: HttpRequest, journey: Journey, based_on: int) -> int:
    """The revision that the form stands on: past saves of the same form by the same page whose
    answers it never got."""
    page, kind, key = (request.POST.get(name, "") for name in ("page", "kind", "key"))
    if not page or based_on >= journey.head.number:
        return based_on
    operation = OPERATIONS.get(kind, "edit block")
    for revision in (
        journey.revisions.rows().filter(number__gt=based_on).order_by("number")[:MOST_LOST]
    ):
        saved = revision.arguments
        same_block = operation == "edit journey" or (saved.get("kind"), saved.get("key")) == (
            kind,
            key,
        )
        if revision.operation != operation or saved.get("page") != page or not same_block:
            break
        based_on = revision.number
    return based_on


def not_stored(request: HttpRequest, form: object) -> HttpResponse:
    """Only what is wrong: the open form stays as it is, with everything that was typed."""
    response = HttpResponse(form_answer(request, form), status=422)
    response["HX-Reswap"] = "none"
    return response
