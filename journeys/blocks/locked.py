"""Cards without a form: blocks that are kept as they are and edited as JSON.

Three reasons: the type is known by name only, nobody has heard of it, or a block of a type with a
form has a shape that the form could not write without loss. Types and labels are those seen in real
journeys and in tools that list them.
"""

from functools import lru_cache
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from journeys.blocks.activities.waiting import as_set
from journeys.blocks.base import Block
from journeys.blocks.facts import Facts
from journeys.blocks.form_parts import obstacle_of
from journeys.blocks.json_texts import opened
from journeys.blocks.near_types import meant_type
from journeys.blocks.places import get, text
from journeys.blocks.values import reference
from journeys.spec.document import MEMBER_OF
from journeys.spec.graph import Walk
from journeys.spec.problem import Problem
from journeys.spec.timing import Length, Wait

# kind, types, label, icon, family
KNOWN = [
    (
        "activity",
        ("WAITUNTILPUSHENGAGEMENT",),
        _("Wait until push engagement"),
        "wait-event",
        "flow",
    ),
    (
        "activity",
        ("WAITUNTILPUSHINAPPENGAGEMENT",),
        _("Wait until in-app engagement"),
        "wait-event",
        "flow",
    ),
    ("activity", ("WAITUNTILCHATRESPONSE",), _("Wait until chat response"), "wait-event", "flow"),
    ("activity", ("WAITBYDURATION",), _("Wait"), "wait", "flow"),
    ("activity", ("WAITBYATTRIBUTE",), _("Wait by attribute"), "wait-attribute", "flow"),
    ("activity", ("WAITUNTILDATE", "WAITBYDATE"), _("Wait until date"), "wait-date", "flow"),
    ("activity", ("EMAIL",), _("Send email"), "email", "message"),
    ("activity", ("SMS",), _("Send SMS"), "sms", "message"),
    ("activity", ("PUSHNOTIFICATIONACTIVITY",), _("Push message"), "push", "message"),
    ("activity", ("INAPPSYNCACTIVITY",), _("In-app message"), "in-app", "message"),
    ("activity", ("PUSHINBOXACTIVITY", "INBOXACTIVITY"), _("Inbox message"), "inbox", "message"),
    ("activity", ("WHATSAPPACTIVITY",), _("WhatsApp message"), "chat", "message"),
    (
        "activity",
        ("WHATSAPPSESSIONTRANSFERACTIVITY",),
        _("WhatsApp session transfer"),
        "chat",
        "message",
    ),
    ("activity", ("SENDTOLINESYNC",), _("LINE message"), "chat", "message"),
    ("activity", ("SLACKNOTIFIER",), _("Slack message"), "chat", "message"),
    (
        "activity",
        ("ENGAGEMENTSPLIT", "ENGAGEMENTSPLITV2"),
        _("Engagement split"),
        "engagement-split",
        "flow",
    ),
    (
        "activity",
        ("DECISION", "MULTICRITERIADECISIONV2"),
        _("Decision split"),
        "decision-split",
        "flow",
    ),
    ("activity", ("RANDOMSPLITV2",), _("Random split"), "random-split", "flow"),
    ("activity", ("MULTICRITERIADECISIONEXTENSION",), _("Einstein split"), "einstein", "flow"),
    (
        "activity",
        ("EINSTEINENGAGEMENTFREQUENCYSPLIT",),
        _("Einstein engagement frequency split"),
        "einstein",
        "flow",
    ),
    ("activity", ("PATHOPTIMIZER",), _("Path optimizer"), "path-optimizer", "flow"),
    ("activity", ("UNCONFIGUREDJOIN",), _("Join"), "join", "flow"),
    (
        "activity",
        ("CONTACTUPDATE", "UPDATECONTACTATTRIBUTE", "UPDATECONTACTDATAV2"),
        _("Update contact"),
        "update-contact",
        "data",
    ),
    ("activity", ("SETCONTACTKEY",), _("Set contact key"), "update-contact", "data"),
    (
        "activity",
        ("ADDAUDIENCE", "ACTIVEAUDIENCE JOURNEYACTIVITY"),
        _("Ad audience"),
        "audience",
        "data",
    ),
    ("activity", ("CAMPAIGNMEMBER",), _("Campaign member"), "crm", "data"),
    ("activity", ("LEAD",), _("Lead"), "crm", "data"),
    ("activity", ("EVENT",), _("Event"), "event", "flow"),
    ("trigger", ("SalesforceObjectTrigger",), _("Salesforce data"), "crm", "entry"),
    ("trigger", ("RestEvent",), _("API event"), "api-event", "entry"),
]

