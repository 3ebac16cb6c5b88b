"""What the practice tenant answers to look-ups."""

import pytest

ASKED = {
    "page": {"page": 1, "pageSize": 2},
    "query": {"property": "assetType.id", "simpleOperator": "in", "value": []},
}
RETRIEVE = (
    "<Envelope><fueloauth>{}</fueloauth>"
    "<RetrieveRequest><ObjectType>{}</ObjectType></RetrieveRequest></Envelope>"
)


def query(call, path: str) -> dict:
    status, body, _ = call("GET", path)
    assert status == 200
    return body


def test_it_holds_some_hundred_emails_and_searches_their_names(call):
    _, first, _ = call("POST", "/asset/v1/content/assets/query", ASKED)
    by_name = {"property": "name", "simpleOperator": "like", "value": "birthday 2"}
    both = {"leftOperand": ASKED["query"], "logicalOperator": "AND", "rightOperand": by_name}
    _, some, _ = call("POST", "/asset/v1/content/assets/query", {**ASKED, "query": both})
    assert (first["count"], len(first["items"]), some["count"]) == (360, 2, 12)
    email = some["items"][0]
    assert email["name"] == "Birthday 2, City"
    assert email["views"]["subjectline"]["content"] == "Many happy returns, city (2)"
    assert email["legacyData"]["legacyId"] != email["id"]


@pytest.mark.parametrize(
    ("path", "count"),
    [
        ("/data/v1/customObjects?$search=orders", 24),
        ("/interaction/v1/eventDefinitions?$pageSize=10", 200),
        ("/platform/v1/categories?$filter=categorytype%20eq%20journey", 131),
    ],
)
def test_it_lists(call, path: str, count: int):
    answer = query(call, path)
    assert answer["count"] == count and answer["items"] and len(answer["items"]) <= 50


def test_it_wants_words_for_data_extensions(call):
    assert call("GET", "/data/v1/customObjects")[0] == 400


def test_it_tells_the_fields_of_a_data_extension(call):
    found = query(call, "/data/v1/customObjects?$search=Orders_North_2026")["items"][0]
    fields = query(call, f"/data/v1/customObjects/{found['id']}/fields")["fields"]
    assert fields[0]["name"] == "ContactKey" and fields[0]["isPrimaryKey"] and len(fields) >= 6
    assert call("GET", "/data/v1/customObjects/none/fields")[0] == 404


def test_it_gives_send_settings_by_soap_to_a_good_token_only(call):
    status, body, _ = call(
        "POST", "/Service.asmx", RETRIEVE.format(call.token, "SenderProfile").encode()
    )
    assert (status, body.count(b"<Results")) == (200, 120)
    status, body, _ = call(
        "POST", "/Service.asmx", RETRIEVE.format("old", "SenderProfile").encode()
    )
    assert (status, b"Token Expired" in body) == (500, True)
    status, body, _ = call(
        "POST", "/Service.asmx", RETRIEVE.format(call.token, "Subscriber").encode()
    )
    assert b"<OverallStatus>Error" in body


def test_it_wants_the_scope_of_each_look_up(server, call):
    server.control("settings", {"scope": "journeys_read journeys_write"})
    call.sign_in()
    assert call("POST", "/asset/v1/content/assets/query", ASKED)[0] == 403
    assert call("GET", "/data/v1/customObjects?$search=x")[0] == 403
    assert call("GET", "/interaction/v1/eventDefinitions")[0] == 200
