from urllib.parse import quote

import pytest

from journeys.practice import PracticeServer
from tests.practice.conftest import COLLECTION, Caller, minimum

NOT_FOUND = (404, {"message": "Interaction not found.", "errorcode": 30003, "documentation": ""})


@pytest.mark.parametrize(
    "key", ["welcome", "a/b", "100%", "é ü 語", "key:key", "a?b#c&d=e+f", "..", "q\"'", " "]
)
def test_it_finds_a_journey_by_any_key(call, key):
    made = call.create(minimum(key, activities=[]))
    if not key.strip():
        assert made[0] == 400
        return
    status, found = call.get(f"key:{quote(key, safe='')}")
    assert (status, found.pop("stats")["currentPopulation"]) == (200, 0)
    assert found == made[1]


def test_it_finds_a_journey_by_id(call):
    made = call.create(minimum())[1]
    assert call.get(made["id"])[1]["key"] == "welcome"


def test_it_says_what_it_does_not_know(call):
    assert call.get("key:nobody") == NOT_FOUND
    assert call.get("00000000-0000-4000-8000-000000000000") == NOT_FOUND


def test_it_gives_the_version_asked_for(server, call):
    call.create(minimum(description="first"))
    call.create(minimum(description="second"))
    assert call.get("key:welcome?versionNumber=1")[1]["description"] == "first"
    assert call.get("key:welcome?versionNumber=2")[1]["description"] == "second"
    assert call.get("key:welcome?versionNumber=3") == NOT_FOUND
    assert call.get("key:welcome?versionNumber=x")[0] == 400
    assert call.get("key:welcome")[1]["version"] == 2
    server.control("settings", {"default_version": "first"})
    assert call.get("key:welcome")[1]["version"] == 1


def test_it_can_lag_behind_its_own_writes(server, call):
    server.control("settings", {"read_lag": 60})
    call.create(minimum())
    assert call.get("key:welcome") == NOT_FOUND
    server.control("settings", {"read_lag": 0})
    assert call.get("key:welcome")[0] == 200


def test_it_lists_the_newest_first_by_pages(call):
    for number in range(5):
        call.create(minimum(f"k{number}", activities=[{"key": "A"}]))
    call.create(minimum("k0"))
    pages = [call("GET", f"{COLLECTION}?%24page={page}&$pageSize=2")[1] for page in (1, 2, 3, 4)]
    assert [[item["key"] for item in page["items"]] for page in pages] == [
        ["k0", "k4"],
        ["k3", "k2"],
        ["k1"],
        [],
    ]
    assert [(page["count"], page["page"], page["pageSize"], page["links"]) for page in pages] == [
        (5, number, 2, {}) for number in (1, 2, 3, 4)
    ]
    assert not {"activities", "triggers"} & set(pages[0]["items"][0])


def test_it_lists_at_most_fifty_and_filters(call):
    for number in range(52):
        call.create(minimum(f"k{number}", name=f"Spring {number}"))
    page = call("GET", f"{COLLECTION}?$pageSize=500")[1]
    assert (page["count"], page["pageSize"], len(page["items"])) == (52, 50, 50)
    assert call("GET", f"{COLLECTION}?nameOrDescription=ring%205")[1]["count"] == 3
    assert call("GET", f"{COLLECTION}?key=k7&status=Draft")[1]["items"][0]["name"] == "Spring 7"
    assert call("GET", f"{COLLECTION}?$page=0")[0] == 400


def test_it_deletes_a_journey_with_all_its_versions(server, call):
    first = call.create(minimum())[1]
    call.create(minimum())
    assert call("DELETE", f"{COLLECTION}/{first['id']}")[:2] == (200, first["id"])
    assert call.get("key:welcome") == NOT_FOUND
    assert call("DELETE", f"{COLLECTION}/{first['id']}")[:2] == NOT_FOUND


def test_it_does_not_delete_a_running_journey(server, call):
    made = call.create(minimum())[1]
    server.control("status", {"key": "welcome", "status": "Published"})
    status, answer, _ = call("DELETE", f"{COLLECTION}/{made['id']}")
    assert (status, answer["errorcode"]) == (400, 30000)


def test_it_remembers_over_a_restart(tmp_path):
    path = tmp_path / "deep" / "practice.sqlite3"
    with PracticeServer(state_path=path) as first:
        first.control("settings", {"same_key": "refuse"})
        call = Caller(first)
        call.sign_in()
        made = call.create(minimum(activities=[{"key": "A"}]))[1]
    with PracticeServer(state_path=path) as second:
        call.server = second
        found = call.get("key:welcome")[1]
        assert {**found, "stats": None} == {**made, "stats": None}
        assert call.create(minimum())[1]["errorcode"] == 30000
