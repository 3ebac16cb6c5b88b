"""A journey's document: the Journey Spec JSON itself, its bytes and their SHA-256.

A document is a dict whose members stand in the order in which they were read. Nothing is ever
sorted. `loads` refuses what would not survive the way to the endpoint and back; `dumps` gives the
bytes that are stored, hashed and sent.
"""

import hashlib
import json
import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_BE, BOM_UTF32_LE
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from json.encoder import encode_basestring as quoted

from journeys.spec import address
from journeys.spec.address import Item
from journeys.spec.json_faults import not_json
from journeys.spec.refusal import DocumentError as DocumentError
from journeys.spec.refusal import Refusal
from journeys.spec.sharing import SharedBlock

MAX_BYTES = 4 * 1024 * 1024  # the REST API's own limit for a payload
MAX_DEPTH = 64
MAX_KEY = (
    200  # longest key that the endpoint is known to take (Accenture/sfmc-devtools, maxKeyLength)
)

# Made by the server. They stand in every answer and mean nothing in another journey; the API page
# says of the first six "never to be passed in". No draft holds any (Journey.append), so none is
# sent.
SERVER_ASSIGNED = (
    "id",
    "status",
    "definitionId",
    "createdDate",
    "modifiedDate",
    "lastPublishedDate",
    "version",
    "stats",
    "healthStats",
    "scheduledStatus",
    "lastSendDate",
)

# A string that never ends takes all the rest with it: where each of its quotes began another scan,
# 80 KB took a minute.
STRING = r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?'
STRING_OR_BRACKET = re.compile(rf"{STRING}|[\[{{\]}}]", re.DOTALL)
STRING_OR_WORD = re.compile(rf"{STRING}|[^\s,:\[\]{{}}\"]+", re.DOTALL)

SURROGATE = re.compile("[\ud800-\udfff]")

ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)

LISTS = {"triggers": "trigger", "goals": "goal", "exits": "exit", "activities": "activity"}
MEMBER_OF = {kind: member for member, kind in LISTS.items()}


class UnkeepableValue(Refusal):
    """`literal` stands in the text but is no value that could be kept."""

    def __init__(self, sentence: str, literal: str) -> None:
        self.literal = literal
        super().__init__(sentence, literal=literal[:40])


def loads(data: bytes | str) -> dict:
    """Reads a whole journey; raises DocumentError for anything that could not be kept or sent as it
    is."""
    document = loads_value(data)
    require_shape(document)
    return document


def loads_value(data: bytes | str) -> object:
    """Reads any JSON value under the same rules, except that it need not be a journey."""
    text = _decode(data)
    _require_depth(text)
    try:
        value = json.loads(
            text, object_pairs_hook=_members, parse_constant=_constant, parse_float=_float
        )
    except DocumentError:
        raise
    except json.JSONDecodeError as error:
        raise not_json(text, error) from error
    except UnkeepableValue as error:
        raise DocumentError(
            error.sentence, _place_of(error.literal, text), **error.values
        ) from error
    except ValueError as error:  # Python refuses integers of more than 4,300 digits
        raise DocumentError("A number has too many digits.") from error
    _require_text(value)
    return value


def parse(data: bytes) -> dict:
    """Reads bytes that `dumps` wrote, without asking again what `loads` asked."""
    return json.loads(data)


def read_stored(data: bytes) -> dict:
    """The same, with blocks that other documents may share (see sharing)."""
    document = parse(data)
    return with_shared_blocks(document) if isinstance(document, dict) else document


def with_shared_blocks(document: dict) -> dict:
    return {
        name: [SharedBlock(block) if type(block) is dict else block for block in value]
        if name in LISTS and isinstance(value, list)
        else value
        for name, value in document.items()
    }


def dumps(document: object) -> bytes:
    if isinstance(document, SharedBlock):
        if document.data is None:
            document.data = written(document).encode()
        return document.data
    if isinstance(document, dict) and not LISTS.keys().isdisjoint(document):
        return b"{" + b",".join(_members_written(document)) + b"}"
    return written(document).encode()


def _members_written(document: dict) -> Iterator[bytes]:
    """A list of blocks is put together from what each of them keeps."""
    for name, value in document.items():
        is_list = name in LISTS and isinstance(value, list)
        data = b"[" + b",".join(map(dumps, value)) + b"]" if is_list else written(value).encode()
        yield written(name).encode() + b":" + data


