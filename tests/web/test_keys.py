"""A key that the tenant had before: asked for outside the worker, shown, and decided by a
person."""

import json
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client

from journeys.delivery import key_in_use, submit
from journeys.models import AuditEntry, Journey, Submission, Tenant
from journeys.models.clock import now
from journeys.models.tenant_status import tenant_statuses
from journeys.practice import PracticeServer
from tests.people import approved, started


@pytest.fixture(autouse=True)
def quick(settings) -> None:
    settings.TENANT_RATE = 10_000
    submit.client_for.cache_clear()
    key_in_use.quick_client.cache_clear()


@pytest.fixture
def practice(tmp_path, tenant: Tenant) -> Iterator[PracticeServer]:
    with PracticeServer(state_path=tmp_path / "practice.sqlite3") as server:
        Tenant.objects.filter(pk=tenant.pk).update(practice_url=server.url)
        tenant.refresh_from_db()
        yield server


@pytest.fixture
def known(journey: Journey) -> Journey:
    """Its key was not made up here."""
    Journey.objects.filter(pk=journey.pk).update(key_proposed=False)
    journey.refresh_from_db()
    return journey


def put(practice: PracticeServer, journey: Journey, **members: object) -> None:
    client = submit.client_for(Tenant.objects.get(pk=journey.tenant_id).credentials())
    body = json.dumps({**journey.head.document(), **members}).encode()
    client.create_interaction(body, client.fetch_token())


def lookups(practice: PracticeServer) -> int:
    return practice.control("requests", route="get")["count"]


def test_it_asks_for_no_key_that_was_proposed(
    practice: PracticeServer, as_maya: Client, journey: Journey
) -> None:
    as_maya.post(f"/journeys/{journey.pk}/review/")
    journey.refresh_from_db()
    assert (journey.state, lookups(practice)) == ("in-review", 0)


def test_it_asks_for_a_known_key_when_a_review_is_requested(
    practice: PracticeServer, as_maya: Client, known: Journey
) -> None:
    as_maya.post(f"/journeys/{known.pk}/review/")
    known.refresh_from_db()
    assert (known.state, lookups(practice)) == ("in-review", 1)


def test_it_shows_what_has_the_key_instead_of_asking_for_a_review(
    practice: PracticeServer, as_maya: Client, known: Journey
) -> None:
    put(practice, known, name="Of somebody else")
    answer = as_maya.post(f"/journeys/{known.pk}/review/", follow=True)
    known.refresh_from_db()
    shown = answer.content.decode()
    assert (known.state, answer.redirect_chain[-1][0]) == ("draft", f"/journeys/{known.pk}/key/")
    assert (
        "The key is in use" in shown and "Of somebody else" in shown and "Use another key" in shown
    )


def test_it_takes_another_key_as_one_operation(
    practice: PracticeServer, as_maya: Client, known: Journey
) -> None:
    before, document = known.key, known.head.document()
    put(practice, known)
    answer = as_maya.post(f"/journeys/{known.pk}/key/another/")
    known.refresh_from_db()
    assert (answer.status_code, answer.url) == (302, f"/journeys/{known.pk}/")
    assert known.key != before and known.key_proposed
    assert known.head.document() == {**document, "key": known.key}
    asked = lookups(practice)
    as_maya.post(f"/journeys/{known.pk}/review/")
    known.refresh_from_db()
    assert (known.state, lookups(practice)) == ("in-review", asked)


@pytest.fixture
def cleared(known: Journey, maya: User, rob: User) -> Journey:
    return approved(known, maya, rob)


def test_it_does_not_have_the_worker_ask_again_for_what_is_free(
    practice: PracticeServer, as_maya: Client, cleared: Journey
) -> None:
    as_maya.post(f"/journeys/{cleared.pk}/submit/")
    row = Submission.objects.get()
    submit.work(row.pk)
    row.refresh_from_db()
    assert (row.state, bool(row.free_at), lookups(practice)) == ("succeeded", True, 1)


