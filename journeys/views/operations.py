"""Carrying out one operation, and the answer: what looks different now, or why nothing was done."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from journeys.models import ChangedMeanwhile, Journey, KeyTaken
from journeys.screens.draft import Draft
from journeys.screens.error_text import error_text
from journeys.screens.fragments import Answer, form_answer
from journeys.screens.selected import Selected
from journeys.spec import document as doc
from journeys.spec.graph import GraphError
from journeys.views.access import visible_journey
from journeys.views.conflicts import Asked, conflict, settle
from journeys.views.saves import not_stored, visit_of


def carry_out(
    request: HttpRequest,
    journey: Journey,
    operation: tuple[str, dict],
    based_on: int,
    selected: Selected,
    *,
    form: object = None,
    base: dict | None = None,
    show_panel: bool = True,
    select: Callable[[dict, dict], Selected] | None = None,
    again: dict[str, str] | None = None,
) -> HttpResponse:
    """Applies one operation and answers with what changed on the screen, or with the reason why
    nothing did.

    `select` may choose, from the documents before and after, what the panel shows next. `again` is
    what has to be sent otherwise to do the same once more on a newer draft. `base` is what the page
    takes to be stored, where that is no revision of its own.
    """
    before, was = Draft.shown(journey), journey.head
    name, arguments = operation
    what = {key: value for key, value in arguments.items() if isinstance(value, str | int | bool)}
    what |= {"count": len(arguments["keys"])} if "keys" in arguments else {}
    what |= visit_of(request, form) if form else {}
    asked = Asked(request, based_on, name, arguments, what, again or {}, base)
    try:
        if asked.is_settled:
            settle(journey, asked)
        else:
            whose = {"based_on": based_on, "base": base, "author": request.user}
            journey.apply(name, arguments, told=what, **whose)
    except ChangedMeanwhile as clash:
        return conflict(journey, selected, clash, asked)
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
    show_panel: bool = True,
    target: str = "_panel",
    more: dict | None = None,
    form: object = None,
) -> HttpResponse:
    """The changed fragments only. Without `show_panel` the open form stays as it is, with the
    cursor where it is.

    `form` is the one that was saved: the answer says what of it could not be stored.
    """
    draft = Draft(journey, journey.head)
    answer = Answer(request, draft, selected.within(draft.document), more)  # undo may take it away
    if show_panel:
        parts = [answer.fragment(target)]
        parts += [answer.fragment("_panel", oob=True)] if target != "_panel" else []
    else:
        parts = [answer.of_saved_block()]
    parts.append(answer.since(before))
    parts += [form_answer(request, form, answer.context["form"])] if form else []
    response = reply(answer, "".join(parts), status=422 if form and form.wrong() else 200)
    if not show_panel:
        response["HX-Reswap"] = "none"
    return response


def reply(answer: Answer, html: str, status: int = 200) -> HttpResponse:
    response = HttpResponse(html, status=status)
    if answer.is_outgrown:
        response["HX-Refresh"] = "true"
    return response


def refused(
    request: HttpRequest, journey: Journey, selected: Selected, reason: str, status: int = 422
) -> HttpResponse:
    """The panel again, with the reason; nothing was changed. What others did meanwhile is shown."""
    journey = visible_journey(request, journey.pk)
    draft = Draft(journey, journey.head)
    answer = Answer(request, draft, selected.within(draft.document), {"refusal": reason})
    html = answer.fragment("_panel") + (answer.since(None) if answer.is_behind else "")
    return HttpResponse(html, status=status)


def ask(request: HttpRequest, journey: Journey, template: str, context: dict) -> HttpResponse:
    """The contents of the composer's question (`#ask`); nothing was changed."""
    response = render(request, template, {"journey": journey, **context})
    response["HX-Retarget"], response["HX-Reswap"] = "#ask", "innerHTML"
    return response
