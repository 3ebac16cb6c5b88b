"""What the templates are made of."""

from collections.abc import Callable

from journeys.blocks.activities.decision_split import DecisionSplit
from journeys.blocks.activities.email import SEND, SendEmail
from journeys.blocks.activities.wait import WaitByDuration
from journeys.blocks.base import Block, new_path, new_step
from journeys.samples import filled, lasting
from journeys.spec import edit, graph

Maker = Callable[[dict], dict]  # the journey so far -> a step for it
Gap = tuple[str, str]

EVENT = "{{{event key}}}"
CLASSIFICATION = "{{{send classification id}}}"
IN_JOURNEY_DATA = (
    '<FilterDefinition><ConditionSet Operator="AND" ConditionSetName="Individual Filter Grouping">'
    '<Condition IsEphemeralAttribute="true" Key="Event.%(event)s.%(key)s" Operator="%(operator)s" UiMetaData="{}">'
    "<Value><![CDATA[%(value)s]]></Value></Condition></ConditionSet></FilterDefinition>"
)
IN_CONTACT_DATA = (
    '<FilterDefinition><ConditionSet Operator="AND" ConditionSetName="Individual Filter Grouping">'
    '<Condition Key="%(key)s" Operator="%(operator)s" '
    'UiMetaData="{&quot;groupToSetRelationshipId&quot;:&quot;%(relationship)s&quot;}">'
    "<Value><![CDATA[%(value)s]]></Value></Condition></ConditionSet></FilterDefinition>"
)
OPENED, CLICKED = 2, 3
YES, NO = "branchResult-1", "branchResult-2"


def in_event(field: str, operator: str, value: str = "") -> str:
    """A condition on the data that let the contact in."""
    return IN_JOURNEY_DATA % {"event": EVENT, "key": field, "operator": operator, "value": value}


def in_contact(attribute_set: str, attribute: str, operator: str, value: str = "") -> str:
    """A condition on contact data, which needs the id of the relationship that leads to the attribute set."""
    told = {"key": f"{attribute_set}.{attribute}", "operator": operator, "value": value}
    return IN_CONTACT_DATA % {**told, "relationship": "{{{relationship id: " + attribute_set + "}}}"}


def line(journey: dict, gap: Gap, *makers: Maker) -> tuple[dict, list[str]]:
    """Steps one behind the other from the gap on; behind a split the line goes on in its first path."""
    keys = []
    for make in makers:
        step = make(journey)
        journey = edit.insert(journey, gap, step)
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


def wait_for(attribute: str, offset: int, unit: str, name: str) -> Maker:
    """Until a date of the journey data; a negative offset is before it."""
    settings = {
        "waitEndDateAttributeExpression": f'{{{{Event.{EVENT}."{attribute}"}}}}',
        "waitDuration": offset,
        "waitUnit": unit,
    }

    def make(journey: dict) -> dict:
        key = graph.new_key(journey, "WAITBYATTRIBUTE")
        meta = {"uiType": "WAITBYATTRIBUTE", "waitType": "attribute", "isExtended": False}
        made = new_step(key, "WAIT", [new_path()], configurationArguments=settings, metaData=meta)
        return {**made, "name": name}

    return make


def decision(name: str, label: str, field: str, operator: str, value: str) -> Maker:
    """One path, named by its label, for a condition on the data that let the contact in; and the remainder."""
    values = {
        "name": name,
        ("outcomes", 0, "metaData", "label"): label,
        ("outcomes", 0, "metaData", "criteriaDescription"): f"{field} {operator} {value}",
        "configurationArguments.schemaVersionId": 0,
        "configurationArguments.criteria": {"default_path_1": in_event(field, operator, value)},
    }
    return step(DecisionSplit, values)


def engagement(email: str, kind: int) -> Maker:
    """On the email of that name. Yes is branchResult-1, No is branchResult-2."""

    def make(journey: dict) -> dict:
        paths = [
            new_path(
                key=f"branchResult-{number}", arguments={"when": when}, metaData={"label": label, "invalid": False}
            )
            for number, when, label in ((1, True, "Yes"), (2, False, "No"))
        ]
        settings = {
            "refActivityCustomerKey": key_of(journey, email),
            "statsTypeId": kind,
            "engagementUrls": {"urls": []},
            "statsUrlId": 0,
        }
        made = new_step(
            graph.new_key(journey, "ENGAGEMENTSPLITV2"),
            "ENGAGEMENTDECISION",
            paths,
            configurationArguments=settings,
            metaData={"refActivityName": email},
        )
        return {**made, "name": f"{'Opened' if kind == OPENED else 'Clicked'} {email}?"}

    return make


