"""Blocks that revisions of a journey share, with their bytes.

Most blocks are the same from one revision to the next. A block that was read is a `SharedBlock`:
its bytes are written once and kept with it, the body of a document is put together from them, and
what was worked out for these bytes is found again without writing or reading them anew.

A shared block may not be changed, because other documents hold it, and its bytes would no longer be
its own. Its own members cannot be; what lies deeper is the same by agreement. Whoever wants another
block makes one: `{**block, …}` and `block | {…}` give plain dicts.
"""

import copy
from typing import NoReturn


class SharedBlock(dict):
    __slots__ = ("data",)

    def __init__(self, block: dict, data: bytes | None = None) -> None:
        super().__init__(block)
        self.data = data  # None until somebody asks for it (document.dumps)

    def _refuse(self, *_arguments: object, **_named: object) -> NoReturn:
        raise TypeError("A block of a stored document is shared; make another one of it.")

    __setitem__ = __delitem__ = __ior__ = _refuse
    pop = popitem = clear = update = setdefault = _refuse

    def __copy__(self) -> dict:
        return dict(self)

    def __deepcopy__(self, memo: dict) -> dict:
        return copy.deepcopy(dict(self), memo)

    def __reduce__(self) -> tuple:
        return dict, (dict(self),)
