import http.client
import json
import time

import pytest

from journeys.practice import faults
from journeys.practice.faults import KINDS, Faults, parse
from tests.practice.conftest import COLLECTION, minimum

BROKEN = (ConnectionError, http.client.HTTPException, TimeoutError)


def committed(server, key: str = "welcome") -> int:
    return server.control("journeys", key=key)["count"]


def fault(server, **options: object) -> None:
    server.control("faults", {"faults": [{"route": "create", **options}]})


def breaks(call, **options: object) -> None:
    with pytest.raises(BROKEN):
        call.create(minimum(), **options)


@pytest.mark.parametrize(("when", "rows"), [("before", 0), ("after", 1)])
def test_it_answers_an_error_before_or_after_the_commit(server, call, when, rows):
    fault(server, fault="status", status=503, when=when, headers={"X-Why": "test"})
    status, answer, headers = call("POST", COLLECTION, minimum())
    assert (status, answer["errorcode"], headers["X-Why"], committed(server)) == (
        503,
        0,
        "test",
        rows,
    )
    assert call.create(minimum("next"))[0] == 200


def test_it_answers_the_body_it_was_given(server, call):
    fault(server, fault="status", status=403, body={"message": "No", "errorcode": 20002})
    fault(server, fault="status", status=502, body="Bad gateway")
    assert call.create(minimum()) == (403, {"message": "No", "errorcode": 20002})
    assert call.create(minimum()) == (502, b"Bad gateway")


@pytest.mark.parametrize("status", [200, 503])
def test_it_answers_a_page(server, call, status):
    fault(server, fault="html", status=status, when="after")
    got, answer, headers = call("POST", COLLECTION, minimum())
    assert (got, headers.get_content_type(), answer[:15]) == (
        status,
        "text/html",
        b"<!DOCTYPE html>",
    )
    assert committed(server) == 1


def test_it_limits_the_rate_with_and_without_a_header(server, call):
    fault(server, fault="rate_limited")
    fault(server, fault="rate_limited", retry_after=None, in_body=7)
    fault(server, fault="blocked")
    answers = [call("POST", COLLECTION, minimum()) for _ in range(3)]
    seen = [
        (status, answer["errorcode"], headers["Retry-After"]) for status, answer, headers in answers
    ]
    assert seen == [(429, 50100, "5"), (429, 50100, None), (429, 50200, None)]
    assert (answers[1][1]["retryAfter"], committed(server)) == (7, 0)


def test_it_refuses_a_good_token_once(server, call):
    fault(server, fault="unauthorized")
    assert [call.create(minimum())[0] for _ in range(2)] == [401, 200]


def test_it_redirects(server, call):
    fault(server, fault="redirect", status=307, location="http://127.0.0.1:9/away")
    status, _, headers = call("POST", COLLECTION, minimum())
    assert (status, headers["Location"], committed(server)) == (307, "http://127.0.0.1:9/away", 0)


def test_it_answers_late(server, call):
    fault(server, fault="delay", seconds=0.2)
    started = time.monotonic()
    assert call.create(minimum())[0] == 200
    assert time.monotonic() - started >= 0.2


@pytest.mark.parametrize(("when", "rows"), [("before", 0), ("after", 1)])
def test_it_hangs(server, call, when, rows):
    fault(server, fault="hang", when=when, seconds=30)
    breaks(call, timeout=0.2)
    assert committed(server) == rows


def test_it_hangs_up_without_an_answer_or_answers_in_the_end(server, call):
    fault(server, fault="hang", when="after", seconds=0.05)
    breaks(call)
    fault(server, fault="hang", when="after", seconds=0.05, answer=True)
    assert call.create(minimum("other"))[0] == 200


@pytest.mark.parametrize(("when", "rows"), [("before", 0), ("after", 1)])
def test_it_resets_the_connection(server, call, when, rows):
    fault(server, fault="reset", when=when)
    with pytest.raises(ConnectionResetError):
        call.create(minimum())
    assert committed(server) == rows


