"""The composer's page asks cheaply whether something was decided, and gets what tells it."""

from copy import deepcopy

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from journeys.checks import check
from journeys.models import HouseRules, Journey
from tests.people import approved


def mark(client: Client, journey: Journey) -> str:
    return client.get(f"/journeys/{journey.pk}/").context["mark"]


def follow(client: Client, journey: Journey, **shown: object):
    told = {"mark": mark(client, journey), "based_on": journey.head.number, "view": "list"}
    return client.get(f"/journeys/{journey.pk}/progress/", told | shown)


def test_nothing_new_is_one_statement_and_no_content(as_maya: Client, journey: Journey):
    told = {"mark": mark(as_maya, journey), "based_on": "1"}
    with CaptureQueriesContext(connection) as seen:
        answer = as_maya.get(f"/journeys/{journey.pk}/progress/", told)
    assert (answer.status_code, answer.content) == (204, b"")
    asked = [one["sql"] for one in seen.captured_queries]
    own = [one for one in asked if 'FROM "journeys_' in one and 'FROM "auth_user"' not in one]
    assert len(own) == 1 and "packed" not in own[0]


@pytest.mark.parametrize("deed", ["ask", "approve", "send back", "submit", "cancel"])
def test_every_decision_is_noticed(
    as_maya: Client, journey: Journey, maya: User, rob: User, deed: str
):
    deeds = {
        "ask": lambda: None,
        "approve": lambda: journey.request_review(maya),
        "send back": lambda: journey.request_review(maya),
        "submit": lambda: approved(journey, maya, rob),
        "cancel": lambda: approved(journey, maya, rob).submit(maya),
    }
    made = deeds[deed]()
    before = mark(as_maya, journey)
    does = {
        "ask": lambda: journey.request_review(maya),
        "approve": lambda: made.approve(rob, "Good."),
        "send back": lambda: made.send_back(rob, "Not yet."),
        "submit": lambda: made.submit(maya),
        "cancel": lambda: made.cancel(maya),
    }
    does[deed]()
    answer = follow(as_maya, journey, mark=before)
    shown = answer.content.decode()
    assert (answer.status_code, 'id="standing"' in shown) == (200, True)
    assert 'id="problems"' in shown and 'id="panel"' not in shown
    assert follow(as_maya, journey).status_code == 204


def test_a_withdrawn_acceptance_is_noticed(as_maya: Client, journey: Journey, rob: User):
    HouseRules.objects.create(tenant=journey.tenant, naming_pattern="X.+")
    journey.tenant.sealed()
    journey = Journey.objects.get()
    document = journey.head.document()
    problem = next(iter(check(document, journey.tenant.rules())))
    row = journey.accept(rob, problem, document, "Known.")
    before = mark(as_maya, journey)
    journey.withdraw_acceptance(rob, row)
    assert follow(as_maya, journey, mark=before).status_code == 200


@pytest.fixture
def newer(journey: Journey, miles: User) -> Journey:
    """Miles has changed the second wait."""
    steps = deepcopy(journey.head.document()["activities"])  # revisions share their blocks
    block = next(one for one in steps if one["key"] == "WAITBYDURATION-2")
    block["configurationArguments"]["waitDuration"] = 9
    operation = {"kind": "activity", "key": block["key"], "block": block}
    journey.apply("edit block", operation, based_on=1, author=miles)
    return journey


def test_what_others_changed_is_taken_in_beside_the_open_form(as_maya: Client, newer: Journey):
    open_one = {"kind": "activity", "key": "WAITBYDURATION-1", "based_on": "1"}
    shown = follow(as_maya, newer, **open_one).content.decode()
    assert 'id="based-on" name="based_on" value="2"' in shown and "Wait 9 days" in shown
    assert 'id="panel"' not in shown and "data-show-newer" not in shown


@pytest.mark.parametrize(
    "shown",
    [
        {"kind": "activity", "key": "WAITBYDURATION-2"},
        {"kind": "activity", "key": "gone"},
        {"kind": "odd", "key": "WAITBYDURATION-2"},
        {"view": "text"},
    ],
)
def test_a_newer_revision_of_what_is_open_is_told_and_not_put_under_what_is_typed(
    as_maya: Client, newer: Journey, shown: dict
):
    before = mark(as_maya, newer)
    answer = follow(as_maya, newer, mark=before, **({"based_on": "1"} | shown))
    page = answer.content.decode()
    assert 'id="based-on" name="based_on" value="1"' in page
    assert "Miles Marketer changed the journey: " in page and 'id="problems"' not in page
    seen = follow(as_maya, newer, **({"mark": before, "based_on": "1", "newer": "2"} | shown))
    assert seen.status_code == 204


def test_while_a_conflict_is_settled_decisions_are_told_and_nothing_else(
    as_maya: Client, newer: Journey, maya: User, rob: User
):
    shown = {"based_on": "1", "kind": "activity", "key": "WAITBYDURATION-1", "asks": ""}
    assert follow(as_maya, newer, **shown).status_code == 204
    before = mark(as_maya, newer)
    newer.refresh_from_db()
    newer.request_review(maya).send_back(rob, "Not yet.")
    page = follow(as_maya, newer, mark=before, **shown).content.decode()
    assert "Not yet." in page and 'name="based_on" value="1"' in page
    assert "data-show-newer" not in page and 'id="problems"' not in page


def test_it_is_there_for_nobody_else(
    as_maya: Client, foreign_journey: Journey, client: Client, journey: Journey
):
    assert as_maya.get(f"/journeys/{foreign_journey.pk}/progress/").status_code == 404
    assert client.get(f"/journeys/{journey.pk}/progress/").status_code in (302, 401)


@pytest.mark.parametrize("odd", ["", "x" * 3000, "-1", "\0", "9" * 40])
def test_it_takes_any_argument(as_maya: Client, journey: Journey, odd: str):
    names = ("mark", "based_on", "newer", "view", "kind", "key", "problems_from", "asks")
    told = dict.fromkeys(names, odd)
    answer = as_maya.get(f"/journeys/{journey.pk}/progress/", told)
    assert answer.status_code == 200
