"""Cards without a form: blocks that are kept as they are and edited as JSON.

Three reasons: the type is known by name only, nobody has heard of it, or a block of a type with a form has a shape that
the form could not write without loss. Types and labels are those seen in real journeys and in tools that list them.
"""

from functools import lru_cache

from django.utils.translation import gettext_lazy as _

from journeys.blocks.base import Block, reference
from journeys.blocks.places import get, text
from journeys.spec.problem import Problem

# kind, types, label, icon, family
KNOWN = [
    ("activity", ("WAIT",), _("Wait"), "wait", "flow"),
    ("activity", ("WAITUNTILAPI",), _("Wait until an API event"), "wait", "flow"),
    ("activity", ("WAITUNTILPUSHENGAGEMENT",), _("Wait until push engagement"), "wait", "flow"),
    ("activity", ("WAITUNTILPUSHINAPPENGAGEMENT",), _("Wait until in-app engagement"), "wait", "flow"),
    ("activity", ("WAITUNTILCHATRESPONSE",), _("Wait until a chat response"), "wait", "flow"),
    ("activity", ("EMAIL",), _("Send email"), "email", "message"),
    ("activity", ("SMS", "SMSSYNC"), _("Send SMS"), "sms", "message"),
    ("activity", ("PUSHNOTIFICATIONACTIVITY",), _("Push message"), "push", "message"),
    ("activity", ("INAPPSYNCACTIVITY",), _("In-app message"), "push", "message"),
    ("activity", ("PUSHINBOXACTIVITY", "INBOXACTIVITY"), _("Inbox message"), "push", "message"),
    ("activity", ("WHATSAPPACTIVITY",), _("WhatsApp message"), "sms", "message"),
    ("activity", ("WHATSAPPSESSIONTRANSFERACTIVITY",), _("WhatsApp session transfer"), "sms", "message"),
    ("activity", ("SENDTOLINESYNC",), _("LINE message"), "sms", "message"),
    ("activity", ("SLACKNOTIFIER",), _("Slack message"), "sms", "message"),
    (
        "activity",
        ("ENGAGEMENTDECISION", "ENGAGEMENTSPLIT", "ENGAGEMENTSPLITV2"),
        _("Engagement split"),
        "engagement-split",
        "flow",
    ),
    ("activity", ("DECISION",), _("Decision split"), "decision-split", "flow"),
    ("activity", ("MULTICRITERIADECISIONEXTENSION",), _("Einstein split"), "decision-split", "flow"),
    (
        "activity",
        ("EINSTEINENGAGEMENTFREQUENCYSPLIT",),
        _("Einstein engagement frequency split"),
        "decision-split",
        "flow",
    ),
    ("activity", ("STOWAIT",), _("Send-time optimisation"), "send-time", "flow"),
    ("activity", ("ABNTEST", "PATHOPTIMIZER"), _("Path optimizer"), "path-optimizer", "flow"),
    ("activity", ("ABNTESTSTOP",), _("Path optimizer end"), "path-optimizer", "flow"),
    ("activity", ("UNCONFIGUREDJOIN",), _("Join"), "join", "flow"),
    ("activity", ("DATAEXTENSIONUPDATE",), _("Data extension update"), "update-contact", "data"),
    ("activity", ("CONTACTUPDATE", "UPDATECONTACTATTRIBUTE"), _("Update contact"), "update-contact", "data"),
    ("activity", ("SETCONTACTKEY",), _("Set contact key"), "update-contact", "data"),
    ("activity", ("ADDAUDIENCE", "ACTIVEAUDIENCE JOURNEYACTIVITY"), _("Ad audience"), "update-contact", "data"),
    ("activity", ("CAMPAIGNMEMBER",), _("Campaign member"), "crm", "data"),
    ("activity", ("LEAD",), _("Lead"), "crm", "data"),
    ("activity", ("EVENT",), _("Event"), "event", "flow"),
    ("trigger", ("SalesforceObjectTrigger",), _("Salesforce data"), "crm", "entry"),
    ("trigger", ("RestEvent",), _("API event"), "api-event", "entry"),
]


class Locked(Block):
    editable = False
    name = None
    description = None

    @classmethod
    def sentence(cls, block: dict) -> str:
        name = cls.name_of(block)
        return f"{cls.label}: {name}" if name and name != "TRIGGER" else str(cls.label)

    @classmethod
    def problems(cls, block: dict, document: dict) -> list[Problem]:
        if (
            cls.kind != "trigger"
            or get(block, "metaData.eventDefinitionKey", "") != ""
            or reference(block, "metaData", "event")
        ):
            return []
        sentence = _(
            "This entry source names no event in its metaData. Some kinds need none; check that contacts can enter."
        )
        return [cls.advice("trigger-event", block, "metaData.eventDefinitionKey", sentence)]


class Unknown(Locked):
    """A block of a type that nobody has heard of, or without a type."""

    slug = "unknown"
    icon = "unknown"
    known = False
    label = _("Unknown type")

    @classmethod
    def sentence(cls, block: dict) -> str:
        spec_type = text(block, "type").strip()
        named = cls.name_of(block)
        return ": ".join(part for part in (spec_type or str(cls.label), named) if part)

    @classmethod
    def problems(cls, block: dict, document: dict) -> list[Problem]:
        spec_type = text(block, "type").strip()
        if spec_type:
            sentence = _(
                "“%(type)s” is not a type that is known here. It is kept and sent as it is; check its spelling."
            )
            return [cls.advice("type-unknown", block, "type", sentence % {"type": spec_type[:60]})]
        sentence = _("This block has no type. Give it one in its JSON.")
        return [cls.blocking("type-missing", block, "type", sentence)]


@lru_cache(maxsize=256)
def locked_like(lens: type[Block]) -> type[Locked]:
    """The card for a block of that type which its form cannot hold."""
    members = {name: getattr(lens, name) for name in ("slug", "types", "kind", "label", "icon", "family")}
    return type(f"Locked{lens.__name__}", (Locked,), members)


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
        }
        card = type("LockedCard", (Locked,), members)
        made.update({(kind, name.upper()): card for name in types})
    return made


UNKNOWN = {kind: type("Unknown", (Unknown,), {"kind": kind}) for kind in ("trigger", "goal", "exit", "activity")}
