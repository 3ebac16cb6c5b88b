"""Undo, redo and revert, as a journey does them. Each appends a revision; none is ever removed."""

from django.utils.translation import gettext as _t

from journeys.lifecycle.journey_state import WrongState
from journeys.models import turning
from journeys.models.authorship import Brought
from journeys.models.merging import Made, made_of
from journeys.models.revision import Revision
from journeys.models.turning import Turn
from journeys.spec import document as doc


def undo(journey, author, number: int | None = None) -> Revision:
    """Takes back the author's own last change; others' newer changes stay.

    Raises WrongState, and writes nothing, where that is not revision `number` any more, or where
    others changed the same since: then with who and what.
    """

    def make(newest: Revision) -> Made:
        turn = turning.to_undo(journey.revisions, newest, author)
        _require(turn, number, _t("There is nothing to undo: no change of yours is left here."))
        more = turning.after_undo(turn, author)
        return _made(journey, newest, turn, author, "undo", _t("Undid: %s"), **more)

    return journey._change(make, author)


def redo(journey, author, number: int | None = None) -> Revision:
    """Does again what the author's last undo took back, in the same way."""

    def make(newest: Revision) -> Made:
        turn = turning.to_redo(journey.revisions, newest, author)
        _require(turn, number, _t("There is nothing to redo."))
        more = turning.after_redo(turn, author)
        return _made(journey, newest, turn, author, "redo", _t("Redid: %s"), **more)

    return journey._change(make, author)


def revert(journey, revision: Revision, author) -> Revision:
    """Takes back what one revision changed, whosever it was; all that came later stays."""

    def make(newest: Revision) -> Made:
        turn = turning.to_revert(journey.revisions, revision)
        words = _t("Reverted: %s") if turn.takes_back else _t("Brought back: %s")
        asked = {"arguments": {"number": revision.number}}
        return _made(journey, newest, turn, author, "revert", words, **asked)

    return journey._change(make, author)


def _require(turn: Turn | None, number: int | None, nothing: str) -> None:
    """That there is something to turn, and that it is what the button named."""
    if turn is None:
        raise WrongState(nothing)
    if number in (None, turn.target.number):
        return
    raise WrongState(
        _t("Nothing was changed: your last change is another one by now, “%s”.")
        % turn.target.summary
    )


def _made(
    journey, newest: Revision, turn: Turn, author, operation: str, words: str, **row: object
) -> Made:
    document, change = turning.turned(newest, turn, author)
    if doc.dumps(document) == newest.stored_body:
        raise WrongState(_t("Nothing was changed: the journey is as it would be already."))
    about = turn.target
    if operation == "revert":  # of a turn it names the change that this was about
        about = turning.named(journey.revisions, turning.changed_by(about), about)
    more = {"brought": Brought(turn.last, change), "based_on": newest.number, **turn.links()}
    return made_of(newest.stored(), document, operation, words % about.summary, **more, **row)
