"""Which revision made a place what it is now. It is looked for by halving: histories are long."""

from collections.abc import Callable

from journeys.models import Journey, Revision
from journeys.spec import address
from journeys.spec.address import Address, Item
from journeys.spec.parts import MISSING, UNIT_OF, differ, parts


class Since:
    """The revisions of a journey after the one numbered `begin`, up to `newest`; read where they
    are needed, and once."""

    def __init__(self, journey: Journey, begin: int, newest: Revision) -> None:
        self.journey, self.begin, self.newest = journey, begin, newest
        self._known: dict[int, Revision | None] = {newest.number: newest}

    def who_made(self, where: Address, value: object) -> Revision:
        """The revision since which `value` stands there."""

        return self.first(lambda document: not differ(value_at(document, where, value), value))

    def first(self, holds: Callable[[dict], bool]) -> Revision:
        """One that made it hold, which did not at the beginning and does in the newest."""
        low, high = self.begin, self.newest.number
        while high - low > 1:
            middle = (low + high) // 2
            revision = self._revision(middle)
            if revision is not None and holds(revision.stored()):
                high = middle
            else:
                low = middle
        return self._revision(high) or self.newest

    def _revision(self, number: int) -> Revision | None:
        if number not in self._known:
            rows = self.journey.revisions.select_related("author")
            self._known[number] = rows.filter(number=number).first()
        return self._known[number]


def value_at(document: dict, where: Address, like: object = None) -> object:
    """What stands there; with its unit where `like` is a number with its unit."""
    steps = address.steps(where.inside) or ()
    if where.kind == "journey":
        value: object = document
    else:
        value = parts(document).get(where.block, MISSING)
    last = steps[-1] if steps and isinstance(steps[-1], str) else ""
    is_tied = isinstance(like, dict) and last in UNIT_OF and {*like} <= {last, UNIT_OF[last]}
    for step in steps[:-1] if is_tied else steps:
        value = _inside(value, step)
    if is_tied and isinstance(value, dict):
        return {name: value[name] for name in (last, UNIT_OF[last]) if name in value}
    return value


def _inside(value: object, step: str | Item) -> object:
    if isinstance(step, str):
        return value.get(step, MISSING) if isinstance(value, dict) else MISSING
    if not isinstance(value, list):
        return MISSING
    named = (one for one in value if isinstance(one, dict) and one.get("key") == step.key)
    at = int(step.key) if step.key.isdecimal() and len(step.key) < 9 else len(value)
    return next(named, value[at] if at < len(value) else MISSING)
