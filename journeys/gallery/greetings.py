"""People are new, have a birthday, or have registered."""

from journeys.blocks.activities.decision_split import REMAINDER
from journeys.blocks.triggers.api_event import ApiEvent
from journeys.blocks.triggers.data_extension import DataExtension
from journeys.gallery.builders import (
    CLICKED,
    NO,
    YES,
    begun,
    behind,
    decision,
    engagement,
    joined,
    line,
    mail,
    wait,
    wait_for,
)
from journeys.spec import document as doc
from journeys.spec.graph import START


def welcome_series() -> dict:
    journey = begun(doc.blank("template", "Welcome series"), ApiEvent, "Sign-up")
    return line(
        {**journey, "entryMode": "OnceAndDone"},
        START,
        mail("Welcome 1", "Nice to meet you"),
        wait(2, "DAYS"),
        mail("Welcome 2", "What you can expect from us"),
        wait(3, "DAYS"),
        mail("Welcome 3", "A first offer for you"),
        wait(1, "DAYS"),
    )[0]


def birthday() -> dict:
    journey = begun(doc.blank("template", "Birthday"), DataExtension, "Birthdays of today")
    split = decision("In the loyalty programme?", "Member", "IsMember", "Is", "true")
    gift = mail("Birthday gift", "A gift for your birthday")
    journey, keys = line(journey, START, split, gift, wait(7, "DAYS"))
    journey, (plain,) = line(
        journey, (keys[0], REMAINDER), mail("Birthday greeting", "Happy birthday")
    )
    return joined(
        {**journey, "entryMode": "SingleEntryAcrossAllVersions"}, keys[-1], behind(journey, plain)
    )


def event_registration() -> dict:
    journey = begun(doc.blank("template", "Event registration"), ApiEvent, "Registration")
    journey, keys = line(
        journey,
        START,
        mail("Registration confirmed", "You are in"),
        wait_for("EventDate", -1, "DAYS", "Until the day before the event"),
        mail("Event reminder", "See you tomorrow"),
        wait_for("EventDate", 1, "DAYS", "Until the day after the event"),
        mail("Event recording", "Thank you for coming: the recording"),
        wait(3, "DAYS"),
        engagement("Event recording", CLICKED),
    )
    journey, _ = line(journey, (keys[-1], YES), wait(1, "DAYS"))
    again = mail("Recording reminder", "Have you seen the recording?")
    return line(journey, (keys[-1], NO), again, wait(1, "DAYS"))[0]
