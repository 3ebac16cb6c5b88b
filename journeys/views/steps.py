"""Adding, moving, removing and joining: each view is one operation on the draft."""

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_GET, require_POST

from journeys import blocks
from journeys.blocks.places import text
from journeys.models import Journey
from journeys.screens import paths
from journeys.screens.draft import Draft
from journeys.screens.selected import Selected, selected_of
from journeys.screens.size import MOST_OFFERED
from journeys.spec import document as doc
from journeys.spec import graph
from journeys.views.access import base_of, editable_journey
from journeys.views.operations import ask, carry_out, refused
from journeys.views.saves import typed_on


@require_POST
def add_block(request: HttpRequest, pk: int) -> HttpResponse:
    """A new block from the palette: a step into the named gap, anything else into its own place."""
    journey = editable_journey(request, pk)
    lens = blocks.BY_SLUG.get(request.POST.get("slug", ""))
    if lens is None:
        return HttpResponseBadRequest(_t("There is no such block."))
    document = journey.head.stored()
    if lens.kind != "activity":
        return add_single(request, journey, lens)
    after, outcome = request.POST.get("after"), request.POST.get("outcome", "")
    if after is None:
        after, outcome = gap_after(document, selected_of(request.POST, document).key)
    step, *others = lens.new_steps(lens.new_key(document), document)
    operation = "add step", {"after": after, "outcome": outcome, "step": step, "others": others}
    return carry_out(request, journey, operation, based_on(request), Selected(), select=added_step)


def add_single(request: HttpRequest, journey: Journey, lens: type[blocks.Block]) -> HttpResponse:
    """An entry source, goal or exit, of which a journey has one: where one is there, it is replaced
    if that was agreed to. `replaces` are the keys of those that were asked about."""
    document = journey.head.stored()
    there = [text(block, "key") for block in doc.block_list(document, lens.kind)]
    agreed = request.POST.getlist("replaces")
    if there and not agreed:
        return ask_to_replace(request, journey, lens, there)
    without = {**document, doc.MEMBER_OF[lens.kind]: []}
    block = lens.new(lens.new_key(without), without)
    operation = "add block", {"kind": lens.kind, "block": block}
    if agreed:
        operation = "replace block", {**operation[1], "keys": agreed}
    return carry_out(
        request, journey, operation, based_on(request), Selected(lens.kind, block["key"])
    )


def ask_to_replace(
    request: HttpRequest, journey: Journey, lens: type[blocks.Block], keys: list[str]
) -> HttpResponse:
    draft = Draft(journey, journey.head)
    sentences = [
        draft.cards[lens.kind, key].sentence for key in keys if (lens.kind, key) in draft.cards
    ]
    question = {"lens": lens, "keys": keys, "sentences": sentences, "revision": journey.head}
    return ask(request, journey, "journeys/_ask_second.html", question)


@require_POST
def remove_block(request: HttpRequest, pk: int) -> HttpResponse:
    """Removes a block. For a split, `keep` names the path that stays; "" keeps none of them."""
    journey = editable_journey(request, pk)
    selected = selected_of(request.POST, base_document(request, journey))
    if selected.kind == "activity":
        operation = "remove step", {"key": selected.key, "keep": request.POST.get("keep")}
    elif selected.kind in doc.MEMBER_OF:
        operation = "remove block", {"kind": selected.kind, "key": selected.key}
    else:
        return refused(request, journey, selected, _t("This block is no longer in the journey."))
    return carry_out(
        request,
        journey,
        operation,
        based_on(request),
        selected,
        select=lambda before, after: Selected(),
    )


@require_POST
def move_step(request: HttpRequest, pk: int) -> HttpResponse:
    """Moves a step one place earlier or later (`to`), or into the gap named by `after` and
    `outcome`."""
    journey = editable_journey(request, pk)
    document = base_document(request, journey)
    selected = selected_of(request.POST, document)
    if selected.kind != "activity":
        return refused(request, journey, selected, _t("This step is no longer in the journey."))
    to = request.POST.get("to")
    gap = (request.POST.get("after", ""), request.POST.get("outcome", ""))
    if to in ("earlier", "later"):
        gap = paths.beside(document, selected.key, earlier=to == "earlier")
    if gap is None:
        edge = _t("This step cannot go earlier from here. Use “Move to…”.")
        return refused(
            request,
            journey,
            selected,
            edge if to == "earlier" else _t("Nothing comes after this step."),
        )
    operation = "move step", {"key": selected.key, "after": gap[0], "outcome": gap[1]}
    again = {"to": "", "after": gap[0], "outcome": gap[1]}
    return carry_out(request, journey, operation, based_on(request), selected, again=again)


