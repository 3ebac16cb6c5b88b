from journeys.spec.address import Address
from journeys.spec.template import Ask, asks, fill

DOCUMENT = {
    "key": "k",
    "defaults": {"email": ['{{Event.{{{event key}}}."Mail"}}']},
    "triggers": [{"key": "T", "metaData": {"eventDefinitionKey": "{{{event key}}}"}}],
    "activities": [
        {
            "key": "A",
            "id": "{{{email id: Hello}}}",
            "criteria": {"x": "<a>{{{event key}}}</a>{{{p}}}"},
        }
    ],
}
EVENT, EMAIL = "{{{event key}}}", "{{{email id: Hello}}}"


def test_it_asks_for_each_placeholder_once_with_its_addresses():
    found = asks(DOCUMENT)
    assert found == [
        Ask(EVENT, "event key", ""),
        Ask(EMAIL, "email id", "Hello"),
        Ask("{{{p}}}", "p", ""),
    ]
    assert found[0].addresses == [
        Address("trigger", "T", "metaData.eventDefinitionKey"),
        Address("activity", "A", "criteria.x"),
        Address("journey", "", "defaults.email[0]"),
    ]


def test_it_names_items_of_lists_by_their_keys():
    ways = [{"key": "a"}, {"key": "b", "label": "{{{p}}}"}, {"label": "{{{p}}}"}]
    [ask] = asks({"key": "k", "activities": [{"key": "A", "outcomes": ways}]})
    assert ask.addresses == [
        Address("activity", "A", "outcomes[b].label"),
        Address("activity", "A", "outcomes[2].label"),
    ]


def test_it_fills_answers_in_and_leaves_the_rest():
    assert fill(DOCUMENT, {EVENT: "API-1", EMAIL: 5}) == {
        "key": "k",
        "defaults": {"email": ['{{Event.API-1."Mail"}}']},
        "triggers": [{"key": "T", "metaData": {"eventDefinitionKey": "API-1"}}],
        "activities": [{"key": "A", "id": 5, "criteria": {"x": "<a>API-1</a>{{{p}}}"}}],
    }


def test_it_leaves_no_half_expressions():
    filled = fill(DOCUMENT, {EVENT: None, EMAIL: None})
    assert filled["activities"] == [{"key": "A", "id": "", "criteria": {"x": ""}}]
    assert filled["triggers"] == [{"key": "T", "metaData": {"eventDefinitionKey": ""}}]


def test_it_does_not_look_into_answers_again():
    assert fill({"key": EVENT, "n": "{{{p}}}"}, {EVENT: "{{{p}}}", "{{{p}}}": "x"}) == {
        "key": "{{{p}}}",
        "n": "x",
    }


def test_it_changes_nothing_without_answers():
    assert fill(DOCUMENT, {}) == DOCUMENT
