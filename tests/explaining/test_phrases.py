"""Sentences of the endpoint that decide what is meant, and where in the journey that can be."""

import pytest

from journeys.explaining.addresses import Sent
from journeys.explaining.advice import CODES, EXISTS, UNKNOWN_REFUSAL
from journeys.explaining.phrases import MISSING, PHRASES
from journeys.spec.address import Address
from journeys.tenant.errors import is_taken
from tests.explaining.test_refusals import DOCUMENT, refused

FLOW = (
    "DUPLICATE_VALUE;The fullName: JBSystemFlow_CampaignMember-141 for Flow version is not unique."
    ";;Flow Save failed. Unable to activate the Journey, the Sales Cloud user may not have correct"
    " permissions. Activating a Journey requires the Run Flow and Manage Force.com Flow"
    " permissions."
)
SERVICE = (
    "A custom activity or entry source failed validation. Check to ensure that the activity or"
    " entry source publishes to a valid endpoint."
)
EVENT = "metaData.eventDefinitionKey"


def step(key: str) -> dict:
    return {"key": key, "name": "", "type": "WAIT", "outcomes": []}


def called(key: str) -> dict:
    execute = {"execute": {"url": f"https://{key.lower()}.example/run"}}
    return step(key) | {"type": "REST", "arguments": execute}


def naming() -> dict:
    send = {"emailId": 12345, "sendClassificationId": "class-1", "publicationListId": 0}
    email = step("E-1") | {
        "type": "EMAILV2",
        "configurationArguments": {"triggeredSend": send},
    }
    fields = [{"dataExtensionId": "de-1", "field": "field-1", "value": "x"}]
    update = step("U-1") | {
        "type": "UPDATECONTACTDATA",
        "arguments": {"activityData": {"updateContactFields": fields}},
    }
    trigger = {
        "key": "TRIGGER",
        "type": "APIEvent",
        "outcomes": [],
        "metaData": {"eventDefinitionKey": "APIEvent-1"},
    }
    steps = [email, update, called("REST-1"), step("W")]
    return {"key": "k", "categoryId": 4711, "triggers": [trigger], "activities": steps}


def by_phrase(message: str, code: object = 30000, document: dict | None = None, status: int = 400):
    body = {"message": message, **({"errorcode": code} if code is not None else {})}
    return refused(status, body, document=document or naming())


def test_an_event_without_fields_is_the_entry_sources():
    told = by_phrase("The EventSchema could not be found")
    assert "entry source's event" in told.text and "Choose the event" in told.todo
    assert told.addresses == (Address("trigger", "TRIGGER", EVENT),)


def test_a_service_that_failed_is_one_of_those_that_are_called():
    told = by_phrase(SERVICE)
    assert not told.addresses
    assert [(one.address, one.said) for one in told.candidates] == [
        (Address("activity", "REST-1", "arguments.execute.url"), "https://rest-1.example/run"),
        (Address("trigger", "TRIGGER"), ""),
    ]
    alone = naming() | {"activities": [step("W")]}
    assert by_phrase(SERVICE, document=alone).addresses == (Address("trigger", "TRIGGER"),)


@pytest.mark.parametrize("code", ["Salesforce_JB_Triggers_Error", None, 30000])
def test_a_flow_that_was_not_saved_is_no_taken_key(code):
    told = by_phrase(FLOW, code)
    assert told.text != EXISTS.text and "No key and no name of the journey is taken" in told.text
    assert told.addresses == (Address("trigger", "TRIGGER"),)
    assert not is_taken(FLOW)


def test_a_create_that_finds_something_missing_lists_what_the_journey_names():
    told = by_phrase("Category not found", 30003, status=404)
    assert (told.text, told.todo) == (MISSING.text, MISSING.do)
    assert [(str(one.address), one.said) for one in told.candidates] == [
        ("journey: categoryId", "Folder: 4711"),
        ("trigger TRIGGER: metaData.eventDefinitionKey", "Event definition key: APIEvent-1"),
        (
            "activity E-1: configurationArguments.triggeredSend.emailId",
            "Email: 12345",
        ),
        (
            "activity E-1: configurationArguments.triggeredSend.sendClassificationId",
            "Send classification: class-1",
        ),
        (
            "activity U-1: arguments.activityData.updateContactFields[0].dataExtensionId",
            "Data extension: de-1",
        ),
        (
            "activity U-1: arguments.activityData.updateContactFields[0].field",
            "Field: field-1",
        ),
    ]


