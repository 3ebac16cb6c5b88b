"""The journey routes under /interaction/v1/interactions: create, get, list, delete."""

import time

from journeys.practice import answers, rules
from journeys.practice.state import State
from journeys.practice.store import KeyTaken, Stored
from journeys.practice.wire import Answer, Request, decoded, json_answer

MAX_BODY = 4 * 1024 * 1024
MAX_PAGE = 50
FILTERS = ("id", "key", "name", "status")


def create(state: State, request: Request, digest: str) -> Answer:
    """Stores the body as it is and answers with the journey that was made of it; `digest` is the
    body's SHA-256."""
    if len(request.body) > MAX_BODY:
        return json_answer(413, {"message": "The request entity is too large."})
    if not request.is_json:
        return json_answer(
            415, {"message": "The request's media type is not supported. Use application/json."}
        )
    try:
        document = request.document
    except ValueError:
        return answers.error(400, 10004, "JSON Deserialization Exception: Location Unknown")
    refused = rules.refusal(document, state.settings["null_next"])
    if refused:
        return refused
    try:
        stored = state.store.create(
            document["key"], document["name"], request.body, digest, state.settings["same_key"]
        )
    except KeyTaken:
        return answers.error(
            400, 30000, "Cannot save the interaction: an interaction with this key already exists."
        )
    stored.document = document  # spares reading the body again
    return json_answer(state.settings["create_status"], answers.journey(stored))


def get(state: State, request: Request, identifier: str) -> Answer:
    """`identifier` is what stands in the path after the collection, still percent-encoded."""
    version = _number(request, "versionNumber", None)
    if version == 0:
        return _bad_number("versionNumber")
    stored = _find(state, identifier, version)
    if stored is None or time.time() - stored.created < state.settings["read_lag"]:
        return answers.not_found()
    return json_answer(200, answers.journey(stored) | {"stats": answers.NO_STATS})


def list_all(state: State, request: Request) -> Answer:
    """One page without activities and triggers, newest change first."""
    page, size = _number(request, "$page", 1), _number(request, "$pageSize", MAX_PAGE)
    if not page or not size:
        return _bad_number("$page" if not page else "$pageSize")
    size = min(size, MAX_PAGE)
    filters = {name: request.query[name] for name in FILTERS if name in request.query}
    if "nameOrDescription" in request.query:
        filters["name"] = f"%{request.query['nameOrDescription']}%"
    every = request.query.get("mostRecentVersionOnly", "true").lower() == "false"
    count, rows = state.store.page(page, size, filters, every)
    items = [answers.list_row(stored) for stored in rows]
    return json_answer(
        200, {"count": count, "page": page, "pageSize": size, "links": {}, "items": items}
    )


def delete(state: State, request: Request, identifier: str) -> Answer:
    version = _number(request, "versionNumber", None)
    stored = _find(state, identifier, version)
    if stored is None:
        return answers.not_found()
    if stored.status == "Published":
        return answers.error(400, 30000, "A running interaction cannot be deleted.")
    state.store.delete(stored.id, version)
    return json_answer(200, stored.id)


def key_in(identifier: str) -> str | None:
    """The key of a `key:…` path; None for an id."""
    text = decoded(identifier)
    return text.removeprefix("key:") if text.startswith("key:") else None


def _find(state: State, identifier: str, version: int | None) -> Stored | None:
    key = key_in(identifier)
    newest = state.settings["default_version"] == "newest"
    if key is None:
        return state.store.find(id=decoded(identifier), version=version, newest=newest)
    return state.store.find(key=key, version=version, newest=newest)


def _number(request: Request, name: str, default: int | None) -> int | None:
    """0 for what is no positive number."""
    text = request.query.get(name)
    if text is None:
        return default
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _bad_number(name: str) -> Answer:
    return answers.error(400, 10005, f"The value of {name} is invalid.")
