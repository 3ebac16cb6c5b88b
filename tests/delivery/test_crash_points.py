"""A process that dies at every point of a submission's way, whatever the tenant does, and is
followed by another.

Every commit and every exchange, before and after it × every outcome of the send × what a second
send of the key would do × whether the message is delivered again while the first is under way. What
a second send would do matters only where the first one arrives; so the other outcomes are gone
through with one answer to that, and CRASH_POINTS=all goes through the whole product (`make
crash-points`). In `make test` a process dies at every eighth point of a case, the next case begins
one point later, and tomorrow all of them do: one case of eight dies at any point of the way.
"""

import logging
import os
import time
from collections.abc import Iterator

import pytest

from journeys import tenant as rest
from journeys.delivery import calls, claims, submit
from journeys.lifecycle.submission_states import Event
from journeys.models import Submission, Tenant
from journeys.tenant import Answer, Fault
from tests.delivery.conftest import DOCUMENT, started
from tests.delivery.crashing import (
    LOOKS,
    POSTS,
    RESET,
    SAME_KEY,
    FakeTenant,
    Points,
    bring_to_an_end,
    late,
)
from tests.depth import DAY, deep

ENDS = {"refused": {"refused", "succeeded"}, "the name is taken": {"refused", "succeeded"}}
WORST = "new_version"
FAR_TOO_LATE = 1_000_000.0  # seconds
EVERY = 1 if os.environ.get("CRASH_POINTS") == "all" else deep(8, 1)
CASES = [(outcome, "truth") for outcome in POSTS] + [
    ("reset after the commit", look) for look in LOOKS
]


@pytest.fixture(autouse=True)
def real_times(settings) -> Iterator[None]:
    """As in production: time passes by itself here."""
    settings.SUBMIT_SETTLE_SECONDS, settings.SUBMIT_TIMEOUT_SECONDS = 150, 130
    settings.SUBMIT_CONNECT_SECONDS, settings.SUBMIT_LEASE_SECONDS = 5, 180
    settings.TENANT_RATE = 10_000
    logging.disable(logging.ERROR)  # thousands of lines that nobody reads take a tenth of the time
    yield
    logging.disable(logging.NOTSET)


def combinations() -> list[tuple[str, bool, list[tuple[str, str]]]]:
    """What a second send does, whether the message comes twice, and the cases to go through with
    that."""
    if os.environ.get("CRASH_POINTS") == "all":
        return [(same_key, twice, CASES) for same_key in SAME_KEY for twice in (False, True)]
    arrives = [
        (outcome, look) for outcome, look in CASES if look == "truth" and "commit" in outcome
    ]
    if (
        os.environ.get("TEST_DATABASE") == "postgresql"
    ):  # what differs there are locks, and those other tests meet
        return [(WORST, False, arrives)]
    others = [(same_key, False, arrives) for same_key in SAME_KEY if same_key != WORST]
    return [(WORST, False, CASES), (WORST, True, arrives), *others]


