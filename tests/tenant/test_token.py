"""The token route: what is asked, what is taken, what is refused."""

import json

import pytest

from journeys.explaining import sentence
from journeys.tenant import Busy, Client, Credentials, NotSent, TokenRefused, Unclear
from tests.tenant.helping import client
from tests.tenant.server import answer, serve

GOOD = {
    "access_token": "t0ken-value",
    "token_type": "Bearer",
    "expires_in": 1079,
    "scope": "journeys_write",
}


def test_it_asks_with_the_credentials_and_the_business_unit():
    with serve(answer(200, GOOD)) as server:
        Client(
            Credentials("", "package", "s3cret-value", "7001", practice_url=server.url)
        ).fetch_token()
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /v2/token HTTP/1.1\r\n")
    assert json.loads(body) == {
        "grant_type": "client_credentials",
        "client_id": "package",
        "client_secret": "s3cret-value",
        "account_id": "7001",
    }


def test_it_reads_a_token_and_keeps_it_out_of_its_repr():
    with serve(answer(200, {**GOOD, "rest_instance_url": "https://evil.example/"})) as server:
        token = client(server.url).fetch_token()
    assert (token.access_token, token.expires_in, token.scope) == (
        "t0ken-value",
        1079,
        "journeys_write",
    )
    assert token.rest_url == server.url and token.names_another
    assert "t0ken-value" not in repr(token)


@pytest.mark.parametrize(
    ("given", "seconds"),
    [
        (5, 5),
        (1079, 1079),
        ("900", 900),
        (10**9, 1080),
        (0, 60),
        (-1, 60),
        ("abc", 60),
        (None, 60),
        (True, 60),
    ],
)
def test_a_token_is_kept_for_a_sane_time(given, seconds):
    with serve(answer(200, {**GOOD, "expires_in": given})) as server:
        assert client(server.url).fetch_token().expires_in == seconds


@pytest.mark.parametrize(
    "body",
    [
        b"<html>maintenance</html>",
        b"",
        b"[]",
        b"null",
        b'{"access_token": "x',
        {},
        {"access_token": None},
        {"access_token": ""},
        {"access_token": "a\r\nX-Evil: 1"},
        {"access_token": "x" * 20000},
        {"access_token": "x", "token_type": "mac"},
        b'{"access_token": "x", "expires_in": NaN}',
    ],
)
def test_an_answer_without_a_usable_token_is_unclear(body):
    with serve(answer(200, body)) as server, pytest.raises(Unclear) as caught:
        client(server.url).fetch_token()
    assert "created" not in sentence(caught.value)


def test_rejected_credentials_say_so_without_the_secret():
    body = {
        "error": "invalid_client",
        "error_description": "Invalid client ID.",
        "error_uri": "https://x.example",
    }
    with serve(answer(401, body)) as server, pytest.raises(TokenRefused) as caught:
        client(server.url).fetch_token()
    assert (caught.value.code, caught.value.message) == ("invalid_client", "Invalid client ID.")
    assert "s3cret-value" not in repr(vars(caught.value))


def test_a_token_route_that_is_busy_or_down_is_not_a_refusal():
    busy = answer(429, {"message": "Rate limit exceeded", "errorcode": 50100}, Retry_After="7")
    with serve(busy, answer(503, b"")) as server:
        one = client(server.url)
        with pytest.raises(Busy) as caught:
            one.fetch_token()
        with pytest.raises(Unclear):
            one.fetch_token()
    assert caught.value.retry_after == 7


def test_a_token_route_that_is_not_there_is_not_sent():
    with serve(b"") as server:
        url = server.url
    with pytest.raises(NotSent) as caught:
        client(url).fetch_token()
    assert caught.value.reason == "refused"


def test_credentials_keep_their_secret_out_of_their_repr():
    assert "s3cret-value" not in repr(Credentials("mc1", "package", "s3cret-value"))
