"""The shapes of the three kinds of journeys, as all real ones of each kind have them.

All are advice: they are what Journey Builder makes, not what the endpoint is known to refuse.
"""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from journeys.blocks import type_of
from journeys.blocks.facts import AUDIENCE, REQUEST
from journeys.blocks.places import get, text
from journeys.checks.finding import advice, at, member
from journeys.spec import graph
from journeys.spec.document import block_list
from journeys.spec.problem import Problem


def quicksend_is_one_email(document: dict) -> Iterator[Problem]:
    """Entry by an audience, one email after which the path ends, channel "email", a schedule, no
    goal."""
    if document.get("definitionType") != "Quicksend":
        return
    for trigger in block_list(document, "trigger"):
        if _has_type(trigger) and _entry(trigger) != AUDIENCE:
            sentence = _(
                "A single send starts from an audience. Use a data extension as the entry source."
            )
            yield advice("quicksend-entry", sentence, at("trigger", trigger, "type"))
    yield from _one_message(document, "quicksend", _("A single send"))
    yield from _channel(document, "quicksend", _("a single send"))
    if get(document, "metaData.isScheduleSet") is not True:
        sentence = _(
            "Journey Builder marks a single send as scheduled. Set isScheduleSet to true in the"
            " settings."
        )
        yield advice("quicksend-schedule", sentence, member("metaData.isScheduleSet"))
    for goal in block_list(document, "goal"):
        sentence = _(
            "A single send has no goal: it ends before anybody could reach one. Remove the goal."
        )
        yield advice("quicksend-goal", sentence, at("goal", goal))


def transactional_is_one_message(document: dict) -> Iterator[Problem]:
    """Entry by the transactional API and one message; the other way round, that entry needs a
    transactional journey."""
    kind = document.get("definitionType")
    for trigger in block_list(document, "trigger"):
        is_api = _entry(trigger) == REQUEST
        if kind == "Transactional" and _has_type(trigger) and not is_api:
            sentence = _(
                "A transactional journey starts from the transactional API. Use that entry source."
            )
            yield advice("transactional-entry", sentence, at("trigger", trigger, "type"))
        elif kind != "Transactional" and is_api:
            sentence = _(
                "This entry source belongs to a transactional journey. Set the kind of journey to"
                " that."
            )
            yield advice("transactional-kind", sentence, member("definitionType"))
    if kind == "Transactional":
        yield from _one_message(document, "transactional", _("A transactional journey"))
        yield from _channel(document, "transactional", _("a transactional journey"))


def multistep_has_no_channel(document: dict) -> Iterator[Problem]:
    if document.get("definitionType") == "Multistep" and document.get("channel") not in (None, ""):
        sentence = _("A journey of several steps has no channel of its own. Choose none.")
        yield advice("multistep-channel", sentence, member("channel"))


def _one_message(document: dict, rule: str, subject: str) -> Iterator[Problem]:
    """A step of a type that nobody has heard of may be a message, too."""
    steps = block_list(document, "activity")
    types = [type_of(step) for step in steps]
    if not any(one.sends or not one.known for one in types):
        sentence = _("%(subject)s is one message, but no step sends any. Add an email.")
        yield advice(f"{rule}-message", sentence % {"subject": subject}, member("activities"))
    if len(steps) > 1:
        sentence = _(
            "%(subject)s is one message and nothing else; this one has %(count)s steps. Remove the"
            " others."
        )
        yield advice(
            f"{rule}-steps",
            sentence % {"subject": subject, "count": f"{len(steps):,}"},
            member("activities"),
        )
    elif steps and any(graph.next_of(outcome) for outcome in graph.outcomes(steps[0])):
        sentence = _("%(subject)s ends with its message. Let its path end there.")
        yield advice(
            f"{rule}-end", sentence % {"subject": subject}, at("activity", steps[0], "outcomes")
        )


def _channel(document: dict, rule: str, subject: str) -> Iterator[Problem]:
    """Only email is known: no other channel was seen in these journeys."""
    has_email = any(type_of(step).channel == "email" for step in block_list(document, "activity"))
    if has_email and document.get("channel") != "email":
        sentence = _("The channel of %(subject)s that sends an email is “email”. Choose it.")
        yield advice(f"{rule}-channel", sentence % {"subject": subject}, member("channel"))


def _entry(trigger: dict) -> str:
    return type_of(trigger, "trigger").entry


def _has_type(trigger: dict) -> bool:
    return bool(text(trigger, "type").strip())
