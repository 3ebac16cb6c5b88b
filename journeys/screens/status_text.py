"""A submission in words: how it stands, what happened so far, what came back, and what to do."""

import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from journeys import blocks
from journeys.explaining import differences
from journeys.lifecycle import limits
from journeys.lifecycle.results import Result
from journeys.models import Attempt, Submission, TenantStatus, clock
from journeys.screens.endpoint_name import by_its_name, named
from journeys.spec import document as doc
from journeys.spec.address import Address

MOST_DIFFERENCES = 100
MOST_BEFORE = 100  # submissions that are counted each time that a page asks how one stands
MOST_ATTEMPTS = 100
LONGEST_VALUE = 300
SOON = timedelta(seconds=2)
FRESH = timedelta(seconds=15)
LATE = timedelta(seconds=30)  # without a worker taking on what is due

STATE = Submission.State


@dataclass(frozen=True)
class Headline:
    """`next_at` is when something happens by itself; None when nothing will, or when it happens
    now."""

    title: str
    text: str
    next_label: str = ""
    next_at: datetime | None = None


@dataclass(frozen=True)
class Link:
    """A block that a refusal points to, as a link into the composer."""

    label: str
    inside: str
    query: str
    said: str = ""  # what stands there


# by phase and result; a fault of our own says itself what happened
SAYS_ITSELF = {Result.FAILED}
ATTEMPTS = {
    ("send", Result.CREATED): _("Sent. The journey was created."),
    ("send", Result.REFUSED): _("Sent. It was refused."),
    ("send", Result.UNCLEAR): _("Sent. It is not clear what came of it."),
    ("send", Result.EXISTS): _("Sent. The server says that such a journey is there already."),
    ("send", Result.BUSY): _("Sent. The server asked to wait; nothing was carried out."),
    ("send", Result.UNAUTHORISED): _(
        "Sent. The sign-in was not accepted; nothing was carried out."
    ),
    ("send", Result.NOT_SENT): _("Could not be sent."),
    ("send", Result.CREDENTIALS_REFUSED): _("Not sent: the sign-in was refused."),
    ("look-up", Result.FOUND): _("Looked up. The journey is there."),
    ("look-up", Result.FOUND_OTHER): _("Looked up. Another journey is there."),
    ("look-up", Result.ABSENT): _("Looked up. There is no journey with this key."),
    ("look-up", Result.BUSY): _("Looked up. The server asked to wait."),
    ("look-up", Result.NO_ANSWER): _("Looked up. The answer told nothing."),
    ("look-up", Result.UNCLEAR): _("Looked up. The answer told nothing."),
    ("look-up", Result.REFUSED): _("Looked up. The server refused the question."),
    ("look-up", Result.UNAUTHORISED): _("Looked up. The sign-in was not accepted."),
    ("look-up", Result.NOT_SENT): _("Could not be looked up."),
    ("look-up", Result.CREDENTIALS_REFUSED): _("Not looked up: the sign-in was refused."),
}


SAY_ALL = {Result.CREATED, Result.FOUND, Result.ABSENT}  # results that need no further words


@dataclass(frozen=True)
class AttemptText:
    """An attempt in words; `why` is what more there is to say."""

    row: Attempt
    text: str
    why: str


def attempt_text(attempt: Attempt) -> AttemptText:
    text = ATTEMPTS.get((attempt.phase, attempt.result))
    if text is None:
        return AttemptText(attempt, attempt.text, "")
    return AttemptText(attempt, str(text), "" if attempt.result in SAY_ALL else attempt.text)


def headline(submission: Submission) -> Headline:
    one = _headline(submission)
    if submission.is_open or submission.state == STATE.SUCCEEDED:
        return one
    title, text = (by_its_name(str(words), submission) for words in (one.title, one.text))
    return replace(one, title=title, text=text)


def _headline(submission: Submission) -> Headline:
    there = submission.tenant.where
    if submission.is_open:
        return WHILE_OPEN[submission.state](submission, there)
    explained = submission.explanation.get("text", "") or submission.text
    if submission.state == STATE.SUCCEEDED:
        return Headline(_t("The journey is in %s") % there, arrived(submission))
    if submission.state == STATE.CANCELLED:
        return Headline(
            _t("Cancelled"), _t("The journey is not in %s through this submission.") % there
        )
    title = submission.explanation.get("title") or submission.get_state_display()
    if submission.state == STATE.NEEDS_PERSON:
        return Headline(
            _t("Needs a decision: %s") % title if submission.explanation else str(title),
            stopped(submission),
        )
    return Headline(title, explained)


def arrived(submission: Submission) -> str:
    if submission.taken_over:
        return _t(
            "It was there already and was taken over. What was submitted here was not sent in its"
            " place."
        )
    if submission.found_by_look_up:
        return _t(
            "The first answer was unclear, so it was looked up by its key, and found. It was"
            " created once."
        )
    if submission.tenant.is_practice:
        return _t("It was created there as a draft, the way Marketing Cloud would do it.")
    return _t("It was created as a draft there. Publish it in Journey Builder when you are ready.")


