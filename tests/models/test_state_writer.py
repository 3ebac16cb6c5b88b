"""A journey's state is written in one place, from what the database holds about it."""

import random
import re
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from journeys.delivery.claims import Outcome, settle
from journeys.delivery.submit import times
from journeys.delivery.tenant_move import end_approvals, why_not_move
from journeys.lifecycle.journey_state import JourneyState
from journeys.lifecycle.submission_states import Event
from journeys.models import AuditEntry, Journey, NotAllowed, Review, Submission, Tenant, WrongState
from journeys.models.state_writer import follow
from tests.depth import deep
from tests.models.conftest import document, wait
from tests.people import approved, set_rules, started


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def submitted(journey: Journey, user: User) -> Submission:
    return fresh(journey).submit(user, without_review=True)


def came_to(submission: Submission, kind: str) -> None:
    settle([Outcome(fresh(submission), Event(kind))], times())


@pytest.mark.parametrize(
    ("kind", "state"),
    [("altered", "needs-person"), ("found other", "needs-person"), ("refused", "needs-person")],
)
def test_it_follows_its_submission(journey: Journey, ada: User, kind: str, state: str) -> None:
    submission = submitted(journey, ada)
    assert fresh(journey).state == "submitting"
    came_to(submission, kind)
    assert fresh(journey).state == state


def test_submitting_ends_a_review_that_is_open(
    journey: Journey, maya: User, rob: User, ada: User
) -> None:
    review = journey.request_review(maya)
    submission = submitted(journey, ada)
    review.refresh_from_db()
    assert (review.decision, review.state, fresh(journey).state) == ("", "outdated", "submitting")
    with pytest.raises(WrongState, match="no longer open"):
        fresh(review).approve(rob)
    came_to(submission, "altered")
    assert fresh(journey).state == "needs-person"


def test_it_tells_the_audit_which_reviews_a_submission_ended(
    journey: Journey, maya: User, ada: User
) -> None:
    journey.request_review(maya)
    submitted(journey, ada)
    entry = AuditEntry.objects.filter(journey=journey).latest("pk")
    assert (entry.action, entry.data["reviews_ended"]) == (
        "submission.created-without-review",
        1,
    )


def test_it_keeps_the_approval_by_which_it_was_submitted(
    journey: Journey, maya: User, rob: User
) -> None:
    submission = approved(journey, maya, rob).submit(maya)
    review = Review.objects.get()
    assert (review.state, review.ended_at, submission.review) == ("approved", None, review)
    fresh(submission).cancel(maya)
    assert fresh(journey).state == "approved"


def test_a_decision_outlives_its_validity(journey: Journey, maya: User, rob: User, lasting) -> None:
    approved(journey, maya, rob)
    lasting("ONE", 2)
    review = Review.objects.get()
    stands = (review.decision, review.decided_by, review.state)
    assert stands == ("approved", rob, "outdated")
    assert review.ended_at > review.decided_at and review.is_sealed(review.sha256)
    asked = journey.request_review(maya)
    asked.send_back(rob, "Longer, please.")
    lasting("ONE", 3)
    assert fresh(asked).ended_at is None  # it holds until a review is asked for again
    again = journey.request_review(maya)
    assert (fresh(asked).state, fresh(asked).ended_at is None) == ("sent-back", False)
    assert again.last_approved() == review


def test_one_review_of_a_journey_counts(journey: Journey, maya: User, rob: User) -> None:
    approved(journey, maya, rob)
    set_rules(review_required=False)
    came_to(fresh(journey).submit(maya), "altered")
    assert Review.objects.filter(journey=journey, ended_at=None).count() == 1


def test_it_leaves_a_draft_alone_that_went_on(journey: Journey, ada: User, lasting) -> None:
    submission = submitted(journey, ada)
    lasting("ONE", 2)
    assert fresh(journey).state == "draft"
    came_to(submission, "altered")
    assert fresh(journey).state == "draft"


@pytest.mark.parametrize("column", ["head", "state"])
def test_it_leaves_alone_what_somebody_else_wrote_meanwhile(
    journey: Journey, maya: User, column: str, monkeypatch
) -> None:
    """Between its look and its update."""
    other = started(document(key="other", activities=[wait("ONE")]), journey.tenant, maya)
    meanwhile = {"head": other.head} if column == "head" else {"state": "refused"}
    Review.objects.filter(pk=journey.request_review(maya).pk).update(decision="sent-back")
    looked = []

    def late(execute, sql, *more):
        if sql.startswith("UPDATE") and not looked:
            looked.append(sql)
            Journey.objects.filter(pk=journey.pk).update(**meanwhile)
        return execute(sql, *more)

    with connection.execute_wrapper(late):
        assert follow(Journey.objects.filter(pk=journey.pk)) == {journey.pk: "sent-back"}
    assert looked and fresh(journey).state == meanwhile.get("state", "in-review")


