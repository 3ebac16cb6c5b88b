"""What changed between two documents, in words: for lists, the review, and a line of the
history."""

import re
from collections.abc import Callable
from dataclasses import replace

from journeys.spec import address, condition_text, graph
from journeys.spec.address import Address
from journeys.spec.diff import COUNTED, Change, is_share
from journeys.spec.document import is_default_name

LONGEST_VALUE = 48
LONGEST_CONDITIONS = 120  # they name their sources
SPACES = re.compile(r"[ \t\r\n]+")  # other spaces are a difference that somebody has to see
LONGEST_HEADLINE = 80

DESCRIPTIONS = (  # criteria in words
    *("criteriaDescription", "configurationDescription"),
    *("primaryObjectFilterSummary", "relatedObjectFilterSummary"),
)

# Names that people use for members, where the member's own name says something else.
WORDS = {
    "waitDuration": "duration",
    "waitUnit": "duration",
    "engagementPeriod": "evaluated after",
    "engagementPeriodUnits": "evaluated after",
    "conversionValue": "target",
    "conversionUnit": "target",
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
    "definitionType": {
        "Multistep": "several steps",
        "Quicksend": "single send",
        "Transactional": "transactional send",
    },
}
UNITS = {
    "waitUnit": {
        "MINUTES": "minutes",
        "HOURS": "hours",
        "DAYS": "days",
        "WEEKS": "weeks",
        "MONTHS": "months",
    },
    "engagementPeriodUnits": {"Hours": "hours", "Days": "days"},
    "conversionUnit": {"percentage": "%", "wholenumber": "contacts"},
}
CHOICES |= UNITS
SWITCHED_OFF = "only what is switched off changed"
KINDS = {"trigger": "Entry source", "goal": "Goal", "exit": "Exit criteria", "activity": "Step"}
# What people see as nothing; 0 and false are something.
EMPTY = (None, "", [], {})
DEEDS = {
    "paste steps": "Pasted",
    "duplicate steps": "Duplicated",
    "remove steps": "Removed",
    "move steps": "Moved",
}

# (kind, key) of a block -> its sentence before and after; "" where it is missing.
Sentences = Callable[[str, str], tuple[str, str]]


def words(changes: list[Change], sentences: Sentences) -> list[str]:
    """What changed, one sentence each: "Wait 1 day: duration 1 → 3". What goes without saying is
    left out."""
    return [sentence for lines in words_by_block(changes, sentences).values() for sentence in lines]


def words_by_block(changes: list[Change], sentences: Sentences) -> dict[Address, list[str]]:
    """The same for each block that words tell about."""
    behind, by_block = _predecessors(changes), {}
    for change in _telling(changes):
        # Some values stand twice in one block, such as an email's name.
        by_block.setdefault(change.address.whole, {})[_sentence(change, sentences, behind)] = None
    return {block: list(lines) for block, lines in by_block.items()}


def told_places(changes: list[Change]) -> set[tuple[str, str]]:
    """(kind, key) of the blocks that words tell about: a step that only leads to another one now is
    not changed."""
    return {change.address.block for change in _telling(changes)}


def headline(
    changes: list[Change], sentences: Sentences, operation: str = "", told: dict | None = None
) -> str:
    """A line for the history and for Undo: "Wait 1 day → Wait 3 days", "Pasted 3 steps".

    `operation` is the name of what was done, `told` some of its arguments: the `count` of steps,
    the `key` of one.
    """
    deed = _deed(changes, sentences, operation, told or {})
    if deed:
        return deed
    told, behind = _telling(changes), _predecessors(changes)
    if not told:
        return "No change"
    main = min(told, key=lambda change: not _is_whole(change))
    before, after = (
        sentences(main.address.kind, main.address.key)
        if main.address.kind != "journey"
        else ("", "")
    )
    text, others = _sentence(main, sentences, behind), told
    if not _is_whole(main) and before and after and before != after:
        text, others = (
            f"{before} → {after}",
            [change for change in told if change.address.whole != main.address.whole],
        )
    count = len(
        {(change.address.whole, _sentence(change, sentences, behind)) for change in others}
        - {(main.address.whole, text)}
    )
    more = f" (and {count} more)" if count else ""
    return _cut(text, LONGEST_HEADLINE - len(more)) + more