class Stage:
    """One journey that is submitted again and again, each time to a tenant that knows nothing of
    it."""

    def __init__(self, tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
        self.tenant, self.journey = tenant, started(tenant)
        self.client = rest.Client(tenant.credentials())
        monkeypatch.setattr(calls, "client_for", lambda credentials: self.client)

    def submit(self) -> Submission:
        head = self.journey.head
        row = Submission(
            journey=self.journey,
            revision=head,
            tenant=self.tenant,
            key=DOCUMENT["key"],
            payload=head.body,
            sha256=head.sha256,
            deadline_at="2100-01-01T00:00:00Z",
        ).sealed()
        row.save(force_insert=True)
        return row

    def lives(
        self, outcome: str, look: str, same_key: str, redelivered: bool, first: int = 1
    ) -> Iterator[str]:
        """One life without a death, then one for each point of it; what was wrong with each, "" for
        nothing."""
        for points in dying(first):
            yield self.life(FakeTenant(outcome, same_key, points, look), points, redelivered)

    def life(self, there: FakeTenant, points: Points, redelivered: bool) -> str:
        outcome, row = there.outcome, self.end(there, points, redelivered)
        place = f"{outcome}, {there.same_key}, killed at {points.fatal} ({points.names[-1]})"
        wrong = there.wrong + list(judged(row, there, ENDS.get(outcome, {"succeeded"})))
        return f"{place}: {'; '.join(wrong)}" if wrong else ""

    def end(self, there: FakeTenant, points: Points, redelivered: bool = False) -> Submission:
        Tenant.objects.filter(pk=self.tenant.pk).update(
            token="", token_expires_at=None, token_lease_until=None
        )
        row = self.submit()
        self.client.wire = there
        if redelivered:
            there.meanwhile = lambda: submit.work(row.pk)
        return bring_to_an_end(row.pk, there, points)


def dying(first: int = 1) -> Iterator[Points]:
    """One way without a death, then those that end at a point, from the first one on, as long as
    there is one."""
    points, fatal = Points(), first
    yield points
    while fatal <= points.passed:
        points = Points(fatal)
        yield points
        fatal += EVERY


class Overtaken(FakeTenant):
    """What was sent first is carried out only when it is sent once more, long after the settle
    time. The second is carried out, too, and the tenant says that it failed."""

    def answer(self, request) -> Answer | Fault:
        if request.method == "POST" and self.posts == 1:
            self.pass_time(FAR_TOO_LATE)
            self.outcome = "5xx after the commit"
        return super().answer(request)


def judged(row: Submission, there: FakeTenant, ends: set[str]) -> Iterator[str]:
    if row.state not in ends:
        yield f"it ended as {row.state}: {row.text}"
    if there.coming:
        yield "it ended before its send had come to an end"
    if len(there.held) != (row.state == "succeeded"):
        yield f"it is {row.state}, and the tenant holds {len(there.held)}"
    elif there.held:
        held = there.held[0]
        if (row.remote_id, row.remote_definition_id, row.remote_status) != (
            held.id,
            held.definition_id,
            "Draft",
        ):
            yield "it was recorded wrongly"


@pytest.fixture
def stage(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> Stage:
    return Stage(tenant, monkeypatch)


@pytest.mark.parametrize(("same_key", "redelivered", "cases"), combinations())
def test_it_ends_rightly_wherever_its_process_dies(
    stage: Stage, same_key: str, redelivered: bool, cases: list[tuple[str, str]]
) -> None:
    lives = [
        wrong
        for number, case in enumerate(cases)
        for wrong in stage.lives(*case, same_key, redelivered, first=1 + (number + DAY) % EVERY)
    ]
    print(f"{len(lives)} lives")
    assert len(lives) > 15 * len(cases) // EVERY
    assert [wrong for wrong in lives if wrong] == []


def test_it_sees_a_process_that_sends_again_unasked(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else nothing would be proved: with the look-up away, deaths have to show."""
    monkeypatch.setattr(calls, "_look_up", lambda *_words: (Event("absent"), None))
    wrong = next(
        text for text in stage.lives("reset after the commit", "truth", WORST, False) if text
    )
    assert "POST 2 although the earlier one has arrived or will" in wrong


def test_it_tells_of_a_second_version_wherever_its_process_dies(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No look-up in time could have known of the first send; but the newest version is asked for,
    and shows it."""
    monkeypatch.setitem(POSTS, "far too late", lambda *sent: late(*sent, RESET, FAR_TOO_LATE))
    ends = []
    for points in dying():
        there = Overtaken("far too late", WORST, points)
        row = stage.end(there, points)
        ends.append((len(there.held), row.state, row.remote_version))
    assert len(ends) > 20 // EVERY
    assert set(ends) == {(2, "conflict", 2)}


def test_it_does_not_send_when_writing_the_intent_took_long(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lease and the settle time count from the intent, so the first byte must follow at
    once."""
    there = FakeTenant("created", WORST, Points())

    def slow(*words: object) -> list[Submission]:
        return [row for row in claims.intend(*words) if not time.sleep(1.1)]

    monkeypatch.setattr(calls, "intend", slow)
    stage.client.wire = there
    row = stage.submit()
    submit.work(row.pk)
    row.refresh_from_db()
    assert (row.state, row.ambiguous, there.posts) == ("waiting", False, 0)
