"""Who gets in where: methods, people, other tenants' things, forged forms."""

import uuid

import pytest
from django.contrib.auth.models import User
from django.test import Client

from journeys.models import Journey, Submission
from tests.people import approved

pytestmark = pytest.mark.one_database

PAGES = [
    "/",
    "/journeys/new/",
    "/journeys/pictures/",
    "/journeys/import/",
    "/journeys/import/report/",
    "/templates/",
    "/submissions/",
    "/submissions/overview/",
]
OF_JOURNEY = [
    "export/",
    "export/?as=curl",
    "key/",
    "history/",
    "history/1/",
    "submit/",
    "template/",
]
OF_JOURNEY += ["look-up/time-zone/", "look-up/event-fields/"]
OF_JOURNEY += ["step/menu/?kind=activity&key=WAITBYDURATION-1"]
OF_JOURNEY += ["step/types/?kind=activity&key=WAITBYDURATION-1"]
OF_JOURNEY += ["picture.svg", "picture.svg?revision=1", "print/"]
CHANGES = ["key/another/", "history/1/restore/", "history/1/revert/", "review/", "submit/"]
CHANGES += ["convert/", "template/"]
OF_SUBMISSION = ["", "progress/", "answer/"]
SUBMISSION_CHANGES = ["cancel/", "take-over/", "try-again/"]


@pytest.fixture
def submission(journey: Journey, maya: User, rob: User) -> Submission:
    return approved(journey, maya, rob).submit(maya)


@pytest.fixture
def foreign_submission(foreign_journey: Journey) -> Submission:
    return foreign_journey.submit(None, without_review=True)


@pytest.mark.parametrize("page", PAGES)
def test_it_opens_for_a_marketer(as_maya: Client, page: str):
    assert as_maya.get(page).status_code == 200


@pytest.mark.parametrize("page", OF_JOURNEY)
def test_it_opens_a_journeys_pages_for_a_marketer(as_maya: Client, journey: Journey, page: str):
    assert as_maya.get(f"/journeys/{journey.pk}/{page}").status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_it_leads_strangers_to_the_sign_in(client: Client, db: None, page: str):
    answer = client.get(page)
    assert (answer.status_code, answer.url) == (302, f"/sign-in/?next={page}")


@pytest.mark.parametrize("page", [*OF_JOURNEY, *CHANGES])
def test_it_leads_strangers_from_a_journey_to_the_sign_in(
    client: Client, journey: Journey, page: str
):
    answer = (
        client.post(f"/journeys/{journey.pk}/{page}")
        if page in CHANGES
        else client.get(f"/journeys/{journey.pk}/{page}")
    )
    assert answer.status_code == 302 and answer.url.startswith("/sign-in/")


@pytest.mark.parametrize("page", [*OF_SUBMISSION, *SUBMISSION_CHANGES])
def test_it_leads_strangers_from_a_submission_to_the_sign_in(
    client: Client, submission: Submission, page: str
):
    answer = client.post(f"/submissions/{submission.pk}/{page}")
    assert answer.status_code == 302 and answer.url.startswith("/sign-in/")


@pytest.mark.parametrize("page", ["", *OF_JOURNEY, *CHANGES])
def test_it_does_not_know_another_tenants_journey(
    as_maya: Client, foreign_journey: Journey, page: str
):
    address = f"/journeys/{foreign_journey.pk}/{page}"
    answer = as_maya.post(address) if page in CHANGES else as_maya.get(address)
    assert answer.status_code == 404
    assert foreign_journey.revisions.count() == 1 and not foreign_journey.submissions.exists()


@pytest.mark.parametrize("page", [*OF_SUBMISSION, *SUBMISSION_CHANGES])
def test_it_does_not_know_another_tenants_submission(
    as_maya: Client, foreign_submission: Submission, page: str
):
    address = f"/submissions/{foreign_submission.pk}/{page}"
    answer = (
        as_maya.post(address)
        if page in SUBMISSION_CHANGES
        else as_maya.get(address, headers={"HX-Request": "true"})
    )
    assert answer.status_code == 404
    foreign_submission.refresh_from_db()
    assert foreign_submission.state == "waiting"


def test_it_does_not_know_a_submission_that_is_not_there(as_maya: Client):
    assert as_maya.get(f"/submissions/{uuid.uuid4()}/").status_code == 404


@pytest.mark.parametrize("page", ["/", "/submissions/"])
def test_it_only_shows_lists(as_maya: Client, page: str):
    assert as_maya.post(page).status_code == 405


@pytest.mark.parametrize("page", ["export/", "history/", "history/1/"])
def test_it_only_shows_what_is_to_be_read(as_maya: Client, journey: Journey, page: str):
    assert as_maya.post(f"/journeys/{journey.pk}/{page}").status_code == 405


@pytest.mark.parametrize("page", ["history/1/restore/", "history/1/revert/", "review/"])
def test_it_changes_a_journey_by_post_only(as_maya: Client, journey: Journey, page: str):
    assert as_maya.get(f"/journeys/{journey.pk}/{page}").status_code == 405


@pytest.mark.parametrize("page", SUBMISSION_CHANGES)
def test_it_changes_a_submission_by_post_only(as_maya: Client, submission: Submission, page: str):
    assert as_maya.get(f"/submissions/{submission.pk}/{page}").status_code == 405


@pytest.mark.parametrize("page", ["/journeys/new/", "/journeys/import/"])
def test_it_lets_only_marketers_start_journeys(as_rob: Client, page: str):
    assert [as_rob.get(page).status_code, as_rob.post(page).status_code] == [403, 403]


@pytest.mark.parametrize("page", CHANGES)
def test_it_lets_only_marketers_change_a_journey(as_rob: Client, journey: Journey, page: str):
    assert as_rob.post(f"/journeys/{journey.pk}/{page}").status_code == 403
    assert (
        journey.revisions.count() == 1
        and not journey.reviews.exists()
        and not journey.submissions.exists()
    )


@pytest.mark.parametrize("page", SUBMISSION_CHANGES)
def test_it_lets_only_marketers_change_a_submission(
    as_rob: Client, submission: Submission, page: str
):
    assert as_rob.post(f"/submissions/{submission.pk}/{page}").status_code == 403


@pytest.mark.parametrize("page", ["/journeys/new/", "/journeys/import/"])
def test_it_refuses_forged_forms(browser_of, maya: User, page: str):
    forger = browser_of(maya, enforce_csrf_checks=True)
    assert forger.post(page, {"name": "Forged", "key": "forged"}).status_code == 403
    assert not Journey.objects.exists()


@pytest.mark.parametrize("page", CHANGES)
def test_it_refuses_forged_forms_on_a_journey(browser_of, maya: User, journey: Journey, page: str):
    forger = browser_of(maya, enforce_csrf_checks=True)
    assert forger.post(f"/journeys/{journey.pk}/{page}").status_code == 403


@pytest.mark.parametrize("page", SUBMISSION_CHANGES)
def test_it_refuses_forged_forms_on_a_submission(
    browser_of, maya: User, submission: Submission, page: str
):
    forger = browser_of(maya, enforce_csrf_checks=True)
    assert forger.post(f"/submissions/{submission.pk}/{page}").status_code == 403
