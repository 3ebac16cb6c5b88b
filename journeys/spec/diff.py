"""What changed between two documents: as data, in words, and as something that can be done to a third one.

Blocks are matched by kind and key, items of lists by their `key` where all have one that is their own.
"""

import bisect
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from journeys.spec import graph
from journeys.spec.document import LISTS, MEMBER_OF, block_list, dumps
from journeys.spec.parts import MISSING, by_key, differ, merged_names, parts, same_order
from journeys.spec.problem import Place

LONGEST_VALUE = 48
LONGEST_HEADLINE = 80

# Names that people use for members, where the member's own name says something else.
WORDS = {
    "waitDuration": "duration",
    "waitUnit": "unit",
    "specifiedTime": "time of day",
    "emailSubject": "subject",
    "preHeader": "preheader",
    "emailId": "email",
    "next": "leads to",
    "workflowApiVersion": "spec version",
    "entryMode": "re-entry",
    "eventDefinitionKey": "event",
    "metaData": "details",
    "isExitCriteria": "leave on reaching the goal",
}
KINDS = {"trigger": "Entry source", "goal": "Goal", "exit": "Exit criteria", "activity": "Step"}

# (kind, key) of a block -> its sentence before and after; "" where it is missing.
Sentences = Callable[[str, str], tuple[str, str]]


@dataclass(frozen=True)
class Change:
    """`kind`: "added", "removed", "changed" or "moved". `field` is a path like that of a Place, "" for a whole block.

    `old` and `new` are the values (blocks for added and removed ones), None where there is none.
    For words: `item` is what people call the item of a list that the field is in, `member` the field's own name.
    """

    kind: str
    place: Place
    field: str
    old: object = None
    new: object = None
    item: str = field(default="", compare=False)
    member: str = field(default="", compare=False)


class Conflict(Exception):
    """These (kind, key) blocks are other than they were, or would be torn apart from those that are."""

    def __init__(self, blocks: set[tuple[str, str]]) -> None:
        super().__init__(f"changed otherwise: {sorted(blocks)}")
        self.blocks = blocks


def compare(old: dict, new: dict) -> list[Change]:
    """In the order of the new document; what is gone comes last."""
    changes = list(_members_of_journey(old, new))
    for kind in MEMBER_OF:
        changes += _blocks(kind, block_list(old, kind), block_list(new, kind))
    return changes


def compare_blocks(old: dict, new: dict, place: Place | None = None) -> list[Change]:
    """The changed places inside one block."""
    return list(_values(old, new, Change("", place or Place(), "")))


def changed_blocks(old: dict, new: dict) -> set[tuple[str, str]]:
    """(kind, key) of every block whose bytes differ, and ("journey", name) of every differing member of the journey."""
    mine, theirs = parts(old), parts(new)
    places = mine.keys() | theirs.keys()
    return {place for place in places if differ(mine.get(place, MISSING), theirs.get(place, MISSING))}


def patch(before: dict, after: dict, onto: dict) -> dict:
    """Does to `onto` what was done to get from `before` to `after`, block by block; raises Conflict.

    Done to `before` it gives `after`, byte for byte. It conflicts where `onto` has another version of a block that was
    changed, and where the two changes only together leave a path in the air, a circle or a second first step.
    """
    if dumps(before) == dumps(onto):
        return after
    new, now = parts(after), parts(onto)
    touched = changed_blocks(before, after)
    theirs = touched & changed_blocks(before, onto)
    clash = {place for place in theirs if differ(now.get(place, MISSING), new.get(place, MISSING))}
    if clash:
        raise Conflict(clash)
    members = list(before), list(after), list(onto)
    stay, result = set(merged_names(*members)), {}
    for name in merged_names(*members, keep=LISTS):
        if name in LISTS:
            blocks = _patched_list(name, before, after, onto, touched)
            if blocks or name in stay:
                result[name] = blocks
        else:
            result[name] = (new if ("journey", name) in touched else now)["journey", name]
    torn = _faults(result) - _faults(onto) - _faults(after)
    if torn:
        raise Conflict(torn)
    return result


def _faults(document: dict) -> set[tuple[str, str]]:
    """The steps with a path in the air, those of a circle, and the first steps where there are several."""
    steps, roots = graph.steps(document), graph.roots(document)
    found = {
        key for key, step in steps.items() for way in graph.outcomes(step) if (graph.next_of(way) or key) not in steps
    }
    return {("activity", key) for key in [*found, *graph.find_cycle(document), *(roots if len(roots) > 1 else [])]}


