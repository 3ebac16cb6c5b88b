"""What goes out, and what comes back, when all is well."""

import threading

import pytest

from journeys.tenant import Absent, Token, Unclear, read_answer
from tests.tenant.helping import BODY, GUID, JOURNEY, client, token
from tests.tenant.server import answer, serve


def test_it_sends_the_bytes_as_they_are():
    with serve(answer(200, JOURNEY)) as server:
        client(server.url).create_interaction(BODY, token(server.url))
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    assert body == BODY
    assert lines[0] == "POST /interaction/v1/interactions HTTP/1.1"
    assert sorted(lines[1:]) == [
        "Accept-Encoding: identity",
        "Accept: application/json",
        "Authorization: Bearer t0ken-value",
        f"Content-Length: {len(BODY)}",
        "Content-Type: application/json; charset=UTF-8",
        f"Host: 127.0.0.1:{server.port}",
        "User-Agent: journey-composer",
    ]


@pytest.mark.parametrize("status", [200, 201, 202])
def test_any_2xx_with_the_journey_is_a_success(status):
    with serve(answer(status, JOURNEY)) as server:
        got = client(server.url).create_interaction(BODY, token(server.url))
    created = read_answer(got, "welcome")
    assert (got.status, got.json, created.raw) == (status, JOURNEY, JOURNEY)
    assert (created.id, created.status, created.definition_id, created.version) == (
        GUID,
        "Draft",
        GUID,
        1,
    )
    assert created.created_date == "2014-08-06T23:27:08.15" and created.is_first_version


def test_a_date_of_the_year_one_means_never():
    with serve(
        answer(200, {**JOURNEY, "modifiedDate": "0001-01-01T00:00:00", "version": 2})
    ) as server:
        created = read_answer(
            client(server.url).get_interaction("welcome", token(server.url)), "welcome"
        )
    assert created.modified_date is None and not created.is_first_version


@pytest.mark.parametrize(
    ("key", "path"),
    [
        ("welcome", "key:welcome"),
        ("a/b?c#d%e", "key:a%2Fb%3Fc%23d%25e"),
        ("../../x", "key:..%2F..%2Fx"),
        ("a b+ü", "key:a%20b%2B%C3%BC"),
        ("a\r\nb", "key:a%0D%0Ab"),
    ],
)
def test_a_key_stays_one_part_of_the_path(key, path):
    with serve(answer(200, {**JOURNEY, "key": key})) as server:
        client(server.url).get_interaction(key, token(server.url), version=1)
    assert server.requests[0].startswith(
        f"GET /interaction/v1/interactions/{path}?versionNumber=1 HTTP".encode()
    )


def test_it_lists_by_page():
    page = {"count": 1, "page": 2, "pageSize": 50, "links": {}, "items": []}
    with serve(answer(200, page)) as server:
        assert client(server.url).list_interactions(token(server.url), 2).json == page
    assert server.requests[0].startswith(
        b"GET /interaction/v1/interactions?$page=2&$pageSize=50 HTTP"
    )


def test_absent_is_what_the_endpoint_itself_says():
    body = {"message": "Interaction not found.", "errorcode": 30003}
    with serve(answer(404, body)) as server, pytest.raises(Absent):
        client(server.url).get_interaction("welcome", token(server.url))


@pytest.mark.parametrize(
    "body", [b"<html>404</html>", b"", b"{}", {"message": "no route"}, {"errorcode": 404}, [30003]]
)
def test_any_other_404_proves_nothing(body):
    with serve(answer(404, body)) as server, pytest.raises(Unclear):
        client(server.url).get_interaction("welcome", token(server.url))


def test_connections_are_kept_and_shared_by_threads():
    with serve(answer(200, JOURNEY)) as server:
        one = client(server.url)
        calls = [lambda: [one.create_interaction(BODY, token(server.url)) for _ in range(10)]] * 4
        threads = [threading.Thread(target=call) for call in calls]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(server.requests) == 40 and server.connections <= 4


def test_a_connection_that_the_server_closed_is_not_used_again():
    with serve(answer(200, JOURNEY), then_close=True) as server:
        one = client(server.url)
        for _ in range(5):
            one.create_interaction(BODY, token(server.url))
            while one.wire.adapter.pools[server.url].pool.queue[-1].is_connected:
                pass
    assert server.connections == 5


def test_a_stored_token_with_another_address_leads_nowhere_else():
    with serve(answer(200, JOURNEY)) as server, serve(answer(200, JOURNEY)) as evil:
        client(server.url).create_interaction(BODY, Token("t0ken-value", 1000, evil.url))
    assert len(server.requests) == 1 and evil.connections == 0


def test_the_environment_changes_neither_way_nor_headers(monkeypatch, tmp_path):
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login eve password evil\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    with serve(answer(200, JOURNEY)) as server, serve(answer(200, JOURNEY)) as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        monkeypatch.setenv("NO_PROXY", "")
        client(server.url).create_interaction(BODY, token(server.url))
    assert proxy.connections == 0
    assert b"\r\nAuthorization: Bearer t0ken-value\r\n" in server.requests[0]
