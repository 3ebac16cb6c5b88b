"""Where the rows are kept, and how a database has to be opened so that several processes can write
into it."""

from pathlib import Path

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError

# However it is configured. WAL: who reads waits for nobody. IMMEDIATE: a transaction that reads
# before it writes would else fail at once instead of waiting its turn. FULL: what was committed is
# there after a power cut.
SQLITE = {
    "timeout": 20,  # seconds to wait for another writer
    "transaction_mode": "IMMEDIATE",
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
        " PRAGMA cache_size=-16000"
    ),
}
LOCKED = ("database is locked", "database table is locked", "database schema is locked")
# of PostgreSQL: a lock that did not come in time, a deadlock, and no connection that is free
BUSY_CODES = ("55P03", "40P01", "40001", "53300")


def database(url: str, file: Path) -> dict:
    """What Django is told: the database of the URL, else an SQLite in the file."""
    if not url:
        return sqlite({"ENGINE": "django.db.backends.sqlite3", "NAME": file})
    try:
        given = dj_database_url.parse(url, conn_max_age=600, conn_health_checks=True)
    except ValueError:  # its words may hold the password
        raise ImproperlyConfigured(
            "DATABASE_URL is no address of a database. It begins with postgresql:// or sqlite:///,"
            " such as sqlite:////var/lib/journeys/composer.sqlite3"
        ) from None
    return sqlite(given) if given["ENGINE"].endswith("sqlite3") else given


def sqlite(given: dict) -> dict:
    name = str(given["NAME"])
    if not name or ":memory:" in name:
        raise ImproperlyConfigured(
            "DATABASE_URL: an SQLite in memory is lost with its process. Name a file:"
            " sqlite:////var/lib/journeys/composer.sqlite3"
        )
    if Path(name).is_dir():
        raise ImproperlyConfigured(
            f"DATABASE_URL: {name} is a folder. Name a file in it: composer.sqlite3"
        )
    options = {**given.get("OPTIONS", {}), **SQLITE}
    kept_open = {"CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": False}
    return {**given, **kept_open, "NAME": Path(name).absolute(), "OPTIONS": options}


def is_busy(error: BaseException | None) -> bool:
    """Whether others wrote for longer than was waited for: nothing was done, and it can be done
    again."""
    if not isinstance(error, OperationalError):
        return False
    code = getattr(error.__cause__, "sqlstate", None)
    return str(error).startswith(LOCKED) or code in BUSY_CODES
