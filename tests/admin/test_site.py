"""Who gets into the admin, and that it only looks."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from journeys.models import Attempt, AuditEntry, Journey, Review
from journeys.models.clock import now
from tests.markup import flat
from tests.people import approved

READ_ONLY = ["journey", "revision", "submission", "attempt", "auditentry"]


@pytest.fixture
def rows(journey: Journey, maya: User, rob: User) -> dict[str, object]:
    submission = approved(journey, maya, rob).submit(maya)
    attempt = Attempt.objects.create(
        submission=submission, fence=1, phase="send", started_at=now(), seconds=1, text="x"
    )
    entry = AuditEntry.objects.first()
    return {
        "journey": journey,
        "revision": journey.head,
        "submission": submission,
        "attempt": attempt,
        "auditentry": entry,
    }


def test_it_lets_reviewers_and_admins_in(as_rob: Client, as_ada: Client):
    assert (as_rob.get("/admin/").status_code, as_ada.get("/admin/").status_code) == (200, 200)


def test_it_keeps_marketers_out(as_maya: Client):
    pages = [
        "/admin/",
        "/admin/login/",
        "/admin/journeys/journey/",
        "/admin/auth/user/",
        "/admin/jsi18n/",
    ]
    assert [as_maya.get(page).status_code for page in pages] == [403] * len(pages)


def test_it_has_no_sign_in_of_its_own(client: Client, db: None):
    answer = client.get("/admin/login/?next=/admin/journeys/review/")
    assert (answer.status_code, answer.url) == (302, "/sign-in/?next=/admin/journeys/review/")
    assert client.get("/admin/", follow=True).redirect_chain[-1][0].startswith("/sign-in/")


def test_it_shows_reviewers_only_journeys_and_reviews(as_rob: Client):
    apps = as_rob.get("/admin/").context["app_list"]
    assert {model["object_name"] for app in apps for model in app["models"]} == {
        "Journey",
        "Review",
    }


@pytest.mark.parametrize("model", READ_ONLY)
def test_it_lists_and_opens(as_ada: Client, rows: dict, model: str):
    assert as_ada.get(f"/admin/journeys/{model}/").status_code == 200
    assert as_ada.get(f"/admin/journeys/{model}/{rows[model].pk}/change/").status_code == 200


@pytest.mark.parametrize("model", READ_ONLY)
def test_it_refuses_every_change(as_ada: Client, rows: dict, model: str):
    User.objects.update(is_superuser=True)
    page = f"/admin/journeys/{model}/"
    before = set(type(rows[model]).objects.values_list("pk", flat=True))
    urls = ["add/", f"{rows[model].pk}/change/", f"{rows[model].pk}/delete/"]
    assert [as_ada.post(page + url, {"post": "yes", "key": "x"}).status_code for url in urls] == [
        403
    ] * 3
    as_ada.post(
        page, {"action": "delete_selected", "_selected_action": rows[model].pk, "post": "yes"}
    )
    added = type(rows[model]).objects.exclude(
        pk__in=before
    )  # what was refused is kept in the audit
    assert type(rows[model]).objects.filter(pk__in=before).count() == len(before)
    assert model == "auditentry" or not added.exists()
    assert model != "auditentry" or {entry.kind for entry in added} == {"refused"}


@pytest.mark.parametrize(
    ("model", "bodies"), [("revision", {"packed"}), ("submission", {"payload", "answer"})]
)
def test_it_loads_no_bodies_for_lists(as_ada: Client, rows: dict, model: str, bodies: set):
    (row,) = as_ada.get(f"/admin/journeys/{model}/").context["cl"].result_list
    assert bodies <= row.get_deferred_fields()


def test_it_shows_only_the_tenants_of_the_person(
    as_rob: Client, journey: Journey, foreign_journey: Journey
):
    answer = as_rob.get("/admin/journeys/journey/")
    assert [row.pk for row in answer.context["cl"].result_list] == [journey.pk]
    assert "Other unit" not in answer.content.decode()
    assert as_rob.get(f"/admin/journeys/journey/{foreign_journey.pk}/change/").status_code == 404
    assert (
        as_rob.get(
            "/admin/journeys/journey/", {"tenant__id__exact": foreign_journey.tenant_id}
        ).status_code
        == 200
    )


@pytest.mark.parametrize("model", ["revision", "submission", "attempt", "auditentry", "tenant"])
def test_it_shows_reviewers_nothing_else(as_rob: Client, rows: dict, model: str):
    assert as_rob.get(f"/admin/journeys/{model}/").status_code == 403


def test_it_keeps_to_the_content_security_policy(as_rob: Client, journey: Journey, maya: User):
    review: Review = journey.request_review(maya)
    for page in (
        "/admin/",
        "/admin/journeys/review/",
        f"/admin/journeys/review/{review.pk}/change/",
    ):
        text = flat(as_rob.get(page).content.decode())
        assert "<style" not in text and " style=" not in text and " onclick=" not in text
        assert text.count("<script") == text.count("<script src=") + text.count('id="django-admin')


@pytest.mark.parametrize("page", ["journeys/journey/", "journeys/auditentry/", "auth/user/"])
@pytest.mark.parametrize("words", ["word " * 1500, "x" * 201])
def test_it_refuses_a_search_for_too_much_in_words(
    as_ada: Client, rows: dict, page: str, words: str
):
    answer = as_ada.get(f"/admin/{page}", {"q": words, "o": "1"}, follow=True)
    assert answer.status_code == 200 and answer.redirect_chain == [(f"/admin/{page}?o=1", 302)]
    assert "Search for at most 20 words and 200 characters" in answer.content.decode()


def test_it_searches_for_twenty_words(as_ada: Client, rows: dict):
    assert as_ada.get("/admin/journeys/journey/", {"q": "w " * 20}).status_code == 200
