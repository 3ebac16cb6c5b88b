"""Members under another name than the API's. The endpoint takes them and does nothing with them."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from journeys.checks.finding import advice, at, member
from journeys.spec import address, graph, member_names
from journeys.spec.problem import Problem


def journey_has_no_misnamed(document: dict) -> Iterator[Problem]:
    for name in document:
        meant = member_names.meant_in_journey(name)
        if meant:
            place = member(address.member("", name))
            yield advice("member-misnamed", _words(name, meant), place, "rename-member")


def block_has_no_misnamed(kind: str, block: dict) -> Iterator[Problem]:
    for name in block:
        meant = member_names.meant_in_block(name)
        if meant:
            place = at(kind, block, address.member("", name))
            yield advice("member-misnamed", _words(name, meant), place, "rename-block-member")
    for index, way in enumerate(graph.outcomes(block)):
        for name in way:
            meant = member_names.meant_in_outcome(name)
            if meant:
                item = address.item("outcomes", address.name_of(way, index))
                place = at(kind, block, address.member(item, name))
                yield advice("member-misnamed", _words(name, meant), place, "rename-block-member")


def _words(name: str, meant: str) -> str:
    sentence = _(
        "“%(name)s” is no member that Marketing Cloud knows, so it does nothing there. Did you mean"
        " “%(meant)s”?"
    )
    return sentence % {"name": name[:60], "meant": meant}
