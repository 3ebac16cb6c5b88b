"""The loop of a worker that was woken: takes what is due in batches, fair over tenants, until
nothing is left.

One thread claims and writes, for all of them together; the others wait for tenants. So a batch
costs two commits, and the threads hold no database connection.
"""

import logging
import threading
import time
from collections import Counter, defaultdict, deque
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from queue import Empty, SimpleQueue

from django.db import DatabaseError, IntegrityError, close_old_connections, connection

from journeys.delivery.restored_backup import look_for_restore
from journeys.delivery.submit import (
    Candidate,
    Job,
    Outcome,
    ask,
    candidates,
    carry_out,
    take,
    times,
    write,
)
from journeys.lifecycle import limits
from journeys.models import Submission, TenantStatus, clock
from journeys.models.clock import now
from journeys.models.tenant_status import tenant_statuses

logger = logging.getLogger(__name__)

LOOK_AGAIN = 1.0  # seconds after which newcomers are looked for although others still wait
# For so many threads one submission is claimed before a thread is free for it, so that none waits
# for the database. With more, calls of a few seconds would leave intents too old to be sent.
THREADS_A_SPARE = 8
GROWTH = 2  # more calls at a time to a tenant for each that came to something
TOKEN_POLL = 0.05  # seconds
PAUSE = 0.5  # seconds before the database is tried again


