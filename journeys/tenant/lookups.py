"""Look-ups of what journeys name by id: emails, data extensions and their fields, events, send
settings, folders.

What the tenant can search by itself (emails, data extensions) is asked page by page; the other
lists are short, are read whole and searched here. Addresses and bodies: journey-spec.md 7.1; send
settings are to be had by SOAP only.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

from .auth import Token
from .client import Client
from .errors import Unclear
from .soap import retrieve

PAGE_SIZE = 25
LISTED_AT_ONCE = 500
MOST_PAGES = (
    8  # of a list that is read whole; the endpoint may give 50 a page whatever is asked for
)
LONGEST = 300  # letters of a text that is shown
EMAIL_TYPES = [207, 208, 209]  # template-based, HTML, text only
EMAIL_FIELDS = [
    "name",
    "customerKey",
    "legacyData",
    "data",
    "assetType",
    "category",
    "modifiedDate",
]
EMAIL_FIELDS += ["views.subjectline.content", "views.preheader.content"]


@dataclass(frozen=True)
class Choice:
    """`value` is what a journey names it by; "" where it has none. `more` are other facts about it,
    by name, to fill in with it."""

    value: str
    name: str
    folder: str = ""
    detail: str = ""
    more: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Found:
    """One page of choices; `count` is how many there are in all, None where the tenant does not
    say."""

    choices: list[Choice]
    page: int = 1
    count: int | None = None
    has_more: bool = False


def emails(client: Client, token: Token, query: str = "", page: int = 1) -> Found:
    """By name. The id in a journey is the legacy id; an email that has none cannot be sent by
    one."""
    wanted: dict = {"property": "assetType.id", "simpleOperator": "in", "value": EMAIL_TYPES}
    if query:
        by_name = {"property": "name", "simpleOperator": "like", "value": query}
        wanted = {"leftOperand": wanted, "logicalOperator": "AND", "rightOperand": by_name}
    asked = {
        "page": {"page": page, "pageSize": PAGE_SIZE},
        "query": wanted,
        "sort": [{"property": "name", "direction": "ASC"}],
        "fields": EMAIL_FIELDS,
    }
    answer = client.look_up(
        "POST", "/asset/v1/content/assets/query", token, json.dumps(asked).encode()
    ).json
    return _page_of(answer, page, _email)


def data_extensions(client: Client, token: Token, query: str, page: int = 1) -> Found:
    """By name or key; the endpoint lists none without words to look for."""
    wanted = urlencode({"$search": query, "$page": page, "$pageSize": PAGE_SIZE}, safe="$")
    answer = client.look_up("GET", f"/data/v1/customObjects?{wanted}", token).json
    return _page_of(answer, page, _data_extension)


def fields_of(client: Client, token: Token, data_extension: str) -> list[Choice]:
    path = f"/data/v1/customObjects/{quote(data_extension, safe='')}/fields"
    answer = client.look_up("GET", path, token).json
    return list(filter(None, map(_field, _items(answer, "fields", "items"))))


def events(client: Client, token: Token) -> list[Choice]:
    return _whole(client, token, "/interaction/v1/eventDefinitions", {}, _event)


def folders(client: Client, token: Token) -> list[Choice]:
    """Folders of Journey Builder; `folder` is the path that leads to one."""
    rows = list(
        _rows(client, token, "/platform/v1/categories", {"$filter": "categorytype eq journey"})
    )
    by_id = {_text(row.get("id")): row for row in rows}
    return [
        Choice(key, _text(row.get("name")), _path(row, by_id)) for key, row in by_id.items() if key
    ]


def send_classifications(client: Client, token: Token) -> list[Choice]:
    return _settings(client, token, "SendClassification")


def sender_profiles(client: Client, token: Token) -> list[Choice]:
    return _settings(client, token, "SenderProfile", "FromName", "FromAddress")


def delivery_profiles(client: Client, token: Token) -> list[Choice]:
    return _settings(client, token, "DeliveryProfile")


def crm_objects(client: Client, token: Token) -> list[Choice]:
    """Objects of Sales and Service Cloud that can start a journey, by their API name."""
    path = "/data/v1/integration/member/salesforce/workflowobjects"
    return _whole(client, token, path, {}, _crm_object)


def _whole(
    client: Client, token: Token, path: str, query: dict, read: Callable[[dict], Choice | None]
) -> list[Choice]:
    return [choice for row in _rows(client, token, path, query) if (choice := read(row))]


def _rows(client: Client, token: Token, path: str, query: dict) -> Iterator[dict]:
    seen = 0
    for page in range(1, MOST_PAGES + 1):
        wanted = urlencode(
            {**query, "$page": page, "$pageSize": LISTED_AT_ONCE}, safe="$", quote_via=quote
        )
        answer = client.look_up("GET", f"{path}?{wanted}", token).json
        rows = _items(answer, "items", "entry", "workflowObjects")
        yield from rows
        seen += len(rows)
        if not rows or seen >= (_count(answer) or 0):
            return


def _settings(client: Client, token: Token, kind: str, *told: str) -> list[Choice]:
    rows = retrieve(client, token, kind, ("ObjectID", "CustomerKey", "Name", "Description", *told))
    choices = []
    for row in rows:
        detail = " · ".join(filter(None, (row.get(name, "") for name in told))) or row.get(
            "Description", ""
        )
        if row.get("ObjectID"):
            choices.append(
                Choice(row["ObjectID"], row.get("Name") or row["ObjectID"], detail=detail[:LONGEST])
            )
    return choices


def _page_of(answer: dict, page: int, read: Callable[[dict], Choice | None]) -> Found:
    rows = _items(answer, "items")
    count = _count(answer)
    has_more = page * PAGE_SIZE < count if count is not None else len(rows) >= PAGE_SIZE
    return Found(
        [choice for row in rows if (choice := read(row))], page, count, bool(rows) and has_more
    )


def _email(row: dict) -> Choice | None:
    legacy = _text(
        _at(row, "legacyData", "legacyId") or _at(row, "data", "email", "legacy", "legacyId")
    )
    if not legacy and not _text(row.get("name")):
        return None
    subject, preheader = _view(row, "subjectline"), _view(row, "preheader")
    more = {"name": _text(row.get("name")), "subject": subject, "preheader": preheader}
    detail = " — ".join(filter(None, (subject, preheader)))
    return Choice(legacy, more["name"] or legacy, _text(_at(row, "category", "name")), detail, more)


def _data_extension(row: dict) -> Choice | None:
    key = _text(row.get("id"))
    more = {"name": _text(row.get("name")), "key": _text(row.get("key"))}
    more |= {"state": "inactive"} if row.get("isActive") is False else {}
    return Choice(key, more["name"] or key, detail=more["key"], more=more) if key else None


def _field(row: dict) -> Choice | None:
    key, name = _text(row.get("id")), _text(row.get("name"))
    return (
        Choice(key, name or key, detail=_text(row.get("type")), more={"name": name})
        if key or name
        else None
    )


def _event(row: dict) -> Choice | None:
    key = _text(row.get("eventDefinitionKey"))
    names = {"id": "id", "name": "name", "data_extension": "dataExtensionId", "type": "type"}
    more = {ours: _text(row.get(theirs)) for ours, theirs in names.items()}
    detail = " · ".join(filter(None, (more["type"], _text(row.get("dataExtensionName")))))
    return Choice(key, more["name"] or key, detail=detail, more=more) if key else None


def _crm_object(row: dict) -> Choice | None:
    key = _text(row.get("apiname") or row.get("apiName") or row.get("name"))
    return (
        Choice(key, _text(row.get("displayname") or row.get("displayName")) or key) if key else None
    )


def _path(row: dict, by_id: dict[str, dict]) -> str:
    names, seen = [], set()
    while (parent := _text(row.get("parentId"))) in by_id and parent not in seen:
        seen.add(parent)
        row = by_id[parent]
        names.insert(0, _text(row.get("name")))
    return " / ".join(names)


def _view(row: dict, name: str) -> str:
    """`views` as nested objects; asked for by field they may come flat."""
    return _text(_at(row, "views", name, "content") or row.get(f"views.{name}.content"))


def _items(answer: dict, *names: str) -> list[dict]:
    listed = next((answer[name] for name in names if isinstance(answer.get(name), list)), None)
    if listed is None:
        raise Unclear(phase="look-up", reason="wrong_answer", flaw="no-list")
    return [row for row in listed if isinstance(row, dict)]


def _count(answer: dict) -> int | None:
    count = answer.get("count", answer.get("totalResults"))
    return count if isinstance(count, int) and not isinstance(count, bool) and count >= 0 else None


def _at(value: object, *names: str) -> object:
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _text(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return str(value).strip()[:LONGEST]
