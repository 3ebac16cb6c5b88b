"""The fragments that bring what the browser shows of a draft to what it is now."""

from django.http import HttpRequest
from django.template.loader import render_to_string

from journeys.screens.canvas import canvas_fragment
from journeys.screens.draft import Draft
from journeys.screens.numbers import number
from journeys.screens.panel import asked_rows


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


def is_outgrown(request: HttpRequest, context: dict) -> bool:
    """Whether the journey is too large by now for the Path that the browser shows: then its page is
    loaded anew."""
    return bool(context["not_drawn"]) and (request.POST or request.GET).get("view") == "path"


def form_answer(request: HttpRequest, form: object, now: object = None) -> str:
    """What the open form is told: inputs that could not be stored, and those that followed others
    in the form `now`."""
    followed = form.followed_in(now) if now else {}
    context = {"wrong": form.wrong(), "followed": followed.items(), "oob": True}
    return render_to_string("journeys/_form_answer.html", context, request)
