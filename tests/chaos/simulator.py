"""Lives of one submission in a simulated world: everything that can go wrong does, in an order that
a seed decides.

The world has a clock of its own, a tenant, three workers, two sweepers, a queue that loses and
repeats, and a person who cancels, tries again and submits anew. What the processes decide by is
production's: `submission_states.after` and `again`, and `conditions`. After each step the
world looks whether anything is broken that must never be (`Broken`); once the faults stop,
everything has to come to an end.
"""

import random
from heapq import heappop

from tests.chaos.actors import Actor, person, sweeper, worker
from tests.chaos.world import HORIZON, Broken, World


def live(world: World) -> World:
    """Until everything has ended and no fault is to come; raises Broken."""
    world.submit()
    for number in range(3):
        Actor(world, f"worker {number}", worker)
    for number in range(2):
        Actor(world, f"sweeper {number}", sweeper)
    world.at(random.uniform(0, 300), lambda: person(world))
    while world.heap:
        world.now, _order, what = heappop(world.heap)
        if world.now > world.quiet_from + HORIZON:
            break
        what()
        if not world.is_faulty and not world.is_open() and not world.pending():
            break
    world.judge()
    return world


def told(seed: int, without: str = "") -> str:
    """One schedule with every step in words."""
    world = World(seed, without, trace=[])
    try:
        live(world)
    except Broken as broken:
        world.tell("BROKEN", broken)
    return "\n".join(world.trace)


def broken(seeds: range, without: str = "") -> list[tuple[int, str]]:
    """The seeds in which something broke, and what."""
    found = []
    for seed in seeds:
        try:
            live(World(seed, without))
        except Broken as error:
            found.append((seed, str(error)))
    return found


def report(found: list[tuple[int, str]]) -> str:
    seed = found[0][0]
    lines = [f"seed {seed}: {text}" for seed, text in found[:10]]
    return "\n".join(
        [*lines, f"To see one again: python -m tests.chaos.simulate --seed {seed}", told(seed)]
    )
