"""What the server adds to blocks when a journey is saved and published. It means nothing in another
journey.

What it adds to every block is named here, the rest by the block's type (`Block.server_made`). Only
what is certain is named: the object pages, what drafts of real journeys lack and published ones
have, and the lists of Accenture/sfmc-devtools. What a field of the form holds is the user's.
"""

from collections.abc import Iterator

from django.utils.translation import ngettext

from journeys.blocks import server_made
from journeys.blocks.places import MISSING, Path, bind, get, write
from journeys.checks.finding import advice, member
from journeys.spec.document import LISTS, block_list
from journeys.spec.problem import Problem

OF_BLOCK = ("id", "schema")


def parts(kind: str, block: dict) -> list[Path]:
    """The places in a block that hold what the server made."""
    paths: list[Path] = [(name,) for name in OF_BLOCK if name in block]
    for place, names in server_made(block, kind).items():
        members = get(block, place)
        if members and isinstance(members, dict):
            paths += [(*bind(place), name) for name in names if name in members]
    return paths


def parts_read(kind: str, block: dict) -> tuple[Path, ...]:
    return tuple(parts(kind, block))


def without(kind: str, block: dict) -> dict:
    for path in parts(kind, block):
        block = write(block, path, MISSING)
    return block


def server_parts_are_absent(_document: dict, read: list[tuple]) -> Iterator[Problem]:
    """One problem for the whole journey: a published one carries such parts in every block."""
    names = list(dict.fromkeys(path[-1] for _kind, _block, paths in read for path in paths))
    if names:
        sentence = ngettext(
            "%(count)s block carries parts that the server makes (%(names)s). They mean nothing in"
            " a new journey: remove them.",
            "%(count)s blocks carry parts that the server makes (%(names)s). They mean nothing in"
            " a new journey: remove them.",
            len(read),
        )
        values = {
            "count": len(read),
            "names": ", ".join(names[:6]) + ("…" if len(names) > 6 else ""),
        }
        yield advice("server-parts", sentence % values, member("activities"), "remove-server-parts")


def removed(document: dict) -> dict:
    changed = dict(document)
    for name, kind in LISTS.items():
        old = block_list(document, kind)
        new = [without(kind, block) for block in old]
        if any(one is not other for one, other in zip(old, new, strict=True)):
            changed[name] = new
    return changed
