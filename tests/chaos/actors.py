"""The processes of the simulated world, and the person in it.

Processes are generators: wherever they yield they can be overtaken, frozen for longer than their
lease, or killed.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime

from django.db.models import Q

from journeys.lifecycle import conditions
from journeys.lifecycle.submission_states import Event, after, again, must_look
from tests.chaos.conditions import holds
from tests.chaos.records import Journey, Row
from tests.chaos.world import EPOCH, World

SWEEP = 5.0
PATIENCE = 60.0  # seconds that a sweeper waits for a worker after it notified one
DUE = ("waiting", "unclear")

Process = Iterator[float]


class Actor:
    """A process: it goes on where it yields, later than it thinks, or never again; then another one
    takes its place."""

    def __init__(self, world: World, name: str, body: Callable[["Actor"], Process]) -> None:
        self.world, self.name, self.body = world, name, body
        self.start()

    def start(self) -> None:
        self.process = self.body(self)
        self.resume(self.process)

    def resume(self, process: Process) -> None:
        if process is not self.process:  # it was killed
            return
        world = self.world
        seconds = next(process, None)
        if seconds is None:  # done
            return
        if world.is_faulty and seconds >= 0:
            fate = random.random()
            if fate < world.crashes:
                world.tell(self.name, "is killed")
                self.process = None
                world.at(world.now + random.uniform(0.5, 20), self.start)
                return
            if fate < world.crashes + world.freezes:
                seconds += random.choice((2.0, 60.0, 190.0, 400.0))
        if seconds >= 0:
            world.at(world.now + seconds, lambda: self.resume(process))
        else:  # there is nothing to do until something is submitted or notified of
            waiting = world.resting if self.body is sweeper else world.idle
            waiting.append(lambda later: world.at(world.now + later, lambda: self.resume(process)))


def worker(me: Actor) -> Process:
    world = me.world
    while True:
        while world.queue:
            number = world.queue.pop(random.randrange(len(world.queue)))
            yield random.uniform(0, 0.2)
            yield from work(me, number)
        yield -1


def sweeper(me: Actor) -> Process:
    world, notified = me.world, {}
    while True:
        yield until_next_sweep(world, notified)
        for number, row in enumerate(world.rows):
            if row.state == "sending" and holds(conditions.given_up(world.moment), row):
                seen = world.read(number)
                yield random.uniform(0, 0.1)
                expire(world, seen)
            if holds(conditions.overdue(world.moment, world.times), row):
                seen = world.read(number)
                yield random.uniform(0, 0.1)
                run_out(world, seen)
            if row.state not in DUE or not holds(conditions.claimable(world.moment), row):
                continue
            claim = (number, row.fence)
            if claim not in notified:
                notified[claim] = world.now
                world.notify(number)
                if not world.is_faulty or random.random() < 0.7:
                    continue  # else nobody can be told
            elif world.now - notified[claim] <= PATIENCE:
                continue
            yield from work(me, number)


def until_next_sweep(world: World, notified: dict) -> float:
    """It sweeps every few seconds; those at which it finds nothing to do are left out, but never
    for long."""
    rows = [row for row in world.rows if row.state in conditions.OPEN_STATES]
    if not rows:
        return -1
    due = min(due_at(row, notified) for row in rows)
    return SWEEP + min(max(0.0, (due - world.now) // SWEEP * SWEEP), 40.0)


def due_at(row: Row, notified: dict) -> float:
    moments = [row.lease_until] if row.state == "sending" else [row.not_before, row.lease_until]
    due = max((moment - EPOCH).total_seconds() for moment in moments if moment)
    told_at = notified.get((row.number, row.fence))
    return due if told_at is None or row.state == "sending" else max(due, told_at + PATIENCE)


def expire(world: World, row: Row) -> None:
    condition = conditions.held(row) & conditions.given_up(world.moment)
    values = after(row, Event("lease expired"), world.moment, world.times)
    world.update(row.number, condition, {**values, "fence": row.fence + 1})


def run_out(world: World, row: Row) -> None:
    condition = conditions.held(row) & conditions.overdue(world.moment, world.times)
    values = after(row, Event("overdue"), world.moment, world.times)
    world.update(row.number, condition, {**values, "fence": row.fence + 1})


def work(me: Actor, number: int) -> Process:
    """What `submit.work` does: claims, looks up or sends, writes; then once more if a look-up
    cleared the way."""
    world = me.world
    for _turn in range(2):
        claimed = world.moment
        values = {"fence": world.rows[number].fence + 1, "lease_until": claimed + world.times.lease}
        if not world.update(number, conditions.claimable(world.moment), values):
            return
        row = world.read(number)
        looks = must_look(row, claimed, world.times)
        if (
            random.random() < 0.5
        ):  # the intent is written with the claim, or after a token was fetched
            yield random.uniform(0, 2)
        if row.payload != row.approved and world.without != "hash":
            settle(world, row, Event("altered"))
            return
        yield from look_up(me, row, claimed) if looks else send(me, row)
        if not looks or row.state != "waiting" or must_look(row, world.moment, world.times):
            return


def look_up(me: Actor, row: Row, claimed: datetime) -> Process:
    world = me.world
    if world.without == "look-up" and row.state == "unclear":
        values = {
            "state": "waiting",
            "ambiguous": False,
            "lease_until": None,
            "not_before": world.moment,
        }
        world.update(row.number, conditions.held(row), values)
        return
    if has_no_slot(world):
        settle(world, row, Event("no slot"))
        return
    lasts, answer = world.look(row)
    yield lasts
    settle(world, row, replace(answer(), asked_at=claimed))


def has_no_slot(world: World) -> bool:
    """Others were quicker, or the tenant is paused since."""
    return world.is_faulty and random.random() < 0.1


def send(me: Actor, row: Row) -> Process:
    world, moment = me.world, me.world.moment
    values = {
        "state": "sending",
        "ambiguous": True,
        "first_send_at": row.first_send_at or moment,
        "last_send_at": moment,
        "attempt_count": row.attempt_count + 1,
    }
    condition = conditions.held(row) & conditions.sendable(moment, world.times)
    if not world.update(row.number, condition, values):
        settle(world, row, Event("held back"))
        return
    for name, value in values.items():
        setattr(row, name, value)
    began = world.now
    yield random.uniform(0, 0.3)
    if has_no_slot(world):
        settle(world, row, Event("no slot"))
        return
    if world.now - began > world.times.delay and world.without != "delay":
        settle(world, row, Event("not sent"))
        return
    lasts, event = world.post(row)
    yield lasts
    if event.kind == "created":
        sent = [j for j in world.journeys if j.sender == row.number]
        event = created(world, sent[-1]) if sent else Event("unclear")
    settle(world, row, event)


def created(world: World, journey: Journey) -> Event:
    values = {"remote": journey.id, "versions": len(world.journeys)}
    return Event("created", first_version=journey.version == 1, values=values)


def settle(world: World, row: Row, event: Event) -> bool:
    condition = Q(state=row.state) if world.without == "fence" else conditions.held(row)
    row.cancel_requested_at = world.rows[row.number].cancel_requested_at
    values = after(row, event, world.moment, world.times)
    world.tell("holder", "of row", row.number, f"with fence {row.fence} learns", event.kind)
    if not world.update(row.number, condition, values):
        return False
    for name, value in values.items():
        setattr(row, name, value)
    return True


def person(world: World) -> None:
    """Now and then somebody does something, mostly while faults last."""
    row = world.rows[-1]
    deed = random.random()
    if row.state == "needs-person" and deed < 0.7:
        world.update(
            row.number,
            conditions.stopped(row),
            again(row, world.moment, world.lasting),
            by_person=True,
        )
        world.notify(row.number)
    elif row.state in conditions.OPEN_STATES and deed < 0.3:
        cancel(world, row)
    elif row.state in conditions.OPEN_STATES and deed < 0.34:
        row.payload = "altered by hand"
    elif row.state in ("cancelled", "refused") and deed < 0.7:
        world.submit()
    if world.is_faulty:
        world.at(world.now + random.uniform(1, 400), lambda: person(world))


def cancel(world: World, row: Row) -> None:
    world.tell("person", "cancels", row.number)
    values = {"state": "cancelled", "fence": row.fence + 1, "finished_at": world.moment}
    if not world.update(row.number, conditions.cancellable(world.moment), values):
        world.update(
            row.number, Q(state__in=conditions.OPEN_STATES), {"cancel_requested_at": world.moment}
        )
