"""What the simulated database holds of a submission, and the simulated tenant of journeys and of
requests on their way."""

from dataclasses import dataclass
from datetime import datetime, timedelta


class Row:
    """The columns of a submission that anything depends on. `remote` stands for the ids that came
    back, `versions` for how many versions of the journey the tenant held when it gave them."""

    __slots__ = (
        *(
            "number",
            "state",
            "fence",
            "lease_until",
            "not_before",
            "deadline_at",
            "ask_first",
            "first_send_at",
        ),
        *(
            "free_at",
            "last_send_at",
            "ambiguous",
            "absent_count",
            "attempt_count",
            "failure_count",
            "crash_count",
        ),
        *(
            "cancel_requested_at",
            "finished_at",
            "found_by_look_up",
            "payload",
            "approved",
            "remote",
            "versions",
            "text",
            "explanation",
        ),
    )

    def __init__(self, number: int, now: datetime, lasting: timedelta, ask_first: bool) -> None:
        self.number, self.state, self.fence, self.lease_until = number, "waiting", 0, None
        self.not_before, self.deadline_at, self.ask_first = now, now + lasting, ask_first
        self.free_at = self.first_send_at = self.last_send_at = self.cancel_requested_at = (
            self.finished_at
        ) = None
        self.ambiguous = self.found_by_look_up = False
        self.absent_count = self.attempt_count = self.failure_count = self.crash_count = 0
        self.payload = self.approved = f"bytes of {number}"
        self.remote = self.text = self.explanation = None
        self.versions = 0

    def copy(self) -> "Row":
        other = Row.__new__(Row)
        for name in Row.__slots__:
            setattr(other, name, getattr(self, name))
        return other


@dataclass
class Journey:
    """One version as the tenant holds it."""

    id: int
    version: int
    sender: int | None  # the row's number; None: somebody else's
    seen_from: float


@dataclass
class Request:
    """One POST on its way. `commits_at` is None when it never comes to anything, `is_beyond` later
    than it may be."""

    sender: int
    body: str
    commits_at: float | None
    seen_from: float
    is_done: bool = False
    is_beyond: bool = False