def test_it_leaves_it_to_the_worker_when_the_tenant_does_not_say_in_time(
    practice: PracticeServer, as_maya: Client, cleared: Journey
) -> None:
    practice.control("faults", {"faults": [{"fault": "hang", "route": "get", "seconds": 20}]})
    began = time.monotonic()
    as_maya.post(f"/journeys/{cleared.pk}/submit/")
    assert (
        time.monotonic() - began < 6
    )  # 1.5 s for the look-up, a second for the notification; the rest is for a busy machine
    row = Submission.objects.get()
    assert (row.ask_first, row.free_at) == (True, None)


def test_it_does_not_call_a_tenant_that_is_paused(
    practice: PracticeServer, as_maya: Client, cleared: Journey
) -> None:
    tenant_statuses([cleared.tenant_id])[cleared.tenant_id].write({"breaker": "stopped"})
    as_maya.post(f"/journeys/{cleared.pk}/submit/")
    assert (Submission.objects.get().ask_first, practice.control("requests")["count"]) == (True, 0)


def test_it_keeps_the_pause_that_the_look_up_was_asked_for(
    practice: PracticeServer, as_maya: Client, cleared: Journey
) -> None:
    client = submit.client_for(Tenant.objects.get(pk=cleared.tenant_id).credentials())
    Tenant.objects.get(pk=cleared.tenant_id).keep_token(client.fetch_token(), now())
    practice.control(
        "faults", {"faults": [{"fault": "rate_limited", "route": "get", "retry_after": "600"}]}
    )
    as_maya.post(f"/journeys/{cleared.pk}/submit/")
    paused = tenant_statuses([cleared.tenant_id])[cleared.tenant_id].paused_until
    assert (Submission.objects.get().ask_first, paused > now() + timedelta(minutes=9)) == (
        True,
        True,
    )


@pytest.fixture
def conflict(practice: PracticeServer, cleared: Journey, maya: User) -> Submission:
    put(practice, cleared, name="Of somebody else")
    row = cleared.submit(maya)
    submit.work(row.pk)
    row.refresh_from_db()
    assert row.state == "conflict"
    return row


def test_it_goes_on_to_a_conflict_where_somebody_wants_to_take_it_over(
    practice: PracticeServer, as_maya: Client, cleared: Journey
) -> None:
    put(practice, cleared)
    assert as_maya.post(f"/journeys/{cleared.pk}/submit/").url == f"/journeys/{cleared.pk}/key/"
    assert not Submission.objects.exists()
    as_maya.post(f"/journeys/{cleared.pk}/submit/", {"key_known": "1"})
    row = Submission.objects.get()
    submit.work(row.pk)
    row.refresh_from_db()
    assert (row.state, practice.control("requests", route="create")["count"]) == ("conflict", 1)


def test_it_takes_over_the_journey_that_is_there(
    practice: PracticeServer, as_maya: Client, conflict: Submission
) -> None:
    shown = as_maya.get(f"/submissions/{conflict.pk}/").content.decode()
    assert "Take it over" in shown and "Use another key" in shown and "Of somebody else" in shown
    as_maya.post(f"/submissions/{conflict.pk}/take-over/")
    conflict.refresh_from_db()
    (there,) = practice.control("journeys", key=conflict.key)["journeys"]
    assert (conflict.state, conflict.taken_over, conflict.remote_id) == (
        "succeeded",
        True,
        there["id"],
    )
    assert (conflict.journey.state, practice.control("requests", route="create")["count"]) == (
        "submitted",
        1,
    )
    entry = AuditEntry.objects.get(action="submission.taken-over")
    assert (entry.actor.username, entry.data["id"], entry.data["differences"] > 0) == (
        "maya",
        there["id"],
        True,
    )
    assert "was taken over" in as_maya.get(f"/submissions/{conflict.pk}/").content.decode()


