"""What this machine remembers beside the database, and whoever writes to the database cannot put
back.

A seal says that something was true once, not that it still is. So what must not become untrue again
is noted here, in a small file of its own: which send was the newest of a submission, that one
ended, that something may have been made under a key, that a journey went on, that an acceptance was
withdrawn or a confirmation used, when a tenant got its rules. What is known only rises.

It is noted after the commit, and a send before its first byte leaves: who dies in between has
forgotten something, and nothing is ever noted that did not happen. What a disk does not take this
process knows by itself, says in the log, and writes with the next note that can be written.
Subjects name their thing by what no other database has (random ids), or are compared by moments,
because a database can be made anew while the file stays; where that is not so, knowing too much
only has the tenant asked first.
"""

import atexit
import hashlib
import logging
import os
import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from journeys.models.seals import as_json

logger = logging.getLogger(__name__)

SENT, CLEARED, ENDED, STOP, MADE, ATTEMPTS = "sent", "cleared", "ended", "stop", "made", "attempts"
WENT_ON, OVER, RULED = "went on", "over", "ruled"
OF_PEOPLE = (WENT_ON, OVER, RULED)  # what the operator has it forget after a restore
BUSY = 1.0  # seconds to wait for another process
PATIENCE = 5.0  # seconds between two tries to write late, where there is nothing new to write
MOST_UNWRITTEN = 100_000
AT_A_TIME = 500  # subjects of one query
TABLE = (
    "CREATE TABLE IF NOT EXISTS seen (subject TEXT PRIMARY KEY, number INTEGER, at INTEGER) WITHOUT"
    " ROWID"
)
RAISE = """INSERT INTO seen VALUES (?1, ?2, ?3) ON CONFLICT (subject)
           DO UPDATE SET number = max(number, excluded.number), at = max(at, excluded.at)"""
RISES = """ WHERE excluded.number > number AND (?4 = '' OR number <= coalesce(
           (SELECT other.number FROM seen AS other WHERE other.subject = ?4), 0))"""


@dataclass(frozen=True)
class Note:
    """`at` is a moment in microseconds. `needs`: it rises only where the number of that subject has
    come up to its own last one."""

    subject: str
    number: int = 1
    at: int = 0
    needs: str = ""


class _Process:
    """This process's connection, and what could not be written."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.opened: tuple[Path, int] | None = (
            None  # and by which process: a connection is not taken over by a fork
        )
        self.connection: sqlite3.Connection | None = None
        self.unwritten: dict[str, Note] = {}
        self.tried_at = float("-inf")
        self.is_told = False


here = _Process()


def named(kind: str, *of: object) -> str:
    """A subject. Keys and seals are long, and nobody's business here: they are hashed."""
    return f"{kind}:{hashlib.sha256(as_json(of).encode()).hexdigest()[:40]}"


def micros(moment: datetime) -> int:
    return round(moment.timestamp() * 1_000_000)


def note(*notes: Note) -> None:
    """Only raises what is known."""
    moment = time.time_ns() // 1000
    rows = [(one.subject, one.number, one.at or moment) for one in notes]
    if rows and not _write(RAISE, rows):
        for row in rows:
            _keep(Note(*row))


def rise(notes: Iterable[Note], also: Iterable[Note] = ()) -> set[str]:
    """The subjects whose numbers have risen by this: of all who ask with the same number one gets
    it. `also`: noted besides."""
    moment, notes, also = time.time_ns() // 1000, list(notes), list(also)
    if not notes:
        return set()
    try:
        with here.lock, _writing() as connection:
            rows = [(one.subject, one.number, one.at or moment, one.needs) for one in notes]
            risen = {row[0] for row in rows if connection.execute(RAISE + RISES, row).rowcount}
            connection.executemany(
                RAISE, [(one.subject, one.number, one.at or moment) for one in also]
            )
    except (sqlite3.Error, OSError) as error:
        _tell(error)
        with here.lock:
            risen = _risen(notes)
            for one in (*(one for one in notes if one.subject in risen), *also):
                _keep(Note(one.subject, one.number, one.at or moment))
    return risen


def _risen(notes: list[Note]) -> set[str]:
    """The same where nothing can be written; mostly it can be read all the same."""
    known_notes = known([name for one in notes for name in (one.subject, one.needs)])
    numbers = {name: one.number for name, one in known_notes.items()}
    return {
        one.subject
        for one in notes
        if one.number > numbers.get(one.subject, -1)
        and (not one.needs or numbers.get(one.subject, 0) <= numbers.get(one.needs, 0))
    }


def correct(*notes: Note) -> None:
    """The moments of these very numbers, from who knows them better; later ones stay as they
    are."""
    with here.lock:
        for one in notes:
            if (was := here.unwritten.get(one.subject)) and was.number == one.number:
                here.unwritten[one.subject] = one
    if notes:
        rows = [(one.at, one.subject, one.number) for one in notes]
        _write("UPDATE seen SET at = ? WHERE subject = ? AND number = ?", rows)


