"""Queries whose SQL is composed once in each process: of those that every request asks, composing
the statement takes several times as long as answering it."""

import copy
from collections.abc import Callable

from django.db import connections
from django.db.models import QuerySet

# ids that no row has, and that fit every column of ids: past that, PostgreSQL is not even asked
MARKS = range(2_147_483_601, 2_147_483_610)
POSSIBLE = range(-(2**63), 2**63)  # beyond them no column has an id, and SQLite takes none


class ComposedOnce:
    """Calls `build` once, with marks in the place of ids, and puts the ids of each call into the
    statement's parameters. What `build` gives must depend on nothing but these ids."""

    def __init__(self, build: Callable[..., QuerySet]) -> None:
        self.build = build
        self.composed: tuple | None = None

    def __call__(self, *ids: int) -> list:
        if not all(one in POSSIBLE for one in ids):  # Django checks it while it composes
            return []
        if self.composed is None:
            self.composed = self._compose(len(ids))
        rows, compiler, sql, parameters = self.composed
        values = dict(zip(MARKS, ids, strict=False))
        filled = tuple(values.get(one, one) for one in parameters)
        own = copy.copy(compiler)  # it knows which column is what of which row
        own.connection = connections[rows.db]  # each thread has one
        own.as_sql = lambda *_arguments, **_named: (sql, filled)
        rows = rows.all()
        rows.query.get_compiler = lambda *_arguments, **_named: own
        return list(rows)

    def _compose(self, count: int) -> tuple:
        rows = self.build(*MARKS[:count])
        compiler = rows.query.get_compiler(rows.db)
        sql, parameters = compiler.as_sql()
        if not {*MARKS[:count]} <= {*parameters}:
            raise ValueError("An id stands nowhere in the statement, so it could not be put there.")
        return rows, compiler, sql, tuple(parameters)
