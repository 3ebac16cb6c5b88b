"""What the server dropped or changed against what was sent."""

import pytest

from journeys.explaining import Difference, differences, is_what_was_sent
from tests.tenant.helping import JOURNEY


def wait(key: str, **members) -> dict:
    return {"key": key, "type": "WAIT", **members}


@pytest.mark.parametrize(
    ("sent", "got"),
    [
        ({"key": "welcome", "name": "Welcome", "workflowApiVersion": 1.0}, JOURNEY),
        ({"a": 1, "b": 2.0}, {"b": 2, "a": 1.0}),
        ({"a": None}, {}),
        ({"id": "mine", "version": 3, "stats": {}}, {"id": "theirs"}),
        ({"activities": [wait("A"), wait("B")]}, {"activities": [wait("B"), wait("A")]}),
        (
            {"activities": [wait("A")]},
            {"activities": [wait("A", outcomes=[{"key": "x"}], metaData={"made": True})]},
        ),
        (
            {"activities": [wait("A", outcomes=[])]},
            {"activities": [wait("A", outcomes=[{"key": "x"}])]},
        ),
        ({"outcomes": [{"next": "B"}]}, {"outcomes": [{"key": "made", "next": "B"}]}),
        ({"outcomes": [{"key": "x"}, {"key": "y"}]}, {"outcomes": [{"key": "y"}, {"key": "x"}]}),
    ],
)
def test_what_means_the_same_is_no_difference(sent, got):
    assert differences(sent, got) == []


@pytest.mark.parametrize(
    ("sent", "got", "place", "kind"),
    [
        ({"a": 1}, {"a": 2}, "a", "changed"),
        ({"a": 1}, {"a": "1"}, "a", "changed"),
        ({"a": 1}, {"a": True}, "a", "changed"),
        ({"a": [1]}, {"a": {"0": 1}}, "a", "changed"),
        ({"a": "x"}, {"a": None}, "a", "changed"),
        ({"a": ""}, {}, "a", "dropped"),
        (
            {"defaults": {"email": ["a", "b"]}},
            {"defaults": {"email": ["a"]}},
            "defaults.email[1]",
            "dropped",
        ),
        (
            {"activities": [wait("A"), wait("B")]},
            {"activities": [wait("A")]},
            "activities[B]",
            "dropped",
        ),
        (
            {"activities": [wait("A", outcomes=[{"key": "x", "next": "B"}])]},
            {"activities": [wait("A", outcomes=[{"key": "x", "next": "C"}])]},
            "activities[A].outcomes[x].next",
            "changed",
        ),
        (
            {"activities": [wait("A", configurationArguments={"waitDuration": 3})]},
            {"activities": [wait("A", configurationArguments={})]},
            "activities[A].configurationArguments.waitDuration",
            "dropped",
        ),
    ],
)
def test_a_loss_or_change_is_told_with_its_place(sent, got, place, kind):
    assert [(one.place, one.kind) for one in differences(sent, got)] == [(place, kind)]


def test_a_difference_shows_both_values():
    assert differences({"a": {"b": 1}}, {"a": {"b": 2}}) == [Difference("a.b", "changed", 1, 2)]


def test_what_the_server_adds_is_told_on_request():
    sent, got = {"activities": [wait("A")]}, {"extra": 1, "activities": [wait("A", b=2), wait("C")]}
    found = [one.place for one in differences(sent, got, added=True)]
    assert found == ["activities[A].b", "activities[C]", "extra"]


def test_keys_that_stand_twice_are_compared_in_turn():
    sent = {"activities": [wait("A", b=1), wait("A", b=2)]}
    assert differences(sent, sent) == []
    assert [one.place for one in differences(sent, {"activities": [wait("A", b=1)]})] == [
        "activities[1]"
    ]


def configured(**arguments: object) -> dict:
    return {
        "name": "N",
        "description": "D",
        "activities": [wait("A", configurationArguments=arguments)],
    }


@pytest.mark.parametrize(
    ("sent", "found"),
    [
        ({"name": "N"}, {"name": "N", "description": "", "activities": []}),
        ({"name": "N", "description": "a\r\nb "}, {"name": "N", "description": "a\nb"}),
        ({"name": "N", "description": "D"}, {"name": "N"}),
        (
            {"name": "N", "activities": [wait("A")]},
            {"name": "N", "activities": [{"key": "A", "type": "wait"}]},
        ),
        (
            configured(waitDuration=1, waitUnit="DAYS"),
            configured(waitDuration="1.0", waitUnit="Days", specificDate=""),
        ),
        (configured(waitDuration=1), configured()),
        (configured(specificDate="2026-01-31"), configured(specificDate="2026-01-31T00:00:00")),
        (
            configured(schemaVersionId=0, filterId="00000000-0000-0000-0000-000000000000"),
            configured(schemaVersionId=2),
        ),
        (
            configured(filterId="00000000-0000-0000-0000-000000000000"),
            configured(filterId="5a7194ad-6602"),
        ),
        (
            configured(triggeredSendId="1", triggeredSend={"name": "a"}),
            configured(triggeredSendId="2", triggeredSend=""),
        ),
    ],
)
def test_it_knows_what_was_sent_again_however_the_server_fills_it_in(
    sent: dict, found: dict
) -> None:
    assert is_what_was_sent(sent, found)


@pytest.mark.parametrize(
    ("sent", "found"),
    [
        ({"name": "N"}, {"name": "M"}),
        ({"name": "N"}, {"name": "N", "description": "D"}),
        ({"name": "N", "description": "D"}, {"name": "N", "description": ""}),
        ({"name": "N", "activities": [wait("A")]}, {"name": "N", "activities": [wait("B")]}),
        (
            {"name": "N", "activities": [wait("A")]},
            {"name": "N", "activities": [{"key": "A", "type": "EMAILV2"}]},
        ),
        (
            {"name": "N", "activities": [wait("A")]},
            {"name": "N", "activities": [wait("A"), wait("B")]},
        ),
        (configured(waitDuration=1), configured(waitDuration=99)),
        (configured(waitDuration=1), configured(waitDuration=10)),
        (configured(waitUnit="DAYS"), configured(waitUnit="HOURS")),
        (configured(dataExtensionId="ace267f0-b81d"), configured(dataExtensionId="4e875b26-0317")),
    ],
)
def test_it_knows_somebody_elses_journey_of_the_same_key(sent: dict, found: dict) -> None:
    assert not is_what_was_sent(sent, found)


@pytest.mark.parametrize(
    "odd", [None, 7, "x", [], {}, [None], [{"key": [], "type": {}, "configurationArguments": 3}]]
)
def test_it_survives_any_json(odd: object) -> None:
    journey = {"name": "N", "description": odd, "activities": odd}
    assert is_what_was_sent(journey, journey)
    assert not is_what_was_sent(journey, configured(waitDuration=odd))
