"""People buy, leave something behind, or have not been seen for long."""

from journeys.blocks.activities.decision_split import REMAINDER
from journeys.blocks.activities.update_contact import FIELDS, UpdateContact
from journeys.blocks.activities.wait_until_event import FIRED, NO_EVENT
from journeys.blocks.triggers.api_event import ApiEvent
from journeys.blocks.triggers.data_extension import DataExtension
from journeys.gallery.builders import (
    NO,
    OPENED,
    YES,
    begun,
    behind,
    decision,
    engagement,
    exit_when,
    in_orders,
    joined,
    line,
    mail,
    path_test,
    step,
    wait,
    wait_until,
)
from journeys.spec import document as doc
from journeys.spec.graph import START


def abandoned_cart() -> dict:
    journey = begun(doc.blank("template", "Abandoned cart"), ApiEvent, "Cart left")
    split = decision("Large cart?", "100 or more", "CartValue", "GreaterThanOrEqual", "100")
    voucher = mail("Cart voucher", "Free delivery for your cart")
    journey, keys = line(
        journey,
        START,
        wait(4, "HOURS"),
        mail("Cart reminder", "You left something behind"),
        wait(1, "DAYS"),
        split,
    )
    journey, ends = line(journey, (keys[-1], "default_path_1"), voucher, wait(3, "DAYS"))
    journey, (last,) = line(
        journey, (keys[-1], REMAINDER), mail("Cart last call", "Your cart is still here")
    )
    return joined(journey, ends[-1], behind(journey, last))


def post_purchase() -> dict:
    journey = begun(doc.blank("template", "Post-purchase"), ApiEvent, "Order placed")
    thanks = mail("Order thank you", "Thank you for your order")
    journey, keys = line(journey, START, thanks, wait(10, "DAYS"))
    review = [mail("Ask for a review", "How do you like it?"), wait(2, "DAYS")]
    offer = [mail("Matching products", "Made for what you bought"), wait(2, "DAYS")]
    journey, end = path_test(
        journey, behind(journey, keys[1]), "Which follow-up works better?", review, offer
    )
    return line(journey, behind(journey, end), mail("Care tips", "Make it last"), wait(1, "DAYS"))[
        0
    ]


def order_shipped() -> dict:
    """Whoever's order is late hears of it before they ask."""
    journey = begun(doc.blank("template", "Order shipped"), ApiEvent, "Order placed")
    thanks = mail("Order confirmed", "We have your order")
    journey, keys = line(
        journey,
        START,
        thanks,
        wait_until("Order shipped", 10, "DAYS"),
        mail("On its way", "Your order is on its way"),
        wait(5, "DAYS"),
    )
    journey, (_sorry, still) = line(
        journey,
        (keys[1], NO_EVENT),
        mail("Sorry for the delay", "Your order takes longer than we said"),
        wait_until("Order shipped", 20, "DAYS"),
    )
    journey, _ = line(
        journey,
        (still, NO_EVENT),
        mail("Order stuck", "Shall we send something else?"),
        wait(1, "DAYS"),
    )
    return joined(journey, keys[2], (still, FIRED))


def re_engagement() -> dict:
    journey = begun(doc.blank("template", "Re-engagement"), DataExtension, "Not active for 90 days")
    journey, keys = line(
        journey,
        START,
        mail("We miss you", "It has been a while"),
        wait(3, "DAYS"),
        engagement("We miss you", OPENED),
        mail("Welcome back", "Here is what is new"),
        wait(1, "DAYS"),
    )
    split = keys[2]
    journey, others = line(
        journey,
        (split, NO),
        mail("Last email", "Shall we stay in touch?"),
        wait(5, "DAYS"),
        engagement("Last email", OPENED),
    )
    journey = joined(journey, keys[3], (others[-1], YES))
    note = {
        "name": "Mark as inactive",
        FIELDS: [
            {
                "dataExtensionId": "{{{data extension id: Subscriber status}}}",
                "field": "{{{field id: Inactive since}}}",
                "value": "{{DateTime.Now}}",
            }
        ],
    }
    return line(journey, (others[-1], NO), step(UpdateContact, note), wait(1, "DAYS"))[0]


def win_back() -> dict:
    journey = begun(doc.blank("template", "Win-back"), DataExtension, "No order for a year")
    ordered = exit_when(
        "An order was placed",
        "Orders.OrderNumber is set",
        in_orders("OrderNumber", "IsNotNull"),
    )
    return line(
        {**journey, "exits": [ordered], "entryMode": "SingleEntryAcrossAllVersions"},
        START,
        mail("Win-back 1", "We would love to have you back"),
        wait(1, "WEEKS"),
        mail("Win-back 2", "10 percent off your next order"),
        wait(1, "WEEKS"),
        mail("Win-back 3", "Your voucher ends soon"),
        wait(1, "WEEKS"),
    )[0]
