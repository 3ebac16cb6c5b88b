"""Several steps at once, for Path and List alike: each view is one operation on the draft.

`keys` are posted once for each step. What would take more with it than was chosen is asked about
first: the answer is then the contents of the composer's question (`#ask`), and nothing was changed.
"""

import json
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_GET, require_POST

from journeys import blocks
from journeys.checks import server_made
from journeys.limiting import limited
from journeys.models import Journey
from journeys.screens.draft import Draft
from journeys.screens.error_text import error_text
from journeys.screens.selected import Selected, selected_of
from journeys.spec import document as doc
from journeys.spec import graph, selection
from journeys.spec.graph import GraphError
from journeys.views.access import editable_journey, revision_of
from journeys.views.operations import ask, carry_out, refused
from journeys.views.steps import added_step, base_document, based_on, gap_after

MOST_NAMED = 8  # steps in a question


@limited("copy", per_minute=120)
@require_POST
def copy(request: HttpRequest, pk: int) -> HttpResponse:
    """The steps as text for the clipboard. It changes nothing; many keys are too long for an
    address."""
    journey = editable_journey(request, pk)
    try:
        steps = copies(revision_of(journey, based_on(request)).document(), keys_of(request))
    except GraphError as error:
        return JsonResponse({"error": error_text(error)}, status=422)
    return HttpResponse(selection.as_text(steps), content_type="application/json; charset=utf-8")


@limited("paste", per_minute=120)
@require_POST
def paste(request: HttpRequest, pk: int) -> HttpResponse:
    """Puts copied steps into the gap named by `after` and `outcome`, else behind the open step."""
    journey = editable_journey(request, pk)
    document = journey.head.stored()
    selected = selected_of(request.POST, document)
    if doc.is_version_0_5(document):
        return refused(
            request,
            journey,
            selected,
            _t("A journey of spec version 0.5 takes no steps. Convert it first."),
        )
    try:
        steps = selection.from_text(request.POST.get("text", ""))
        steps = [server_made.without("activity", step) for step in steps]
    except GraphError as error:
        return refused(request, journey, selected, error_text(error))
    after, outcome = request.POST.get("after"), request.POST.get("outcome", "")
    if after is None:
        after, outcome = gap_after(document, selected.key)
    operation = "paste steps", {"after": after, "outcome": outcome, "steps": steps}
    return placed(request, journey, operation, selected, added)


@require_POST
def duplicate(request: HttpRequest, pk: int) -> HttpResponse:
    journey = editable_journey(request, pk)
    document = base_document(request, journey)
    selected, keys = selected_of(request.POST, document), keys_of(request)
    try:
        steps = copies(document, keys)
    except GraphError as error:
        return refused(request, journey, selected, error_text(error))
    return placed(
        request, journey, ("duplicate steps", {"keys": keys, "steps": steps}), selected, added
    )


