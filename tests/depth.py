"""How far tests go that could go on for ever: `make test` takes a telling sample, `make thorough`
the whole."""

import os
from datetime import date
from zlib import crc32

THOROUGH = bool(os.environ.get("THOROUGH"))
# the samples move on with it; a number that a run printed takes the same ones again
DAY = int(os.environ.get("SAMPLE_DAY") or date.today().toordinal())


def deep(sample: object, whole: object) -> object:
    return whole if THOROUGH else sample


def has_turn(thing: str, every: int) -> bool:
    """Whether a sample of one in `every` takes it today; each thing has its turn in as many
    days."""
    return THOROUGH or (crc32(thing.encode()) + DAY) % every == 0
