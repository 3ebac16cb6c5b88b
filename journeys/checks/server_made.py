"""What the server adds to blocks when a journey is saved and published. It means nothing in another journey.

Only what is certain is named: the object pages, what drafts of real journeys lack and published ones have, and the
lists of Accenture/sfmc-devtools.
"""

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from journeys.blocks.places import MISSING, Path, dotted, read, text, write
from journeys.checks.finding import advice, member
from journeys.spec.document import LISTS, block_list, blocks
from journeys.spec.problem import Problem

OF_BLOCK = ("id", "schema")
OF_TRIGGER = ("startActivityKey", "dequeueReason", "lastExecutedActivityKey", "filterResult")
OF_SEND = ("id", "key", "version", "triggeredSendStatus", "replyToAddress", "replyToDisplayName", "categoryId")
SEND = ("configurationArguments", "triggeredSend")
OF_SETTINGS = ("triggeredSendId", "triggeredSendKey")
# Types whose arguments the user sets; those of all others are filled in at publication.
OWN_ARGUMENTS = ("UPDATECONTACTDATA", "SALESCLOUDACTIVITY", "OBJECTACTIVITY", "REST", "RESTDECISION")
FILLED_IN = re.compile(r"\{\{(Context\.\w+|Activity\.Id)\}\}")


def parts(kind: str, block: dict) -> list[Path]:
    """The places in a block that hold what the server made."""
    found: list[Path] = [(name,) for name in OF_BLOCK if name in block]
    if kind == "trigger":
        return found + _named(block, ("arguments",), OF_TRIGGER)
    if kind != "activity":
        return found
    spec_type = text(block, "type").strip().upper()
    if spec_type not in OWN_ARGUMENTS:
        found += _filled_in(block)
    if spec_type == "EMAILV2":
        found += _named(block, ("configurationArguments",), OF_SETTINGS) + _named(block, SEND, OF_SEND)
    return found


def without(kind: str, block: dict) -> dict:
    for path in parts(kind, block):
        block = write(block, path, MISSING)
    return block


def server_parts_are_absent(document: dict) -> Iterator[Problem]:
    """One problem for the whole journey: a published one carries such parts in every block."""
    found = [[dotted(path) for path in parts(kind, block)] for kind, block in blocks(document)]
    names = list(dict.fromkeys(name.rpartition(".")[2] for block in found for name in block))
    if names:
        sentence = _(
            "%(count)s blocks carry parts that the server makes (%(names)s). They mean nothing in a new journey: "
            "remove them."
        )
        told = {"count": sum(map(bool, found)), "names": ", ".join(names[:6]) + ("…" if len(names) > 6 else "")}
        yield advice("server-parts", sentence % told, member("activities"), "remove-server-parts")


def removed(document: dict) -> dict:
    changed = dict(document)
    for name, kind in LISTS.items():
        old = block_list(document, kind)
        new = [without(kind, block) for block in old]
        if any(one is not other for one, other in zip(old, new, strict=True)):
            changed[name] = new
    return changed


def _named(block: dict, parent: Path, names: tuple[str, ...]) -> list[Path]:
    members = read(block, parent)
    return [(*parent, name) for name in names if name in members] if isinstance(members, dict) else []


def _filled_in(block: dict) -> list[Path]:
    arguments = block.get("arguments")
    if not isinstance(arguments, dict):
        return []
    is_filled = {name: isinstance(value, str) and FILLED_IN.fullmatch(value) for name, value in arguments.items()}
    return [("arguments", name) for name, filled in is_filled.items() if filled or name == "filterResult"]