# What a journey has no step for: where it begins and ends, as it is drawn on the canvas.
MARKS = ("START", "STOP", "JOURNEYSTART", "JOURNEYSTOP", "JOURNEYEXIT", "JOURNEYEND", "EXIT", "END")
# Of the cards above: waits for a length of time or a date, and waits until something happens.
WAITS = ("WAITBYDURATION", "WAITBYATTRIBUTE", "WAITUNTILDATE", "WAITBYDATE")
UNTIL_SOMETHING = (
    "WAITUNTILPUSHENGAGEMENT",
    "WAITUNTILPUSHINAPPENGAGEMENT",
    "WAITUNTILCHATRESPONSE",
)


class Locked(Block):
    editable = False
    name = None
    description = None

    @classmethod
    def sentence(cls, block: dict) -> str:
        name = cls.name_of(block)
        return f"{cls.label}: {name}" if name else str(cls.label)

    @classmethod
    def waits(cls, block: dict) -> bool:
        """Waits that have no form are told by their type alone."""
        return _type(block) in WAITS

    @classmethod
    def wait(cls, block: dict) -> Wait | None:
        return as_set(block) if cls.waits(block) else None

    @classmethod
    def holds(cls, block: dict) -> bool:
        return _type(block) in UNTIL_SOMETHING

    @classmethod
    def lasts(cls, block: dict) -> Length:
        return None if cls.waits(block) or cls.holds(block) else (0, 0)

    @classmethod
    def problems(cls, block: dict, facts: Facts) -> list[Problem]:
        if cls.kind == "activity":
            return cls._screen_name_problems(block)
        named = get(block, "metaData.eventDefinitionKey", "") != "" or reference(
            block, "metaData", "event"
        )
        if cls.kind != "trigger" or named:
            return []
        sentence = _(
            "This entry source names no event in its metaData. Some kinds need none; check that"
            " contacts can enter."
        )
        return [cls.advice("trigger-event", block, "metaData.eventDefinitionKey", sentence)]

    @classmethod
    def _screen_name_problems(cls, block: dict) -> list[Problem]:
        """Of a type that is known, but was never seen in a journey that runs."""
        meant = meant_type(block, cls.kind)
        if not meant or meant.upper() == _type(block):
            return []
        sentence = _(
            "“%(type)s” is no type: Journey Builder draws it as a blank node. Write “%(real)s”."
        )
        words = sentence % {"type": text(block, "type").strip(), "real": meant}
        return [cls.advice("type-screen-name", block, "type", words, "write-meant-type")]


class Unknown(Locked):
    """A block of a type that nobody has heard of, or without a type."""

    slug = "unknown"
    icon = "unknown"
    known = False
    label = _("Unknown type")

    @classmethod
    def holds(cls, block: dict) -> bool:
        """By its name it may: then nobody can say when contacts leave it."""
        return "WAIT" in _type(block)

    @classmethod
    def lasts(cls, block: dict) -> Length:
        return 0, 0

    @classmethod
    def sentence(cls, block: dict) -> str:
        spec_type = text(block, "type").strip()
        named = cls.name_of(block)
        return ": ".join(part for part in (spec_type or str(cls.label), named) if part)

    @classmethod
    def problems(cls, block: dict, facts: Facts) -> list[Problem]:
        spec_type = text(block, "type").strip()
        meant = meant_type(block, cls.kind)
        names = {"type": spec_type[:60], "meant": meant}
        if meant:
            sentence = _(
                "“%(type)s” is not a type that is known here; Journey Builder draws such steps as"
                " blank nodes. Did you mean “%(meant)s”?"
            )
            words = sentence % names
            return [cls.advice("type-unknown", block, "type", words, "write-meant-type")]
        if spec_type:
            sentence = _(
                "“%(type)s” is not a type that is known here. It is kept and sent as it is; check"
                " its spelling."
            )
            return [cls.advice("type-unknown", block, "type", sentence % names)]
        sentence = _("This block has no type. Give it one in its JSON.")
        return [cls.blocking("type-missing", block, "type", sentence)]


