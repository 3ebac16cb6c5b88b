"""The menu of one step, path or other block, asked for when it is opened; Path and List share it.

It is also what the keys of `shortcuts.py` ask for: a key presses the entries of its command, so
that what is possible, and why not, is decided here alone.
"""

import json
from dataclasses import dataclass, field

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from journeys.screens import paths
from journeys.screens.draft import Draft
from journeys.screens.selected import Selected, selected_of
from journeys.screens.shortcuts import keys_of
from journeys.spec import document as doc
from journeys.spec import graph
from journeys.spec.address import item, member
from journeys.spec.graph import GraphError
from journeys.spec.selection import behind, branch_of
from journeys.views.access import editable_journey


@dataclass(frozen=True)
class Entry:
    """`post` and `get` are names of addresses; `gap` opens the chooser there; with a reason in
    `why` it is off."""

    command: str
    icon: str
    label: str
    post: str = ""
    get: str = ""
    values: dict = field(default_factory=dict)
    gap: tuple[str, str] | None = None
    # the step that clipboard.js copies or cuts, or that it pastes behind: at `values["outcome"]`
    clipboard: str = ""
    marks: str = ""  # keys of the steps that multi_select.js marks, as JSON
    why: str = ""

    @property
    def keys(self) -> str:
        return keys_of(self.command)


@require_GET
def step_menu(request: HttpRequest, pk: int) -> HttpResponse:
    """`outcome` names one path of a split; `page` is "", "after", "lead" or "remove"."""
    journey = editable_journey(request, pk)
    draft = Draft(journey, journey.head)
    selected = selected_of(request.GET, draft.document)
    if selected.kind == "journey":
        return HttpResponse(status=204)
    title, entries = menu_of(
        draft, selected, request.GET.get("outcome"), request.GET.get("page", "")
    )
    named = [(one, address(one, journey.pk), json.dumps(valued(one, selected))) for one in entries]
    return render(request, "journeys/_step_menu.html", {"title": title, "entries": named})


def menu_of(
    draft: Draft, selected: Selected, outcome: str | None, page: str
) -> tuple[str, list[Entry]]:
    sentence = draft.cards[selected.kind, selected.key].sentence
    if selected.kind != "activity" or selected.key not in graph.steps(draft.document):
        return sentence, of_other(draft.document, selected.kind)
    ways = paths.of_step(draft, selected.key)
    path = next((way for way in ways["list"] if way.outcome == outcome), None)
    if path and ways["is_split"]:
        return f"{sentence}: {path.name}", of_path(draft.document, selected.key, path, ways)
    if page in PAGES and ways["is_split"]:
        return sentence, PAGES[page](selected.key, ways)
    return sentence, of_step(draft.document, selected.key, ways)


def of_other(document: dict, kind: str) -> list[Entry]:
    """Of an entry source, behind which the first step comes, a goal or an exit."""
    remove = Entry("remove", "bin", _t("Remove"), post="remove-block")
    if kind == "activity" or doc.is_version_0_5(document):
        return [opening(), remove]
    if kind == "trigger":
        before = _t("Contacts come in here: nothing stands before it.")
        after = Entry("after", "plus", _t("Add after"), gap=("", ""))
    else:
        before = _t("It stands beside the steps: nothing comes before or behind it.")
        after = Entry("after", "plus", _t("Add after"), why=before)
    return [
        opening(),
        renaming(),
        Entry("before", "plus", _t("Add before"), why=before),
        after,
        remove,
    ]


def of_step(document: dict, key: str, ways: dict) -> list[Entry]:
    if doc.is_version_0_5(document):
        return [opening()]
    entries = [
        opening(),
        renaming(),
    ]
    entries.append(add_before(document, key))
    if ways["is_split"]:
        entries.append(
            Entry("after", "plus", _t("Add after…"), get="step-menu", values={"page": "after"})
        )
        entries.append(
            Entry("lead", "join", _t("Lead a path to…"), get="step-menu", values={"page": "lead"})
        )
    else:
        entries.append(Entry("after", "plus", _t("Add after"), gap=(key, only_outcome(ways))))
        entries += [leading(way) for way in ways["list"]]
        entries += [ending(way) for way in ways["list"]]
    if ways["can_add"]:
        entries.append(Entry("add-path", "plus", _t("Add a path"), post="add-path"))
    entries += [
        Entry("earlier", "up", _t("Move earlier"), post="move-step", values={"to": "earlier"}),
        Entry("later", "down", _t("Move later"), post="move-step", values={"to": "later"}),
        Entry("move", "move", _t("Move to…"), get="places"),
    ]
    entries += [
        Entry("copy", "copy", _t("Copy"), clipboard=key),
        Entry("cut", "cut", _t("Cut"), clipboard=key),
        Entry("paste", "paste", _t("Paste behind"), clipboard=key),
        Entry(
            "duplicate", "duplicate", _t("Duplicate"), post="duplicate-steps", values={"keys": key}
        ),
        Entry("replace", "replace", _t("Replace by…"), get="step-types"),
    ]
    if ways["is_split"]:
        entries.append(marking(graph.moves_with(document, key)))
        return [
            *entries,
            Entry("remove", "bin", _t("Remove…"), get="step-menu", values={"page": "remove"}),
        ]
    entries.append(Entry("remove", "bin", _t("Remove"), post="remove-block"))
    return entries + removing_all(document, key)


