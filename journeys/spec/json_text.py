"""Where things stand in a JSON text that somebody wrote, whatever its format."""

import json
import re
from json.decoder import scanstring

from journeys.spec.address import Address, Item, Step, name_of, steps
from journeys.spec.document import MEMBER_OF

SPACE = re.compile(r"[ \t\r\n]*")
MARK = "\ufeff"  # some programs begin a text with it
DECODER = json.JSONDecoder()


class JsonText:
    """A text that is read as JSON no further than it is asked about; what was read once is kept."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._members: dict[int, dict[str, int]] = {}
        self._items: dict[int, list[tuple[str | int, int]]] = {}

    def line(self, address: Address) -> int:
        """The line on which it begins, from 1; of what is not there, that of the nearest around
        it."""
        way: tuple[Step, ...] = steps(address.inside) or ()
        if address.kind in MEMBER_OF:
            way = (MEMBER_OF[address.kind], Item(address.key), *way)
        return self.text.count("\n", 0, self._offset(way)) + 1

    def _offset(self, way: tuple[Step, ...]) -> int:
        at = self._skip(len(MARK) if self.text.startswith(MARK) else 0)
        for step in way:
            below = self._member(at, step) if isinstance(step, str) else self._item(at, step.key)
            if below is None:
                break
            at = below
        return at

    def _member(self, at: int, name: str) -> int | None:
        if not self.text.startswith("{", at):
            return None
        if at not in self._members:
            self._members[at] = self._read_members(at)
        return self._members[at].get(name)

    def _item(self, at: int, name: str) -> int | None:
        if not self.text.startswith("[", at):
            return None
        if at not in self._items:
            self._items[at] = self._read_items(at)
        items = self._items[at]
        for own, offset in items:
            if own == name:
                return offset
        is_position = name.isascii() and name.isdigit() and int(name) < len(items)
        return items[int(name)][1] if is_position else None

    def _read_members(self, at: int) -> dict[str, int]:
        members: dict[str, int] = {}
        at = self._skip(at + 1)
        while self.text.startswith('"', at):
            name, at = scanstring(self.text, at + 1)
            at = self._skip(self._skip(at) + 1)
            members[name] = at
            at = self._next(DECODER.raw_decode(self.text, at)[1])
        return members

    def _read_items(self, at: int) -> list[tuple[str | int, int]]:
        items: list[tuple[str | int, int]] = []
        at = self._skip(at + 1)
        while at < len(self.text) and self.text[at] != "]":
            value, end = DECODER.raw_decode(self.text, at)
            items.append((name_of(value, len(items)), at))
            at = self._next(end)
        return items

    def _next(self, at: int) -> int:
        at = self._skip(at)
        return self._skip(at + 1) if self.text.startswith(",", at) else at

    def _skip(self, at: int) -> int:
        return SPACE.match(self.text, at).end()
