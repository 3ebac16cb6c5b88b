"""Errors in the product's look, with the request's id, and on one line of the log where nobody has to look into it."""

import json
import logging

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest
from django.test import Client

from composer.error_pages import OneLine, failed, is_away
from composer.logs import JsonLine
from journeys.models import Journey


def failing(error: Exception):
    """What the handler answers while the error is caught."""
    request = HttpRequest()
    request.correlation_id = "id-of-the-request"
    try:
        raise error
    except type(error):
        return failed(request)


def is_ours(page: str) -> bool:
    return "Journey composer" in page and "css/app.css" in page and "Request id:" in page


@pytest.mark.parametrize("address", ["/nowhere/", "/admin/nowhere/", "/journeys/1234567/"])
def test_it_tells_in_the_products_look_that_there_is_nothing(as_ada: Client, tenant, address: str):
    answer = as_ada.get(address)
    assert answer.status_code == 404 and is_ours(answer.content.decode())
    assert answer["X-Request-ID"] in answer.content.decode()


def test_it_tells_in_the_products_look_what_is_not_open(as_rob: Client, journey: Journey):
    answer = as_rob.get("/journeys/new/")
    assert answer.status_code == 403 and is_ours(answer.content.decode())


def test_it_tells_what_to_do_about_an_old_form(maya: User, browser_of, journey: Journey):
    answer = browser_of(maya, enforce_csrf_checks=True).post("/journeys/new/")
    assert answer.status_code == 403 and "reload the page" in answer.content.decode()
    assert is_ours(answer.content.decode())


def test_it_tells_of_a_wrong_host_without_asking_for_it(client: Client, db):
    answer = client.get("/", headers={"Host": "elsewhere.example"})
    assert answer.status_code == 400 and is_ours(answer.content.decode())


def test_it_tells_a_fragment_the_sentence_alone(as_maya: Client, tenant):
    answer = as_maya.get("/journeys/1234567/panel/", headers={"HX-Request": "true"})
    assert answer.status_code == 404 and "<" not in answer.content.decode()


def test_a_fault_of_ours_names_the_id_and_nothing_of_the_fault():
    answer = failing(ValueError("of the inside"))
    page = answer.content.decode()
    assert answer.status_code == 500 and is_ours(page) and "id-of-the-request" in page and "inside" not in page


@pytest.mark.parametrize("error", [OperationalError("connection refused"), InterfaceError("connection already closed")])
def test_it_asks_for_patience_while_the_database_is_away(error: Exception, django_assert_num_queries):
    answer = failing(error)
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert is_ours(answer.content.decode()) and "reload the page" in answer.content.decode()


@pytest.mark.parametrize("text", ["no such table: journeys_use", "Expression tree is too large (maximum depth 1000)"])
def test_a_wrong_statement_is_no_database_that_is_away(text: str):
    assert not is_away(OperationalError(text))


def logged(error: Exception, status: int) -> dict:
    facts = (type(error), error, error.__traceback__)
    record = logging.LogRecord("django.request", logging.WARNING, __file__, 1, "Forbidden: %s", ("/x/",), facts)
    record.correlation_id, record.status_code = "", status
    OneLine().filter(record)
    return json.loads(JsonLine().format(record))


def test_a_refusal_is_one_line_in_the_log():
    assert "exception" not in logged(PermissionDenied(), 403)
    assert "exception" not in logged(OperationalError("connection refused"), 503)
    assert "exception" in logged(ValueError(), 500)


def test_a_403_of_a_page_is_one_line(as_rob: Client, journey: Journey, caplog):
    as_rob.get("/journeys/new/")
    (record,) = [one for one in caplog.records if one.name == "django.request"]
    assert record.levelname == "WARNING" and record.exc_info is None  # the handler took it away


@pytest.fixture
def told(caplog):
    def lines() -> list[dict]:
        return [one.told for one in caplog.records if one.name == "composer.access"]

    caplog.set_level(logging.INFO, "composer.access")
    return lines


def test_it_logs_each_request_with_who_and_what_but_no_words_of_a_search(as_maya: Client, maya: User, tenant, told):
    as_maya.get("/?q=confidential", headers={"X-Request-ID": "id-of-the-request"})
    (line,) = told()
    assert line.pop("ms") >= 0
    assert line == {"method": "GET", "path": "/", "status": 200, "user": maya.pk, "address": "127.0.0.1"}


def test_it_logs_strangers_and_refusals_without_asking_the_database(client: Client, told):
    client.get("/healthz")
    client.get("/")
    assert [(line["path"], line["status"], line["user"]) for line in told()] == [
        ("/healthz", 200, None),
        ("/", 302, None),
    ]


def test_it_logs_no_requests_where_that_is_switched_off(client: Client, told, settings):
    settings.ACCESS_LOG = False
    client.get("/healthz")
    assert told() == []
