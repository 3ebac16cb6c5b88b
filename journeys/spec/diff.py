"""What changed between two documents: as data, in words, and (merge.py) as something that can be done to a third one.

Blocks are matched by kind and key, items of lists by their `key` where all have one that is their own.
"""

import bisect
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from journeys.spec import filters, graph, telling
from journeys.spec.document import LISTS, MEMBER_OF, block_list
from journeys.spec.merge import Conflict as Conflict
from journeys.spec.merge import changed_blocks as changed_blocks
from journeys.spec.merge import overlap as overlap
from journeys.spec.merge import patch as patch
from journeys.spec.parts import by_key, differ, same_order
from journeys.spec.problem import Place, longer

LONGEST_VALUE = 48
SPACES = re.compile(r"[ \t\r\n]+")  # other spaces are a difference that somebody has to see
LONGEST_HEADLINE = 80

DESCRIPTIONS = ("criteriaDescription", "configurationDescription")  # criteria in words

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
    "dynamicEmailSubject": "subject",
    "criteria": "conditions",
    "criteriaDescription": "conditions",
    "outcomes": "paths",
    "label": "name",
}
# The same for values that are chosen from a list.
CHOICES = {
    "entryMode": {
        "OnceAndDone": "no re-entry",
        "SingleEntryAcrossAllVersions": "re-entry only after exiting",
        "MultipleEntries": "re-entry at any time",
    },
    "definitionType": {"Multistep": "several steps", "Quicksend": "single send", "Transactional": "transactional send"},
    "waitUnit": {"MINUTES": "minutes", "HOURS": "hours", "DAYS": "days", "WEEKS": "weeks", "MONTHS": "months"},
}
KINDS = {"trigger": "Entry source", "goal": "Goal", "exit": "Exit criteria", "activity": "Step"}
# What people see as nothing; 0 and false are something.
EMPTY = (None, "", [], {})
CRITERIA = "configurationArguments.criteria."

DEEDS = {
    "paste steps": "Pasted",
    "duplicate steps": "Duplicated",
    "remove steps": "Removed",
    "move steps": "Moved",
}

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


def compare(old: dict, new: dict) -> list[Change]:
    """In the order of the new document; what is gone comes last."""
    changes = list(_members_of_journey(old, new))
    for kind in MEMBER_OF:
        changes += _blocks(kind, block_list(old, kind), block_list(new, kind))
    return changes


def compare_blocks(old: dict, new: dict, place: Place | None = None) -> list[Change]:
    """The changed places inside one block."""
    return list(_values(old, new, Change("", place or Place(), "")))


def words(changes: list[Change], sentences: Sentences) -> list[str]:
    """What changed, one sentence each: "Wait 1 day: duration 1 → 3". What goes without saying is left out."""
    return [sentence for told in words_by_block(changes, sentences).values() for sentence in told]


def words_by_block(changes: list[Change], sentences: Sentences) -> dict[Place, list[str]]:
    """The same for each block that words tell about."""
    behind, found = _predecessors(changes), {}
    for change in _telling(changes):
        # Some values stand twice in one block, such as an email's name.
        found.setdefault(change.place, {})[_sentence(change, sentences, behind)] = None
    return {place: list(told) for place, told in found.items()}


def told_places(changes: list[Change]) -> set[tuple[str, str]]:
    """(kind, key) of the blocks that words tell about: a step that only leads to another one now is not changed."""
    return {(change.place.kind, change.place.key) for change in _telling(changes)}


def headline(changes: list[Change], sentences: Sentences, operation: str = "", told: dict | None = None) -> str:
    """A line for the history and for Undo: "Wait 1 day → Wait 3 days", "Pasted 3 steps".

    `operation` is the name of what was done, `told` some of its arguments: the `count` of steps, the `key` of one.
    """
    deed = _deed(changes, sentences, operation, told or {})
    if deed:
        return deed
    told, behind = _telling(changes), _predecessors(changes)
    if not told:
        return "No change"
    main = min(told, key=lambda change: not _is_whole(change))
    before, after = sentences(main.place.kind, main.place.key) if main.place.kind != "journey" else ("", "")
    text, others = _sentence(main, sentences, behind), told
    if not _is_whole(main) and before and after and before != after:
        text, others = f"{before} → {after}", [change for change in told if change.place != main.place]
    count = len({(change.place, _sentence(change, sentences, behind)) for change in others} - {(main.place, text)})
    more = f" (and {count} more)" if count else ""
    return _cut(text, LONGEST_HEADLINE - len(more)) + more


