"""Notices that the database was restored from a backup: it then knows fewer exchanges than this machine has seen.

One number in a file beside the database is enough, because attempts are only ever added. A machine that has never seen
the database cannot notice; there `manage.py restored` says it.
"""

import logging
import os
import tempfile
from pathlib import Path

from django.conf import settings

from journeys.models.keys import newest_attempt, restored

logger = logging.getLogger(__name__)

unwritten: dict[Path, int] = {}  # what this process knows, where the file could not be written


def look_for_restore() -> bool:
    """To be called before anything is sent, and now and then; marks what may have been sent before."""
    seen = remembered()  # first: others may add attempts, and remember them, while this one asks
    newest = newest_attempt()
    is_older = newest < seen
    if is_older:
        count = restored()
        logger.warning("the database is older than it was: %s open submissions are looked up before a send", count)
    if newest != seen:
        remember(newest)
    return is_older


def remembered() -> int:
    file = _file()
    if file in unwritten:
        return unwritten[file]
    try:
        return int(file.read_text())
    except (OSError, ValueError):
        return 0


def remember(newest: int) -> None:
    """Never half a number, and never a reason not to submit: a full disk only costs the memory of this process."""
    file = _file()
    try:
        _replace(file, str(newest))
    except OSError as error:
        if file not in unwritten:
            logger.warning("%s cannot be written, so a restore may go unnoticed: %s", file, error.strerror)
        unwritten[file] = newest
    else:
        unwritten.pop(file, None)


def _replace(file: Path, text: str) -> None:
    """A reader finds the old text or the new one. Others may do the same: each has a draft of its own."""
    number, draft = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
    try:
        with os.fdopen(number, "w") as opened:
            opened.write(text)
        os.replace(draft, file)
    except OSError:
        os.unlink(draft)
        raise


def _file() -> Path:
    return settings.DATA_DIR / "newest_attempt"
