"""Errors in the product's look, with the request's id, and on one line of the log where nobody has
to look into it."""

import json
import logging
import re
from html import unescape
from logging.config import DictConfigurator

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest
from django.test import Client

from composer.databases import is_busy
from composer.error_pages import OneLine, failed, is_away, not_found
from composer.logs import JsonLine
from journeys.models import Journey
from tests.settings import LOG_HANDLER, LOGGING

pytestmark = pytest.mark.one_database


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


OWN_PAGE = {"Sec-Fetch-Site": "same-origin", "Referer": "http://testserver/journeys/new/"}


def posted(client: Client, values: dict, **headers: str) -> str:
    answer = client.post("/journeys/new/", values, headers=headers)
    assert answer.status_code == 403
    return answer.content.decode()


def test_an_old_form_says_what_happened_and_loses_nothing(maya: User, browser_of, journey: Journey):
    client = browser_of(maya, enforce_csrf_checks=True)
    page = posted(
        client, {"name": "Spring", "description": "Greets <b>all</b>.", "key": "k"}, **OWN_PAGE
    )
    assert is_ours(page) and '<h1 id="error-title">This page was open for too long</h1>' in page
    assert "You are signed in as Maya Marketer." in page and "not open to you" not in page
    again = {
        name: unescape(value)
        for name, value in re.findall(r'<textarea name="(\w+)" hidden>\n(.*?)</textarea>', page)
    }
    assert again == {"name": "Spring", "description": "Greets <b>all</b>.", "key": "k"}
    token = re.search(
        r'name="csrfmiddlewaretoken" value="(\w+)"', page[page.index("<main") :]
    ).group(1)
    values = {
        **again,
        "tenant": journey.tenant_id,
        "spec_version": "1.0",
        "csrfmiddlewaretoken": token,
    }
    assert client.post("/journeys/new/", values).status_code != 403


def test_an_old_form_shows_no_secret_and_nothing_that_another_site_sent(
    maya: User, browser_of, journey: Journey
):
    client, typed = browser_of(maya, enforce_csrf_checks=True), {"name": "Spring is here"}
    assert "Spring is here" in posted(client, typed, **OWN_PAGE)
    assert "Spring is here" not in posted(client, typed)
    page = posted(client, typed, **{"Sec-Fetch-Site": "cross-site"})
    assert "Spring is here" not in page and "This was sent by another site" in page
    page = posted(client, {**typed, "client_secret": "s3cret"}, **OWN_PAGE)
    assert "s3cret" not in page and "Send it again" not in page


def test_a_form_of_somebody_who_is_not_signed_in_is_shown_but_not_sent_again(db):
    client = Client(enforce_csrf_checks=True)
    page = posted(client, {"name": "Spring is here"}, **OWN_PAGE)
    assert "Spring is here" in page and "Send it again" not in page and "top-nav" not in page


@pytest.mark.parametrize(
    ("method", "address"), [("get", "/sign-out/x"), ("get", "/journeys/{pk}/undo/"), ("put", "/")]
)
def test_each_error_has_the_menu_of_who_is_signed_in(
    as_ada: Client, journey: Journey, method: str, address: str
):
    answer = getattr(as_ada, method)(address.format(pk=journey.pk))
    page = answer.content.decode()
    assert answer.status_code in (404, 405) and is_ours(page)
    assert ("top-nav" in page) == (
        method != "put"
    )  # which is answered before it is asked who it is
    if answer.status_code == 405:
        assert answer["Allow"] in ("POST", "GET, HEAD, POST") and "takes what a form sends" in page


def test_a_page_that_is_not_there_needs_no_database_either(rf):
    class Away:
        @property
        def is_authenticated(self) -> bool:
            raise OperationalError("connection refused")

    request = rf.get("/nowhere/")
    request.user, request.correlation_id = Away(), "id-of-the-request"
    page = not_found(request).content.decode()
    assert is_ours(page) and "top-nav" not in page and 'class="brand" href="/"' in page


def test_it_tells_of_a_wrong_host_without_asking_for_it(client: Client, db):
    answer = client.get("/", headers={"Host": "elsewhere.example"})
    assert answer.status_code == 400 and is_ours(answer.content.decode())


def test_it_tells_a_fragment_the_sentence_alone(as_maya: Client, tenant):
    answer = as_maya.get("/journeys/1234567/panel/", headers={"HX-Request": "true"})
    assert answer.status_code == 404 and "<" not in answer.content.decode()


def test_a_fault_of_ours_names_the_id_and_nothing_of_the_fault():
    answer = failing(ValueError("of the inside"))
    page = answer.content.decode()
    assert (
        answer.status_code == 500
        and is_ours(page)
        and "id-of-the-request" in page
        and "inside" not in page
    )


@pytest.mark.parametrize(
    "error", [OperationalError("connection refused"), InterfaceError("connection already closed")]
)
def test_it_asks_for_patience_while_the_database_is_away(
    error: Exception, django_assert_num_queries
):
    answer = failing(error)
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert is_ours(answer.content.decode()) and "reload the page" in answer.content.decode()


class LockNotAvailable(Exception):
    sqlstate = "55P03"


def test_it_knows_a_database_that_others_keep_busy():
    try:
        raise OperationalError("canceling statement due to lock timeout") from LockNotAvailable()
    except OperationalError as error:
        assert is_busy(error)
    assert is_busy(OperationalError("database is locked"))
    assert not is_busy(OperationalError("no such table: journeys_journey"))
    assert not is_busy(OperationalError("connection to server failed"))


@pytest.mark.parametrize(
    "text", ["no such table: journeys_use", "Expression tree is too large (maximum depth 1000)"]
)
def test_a_wrong_statement_is_no_database_that_is_away(text: str):
    assert not is_away(OperationalError(text))


def logged(error: Exception, status: int) -> dict:
    facts = (type(error), error, error.__traceback__)
    record = logging.LogRecord(
        "django.request", logging.WARNING, __file__, 1, "Forbidden: %s", ("/x/",), facts
    )
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
    handler = DictConfigurator({"filters": LOGGING["filters"]})
    for name in LOG_HANDLER["filters"]:
        handler.configure_filter(LOGGING["filters"][name]).filter(record)
    assert record.levelname == "WARNING" and record.exc_info is None


@pytest.fixture
def told(caplog):
    def lines() -> list[dict]:
        return [one.told for one in caplog.records if one.name == "composer.access"]

    caplog.set_level(logging.INFO, "composer.access")
    return lines


def test_it_logs_each_request_with_who_and_what_but_no_words_of_a_search(
    as_maya: Client, maya: User, tenant, told
):
    as_maya.get("/?q=confidential", headers={"X-Request-ID": "id-of-the-request"})
    (line,) = told()
    assert line.pop("ms") >= 0
    assert line == {
        "method": "GET",
        "path": "/",
        "status": 200,
        "user": maya.pk,
        "address": "127.0.0.1",
    }


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
