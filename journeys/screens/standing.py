"""How a draft stands, as its authors are told where they work: what was decided about it last, by
whom and when, why, and what comes next."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from journeys.lifecycle.journey_state import BEING_WRITTEN, JourneyState
from journeys.models import AuditEntry, Journey, Submission
from journeys.screens import status_text
from journeys.screens.draft import Draft
from journeys.screens.review_status import ENDED, Left, newest_review

STATE = Submission.State
OF_SUBMISSION = (
    JourneyState.SUBMITTING,
    JourneyState.SUBMITTED,
    JourneyState.REFUSED,
    JourneyState.NEEDS_PERSON,
)
CAME_TO_NOTHING = (STATE.REFUSED, STATE.CONFLICT, STATE.NEEDS_PERSON, STATE.TAMPERED)

SENT_BACK = _("%(who)s sent it back")
ASKED = _("%(who)s asked for a review")
APPROVED = _("%(who)s approved it")
SUBMITTED = _("%(who)s submitted it")
MOVED = _("%(who)s changed %(tenant)s")
OPENED_AGAIN = _(
    "%(who)s opened an accepted problem again, so it blocks: it cannot go on like this."
)
BLOCKS = _("A problem blocks it now that did not block it when the review was asked for.")


@dataclass(frozen=True)
class Point:
    """Of a refusal: what is wrong, what to do, the steps that it means, and the endpoint's own
    words and code."""

    text: str
    todo: str = ""
    links: tuple[status_text.Link, ...] = ()
    said: str = ""
    code: str = ""


@dataclass(frozen=True)
class Standing:
    """`name` tells one decision from another. `is_loud`: it stands open above the journey, because
    its authors have to do something. `number` is of the revision that it is about, where that is
    not the draft."""

    name: str
    word: str
    state: str  # by which its chip is coloured
    said: str = ""
    at: datetime | None = None
    comment: str = ""
    text: str = ""
    todo: str = ""
    points: tuple[Point, ...] = ()
    submission: object = None
    number: int = 0
    is_loud: bool = False
    may_answer: bool = False
    more: tuple[str, ...] = ()

    @property
    def is_quiet(self) -> bool:
        """Whether a line tells it."""
        return bool(self.said) and not self.is_loud and not self.number

    @property
    def heading(self) -> str:
        if not self.is_refused:
            return self.word
        if self.submission.tenant.is_practice:
            return _t("Refused by the practice tenant")
        return _t("Refused by Marketing Cloud")

    @property
    def is_refused(self) -> bool:
        """By the endpoint, which says why."""
        return self.submission is not None and self.submission.state == STATE.REFUSED


def standing_of(draft: Draft, left: Left | None) -> Standing | None:
    """None for a draft about which nothing was decided. `left`: what its newest review left."""
    journey = draft.journey
    if left and left.is_all:
        return _of_left(journey, left)
    if journey.state in (JourneyState.IN_REVIEW, JourneyState.APPROVED):
        return _of_review(draft)
    submission = _newest_submission(journey)
    if submission is None:
        return None
    standing = _of_submission(draft, submission)
    if left and left.kind == ENDED:
        moved = _moved(journey, left)
        more = (left.why, *([f"{moved}."] if moved else []), left.ask)
        standing = replace(standing, more=more, name=f"{standing.name}-{left.review}")
    return standing


def person(user: object) -> str:
    return (user.get_full_name() or user.get_username()) if user else _t("The system")


def _moved(journey: Journey, left: Left) -> str:
    if not left.at:
        return ""
    moved = str(MOVED) % {"who": person(left.by), "tenant": journey.tenant}
    return f"{moved} ({left.fields})" if left.fields else moved


def _of_left(journey: Journey, left: Left) -> Standing:
    shared = {"state": left.state, "word": left.word, "at": left.at, "is_loud": True}
    shared["name"] = f"{left.kind}-{left.review}"
    if left.kind == ENDED:
        return Standing(**shared, said=_moved(journey, left), text=left.why, todo=left.next)
    said = str(SENT_BACK) % {"who": person(left.by)}
    return Standing(**shared, said=said, comment=left.why, todo=left.next, may_answer=left.asks)


def _of_review(draft: Draft) -> Standing | None:
    journey, review = draft.journey, newest_review(draft.journey)
    if review is None:
        return None
    shared = {"word": journey.get_state_display(), "state": journey.state}
    again = _opened_again(draft) if draft.blocking else ""
    shared |= {"is_loud": bool(again), "text": again, "name": f"review-{review.pk}-{bool(again)}"}
    if journey.state == JourneyState.IN_REVIEW:
        said = str(ASKED) % {"who": person(review.asked_by)}
        return Standing(**shared, said=said, at=review.asked_at, comment=review.reply)
    said = str(APPROVED) % {"who": person(review.decided_by)}
    standing = Standing(**shared, said=said, at=review.decided_at, comment=review.comment)
    if not journey.tenant.review_required or journey.approval():
        return standing
    why = journey.why_approval_ended() or _t("The approval does not count any more.")
    name, todo = f"over-{review.pk}", _t("Ask for a review again.")
    over = {"name": name, "word": _t("Approval ended"), "state": JourneyState.NEEDS_PERSON}
    return replace(standing, **over, text=why, todo=todo, is_loud=True)


def _opened_again(draft: Draft) -> str:
    rows = AuditEntry.objects.filter(journey=draft.journey, action="problem.acceptance-withdrawn")
    entry = rows.select_related("actor").order_by("-id").first()
    is_of_it = entry and entry.data.get("problem") in {one.id for one in draft.blocking}
    return str(OPENED_AGAIN) % {"who": person(entry.actor)} if is_of_it else str(BLOCKS)


def _newest_submission(journey: Journey) -> Submission | None:
    """The one of the draft, or of an earlier revision as long as it is the last word about it."""
    if journey.__dict__.get("has_sent") is False and journey.state in BEING_WRITTEN:
        return None
    rows = journey.submissions.select_related("created_by", "revision", "review__decided_by")
    submission = rows.defer("payload", "answer", "revision__packed").first()
    if submission is None or journey.state in OF_SUBMISSION:
        return submission
    submission.tenant = journey.tenant
    asked = newest_review(journey)
    is_later = asked is not None and asked.asked_at > submission.created_at
    return None if is_later else submission


def _of_submission(draft: Draft, submission: Submission) -> Standing:
    journey = draft.journey
    submission.tenant = journey.tenant
    is_of_draft = submission.revision_id == journey.head_id
    headline = status_text.headline(submission)
    is_nothing = submission.state in CAME_TO_NOTHING
    explained = status_text.explained(submission, draft.document) if is_nothing else {}
    is_held = submission.is_open and bool(status_text.to_be_stopped(submission))
    again = _opened_again(draft) if is_held and not submission.is_still_accepted() else ""
    return Standing(
        name=f"submission-{submission.pk}-{'held' if is_held else _rough(submission)}",
        word=journey.get_state_display(),
        state=journey.state,
        said=str(SUBMITTED) % {"who": person(submission.created_by)},
        at=submission.created_at,
        text=f"{_told(headline)} {again}".strip(),
        todo=explained.get("todo", ""),
        points=_points(explained),
        submission=submission,
        number=0 if is_of_draft else submission.revision.number,
        is_loud=is_nothing or is_held,
    )


def _rough(submission: Submission) -> str:
    """On its way it is one thing, whatever step it is at."""
    return "open" if submission.is_open else submission.state


def _told(headline: status_text.Headline) -> str:
    title = headline.title.rstrip(".")
    return f"{title}: {headline.text}" if headline.text else f"{title}."


def _points(explained: dict) -> tuple[Point, ...]:
    """What a refusal says, one by one."""
    parts = explained.get("parts", [])
    if parts:
        return tuple(_point(one, one["todo"]) for one in parts)
    return (_point(explained, ""),) if explained else ()


def _point(part: dict, todo: str) -> Point:
    """Where the words are the endpoint's alone, they are not told twice."""
    own = status_text.short(part.get("server_message", ""))
    code = status_text.short(part.get("code", ""))
    return Point(part["text"], todo, tuple(part["links"]), "" if own in part["text"] else own, code)
