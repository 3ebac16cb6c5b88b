"""Taking journey files in: first every file is looked at, then all are written or none is."""

from dataclasses import dataclass, field

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _t

from journeys.checks.arrival import Arrival, arrival, put_right
from journeys.forms import propose_key
from journeys.models import Journey
from journeys.models.audit import record
from journeys.screens.error_text import error_text
from journeys.spec import document as doc
from journeys.spec import intake

UPDATE, NEW_KEY, LEAVE_OUT = "update", "new-key", "leave-out"
ASK, REPAIR, KEEP = "ask", "repair", "keep"
MOST_BYTES = (
    12 * 1024 * 1024
)  # of one upload: the page sends the texts back with the answers to its questions


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


@dataclass
class Found:
    """What a look at a source told. `journey` is the one here that has its key already; `repairs`
    says in words what could be put right (and was, in `document`, where that is chosen)."""

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
class Taken:
    journey: Journey
    source: Source
    arrival: Arrival
    updated: bool


def sources_of(request: HttpRequest) -> tuple[list[Source], list[str]]:
    """Files, pasted text, and what an earlier answer of the page kept; without what was told to be
    left out.

    A list answer becomes one source for each of its whole journeys. The second part says in words
    which of its rows are none.
    """
    repair = ASK if request.POST.get("repair") else ""
    files = [
        Source(file.name, read(file), repair=repair) for file in request.FILES.getlist("files")
    ]
    text = request.POST.get("text", "")
    pasted = (
        [Source(_t("the pasted text"), text, is_pasted=True, repair=repair)] if text.strip() else []
    )
    kept = enumerate(
        zip(request.POST.getlist("kept_name"), request.POST.getlist("kept_text"), strict=False)
    )
    chosen = [Source(name, text, **answers(request.POST, index)) for index, (name, text) in kept]
    sources, notes = (
        [source for source in chosen if source.choice != LEAVE_OUT],
        request.POST.getlist("kept_note"),
    )
    for source in [*files, *pasted]:
        parts, headings = taken_apart(source)
        sources += parts
        notes += headings
    return sources, notes


def answers(posted, index: int) -> dict[str, str]:
    """What was chosen for one of those that an earlier answer kept."""
    repair = posted.get(f"repair-{index}", "")
    repair = repair if repair in (REPAIR, KEEP) else ASK if f"asked-{index}" in posted else ""
    return {"choice": posted.get(f"choice-{index}", ""), "repair": repair}


def taken_apart(source: Source) -> tuple[list[Source], list[str]]:
    """A list answer as its whole journeys; anything else as it is."""
    items = intake.items_of(source.data)
    if items is None:
        return [source], []
    whole, headings = intake.sorted_out(items)
    name = _t("%(file)s, item %(number)s")
    parts = [
        Source(name % {"file": source.name, "number": number}, data.decode(), repair=source.repair)
        for number, data in whole
    ]
    return parts, [not_whole(source.name, *heading) for heading in headings] or (
        [] if whole else [nothing_in(source)]
    )


def not_whole(file: str, number: int, name: str) -> str:
    sentence = _t(
        "Item %(number)s of %(file)s (%(name)s) is only a heading without activities. Get it by its"
        " key, or ask for the list with extras=all."
    )
    return sentence % {"number": number, "file": file, "name": name or "–"}


def nothing_in(source: Source) -> str:
    return _t("The list in %(file)s has no items.") % {"file": source.name}


def read(file) -> bytes:
    """At most one byte more than is allowed, which is enough to refuse it."""
    return file.read(doc.MAX_BYTES + 1)


def examine(sources: list[Source], tenant, user) -> list[Found]:
    """Writes nothing. Without a tenant nobody can know which keys are taken."""
    found, keys = [], {}
    for source in sources:
        one = look_at(source)
        key = one.document.get("key")
        if tenant and key:
            one.journey = Journey.objects.visible_to(user).filter(tenant=tenant, key=key).first()
        if key and not one.journey:
            one.same_as = keys.get(key, "")
            keys.setdefault(key, source.name)
        found.append(one)
    return found


def look_at(source: Source) -> Found:
    try:
        if not source.data.strip():
            raise doc.DocumentError(_t("There is nothing in it."))
        document, stripped = doc.strip_server_assigned(doc.loads(source.data))
        if len(doc.dumps(document)) > doc.MAX_BYTES:
            raise doc.DocumentError(
                _t("The journey is larger than 4 MB, more than the endpoint takes.")
            )
    except doc.DocumentError as error:
        return Found(source, error=error)
    if not source.repair:
        return Found(source, document, arrival(document, stripped))
    better, repairs = put_right(document)
    if source.repair == REPAIR:
        return Found(source, better, arrival(better, stripped, repairs), repairs=repairs)
    return Found(source, document, arrival(document, stripped), repairs=repairs)


@transaction.atomic
def take_in(found: list[Found], tenant, user) -> list[Taken]:
    """Writes all of them; raises KeyTaken, ChangedMeanwhile and DocumentError, and then nothing is
    written."""
    return [take_in_one(one, tenant, user) for one in found]


def take_in_one(one: Found, tenant, user) -> Taken:
    told = {"file": one.source.name}
    if one.journey and one.source.choice == UPDATE:
        journey = (
            Journey.objects.editable_by(user)
            .select_related("head", "tenant")
            .get(pk=one.journey.pk)
        )
        before = journey.head.pk
        journey.replace(
            one.document, based_on=journey.head.number, author=user, operation="import", told=told
        )
        if journey.head.pk != before:
            record(user, "journey.imported", journey=journey, revision=journey.head.number, **told)
        return Taken(journey, one.source, one.arrival, updated=journey.head.pk != before)
    is_new = one.source.choice == NEW_KEY
    document = {**one.document, "key": propose_key()} if is_new else one.document
    summary = _t("Imported from %(file)s") % told
    journey = Journey.objects.start(
        document,
        tenant=tenant,
        owner=user,
        operation="import",
        summary=summary,
        key_proposed=is_new,
    )
    record(user, "journey.imported", journey=journey, revision=journey.head.number, **told)
    return Taken(journey, one.source, one.arrival, updated=False)


def report(taken: list[Taken], notes: list[str]) -> dict:
    """What was done, journey by journey, as plain data that a session can hold."""
    rows = [
        {
            "journey": one.journey.pk,
            "name": str(one.journey),
            "what": what(one),
            "lines": one.arrival.lines(),
        }
        for one in taken
    ]
    return {"journeys": rows, "notes": notes}


def what(one: Taken) -> str:
    words = {"name": str(one.journey), "file": one.source.name}
    if one.updated:
        return _t("“%(name)s” has a new revision, from %(file)s.") % words
    if one.source.choice == UPDATE:
        return _t("“%(name)s” was the same already: nothing to change.") % words
    return _t("Imported “%(name)s” from %(file)s.") % words
