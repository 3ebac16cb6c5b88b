"""The composer page and the fragments that its forms get back."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_GET, require_POST

from journeys import blocks
from journeys.models import ChangedMeanwhile, Journey, KeyTaken, Revision, WrongState
from journeys.spec import document as doc
from journeys.spec import graph
from journeys.spec.graph import GraphError
from journeys.views import paths
from journeys.views.draft import Draft, editable_journey, visible_journey
from journeys.views.json_lines import json_lines
from journeys.views.saves import base_number, errors_fragment, not_stored, told_of

VIEWS = ("list", "json", "text")  # "text" while the document is being edited as text: nothing may replace it


@dataclass(frozen=True)
class Selected:
    """What the panel at the right shows: one block, or with kind "journey" the journey's own settings."""

    kind: str = "journey"
    key: str = ""

    @property
    def query(self) -> str:
        return urlencode({"kind": self.kind, "key": self.key})


@require_GET
def composer(request: HttpRequest, pk: int) -> HttpResponse:
    journey = visible_journey(request, pk)
    draft = Draft(journey, journey.head)
    selected = selected_of(request.GET, draft.document)
    context = page_context(request, draft, selected)
    return render(request, "journeys/composer.html", context | panel_context(request, draft, selected))


@require_GET
def panel(request: HttpRequest, pk: int) -> HttpResponse:
    """The form of one block, rendered when it is opened."""
    journey = visible_journey(request, pk)
    draft = Draft(journey, journey.head)
    selected = selected_of(request.GET, draft.document)
    context = page_context(request, draft, selected) | panel_context(request, draft, selected)
    answer = render_to_string("journeys/_panel.html", context, request)
    if request.GET.get("based_on") != str(draft.revision.number):  # somebody else changed the draft meanwhile
        answer += fragments(request, context, draft, None)
    return HttpResponse(answer)


