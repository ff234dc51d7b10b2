"""Articles to events."""

from __future__ import annotations

from pathlib import Path

#: The version of conflictmap; the build reads it here.
__version__ = "0.1.0"

#: The tables and weights that come with the package.
DATA = Path(__file__).parent / "data"
