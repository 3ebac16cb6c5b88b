"""What the composer's form gets back when it is saved."""

import pytest
from django.test import Client

from journeys.models import Journey
from journeys.screens import draft

WAIT = {"kind": "activity", "key": "WAITBYDURATION-1"}


def save(browser: Client, journey: Journey, based_on: int = 1, **values: str):
    return browser.post(
        f"/journeys/{journey.pk}/block/save/", {"based_on": based_on, **WAIT, **values}
    )


def wait(journey: Journey) -> dict:
    document = Journey.objects.get(pk=journey.pk).head.document()
    return next(step for step in document["activities"] if step["key"] == WAIT["key"])


def test_it_stores_the_sound_fields_and_tells_the_others(as_maya: Client, journey: Journey):
    answer = save(as_maya, journey, duration="soon", name="Cool off")
    assert (answer.status_code, answer["HX-Reswap"]) == (422, "none")
    said = " ".join(answer.content.decode().split())
    assert '<p data-error-for="duration">Enter a whole number of 1 or more (days).</p>' in said
    assert (wait(journey)["name"], wait(journey)["configurationArguments"]["waitDuration"]) == (
        "Cool off",
        2,
    )


def test_it_writes_nothing_when_no_field_is_sound(as_maya: Client, journey: Journey):
    assert save(as_maya, journey, duration="soon").status_code == 422
    assert journey.revisions.count() == 1


def test_it_tells_a_taken_key_without_touching_the_form(
    as_maya: Client, journey: Journey, tenant, maya
):
    other = {**journey.head.document(), "key": "taken"}
    Journey.objects.start(other, tenant=tenant, owner=maya, operation="new", summary="Started")
    values = {"based_on": 1, "kind": "journey", "key": "taken"}
    answer = as_maya.post(f"/journeys/{journey.pk}/block/save/", values)
    assert answer.status_code == 422
    assert "is taken by another journey" in answer.content.decode()


def test_it_knows_a_save_whose_answer_was_lost(as_maya: Client, journey: Journey):
    assert save(as_maya, journey, duration="7", page="tab-1").status_code == 200
    assert save(as_maya, journey, duration="8", page="tab-1").status_code == 200
    assert wait(journey)["configurationArguments"]["waitDuration"] == 8
    assert save(as_maya, journey, duration="9", page="tab-2").status_code == 409


@pytest.mark.parametrize(
    ("second", "left"),
    [
        ({"duration": "4", "run": "tab-1"}, 2),
        ({"duration": "4", "run": "tab-2"}, 3),
        ({"duration": "3", "name": "Cool off", "run": "tab-1"}, 3),
        ({"duration": "4"}, 3),
    ],
)
def test_it_takes_back_one_visit_to_a_field_at_once(
    as_maya: Client, journey: Journey, second: dict, left: int
):
    save(as_maya, journey, duration="3", run="tab-1")
    save(as_maya, journey, 2, **second)
    as_maya.post(f"/journeys/{journey.pk}/undo/", {"based_on": 3, "number": 3, **WAIT})
    assert wait(journey)["configurationArguments"]["waitDuration"] == left


def test_it_names_a_run_by_what_it_changed_in_all_and_brings_it_back(
    as_maya: Client, journey: Journey
):
    for number, duration in enumerate(["1", "12", "123"], start=1):
        save(as_maya, journey, number, duration=duration, run="tab-1")
    assert Journey.objects.get(pk=journey.pk).head.summary == "Wait 2 days → Wait 123 days"
    as_maya.post(f"/journeys/{journey.pk}/undo/", {"based_on": 4, "number": 4, **WAIT})
    assert wait(journey)["configurationArguments"]["waitDuration"] == 2
    as_maya.post(f"/journeys/{journey.pk}/redo/", {"based_on": 5, "number": 4, **WAIT})
    assert wait(journey)["configurationArguments"]["waitDuration"] == 123


def test_it_answers_a_fragment_without_the_sign_in_page(journey: Journey):
    stranger = Client(headers={"HX-Request": "true"})
    assert save(stranger, journey, duration="7").status_code == 401
    assert save(Client(), journey, duration="7").status_code == 302


def test_it_names_the_journey_from_the_top_bar_and_shows_the_same_block(
    as_maya: Client, journey: Journey
):
    before = journey.head.document()
    answer = as_maya.post(
        f"/journeys/{journey.pk}/name/", {"based_on": 1, "name": "  Spring \n sale ", **WAIT}
    )
    assert answer.status_code == 200
    assert 'data-kind="activity" data-key="WAITBYDURATION-1"' in " ".join(
        answer.content.decode().split()
    )
    journey.refresh_from_db()
    assert journey.head.document() == {**before, "name": "Spring sale"}
    assert (journey.name, journey.head.summary) == (
        "Spring sale",
        "Name: “Welcome series” → “Spring sale”",
    )


def test_it_asks_for_a_name(as_maya: Client, journey: Journey):
    answer = as_maya.post(f"/journeys/{journey.pk}/name/", {"based_on": 1, "name": " ", **WAIT})
    assert (answer.status_code, journey.revisions.count()) == (422, 1)
    assert "A journey needs a name. Enter one." in answer.content.decode()


@pytest.mark.parametrize(("large", "times"), [(1000, 1), (10**9, 2)])
def test_it_works_out_a_large_journey_once_where_nothing_is_known_of_it(
    as_maya: Client, journey: Journey, monkeypatch, large: int, times: int
):
    """Of a small one also how it was, so that only what looks different is sent."""
    monkeypatch.setattr(draft, "LARGE", large)
    draft._contents.cache_clear()
    check, checked = draft.checks.check, []
    monkeypatch.setattr(draft.checks, "check", lambda *told: checked.append(told) or check(*told))
    answer = save(as_maya, journey, duration="9", view="list")
    assert (answer.status_code, len(checked)) == (200, times)
    assert ('id="outline"' in answer.content.decode()) == (times == 1)
    save(as_maya, journey, based_on=2, duration="8", view="list")  # by now it is known
    assert len(checked) == times + 1


@pytest.mark.parametrize("address", ["save", "save-text"])
@pytest.mark.parametrize("named", [{"key": "ghost"}, {"kind": "other"}, {"key": "a\rb"}])
def test_a_change_of_a_block_that_is_not_there_changes_nothing(
    as_maya: Client, journey: Journey, address: str, named: dict
) -> None:
    values = {"based_on": 1, **WAIT, **named, "name": "X", "text": '{"key": "ghost"}'}
    answer = as_maya.post(f"/journeys/{journey.pk}/block/{address}/", values)
    assert (answer.status_code, "no longer in the journey" in answer.text) == (422, True)
    assert journey.revisions.count() == 1
