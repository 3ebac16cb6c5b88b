"""Leads, and messages that are one send."""

from journeys.blocks.triggers.data_extension import DataExtension
from journeys.blocks.triggers.transactional_api import TransactionalApi
from journeys.gallery.builders import (
    CLICKED,
    NO,
    YES,
    begun,
    crm_task,
    engagement,
    line,
    mail,
    wait,
)
from journeys.spec import document as doc
from journeys.spec.graph import START


def lead_nurture() -> dict:
    journey = begun(doc.blank("template", "Lead nurture"), DataExtension, "New leads")
    journey, keys = line(
        journey,
        START,
        mail("Guide", "The guide that you asked for"),
        wait(4, "DAYS"),
        mail("Case study", "How others do it"),
        wait(4, "DAYS"),
        engagement("Case study", CLICKED),
    )
    task = crm_task("Task for sales: call the lead", "Call: clicked in the case study")
    journey, _ = line(journey, (keys[-1], YES), task, wait(1, "DAYS"))
    return line(
        journey, (keys[-1], NO), mail("Webinar invitation", "Ask us anything"), wait(1, "DAYS")
    )[0]


def single_send() -> dict:
    """Quicksend: an audience, one email, no goal, and a schedule that is set in Journey Builder."""
    journey = begun(doc.blank("template", "Single send"), DataExtension, "Audience of the send")
    journey = {
        **journey,
        "definitionType": "Quicksend",
        "channel": "email",
        "entryMode": "MultipleEntries",
    }
    journey["metaData"] = {**journey["metaData"], "isScheduleSet": True}
    return line(journey, START, mail("Single email", "News of the month"))[0]


def transactional() -> dict:
    """Each request names the contact and the address, so there is neither an event nor a default
    address."""
    trigger = TransactionalApi.new(TransactionalApi.new_key({}), {})
    journey = {**doc.blank("template", "Transactional message"), "triggers": [trigger]}
    journey |= {
        "definitionType": "Transactional",
        "channel": "email",
        "defaults": {"email": [], "properties": {}},
    }
    return line(journey, START, mail("Order confirmation", "Your order"))[0]
