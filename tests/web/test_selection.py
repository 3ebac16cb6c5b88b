"""Several steps at once: copied, pasted, duplicated, moved, removed; one replaced by another
type."""

import json
from pathlib import Path

import pytest
from django.test import Client

from journeys.models import Journey
from journeys.spec import graph, selection

pytestmark = pytest.mark.one_database


def keys(journey: Journey) -> list[str]:
    return list(graph.steps(newest(journey)))


def newest(journey: Journey) -> dict:
    journey.refresh_from_db()
    return journey.head.document()


def post(client: Client, journey: Journey, page: str, **values: object):
    return client.post(
        f"/journeys/{journey.pk}/{page}/",
        {"based_on": journey.head.number, "view": "list", **values},
    )


def split(journey: Journey) -> tuple[str, dict]:
    """The first split with a path of its own, and the steps that it has."""
    document = journey.head.document()
    return next(
        (key, step) for key, step in graph.steps(document).items() if len(graph.outcomes(step)) > 1
    )


def test_steps_are_copied_as_text_without_what_the_server_made(as_maya: Client, journey: Journey):
    document = journey.head.document()
    first = document["activities"][0]
    served = {
        **document,
        "activities": [{**first, "id": "made-by-the-server"}, *document["activities"][1:]],
    }
    journey.replace(served, based_on=1, author=None, operation="edit as text")
    answer = post(as_maya, journey, "steps/copy", keys=[first["key"]])
    told = json.loads(answer.content)
    assert (told["format"], [step["key"] for step in told["steps"]]) == (
        "journey-steps",
        [first["key"]],
    )
    assert "id" not in told["steps"][0]


def test_steps_of_one_journey_are_pasted_into_another(
    as_maya: Client, journey: Journey, tenant, maya
):
    copied = post(as_maya, journey, "steps/copy", keys=keys(journey)[:2]).content.decode()
    other = {
        "key": "another",
        "name": "Another",
        "workflowApiVersion": 1.0,
        "activities": [],
        "triggers": [],
    }
    target = Journey.objects.start(other, tenant=tenant, owner=maya, operation="new", summary="")
    answer = post(as_maya, target, "steps/paste", text=copied, after="", outcome="")
    assert answer.status_code == 200
    assert json.loads(answer["HX-Trigger-After-Settle"]) == {"steps:placed": {"keys": keys(target)}}
    assert keys(target) == [step["key"] for step in json.loads(copied)["steps"]]
    assert target.head.summary == f"Pasted {len(keys(target))} steps"


def test_pasting_again_makes_other_keys_and_undo_takes_them_back(as_maya: Client, journey: Journey):
    before = newest(journey)
    copied = post(as_maya, journey, "steps/copy", keys=keys(journey)[:1]).content.decode()
    post(as_maya, journey, "steps/paste", text=copied, kind="activity", key=keys(journey)[0])
    new = [key for key in keys(journey) if key not in graph.steps(before)]
    assert graph.predecessors(newest(journey))[new[0]][0][0] == keys(journey)[0]
    assert journey.head.summary.startswith("Pasted ")
    as_maya.post(f"/journeys/{journey.pk}/undo/", {"number": 2})
    assert newest(journey) == before


@pytest.mark.parametrize("text", ["", "Dear customer", '{"format":"journey-steps","steps":[1]}'])
def test_other_text_is_refused_with_a_reason(as_maya: Client, journey: Journey, text: str):
    answer = post(as_maya, journey, "steps/paste", text=text)
    assert answer.status_code == 422 and "no copied step" in answer.content.decode()
    assert newest(journey) and journey.head.number == 1


def test_steps_are_not_pasted_into_a_journey_of_version_0_5(as_maya: Client, journey: Journey):
    copied = post(as_maya, journey, "steps/copy", keys=keys(journey)[:1]).content.decode()
    old = {**journey.head.document(), "workflowApiVersion": 0.5}
    journey.replace(old, based_on=1, author=None, operation="edit as text")
    answer = post(as_maya, journey, "steps/paste", text=copied, after="", outcome="")
    assert answer.status_code == 422 and "Convert it first" in answer.content.decode()


def test_a_step_is_duplicated_and_its_copy_opened(as_maya: Client, journey: Journey):
    before = keys(journey)
    answer = post(as_maya, journey, "steps/duplicate", keys=[before[0]])
    (copy,) = [key for key in keys(journey) if key not in before]
    assert f'data-key="{copy}"' in answer.content.decode()
    assert journey.head.summary.startswith("Duplicated ")


def test_steps_are_moved_together(as_maya: Client, journey: Journey):
    chosen = keys(journey)[1:3]
    order = [unit[0] for unit in selection.units(newest(journey), chosen)]
    answer = post(as_maya, journey, "steps/move", keys=chosen, after="", outcome="")
    assert answer.status_code == 200
    assert graph.root(newest(journey)) == order[0]


def test_what_would_go_too_is_asked_about_first(as_maya: Client, journey: Journey):
    key, _step = split(journey)
    answer = post(as_maya, journey, "steps/remove", keys=[key])
    assert answer["HX-Retarget"] == "#ask" and 'name="heal" value="1"' in answer.content.decode()
    assert newest(journey) and journey.head.number == 1
    gone = {one for unit in selection.units(journey.head.document(), [key]) for one in unit}
    left = set(keys(journey)) - gone
    assert post(as_maya, journey, "steps/remove", keys=[key], heal="1").status_code == 200
    assert set(keys(journey)) == left


