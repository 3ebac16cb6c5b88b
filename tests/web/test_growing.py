"""Lists that grow: at every depth few queries, each by an index, without bodies, offsets or full
counts."""

import inspect
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client

import journeys
from composer.identity.sessions import ACTIVE, NOTED_EACH
from journeys.admin.reading import Pages, ReadOnly
from journeys.models.tally import move_on
from journeys.paging import page_of
from journeys.screens import thumbnails
from tests.bench.crowd import RARE, Size, fill
from tests.bench.lists import links_of, what_it_lists
from tests.depth import deep

BIG = r"journeys_(?:journey|revision|review|submission|attempt|auditentry|word)"
SMALL = {
    "tenant",
    "user",
    "group",
}  # lists of the administration that no use of the product makes long
SEARCHED = ["", "?q=welcome", f"?q={RARE}", "?q=nothinglikeit", "?q=w", "?q=wel+hamburg"]
ADMIN = {
    "journey": [
        *SEARCHED,
        "?o=0",
        "?o=-0",
        "?o=3",
        "?o=-5",
        "?state__exact=draft",
        "?tenant__id__exact=2",
    ],
    "revision": SEARCHED,
    "review": [*SEARCHED, "?state__exact=requested", "?tenant__id__exact=2"],
    "submission": [*SEARCHED, "?o=4", "?state__exact=succeeded", "?tenant__id__exact=2"],
    "attempt": [""],
    "auditentry": [
        *SEARCHED,
        "?tenant=2",
        "?what=review",
        "?person=person-5",
        "?before=500",
        "?before=500&q=welcome",
    ],
    "countersignature": ["", "?what__exact=decide"],
}
VIEWS = {
    "journeys": (
        "/",
        [
            "",
            "?sort=changed",
            "?sort=name",
            "?sort=-name",
            "?sort=state",
            "?sort=-state",
            "?owner=5",
        ],
    ),
    "submission": (
        "/submissions/",
        ["", "?state=succeeded", "?tenant=1", "?tenant=1&state=refused"],
    ),
    "history": ("/journeys/1/history/", [""]),
}
FILTERED = [
    "?q=wel+hamburg&sort=name",
    "?state=draft",
    "?state=draft&sort=name",
    "?owner=5&sort=-name",
    "?tenant=1&owner=5",
    *SEARCHED[1:],
]

DEPTHS = deep((0.5, 1.0), (0.1, 0.5, 1.0))  # of the rows; 1 is the last page


@pytest.fixture(autouse=True)
def few_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page's queries are the same however many rows it shows, and drawing those takes nearly all
    of the time. Still enough rows that one query for each is too many."""
    monkeypatch.setitem(page_of.__kwdefaults__, "size", deep(15, 50))


@pytest.fixture(scope="module")
def crowd(django_db_setup, django_db_blocker) -> Iterator[None]:
    """Made once; everything is taken back after the last of these tests."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        fill(
            Size(journeys=900, revisions=1400, longest=300, reviews=300, submissions=300, audit=900)
        )
        move_on()  # as a sweeper would have done since
        if (
            connection.vendor == "postgresql"
        ):  # as it does by itself after a commit: else it plans for no rows at all
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
        yield
        transaction.set_rollback(True)


def person(number: int) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=f"person-{number}"))
    return client


def grow_idle(client: Client) -> None:
    """As when more than a minute passed since the last page: that somebody is there is noted with
    this one."""
    session = client.session
    session[ACTIVE] = session.get(ACTIVE, time.time()) - NOTED_EACH - 1
    session.save()


def look(client: Client, address: str) -> list[tuple[str, tuple]]:
    return statements_of(client, lambda: client.get(address))


def statements_of(client: Client, asked: Callable) -> list[tuple[str, tuple]]:
    """The statements, with their values, that a page takes."""
    seen = []
    grow_idle(client)

    def note(execute, sql, params, many, context):
        seen.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        assert getattr(asked(), "status_code", 200) == 200
    return seen


def complaints(statements: list[tuple[str, tuple]], *, is_search: bool) -> list[str]:
    found = [f"{len(statements)} queries"] if len(statements) > 12 else []
    for sql, params in statements:
        columns = sql.split(" FROM ")[0]
        if re.search(r'"(packed|payload|answer|client_secret|token)"', columns):
            found.append(f"reads a body or a secret: {sql}")
        if "COUNT(" in columns and re.search(BIG, sql) and "LIMIT" not in sql:
            found.append(f"counts everything: {sql}")
        if re.search(r'INNER JOIN "journeys_journey".* WHERE .*"journeys_journey"."key" = ', sql):
            found.append(f"joins all rows to find a key: {sql}")
        if (skipped := re.search(r"OFFSET (\d+)", sql)) and int(skipped[1]) > 1000:
            found.append(f"skips rows: {sql}")
        if connection.vendor == "sqlite" and sql.startswith("SELECT"):
            found += [
                f"{step}: {sql}" for step in plan(sql, params) if is_slow(step, sql, is_search)
            ]
    return found


def plan(sql: str, params: tuple) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
        return [row[3] for row in cursor.fetchall()]


