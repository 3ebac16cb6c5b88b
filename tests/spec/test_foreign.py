"""What is no journey is told by its kind, and no journey is taken for something else."""

import json
from pathlib import Path

import pytest

from journeys.blocks import LENSES
from journeys.spec import foreign, intake
from journeys.spec.document import DocumentError, blank, dumps

CASES = Path(__file__).parents[1] / "cases"
EXAMPLES = Path(__file__).parents[3] / "shared" / "examples"

EVENT = {
    "type": "APIEvent",
    "name": "Sign-up",
    "mode": "Production",
    "eventDefinitionKey": "APIEvent-1",
    "schema": {"fields": []},
}
KINDS = {
    "custom-activity-config": "configuration of a custom activity",
    "fire-event-body": "body of POST /events",
    "one-activity": "one activity",
}
OTHERS = [
    (EVENT, "event definition"),
    ({**EVENT, "id": "1", "dataExtensionId": "2", "arguments": {}}, "“APIEvent-1”"),
    ({"contactKey": "1", "eventDefinitionKey": "APIEvent-1"}, "body of POST /events"),
    ({"body": blank("k", "N")}, "stands in its member “body”"),
    ({"body": json.dumps(blank("k", "N")), "statusCode": 200}, "“body”"),
    ({"info": {"name": "API"}, "item": []}, "Postman"),
    ({"format": "journey-steps", "steps": [{"key": "A"}]}, "copied steps"),
    ({"message": "Not found", "errorcode": 30003, "documentation": ""}, "“Not found”"),
    ({"statusUrl": "/x", "statusId": "1"}, "answer about a journey"),
    ({"status": "PublishCompleted", "errors": [], "warnings": []}, "answer about a journey"),
    ({"eventInstanceId": "1"}, "answer about a journey"),
    ({"action": "Stop", "timeStamp": "2026-01-01", "key": "k", "name": "n"}, "audit log"),
    ({"key": "K", "next": "WAIT-1", "arguments": {}, "metaData": {}}, "one path (an outcome)"),
    ({"key": "K", "arguments": {}, "metaData": {"invalid": False}}, "one path (an outcome)"),
    ({"interaction": blank("k", "N")}, "inside, in its member “interaction”"),
    ({"data": blank("k", "N")}, "in its member “data”"),
    ({"data": {"key": "k"}}, "in its member “data”"),
    ({"ok": True, "result": {"journeys": [blank("k", "N")]}}, "member “result.journeys”"),
    ({"log": {"version": "1.2", "entries": [{"request": {}}]}}, "HAR"),
    ({"items": None}, "its “items” is no list"),
    ({"items": {"a": 1}}, "its “items” is no list"),
    ({"count": 1, "items": [{"key": "k"}]}, "list as Marketing Cloud answers it"),
]


@pytest.mark.parametrize("name", KINDS)
def test_it_names_the_kind_of_a_file(name: str):
    with pytest.raises(DocumentError, match=KINDS[name]):
        intake.loads((CASES / f"{name}.json").read_bytes())


@pytest.mark.parametrize(("value", "words"), OTHERS)
def test_it_names_the_kind_of_everything_else_that_people_have(value: dict, words: str):
    with pytest.raises(DocumentError) as refused:
        intake.loads(dumps(value))
    assert words in refused.value.text


@pytest.mark.parametrize("lens", LENSES, ids=lambda lens: lens.slug)
def test_it_tells_a_block_from_a_journey(lens):
    if lens.slug == "path-optimizer-end":
        return  # it is added by the one that opens it
    block = lens.new(lens.new_key({}), {})
    word = "one activity" if lens.kind == "activity" else "one block"
    assert word in foreign.refusal_of(block).text


@pytest.mark.parametrize(
    "journey",
    [
        blank("k", "N"),
        {"key": "third"},
        {"name": "N", "key": "k", "type": "x"},
        {"key": "k", "workflowApiVersion": 1.0, "type": "x", "outcomes": []},
        {"key": "k", "activities": [], "body": {}, "message": "x", "errorcode": 1},
        {"key": "k", "name": "N", "status": "Draft", "errors": []},
    ],
)
def test_it_takes_no_journey_for_something_else(journey: dict):
    assert intake.loads(dumps(journey)) == journey


@pytest.mark.skipif(not EXAMPLES.is_dir(), reason="the folder of samples is absent")
def test_it_knows_the_published_samples():
    def kinds(folder: str) -> dict[str, str]:
        values = {
            path.name: json.loads(path.read_bytes()) for path in (EXAMPLES / folder).iterdir()
        }
        return {name: getattr(foreign.refusal_of(one), "text", "") for name, one in values.items()}

    assert set(kinds("journeys").values()) == {""}
    events = kinds("events")
    assert "list" in events.pop("get-response.json") and len(events) == 4
    assert all("This is an event definition" in text for text in events.values())
    journeys = {"get-response.json", "list-item.json", "post-response.json"}
    answers = {name for name, text in kinds("responses").items() if "answer" in text}
    assert answers | journeys >= set(kinds("responses")) and not answers & (
        journeys - {"get-response.json"}
    )
