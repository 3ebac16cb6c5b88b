"""The block types, and what the rest of the house asks about blocks.

To add a type: write its class in a file of its own and put it into PALETTE, or into OPENED when it
is only opened and never offered. Types that share a Journey Spec type (the waits) tell themselves
apart by `opens`.
"""

from collections.abc import Callable
from functools import cache
from uuid import NAMESPACE_URL, uuid5

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from journeys.blocks.activities.custom_activity import CustomActivity
from journeys.blocks.activities.custom_split import CustomSplit
from journeys.blocks.activities.data_extension_update import DataExtensionUpdate
from journeys.blocks.activities.decision_split import DecisionSplit
from journeys.blocks.activities.email import SendEmail
from journeys.blocks.activities.engagement_split import EngagementSplit
from journeys.blocks.activities.path_optimizer import PathOptimizer
from journeys.blocks.activities.path_optimizer_end import PathOptimizerEnd
from journeys.blocks.activities.random_split import RandomSplit
from journeys.blocks.activities.salesforce import SalesforceActivity
from journeys.blocks.activities.send_time import SendTimeOptimisation
from journeys.blocks.activities.sms import SendSms
from journeys.blocks.activities.update_contact import UpdateContact
from journeys.blocks.activities.wait import WaitByDuration
from journeys.blocks.activities.wait_by_attribute import WaitByAttribute
from journeys.blocks.activities.wait_until_date import WaitUntilDate
from journeys.blocks.activities.wait_until_event import WaitUntilEvent
from journeys.blocks.base import Block
from journeys.blocks.exits.exit_criteria import ExitCriteria
from journeys.blocks.goals.goal import Goal
from journeys.blocks.journey import JourneySettings
from journeys.blocks.locked import cards, locked_like, unknown
from journeys.blocks.near_types import meant_type as meant_type
from journeys.blocks.registry import BY_TYPE, CARDS, UNKNOWN, type_name
from journeys.blocks.registry import always_gives as always_gives
from journeys.blocks.registry import type_of as type_of
from journeys.blocks.registry import waits as waits
from journeys.blocks.triggers.api_event import ApiEvent
from journeys.blocks.triggers.automation_audience import AutomationAudience
from journeys.blocks.triggers.cloud_pages import CloudPagesForm
from journeys.blocks.triggers.contact_audience import ContactAudience
from journeys.blocks.triggers.contact_decision import ContactDecision
from journeys.blocks.triggers.contact_event import ContactEvent
from journeys.blocks.triggers.data_extension import DataExtension
from journeys.blocks.triggers.date_event import DateEvent
from journeys.blocks.triggers.event import Event
from journeys.blocks.triggers.salesforce_data import SalesforceData
from journeys.blocks.triggers.transactional_api import TransactionalApi
from journeys.spec.document import alone, is_version_0_5
from journeys.spec.graph import NewKeys

PALETTE = [
    (
        _("Entry sources"),
        [
            ApiEvent,
            DataExtension,
            AutomationAudience,
            SalesforceData,
            DateEvent,
            ContactAudience,
            CloudPagesForm,
            ContactEvent,
            TransactionalApi,
        ],
    ),
    (_("Messages"), [SendEmail, SendSms]),
    (
        _("Flow"),
        [
            WaitByDuration,
            WaitByAttribute,
            WaitUntilDate,
            WaitUntilEvent,
            DecisionSplit,
            EngagementSplit,
            RandomSplit,
            PathOptimizer,
            SendTimeOptimisation,
        ],
    ),
    (_("Customer data"), [UpdateContact, DataExtensionUpdate, SalesforceActivity]),
    (_("Custom"), [CustomActivity, CustomSplit]),
    (_("Goal and exit"), [Goal, ExitCriteria]),
]
OPENED = [Event, ContactDecision, PathOptimizerEnd]

LENSES = [*(lens for _family, lenses in PALETTE for lens in lenses), *OPENED]
BY_SLUG = {lens.slug: lens for lens in LENSES}
for _lens in LENSES:
    for _name in _lens.types:
        BY_TYPE.setdefault((_lens.kind, _name.upper()), []).append(_lens)
REPAIRS = {name: repair for one in LENSES for name, repair in one.repairs.items()}
CARDS.update(cards())
UNKNOWN.update(unknown())


def end_wait(keys: NewKeys, document: dict, end: str) -> dict:
    """A fresh wait of a day, with which Journey Builder ends paths; the same each time for the same
    end, so that what was shown is what is done."""
    wait = WaitByDuration.new(keys.new(WaitByDuration.prefix), document)
    way = {**wait["outcomes"][0], "key": str(uuid5(NAMESPACE_URL, f"{end}/{wait['key']}"))}
    return {**wait, "outcomes": [way]}


def lens(block: dict, kind: str, document: dict | None = None) -> type[Block]:
    """The class whose form opens a block.

    With a document of Spec 0.5 it is always a locked card: 0.5 names its fields otherwise.
    """
    if kind == "journey":
        return JourneySettings if JourneySettings.fits(block) else locked_like(JourneySettings)
    name = type_name(block, kind)
    variants = BY_TYPE.get(name)
    if variants is None:
        return type_of(block, kind)
    editable = next((variant for variant in variants if variant.opens(block)), None)
    if editable is None:
        return CARDS.get(name) or locked_like(variants[0])
    is_old = document is not None and is_version_0_5(document)
    return locked_like(editable) if is_old or not editable.fits(block) else editable


def server_made(block: dict, kind: str) -> dict[str, tuple[str, ...]]:
    """Place -> its members that the server makes. Of a type without a form, nothing is known for
    certain."""
    return type_of(block, kind).server_made


def sentence(block: dict, kind: str) -> str:
    """The card's text: "Wait 3 days"."""
    return str(lens(block, kind).sentence(block))


def palette() -> list[tuple[str | Promise, list[type[Block]]]]:
    """What can be added, by family."""
    return PALETTE


def sentences(before: dict, after: dict) -> Callable[[str, str], tuple[str, str]]:
    """(kind, key) -> the block's sentence in each of two documents, "" where it is not in one."""

    blocks = alone(before), alone(after)

    @cache
    def both(kind: str, key: str) -> tuple[str, str]:
        if kind == "journey":
            return "", ""
        return tuple(
            sentence(named[kind, key], kind) if (kind, key) in named else "" for named in blocks
        )

    return both


def path_titles(step: dict) -> list[str]:
    """What stands on the paths of a step: "50 %", "Remainder"."""
    return lens(step, "activity").path_titles(step)


def path_names(step: dict) -> list[str]:
    """What messages call the paths of a step: no two are equal."""
    return lens(step, "activity").path_names(step)