def _deed(changes: list[Change], sentences: Sentences, operation: str, asked: dict) -> str:
    """What was done to several steps, or to one that was moved, replaced or pasted; "" for
    everything else."""
    if (
        operation == "move step" and changes
    ):  # of two that changed places the documents do not tell which was moved
        return _moved_to(Address("activity", asked.get("key", "")), changes, sentences)
    steps = [one for one in changes if one.address.kind == "activity" and _is_whole(one)]
    added, removed = ([one for one in steps if one.kind == kind] for kind in ("added", "removed"))
    if operation == "replace step" and added:
        old = Address("activity", asked.get("key", ""))
        names = [_cut(_name(one, sentences), LONGEST_VALUE // 2) for one in (old, added[0].address)]
        more = f" (and removed {len(removed) - 1} more)" if len(removed) > 1 else ""
        return f"Replaced {names[0]} by {names[1]}{more}"
    if operation == "replace block" and changes:
        return _replaced(changes[0].address, changes, sentences)
    if operation in ("paste steps", "duplicate steps") and len(added) == 1:
        return _cut(f"{DEEDS[operation]} {_name(added[0].address, sentences)}", LONGEST_HEADLINE)
    many = {
        "paste steps": len(added),
        "duplicate steps": len(added),
        "remove steps": len(removed),
        "move steps": asked.get("count", 0),
    }
    return f"{DEEDS[operation]} {many[operation]} steps" if many.get(operation, 0) > 1 else ""


def _replaced(block: Address, changes: list[Change], sentences: Sentences) -> str:
    """An entry source, goal or exit: the new one has the key of the old one, where that was the
    usual key."""
    of_kind = {one.address.whole: None for one in changes if one.address.kind == block.kind}
    old, new = (
        next(filter(None, (sentences(one.kind, one.key)[at] for one in of_kind)), "")
        for at in (0, 1)
    )
    return f"Replaced {_cut(old, LONGEST_VALUE // 2)} by {_cut(new, LONGEST_VALUE // 2)}"


def _moved_to(step: Address, changes: list[Change], sentences: Sentences) -> str:
    behind = _predecessors(changes)
    text = _sentence(Change("moved", step), sentences, behind)
    return _cut(text if step.key in behind else f"{text} to the start", LONGEST_HEADLINE)


def _telling(changes: list[Change]) -> list[Change]:
    """Without what is switched off, and without what only follows: links to steps that were added,
    removed or moved, labels that repeat a percentage, and descriptions that repeat criteria.

    Of a block in which nothing else changed one change that is switched off stays.
    """
    changes = _without_what_is_off(changes)
    own = {
        change.address.key
        for change in changes
        if _is_whole(change) and change.address.kind == "activity"
    }
    linked = [
        one for one in changes if not (_is_link(one) and own & {one.address.key, one.old, one.new})
    ]
    criteria = {text for one in linked for text in _tellings(one)}
    counted = {
        (one.address.whole, address.parent(one.inside), one.member)
        for one in linked
        if one.member in COUNTED
    }
    return [one for one in linked if not _is_repeated(one, criteria, counted)] or linked


def _without_what_is_off(changes: list[Change]) -> list[Change]:
    told = {one.address.whole for one in changes if not one.is_off}
    kept = []
    for one in changes:
        if not one.is_off or one.address.whole not in told:
            kept.append(one)
            told.add(one.address.whole)
    return kept


def _is_repeated(one: Change, criteria: set[str], counted: set[tuple]) -> bool:
    if (
        one.member in UNITS
        and (one.address.whole, address.parent(one.inside), COUNTED[one.member]) in counted
    ):
        return True  # the number's words tell the unit
    if one.member == "label" and is_share(one.old) and is_share(one.new):
        return True
    is_description = one.member in DESCRIPTIONS and isinstance(one.new, str)
    return is_description and condition_text.bare(one.new) in criteria


def _is_whole(change: Change) -> bool:
    return change.inside == ""


def _is_link(change: Change) -> bool:
    """Only where both ends are keys or missing: a `next` may be anything in an odd document."""
    ends = isinstance(change.old, str | None) and isinstance(change.new, str | None)
    return ends and change.member == "next" and change.inside.startswith("outcomes[")


def _predecessors(changes: list[Change]) -> dict[str, str]:
    """For added and moved steps: the step that now leads to each, as far as the changes tell."""
    predecessors: dict[str, str] = {}
    for change in changes:
        if _is_link(change) and change.new:
            predecessors.setdefault(change.new, change.address.key)
        elif change.kind == "added" and change.address.kind == "activity" and _is_whole(change):
            for outcome in graph.outcomes(change.new):
                predecessors.setdefault(graph.next_of(outcome) or "", change.address.key)
    return predecessors


def _sentence(change: Change, sentences: Sentences, behind: dict[str, str]) -> str:
    if change.is_off:
        name = "Settings" if change.address.kind == "journey" else _name(change.address, sentences)
        return f"{name}: {SWITCHED_OFF}"
    if change.address.kind == "journey":
        return f"{_capital(_label(change.member))}: {_from_to(change)}"
    if not _is_whole(change):
        path = f"path “{_cut(change.item, LONGEST_VALUE)}” " if change.item else ""
        return f"{_name(change.address, sentences, old=True)}: {path}{_what(change, sentences)}"
    text = f"{change.kind.capitalize()} {_name(change.address, sentences)}"
    if change.address.kind != "activity":
        return (
            f"{change.kind.capitalize()} {KINDS[change.address.kind].lower()}:"
            f" {_name(change.address, sentences)}"
        )
    if change.kind == "removed" or change.address.key not in behind:
        return text
    return f"{text} after {_name(Address('activity', behind[change.address.key]), sentences)}"


def _name(block: Address, sentences: Sentences, old: bool = False) -> str:
    before, after = sentences(block.kind, block.key)
    return (before or after if old else after or before) or KINDS[block.kind]


def _what(change: Change, sentences: Sentences) -> str:
    if _is_link(change):
        return (
            f"leads to “{_name(Address('activity', change.new), sentences)}”"
            if change.new
            else "ends here"
        )
    if not change.member and change.inside.startswith("outcomes["):
        return change.kind if change.item else f"path {change.kind}"
    return f"{_label(change.member or change.inside)} {_from_to(change)}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _from_to(change: Change) -> str:
    """ "1 → 3"; only "changed" where the values would say nothing to people, or look the same when
    cut."""
    if change.in_words:
        return _turned(*change.in_words)
    if change.kind == "moved":
        return "in another order"
    change = _without_default_names(change)
    old, new = _counted(change) or (
        _chosen(change.member, value) or _value(value) for value in (change.old, change.new)
    )
    if change.old in EMPTY and isinstance(change.new, bool):
        return f"set to {new}"
    if change.old in EMPTY and change.new not in EMPTY:
        return f"{new} added".lstrip()
    if change.new in EMPTY and change.old not in EMPTY:
        return f"{old} removed".lstrip()
    return f"{old} → {new}" if old and new and old != new else "changed"


def _without_default_names(change: Change) -> Change:
    if change.inside != "name" or not any(
        is_default_name(change.address.kind, name) for name in (change.old, change.new)
    ):
        return change
    old, new = (
        "" if is_default_name(change.address.kind, name) else name
        for name in (change.old, change.new)
    )
    return replace(change, old=old, new=new)


def _turned(old: str, new: str) -> str:
    old, new = (_cut(text, LONGEST_CONDITIONS) for text in (old, new))
    if not (old and new):
        return f"“{new}” added" if new else f"“{old}” removed" if old else "changed"
    return f"“{old}” → “{new}”" if old != new else "changed"


def _tellings(change: Change) -> set[str]:
    """What a description may say of new criteria."""
    if change.in_words:
        return {condition_text.bare(change.in_words[1])}
    return condition_text.tellings_of(change.new)


def _counted(change: Change) -> tuple[str, str] | None:
    """Numbers with their units: ("1 day", "3 weeks"); None where it is about none, or says them in
    some odd way."""
    if change.member == "percentage":
        numbers, units = (change.old, change.new), ("%", "%")
    elif change.member in UNITS:
        numbers, units = change.beside, _units(change.member, change.old, change.new)
    elif change.member in COUNTED:
        numbers, units = (change.old, change.new), _units(COUNTED[change.member], *change.beside)
    else:
        return None
    pairs = zip(numbers, units, strict=True)
    old, new = ("" if number in EMPTY else _with_unit(number, unit) for number, unit in pairs)
    is_odd = any(
        not text and number not in EMPTY for text, number in zip((old, new), numbers, strict=True)
    )
    return None if is_odd or not (old or new) else (old, new)


def _units(member: str, *found: object) -> list[str]:
    return [UNITS[member].get(unit, "") if isinstance(unit, str) else "" for unit in found]


def _with_unit(number: object, unit: str) -> str:
    """ "" where one of both says nothing."""
    is_number = isinstance(number, int | float | str) and not isinstance(number, bool)
    if not is_number or not unit:
        return ""
    text = _cut(str(number), LONGEST_VALUE)
    return f"{text} {unit.removesuffix('s') if text == '1' else unit}"


def _label(member: str) -> str:
    """A member's name as people would say it: "waitDuration" is "duration", "sendFlow" is "send
    flow"."""
    last = member.rpartition(".")[2].partition("[")[0] or member
    # Names with underscores are somebody's own, such as r__asset_key.
    return WORDS.get(last) or (
        last if "_" in last else re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", last).lower()
    )


def member_in_words(member: str) -> str:
    """ "waitDuration" is "duration"."""
    return _label(member)


def value_in_words(member: str, value: object) -> str:
    """A text, a number or a flag as people say it, whole."""
    if isinstance(value, str):
        return _chosen(member, value) or condition_text.words_of(value) or value
    return _value(value) if value is not None else ""


def _value(value: object) -> str:
    """A value as people would say it; "" for nothing, and for what they would not want to read."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, str) and value.startswith("<"):
        conditions = condition_text.words_of(value)
        return f"“{_cut(conditions, LONGEST_CONDITIONS)}”" if conditions else ""
    if isinstance(value, str):
        return f"“{_cut(value, LONGEST_VALUE)}”" if value else ""
    if isinstance(value, dict):
        return (
            _value(value.get("name") or value.get("key"))
            if isinstance(value.get("name"), str | None)
            else ""
        )
    texts = [_value(item) for item in value or []]
    return _cut(", ".join(texts), LONGEST_VALUE) if all(texts) else ""


def _chosen(member: str, value: object) -> str:
    """ "" where the field is no choice, or the value none that is offered."""
    return CHOICES.get(member, {}).get(value, "") if isinstance(value, str) else ""


def _cut(text: str, longest: int) -> str:
    text = SPACES.sub(" ", text).strip(" ")
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"
