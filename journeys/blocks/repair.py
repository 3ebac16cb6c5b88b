"""What can be put right in one block without asking anything.

A type lists its own in `repairs`, under the names that its problems give; those of any block are in
checks/block_repairs.py.
"""

from collections.abc import Callable
from typing import NamedTuple

from django.utils.functional import Promise

from journeys.spec.address import Address

StepOf = Callable[[str], dict | None]  # key -> the step of that key, if there is one and no other
Label = str | Promise | Callable[[dict, Address], str]  # of the block and the problem's address


class BlockRepair(NamedTuple):
    """`change` takes a block, the problem's address and a look-up of other steps; it gives a new
    block, or the very block that it got where it does not apply. `label` says beforehand what it
    will do.
    """

    label: Label
    change: Callable[[dict, Address, StepOf], dict]


def said(label: Label, block: dict | None, where: Address) -> str:
    return label(block or {}, where) if callable(label) else str(label)
