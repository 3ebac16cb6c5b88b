"""A wait until an API event: what is waited for, for how long at most, and its two ways out."""

import json
from copy import deepcopy
from datetime import time
from pathlib import Path

import pytest

from journeys.blocks import BY_SLUG, lens
from journeys.blocks.activities.wait_until_event import way_out
from journeys.blocks.places import bind, write
from journeys.blocks.settings_text import settings_of
from journeys.checks import Rules, check
from journeys.drawing.canvas import picture
from journeys.drawing.card import card_of
from journeys.spec import document as doc
from tests.blocks.browser import save
from tests.checks.test_rules import email, journey, step

CASE = Path(__file__).parents[1] / "cases" / "wait-until-event.json"
SETTINGS = "configurationArguments"
WAIT = BY_SLUG["wait-until-event"]


def case() -> dict:
    return json.loads(CASE.read_text())


def waiting(**members: object) -> dict:
    return {**case()["activities"][0], **members}


def found(document: dict, rules: Rules | None = None) -> set[str]:
    return {problem.id for problem in check(document, rules)}


def test_it_is_judged_by_what_it_is():
    """Not as a wait by duration: another wait may follow it, and a journey begin with it."""
    assert lens(waiting(), "activity") is WAIT
    assert not {"wait-after-wait", "wait-first", "wait-short", "wait-kind"} & found(case())
    assert not [problem for problem in check(case()) if problem.blocks]


def test_it_says_what_is_waited_for_and_how_long():
    assert WAIT.sentence(waiting()) == "Wait for order, 10 days at most"
    assert WAIT.sentence(waiting(name="")) == "Wait until APIEvent-OrderShipped, 10 days at most"
    assert WAIT.sentence(waiting(name="", **{SETTINGS: {}})) == "Wait until API event"
    groups = settings_of(waiting(), "activity", case())
    assert {title: [one.value for one in settings] for title, settings in groups} == {
        "": ["Wait for order", "APIEvent-OrderShipped", "10 days"],
        "The event happened": ["Order shipped"],
        "The time has passed": ["No event"],
    }


@pytest.mark.parametrize(
    ("outcomes", "passed"),
    [
        ([{"key": "a"}, {"key": "b"}], "b"),
        ([{"key": "no_event"}, {"key": "EventFired"}], "no_event"),
        ([{"key": "a", "metaData": {"label": "No event"}}, {"key": "b"}], "a"),
        ([{"key": "a", "metaData": {"defaultOutcome": True}}, {"key": "no-event"}], "a"),
        ([{"key": "a"}], None),
    ],
)
def test_it_tells_its_ways_apart(outcomes: list[dict], passed: str | None):
    block = waiting(outcomes=outcomes)
    said = {way["key"]: way_out(block, way) for way in outcomes}
    assert [key for key, words in said.items() if words == "The time has passed"] == (
        [passed] if passed else []
    )
    lengths = zip(said, WAIT.lasts_by_way(block), strict=True)
    assert all(length == ((10, 10) if key == passed else (0, 10)) for key, length in lengths)


def test_a_path_without_a_name_says_when_it_is_taken():
    block = waiting(outcomes=[{"key": "a"}, {"key": "b"}])
    assert [WAIT.outcome_label(block, way) for way in block["outcomes"]] == [
        "The event happened",
        "The time has passed",
    ]


def test_it_leaves_all_it_does_not_know_as_it_was():
    block = waiting(arguments={"x": 1}, metaData={"isConfigured": True, "own": [None]})
    block[SETTINGS]["filter"] = "<FilterDefinition/>"
    wanted = deepcopy(block)
    wanted[SETTINGS] |= {"eventDefinitionKey": "APIEvent-2", "waitDuration": 3}
    assert save(WAIT, block, {"event": "APIEvent-2", "duration": "3"}) == wanted


@pytest.mark.parametrize(
    ("place", "value", "problem"),
    [
        (f"{SETTINGS}.eventDefinitionKey", "", ("wait-event", "blocking")),
        (f"{SETTINGS}.eventDefinitionKey", "DEAudience-1", ("wait-event-kind", "blocking")),
        (f"{SETTINGS}.waitDuration", 0, ("wait-event-longest", "blocking")),
        (f"{SETTINGS}.waitUnit", "", ("wait-unit", "blocking")),
        ("outcomes", [{"key": "ev"}], ("wait-event-paths", "advice")),
    ],
)
def test_it_says_what_is_missing(place: str, value: object, problem: tuple[str, str]):
    document = case()
    document["activities"][0] = write(document["activities"][0], bind(place), value)
    steps = [one for one in check(document) if one.address.key == "WAITUNTILAPI-1"]
    assert problem in {(one.id, one.severity) for one in steps}
    assert {str(one.address) for one in steps if one.id == problem[0]} == {
        f"activity WAITUNTILAPI-1: {place}"
    }


