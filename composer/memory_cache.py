"""Django's cache in the memory of each process, bounded by bytes: one entry may be a letter or
megabytes."""

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.locmem import LocMemCache

OVERHEAD = 200  # bytes of an entry besides its value: keys and two dictionaries


class BoundedCache(LocMemCache):
    """`MOST_BYTES` in OPTIONS. A value that fills half of it is not kept at all."""

    def __init__(self, name: str, params: dict) -> None:
        super().__init__(name, params)
        self.most = params.get("OPTIONS", {}).get("MOST_BYTES", 16 * 1024 * 1024)

    def _set(self, key: str, value: bytes, timeout: float | None = DEFAULT_TIMEOUT) -> None:
        """Called by all that write, with the lock held; the newest stand first."""
        self._delete(key)
        if len(value) + OVERHEAD > self.most // 2:
            return
        super()._set(key, value, timeout)
        while self.used() > self.most:
            oldest, _value = self._cache.popitem()
            self._expire_info.pop(oldest, None)

    def used(self) -> int:
        return sum(len(value) + OVERHEAD for value in self._cache.values())
