"""Every change of a draft, by name: document and arguments in, document out.

Arguments are plain JSON, so that an operation can be posted, kept and told. A gap is named by step
key and outcome key.
"""

import re
from collections.abc import Callable

from journeys.spec import capsules, diff, edit, graph, selection
from journeys.spec.document import LISTS, MEMBER_OF, block_list, find_block, replace_block
from journeys.spec.graph import GraphError


def edit_block(document: dict, kind: str, key: str, block: dict) -> dict:
    """Replaces one block. Its key stays: other steps name it."""
    _require_block(document, kind, key)
    if block.get("key") != key:
        raise GraphError("The key must stay “%(key)s”: other steps name it.", key=key)
    return replace_block(document, kind, key, block)


def add_block(document: dict, kind: str, block: dict) -> dict:
    """Adds the trigger, goal or exit of a journey that has none: it may have one of each."""
    return replace_blocks_of(document, kind, [], block)


def replace_blocks_of(document: dict, kind: str, keys: list[str], block: dict) -> dict:
    """Puts a trigger, goal or exit in the place of the one that is there, or of all that an import
    brought. One that `keys` do not name is somebody's who added it meanwhile: it stays. A key that
    is no text is named by ""."""
    there = [block.get("key") for block in block_list(document, kind)]
    if any((key if isinstance(key, str) else "") not in keys for key in there):
        raise _there_already(kind)
    return {**document, MEMBER_OF[kind]: [block]}


def remove_block(document: dict, kind: str, key: str) -> dict:
    """Takes a trigger, goal or exit away; a step has its own removal, because others lead to it."""
    _require_block(document, kind, key)
    kept = [block for block in block_list(document, kind) if block.get("key") != key]
    return {**document, MEMBER_OF[kind]: kept}


def add_step(
    document: dict, after: str, outcome: str, step: dict, others: list[dict] | None = None
) -> dict:
    """Puts a new step into a gap; it gets another key when somebody else took its own meanwhile.

    `others` are further steps that come with it, linked with it already; their keys must be free.
    """
    if not others:
        step = _with_free_key(document, "activity", step)
    return capsules.in_step(
        document, edit.insert(document, (after, outcome), step, *(others or []))
    )


def remove_step(document: dict, key: str, keep: str | None = None) -> dict:
    return capsules.in_step(document, edit.remove(document, key, keep))


def move_step(document: dict, key: str, after: str, outcome: str) -> dict:
    return capsules.in_step(document, edit.move(document, key, (after, outcome)))


def move_steps(document: dict, keys: list[str], after: str, outcome: str) -> dict:
    return capsules.in_step(document, selection.move(document, keys, (after, outcome)))


def remove_steps(document: dict, keys: list[str], heal: bool) -> dict:
    """With `heal` what led to the steps leads on behind them; without, what only they lead to goes,
    too."""
    return capsules.in_step(document, selection.remove(document, keys, heal=heal))


def paste_steps(document: dict, after: str, outcome: str, steps: list[dict]) -> dict:
    """`steps` as `selection.copied` gives them; their keys must be free."""
    return capsules.in_step(document, selection.paste(document, (after, outcome), steps))


def duplicate_steps(document: dict, keys: list[str], steps: list[dict]) -> dict:
    """`steps` are copies of those that `keys` name; their keys must be free."""
    return capsules.in_step(document, selection.duplicate(document, keys, steps))


def replace_step(
    document: dict, key: str, step: dict, others: list[dict] | None = None, drop: bool = False
) -> dict:
    """Another step in the place of one, whose links it takes over; `drop` lets go the paths that it
    has no place for.

    `others` come with the new step, as in `add_step`; their keys must be free.
    """
    if not others:
        step = _with_free_key(document, "activity", step)
    return capsules.in_step(
        document, selection.replace(document, key, [step, *(others or [])], drop=drop)
    )


