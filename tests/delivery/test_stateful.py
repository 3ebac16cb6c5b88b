"""A real row and a simulated one go through the same life: after every step the database says what
the simulator says.

So what the simulator proves about a million lives it proves about the statements that the product
sends to a database.
"""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from journeys.delivery import claims
from journeys.lifecycle import conditions
from journeys.lifecycle.submission_states import STEPS, Event, Times, after, again
from journeys.models import Submission, Tenant, WrongState, clock, submission, submission_decisions
from tests.chaos.conditions import holds
from tests.chaos.records import Row
from tests.chaos.world import EPOCH
from tests.delivery.conftest import settle, submitted
from tests.people import seal_state

TIMES = Times(settle=150, timeout=130, lease_seconds=180)
LONGEST = timedelta(hours=24)
IDS = {"remote_id": "1", "remote_definition_id": "1", "remote_status": "Draft"}
CLOCKS = (claims, submission_decisions, submission)  # each reads the time by a name of its own
COMPARED = [
    name
    for name in Row.__slots__
    if name not in ("number", "payload", "approved", "remote", "versions", "text", "explanation")
]


class Lives(RuleBasedStateMachine):
    """`seen` is what a process knows of both rows since its claim; it may be overtaken."""

    def __init__(self) -> None:
        super().__init__()
        self.now, self.seen = EPOCH, None
        self.kept = Times.back_off
        for module in CLOCKS:
            module.now = lambda: self.now
        Times.back_off = lambda times, failures, floor=0: timedelta(seconds=max(failures, floor))
        tenant = Tenant.objects.create(name=str(uuid4()), review_required=False).sealed()
        self.row = submitted(tenant)
        self.admin, _new = User.objects.get_or_create(username="ada", is_superuser=True)
        Submission.objects.filter(pk=self.row.pk).update(
            not_before=EPOCH, deadline_at=EPOCH + LONGEST
        )
        self.model = Row(0, EPOCH, LONGEST, ask_first=False)

    @initialize(asks=st.booleans(), asked=st.booleans())
    def the_key_may_be_in_use(self, asks: bool, asked: bool) -> None:
        self.model.ask_first, self.model.free_at = asks, EPOCH if asked else None
        Submission.objects.filter(pk=self.row.pk).update(ask_first=asks, free_at=self.model.free_at)
        seal_state(self.row)
        self.agree()

    def teardown(self) -> None:
        Times.back_off = self.kept
        for module in CLOCKS:
            module.now = clock.now

    def write(self, condition, values: dict) -> bool:
        if not holds(condition, self.model):
            return False
        for name, value in values.items():
            if name in Row.__slots__:
                setattr(self.model, name, value)
        return True

    def agree(self, real: bool | None = None, simulated: bool | None = None) -> None:
        self.row.refresh_from_db()
        here = {name: getattr(self.row, name) for name in COMPARED}
        assert (here, real) == ({name: getattr(self.model, name) for name in COMPARED}, simulated)

    @rule(seconds=st.sampled_from([0, 1, 9, 31, 151, 181, 2000, 90_000]))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule()
    def somebody_claims(self) -> None:
        values = {"fence": self.model.fence + 1, "lease_until": self.now + TIMES.lease}
        with transaction.atomic():
            claimed = claims.claim([self.row.pk], self.now, TIMES)
        simulated = self.write(conditions.claimable(self.now), values)
        if claimed:
            self.seen = claimed[0], self.model.copy()
        self.agree(bool(claimed), simulated)

    @precondition(lambda self: self.seen and self.seen[0].state == "waiting")
    @rule()
    def the_holder_intends(self) -> None:
        mine, known = self.seen
        values = {
            "state": "sending",
            "ambiguous": True,
            "first_send_at": known.first_send_at or self.now,
            "last_send_at": self.now,
            "attempt_count": known.attempt_count + 1,
        }
        condition = conditions.held(known) & conditions.sendable(self.now, TIMES)
        real, simulated = (
            bool(claims.intend([mine], self.now, TIMES)),
            self.write(condition, values),
        )
        if real:
            for name, value in values.items():
                setattr(known, name, value)
        self.agree(real, simulated)

    @precondition(lambda self: self.seen)
    @rule(data=st.data(), first=st.booleans(), retry_after=st.sampled_from([0, 5, 7200]))
    def the_holder_learns(self, data: st.DataObject, first: bool, retry_after: int) -> None:
        (mine, known), self.seen = self.seen, None
        kind = data.draw(st.sampled_from(sorted(STEPS[known.state])))
        event = Event(
            kind, retry_after=retry_after, first_version=first, asked_at=self.now, values=IDS
        )
        known.cancel_requested_at = self.model.cancel_requested_at
        real = settle(mine, event, TIMES)
        self.agree(real, self.write(conditions.held(known), after(known, event, self.now, TIMES)))

    @rule()
    def a_sweeper_takes_over(self) -> None:
        if self.model.state != "sending":
            return
        condition = conditions.held(self.model) & conditions.given_up(self.now)
        values = after(self.model, Event("lease expired"), self.now, TIMES) | {
            "fence": self.model.fence + 1
        }
        self.agree(
            Submission.objects.get(pk=self.row.pk).expire(TIMES), self.write(condition, values)
        )

    @rule()
    def a_sweeper_finds_its_time_over(self) -> None:
        if self.model.state not in ("waiting", "unclear"):
            return
        condition = conditions.held(self.model) & conditions.overdue(self.now, TIMES)
        values = after(self.model, Event("overdue"), self.now, TIMES) | {
            "fence": self.model.fence + 1
        }
        self.agree(
            Submission.objects.get(pk=self.row.pk).run_out(TIMES), self.write(condition, values)
        )

    @rule()
    def a_person_cancels(self) -> None:
        values = {"state": "cancelled", "fence": self.model.fence + 1, "finished_at": self.now}
        simulated = self.write(conditions.cancellable(self.now), values)
        simulated = simulated or (
            self.model.state in conditions.OPEN_STATES
            and self.write(conditions.held(self.model), {"cancel_requested_at": self.now})
        )
        self.agree(done(Submission.objects.get(pk=self.row.pk).cancel), simulated)

    @rule()
    def a_person_tries_again(self) -> None:
        altered = {"ask_first": True} if self.model.state == "tampered" else {}
        values = again(self.model, self.now, LONGEST) | altered
        simulated = self.write(conditions.stopped(self.model), values)
        self.agree(done(Submission.objects.get(pk=self.row.pk).try_again, self.admin), simulated)


def done(deed, person=None) -> bool:
    try:
        deed(person)
    except WrongState:
        return False
    return True


def test_the_database_and_the_simulator_agree_after_every_step(db: None) -> None:
    run_state_machine_as_test(Lives, settings=settings(max_examples=30, stateful_step_count=40))


@pytest.mark.parametrize(
    "name", ["claimable", "held", "sendable", "given_up", "overdue", "cancellable", "stopped"]
)
def test_every_condition_is_one_that_the_simulator_can_evaluate(name: str) -> None:
    row = Row(0, EPOCH, LONGEST, ask_first=False)
    words = {
        "held": (row,),
        "stopped": (row,),
        "sendable": (EPOCH, TIMES),
        "overdue": (EPOCH, TIMES),
    }.get(name, (EPOCH,))
    assert holds(getattr(conditions, name)(*words), row) in (True, False)
