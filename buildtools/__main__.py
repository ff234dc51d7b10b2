"""`python -m buildtools`: builds the gazetteer file and the page's assets in place, where they are missing or stale."""

from __future__ import annotations

import sys
from pathlib import Path

from buildtools.npm import AssetError
from buildtools.stamp import build_all
from gazetteer.errors import MapperError


def main() -> str | None:
    """Build, and return the one line to exit with, None when all is well."""
    try:
        build_all(Path(__file__).resolve().parents[1], say=print)
    except (AssetError, MapperError) as exc:
        return f"error: {exc}"
    return None


if __name__ == "__main__":
    sys.exit(main())
