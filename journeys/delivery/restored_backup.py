"""Notices that the database was restored from a backup: it then knows fewer exchanges than this
machine has seen.

One number beside the database is enough (`models/witness.py`), because attempts are only ever
added. A machine that has never seen the database cannot notice; there `manage.py restored` says it.
"""

import logging

from journeys.models.key_use import backup_restored, newest_attempt
from journeys.models.witness import ATTEMPTS, Note, note, number_of, put

logger = logging.getLogger(__name__)


def look_for_restore() -> bool:
    """To be called before anything is sent, and now and then; marks what may have been sent
    before."""
    seen = number_of(
        ATTEMPTS
    )  # first: others may add attempts, and remember them, while this one asks
    newest = newest_attempt()
    if newest > seen:
        note(Note(ATTEMPTS, newest))
    if newest >= seen:
        return False
    count = backup_restored()
    logger.warning(
        "the database is older than it was: %s open submissions are looked up before a send", count
    )
    put(ATTEMPTS, newest)
    return True
