import hashlib

import pytest

from tests.practice.conftest import COLLECTION, minimum


def test_it_lists_what_arrived(server, call):
    body = b'{"key":"k","name":"n","workflowApiVersion":1}'
    call.sign_in(account_id="510001")
    call.create(body)
    call.create(b'{"key":"k"}')
    taken, refused = server.control("requests", key="k")["requests"]
    assert 0 < taken.pop("started") <= taken.pop("ended")
    assert taken == {
        "number": 3,
        "method": "POST",
        "path": COLLECTION,
        "route": "create",
        "key": "k",
        "sha256": hashlib.sha256(body).hexdigest(),
        "account": "510001",
        "fault": "",
        "status": 200,
        "committed": True,
        "late": False,
    }
    assert (refused["status"], refused["committed"]) == (400, False)
    assert server.control("requests", since=2)["count"] == 2
    assert server.control("requests", route="token")["count"] == 2


def test_it_gives_the_bytes_last_received_or_stored(server, call):
    call.create(minimum())
    stored = server.control("bodies", key="welcome")
    call.create(b'{"key": "welcome", "status": "Draft"}')
    assert server.control("bodies", key="welcome") == b'{"key": "welcome", "status": "Draft"}'
    assert server.control("bodies", key="welcome", version="newest") == stored
    with pytest.raises(ValueError, match="No body"):
        server.control("bodies", key="nobody")


def test_it_forgets_everything(server, call):
    server.control("settings", {"same_key": "refuse"})
    server.control("faults", {"faults": [{"fault": "blocked", "route": "delete"}]})
    call.create(minimum())
    server.control("reset", {})
    assert (server.control("journeys")["count"], server.control("requests")["count"]) == (0, 0)
    assert (server.control("settings")["same_key"], server.control("faults")["faults"]) == (
        "new_version",
        [],
    )
    assert call.get("key:welcome")[0] == 401


def test_it_keeps_what_it_is_told_to_keep(server, call):
    server.control("settings", {"same_key": "refuse"})
    call.create(minimum())
    server.control("reset", {"keep": ["tokens", "settings"]})
    assert call.get("key:welcome")[0] == 404
    assert server.control("settings")["same_key"] == "refuse"


@pytest.mark.parametrize("bad", [{"speed": 1}, {"same_key": "maybe"}, {"expires_in": "soon"}])
def test_it_refuses_a_setting_it_does_not_know(server, bad):
    before = server.control("settings")
    with pytest.raises(ValueError, match="not understood"):
        server.control("settings", bad)
    assert server.control("settings") == before


def test_it_changes_only_by_post_with_json(server, call):
    for method, kind, status in (
        ("GET", "application/json", 405),
        ("PUT", "application/json", 405),
        ("POST", "text/plain", 415),
        ("POST", "application/x-www-form-urlencoded", 415),
    ):
        assert call(method, "/control/reset", {}, headers={"Content-Type": kind})[0] == status
    assert call("POST", "/control/reset", b"[]")[0] == 400
    assert call("GET", "/control/nothing")[0] == 404


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:80", "10.0.0.1", "127.0.0.1.evil.example", ""]
)
def test_it_answers_to_no_foreign_name(call, host):
    for path in ("/control/settings", COLLECTION):
        assert call("GET", path, headers={"Host": host})[0] == 421


@pytest.mark.parametrize("host", ["localhost:1", "127.0.0.1", "[::1]:99", "127.1.2.3:5"])
def test_it_answers_to_the_machines_own_names(call, host):
    assert call("GET", "/control/settings", headers={"Host": host})[0] == 200
