import pytest
from django.contrib.auth.models import User

from journeys.models import AuditEntry, HouseRules, Journey, NotAllowed, Review, Tenant, WrongState
from tests.models.conftest import document, wait
from tests.people import approved, set_rules


@pytest.fixture
def review(journey: Journey, maya: User) -> Review:
    return journey.request_review(maya)


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def said(function, *arguments: object) -> str:
    """What a refusal says to the user."""
    with pytest.raises((WrongState, NotAllowed)) as caught:
        function(*arguments)
    return str(caught.value.text)


def test_it_freezes_the_newest_revision(
    journey: Journey, review: Review, tenant: Tenant, maya: User
) -> None:
    frozen = (review.revision, review.sha256, review.tenant, review.asked_by, review.state)
    assert frozen == (journey.head, journey.head.sha256, tenant, maya, "requested")
    assert fresh(journey).state == "in-review"


def test_it_is_asked_for_once(journey: Journey, review: Review, maya: User) -> None:
    assert (
        said(journey.request_review, maya)
        == "Only a draft can be sent to review. This journey is: In review"
    )
    assert Review.objects.count() == 1


def test_it_is_not_asked_for_while_something_blocks(journey: Journey, maya: User) -> None:
    broken = document(activities=[wait("ONE", "NOWHERE")])
    journey.replace(broken, based_on=1, author=maya, operation="json")
    assert said(journey.request_review, maya).startswith("Something has to be put right first:")
    assert (Review.objects.count(), fresh(journey).state) == (0, "draft")


def test_it_is_approved_by_a_reviewer_who_wrote_none_of_it(
    journey: Journey, review: Review, rob: User
) -> None:
    review.approve(rob, "Good to go.")
    assert (review.state, review.decided_by, review.comment) == ("approved", rob, "Good to go.")
    assert (fresh(journey).state, journey.approval()) == ("approved", review)


@pytest.mark.parametrize("decide", ["approve", "send_back"])
def test_it_is_not_decided_by_an_author(review: Review, maya: User, reviewers, decide: str) -> None:
    reviewers.user_set.add(maya)
    told = "You wrote some of these changes. Somebody else has to review them."
    assert said(getattr(review, decide), fresh(maya), "") == told
    assert fresh(review).state == "requested"


def test_it_is_not_decided_by_who_wrote_an_earlier_change(
    journey: Journey, lasting, maya: User, miles: User, reviewers
) -> None:
    lasting("ONE", 2, miles)
    lasting("TWO", 2)
    reviewers.user_set.add(miles)
    review = journey.request_review(maya)
    assert review.authors() == {maya.pk, miles.pk}
    assert said(review.approve, fresh(miles), "").startswith("You wrote some of these changes")


def test_it_may_be_decided_by_who_wrote_only_what_was_approved_before(
    journey: Journey, lasting, maya: User, miles: User, rob: User, reviewers
) -> None:
    approved(journey, miles, rob)
    lasting("ONE", 2, miles)
    reviewers.user_set.add(maya)
    review = journey.request_review(miles)
    assert (review.authors(), review.last_approved().revision.number) == ({miles.pk}, 1)
    review.approve(fresh(maya))
    assert fresh(journey).state == "approved"


def test_it_is_decided_by_reviewers_only(review: Review, miles: User) -> None:
    assert (
        said(review.approve, miles, "") == "Only reviewers can approve a journey or send it back."
    )
    assert fresh(review).state == "requested"


def test_it_is_not_approved_while_something_blocks(review: Review, rob: User) -> None:
    """The tenant asks for more since the review was asked for."""
    HouseRules.objects.create(tenant=review.tenant, goal_required=True, goal_severity="blocking")
    Tenant.objects.get(pk=review.tenant_id).sealed()
    fresh_review = Review.objects.get(pk=review.pk)
    assert said(fresh_review.approve, rob).startswith("Something has to be put right first:")
    fresh_review.send_back(rob, "It needs a goal.")
    assert Review.objects.get(pk=review.pk).decision == "sent-back"


