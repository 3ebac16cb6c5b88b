"""Look-ups through the client: against the practice tenant over real HTTP, and against servers that
answer oddly."""

import json
import time
from collections.abc import Iterator
from urllib.parse import unquote

import pytest

from journeys.practice import PracticeServer
from journeys.tenant import (
    Client,
    NotSent,
    Refused,
    TenantError,
    Token,
    Unauthorized,
    Unclear,
    lookups,
)
from tests.tenant.helping import client, token
from tests.tenant.server import answer, hang, serve

LISTS = [lookups.events, lookups.folders, lookups.send_classifications, lookups.sender_profiles]
LISTS += [lookups.delivery_profiles, lookups.crm_objects]


@pytest.fixture(scope="module")
def practice() -> Iterator[PracticeServer]:
    with PracticeServer() as running:
        yield running


@pytest.fixture(scope="module")
def asked(practice: PracticeServer) -> tuple[Client, Token]:
    one = client(practice.url)
    return one, one.fetch_token()


def test_it_pages_through_all_emails(asked):
    found, page, has_more = [], 0, True
    while has_more:
        page += 1
        part = lookups.emails(*asked, page=page)
        found += part.choices
        has_more = part.has_more
    assert (page, len(found), part.count) == (15, 360, 360)
    assert len({choice.value for choice in found}) == 360
    assert [choice.name for choice in found] == sorted(choice.name for choice in found)


def test_it_tells_what_belongs_to_an_email(asked):
    (email,) = lookups.emails(*asked, "Birthday 2, City").choices
    more = {"name": "Birthday 2, City", "subject": "Many happy returns, city (2)"}
    assert email == lookups.Choice(
        email.value,
        "Birthday 2, City",
        "Birthday emails",
        "Many happy returns, city (2) — A small present is inside",
        {**more, "preheader": "A small present is inside"},
    )
    assert email.value.isdigit() and email.value < "9"


def test_it_finds_data_extensions_and_their_fields(asked):
    found = lookups.data_extensions(*asked, "orders north")
    assert [choice.name for choice in found.choices] == ["Orders North 2025", "Orders North 2026"]
    fields = lookups.fields_of(*asked, found.choices[0].value)
    assert (fields[0].name, fields[0].detail) == ("ContactKey", "Text")


@pytest.mark.parametrize("look_up", LISTS, ids=lambda one: one.__name__)
def test_it_reads_a_whole_list(asked, look_up):
    found = look_up(*asked)
    assert len(found) > 10 and all(choice.value and choice.name for choice in found)
    assert len({choice.value for choice in found}) == len(found)


def test_it_says_where_a_folder_is_and_who_sends(asked):
    folder = next(one for one in lookups.folders(*asked) if one.name == "Service Coast")
    sender = next(one for one in lookups.sender_profiles(*asked) if one.name == "Press Lakes")
    assert (folder.folder, sender.detail) == (
        "Journey Builder / Service",
        "The Lakes shop · lakes@shop.example",
    )


def test_it_asks_as_the_endpoint_wants_to_be_asked():
    page = answer(200, {"count": 2, "items": [{"id": "D", "isActive": False}, {"name": "No id"}]})
    with serve(page, page, page) as server:
        one, token_of = client(server.url), token(server.url)
        assert [email.value for email in lookups.emails(one, token_of, 'A "B"', 3).choices] == [""]
        (data_extension,) = lookups.data_extensions(one, token_of, "a&b ü", 2).choices
        assert data_extension.more["state"] == "inactive"
        lookups.folders(one, token_of)
    asked = json.loads(server.requests[0].partition(b"\r\n\r\n")[2])
    assert asked["page"] == {"page": 3, "pageSize": 25}
    assert asked["query"]["rightOperand"] == {
        "property": "name",
        "simpleOperator": "like",
        "value": 'A "B"',
    }
    targets = [unquote(request.split(b" ")[1].decode()) for request in server.requests]
    assert targets[1] == "/data/v1/customObjects?$search=a&b+ü&$page=2&$pageSize=25"
    assert (
        targets[2]
        == "/platform/v1/categories?$filter=categorytype eq journey&$page=1&$pageSize=500"
    )


def test_it_reads_a_list_to_its_end_where_pages_are_short():
    rows = [
        {"eventDefinitionKey": f"APIEvent-{number}", "name": str(number)} for number in range(5)
    ]
    pages = [answer(200, {"count": 5, "items": rows[at : at + 2]}) for at in (0, 2, 4)]
    with serve(*pages) as server:
        assert len(lookups.events(client(server.url), token(server.url))) == 5
    assert len(server.requests) == 3


@pytest.mark.parametrize(
    ("says", "error"),
    [
        (answer(200, {"count": 1}), Unclear),
        (answer(200, b"<html></html>", Content_Type="text/html"), Unclear),
        (answer(403, {"message": "Insufficient privileges to complete this action."}), Refused),
        (answer(401, {"message": "Not Authorized", "errorcode": 0}), Unauthorized),
        (answer(500, {"message": "no"}), Unclear),
    ],
)
def test_it_decides_what_an_error_is(says, error):
    with serve(says) as server, pytest.raises(error):
        lookups.emails(client(server.url), token(server.url))


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"<Envelope><faultstring>Token Expired</faultstring></Envelope>", Unauthorized),
        (b"<Envelope><OverallStatus>Error: no</OverallStatus></Envelope>", Refused),
        (b"<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>", Unclear),
        (b"not XML", Unclear),
    ],
)
def test_it_decides_what_a_soap_error_is(body: bytes, error):
    with serve(answer(200, body, Content_Type="text/xml")) as server, pytest.raises(error):
        lookups.sender_profiles(client(server.url), token(server.url))


def test_it_takes_the_next_batch_of_soap_objects():
    def batch(status: str, name: str) -> bytes:
        row = f"<Results><ObjectID>{name}</ObjectID><Name>{name}</Name></Results>"
        text = f"<E><OverallStatus>{status}</OverallStatus><RequestID>r&amp;1</RequestID>{row}</E>"
        return answer(200, text.encode(), Content_Type="text/xml")

    with serve(batch("MoreDataAvailable", "one"), batch("OK", "two")) as server:
        found = lookups.delivery_profiles(client(server.url), token(server.url))
    assert [choice.value for choice in found] == ["one", "two"]
    assert b"<ContinueRequest>r&amp;1</ContinueRequest>" in server.requests[1]
    assert b"<fueloauth" in server.requests[0] and b"Authorization" not in server.requests[0]


def test_it_does_not_wait_for_ever():
    with serve(hang) as server:
        one = client(server.url, lookup_timeout=0.3)
        for look_up in (lookups.emails, lookups.sender_profiles):
            started = time.monotonic()
            with pytest.raises(TenantError):
                look_up(one, token(server.url))
            assert time.monotonic() - started < 2
    with pytest.raises(NotSent):
        lookups.emails(one, token(server.url))