class Mark(Locked):
    """Where a journey begins or ends on the canvas, written as if it were a step."""

    slug = "mark"
    types = MARKS
    icon = "end"
    known = False
    label = _("Mark of the canvas")

    @classmethod
    def sentence(cls, block: dict) -> str:
        return text(block, "type").strip() or str(cls.label)

    @classmethod
    def problems(cls, block: dict, facts: Facts) -> list[Problem]:
        sentence = _(
            "“%(type)s” is drawn on the canvas, but is no step: a journey begins with the step that"
            " nothing leads to, and a path ends by leading nowhere. Take it out."
        )
        words = sentence % {"type": text(block, "type").strip()}
        return [cls.advice("type-mark", block, "type", words, "take-out-mark")]


class LockedLike(Locked):
    """A block of a type with a form, in a shape that the form cannot hold: the type's rules hold
    all the same."""

    unlocked: ClassVar[type[Block]]

    @classmethod
    def waits(cls, block: dict) -> bool:
        return cls.unlocked.waits(block)

    @classmethod
    def wait(cls, block: dict) -> Wait | None:
        return cls.unlocked.wait(block)

    @classmethod
    def holds(cls, block: dict) -> bool:
        return cls.unlocked.holds(block)

    @classmethod
    def longest_wait(cls, block: dict) -> float | None:
        return cls.unlocked.longest_wait(block)

    @classmethod
    def problems(cls, block: dict, facts: Facts) -> list[Problem]:
        return cls._shape_problems(block) + cls.unlocked.problems(block, facts)

    @classmethod
    def flow_problems(cls, block: dict, walk: Walk) -> list[Problem]:
        return cls.unlocked.flow_problems(block, walk)

    @classmethod
    def _shape_problems(cls, block: dict) -> list[Problem]:
        """Of members and outcomes themselves a rule on the whole journey tells; this is what stands
        in them."""
        place = obstacle_of(cls.unlocked, opened(block, cls.unlocked.json_texts))
        if "." not in place or place.startswith("outcomes"):
            return []
        sentence = _(
            "“%(place)s” is not the object or list that belongs there, so no form shows it. Correct"
            " the JSON."
        )
        return [cls.advice("shape-unreadable", block, place, sentence % {"place": place[:80]})]


def _type(block: dict) -> str:
    return text(block, "type").strip().upper()


SHARED = (
    *("slug", "types", "kind", "label", "icon", "family", "names_steps", "one_way"),
    *("sends", "channel", "entry", "gives", "by_path_key", "event_place", "until_event"),
)


@lru_cache(maxsize=256)
def locked_like(lens: type[Block]) -> type[LockedLike]:
    """The card for a block of that type which its form cannot hold."""
    members = {name: getattr(lens, name) for name in SHARED}
    return type(f"Locked{lens.__name__}", (LockedLike,), {**members, "unlocked": lens})


def cards() -> dict[tuple[str, str], type[Locked]]:
    """The cards of the types known by name, by kind and upper-case type."""
    made = {}
    for kind, types, label, icon, family in KNOWN:
        members = {
            "slug": types[0].lower(),
            "types": types,
            "kind": kind,
            "label": label,
            "icon": icon,
            "family": family,
            "sends": family == "message",
            "until_event": not set(types).isdisjoint(UNTIL_SOMETHING),
        }
        card = type("LockedCard", (Locked,), members)
        made.update({(kind, name.upper()): card for name in types})
    return made | {("activity", name): Mark for name in MARKS}


def unknown() -> dict[str, type[Unknown]]:
    """The cards of types that nobody has heard of, by kind."""
    return {kind: type("Unknown", (Unknown,), {"kind": kind}) for kind in MEMBER_OF}