def test_its_days_stand_on_the_cards_behind_it():
    """Whoever takes the path of the time has waited for all of it."""
    document = case()
    document["activities"][0]["outcomes"][1]["next"] = "LATE-1"
    document["activities"].append(email("LATE-1", "WAIT-1") | {"name": "Late"})
    data = doc.dumps(document)
    cards = {
        (kind, block["key"]): card_of(kind, doc.dumps(block), False, "en")
        for kind, block in doc.blocks(document)
    }
    shapes = picture(document, doc.sha256(data), cards).shapes.values()
    days = {shape.look.card.key: shape.look.day for shape in shapes if hasattr(shape.look, "card")}
    assert days["WAITUNTILAPI-1"] == "day 0"
    assert days["EMAILV2-1"] == "day 0 to 10"
    assert days["LATE-1"] == "day 10"


def test_a_house_rule_on_waits_holds_for_it():
    assert "house-longest-wait" in found(case(), Rules(longest_wait=9))
    assert "house-longest-wait" not in found(case(), Rules(longest_wait=10))


def test_quiet_hours_say_that_the_event_may_happen_at_any_hour():
    night = Rules(quiet_from=time(21), quiet_to=time(8))
    (problem,) = [one for one in check(case(), night) if one.id == "house-quiet-hours"]
    assert problem.text == (
        "Sent at any hour, because “Wait for order, 10 days at most” ends when the event happens;"
        " quiet hours are 21:00 to 08:00. Put a wait behind it that holds until a time outside of"
        " them."
    )


CRITERIA = (
    '<FilterDefinition><ConditionSet Operator="AND" ConditionSetName="Individual Filter Grouping">'
    '<Condition IsEphemeralAttribute="true" Key="Event.APIEvent-OrderShipped.Carrier"'
    ' Operator="Equal" UiMetaData="{}"><Value><![CDATA[Post]]></Value></Condition>'
    "</ConditionSet></FilterDefinition>"
)


@pytest.mark.parametrize("key", ["APIEvent-OrderShipped", "APIEvent-other"])
def test_later_steps_may_ask_for_its_data(key: str):
    """An event that nobody waits for is doubted as before."""
    split = BY_SLUG["decision-split"].new("SPLIT-1", {})
    split[SETTINGS]["criteria"] = {"default_path_1": CRITERIA.replace("APIEvent-OrderShipped", key)}
    mail = email("E-1", "W-1")
    mail[SETTINGS]["triggeredSend"]["emailSubject"] = f'Sent by {{{{Event.{key}."Carrier"}}}}'
    document = journey(
        waiting(outcomes=[{"key": "ev", "next": "SPLIT-1"}, {"key": "no", "next": "W-1"}]),
        {**split, "outcomes": [{**way, "next": "E-1"} for way in split["outcomes"]]},
        mail,
        step("W-1"),
    )
    is_other = key == "APIEvent-other"
    assert ({"criteria-event", "expression-other-event"} & found(document) != set()) is is_other


def test_time_to_react_is_given_before_an_engagement_split():
    split = BY_SLUG["engagement-split"].new("SPLIT-1", {})
    split[SETTINGS]["refActivityCustomerKey"] = "E-1"
    ways = [{"key": "ev", "next": "SPLIT-1"}, {"key": "no", "next": "SPLIT-1"}]
    split["outcomes"] = [{**way, "next": "W-1"} for way in split["outcomes"]]
    document = journey(email("E-1", "WAITUNTILAPI-1"), waiting(outcomes=ways), split, step("W-1"))
    assert "engagement-split-wait" not in found(document)


@pytest.mark.parametrize(
    ("key", "problem"), [("Order.shipped", "event-key-characters"), ("e" * 201, "event-key-long")]
)
def test_it_asks_of_every_event_key_what_event_keys_are(key: str, problem: str) -> None:
    wait = WAIT.new("WAITUNTILAPI-1", {})
    wait[SETTINGS]["eventDefinitionKey"] = key
    ways = [{**way, "next": "W-1"} for way in wait["outcomes"]]
    document = journey({**wait, "outcomes": ways}, step("W-1"))
    place = "activity WAITUNTILAPI-1: configurationArguments.eventDefinitionKey"
    assert [(one.id, one.severity, str(one.address)) for one in check(document)] == [
        (problem, "advice", place)
    ]
