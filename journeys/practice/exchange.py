"""One request under way on its connection: how it is carried out, and every way in which an answer
may leave."""

import hashlib
import socket
import struct
import threading
import time

from journeys.practice import answers, interactions, lookups, tokens
from journeys.practice.state import State
from journeys.practice.wire import Answer, Request, head_of, json_answer

COLLECTION = "/interaction/v1/interactions"
TOKEN = "/v2/token"  # noqa: S105
CLOSE_WITH_RESET = struct.pack("ii", 1, 0)


class Exchange:
    """`open` tells whether the connection goes on after it."""

    def __init__(self, state: State, request: Request, connection: socket.socket) -> None:
        self.state = state
        self.request = request
        self.connection = connection
        self.open = not request.wants_close
        self.route, self.identifier = route_of(request)
        self.key = _key_of(self.route, request, self.identifier)
        self.digest = hashlib.sha256(request.body).hexdigest()
        self.arrival = state.note(request.method, request.target, self.route, self.key, self.digest)
        if self.route == "create":
            state.keep_body(self.key, request.body)

    def act(self) -> Answer:
        """Carries the request out. Only the answer tells whether it was refused."""
        if self.route == "token":
            return tokens.issue(self.state, self.request)
        if self.route == "soap":
            self.wait(self.state.settings["latency"])
            return lookups.soap(self.state, self.request)
        holder = tokens.holder(self.state, self.request)
        if holder is None:
            return answers.not_authorized()
        scope, self.arrival.account = holder
        if self.state.settings["latency"]:
            self.wait(self.state.settings["latency"])
        return self._act_for(scope)

    def _act_for(self, scope: str) -> Answer:
        needed = "journeys_write" if self.route in ("create", "delete") else "journeys_read"
        needed = lookups.SCOPES.get(self.route, needed)
        if self.route == "":
            return json_answer(
                404, {"message": "Not Found", "errorcode": 30003, "documentation": ""}
            )
        if refused := tokens.lacks(scope, needed):
            return refused
        if self.route == "create":
            answer = interactions.create(self.state, self.request, self.digest)
            self.arrival.committed = answer.status < 300
            return answer
        if self.route == "list":
            return interactions.list_all(self.state, self.request)
        if self.route == "fields" or self.route in lookups.LISTS:
            return lookups.answer(self.request, self.route, self.identifier)
        act = interactions.get if self.route == "get" else interactions.delete
        return act(self.state, self.request, self.identifier)

    def act_later(self, seconds: float) -> None:
        def carry_out() -> None:
            if not self.state.stopping.is_set():
                self.arrival.late = True
                self.act()

        timer = threading.Timer(seconds, carry_out)
        timer.daemon = True
        timer.start()

    def send(self, answer: Answer) -> None:
        """Head and body leave in one piece."""
        self._ended(answer.status)
        self.connection.sendall(head_of(answer, not self.open, len(answer.body)) + answer.body)

    def send_slowly(self, answer: Answer, every: float, size: int) -> None:
        self._ended(answer.status)
        self.connection.sendall(head_of(answer, not self.open, len(answer.body)))
        for start in range(0, len(answer.body), size):
            self.wait(every)
            self.connection.sendall(answer.body[start : start + size])

    def send_cut(self, answer: Answer, size: int, with_length: bool) -> None:
        self._ended(answer.status)
        self.open = False
        head = head_of(answer, True, len(answer.body) if with_length else None)
        self.connection.sendall(head + answer.body[:size])

    def wait(self, seconds: float) -> None:
        """Ends early when the server stops."""
        self.state.stopping.wait(seconds)

    def reset(self) -> None:
        self._ended(None)
        self.open = False
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, CLOSE_WITH_RESET)

    def close(self) -> None:
        self._ended(None)
        self.open = False

    def _ended(self, status: int | None) -> None:
        """Told before the answer leaves, so that whoever has the answer finds it in the list of
        requests."""
        self.arrival.status, self.arrival.ended = status, time.time()


def route_of(request: Request) -> tuple[str, str]:
    """Name of the route ("" when there is none) and the identifier in its path."""
    path, method = request.path, request.method
    if path.rstrip("/") == TOKEN:
        return ("token", "") if method == "POST" else ("", "")
    if path.rstrip("/") == COLLECTION:
        return {"POST": "create", "GET": "list"}.get(method, ""), ""
    if path.startswith(COLLECTION + "/"):
        return {"GET": "get", "DELETE": "delete"}.get(method, ""), path.removeprefix(
            COLLECTION + "/"
        )
    return lookups.route_of(request)


def _key_of(route: str, request: Request, identifier: str) -> str:
    if identifier and route in ("get", "delete"):
        return interactions.key_in(identifier) or ""
    if route != "create":
        return ""
    try:
        key = request.document["key"]
    except (ValueError, TypeError, LookupError):
        return ""
    return key if isinstance(key, str) else ""
