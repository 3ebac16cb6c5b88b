"""Every refusal in a marketer's words, with the place it speaks of."""

import json

import pytest

from journeys.explaining import explain, sentence
from journeys.explaining.advice import CODES, EXISTS, REASONS, STATUSES, WORDS
from journeys.spec.address import Address
from journeys.tenant import BadAddress, Fault, check_subdomain, decide
from tests.tenant.helping import answer_of

DOCUMENT = {
    "key": "welcome",
    "name": "Fish & chips",
    "description": "fine",
    "workflowApiVersion": 1.0,
    "triggers": [{"key": "TRIGGER", "name": "Sign-up", "type": "APIEvent"}],
    "activities": [
        {"key": "WAIT-1", "name": "Breathe", "outcomes": [{"key": "o1", "next": "EMAILV2-1"}]},
        {"key": "EMAILV2-1", "name": "Welcome mail", "outcomes": [{"key": "o2", "next": ""}]},
        {"key": "EMAILV2-10", "name": "Second mail", "outcomes": []},
    ],
}


def refused(status: int, body: object, phase: str = "create", document: dict | None = DOCUMENT):
    return explain(decide(phase, answer_of(status, json.dumps(body).encode()), "welcome"), document)


@pytest.mark.parametrize(
    "code",
    ["10000", "10001", "10002", "10003", "10004", "10005", "10006", "30000"]
    + ["121000", "121008", "121072", "121226", "121500", "121546", "121547"],
)
def test_every_known_code_has_its_own_words(code):
    told = refused(400, {"message": "The server's own words.", "errorcode": int(code)})
    assert (told.text, told.todo) == (CODES[code].text, CODES[code].do)
    assert (told.code, told.server_message) == (code, "The server's own words.")


@pytest.mark.parametrize(
    ("status", "body", "advice"),
    [
        (401, {"message": "Not Authorized", "errorcode": 0}, CODES["0"]),
        (403, {"message": "Wrong stack", "errorcode": 40002}, CODES["40002"]),
        (404, {"message": "Nothing here"}, STATUSES[404]),
        (409, {"message": "Conflict"}, EXISTS),
        (413, {"message": "Too large"}, STATUSES[413]),
        (413, "<html>", STATUSES[413]),
        (415, {"message": "Media type"}, STATUSES[415]),
        (429, {"message": "Rate limit exceeded", "errorcode": 50100}, CODES["50100"]),
        (429, {"message": "Blocked", "errorcode": 50200}, CODES["50200"]),
        (429, {"message": "Slow down"}, CODES["50100"]),
        (500, {"message": "Oops", "errorcode": 30000}, REASONS["server"]),
        (302, {}, REASONS["redirect"]),
        (400, {"message": "The key already exists", "errorcode": 30000}, EXISTS),
    ],
)
def test_every_status_has_its_own_words(status, body, advice):
    told = refused(status, body)
    assert (told.text, told.todo) == (advice.of_create, advice.do)


@pytest.mark.parametrize("word", sorted(WORDS))
def test_every_refusal_of_the_token_route_has_its_own_words(word):
    told = refused(400, {"error": word, "error_description": "No."}, "token")
    assert (told.title, told.text, told.code) == (
        "Marketing Cloud refused the sign-in",
        WORDS[word].text,
        word,
    )


@pytest.mark.parametrize(
    ("phase", "message", "scope"),
    [
        (
            "create",
            "Insufficient privileges to complete this action.",
            "“Journeys: Write” (journeys_write)",
        ),
        (
            "get",
            "Insufficient privileges to complete this action.",
            "“Journeys: Read” (journeys_read)",
        ),
        ("create", "Missing scope: list_and_subscribers_read", "“list_and_subscribers_read”"),
    ],
)
@pytest.mark.parametrize("code", [{}, {"errorcode": 20002}])
def test_a_missing_permission_is_named(phase, message, scope, code):
    assert scope in refused(403, {"message": message, **code}, phase).text


