"""How many statements a save takes, and that what was read with the journey is never believed too
long."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from journeys.models import Journey, Review
from journeys.screens.draft import Draft
from journeys.screens.opening import is_unsent, last_settled, opened
from journeys.screens.top_bar import main_button

MOST = 8


def save(client: Client, journey: Journey, subject: str):
    journey.refresh_from_db()
    step = next(one for one in journey.head.document()["activities"] if one["type"] == "WAIT")
    told = {"kind": "activity", "key": step["key"], "name": subject, "view": "path"}
    told["based_on"] = journey.head.number
    return client.post(reverse("save-block", args=[journey.pk]), told)


def statements(client: Client, journey: Journey, subject: str) -> list[str]:
    with CaptureQueriesContext(connection) as seen:
        assert save(client, journey, subject).status_code == 200
    sql = [one["sql"] for one in seen.captured_queries]
    at = next(number for number, one in enumerate(sql) if "django_session" in one)
    ends = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
    return [one for one in sql[at:] if not one.startswith(ends)]


def test_a_save_takes_few_statements(as_maya: Client, journey: Journey):
    save(as_maya, journey, "First")
    assert len(statements(as_maya, journey, "Second")) <= MOST


def test_so_does_one_of_a_journey_that_was_sent_back(as_maya: Client, journey: Journey, maya, rob):
    journey.request_review(maya).send_back(rob, "Not yet")
    assert len(statements(as_maya, journey, "Second")) <= MOST + 1  # it tells who sent it back


def test_a_save_ends_the_review_that_somebody_asked_for_meanwhile(journey: Journey, maya):
    shown = opened(maya, journey.pk)
    review = journey.request_review(maya)
    members = {"members": {"name": "Changed"}}
    shown.apply("edit journey", members, based_on=shown.head.number, author=maya)
    review.refresh_from_db()
    assert review.state == Review.State.OUTDATED
    assert not shown.has_standing_review  # so it is the state that told it


def test_what_is_settled_is_read_with_the_journey(journey: Journey, maya, rob):
    assert last_settled(opened(maya, journey.pk)) is None
    journey.request_review(maya).approve(rob)
    for found in (last_settled(opened(maya, journey.pk)), last_settled(journey)):
        assert (found.pk, found.sha256) == (journey.head.pk, journey.head.sha256)


def test_a_new_key_is_looked_up_anew(journey: Journey, maya):
    shown = opened(maya, journey.pk)
    assert is_unsent(shown) and not is_unsent(journey)
    shown.key = "another"
    assert not is_unsent(shown)


@pytest.mark.parametrize("name", ["maya", "rob", "ada"])
def test_it_opens_what_people_see_and_nothing_else(journey, foreign_journey, people, name):
    person = people[name]
    for one in (journey, foreign_journey):
        expected = Journey.objects.visible_to(person).filter(pk=one.pk).first()
        assert opened(person, one.pk) == expected


def test_an_acceptance_is_seen_by_who_gave_it(journey: Journey, people, ada):
    shown = opened(ada, journey.pk)
    assert shown.accepted() == ()
    shown.has_acceptances = True
    assert shown.accepted() == journey.accepted()


def test_the_button_is_what_it_was_without_what_was_read(journey: Journey, maya, rob):
    for step in (lambda: None, lambda: journey.request_review(maya)):
        step()
        journey.refresh_from_db()
        plain, read = journey, opened(maya, journey.pk)
        assert main_button(Draft(plain, plain.head)) == main_button(Draft(read, read.head))
