"""Who wrote what stands in a journey. Whoever brings another person's words back does not become
their only author.

`Revision.writers` tells for each person at which revision they last wrote something, or something
of theirs came back. It is carried from revision to revision, so that nobody has to read the history
to know it. Words are known again by a fingerprint of their block: `exact` with its key, `content`
without keys and links, which pasting makes anew.
"""

from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256

from django.conf import settings
from django.db import models

from journeys import blocks
from journeys.lifecycle.review import UNKNOWN
from journeys.spec import diff
from journeys.spec import document as doc
from journeys.spec.parts import MISSING, parts

# Operations that bring in what was written before, perhaps elsewhere. All others are the words of
# who carries them out.
BRING_BACK = ("undo", "redo", "revert", "restore")
BRING_IN = ("import", "edit as text", "patch")
COPY_IN = ("paste steps", "duplicate steps", "team template")
AT_A_TIME = 2000  # fingerprints of one query
SHORTEST_TELLING = 64  # bytes; that two people write less than that alike says nothing
MADE_ANEW = {"key", "next"}
SEALED = ("journey", "number", "sha256", "author", "writers", "seal")

Place = tuple[str, str]
Places = dict[Place, object]
Print = tuple[str, str, str]  # of a place, of what stands there (`exact`), and of its `content`


class Wording(models.Model):
    """Somebody wrote a block, or a member of the journey, as it then stood; or removed it.
    `number`: the last time."""

    journey = models.ForeignKey("Journey", on_delete=models.PROTECT, related_name="wordings")
    place = models.CharField(max_length=32)
    exact = models.CharField(max_length=32)
    content = models.CharField(max_length=32)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["journey", "place", "exact", "author"], name="wording_once_per_author"
            )
        ]
        indexes = [
            models.Index(fields=["journey", "content"], name="wording_in_journey"),
            models.Index(fields=["exact"], name="wording_exact"),
            models.Index(fields=["content"], name="wording_content"),
        ]

    def __str__(self) -> str:
        return f"{self.author} in revision {self.number} of {self.journey}"


@dataclass(frozen=True)
class Words:
    """What is new in a document, and what may have come back with it: all that is known without the
    database.

    `own` and `elsewhere` are fingerprints of what was written or turned: those by which it is known
    again in its own journey, and those by which another journey's is (the column that they stand
    in, by place).
    """

    written: dict[Place, Print]
    own: dict[Place, str]
    elsewhere: tuple[str, dict[Place, str]]


def words_of(before: dict, after: dict, operation: str, brought=None) -> Words:
    """`brought`: (before, after) of the change that undo or redo turns, where its words may get
    into a block that others have changed as well; or the revision that is restored.
    """
    written = _written(before, after)
    prints = {
        place: (_print(place), _exact(place, value), _content(place, value))
        for place, value in written.items()
    }
    if operation not in (*BRING_BACK, *BRING_IN, *COPY_IN):
        return Words(prints, {}, ("", {}))
    asked = written | _turned(brought)
    own = {place: _content(place, value) for place, value in asked.items()}
    telling = {place: value for place, value in asked.items() if not _anybodys(place, value)}
    if operation in BRING_IN:
        return Words(
            prints,
            own,
            ("exact", {place: _exact(place, value) for place, value in telling.items()}),
        )
    return Words(
        prints,
        own,
        ("content", {place: own[place] for place in telling} if operation in COPY_IN else {}),
    )


def writers_after(
    journey, words: Words, author, number: int, brought=None, *, of_whole: bool = True
) -> dict:
    """What `writers` of the next revision is; remembers whose words are new in it. Inside the
    transaction that appends it."""
    first = _first_writers(journey, words)
    by_hand = _untold(journey, brought) | ({author.pk} if author else set())
    # who only puts things into another order wrote the bytes, too
    people = by_hand.union(*first.values())
    writers = dict(writers_of(journey.head)) if journey.head else {}
    if not of_whole:  # words that nobody was seen to write go on standing in it
        writers |= {str(UNKNOWN): number}
    _remember(
        journey,
        words.written,
        {place: by_hand | first.get(place, set()) for place in words.written},
        number,
    )
    return writers | {str(pk): number for pk in people}


