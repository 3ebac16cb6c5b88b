"""An answer of the composer: a draft, the block that is open in it, and their fragments."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.functional import cached_property

from journeys.screens.canvas import canvas_fragment
from journeys.screens.draft import Draft
from journeys.screens.page import Shown, page_context
from journeys.screens.panel import panel_context
from journeys.screens.selected import Selected

SAVED = ("_panel_title", "_block_json", "_checks", "_checks_count")  # of a block whose form stays


class Answer:
    """Everything that its fragments need is asked once, when the first of them is made.

    `more` is given to every fragment besides. The request is needed to render for whoever sent it.
    """

    def __init__(
        self, request: HttpRequest, draft: Draft, selected: Selected, more: dict | None = None
    ) -> None:
        self.request, self.draft, self.selected = request, draft, selected
        self.shown = Shown.by(request)
        self.more = more or {}

    @cached_property
    def page(self) -> dict:
        """What stands around the panel."""
        return page_context(self.request.user, self.draft, self.selected, self.shown) | self.more

    @cached_property
    def context(self) -> dict:
        return (
            self.page | panel_context(self.draft, self.selected, self.shown.goto_field) | self.more
        )

    def fragment(self, name: str, *, oob: bool = False) -> str:
        """`oob`: it goes where its own id says, out of band."""
        return self._rendered(name, self.context | {"oob": oob})

    @property
    def is_outgrown(self) -> bool:
        """Whether the journey is too large by now for the Path that the browser shows: then its
        page is loaded anew."""
        return bool(self.page["not_drawn"]) and self.shown.view == "path"

    @property
    def is_behind(self) -> bool:
        """Whether the browser shows another revision than this one."""
        return self.shown.revision != self.draft.revision.number

    @property
    def is_other_page(self) -> bool:
        """Whether the block stands on another page of the list than the one that is shown."""
        rows = self.page["rows"]
        return rows is not None and rows.first != self.shown.first_row

    def of_saved_block(self) -> str:
        """What of the panel shows the saved block, apart from its form, which stays as it is with
        the cursor in it."""
        names = SAVED if self.context["card"] else SAVED[1:]
        form = self.context["form"]
        parts = [self.fragment(name, oob=True) for name in names]
        return "".join([*parts, *(form.fresh() if form else ())])

    def since(self, before: Draft | None) -> str:
        """Out of band, whatever looks different from `before`, or everything when that is not
        known."""
        context = self.context | {"oob": True}
        names = ["_status"]
        name, more = self._of_view(before)
        names += [name] if name else []
        if not self._is_on_page(before) or not self._has_same_problems(before):
            names.append("_problems")
        if self.shown.view == "json":
            names.append("_document_source")
        return "".join(self._rendered(name, context | more) for name in names)

    def _is_on_page(self, before: Draft | None) -> bool:
        """A page may be older than the revision before this one: others changed it meanwhile."""
        return before is not None and before.revision.number == self.shown.revision

    def _of_view(self, before: Draft | None) -> tuple[str, dict]:
        """The fragment that brings the Path or the List up to date, and what it needs besides."""
        if self.page["view"] == "path":
            return canvas_fragment(before, self.shown.revision, self.draft)
        if self.page["view"] != "list" or self.is_outgrown:
            return "", {}  # neither the outline nor its cards are on the page
        if not self._is_on_page(before) or self.is_other_page or before.shape != self.draft.shape:
            return "_outline", {}
        return "_changed_rows", {"changed_rows": self._changed_rows(before)}

    def _changed_rows(self, before: Draft) -> list:
        draft = self.draft
        slots = draft.items[: len(draft.slots)]
        on_page = {row.id for row in (*self.page["rows"].items, *slots)}
        both = zip(before.items, draft.items, strict=True)
        return [row for old, row in both if old != row and row.id in on_page]

    def _has_same_problems(self, before: Draft) -> bool:
        part = self.shown.problems
        return before.problems_shown(part) == self.draft.problems_shown(part)

    def _rendered(self, name: str, context: dict) -> str:
        return render_to_string(f"journeys/{name}.html", context, self.request)


def form_answer(request: HttpRequest, form: object, now: object = None) -> str:
    """What the open form is told: inputs that could not be stored, and those that followed others
    in the form `now`."""
    followed = form.followed_in(now) if now else {}
    context = {"wrong": form.wrong(), "followed": followed.items(), "oob": True}
    return render_to_string("journeys/_form_answer.html", context, request)
