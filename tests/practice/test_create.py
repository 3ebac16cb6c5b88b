import re

import pytest

from tests.practice.conftest import minimum, wait_step

GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?")


def test_it_answers_the_minimum_body_as_recorded(call):
    status, answer = call.create(minimum())
    assert status == 200
    assert GUID.fullmatch(answer["id"]) and DATE.fullmatch(answer["createdDate"])
    expected = {
        "id": answer["id"],
        "key": "welcome",
        "name": "Welcome",
        "lastPublishedDate": "0001-01-01T00:00:00",
        "description": "",
        "version": 1,
        "workflowApiVersion": 1,
        "createdDate": answer["createdDate"],
        "modifiedDate": answer["createdDate"],
        "triggers": [],
        "goals": [],
        "exits": [],
        "entryMode": "NotSet",
        "defaults": {"properties": {}},
        "metaData": {},
        "executionMode": "Production",
        "categoryId": 1,
        "status": "Draft",
        "definitionId": answer["id"],
        "scheduledStatus": "Draft",
    }
    assert list(answer.items()) == list(expected.items())


def test_it_takes_the_path_with_a_slash_at_its_end(call):
    assert call("POST", "/interaction/v1/interactions/", minimum())[0] == 200


def test_it_echoes_spec_version_0_5(call):
    assert call.create(minimum(workflowApiVersion=0.5))[1]["workflowApiVersion"] == 0.5


def test_it_gives_steps_ids_and_fills_in_what_was_left_out(call):
    steps = [
        wait_step("A", "B"),
        {"key": "B", "name": "Wait till Maya's day", "type": "WAIT", "outcomes": []},
    ]
    served = call.create(minimum(activities=steps))[1]["activities"]
    assert len({step["id"] for step in served}) == 2
    empty = {
        "description": "",
        "arguments": {},
        "configurationArguments": {},
        "metaData": {},
        "type": "WAIT",
    }
    linked = {"key": "out-A", "next": "B", "arguments": {}, "metaData": {}}
    assert served == [
        {"id": served[0]["id"], "key": "A", "name": "", "outcomes": [linked], **empty},
        {
            "id": served[1]["id"],
            "key": "B",
            "name": "Wait till Maya's day",
            "outcomes": [{"arguments": {}, "metaData": {}}],
            **empty,
        },
    ]


def test_it_drops_what_it_does_not_know_from_the_answer_only(server, call):
    trigger = {
        "key": "TRIGGER",
        "type": "APIEvent",
        "eventDefinitionKey": "APIEvent-1",
        "metaData": {"a": 1},
    }
    status, answer = call.create(minimum(triggers=[trigger], r__folder_Path="my journeys"))
    assert status == 200 and "r__folder_Path" not in answer
    assert "eventDefinitionKey" not in answer["triggers"][0]
    assert b"r__folder_Path" in server.control("bodies", key="welcome", version="newest")


def test_it_ends_a_path_at_null_and_leaves_it_out_of_the_answer(server, call):
    status, answer = call.create(minimum(activities=[wait_step("A", None)]))
    assert (status, answer["activities"][0]["outcomes"]) == (
        200,
        [{"key": "out-A", "arguments": {}, "metaData": {}}],
    )
    server.control("settings", {"null_next": "refuse"})
    assert (
        call.create(minimum("other", activities=[wait_step("A", None)]))[1]["errorcode"] == 121000
    )


def test_it_keeps_the_body_byte_for_byte(server, call):
    body = '{ "name":"Grüße",\n "workflowApiVersion": 1.0, "key" : "k/ü%", "x": 1e2 }'.encode()
    assert call.create(body)[0] == 200
    assert server.control("bodies", key="k/ü%") == body
    assert server.control("bodies", key="k/ü%", version=1) == body


def test_it_answers_with_the_configured_status(server, call):
    server.control("settings", {"create_status": 201})
    assert call.create(minimum())[0] == 201


@pytest.mark.parametrize(
    ("mode", "statuses", "versions", "ids", "definitions"),
    [
        ("refuse", [200, 400], [1], 1, 1),
        ("new_version", [200, 200], [1, 2], 1, 2),
        ("overwrite", [200, 200], [1], 1, 1),
        ("second_journey", [200, 200], [1, 1], 2, 2),
    ],
)
def test_it_meets_a_known_key_as_it_was_told(
    server, call, mode, statuses, versions, ids, definitions
):
    server.control("settings", {"same_key": mode})
    answers = [call.create(minimum(description=text)) for text in ("first", "second")]
    rows = server.control("journeys", key="welcome")["journeys"]
    assert [status for status, _ in answers] == statuses
    assert [row["version"] for row in rows] == versions
    assert (len({row["id"] for row in rows}), len({row["definition_id"] for row in rows})) == (
        ids,
        definitions,
    )
    assert (b"second" in server.control("bodies", key="welcome", version="newest")) == (
        mode != "refuse"
    )


def test_it_makes_a_new_version_of_a_published_journey_in_any_mode(server, call):
    server.control("settings", {"same_key": "refuse"})
    first = call.create(minimum())[1]
    assert server.control("status", {"key": "welcome", "status": "Published"}) == {"changed": 1}
    second = call.create(minimum())[1]
    assert (second["id"], second["version"]) == (first["id"], 2)
    assert second["definitionId"] != first["definitionId"]