def test_it_takes_over_nothing_that_has_changed_since(
    practice: PracticeServer, as_maya: Client, conflict: Submission
) -> None:
    practice.control(
        "faults",
        {"faults": [{"fault": "change", "route": "get", "set": {"definitionId": "other"}}]},
    )
    as_maya.post(f"/submissions/{conflict.pk}/take-over/")
    conflict.refresh_from_db()
    assert (conflict.state, AuditEntry.objects.filter(action="submission.taken-over").exists()) == (
        "conflict",
        False,
    )


@pytest.mark.parametrize("values", [{"ambiguous": True}, {"remote_id": ""}])
def test_it_takes_over_nothing_that_is_not_known_for_sure(
    practice: PracticeServer, as_maya: Client, conflict: Submission, values: dict
) -> None:
    Submission.objects.filter(pk=conflict.pk).update(**values)
    assert 'id="take-over"' not in as_maya.get(f"/submissions/{conflict.pk}/").content.decode()
    as_maya.post(f"/submissions/{conflict.pk}/take-over/")
    conflict.refresh_from_db()
    assert conflict.state == "conflict"


def test_it_lets_the_draft_of_a_conflict_take_another_key(
    practice: PracticeServer, as_maya: Client, conflict: Submission
) -> None:
    as_maya.post(f"/journeys/{conflict.journey_id}/key/another/")
    journey = Journey.objects.get()
    assert (journey.state, journey.key_proposed, journey.why_not_submit(without_review=True)) == (
        "draft",
        True,
        "",
    )
    assert 'id="another-key"' not in as_maya.get(f"/submissions/{conflict.pk}/").content.decode()


def test_it_tells_how_many_are_before_it(
    as_maya: Client, tenant: Tenant, journey: Journey, maya: User
) -> None:
    rows = [journey.submit(maya, without_review=True)]
    for number in range(2):
        document = {**journey.head.document(), "key": f"next-{number}"}
        rows.append(started(document, tenant, maya).submit(maya, without_review=True))
    pages = [as_maya.get(f"/submissions/{row.pk}/").content.decode() for row in rows]
    assert ["before it" in page for page in pages] == [False, True, True]
    assert "1 submission to this tenant is before it." in pages[1]
    assert "2 submissions to this tenant are before it." in pages[2]


def test_it_calls_nothing_left_alone_while_others_of_its_tenant_go_out(
    as_maya: Client, journey: Journey, maya: User
) -> None:
    row = journey.submit(maya, without_review=True)
    Submission.objects.update(not_before=now() - timedelta(minutes=5))
    status, left = tenant_statuses([row.tenant_id])[row.tenant_id], "Nothing has taken it on yet"
    status.write({"next_call_at": now() - timedelta(minutes=4)})
    assert left in as_maya.get(f"/submissions/{row.pk}/").content.decode()
    status.write({"next_call_at": now()})
    assert left not in as_maya.get(f"/submissions/{row.pk}/").content.decode()


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (
            {"breaker": "stopped", "because": "Wrong secret."},
            "stopped until an admin has put this right: Wrong secret.",
        ),
        (
            {"breaker": "open", "because": "No answer."},
            "because several came to nothing: No answer.",
        ),
    ],
)
def test_it_tells_why_nothing_is_sent_to_a_tenant(
    as_maya: Client, journey: Journey, maya: User, rob: User, status: dict, words: str
) -> None:
    row = approved(journey, maya, rob).submit(maya)
    tenant_statuses([row.tenant_id])[row.tenant_id].write(status)
    for state in ("waiting", "unclear"):
        Submission.objects.update(state=state, deadline_at="2100-01-31T12:00:00Z")
        shown = as_maya.get(f"/submissions/{row.pk}/").content.decode()
        assert (
            words in shown
            and "If it is not settled by 31 January 2100, 12:00 UTC, it waits for your decision."
            in shown
        )
    Submission.objects.update(deadline_at=now())
    assert "Its time is over" in as_maya.get(f"/submissions/{row.pk}/").content.decode()