def test_a_list_of_errors_is_told_point_by_point():
    points = [
        {"message": "Illegal characters in name", "errorcode": 121072},
        {"message": "Activity 'Welcome mail' has a bad value", "errorcode": 10005},
    ]
    told = refused(
        400,
        {"message": "Validation Errors Occurred!", "errorcode": 10006, "validationErrors": points},
    )
    assert told.title == "Marketing Cloud found 2 things to correct"
    assert [(part.code, part.addresses) for part in told.parts] == [
        ("121072", (Address("journey", "", "name"),)),
        ("10005", (Address("activity", "EMAILV2-1"),)),
    ]
    assert told.addresses == (Address("journey", "", "name"), Address("activity", "EMAILV2-1"))


@pytest.mark.parametrize(
    ("code", "message", "addresses"),
    [
        (10005, "Step WAIT-1 is wrong", [Address("activity", "WAIT-1")]),
        (10005, "Step EMAILV2-10 is wrong", [Address("activity", "EMAILV2-10")]),
        (10005, 'The trigger "Sign-up" is wrong', [Address("trigger", "TRIGGER")]),
        (
            10004,
            "Path 'activities[0].outcomes[0].next', line 1",
            [Address("activity", "WAIT-1", "outcomes[o1].next")],
        ),
        (10004, "Activities[1].Name is wrong", [Address("activity", "EMAILV2-1", "name")]),
        (10004, "activities[99].name is wrong", []),
        (121000, "Invalid field value", [Address("activity", "EMAILV2-1", "outcomes[o2].next")]),
        (121072, "Illegal characters", [Address("journey", "", "name")]),
        (121226, "Default email is invalid", [Address("journey", "", "defaults.email")]),
        (10003, "workflowApiVersion is required", [Address("journey", "", "workflowApiVersion")]),
        (10005, "The 'name' is too long", [Address("journey", "", "name")]),
        (30000, "Unable to save the journey by this name.", []),
    ],
)
def test_it_finds_the_place_in_what_was_sent(code, message, addresses):
    assert list(refused(400, {"message": message, "errorcode": code}).addresses) == addresses


def test_the_endpoint_may_name_the_step_itself():
    error = {
        "errorDetail": "Not verified",
        "errorCode": "121008",
        "additionalInfo": {"activityKey": "EMAILV2-1"},
    }
    assert refused(400, {"errors": [error]}).addresses == (Address("activity", "EMAILV2-1"),)


@pytest.mark.parametrize("reason", ["dns", "refused", "tls", "connect", "timeout", "network"])
def test_what_was_not_sent_says_so(reason):
    told = explain(decide("create", Fault(False, reason)), DOCUMENT)
    assert told.title == "Nothing was sent" and "may have been created" not in told.text


@pytest.mark.parametrize("phase", ["token", "get", "list"])
@pytest.mark.parametrize(
    "outcome",
    [Fault(True, "timeout"), answer_of(503, b""), answer_of(200, b"<html>"), answer_of(200, b"{}")],
)
def test_only_a_create_may_have_created(phase, outcome):
    error = decide(phase, outcome)
    assert error is None or "created" not in explain(error).text


def test_a_bad_address_is_told_in_its_own_words():
    with pytest.raises(BadAddress) as caught:
        check_subdomain("evil.example/")
    assert explain(caught.value).text == sentence(caught.value)
    assert sentence(caught.value).startswith("The sub-domain may hold only letters")


@pytest.mark.parametrize(
    "document",
    [None, {}, {"activities": 3}, {"activities": [1, {"key": 2}, {"key": "A", "outcomes": [0]}]}],
)
@pytest.mark.parametrize("code", [10003, 10004, 121000, 121072, 121226])
def test_odd_documents_do_no_harm(document, code):
    assert (
        refused(400, {"message": "activities[1].name A", "errorcode": code}, document=document).text
        == CODES[str(code)].text
    )


def test_a_web_page_is_told_as_such():
    assert (
        explain(decide("create", answer_of(200, b"<!doctype html><title>Sign in</title>"))).text
        == REASONS["html"].text
    )
