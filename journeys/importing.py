"""Taking journeys in, for the page and the command alike: one set of rules.

Each source is looked at first, which writes nothing. Then what was chosen is done:

* A key that the tenant does not have yet starts a journey. The journey of a key that it has gets a
  new revision only where that was chosen, and where the author may edit it. Only a command can
  import without an author.
* A key that comes twice in one import is taken once: neither source overwrites the other.
* What is the same already gets no revision and no audit entry.
* What comes in counts as the words of who brings it, or as nobody's (see `models/authorship.py`).
"""

from codecs import BOM_UTF8
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _t

from journeys.checks import Rules
from journeys.checks.on_import import Arrival, Repaired, arrival, put_right
from journeys.forms.new_journey import propose_key
from journeys.models import ChangedMeanwhile, Journey, Tenant
from journeys.models.audit import record
from journeys.screens.error_text import error_text
from journeys.spec import document as doc
from journeys.spec import foreign, intake

UPDATE, NEW_KEY = "update", "new-key"
ASK, REPAIR, KEEP = "ask", "repair", "keep"
CREATED, UPDATED, UNCHANGED = "created", "updated", "unchanged"


@dataclass(frozen=True)
class Source:
    """A text that came in: a file, or what was pasted. `choice` is the answer to "its key is known
    here".

    `repair` is "" where nobody asked for repairs; ASK shows what they would change, REPAIR makes
    them, KEEP does not. `seen` is the revision of the journey with its key that was shown with the
    question: 0 where none was or nobody knows which, None where nobody is asked; with
    `proposes_key` it gets a key if it lacks one.
    """

    name: str
    data: bytes | str
    choice: str = ""
    is_pasted: bool = False
    repair: str = ""
    seen: int | None = None
    proposes_key: bool = False


@dataclass(frozen=True)
class NotWhole:
    """A row of a list answer that is no journey, or a list without rows; `text` says so."""

    name: str
    text: str
    title: str | None = None


@dataclass
class Candidate:
    """A source that was looked at. `journey` is the one here that has its key already, `same_as`
    the source that came with the key before; `lacks_key` that it came without one; `repairs` says
    in words what would be put right (and was, in `document`, where that is chosen)."""

    source: Source
    document: dict = field(default_factory=dict)
    arrival: Arrival = field(default_factory=Arrival)
    lacks_key: bool = False
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
        if not (self.journey or self.same_as or self.lacks_key) or self.gets_key:
            return False
        may_update = self.journey and not self.changed_since
        return not (self.source.choice == UPDATE and may_update)

    @property
    def gets_key(self) -> bool:
        """Whether a key is made up for it here."""
        return self.source.choice == NEW_KEY or (self.lacks_key and self.source.proposes_key)

    @property
    def changed_since(self) -> bool:
        """Whether the journey has another newest revision than the one that was shown with the
        question."""
        shown = self.source.seen
        was_asked = bool(shown) or (shown is not None and self.source.choice == UPDATE)
        return bool(self.journey) and was_asked and self.seen != shown

    @property
    def seen(self) -> int:
        """The newest revision of the journey with its key, as it was looked at."""
        return self.journey.head.number if self.journey else 0

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
    whole, others = intake.sorted_out(items)
    reasons = {number: foreign.refusal_of(items[number - 1]) for number, _name in others}
    alike = {error.sentence if error else "" for error in reasons.values()}
    if not whole and len(others) > 1 and len(alike) == 1 and alike != {""}:
        return [_of_another_kind(source, len(others), reasons[1])]
    parts = {number: _item(source, number, data) for number, data in whole}
    parts |= {n: _not_whole(source, n, name, reasons[n]) for n, name in others}
    return [parts[number] for number in sorted(parts)]


def _item(source: Source, number: int, data: bytes) -> Source:
    name = _item_name(source, number)
    return replace(source, name=name, data=data.decode(), is_pasted=False)


def _of_another_kind(source: Source, count: int, why: doc.DocumentError) -> NotWhole:
    """One cause is told once."""
    sentence = _t("None of the %(count)s items of %(file)s is a journey. Of each: %(why)s")
    words = {"count": count, "file": source.name, "why": error_text(why)}
    return NotWhole(source.name, sentence % words)


