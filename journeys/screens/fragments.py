"""Carrying out one operation, and the answer to it: the fragments that look different now, or why
nothing was done."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _t

from journeys.models import ChangedMeanwhile, Journey, KeyTaken, Revision
from journeys.screens import paths
from journeys.screens.canvas import canvas_fragment
from journeys.screens.draft import Draft, visible_journey
from journeys.screens.panel import (
    Selected,
    asked_rows,
    block_of,
    page_context,
    panel_context,
    selected_of,
)
from journeys.screens.saves import answer_to, not_stored, told_of
from journeys.spec import document as doc
from journeys.spec.graph import GraphError
from journeys.spec.wording import Refusal, filled


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
            form.add_error(None, words(error))
            return not_stored(request, form)
        return refused(request, journey, selected, words(error))
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
    answer += answer_to(request, form, context["form"]) if form else ""
    response = HttpResponse(answer, status=422 if form and form.wrong() else 200)
    if not show_panel:
        response["HX-Reswap"] = "none"
    return anew_if_outgrown(request, context, response)


def fragments(request: HttpRequest, context: dict, draft: Draft, before: Draft | None) -> str:
    """Out-of-band fragments: whatever looks different from `before`, or everything when that is not
    known."""
    context = context | {"oob": True}
    names = ["_status"]
    seen = number(request.POST.get("based_on") or request.GET.get("based_on"))
    is_known = before is not None and seen == before.revision.number
    if context["view"] == "path":
        name, more = canvas_fragment(before, seen, draft)
        names.append(name)
        context |= more
    elif context["view"] != "list" or is_outgrown(request, context):
        pass  # neither the outline nor its cards are on the page
    elif (
        not is_known or before.shape != draft.shape or context["rows"].first != asked_rows(request)
    ):
        names.append("_outline")
    else:
        shown = {row.id for row in (*context["rows"].items, *draft.items[: len(draft.slots)])}
        both = zip(before.items, draft.items, strict=True)
        context["changed_rows"] = [row for old, row in both if old != row and row.id in shown]
        names.append("_changed_rows")
    part = context["problem_part"]
    if before is None or before.told_problems(part) != draft.told_problems(part):
        names.append("_problems")
    if request.POST.get("view") == "json":
        names.append("_document_source")
    return "".join(render_to_string(f"journeys/{name}.html", context, request) for name in names)


def anew_if_outgrown(request: HttpRequest, context: dict, response: HttpResponse) -> HttpResponse:
    if is_outgrown(request, context):
        response["HX-Refresh"] = "true"
    return response


def is_outgrown(request: HttpRequest, context: dict) -> bool:
    """Whether the journey is too large by now for the Path that the browser shows: then its page is
    loaded anew."""
    return bool(context["not_drawn"]) and (request.POST or request.GET).get("view") == "path"


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


def words(error: Exception) -> str:
    if isinstance(error, KeyTaken):
        return (
            _t("The key “%s” is taken by another journey of this tenant. Choose another one.")
            % error.key
        )
    if isinstance(error, Revision.DoesNotExist):
        return _t("The page is out of date. Reload it.")
    if not isinstance(error, Refusal):
        return str(getattr(error, "text", error))
    text = filled(_t(error.sentence), error.values)
    return f"{text} ({error.place})" if getattr(error, "place", "") else text


def number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0