def stopped(submission: Submission) -> str:
    why = submission.explanation.get("text", "") or submission.text
    if submission.ambiguous:
        safe = _t(
            "Nothing more is sent by itself. “Try again” looks first whether the journey has"
            " arrived."
        )
    else:
        safe = _t("Nothing more is sent by itself. “Try again” goes on where it stopped.")
    return f"{why} {safe}".strip()


def is_left_alone(submission: Submission) -> bool:
    """Whether it has been due for a while and nobody works on it, nor on others of its tenant
    before it."""
    moment = clock.moment()
    if moment - submission.not_before <= LATE or (
        submission.lease_until and submission.lease_until > moment
    ):
        return False
    status = tenant_status_of(submission)
    return status is None or status.next_call_at is None or moment - status.next_call_at > LATE


def tenant_status_of(submission: Submission) -> TenantStatus | None:
    return getattr(submission.tenant, "status", None)  # a tenant that was never called has none


def paused(submission: Submission) -> tuple[str, datetime | None]:
    """Why its tenant is not called at present, and until when; ("", None) when it is."""
    status = tenant_status_of(submission)
    moment = clock.moment()
    if status is None or limits.admits(status, moment):
        return "", None
    if status.breaker == status.Breaker.STOPPED:
        return (
            _t("Calls to this tenant are stopped until an admin has put this right: %s")
            % status.because,
            None,
        )
    if status.breaker == status.Breaker.OPEN:
        text = (
            _t("Calls to this tenant are paused, because several came to nothing: %s")
            % status.because
        )
        return text, max(filter(None, (status.open_until, status.paused_until)), default=None)
    return _t("The tenant asked for a pause."), status.paused_until


def to_be_stopped(submission: Submission) -> str:
    """Why it is not sent, but stopped when its turn comes, as whoever claims it asks then
    (delivery.submit); "" when it is."""
    if not submission.is_still_accepted():
        return _t("An accepted problem was opened again, and it blocks.")
    return submission.why_ended(clock.moment())


def at_the_latest(submission: Submission) -> str:
    """What becomes of it when nothing goes on for too long."""
    if submission.deadline_at <= clock.moment():
        return _t("Its time is over: it waits for your decision as soon as a sweeper runs.")
    moment = timezone.localtime(submission.deadline_at)
    by = date_format(moment, "j F Y, H:i T")
    return _t("If it is not settled by %s, it waits for your decision.") % by


def waiting(submission: Submission, there: str) -> Headline:
    why, until = paused(submission)
    stops = to_be_stopped(submission)
    if stops:
        text = _t("It is not sent: when its turn comes it is stopped, and waits for a decision.")
        text = f"{stops} {text} {why}".strip()
        return Headline(_t("Not sent any more"), text, _t("Next look") if until else "", until)
    if why:
        text = f"{why} " + _t("It keeps its place and goes out by itself afterwards.")
        text += f" {at_the_latest(submission)}"
        return Headline(_t("Waiting for the tenant"), text, _t("Next try") if until else "", until)
    if is_left_alone(submission):
        text = _t("Nothing has taken it on yet. It is sent as soon as a worker runs.")
        text += f" {at_the_latest(submission)}"
        return Headline(_t("Waiting to be sent"), text)
    if submission.attempt_count or submission.not_before > clock.moment() + SOON:
        text = submission.text or _t("The last try did not get through. Nothing was carried out.")
        return Headline(_t("Waiting to try again"), text, _t("Next try"), submission.not_before)
    return Headline(
        _t("Waiting to be sent"), _t("It goes out within seconds. You can leave this page.")
    )


def sending(submission: Submission, there: str) -> Headline:
    return Headline(
        _t("Being sent to %s") % there,
        _t("An answer can take up to two minutes. You can leave this page."),
    )


def unclear(submission: Submission, there: str) -> Headline:
    text = _t(
        "It may have arrived or not. Nothing is sent twice: %s is asked for the journey by its key"
        " first, until the answer is sure."
    )
    text %= there
    stops = to_be_stopped(submission)
    if stops:
        text += f" {stops} " + _t("So it is not sent once more.")
    why, until = paused(submission)
    if why:
        text = f"{text} {why} {at_the_latest(submission)}"
        return Headline(
            _t("Unclear: to be looked up"), text, _t("Next try") if until else "", until
        )
    if is_left_alone(submission):
        text += " " + _t("Nothing has taken that on yet; it goes on as soon as a worker runs.")
        return Headline(_t("Unclear: to be looked up"), f"{text} {at_the_latest(submission)}")
    return Headline(_t("Unclear: being looked up"), text, _t("Next look"), submission.not_before)


