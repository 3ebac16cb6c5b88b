"""The composer page, its panel, and the saves of the block that is open there."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_GET, require_POST

from journeys.models import Journey, KeyTaken, Tampered, WrongState
from journeys.screens.canvas import canvas_context
from journeys.screens.draft import Draft
from journeys.screens.error_text import error_text
from journeys.screens.fragments import Answer
from journeys.screens.gone import why_gone
from journeys.screens.numbers import asked_number
from journeys.screens.selected import Selected, block_of, form_for, named_in, selected_of
from journeys.screens.shortcuts import SHORTCUTS, shown
from journeys.spec import document as doc
from journeys.views.access import base_of, editable_journey, revision_of, visible_journey
from journeys.views.conflicts import is_settling
from journeys.views.operations import carry_out, changed, refused, reply
from journeys.views.saves import base_shown, typed_on


@require_GET
def composer(request: HttpRequest, pk: int) -> HttpResponse:
    answer = asked_for(request, pk)
    canvas = canvas_context(answer.draft) if answer.page["view"] == "path" else {}
    return render(request, "journeys/composer.html", answer.context | canvas)


@require_GET
def panel(request: HttpRequest, pk: int) -> HttpResponse:
    """The form of one block, rendered when it is opened."""
    answer = asked_for(request, pk)
    html = answer.fragment("_panel")
    if answer.is_behind:  # somebody else changed the draft meanwhile
        html += answer.since(None)
    elif answer.is_other_page:
        html += answer.fragment("_outline", oob=True)
    return reply(answer, html)


@require_GET
def outline(request: HttpRequest, pk: int) -> HttpResponse:
    """The page of the list that begins at `rows_from`, or on which the step `around` stands, out of
    band."""
    answer = asked_for(request, pk)
    rows = answer.draft.row_part(answer.shown.first_row, request.GET.get("around", ""))
    return render(request, "journeys/_outline.html", answer.page | {"oob": True, "rows": rows})


@require_GET
def shortcuts(request: HttpRequest) -> HttpResponse:
    """What the sheet of keyboard shortcuts says, when it is opened."""
    groups = [
        (group, [(one, [shown(keys) for keys in one.keys]) for one in listed])
        for group, listed in SHORTCUTS
    ]
    return render(request, "journeys/_shortcuts.html", {"groups": groups})


def asked_for(request: HttpRequest, pk: int) -> Answer:
    """The newest revision, with the block that the address names."""
    journey = visible_journey(request, pk)
    draft = Draft(journey, journey.head)
    selected = selected_of(request.GET, draft.document)
    named = Selected(request.GET.get("kind", ""), request.GET.get("key", ""))
    gone = why_gone(draft, named, asked_number(request.GET, "based_on"))
    more = {"refusal": gone, "gone": named} if gone else None
    return Answer(request, draft, selected, more)


@require_POST
def save_block(request: HttpRequest, pk: int) -> HttpResponse:
    """Saves the open form: only what the user changed against the revision that the form was made
    from.

    What is wrong in it is told (422) and left as it was; the other changes are saved all the same.
    """
    journey = editable_journey(request, pk)
    based_on, base = base_shown(request, journey)
    selected = named_in(request.POST, base)
    if selected is None:
        return not_there(request, journey)
    form = form_for(base, selected, request.POST)
    if form is None:
        return HttpResponseBadRequest(_t("This block is edited as JSON."))
    form.is_valid()
    block = form.written()
    operation = edited(base, selected, block)
    redrawn = form.must_be_redrawn or form.reshaped(block) or is_settling(request)
    return carry_out(
        request, journey, operation, based_on, selected, form=form, base=base, show_panel=redrawn
    )


@require_POST
def save_block_text(request: HttpRequest, pk: int) -> HttpResponse:
    """Saves one block that was edited as JSON."""
    journey = editable_journey(request, pk)
    based_on = typed_on(request)
    base = base_of(journey, based_on)
    selected = named_in(request.POST, base)
    if selected is None:
        return not_there(request, journey)
    text = request.POST.get("text", "")
    try:
        block = doc.loads_value(text)
        if not isinstance(block, dict):
            raise doc.DocumentError(_t("A block is one JSON object."))
        if selected.kind != "journey" and block.get("key") != selected.key:
            raise doc.DocumentError(
                _t("The key must stay “%s”: other steps name it.") % selected.key, "key"
            )
    except doc.DocumentError as error:
        typed = {"text": text, "text_error": error_text(error)}
        answer = Answer(request, Draft(journey, journey.head), selected, typed)
        return HttpResponse(answer.fragment("_panel"), status=422)
    return carry_out(request, journey, edited(base, selected, block), based_on, selected)


def not_there(request: HttpRequest, journey: Journey) -> HttpResponse:
    reason = _t("This block is no longer in the journey. Nothing was changed.")
    return refused(request, journey, Selected(), reason)


@require_POST
def name_journey(request: HttpRequest, pk: int) -> HttpResponse:
    """The name in the top bar. The panel goes on to show what it shows."""
    journey = editable_journey(request, pk)
    based_on = typed_on(request)
    shown = selected_of(request.POST, revision_of(journey, based_on).stored())
    name = " ".join(request.POST.get("name", "").split())
    if not name:
        return refused(request, journey, shown, _t("A journey needs a name. Enter one."))
    operation = "edit journey", {"members": {"name": name}}
    return carry_out(
        request, journey, operation, based_on, Selected(), select=lambda before, after: shown
    )


@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    return turn(request, editable_journey(request, pk), Journey.undo)


@require_POST
def redo(request: HttpRequest, pk: int) -> HttpResponse:
    return turn(request, editable_journey(request, pk), Journey.redo)


def turn(request: HttpRequest, journey: Journey, method: Callable) -> HttpResponse:
    """The button names the revision that it turns. Where that cannot be done, the whole page is
    brought up to date with the reason."""
    before = Draft.shown(journey)
    selected = selected_of(request.POST, journey.head.stored())
    turned = asked_number(request.POST, "number")
    if turned is None:
        return not_turned(request, journey, selected, _t("The page is out of date. Reload it."))
    try:
        method(journey, request.user, turned)
    except Tampered:  # told, and kept, as everywhere (refusing)
        raise
    except (WrongState, KeyTaken, doc.DocumentError) as error:
        return not_turned(request, journey, selected, error_text(error))
    return changed(request, journey, before, selected)


def not_turned(
    request: HttpRequest, journey: Journey, selected: Selected, reason: str
) -> HttpResponse:
    journey = visible_journey(request, journey.pk)
    draft = Draft(journey, journey.head)
    answer = Answer(request, draft, selected.within(draft.document), {"refusal": reason})
    return reply(answer, answer.fragment("_panel") + answer.since(None), status=409)


def edited(base: dict, selected: Selected, block: dict) -> tuple[str, dict]:
    """The operation that an edited block amounts to."""
    if selected.kind == "journey":
        known = block_of(base, selected)
        members = {
            n: v for n, v in block.items() if n not in known or doc.dumps(known[n]) != doc.dumps(v)
        }
        return "edit journey", {
            "members": members,
            "removed": [name for name in known if name not in block],
        }
    return "edit block", {"kind": selected.kind, "key": selected.key, "block": block}
