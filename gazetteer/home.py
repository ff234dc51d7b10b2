"""Where the user's own files of conflictmap lie: layers of the gazetteer, downloads, caches."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["home"]


def home() -> Path:
    """The user's folder: the environment's CONFLICTMAP_HOME, else the data folder of the platform. It may not exist yet."""
    if given := os.environ.get("CONFLICTMAP_HOME"):
        return Path(given).expanduser()
    from platformdirs import user_data_dir  # noqa: PLC0415  (2 ms that who sets the variable need not pay)

    return Path(user_data_dir("conflictmap", appauthor=False))
