"""Carrying out an operation, and what the block types do about it: keep members in step with what
they repeat.

Operations on the document know no types (spec/operations.py). What a person wrote as JSON, imported
or took back is left exactly as it is; after a change of the path, a type whose JSON repeats where
its outcomes lead is asked to follow.
"""

import re

from journeys.blocks import lens
from journeys.blocks.renaming import renamed_blocks
from journeys.spec import capsules, graph, selection
from journeys.spec.document import block_list, replace_blocks
from journeys.spec.graph import next_of, outcomes
from journeys.spec.merge import Conflict, patch
from journeys.spec.operations import OPERATIONS
from journeys.spec.rerouting import rerouted

OF_THE_PATH = (
    *("add step", "remove step", "move step", "lead to", "add path", "remove path"),
    *("move steps", "remove steps", "paste steps", "duplicate steps", "replace step"),
)


def carried_out(operation: str, document: dict, arguments: dict) -> dict:
    """The document after a named operation; raises what the operation raises."""
    if operation in ("add step", "replace step") and arguments.get("others"):
        first, *others = with_free_names(document, [arguments["step"], *arguments["others"]])
        arguments = {**arguments, "step": first, "others": others}
    if operation in ("paste steps", "duplicate steps"):
        selection.require_steps(arguments["steps"])
        arguments = {**arguments, "steps": with_free_names(document, arguments["steps"])}
    after = OPERATIONS[operation](document, **arguments)
    return in_step(document, after) if operation in OF_THE_PATH else after


def taken_back(before: dict, after: dict, onto: dict) -> dict:
    """`onto` without what led from `before` to `after`; raises Conflict where others changed the
    same since.

    Without others' changes it is `before`, byte for byte.
    """
    try:
        return patch(after, before, onto)
    except Conflict:
        result = rerouted(after, before, onto)
        return in_step(onto, capsules.in_step(onto, result))


def in_step(before: dict, after: dict) -> dict:
    """`after`, in which the steps that lead elsewhere than before say so wherever they repeat
    it."""
    was, now, changed = graph.steps(before), graph.steps(after), {}
    for key, step in now.items():
        if step is was.get(key) or _targets(step) == _targets(was.get(key, {})):
            continue
        followed = lens(step, "activity", after).followed(step, now)
        if followed is not step:
            changed[key] = followed
    return replace_blocks(after, "activity", changed)


def _targets(step: dict) -> list[str | None]:
    return [next_of(outcome) for outcome in outcomes(step)]


def with_free_names(document: dict, added: list[dict]) -> list[dict]:
    """Steps that come together, renumbered where the journey has a key or a capsule's id already.

    What they name of each other follows; a new key of one is none that another has.
    """
    taken = graph.keys_of(block_list(document, "activity"))
    listed, ids = _with(document, added), {}
    keys = {step["key"]: step["key"] for step in added}  # one may be the beginning of another
    new_keys, new_ids = graph.NewKeys(listed), capsules.new_ids(listed)
    for step in added:
        if step["key"] in taken:
            keys[step["key"]] = new_keys.new(re.sub(r"-\d+$", "", step["key"]))
    for one in sorted(capsules.ids(document) & capsules.ids({"activities": added})):
        ids[one] = next(new_ids)
    return renamed_blocks("activity", added, keys, ids)


def _with(document: dict, added: list[dict]) -> dict:
    return {**document, "activities": [*block_list(document, "activity"), *added]}
