import time

import pytest


def test_it_gives_a_token_that_opens_the_routes(server, call):
    status, answer = call.sign_in(account_id="510001")
    token = answer.pop("access_token")
    assert (status, len(token) > 300) == (200, True)
    assert answer == {
        "token_type": "Bearer",
        "expires_in": 1079,
        "scope": server.control("settings")["scope"],
        "soap_instance_url": f"{server.url}/",
        "rest_instance_url": f"{server.url}/",
    }
    assert call("GET", "/interaction/v1/interactions")[0] == 200


@pytest.mark.parametrize(
    ("members", "status", "error"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_secret": None}, 400, "invalid_request"),
        ({"client_id": None}, 400, "invalid_request"),
        ({"grant_type": None}, 400, "invalid_request"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"scope": "everything"}, 400, "invalid_scope"),
    ],
)
def test_it_refuses_a_bad_token_request(call, members, status, error):
    got, answer = call.sign_in(**members)
    assert (got, answer["error"]) == (status, error)
    assert sorted(answer) == ["error", "error_description", "error_uri"]


def test_it_takes_only_the_configured_clients(server, call):
    server.control("settings", {"clients": {"ada": "secret-1"}})
    assert call.sign_in()[0] == 401
    assert call.sign_in(client_id="ada", client_secret="secret-1")[0] == 200


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer nonsense", "Basic abc"])
def test_it_asks_every_route_for_a_token(call, header):
    for method, path in (
        ("GET", "/interaction/v1/interactions"),
        ("POST", "/interaction/v1/interactions"),
        ("GET", "/"),
    ):
        status, answer, _ = call(method, path, headers={"Authorization": header})
        assert (status, answer) == (
            401,
            {"message": "Not Authorized", "errorcode": 0, "documentation": ""},
        )


def test_it_lets_tokens_expire(server, call):
    server.control("settings", {"token_life": 0.05})
    assert call.sign_in()[1]["expires_in"] == 1079
    until = time.monotonic() + 20
    while (status := call.get("key:welcome")[0]) != 401 and time.monotonic() < until:
        time.sleep(0.01)
    assert status == 401


def test_it_revokes_every_token(server, call):
    server.control("revoke", {})
    assert call.get("key:welcome")[0] == 401


def test_it_refuses_creating_without_the_right_scope(server, call):
    server.control("settings", {"scope": "journeys_read"})
    call.sign_in()
    answer = {"message": "Insufficient privileges to complete this action."}
    assert call.create({}) == (403, answer)
    assert call.get("key:welcome")[0] == 404
