"""Who wrote what stands in a journey. Whoever brings another person's words back does not become their only author.

`Revision.writers` tells for each person at which revision they last wrote something, or something of theirs came back.
It is carried from revision to revision, so that nobody has to read the history to know it. Words are known again by a
fingerprint of their block: `exact` with its key, `content` without keys and links, which pasting makes anew.
"""

from hashlib import sha256

from django.conf import settings
from django.db import models
from django.db.models import Max, Q

from journeys.spec import diff
from journeys.spec import document as doc
from journeys.spec.parts import MISSING, parts

# Operations that bring in what was written before, perhaps elsewhere. All others are the words of who carries them out.
BRING_BACK = ("undo", "redo", "restore")
BRING_IN = ("import", "edit as text", "patch")
COPY_IN = ("paste steps", "duplicate steps", "team template")
AT_A_TIME = 2000  # fingerprints of one query
MADE_ANEW = {"key", "next"}

Places = dict[tuple[str, str], object]


class Wording(models.Model):
    """Somebody wrote a block, or a member of the journey, as it then stood; or removed it. `number`: the last time."""

    journey = models.ForeignKey("Journey", on_delete=models.PROTECT, related_name="wordings")
    place = models.CharField(max_length=32)
    exact = models.CharField(max_length=32)
    content = models.CharField(max_length=32)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["journey", "place", "exact", "author"], name="wording_once_per_author")
        ]
        indexes = [
            models.Index(fields=["journey", "content"], name="wording_in_journey"),
            models.Index(fields=["exact"], name="wording_exact"),
            models.Index(fields=["content"], name="wording_content"),
        ]

    def __str__(self) -> str:
        return f"{self.author} in revision {self.number} of {self.journey}"


def writers_after(journey, before: dict, after: dict, author, operation: str, number: int, brought=None) -> dict:
    """What `writers` of the next revision is; remembers whose words are new in it.

    `brought`: (before, after) of the change that undo or redo turns, where its words may get into a block that others
    have changed as well; or the revision that is restored. Inside the transaction that appends it.
    """
    written = _written(before, after)
    came_back = _authors_before(journey, written | _turned(brought), operation)
    came_back |= _untold(journey, brought)
    people = came_back | ({author.pk} if author else set())
    writers = dict(writers_of(journey.head)) if journey.head else {}
    if written:
        writers |= {str(pk): number for pk in people}
        _remember(journey, written, people, number)
    return writers


def writers_of(revision) -> dict[str, int]:
    """By person, the number of the revision at which they last wrote something."""
    if revision.writers is not None:
        return revision.writers
    earlier = type(revision).objects.filter(journey=revision.journey_id, number__lte=revision.number)
    rows = earlier.exclude(author=None).order_by().values_list("author").annotate(last=Max("number"))
    return {str(author): last for author, last in rows}


def wrote_block(journey, user, place: tuple[str, str], since: int) -> bool:
    """Whether this person wrote anything of the block after revision `since`."""
    rows = Wording.objects.filter(journey=journey, author=user, number__gt=since)
    return rows.filter(place=_print(place)).exists()


def _written(before: dict, after: dict) -> Places:
    new = parts(after)
    return {place: new.get(place, MISSING) for place in diff.changed_blocks(before, after)}


def _turned(brought) -> Places:
    return _written(*brought.change) if brought and brought.change else {}


class Brought:
    """Where the words of an undo, a redo or a restore come from."""

    def __init__(self, revision, change: tuple[dict, dict] | None = None) -> None:
        self.revision, self.change = revision, change


def _untold(journey, brought) -> set[int]:
    """Of a revision from before it was told who wrote what: everybody who may have written it."""
    if not brought or brought.revision.writers is not None:
        return set()
    return {int(pk) for pk in writers_of(brought.revision)}


def _authors_before(journey, written: Places, operation: str) -> set[int]:
    if operation not in (*BRING_BACK, *BRING_IN, *COPY_IN) or not written:
        return set()
    prints = [(_exact(place, value), _content(place, value)) for place, value in written.items()]
    found: set[int] = set()
    for start in range(0, len(prints), AT_A_TIME):
        some = prints[start : start + AT_A_TIME]
        exact, content = {one for one, _other in some}, {other for _one, other in some}
        rows = Wording.objects.filter(Q(content__in=content), journey=journey)
        found |= set(rows.values_list("author", flat=True).distinct())
        if operation in BRING_IN:
            found |= set(Wording.objects.filter(exact__in=exact).values_list("author", flat=True).distinct())
        elif operation in COPY_IN:
            found |= set(Wording.objects.filter(content__in=content).values_list("author", flat=True).distinct())
    return found


def _remember(journey, written: Places, people: set[int], number: int) -> None:
    rows = [
        Wording(
            journey=journey,
            place=_print(place),
            exact=_exact(place, value),
            content=_content(place, value),
            author_id=author,
            number=number,
        )
        for place, value in written.items()
        for author in people
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