WHILE_OPEN = {STATE.WAITING: waiting, STATE.SENDING: sending, STATE.UNCLEAR: unclear}


def before(submission: Submission) -> int:
    """How many submissions to the same tenant are taken on before this one; counted to one more
    than MOST_BEFORE."""
    if submission.state != STATE.WAITING:
        return 0
    queue = Submission.objects.filter(
        tenant=submission.tenant_id, state__in=[STATE.WAITING, STATE.UNCLEAR]
    )
    same = Q(not_before=submission.not_before, pk__lt=submission.pk)
    earlier = queue.filter(
        Q(not_before__lt=submission.not_before) | same, not_before__lte=submission.not_before
    )
    return earlier.values("pk")[: MOST_BEFORE + 1].count()


def before_in_words(count: int) -> str:
    if count > MOST_BEFORE:
        return _t("More than %(count)s submissions to this tenant are before it.") % {
            "count": MOST_BEFORE
        }
    text = ngettext(
        "%(count)s submission to this tenant is before it.",
        "%(count)s submissions to this tenant are before it.",
        count,
    )
    return text % {"count": count} if count else ""


def pace(submission: Submission) -> int:
    """Seconds between two looks of a page that follows it: at first, and around a send, it changes
    quickly."""
    moments = (submission.created_at, submission.last_send_at)
    return 1 if clock.moment() - max(moment for moment in moments if moment) < FRESH else 5


def seen(submission: Submission, attempts: int, before: int) -> str:
    """Changes exactly when the page would look different, or ask less often."""
    parts = [
        submission.state,
        submission.fence,
        attempts,
        submission.not_before.timestamp(),
        before,
        pace(submission),
    ]
    parts += [
        bool(submission.cancel_requested_at),
        is_left_alone(submission),
        bool(paused(submission)[0]),
        bool(to_be_stopped(submission)),
    ]
    return "-".join(str(part) for part in parts)


def links(items: list, document: dict) -> list[Link]:
    """`items` are addresses as an explanation keeps them; candidates have what stands there as a
    fourth."""
    return [link_to(Address(*item[:3]), document, *item[3:]) for item in items]


def link_to(address: Address, document: dict, said: str = "") -> Link:
    kind, key = address.block
    block = doc.find_block(document, kind, key) if kind in doc.MEMBER_OF else None
    label = _t("Journey settings") if kind == "journey" else key
    words = blocks.sentence(block, kind) if block else label
    return Link(words, address.inside, address.query, said)


def explained(submission: Submission, document: dict) -> dict:
    """The refusal for the template: each point with its places as links."""
    explanation = submission.explanation
    if not explanation:
        return {}
    shown = [named(part, submission) for part in (explanation, *explanation.get("parts", []))]
    whole, *parts = (_with_links(part, document) for part in shown)
    own = [] if parts else whole["links"]
    sure = own or [link for part in parts for link in part["links"]]
    maybe = [link for part in (whole, *parts) for link in part["may_be"]]
    first = next(iter(sure or maybe), None)
    return {**whole, "links": own, "parts": parts, "first": first}


def _with_links(part: dict, document: dict) -> dict:
    return {
        **part,
        "links": links(part.get("places", []), document),
        "may_be": links(part.get("candidates", []), document),
    }


def came_back(submission: Submission) -> dict | None:
    """The journey as the server answered it."""
    try:
        value = doc.parse(bytes(submission.answer))
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def lost_on_the_way(sent: dict, answer: dict) -> tuple[list[tuple[str, str, str, str]], int]:
    """(place, kind, sent, came back) for what the server dropped or changed, and how many more
    there are."""
    lost = differences(sent, answer)
    rows = [(one.place, one.kind, cut(one.sent), cut(one.got)) for one in lost[:MOST_DIFFERENCES]]
    return rows, max(0, len(lost) - MOST_DIFFERENCES)


def compared(differs: bool, is_anothers: bool) -> str:
    """What the list of differences is headed with."""
    if is_anothers:
        return _t("How it differs from yours") if differs else _t("It is the same as yours.")
    return (
        _t("What the server dropped or changed")
        if differs
        else _t("Everything came back as it was sent.")
    )


def cut(value: object) -> str:
    """A server may write half of a character, which is JSON but no text."""
    text = "" if value is None else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return short(text.encode("utf-8", "replace").decode())


def short(text: str) -> str:
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"


def so_far(submission: Submission) -> tuple[list[AttemptText], int]:
    """The newest attempts, the oldest of them first, and how many there are in all. While it is
    open no answer is shown, so none is read."""
    rows = submission.attempts.order_by("-id")
    newest = list((rows.defer("answer") if submission.is_open else rows)[:MOST_ATTEMPTS])
    count = len(newest) if len(newest) < MOST_ATTEMPTS else submission.attempts.count()
    return [attempt_text(attempt) for attempt in reversed(newest)], count
