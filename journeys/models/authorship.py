"""Who wrote what stands in a journey. Whoever brings another person's words back does not become
their only author.

`Revision.writers` tells for each person at which revision they last wrote something, or something
of theirs came back. It is carried from revision to revision, so that nobody has to read the history
to know it. Words are known again by a fingerprint of their block: `exact` with its key, `content`
without keys and links, which pasting makes anew. Who edits a block leaves words of its earlier
writers standing in it, so each fingerprint is remembered as theirs as well. That alone makes nobody
a writer of the revision: their words were there before.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256

from django.conf import settings
from django.db import models

from journeys import blocks
from journeys.lifecycle.review import UNKNOWN, Decision
from journeys.spec import diff
from journeys.spec import document as doc
from journeys.spec.parts import MISSING, parts

# Operations that bring in what was written before, perhaps elsewhere. Of all others only long words
# that stood in the journey before are somebody else's as well, and none that the palette gives.
BRING_BACK = ("undo", "redo", "revert", "restore")
BRING_IN = ("import", "edit as text", "patch")
FROM_PALETTE = ("add step", "add block", "replace step", "replace block")
COPY_IN = ("paste steps", "duplicate steps", "team template")
MOST_APPROVALS = 50  # that are looked at; words approved before these count as not approved
AT_A_TIME = 2000  # fingerprints of one query
SHORTEST_TELLING = 64  # bytes; that two people write less than that alike says nothing
MOST_ALIKE = 32  # letters of the words that two people come to write into a block alike
MADE_ANEW = {"key", "next"}
NOBODYS = MADE_ANEW | {"type"}
# Not all scripts part words by spaces: of those other than Latin each letter counts as one.
WORD = re.compile(r"[0-9A-Za-zÀ-ɏ]+|\w")
SEALED = ("journey", "number", "sha256", "author", "writers", "seal")

Place = tuple[str, str]
Places = dict[Place, object]
Print = tuple[str, str, str]  # of a place, of what stands there (`exact`), and of its `content`


class Wording(models.Model):
    """Somebody wrote a block, or a member of the journey, as it then stood; or removed it.
    `number`: the last time that they wrote any of it."""

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
    in, by place). `stood` are those of what was edited, of which something stays.
    """

    written: dict[Place, Print]
    own: dict[Place, str]
    elsewhere: tuple[str, dict[Place, str]]
    stood: dict[Place, str]


def words_of(before: dict, after: dict, operation: str, brought=None) -> Words:
    """`brought`: (before, after) of the change that undo or redo turns, where its words may get
    into a block that others have changed as well; or the revision that is restored.
    """
    written, old = _written(before, after), parts(before)
    prints = {
        place: (_print(place), _exact(place, value), _content(place, value))
        for place, value in written.items()
    }
    asked = _asked(old, written, operation) | _turned(brought)
    own = {place: _content(place, value) for place, value in asked.items()}
    stood = {
        place: _exact(place, old[place])
        for place, value in written.items()
        if place in old and _stays(old[place], value)
    }
    return Words(prints, own, _elsewhere(asked, operation), stood)


def _asked(old: Places, written: Places, operation: str) -> Places:
    """What may have been written before."""
    if operation in (*BRING_BACK, *BRING_IN, *COPY_IN):
        return written
    if operation in FROM_PALETTE or not old:
        return {}
    return {
        place: value
        for place, value in written.items()
        if not _anybodys(place, value) and _is_long(_words(value) - _words(old.get(place)))
    }


def _elsewhere(asked: Places, operation: str) -> tuple[str, dict[Place, str]]:
    telling = {place: value for place, value in asked.items() if not _anybodys(place, value)}
    if operation in BRING_IN:
        return "exact", {place: _exact(place, value) for place, value in telling.items()}
    if operation in COPY_IN:
        return "content", {place: _content(place, value) for place, value in telling.items()}
    return "content", {}


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
    others = writers.keys() - {str(pk) for pk in by_hand}  # whoever else ever wrote in it
    staying = (
        _numbers(words.stood, Wording.objects.filter(journey=journey), "exact") if others else {}
    )
    people_of = {
        place: staying.get(place, {}) | dict.fromkeys(by_hand.union(first.get(place, ())), number)
        for place in words.written
    }
    _remember(journey, words.written, people_of)
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
    if not brought or not brought.change:
        return {}
    turned = _written(*brought.change)
    return {place: turned[place] for place in turned if brought.is_about(place)}