@require_POST
def lead_to(request: HttpRequest, pk: int) -> HttpResponse:
    """Joins a path to a later step, or ends it (no target)."""
    arguments = {"target": request.POST.get("target") or None}
    return path_operation(request, pk, "lead to", arguments)


@require_POST
def add_path(request: HttpRequest, pk: int) -> HttpResponse:
    journey = editable_journey(request, pk)
    selected, step, lens = selected_step(request, journey)
    if lens is None or not lens.can_add_outcome(step):
        return refused(request, journey, selected, _t("This step cannot have more paths."))
    arguments = {"path": lens.new_outcome(step), "before": lens.new_outcome_before(step)}
    operation = "add path", {"key": selected.key, **arguments}
    return carry_out(request, journey, operation, based_on(request), selected)


@require_POST
def remove_path(request: HttpRequest, pk: int) -> HttpResponse:
    journey = editable_journey(request, pk)
    selected, step, lens = selected_step(request, journey)
    outcome = request.POST.get("outcome", "")
    if lens is None or not lens.can_remove_outcome(step, outcome):
        return refused(request, journey, selected, _t("This path has to stay: the split needs it."))
    operation = "remove path", {"key": selected.key, "outcome": outcome, "with_steps": True}
    return carry_out(request, journey, operation, based_on(request), selected)


@require_POST
def move_path(request: HttpRequest, pk: int) -> HttpResponse:
    return path_operation(
        request, pk, "move path", {"offset": -1 if request.POST.get("to") == "earlier" else 1}
    )


@require_GET
def places(request: HttpRequest, pk: int) -> HttpResponse:
    """Where the selected step can be moved, or where one of its paths can lead: asked for when the
    menu is opened."""
    journey = editable_journey(request, pk)
    draft = Draft(journey, journey.head)
    selected = selected_of(request.GET, draft.document)
    if selected.kind != "activity":
        return HttpResponse(status=204)
    context = {"journey": journey, "selected": selected, "draft": draft}
    if "outcome" in request.GET:
        offered, name = paths.targets(draft, selected.key), "targets"
        context |= {"outcome": request.GET["outcome"]}
    else:
        offered, name = paths.gaps(draft, selected.key), "gaps"
    context |= {name: offered[:MOST_OFFERED], "more_places": max(0, len(offered) - MOST_OFFERED)}
    return render(request, "journeys/_places.html", context)


def selected_step(
    request: HttpRequest, journey: Journey
) -> tuple[Selected, dict | None, type[blocks.Block] | None]:
    """The step that the user was looking at, and its class; None where it is gone."""
    document = base_document(request, journey)
    selected = selected_of(request.POST, document)
    step = graph.steps(document).get(selected.key)
    return selected, step, blocks.lens(step, "activity", document) if step else None


def path_operation(request: HttpRequest, pk: int, operation: str, arguments: dict) -> HttpResponse:
    journey = editable_journey(request, pk)
    selected = selected_of(request.POST, base_document(request, journey))
    if selected.kind != "activity":
        return refused(request, journey, selected, _t("This step is no longer in the journey."))
    arguments = {"key": selected.key, "outcome": request.POST.get("outcome", ""), **arguments}
    return carry_out(request, journey, (operation, arguments), based_on(request), selected)


def based_on(request: HttpRequest) -> int:
    return typed_on(request)


def base_document(request: HttpRequest, journey) -> dict:
    """The document that the user was looking at."""
    return base_of(journey, based_on(request))


def added_step(before: dict, after: dict) -> Selected:
    known = graph.steps(before)
    new = [key for key in graph.steps(after) if key not in known]
    return Selected("activity", new[0]) if new else Selected()


def gap_after(document: dict, key: str) -> tuple[str, str]:
    """Where a block clicked in the palette goes: after the selected step, else at the end of the
    first path."""
    steps = graph.steps(document)
    if key in steps:
        return _first_gap(steps, key)
    key = graph.root(document)
    seen: set[str] = set()
    while key in steps and key not in seen:
        seen.add(key)
        outcomes = graph.outcomes(steps[key])
        following = graph.next_of(outcomes[0]) if outcomes else None
        if following not in steps:
            return _first_gap(steps, key)
        key = following
    return ("", "")


def _first_gap(steps: dict[str, dict], key: str) -> tuple[str, str]:
    outcomes = graph.outcomes(steps[key])
    return (key, graph.outcome_key(outcomes[0]) if outcomes else "")