def written(value: object) -> str:
    """As in `dumps`, but text still."""
    return ENCODER.encode(value)


def pretty(document: object) -> str:
    """For people and for exported files; `loads` of it gives the same document."""
    return _indented(document, "\n") + "\n"


def _indented(value: object, line: str) -> str:
    """What `json.dumps(…, indent=2)` gives, in half of its time: that writes token by token. `line`
    begins one."""
    kind = type(value)
    if kind is str:
        return quoted(value)
    if kind in (dict, SharedBlock) and value:
        deeper = f"{line}  "
        members = [f"{quoted(name)}: {_indented(one, deeper)}" for name, one in value.items()]
        return f"{{{deeper}{f',{deeper}'.join(members)}{line}}}"
    if kind is list and value:
        deeper = f"{line}  "
        return f"[{deeper}{f',{deeper}'.join([_indented(one, deeper) for one in value])}{line}]"
    return written(value)


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def require_shape(document: object) -> None:
    """A draft may have holes, but it must be one object with a key, and its lists must be lists of
    objects."""
    if not isinstance(document, dict):
        raise DocumentError("A journey is one JSON object, not a list or a single value.")
    key = document.get("key")
    if not isinstance(key, str | None):
        raise DocumentError("The key must be text: write it between quotation marks.", "key")
    if not key:
        raise DocumentError(
            "The journey has no key. Give it one; any text of up to 200 characters will do.", "key"
        )
    if len(key) > MAX_KEY:
        raise DocumentError(
            "The key has %(length)s characters; the endpoint takes up to %(most)s.",
            "key",
            length=len(key),
            most=MAX_KEY,
        )
    for member in ("name", "description"):
        if not isinstance(document.get(member, ""), str | None):
            raise DocumentError("“%(member)s” must be text.", member, member=member)
    for member in LISTS:
        _require_objects(document.get(member), member)


def strip_server_assigned(document: dict) -> tuple[dict, list[str]]:
    """The document without what a server made, at the top level only, and the names of what was
    taken away."""
    stripped = [name for name in document if name in SERVER_ASSIGNED]
    return {
        name: value for name, value in document.items() if name not in SERVER_ASSIGNED
    }, stripped


def blank(key: str, name: str, description: str = "", workflow_api_version: float = 1.0) -> dict:
    return {
        "key": key,
        "name": name,
        "description": description,
        "workflowApiVersion": workflow_api_version,
        "triggers": [],
        "goals": [],
        "exits": [],
        "activities": [],
        "entryMode": "MultipleEntries",
        "definitionType": "Multistep",
        "channel": "",
        "defaults": {"email": ["{{Contact.Default.Email}}"], "properties": {}},
        "metaData": {"dataSource": "ContactsModel"},
    }


def is_version_0_5(document: dict) -> bool:
    return str(document.get("workflowApiVersion")) == "0.5"


def block_list(document: dict, kind: str) -> list[dict]:
    """The blocks of a kind; an empty list where the member is missing or null."""
    return document.get(MEMBER_OF[kind]) or []


def blocks(document: dict) -> Iterator[tuple[str, dict]]:
    """Every block with its kind: triggers, goals, exits, activities."""
    for kind in MEMBER_OF:
        for block in block_list(document, kind):
            yield kind, block


def find_block(document: dict, kind: str, key: str) -> dict | None:
    """The one block of that kind and key; None when there is none, or more than one."""
    matches = [block for block in block_list(document, kind) if block.get("key") == key]
    return matches[0] if len(matches) == 1 else None


def alone(document: dict) -> dict[tuple[str, str], dict]:
    """What `find_block` finds, for all blocks at once, by (kind, key)."""
    keyed = [(kind, block.get("key"), block) for kind, block in blocks(document)]
    keyed = [((kind, key), block) for kind, key, block in keyed if isinstance(key, str)]
    count = Counter(place for place, _block in keyed)
    return {place: block for place, block in keyed if count[place] == 1}


def replace_block(document: dict, kind: str, key: str, block: dict) -> dict:
    """A new document in which the block of that kind and key is `block`."""
    return replace_blocks(document, kind, {key: block})


def replace_blocks(document: dict, kind: str, changed: dict[str, dict]) -> dict:
    """A new document with other blocks in the places of those that have these keys; the same one
    without any."""

    def now(block: dict) -> dict:
        key = block.get("key")
        return changed.get(key, block) if isinstance(key, str) else block

    return (
        {**document, MEMBER_OF[kind]: [now(block) for block in block_list(document, kind)]}
        if changed
        else document
    )


