"""The pure state machine: nothing here touches a database or a clock."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeys.lifecycle.submission_states import (
    ABSENT_ONCE,
    MAX_ATTEMPTS,
    MAX_CRASHES,
    STEPS,
    Event,
    Times,
    after,
    again,
    must_look,
    version_to_ask,
)
from journeys.models.submission import OPEN_STATES, SubmissionState

TIMES = Times(settle=150, timeout=130, lease_seconds=180)
NOW = datetime(2024, 5, 1, 12, tzinfo=UTC)
ENDED = [state.value for state in SubmissionState if state not in OPEN_STATES]
LIKELY = {
    "waiting": ["absent"],
    "sending": ["unclear", "busy"],
    "unclear": ["absent", "absent", "no answer"],
}
DEFINITE = {
    "refused",
    "busy",
    "unauthorised",
    "not sent",
    "no slot",
    "credentials refused",
}  # of a send: it was not carried out


def row(state: str, **values: object) -> SimpleNamespace:
    sent = NOW - timedelta(seconds=1) if state != "waiting" else None
    columns = {
        "ambiguous": state != "waiting",
        "first_send_at": sent,
        "last_send_at": sent,
        "attempt_count": 0,
    }
    columns |= {
        "failure_count": 0,
        "crash_count": 0,
        "absent_count": 0,
        "ask_first": False,
        "not_before": NOW,
    }
    columns |= {"free_at": None}
    columns |= {"cancel_requested_at": None, "deadline_at": NOW + timedelta(days=1)}
    return SimpleNamespace(state=state, **(columns | values))


def state_after(kind: str, state: str, **values: object) -> str:
    return after(row(state, **values), Event(kind), NOW, TIMES)["state"]


RESULTS = {
    "waiting": {
        "altered": "tampered",
        "unapproved": "needs-person",
        "credentials refused": "waiting",
        "held back": "waiting",
        "no slot": "waiting",
        "overdue": "waiting",
        "not sent": "waiting",
        "busy": "waiting",
        "unauthorised": "waiting",
        "failed": "waiting",
        "absent": "waiting",
        "found": "conflict",
        "found other": "conflict",
        "refused": "needs-person",
        "no answer": "waiting",
    },
    "sending": {
        "created": "succeeded",
        "refused": "refused",
        "exists": "unclear",
        "credentials refused": "waiting",
        "no slot": "waiting",
        "not sent": "waiting",
        "busy": "waiting",
        "unauthorised": "waiting",
        "unclear": "unclear",
        "failed": "unclear",
        "lease expired": "unclear",
    },
    "unclear": {
        "altered": "tampered",
        "credentials refused": "unclear",
        "no slot": "unclear",
        "overdue": "needs-person",
        "not sent": "unclear",
        "busy": "unclear",
        "unauthorised": "unclear",
        "failed": "unclear",
        "absent": "unclear",
        "found": "succeeded",
        "found other": "conflict",
        "refused": "needs-person",
        "no answer": "unclear",
    },
}


def test_it_leads_from_each_state_by_each_event_to_one_state() -> None:
    assert {
        state: {kind: state_after(kind, state) for kind in STEPS[state]} for state in STEPS
    } == RESULTS


def test_it_has_steps_for_the_open_states_and_no_others() -> None:
    assert set(STEPS) == set(OPEN_STATES)


@pytest.mark.parametrize("state", ENDED)
def test_it_leaves_what_has_ended_alone(state: str) -> None:
    kinds = {kind for steps in STEPS.values() for kind in steps}
    assert [after(row(state), Event(kind), NOW, TIMES) for kind in kinds] == [{}] * len(kinds)


def test_it_refuses_what_cannot_happen() -> None:
    with pytest.raises(ValueError, match="“created” cannot happen to a submission that is waiting"):
        after(row("waiting"), Event("created"), NOW, TIMES)


@pytest.mark.parametrize(("state", "kind"), [("sending", "created"), ("unclear", "found")])
def test_it_calls_a_second_version_a_conflict(state: str, kind: str) -> None:
    assert after(row(state), Event(kind, first_version=False), NOW, TIMES)["state"] == "conflict"


def test_it_gives_up_the_claim_and_writes_the_columns_that_come_with_the_event() -> None:
    values = after(row("sending"), Event("created", values={"remote_id": "1"}), NOW, TIMES)
    assert values == {
        "lease_until": None,
        "state": "succeeded",
        "finished_at": NOW,
        "ambiguous": False,
        "remote_id": "1",
    }


@pytest.mark.parametrize("kind", ["busy", "not sent", "unauthorised"])
def test_it_stops_instead_of_trying_again_when_asked_to(kind: str) -> None:
    assert state_after(kind, "sending", cancel_requested_at=NOW) == "cancelled"


def test_it_does_not_call_cancelled_what_may_have_arrived() -> None:
    kinds = ["unclear", "failed", "lease expired", "exists"]
    assert {state_after(kind, "sending", cancel_requested_at=NOW) for kind in kinds} == {"unclear"}


def test_it_counts_nothing_where_a_call_had_no_slot() -> None:
    expected = {
        "waiting": {"state": "waiting", "ambiguous": False},
        "sending": {"state": "waiting", "ambiguous": False, "attempt_count": 2},
        "unclear": {"state": "unclear"},
    }
    found = {
        state: after(row(state, attempt_count=3), Event("no slot"), NOW, TIMES)
        for state in expected
    }
    assert found == {state: {"lease_until": None, **values} for state, values in expected.items()}


@pytest.mark.parametrize(("state", "ambiguous"), [("waiting", False), ("unclear", True)])
def test_it_hands_to_a_person_whose_time_is_over(state: str, ambiguous: bool) -> None:
    late = row(state, deadline_at=NOW)
    values = after(late, Event("overdue"), NOW, TIMES)
    assert (values["state"], values.get("ambiguous", late.ambiguous)) == ("needs-person", ambiguous)


@pytest.mark.parametrize(
    "values", [{"attempt_count": MAX_ATTEMPTS}, {"crash_count": MAX_CRASHES}, {"deadline_at": NOW}]
)
def test_it_hands_to_a_person_what_was_tried_for_too_long(values: dict) -> None:
    assert state_after("busy", "sending", **values) == "needs-person"


def test_it_hands_a_look_up_that_tells_nothing_to_a_person_at_the_deadline_still_ambiguous() -> (
    None
):
    values = after(row("unclear", deadline_at=NOW), Event("no answer"), NOW, TIMES)
    assert values == {"lease_until": None, "state": "needs-person", "finished_at": NOW}


def test_it_believes_no_absence_before_the_settle_time() -> None:
    values = after(row("unclear", last_send_at=NOW, absent_count=1), Event("absent"), NOW, TIMES)
    assert (values["state"], values["absent_count"], values["not_before"]) == (
        "unclear",
        0,
        NOW + TIMES.settled,
    )


def test_it_sends_again_after_two_absences_five_seconds_apart() -> None:
    settled = row("unclear", last_send_at=NOW - TIMES.settled)
    first = after(settled, Event("absent"), NOW, TIMES)
    assert (first["absent_count"], first["not_before"]) == (1, NOW + timedelta(seconds=5))
    settled.absent_count = 1
    second = after(settled, Event("absent"), NOW, TIMES)
    assert (second["state"], second["ambiguous"], second["absent_count"]) == ("waiting", False, 0)


def test_it_leaves_an_absence_to_a_person_when_the_send_is_long_ago() -> None:
    long_ago = row("unclear", last_send_at=NOW - timedelta(hours=1), absent_count=1)
    values = after(long_ago, Event("absent"), NOW, TIMES)
    assert (values["state"], values["ambiguous"]) == ("needs-person", False)


def test_it_keeps_a_refusal_as_existing_when_the_look_up_finds_nothing() -> None:
    values = after(row("unclear", ambiguous=False), Event("absent"), NOW, TIMES)
    assert values["state"] == "refused"


@pytest.mark.parametrize(
    ("kind", "ago", "last_byte"),
    [("unclear", 100, 0), ("failed", 1, 0), ("lease expired", 190, 59)],
)
def test_it_counts_the_settle_time_from_the_last_byte(kind: str, ago: int, last_byte: int) -> None:
    """In seconds before now. A process that is gone began within 1 s and sent for at most one
    exchange, 130 s."""
    values = after(
        row("sending", last_send_at=NOW - timedelta(seconds=ago)), Event(kind), NOW, TIMES
    )
    assert values["last_send_at"] == NOW - timedelta(seconds=last_byte)


def test_it_looks_early_once_and_then_waits_for_the_settle_time() -> None:
    assert after(row("sending"), Event("unclear"), NOW, TIMES)["not_before"] == NOW + timedelta(
        seconds=10
    )


def test_it_does_not_look_early_where_the_server_said_that_it_failed() -> None:
    values = after(row("sending"), Event("unclear", failed_there=True), NOW, TIMES)
    assert values["not_before"] == values["last_send_at"] + timedelta(seconds=150)
    assert (values["state"], version_to_ask(SimpleNamespace(**values))) == ("unclear", None)
    settled, known = (
        values["not_before"],
        {name: values[name] for name in ("absent_count", "last_send_at")},
    )
    assert after(row("unclear", **known), Event("absent"), settled, TIMES)["state"] == "waiting"
    early = settled - timedelta(seconds=1)
    assert after(row("unclear", **known), Event("absent"), early, TIMES)["state"] == "unclear"


@given(failures=st.integers(0, 10_000), floor=st.floats(0, 10**6))
def test_it_backs_off_within_its_bounds(failures: int, floor: float) -> None:
    seconds = TIMES.back_off(failures, floor).total_seconds()
    assert floor - 1e-5 <= seconds <= max(min(2.0 * 2 ** min(failures, 30), 900), floor) + 1e-5


def test_it_backs_off_longer_the_more_often_nothing_came_of_it() -> None:
    longest = [
        max(TIMES.back_off(failures).total_seconds() for _ in range(200)) for failures in (0, 4, 9)
    ]
    assert longest[0] <= 2 < longest[1] <= 32 < longest[2] <= 900


@pytest.mark.parametrize("state", ["sending", "unclear", "waiting"])
def test_it_takes_what_the_server_asks_for_as_the_least_and_an_hour_as_the_most(state: str) -> None:
    def wait(retry_after: float) -> float:
        values = after(row(state), Event("busy", retry_after=retry_after), NOW, TIMES)
        return (values["not_before"] - NOW).total_seconds()

    assert (wait(1000), wait(86_400)) == (1000, 3600)


def test_it_leaves_time_for_the_whole_exchange() -> None:
    assert TIMES.needed_to_send.total_seconds() == 150


def test_it_goes_on_with_a_look_up_where_a_send_may_have_arrived() -> None:
    ambiguous, known, new = (
        again(row("needs-person", **values), NOW, timedelta(days=1))
        for values in ({}, {"ambiguous": False}, {"ambiguous": False, "first_send_at": None})
    )
    assert (ambiguous["state"], known["state"], known["ask_first"]) == ("unclear", "waiting", True)
    assert (new["state"], new["ask_first"]) == ("waiting", False)


def test_it_asks_for_the_newest_version_and_only_then_for_the_first() -> None:
    assert [version_to_ask(row("unclear", absent_count=count)) for count in (0, ABSENT_ONCE)] == [
        None,
        1,
    ]


@pytest.mark.parametrize(
    ("values", "looks"),
    [
        ({}, False),
        ({"ask_first": True}, True),
        ({"ask_first": True, "free_at": NOW - timedelta(seconds=29)}, False),
        ({"ask_first": True, "free_at": NOW - timedelta(seconds=30)}, True),
    ],
)
def test_it_relies_on_an_answer_that_a_key_is_free_for_half_a_minute(
    values: dict, looks: bool
) -> None:
    assert must_look(row("waiting", **values), NOW, TIMES) is looks


def test_it_counts_that_from_when_the_tenant_was_asked_and_keeps_the_place_in_the_queue() -> None:
    asked = NOW - timedelta(seconds=20)
    values = after(row("waiting", ask_first=True), Event("absent", asked_at=asked), NOW, TIMES)
    assert values == {"lease_until": None, "state": "waiting", "free_at": asked}


def test_it_asks_anew_when_a_person_lets_it_go_on() -> None:
    known = row("needs-person", ambiguous=False, ask_first=True, free_at=NOW)
    assert again(known, NOW, timedelta(days=1))["free_at"] is None


@pytest.mark.parametrize(("sent", "ambiguous"), [(NOW, True), (None, False)])
def test_it_keeps_a_conflict_open_only_where_something_may_still_arrive(
    sent: datetime | None, ambiguous: bool
) -> None:
    seen = row("unclear", first_send_at=sent)
    vars(seen).update(after(seen, Event("found other"), NOW, TIMES))
    assert (seen.state, seen.ambiguous) == ("conflict", ambiguous)