def test_it_is_sent_back_with_a_comment_and_asked_for_again(
    journey: Journey, review: Review, maya: User, rob: User, lasting
) -> None:
    review.send_back(rob, "Shorter, please.")
    assert (review.state, review.comment, fresh(journey).state) == (
        "sent-back",
        "Shorter, please.",
        "sent-back",
    )
    lasting("ONE", 2)
    again = journey.request_review(maya)
    again.approve(rob)
    assert (again.last_approved(), journey.approval()) == (None, again)


def test_it_is_decided_once(review: Review, rob: User, ada: User) -> None:
    late = fresh(review)
    review.approve(rob)
    told = said(late.send_back, rob, "No.")
    assert told.startswith("This review is no longer open: it was decided already, or the journey")
    assert (fresh(review).state, fresh(review).decided_by) == ("approved", rob)


def test_it_ends_with_the_next_edit(
    journey: Journey, review: Review, maya: User, rob: User, lasting
) -> None:
    review.approve(rob)
    lasting("ONE", 2)
    assert (fresh(review).state, fresh(journey).state, journey.approval()) == (
        "outdated",
        "draft",
        None,
    )
    assert (
        said(journey.submit, maya) == "This revision is not approved yet. Ask for a review first."
    )


def test_it_is_not_brought_back_by_undo(
    journey: Journey, review: Review, maya: User, rob: User, lasting
) -> None:
    """The bytes are those that were approved, but nobody approved this revision."""
    review.approve(rob)
    lasting("ONE", 2)
    journey.undo(maya)
    assert (journey.head.sha256, journey.approval(), fresh(journey).state) == (
        review.sha256,
        None,
        "draft",
    )


def test_it_cannot_be_decided_after_an_edit(
    journey: Journey, review: Review, rob: User, lasting
) -> None:
    late = fresh(review)
    lasting("ONE", 2)
    assert said(late.approve, rob).startswith("This review is no longer open")
    assert fresh(journey).state == "draft"


def test_it_covers_one_tenant_only(
    journey: Journey, review: Review, rob: User, foreign_tenant: Tenant
) -> None:
    review.approve(rob)
    Journey.objects.filter(pk=journey.pk).update(tenant=foreign_tenant)
    assert fresh(journey).approval() is None


def test_it_lets_the_approved_bytes_be_submitted(
    journey: Journey, review: Review, maya: User, rob: User
) -> None:
    review.approve(rob)
    submission = journey.submit(maya)
    assert (submission.review, submission.sha256, bytes(submission.payload)) == (
        review,
        review.sha256,
        journey.head.body,
    )


@pytest.mark.parametrize(
    ("demo", "name", "may"), [(True, "maya", True), (False, "maya", False), (False, "ada", True)]
)
def test_it_can_be_left_out_in_the_demo_or_by_an_admin(
    journey: Journey, people: dict[str, User], settings, demo: bool, name: str, may: bool
) -> None:
    settings.DEMO = demo
    if may:
        assert journey.submit(people[name], without_review=True).review is None
        assert AuditEntry.objects.filter(
            action="submission.created-without-review", actor=people[name]
        ).exists()
    else:
        with pytest.raises(NotAllowed, match="Only an admin can submit without a review"):
            journey.submit(people[name], without_review=True)


def test_it_is_not_needed_where_the_tenant_does_not_ask_for_it(
    journey: Journey, tenant: Tenant, maya: User
) -> None:
    set_rules(review_required=False)
    assert fresh(journey).submit(maya).review is None


def test_it_is_audited(journey: Journey, review: Review, maya: User, rob: User) -> None:
    review.approve(rob, "Good.")
    entries = AuditEntry.objects.order_by("id").values_list("actor__username", "action")
    assert list(entries) == [("maya", "review.requested"), ("rob", "review.approved")]
    assert AuditEntry.objects.first().data == {
        "revision": 1,
        "sha256": review.sha256,
        "comment": "Good.",
    }


@pytest.fixture
def reviewers(people: dict[str, User]):
    from django.contrib.auth.models import Group

    return Group.objects.get(name="Reviewer")
