"""Lives of a submission, made up: whatever happens, nothing is sent again without proof."""

from datetime import timedelta

from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from journeys.lifecycle.submission_states import (
    STEPS,
    Event,
    after,
    again,
    must_look,
)
from journeys.models.submission import OPEN_STATES
from tests.depth import deep
from tests.lifecycle.test_submission_states import DEFINITE, LIKELY, NOW, TIMES, row


class History:
    """One submission with a clock of its own, and what an observer knows about its sends."""

    def __init__(self, ask_first: bool) -> None:
        self.row, self.now = row("waiting", ask_first=ask_first), NOW
        self.sends, self.is_known_not_applied, self.absences, self.last_byte = 0, True, [], NOW

    def step(self, pick: int, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)
        if self.row.state == "needs-person" and pick % 2:
            self.write(again(self.row, self.now, timedelta(days=1)))
        elif self.row.state in OPEN_STATES and self.row.not_before <= self.now:
            if self.row.state == "waiting" and not must_look(self.row, self.now, TIMES):
                self.send()
                self.now += timedelta(seconds=pick % 130)
                self.last_byte = self.now
            kinds = LIKELY[self.row.state] * 4 + list(STEPS[self.row.state])
            self.meet(kinds[pick % len(kinds)], pick)
        if self.row.state in OPEN_STATES and pick % 20 == 0:
            self.row.cancel_requested_at = self.now

    def send(self) -> None:
        assert self.is_known_not_applied, "sent twice without proof"
        self.sends += 1
        self.is_known_not_applied, self.absences = False, []
        moments = {"first_send_at": self.row.first_send_at or self.now, "last_send_at": self.now}
        self.write(
            {
                "state": "sending",
                "ambiguous": True,
                "attempt_count": self.row.attempt_count + 1,
                **moments,
            }
        )

    def meet(self, kind: str, pick: int) -> None:
        if self.row.state == "sending":
            self.is_known_not_applied |= kind in DEFINITE or kind == "exists"
        elif kind == "absent" and self.sends and self.now >= self.last_byte + TIMES.settled:
            self.absences.append(self.now)
            self.is_known_not_applied |= self.absences[-1] - self.absences[0] >= TIMES.between_looks
        before = self.row.state
        self.write(after(self.row, Event(kind, retry_after=pick % 50), self.now, TIMES))
        assert self.row.lease_until is None
        assert (before, self.row.state) != ("unclear", "waiting") or self.is_known_not_applied

    def write(self, values: dict) -> None:
        vars(self.row).update(values)


@hypothesis_settings(max_examples=deep(150, 600))
@given(
    ask_first=st.booleans(),
    steps=st.lists(
        st.tuples(st.integers(0, 200), st.sampled_from([0.0, 1, 5, 11, 150, 900, 4000])),
        max_size=60,
    ),
)
def test_it_never_sends_again_without_proof_that_the_last_send_came_to_nothing(
    ask_first: bool, steps: list
) -> None:
    history = History(ask_first)
    for pick, seconds in steps:
        history.step(pick, seconds)
    if history.row.state == "cancelled":
        assert history.is_known_not_applied