@require_GET
def document_text(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole document as text to edit."""
    journey = editable_journey(request, pk)
    context = {"journey": journey, "text": doc.pretty(journey.head.document()), "based_on": journey.head.number}
    return render(request, "journeys/_document_edit.html", context)


@require_POST
def save_document(request: HttpRequest, pk: int) -> HttpResponse:
    journey = editable_journey(request, pk)
    text, based_on = request.POST.get("text", ""), number(request.POST.get("based_on"))
    try:
        document, stripped = doc.strip_server_assigned(doc.loads(text))
        before = Draft(journey, journey.head)
        journey.replace(document, based_on=based_on, author=request.user, operation="edit as text")
    except (doc.DocumentError, KeyTaken, GraphError, Revision.DoesNotExist) as error:
        context = {"journey": journey, "text": text, "based_on": based_on, "error": words(error)}
        return render(request, "journeys/_document_edit.html", context, status=422)
    except ChangedMeanwhile:
        error = _t(
            "Somebody else changed the same blocks meanwhile. Copy your text, reload the page and apply it again."
        )
        context = {"journey": journey, "text": text, "based_on": based_on, "error": error}
        return render(request, "journeys/_document_edit.html", context, status=409)
    notice = _t("Left out, because Marketing Cloud makes them itself: %s") % ", ".join(stripped) if stripped else ""
    more = {"notice": notice, "view": "json", "document": doc.pretty(journey.head.document())}
    target = "journeys/_document.html"
    return changed(request, journey, before, Selected(), show_panel=True, target=target, more=more)


@require_POST
def save_block(request: HttpRequest, pk: int) -> HttpResponse:
    """Saves the open form: only what the user changed against the revision that the form was made from.

    What is wrong in it is told (422) and left as it was; the other changes are saved all the same.
    """
    journey = editable_journey(request, pk)
    based_on = base_number(request, journey, number(request.POST.get("based_on")))
    base = get_object_or_404(journey.revisions, number=based_on).document()
    selected = selected_of(request.POST, base)
    form = form_for(base, selected, request.POST)
    if form is None:
        return HttpResponseBadRequest(_t("This block is edited as JSON."))
    form.is_valid()
    block = form.written()
    operation = edited(base, selected, block)
    redrawn = form.must_be_redrawn or form.reshaped(block)
    return carry_out(request, journey, operation, based_on, selected, form=form, show_panel=redrawn)


@require_POST
def save_block_text(request: HttpRequest, pk: int) -> HttpResponse:
    """Saves one block that was edited as JSON."""
    journey = editable_journey(request, pk)
    based_on = number(request.POST.get("based_on"))
    base = get_object_or_404(journey.revisions, number=based_on).document()
    selected = selected_of(request.POST, base)
    text = request.POST.get("text", "")
    try:
        block = doc.loads_value(text)
        if not isinstance(block, dict):
            raise doc.DocumentError(_t("A block is one JSON object."))
        if selected.kind != "journey" and block.get("key") != selected.key:
            raise doc.DocumentError(_t("The key must stay “%s”: other steps name it.") % selected.key, "key")
    except doc.DocumentError as error:
        draft = Draft(journey, journey.head)
        context = page_context(request, draft, selected) | panel_context(request, draft, selected)
        return render(request, "journeys/_panel.html", context | {"text": text, "text_error": error}, status=422)
    return carry_out(request, journey, edited(base, selected, block), based_on, selected, show_panel=True)


@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    return turn(request, editable_journey(request, pk), Journey.undo)


@require_POST
def redo(request: HttpRequest, pk: int) -> HttpResponse:
    return turn(request, editable_journey(request, pk), Journey.redo)


def turn(request: HttpRequest, journey: Journey, method: Callable) -> HttpResponse:
    before = Draft(journey, journey.head)
    selected = selected_of(request.POST, before.document)
    try:
        method(journey, request.user)
    except ChangedMeanwhile:
        reason = _t("This cannot be done any more: the same blocks were changed by somebody else since.")
        return refused(request, journey, selected, reason, status=409)
    except (WrongState, KeyTaken, doc.DocumentError) as error:
        return refused(request, journey, selected, words(error), status=409)
    return changed(request, journey, before, selected, show_panel=True)


def edited(base: dict, selected: Selected, block: dict) -> tuple[str, dict]:
    """The operation that an edited block amounts to."""
    if selected.kind == "journey":
        known = block_of(base, selected)
        members = {n: v for n, v in block.items() if n not in known or doc.dumps(known[n]) != doc.dumps(v)}
        return "edit journey", {"members": members, "removed": [name for name in known if name not in block]}
    return "edit block", {"kind": selected.kind, "key": selected.key, "block": block}


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
    """Applies one operation and answers with what changed on the screen, or with the reason why nothing did.

    `select` may choose, from the documents before and after, what the panel shows next.
    """
    before = Draft(journey, journey.head)
    name, arguments = operation
    told = {key: value for key, value in arguments.items() if isinstance(value, str | int | bool)}
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
        selected = select(before.document, journey.head.document())
    return changed(request, journey, before, selected, show_panel=show_panel, form=form)


def changed(
    request: HttpRequest,
    journey: Journey,
    before: Draft,
    selected: Selected,
    *,
    show_panel: bool,
    target: str = "journeys/_panel.html",
    more: dict | None = None,
    form: object = None,
) -> HttpResponse:
    """The changed fragments only. Without `show_panel` the open form stays as it is, with the cursor where it is.

    `form` is the one that was saved: the answer says what of it could not be stored.
    """
    draft = Draft(journey, journey.head)
    context = page_context(request, draft, selected) | panel_context(request, draft, selected) | (more or {})
    oob = context | {"oob": True}
    if not show_panel:
        names = ("_block_json", "_checks", "_checks_count")
        answer = "".join(render_to_string(f"journeys/{name}.html", oob, request) for name in names)
        answer += "".join(context["form"].fresh()) if context["form"] else ""
    else:
        answer = render_to_string(target, context, request)
        if target != "journeys/_panel.html":
            answer += render_to_string("journeys/_panel.html", oob, request)
    answer += fragments(request, context, draft, before)
    answer += errors_fragment(request, form) if form else ""
    response = HttpResponse(answer, status=422 if form and form.wrong() else 200)
    if not show_panel:
        response["HX-Reswap"] = "none"
    return response


def fragments(request: HttpRequest, context: dict, draft: Draft, before: Draft | None) -> str:
    """Out-of-band fragments: whatever looks different from `before`, or everything when that is not known."""
    context = context | {"oob": True}
    names = ["_status"]
    seen = number(request.POST.get("based_on") or request.GET.get("based_on"))
    if context["view"] != "list":
        pass  # neither the outline nor its cards are on the page
    elif before is None or seen != before.revision.number or before.shape != draft.shape:
        names.append("_outline")
    else:
        changed = [card for place, card in draft.cards.items() if before.cards[place] != card]
        context["changed_cards"] = changed
        names.append("_changed_cards")
    if before is None or before.findings != draft.findings:
        names.append("_problems")
    if request.POST.get("view") == "json":
        names.append("_document")
    return "".join(render_to_string(f"journeys/{name}.html", context, request) for name in names)


def refused(request: HttpRequest, journey: Journey, selected: Selected, reason: str, status: int = 422) -> HttpResponse:
    """The panel again, with the reason; nothing was changed."""
    journey = visible_journey(request, journey.pk)
    draft = Draft(journey, journey.head)
    selected = selected_of({"kind": selected.kind, "key": selected.key}, draft.document)
    context = page_context(request, draft, selected) | panel_context(request, draft, selected) | {"refusal": reason}
    return render(request, "journeys/_panel.html", context, status=status)


def conflict(request: HttpRequest, journey: Journey, selected: Selected, clash: ChangedMeanwhile) -> HttpResponse:
    """Both versions of the block that two people changed; nothing is lost and nothing was written."""
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


def page_context(request: HttpRequest, draft: Draft, selected: Selected) -> dict:
    journey = draft.journey
    view = request.POST.get("view") or request.GET.get("view")
    can_edit = Journey.objects.editable_by(request.user).filter(pk=journey.pk).exists()
    numbers = [n for n in (draft.revision.undo_top, draft.revision.redo_top) if n]
    revisions = {r.number: r for r in journey.revisions.rows().filter(number__in=numbers)} if numbers else {}
    return {
        "journey": journey,
        "draft": draft,
        "revision": draft.revision,
        "selected": selected,
        "view": view if view in VIEWS else "list",
        "can_edit": can_edit,
        "can_accept": request.user.has_perm("journeys.accept_problem"),
        "undo": revisions.get(draft.revision.undo_top),
        "redo": revisions.get(draft.revision.redo_top),
        "main_button": main_button(request, draft) if can_edit else None,
        "can_add": can_edit and not doc.is_version_0_5(draft.document),
        "palette": blocks.palette(),
        "document": doc.pretty(draft.document) if view == "json" else "",
    }


def main_button(request: HttpRequest, draft: Draft) -> dict:
    """The one main button: what comes next for this draft, or why it cannot come yet."""
    journey = draft.journey
    state = journey.state
    review = {"label": _t("Request review"), "url": reverse("request-review", args=[journey.pk])}
    submit = {"label": _t("Submit…"), "url": reverse("submit", args=[journey.pk]), "get": True}
    latest = journey.submissions.rows().first()
    if state == Journey.State.IN_REVIEW:
        return review | {"label": _t("In review"), "why": _t("A reviewer has to decide first.")}
    if state not in (Journey.State.DRAFT, Journey.State.APPROVED, Journey.State.REFUSED) and latest:
        return {"label": _t("See submission"), "url": reverse("submission", args=[latest.pk]), "get": True}
    never = journey.why_not_submit(without_review=True)
    if never:
        return (review if journey.tenant.review_required else submit) | {"why": never}
    if draft.blocking:
        button = review if journey.tenant.review_required else submit
        return button | {"why": _t("Something has to be put right first. See the problems below.")}
    if journey.tenant.review_required and not journey.approval():
        return review
    return submit


def panel_context(request: HttpRequest, draft: Draft, selected: Selected) -> dict:
    """What the panel needs for the selected block: its form, its paths, its problems, its JSON."""
    block = block_of(draft.document, selected)
    form = form_for(draft.document, selected)
    step = selected.kind == "activity" and selected.key in graph.steps(draft.document)
    found = draft.findings_at(selected.kind, selected.key)
    return {
        "form": form,
        "block": block,
        "card": draft.cards.get((selected.kind, selected.key)),
        "block_findings": found,
        "open_findings": sum(not finding.accepted for finding in found),
        "block_blocks": any(finding.problem.blocks and not finding.accepted for finding in found),
        "lines": json_lines(block),
        "text": doc.pretty(block).rstrip("\n"),
        "paths": paths.of_step(draft, selected.key) if step else None,
        "goto_field": form.field_for(request.GET["field"]) if form and request.GET.get("field") else "",
    }


def form_for(document: dict, selected: Selected, data: dict | None = None) -> object | None:
    """The lens over the selected block; None where it is edited as JSON."""
    block = block_of(document, selected)
    if block is None:
        return None
    lens = blocks.lens(block, selected.kind, document)
    return lens(data, block=block, document=document) if lens.editable else None


def block_of(document: dict, selected: Selected) -> dict | None:
    if selected.kind == "journey":
        return {name: value for name, value in document.items() if name not in doc.LISTS}
    return doc.find_block(document, selected.kind, selected.key)


def selected_of(data: dict, document: dict) -> Selected:
    """What the request names, if the document has it; else the journey itself."""
    kind, key = data.get("kind", ""), data.get("key", "")
    if kind in doc.MEMBER_OF and doc.find_block(document, kind, key) is not None:
        return Selected(kind, key)
    return Selected()


def number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0


def words(error: Exception) -> str:
    if isinstance(error, KeyTaken):
        return _t("The key “%s” is taken by another journey of this tenant. Choose another one.") % error.key
    if isinstance(error, Revision.DoesNotExist):
        return _t("The page is out of date. Reload it.")
    if isinstance(error, doc.DocumentError) and error.place:
        return f"{error.text} ({error.place})"
    return str(getattr(error, "text", error))


def back_to(journey: Journey) -> HttpResponse:
    return redirect("composer", journey.pk)
