"""How log lines look, and the id that they share."""

import json
import logging
import re

import pytest
from django.test import Client

from composer import correlation
from composer.logs import JsonLine, PlainLine


def record(message: str, *arguments: object, **extra: object) -> logging.LogRecord:
    made = logging.LogRecord("journeys", logging.INFO, __file__, 1, message, arguments, None)
    made.__dict__.update({"correlation_id": "", **extra})
    return made


def test_an_answer_names_the_id_that_its_request_brought(client: Client) -> None:
    assert (
        client.get("/healthz", headers={"X-Request-ID": "from-the-proxy-1"})["X-Request-ID"]
        == "from-the-proxy-1"
    )


@pytest.mark.parametrize(
    "sent", ["", "short", "a" * 65, "forged\nline of a log", 'quo"ted-and-more', "späße-123"]
)
def test_an_id_that_is_no_plain_word_is_replaced(client: Client, sent: str) -> None:
    answered = client.get("/healthz", headers={"X-Request-ID": sent})["X-Request-ID"]
    assert answered != sent and re.fullmatch(r"[0-9a-f]{32}", answered)


def test_nothing_of_a_request_is_left_to_the_next_one(client: Client) -> None:
    client.get("/healthz", headers={"X-Request-ID": "the-first-request"})
    assert correlation.current_id() == ""


def test_a_json_line_is_one_line_with_its_traceback_and_without_secrets() -> None:
    try:
        raise ValueError('{"client_secret": "abc-secret"}')
    except ValueError as error:
        made = record(
            'a\nb "access_token": "abc-token"', exc_info=(ValueError, error, error.__traceback__)
        )
    text = JsonLine().format(made)
    assert "\n" not in text and "abc-" not in text
    assert "ValueError" in json.loads(text)["exception"]


def test_a_plain_line_cannot_be_forged_by_its_message() -> None:
    text = PlainLine().format(record("first\n2026-01-01 INFO second", told={"key": "a\x1b[31mb"}))
    assert "\n" not in text and "\x1b" not in text
