"""What the server needs for the composer's requests until the whole answer is there, and its bytes
on the wire."""

import re
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field

import requests

from tests.blocks.browser import Inputs

ROUNDS = 40
FORM = re.compile(r'<form\s+class="block-form".*?</form>', re.DOTALL)
REVISION = re.compile(r'name="based_on" value="(\d+)"')


@dataclass
class Timed:
    """`size` is that of the last answer, compressed as it was sent; `plain` the same unpacked."""

    milliseconds: list[float] = field(default_factory=list)
    size: int = 0
    plain: int = 0

    def at(self, share: float) -> float:
        ranked = sorted(self.milliseconds)
        return ranked[min(len(ranked) - 1, int(len(ranked) * share))]


class Person:
    """Somebody who works in one journey and sends what the composer sends."""

    def __init__(self, origin: str, page: str, name: str = "maya") -> None:
        self.session, self.page = requests.Session(), page
        self.session.get(f"{origin}/sign-in/")
        fields = {
            "login": name,
            "password": name,
            "csrfmiddlewaretoken": self.session.cookies["csrftoken"],
        }
        self.session.post(
            f"{origin}/sign-in/", data=fields, headers={"Referer": origin}
        ).raise_for_status()
        self.revision = "1"

    def look(self, timed: Timed, selected: dict | None = None) -> str:
        return self._send(timed, "GET", "", params={"view": "path", **(selected or {})})

    def form_of(self, key: str) -> dict[str, str]:
        """The fields of the step's form, as the browser would send them."""
        page = self.look(Timed(), {"kind": "activity", "key": key})
        inputs = Inputs()
        inputs.feed(FORM.search(page)[0])
        return {"kind": "activity", "key": key, **dict(inputs.sent)}

    def post(self, timed: Timed, path: str, fields: dict[str, str]) -> str:
        return self._send(
            timed, "POST", path, data={"view": "path", "based_on": self.revision, **fields}
        )

    def ask(self, path: str, fields: dict[str, str]) -> requests.Response:
        """The answer to a post as it is, whatever its status."""
        headers = {
            "X-CSRFToken": self.session.cookies["csrftoken"],
            "Referer": self.page,
            "HX-Request": "true",
        }
        return self.session.post(self.page + path, data=fields, headers=headers)

    def _send(self, timed: Timed, method: str, path: str, **more: object) -> str:
        headers = {"X-CSRFToken": self.session.cookies["csrftoken"], "Referer": self.page}
        headers |= {"HX-Request": "true"} if method == "POST" else {}
        text = fetched(self.session, timed, method, self.page + path, headers=headers, **more)
        self.revision = REVISION.search(text)[1]
        return text


def fetched(
    session: requests.Session, timed: Timed, method: str, address: str, **more: object
) -> str:
    """The answer's text; its time and size go into `timed`."""
    started = time.perf_counter()
    answer = session.request(method, address, stream=True, **more)
    packed = answer.raw.read(decode_content=False)
    timed.milliseconds.append((time.perf_counter() - started) * 1000)
    answer.raise_for_status()
    text = unpacked(packed, answer.headers.get("Content-Encoding", ""))
    timed.size, timed.plain = len(packed), len(text)
    return text


def unpacked(packed: bytes, encoding: str) -> str:
    return (zlib.decompress(packed, 31) if encoding == "gzip" else packed).decode()


def first_view(person: Person) -> Timed:
    timed = Timed()
    for _round in range(ROUNDS):
        person.look(timed)
    return timed


def field_saved(person: Person, key: str, name: str, value: Callable[[int], str]) -> Timed:
    """One field of one step, each time with another value."""
    timed, form = Timed(), person.form_of(key)
    for number in range(ROUNDS):
        person.post(timed, "block/save/", {**form, name: value(number)})
    return timed


def step_added(person: Person) -> tuple[Timed, Timed]:
    """A wait at the very start, where all else has to move, and its undo."""
    added, undone = Timed(), Timed()
    for _round in range(ROUNDS // 2):
        person.post(
            added,
            "block/add/",
            {"slug": "wait", "after": "", "outcome": "", "kind": "journey", "key": ""},
        )
        number = person.revision  # the step that was added just now
        person.post(undone, "undo/", {"kind": "journey", "key": "", "number": number})
    return added, undone
