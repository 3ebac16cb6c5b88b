"""Two versions of a document compared value by value, without the product's own comparison."""

from collections.abc import Iterator

from journeys.blocks.base import Block
from journeys.spec.document import dumps


def leaves(value: object, path: tuple = ()) -> Iterator[tuple[tuple, bytes]]:
    """Every value that holds no other, in the order of the bytes."""
    if isinstance(value, dict) and value:
        for name, member in value.items():
            yield from leaves(member, (*path, name))
    elif isinstance(value, list) and value:
        for index, item in enumerate(value):
            yield from leaves(item, (*path, index))
    else:
        yield path, dumps(value)


def followed(opened: type[Block], form: Block) -> set[tuple]:
    """Where the class itself says that something follows its fields."""
    if opened.follow is Block.follow:
        return set()
    return {field.path for field in form.fields.values() if hasattr(field, "path")} | {
        ("metaData",)
    }


def touched(leaf: tuple[tuple, bytes], allowed: set[tuple]) -> bool:
    """Whether the leaf stands at or below an allowed place, or is an empty parent that gets its
    first member."""
    path, value = leaf
    below = any(path[: len(place)] == place for place in allowed)
    above = value in (b"{}", b"null") and any(place[: len(path)] == path for place in allowed)
    return below or above


def kept(value: object, allowed: set[tuple]) -> list[tuple[tuple, bytes]]:
    """What may not have changed."""
    return [leaf for leaf in leaves(value) if not touched(leaf, allowed)]
