"""A revision: one frozen document with its author, time and summary in words."""

import zlib

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _t

from journeys.lifecycle.journey_state import Tampered
from journeys.models import clock, seals
from journeys.spec import document as doc
from journeys.spec.cache import MISSING, Store, document_weight, kept
from journeys.spec.relatives import with_blocks_of


class RevisionQuerySet(models.QuerySet):
    def rows(self) -> "RevisionQuerySet":
        """For lists: everything but the bodies."""
        return self.defer("packed")


class Revision(models.Model):
    """Rows are only ever appended; the newest is the draft.

    Other revisions are named by their numbers. While this one is its author's newest, their Undo
    takes back `undo_top` and their Redo brings back `redo_top`. `undoes` and `redoes` name the
    revision whose change it takes back or brings back (see turning).
    """

    journey = models.ForeignKey("Journey", on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    packed = models.BinaryField()  # the document's bytes, zlib level 1
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(default=clock.moment, editable=False)
    operation = models.CharField(max_length=40)
    arguments = models.JSONField(default=dict)
    summary = models.TextField()
    writers = models.JSONField(
        null=True, editable=False
    )  # see authorship; null: from before it was told
    seal = models.CharField(max_length=80, blank=True, editable=False)
    based_on = models.PositiveIntegerField(null=True)
    undoes = models.PositiveIntegerField(null=True)
    redoes = models.PositiveIntegerField(null=True)
    undo_top = models.PositiveIntegerField(null=True)
    redo_top = models.PositiveIntegerField(null=True)

    objects = RevisionQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["journey", "number"], name="revision_number_once")
        ]
        indexes = [
            models.Index(fields=["journey", "sha256", "number"], name="revision_of_bytes"),
            models.Index(
                fields=["journey", "undoes", "number"],
                name="revision_undoes",
                condition=models.Q(undoes__isnull=False),
            ),
            models.Index(
                fields=["journey", "redoes", "number"],
                name="revision_redoes",
                condition=models.Q(redoes__isnull=False),
            ),
            models.Index(fields=["journey", "number", "author"], name="revision_authors"),
            models.Index(fields=["journey", "author", "number"], name="revision_of_author"),
            models.Index(fields=["sha256"], name="revision_sha256"),
        ]

    def __str__(self) -> str:
        return f"revision {self.number}"

    def sealed(self) -> "Revision":
        """Puts the seal on which bytes it is of and who wrote them."""
        self.seal = seals.sealed("revision", self._facts())
        return self

    def is_sealed(self) -> bool:
        """Whether number, hash and writers are those that were appended. Needs no body."""
        return seals.fits(self.seal, "revision", self._facts())

    def is_whole(self) -> bool:
        """The same, and the bytes are those of the hash."""
        return self.is_sealed() and sha256_of(bytes(self.packed)) == self.sha256

    def _facts(self) -> dict:
        names = ("journey_id", "number", "sha256", "author_id", "writers")
        return {name: getattr(self, name) for name in names}

    # What is made of a body, decided by it, compared with it or sent reads it by `body` and
    # `document`. What only shows it, and the draft, whose doubt goes on with it (authorship), read
    # it as it stands.

    @property
    def body(self) -> bytes:
        self.require_whole()
        return self.stored_body

    def document(self) -> dict:
        """The document. It is shared: whoever wants another makes one (all operations do), nobody
        changes this one."""
        self.require_whole()
        return self.stored()

    def require_whole(self) -> None:
        if not self.is_whole():
            raise Tampered(self.why_altered(), self.journey.tenant)

    def why_altered(self) -> str:
        """What people read about a revision that is not as it was written; "" where it is."""
        if self.is_whole():
            return ""
        return _t(
            "Revision %(number)s of “%(journey)s” was changed in the database past the composer, so"
            " nothing is made of it and nothing is compared with it. Tell an admin, and use another"
            " revision."
        ) % {"number": self.number, "journey": self.journey}

    @property
    def stored_body(self) -> bytes:
        """As it stands in the database, whoever wrote it there."""
        return zlib.decompress(self.packed)

    def stored(self) -> dict:
        return unpacked(bytes(self.packed))


def unpacked(packed: bytes) -> dict:
    """A document out of its stored bytes. What one request reads, the next one needs again."""
    return weighed(packed)[0]


def sha256_of(packed: bytes) -> str:
    """The hash of a body; "" where nobody can read it."""
    try:
        return weighed(packed)[2]
    except (zlib.error, ValueError, RecursionError):
        return ""


def remember(packed: bytes, body: bytes, document: dict, sha256: str) -> None:
    """What reading these bytes would give is known, because it was just written."""
    weight = document_weight(body)
    weighed.store.put((packed,), (document, weight, sha256), weight + len(packed))
    _note_newest(document, packed)


@kept(40, lambda found, packed: found[1] + len(packed))
def weighed(packed: bytes) -> tuple[dict, int, str]:
    """The same, the bytes that it takes, and the hash of its body.

    It shares its blocks with the newest revision of its journey that is known here: another worker
    may have written this one.
    """
    data = zlib.decompress(packed)
    document = doc.read_stored(data)
    if _is_journey(document):  # else somebody put it into the database past the composer
        relative = weighed.store.get((_newest.get(document["key"]),))
        if relative is not MISSING:
            document = with_blocks_of(relative[0], document, data)
        _note_newest(document, packed)
    return document, document_weight(data), doc.sha256(data)


# By the key of a journey, the stored bytes of what was read or written of it last. Where two
# journeys have the same key, their documents share what is equal all the same.
_newest = Store(f"{__name__}.newest", 4 * 1024 * 1024)


def _note_newest(document: dict, packed: bytes) -> None:
    _newest.put(document["key"], packed, len(packed))


def _is_journey(document: object) -> bool:
    return isinstance(document, dict) and isinstance(document.get("key"), str)
