"""What waits to be sent with an accepted problem is not sent once somebody opens that again."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User

from journeys.checks import check
from journeys.delivery import submit
from journeys.delivery.calls import client_for, shared_token
from journeys.models import HouseRules, Journey, Submission, Tenant, TenantStatus
from journeys.models.clock import now
from journeys.practice import PracticeServer
from journeys.spec.problem import Problem
from tests.delivery.conftest import posts
from tests.delivery.tampering import sql
from tests.delivery.test_seals import reviewed  # noqa: F401
from tests.markup import flat
from tests.people import ada, approved, as_maya, as_rob, browser_of, maya, miles, people, rob  # noqa: F401


@pytest.fixture
def problem(reviewed: Journey) -> Problem:  # noqa: F811
    HouseRules.objects.create(
        tenant=reviewed.tenant, naming_pattern="X.+", naming_severity="blocking"
    )
    Tenant.objects.get().sealed()
    journey = Journey.objects.get()
    return next(one for one in check(journey.head.document(), journey.tenant.rules()) if one.blocks)


def accept(problem: Problem, by: User) -> None:
    journey = Journey.objects.get()
    journey.accept(by, problem, journey.head.document(), "Known.")


def open_again(by: User) -> None:
    journey = Journey.objects.get()
    journey.withdraw_acceptance(by, journey.acceptances.get())


@pytest.fixture
def waiting(practice: PracticeServer, problem: Problem, maya: User, rob: User) -> Submission:  # noqa: F811
    accept(problem, rob)
    sent = Journey.objects.get().submit(maya)
    assert [one[:3] for one in sent.accepted] == [["house-naming", "blocking", "journey: name"]]
    return sent


@pytest.mark.parametrize("has_token", [True, False])
def test_it_is_not_sent(
    practice: PracticeServer,
    waiting: Submission,
    rob: User,  # noqa: F811
    has_token: bool,
):
    if has_token:
        tenant = Tenant.objects.get()
        shared_token(tenant, client_for(tenant.credentials()))
    open_again(rob)
    submit.work(waiting.pk)
    waiting.refresh_from_db()
    assert (waiting.state, posts(practice)) == ("needs-person", 0)
    assert waiting.explanation["title"] == "A problem was opened again"
    assert Journey.objects.get().state == "needs-person"


def test_it_is_sent_while_the_problem_stays_accepted(practice: PracticeServer, waiting: Submission):
    submit.work(waiting.pk)
    waiting.refresh_from_db()
    assert (waiting.state, posts(practice)) == ("succeeded", 1)


def test_it_goes_on_once_the_problem_is_accepted_again(
    practice: PracticeServer,
    waiting: Submission,
    problem: Problem,
    maya: User,  # noqa: F811
    rob: User,  # noqa: F811
):
    open_again(rob)
    submit.work(waiting.pk)
    waiting.refresh_from_db()
    waiting.try_again(maya)
    submit.work(waiting.pk)
    waiting.refresh_from_db()
    assert (waiting.state, posts(practice)) == ("needs-person", 0)  # nothing has changed
    accept(problem, rob)
    waiting.try_again(maya)
    submit.work(waiting.pk)
    waiting.refresh_from_db()
    assert (waiting.state, posts(practice)) == ("succeeded", 1)


def test_it_is_not_sent_either_when_what_it_stands_on_is_changed_past_the_composer(
    practice: PracticeServer,
    waiting: Submission,
    rob: User,  # noqa: F811
):
    open_again(rob)
    sql("UPDATE journeys_submission SET accepted = '[]'")
    submit.work(waiting.pk)
    waiting.refresh_from_db()
    assert (waiting.state, posts(practice)) == ("tampered", 0)


def test_nor_with_an_acceptance_that_was_altered(practice: PracticeServer, waiting: Submission):
    sql("UPDATE journeys_acceptance SET reason = 'x', by_id = NULL")
    submit.work(waiting.pk)
    waiting.refresh_from_db()
    assert (waiting.state, posts(practice)) == ("needs-person", 0)


def test_it_is_withdrawn_where_the_token_is_still_to_be_fetched(
    practice: PracticeServer,
    waiting: Submission,
    rob: User,  # noqa: F811
):
    sql("UPDATE journeys_tenant SET token = ''")
    jobs = submit.take([submit.Candidate(waiting.pk, waiting.tenant_id)])
    assert [job.token for job in jobs] == [None]
    open_again(rob)  # after it was claimed, before a byte leaves
    submit.write([submit.carry_out(job) for job in jobs])
    waiting.refresh_from_db()
    assert (waiting.state, posts(practice)) == ("needs-person", 0)


def test_who_opens_it_again_reads_what_becomes_of_the_submission(as_rob, waiting: Submission):  # noqa: F811
    journey = Journey.objects.get()
    address, data = f"/journeys/{journey.pk}/problem/withdraw/", {"based_on": "1"}
    data["acceptance"] = str(journey.acceptances.get().pk)
    answer = as_rob.post(address, data, headers={"HX-Request": "true"}).content.decode()
    assert "The submission that waits with this problem is not sent any more." in answer


@pytest.mark.parametrize("page", ["/submissions/{sent.pk}/", "/journeys/{sent.journey_id}/"])
def test_it_is_said_at_once_where_its_tenant_is_paused(
    as_maya,  # noqa: F811
    waiting: Submission,
    rob: User,  # noqa: F811
    page: str,
):
    until = now() + timedelta(minutes=5)
    TenantStatus.objects.update_or_create(tenant=waiting.tenant, defaults={"paused_until": until})
    address = page.format(sent=waiting)
    said = "It keeps its place and goes out by itself afterwards."
    assert said in flat(as_maya.get(address).content.decode())
    open_again(rob)
    html = flat(as_maya.get(address).content.decode())
    assert said not in html and "Not sent any more" in html
    assert "when its turn comes it is stopped, and waits for a decision." in html


def test_and_where_the_approval_has_ended(as_maya, waiting: Submission, rob: User):  # noqa: F811
    assert "It goes out within seconds" in as_maya.get(f"/submissions/{waiting.pk}/").text
    User.objects.filter(pk=rob.pk).update(is_active=False)
    for address in (f"/submissions/{waiting.pk}/", f"/journeys/{waiting.journey_id}/"):
        html = flat(as_maya.get(address).content.decode())
        assert "rob, who approved it, no longer has an account that is in use." in html
        assert "It goes out within seconds" not in html and "Not sent any more" in html


def test_a_page_that_follows_it_is_told(as_maya, waiting: Submission, rob: User):  # noqa: F811
    page = as_maya.get(f"/submissions/{waiting.pk}/")
    address = f"/submissions/{waiting.pk}/progress/"
    seen = {"seen": page.context["seen"]}
    asks = {"headers": {"HX-Request": "true"}}
    assert as_maya.get(address, seen, **asks).status_code == 204
    open_again(rob)
    assert "Not sent any more" in as_maya.get(address, seen, **asks).content.decode()
