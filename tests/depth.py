"""How far tests go that could go on for ever: `make test` takes a telling sample, `make thorough`
the whole."""

import os

THOROUGH = bool(os.environ.get("THOROUGH"))


def deep(sample: object, whole: object) -> object:
    return whole if THOROUGH else sample
