"""What the composer shows: the block in its panel, and what its templates are given."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _t

from journeys import blocks
from journeys.lifecycle.journey_state import ASKABLE
from journeys.models import Journey, Revision
from journeys.screens import paths
from journeys.screens.draft import Draft
from journeys.screens.json_lines import json_lines
from journeys.screens.numbers import asked_number
from journeys.screens.opening import is_unsent
from journeys.screens.review_status import left_behind
from journeys.screens.size import MOST_AT_ONCE, ProblemPart, short
from journeys.spec import document as doc
from journeys.spec import graph

VIEWS = (
    "path",
    "list",
    "json",
    "text",
)  # "text" while the document is being edited as text: nothing may replace it


@dataclass(frozen=True)
class Selected:
    """What the panel at the right shows: one block, or with kind "journey" the journey's own
    settings."""

    kind: str = "journey"
    key: str = ""

    @property
    def query(self) -> str:
        return urlencode({"kind": self.kind, "key": self.key})


def page_context(request: HttpRequest, draft: Draft, selected: Selected) -> dict:
    journey = draft.journey
    view = request.POST.get("view") or request.GET.get("view")
    view = view if view in VIEWS else "path"
    not_drawn = draft.too_large if view == "path" else ""
    view = "list" if not_drawn else view
    can_edit = request.user.has_perm(
        "journeys.change_journey"
    )  # the user can see it: the view asked
    revisions = turning(draft.revision)
    return {
        "journey": journey,
        "draft": draft,
        "is_altered": not draft.revision.is_whole(),
        "revision": draft.revision,
        "selected": selected,
        "view": view,
        "not_drawn": not_drawn,  # why the List stands here instead of the Path
        "rows": draft.row_part(asked_rows(request), selected.key) if view == "list" else None,
        "can_edit": can_edit,
        "can_accept": request.user.has_perm("journeys.accept_problem"),
        "undo": revisions.get(draft.revision.undo_top),
        "redo": revisions.get(draft.revision.redo_top),
        "left": left_behind(journey),
        "ends": ends_with_a_change(journey) if can_edit else "",
        "main_button": main_button(request, draft) if can_edit else None,
        "can_add": can_edit and not doc.is_version_0_5(draft.document),
        "palette": blocks.palette(),
        "problem_part": ProblemPart.asked(request.POST or request.GET),
        "document": short(doc.pretty(draft.document)) if view == "json" else "",
    }


def asked_rows(request: HttpRequest) -> int:
    """The first row of the list that the browser shows."""
    return asked_number(request.POST or request.GET, "rows_from") or 0


def turning(revision: Revision) -> dict[int, Revision]:
    """By their numbers, the revisions that Undo and Redo would turn; nearly always it is the newest
    one itself."""
    numbers = {revision.undo_top, revision.redo_top} - {None, revision.number}
    others = (
        Revision.objects.rows().filter(journey=revision.journey_id, number__in=numbers)
        if numbers
        else ()
    )
    return {one.number: one for one in (revision, *others)}


def main_button(request: HttpRequest, draft: Draft) -> dict:
    """The one main button: what comes next for this draft, or why it cannot come yet."""
    journey = draft.journey
    state = journey.state
    review = {"label": _t("Request review"), "url": reverse("request-review", args=[journey.pk])}
    submit = {"label": _t("Submit…"), "url": reverse("submit", args=[journey.pk]), "get": True}
    if state == Journey.State.IN_REVIEW:
        return review | {"label": _t("In review"), "why": _t("A reviewer has to decide first.")}
    is_sent = state not in (*ASKABLE, Journey.State.APPROVED)
    latest = journey.submissions.rows().first() if is_sent else None
    if latest:
        return {
            "label": _t("See submission"),
            "url": reverse("submission", args=[latest.pk]),
            "get": True,
        }
    never = journey.why_not_submit(without_review=True, is_unsent=is_unsent(journey))
    if never:
        return (review if journey.tenant.review_required else submit) | {"why": never}
    if draft.blocking:
        button = review if journey.tenant.review_required else submit
        return button | {"why": _t("Something has to be put right first. See the problems below.")}
    is_approved = journey.may_have_review and journey.approval()
    return review if journey.tenant.review_required and not is_approved else submit


def ends_with_a_change(journey: Journey) -> str:
    """What a change of the draft would end, in words before it is made; "" when nothing."""
    if journey.state == Journey.State.IN_REVIEW:
        return _t(
            "It waits for a reviewer. Any change ends this review, and you have to ask for a new"
            " one."
        )
    if journey.state == Journey.State.APPROVED and journey.tenant.review_required:
        return _t(
            "It is approved as it stands. Any change ends the approval, and it has to be reviewed"
            " again."
        )
    return ""


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
        "block_findings": found[:MOST_AT_ONCE],
        "more_findings": max(0, len(found) - MOST_AT_ONCE),
        "block_blocking": sum(finding.problem.blocks and not finding.accepted for finding in found),
        "block_advice": sum(
            not finding.problem.blocks and not finding.accepted for finding in found
        ),
        "lines": json_lines(block),
        "text": doc.pretty(block).rstrip("\n"),
        "paths": paths.of_step(draft, selected.key) if step else None,
        "goto_field": (
            form.field_for(request.GET["field"]) if form and request.GET.get("field") else ""
        ),
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