@pytest.mark.parametrize("then", ["reset", "status", "hang"])
def test_it_commits_after_it_has_broken_off(server, call, then):
    fault(server, fault="late", seconds=0.3, then=then, hang=0)
    if then == "status":
        assert call.create(minimum())[0] == 503
    else:
        breaks(call)
    assert committed(server) == 0
    deadline = time.monotonic() + 10
    while not committed(server) and time.monotonic() < deadline:
        time.sleep(0.05)
    arrival = server.control("requests", key="welcome")["requests"][0]
    assert (committed(server), arrival["late"], arrival["fault"]) == (1, True, "late")


def test_it_drips(server, call):
    fault(server, fault="drip", every=0.001, bytes=50)
    assert call.create(minimum())[1]["key"] == "welcome"


def test_it_cuts_the_answer_short(server, call):
    fault(server, fault="truncate", bytes=40)
    with pytest.raises(http.client.IncompleteRead):
        call.create(minimum())
    fault(server, fault="truncate", length=False)
    with pytest.raises(json.JSONDecodeError):
        call.create(minimum())
    assert committed(server) == 2


def test_it_drops_and_changes_members_of_the_answer(server, call):
    activities = [{"key": "A", "metaData": {"a": 1}}]
    fault(server, fault="drop", fields=["definitionId", "activities.0.metaData", "nowhere.1.x"])
    answer = call.create(minimum(activities=activities))[1]
    assert "definitionId" not in answer and "metaData" not in answer["activities"][0]
    fault(server, fault="change", set={"key": "other"})
    assert call.create(minimum("mine"))[1]["key"] == "other"
    assert (committed(server, "mine"), committed(server, "other")) == (1, 0)


def test_it_waits_for_the_request_it_was_meant_for(server, call):
    server.control(
        "faults", {"faults": [{"fault": "status", "status": 500, "key": "b", "times": 2}]}
    )
    keys = ["a", "b", "b", "b"]
    assert [call.create(minimum(key))[0] for key in keys] == [200, 500, 500, 200]
    server.control("faults", {"faults": [{"fault": "status", "status": 500, "route": "token"}]})
    assert call.get("key:a")[0] == 200
    assert call.sign_in()[0] == 500


def test_it_draws_the_same_mix_again_whatever_the_order(server, call):
    mix = {
        "seed": 7,
        "chances": [
            {"chance": 0.3, "fault": "status", "status": 503},
            {"chance": 0.2, "fault": "blocked"},
        ],
    }
    runs = []
    for keys in (range(40), reversed(range(40))):
        server.control("faults", {"clear": True, "mix": mix})
        runs.append({key: call.create(minimum(f"k{key}"))[0] for key in keys})
    assert runs[0] == runs[1]
    assert set(runs[0].values()) == {200, 503, 429}
    server.control("faults", {"mix": None})
    assert call.create(minimum("after"))[0] == 200


@pytest.mark.parametrize(
    "bad", [{"fault": "flood"}, {}, "status", {"fault": "status", "when": "never"}]
)
def test_it_refuses_a_fault_it_does_not_know(server, bad):
    with pytest.raises(ValueError, match="not understood"):
        server.control("faults", {"faults": [bad]})
    assert server.control("faults")["faults"] == []


def test_it_documents_every_fault():
    import journeys.practice.faults as module

    examples = [
        line.split("}")[0]
        for line in module.__doc__.splitlines()
        if line.startswith('    {"fault": ')
    ]
    assert {
        json.loads(f"{{{line.split('{')[1].split(',')[0]}}}")["fault"] for line in examples
    } == set(KINDS)


def test_it_takes_each_queued_fault_once():
    faults = Faults()
    faults.add([{"fault": "blocked"}])
    taken = [faults.take("create", "POST", "k") for _ in range(2)]
    assert [one and one.kind for one in taken] == ["blocked", None]


def test_its_head_shows_every_kind() -> None:
    kinds = faults.__doc__.partition("The kinds, one example each:")[2]
    lines = [line.strip() for line in kinds.splitlines() if line.strip().startswith("{")]
    assert {parse(json.loads(line)).kind for line in lines} == set(KINDS)
