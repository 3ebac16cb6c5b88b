"""What the templates are made of."""

from collections.abc import Callable

from journeys.blocks.activities import wait_until_event, waiting
from journeys.blocks.activities.decision_split import DecisionSplit
from journeys.blocks.activities.email import SEND, SendEmail
from journeys.blocks.activities.engagement_split import EMAIL, KIND, EngagementSplit
from journeys.blocks.activities.path_optimizer import PERIOD, PathOptimizer
from journeys.blocks.activities.salesforce import SalesforceActivity, application_of
from journeys.blocks.activities.salesforce_fields import OBJECT, new_field
from journeys.blocks.activities.wait import WaitByDuration
from journeys.blocks.activities.wait_by_attribute import EXPRESSION, WaitByAttribute
from journeys.blocks.activities.wait_until_event import WaitUntilEvent
from journeys.blocks.base import Block
from journeys.blocks.exits.exit_criteria import ExitCriteria
from journeys.gallery.criteria import in_contact, in_event
from journeys.gallery.samples import filled, lasting
from journeys.spec import edit, graph
from journeys.spec.operations import add_step

Maker = Callable[[dict], dict]  # the journey so far -> a step for it
Gap = tuple[str, str]

EVENT = "{{{event key}}}"
CLASSIFICATION = "{{{send classification id}}}"
OPENED, CLICKED = 2, 3
YES, NO = "branchResult-1", "branchResult-2"


def in_orders(attribute: str, operator: str) -> str:
    relation = "{{{relationship id: Orders}}}"
    return in_contact(f"Orders.{attribute}", operator, relation=relation)


def line(journey: dict, gap: Gap, *makers: Maker) -> tuple[dict, list[str]]:
    """Steps one behind the other from the gap on; behind a split the line goes on in its first
    path."""
    keys = []
    for make in makers:
        step = make(journey)
        journey = add_step(journey, *gap, step)
        gap = (step["key"], graph.outcome_key(graph.outcomes(graph.steps(journey)[step["key"]])[0]))
        keys.append(step["key"])
    return journey, keys


def begun(journey: dict, lens: type[Block], name: str) -> dict:
    """With the entry source, whose event the tenant has to give."""
    trigger = lens.new(lens.new_key(journey), journey)
    values = {"name": name, "metaData.eventDefinitionKey": EVENT}
    return {**journey, "triggers": [filled(trigger, values)]}


def step(lens: type[Block], values: dict) -> Maker:
    return lambda journey: filled(lens.new(lens.new_key(journey), journey), values)


def mail(name: str, subject: str) -> Maker:
    values = {
        "name": name,
        f"{SEND}.emailId": f"{{{{{{email id: {name}}}}}}}",
        f"{SEND}.emailSubject": subject,
        f"{SEND}.dynamicEmailSubject": subject,
        f"{SEND}.name": name,
        f"{SEND}.sendClassificationId": CLASSIFICATION,
    }
    return step(SendEmail, values)


def wait(number: int, unit: str) -> Maker:
    return step(WaitByDuration, lasting(number, unit))


def wait_until(event: str, number: int, unit: str) -> Maker:
    """Until the event of that name, which the tenant has to give, and no longer than that."""
    values = {
        "name": event,
        wait_until_event.EVENT: f"{{{{{{event key: {event}}}}}}}",
        **lasting(number, unit),
    }
    return step(WaitUntilEvent, values)


def wait_for(attribute: str, offset: int, unit: str, name: str) -> Maker:
    """Until a date of the journey data; a negative offset is before it."""
    values = {
        "name": name,
        EXPRESSION: f'{{{{Event.{EVENT}."{attribute}"}}}}',
        waiting.DURATION_PLACE: offset,
        waiting.UNIT_PLACE: unit,
    }
    return step(WaitByAttribute, values)


def decision(name: str, label: str, field: str, operator: str, value: str) -> Maker:
    """One path, named by its label, for a condition on the data that let the contact in; and the
    remainder."""
    values = {
        "name": name,
        ("outcomes", 0, "metaData", "label"): label,
        ("outcomes", 0, "metaData", "criteriaDescription"): f"{field} {operator} {value}",
        "configurationArguments.schemaVersionId": 0,
        "configurationArguments.criteria": {
            "default_path_1": in_event(EVENT, field, operator, value)
        },
    }
    return step(DecisionSplit, values)


def engagement(email: str, kind: int) -> Maker:
    """On the email of that name. Yes is branchResult-1, No is branchResult-2."""

    def make(journey: dict) -> dict:
        values = {
            "name": f"{'Opened' if kind == OPENED else 'Clicked'} {email}?",
            EMAIL: key_of(journey, email),
            KIND: kind,
            "metaData.refActivityName": email,
        }
        return step(EngagementSplit, values)(journey)

    return make


def path_test(journey: dict, gap: Gap, name: str, *paths: list[Maker]) -> tuple[dict, str]:
    """A path optimizer by clicks within two days, with its two paths and its closing step, whose
    key comes back."""
    start, end = PathOptimizer.new_steps(PathOptimizer.new_key(journey), journey)
    start = filled(start, {"name": name, PERIOD: 2})
    end = filled(end, {"name": "End of the test"})
    journey = add_step(journey, *gap, start, [end])
    for path, makers in zip(graph.outcomes(start), paths, strict=True):
        journey, _ = line(journey, (start["key"], graph.outcome_key(path)), *makers)
    return journey, end["key"]


def crm_task(name: str, subject: str) -> Maker:
    """Creates a task in Sales Cloud, due on the day after."""
    due = {
        "SubProcessor": "dateAdjustment",
        "NumUnits": "1",
        "Units": "Days",
        "TimeDirection": "after",
    }
    fields = [
        _crm_field("Subject", "Subject", "combobox", subject),
        _crm_field("Status", "Status", "picklist", "Not Started"),
        _crm_field("Priority", "Priority", "picklist", "Normal"),
        {
            **_crm_field("ActivityDate", "Due Date", "date", ""),
            "Processor": "dateContactEnters",
            "FieldAdjustment": due,
        },
        {
            **_crm_field(
                "OwnerId", "Assigned To", "reference", "{{{Salesforce owner id: " + name + "}}}"
            ),
            "ReferenceObjectNames": ["User"],
        },
    ]
    values = {
        "name": name,
        f"{OBJECT}.type": "Task",
        f"{OBJECT}.fields": fields,
        "configurationArguments.applicationExtensionKey": application_of("Task"),
    }
    return step(SalesforceActivity, values)


def _crm_field(name: str, label: str, kind: str, value: str) -> dict:
    return {
        **new_field({"FieldName": name, "FieldValue": value}),
        "FieldLabel": label,
        "FieldType": kind,
    }


def exit_when(name: str, words: str, criteria: str) -> dict:
    values = {
        "name": name,
        "configurationArguments.criteria": criteria,
        "configurationArguments.schemaVersionId": 0,
        "metaData.criteriaDescription": words,
    }
    return filled(ExitCriteria.new(ExitCriteria.new_key({}), {}), values)


def joined(journey: dict, target: str, *ends: Gap) -> dict:
    for gap in ends:
        journey = edit.set_next(journey, *gap, target)
    return journey


def key_of(journey: dict, name: str) -> str:
    return next(activity["key"] for activity in journey["activities"] if activity["name"] == name)


def behind(journey: dict, key: str) -> Gap:
    """The gap behind a step with one path."""
    return key, graph.outcome_key(graph.outcomes(graph.steps(journey)[key])[0])
