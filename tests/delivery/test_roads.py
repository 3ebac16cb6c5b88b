"""Every road by which something is approved or sent keeps to four eyes, also when two people are on
it at once."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection, transaction
from django.test import RequestFactory

from journeys.checks import check
from journeys.delivery.tenant_move import end_approvals
from journeys.models import (
    AuditEntry,
    HouseRules,
    Journey,
    NotAllowed,
    Review,
    Submission,
    Tenant,
    WrongState,
)
from journeys.models.key_use import backup_restored, use_another_key
from journeys.practice import PracticeServer
from tests.commands.conftest import run  # noqa: F401
from tests.delivery.conftest import DOCUMENT, posts, until_final, worked
from tests.delivery.test_seals import reviewed, waiting  # noqa: F401
from tests.people import ada, maya, miles, people, rob, set_rules  # noqa: F401

AT_ONCE = pytest.mark.django_db(transaction=True)


def edit(journey: Journey, author: User, text: str = "x") -> None:
    mine = Journey.objects.get(pk=journey.pk)
    mine.apply(
        "edit journey", {"members": {"description": text}}, based_on=mine.head.number, author=author
    )


def refused(journey: Journey, user: User) -> str:
    with pytest.raises(WrongState) as caught:
        Journey.objects.get(pk=journey.pk).submit(user)
    assert not Submission.objects.exists()
    return caught.value.text


# Roads on which the bytes change: the approval ends


@pytest.mark.parametrize("whose", [["--owner", "miles"], ["--nobody"]])
def test_an_import_over_what_was_approved_ends_the_approval(
    reviewed: Journey,  # noqa: F811
    people: dict[str, User],  # noqa: F811
    tmp_path,
    whose: list[str],
) -> None:
    file = tmp_path / "other.json"
    file.write_text(json.dumps(DOCUMENT | {"description": "By file"}))
    call_command(
        "import_journey", str(file), "--update", "--tenant", "Practice", *whose, verbosity=0
    )
    assert "not approved yet" in refused(reviewed, people["maya"])
    assert Review.objects.get().state == "outdated"


def test_another_key_ends_the_approval(reviewed: Journey, maya: User) -> None:  # noqa: F811
    use_another_key(reviewed, maya)
    assert "not approved yet" in refused(reviewed, maya)


def test_to_restore_the_very_bytes_does_not_bring_it_back(reviewed: Journey, maya: User) -> None:  # noqa: F811
    approved_one = reviewed.head
    edit(reviewed, maya)
    Journey.objects.get(pk=reviewed.pk).restore(approved_one, maya)
    assert Journey.objects.get(pk=reviewed.pk).head.sha256 == approved_one.sha256
    assert "not approved yet" in refused(reviewed, maya)


# Roads to a send: each asks again


def approver_left(row: Submission) -> None:
    User.objects.filter(username="rob").update(is_active=False)


def place_moved(row: Submission) -> None:
    end_approvals(Tenant.objects.get())


@pytest.mark.parametrize("end", [approver_left, place_moved])
def test_try_again_sends_nothing_whose_approval_has_ended(
    practice: PracticeServer,
    waiting: Submission,  # noqa: F811
    maya: User,  # noqa: F811
    ada: User,  # noqa: F811
    end: Callable,
) -> None:
    end(waiting)
    for person in (maya, ada):
        assert (worked(waiting).state, posts(practice)) == ("needs-person", 0)
        waiting.try_again(person)
    assert (worked(waiting).state, posts(practice)) == ("needs-person", 0)


@pytest.mark.parametrize("end", [approver_left, place_moved])
def test_a_restored_backup_sends_nothing_whose_approval_has_ended(
    practice: PracticeServer,
    waiting: Submission,  # noqa: F811
    end: Callable,
) -> None:
    backup_restored()
    end(waiting)
    assert (until_final(waiting).state, posts(practice)) == ("needs-person", 0)


def test_a_command_submits_what_the_button_would(
    run,  # noqa: F811
    reviewed: Journey,  # noqa: F811
    people: dict[str, User],  # noqa: F811
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE journeys_tenant SET review_required = %s", [False])
    for words in ([], ["--as", "ada", "--without-review"]):
        done = run("submit_journey", "greeting", *words)
        assert done.code == 1 and "changed in the database" in done.out
    assert not Submission.objects.exists()
    assert AuditEntry.objects.filter(action="tampering.found", tenant=reviewed.tenant).count() == 2


def test_a_rule_that_was_set_since_the_approval_is_asked(reviewed: Journey, maya: User) -> None:  # noqa: F811
    HouseRules.objects.create(
        tenant=reviewed.tenant, naming_pattern="X.+", naming_severity="blocking"
    )
    reviewed.tenant.sealed()
    assert "put right first" in refused(reviewed, maya)


def test_a_problem_that_is_no_longer_accepted_blocks_what_was_approved(
    reviewed: Journey,  # noqa: F811
    maya: User,  # noqa: F811
    rob: User,  # noqa: F811
) -> None:
    HouseRules.objects.create(
        tenant=reviewed.tenant, naming_pattern="X.+", naming_severity="blocking"
    )
    reviewed.tenant.sealed()
    journey = Journey.objects.get(pk=reviewed.pk)
    document = journey.head.document()
    problem = next(one for one in check(document, journey.tenant.rules()) if one.blocks)
    row = journey.accept(rob, problem, document, "Known.")
    journey.require_no_blocking_problem(journey.head)
    journey.withdraw_acceptance(rob, row)
    assert "put right first" in refused(journey, maya)


def test_no_page_of_the_administration_does_something_to_many_at_once(ada: User) -> None:  # noqa: F811
    request = RequestFactory().get("/")
    for user in (ada, User.objects.create_superuser("root")):
        request.user = User.objects.get(pk=user.pk)
        shown = {
            model.__name__: list(one.get_actions(request))
            for model, one in admin.site._registry.items()
        }
        assert {name: actions for name, actions in shown.items() if actions} == {}
        editable = {
            model.__name__ for model, one in admin.site._registry.items() if one.list_editable
        }
        assert "Tenant" in shown and not editable


# Two people at once


def together(*deeds: Callable[[], object]) -> list[object]:
    """What each came to; a refusal is its class."""
    start = Barrier(len(deeds))

    def one(deed: Callable[[], object]) -> object:
        try:
            start.wait()
            deed()
        except (WrongState, NotAllowed) as error:
            return type(error)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(one, deeds))


@pytest.fixture
def in_review(reviewed: Journey, people: dict[str, User]) -> Review:  # noqa: F811
    edit(reviewed, people["maya"], "to be reviewed")
    return Journey.objects.get(pk=reviewed.pk).request_review(people["maya"])


@AT_ONCE
def test_an_approval_while_the_author_edits_covers_nothing_of_the_edit(
    in_review: Review,
    people,  # noqa: F811
) -> None:
    review = Review.objects.get(pk=in_review.pk)
    came_to = together(
        lambda: review.approve(people["rob"], "Good."),
        lambda: edit(in_review.journey, people["maya"], "sneaked in"),
    )
    journey = Journey.objects.get(pk=in_review.journey_id)
    assert came_to[1] is None and came_to[0] in (None, WrongState)
    assert (journey.head.document()["description"], journey.state) == ("sneaked in", "draft")
    assert journey.approval() is None and Review.objects.get(pk=review.pk).state == "outdated"
    with pytest.raises(WrongState, match="not approved yet"):
        journey.submit(people["maya"])


@AT_ONCE
def test_what_is_submitted_while_the_author_edits_is_what_was_approved(
    reviewed: Journey,  # noqa: F811
    people,  # noqa: F811
) -> None:
    mine, sha256 = Journey.objects.get(pk=reviewed.pk), reviewed.head.sha256
    came_to = together(
        lambda: mine.submit(people["maya"]), lambda: edit(reviewed, people["miles"], "sneaked in")
    )
    assert came_to[1] is None and came_to[0] in (None, WrongState)
    assert [row.sha256 for row in Submission.objects.all()] == (
        [sha256] if came_to[0] is None else []
    )


@AT_ONCE
def test_a_tenant_that_moves_while_a_review_is_open_ends_it(in_review: Review, people) -> None:  # noqa: F811
    def move() -> None:
        with transaction.atomic():
            end_approvals(Tenant.objects.get())

    review = Review.objects.get(pk=in_review.pk)
    came_to = together(lambda: review.approve(people["rob"], "Good."), move)
    assert came_to[1] is None and came_to[0] in (None, WrongState)
    journey = Journey.objects.get(pk=in_review.journey_id)
    assert journey.approval() is None and Tenant.objects.get().is_sealed()
    with pytest.raises(WrongState, match="Ask for a review"):
        journey.submit(people["maya"])


@AT_ONCE
def test_a_journey_is_submitted_once_by_two(reviewed: Journey, people) -> None:  # noqa: F811
    both = [Journey.objects.get(pk=reviewed.pk) for _ in range(2)]
    came_to = together(*(lambda journey=one: journey.submit(people["maya"]) for one in both))
    assert sorted(came_to, key=str) == [WrongState, None] and Submission.objects.count() == 1


def test_a_rule_that_is_set_while_the_page_is_open_holds(reviewed: Journey, people) -> None:  # noqa: F811
    set_rules(review_required=False)
    edit(reviewed, people["maya"])
    page = Journey.objects.select_related("tenant").get(pk=reviewed.pk)
    assert page.why_not_submit() == ""
    set_rules(review_required=True)
    with pytest.raises(WrongState, match="not approved yet"):
        page.submit(people["maya"])


@pytest.mark.parametrize("how", ["groups", "is_active"])
def test_a_reviewer_who_is_none_any_more_decides_nothing(
    in_review: Review,
    rob: User,  # noqa: F811
    how: str,
) -> None:
    page, person = Review.objects.get(pk=in_review.pk), User.objects.get(pk=rob.pk)
    assert person.has_perm("journeys.approve_review")
    rob.groups.clear() if how == "groups" else User.objects.filter(pk=rob.pk).update(
        is_active=False
    )
    with pytest.raises(NotAllowed):
        page.approve(person, "Good.")