def known(subjects: Iterable[str]) -> dict[str, Note]:
    """What is known of them, by subject."""
    wanted, notes = list(dict.fromkeys(subjects)), {}
    if here.unwritten and time.monotonic() - here.tried_at > PATIENCE:
        _write(RAISE, [])
    for start in range(0, len(wanted), AT_A_TIME):
        some = wanted[start : start + AT_A_TIME]
        marks = ", ".join("?" * len(some))
        rows = _read(f"SELECT subject, number, at FROM seen WHERE subject IN ({marks})", some)  # noqa: S608
        notes |= {row[0]: Note(*row) for row in rows}
    with here.lock:
        for subject in here.unwritten.keys() & set(wanted):
            notes[subject] = _higher(notes.get(subject), here.unwritten[subject])
    return notes


def number_of(subject: str) -> int:
    known_note = known([subject]).get(subject)
    return known_note.number if known_note else 0


def put(subject: str, number: int) -> None:
    """The one number that may fall: where the database has been put back, it follows."""
    row = (subject, number, time.time_ns() // 1000)
    with here.lock:
        here.unwritten.pop(subject, None)
        if not _write("INSERT OR REPLACE INTO seen VALUES (?, ?, ?)", [row]):
            here.unwritten[subject] = Note(*row)


def lift(*subjects: str) -> None:
    """An admin has decided, in the composer."""
    with here.lock:
        for subject in subjects:
            here.unwritten.pop(subject, None)
    _write("DELETE FROM seen WHERE subject = ?", [(subject,) for subject in subjects])


def follow() -> None:
    """The operator says that the database was put back: what people did after the backup, they did
    not do any more."""
    with here.lock:
        for kind in OF_PEOPLE:
            here.unwritten = {
                name: one for name, one in here.unwritten.items() if not name.startswith(f"{kind}:")
            }
            _write(
                "DELETE FROM seen WHERE subject >= ? AND subject < ?", [(f"{kind}:", f"{kind};")]
            )


def forget_old(longest: timedelta) -> None:
    """What is older than anything that it could stop. What people took back is little, and holds
    for ever."""
    before = time.time_ns() // 1000 - int(longest.total_seconds() * 1_000_000)
    for kind in (SENT, CLEARED, ENDED, STOP, MADE, WENT_ON):
        _write(
            "DELETE FROM seen WHERE subject >= ? AND subject < ? AND at < ?",
            [(f"{kind}:", f"{kind};", before)],
        )


def forget_all() -> None:
    """As a machine that has never seen the database."""
    with here.lock:
        here.unwritten.clear()
        here.is_told = False
    _write("DELETE FROM seen WHERE subject <> ?", [("",)])


def file() -> Path:
    return settings.DATA_DIR / "witness.sqlite3"


def _write(statement: str, rows: list[tuple]) -> bool:
    try:
        with here.lock, _writing() as connection:
            connection.executemany(statement, rows)
    except (sqlite3.Error, OSError) as error:
        _tell(error)
        return False
    return True


@contextmanager
def _writing() -> Iterator[sqlite3.Connection]:
    """Commits, or rolls back. What could not be written before goes first."""
    late, here.tried_at = list(here.unwritten.values()), time.monotonic()
    with _opened() as connection:
        if late:
            connection.executemany(RAISE, [(one.subject, one.number, one.at) for one in late])
        yield connection
    if late:
        logger.warning("%s can be used again: %s notes were written late", file(), len(late))
    here.unwritten.clear()
    here.is_told = False


@atexit.register
def _write_late() -> None:
    if here.unwritten and not _write(RAISE, []):
        logger.error(
            "%s cannot be used: %s notes are forgotten with this process",
            file(),
            len(here.unwritten),
        )


def _read(statement: str, values: list) -> list[tuple]:
    try:
        with here.lock:
            return _opened().execute(statement, values).fetchall()
    except (sqlite3.Error, OSError) as error:
        _tell(error)
        return []


def _opened() -> sqlite3.Connection:
    place = file(), os.getpid()
    if here.opened != place or here.connection is None:
        here.connection = None
        connection = sqlite3.connect(place[0], timeout=BUSY, check_same_thread=False)
        # a fault of the machine may cost the last moments of the memory; a fault of the process
        # costs nothing
        connection.executescript(
            f"PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; {TABLE};"
        )
        here.connection, here.opened = connection, place
    return here.connection


def _tell(error: Exception) -> None:
    if not here.is_told:
        logger.warning(
            "%s cannot be used, so what was put back in the database may go unnoticed: %s",
            file(),
            error,
        )
    here.is_told = True


def _keep(one: Note) -> None:
    with here.lock:
        here.unwritten[one.subject] = _higher(here.unwritten.pop(one.subject, None), one)
        if len(here.unwritten) > MOST_UNWRITTEN:
            lost = next(iter(here.unwritten))
            logger.error("%s cannot be used for too long: “%s” is forgotten", file(), lost)
            here.unwritten.pop(lost)


def _higher(one: Note | None, other: Note) -> Note:
    return (
        Note(other.subject, max(one.number, other.number), max(one.at, other.at)) if one else other
    )
