"""The texts of a JSON value, and where they stand."""

LONGEST_NAME = 200  # of one member in a place

Trail = tuple["Trail | None", str]


def texts_in(value: object, field: str, having: str = "") -> list[tuple[str, str]]:
    """Every text that has `having` in it, with its dotted place; items with a key of their own are
    named by it."""
    found: list[tuple[str, str]] = []
    _collect(value, (None, field), having, found)
    return found


def _collect(value: object, place: Trail, having: str, found: list[tuple[str, str]]) -> None:
    """Places are linked pairs until somebody asks: most texts hold no brace."""
    if isinstance(value, str):
        if having in value:
            found.append((value, _written(place)))
    elif isinstance(value, dict):
        for name, member in value.items():
            if isinstance(member, str | dict | list):
                _collect(member, (place, name), having, found)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            key = item.get("key") if isinstance(item, dict) else None
            _collect(
                item, (place, f"[{key if isinstance(key, str) and key else index}]"), having, found
            )


def _written(place: Trail) -> str:
    names: list[str] = []
    step: Trail | None = place
    while step:
        step, name = step
        names.append(name[:LONGEST_NAME])
    return ".".join(name for name in reversed(names) if name).replace(".[", "[")
