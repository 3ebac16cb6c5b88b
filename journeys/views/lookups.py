"""What the pickers in forms offer. Look-ups only read, and only from tenants that the user may
see."""

import json

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from journeys import tenant as rest
from journeys.blocks.facts import facts_of
from journeys.delivery import pick_lists
from journeys.delivery.unusable import why_not
from journeys.limiting import told_in_words, with_retry_after
from journeys.models.use import TooMuch
from journeys.screens.numbers import number
from journeys.spec.expressions import event_expression
from journeys.tenant.lookups import Found
from journeys.views.access import visible_journey

LONGEST = 200  # letters of a query
MOST_PAGES = 10_000


@require_safe
def look_up(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """A page of choices: `q` are words, `page` counts from 1, `of` is the data extension of a
    field, or the type that events have to be of; `anew=1` asks the tenant even if its answer is
    still known. 429 where this person looked up too much of late: the picker says so, and the id
    can be typed."""
    journey = visible_journey(request, pk, unread=["head__packed"])
    if kind not in pick_lists.KINDS:
        raise Http404
    query, of = (request.GET.get(name, "").strip()[:LONGEST] for name in ("q", "of"))
    page = min(max(number(request.GET.get("page")), 1), MOST_PAGES)
    what, error, matches, wait, again = pick_lists.KINDS[kind], "", Found([]), 0, False
    asker = pick_lists.Asker(request.user.pk, anew=request.GET.get("anew") == "1")
    try:
        matches = pick_lists.choose(journey.tenant, kind, query, page, of, asker)
    except TooMuch as refused:
        error, wait = told_in_words(refused), refused.seconds
    except rest.TenantError as failed:
        error, again = pick_lists.what_to_do(failed), pick_lists.is_soon_there(failed)
    shown = [
        (choice, json.dumps(choice.more), why_not(kind, choice, of)) for choice in matches.choices
    ]
    context = {
        "found": matches,
        "choices": shown,
        "error": error,
        "again": again,
        "query": query,
        "next_page": page + 1,
    }
    context |= {"asks_words": what.needs_words and not query, "asks_of": what.needs_of and not of}
    is_free = bool(what.searched or what.whole)  # of time zones all are known
    is_there = any(str(choice.value) == query for choice in matches.choices)
    context["takes_typed"] = is_free and bool(query) and not (error or is_there)
    context |= {"left": _left(matches), "age": asker.age}
    response = render(request, "journeys/_choices.html", context, status=429 if wait else 200)
    return with_retry_after(response, wait) if wait else response


@require_safe
def event_fields(request: HttpRequest, pk: int) -> HttpResponse:
    """The fields of the journey's entry event, for conditions and expressions; empty where they
    cannot be known."""
    journey = visible_journey(request, pk)
    key = facts_of(journey.head.stored()).event_key
    try:
        names = (
            pick_lists.event_fields(journey.tenant, key, pick_lists.Asker(request.user.pk))
            if key
            else []
        )
    except (rest.TenantError, TooMuch):
        names = []
    fields = [(name, event_expression(key, name)) for name in names]
    return render(request, "journeys/_event_fields.html", {"fields": fields})


def _left(found: Found) -> int | None:
    shown = (found.page - 1) * pick_lists.PAGE_SIZE + len(found.choices)
    return found.count - shown if found.count is not None else None
