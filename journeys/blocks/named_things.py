"""What a journey names of the tenant that it goes to: emails, events, data extensions, folders, and
the services that its steps call. The tenant has to hold them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.forms import Field

from journeys.blocks import lens
from journeys.blocks.base import Block
from journeys.blocks.form_parts import RowList
from journeys.blocks.json_texts import opened
from journeys.blocks.places import Path, bind, get, read
from journeys.spec.address import Address, written
from journeys.spec.document import LISTS

NOT_OF_THE_TENANT = ("time-zone",)
CALLED = (
    "arguments.execute.url",
    "configurationArguments.validate.url",
    "configurationArguments.publish.url",
    "configurationArguments.save.url",
)


@dataclass(frozen=True)
class Named:
    """`kind` is what a form would look up there ("email", "event", "folder" …), "" where nothing
    can be looked up."""

    address: Address
    kind: str
    label: str
    value: str


def named_things(document: dict) -> list[Named]:
    """The journey's own come first, then those of its blocks."""
    own = {name: value for name, value in document.items() if name not in LISTS}
    things = list(_of_block("journey", own, document))
    for member, kind in LISTS.items():
        items = document.get(member)
        for block in items if isinstance(items, list) else []:
            if isinstance(block, dict) and isinstance(block.get("key"), str):
                things += _of_block(kind, block, document)
    return things


def called_addresses(block: dict) -> list[tuple[str, str]]:
    """(place, address) of the services outside that a block of any type calls when it is checked,
    published or reached."""
    urls = [(place, get(block, place)) for place in CALLED]
    return [(place, url) for place, url in urls if isinstance(url, str) and url.strip()]


def _of_block(kind: str, block: dict, document: dict) -> Iterator[Named]:
    block_type = lens(block, kind, document)
    if not block_type.editable:
        return
    whole = opened(block, block_type.json_texts)
    key = "" if kind == "journey" else block["key"]
    for field, path in _places(block_type, whole):
        value = read(whole, path)
        if _is_name(value):
            address = Address(kind, key, written(path))
            yield Named(address, field.picks, str(field.label), str(value).strip())


def _places(block_type: type[Block], block: dict) -> Iterator[tuple[Field, Path]]:
    for field in _naming(block_type.base_fields, block_type.names_things):
        yield field, bind(field.place) or ()
    for listed in block_type.row_lists():
        fields = list(_naming(_fields_of(listed), ()))
        for key in listed.row_keys(block) if fields else ():
            yield from ((field, bind(field.place, key) or ()) for field in fields)


def _fields_of(listed: type[Block] | type[RowList]) -> dict[str, Field]:
    return listed.row.base_fields


def _naming(fields: dict[str, Field], more: Iterable[str]) -> Iterator[Field]:
    for name, field in fields.items():
        kind = getattr(field, "picks", "")
        if name in more or kind and kind not in NOT_OF_THE_TENANT:
            yield field


def _is_name(value: object) -> bool:
    """Not what is left open, nor the id of nothing."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return False
    return bool(str(value).strip("0- ")) and "{{" not in str(value)
