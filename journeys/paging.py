"""Pages of lists that grow: found by where a page begins, never by counting the rows before it.

A link to a page names, of the row that the page follows or precedes, the values by which the list
is sorted. So a page costs the same at any depth, and rows that come in meanwhile shift nothing. A
row that is edited meanwhile stands where its new values belong: whoever goes on downwards finds it
at the top again, once, and misses none of the others. The links are signed: only what was shown
here is ever looked for.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core import signing
from django.db import connections
from django.db.models import Count, F, Field, Model, OrderBy, Q, QuerySet, Value
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _t

SIZE = 50
MOST_COUNTED = 10_000
MOST_FOUND = 1_000  # of a search
FARTHEST = 20  # the last of the page numbers in old addresses that still leads to its rows
FIRST, AFTER, BEFORE, LAST = "first", "after", "before", "last"


@dataclass(frozen=True)
class Page:
    """`here`, `previous`, `next` and `last` are what the addresses of those pages name; "" for the
    first, or for none.

    `start` counts from 1, and is None where nobody counted. `count` is at most one more than
    `most`.
    """

    object_list: list
    start: int | None
    count: int
    here: str = ""
    previous: str = ""
    next: str = ""
    last: str = ""
    most: int = MOST_COUNTED

    def __iter__(self):
        return iter(self.object_list)

    def __len__(self) -> int:
        return len(self.object_list)

    @property
    def is_all(self) -> bool:
        return not (self.previous or self.next)

    @property
    def total(self) -> str:
        if self.count > self.most:
            return _t("more than %(count)s") % {"count": f"{self.most:,}"}
        return f"{self.count:,}"

    @property
    def told(self) -> str:
        """Such as "51–100 of more than 10,000"."""
        if self.is_all:
            return self.total
        if self.start is None:
            return _t("%(number)s of %(total)s") % {"number": len(self), "total": self.total}
        values = {
            "start": f"{self.start:,}",
            "end": f"{self.start + len(self) - 1:,}",
            "total": self.total,
        }
        return _t("%(start)s–%(end)s of %(total)s") % values


@dataclass(frozen=True)
class Place:
    """Where a page stands: after or before a row of these values. `start` is the page's own, as far
    as it is known."""

    way: str = FIRST
    start: int | None = 1
    values: tuple = ()
    skipped: int = 0

    @property
    def is_backwards(self) -> bool:
        return self.way in (BEFORE, LAST)


def page_of(
    rows: QuerySet,
    order: Sequence[str],
    asked: str = "",
    *,
    loaded: QuerySet | None = None,
    parts: Sequence[Q] = (),
    size: int = SIZE,
    most: int = MOST_COUNTED,
    is_found: bool = False,
    known: int | None = None,
) -> Page:
    """The page of `rows` that `asked` names; the first one where that means nothing.

    `order` are columns, all in one direction, that tell any two rows apart. `loaded` says how the
    rows of the page are read: related rows, deferred columns. `parts` divide the rows, each with an
    index in this order: they are read one by one and merged. `most` is how many are counted: fewer
    where each has to be tested. `is_found`: they were found by words, so they may all stand at the
    other end of an index in this order. `known`: how many they are, where somebody knows it
    already.
    """
    same = {
        "loaded": loaded,
        "parts": parts,
        "size": size,
        "most": most,
        "is_found": is_found,
        "known": known,
    }
    place = place_of(rows.model, order, asked or "", size)
    page_keys = keys(
        rows, turned(order) if place.is_backwards else order, place, size + 1, parts, is_found
    )
    has_more, page_keys = len(page_keys) > size, page_keys[:size]
    if place.way == BEFORE and not has_more:  # a page from the top, not one with a few rows
        return page_of(rows, order, **same)
    if not page_keys and (place.way == AFTER or place.skipped):  # what was there is gone
        last = signed(rows.model, order, LAST, None) if place.way == AFTER else ""
        return page_of(rows, order, last, **same)
    is_whole = place.way == FIRST and not has_more and not place.skipped
    count = len(page_keys) if is_whole else min(known or counted(rows, most), most + 1)
    read = (
        (rows.model._default_manager.all() if loaded is None else loaded)
        .order_by()
        .in_bulk(page_keys)
    )
    shown = [
        read[key]
        for key in (reversed(page_keys) if place.is_backwards else page_keys)
        if key in read
    ]
    return bordered(rows.model, order, place, shown, has_more, count, size, most, asked)


def counted(rows: QuerySet, most: int) -> int:
    """At most one more than `most`. No column of theirs is asked for, so that an index may do
    without the table."""
    ones = rows.order_by().annotate(one=Value(1)).values("one")[: most + 1]
    return ones.aggregate(count=Count("one"))["count"]


def bordered(
    model: type[Model],
    order: Sequence[str],
    place: Place,
    shown: list,
    has_more: bool,
    count: int,
    size: int,
    most: int,
    asked: str,
) -> Page:
    """The page with what leads to those around it."""
    start = start_of(place, len(shown), count, most)
    has_before = (
        has_more if place.way == LAST else place.way in (AFTER, BEFORE) or place.skipped > 0
    )
    has_after = place.way == BEFORE or (has_more and place.way != LAST)
    before = after = last = ""
    if has_before and shown:
        before_it = None if start is None or start <= size else start - size
        before = signed(model, order, BEFORE, before_it, values_of(shown[0], model, order))
    if has_after and shown:
        after_it = None if start is None else start + len(shown)
        after = signed(model, order, AFTER, after_it, values_of(shown[-1], model, order))
        last = signed(model, order, LAST, None)
    return Page(shown, start, count, asked if place != Place() else "", before, after, last, most)


def start_of(place: Place, shown: int, count: int, most: int) -> int | None:
    if count > most:
        return place.start
    last = max(1, count - shown + 1)  # rows may have come or gone since the link was made
    return last if place.way == LAST else min(place.start, last) if place.start else None


def keys(
    rows: QuerySet,
    order: Sequence[str],
    place: Place,
    most: int,
    parts: Sequence[Q],
    is_found: bool = False,
) -> list:
    """Primary keys in this order, beyond the place."""
    if place.values:
        rows = rows.filter(beyond(order, place.values))
    if len(parts) > 1:
        return merged(rows, order, place.skipped, most, parts)
    by = (
        sorted_as_found(order)
        if is_found and connections[rows.db].vendor == "postgresql"
        else order
    )
    rows = rows.filter(*parts).order_by(*by)
    return list(rows.values_list("pk", flat=True)[place.skipped : place.skipped + most])


def sorted_as_found(order: Sequence[str]) -> list[OrderBy]:
    """Words no index knows: with one, PostgreSQL would read rows in this order until enough of them
    fit, and hope."""
    names = [name.removeprefix("-") for name in order]
    return [OrderBy(Coalesce(F(name), F(name)), descending=is_descending(order)) for name in names]


def merged(
    rows: QuerySet, order: Sequence[str], skipped: int, most: int, parts: Sequence[Q]
) -> list:
    """The first of each part by its own index, then the first of those. Django does not write that
    for SQLite."""
    names = [name.removeprefix("-") for name in order]
    wanted = rows.order_by(*order).values_list("pk", *names)
    each = [wanted.filter(part)[: skipped + most].query.sql_with_params() for part in parts]
    union = " UNION ALL ".join(
        f"SELECT * FROM ({sql}) part_{number}"  # noqa: S608 Django wrote it, values are apart
        for number, (sql, _params) in enumerate(each)
    )
    way = " DESC" if is_descending(order) else ""
    sorting = ", ".join(f"{number + 2}{way}" for number in range(len(names)))
    params = [param for _sql, some in each for param in some]
    with connections[rows.db].cursor() as cursor:
        cursor.execute(
            f"{union} ORDER BY {sorting} LIMIT {int(most)} OFFSET {int(skipped)}", params
        )
        return [rows.model._meta.pk.to_python(row[0]) for row in cursor.fetchall()]


def beyond(order: Sequence[str], values: Sequence) -> object:
    """What stands later in this order than a row of these values: one comparison of rows, so that
    one index serves."""
    names = [name.removeprefix("-") for name in order]
    if len(names) == 1:
        return Q(**{f"{names[0]}__{'lt' if is_descending(order) else 'gt'}": values[0]})
    comparison = TupleLessThan if is_descending(order) else TupleGreaterThan
    return comparison(Tuple(*names), tuple(values))


def is_descending(order: Sequence[str]) -> bool:
    return order[0].startswith("-")


def turned(order: Sequence[str]) -> list[str]:
    return [name.removeprefix("-") if name.startswith("-") else f"-{name}" for name in order]


# What addresses name


def place_of(model: type[Model], order: Sequence[str], asked: str, size: int) -> Place:
    if asked.isascii() and asked.isdigit():  # an address from the time when pages had numbers
        number = int(asked[:9])
        return (
            Place(start=(number - 1) * size + 1, skipped=(number - 1) * size)
            if 1 < number <= FARTHEST
            else Place()
        )
    try:
        way, start, *values = signing.loads(asked, salt=salt(model, order))
        if way == LAST:
            return Place(LAST, None)
        return Place(
            way,
            start,
            tuple(f.to_python(v) for f, v in zip(fields(model, order), values, strict=True)),
        )
    except (signing.BadSignature, ValueError):
        return Place()


def signed(
    model: type[Model], order: Sequence[str], way: str, start: int | None, values: Sequence = ()
) -> str:
    return signing.dumps([way, start, *values], salt=salt(model, order))


def salt(model: type[Model], order: Sequence[str]) -> str:
    """A link means a place in one list, sorted in one way."""
    return f"page of {model._meta.label} by {','.join(order)}"


def fields(model: type[Model], order: Sequence[str]) -> list[Field]:
    names = [name.removeprefix("-") for name in order]
    return [model._meta.pk if name == "pk" else model._meta.get_field(name) for name in names]


def values_of(row: Model, model: type[Model], order: Sequence[str]) -> list:
    values = [getattr(row, field.attname) for field in fields(model, order)]
    return [value if isinstance(value, str | int) else f"{value}" for value in values]