def test_it_reads_many_journeys_at_once(journey: Journey, maya: User) -> None:
    def queries() -> int:
        Journey.objects.update(state="approved")
        with CaptureQueriesContext(connection) as seen:
            follow(Journey.objects.all())
        return len(seen)

    one = queries()
    for number in range(4):
        started(document(key=f"k{number}"), journey.tenant, maya).request_review(maya)
    assert (one, queries()) == (2, 3)  # a look, and an update for each state
    assert sorted(Journey.objects.values_list("state", flat=True)) == ["draft"] + ["in-review"] * 4


def test_an_ordinary_edit_does_not_ask_for_it(journey: Journey, lasting) -> None:
    lasting("ONE", 2)
    with CaptureQueriesContext(connection) as seen:
        lasting("ONE", 3)
    assert not [one for one in seen if "journeys_submission" in one["sql"]]


def test_nobody_else_writes_it() -> None:
    """Neither by an update of journeys, nor by saving the column."""
    folder = Path(__file__).parents[2] / "journeys"
    writes = re.compile(
        r"[Jj]ourneys?(\.objects)?\b[^\n]*\.update\([^)]*\bstate=|journey\.state = "
    )
    found = [
        str(file.relative_to(folder))
        for file in folder.rglob("*.py")
        if "migrations" not in file.parts and writes.search(file.read_text())
    ]
    assert found == ["models/state_writer.py"]


class Walk:
    """People and workers who do whatever is possible, in any order."""

    def __init__(self, journey: Journey, people: dict, seed: int) -> None:
        self.pk, self.people, self.chance = journey.pk, people, random.Random(seed)  # noqa: S311
        self.told: list[str] = []

    def step(self) -> None:
        journey, maya, rob = (
            Journey.objects.get(pk=self.pk),
            self.people["maya"],
            self.people["rob"],
        )
        review = journey.reviews.filter(state="requested").first()
        sent = journey.submissions.filter(state__in=["waiting", "unclear"]).first()
        stopped = journey.submissions.filter(state="needs-person").first()
        deeds = {
            "edit": lambda: self.edit(journey, maya),
            "ask": lambda: journey.request_review(maya),
            "submit": lambda: journey.submit(maya),
            "submit unreviewed": lambda: journey.submit(self.people["ada"], without_review=True),
            "rules": lambda: set_rules(review_required=self.chance.random() < 0.5),
            "move": lambda: why_not_move(journey.tenant) or end_approvals(journey.tenant),
        }
        if review:
            deeds["approve"] = lambda: review.approve(rob)
            deeds["send back"] = lambda: review.send_back(rob, "No.")
        if sent:
            kind = self.chance.choice(["altered", "found other", "refused", "no slot", "busy"])
            deeds[kind] = lambda: came_to(sent, kind)
            deeds["refuse"] = lambda: self.refuse(sent)
            deeds["cancel"] = lambda: sent.cancel(maya)
        if stopped:
            deeds["go on"] = lambda: stopped.try_again(self.people["ada"])
        deed = self.chance.choice(list(deeds))
        self.told.append(deed)
        try:
            deeds[deed]()
        except (WrongState, NotAllowed) as error:
            self.told.append(f"({error.text})")

    def edit(self, journey: Journey, user: User) -> None:
        members = {"description": str(self.chance.random())}
        if self.chance.random() < 0.5:  # another key can be sent again
            members["key"] = f"k{self.chance.randrange(10**9)}"
        number = journey.head.number
        journey.apply("edit journey", {"members": members}, based_on=number, author=user)

    def refuse(self, submission: Submission) -> None:
        if submission.state == "waiting":
            Submission.objects.filter(pk=submission.pk).update(state="sending")
            row = Submission.objects.get(pk=submission.pk)
            settle([Outcome(row, Event("refused"))], times())


@pytest.mark.parametrize("seed", range(deep(5, 60)))
def test_it_is_what_the_facts_say_whatever_is_done(
    tenant: Tenant, people: dict, maya: User, seed: int
) -> None:
    walk = Walk(started(document(), tenant, maya), people, seed)
    for _step in range(20):
        walk.step()
        before = Journey.objects.get(pk=walk.pk).state
        assert follow(Journey.objects.filter(pk=walk.pk))[walk.pk] == before, walk.told
        assert Review.objects.filter(journey=walk.pk, ended_at=None).count() <= 1
    assert before in JourneyState.values