def test_what_takes_nothing_along_is_removed_at_once(as_maya: Client, journey: Journey):
    document = newest(journey)
    last = next(
        key
        for key, step in graph.steps(document).items()
        if not any(map(graph.next_of, graph.outcomes(step)))
    )
    answer = post(as_maya, journey, "steps/remove", keys=[last])
    assert "HX-Retarget" not in answer and last not in keys(journey)


def test_a_branch_is_removed_with_what_only_it_leads_to(as_maya: Client, journey: Journey):
    document = newest(journey)
    first = graph.root(document)
    post(as_maya, journey, "steps/remove", keys=[first], heal="0")
    assert keys(journey) == []


def test_a_step_is_replaced_and_keeps_its_place(as_maya: Client, journey: Journey):
    document = newest(journey)
    key = next(key for key, step in graph.steps(document).items() if step["type"] == "WAIT")
    before, ways = (
        graph.predecessors(document)[key],
        [graph.next_of(one) for one in graph.outcomes(graph.steps(document)[key])],
    )
    assert post(as_maya, journey, "step/replace", key=key, slug="sms").status_code == 200
    (new,) = [one for one in keys(journey) if one not in graph.steps(document)]
    now = newest(journey)
    assert graph.predecessors(now)[new] == before
    assert [graph.next_of(one) for one in graph.outcomes(graph.steps(now)[new])][:1] == ways[:1]
    assert journey.head.summary.startswith("Replaced Wait ")


def test_paths_are_lost_only_after_a_question(as_maya: Client, journey: Journey):
    key, step = split(journey)
    led = [way for way in graph.outcomes(step) if graph.next_of(way)]
    assert len(led) > 1
    answer = post(as_maya, journey, "step/replace", key=key, slug="wait")
    assert answer["HX-Retarget"] == "#ask" and "fewer paths" in answer.content.decode()
    assert newest(journey) and journey.head.number == 1
    assert (
        post(as_maya, journey, "step/replace", key=key, slug="wait", confirm="1").status_code == 200
    )
    assert key not in keys(journey)


def test_the_menu_offers_every_other_type(as_maya: Client, journey: Journey):
    page = as_maya.get(
        f"/journeys/{journey.pk}/step/types/", {"kind": "activity", "key": keys(journey)[0]}
    ).content.decode()
    assert page.count('role="menuitem"') > 10
    assert (
        as_maya.get(f"/journeys/{journey.pk}/step/types/", {"kind": "journey"}).status_code == 204
    )


@pytest.mark.parametrize("page", ["copy", "duplicate", "move", "remove"])
@pytest.mark.parametrize("chosen", [[], ["gone"]])
def test_steps_that_are_not_there_are_refused(
    as_maya: Client, journey: Journey, page: str, chosen: list[str]
):
    assert post(as_maya, journey, f"steps/{page}", keys=chosen).status_code == 422


@pytest.mark.parametrize(
    "page",
    ["steps/copy", "steps/paste", "steps/duplicate", "steps/move", "steps/remove", "step/replace"],
)
def test_only_who_may_edit_the_journey_gets_there(
    as_rob: Client, as_maya: Client, journey: Journey, foreign_journey, page: str
):
    assert as_rob.post(f"/journeys/{journey.pk}/{page}/").status_code == 404
    assert as_maya.post(f"/journeys/{foreign_journey.pk}/{page}/").status_code == 404
    assert as_maya.get(f"/journeys/{journey.pk}/{page}/").status_code == 405


ACTIVITY = (Path(__file__).parents[1] / "cases" / "one-activity.json").read_text()


@pytest.mark.parametrize("start", ["", "\ufeff"])
def test_an_activity_from_a_file_is_pasted_as_a_step(as_maya: Client, journey: Journey, start: str):
    """Without its server's id, with a free key, and leading on where the gap led."""
    before, first = keys(journey), keys(journey)[0]
    for _time in range(2):
        text = {"text": start + ACTIVITY, "after": "", "outcome": ""}
        assert post(as_maya, journey, "steps/paste", **text).status_code == 200
        journey.refresh_from_db()
    assert keys(journey) == ["REST-2", "REST-1", *before]
    step = graph.steps(newest(journey))["REST-1"]
    whole = json.loads(ACTIVITY)
    del whole["id"]
    whole["outcomes"][0]["next"] = first
    assert step == whole


def test_several_activities_from_a_file_are_pasted_together(as_maya: Client, journey: Journey):
    one = json.loads(ACTIVITY)
    two = {**one, "key": "REST-9", "outcomes": [{"key": "a"}]}
    one["outcomes"][0]["next"] = "REST-9"
    text = json.dumps([one, two])
    assert post(as_maya, journey, "steps/paste", text=text, after="", outcome="").status_code == 200
    assert keys(journey)[:2] == ["REST-1", "REST-9"]


def test_other_kinds_are_not_pasted_as_steps(as_maya: Client, journey: Journey):
    event = {"type": "APIEvent", "mode": "Production", "eventDefinitionKey": "APIEvent-1"}
    answer = post(as_maya, journey, "steps/paste", text=json.dumps(event), after="", outcome="")
    assert answer.status_code == 422 and journey.revisions.count() == 1
