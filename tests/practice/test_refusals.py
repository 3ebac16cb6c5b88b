import pytest

from tests.practice.conftest import minimum, wait_step

UNREADABLE = (400, 10004, "JSON Deserialization Exception: Location Unknown")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'"text"',
        b'{"key": "k", "name": "n", "workflowApiVersion": NaN}',
        b'{"key": "\\ud800", "name": "n", "workflowApiVersion": 1}',
        b'{"key": "\xff"}',
        b"[" * 100_000,
        b'{"key": 1, "name": "n", "workflowApiVersion": 1}',
        b'{"key": "k", "name": "n", "workflowApiVersion": 1, "activities": {}}',
        b'{"key": "k", "name": "n", "workflowApiVersion": 1, "activities": ["A"]}',
        (
            b'{"key": "k", "name": "n", "workflowApiVersion": 1, "activities": [{"key": "A",'
            b' "arguments": []}]}'
        ),
        b'{"key": "k", "name": "n", "workflowApiVersion": 1, "metaData": []}',
        (
            b'{"key": "k", "name": "n", "workflowApiVersion": 1, "activities": [{"outcomes":'
            b' [{"metaData": []}]}]}'
        ),
    ],
)
def test_it_refuses_what_it_cannot_read(server, call, body):
    status, answer = call.create(body)
    assert (status, answer["errorcode"], answer["message"]) == UNREADABLE
    assert server.control("journeys")["count"] == 0


@pytest.mark.parametrize("member", ["entryMode", "definitionType"])
def test_it_refuses_an_unknown_enumerated_value(call, member):
    status, answer = call.create(minimum(**{member: "Sometimes"}))
    assert (status, answer["errorcode"]) == (400, 10004)
    assert member in answer["message"]


@pytest.mark.parametrize(
    ("members", "code"),
    [
        *[
            ({member: value}, 10002)
            for member in ("key", "name", "workflowApiVersion")
            for value in (None, "", " ")
        ],
        ({"key": "k" * 201}, 10005),
        *[({member: f"a{c}b"}, 121072) for member in ("name", "description") for c in "&<>\"'/"],
        *[
            ({member: "Draft"}, 10005)
            for member in (
                "id",
                "status",
                "definitionId",
                "createdDate",
                "modifiedDate",
                "lastPublishedDate",
            )
        ],
        ({"workflowApiVersion": 2}, 10005),
        ({"workflowApiVersion": "1.0"}, 10005),
        ({"workflowApiVersion": True}, 10005),
        ({"triggers": [{"key": "T1"}, {"key": "T2"}]}, 10005),
        ({"activities": [{"type": "WAIT"}]}, 10002),
        ({"activities": [wait_step("A", "B"), wait_step("B"), wait_step("B")]}, 10005),
    ],
)
def test_it_lists_what_is_invalid(server, call, members, code):
    status, answer = call.create({**minimum(), **members})
    assert (status, answer["errorcode"], answer["message"]) == (
        400,
        10006,
        "Validation Errors Occurred!",
    )
    assert [error["errorcode"] for error in answer["validationErrors"]] == [code]
    assert server.control("journeys")["count"] == 0


def test_it_lists_every_finding_at_once(call):
    answer = call.create({"name": "R & D", "status": "Draft"})[1]
    assert [error["errorcode"] for error in answer["validationErrors"]] == [
        10002,
        10002,
        121072,
        10005,
    ]


@pytest.mark.parametrize("target", ["", "NOWHERE", 5])
def test_it_refuses_a_path_that_leads_nowhere(call, target):
    status, answer = call.create(minimum(activities=[wait_step("A", target)]))
    assert (status, answer["errorcode"]) == (400, 121000)
    assert "'A'" in answer["message"]


def test_it_takes_a_key_of_200_characters(call):
    assert call.create(minimum("k" * 200))[0] == 200


def test_it_refuses_another_media_type(call):
    assert call.create(minimum(), headers={"Content-Type": "text/plain"})[0] == 415
    assert (
        call.create(minimum(), headers={"Content-Type": "application/json; charset=UTF-8"})[0]
        == 200
    )


def test_it_refuses_more_than_four_megabytes(call):
    assert call.create(b" " * (4 * 1024 * 1024 + 1))[0] == 413
    small = b'{"key": "big", "name": "n", "workflowApiVersion": 1}'
    assert call.create(small.ljust(4 * 1024 * 1024))[0] == 200


def test_it_knows_no_other_routes(call):
    assert call("GET", "/interaction/v1/triggers")[0] == 404
    assert call("PUT", "/interaction/v1/interactions", minimum())[0] == 404
