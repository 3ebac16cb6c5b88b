"""Types that people and programs write for others: names of the screen, and slips of the pen.

A name that is stored as it is shows a blank node in Journey Builder. Which type is meant is told
only where that is clear.
"""

from functools import cache

from journeys.blocks.places import text
from journeys.blocks.registry import BY_TYPE, CARDS, type_name
from journeys.spec.expression_faults import is_near

Kind = tuple[str, str]  # kind, and a name without regard to case and marks
# Names that Journey Builder uses on the screen and in keys, and those that scripts have written.
SPOKEN = {
    "activity": {
        "EMAILV2": "EmailSend SendEmail EmailActivity EmailMessage Emails EmailV1",
        "SMSSYNC": "SMSSend SendSMS SMSActivity SMSMessage MobileConnect SMSV2",
        "WAIT": "WaitActivity WaitDuration WaitFor Delay WaitForDuration WaitUntil"
        " WaitByDuration WaitByAttribute WaitUntilDate WaitByDate",
        "WAITUNTILAPI": "WaitUntilEvent WaitForEvent WaitUntilApiEvent WaitForApiEvent",
        "MULTICRITERIADECISION": "DecisionSplit SplitDecision AttributeSplit"
        " MultiCriteriaDecisionV2",
        "RANDOMSPLIT": "RandomSplitV2 SplitRandom Random",
        "ENGAGEMENTDECISION": "EngagementSplit EngagementSplitV2 EngagementDecisionSplit",
        "UPDATECONTACTDATA": "UpdateContactDataV2 UpdateContact UpdateContactAttributes",
        "REST": "CustomActivity Custom RestActivity",
        "RESTDECISION": "CustomSplit CustomActivitySplit",
        "PUSHNOTIFICATIONACTIVITY": "Push PushNotification PushMessage SendPush",
        "INAPPSYNCACTIVITY": "InApp InAppMessage",
        "WHATSAPPACTIVITY": "WhatsApp WhatsAppMessage SendWhatsApp",
        "STOWAIT": "STO SendTimeOptimization SendTimeOptimisation EinsteinSTO",
        "SALESCLOUDACTIVITY": "SalesforceActivity SalesCloud ObjectActivity",
    },
    "trigger": {
        "APIEvent": "ApiEntry ApiEntryEvent ApiTrigger EventApi RestEntry",
        "EmailAudience": "DataExtension DataExtensionEntry DEAudience DataExtensionEvent",
        "SalesforceObjectTriggerV2": "SalesforceData SalesforceDataEvent SalesforceEvent"
        " SalesforceEntry",
        "transactional-api": "Transactional TransactionalEvent TransactionalSend",
        "CloudPagesSmartCapture": "SmartCapture CloudPages CloudPage",
    },
    "exit": {"ExitCriteria": "Exit Exits ExitCriterion"},
    "goal": {"Event": "Goal Goals GoalCriteria"},
}
MEANT: dict[Kind, str] = {}


def plain(name: str) -> str:
    """Without case and marks: "Email-Send" and "EMAIL_SEND" are the same."""
    return "".join(letter for letter in name.upper() if letter.isalnum())


for _kind, _names in SPOKEN.items():
    for _type, _said in _names.items():
        MEANT.update({(_kind, plain(_name)): _type for _name in _said.split()})


def meant_type(block: dict, kind: str) -> str:
    """The type that the block's stands for, as it is written; "" when that is not clear, or it is
    one itself."""
    name = plain(text(block, "type"))
    if not name:
        return ""
    if (kind, name) in MEANT:
        return MEANT[kind, name]
    alike = {written for _plain, written in _written(kind) if _plain == name}
    if len(name) > 4:
        alike = alike or {written for _plain, written in _written(kind) if is_near(_plain, name)}
    return alike.pop() if len(alike) == 1 and type_name(block, kind) not in BY_TYPE else ""


@cache
def _written(kind: str) -> list[tuple[str, str]]:
    """The types of that kind that are known: without marks, and as they are written."""
    known = [*BY_TYPE.items(), *((name, [card]) for name, card in CARDS.items())]
    names = {
        one: one.upper() if kind == "activity" else one
        for (of_kind, _name), lenses in known
        if of_kind == kind
        for lens in lenses
        for one in lens.types
    }
    return [(plain(one), written) for one, written in names.items()]
