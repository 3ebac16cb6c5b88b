"""Made-up journeys to look at and to start from, built the way people build them in the
composer."""

from journeys.blocks.activities.decision_split import REMAINDER, DecisionSplit
from journeys.blocks.activities.email import SEND, SendEmail
from journeys.blocks.activities.random_split import RandomSplit
from journeys.blocks.activities.update_contact import FIELDS, UpdateContact
from journeys.blocks.activities.wait import WaitByDuration
from journeys.blocks.base import Block
from journeys.blocks.goals.goal import Goal
from journeys.blocks.places import Path, bind, write
from journeys.blocks.triggers.api_event import ApiEvent
from journeys.blocks.triggers.data_extension import DataExtension
from journeys.gallery.criteria import in_contact, in_event
from journeys.spec import document as doc
from journeys.spec import edit, graph
from journeys.spec.graph import START
from journeys.spec.operations import add_block

IS_GOLD = in_event("DEAudience-abandoned-carts", "Tier", "Equal", "Gold")
HAS_ORDERED = in_contact(
    "Orders.OrderNumber", "IsNotNull", relation="00000000-0000-4000-8000-000000000040"
)


def samples() -> list[dict]:
    return [welcome_series(), cart_reminder(), birthday_greeting()]


def welcome_series() -> dict:
    """Complete: two welcomes and a split test whose paths meet again."""
    journey = doc.blank(
        "welcome-series", "Welcome series", "Greets everybody who signs up for the newsletter."
    )
    event = {
        "name": "Newsletter sign-up",
        "metaData.eventDefinitionKey": "APIEvent-newsletter-sign-up",
    }
    journey = started_by(journey, ApiEvent, event)
    journey, welcome = with_step(
        journey, START, SendEmail, email("Welcome 1", 3001, "Nice to meet you")
    )
    journey, wait = with_step(journey, after(journey, welcome), WaitByDuration, lasting(2, "DAYS"))
    journey, split = with_step(
        journey, after(journey, wait), RandomSplit, {"name": "Which second email?"}
    )
    story = email("Welcome 2, story", 3002, "How it all began")
    offer = email("Welcome 2, offer", 3003, "10 percent off your first order")
    journey, one = with_step(journey, (split, "branchResult-1"), SendEmail, story)
    journey, other = with_step(journey, (split, "branchResult-2"), SendEmail, offer)
    journey, last = with_step(journey, after(journey, one), WaitByDuration, lasting(3, "DAYS"))
    return edit.set_next(journey, *after(journey, other), last)


def cart_reminder() -> dict:
    """Complete: a decision on the data that let the contact in, a split inside one of its paths,
    and joins."""
    journey = doc.blank(
        "cart-reminder", "Cart reminder", "Reminds people of what they left in their cart."
    )
    event = {"name": "Abandoned carts", "metaData.eventDefinitionKey": "DEAudience-abandoned-carts"}
    journey = started_by(journey, DataExtension, event)
    journey, wait = with_step(journey, START, WaitByDuration, lasting(4, "HOURS"))
    journey, split = with_step(
        journey, after(journey, wait), DecisionSplit, {"name": "Gold customer?", **GOLD_PATH}
    )
    plain = email("Cart reminder", 3010, "You left something behind")
    journey, reminder = with_step(journey, (split, REMAINDER), SendEmail, plain)
    journey, update = with_step(journey, after(journey, reminder), UpdateContact, REMINDED)
    journey, _last = with_step(journey, after(journey, update), WaitByDuration, lasting(7, "DAYS"))
    journey, test = with_step(
        journey, (split, "default_path_1"), RandomSplit, {"name": "Voucher or not"}
    )
    for path, voucher in (
        ("branchResult-1", email("Gold reminder with voucher", 3011, "A voucher for your cart")),
        ("branchResult-2", email("Gold reminder", 3012, "Your cart is waiting")),
    ):
        journey, gold = with_step(journey, (test, path), SendEmail, voucher)
        journey = edit.set_next(journey, *after(journey, gold), update)
    return add_block(
        journey, "goal", filled(Goal.new(Goal.new_key(journey), journey), ORDER_PLACED)
    )


def birthday_greeting() -> dict:
    """Begun, not finished: its problems show what is still to do."""
    journey = doc.blank(
        "birthday-greeting",
        "Birthday greeting (draft)",
        "Congratulates on the day. Not finished yet.",
    )
    journey = started_by(journey, DataExtension, {"name": "Birthdays of today"})
    journey, greeting = with_step(journey, START, SendEmail, {"name": "Birthday greeting"})
    journey, wait = with_step(journey, after(journey, greeting), WaitByDuration, lasting(2, "DAYS"))
    journey, split = with_step(
        journey, after(journey, wait), DecisionSplit, {"name": "Used the gift?"}
    )
    journey, _reminder = with_step(
        journey, (split, REMAINDER), SendEmail, {"name": "Gift reminder"}
    )
    return journey


GOLD_PATH = {
    ("outcomes", 0, "metaData", "label"): "Gold",
    ("outcomes", 0, "metaData", "criteriaDescription"): "Tier equal Gold",
    "configurationArguments.schemaVersionId": 0,
    "configurationArguments.criteria": {"default_path_1": IS_GOLD},
}
REMINDED = {
    "name": "Note the reminder",
    "metaData.dataExtensionName": "Abandoned carts",
    FIELDS: [
        {
            "dataExtensionId": "00000000-0000-4000-8000-000000000020",
            "field": "00000000-0000-4000-8000-000000000021",
            "value": "{{DateTime.Now}}",
        }
    ],
}
ORDER_PLACED = {
    "name": "Order placed",
    "configurationArguments.criteria": HAS_ORDERED,
    "metaData.isExitCriteria": True,
    "metaData.conversionValue": "10",
    "metaData.configurationDescription": "An order has been placed",
}


def email(name: str, number: int, subject: str) -> dict[str, object]:
    return {
        "name": name,
        f"{SEND}.emailId": number,
        f"{SEND}.emailSubject": subject,
        f"{SEND}.dynamicEmailSubject": subject,
        f"{SEND}.name": name,
        f"{SEND}.sendClassificationId": "00000000-0000-4000-8000-000000000030",
        f"{SEND}.senderProfileId": "00000000-0000-4000-8000-000000000031",
        f"{SEND}.deliveryProfileId": "00000000-0000-4000-8000-000000000032",
    }


def lasting(number: int, unit: str) -> dict[str, object]:
    return {"configurationArguments.waitDuration": number, "configurationArguments.waitUnit": unit}


def started_by(journey: dict, lens: type[Block], values: dict) -> dict:
    return add_block(journey, "trigger", filled(lens.new(lens.new_key(journey), journey), values))


def with_step(
    journey: dict, gap: tuple[str, str], lens: type[Block], values: dict
) -> tuple[dict, str]:
    """The journey with one more step in the gap, and the step's key."""
    key = lens.new_key(journey)
    return edit.insert(journey, gap, filled(lens.new(key, journey), values)), key


def after(journey: dict, key: str) -> tuple[str, str]:
    """The gap behind a step with one path."""
    (outcome,) = graph.outcomes(graph.steps(journey)[key])
    return key, graph.outcome_key(outcome)


def filled(block: dict, values: dict[str | Path, object]) -> dict:
    for place, value in values.items():
        block = write(block, bind(place) if isinstance(place, str) else place, value)
    return block
