"""Why a change cannot be turned any more: who changed the same since, and by which revision.

That revision is found by halves, by whether the place looked as it looks now: a few bodies are
read, however many revisions came in between.
"""

from collections.abc import Callable, Iterator

from django.utils.translation import gettext as _t

from journeys.models.revision import Revision
from journeys.spec import address, diff
from journeys.spec.parts import MISSING, differ, parts

MOST_NAMED = 3  # revisions in one sentence

Place = tuple[str, str]
Versions = tuple[object, object, object]  # of a place: after the change, as it would be, as it is


def why_not(
    revisions,
    newest: Revision,
    row: Revision,
    change: tuple[dict, dict],
    conflict: diff.Conflict,
    person,
) -> list[str]:
    """Who changed what since the revision `row`, each in words; `change` is (before, after) it."""
    numbers = _since(revisions, newest, row, change, _places(conflict))
    rows = revisions.rows().select_related("author").filter(number__in=numbers[:MOST_NAMED])
    return [_told(one, person) for one in rows.order_by("-number")]


def _places(conflict: diff.Conflict) -> set[Place]:
    """The pieces (spec.parts) in which the two meet."""
    members = {
        ("journey", address.first_member(clash.address.inside))
        for clash in conflict.clashes
        if clash.address.kind == "journey"
    }
    return members | {place for place in conflict.blocks if place[1]}


def _since(
    revisions, newest: Revision, row: Revision, change: tuple[dict, dict], places: set[Place]
) -> list[int]:
    before, after = map(parts, change)
    now, numbers = parts(newest.stored()), set()
    for place in sorted(places)[:MOST_NAMED]:
        versions = tuple(one.get(place, MISSING) for one in (after, before, now))
        if differ(versions[0], versions[2]):
            looks = _looks_as_now(revisions, place, versions)
            numbers.add(_became(row.number, newest.number, looks))
    # each change is possible alone, but not both: the newest one made it so
    return sorted(numbers, reverse=True) or [newest.number]


def _became(old: int, new: int, is_so: Callable[[int], bool]) -> int:
    """A number at which it became so; it is at `new`, and is not at `old`."""
    while new - old > 1:
        middle = (old + new) // 2
        old, new = (old, middle) if is_so(middle) else (middle, new)
    return new


def _looks_as_now(revisions, place: Place, versions: Versions) -> Callable[[int], bool]:
    inside = _met(*versions)
    now = versions[2]

    def looks(number: int) -> bool:
        then = parts(revisions.get(number=number).stored()).get(place, MISSING)
        if not inside or MISSING in (then, now):
            return not differ(then, now)
        return not any(_overlap(one, other) for one in _changed(then, now) for other in inside)

    return looks


def _met(after: object, before: object, now: object) -> set[str]:
    """The places inside a block that both changed; none where the block as a whole is meant."""
    if not all(isinstance(one, dict) for one in (after, before, now)):
        return set()
    mine, theirs = set(_changed(after, before)), set(_changed(after, now))
    return {one for one in theirs if any(_overlap(one, other) for other in mine)}


def _changed(old: dict, new: dict) -> Iterator[str]:
    return (change.inside for change in diff.compare_blocks(old, new))


def _overlap(one: str, other: str) -> bool:
    return address.is_within(one, other) or address.is_within(other, one)


def _told(row: Revision, person) -> str:
    values = {"what": row.summary, "number": row.number}
    if row.author_id is not None and row.author_id == person.pk:
        return _t("you changed the same since: “%(what)s” (revision %(number)s)") % values
    who = (row.author.get_full_name() or row.author.username) if row.author else _t("somebody")
    values |= {"who": who}
    return _t("%(who)s changed the same since: “%(what)s” (revision %(number)s)") % values