def words(changes: list[Change], sentences: Sentences) -> list[str]:
    """One sentence for each change: "Wait 1 day: duration 1 → 3". Links to added steps go without saying."""
    behind = _predecessors(changes)
    return [_sentence(change, sentences, behind) for change in _telling(changes)]


def headline(changes: list[Change], sentences: Sentences) -> str:
    """A line for the history and for Undo: "Wait 1 day → Wait 3 days"."""
    if not changes:
        return "No change"
    told = sorted(_telling(changes), key=lambda change: not _is_whole(change))
    first, place = told[0], told[0].place
    text, count = _sentence(first, sentences, _predecessors(changes)), 1
    before, after = sentences(place.kind, place.key) if place.kind != "journey" else ("", "")
    if not _is_whole(first) and before and after and before != after:
        text, count = f"{before} → {after}", sum(change.place == place for change in told)
    more = f" (and {len(told) - count} more)" if len(told) > count else ""
    return _cut(text, LONGEST_HEADLINE - len(more)) + more


def _telling(changes: list[Change]) -> list[Change]:
    """Without the links that only follow from steps that were added, removed or moved."""
    own = {change.place.key for change in changes if _is_whole(change) and change.place.kind == "activity"}
    return [change for change in changes if not (_is_link(change) and own & {change.place.key, change.old, change.new})]


def _is_whole(change: Change) -> bool:
    return change.field == ""


def _is_link(change: Change) -> bool:
    """Only where both ends are keys or missing: a `next` may be anything in an odd document."""
    ends = isinstance(change.old, str | None) and isinstance(change.new, str | None)
    return ends and change.member == "next" and change.field.startswith("outcomes[")


def _predecessors(changes: list[Change]) -> dict[str, str]:
    """For added and moved steps: the step that now leads to each, as far as the changes tell."""
    found: dict[str, str] = {}
    for change in changes:
        if _is_link(change) and change.new:
            found.setdefault(change.new, change.place.key)
        elif change.kind == "added" and change.place.kind == "activity" and _is_whole(change):
            for outcome in graph.outcomes(change.new):
                found.setdefault(graph.next_of(outcome) or "", change.place.key)
    return found


def _sentence(change: Change, sentences: Sentences, behind: dict[str, str]) -> str:
    if change.place.kind == "journey":
        return f"{_capital(_label(change.member))}: {_from_to(change)}"
    if _is_whole(change):
        text = f"{change.kind.capitalize()} {_name(change.place, sentences)}"
        if change.kind == "removed" or change.place.kind != "activity" or change.place.key not in behind:
            return text
        return f"{text} after {_name(Place('activity', behind[change.place.key]), sentences)}"
    path = f"path “{_cut(change.item, LONGEST_VALUE)}” " if change.item else ""
    return f"{_name(change.place, sentences, old=True)}: {path}{_what(change, sentences)}"


def _name(place: Place, sentences: Sentences, old: bool = False) -> str:
    before, after = sentences(place.kind, place.key)
    return (before or after if old else after or before) or KINDS[place.kind]


def _what(change: Change, sentences: Sentences) -> str:
    if _is_link(change):
        return f"leads to “{_name(Place('activity', change.new), sentences)}”" if change.new else "ends here"
    if not change.member and change.kind != "changed":
        return change.kind if change.item else f"{_label(change.field)} {_from_to(change)}"
    return f"{_label(change.member or change.field)} {_from_to(change)}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _from_to(change: Change) -> str:
    if change.kind == "added":
        return f"{_value(change.new)} added"
    if change.kind == "removed":
        return f"{_value(change.old)} removed"
    if change.kind == "moved":
        return "in another order"
    return f"{_value(change.old)} → {_value(change.new)}"


def _label(member: str) -> str:
    """A member's name as people would say it: "waitDuration" is "duration", "sendFlow" is "send flow"."""
    last = member.rpartition(".")[2].partition("[")[0] or member
    return WORDS.get(last) or re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", last).lower()


def _value(value: object) -> str:
    if isinstance(value, str):
        return f"“{_cut(value, LONGEST_VALUE)}”" if value else "empty"
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return f"“{_cut(str(value.get('name') or value.get('key') or '…'), LONGEST_VALUE)}”" if value else "nothing"
    return _cut(json.dumps(value, ensure_ascii=False), LONGEST_VALUE)


def _cut(text: str, longest: int) -> str:
    text = " ".join(text.split())
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def _members_of_journey(old: dict, new: dict) -> Iterator[Change]:
    mine = {name: value for name, value in old.items() if name not in LISTS}
    theirs = {name: value for name, value in new.items() if name not in LISTS}
    yield from _values(mine, theirs, Change("", Place(), ""))