@require_POST
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Moves the steps, one behind the other, into the gap named by `after` and `outcome`."""
    journey = editable_journey(request, pk)
    keys, selected = keys_of(request), selected_of(request.POST, base_document(request, journey))
    gap = {"after": request.POST.get("after", ""), "outcome": request.POST.get("outcome", "")}
    operation = "move steps", {"keys": keys, **gap}
    return placed(request, journey, operation, selected, lambda before, after: keys)


@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """`heal`: "1" leads on behind the steps, "0" takes along what only they lead to; without it the
    user is asked."""
    journey = editable_journey(request, pk)
    document = base_document(request, journey)
    keys, heal = keys_of(request), request.POST.get("heal", "")
    if heal not in ("0", "1"):
        try:
            question = removal(Draft(journey, journey.head), document, keys)
        except GraphError as error:
            return refused(request, journey, selected_of(request.POST, document), error_text(error))
        if question:
            return ask(request, journey, "journeys/_ask_remove.html", question)
    operation = "remove steps", {"keys": keys, "heal": heal != "0"}
    return placed(
        request, journey, operation, selected_of(request.POST, document), lambda before, after: []
    )


@require_POST
def replace(request: HttpRequest, pk: int) -> HttpResponse:
    """Puts a new step of the type `slug` in the place of `key`; asks first where paths would be
    lost."""
    journey = editable_journey(request, pk)
    document = base_document(request, journey)
    key, lens = request.POST.get("key", ""), blocks.BY_SLUG.get(request.POST.get("slug", ""))
    if lens is None or lens.kind != "activity":
        return HttpResponseBadRequest(_t("There is no such block."))
    selected = Selected("activity", key)
    step, *others = lens.new_steps(lens.new_key(document), document)
    confirmed = request.POST.get("confirm") == "1"
    try:
        lost, steps = selection.lost_by_replacing(
            document, key, 1 if others else len(graph.outcomes(step))
        )
    except GraphError as error:
        return refused(request, journey, selected_of(request.POST, document), error_text(error))
    if lost and not confirmed:
        draft = Draft(journey, journey.head)
        question = {
            "key": key,
            "lens": lens,
            "lost": lost,
            "further": named(draft, steps),
            "sentence": sentence(draft, key),
        }
        return ask(request, journey, "journeys/_ask_replace.html", question)
    operation = "replace step", {"key": key, "step": step, "others": others, "drop": confirmed}
    return carry_out(request, journey, operation, based_on(request), selected, select=added_step)


@require_GET
def types(request: HttpRequest, pk: int) -> HttpResponse:
    """What a step can be replaced by, asked for when the menu is opened."""
    journey = editable_journey(request, pk)
    draft = Draft(journey, journey.head)
    selected = selected_of(request.GET, draft.document)
    if selected.kind != "activity":
        return HttpResponse(status=204)
    own = blocks.lens(graph.steps(draft.document)[selected.key], "activity")
    families = [
        (name, [one for one in lenses if one.kind == "activity"])
        for name, lenses in blocks.palette()
    ]
    offered = [(name, [one for one in lenses if one.slug != own.slug]) for name, lenses in families]
    context = {
        "journey": journey,
        "key": selected.key,
        "families": [group for group in offered if group[1]],
    }
    return render(
        request,
        "journeys/_replacements.html",
        context | {"sentence": sentence(draft, selected.key)},
    )


def keys_of(request: HttpRequest) -> list[str]:
    return list(dict.fromkeys(request.POST.getlist("keys")))


def copies(document: dict, keys: list[str]) -> list[dict]:
    """Without what the server made: it belongs to the steps that were copied."""
    return [server_made.without("activity", step) for step in selection.copied(document, keys)]


def added(before: dict, after: dict) -> list[str]:
    known = graph.steps(before)
    return [key for key in graph.steps(after) if key not in known]


def placed(
    request: HttpRequest,
    journey: Journey,
    operation: tuple[str, dict],
    selected: Selected,
    marked: Callable[[dict, dict], list[str]],
) -> HttpResponse:
    """Carries the operation out; afterwards the steps that `marked` names are marked, and new ones
    open."""
    before = journey.head.stored()

    def select(_before: dict, after: dict) -> Selected:
        fresh = added_step(before, after)
        return fresh if fresh.key else selected.within(after)

    response = carry_out(request, journey, operation, based_on(request), selected, select=select)
    if response.status_code == 200:
        keys = marked(before, journey.head.stored())
        response["HX-Trigger-After-Settle"] = json.dumps({"steps:placed": {"keys": keys}})
    return response


def removal(draft: Draft, document: dict, keys: list[str]) -> dict | None:
    """What has to be asked before these steps are removed; None when nothing else would go with
    them."""
    own = [key for unit in selection.units(document, keys) for key in unit]
    try:
        gone = selection.behind(document, keys)
    except GraphError:
        gone = set(own)
    further = [key for key in graph.steps(document) if key in gone and key not in own]
    inside = [key for key in own if key not in keys]
    if not further and not inside:
        return None
    return {
        "keys": keys,
        "count": len(keys),
        "inside": named(draft, inside),
        "further": named(draft, further),
    }


def named(draft: Draft, keys: list[str]) -> dict:
    """Steps by their sentences: the first few, and how many more."""
    shown = [sentence(draft, key) for key in keys[:MOST_NAMED]]
    return {"count": len(keys), "sentences": shown, "more": len(keys) - len(shown)}


def sentence(draft: Draft, key: str) -> str:
    card = draft.cards.get(("activity", key))
    return card.sentence if card else key
