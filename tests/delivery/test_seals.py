"""What somebody who can write to the database, but does not know the key, can have sent:
nothing."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from journeys.delivery import submit
from journeys.delivery.tenant_move import end_approvals
from journeys.models import AuditEntry, Journey, NotAllowed, Review, Submission, Tenant, WrongState
from journeys.practice import PracticeServer
from journeys.spec import document as doc
from tests.delivery.conftest import change, posts, started, worked
from tests.people import ada, approved, maya, miles, people, rob, set_rules  # noqa: F401


@pytest.fixture
def reviewed(practice: PracticeServer, tenant: Tenant, people: dict[str, User]) -> Journey:  # noqa: F811
    set_rules(practice_url=practice.url, review_required=True)
    tenant.refresh_from_db()
    tenant.members.set(people.values())
    return approved(started(tenant), people["maya"], people["rob"])


@pytest.fixture
def waiting(reviewed: Journey, maya: User) -> Submission:  # noqa: F811
    return reviewed.submit(maya)


def other_bytes(row: Submission) -> None:
    body = bytes(row.payload).replace(b"Greeting", b"Gleeting")
    change(row, payload=body, sha256=doc.sha256(body))


def other_bytes_everywhere(row: Submission) -> None:
    other_bytes(row)
    Review.objects.update(sha256=row.sha256)


def another_tenant(row: Submission) -> None:
    tenant = Tenant.objects.get()
    tenant.pk, tenant.name = None, "Copy"
    tenant.save()
    tenant.sealed()
    change(row, tenant=tenant)


def another_approval(row: Submission) -> None:
    other = started(row.tenant, "other", name="Evil")
    stranger = Review.objects.get(pk=row.review_id)
    stranger.pk, stranger.journey, stranger.revision = None, other, other.head
    stranger.sha256 = other.head.sha256
    stranger.save()
    change(row, review=stranger, payload=other.head.body, sha256=other.head.sha256)


def another_key(row: Submission) -> None:
    change(row, key="other")


def no_seal(row: Submission) -> None:
    change(row, seal="")


def no_approval(row: Submission) -> None:
    change(row, review=None, permitted="not-required")


def another_decider(row: Submission) -> None:
    Review.objects.update(decided_by=User.objects.get(username="maya"))


def a_younger_approval(row: Submission) -> None:
    Review.objects.update(decided_at=timezone.now() + timedelta(days=1))


DEEDS = [
    other_bytes,
    other_bytes_everywhere,
    another_tenant,
    another_approval,
    another_key,
    no_seal,
    no_approval,
    another_decider,
    a_younger_approval,
]


@pytest.mark.parametrize("deed", DEEDS)
def test_it_sends_nothing_that_was_changed_past_the_composer(
    practice: PracticeServer, waiting: Submission, deed: Callable[[Submission], None]
) -> None:
    deed(waiting)
    worked(waiting)
    assert (waiting.state, practice.control("requests", route="create")["count"]) == ("tampered", 0)
    assert "Tell an admin at once" in waiting.explanation["todo"]
    assert (
        AuditEntry.objects.filter(action="submission.tampered", journey=waiting.journey).count()
        == 1
    )


def test_it_sends_what_nobody_touched(practice: PracticeServer, waiting: Submission) -> None:
    """Else the test above would hold whatever happens."""
    assert (worked(waiting).state, posts(practice)) == ("succeeded", 1)


@pytest.mark.parametrize(
    "values", [{"decision": "approved"}, {"decision": "approved", "decided_at": timezone.now()}]
)
def test_it_takes_no_decision_that_was_written_into_the_database(
    tenant: Tenant,
    people: dict[str, User],  # noqa: F811
    values: dict,
) -> None:
    set_rules(review_required=True)
    tenant.refresh_from_db()
    journey = started(tenant)
    journey.request_review(people["maya"])
    Review.objects.update(**values, decided_by=people["rob"])
    assert journey.approval() is None
    with pytest.raises(WrongState, match="changed in the database. Ask for a review again"):
        journey.submit(people["maya"])


def test_a_journey_that_was_sent_back_is_not_approved_by_a_flip(
    tenant: Tenant,
    people: dict[str, User],  # noqa: F811
) -> None:
    journey = started(tenant)
    journey.request_review(people["maya"]).send_back(people["rob"], "No.")
    Review.objects.update(decision="approved", ended_at=None)
    assert journey.approval() is None


def test_it_holds_what_an_older_key_sealed(
    practice: PracticeServer, waiting: Submission, settings
) -> None:
    settings.APPROVAL_KEYS = ["n" * 40, *settings.APPROVAL_KEYS]
    assert worked(waiting).state == "succeeded"


def test_it_holds_nothing_that_no_key_sealed(
    practice: PracticeServer, waiting: Submission, settings
) -> None:
    settings.APPROVAL_KEYS = ["n" * 40]
    assert worked(waiting).state == "tampered"


@pytest.mark.parametrize("name", ["maya", "ada"])
def test_only_an_admin_lets_it_go_on(
    waiting: Submission,
    people: dict[str, User],  # noqa: F811
    browser_of,
    name: str,
) -> None:
    whole = bytes(waiting.payload), waiting.sha256
    other_bytes(waiting)
    worked(waiting)
    person, browser = people[name], browser_of(people[name])
    page = browser.get(f"/submissions/{waiting.pk}/").content.decode()
    assert ('id="again"' in page, "Stopped for tampering" in page) == (name == "ada", True)
    browser.post(f"/submissions/{waiting.pk}/try-again/")
    waiting.refresh_from_db()
    assert waiting.state == ("waiting" if name == "ada" else "tampered")
    if name == "maya":
        with pytest.raises(NotAllowed, match="Only an admin"):
            waiting.try_again(person)
        return
    assert worked(waiting).state == "tampered"  # nothing was put right
    change(waiting, payload=whole[0], sha256=whole[1])
    waiting.try_again(person)
    assert worked(waiting).state == "succeeded"


# What no longer holds


def deactivated(row: Submission) -> None:
    User.objects.filter(username="rob").update(is_active=False)


def too_old(row: Submission, settings) -> None:
    settings.APPROVAL_DAYS = 0


def moved(row: Submission) -> None:
    set_rules(account_id="511")


def other_credentials(row: Submission) -> None:
    end_approvals(Tenant.objects.get())


ENDS = [
    (deactivated, "rob, who approved it, no longer has an account that is in use."),
    (too_old, "It was approved more than 0 days ago."),
    (
        moved,
        (
            "The tenant stands for another place, or has other credentials, than when this was"
            " submitted."
        ),
    ),
    (
        other_credentials,
        (
            "The tenant stands for another place, or has other credentials, than when this was"
            " submitted."
        ),
    ),
]


@pytest.mark.parametrize(("end", "told"), ENDS)
def test_a_waiting_submission_stops_when_its_approval_ends(
    practice: PracticeServer, waiting: Submission, settings, end: Callable, told: str
) -> None:
    end(waiting, settings) if end is too_old else end(waiting)
    worked(waiting)
    assert (waiting.state, posts(practice)) == ("needs-person", 0)
    assert waiting.text == f"{told} Nothing was sent."
    assert "Ask for a review of the journey again" in waiting.explanation["todo"]


@pytest.mark.parametrize("end", [deactivated, too_old, moved, other_credentials])
def test_it_cannot_be_submitted_when_its_approval_has_ended(
    reviewed: Journey,
    maya: User,  # noqa: F811
    settings,
    end: Callable,
) -> None:
    end(None, settings) if end is too_old else end(None)
    with pytest.raises(WrongState, match="Ask for a review"):
        Journey.objects.get(pk=reviewed.pk).submit(maya)
    assert not Submission.objects.exists()


def test_it_goes_on_when_the_secret_of_a_tenant_without_reviews_is_put_right(
    practice: PracticeServer, sent: Submission
) -> None:
    end_approvals(Tenant.objects.get())
    assert worked(sent).state == "succeeded"


def test_a_send_works_out_few_codes(waiting: Submission, monkeypatch) -> None:
    from journeys.models import seals

    counted, code = [], seals._code
    monkeypatch.setattr(seals, "_code", lambda *words: counted.append(1) or code(*words))
    assert submit.work(waiting.pk)
    # the tenant's rules, the submission, its state and its approval; the token, when it came, and
    # the state afterwards
    assert len(counted) == 6