@pytest.mark.parametrize(
    ("message", "first"),
    [("EventDefinition not found.", "Event definition key"), ("Asset not found.", "Email")],
)
def test_the_kind_that_the_message_speaks_of_comes_first(message, first):
    told = by_phrase(message, 30003, status=404)
    assert told.text == MISSING.text
    assert told.candidates[0].said.startswith(f"{first}: ")


def test_a_look_up_that_finds_nothing_still_means_the_journey():
    told = refused(404, {"message": "Interaction not found.", "errorcode": 30003}, "get")
    assert (told.text, told.candidates) == (CODES["30003"].text, ())


def test_many_candidates_are_cut_and_counted():
    many = [called(f"R-{number}") for number in range(50)]
    told = by_phrase(SERVICE, document=naming() | {"activities": many})
    assert (len(told.candidates), told.more) == (20, 31)
    assert told.as_data()["more_candidates"] == 31
    assert told.as_data()["candidates"][0] == [
        "activity",
        "R-0",
        "arguments.execute.url",
        "https://r-0.example/run",
    ]


def test_a_long_value_is_cut():
    told = by_phrase("Category not found", 30003, document=naming() | {"categoryId": "9" * 10_000})
    assert len(told.candidates[0].said) == 120


def test_a_phrase_in_a_list_is_told_there():
    points = [{"errorDetail": SERVICE, "errorCode": "1", "additionalInfo": {}}]
    told = refused(400, {"errors": points}, document=naming())
    assert [len(part.candidates) for part in told.parts] == [2]


def test_a_step_that_the_endpoint_names_is_no_candidate():
    info = {"activityKey": "REST-1", "activityType": "REST"}
    point = {"errorDetail": SERVICE, "errorCode": "1", "additionalInfo": info}
    told = refused(400, {"errors": [point]}, document=naming())
    assert told.addresses == (Address("activity", "REST-1"),)
    assert told.parts[0].candidates == ()


@pytest.mark.parametrize("phrase", PHRASES)
@pytest.mark.parametrize(
    "document",
    [{}, {"activities": 3}, {"triggers": [1, {"key": 2}, {"key": "A", "metaData": 0}]}],
)
def test_odd_documents_do_no_harm(phrase, document):
    list(phrase.candidates("event", Sent(document)))


@pytest.mark.parametrize(
    ("message", "taken"),
    [
        ("An interaction with this key already exists.", True),
        ("The key already exists", True),
        ("Journey name must be unique.", True),
        ("The name 'Welcome' is already in use", True),
        ("The journey's name already exists; it's taken", True),
        ("The name 'Email step' is already used", True),
        ("Activity key WAIT-1 already exists", False),
        ("The data extension already exists.", False),
        ("An event with this key is already in use", False),
        ("This value must be unique", False),
        ("Flow version is not unique", False),
    ],
)
def test_only_the_journeys_own_key_and_name_are_taken(message, taken):
    assert is_taken(message) is taken


def test_a_code_that_speaks_for_itself_decides_over_words():
    told = refused(400, {"message": "A journey key that already exists", "errorcode": 121226})
    assert told.text == CODES["121226"].text
    assert told.addresses == (Address("journey", "", "defaults.email"),)


@pytest.mark.parametrize(
    ("code", "message", "addresses"),
    [
        (121546, "The metaData of an email is old", []),
        (121008, "Email Activity: Welcome -- EmailID: 12345 is not verified.", ["E-1"]),
        (121008, "Email Activity: Welcome -- EmailID: 999 is not verified.", []),
    ],
)
def test_what_a_code_is_not_about_is_not_looked_for(code, message, addresses):
    found = by_phrase(message, code).addresses
    assert [one.key for one in found] == addresses


def test_a_key_that_is_a_word_is_meant_only_in_quotes():
    document = DOCUMENT | {"activities": [{"key": "Email", "outcomes": []}]}
    loose = refused(400, {"message": "Email is wrong", "errorcode": 10005}, document=document)
    exact = refused(400, {"message": "'Email' is wrong", "errorcode": 10005}, document=document)
    assert (loose.addresses, exact.addresses) == ((), (Address("activity", "Email"),))


def test_what_is_not_known_is_told_as_such():
    assert refused(400, {"message": "This value must be unique"}).text == UNKNOWN_REFUSAL.text
