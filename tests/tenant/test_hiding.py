"""Logs and stored exchanges hold no secret."""

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
    ],
)
def test_it_hides_what_is_named_like_a_secret(text):
    assert "CANARY" not in hidden(text) and "(hidden)" in hidden(text)


def test_it_hides_given_secrets_wherever_they_stand():
    assert hidden("the CANARY sings", "CANARY", "") == "the (hidden) sings"


def test_it_leaves_the_rest_as_it_is():
    text = '{"name":"Secret sale","key":"token-1","text":"basic idea"}'
    assert hidden(text) == text


def test_it_hides_headers_by_name():
    given = {"Authorization": "Bearer CANARY", "set-cookie": "a=CANARY", "Content-Type": "application/json"}
    assert hidden_headers(given) == {
        "Authorization": "(hidden)",
        "set-cookie": "(hidden)",
        "Content-Type": "application/json",
    }
