"""Ids of events: one for a row that has none, and which were there already, for tables of any length.

Hides: that of an id only eight bytes are kept, in sorted arrays that are joined now and then.
"""

from __future__ import annotations

import hashlib
from typing import Any

from geo.readers.records import Record, text_of

__all__ = ["SeenIds", "new_id"]

#: Characters of an id that is made from what a row says.
_LENGTH = 16
#: Ids that wait in a set, at some 70 bytes each, before they go into the array.
_WAITING = 1 << 16
_BITS = (1 << 64) - 1


def new_id(record: Record, number: int) -> str:
    """An id from all that a line says and the number of the row made of it: the same on every run and in any order."""
    said = "\x1f".join(f"{name}={text_of(value)}" for name, value in record.items())
    return hashlib.sha256(f"{said}\x1f{number}".encode(errors="surrogatepass")).hexdigest()[:_LENGTH]


class SeenIds:
    """The ids so far. Two different ones are taken for one only where 64 bits of their hashes agree.

    >>> seen = SeenIds()
    >>> seen.add("a"), seen.add("b"), seen.add("a")
    (True, True, False)
    """

    def __init__(self, waiting: int = _WAITING) -> None:
        import numpy as np  # noqa: PLC0415  (0.1 s; small inputs are read before it is needed for anything else)

        self._np = np
        self._most = waiting
        self._waiting: set[int] = set()
        self._sorted: Any = np.empty(0, dtype=np.uint64)

    def add(self, event_id: str) -> bool:
        """Keeps an id. False where it was there already."""
        key = hash(event_id) & _BITS
        if key in self._waiting or self._is_sorted_in(key):
            return False
        self._waiting.add(key)
        if len(self._waiting) >= self._most:
            np = self._np
            new = np.fromiter(self._waiting, dtype=np.uint64, count=len(self._waiting))
            self._sorted = np.sort(np.concatenate([self._sorted, new]))
            self._waiting.clear()
        return True

    def _is_sorted_in(self, key: int) -> bool:
        held = self._sorted
        if not len(held):
            return False
        at = held.searchsorted(self._np.uint64(key))
        return bool(at < len(held) and held[at] == key)