def _deed(changes: list[Change], sentences: Sentences, operation: str, asked: dict) -> str:
    """What was done to several steps, or to one that was moved, replaced or pasted; "" for everything else."""
    if operation == "move step" and changes:  # of two that changed places the documents do not tell which was moved
        return _moved_to(Place("activity", asked.get("key", "")), changes, sentences)
    steps = [one for one in changes if one.place.kind == "activity" and _is_whole(one)]
    added, removed = ([one for one in steps if one.kind == kind] for kind in ("added", "removed"))
    if operation == "replace step" and added:
        old = Place("activity", asked.get("key", ""))
        names = [_cut(_name(place, sentences), LONGEST_VALUE // 2) for place in (old, added[0].place)]
        more = f" (and removed {len(removed) - 1} more)" if len(removed) > 1 else ""
        return f"Replaced {names[0]} by {names[1]}{more}"
    if operation in ("paste steps", "duplicate steps") and len(added) == 1:
        return _cut(f"{DEEDS[operation]} {_name(added[0].place, sentences)}", LONGEST_HEADLINE)
    many = {
        "paste steps": len(added),
        "duplicate steps": len(added),
        "remove steps": len(removed),
        "move steps": asked.get("count", 0),
    }
    return f"{DEEDS[operation]} {many[operation]} steps" if many.get(operation, 0) > 1 else ""


def _moved_to(step: Place, changes: list[Change], sentences: Sentences) -> str:
    behind = _predecessors(changes)
    text = _sentence(Change("moved", step, ""), sentences, behind)
    return _cut(text if step.key in behind else f"{text} to the start", LONGEST_HEADLINE)


def _telling(changes: list[Change]) -> list[Change]:
    """Without what only follows: links to steps that were added, removed or moved, labels that repeat a percentage,
    and descriptions that repeat criteria.
    """
    own = {change.place.key for change in changes if _is_whole(change) and change.place.kind == "activity"}
    linked = [one for one in changes if not (_is_link(one) and own & {one.place.key, one.old, one.new})]
    criteria = {_conditions(one.new) for one in linked}
    return [one for one in linked if not _is_repeated(one, criteria)] or linked


def _is_repeated(one: Change, criteria: set[str]) -> bool:
    if one.member == "label" and _is_share(one.old) and _is_share(one.new):
        return True
    return one.member in DESCRIPTIONS and isinstance(one.new, str) and one.new in criteria


def _is_share(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch(r"\d+ ?%", value) is not None


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
    if not _is_whole(change):
        path = f"path “{_cut(change.item, LONGEST_VALUE)}” " if change.item else ""
        return f"{_name(change.place, sentences, old=True)}: {path}{_what(change, sentences)}"
    text = f"{change.kind.capitalize()} {_name(change.place, sentences)}"
    if change.place.kind != "activity":
        return f"{change.kind.capitalize()} {KINDS[change.place.kind].lower()}: {_name(change.place, sentences)}"
    if change.kind == "removed" or change.place.key not in behind:
        return text
    return f"{text} after {_name(Place('activity', behind[change.place.key]), sentences)}"


def _name(place: Place, sentences: Sentences, old: bool = False) -> str:
    before, after = sentences(place.kind, place.key)
    return (before or after if old else after or before) or KINDS[place.kind]


def _what(change: Change, sentences: Sentences) -> str:
    if _is_link(change):
        return f"leads to “{_name(Place('activity', change.new), sentences)}”" if change.new else "ends here"
    if not change.member and change.field.startswith("outcomes["):
        return change.kind if change.item else f"path {change.kind}"
    return f"{_label(change.member or change.field)} {_from_to(change)}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _from_to(change: Change) -> str:
    """ "1 → 3"; only "changed" where the values would say nothing to people, or look the same when cut."""
    if change.kind == "moved":
        return "in another order"
    old, new = (_chosen(change.member, value) or _value(value) for value in (change.old, change.new))
    if change.old in EMPTY and isinstance(change.new, bool):
        return f"set to {new}"
    if change.old in EMPTY and change.new not in EMPTY:
        return f"{new} added".lstrip()
    if change.new in EMPTY and change.old not in EMPTY:
        return f"{old} removed".lstrip()
    return f"{old} → {new}" if old and new and old != new else "changed"


def _label(member: str) -> str:
    """A member's name as people would say it: "waitDuration" is "duration", "sendFlow" is "send flow"."""
    last = member.rpartition(".")[2].partition("[")[0] or member
    # Names with underscores are somebody's own, such as r__asset_key.
    return WORDS.get(last) or (last if "_" in last else re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", last).lower())


def _value(value: object) -> str:
    """A value as people would say it; "" for nothing, and for what they would not want to read."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, str):
        text = _conditions(value) if value.startswith("<") else value
        return f"“{_cut(text, LONGEST_VALUE)}”" if text else ""
    if isinstance(value, dict):
        return _value(value.get("name") or value.get("key")) if isinstance(value.get("name"), str | None) else ""
    told = [_value(item) for item in value or []]
    return _cut(", ".join(told), LONGEST_VALUE) if all(told) else ""


def _chosen(member: str, value: object) -> str:
    """ "" where the field is no choice, or the value none that is offered."""
    return CHOICES.get(member, {}).get(value, "") if isinstance(value, str) else ""


def _conditions(value: object) -> str:
    """A FilterDefinition in words; "" for anything else."""
    tree = filters.parse(value) if isinstance(value, str) and value.startswith("<") else None
    return telling.words(tree) if isinstance(tree, filters.Group) else ""


def _cut(text: str, longest: int) -> str:
    text = SPACES.sub(" ", text).strip(" ")
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
            ways = _named_ways(block, mine[place])
            changes = _values(mine[place], block, Change("", where, ""))
            yield from (_with_path(change, ways) for change in changes)
    for place, block in mine.items():
        if place not in theirs:
            yield Change("removed", Place(kind, place[1]), "", block, None)
    yield from _moved(kind, [place for place in mine if place in theirs], [place for place in theirs if place in mine])


def _with_path(change: Change, ways: dict[str, dict]) -> Change:
    """The criteria of a split stand apart from its paths, under their keys."""
    way = ways.get(change.field.removeprefix(CRITERIA)) if change.field.startswith(CRITERIA) else None
    return replace(change, item=_called(way), member="criteria") if way else change


def _named_ways(new: dict, old: dict) -> dict[str, dict]:
    """The outcomes of a block by the keys that no other has; the old version's where the new one has none."""
    found: dict[str, dict] = {}
    for block in (old, new):
        ways = graph.outcomes(block)
        count = Counter(map(graph.outcome_key, ways))
        found |= {graph.outcome_key(way): way for way in ways if count[graph.outcome_key(way)] == 1}
    return found


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
        yield from _named(old, new, lambda name: _below(at, f".{name}", name))
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
    item = {name: _called(one) if several else "" for name, one in (theirs | mine).items()}
    yield from _named(mine, theirs, lambda name: replace(_below(at, f"[{name}]", ""), item=item[name]))
    if not same_order(mine, theirs):
        yield replace(at, kind="moved")


def _below(at: Change, step: str, member: str) -> Change:
    """One level down."""
    return replace(at, field=longer(at.field, step), member=member)


def _named(old: dict, new: dict, place: Callable[[str], Change]) -> Iterator[Change]:
    for name, value in new.items():
        if name not in old:
            yield replace(place(name), kind="added", new=value)
        elif value is not old[name]:
            yield from _values(old[name], value, place(name))
    for name, value in old.items():
        if name not in new:
            yield replace(place(name), kind="removed", old=value)


def _called(outcome: dict) -> str:
    """What people call a path: its label, unless that is only the percentage, as in a random split."""
    details = outcome.get("metaData") if isinstance(outcome.get("metaData"), dict) else {}
    label = None if _is_share(details.get("label")) else details.get("label")
    names = [label, details.get("name"), details.get("pathName"), outcome.get("key")]
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
