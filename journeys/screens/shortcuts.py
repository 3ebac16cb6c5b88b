"""The composer's keyboard shortcuts: one list that binds them, labels them in menus, and fills the
sheet under `?`.

`keys` are alternatives, written as KeyboardEvent.key has it with "Mod+" (Ctrl, or Command on a
Mac), "Alt+" and "Shift+" before it. `where` says when one listens: "" everywhere on the page,
"step" while a step, path or other block has the focus. A shortcut of a single character ("A", "?")
is off while somebody types, and wholly when its user turned those off (WCAG 2.1.4). One without a
command is told in the sheet, and bound by the view that it belongs to.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

NAMES = {
    "Mod": _("Ctrl"),
    "Alt": _("Alt"),
    "Shift": _("Shift"),
    "ArrowUp": "↑",
    "ArrowDown": "↓",
    "ArrowLeft": "←",
    "ArrowRight": "→",
    "Insert": _("Ins"),
    "Delete": _("Del"),
    "Escape": _("Esc"),
    " ": _("Space"),
    "ContextMenu": _("Menu key"),
}


@dataclass(frozen=True)
class Shortcut:
    command: str
    keys: tuple[str, ...]
    label: str | Promise
    where: str = ""


STEP = "step"
SHORTCUTS: list[tuple[str | Promise, list[Shortcut]]] = [
    (
        _("Anywhere"),
        [
            Shortcut("undo", ("Mod+z",), _("Undo")),
            Shortcut("redo", ("Mod+Shift+z", "Mod+y"), _("Redo")),
            Shortcut("save", ("Mod+s",), _("Save now (it also saves by itself)")),
            Shortcut("find-block", ("/",), _("Find a block to add")),
            Shortcut("path", ("Alt+1",), _("Show the Path")),
            Shortcut("list", ("Alt+2",), _("Show the List")),
            Shortcut("json", ("Alt+3",), _("Show the JSON")),
            Shortcut("next-problem", ("F8",), _("Go to the next problem")),
            Shortcut("last-problem", ("Shift+F8",), _("Go to the problem before")),
            Shortcut("problems", ("P",), _("Fold or open the problems")),
            Shortcut("shortcuts", ("?",), _("This sheet")),
        ],
    ),
    (
        _("Go through the steps"),
        [
            Shortcut("", ("ArrowUp", "ArrowDown"), _("The step before, the next step"), STEP),
            Shortcut(
                "",
                ("ArrowLeft", "ArrowRight"),
                _("Close or open a split, go to what it belongs to"),
                STEP,
            ),
            Shortcut("", ("Home", "End"), _("First, last"), STEP),
            Shortcut("", ("Mod+f",), _("Find in this journey")),
            Shortcut("", ("Enter",), _("Open the settings"), STEP),
            Shortcut("", ("Escape",), _("Back from the settings to the step"), ""),
            Shortcut("", ("Shift+F10", "ContextMenu"), _("What can be done with it"), STEP),
        ],
    ),
    (
        _("Build"),
        [
            Shortcut("before", ("I", "Insert"), _("Add before"), STEP),
            Shortcut("after", ("A", "Shift+Insert"), _("Add after"), STEP),
            Shortcut("add-path", ("B",), _("Add a path to a split"), STEP),
            Shortcut("rename", ("F2",), _("Rename a path or a step"), STEP),
            Shortcut("lead", ("J",), _("Lead to another step"), STEP),
            Shortcut("end", ("E",), _("End the path here"), STEP),
            Shortcut("earlier", ("Alt+ArrowUp",), _("Move earlier"), STEP),
            Shortcut("later", ("Alt+ArrowDown",), _("Move later"), STEP),
            Shortcut("move", ("M",), _("Move to another place"), STEP),
            Shortcut("remove", ("Delete",), _("Remove"), STEP),
        ],
    ),
    (
        _("Several steps"),
        [
            Shortcut("", (" ",), _("Mark or unmark"), STEP),
            Shortcut("", ("Shift+ArrowUp", "Shift+ArrowDown"), _("Mark further steps"), STEP),
            Shortcut("mark-all", ("Mod+a",), _("Mark all steps"), STEP),
            Shortcut("copy", ("Mod+c",), _("Copy"), STEP),
            Shortcut("cut", ("Mod+x",), _("Cut"), STEP),
            Shortcut("paste", ("Mod+v",), _("Paste behind"), STEP),
            Shortcut("duplicate", ("Mod+d",), _("Duplicate"), STEP),
        ],
    ),
    (
        _("On the Path"),
        [
            Shortcut("", ("ArrowRight", "ArrowLeft"), _("Along the path, and back"), STEP),
            Shortcut("", ("+",), _("Add behind"), STEP),
            Shortcut("", ("Alt+ArrowLeft", "Alt+ArrowRight"), _("Move earlier, later"), STEP),
            Shortcut("", ("+", "-", "0"), _("Zoom in, out, to actual size")),
            Shortcut("", ("1",), _("Show the whole journey")),
        ],
    ),
]


def keys_of(command: str) -> str:
    """The first keys of a command as people read them: "Alt+↑"; "" for a command without any."""
    matching = [one for _group, listed in SHORTCUTS for one in listed if one.command == command]
    return shown(matching[0].keys[0]) if matching else ""


def shown(keys: str) -> str:
    parts = keys.split("+")
    return "+".join(
        str(NAMES.get(part, part.upper() if len(part) == 1 else part)) for part in parts
    )