def path_test(journey: dict, gap: Gap, name: str, *paths: list[Maker]) -> tuple[dict, str]:
    """A path optimizer by clicks with its paths and its closing step, whose key comes back."""
    capsule = {"id": "CAPSULE-1", "startId": "ABNTEST-1", "endId": "ABNTESTSTOP-1"}
    journey, _ = line(journey, gap, lambda _journey: _closing(capsule))
    journey, _ = line(journey, gap, lambda _journey: _opening(capsule, name, len(paths)))
    start, end = capsule["startId"], capsule["endId"]
    for number, makers in enumerate(paths, 1):
        journey = edit.set_next(journey, start, f"branchResult-{number}", end)
        inside = [_inside(make, capsule) for make in makers]
        journey, _ = line(journey, (start, f"branchResult-{number}"), *inside)
    return journey, end


def _inside(make: Maker, capsule: dict) -> Maker:
    return lambda journey: filled(make(journey), {"metaData.capsuleData": dict(capsule)})


def _opening(capsule: dict, name: str, count: int) -> dict:
    settings = {
        "applicationExtensionKey": "E6F9C82E-D5AD-43AD-93BE-E8E7E3732531",
        "winnerEvaluationType": "Engagement",
        "engagementWinnerMetric": "Clicks",
        "engagementPeriod": 2,
        "engagementPeriodUnits": "Days",
        "holdBackPercentage": 0,
        "defaultWaitDaysForHoldBack": 0,
        "readAdditionalInfo": "MetaData",
    }
    shares = [100 // count] * (count - 1)
    shares.append(100 - sum(shares))
    paths = [
        new_path(
            key=f"branchResult-{number}",
            arguments={"percentage": share, "branchResult": str(number)},
            metaData={"label": f"{share}%", "pathName": f"Path {number}", "invalid": False},
        )
        for number, share in enumerate(shares, 1)
    ]
    made = new_step(
        capsule["startId"], "ABNTEST", paths, configurationArguments=settings, metaData={"capsule": {**capsule}}
    )
    return {**made, "name": name}


def _closing(capsule: dict) -> dict:
    settings = {
        "applicationExtensionKey": "721633C6-6CE0-46E7-B15E-DF1391C98D5F",
        "aBnStartActivityKey": capsule["startId"],
    }
    meta = {"category": "flow", "shapeOverride": "dot", "capsule": {**capsule}}
    return {
        **new_step(capsule["endId"], "ABNTESTSTOP", [new_path()], configurationArguments=settings, metaData=meta),
        "name": "End of the test",
    }


def crm_task(name: str, subject: str) -> Maker:
    """Creates a task in Sales Cloud, due on the day after."""

    def make(journey: dict) -> dict:
        due = {"SubProcessor": "dateAdjustment", "NumUnits": "1", "Units": "Days", "TimeDirection": "after"}
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
                **_crm_field("OwnerId", "Assigned To", "reference", "{{{Salesforce owner id: " + name + "}}}"),
                "ReferenceObjectNames": ["User"],
            },
        ]
        created = {"type": "Task", "subtype": None, "order": "1", "action": "Create", "lookup": None, "fields": fields}
        made = new_step(
            graph.new_key(journey, "SALESCLOUDACTIVITY"),
            "SALESCLOUDACTIVITY",
            [new_path()],
            arguments={"objectMap": {"objects": [created]}, "version": "1.0"},
            configurationArguments={"applicationExtensionKey": "Salesforce_Activity_Task"},
        )
        return {**made, "name": name}

    return make


def _crm_field(name: str, label: str, kind: str, value: str) -> dict:
    return {
        "FieldName": name,
        "FieldLabel": label,
        "FieldType": kind,
        "FieldValue": value,
        "FieldValueLabel": value,
        "MappingType": "Constant",
        "Processor": "static",
        "Required": "false",
    }


def exit_when(name: str, words: str, criteria: str) -> dict:
    return {
        "key": "EXITCRITERIA",
        "name": name,
        "description": "",
        "type": "ExitCriteria",
        "outcomes": [],
        "arguments": {},
        "configurationArguments": {"criteria": criteria, "schemaVersionId": 0},
        "metaData": {"criteriaDescription": words, "chainType": "none"},
    }


def joined(journey: dict, target: str, *ends: Gap) -> dict:
    for gap in ends:
        journey = edit.set_next(journey, *gap, target)
    return journey


def key_of(journey: dict, name: str) -> str:
    return next(found["key"] for found in journey["activities"] if found["name"] == name)


def behind(journey: dict, key: str) -> Gap:
    """The gap behind a step with one path."""
    return key, graph.outcome_key(graph.outcomes(graph.steps(journey)[key])[0])
