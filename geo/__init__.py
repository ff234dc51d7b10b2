"""Articles to events."""

from __future__ import annotations

#: The version of conflictmap; the build reads it here.
__version__ = "0.1.0"