def of_path(document: dict, key: str, path: paths.Path, ways: dict) -> list[Entry]:
    named = {"outcome": path.outcome}
    first = _t("This is the first path already.") if path.is_first else ""
    last = _t("This is the last path already.") if path.is_last else ""
    must_stay = "" if path.can_remove else _t("This path has to stay: the split needs it.")
    entries = [
        Entry("after", "plus", _t("Add a step at its start"), gap=(key, path.outcome)),
        Entry("paste", "paste", _t("Paste at its start"), clipboard=key, values=named),
        Entry(
            "rename",
            "edit",
            _t("Rename"),
            get="panel",
            values={"field": member(item("outcomes", path.outcome), "metaData")},
        ),
        leading(path),
        ending(path),
        Entry(
            "earlier",
            "up",
            _t("Move up"),
            post="move-path",
            values=named | {"to": "earlier"},
            why=first,
        ),
        Entry(
            "later",
            "down",
            _t("Move down"),
            post="move-path",
            values=named | {"to": "later"},
            why=last,
        ),
    ]
    entries.append(marking(branch_of(document, key, path.outcome)))
    if ways["can_add"]:
        entries.append(Entry("add-path", "plus", _t("Add a path"), post="add-path"))
    remove = _t("Remove this path with its steps")
    return [
        *entries,
        Entry("remove", "bin", remove, post="remove-path", values=named, why=must_stay),
    ]


def after_page(key: str, ways: dict) -> list[Entry]:
    return [
        Entry("after", "plus", _t("Add to “%s”") % way.name, gap=(key, way.outcome))
        for way in ways["list"]
    ]


def lead_page(key: str, ways: dict) -> list[Entry]:
    labelled = [(way, _t("Lead “%s” to…") % way.name) for way in ways["list"]]
    return [
        Entry("lead", "join", text, get="places", values={"outcome": way.outcome})
        for way, text in labelled
    ]


def remove_page(key: str, ways: dict) -> list[Entry]:
    sentence = _t("Remove it, and keep “%(path)s” (%(leads)s)")
    kept = [
        (way.outcome, sentence % {"path": way.name, "leads": way.leads}) for way in ways["list"]
    ]
    kept.append(("", _t("Remove it with all its paths")))
    return [
        Entry("remove", "bin", text, post="remove-block", values={"keep": outcome})
        for outcome, text in kept
    ]


PAGES = {"after": after_page, "lead": lead_page, "remove": remove_page}


def opening() -> Entry:
    return Entry("open", "right", _t("Open the settings"), get="panel")


def renaming() -> Entry:
    return Entry("rename", "edit", _t("Rename"), get="panel", values={"field": "name"})


def marking(keys: list[str]) -> Entry:
    """Marks a whole branch, to be moved, copied or removed together."""
    why = "" if keys else _t("No step stands on this path alone.")
    return Entry("mark-branch", "check", _t("Select branch"), marks=json.dumps(keys), why=why)


def removing_all(document: dict, key: str) -> list[Entry]:
    """The step with what only it leads to; "Remove" alone leads on to that. Not its own key: Delete
    shall not ask."""
    try:
        further = len(behind(document, [key])) - len(graph.moves_with(document, key))
    except GraphError:
        return []
    if not further:
        return []
    text = ngettext("Remove with the step behind it", "Remove with all %d steps behind it", further)
    text = text % further if further > 1 else text
    return [
        Entry("remove-all", "bin", text, post="remove-steps", values={"keys": key, "heal": "0"})
    ]


def add_before(document: dict, key: str) -> Entry:
    leading = graph.predecessors(document).get(key, [])
    if len(leading) == 1:
        return Entry("before", "plus", _t("Add before"), gap=leading[0])
    if not leading and graph.root(document) == key:
        return Entry("before", "plus", _t("Add before"), gap=("", ""))
    several = _t("Several paths come together here: add the step on one of them.")
    nobody = _t("Nothing leads to this step yet.")
    return Entry("before", "plus", _t("Add before"), why=several if leading else nobody)


def leading(way: paths.Path) -> Entry:
    return Entry("lead", "join", _t("Lead to…"), get="places", values={"outcome": way.outcome})


def ending(way: paths.Path) -> Entry:
    why = "" if way.target or way.dangling else _t("The path ends here already.")
    return Entry(
        "end", "end", _t("End here"), post="lead-to", values={"outcome": way.outcome}, why=why
    )


def only_outcome(ways: dict) -> str:
    return ways["list"][0].outcome if ways["list"] else ""


def address(entry: Entry, pk: int) -> str:
    name = entry.post or entry.get
    return reverse(name, args=[pk]) if name else ""


def valued(entry: Entry, selected: Selected) -> dict:
    """What the entry sends: it is about its own block, which need not be the one that the panel
    shows."""
    return {"kind": selected.kind, "key": selected.key, **entry.values}
