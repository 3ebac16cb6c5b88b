"""Sentences of the endpoint that decide what is meant, whatever code stands beside them.

They are known word for word from journeys of others; nothing here looks for single words.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from journeys.blocks.named_things import called_addresses
from journeys.explaining.addresses import Sent, blocks
from journeys.explaining.advice import Advice
from journeys.spec.address import Address

ABSENT = "30003"
LONGEST = 120  # letters of what stands at a place


@dataclass(frozen=True)
class Candidate:
    """A place that may be meant, and what stands there: “Folder: 4711”."""

    address: Address
    value: str = ""

    @property
    def said(self) -> str:
        return Truncator(self.value).chars(LONGEST)


Candidates = Callable[[str, Sent], Iterator[Candidate]]


@dataclass(frozen=True)
class Phrase:
    """Told by a message that holds all `parts`, or by one of the `codes`. `candidates` are what it
    may mean; where there is one alone, it is meant."""

    parts: tuple[str, ...]
    advice: Advice
    candidates: Candidates
    codes: tuple[str, ...] = ()

    def is_in(self, code: str, message: str) -> bool:
        plain = " ".join(message.casefold().split())
        return code in self.codes or all(part in plain for part in self.parts)


def phrase_of(code: str, message: str, phase: str = "") -> Phrase | None:
    """A create cannot miss the journey itself: what it does not find is something in it."""
    phrase = next((one for one in PHRASES if one.is_in(code, message)), None)
    return NOT_FOUND if phrase is None and phase == "create" and code == ABSENT else phrase


def entry_event(message: str, sent: Sent) -> Iterator[Candidate]:
    for kind, block in blocks(sent.document):
        if kind == "trigger":
            place = "metaData.eventDefinitionKey"
            meta = block.get("metaData")
            named = meta.get("eventDefinitionKey") if isinstance(meta, dict) else ""
            yield Candidate(Address(kind, block["key"], place), str(named or ""))


def entry_source(message: str, sent: Sent) -> Iterator[Candidate]:
    for kind, block in blocks(sent.document):
        if kind == "trigger":
            yield Candidate(Address(kind, block["key"]))


def services(message: str, sent: Sent) -> Iterator[Candidate]:
    """The steps that call a service of somebody's own, then the entry source."""
    for kind, block in blocks(sent.document):
        called = called_addresses(block)
        if kind == "activity" and called:
            place, url = called[0]
            yield Candidate(Address(kind, block["key"], place), url)
    for kind, block in blocks(sent.document):
        if kind == "trigger":
            place, url = (called_addresses(block) or [("", "")])[0]
            yield Candidate(Address(kind, block["key"], place), url)


# Words of the endpoint -> the kind of thing that comes first then (blocks/named_things.py).
KINDS = {
    "category": "folder",
    "folder": "folder",
    "event": "event",
    "email": "email",
    "asset": "email",
    "data extension": "data-extension",
    "dataextension": "data-extension",
    "send classification": "send-classification",
    "sender profile": "sender-profile",
    "delivery profile": "delivery-profile",
}


def missing_things(message: str, sent: Sent) -> Iterator[Candidate]:
    """Everything that the journey names of the tenant, the kind first that the message speaks
    of."""
    plain = message.casefold()
    first = next((kind for word, kind in KINDS.items() if word in plain), "")
    things = sorted(sent.things, key=lambda one: one.kind != first)
    for thing in things:
        yield Candidate(thing.address, f"{thing.label}: {thing.value}")


def nowhere(message: str, sent: Sent) -> Iterator[Candidate]:
    return iter(())


MISSING = Advice(
    _("Something that the journey names is not there in this tenant."),
    _(
        "Look in Marketing Cloud for what is listed here, beginning at the top, and choose again"
        " what is missing. A journey that comes from another business unit names what only that one"
        " holds."
    ),
)

NOT_FOUND = Phrase(("category not found",), MISSING, missing_things)
PHRASES = (
    Phrase(
        ("eventschema", "could not be found"),
        Advice(
            _(
                "Marketing Cloud does not find the fields of the entry source's event: the event"
                " is not there, or it lost its data extension."
            ),
            _(
                "Choose the event of the entry source again. If it is the right one, open it in"
                " Journey Builder and check its data extension; one that was copied by a tool has"
                " to be made anew."
            ),
        ),
        entry_event,
    ),
    Phrase(
        ("a custom activity or entry source failed validation",),
        Advice(
            _(
                "A service that Marketing Cloud asks before it runs the journey did not answer, or"
                " said no: that of a custom activity or of the entry source. Marketing Cloud does"
                " not say of which."
            ),
            _(
                "Check for each of those listed here that its address is right, can be reached from"
                " the internet by https, and answers the validation with status 200. Ask who runs"
                " the service."
            ),
        ),
        services,
    ),
    Phrase(
        ("duplicate_value", "flow save failed"),
        Advice(
            _(
                "Publishing failed, because the flow that starts this journey could not be saved in"
                " Sales or Service Cloud. No key and no name of the journey is taken: as a rule"
                " another journey with Salesforce data was being published at the same time."
            ),
            _(
                "Publish journeys with Salesforce data one after the other: try this one again when"
                " no other is under way. If it fails again, ask a Salesforce admin whether the"
                " connected user may run and manage flows."
            ),
        ),
        entry_source,
    ),
    Phrase(
        ("flow save failed",),
        Advice(
            _(
                "Publishing failed, because the flow that starts this journey could not be saved in"
                " Sales or Service Cloud."
            ),
            _(
                "Ask a Salesforce admin whether the connected user has the permissions Run Flows"
                " and Manage Force.com Flow, then publish again."
            ),
        ),
        entry_source,
        codes=("Salesforce_JB_Triggers_Error",),
    ),
    NOT_FOUND,
    Phrase(
        ("another user recently modified this journey",),
        Advice(
            _("Somebody changed the journey in Journey Builder meanwhile."),
            _("Look at the journey there before you send this one over it."),
        ),
        nowhere,
    ),
    Phrase(
        ("an entry event must be configured",),
        Advice(
            _("The entry source is missing, or it has no event."),
            _("Add an entry source, and choose its event."),
        ),
        entry_event,
    ),
    Phrase(
        ("an activity must be created and configured",),
        Advice(
            _("The journey has no step, or one that is not set up."),
            _("Add a step, or complete those that show problems."),
        ),
        nowhere,
    ),
)
