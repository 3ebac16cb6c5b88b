"""What a change makes of the newest document: other people's changes meanwhile, and runs of quick
edits.

`revisions` are those of one journey. Its writer need not hold it locked: rows are only ever
appended, and what was made of a revision that is not the newest any more is made again.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from journeys import blocks
from journeys.blocks import comparing
from journeys.blocks.apply import carried_out
from journeys.models import clock
from journeys.models.authorship import Brought, Words, words_of
from journeys.models.revision import Revision
from journeys.models.turning import Turn, after_undo, first_of_run
from journeys.spec import change_text, diff
from journeys.spec import document as doc
from journeys.spec.sharing import SharedBlock
from journeys.spec.three_way import Clash

QUICK = timedelta(minutes=1)  # between two edits of one run
MERGED = ("edit block", "edit journey", "patch")  # set fields, so two of them merge field by field


class ChangedMeanwhile(Exception):
    """Somebody else changed the same; nothing was written. `blocks` are (kind, key), `before`,
    `mine` and `theirs` documents. `clashes` are the fields that both changed; there are none where
    what is done is no setting of fields, or where both only together make no sense. `reason`: why
    what was chosen of them cannot be."""

    def __init__(
        self,
        blocks: set[tuple[str, str]],
        mine: dict,
        theirs: dict,
        newest: Revision,
        *,
        before: dict | None = None,
        clashes: Sequence[Clash] = (),
        reason: str = "",
    ) -> None:
        super().__init__("changed meanwhile")
        self.blocks, self.mine, self.theirs, self.newest = blocks, mine, theirs, newest
        self.before, self.clashes, self.reason = before or {}, tuple(clashes), reason


@dataclass(frozen=True)
class Made:
    """The next revision, ready to be written: `row` are its further columns, `words` what is new in
    it (authorship)."""

    document: dict  # as reading the bytes gives it
    body: bytes
    packed: bytes
    operation: str
    summary: str
    words: Words
    brought: Brought | None
    row: dict


def made_of(
    before: dict, after: dict, operation: str, summary: str, brought: Brought | None = None, **row
) -> Made:
    """Everything about the next revision that needs no database; raises DocumentError."""
    document, _made_by_the_server = doc.strip_server_assigned(after)
    doc.require_shape(document)
    document = as_read(before, document)
    body = doc.dumps(document)
    if len(body) > doc.MAX_BYTES:
        raise doc.DocumentError(
            "The journey would be larger than 4 MB, more than the endpoint takes."
        )
    words = words_of(before, document, operation, brought)
    return Made(document, body, zlib.compress(body, 1), operation, summary, words, brought, row)


def as_read(before: dict, after: dict) -> dict:
    """What reading the bytes of `after` gives, with the very blocks of `before` where they stayed:
    most work on two revisions passes over what they share."""
    known = {id(block) for _kind, block in doc.blocks(before) if isinstance(block, SharedBlock)}

    def read(block: dict) -> dict:
        if id(block) in known:
            return block
        data = doc.dumps(block)
        return SharedBlock(doc.parse(data), data)

    return {
        name: [read(block) for block in value]
        if value and name in doc.LISTS
        else doc.parse(doc.dumps(value))
        for name, value in after.items()
    }


def done_to_newest(
    revisions,
    operation: str,
    arguments: dict,
    based_on: int,
    newest: Revision,
    base: dict | None = None,
) -> dict:
    """The document after an operation whose author was looking at revision `based_on`, or at
    `base`; raises ChangedMeanwhile."""
    theirs = newest.stored()
    if based_on == newest.number:
        return carried_out(operation, theirs, arguments)
    base = base or revisions.get(number=based_on).document()
    mine = carried_out(operation, base, arguments)
    if (
        operation in MERGED
    ):  # an edited block carries its links along, which others may have changed
        try:
            return diff.patch(base, mine, theirs)
        except diff.Conflict as error:
            met = {"before": base, "clashes": error.clashes}
            raise ChangedMeanwhile(error.blocks, mine, theirs, newest, **met) from error
    clash = diff.overlap(base, mine, theirs) & diff.changed_blocks({}, base)
    if clash:
        raise ChangedMeanwhile(clash, mine, theirs, newest, before=base)
    return carried_out(operation, theirs, arguments)


def same_run(revisions, newest: Revision, after: dict, author, operation: str, told: dict) -> dict:
    """What makes this edit one step of Undo with those before it: quick edits of one field by one
    person.

    `told` names the visit to the field (`run`) and its place (`field`); `begun` is the first
    revision of the run. Whoever types back what was there has taken the run back.
    """
    named, was = [told.get(name) for name in ("run", "field", "kind", "key")], newest.arguments
    goes_on = all(named[:2]) and named == [
        was.get(name) for name in ("run", "field", "kind", "key")
    ]
    is_own = newest.author_id == getattr(author, "pk", None) and newest.operation == operation
    is_top = newest.undo_top == newest.number
    if not (goes_on and is_own and is_top) or clock.moment() - newest.created_at > QUICK:
        return {}
    begun = first_of_run(newest)
    first = revisions.get(number=begun - 1)
    if not first.is_whole():
        return {}
    if doc.dumps(source := first.stored()) == doc.dumps(after):  # typed back to what it was
        turn = Turn(revisions, newest, newest)
        return turn.links() | after_undo(turn, author)
    told["begun"] = begun
    return {"summary": summarise(source, after)}


def summarise(before: dict, after: dict, operation: str = "", told: dict | None = None) -> str:
    """What changed, in words, for the history and for Undo; `told` as `Journey.apply` got it."""
    return change_text.headline(
        comparing.compare(before, after), blocks.sentences(before, after), operation, told
    )
