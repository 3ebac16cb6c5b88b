"""What changed between two documents, in words: for lists, the review, and a line of the
history."""

from collections.abc import Callable

from journeys.spec import address, condition_text, graph
from journeys.spec.address import Address
from journeys.spec.diff import COUNTED, Change, is_share
from journeys.spec.value_text import LONGEST_VALUE, UNITS, cut, from_to, member_in_words

LONGEST_HEADLINE = 80

DESCRIPTIONS = (  # criteria in words
    *("criteriaDescription", "configurationDescription"),
    *("primaryObjectFilterSummary", "relatedObjectFilterSummary"),
)

SWITCHED_OFF = "only what is switched off changed"
KINDS = {"trigger": "Entry source", "goal": "Goal", "exit": "Exit criteria", "activity": "Step"}
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
    return cut(text, LONGEST_HEADLINE - len(more)) + more


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
        names = [cut(_name(one, sentences), LONGEST_VALUE // 2) for one in (old, added[0].address)]
        more = f" (and removed {len(removed) - 1} more)" if len(removed) > 1 else ""
        return f"Replaced {names[0]} by {names[1]}{more}"
    if operation == "replace block" and changes:
        return _replaced(changes[0].address, changes, sentences)
    if operation in ("paste steps", "duplicate steps") and len(added) == 1:
        return cut(f"{DEEDS[operation]} {_name(added[0].address, sentences)}", LONGEST_HEADLINE)
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
    return f"Replaced {cut(old, LONGEST_VALUE // 2)} by {cut(new, LONGEST_VALUE // 2)}"


def _moved_to(step: Address, changes: list[Change], sentences: Sentences) -> str:
    behind = _predecessors(changes)
    text = _sentence(Change("moved", step), sentences, behind)
    return cut(text if step.key in behind else f"{text} to the start", LONGEST_HEADLINE)


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
        return f"{_capital(member_in_words(change.member))}: {from_to(change)}"
    if not _is_whole(change):
        path = f"path “{cut(change.item, LONGEST_VALUE)}” " if change.item else ""
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
    return f"{member_in_words(change.member or change.inside)} {from_to(change)}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _tellings(change: Change) -> set[str]:
    """What a description may say of new criteria."""
    if change.in_words:
        return {condition_text.bare(change.in_words[1])}
    return condition_text.tellings_of(change.new)
