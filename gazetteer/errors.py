"""The errors of conflictmap, for all three packages.

The tree::

    MapperError
    ├── InputError        (also ValueError)  an input that cannot be used: a file, a line, a value
    ├── GazetteerError    (also OSError)     the gazetteer file is missing, cut off or of another format
    └── CodeError         (also ValueError)  a code (event type, level, country) that the codebook lacks

Each message is one line that names file and line where there is one, the value, what was expected and what to do.
"Not found" and "ambiguous" are results, not errors.
"""

from __future__ import annotations

__all__ = ["CodeError", "GazetteerError", "InputError", "MapperError"]


class MapperError(Exception):
    """Root of all errors that conflictmap raises on purpose; its message is one line for the user."""


class InputError(MapperError, ValueError):
    """An input cannot be used; the caller may skip it and go on with the others."""


class GazetteerError(MapperError, OSError):
    """The gazetteer file is missing, half-written or not ours; nothing can be resolved without one."""


class CodeError(MapperError, ValueError):
    """A code that the codebook does not know."""
