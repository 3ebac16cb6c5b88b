"""What can be put right without asking anything: document and address in, document out.

A problem names its repair (`Problem.repair`); `fix` says beforehand what it will do, and a repair
that changes nothing there is not offered. Those that look at a single block are in
block_repairs.py, or in `repairs` of the block's type. To add another: one function, one line in
REPAIRS, one test.
"""

from collections.abc import Callable
from typing import NamedTuple

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from journeys import blocks
from journeys.blocks import comparing
from journeys.blocks.outcomes import way_at
from journeys.blocks.repair import Label, said
from journeys.checks import server_made
from journeys.checks.block_repairs import BLOCK_REPAIRS
from journeys.spec import capsules, change_text, edit, graph, member_names
from journeys.spec.address import Address, first_member
from journeys.spec.document import LISTS, alone, block_list, find_block, replace_block
from journeys.spec.problem import Problem

Named = dict[tuple[str, str], dict]  # blocks by kind and key


class Repair(NamedTuple):
    label: Label
    change: Callable[[dict, Address], dict]


def repaired(document: dict, problem: Problem) -> dict:
    """The document after the problem's repair; the same document when there is none, or it does not
    apply."""
    if problem.repair in BLOCK_REPAIRS:
        return _with_block_repaired(document, problem)
    repair = REPAIRS.get(problem.repair)
    return repair.change(document, problem.address) if repair else document


def fix(document: dict, problem: Problem) -> str:
    """What the repair will do, such as "Add a remainder path"; "" when it would change nothing."""
    return fixes(document)(problem)


def fixes(document: dict) -> Callable[[Problem], str]:
    """The same for many problems of one document."""
    named = alone(document)

    def fix_of(problem: Problem) -> str:
        block = named.get(problem.address.block)
        if problem.repair in BLOCK_REPAIRS:
            applies = block is not None and _changed(named, problem) is not block
        else:
            applies = bool(problem.repair) and repaired(document, problem) is not document
        return label(problem, block) if applies else ""

    return fix_of


def label(problem: Problem, block: dict | None) -> str:
    """What the problem's repair does, where it applies; `block` is the one that it is about."""
    if problem.repair in BLOCK_REPAIRS:
        return said(BLOCK_REPAIRS[problem.repair].label, block, problem.address)
    return said(REPAIRS[problem.repair].label, block, problem.address)


def effect(document: dict, problem: Problem) -> list[str]:
    """What the repair would change, one sentence each; [] when it would change nothing."""
    return changes(document, repaired(document, problem))


def changes(before: dict, after: dict) -> list[str]:
    """What a repair changed, one sentence each."""
    if after is before:
        return []
    # Repairs share the blocks that they leave alone: only the others are compared.
    old, new = _without_shared(before, after), _without_shared(after, before)
    differences = comparing.compare(old, new) or comparing.compare(before, after)
    return change_text.words(differences, blocks.sentences(before, after))


def _with_block_repaired(document: dict, problem: Problem) -> dict:
    named, where = alone(document), problem.address
    block = named.get(where.block)
    changed = _changed(named, problem) if block is not None else None
    return document if changed is block else replace_block(document, where.kind, where.key, changed)


def _changed(named: Named, problem: Problem) -> dict:
    """The block after the problem's repair."""
    where = problem.address
    change = BLOCK_REPAIRS[problem.repair].change
    return change(named[where.block], where, lambda key: named.get(("activity", key)))


def remove_server_parts(document: dict, address: Address) -> dict:
    return server_made.removed(document)


def add_end_wait(document: dict, address: Address, keys: graph.NewKeys | None = None) -> dict:
    """A wait of 1 day at the end of the path that is named, else at each end of the step's paths,
    as Journey Builder puts it. `keys` are free in the journey."""
    before, keys = document, keys or graph.NewKeys(document)
    step = graph.steps(document).get(address.key)
    if step is None or find_block(document, "activity", address.key) is None:
        return document
    for name in _open_ends(step, address.inside):
        wait = blocks.end_wait(keys, document, f"{address.key}/{name}")
        document = edit.insert(document, (address.key, name), wait)
    return capsules.in_step(before, document) if document is not before else before


def _end_wait_label(step: dict, address: Address) -> str:
    way = way_at(step, address.inside) if address.inside else None
    if way is None:
        return _now("Add a wait of 1 day at the end")
    named = zip(graph.outcomes(step), blocks.path_names(step), strict=True)
    name = next(name for one, name in named if one is way)
    return _now("Add a wait of 1 day at the end of “%(path)s”") % {"path": name[:60]}


def _open_ends(step: dict, inside: str) -> list[str]:
    """The keys of the paths that end there; [] where no name tells them apart."""
    ways = graph.outcomes(step)
    if not ways:
        return [""] if isinstance(step.get("outcomes"), list | None) else []
    named = way_at(step, inside) if inside else None
    ends = [named] if named else [way for way in ways if not inside]
    names = [graph.outcome_key(way) for way in ends if graph.next_of(way) is None]
    is_clear = all(graph.find_outcome(step, name) for name in names)
    return names if is_clear and (len(ways) == 1 or all(names)) else []


def take_out_mark(document: dict, address: Address) -> dict:
    """What led to it leads to what came after it; where several paths come after it, nobody can
    know which."""
    step = graph.steps(document).get(address.key)
    if step is None or len(graph.outcomes(step)) > 1:
        return document
    return edit.remove(document, address.key)


def rename_member(document: dict, address: Address) -> dict:
    """Where nothing stands under the right name, and the shape is that of what belongs there."""
    name = first_member(address.inside)
    meant = member_names.meant_in_journey(name)
    has_shape = meant and member_names.fits(meant, document.get(name))
    return member_names.renamed(document, name, meant) if has_shape else document


def _rename_label(block: dict, address: Address) -> str:
    names = {"meant": member_names.meant_in_journey(first_member(address.inside))}
    return _now("Rename it to “%(meant)s”") % names


def write_capsule_data(document: dict, address: Address) -> dict:
    """What a step between the two ends of a path optimizer says of them."""
    return capsules.marked(document, address.key)


def write_version_as_number(document: dict, address: Address) -> dict:
    version = {"0.5": 0.5, "1": 1, "1.0": 1.0}.get(str(document.get("workflowApiVersion")))
    return document if version is None else {**document, "workflowApiVersion": version}


def put_first_step_first(document: dict, address: Address) -> dict:
    first = find_block(document, "activity", address.key)
    if first is None:
        return document
    others = [step for step in block_list(document, "activity") if step is not first]
    return {**document, "activities": [first, *others]}


def _without_shared(document: dict, other: dict) -> dict:
    lists = {}
    for name, kind in LISTS.items():
        shared = {id(block) for block in block_list(other, kind)}
        lists[name] = [block for block in block_list(document, kind) if id(block) not in shared]
    return {**document, **lists}


REPAIRS: dict[str, Repair] = {
    "remove-server-parts": Repair(
        _("Remove what the server made from all blocks"), remove_server_parts
    ),
    "add-end-wait": Repair(_end_wait_label, add_end_wait),
    "take-out-mark": Repair(_("Take it out and keep its links"), take_out_mark),
    "write-version-as-number": Repair(_("Write the version as a number"), write_version_as_number),
    "rename-member": Repair(_rename_label, rename_member),
    "put-first-step-first": Repair(_("Put this step first in the list"), put_first_step_first),
    "write-capsule-data": Repair(
        _("Write in which path optimizer the step stands"), write_capsule_data
    ),
}