def writers_of(revision) -> dict[str, int]:
    """By person, the number of the revision at which they last wrote something; where that was
    changed past the composer, UNKNOWN is among them."""
    doubt = {} if revision.is_sealed() else {str(UNKNOWN): revision.number}
    if revision.writers is not None:
        return revision.writers | doubt if isinstance(revision.writers, dict) else doubt
    earlier = type(revision).objects.filter(
        journey=revision.journey_id, number__lte=revision.number
    )
    writers = {}
    for row in earlier.order_by("number").only(*SEALED).iterator():
        author = row.author_id if row.is_sealed() else UNKNOWN
        writers |= {} if author is None else {str(author): row.number}
    return writers | doubt


def _written(before: dict, after: dict) -> Places:
    new = parts(after)
    return {place: new.get(place, MISSING) for place in diff.changed_blocks(before, after)}


def _turned(brought) -> Places:
    return _written(*brought.change) if brought and brought.change else {}


class Brought:
    """Where the words of an undo, a redo, a revert or a restore come from."""

    def __init__(self, revision, change: tuple[dict, dict] | None = None) -> None:
        self.revision, self.change = revision, change


def _untold(journey, brought) -> set[int]:
    """Of a revision from before it was told who wrote what: everybody who may have written it."""
    if not brought or brought.revision.writers is not None:
        return set()
    return {int(pk) for pk in writers_of(brought.revision)}


def _first_writers(journey, words: Words) -> dict[Place, set[int]]:
    """Whose words came back, by place: anybody's of this journey, and from elsewhere what only a
    copy can be."""
    column, prints = words.elsewhere
    own_writers = _known(words.own, Wording.objects.filter(journey=journey), "content")
    elsewhere = _known(prints, Wording.objects.all(), column)
    return {
        place: own_writers.get(place, set()) | elsewhere.get(place, set()) for place in words.own
    }


def _known(
    prints: dict[tuple[str, str], str], rows, column: str
) -> dict[tuple[str, str], set[int]]:
    wanted = sorted(set(prints.values()))
    authors: dict[str, set[int]] = {}
    for start in range(0, len(wanted), AT_A_TIME):
        some = rows.filter(**{f"{column}__in": wanted[start : start + AT_A_TIME]})
        for seen, author in some.order_by().values_list(column, "author").distinct():
            authors.setdefault(seen, set()).add(author)
    return {place: authors[seen] for place, seen in prints.items() if seen in authors}


def _anybodys(place: tuple[str, str], value: object) -> bool:
    """What everybody comes to write: short members of the journey, and blocks as the palette gives
    them."""
    if value is MISSING or len(doc.dumps(value)) < SHORTEST_TELLING:
        return True
    return _content(place, value) in _fresh(place[0])


@lru_cache(maxsize=8)
def _fresh(kind: str) -> frozenset[str]:
    blank = doc.blank("", "")
    own = (lens for lens in blocks.LENSES if lens.kind == kind)
    return frozenset(_content((kind, ""), lens.new("K", blank)) for lens in own)


def _remember(
    journey, written: dict[Place, Print], people: dict[Place, set[int]], number: int
) -> None:
    rows = [
        Wording(
            journey=journey,
            place=place,
            exact=exact,
            content=content,
            author_id=author,
            number=number,
        )
        for named, (place, exact, content) in written.items()
        for author in people[named] - {UNKNOWN}
    ]
    unique = ["journey", "place", "exact", "author"]
    Wording.objects.bulk_create(
        rows, batch_size=500, update_conflicts=True, unique_fields=unique, update_fields=["number"]
    )


def _exact(place: tuple[str, str], value: object) -> str:
    return _print(place, "removed" if value is MISSING else value)


def _content(place: tuple[str, str], value: object) -> str:
    kind, name = place
    if value is MISSING or kind == "journey":
        return _exact(place, value)
    return _print(kind, _without_keys(value))


def _without_keys(value: object) -> object:
    if isinstance(value, dict):
        return {name: _without_keys(one) for name, one in value.items() if name not in MADE_ANEW}
    return [_without_keys(one) for one in value] if isinstance(value, list) else value


def _print(*what: object) -> str:
    return sha256(doc.dumps(list(what))).hexdigest()[:32]
