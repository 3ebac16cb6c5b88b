"""What the canvas asks for besides the draft itself: hits of a search, where something may be
dropped, new names."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_GET, require_POST

from journeys.drawing.card import Card
from journeys.limiting import limited
from journeys.screens import paths
from journeys.screens.canvas import shown
from journeys.screens.draft import Draft
from journeys.screens.selected import Selected
from journeys.spec import document as doc
from journeys.spec import graph
from journeys.views.access import editable_journey, visible_journey
from journeys.views.operations import carry_out, refused
from journeys.views.steps import based_on, selected_step


@limited("search", per_minute=240)
@require_GET
def search(request: HttpRequest, pk: int) -> JsonResponse:
    """The blocks in which the text `q` stands, on the card or in any value: [kind, key], as one
    reads the canvas."""
    journey = visible_journey(request, pk)
    draft = Draft(journey, journey.head)
    wanted = request.GET.get("q", "").strip().casefold()
    holding = {
        (kind, str(block.get("key")))
        for kind, block in doc.blocks(draft.document)
        if _says_itself(block, wanted)
    }
    cards = list(draft.cards.values())
    if not draft.too_large:
        cards = [shape.look.card for shape in shown(draft).layers.get("cards", [])]
    hits = [
        (card.kind, card.key)
        for card in cards
        if (card.kind, card.key) in holding or _says(card, wanted)
    ]
    return JsonResponse({"hits": hits if wanted else []})


@require_GET
def gaps(request: HttpRequest, pk: int) -> JsonResponse:
    """Where the steps named by `keys` may be moved to: [step key, outcome key]. Places that change
    nothing are not."""
    journey = editable_journey(request, pk)
    document = journey.head.stored()
    steps = graph.steps(document)
    moving = [key for key in request.GET.getlist("keys") if key in steps]
    inside = {name for key in moving for name in graph.moves_with(document, key)}
    before = graph.predecessors(document)
    same = {before[key][0] for key in inside if len(before.get(key, [])) == 1}
    ways = [
        (key, graph.outcome_key(way)) for key, step in steps.items() for way in graph.outcomes(step)
    ]
    free = [gap for gap in ways if gap[0] not in inside and gap not in same]
    begins = bool(inside & set(graph.roots(document)[:1]))
    return JsonResponse({"gaps": free if begins else [graph.START, *free]})


@require_GET
def targets(request: HttpRequest, pk: int) -> JsonResponse:
    """The keys of the steps that an outcome of the step `key` may lead to."""
    journey = editable_journey(request, pk)
    draft = Draft(journey, journey.head)
    key = request.GET.get("key", "")
    known = key in graph.steps(draft.document)
    return JsonResponse(
        {"targets": [card.key for card in paths.targets(draft, key)] if known else []}
    )


@require_POST
def rename(request: HttpRequest, pk: int) -> HttpResponse:
    """Gives a path of a step another name."""
    journey = editable_journey(request, pk)
    selected, step, lens = selected_step(request, journey)
    label = " ".join(request.POST.get("label", "").split())
    block = lens.with_outcome_label(step, request.POST.get("outcome", ""), label) if lens else None
    if block is None:
        return refused(request, journey, selected, _t("This path has no name of its own."))
    operation = "edit block", {"kind": "activity", "key": selected.key, "block": block}
    return carry_out(
        request, journey, operation, based_on(request), Selected("activity", selected.key)
    )


def _says_itself(block: dict, wanted: str) -> bool:
    """Where its paths lead is what the next step says."""
    said = [value for name, value in block.items() if name != "outcomes"]
    ways = block.get("outcomes")
    if not isinstance(ways, list):
        return _holds([*said, ways], wanted)
    for way in ways:
        is_path = isinstance(way, dict)
        said += [value for name, value in way.items() if name != "next"] if is_path else [way]
    return _holds(said, wanted)


def _holds(value: object, wanted: str) -> bool:
    if isinstance(value, dict):
        return any(_holds(member, wanted) for member in value.values())
    if isinstance(value, list):
        return any(_holds(item, wanted) for item in value)
    return value is not None and wanted in str(value).casefold()


def _says(card: Card, wanted: str) -> bool:
    return wanted in card.sentence.casefold() or wanted in card.label.casefold()
