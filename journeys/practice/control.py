"""The control routes, for tests and demonstrations only; the real endpoint has nothing like them.

    GET  /control/settings                  all settings (state.DEFAULTS says what there is)
    POST /control/settings                  {"same_key": "refuse", "expires_in": 5}
    GET  /control/faults                    what waits
    POST /control/faults                    see faults.py
    POST /control/revoke                    {}: no token given out so far is good any more
    POST /control/reset                     {} or {"keep": ["tokens", "settings", "faults"]}
    POST /control/status      {"key": K, "status": "Published", "version": 1}: as if done over there
    GET  /control/requests                  what arrived; ?since=NUMBER, &key=, &route=, &method=,
                                            &status=, &fault=
    GET  /control/journeys                  every stored version without its body; ?key=
    GET  /control/bodies?key=K              the bytes last received for K, taken or not
    GET  /control/bodies?key=K&version=N    the bytes stored as version N ("newest" for the last)

They need no token. Changes are taken only as POST with JSON, which no other site's page can send
unasked.
"""

from collections.abc import Callable

from journeys.practice.state import DEFAULTS, State
from journeys.practice.store import SAME_KEY
from journeys.practice.wire import Answer, Request, json_answer

CHOICES = {
    "same_key": SAME_KEY,
    "null_next": ("accept", "refuse"),
    "default_version": ("newest", "first"),
}
NUMBERS = ("expires_in", "token_life", "create_status", "read_lag", "latency")
ARRIVAL_FILTERS = ("key", "route", "method", "status", "fault")


def answer(state: State, request: Request) -> Answer:
    name = request.path.removeprefix("/control/").rstrip("/")
    if name not in READ and name not in CHANGE:
        return _wrong(404, "There is no such control route.")
    if request.method == "GET" and name in READ:
        return READ[name](state, request)
    if request.method != "POST" or name not in CHANGE:
        return _wrong(405, "This control route does not take that method.")
    return _change(state, request, CHANGE[name])


def _change(state: State, request: Request, change: Callable[[State, dict], Answer]) -> Answer:
    if not request.is_json:
        return _wrong(415, "Send JSON, with Content-Type: application/json.")
    try:
        given = request.document
        if not isinstance(given, dict):
            raise ValueError("Send one JSON object.")
        return change(state, given)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        return _wrong(400, f"This was not understood: {error}")


def _settings(state: State, request: Request) -> Answer:
    return json_answer(200, state.settings)


def _change_settings(state: State, given: dict) -> Answer:
    for name, value in given.items():
        if name not in DEFAULTS:
            raise ValueError(f"There is no setting “{name}”.")
        if name in CHOICES and value not in CHOICES[name]:
            raise ValueError(f"“{name}” is one of: {', '.join(CHOICES[name])}.")
        if name in NUMBERS and not isinstance(value, int | float) and value != DEFAULTS[name]:
            raise ValueError(f"“{name}” is a number.")
    state.change_settings(given)
    return json_answer(200, state.settings)


def _faults(state: State, request: Request) -> Answer:
    return json_answer(200, state.faults.waiting())


def _change_faults(state: State, given: dict) -> Answer:
    if given.get("clear"):
        state.faults.clear()
    if "mix" in given:
        state.faults.set_mix(given["mix"])
    state.faults.add(given.get("faults", []))
    return json_answer(200, state.faults.waiting())


def _revoke(state: State, given: dict) -> Answer:
    state.revoke_tokens()
    return json_answer(200, {})


def _reset(state: State, given: dict) -> Answer:
    state.reset(given.get("keep", []))
    return json_answer(200, {})


def _status(state: State, given: dict) -> Answer:
    return json_answer(
        200,
        {"changed": state.store.set_status(given["key"], given.get("version"), given["status"])},
    )


def _requests(state: State, request: Request) -> Answer:
    since = request.query.get("since", "0")
    wanted = {name: request.query[name] for name in ARRIVAL_FILTERS if name in request.query}
    rows = state.arrivals(int(since) if since.isdigit() else 0, wanted)
    return json_answer(200, {"count": len(rows), "requests": rows})


def _journeys(state: State, request: Request) -> Answer:
    rows = state.store.ledger(request.query.get("key"))
    return json_answer(200, {"count": len(rows), "journeys": rows})


def _bodies(state: State, request: Request) -> Answer:
    key, version = request.query.get("key", ""), request.query.get("version")
    body = state.last_body(key) if version is None else None
    if body is None:
        stored = state.store.find(
            key=key, version=int(version) if version and version.isdigit() else None
        )
        body = stored.body if stored else None
    if body is None:
        return _wrong(404, "No body of that key is known.")
    return Answer(200, body, {"Content-Type": "application/octet-stream"})


def _wrong(status: int, text: str) -> Answer:
    return json_answer(status, {"error": text})


READ = {
    "settings": _settings,
    "faults": _faults,
    "requests": _requests,
    "journeys": _journeys,
    "bodies": _bodies,
}
CHANGE = {
    "settings": _change_settings,
    "faults": _change_faults,
    "revoke": _revoke,
    "reset": _reset,
    "status": _status,
}
