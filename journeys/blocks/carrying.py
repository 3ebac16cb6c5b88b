"""Carrying out an operation, and what the block types do about it: keep members in step with what they repeat.

Operations on the document know no types (spec/operations.py). What a person wrote as JSON, imported or took back is
left exactly as it is; after a change of the path, a type whose JSON repeats where its outcomes lead is asked to follow.
"""

import re

from journeys.blocks import lens
from journeys.blocks.renaming import renamed_blocks
from journeys.spec import capsules, graph
from journeys.spec.document import block_list, replace_block
from journeys.spec.graph import next_of, outcomes
from journeys.spec.operations import OPERATIONS

OF_THE_PATH = ("add step", "remove step", "move step", "lead to", "add path", "remove path")


def carried_out(operation: str, document: dict, arguments: dict) -> dict:
    """The document after a named operation; raises what the operation raises."""
    if operation == "add step" and arguments.get("others"):
        arguments = _with_free_names(document, arguments)
    after = OPERATIONS[operation](document, **arguments)
    return in_step(document, after) if operation in OF_THE_PATH else after


def in_step(before: dict, after: dict) -> dict:
    """`after`, in which the steps that lead elsewhere than before say so wherever they repeat it."""
    was, now = graph.steps(before), graph.steps(after)
    for key, step in now.items():
        if step is was.get(key) or _targets(step) == _targets(was.get(key, {})):
            continue
        followed = lens(step, "activity", after).followed(step, now)
        if followed is not step:
            after = replace_block(after, "activity", key, followed)
    return after


def _targets(step: dict) -> list[str | None]:
    return [next_of(outcome) for outcome in outcomes(step)]


def _with_free_names(document: dict, arguments: dict) -> dict:
    """The steps that come together, renumbered where somebody else took a key or a capsule's id meanwhile."""
    added = [arguments["step"], *arguments["others"]]
    taken = {step.get("key") for step in block_list(document, "activity")}
    names, keys = [*block_list(document, "activity"), *added], {}
    for step in added:
        if step["key"] in taken:
            keys[step["key"]] = graph.new_key({**document, "activities": names}, re.sub(r"-\d+$", "", step["key"]))
            names.append({"key": keys[step["key"]]})
    used = capsules.ids(document) & capsules.ids({"activities": added})
    ids = {one: capsules.new_id(document) for one in used}
    first, *others = renamed_blocks("activity", added, keys, ids)
    return {**arguments, "step": first, "others": others}
