"""Notices that the database was restored from a backup: it then knows fewer exchanges than this machine has seen.

One number in a file beside the database is enough, because attempts are only ever added. A machine that has never seen
the database cannot notice; there `manage.py restored` says it.
"""

import logging

from django.conf import settings

from journeys.models.keys import newest_attempt, restored

logger = logging.getLogger(__name__)


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
    try:
        return int(_file().read_text())
    except (OSError, ValueError):
        return 0


def remember(newest: int) -> None:
    """Never half a number: a reader finds the old one or the new one."""
    new = _file().with_suffix(".new")
    new.write_text(str(newest))
    new.replace(_file())


def _file():
    return settings.DATA_DIR / "newest_attempt"
