"""Taking journeys in, for the page and the command alike: one set of rules.

Each source is looked at first, which writes nothing. Then what was chosen is done:

* A key that the tenant does not have yet starts a journey. The journey of a key that it has gets a
  new revision only where that was chosen, and where the author may edit it. Only a command can
  import without an author.
* A key that comes twice in one import is taken once: neither source overwrites the other.
* What is the same already gets no revision and no audit entry.
* What comes in counts as the words of who brings it, or as nobody's (see `models/authorship.py`).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _t

from journeys.checks import Rules
from journeys.checks.on_import import Arrival, arrival, put_right
from journeys.forms.new_journey import propose_key
from journeys.models import Journey, Tenant
from journeys.models.audit import record
from journeys.screens.error_text import error_text
from journeys.spec import document as doc
from journeys.spec import intake

UPDATE, NEW_KEY = "update", "new-key"
ASK, REPAIR, KEEP = "ask", "repair", "keep"
CREATED, UPDATED, UNCHANGED = "created", "updated", "unchanged"


@dataclass(frozen=True)
class Source:
    """A text that came in: a file, or what was pasted. `choice` is the answer to "its key is known
    here".

    `repair` is "" where nobody asked for repairs; ASK shows what they would change, REPAIR makes
    them, KEEP does not.
    """

    name: str
    data: bytes | str
    choice: str = ""
    is_pasted: bool = False
    repair: str = ""


@dataclass(frozen=True)
class NotWhole:
    """A row of a list answer that is no journey, or a list without rows; `text` says so."""

    name: str
    text: str
    title: str | None = None


@dataclass
class Candidate:
    """A source that was looked at. `journey` is the one here that has its key already, `same_as`
    the source that came with the key before; `repairs` says in words what would be put right (and
    was, in `document`, where that is chosen)."""

    source: Source
    document: dict = field(default_factory=dict)
    arrival: Arrival = field(default_factory=Arrival)
    error: doc.DocumentError | None = None
    journey: Journey | None = None
    same_as: str = ""
    repairs: list[str] = field(default_factory=list)

    @property
    def refusal(self) -> str:
        return error_text(self.error) if self.error else ""

    @property
    def asks(self) -> bool:
        """Whether somebody has to choose what becomes of it."""
        if self.error:
            return False
        return self.asks_for_key or (self.source.repair == ASK and bool(self.repairs))

    @property
    def asks_for_key(self) -> bool:
        if not (self.journey or self.same_as):
            return False
        return self.source.choice != NEW_KEY and not (self.source.choice == UPDATE and self.journey)

    @property
    def text(self) -> str:
        """As it came, so that nothing is lost while somebody chooses."""
        data = self.source.data
        return data if isinstance(data, str) else data.decode("utf-8-sig")


@dataclass(frozen=True)
class Imported:
    """`result` is CREATED, UPDATED or UNCHANGED."""

    journey: Journey
    candidate: Candidate
    result: str


def parts_of(source: Source) -> list[Source | NotWhole]:
    """A list answer item by item, in its order; anything else as it is."""
    items = intake.items_of(source.data)
    if items is None:
        return [source]
    if not items:
        text = _t("The list in %(file)s has no items.") % {"file": source.name}
        return [NotWhole(source.name, text)]
    whole, headings = intake.sorted_out(items)
    parts = {number: _item(source, number, data) for number, data in whole}
    parts |= {number: _heading(source, number, title) for number, title in headings}
    return [parts[number] for number in sorted(parts)]


def _item(source: Source, number: int, data: bytes) -> Source:
    name = _item_name(source, number)
    return Source(name, data.decode(), choice=source.choice, repair=source.repair)


def _heading(source: Source, number: int, title: str) -> NotWhole:
    sentence = _t(
        "Item %(number)s of %(file)s (%(name)s) is only a heading without activities. Get it by its"
        " key, or ask for the list with extras=all."
    )
    text = sentence % {"number": number, "file": source.name, "name": title or "–"}
    return NotWhole(_item_name(source, number), text, title)


def _item_name(source: Source, number: int) -> str:
    return _t("%(file)s, item %(number)s") % {"file": source.name, "number": number}


def examine(
    sources: Iterable[Source],
    known: QuerySet[Journey] | None,
    came_from: dict[str, str] | None = None,
    rules: Rules | None = None,
) -> list[Candidate]:
    """Writes nothing. `known` are the journeys of the tenant and `rules` its house rules; without a
    tenant nobody can know which keys are taken.

    `came_from` holds by key the name of the source that brought it, for an import that is examined
    in several steps.
    """
    came_from = {} if came_from is None else came_from
    return [_with_key_looked_up(look_at(source, rules), known, came_from) for source in sources]


def _with_key_looked_up(
    candidate: Candidate, known: QuerySet[Journey] | None, came_from: dict[str, str]
) -> Candidate:
    key = candidate.document.get("key")
    if not key:
        return candidate
    candidate.same_as = came_from.get(key, "")
    if known is not None and not candidate.same_as:
        candidate.journey = known.filter(key=key).first()
    if candidate.source.choice != NEW_KEY:
        came_from.setdefault(key, candidate.source.name)
    return candidate


def look_at(source: Source, rules: Rules | None = None) -> Candidate:
    try:
        if not source.data.strip():
            raise doc.DocumentError(_t("There is nothing in it."))
        document, stripped = doc.strip_server_assigned(doc.loads(source.data))
        if len(doc.dumps(document)) > doc.MAX_BYTES:
            raise doc.DocumentError(
                _t("The journey is larger than 4 MB, more than the endpoint takes.")
            )
    except doc.DocumentError as error:
        return Candidate(source, error=error)
    if not source.repair:
        return Candidate(source, document, arrival(document, stripped, rules=rules))
    better, repairs = put_right(document, rules)
    to_do = [one.to_do for one in repairs]
    if source.repair == REPAIR:
        return Candidate(source, better, arrival(better, stripped, repairs, rules), repairs=to_do)
    return Candidate(source, document, arrival(document, stripped, rules=rules), repairs=to_do)


@transaction.atomic
def take_in(
    candidates: Iterable[Candidate], tenant: Tenant, author: object, **recorded: str
) -> list[Imported]:
    """Writes all of them; raises KeyTaken, ChangedMeanwhile, DocumentError and, where the author
    may not edit the journey, Journey.DoesNotExist: then nothing is written.

    Without an author the words are nobody's. `recorded` is kept with the audit entries.
    """
    return [_take_in_one(candidate, tenant, author, recorded) for candidate in candidates]


def _take_in_one(
    candidate: Candidate, tenant: Tenant, author: object, recorded: dict[str, str]
) -> Imported:
    file = {"file": candidate.source.name}
    before = None
    if candidate.journey and candidate.source.choice == UPDATE:
        journey, before = _updated(candidate, author, file)
    else:
        journey = _created(candidate, tenant, author, file)
    if journey.head_id == before:
        return Imported(journey, candidate, UNCHANGED)
    action = "journey.imported" if author else "journey.imported-as-nobodys"
    record(author, action, journey=journey, revision=journey.head.number, **file, **recorded)
    return Imported(journey, candidate, CREATED if before is None else UPDATED)


def _updated(candidate: Candidate, author: object, file: dict[str, str]) -> tuple[Journey, int]:
    """The journey, and which revision was its newest one before."""
    journeys = Journey.objects.editable_by(author) if author else Journey.objects.all()
    journey = journeys.select_related("head", "tenant").get(pk=candidate.journey.pk)
    before = journey.head
    journey.replace(
        candidate.document, based_on=before.number, author=author, operation="import", told=file
    )
    return journey, before.pk


def _created(candidate: Candidate, tenant: Tenant, author: object, file: dict[str, str]) -> Journey:
    """A key that was made up here is new to the tenant: `start` is told so."""
    is_new = candidate.source.choice == NEW_KEY
    document = {**candidate.document, "key": propose_key()} if is_new else candidate.document
    return Journey.objects.start(
        document,
        tenant=tenant,
        owner=author,
        operation="import",
        summary=_t("Imported from %(file)s") % file,
        key_proposed=is_new,
    )
