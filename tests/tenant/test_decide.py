"""The one function that decides what an answer means."""

import json
from datetime import UTC, datetime

import pytest

from journeys.tenant import (
    Busy,
    Fault,
    NotSent,
    Refused,
    TenantError,
    TokenRefused,
    Unauthorized,
    Unclear,
    decide,
)
from journeys.tenant.bodies import retry_after, said
from journeys.tenant.verdict import REFUSALS
from tests.tenant.helping import JOURNEY, answer_of

ERROR = b'{"message":"No.","errorcode":10005,"documentation":"https://x.example"}'


def kind(phase: str, status: int, body: bytes) -> type[TenantError] | None:
    error = decide(phase, answer_of(status, body), "welcome")
    return type(error) if error else None


def test_every_status_with_an_error_of_the_endpoint_has_one_meaning():
    expected = {status: Refused if status in REFUSALS else Unclear for status in range(100, 600)}
    expected |= {401: Unauthorized, 429: Busy}
    assert {status: kind("create", status, ERROR) for status in range(100, 600)} == expected


def test_no_status_means_anything_with_a_web_page():
    page = b"<!DOCTYPE html><html><body>Maintenance</body></html>"
    assert {kind("create", status, page) for status in range(100, 600)} == {Unclear}


@pytest.mark.parametrize("status", [400, 401, 403, 404])
def test_the_token_route_refuses_for_good(status):
    assert (
        kind("token", status, b'{"error":"invalid_client","error_description":"No."}')
        is TokenRefused
    )


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b"[]",
        b'"no"',
        b'{"foo":1}',
        b'{"errors":[]}',
        b'{"message":""}',
        b'{"errorcode":true}',
    ],
)
def test_json_that_is_no_error_of_the_endpoint_is_unclear(body):
    assert kind("create", 400, body) is Unclear


@pytest.mark.parametrize(
    ("body", "code", "message", "details"),
    [
        (
            {"message": "Not Authorized", "errorcode": 0, "documentation": ""},
            "0",
            "Not Authorized",
            (),
        ),
        ({"message": "No.", "errorCode": "10004"}, "10004", "No.", ()),
        (
            {"message": "Insufficient privileges to complete this action."},
            "",
            "Insufficient privileges to complete this action.",
            (),
        ),
        (
            {
                "message": "Validation Errors Occurred!",
                "errorcode": 10006,
                "validationErrors": [{"message": "a", "errorcode": 121072}],
            },
            "10006",
            "Validation Errors Occurred!",
            (("121072", "a"),),
        ),
        (
            {
                "errorcode": 10006,
                "additionalErrors": [{"message": "a", "errorCode": 10005}, "b", 3, {}],
            },
            "10006",
            "a",
            (("10005", "a"), ("", "b")),
        ),
        (
            {
                "errors": [
                    {
                        "errorDetail": "a",
                        "errorCode": "121008",
                        "additionalInfo": {"activityKey": "EMAILV2-1"},
                    }
                ]
            },
            "121008",
            "a",
            (("121008", "a"),),
        ),
        ({"error": "invalid_scope", "error_description": "No."}, "invalid_scope", "No.", ()),
        (
            {"message": {"a": 1}, "errorcode": [1], "validationErrors": {"a": 1}, "errors": "x"},
            None,
            None,
            None,
        ),
    ],
)
def test_it_reads_every_form_of_an_error(body, code, message, details):
    read = said(body)
    assert (read and (read.code, read.message, read.details)) == (
        (code, message, details) if details is not None else None
    )


@pytest.mark.parametrize(
    ("header", "in_body", "seconds"),
    [
        ("5", None, 5),
        (" 5 ", None, 5),
        ("86400", None, 3600),
        ("-1", None, None),
        ("soon", None, None),
        ("", None, None),
        ("", 7, 7),
        ("", "7", 7),
        ("5", 7, 7),
        ("9", 7, 9),
        ("soon", 7, 7),
        ("", -1, None),
        ("", 1e400, None),
        ("", True, None),
        ("9" * 500, None, None),
        ("Sun, 06 Nov 1994 08:50:07 GMT", None, 30),
        ("Sun, 06 Nov 1994 08:00:00 GMT", None, 0),
        ("Sun, 06 Nov 99999 08:00:00 GMT", None, None),
    ],
)
def test_it_reads_how_long_to_wait(header, in_body, seconds):
    body = said({"message": "Rate limit exceeded", "retryAfter": in_body})
    now = datetime(1994, 11, 6, 8, 49, 37, tzinfo=UTC)
    assert retry_after({"retry-after": header}, body, now) == seconds


def test_both_kinds_of_429_are_told_apart():
    over = decide(
        "create",
        answer_of(429, b'{"message":"Rate limit exceeded","errorcode":50100,"retryAfter":5}'),
    )
    blocked = decide("create", answer_of(429, b'{"message":"Blocked","errorcode":50200}'))
    assert (over.retry_after, over.blocked, blocked.retry_after, blocked.blocked) == (
        5,
        False,
        None,
        True,
    )


def test_trouble_may_also_name_a_time():
    error = decide("create", answer_of(503, b"<html>", retry_after="30"))
    assert (type(error), error.retry_after, error.status) == (Unclear, 30, 503)


@pytest.mark.parametrize(
    ("status", "message", "exists"),
    [
        (400, "A journey with this key already exists.", True),
        (409, "Conflict", True),
        (400, "The key is too long.", False),
    ],
)
def test_a_refusal_says_when_the_key_is_taken(status, message, exists):
    assert (
        decide(
            "create", answer_of(status, f'{{"message":"{message}","errorcode":30000}}'.encode())
        ).exists
        is exists
    )


@pytest.mark.parametrize(
    "reason", ["dns", "refused", "tls", "connect", "timeout", "reset", "network", "other"]
)
def test_only_a_fault_before_the_first_byte_is_not_sent(reason):
    assert isinstance(decide("create", Fault(False, reason)), NotSent)
    assert isinstance(decide("create", Fault(True, reason)), Unclear)


@pytest.mark.parametrize("version", ["1", "1.0"])
def test_both_spellings_of_the_spec_version_are_a_success(version):
    body = (
        json.dumps(JOURNEY)
        .replace('"workflowApiVersion": 1', f'"workflowApiVersion": {version}')
        .encode()
    )
    assert kind("create", 200, body) is None


def test_a_list_needs_its_items():
    assert (
        kind("list", 200, b'{"items":[]}') is None and kind("list", 200, b'{"count":0}') is Unclear
    )
