"""Whose words stand in a journey, whoever pressed the button that brought them back."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection

from journeys import blocks
from journeys.delivery.tenant_move import end_approvals
from journeys.models import Journey, NotAllowed, Review, Submission, Tenant, WrongState
from journeys.spec import document as doc
from tests.models.conftest import document
from tests.people import approved, started

DAYS = 30


@pytest.fixture
def reviewing(people: dict[str, User]) -> None:
    """Everybody may decide, so that only their words stand against it."""
    Group.objects.get(name="Reviewer").user_set.add(*people.values())


@pytest.fixture
def evil(journey: Journey, maya: User, miles: User, rob: User, reviewing, lasting) -> Journey:
    """Maya's journey, approved by Rob; then Miles changed a step."""
    approved(journey, maya, rob)
    lasting("ONE", DAYS, miles)
    return journey


def authors(journey: Journey, asking: User) -> set[str]:
    journey.refresh_from_db()
    review = journey.request_review(asking)
    return set(User.objects.filter(pk__in=review.authors()).values_list("username", flat=True))


def revert(journey: Journey, rob: User) -> None:
    """Rob takes Miles's change back."""
    journey.revert(journey.revisions.get(number=2), rob)


def revert_and_undo(journey: Journey, rob: User) -> None:
    revert(journey, rob)
    journey.undo(rob)


def revert_undo_and_redo(journey: Journey, rob: User) -> None:
    """And brings it back once more."""
    revert_and_undo(journey, rob)
    journey.redo(rob)
    journey.undo(rob)


def revert_twice(journey: Journey, rob: User) -> None:
    revert(journey, rob)
    journey.revert(journey.head, rob)


def revert_and_restore(journey: Journey, rob: User) -> None:
    revert(journey, rob)
    journey.restore(journey.revisions.get(number=2), rob)


def revert_approve_and_restore(journey: Journey, rob: User) -> None:
    ada = User.objects.get(username="ada")
    revert(journey, rob)
    journey.request_review(rob).approve(ada)
    journey.restore(journey.revisions.get(number=2), rob)


def revert_and_import(journey: Journey, rob: User) -> None:
    revert(journey, rob)
    journey.replace(
        journey.revisions.get(number=2).document(), based_on=3, author=rob, operation="import"
    )


def revert_and_paste_the_text(journey: Journey, rob: User) -> None:
    revert(journey, rob)
    text = {**journey.revisions.get(number=2).document(), "name": "Other"}
    journey.replace(text, based_on=3, author=rob, operation="edit as text")


BACK = [
    revert_and_undo,
    revert_undo_and_redo,
    revert_twice,
    revert_and_restore,
    revert_approve_and_restore,
    revert_and_import,
    revert_and_paste_the_text,
]


@pytest.mark.parametrize("back", BACK)
def test_words_that_come_back_stay_their_first_writers(
    evil: Journey, miles: User, rob: User, back: Callable[[Journey, User], None]
) -> None:
    back(evil, rob)
    assert {"miles", "rob"} <= authors(evil, rob)
    with pytest.raises(NotAllowed, match="You wrote some of these changes"):
        evil.reviews.first().approve(miles)


def test_words_that_come_back_after_an_approval_stay_their_first_writers(
    evil: Journey, miles: User, rob: User
) -> None:
    """Without the memory only Rob would be an author here: Miles wrote nothing since the last
    approval."""
    revert_approve_and_restore(evil, rob)
    assert authors(evil, rob) == {"miles", "rob"}


def test_an_export_that_somebody_else_imports_stays_its_writers(
    evil: Journey, tenant: Tenant, miles: User, rob: User
) -> None:
    exported = {**evil.head.document(), "key": "copy"}
    copy = Journey.objects.start(
        exported, tenant=tenant, owner=rob, operation="import", summary="Imported"
    )
    assert "miles" in authors(copy, rob)


def test_pasted_steps_stay_their_writers(
    evil: Journey, tenant: Tenant, miles: User, rob: User
) -> None:
    (step,) = [step for step in evil.head.document()["activities"] if step["key"] == "ONE"]
    block = {**step, "key": "PASTED", "outcomes": [{"key": "out-ONE"}]}
    target = started(document(key="other", activities=[]), tenant, rob)
    target.append(
        {**document(key="other"), "activities": [block]},
        author=rob,
        operation="paste steps",
        summary="-",
    )
    assert "miles" in authors(target, rob)


def test_who_only_takes_a_change_back_wrote_nothing(
    evil: Journey, maya: User, rob: User, lasting
) -> None:
    revert(evil, rob)
    lasting("TWO", 5, maya)
    assert authors(evil, maya) == {"maya"}


