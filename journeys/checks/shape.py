"""The shape of the document: keys, lists, objects, and how many there are of what.

Rules that take a kind and a block look at that block alone.
"""

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from journeys.blocks import type_of
from journeys.blocks.places import get, text
from journeys.checks.finding import advice, at, blocking, member
from journeys.spec import address, graph
from journeys.spec.address import Address
from journeys.spec.document import LISTS, MAX_KEY, block_list
from journeys.spec.problem import Problem


class Shape(NamedTuple):
    """What a member may be, and how it is written when it holds nothing."""

    fits: tuple[type, ...]
    empty: str


ANYTHING = (str, int, float, list, dict)  # but null
OBJECT, LIST = Shape((dict,), "{ }"), Shape((list,), "[ ]")
TEXT, OUTCOMES = (
    Shape(ANYTHING, '""'),
    Shape(ANYTHING, "[ ]"),
)  # of these only null is asked for here
OF_JOURNEY = {
    **dict.fromkeys(("defaults", "metaData"), OBJECT),
    **dict.fromkeys((*LISTS, "tags", "notifiers", "campaigns"), LIST),
    "description": TEXT,
}
OF_DEFAULTS = {"email": LIST, "mobileNumber": LIST, "properties": OBJECT}
OF_OUTCOME = {"arguments": OBJECT, "metaData": OBJECT}
OF_BLOCK = {
    **OF_OUTCOME,
    "configurationArguments": OBJECT,
    "outcomes": OUTCOMES,
    "name": TEXT,
    "description": TEXT,
}
PLAIN_KEY = re.compile(r"[\w-]+")
MOST_STEPS = 100  # advised by Salesforce's blog; the largest real journey seen has 79


def block_has_a_key(kind: str, block: dict) -> Iterator[Problem]:
    if not text(block, "key"):
        sentence = _("“%(name)s” has no key, so nothing can refer to it. Give it one in its JSON.")
        name = text(block, "name") or text(block, "type") or kind
        yield blocking("block-key-missing", sentence % {"name": name[:60]}, at(kind, block, "key"))


def step_keys_are_unique(document: dict) -> Iterator[Problem]:
    steps = block_list(document, "activity")
    for key, count in Counter(text(step, "key") for step in steps).items():
        if key and count > 1:
            sentence = _("%(count)s steps have the key “%(key)s”. Give each a key of its own.")
            values = {"count": count, "key": key[:60]}
            yield blocking(
                "step-key-duplicate", sentence % values, at("activity", {"key": key}, "key")
            )


def outcomes_are_a_list(kind: str, block: dict) -> Iterator[Problem]:
    outcomes = block.get("outcomes")
    if outcomes is None:
        return
    if not isinstance(outcomes, list) or not all(isinstance(outcome, dict) for outcome in outcomes):
        sentence = _(
            "The outcomes must be a list of objects; the endpoint cannot read this. Correct the"
            " JSON."
        )
        yield blocking("outcomes-shape", sentence, at(kind, block, "outcomes"))


def outcome_keys_are_unique(kind: str, block: dict) -> Iterator[Problem]:
    """Inside one step: the same keys recur in the other steps of real journeys."""
    if kind != "activity":
        return
    place = at(kind, block, "outcomes")
    for key, count in Counter(text(way, "key") for way in graph.outcomes(block)).items():
        if count > 1 and key:
            sentence = _(
                "%(count)s paths of this step have the key “%(key)s”. Give each a key of its own."
            )
            values = {"count": count, "key": key[:60]}
            yield blocking("outcome-key-duplicate", sentence % values, place)


def outcomes_have_keys(kind: str, block: dict) -> Iterator[Problem]:
    """One path alone needs none. Where a type keeps what its paths ask for under their keys, those
    without one cannot be taken."""
    if kind != "activity":
        return
    ways, by_key = graph.outcomes(block), type_of(block, kind).by_path_key
    count = sum(not text(way, "key") for way in ways)
    if count < (1 if by_key and len(ways) > 1 else 2):
        return
    sentence = ngettext(
        "%(count)s path of this step has no key, so it cannot be told from the others. Give each a"
        " key of its own.",
        "%(count)s paths of this step have no key, so they cannot be told apart. Give each a key of"
        " its own.",
        count,
    )
    report = blocking if by_key else advice
    place = at(kind, block, "outcomes")
    yield report("outcome-key-missing", sentence % {"count": count}, place, "give-path-keys")


def journey_has_its_shape(document: dict) -> Iterator[Problem]:
    """A list where an object belongs, and null, are refused with 10004, "JSON Deserialization
    Exception" (published trials). Null is advice: real journeys hold it in places that trials do
    not name."""
    defaults = document.get("defaults")
    for name, shape in _misfits(document, OF_JOURNEY):
        yield _misfit(document[name], name, shape, member(name))
    for name, shape in _misfits(defaults, OF_DEFAULTS) if isinstance(defaults, dict) else ():
        yield _misfit(defaults[name], name, shape, member(f"defaults.{name}"))


