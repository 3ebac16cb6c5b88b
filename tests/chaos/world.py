"""The simulated world: rows, messages and tenant, with a clock of its own, and what must never be
broken in it."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from heapq import heappush
from itertools import count

from django.db.models import Q

from journeys.lifecycle import conditions
from journeys.lifecycle.submission_states import Event, Times, version_to_ask
from tests.chaos.conditions import holds
from tests.chaos.records import Journey, Request, Row

TIMES = Times(settle=150, timeout=130, lease_seconds=180)
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
LONGEST = timedelta(hours=24)
HORIZON = 6000.0  # seconds after the last fault, in which everything has to end
FREE_FOR = 30.0  # seconds that an answer may be old when something is sent because of it
SAME_KEY = ("refuse", "new_version", "overwrite", "second_journey")
CONTROLS = ("look-up", "settle", "fence", "hash", "delay", "newest", "old answer")


class Broken(AssertionError):
    """Something happened that must never happen."""


class NoSettling(Times):
    """For the control: absence is believed at once."""

    @property
    def settled(self) -> timedelta:
        return timedelta(0)


class AnswersThatKeep(Times):
    """For the control: a key that was free once counts as free for ever."""

    @property
    def free_for(self) -> timedelta:
        return timedelta(days=9)


@dataclass
class World:
    seed: int
    without: str = ""
    trace: list[str] | None = None
    now: float = 0.0
    rows: list[Row] = field(default_factory=list)
    journeys: list[Journey] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    posts: int = 0

    def __post_init__(self) -> None:
        random.seed(self.seed)
        times = {"settle": NoSettling, "old answer": AnswersThatKeep}.get(self.without, Times)
        self.times = times(150, 130, 180)
        self.quiet_from = random.choice((60.0, 400.0, 1500.0, 4000.0))
        self.same_key = random.choice(SAME_KEY)
        self.crashes, self.freezes = random.choice(
            ((0.0, 0.0), (0.12, 0.0), (0.0, 0.15), (0.08, 0.12))
        )
        self.trouble = random.choice((0.1, 0.5, 0.9))
        self.lasting = random.choice((LONGEST, LONGEST, timedelta(seconds=600)))
        self.heap: list[tuple[float, int, Callable[[], None]]] = []
        self.order = count()
        self.queue: list[int] = []
        self.idle: list[Callable[[float], None]] = []
        self.resting: list[Callable[[float], None]] = []  # sweepers, while nothing is open
        kind = {"old answer": 0.05, "newest": 0.1}.get(self.without, random.random())
        self.is_known = self.is_beyond = False
        if kind < 0.03:  # the key is in use over there: then it is not one that the form proposed
            self.journeys.append(Journey(0, 1, None, -1e9))
        elif kind < 0.07:  # nor is this one, which somebody else takes sooner or later
            self.is_known = True
            self.at(random.uniform(0, 3000), self.intrude)
        elif kind < 0.11:  # carried out later than the settle time: what comes of it must be told
            self.is_beyond, self.same_key = True, "new_version"

    # The clock

    @property
    def moment(self) -> datetime:
        return EPOCH + timedelta(seconds=self.now)

    @property
    def is_faulty(self) -> bool:
        return self.now < self.quiet_from

    def at(self, when: float, what: Callable[[], None]) -> None:
        heappush(self.heap, (when, next(self.order), what))

    def tell(self, who: str, *words: object) -> None:
        if self.trace is not None:
            self.trace.append(f"{self.now:9.2f}  {who:10}  {' '.join(str(word) for word in words)}")

    # The database

    def is_open(self) -> bool:
        return any(row.state in conditions.OPEN_STATES for row in self.rows)

    def read(self, number: int) -> Row:
        return self.rows[number].copy()

    def update(self, number: int, condition: Q, values: dict, *, by_person: bool = False) -> bool:
        """One conditional update, and what must hold of every one."""
        row = self.rows[number]
        if not holds(condition, row):
            return False
        if row.state not in conditions.OPEN_STATES and not by_person:
            raise Broken(f"row {number} had ended as {row.state} and was changed")
        if values.get("fence", row.fence) < row.fence:
            raise Broken(f"the fence of row {number} fell")
        for name, value in values.items():
            setattr(row, name, value)
        self.tell(
            "row",
            number,
            f"fence {row.fence}",
            *(f"{name}={told(value)}" for name, value in values.items()),
        )
        if row.state not in conditions.OPEN_STATES:
            self.check_ended(row)
        return True

    def submit(self) -> None:
        """As `Journey.submit` does: not while an earlier one may create a journey, or has."""
        if any(
            row.state in (*conditions.OPEN_STATES, "succeeded") or row.ambiguous
            for row in self.rows
        ):
            return
        asks = self.is_known or bool(self.journeys) or any(row.first_send_at for row in self.rows)
        self.rows.append(Row(len(self.rows), self.moment, self.lasting, asks))
        if (
            asks and random.random() < 0.5 and self.truth(self.rows[-1]).kind == "absent"
        ):  # asked at the click
            self.rows[-1].free_at = self.moment
        self.tell("person", "submits", len(self.rows) - 1, "asking first" if asks else "")
        self.notify(len(self.rows) - 1)

    # Notifications

    def notify(self, number: int) -> None:
        while self.resting:
            self.resting.pop()(random.uniform(0, 5))
        if self.is_faulty and random.random() < 0.3:
            return
        times = 2 if self.is_faulty and random.random() < 0.2 else 1
        self.queue += [number] * times
        while self.idle and times:
            self.idle.pop()(random.uniform(0, 0.5))
            times -= 1

    # The tenant

    def pending(self) -> bool:
        return any(
            not request.is_done and request.commits_at is not None for request in self.requests
        )

    def intrude(self) -> None:
        """Somebody else takes the key, if nothing of ours is there or on its way."""
        if not self.journeys and not self.pending():
            self.journeys.append(Journey(1, 1, None, self.now))
            self.tell("tenant", "holds somebody else's")

    def arrivals(self, number: int | None = None) -> list[Request]:
        """What has arrived or will, of one row or of all, as far as that can be known in time."""
        sent = [r for r in self.requests if r.commits_at is not None and not r.is_beyond]
        return [r for r in sent if number in (None, r.sender)]

    def post(self, row: Row) -> tuple[float, Event]:
        """The first byte leaves now. How long until the sender knows something, and what."""
        mine = self.rows[row.number]
        if mine.state != "sending" and self.without != "fence":
            raise Broken(f"row {row.number} was sent without a written intent")
        if row.payload != row.approved:
            raise Broken(f"row {row.number} was sent with other bytes than those approved")
        if self.arrivals():
            raise Broken(
                f"row {row.number} was sent again although an earlier send has arrived or will"
            )
        others = [journey for journey in self.journeys if journey.sender is None]
        if any(self.now - journey.seen_from > FREE_FOR + self.times.delay for journey in others):
            raise Broken(f"row {row.number} was sent over somebody else's journey")
        self.posts += 1
        lasts, commits, event = (0.5, "", Event("exists")) if others else self.plan()
        upload = random.uniform(0, min(lasts, 100.0)) if random.random() < 0.2 else 0.0
        left = self.now + upload
        seen = (
            left + random.uniform(0, self.times_settle) if commits == "late" else self.now + lasts
        )
        when = (
            None
            if not commits
            else left + random.uniform(0, seen - left)
            if commits == "late"
            else self.now + lasts
        )
        if commits == "beyond":
            when = seen = left + self.times_settle * random.uniform(1, 1.5)
        request = Request(row.number, row.payload, when, seen, is_beyond=commits == "beyond")
        self.requests.append(request)
        self.tell(
            "tenant",
            "gets row",
            row.number,
            f"commit {commits or 'never'}",
            f"answer {event.kind} +{lasts:.1f}",
        )
        if when is not None:
            self.at(when, lambda: self.commit(request))
        return lasts, event

    times_settle = TIMES.settle

    def plan(self) -> tuple[float, str, Event]:
        """How long the exchange takes, whether it is carried out ("", "now" or "late"), and what
        the sender learns."""
        quick, over = random.uniform(0.05, 3.0), TIMES.timeout
        if not self.is_faulty or random.random() > self.trouble:
            return quick, "now", Event("created")
        asked = random.choice((0, 5, 120))
        kinds = (
            (quick, "", Event("unclear")),  # reset, page, nothing carried out
            (quick, "now", Event("unclear")),  # the same, carried out
            (quick, "", Event("unclear", failed_there=True)),  # 5xx
            (quick, "now", Event("unclear", failed_there=True)),
            (over, "now", Event("unclear")),  # it hangs
            (over, "", Event("unclear")),
            (quick, "late", Event("unclear")),
            (over, "late", Event("unclear")),
            (quick, "late", Event("failed")),  # a fault of our own behind it
            (quick, "now", Event("failed")),
            (quick, "", Event("busy", retry_after=asked)),
            (quick, "", Event("unauthorised")),
            (quick, "", Event("not sent")),
            (quick, "", Event("exists")),  # its name is taken
        )
        if self.is_beyond and random.random() < 0.5:
            return quick, "beyond", Event("unclear")
        rare = ((quick, "", Event("refused")),)
        return random.choice(rare if random.random() < 0.03 else kinds)

    def commit(self, request: Request) -> None:
        request.is_done = True
        first = self.journeys[-1] if self.journeys else None
        row = self.rows[request.sender]
        has_ended = (
            row.state not in conditions.OPEN_STATES
            and not row.ambiguous
            and row.state != "succeeded"
        )
        if has_ended and not request.is_beyond:
            raise Broken(f"row {row.number} arrived after it was called {row.state}")
        if first is not None and not self.is_beyond:
            raise Broken(f"row {row.number} made a second journey ({self.same_key})")
        number, version = (first.id, first.version + 1) if first else (len(self.journeys) + 1, 1)
        self.journeys.append(Journey(number, version, request.sender, request.seen_from))
        self.tell("tenant", "holds row", row.number)

    def look(self, row: Row) -> tuple[float, Callable[[], Event]]:
        """How long the look-up takes, and what it will say: the truth of some moment on the way."""
        lasts = random.uniform(0.05, 3.0)
        if self.is_faulty and random.random() < self.trouble * 0.6:
            kinds = (
                "no answer",
                "no answer",
                "busy",
                "unauthorised",
                "not sent",
                "failed",
                "refused",
            )
            event = Event(
                random.choice(kinds[:-1] if random.random() > 0.05 else kinds), retry_after=30
            )
            return lasts if random.random() < 0.8 else 30.0, lambda: event
        said: list[Event] = []
        self.at(self.now + lasts * random.random(), lambda: said.append(self.truth(row)))
        if (
            version_to_ask(row) == 1 and self.without != "newest"
        ):  # found, the newest is asked for after all
            return (
                lasts,
                lambda: (
                    self.truth(row)
                    if said and said[0].kind != "absent"
                    else absent_or_nothing(said)
                ),
            )
        return lasts, lambda: said[0] if said else Event("no answer")

    def truth(self, row: Row) -> Event:
        seen = [journey for journey in self.journeys if journey.seen_from <= self.now]
        if not seen:
            return Event("absent")
        if seen[0].sender is None or row.first_send_at is None:
            return Event("found other", values={"remote": seen[0].id})
        shown = seen[0] if self.without == "newest" else seen[-1]
        values = {"remote": shown.id, "versions": len(seen)}
        return Event("found", first_version=shown.version == 1, values=values)

    # What must hold

    def check_ended(self, row: Row) -> None:
        # what comes beyond the settle time may be an earlier row's, of the same bytes: then that is
        # the journey
        arrived = [
            j
            for j in self.journeys
            if j.sender == row.number or (self.is_beyond and j.sender is not None)
        ]
        if row.state == "succeeded" and row.versions > 1:
            raise Broken(
                f"row {row.number} is called created, and nobody is told of {row.versions} versions"
            )
        one = len(arrived) == 1 or (arrived and self.is_beyond)
        if row.state == "succeeded" and (not one or row.remote != arrived[0].id):
            raise Broken(
                f"row {row.number} is called created as {row.remote}, and the tenant holds"
                f" {arrived}"
            )
        others = [j for j in self.journeys if j.sender != row.number or j.version > 1]
        if row.state == "conflict" and not others:
            raise Broken(f"row {row.number} is called a conflict, and there is none")
        stopped = row.state in ("refused", "cancelled", "needs-person") and not row.ambiguous
        if stopped and self.arrivals(row.number):
            raise Broken(f"row {row.number} is called {row.state}, and it has arrived or will")

    def judge(self) -> None:
        for row in self.rows:
            if row.state in conditions.OPEN_STATES:
                raise Broken(
                    f"row {row.number} is still {row.state} {HORIZON:.0f} s after the last fault"
                )
            self.check_ended(row)


def absent_or_nothing(said: list[Event]) -> Event:
    return said[0] if said else Event("no answer")


def told(value: object) -> object:
    return f"{(value - EPOCH).total_seconds():.1f}" if isinstance(value, datetime) else value
