"""What the server dropped or changed, compared with what was sent."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from journeys.spec import address
from journeys.spec.document import SERVER_ASSIGNED

PLAIN = (str, int, float)
MADE_THERE = frozenset({"triggeredSendId", "triggeredSendKey"})
LIKE_A_DATE = len("2026-01-31")


@dataclass(frozen=True)
class Difference:
    """`place` is one in the whole document, as spec/address.py writes it:
    `activities[EMAILV2-1].configurationArguments.emailId`.

    `kind` is "dropped" (`got` is None), "changed", or "added" (`sent` is None).
    """

    place: str
    kind: str
    sent: object
    got: object


def differences(sent: dict, answer: dict, added: bool = False) -> list[Difference]:
    """In the order of what was sent. 1 equals 1.0; a null that is left out is no loss; order
    matters only without keys.

    What the server adds is told only when `added` asks for it.
    """
    mine = {name: value for name, value in sent.items() if name not in SERVER_ASSIGNED}
    theirs = {name: value for name, value in answer.items() if name not in SERVER_ASSIGNED}
    all_differences = _members(mine, theirs, "")
    return [one for one in all_differences if added or one.kind != "added"]


def _compare(sent: object, got: object, place: str) -> Iterator[Difference]:
    if isinstance(sent, dict) and isinstance(got, dict):
        yield from _members(sent, got, place)
    elif isinstance(sent, list) and isinstance(got, list):
        yield from _items(sent, got, place)
    elif not _is_same(sent, got):
        yield Difference(place, "changed", sent, got)


def _members(sent: dict, got: dict, place: str) -> Iterator[Difference]:
    for name, value in sent.items():
        here = address.member(place, name)
        if name in got:
            yield from _compare(value, got[name], here)
        elif value is not None:
            yield Difference(here, "dropped", value, None)
    for name in got:
        if name not in sent:
            yield Difference(address.member(place, name), "added", None, got[name])


def _items(sent: list, got: list, place: str) -> Iterator[Difference]:
    """Matched by key; an item without a key of its own is matched with the next that no key has
    taken."""
    mine, theirs = _by_key(sent), _by_key(got)
    both = mine.keys() & theirs.keys()
    rest = iter([index for index, item in enumerate(got) if _key(item) not in both])
    taken = set()
    for index, item in enumerate(sent):
        key = _key(item)
        here = address.item(place, key if key in mine else index)
        match = (
            theirs.get(key)
            if key in mine
            else next((free for free in rest if free not in taken), None)
        )
        if match is None:
            yield Difference(here, "dropped", item, None)
            continue
        taken.add(match)
        yield from _compare(item, got[match], here)
    for index, item in enumerate(got):
        if index not in taken:
            key = _key(item)
            yield Difference(
                address.item(place, key if key in theirs else index), "added", None, item
            )


def _by_key(items: list) -> dict[str, int]:
    """Where the items stand whose key no other item has."""
    keys = [_key(item) for item in items]
    count = Counter(keys)
    return {key: index for index, key in enumerate(keys) if key and count[key] == 1}


def _key(item: object) -> str | None:
    key = item.get("key") if isinstance(item, dict) else None
    return key if isinstance(key, str) else None


def _is_same(sent: object, got: object) -> bool:
    """Equal by value and kind: 1 and 1.0 are one number, true is none, and "1" is text."""
    if isinstance(sent, bool) or isinstance(got, bool):
        return sent is got
    return sent == got


def is_what_was_sent(sent: dict, found: dict) -> bool:
    """Whether a journey that was looked up is the one that was sent, and not somebody else's of the
    same key.

    The server adds and rewrites much, but name, description and the steps with their types come
    back as they went, and so do the plain values of a step's configuration.
    """
    if found.get("name") != sent.get("name") or not _same_description(sent, found):
        return False
    mine, theirs = _steps(sent), _steps(found)
    return mine.keys() == theirs.keys() and all(
        _same_configuration(mine[step], theirs[step]) for step in mine
    )


def _same_description(sent: dict, found: dict) -> bool:
    texts = [" ".join(str(document.get("description") or "").split()) for document in (sent, found)]
    return texts[0] == texts[1] or "description" not in found


def _steps(document: dict) -> dict[tuple[str, str], dict]:
    """By key and type."""
    listed = document.get("activities")
    blocks = (
        [block for block in listed if isinstance(block, dict)] if isinstance(listed, list) else []
    )
    return {
        (str(block.get("key") or ""), str(block.get("type") or "").upper()): block
        for block in blocks
    }


def _same_configuration(sent: dict, found: dict) -> bool:
    mine, theirs = sent.get("configurationArguments"), found.get("configurationArguments")
    if not isinstance(mine, dict) or not isinstance(theirs, dict):
        return True
    return all(
        _same_value(mine[name], theirs[name]) for name in mine.keys() & theirs.keys() - MADE_THERE
    )


def _same_value(sent: object, found: object) -> bool:
    """What only one of them gives was filled in or left out; what is nested is rewritten there."""
    if (
        not isinstance(sent, PLAIN)
        or not isinstance(found, PLAIN)
        or _is_nothing(sent)
        or _is_nothing(found)
    ):
        return True
    mine, theirs = (" ".join(str(value).split()).casefold() for value in (sent, found))
    if mine == theirs:
        return True
    try:
        return float(mine) == float(theirs)
    except ValueError:  # a date is completed, a long text may be cut
        shorter, longer = sorted((mine, theirs), key=len)
        return len(shorter) >= LIKE_A_DATE and longer.startswith(shorter)


def _is_nothing(value: object) -> bool:
    """Nor do 0, false and the id of nothing say anything."""
    return not str(value).strip("0-{} ") or value is False
