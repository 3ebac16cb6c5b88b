"""What can be put right in one block, of whatever type. What a type alone knows is in its
`repairs`.

To add a repair: one function, one line in BLOCK_REPAIRS, one test.
"""

from itertools import count

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from journeys import blocks
from journeys.blocks.outcomes import way_at, without_key
from journeys.blocks.places import bind, text, write
from journeys.blocks.repair import BlockRepair, StepOf
from journeys.spec import graph
from journeys.spec.address import Address, steps
from journeys.spec.member_names import meant_in_block, meant_in_outcome, renamed


def end_path_here(block: dict, where: Address, step_of: StepOf) -> dict:
    """A path ends by having no `next`; of paths with equal keys none is cut."""
    way = way_at(block, where.inside)
    if way is None or "next" not in way:
        return block
    shorter = {member: value for member, value in way.items() if member != "next"}
    return {**block, "outcomes": [shorter if one is way else one for one in block["outcomes"]]}


def write_type_in_capitals(block: dict, where: Address, step_of: StepOf) -> dict:
    return {**block, "type": _in_capitals(block)}


def move_event_key(block: dict, where: Address, step_of: StepOf) -> dict:
    """From beside the type, where the server drops it, into metaData."""
    details, key = block.get("metaData", {}), block.get("eventDefinitionKey")
    if not isinstance(details, dict) or not isinstance(key, str):
        return block
    kept = {name: value for name, value in block.items() if name != "eventDefinitionKey"}
    return {**kept, "metaData": {**details, "eventDefinitionKey": key}}


def empty_outcomes(block: dict, where: Address, step_of: StepOf) -> dict:
    return {**block, "outcomes": []} if graph.outcomes(block) else block


def mark_configured(block: dict, where: Address, step_of: StepOf) -> dict:
    return write(block, bind("metaData.isConfigured"), True)


def give_path_keys(block: dict, where: Address, step_of: StepOf) -> dict:
    """Each path that has none gets the next one that is free: "path-1", "path-2"."""
    ways = graph.outcomes(block)
    taken = {way["key"] for way in ways if isinstance(way.get("key"), str)}
    free = (key for key in (f"path-{number}" for number in count(1)) if key not in taken)
    keys = {id(way): next(free) for way in ways if without_key(way)}
    if not keys:
        return block
    return {**block, "outcomes": [_with_key(way, keys) for way in block["outcomes"]]}


def _with_key(way: object, keys: dict[int, str]) -> object:
    """Where it had no member for it, the key stands first, as in all real journeys."""
    if id(way) not in keys:
        return way
    return {**({} if "key" in way else {"key": ""}), **way, "key": keys[id(way)]}


def write_meant_type(block: dict, where: Address, step_of: StepOf) -> dict:
    """Where the form of that type can hold the block."""
    changed = {**block, "type": blocks.meant_type(block, where.kind)}
    return changed if changed["type"] and blocks.lens(changed, where.kind).editable else block


def rename_member(block: dict, where: Address, step_of: StepOf) -> dict:
    """A member of the block, or of one of its paths, where nothing stands under the right name."""
    path = steps(where.inside) or ()
    name = path[-1] if path and isinstance(path[-1], str) else ""
    if len(path) == 1:
        return renamed(block, name, meant_in_block(name)) if meant_in_block(name) else block
    way, meant = way_at(block, where.inside), meant_in_outcome(name)
    if way is None or not meant:
        return block
    new = renamed(way, name, meant)
    if new is way:
        return block
    return {**block, "outcomes": [new if one is way else one for one in block["outcomes"]]}


def _rename_label(block: dict, where: Address) -> str:
    path = steps(where.inside) or ("",)
    meant = meant_in_block(path[-1]) if len(path) == 1 else meant_in_outcome(path[-1])
    return _now("Rename it to “%(meant)s”") % {"meant": meant}


def _in_capitals(block: dict) -> str:
    return text(block, "type").strip().upper()


def _capitals_label(block: dict, where: Address) -> str:
    return _now("Write the type as “%(type)s”") % {"type": _in_capitals(block)[:60]}


def _meant_label(block: dict, where: Address) -> str:
    return _now("Write the type as “%(type)s”") % {"type": blocks.meant_type(block, where.kind)}


BLOCK_REPAIRS: dict[str, BlockRepair] = {
    "cut-dangling-next": BlockRepair(_("End the path here"), end_path_here),
    "drop-empty-next": BlockRepair(_("Leave “next” out, so that the path ends"), end_path_here),
    "give-path-keys": BlockRepair(_("Give each path a key"), give_path_keys),
    "write-type-in-capitals": BlockRepair(_capitals_label, write_type_in_capitals),
    "rename-block-member": BlockRepair(_rename_label, rename_member),
    "write-meant-type": BlockRepair(_meant_label, write_meant_type),
    "move-event-key": BlockRepair(_("Move the event's key into metaData"), move_event_key),
    "empty-outcomes": BlockRepair(_("Remove the entry source's paths"), empty_outcomes),
    "mark-configured": BlockRepair(_("Mark the step as configured"), mark_configured),
    **blocks.REPAIRS,
}
