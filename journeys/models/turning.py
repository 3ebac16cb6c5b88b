"""Undo, redo and revert: whose change of which revision is turned, and what that makes of the
newest document.

A change is *in effect*, or it is *taken back*. Each row that turns one names it in `undoes` or
`redoes`, whatever it is called: undo, redo, revert, or a field that was typed back to what it was.
Undo and redo go through the changes of one person: `undo_top` and `redo_top` of the newest row of
that person say where they stand, so that neither a reload nor the length of the history matters.

What is done to the newest document is the opposite of what the last turn did, or the change itself
where there was none. `revisions` are those of one journey.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _t

from journeys.blocks.apply import taken_back
from journeys.lifecycle.journey_state import WrongState
from journeys.models.overwritten import why_not
from journeys.models.revision import Revision
from journeys.spec import diff
from journeys.spec import document as doc

MOST_PASSED = 20  # changes that somebody else took back, or wrote over with what was there before


@dataclass(frozen=True)
class Turn:
    """`target` is the revision that the button names; `last` the one that brought its change in, or
    took it back: this one's opposite is done."""

    revisions: object
    target: Revision
    last: Revision

    @property
    def takes_back(self) -> bool:
        """Whether the change is in effect until now."""
        return not is_taking_back(self.last)

    def links(self) -> dict[str, int]:
        return {"undoes" if self.takes_back else "redoes": changed_by(self.last)}

    @cached_property
    def both(self) -> list[Revision]:
        """What was before `last`, and itself: with their bodies."""
        numbers = [first_of_run(self.last) - 1, self.last.number]
        return list(self.revisions.filter(number__in=numbers).order_by("number"))

    @cached_property
    def change(self) -> tuple[dict, dict]:
        """What `last` did, as (before, after); raises Tampered."""
        before, after = (one.document() for one in self.both)
        return before, after


def changed_by(row: Revision) -> int:
    """The number of the revision whose change the row is about: nearly always its own."""
    return row.undoes or row.redoes or row.number


def is_taking_back(row: Revision) -> bool:
    return row.undoes is not None


def last_turn(revisions, row: Revision, *, by: int | None = None) -> Revision:
    """The newest revision that turned the row's change, or the one that made it; `by` whom."""
    number, rows = changed_by(row), revisions.rows().order_by("-number")
    rows = rows if by is None else rows.filter(author=by)
    # one after the other: asked together, no index finds them
    turns = [rows.filter(undoes=number).first(), rows.filter(redoes=number).first()]
    turns = [one for one in turns if one is not None]
    if turns:
        return max(turns, key=lambda one: one.number)
    return row if row.number == number else revisions.rows().get(number=number)


# Whose


def to_undo(revisions, newest: Revision, person) -> Turn | None:
    """What Undo would turn now, None where there is nothing."""
    return next(_of(_undo_candidates(revisions, newest, person), newest), None)


def to_redo(revisions, newest: Revision, person) -> Turn | None:
    return next(_of(_redo_candidates(revisions, newest, person), newest), None)


def after_undo(turn: Turn, person) -> dict:
    """What the row of an undo says of what comes next."""
    below = _own(turn.revisions, person, before=first_of_run(turn.target))
    return {"undo_top": below and below.undo_top, "redo_top": turn.target.number}


def after_redo(turn: Turn, person) -> dict:
    below = _own(turn.revisions, person, before=turn.last.number)
    return {"undo_top": turn.target.number, "redo_top": below and below.redo_top}


def first_of_run(row: Revision) -> int:
    """Quick edits of one field are one change (`merging.same_run`)."""
    return row.arguments.get("begun", row.number) if isinstance(row.arguments, dict) else row.number


def _own(revisions, person, before: int | None = None) -> Revision | None:
    """The person's newest revision, or their newest before that number."""
    rows = revisions.rows().filter(author=person.pk)
    rows = rows if before is None else rows.filter(number__lt=before)
    return rows.order_by("-number").first()


