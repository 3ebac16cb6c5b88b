"""What the practice tenant remembers: journeys, tokens and settings, in one SQLite file.

An answer is given only after its commit, and a commit outlives the death of the process
(write-ahead log). A power cut may cost it: nothing here is worth waiting for the disk.
"""

import json
import sqlite3
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

SCHEMA = """
CREATE TABLE IF NOT EXISTS journey (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL, key TEXT NOT NULL,
    version INTEGER NOT NULL,
    definition_id TEXT NOT NULL, name TEXT NOT NULL, status TEXT NOT NULL, created REAL NOT NULL,
    modified REAL NOT NULL, posts INTEGER NOT NULL, sha256 TEXT NOT NULL, body BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS journey_key ON journey (key, seq);
CREATE INDEX IF NOT EXISTS journey_id ON journey (id, version);
CREATE TABLE IF NOT EXISTS token (
    token TEXT PRIMARY KEY, expires REAL NOT NULL, scope TEXT NOT NULL, account TEXT);
CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""
COLUMNS = (
    "seq, id, key, version, definition_id, name, status, created, modified, posts, sha256, body"
)
SAME_KEY = ("refuse", "new_version", "overwrite", "second_journey")


class KeyTaken(Exception):
    """The key belongs to a draft, and the setting says that this is refused."""


@dataclass
class Stored:
    """One version of one journey. Times are seconds since 1970; `posts` counts the requests that
    wrote this row."""

    seq: int
    id: str
    key: str
    version: int
    definition_id: str
    name: str
    status: str
    created: float
    modified: float
    posts: int
    sha256: str
    body: bytes

    @cached_property
    def document(self) -> dict:
        return json.loads(self.body.decode("utf-8-sig"))


class Store:
    """Safe to share between threads. `path` None keeps everything in memory."""

    def __init__(self, path: str | Path | None) -> None:
        if path is not None:
            Path(path).parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.RLock()
        self._db = sqlite3.connect(
            path or ":memory:", check_same_thread=False, isolation_level=None, timeout=20
        )
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=OFF")
        self._db.executescript(SCHEMA)

    def close(self) -> None:
        with self._lock:
            self._db.close()

    def create(self, key: str, name: str, body: bytes, digest: str, same_key: str) -> Stored:
        """Stores a body; what happens when its key is known is `same_key`, one of SAME_KEY. Raises
        KeyTaken.

        A key whose newest version is no draft always gets a new version (Accenture/sfmc-devtools
        relies on it).
        """
        now = time.time()
        with self._transaction():
            last = self._one("WHERE key = ? ORDER BY seq DESC", key)
            drafted = last is not None and last.status == "Draft"
            if drafted and same_key == "refuse":
                raise KeyTaken(key)
            if drafted and same_key == "overwrite":
                return self._overwrite(last, name, body, digest, now)
            identity = str(uuid.uuid4())
            row = (identity, key, 1, identity, name, "Draft", now, now, 1, digest, body)
            if last is not None and not (drafted and same_key == "second_journey"):
                row = (last.id, key, last.version + 1, *row[3:])
            added = self._db.execute(
                f"INSERT INTO journey ({COLUMNS[5:]}) VALUES (?,?,?,?,?,?,?,?,?,?,?)",  # noqa: S608
                row,
            )
            return Stored(added.lastrowid, *row)

    def find(
        self, id: str = "", key: str = "", version: int | None = None, newest: bool = True
    ) -> Stored | None:
        """By id or by key; without a version the newest (or the first) one."""
        where = "WHERE id = ?" if id else "WHERE key = ?"
        order = "ORDER BY seq DESC" if newest else "ORDER BY seq"
        with self._lock:
            if version is None:
                return self._one(f"{where} {order}", id or key)
            return self._one(f"{where} AND version = ? {order}", id or key, version)

    def page(
        self, page: int, size: int, filters: dict[str, str], all_versions: bool
    ) -> tuple[int, list[Stored]]:
        """How many there are, and one page of them, newest change first. `filters` are columns and
        their values."""
        clauses = ["1"] if all_versions else ["seq IN (SELECT max(seq) FROM journey GROUP BY id)"]
        clauses += [
            f"{column} LIKE ?" if column == "name" else f"{column} = ?" for column in filters
        ]
        where, values = "WHERE " + " AND ".join(clauses), tuple(filters.values())
        with self._lock:
            count = self._db.execute(f"SELECT count(*) FROM journey {where}", values).fetchone()[0]  # noqa: S608
            rows = self._all(
                f"{where} ORDER BY modified DESC, seq DESC LIMIT ? OFFSET ?",
                *values,
                size,
                (page - 1) * size,
            )
        return count, rows

    def ledger(self, key: str | None) -> list[dict]:
        """Every row without its body, in the order of their making."""
        columns = COLUMNS.removesuffix(", body")
        where, values = ("WHERE key = ?", (key,)) if key is not None else ("", ())
        with self._lock:
            rows = self._db.execute(
                f"SELECT {columns} FROM journey {where} ORDER BY seq",  # noqa: S608
                values,
            ).fetchall()
        return [dict(zip(columns.split(", "), row, strict=True)) for row in rows]

    def delete(self, id: str, version: int | None) -> None:
        with self._transaction():
            self._db.execute(
                "DELETE FROM journey WHERE id = ? AND (? IS NULL OR version = ?)",
                (id, version, version),
            )

    def set_status(self, key: str, version: int | None, status: str) -> int:
        """How many rows got the status."""
        values = (status, key, version, version)
        with self._transaction():
            changed = self._db.execute(
                "UPDATE journey SET status = ? WHERE key = ? AND (? IS NULL OR version = ?)", values
            )
            return changed.rowcount

    def add_token(self, token: str, expires: float, scope: str, account: str) -> None:
        with self._transaction():
            self._db.execute("DELETE FROM token WHERE expires < ?", (time.time(),))
            self._db.execute("INSERT INTO token VALUES (?,?,?,?)", (token, expires, scope, account))

    def tokens(self) -> dict[str, tuple[float, str, str]]:
        with self._lock:
            return {row[0]: row[1:] for row in self._db.execute("SELECT * FROM token")}

    def settings(self) -> dict:
        with self._lock:
            return {
                name: json.loads(value) for name, value in self._db.execute("SELECT * FROM setting")
            }

    def save_settings(self, settings: dict) -> None:
        with self._transaction():
            rows = [(name, json.dumps(value)) for name, value in settings.items()]
            self._db.executemany("INSERT OR REPLACE INTO setting VALUES (?,?)", rows)

    def clear(self, *tables: str) -> None:
        with self._transaction():
            for table in tables:
                self._db.execute(f"DELETE FROM {table}")  # noqa: S608

    def _overwrite(self, old: Stored, name: str, body: bytes, digest: str, now: float) -> Stored:
        self._db.execute(
            "UPDATE journey SET name = ?, modified = ?, posts = posts + 1, sha256 = ?, body = ?"
            " WHERE seq = ?",
            (name, now, digest, body, old.seq),
        )
        return self._one("WHERE seq = ?", old.seq)

    def _one(self, rest: str, *values: object) -> Stored | None:
        rows = self._all(f"{rest} LIMIT 1", *values)
        return rows[0] if rows else None

    def _all(self, rest: str, *values: object) -> list[Stored]:
        return [
            Stored(*row)
            for row in self._db.execute(f"SELECT {COLUMNS} FROM journey {rest}", values)  # noqa: S608
        ]

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")