class Brought:
    """Where the words of an undo, a redo, a revert or a restore come from; or of a change that
    brings back what others took away meanwhile, in those `places` alone."""

    def __init__(
        self,
        revision,
        change: tuple[dict, dict] | None = None,
        places: set[Place] | None = None,
    ) -> None:
        self.revision, self.change, self.places = revision, change, places

    def is_about(self, place: Place) -> bool:
        return self.places is None or place in self.places


def comes_back(old: object, theirs: object, mine: object) -> bool:
    """Whether words come back with `mine` that somebody took out of `old`."""
    return bool(_words(old) & _words(mine) - _words(theirs))


def _untold(journey, brought) -> set[int]:
    """Of a revision from before it was told who wrote what: everybody who may have written it."""
    if not brought or brought.revision.writers is not None:
        return set()
    return {int(pk) for pk in writers_of(brought.revision)}


def _first_writers(journey, words: Words) -> dict[Place, set[int]]:
    """Whose words came back, by place: anybody's of this journey, and from elsewhere what only a
    copy can be."""
    column, prints = words.elsewhere
    own_writers = _own_writers(journey, words.own)
    elsewhere = _known(prints, Wording.objects.exclude(journey=journey), column)
    return {
        place: own_writers.get(place, set()) | elsewhere.get(place, set()) for place in words.own
    }


def _own_writers(journey, prints: dict[Place, str]) -> dict[Place, set[int]]:
    """Without those whose words stood there approved when somebody else last edited the block."""
    numbers = _numbers(prints, Wording.objects.filter(journey=journey), "content")
    if all(len(set(one.values())) == 1 for one in numbers.values()):
        approvals = []
    else:
        approvals = _approvals(journey)
    return {
        place: {
            author
            for author, number in by_author.items()
            if not any(number <= one < max(by_author.values()) for one in approvals)
        }
        for place, by_author in numbers.items()
    }


def _approvals(journey) -> list[int]:
    """The revisions that were approved last for the place where its tenant is."""
    place = {"tenant": journey.tenant_id, "place": journey.tenant.place}
    reviews = journey.reviews.filter(decision=Decision.APPROVED, **place).order_by("-id")
    reviews = reviews.select_related("revision", "decided_by").defer("revision__packed")
    return [one.revision.number for one in reviews[:MOST_APPROVALS] if one.is_sealed(one.sha256)]


def _known(prints: dict[Place, str], rows, column: str) -> dict[Place, set[int]]:
    return {place: set(authors) for place, authors in _numbers(prints, rows, column).items()}


def _numbers(prints: dict[Place, str], rows, column: str) -> dict[Place, dict[int, int]]:
    """By place and author, the number of the revision at which they last wrote it."""
    wanted = sorted(set(prints.values()))
    authors: dict[str, dict[int, int]] = {}
    for start in range(0, len(wanted), AT_A_TIME):
        some = rows.filter(**{f"{column}__in": wanted[start : start + AT_A_TIME]})
        some = some.order_by().values_list(column, "author").annotate(models.Max("number"))
        for seen, author, number in some:
            authors.setdefault(seen, {})[author] = number
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


def _remember(journey, written: dict[Place, Print], people: dict[Place, dict[int, int]]) -> None:
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
        for author, number in people[named].items()
        if author != UNKNOWN
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


def _stays(old: object, new: object) -> bool:
    """Whether anything of the old words still stands in the new ones."""
    if not set(_leaves(old)).isdisjoint(_leaves(new)):
        return True
    return not _words(old).isdisjoint(_words(new))


def _words(value: object) -> set[str]:
    return {word for leaf in _leaves(value) for word in WORD.findall(leaf.casefold())}


def _is_long(words: set[str]) -> bool:
    return sum(map(len, words)) > MOST_ALIKE


def _leaves(value: object) -> Iterator[str]:
    """What people write: texts and numbers, without keys and links."""
    if isinstance(value, dict):
        for name, one in value.items():
            yield from () if name in NOBODYS else _leaves(one)
    elif isinstance(value, list):
        for one in value:
            yield from _leaves(one)
    elif isinstance(value, str | int | float) and not isinstance(value, bool):
        yield str(value)


def _print(*what: object) -> str:
    return sha256(doc.dumps(list(what))).hexdigest()[:32]