def _newest_own(revisions, newest: Revision, person) -> Revision | None:
    return newest if newest.author_id == person.pk else _own(revisions, person)


def named(revisions, number: int, *known: Revision) -> Revision | None:
    matching = (row for row in known if row.number == number)
    return next(matching, None) or revisions.rows().filter(number=number).first()


def _undo_candidates(revisions, newest: Revision, person) -> Iterator[Turn]:
    state = _newest_own(revisions, newest, person)
    while state is not None and state.undo_top is not None:
        target = named(revisions, state.undo_top, state)
        if target is None:
            return
        last = target if target.number == newest.number else last_turn(revisions, target)
        is_own = {target.author_id, last.author_id} == {person.pk}
        if is_own and is_taking_back(last) == is_taking_back(target):
            yield Turn(revisions, target, last)
        state = _own(revisions, person, before=min(first_of_run(target), state.number))


def _redo_candidates(revisions, newest: Revision, person) -> Iterator[Turn]:
    state = _newest_own(revisions, newest, person)
    while state is not None and state.redo_top is not None:
        target = named(revisions, state.redo_top, state)
        if target is None:
            return
        own = last_turn(revisions, target, by=person.pk)
        last = own if own.number == newest.number else last_turn(revisions, target)
        if last.number == own.number and is_taking_back(last) != is_taking_back(target):
            yield Turn(revisions, target, last)
        state = _own(revisions, person, before=min(own.number, state.number))


def _of(candidates: Iterator[Turn], newest: Revision) -> Iterator[Turn]:
    """Without those that would change nothing any more."""
    for _time, turn in zip(range(MOST_PASSED), candidates, strict=False):
        if turn.last.number == newest.number or not _is_idle(newest, turn):
            yield turn


def _is_idle(newest: Revision, turn: Turn) -> bool:
    if not all(one.is_whole() for one in turn.both):  # told by whoever does it
        return False
    try:
        after = taken_back(*turn.change, newest.stored())
    except diff.Conflict:
        return False
    return doc.dumps(after) == doc.dumps(newest.stored())


# What


def turned(newest: Revision, turn: Turn, person) -> tuple[dict, tuple[dict, dict]]:
    """The document in which the change is taken back, or done again, and that change backwards.

    Raises WrongState, with who changed what since, where others' changes are in the way.
    """
    before, after = turn.change
    try:
        return taken_back(before, after, newest.stored()), (after, before)
    except diff.Conflict as conflict:
        changes = why_not(turn.revisions, newest, turn.last, (before, after), conflict, person)
        raise WrongState(_refusal(turn, changes)) from conflict


def why_not_turned(newest: Revision, turn: Turn, person) -> str:
    """Why the turn would be refused; "" where it would not."""
    if turn.last.number == newest.number:
        return ""
    try:
        turned(newest, turn, person)
    except WrongState as error:  # Tampered, too
        return error.text
    return ""


def _refusal(turn: Turn, changes: list[str]) -> str:
    values = {"what": turn.target.summary, "changes": "; ".join(changes)}
    if is_taking_back(turn.last) == is_taking_back(turn.target):  # it is in effect
        said = _t("“%(what)s” cannot be taken back: %(changes)s.") % values
    else:
        said = _t("“%(what)s” cannot be done again: %(changes)s.") % values
    return f"{said} {_t('Revert that first in the history, or change it by hand.')}"


# Any revision


def to_revert(revisions, row: Revision) -> Turn:
    """The turn that takes back what one revision did; raises WrongState where there is nothing to
    take back."""
    if row.number == 1:
        raise WrongState(_t("The journey began with this revision. There is nothing before it."))
    last = last_turn(revisions, row)
    if is_taking_back(last) == is_taking_back(row):
        return Turn(revisions, row, last)
    raise WrongState(
        _t("“%(what)s” is taken back already, by revision %(number)s.")
        % {"what": row.summary, "number": last.number}
    )