def _not_whole(source: Source, number: int, title: str, why: doc.DocumentError | None) -> NotWhole:
    sentence = _t(
        "Item %(number)s of %(file)s (%(name)s) is only a heading without activities. Get it by its"
        " key, or ask for the list with extras=all."
    )
    if why:
        sentence = _t("Item %(number)s of %(file)s (%(name)s): %(why)s")
    words = {"number": number, "file": source.name, "name": title or "–"}
    text = sentence % (words | {"why": error_text(why) if why else ""})
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
    if not key or candidate.lacks_key:
        return candidate
    candidate.same_as = came_from.get(key, "")
    if known is not None and not candidate.same_as:
        journeys = known.select_related("head__author").defer("head__packed")
        candidate.journey = journeys.filter(key=key).first()
    if candidate.source.choice != NEW_KEY:
        came_from.setdefault(key, candidate.source.name)
    return candidate


def look_at(source: Source, rules: Rules | None = None) -> Candidate:
    try:
        document, lacks_key = read(source.data)
        document, stripped = doc.strip_server_assigned(document)
        if len(doc.dumps(document)) > doc.MAX_BYTES:
            raise doc.DocumentError(
                _t("The journey is larger than 4 MB, more than the endpoint takes.")
            )
    except doc.DocumentError as error:
        return Candidate(source, error=error)
    gets_key = lacks_key or source.choice == NEW_KEY

    def looked_over(document: dict, repairs: list[Repaired] | None = None) -> Arrival:
        """As it will be here: its own key is not what is taken in."""
        taken_in = intake.with_key(document, propose_key()) if gets_key else document
        return arrival(taken_in, stripped, repairs, rules)

    if not source.repair:
        return Candidate(source, document, looked_over(document), lacks_key)
    better, repairs = put_right(document, rules)
    to_do = [one.to_do for one in repairs]
    if source.repair == REPAIR:
        report = looked_over(better, repairs)
        return Candidate(source, better, report, lacks_key, repairs=to_do)
    return Candidate(source, document, looked_over(document), lacks_key, repairs=to_do)


def read(data: bytes | str) -> tuple[dict, bool]:
    """A journey, and whether it lacks its key; raises DocumentError."""
    if not _is_filled(data):
        raise doc.DocumentError(_t("There is nothing in it."))
    return intake.loads_with_or_without_key(data)


def _is_filled(data: bytes | str) -> bool:
    """Whether there is more in it than white space and the mark that some programs begin with."""
    if isinstance(data, str):
        return bool(data.lstrip("\ufeff").strip())
    return bool(data.removeprefix(BOM_UTF8).strip())


def may_compose(author: object, tenant: Tenant) -> bool:
    is_theirs = Tenant.objects.visible_to(author).filter(pk=tenant.pk).exists()
    return is_theirs and author.has_perm("journeys.add_journey")


@transaction.atomic
def take_in(
    candidates: Iterable[Candidate], tenant: Tenant, author: object, **recorded: str
) -> list[Imported]:
    """Writes all of them; raises KeyTaken, ChangedMeanwhile, DocumentError and, where the author
    may not edit the journey, Journey.DoesNotExist, or may start none, PermissionDenied: then
    nothing is written. A journey is updated only while its newest revision is the one that was
    looked at.

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
    revision = journey.replace(
        candidate.document, based_on=before.number, author=author, operation="import", told=file
    )
    if revision.number not in (candidate.seen, candidate.seen + 1):
        raise ChangedMeanwhile({("journey", "")}, candidate.document, before.stored(), before)
    return journey, before.pk


def _created(candidate: Candidate, tenant: Tenant, author: object, file: dict[str, str]) -> Journey:
    """A key that was made up here is new to the tenant: `start` is told so."""
    if author and not may_compose(author, tenant):
        raise PermissionDenied
    is_new = candidate.gets_key
    document = candidate.document
    if is_new:
        document = intake.with_key(document, propose_key())
    return Journey.objects.start(
        document,
        tenant=tenant,
        owner=author,
        operation="import",
        summary=_t("Imported from %(file)s") % file,
        key_proposed=is_new,
    )
