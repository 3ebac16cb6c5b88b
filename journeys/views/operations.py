"""Carrying out one operation, and the answer: what looks different now, or why nothing was done."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from journeys.models import ChangedMeanwhile, Journey, KeyTaken
from journeys.screens import paths
from journeys.screens.draft import Draft
from journeys.screens.error_text import error_text
from journeys.screens.fragments import form_answer, fragments, is_outgrown
from journeys.screens.panel import Selected, block_of, page_context, panel_context, selected_of
from journeys.spec import document as doc
from journeys.spec.graph import GraphError
from journeys.views.access import visible_journey
from journeys.views.saves import not_stored, told_of


def carry_out(
    request: HttpRequest,
    journey: Journey,
    operation: tuple[str, dict],
    based_on: int,
    selected: Selected,
    *,
    form: object = None,
    show_panel: bool = False,
    select: Callable[[dict, dict], Selected] | None = None,
) -> HttpResponse:
    """Applies one operation and answers with what changed on the screen, or with the reason why
    nothing did.

    `select` may choose, from the documents before and after, what the panel shows next.
    """
    before, was = Draft.shown(journey), journey.head
    name, arguments = operation
    told = {key: value for key, value in arguments.items() if isinstance(value, str | int | bool)}
    told |= {"count": len(arguments["keys"])} if "keys" in arguments else {}
    told |= told_of(request, form) if form else {}
    try:
        journey.apply(name, arguments, based_on=based_on, author=request.user, told=told)
    except ChangedMeanwhile as clash:
        return conflict(request, journey, selected, clash)
    except (GraphError, doc.DocumentError, KeyTaken) as error:
        if form is not None:
            form.add_error(None, error_text(error))
            return not_stored(request, form)
        return refused(request, journey, selected, error_text(error))
    if select:
        selected = select(was.stored(), journey.head.stored())
    return changed(request, journey, before, selected, show_panel=show_panel, form=form)


def changed(
    request: HttpRequest,
    journey: Journey,
    before: Draft | None,
    selected: Selected,
    *,
    show_panel: bool,
    target: str = "journeys/_panel.html",
    more: dict | None = None,
    form: object = None,
) -> HttpResponse:
    """The changed fragments only. Without `show_panel` the open form stays as it is, with the
    cursor where it is.

    `form` is the one that was saved: the answer says what of it could not be stored.
    """
    draft = Draft(journey, journey.head)
    selected = selected_of(
        {"kind": selected.kind, "key": selected.key}, draft.document
    )  # undo may have taken it away
    context = (
        page_context(request, draft, selected)
        | panel_context(request, draft, selected)
        | (more or {})
    )
    oob = context | {"oob": True}
    if not show_panel:
        names = ("_panel_title", "_block_json", "_checks", "_checks_count")
        names = names if context["card"] else names[1:]
        answer = "".join(render_to_string(f"journeys/{name}.html", oob, request) for name in names)
        answer += "".join(context["form"].fresh()) if context["form"] else ""
    else:
        answer = render_to_string(target, context, request)
        if target != "journeys/_panel.html":
            answer += render_to_string("journeys/_panel.html", oob, request)
    answer += fragments(request, context, draft, before)
    answer += form_answer(request, form, context["form"]) if form else ""
    response = HttpResponse(answer, status=422 if form and form.wrong() else 200)
    if not show_panel:
        response["HX-Reswap"] = "none"
    return anew_if_outgrown(request, context, response)


def anew_if_outgrown(request: HttpRequest, context: dict, response: HttpResponse) -> HttpResponse:
    if is_outgrown(request, context):
        response["HX-Refresh"] = "true"
    return response


def refused(
    request: HttpRequest, journey: Journey, selected: Selected, reason: str, status: int = 422
) -> HttpResponse:
    """The panel again, with the reason; nothing was changed."""
    journey = visible_journey(request, journey.pk)
    draft = Draft(journey, journey.head)
    selected = selected_of({"kind": selected.kind, "key": selected.key}, draft.document)
    context = (
        page_context(request, draft, selected)
        | panel_context(request, draft, selected)
        | {"refusal": reason}
    )
    return render(request, "journeys/_panel.html", context, status=status)


def conflict(
    request: HttpRequest, journey: Journey, selected: Selected, clash: ChangedMeanwhile
) -> HttpResponse:
    """Both versions of the block that two people changed; nothing is lost and nothing was
    written."""
    journey = visible_journey(request, journey.pk)
    draft = Draft(journey, clash.newest)
    mine = block_of(clash.mine, selected) or {}
    theirs = block_of(clash.theirs, selected)
    context = page_context(request, draft, selected) | {
        "changed_by": clash.newest.author,
        "mine": doc.pretty(mine),
        "theirs": doc.pretty(theirs) if theirs is not None else "",
        "differences": paths.differing(mine, theirs),
    }
    return render(request, "journeys/_conflict.html", context, status=409)
