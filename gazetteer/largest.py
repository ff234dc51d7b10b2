"""The largest towns: what a map names so that its reader finds the way."""

from __future__ import annotations

import contextlib
import sqlite3
from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from gazetteer.errors import GazetteerError
from gazetteer.store import PACKAGED

__all__ = ["Town", "largest_towns"]

#: Places are numbered by falling population, so the largest towns stand at the beginning of the file. The 30,000th place
#: has 30,000 inhabitants; reading so far takes 30 ms.
_AMONG = 30_000
#: Quarters (PPLX) are left out.
_LARGEST = (
    "SELECT name, native_name, lon, lat, country, population FROM place WHERE n <= ? "
    "AND feature_class = 'P' AND feature_code <> 'PPLX' AND population IS NOT NULL ORDER BY n"
)


class Town(NamedTuple):
    """A town with its name in Latin letters and in the local script, where that is another."""

    name: str
    native_name: str | None
    lon: float  # degrees
    lat: float  # degrees
    country: str | None  # ISO alpha-2
    population: int


def largest_towns(most: Mapping[str, int], *, elsewhere: int, least: int) -> list[Town]:
    """The largest towns of the gazetteer in the package, the largest first.

    `most` says how many of each country, and they have some 30,000 inhabitants or more; of all other countries together
    come the `elsewhere` largest, with `least` inhabitants. Raises GazetteerError when the gazetteer is missing or damaged.
    """
    try:
        connection = sqlite3.connect(f"{PACKAGED.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
        with contextlib.closing(connection):
            rows = connection.execute(_LARGEST, (_AMONG,)).fetchall()
    except sqlite3.Error as error:
        raise GazetteerError(f"{PACKAGED}: cannot be read as a gazetteer ({error}); reinstall conflictmap") from error
    taken: Counter[str] = Counter()
    towns = []
    for town in map(Town._make, rows):
        group = town.country if town.country is not None and town.country in most else ""
        if taken[group] < most.get(group, elsewhere) and (group or town.population >= least):
            taken[group] += 1
            towns.append(town)
    return towns
