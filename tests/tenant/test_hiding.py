"""Logs and stored exchanges hold no secret."""

import json
import time

import pytest

from journeys.tenant import hidden, hidden_headers


@pytest.mark.parametrize(
    "text",
    [
        '{"client_id":"a","client_secret":"CANARY"}',
        '{"client_secret" : "x\\"CANARY"}',
        '{"access_token":"CANARY',
        b'{"access_token":"CANARY","expires_in":5}',
        "client_secret=CANARY&grant_type=x",
        "Authorization: Bearer CANARY.abc-def",
        "AUTHORIZATION: bearer CANARY",
        '{"refreshToken":"CANARY"}',
        r'{"detail":"{\"access_token\":\"CANARY\",\"client_secret\" : \"x-CANARY\"}"}',
        r'{"detail":"{\"client_secret\":\"x\\\"CANARY\"}"}',
        r'{"detail":"{\n  \"client_secret\":\n \"CANARY\"}"}',
        r'{"detail":"{\"inner\":\"{\\\"access_token\\\":\\\"CANARY\\\"}\"}"}',
        r'{"detail":"{\"access_token\":\"CANARY',
    ],
)
def test_it_hides_what_is_named_like_a_secret(text):
    assert "CANARY" not in hidden(text) and "(hidden)" in hidden(text)


def test_it_leaves_json_in_a_string_as_readable_as_it_was():
    def nested(secret: str) -> str:
        return json.dumps(
            {
                "detail": json.dumps(
                    {"access_token": secret, "more": json.dumps({"password": secret})}
                )
            }
        )

    assert hidden(nested("CANARY")) == nested("(hidden)")


def test_a_great_many_backslashes_take_no_time():
    text = '"token' + "\\" * 1_000_000
    began = time.monotonic()
    assert hidden(text) == text and time.monotonic() - began < 5


def test_it_hides_given_secrets_wherever_they_stand():
    assert hidden("the CANARY sings", "CANARY", "") == "the (hidden) sings"


def test_it_leaves_the_rest_as_it_is():
    text = '{"name":"Secret sale","key":"token-1","text":"basic idea"}'
    assert hidden(text) == text


def test_it_hides_headers_by_name():
    given = {
        "Authorization": "Bearer CANARY",
        "set-cookie": "a=CANARY",
        "Content-Type": "application/json",
    }
    assert hidden_headers(given) == {
        "Authorization": "(hidden)",
        "set-cookie": "(hidden)",
        "Content-Type": "application/json",
    }
