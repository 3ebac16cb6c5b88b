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
from journeys.screens.numbers import number
from journeys.spec.merge import clashes_of, put_together
from journeys.spec.three_way import MINE
from journeys.views.access import base_of

NAME = re.compile(r"[A-Za-z0-9-]{1,60}")
# Revisions among which saves with lost answers are looked for: they come soon after what the form
# was typed on.
MOST_LOOKED_AT = 500
# Runs of them that are put together; what comes after is asked about.
MOST_REPLAYED = 20
OPERATIONS = {"journey": "edit journey"}


def visit_of(request: HttpRequest, form: object) -> dict[str, str]:
    """What is kept with the revision about how it came about."""
    named = {name: request.POST.get(name, "") for name in ("page", "run")}
    visit = {name: text for name, text in named.items() if NAME.fullmatch(text)}
    places = form.touched()
    return visit | {"field": places[0]} if len(places) == 1 else visit


def typed_on(request: HttpRequest) -> int:
    """The revision that what is sent was typed on: `base`, where that is not the one that the page
    shows by now (`based_on`)."""
    return number(request.POST.get("base") or request.POST.get("based_on"))


def base_shown(request: HttpRequest, journey: Journey) -> tuple[int, dict]:
    """The revision that the form stands on, and what its page takes to be stored: with the saves of
    the same form by the same page whose answers it never got, without what others saved between
    them."""
    number_of, lost = lost_saves(request, journey)
    shown = base_of(journey, number_of)
    for begin, end in lost:
        before, after = base_of(journey, begin), base_of(journey, end)
        own = {str(clash.address): MINE for clash in clashes_of(before, after, shown)}
        shown = put_together(before, after, shown, own)
    return number_of, shown


def lost_saves(request: HttpRequest, journey: Journey) -> tuple[int, list[tuple[int, int]]]:
    """The revision up to which nobody else saved, and the runs of own saves after it, as the
    revisions before and at their ends."""
    based_on = typed_on(request)
    page, kind, key = (request.POST.get(name, "") for name in ("page", "kind", "key"))
    if not page or based_on >= journey.head.number:
        return based_on, []
    operation = OPERATIONS.get(kind, "edit block")
    runs = [(based_on, based_on)]
    later = journey.revisions.order_by("number").values_list("number", "operation", "arguments")
    before = based_on
    for number_of, named, saved in later.filter(number__gt=based_on)[:MOST_LOOKED_AT]:
        same_block = operation == "edit journey" or (saved.get("kind"), saved.get("key")) == (
            kind,
            key,
        )
        if named == operation and saved.get("page") == page and same_block:
            goes_on = runs[-1][1] == before
            runs[-1:] = [(runs[-1][0], number_of)] if goes_on else [runs[-1], (before, number_of)]
        before = number_of
    return runs[0][1], runs[1 : MOST_REPLAYED + 1]


def not_stored(request: HttpRequest, form: object) -> HttpResponse:
    """Only what is wrong: the open form stays as it is, with everything that was typed."""
    response = HttpResponse(form_answer(request, form), status=422)
    response["HX-Reswap"] = "none"
    return response
