import pytest
from django.contrib.auth.models import User
from django.test import Client

from journeys import checks
from journeys.gallery.samples import samples
from journeys.models import Journey
from tests.people import started

pytestmark = pytest.mark.one_database


HTMX = {"HX-Request": "true"}


def fix(
    client: Client,
    journey: Journey,
    problem: str = "next-empty",
    key: str = "WAITBYDURATION-2",
    **more: str,
):
    step = next(one for one in journey.head.document()["activities"] if one["key"] == key)
    data = {
        "problem": problem,
        "at_kind": "activity",
        "at_key": key,
        "based_on": str(journey.head.number),
    }
    data["at_field"] = f"outcomes[{step['outcomes'][0]['key']}].next"
    return client.post(f"/journeys/{journey.pk}/problem/repair/", data | more, headers=HTMX)


def broken(tenant, maya: User) -> Journey:
    """The last wait says the end of its path in a way that the endpoint refuses."""
    document = samples()[0]
    last = document["activities"][-1]
    outcomes = [{**last["outcomes"][0], "next": ""}]
    others = [one for one in document["activities"] if one["key"] != last["key"]]
    return started(
        {**document, "activities": [*others, {**last, "outcomes": outcomes}]}, tenant, maya
    )


def last_key(journey: Journey) -> str:
    return journey.head.document()["activities"][-1]["key"]


def test_it_says_before_what_it_will_do(as_maya: Client, tenant, maya: User):
    journey = broken(tenant, maya)
    page = as_maya.get(f"/journeys/{journey.pk}/").content.decode()
    assert f'hx-post="/journeys/{journey.pk}/problem/repair/"' in page
    assert "Fix: Leave “next” out, so that the path ends" in page


def test_the_problems_follow_the_block_and_are_left_alone_with_others(
    as_maya: Client, tenant, maya: User
):
    journey = broken(tenant, maya)
    key, other = last_key(journey), journey.head.document()["activities"][0]["key"]

    def told(number: int, key: str, **values: str) -> str:
        data = {"kind": "activity", "key": key, "based_on": str(number), **values}
        return as_maya.post(
            f"/journeys/{journey.pk}/block/save/", data, headers=HTMX
        ).content.decode()

    elsewhere = told(1, other, name="Changed name")
    assert 'id="problems"' not in elsewhere and 'name="based_on" value="2"' in elsewhere
    here = told(2, key, duration="5")
    assert 'id="problems"' in here and "Fix: Leave “next” out" in here


def test_it_repairs_as_one_change_that_can_be_undone(as_maya: Client, tenant, maya: User):
    journey = broken(tenant, maya)
    before = journey.head.document()
    answer = fix(as_maya, journey, key=last_key(journey))
    journey.refresh_from_db()
    assert (answer.status_code, journey.head.number, journey.head.operation) == (200, 2, "repair")
    assert "next" not in journey.head.document()["activities"][-1]["outcomes"][0]
    assert 'id="problems"' in answer.content.decode() and "Fix:" not in answer.content.decode()
    journey.undo(maya)
    assert journey.head.document() == before


def test_it_keeps_what_others_changed_meanwhile(as_maya: Client, tenant, maya: User, miles: User):
    journey = broken(tenant, maya)
    key = last_key(journey)
    journey.apply("edit journey", {"members": {"description": "New"}}, based_on=1, author=miles)
    assert fix(as_maya, journey, key=key, based_on="1").status_code == 200
    journey.refresh_from_db()
    document = journey.head.document()
    assert (document["description"], "next" in document["activities"][-1]["outcomes"][0]) == (
        "New",
        False,
    )


def test_it_repairs_a_block_of_which_others_changed_something_else(
    as_maya: Client, as_miles: Client, tenant, maya: User
):
    journey = broken(tenant, maya)
    key = last_key(journey)
    values = {"kind": "activity", "key": key, "based_on": "1", "duration": "5"}
    as_miles.post(f"/journeys/{journey.pk}/block/save/", values)
    assert fix(as_maya, journey, key=key, based_on="1").status_code == 200
    last = Journey.objects.get(pk=journey.pk).head.document()["activities"][-1]
    assert (last["configurationArguments"]["waitDuration"], "next" in last["outcomes"][0]) == (
        5,
        False,
    )


def split(*shares: int) -> dict:
    ways = [
        {"key": f"path-{at}", "arguments": {"percentage": share}} for at, share in enumerate(shares)
    ]
    return {"key": "RANDOMSPLIT-1", "type": "RANDOMSPLIT", "outcomes": ways}