def _blocks(kind: str, old: list[dict], new: list[dict]) -> Iterator[Change]:
    mine, theirs = by_key(kind, old), by_key(kind, new)
    for place, block in theirs.items():
        where = Place(kind, place[1])
        if place not in mine:
            yield Change("added", where, "", None, block)
        elif differ(mine[place], block):
            yield from _values(mine[place], block, Change("", where, ""))
    for place, block in mine.items():
        if place not in theirs:
            yield Change("removed", Place(kind, place[1]), "", block, None)
    yield from _moved(kind, [place for place in mine if place in theirs], [place for place in theirs if place in mine])


def _moved(kind: str, old: list[tuple[str, str]], new: list[tuple[str, str]]) -> Iterator[Change]:
    """Blocks that stand elsewhere in the list although the others kept their order: the fewest that explain it."""
    if old == new:
        return
    place, target = {name: index for index, name in enumerate(old)}, {name: index for index, name in enumerate(new)}
    kept = _longest_rising([place[name] for name in new])
    for name in new:
        if place[name] not in kept:
            yield Change("moved", Place(kind, name[1]), "", place[name], target[name])


def _longest_rising(numbers: list[int]) -> set[int]:
    tails: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for index, number in enumerate(numbers):
        at = bisect.bisect_left(tails, number)
        if at == len(tails):
            tails.append(number)
            last.append(index)
        else:
            tails[at], last[at] = number, index
        before.append(last[at - 1] if at else -1)
    found, index = set(), last[-1] if last else -1
    while index >= 0:
        found.add(numbers[index])
        index = before[index]
    return found


def _values(old: object, new: object, at: Change) -> Iterator[Change]:
    """The differences below one place, which `at` tells."""
    if old is new:
        return
    if isinstance(old, dict) and isinstance(new, dict):
        yield from _named(old, new, lambda name: replace(at, field=f"{at.field}.{name}".lstrip("."), member=name))
        if not same_order(old, new):
            yield replace(at, kind="moved", field=at.field or "members", member=at.member or "members")
    elif isinstance(old, list) and isinstance(new, list):
        yield from _items(old, new, at)
    elif differ(old, new):
        yield replace(at, kind="changed", old=old, new=new)


def _items(old: list, new: list, at: Change) -> Iterator[Change]:
    mine, theirs = _keyed(old), _keyed(new)
    if mine is None or theirs is None:
        if differ(old, new):
            yield replace(at, kind="changed", old=old, new=new)
        return
    several = at.field == "outcomes" and max(len(old), len(new)) > 1
    item = {name: _called(one) if several else "" for name, one in (mine | theirs).items()}
    yield from _named(mine, theirs, lambda name: replace(at, field=f"{at.field}[{name}]", item=item[name], member=""))
    if not same_order(mine, theirs):
        yield replace(at, kind="moved")


def _named(old: dict, new: dict, place: Callable[[str], Change]) -> Iterator[Change]:
    for name, value in new.items():
        if name not in old:
            yield replace(place(name), kind="added", new=value)
        else:
            yield from _values(old[name], value, place(name))
    for name, value in old.items():
        if name not in new:
            yield replace(place(name), kind="removed", old=value)


def _called(outcome: dict) -> str:
    """What people call a path: its name before its label, which in a random split is only the percentage."""
    details = outcome.get("metaData") if isinstance(outcome.get("metaData"), dict) else {}
    names = [details.get("name"), details.get("pathName"), details.get("label"), outcome.get("key")]
    return next((name for name in names if isinstance(name, str) and name), "")


def _keyed(items: list) -> dict | None:
    """The items by their keys, or by their numbers if none has one; None where that cannot tell them apart."""
    if not all(isinstance(item, dict) for item in items):
        return None
    if not any("key" in item for item in items):
        return {str(index): item for index, item in enumerate(items)}
    keys = [item.get("key") for item in items]
    if not all(isinstance(key, str) for key in keys) or len(set(keys)) != len(keys):
        return None
    return dict(zip(keys, items, strict=True))


def _patched_list(name: str, before: dict, after: dict, onto: dict, touched: set[tuple[str, str]]) -> object:
    """One list of blocks; null or empty as it was meant where no block is left."""
    kind = LISTS[name]
    old, new, now = (by_key(kind, block_list(one, kind)) for one in (before, after, onto))
    names = merged_names([*old], [*new], [*now])
    if not same_order(old, new) and same_order(old, now):
        names = merged_names([*old], [*now], [*new])
    blocks = [(new if place in touched and place in new else now)[place] for place in names]
    if blocks:
        return blocks
    return after[name] if ("journey", name) in touched and name in after else onto.get(name) and []
