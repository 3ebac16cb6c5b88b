"""What the composer's page shows around the panel."""

from dataclasses import dataclass

from django.http import HttpRequest

from journeys import blocks
from journeys.screens.draft import Draft
from journeys.screens.json_lines import shown_document
from journeys.screens.numbers import asked_number, number
from journeys.screens.review_status import left_behind
from journeys.screens.selected import Selected
from journeys.screens.size import ProblemPart
from journeys.screens.standing import standing_of
from journeys.screens.standing_mark import mark_of
from journeys.screens.top_bar import ends_with_a_change, main_button, undo_and_redo
from journeys.spec import document as doc

VIEWS = (
    "path",
    "list",
    "json",
    "text",
)  # "text" while the document is being edited as text: nothing may replace it


@dataclass(frozen=True)
class Shown:
    """What the browser shows, as each of its requests tells: which view ("" when it tells none),
    which revision, from which row of the list on, which of the problems.

    `goto_field` is an address in the block, which a link names: the cursor goes to its field.
    """

    view: str = ""
    revision: int = 0
    first_row: int = 0
    problems: ProblemPart = ProblemPart()
    goto_field: str = ""

    @classmethod
    def by(cls, request: HttpRequest) -> "Shown":
        data = request.POST or request.GET
        return cls(
            view=data.get("view", ""),
            revision=number(data.get("based_on")),
            first_row=asked_number(data, "rows_from") or 0,
            problems=ProblemPart.asked(data),
            goto_field=request.GET.get("field", ""),
        )


def page_context(user: object, draft: Draft, selected: Selected, shown: Shown) -> dict:
    """The user can see the journey: the view asked."""
    journey, revision = draft.journey, draft.revision
    view = shown.view if shown.view in VIEWS else "path"
    not_drawn = draft.too_large if view == "path" else ""
    view = "list" if not_drawn else view
    can_edit = user.has_perm("journeys.change_journey")
    undo, redo = undo_and_redo(journey, revision, user) if can_edit else (None, None)
    left = left_behind(journey)
    return {
        "journey": journey,
        "draft": draft,
        "is_altered": not revision.is_whole(),
        "revision": revision,
        "selected": selected,
        "view": view,
        "not_drawn": not_drawn,  # why the List stands here instead of the Path
        "rows": draft.row_part(shown.first_row, selected.key) if view == "list" else None,
        "can_edit": can_edit,
        "can_accept": user.has_perm("journeys.accept_problem"),
        "undo": undo,
        "redo": redo,
        "left": left,
        "standing": standing_of(draft, left),
        "mark": mark_of(journey),
        "ends": ends_with_a_change(journey) if can_edit else "",
        "main_button": main_button(draft) if can_edit else None,
        "can_add": can_edit and not doc.is_version_0_5(draft.document),
        "palette": blocks.palette(),
        "problem_part": shown.problems,
        **(shown_document(draft.document) if view == "json" else {"document": ""}),
    }