def test_all_of_it_is_new_to_another_place(evil: Journey, maya: User, tenant: Tenant) -> None:
    end_approvals(tenant)
    assert authors(evil, maya) == {"maya", "miles"}


def test_an_approval_of_who_has_left_is_no_base(evil: Journey, maya: User, rob: User) -> None:
    User.objects.filter(pk=rob.pk).update(is_active=False)
    assert authors(evil, maya) == {"maya", "miles"}


def test_it_knows_the_writers_of_older_revisions(
    evil: Journey, maya: User, rob: User, lasting
) -> None:
    """Those of before it was told who wrote what."""
    evil.revisions.update(writers=None)
    for row in evil.revisions.all():
        row.sealed().save()
    evil.refresh_from_db()
    revert(evil, rob)
    evil.restore(evil.revisions.get(number=2), rob)
    assert {"miles", "rob"} <= authors(evil, maya)


def test_it_costs_the_same_at_any_depth(
    journey: Journey, maya: User, miles: User, lasting, django_assert_num_queries
) -> None:
    counts = []
    for length in (2, 40):
        for number in range(length):
            lasting("ONE", number + 2, miles if number % 2 else maya)
        review = Review.objects.get(pk=journey.request_review(maya).pk)
        with connection.execute_wrapper(counting(counts)):
            review.authors()
        counts.append("|")
        lasting("TWO", length, maya)
    short, _bar, long = " ".join(counts).partition("|")
    assert short.count("SELECT") == long.count("SELECT")
    assert "journeys_wording" not in short + long


def counting(found: list[str]) -> Callable:
    def execute(go: Callable, sql: str, *more: object) -> object:
        found.append(sql)
        return go(sql, *more)

    return execute


# Races


ROUNDS = 70  # of three deeds each


@pytest.mark.django_db(transaction=True)
def test_nothing_is_submitted_that_was_not_approved(
    tenant: Tenant, people: dict[str, User]
) -> None:
    """Edit, approve and submit at the same moment."""
    maya, miles, rob = (people[name] for name in ("maya", "miles", "rob"))
    journeys = [started(document(key=f"k-{number}"), tenant, maya) for number in range(ROUNDS)]
    for journey in journeys:
        journey.request_review(maya)
    for journey in journeys[
        ::2
    ]:  # for approve against submit; the others are for edit against approve
        journey.reviews.get().approve(rob)
    together = Barrier(3)

    def edit(journey: Journey) -> None:
        journey.apply(
            "edit journey", {"members": {"description": "Evil"}}, based_on=1, author=miles
        )

    def approve(journey: Journey) -> None:
        Review.objects.get(journey=journey).approve(rob)

    def submit(journey: Journey) -> None:
        journey.submit(maya)

    def all_rounds(deed: Callable[[Journey], None]) -> int:
        done = 0
        for journey in journeys:
            together.wait()
            try:
                deed(Journey.objects.get(pk=journey.pk))
                done += 1
            except (WrongState, NotAllowed):
                pass
        connection.close()
        return done

    with ThreadPoolExecutor(3) as pool:
        edited, _approved, submitted = pool.map(all_rounds, [edit, approve, submit])
    assert edited == ROUNDS
    assert submitted == Submission.objects.count() > 0
    for row in Submission.objects.select_related("review__revision", "revision", "tenant"):
        assert row.review.sha256 == row.sha256 == row.revision.sha256
        assert (row.revision.number, b"Evil" in bytes(row.payload)) == (1, False)
        assert not row.is_altered(is_sent=True)


def test_who_only_puts_steps_into_another_order_wrote_it_too(
    journey: Journey, maya: User, rob: User, ada: User
):
    before = approved(journey, maya, rob).head.document()
    turned = {**before, "activities": before["activities"][::-1]}
    journey.append(turned, author=ada, operation="edit as text", summary="Turned", based_on=1)
    journey.refresh_from_db()
    review = journey.request_review(maya)
    assert review.authors() == {ada.pk}
    with pytest.raises(NotAllowed):
        review.approve(ada)


def test_short_members_and_fresh_blocks_are_nobodys_words(
    journey: Journey, tenant: Tenant, maya: User, miles: User
):
    before = journey.head.document()
    plain = {
        name: before[name]
        for name in ("workflowApiVersion", "entryMode", "goals", "exits")
        if name in before
    }
    fresh = blocks.BY_SLUG["wait"].new("WAITBYDURATION-1", before)
    journey.append(
        {**before, "activities": [fresh]}, author=maya, operation="form", summary="W", based_on=1
    )
    own = {**doc.blank("third", "Third"), **plain, "activities": [fresh]}
    third = Journey.objects.start(
        own, tenant=tenant, owner=miles, operation="import", summary="Imported"
    )
    assert set(third.head.writers) == {str(miles.pk)}