class Worker:
    """Safe to be run by many threads: one works, the others have it look again and return at once.

    `widths` says how many calls a tenant may hold here at a time: its bulkhead. It starts with an
    eighth of all threads, grows with every answer and is halved by every failure. So a dead tenant
    never holds more than a few, and one that is alone and well has them all, which no constant
    gives: its rate would end at the bulkhead over the seconds of a call.
    """

    def __init__(self, threads: int) -> None:
        self.most = threads + threads // THREADS_A_SPARE  # under way and claimed
        self.pool = ThreadPoolExecutor(threads, thread_name_prefix="submit")
        self.done: SimpleQueue[Outcome | None] = SimpleQueue()
        self.waiting: dict[int, deque[Candidate]] = {}
        self.under_way: Counter[int] = Counter()
        self.widths: dict[int, int] = defaultdict(lambda: max(1, threads // 8))
        self.asking: set[int] = set()
        self.running, self.notified, self.stopping = (
            threading.Lock(),
            threading.Event(),
            threading.Event(),
        )
        self.looked_at = 0.0
        self.awaits_token = False
        self.turn = 0

    def run(self) -> None:
        """Returns when nothing is due for the next seconds: of later work the sweeper
        notifies."""
        self.notified.set()
        self.done.put(None)
        while self.notified.is_set() and self.running.acquire(blocking=False):
            try:
                self._run()
            finally:
                self.running.release()

    def stop(self) -> None:
        """Starts nothing more; whoever runs it returns when what is under way has been written."""
        self.stopping.set()
        self.done.put(None)

    def _run(self) -> None:
        wait = 0.0
        look_for_restore()
        while wait is not None:
            close_old_connections()
            self.write(self.gather(wait))
            try:
                wait = self.go_on()
            except Exception:  # what is under way comes to something, and that has to be written
                if not self.busy() and self.done.empty():
                    raise
                logger.exception("the worker goes on, because calls are under way")
                connection.close()
                wait, self.looked_at = PAUSE, 0.0

    def go_on(self) -> float | None:
        """Starts what can be started. How long to wait then; None when there is nothing to wait
        for."""
        if self.stopping.is_set():
            self.notified.clear()
            return LOOK_AGAIN if self.busy() else None
        self.look()
        return self.patience(self.start())

    def busy(self) -> int:
        return self.under_way.total() + len(self.asking)

    def gather(self, wait: float) -> list[Outcome]:
        """All that is done; waits for the first."""
        outcomes = []
        try:
            outcomes.append(self.done.get(timeout=wait) if wait > 0 else self.done.get_nowait())
            while True:
                outcomes.append(self.done.get_nowait())
        except Empty:
            return [one for one in outcomes if one is not None]

    def write(self, outcomes: list[Outcome]) -> None:
        if not outcomes:
            return
        for outcome in outcomes:
            self.under_way[outcome.submission.tenant_id] -= 1
            self.learn(outcome)
        self.looked_at = 0.0 if not any(self.waiting.values()) else self.looked_at
        try:
            write(outcomes)
        except Exception:
            logger.exception("outcomes could not be written together")
            for outcome in outcomes:
                self.write_one(outcome)

    def write_one(self, outcome: Outcome) -> None:
        """Tries until the lease ends. After that the row counts as unclear, and is looked up."""
        until = outcome.submission.lease_until or now()
        while True:
            try:
                return write([outcome])
            except (
                IntegrityError
            ):  # its attempt is there: the commit came through, but word of it did not
                logger.exception(
                    "submission %s: its outcome was written already", outcome.submission.pk
                )
                return None
            except DatabaseError:
                logger.exception(
                    "submission %s: its outcome could not be written", outcome.submission.pk
                )
                connection.close()
                time.sleep(PAUSE)
                if clock.moment() > until or self.stopping.is_set():
                    return None
            except Exception:
                logger.exception("submission %s: its outcome makes no sense", outcome.submission.pk)
                return None

    def learn(self, outcome: Outcome) -> None:
        tenant = outcome.submission.tenant_id
        if not limits.is_fine(outcome.event):
            self.widths[tenant] = max(1, self.widths[tenant] // 2)
        elif outcome.event.called:
            self.widths[tenant] = min(self.most, self.widths[tenant] + GROWTH)

    def look(self) -> None:
        """Reads anew what is due: after a notification, when nothing is left, or after a while."""
        if not self.notified.is_set() and time.monotonic() - self.looked_at < LOOK_AGAIN:
            return
        self.notified.clear()
        self.looked_at = time.monotonic()
        self.waiting = defaultdict(deque)
        for one in candidates(now()):
            self.waiting[one.tenant].append(one)

    def start(self) -> datetime | None:
        """Starts what can be started; when the next thing can be."""
        self.waiting = {pk: some for pk, some in self.waiting.items() if some}
        if not self.waiting:
            return None
        moment, statuses = now(), tenant_statuses(self.waiting)
        for pk, status in statuses.items():
            if limits.may_ask(status, moment) and pk not in self.asking:
                self.asking.add(pk)
                self.pool.submit(self.ask, pk)
        picked = self.pick(statuses, moment)
        jobs = self.take(picked) if picked else []
        for job in jobs:
            self.under_way[job.submission.tenant_id] += 1
            self.pool.submit(self.do, job)
        if len(jobs) < len(picked):  # others were quicker, or it was settled without a call
            self.looked_at = 0.0
        left = [status for pk, status in tenant_statuses(self.waiting).items() if self.waiting[pk]]
        return min((at for one in left if (at := limits.next_chance(one, moment))), default=None)

    def take(self, picked: list[Candidate]) -> list[Job]:
        try:
            return take(picked)
        except Exception:
            logger.exception("submissions could not be claimed together")
            return [job for one in picked for job in self.take_one(one)]

    def take_one(self, one: Candidate) -> list[Job]:
        try:
            return take([one])
        except Exception:
            logger.exception("submission %s could not be taken on", one.pk)
            return []

    def pick(self, found: dict[int, TenantStatus], moment: datetime) -> list[Candidate]:
        """One of each tenant in turn, as far as threads, rates and widths go."""
        room = self.most - self.busy()
        self.awaits_token = False
        places = {pk: self.places(status, moment) for pk, status in found.items()}
        order = sorted(pk for pk, free in places.items() if free > 0)
        self.turn += 1
        order = order[self.turn % len(order) :] + order[: self.turn % len(order)] if order else []
        resends = {pk: limits.resends_left(found[pk], moment, times()) for pk in order}
        picked = []
        while order and len(picked) < room:
            for pk in order[: room - len(picked)]:
                one = self.waiting[pk].popleft()
                if one.resends and resends[pk] <= 0:
                    continue  # it is among those that the next look finds
                picked.append(one)
                resends[pk] -= one.resends
                places[pk] -= 1
            order = [pk for pk in order if places[pk] > 0 and self.waiting[pk]]
        return picked

    def places(self, status: TenantStatus, moment: datetime) -> int:
        if not limits.admits(status, moment):
            return 0
        under_way, rate = self.under_way[status.pk], status.tenant.calls_per_second
        if status.tenant.usable_token(moment) is None:  # one of them fetches it
            self.awaits_token = True
            return 0 if under_way else 1
        return min(limits.slots(status, moment, rate), self.widths[status.pk] - under_way)

    def patience(self, chance: datetime | None) -> float | None:
        """Seconds to wait for outcomes and notifications; None when nothing comes before the next
        sweep, which notifies again.

        While calls are under way it waits for them, but no longer than LOOK_AGAIN: newcomers are
        looked for then. A chance that is over already means that something here is missing (a
        thread, a token, the tenant's bulkhead); an outcome will bring it, and until then asking
        the database again and again would change nothing.
        """
        most = LOOK_AGAIN if self.busy() else sweep_interval()
        soon = chance if chance is not None else None if self.busy() else next_due()
        if soon is None:
            return most if self.busy() or self.notified.is_set() else None
        seconds = (soon - now()).total_seconds()
        if seconds > most and not self.busy():
            return None
        if (
            seconds <= 0 and self.busy()
        ):  # it is a token, the threads or the tenant's width that is waited for
            return TOKEN_POLL if self.awaits_token else most
        return min(max(seconds, 0.001), most)

    def do(self, job: Job) -> None:
        try:
            self.done.put(carry_out(job))
        finally:
            # opened where there was no token, or where the call was late for its slot
            connection.close()

    def ask(self, tenant: int) -> None:
        try:
            ask(tenant)
        except Exception:
            logger.exception("tenant %s could not be asked", tenant)
        finally:
            connection.close()
            self.asking.discard(tenant)
            self.notified.set()
            self.done.put(None)


def sweep_interval() -> float:
    return min(5.0, times().settle / 30)


def next_due() -> datetime | None:
    """When the next submission becomes due that is not yet: the first of each state by its
    index."""
    later = Submission.objects.filter(not_before__gt=now(), lease_until=None).order_by("not_before")
    moments = later.values_list("not_before", flat=True)
    states = [Submission.State.WAITING, Submission.State.UNCLEAR]
    return min(
        (at for state in states if (at := moments.filter(state=state).first())), default=None
    )
