"""Every change of a draft, by name: document and arguments in, document out.

Arguments are plain JSON, so that an operation can be posted, kept and told. A gap is named by step key and outcome key.
"""

from collections.abc import Callable

from journeys.spec import diff, edit, graph
from journeys.spec.document import MEMBER_OF, block_list, find_block, replace_block
from journeys.spec.graph import GraphError


def edit_block(document: dict, kind: str, key: str, block: dict) -> dict:
    """Replaces one block. Its key stays: other steps name it."""
    if find_block(document, kind, key) is None:
        raise GraphError("This block is no longer in the journey.")
    return replace_block(document, kind, key, block)


def add_block(document: dict, kind: str, block: dict) -> dict:
    """Adds a trigger, goal or exit at the end of its list."""
    return {**document, MEMBER_OF[kind]: [*block_list(document, kind), block]}


def remove_block(document: dict, kind: str, key: str) -> dict:
    if find_block(document, kind, key) is None:
        raise GraphError("This block is no longer in the journey.")
    kept = [block for block in block_list(document, kind) if block.get("key") != key]
    return {**document, MEMBER_OF[kind]: kept}


def add_step(document: dict, after: str, outcome: str, step: dict) -> dict:
    """Puts a new step into a gap; it gets another key when somebody else took its own meanwhile."""
    if step["key"] in graph.steps(document):
        step = {**step, "key": graph.new_key(document, step["key"].rpartition("-")[0])}
    return edit.insert(document, (after, outcome), step)


def remove_step(document: dict, key: str, keep: str | None = None) -> dict:
    return edit.remove(document, key, keep)


def move_step(document: dict, key: str, after: str, outcome: str) -> dict:
    return edit.move(document, key, (after, outcome))


def lead_to(document: dict, key: str, outcome: str, target: str | None) -> dict:
    return edit.set_next(document, key, outcome, target)


def add_path(document: dict, key: str, path: dict, before: str | None = None) -> dict:
    """`path` is a new outcome as the block's type makes it; it stands before the outcome named `before`, else last."""
    return edit.add_outcome(document, key, path, before)


def remove_path(document: dict, key: str, outcome: str, with_steps: bool = False) -> dict:
    """Takes a path away, and the criteria that the step holds under the outcome's key."""
    document = edit.remove_outcome(document, key, outcome, with_steps)
    step = graph.steps(document)[key]
    settings = step.get("configurationArguments")
    criteria = settings.get("criteria") if isinstance(settings, dict) else None
    if not isinstance(criteria, dict) or outcome not in criteria:
        return document
    settings = {**settings, "criteria": {name: value for name, value in criteria.items() if name != outcome}}
    return replace_block(document, "activity", key, {**step, "configurationArguments": settings})


def move_path(document: dict, key: str, outcome: str, offset: int) -> dict:
    return edit.move_outcome(document, key, outcome, offset)


def edit_journey(document: dict, members: dict, removed: tuple[str, ...] = ()) -> dict:
    """Sets members of the journey itself, where they stand or at the end, and removes others."""
    changed = {**document, **members}
    return {name: value for name, value in changed.items() if name not in removed}


def patch(document: dict, before: dict, after: dict) -> dict:
    """Whatever turned `before` into `after`, done to the document: JSON edits, imports, restores, undo and redo."""
    return diff.patch(before, after, document)


OPERATIONS: dict[str, Callable[..., dict]] = {
    "edit block": edit_block,
    "add block": add_block,
    "remove block": remove_block,
    "add step": add_step,
    "remove step": remove_step,
    "move step": move_step,
    "lead to": lead_to,
    "add path": add_path,
    "remove path": remove_path,
    "move path": move_path,
    "edit journey": edit_journey,
    "patch": patch,
}
