"""Finding journeys by the beginnings of words in their names, keys and descriptions.

The words stand in a table of their own, written where a journey's head is moved, and found by one
index on every database. What is inside documents is not in it; that would be another table of the
same kind.
"""

import re
import unicodedata

from django.db import connections, models
from django.db.models import Exists, F, OuterRef, Q, QuerySet

LONGEST = 40  # bytes of a word that are kept
MOST_WORDS = 80  # of one journey
MOST_ASKED = 8  # of one search
LONGEST_TEXT = 2000  # letters of a description that are looked at
FEW = 4000  # words of journeys that are named one by one
SHORT = 3  # bytes
SORTED = 100  # letters by which names are sorted
IS_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


class Word(models.Model):
    """One word of one journey, folded: bytes, so that every database compares them in the same
    way."""

    tenant = models.ForeignKey("Tenant", on_delete=models.CASCADE, related_name="+", db_index=False)
    journey = models.ForeignKey(
        "Journey", on_delete=models.CASCADE, related_name="words", db_index=False
    )
    word = models.BinaryField(max_length=LONGEST)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["journey", "word"], name="word_once_per_journey")
        ]
        indexes = [models.Index(fields=["tenant", "word", "journey"], name="word_of_tenant")]
        default_permissions = ()

    def __str__(self) -> str:
        return bytes(self.word).decode(errors="replace")


def folded(text: str) -> str:
    """Without capitals and accents, in any script."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def sortable(name: str) -> str:
    return folded(name)[:SORTED].replace("\0", "")


def words_in(text: str) -> list[bytes]:
    """The different words in their order, cut where they are too long."""
    words = re.findall(r"[^\W_]+", folded(text[:LONGEST_TEXT]))
    return list(dict.fromkeys(word.encode(errors="replace")[:LONGEST] for word in words))


def words_of(name: str, key: str, description: str) -> list[bytes]:
    """Of a key that was made up, only the beginning is a word; it is found whole as well."""
    said = key[:8] if IS_UUID.fullmatch(key) else key
    return words_in(f"{name[:LONGEST_TEXT]} {said}")[:MOST_WORDS] + words_in(description)


def note_words(journey) -> None:
    """Makes the table say what the journey is called now."""
    wanted = set(words_of(journey.name, journey.key, journey.description)[:MOST_WORDS])
    mine = Word.objects.filter(journey=journey.pk)
    known = {bytes(word) for word in mine.values_list("word", flat=True)}
    if known - wanted:
        mine.filter(word__in=known - wanted).delete()
    new = [
        Word(tenant_id=journey.tenant_id, journey=journey, word=word)
        for word in sorted(wanted - known)
    ]
    Word.objects.bulk_create(new, ignore_conflicts=True)


def begins_with(word: bytes) -> Q:
    """As a range, which an index serves; no byte of UTF-8 is the highest."""
    return Q(word__gte=word, word__lt=word + b"\xff")


def of_journeys(rows: QuerySet, text: str, tenants: QuerySet, path: str = "") -> QuerySet:
    """The rows whose journey, at `path`, has for each word of the text one that begins like it.

    The journeys come out of the index of words alone. Where they are few they are named one by one;
    where they are many, some of them stand on any page. `tenants` are those whose journeys may be
    among the rows.
    """
    asked = sorted(words_in(text)[:MOST_ASKED], key=len, reverse=True)
    if not asked:
        return rows
    matches = with_words(
        asked, Word.objects.filter(tenant__in=tenants.order_by().values("pk")).order_by()
    )
    column = f"{path}_id" if path else "pk"
    few = list(matches.values_list("journey", flat=True)[: FEW + 1])
    if len(few) <= FEW:
        return rows.filter(**{f"{column}__in": set(few)})
    if connections[rows.db].vendor != "sqlite":
        return rows.filter(**{f"{column}__in": matches})
    # SQLite does not know how many these are: added to 0, the column is no way to the rows, and it
    # reads them in the order of the list until the page is full
    return rows.alias(of_journey=F(column) + 0).filter(of_journey__in=matches)


def with_words(asked: list[bytes], mine: QuerySet) -> QuerySet:
    """The journeys that have all of them, as a list that does not depend on the row it is asked
    for; a short word is in so many that it is looked up in those that the longer ones leave."""
    matches = mine.filter(begins_with(asked[0])).values("journey")
    for word in asked[1:]:
        if len(word) < SHORT:
            matches = matches.filter(
                Exists(Word.objects.filter(begins_with(word), journey=OuterRef("journey")))
            )
        else:
            matches = matches.filter(journey__in=mine.filter(begins_with(word)).values("journey"))
    return matches
