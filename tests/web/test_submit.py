import pytest
from django.contrib.auth.models import User
from django.test import Client

from journeys.gallery.samples import samples
from journeys.models import Journey, Submission, Tenant
from journeys.spec import document as doc
from tests.delivery.conftest import change
from tests.people import approved, notifications, set_rules, started


@pytest.fixture
def ready(journey: Journey, maya: User, rob: User) -> Journey:
    return approved(journey, maya, rob)


def page(client: Client, journey: Journey) -> str:
    return client.get(f"/journeys/{journey.pk}/submit/").content.decode()


def test_it_shows_what_will_be_sent_where_and_by_whose_approval(as_maya: Client, ready: Journey):
    shown = page(as_maya, ready)
    tenant = ready.tenant
    told = [
        "Submit to Practice tenant",
        "Nothing reaches Marketing Cloud",
        tenant.address,
        ready.key,
        ready.head.sha256,
    ]
    assert [text for text in [*told, "Rob Reviewer", "Good to go."] if text not in shown] == []
    answer = as_maya.get(f"/journeys/{ready.pk}/submit/")
    assert answer.context["document"] == doc.pretty(ready.head.document())


def test_it_says_when_the_tenant_is_real(as_maya: Client, ready: Journey):
    Tenant.objects.update(practice_url="", subdomain="mc1234567890")
    shown = page(as_maya, ready)
    assert "A real business unit of Marketing Cloud." in shown
    assert (
        "https://mc1234567890.rest.marketingcloudapis.com" in shown
        and "Practice" not in shown.replace(str(ready.tenant), "")
    )


def test_it_submits(as_maya: Client, ready: Journey, maya: User, rob: User):
    answer = as_maya.post(f"/journeys/{ready.pk}/submit/", {"sha256": ready.head.sha256})
    sent = Submission.objects.get()
    assert answer.url == f"/submissions/{sent.pk}/"
    assert (bytes(sent.payload), sent.created_by, sent.review.decided_by) == (
        ready.head.body,
        maya,
        rob,
    )


def test_it_rings_only_when_it_is_written(
    as_maya: Client, ready: Journey, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks() as calls:
        as_maya.post(f"/journeys/{ready.pk}/submit/", {"sha256": ready.head.sha256})
    assert notifications(calls) == 1


def test_it_refuses_what_was_not_approved(as_maya: Client, journey: Journey):
    answer = as_maya.post(f"/journeys/{journey.pk}/submit/")
    assert (
        answer.status_code == 409
        and "This revision is not approved yet." in answer.content.decode()
    )
    assert not Submission.objects.exists()


def test_it_refuses_to_send_another_draft_than_the_page_showed(as_maya: Client, journey: Journey):
    set_rules(review_required=False)
    answer = as_maya.post(f"/journeys/{journey.pk}/submit/", {"sha256": "0" * 64})
    assert (
        answer.status_code == 409
        and "was changed after this page was opened" in answer.content.decode()
    )
    assert not Submission.objects.exists()


def test_it_refuses_a_second_one_while_one_is_under_way(as_maya: Client, ready: Journey):
    as_maya.post(f"/journeys/{ready.pk}/submit/")
    answer = as_maya.post(f"/journeys/{ready.pk}/submit/")
    assert answer.status_code == 409 and "See submission" in answer.content.decode()
    assert Submission.objects.count() == 1


def test_it_says_that_a_journey_is_there_already_and_where(as_maya: Client, ready: Journey):
    sent = ready.submit(ready.owner)
    assert "It cannot be submitted now" in page(as_maya, ready)
    ids = {"remote_id": "I-1", "remote_definition_id": "D-1", "remote_status": "Draft"}
    change(sent, state="succeeded", **ids)
    shown = page(as_maya, ready)
    assert "It was submitted already" in shown and "submitted yet" not in shown
    assert "was already created in the practice tenant, and" in shown
    assert Tenant(practice_url="").where == "Marketing Cloud"


def test_it_lists_what_has_to_be_put_right(as_maya: Client, tenant: Tenant, maya: User):
    unfinished = started(samples()[2], tenant, maya)
    shown = page(as_maya, unfinished)
    assert (
        "It cannot be submitted yet" in shown
        and f'href="/journeys/{unfinished.pk}/?kind=activity' in shown
    )
    assert as_maya.post(f"/journeys/{unfinished.pk}/submit/").status_code == 409


def test_it_offers_a_review_where_one_is_missing(as_maya: Client, journey: Journey):
    assert f'action="/journeys/{journey.pk}/review/"' in page(as_maya, journey)
    journey.request_review(None)
    shown = page(as_maya, journey)
    assert "It is in review." in shown and f'action="/journeys/{journey.pk}/review/"' not in shown
