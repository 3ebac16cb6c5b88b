"""The bar over a draft: what Undo and Redo would turn, what comes next, what ends."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _t

from journeys.lifecycle.journey_state import ASKABLE
from journeys.models import Journey, Revision, turning
from journeys.screens.draft import Draft
from journeys.screens.opening import is_unsent


@dataclass(frozen=True)
class TurnButton:
    """Undo or Redo: the `number` of the revision that it turns, 0 for none; `what` that did; `why`
    it cannot be turned, "" where it can."""

    number: int = 0
    what: str = ""
    why: str = ""


def undo_and_redo(journey: Journey, revision: Revision, user: object) -> list[TurnButton]:
    """Of the user's own changes. Nothing is worked out where the newest change is theirs."""
    finds = (turning.to_undo, turning.to_redo)
    return [_button(find(journey.revisions, revision, user), revision, user) for find in finds]


def _button(turn: turning.Turn | None, newest: Revision, user: object) -> TurnButton:
    if turn is None:
        return TurnButton()
    why = turning.why_not_turned(newest, turn, user)
    return TurnButton(turn.target.number, turn.target.summary, why)


def main_button(draft: Draft) -> dict:
    """The one main button: what comes next for this draft, or why it cannot come yet."""
    journey = draft.journey
    state = journey.state
    review = {"label": _t("Request review"), "url": reverse("request-review", args=[journey.pk])}
    submit = {"label": _t("Submit…"), "url": reverse("submit", args=[journey.pk]), "get": True}
    if state == Journey.State.IN_REVIEW and journey.tenant.review_required:
        return review | {"label": _t("In review"), "why": _t("A reviewer has to decide first.")}
    is_sent = state not in (*ASKABLE, Journey.State.APPROVED, Journey.State.IN_REVIEW)
    latest = journey.submissions.rows().first() if is_sent else None
    if latest:
        return {
            "label": _t("See submission"),
            "url": reverse("submission", args=[latest.pk]),
            "get": True,
        }
    never = journey.why_not_submit(without_review=True, is_unsent=is_unsent(journey))
    if never:
        return (review if journey.tenant.review_required else submit) | {"why": never}
    if draft.blocking:
        button = review if journey.tenant.review_required else submit
        return button | {"why": _t("Something has to be put right first. See the problems below.")}
    is_approved = journey.may_have_review and journey.approval()
    return review if journey.tenant.review_required and not is_approved else submit


def ends_with_a_change(journey: Journey) -> str:
    """What a change of the draft would end, in words before it is made; "" when nothing."""
    if journey.state == Journey.State.IN_REVIEW:
        return _t(
            "Revision %(number)s waits for a reviewer. Any change ends this review, and you have to"
            " ask for a new one."
        ) % {"number": journey.head.number}
    if journey.state == Journey.State.APPROVED and journey.tenant.review_required:
        return _t(
            "It is approved as it stands. Any change ends the approval, and it has to be reviewed"
            " again."
        )
    return ""