def lead_to(document: dict, key: str, outcome: str, target: str | None) -> dict:
    return capsules.in_step(document, edit.set_next(document, key, outcome, target))


def add_path(document: dict, key: str, path: dict, before: str | None = None) -> dict:
    """`path` is a new outcome as the block's type makes it; it stands before the outcome named
    `before`, else last.

    It may lead to a step already; where that step is gone meanwhile, or would make a circle, it
    ends.
    """
    target = graph.next_of(path)
    if target not in graph.steps(document) or key in graph.reachable(document, target):
        path = edit.with_next(path, None)
    return capsules.in_step(document, edit.add_outcome(document, key, path, before))


def remove_path(document: dict, key: str, outcome: str, with_steps: bool = False) -> dict:
    """Takes a path away, and the criteria that the step holds under the outcome's key."""
    document = capsules.in_step(document, edit.remove_outcome(document, key, outcome, with_steps))
    step = graph.steps(document)[key]
    settings = step.get("configurationArguments")
    criteria = settings.get("criteria") if isinstance(settings, dict) else None
    if not isinstance(criteria, dict) or outcome not in criteria:
        return document
    settings = {
        **settings,
        "criteria": {name: value for name, value in criteria.items() if name != outcome},
    }
    return replace_block(document, "activity", key, {**step, "configurationArguments": settings})


def move_path(document: dict, key: str, outcome: str, offset: int) -> dict:
    return edit.move_outcome(document, key, outcome, offset)


def edit_journey(document: dict, members: dict, removed: tuple[str, ...] = ()) -> dict:
    """Sets members of the journey itself, where they stand or at the end, and removes others. Lists
    of blocks stay."""
    lists = [name for name in LISTS if name in members or name in removed]
    if lists:
        raise GraphError(
            "“%(member)s” is not changed here. Edit its blocks one by one, or the journey as text.",
            member=lists[0],
        )
    changed = {**document, **members}
    return {name: value for name, value in changed.items() if name not in removed}


def patch(document: dict, before: dict, after: dict) -> dict:
    """Whatever turned `before` into `after`, done to the document: JSON edits, imports, restores,
    undo and redo."""
    return diff.patch(before, after, document)


def _there_already(kind: str) -> GraphError:
    return {
        "trigger": GraphError(
            "The journey has an entry source by now. Choose the new one again to replace it."
        ),
        "goal": GraphError(
            "The journey has a goal by now. Choose the new one again to replace it."
        ),
        "exit": GraphError(
            "The journey has exit criteria by now. Choose the new ones again to replace them."
        ),
    }[kind]


def _require_block(document: dict, kind: str, key: str) -> None:
    if find_block(document, kind, key) is not None:
        return
    if any(block.get("key") == key for block in block_list(document, kind)):
        raise GraphError(
            "Several blocks have the key “%(key)s”. Give each its own in the journey's text first.",
            key=key,
        )
    raise GraphError("This block is no longer in the journey.")


def _with_free_key(document: dict, kind: str, block: dict) -> dict:
    """The block, renumbered when its key is taken: "WAIT-2" becomes "WAIT-3"."""
    if all(other.get("key") != block["key"] for other in block_list(document, kind)):
        return block
    return {**block, "key": graph.new_key(document, re.sub(r"-\d+$", "", block["key"]))}


OPERATIONS: dict[str, Callable[..., dict]] = {
    "edit block": edit_block,
    "add block": add_block,
    "replace block": replace_blocks_of,
    "remove block": remove_block,
    "add step": add_step,
    "remove step": remove_step,
    "move step": move_step,
    "move steps": move_steps,
    "remove steps": remove_steps,
    "paste steps": paste_steps,
    "duplicate steps": duplicate_steps,
    "replace step": replace_step,
    "lead to": lead_to,
    "add path": add_path,
    "remove path": remove_path,
    "move path": move_path,
    "edit journey": edit_journey,
    "patch": patch,
}
