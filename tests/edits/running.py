"""Edits in a row, each looked at; what is lost is said with the command that shows it again."""

import random
from collections import Counter

from journeys.blocks.apply import carried_out
from journeys.spec import document as doc
from journeys.spec.diff import Conflict
from journeys.spec.graph import GraphError
from tests.edits.choosing import choose
from tests.edits.documents import journey
from tests.edits.keeping import Edit, Lost, require_kept

EACH = 50  # edits of one journey


def edit_one(seed: int, edits: int = EACH) -> Counter:
    """Makes a journey and edits it; how often each edit was carried out, and how many were refused.

    Raises Lost with the seed, the number of the edit and the command.
    """
    chance = random.Random(seed)
    document, history, counts = journey(chance), [], Counter()
    while counts.total() - counts["refused"] < edits:
        drawn: Edit | None = None
        try:
            drawn = choose(chance, document, history)
            after = _changed(drawn, document) if drawn else document
            if drawn and after is not document:
                require_kept(drawn, document, after)
        except (GraphError, Conflict):
            counts["refused"] += 1
            continue
        except Exception as error:
            raise Lost(_told(seed, counts, drawn, error)) from error
        if after is document:
            continue
        counts[
            drawn.name.partition(" ")[0] if drawn.name.startswith("form") else drawn.operation
        ] += 1
        history.append((document, after))
        document = after
    return counts


def _changed(edit: Edit, document: dict) -> dict:
    """The document after it; the very same where it changes nothing. The one before stays as it
    was."""
    was = doc.dumps(document)
    after = carried_out(edit.operation, document, edit.arguments)
    if doc.dumps(document) != was:
        raise Lost("the document was changed in place")
    return document if doc.dumps(after) == was else after


def _told(seed: int, counts: Counter, edit: Edit | None, error: Exception) -> str:
    done = counts.total() - counts["refused"] + 1
    asked = f"{edit.name}: {edit.operation} {str(edit.arguments)[:300]}" if edit else "no edit yet"
    return (
        f"seed {seed}, edit {done}: {error!r}\n  {asked}\n  again: make edits ARGS='--seed {seed}"
        " --journeys 1'"
    )