def block_has_its_shape(kind: str, block: dict) -> Iterator[Problem]:
    """The same of a block."""
    for name, shape in _misfits(block, OF_BLOCK):
        yield _misfit(block[name], name, shape, at(kind, block, name))
    for index, outcome in enumerate(graph.outcomes(block)):
        for name, shape in _misfits(outcome, OF_OUTCOME):
            way = address.item("outcomes", address.name_of(outcome, index))
            yield _misfit(outcome[name], name, shape, at(kind, block, address.member(way, name)))


def one_trigger_one_goal(document: dict) -> Iterator[Problem]:
    rules = {
        "trigger": (
            blocking,
            _("A journey has one entry source; this one has %(count)s. Remove the others."),
        ),
        "goal": (blocking, _("A journey has one goal; this one has %(count)s. Remove the others.")),
        "exit": (
            advice,
            _("A journey has one set of exit criteria; this one has %(count)s. Remove the others."),
        ),
    }
    for kind, (report, sentence) in rules.items():
        blocks = block_list(document, kind)
        if len(blocks) > 1:
            yield report(f"{kind}-several", sentence % {"count": len(blocks)}, at(kind, blocks[1]))


def something_enters_and_happens(document: dict) -> Iterator[Problem]:
    if not block_list(document, "trigger"):
        sentence = _(
            "The journey has no entry source, so nobody can enter. Add one before it is published."
        )
        yield advice("trigger-missing", sentence, member("triggers"))
    if not block_list(document, "activity"):
        yield advice(
            "steps-missing",
            _("The journey has no steps yet. Add the first one."),
            member("activities"),
        )


def step_is_configured(kind: str, block: dict) -> Iterator[Problem]:
    if kind == "activity" and get(block, "metaData.isConfigured") in (False, "false"):
        sentence = _(
            "This step is marked as not configured; publishing needs it to be. Complete it,"
            " then mark it."
        )
        place = at(kind, block, "metaData.isConfigured")
        yield advice("step-not-configured", sentence, place, "mark-configured")


def steps_are_few(document: dict) -> Iterator[Problem]:
    count = len(block_list(document, "activity"))
    if count > MOST_STEPS:
        sentence = _(
            "The journey has %(count)s steps. Salesforce advises at most 100: split it into two"
            " journeys."
        )
        yield advice("steps-many", sentence % {"count": f"{count:,}"}, member("activities"))


def type_is_in_capitals(kind: str, block: dict) -> Iterator[Problem]:
    """The server reads types without regard to case; all real activities have theirs in
    capitals."""
    written = text(block, "type")
    if kind == "activity" and written != written.strip().upper() and type_of(block, kind).known:
        sentence = _(
            "The type “%(type)s” is written in capitals in all real journeys. Write it so."
        )
        place = at(kind, block, "type")
        yield advice(
            "type-capitals", sentence % {"type": written[:60]}, place, "write-type-in-capitals"
        )


def event_key_is_plain(kind: str, block: dict) -> Iterator[Problem]:
    inside = (
        "metaData.eventDefinitionKey" if kind == "trigger" else type_of(block, kind).event_place
    )
    key = text(block, inside) if inside else ""
    place = at(kind, block, inside)
    if len(key) > MAX_KEY:
        sentence = _(
            "The event key has %(count)s characters; keys of events have at most 200. Correct it."
        )
        yield advice("event-key-long", sentence % {"count": len(key)}, place)
    elif key and not PLAIN_KEY.fullmatch(key):
        sentence = _(
            "The event key holds spaces, dots or special characters, which keys of events may"
            " not. Correct it."
        )
        yield advice("event-key-characters", sentence, place)


def trigger_leads_nowhere(kind: str, block: dict) -> Iterator[Problem]:
    """Their outcomes are [] in 154 of 154 real journeys: the first step is the one that nothing
    leads to."""
    if kind == "trigger" and graph.outcomes(block):
        sentence = _(
            "An entry source has no paths of its own: the first step is the one that nothing"
            " leads to. Empty its outcomes."
        )
        yield advice("trigger-outcomes", sentence, at(kind, block, "outcomes"), "empty-outcomes")


def _misfits(value: dict, shapes: dict[str, Shape]) -> list[tuple[str, Shape]]:
    """The members that are there and are something else than they should be."""
    return [
        (name, shape)
        for name, shape in shapes.items()
        if name in value and not isinstance(value[name], shape.fits)
    ]


def _misfit(found: object, name: str, shape: Shape, place: Address) -> Problem:
    if found is None:
        sentence = _(
            "“%(name)s” is null, which the endpoint may refuse to read. Write %(empty)s, or leave"
            " it out."
        )
        return advice("shape-null", sentence % {"name": name, "empty": shape.empty}, place)
    if shape is LIST:
        sentence = _(
            "“%(name)s” must be a list ([ ]); the endpoint cannot read this. Correct the JSON."
        )
        return blocking("shape-list", sentence % {"name": name}, place)
    sentence = _(
        "“%(name)s” must be an object ({ }); the endpoint cannot read this. Correct the JSON."
    )
    return blocking("shape-object", sentence % {"name": name}, place)