def is_slow(step: str, sql: str, is_search: bool) -> bool:
    """A whole table, or a sort of more than a few rows: those found by words, merged from parts, or
    of one page's revisions."""
    if re.fullmatch(rf"SCAN (\w+ AS )?{BIG}", step):
        return not re.search(
            r'ORDER BY ("\w+"."id"|1)( DESC| ASC)? LIMIT', sql
        )  # in the order of the table itself
    is_of_list = bool(re.match(rf'"{BIG}"', sql.partition(" FROM ")[2])) and " LIMIT " in sql
    if (
        is_search and "CORRELATED" in step and '"journeys_word"' in sql
    ):  # words of each row of the list are looked up: of all, where few fit
        return True
    is_of_few = is_search or "UNION ALL" in sql or '"revision_id" IN (' in sql
    return "B-TREE FOR ORDER BY" in step and is_of_list and not is_of_few


def complaints_about(client: Client, address: str, name: str) -> list[str]:
    """Of the first page and of some beyond."""
    listed, is_search = [], "q=" in address
    pages = {address: statements_of(client, lambda: listed.extend(what_it_lists(client, address)))}
    for link in links_of(tuple(listed), address, name, DEPTHS):
        pages[link] = look(client, link)
    return [
        f"{at}: {one}"
        for at, seen in pages.items()
        for one in complaints(seen, is_search=is_search)
    ]


def test_every_list_is_declared() -> None:
    """A new list of the administration, or a view with pages, has to be added above: then it is
    looked at."""
    found = {model._meta.model_name: kind for model, kind in admin.site._registry.items()}
    growing = {
        name
        for name, kind in found.items()
        if isinstance(kind, ReadOnly) and kind.get_changelist(None) is Pages
    }
    assert growing == set(ADMIN)
    others = {
        name for name, kind in found.items() if type(kind).__module__.startswith("journeys.")
    } - growing
    assert others == SMALL
    rooms = Path(inspect.getfile(journeys)).parent
    paged = {path.stem for path in (rooms / "views").glob("*.py") if "page_of(" in path.read_text()}
    assert paged == {*VIEWS, "templates"}  # whose cards show documents: see test_bounded
    numbered = {
        path.name for path in rooms.rglob("*.py") if re.search(r"\bPaginator\b", path.read_text())
    }
    # of one document or comparison, which is in memory; and Django's own list of the changes of one
    # row
    assert numbered == {"changes.py", "first_review.py", "reading.py"}


@pytest.mark.parametrize("name", ADMIN)
def test_lists_of_the_administration_take_few_queries_by_index(crowd, db, name: str) -> None:
    path, found = f"/admin/journeys/{name}/", []
    for client in (person(2), person(3)) if name in ("review", "journey") else (person(2),):
        for query in ADMIN[name]:
            found += complaints_about(client, path + query, "p")
    assert not found, "\n".join(found)


@pytest.mark.parametrize("name", VIEWS)
@pytest.mark.parametrize("number", [0, 1, 2])
def test_lists_take_few_queries_by_index(crowd, db, name: str, number: int, monkeypatch) -> None:
    """For somebody of one tenant, of all of them, and for an admin."""
    path, queries = VIEWS[name]
    client, found = person(number), []
    client.get(path)  # the first page of a session is noted there
    thumbnails._kept.clear()
    for query in queries + (FILTERED if name == "journeys" else []):
        found += complaints_about(client, path + query, "page")
    assert not found, "\n".join(found)


@pytest.mark.parametrize("number", [0, 1, 2])
def test_the_overview_takes_few_queries_by_index(crowd, db, number: int) -> None:
    client = person(number)
    client.get("/submissions/overview/")  # the first page of a session is noted there
    for path in ("/submissions/overview/", f"/submissions/overview/{first_tenant(number)}/"):
        statements = look(client, path)
        assert len(statements) <= 12, "\n".join(sql for sql, _params in statements)
        assert [
            step
            for sql, params in statements
            for step in steps(sql, params)
            if is_slow(step, sql, True)
        ] == []


def first_tenant(number: int) -> int:
    return User.objects.get(username=f"person-{number}").tenants.order_by("pk").first().pk


def steps(sql: str, params: tuple) -> list[str]:
    return plan(sql, params) if connection.vendor == "sqlite" and sql.startswith("SELECT") else []


@pytest.mark.skipif(
    connection.vendor != "sqlite", reason="PostgreSQL plans by what it knows of its tables"
)
@pytest.mark.parametrize(
    ("who", "address"), [(1, "/?q=w"), (3, "/admin/journeys/review/?q=welcome")]
)
def test_a_common_word_is_found_in_the_order_of_the_list(
    crowd, db, monkeypatch, who: int, address: str
):
    """Not by reading all rows of the tenants that the person sees, and sorting them."""
    monkeypatch.setattr("journeys.models.search.FEW", 0)
    found = [
        pair
        for pair in look(person(who), address)
        if "journeys_word" in pair[0] and " ORDER BY " in pair[0]
    ]
    assert len(found) == 1
    assert [step for step in plan(*found[0]) if "B-TREE FOR ORDER BY" in step] == []


def test_what_is_found_is_counted_without_its_rows(crowd, db, monkeypatch):
    """A row of a submission is as long as what is sent; the journey that it is of stands in an
    index."""
    monkeypatch.setattr("journeys.models.search.FEW", 0)
    (counted,) = [
        pair for pair in look(person(2), "/admin/journeys/submission/?q=w") if "COUNT(" in pair[0]
    ]
    assert re.search(r"SELECT (%s|1) AS \"one\" FROM", counted[0])
    if connection.vendor == "sqlite":
        assert any(
            "USING COVERING INDEX" in step
            for step in plan(*counted)
            if "journeys_submission" in step
        )
