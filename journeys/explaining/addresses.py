"""Finds in the sent journey what a message of the endpoint speaks of."""

import re
from collections.abc import Iterator
from functools import cached_property

from journeys.blocks.named_things import Named, named_things
from journeys.spec import address
from journeys.spec.address import Address
from journeys.spec.document import LISTS

JOURNEY_FIELDS = (
    "workflowApiVersion",
    "definitionType",
    "description",
    "entryMode",
    "defaults",
    "metaData",
    "name",
    "key",
)
BANNED = set("&<>\"'/")
NEEDED = ("key", "name", "workflowApiVersion")

# "activities[2].outcomes[0].next", as .NET's JSON reader writes it, any case
PATH = re.compile(
    r"\b(activities|triggers|goals|exits)\[([0-9]{1,4})\]((?:\.?[A-Za-z_][A-Za-z0-9_]*|\[[0-9]{1,4}\])*)",
    re.I,
)
EMAIL_ID = re.compile(r"\bEmailID: ?([0-9]{1,12})\b")  # in 121008
# Codes about emails, waits and permissions: none is about a field of the journey itself.
OF_SOMETHING_ELSE = frozenset({"121008", "121226", "121500", "121546", "121547", "30003"})
SHORTEST = 3  # letters of a key or name that is looked for in a text
MOST = 20


class Sent:
    """The document that was sent. What it names is worked out once for all points of a refusal."""

    def __init__(self, document: dict) -> None:
        self.document = document

    @cached_property
    def things(self) -> list[Named]:
        return named_things(self.document)


def addresses_in(code: str, message: str, sent: Sent, activity_key: str = "") -> list[Address]:
    """The addresses that are sure to be meant, best first; none is better than a wrong one.

    Where the endpoint names the step by its key, or by a path, its other words are not searched;
    what is looked for in the words is left to codes that say nothing themselves.
    """
    document = sent.document
    named = (
        list(_of_key(activity_key, document))
        or list(_of_paths(message, document))
        or list(_of_email(message, sent))
        or list(_of_blocks(message, document))
    )
    addresses = named + list(_of_code(code, document, {one.key for one in named if one.key}))
    if not addresses and code not in OF_SOMETHING_ELSE:
        addresses = list(_of_fields(message, document))
    unique = list(dict.fromkeys(addresses))
    precise = {one.block for one in unique if one.inside}
    return [one for one in unique if one.inside or one.block not in precise][:MOST]


def blocks(document: dict) -> Iterator[tuple[str, dict]]:
    for member, kind in LISTS.items():
        items = document.get(member)
        for block in items if isinstance(items, list) else []:
            if isinstance(block, dict) and isinstance(block.get("key"), str) and block["key"]:
                yield kind, block


def _of_key(key: str, document: dict) -> list[Address]:
    return [Address(kind, key) for kind, block in blocks(document) if key and block["key"] == key]


def _of_paths(message: str, document: dict) -> Iterator[Address]:
    for match in PATH.finditer(message):
        member = match[1].lower()
        items, index = document.get(member), int(match[2])
        block = items[index] if isinstance(items, list) and index < len(items) else None
        if isinstance(block, dict) and isinstance(block.get("key"), str):
            yield Address(LISTS[member], block["key"], _inside(match[3].lstrip("."), block))


def _inside(path: str, block: dict) -> str:
    """The place that .NET's path means, as far as it exists in the block: the outcomes are named by
    their keys instead of their positions."""
    inside, value = "", block
    for name, index in re.findall(r"([A-Za-z_][A-Za-z0-9_]*)|\[([0-9]+)\]", path):
        if name and isinstance(value, dict):
            real = next((one for one in value if one.lower() == name.lower()), name)
            inside = address.member(inside, real)
            value = value.get(real)
        elif index and isinstance(value, list) and int(index) < len(value):
            value = value[int(index)]
            inside = address.item(inside, address.name_of(value, int(index)))
        else:
            break
    return inside


def _of_email(message: str, sent: Sent) -> Iterator[Address]:
    """The steps that send the email whose id the message gives."""
    match = EMAIL_ID.search(message)
    for thing in sent.things if match else ():
        if thing.kind == "email" and thing.value == match[1]:
            yield thing.address


def _of_blocks(message: str, document: dict) -> Iterator[Address]:
    """Blocks whose key stands in the message as a whole word, or whose name does in quotes. A key
    that is a word, such as Email, needs quotes as well."""
    for kind, block in blocks(document):
        key, name = block["key"], block.get("name")
        has_key = _has_quoted(message, key) if key.isalpha() else _has_word(message, key)
        if len(key) >= SHORTEST and has_key:
            yield Address(kind, key)
        elif isinstance(name, str) and len(name) >= SHORTEST and _has_quoted(message, name):
            yield Address(kind, key)


def _has_word(text: str, word: str) -> bool:
    return word in text and bool(re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text))


def _has_quoted(text: str, name: str) -> bool:
    return any(f"{left}{name}{right}" in text for left, right in ("''", '""', "“”", "‘’", "[]"))


def _of_code(code: str, document: dict, keys: set[str]) -> Iterator[Address]:
    """What a code is known to be about; only in the steps that the message names, where it names
    any."""
    if code == "121000":
        yield from _empty_next(document, keys)
    if code == "121072":
        yield from _banned(document, keys)
    if code == "121226":
        yield Address(inside=_default_address(document))
    if code == "10003" and not keys:
        yield from (Address(inside=name) for name in NEEDED if document.get(name) in (None, ""))


def _default_address(document: dict) -> str:
    """Email, or the mobile number where the journey has no email."""
    defaults = document.get("defaults")
    defaults = defaults if isinstance(defaults, dict) else {}
    is_mobile = defaults.get("mobileNumber") and not defaults.get("email")
    return "defaults.mobileNumber" if is_mobile else "defaults.email"


def _empty_next(document: dict, keys: set[str]) -> Iterator[Address]:
    for kind, block in blocks(document):
        outcomes = block.get("outcomes")
        if kind != "activity" or (keys and block["key"] not in keys):
            continue
        for index, outcome in enumerate(outcomes if isinstance(outcomes, list) else []):
            if isinstance(outcome, dict) and "next" in outcome and outcome["next"] in ("", None):
                item = address.item("outcomes", address.name_of(outcome, index))
                yield Address(kind, block["key"], address.member(item, "next"))


def _banned(document: dict, keys: set[str]) -> Iterator[Address]:
    if not keys:
        yield from (
            Address(inside=name)
            for name in ("name", "description")
            if _is_banned(document.get(name))
        )
    for kind, block in blocks(document):
        if block["key"] in keys:
            yield from (
                Address(kind, block["key"], name)
                for name in ("name", "description")
                if _is_banned(block.get(name))
            )


def _is_banned(text: object) -> bool:
    return isinstance(text, str) and bool(BANNED & set(text))


def _of_fields(message: str, document: dict) -> Iterator[Address]:
    """A field of the journey itself: in quotes, or by a name that is no word of English."""
    for name in JOURNEY_FIELDS:
        is_plain = name.islower() and not _has_quoted(message.lower(), name)
        if (
            document
            and not is_plain
            and re.search(rf"(?<![\w.]){name}(?!\w)", message, re.IGNORECASE)
        ):
            yield Address(inside=name)
