"""An email whose settings are a text of JSON, as some answers of the API have it."""

import json

import pytest

from journeys.blocks import lens, sentence
from journeys.blocks.activities.email import SendEmail
from journeys.blocks.facts import Facts
from journeys.spec.document import dumps
from tests.blocks.browser import save

CONFIGURATION = "configurationArguments"
SEND = {
    "emailId": 42,
    "emailSubject": "Hello",
    "dynamicEmailSubject": "Hello",
    "name": "Welcome",
    "x": [1.5],
}


def email(**changes: object) -> dict:
    block = {**SendEmail.new("EMAILV2-1", {}), "outcomes": []}
    settings = {
        **block[CONFIGURATION],
        "triggeredSend": {**SEND, "sendClassificationId": "an-id", **changes},
    }
    return {**block, CONFIGURATION: settings}


def as_text(block: dict, **spacing: object) -> dict:
    text = json.dumps(block[CONFIGURATION]["triggeredSend"], **spacing)
    return {**block, CONFIGURATION: {**block[CONFIGURATION], "triggeredSend": text}}


def problems(block: dict) -> list[tuple[str, str, str]]:
    found = lens(block, "activity").problems(block, Facts())
    return [(one.id, one.severity, one.address.inside) for one in found]


def test_it_says_and_checks_a_text_like_the_object_itself() -> None:
    assert sentence(as_text(email()), "activity") == sentence(email(), "activity") == "Send Welcome"
    assert problems(as_text(email())) == problems(email()) == []
    place = f"{CONFIGURATION}.triggeredSend.emailId"
    assert problems(as_text(email(emailId=0))) == [("email-missing", "blocking", place)]


def test_it_leaves_a_text_a_text() -> None:
    block = as_text(email(), indent=1)
    assert lens(block, "activity") is SendEmail
    assert dumps(save(SendEmail, block)) == dumps(block)
    changed = save(SendEmail, block, {"email_id": "7", "subject": "Hi"})
    assert changed == as_text(
        email(emailId=7, emailSubject="Hi", dynamicEmailSubject="Hi"), separators=(",", ":")
    )


@pytest.mark.parametrize("text", ["", " ", "null", "[1]", "{", '{"a": 1, "a": 2}'])
def test_it_keeps_any_text_in_place_of_the_settings(text: str) -> None:
    block = email()
    block = {**block, CONFIGURATION: {**block[CONFIGURATION], "triggeredSend": text}}
    opened = lens(block, "activity")
    assert opened.editable is (text.strip() == "")
    assert dumps(save(opened, block)) == dumps(block)
