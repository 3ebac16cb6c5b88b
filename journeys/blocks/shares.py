"""Percentages of paths that are shared out evenly."""

from django.utils.translation import gettext as _now

from journeys.blocks.places import get, text, write
from journeys.blocks.repair import BlockRepair, StepOf
from journeys.spec import graph
from journeys.spec.address import Address

FEW = 4  # shares that a label names


def shared_evenly(block: dict, where: Address, step_of: StepOf) -> dict:
    """Whole percentages that make 100; the first paths get what is left over. Text stays text."""
    ways = graph.outcomes(block)
    if not 2 <= len(ways) <= 50 or not all(
        isinstance(way.get("arguments", {}), dict) for way in ways
    ):
        return block
    shares = dict(zip(map(id, ways), _even(len(ways)), strict=True))
    return {
        **block,
        "outcomes": [
            _with_share(way, shares[id(way)]) if id(way) in shares else way
            for way in block["outcomes"]
        ],
    }


def _even(count: int) -> list[int]:
    share, left = divmod(100, count)
    return [share + (index < left) for index in range(count)]


def _with_share(way: dict, share: int) -> dict:
    """A label that only says the percentage keeps saying it."""
    old = get(way, "arguments.percentage")
    new = write(way, ("arguments", "percentage"), str(share) if isinstance(old, str) else share)
    says_it = text(way, "metaData.label") == f"{old}%"
    return write(new, ("metaData", "label"), f"{share}%") if says_it else new


def _label(block: dict, where: Address) -> str:
    count = len(graph.outcomes(block))
    if not 2 <= count <= FEW:
        return _now("Share the contacts evenly among the paths")
    shares = ", ".join(f"{share} %" for share in _even(count))
    return _now("Share the contacts evenly: %(shares)s") % {"shares": shares}


SHARE_EVENLY = {"share-evenly": BlockRepair(_label, shared_evenly)}
