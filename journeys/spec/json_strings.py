"""The texts of a JSON value, and where they stand."""

from collections.abc import Callable

from journeys.spec import address


class Trail:
    """A place that is written out when somebody asks: most texts hold no brace, and what stands
    above many that do is written once."""

    __slots__ = ("above", "add", "name", "written")

    def __init__(
        self, above: "Trail | None", add: Callable[[str, str | int], str], name: str | int
    ) -> None:
        self.above, self.add, self.name = above, add, name
        self.written: str | None = None

    def inside(self) -> str:
        if self.written is None:
            self.written = self.add(self.above.inside() if self.above else "", self.name)
        return self.written


def texts_in(value: object, inside: str, having: str = "") -> list[tuple[str, str]]:
    """Every text that has `having` in it, with its place; `value` stands at `inside`."""
    if isinstance(value, str):
        return [(value, inside)] if having in value else []
    top = Trail(None, address.member, "")
    top.written = inside
    texts: list[tuple[str, str]] = []
    _collect(value, top, having, texts)
    return texts


def _collect(value: object, trail: Trail, having: str, found: list[tuple[str, str]]) -> None:
    if isinstance(value, dict):
        for name, member in value.items():
            if isinstance(member, str):
                if having in member:
                    found.append((member, address.member(trail.inside(), name)))
            elif isinstance(member, dict | list):
                _collect(member, Trail(trail, address.member, name), having, found)
    elif isinstance(value, list):
        for position, item in enumerate(value):
            if isinstance(item, str):
                if having in item:
                    found.append((item, address.item(trail.inside(), position)))
            elif isinstance(item, dict | list):
                name = address.name_of(item, position)
                _collect(item, Trail(trail, address.item, name), having, found)