def test_it_asks_once_more_where_the_fix_would_do_something_else_by_now(
    as_maya: Client, tenant, maya: User, miles: User
):
    journey = started({**samples()[0], "activities": [split(60, 60)]}, tenant, maya)
    problems = checks.check(journey.head.document())
    (problem,) = [one for one in problems if one.repair == "share-evenly"]
    theirs = {"kind": "activity", "key": "RANDOMSPLIT-1", "block": split(60, 70)}
    journey.apply("edit block", theirs, based_on=1, author=miles)
    named = {"problem": problem.id, "at_kind": "activity", "at_key": "RANDOMSPLIT-1"}
    named["at_field"] = problem.address.inside
    address = f"/journeys/{journey.pk}/problem/repair/"
    first = as_maya.post(address, {**named, "based_on": 1}, headers=HTMX)
    said = first.content.decode()
    assert (first.status_code, journey.revisions.count()) == (422, 2)
    assert "Somebody else changed this meanwhile, so nothing was done." in said
    assert 'name="based_on" value="2"' in said
    assert as_maya.post(address, {**named, "based_on": 2}, headers=HTMX).status_code == 200
    (now,) = Journey.objects.get(pk=journey.pk).head.document()["activities"]
    assert [way["arguments"]["percentage"] for way in now["outcomes"]] == [50, 50]


def test_it_does_nothing_about_a_problem_that_is_not_there(as_maya: Client, journey: Journey):
    answer = fix(as_maya, journey, key=last_key(journey))
    assert (answer.status_code, journey.revisions.count()) == (422, 1)
    assert "no longer there" in answer.content.decode()


def test_it_is_for_editors(
    as_rob: Client, as_maya: Client, tenant, maya: User, foreign_journey: Journey
):
    journey = broken(tenant, maya)
    assert fix(as_rob, journey, key=last_key(journey)).status_code == 404
    assert fix(as_maya, foreign_journey, key=last_key(foreign_journey)).status_code == 404
    assert "problem/repair/" not in as_rob.get(f"/journeys/{journey.pk}/").content.decode()


def with_ends_cut(tenant, maya: User, count: int) -> Journey:
    """So many ends of paths are written in a way that the endpoint refuses."""
    document = samples()[0]
    email = document["activities"][0]
    torn = [
        {**email, "key": f"EMAILV2-{n}", "outcomes": [{"key": f"out-{n}", "next": ""}]}
        for n in range(50, 50 + count)
    ]
    return started({**document, "activities": [*document["activities"], *torn]}, tenant, maya)


def fix_all(client: Client, journey: Journey, base: int):
    data = {"problem": "next-empty", "at_kind": "activity", "at_key": "EMAILV2-50", "all": "yes"}
    data |= {"at_field": "outcomes[out-50].next", "based_on": str(base)}
    return client.post(f"/journeys/{journey.pk}/problem/repair/", data, headers=HTMX)


def torn_ends(journey: Journey) -> list[str]:
    steps = journey.head.document()["activities"]
    return [step["key"] for step in steps if step["outcomes"][0].get("next") == ""]


def test_all_of_a_kind_are_fixed_by_one_change(as_maya: Client, tenant, maya: User):
    journey = with_ends_cut(tenant, maya, 6)
    page = as_maya.get(f"/journeys/{journey.pk}/").content.decode()
    assert page.count("Fix all 6: Leave “next” out, so that the path ends") == 1
    before = journey.head.document()
    assert fix_all(as_maya, journey, 1).status_code == 200
    journey.refresh_from_db()
    assert (journey.head.number, torn_ends(journey)) == (2, [])
    journey.undo(maya)
    assert journey.head.document() == before


def test_all_of_a_kind_are_fixed_beside_what_another_did_meanwhile(
    as_maya: Client, tenant, maya: User, miles: User
):
    journey = with_ends_cut(tenant, maya, 3)
    journey.apply("edit journey", {"members": {"description": "New"}}, based_on=1, author=miles)
    gone = {"key": "EMAILV2-52"}
    journey.apply("remove step", gone, based_on=2, author=miles)
    assert fix_all(as_maya, journey, 1).status_code == 200
    journey.refresh_from_db()
    assert (journey.head.number, torn_ends(journey)) == (4, [])
    assert journey.head.document()["description"] == "New"
    assert "EMAILV2-52" not in {step["key"] for step in journey.head.document()["activities"]}


def test_one_of_a_kind_has_no_fix_for_all(as_maya: Client, tenant, maya: User):
    page = as_maya.get(f"/journeys/{broken(tenant, maya).pk}/").content.decode()
    assert "Fix: " in page and "Fix all" not in page
