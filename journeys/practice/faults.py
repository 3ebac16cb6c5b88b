"""Faults on demand. `POST /control/faults` takes a queue, a mix, or both:

    {"faults": [FAULT, …]}  appended to the queue; each is used once unless it says "times"
    {"mix": {"seed": 7, "chances": [{"chance": 0.1, …FAULT}, …]}}
                            drawn for each request from now on
    {"clear": true}         forgets queue and mix first

A FAULT names its kind and may say what it waits for: "route" (token, create, get, list, delete,
or a look-up's name in lookups.py), "method", "key" (the journey's), and "times" (default 1).
"seconds" may be [least, most]: drawn each time. The queue comes before the mix. The draw depends
only on the seed, the route, the key and how often that route and key were asked, so a run can be
repeated whatever the order in which requests arrive. "when" is "before" (default: nothing is
carried out) or "after" (carried out and committed, then the fault).

The kinds, one example each:

    {"fault": "status", "status": 503}
        an error; "body" (JSON or text), "headers", "when"
    {"fault": "status", "status": 500, "when": "after"}
        carried out, and an error all the same
    {"fault": "html", "status": 200}
        a page where JSON belongs (200, 503 …); "when"
    {"fault": "rate_limited", "retry_after": "5"}
        429, 50100; null: no header; "in_body": 5 adds retryAfter
    {"fault": "blocked"}
        429, 50200, without Retry-After
    {"fault": "unauthorized"}
        401 although the token is good
    {"fault": "redirect", "status": 302, "location": "/x"}
        sent elsewhere; "when"
    {"fault": "delay", "seconds": 2}
        waits, then all is as usual
    {"fault": "hang", "when": "after", "seconds": 30}
        silent for so long, then hangs up; "answer": true answers
    {"fault": "reset", "when": "after"}
        the connection is reset instead of an answer
    {"fault": "late", "seconds": 8, "then": "reset"}
        breaks now (reset, hang, status), is carried out later
    {"fault": "drip", "every": 1.0, "bytes": 1}
        the usual answer, a few bytes at a time
    {"fault": "truncate", "bytes": 40}
        the usual answer, cut; "length": false hides that it is
    {"fault": "drop", "fields": ["definitionId", "activities.0.metaData"]}
        members missing in the answer
    {"fault": "change", "set": {"key": "other"}}
        members changed or added in the answer
"""

import json
import random
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from journeys.practice.wire import Answer, json_answer

PAGE = (
    "<!DOCTYPE html><html><head><title>Maintenance</title></head><body><h1>Back"
    " soon</h1></body></html>"
)
FILTERS = ("route", "method", "key")


class Exchange(Protocol):
    """One request under way, as a fault may handle it."""

    def act(self) -> Answer: ...
    def act_later(self, seconds: float) -> None: ...
    def send(self, answer: Answer) -> None: ...
    def send_slowly(self, answer: Answer, every: float, size: int) -> None: ...
    def send_cut(self, answer: Answer, size: int, with_length: bool) -> None: ...
    def wait(self, seconds: float) -> None: ...
    def reset(self) -> None: ...
    def close(self) -> None: ...


@dataclass
class Fault:
    kind: str
    options: dict
    left: int = 1

    def waits_for(self, asked: dict[str, str]) -> bool:
        return all(self.options.get(name) in (None, asked[name]) for name in FILTERS)


def parse(given: object) -> Fault:
    """Raises ValueError, with what is wrong, for anything that is no fault of this module."""
    if not isinstance(given, dict) or given.get("fault") not in KINDS:
        raise ValueError(f"A fault is an object whose “fault” is one of: {', '.join(KINDS)}.")
    if given.get("when", "before") not in ("before", "after"):
        raise ValueError("“when” is “before” or “after”.")
    if not isinstance(given.get("times", 1), int):
        raise ValueError("“times” is a whole number.")
    return Fault(given["fault"], given, given.get("times", 1))


