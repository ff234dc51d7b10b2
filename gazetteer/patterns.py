"""Regular expressions that are compiled when they are first asked for something.

The packages define several hundred, of which one article takes half; to compile one takes 0.2 ms, as long as to search
a thousand sentences with it.

>>> year = lazy_pattern("[0-9]{4}")
>>> year.findall("in 2016 and 2017")
['2016', '2017']
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import Any, cast

__all__ = ["lazy_pattern"]


def lazy_pattern(source: str, flags: int = 0) -> re.Pattern[str]:
    """What `re.compile` gives, made at its first use; a mistake in the source shows only then."""
    return cast("re.Pattern[str]", _Unmade(source, flags))


class _Unmade:
    """Stands for a pattern. What is asked of it once is kept, so that asking again costs nothing more than of a pattern."""

    def __init__(self, source: str, flags: int) -> None:
        self._source, self._flags = source, flags

    @cached_property
    def _made(self) -> re.Pattern[str]:
        return re.compile(self._source, self._flags)

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._made, name)
        setattr(self, name, value)
        return value
