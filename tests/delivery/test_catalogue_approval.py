"""From the approval to the row: what happens when several people, or nobody any more, stand behind
it."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection

from journeys.delivery import submit
from journeys.models import Journey, Review, Submission, Tenant, WrongState
from journeys.practice import PracticeServer
from tests.delivery.conftest import posts, started
from tests.people import approved, maya, miles, people, rob  # noqa: F401


@pytest.fixture
def reviewed(tenant: Tenant, people: dict[str, User]) -> Journey:  # noqa: F811
    tenant.review_required = True
    tenant.save()
    tenant.sealed()
    tenant.members.set(people.values())
    return started(tenant)


@pytest.mark.django_db(transaction=True)
def test_it_is_approved_once_when_two_reviewers_decide_at_the_same_time(
    reviewed: Journey,
    maya: User,  # noqa: F811
    rob: User,  # noqa: F811
) -> None:
    other = User.objects.create_user("other-reviewer")
    other.groups.set(rob.groups.all())
    review, together = reviewed.request_review(maya), Barrier(2)

    def decide(name: str) -> bool:
        try:
            mine, person = Review.objects.get(pk=review.pk), User.objects.get(username=name)
            together.wait()
            mine.approve(person)
            return True
        except WrongState:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(decide, ["rob", "other-reviewer"])) == [False, True]
    assert reviewed.audit_entries.filter(action__contains="approved").count() == 1


def test_it_sends_what_was_approved_although_the_approver_has_left(
    practice: PracticeServer,
    reviewed: Journey,
    maya: User,  # noqa: F811
    rob: User,  # noqa: F811
) -> None:
    """It holds although who gave it is no reviewer any more; not when the account is no longer in
    use (test_seals)."""
    Tenant.objects.update(practice_url=practice.url)
    row = approved(reviewed, maya, rob).submit(maya)
    rob.groups.clear()
    assert submit.work(row.pk)
    row = Submission.objects.get(pk=row.pk)
    assert (row.state, row.review.decided_by_id, posts(practice)) == ("succeeded", rob.pk, 1)


def test_it_has_a_group_for_who_approves(people: dict[str, User]) -> None:  # noqa: F811
    """Else the test above would take nothing away."""
    rights = Group.objects.filter(user=people["rob"]).values_list(
        "permissions__codename", flat=True
    )
    assert "approve_review" in rights