class Faults:
    """The queue and the mix; safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.clear()

    def clear(self) -> None:
        with self._lock:
            self._queue: list[Fault] = []
            self._mix: list[tuple[float, Fault]] = []
            self._seed: object = 0
            self._asked: Counter[tuple[str, str]] = Counter()

    def add(self, faults: list) -> None:
        parsed = [parse(fault) for fault in faults]
        with self._lock:
            self._queue += parsed

    def set_mix(self, mix: dict | None) -> None:
        chances = [
            (float(given["chance"]), parse(given)) for given in (mix or {}).get("chances", [])
        ]
        with self._lock:
            self._mix, self._seed = chances, (mix or {}).get("seed", 0)
            self._asked.clear()

    def take(self, route: str, method: str, key: str) -> Fault | None:
        """The fault that this request meets."""
        asked = {"route": route, "method": method, "key": key}
        if not self._queue and not self._mix:
            return None
        with self._lock:
            fault = next((one for one in self._queue if one.waits_for(asked)), None)
            if fault is None:
                return self._draw(asked)
            fault.left -= 1
            if fault.left < 1:
                self._queue.remove(fault)
            return _with_seconds(fault, random.Random(fault.left))  # noqa: S311

    def waiting(self) -> dict:
        with self._lock:
            queue = [{**fault.options, "times": fault.left} for fault in self._queue]
            return {
                "faults": queue,
                "mix": {"seed": self._seed, "chances": [fault.options for _, fault in self._mix]},
            }

    def _draw(self, asked: dict[str, str]) -> Fault | None:
        self._asked[asked["route"], asked["key"]] += 1
        turn = self._asked[asked["route"], asked["key"]]
        chance_of = random.Random(f"{self._seed} {asked['route']} {asked['key']} {turn}")  # noqa: S311
        drawn = chance_of.random()
        for chance, fault in self._mix:
            if not fault.waits_for(asked):
                continue
            if drawn < chance:
                return _with_seconds(fault, chance_of)
            drawn -= chance
        return None


def _with_seconds(fault: Fault, chance: random.Random) -> Fault:
    seconds = fault.options.get("seconds")
    if not isinstance(seconds, list):
        return fault
    return Fault(fault.kind, {**fault.options, "seconds": chance.uniform(*seconds)})


def meet(fault: Fault, exchange: Exchange) -> None:
    """Handles the exchange as the fault says."""
    KINDS[fault.kind](exchange, fault.options)


def _instead(exchange: Exchange, options: dict, answer: Answer) -> None:
    if options.get("when") == "after":
        exchange.act()
    exchange.send(answer)


def _status(exchange: Exchange, options: dict) -> None:
    body = options.get(
        "body", {"message": "An internal error occurred.", "errorcode": 0, "documentation": ""}
    )
    headers = {name: str(value) for name, value in options.get("headers", {}).items()}
    if isinstance(body, str):
        answer = Answer(
            options["status"],
            body.encode(),
            {"Content-Type": "text/plain; charset=utf-8", **headers},
        )
    else:
        answer = json_answer(options["status"], body, headers)
    _instead(exchange, options, answer)


def _html(exchange: Exchange, options: dict) -> None:
    headers = {"Content-Type": "text/html; charset=utf-8"}
    _instead(exchange, options, Answer(options.get("status", 200), PAGE.encode(), headers))


def _rate_limited(exchange: Exchange, options: dict) -> None:
    after = options.get("retry_after", "5")
    body = {"message": "Rate limit exceeded", "errorcode": 50100, "documentation": ""}
    if "in_body" in options:
        body["retryAfter"] = options["in_body"]
    headers = {} if after is None else {"Retry-After": str(after)}
    exchange.send(json_answer(429, body, headers))


def _blocked(exchange: Exchange, options: dict) -> None:
    body = {"message": "Requests are temporarily blocked.", "errorcode": 50200, "documentation": ""}
    exchange.send(json_answer(429, body))


def _unauthorized(exchange: Exchange, options: dict) -> None:
    exchange.send(
        json_answer(401, {"message": "Not Authorized", "errorcode": 0, "documentation": ""})
    )


def _redirect(exchange: Exchange, options: dict) -> None:
    headers = {"Location": options.get("location", "/elsewhere")}
    _instead(exchange, options, Answer(options.get("status", 302), b"", headers))


def _delay(exchange: Exchange, options: dict) -> None:
    exchange.wait(options.get("seconds", 1))
    exchange.send(exchange.act())


def _hang(exchange: Exchange, options: dict) -> None:
    after = options.get("when") == "after"
    answer = exchange.act() if after else None
    exchange.wait(options.get("seconds", 600))
    if options.get("answer"):
        exchange.send(answer or exchange.act())
    else:
        exchange.close()


def _reset(exchange: Exchange, options: dict) -> None:
    if options.get("when") == "after":
        exchange.act()
    exchange.reset()


def _late(exchange: Exchange, options: dict) -> None:
    exchange.act_later(options.get("seconds", 5))
    then = options.get("then", "reset")
    if then == "status":
        _status(exchange, {"status": 503, **options, "when": "before"})
    elif then == "hang":
        exchange.wait(options.get("hang", 600))
        exchange.close()
    else:
        exchange.reset()


def _drip(exchange: Exchange, options: dict) -> None:
    exchange.send_slowly(exchange.act(), options.get("every", 1.0), options.get("bytes", 1))


def _truncate(exchange: Exchange, options: dict) -> None:
    answer = exchange.act()
    exchange.send_cut(
        answer, options.get("bytes", len(answer.body) // 2), options.get("length", True)
    )


def _drop(exchange: Exchange, options: dict) -> None:
    answer = exchange.act()
    exchange.send(
        _edited(
            answer, lambda value: [_remove(value, path.split(".")) for path in options["fields"]]
        )
    )


def _change(exchange: Exchange, options: dict) -> None:
    exchange.send(_edited(exchange.act(), lambda value: value.update(options["set"])))


def _edited(answer: Answer, edit: Callable[[dict], object]) -> Answer:
    value = json.loads(answer.body)
    if isinstance(value, dict):
        edit(value)
    return json_answer(answer.status, value)


def _remove(value: object, path: list[str]) -> None:
    """Nothing happens where the path leads nowhere."""
    for step in path[:-1]:
        if isinstance(value, list):
            value = value[int(step)] if step.isdigit() and int(step) < len(value) else None
        else:
            value = value.get(step) if isinstance(value, dict) else None
    if isinstance(value, dict):
        value.pop(path[-1], None)


KINDS: dict[str, Callable[[Exchange, dict], None]] = {
    "status": _status,
    "html": _html,
    "rate_limited": _rate_limited,
    "blocked": _blocked,
    "unauthorized": _unauthorized,
    "redirect": _redirect,
    "delay": _delay,
    "hang": _hang,
    "reset": _reset,
    "late": _late,
    "drip": _drip,
    "truncate": _truncate,
    "drop": _drop,
    "change": _change,
}
