"""Templates: journeys with `{{{…}}}` where something stands that only a tenant can give.

`{{{email id: Welcome 1}}}` has a kind, "email id", and says what it is for. Equal placeholders get
the same answer. A placeholder of another kind, such as a deployment tool's `{{{prefix}}}`, is its
own kind.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from journeys.spec import address
from journeys.spec.address import Address
from journeys.spec.document import LISTS, blocks, dumps
from journeys.spec.intake import PLACEHOLDER


@dataclass(frozen=True)
class Ask:
    """One thing to ask for: the placeholder, its two parts, and where it stands."""

    placeholder: str
    kind: str
    name: str
    addresses: list[Address] = field(default_factory=list, compare=False)


def asks(document: dict) -> list[Ask]:
    """What a template asks for, each once, in the order of the document's blocks."""
    by_placeholder: dict[str, Ask] = {}
    seen: set[tuple[str, Address]] = set()
    if not _may_ask(_own(document)) and not any(
        _may_ask(block) for _kind, block in blocks(document)
    ):
        return []
    for where, text in _texts(document):
        for placeholder in PLACEHOLDER.findall(text):
            kind, _, name = placeholder.strip("{}").partition(":")
            ask = by_placeholder.setdefault(
                placeholder, Ask(placeholder, kind.strip(), name.strip())
            )
            if (placeholder, where) not in seen:
                seen.add((placeholder, where))
                ask.addresses.append(where)
    return list(by_placeholder.values())


def fill(document: dict, answers: dict[str, str | int | None]) -> dict:
    """The document with the answers in place of their placeholders; others stay.

    A text that is nothing but a placeholder becomes the answer itself, a number too. A text that
    needs an answer that is None becomes "": half an expression would be worse than none, and the
    checks find the hole.
    """
    return _filled(document, answers)


def _filled(value: object, answers: dict) -> object:
    if isinstance(value, dict):
        return {_name(name, answers): _filled(member, answers) for name, member in value.items()}
    if isinstance(value, list):
        return [_filled(item, answers) for item in value]
    return _text(value, answers) if isinstance(value, str) else value


def _text(text: str, answers: dict) -> str | int:
    if text in answers:
        return "" if answers[text] is None else answers[text]
    needed = [placeholder for placeholder in PLACEHOLDER.findall(text) if placeholder in answers]
    if any(answers[placeholder] is None for placeholder in needed):
        return ""
    return (
        PLACEHOLDER.sub(lambda match: str(answers.get(match[0], match[0])), text)
        if needed
        else text
    )


def _name(name: str, answers: dict) -> str:
    """Names of members only change for answers that were given: an empty name could be there
    already."""
    return PLACEHOLDER.sub(lambda found: str(answers.get(found[0]) or found[0]), name)


def _texts(document: dict) -> Iterator[tuple[Address, str]]:
    """The texts that may ask, first those in blocks, with their addresses."""
    for kind, block in blocks(document):
        if not _may_ask(block):
            continue
        key = block.get("key")
        for inside, text in _below(block, ""):
            yield Address(kind, key if isinstance(key, str) else "", inside), text
    for inside, text in _below(_own(document), ""):
        yield Address("journey", "", inside), text


def _own(document: dict) -> dict:
    """The members of the journey besides its blocks, whose bytes are kept with each."""
    return {name: value for name, value in document.items() if name not in LISTS}


def _below(value: object, inside: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield inside, value
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _below(item, address.item(inside, address.name_of(item, index)))
    elif isinstance(value, dict):
        for name, member in value.items():
            below = address.member(inside, name)
            yield below, name
            yield from _below(member, below)


def _may_ask(value: object) -> bool:
    """By its text: hardly any journey asks for something, and to look at each text takes twenty
    times as long."""
    return b"{{{" in dumps(value)