def _decode(data: bytes | str) -> str:
    if len(data) > MAX_BYTES:
        raise DocumentError("The journey is larger than 4 MB, more than the endpoint takes.")
    if isinstance(data, str):
        return data.removeprefix("\ufeff")
    if _is_utf_32(data):
        raise DocumentError("The file is UTF-32 text. Save it as UTF-8.")
    if _is_utf_16(data):
        raise DocumentError(
            "The file is UTF-16 text (“Unicode” in some programs). Save it as UTF-8."
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DocumentError("The file is not UTF-8 text.", f"byte {error.start}") from error


def _is_utf_32(data: bytes) -> bool:
    """Its mark begins with that of UTF-16."""
    return data.startswith((BOM_UTF32_LE, BOM_UTF32_BE)) or (
        len(data) > 3 and data[:4].count(0) == 3
    )


def _is_utf_16(data: bytes) -> bool:
    """By its mark, else by the zeros around its first letter, which is an ASCII one in JSON."""
    return data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) or (
        len(data) > 1 and (data[0] == 0) != (data[1] == 0)
    )


def _require_depth(text: str) -> None:
    """Counted on the text, because the parser itself gives up on deep nesting in ways that depend
    on the machine."""
    depth = 0
    for token in STRING_OR_BRACKET.finditer(text):
        if token[0] in "[{":
            depth += 1
        elif token[0] in "]}":
            depth -= 1
        if depth > MAX_DEPTH:
            line = text.count("\n", 0, token.start()) + 1
            raise DocumentError(
                "The journey is nested more than %(most)s levels deep.",
                f"line {line}",
                most=MAX_DEPTH,
            )


def _members(pairs: list[tuple[str, object]]) -> dict:
    members = dict(pairs)
    if len(members) == len(pairs):
        return members
    count = Counter(name for name, _ in pairs)
    double = next(name for name, _ in pairs if count[name] > 1)[:60]
    raise DocumentError(
        "The member “%(member)s” stands twice in one object; only one of them could be kept.",
        double,
        member=double,
    )


def _constant(name: str) -> None:
    raise UnkeepableValue("%(literal)s is not a JSON value. Use a number, or null.", name)


def _float(literal: str) -> float:
    """A number whose value would change on the way is refused rather than rounded."""
    value = float(literal)
    if (
        len(literal) > 60
        or value in (float("inf"), float("-inf"))
        or Decimal(repr(value)) != Decimal(literal)
    ):
        raise UnkeepableValue(
            "The number %(literal)s cannot be kept exactly. Write it as text or with fewer digits.",
            literal,
        )
    return value


def _place_of(literal: str, text: str) -> str:
    """Where the literal first stands outside of strings."""
    start = next(
        (match.start() for match in STRING_OR_WORD.finditer(text) if match[0] == literal), 0
    )
    line_start = text.rfind("\n", 0, start) + 1
    return f"line {text.count(chr(10), 0, start) + 1}, column {start - line_start + 1}"


def _require_text(value: object, trail: tuple = ()) -> None:
    """`trail` is (trail of the parent, own step): only a place that is wrong is written
    out."""
    if isinstance(value, str):
        _require_sendable(value, trail)
    elif isinstance(value, dict):
        for name, member in value.items():
            _require_sendable(name, trail)
            _require_text(member, (trail, name))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            _require_text(item, (trail, Item(address.name_of(item, index))))


def _require_sendable(text: str, trail: tuple) -> None:
    """PostgreSQL cannot hold NUL, and half of a surrogate pair has no UTF-8."""
    if "\0" in text:
        raise DocumentError("The text holds a NUL character. Remove it.", _written(trail))
    if not text.isascii() and SURROGATE.search(text):
        raise DocumentError(
            "The text holds half of a character (a lone surrogate). Type it again.", _written(trail)
        )


def _written(trail: tuple) -> str:
    steps: list[address.Step] = []
    while trail:
        trail, step = trail
        steps.append(step)
    return address.written(reversed(steps))


def _require_objects(value: object, member: str) -> None:
    if value is None:
        return
    if not isinstance(value, list):
        raise DocumentError("“%(member)s” must be a list.", member, member=member)
    for index, block in enumerate(value):
        if not isinstance(block, dict):
            raise DocumentError("Every block must be a JSON object.", address.item(member, index))
