"""The largest towns: what a map names so that its reader finds the way."""

from __future__ import annotations

import contextlib
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import NamedTuple

from gazetteer.errors import GazetteerError
from gazetteer.place import LonLat, great_circle_km
from gazetteer.store import PACKAGED

__all__ = ["Town", "largest_towns"]

#: Places are numbered by falling population, so the largest towns stand at the beginning of the file. The 30,000th place
#: has 30,000 inhabitants; reading so far takes 30 ms.
_AMONG = 30_000
#: Quarters (PPLX) are left out.
_LARGEST = (
    "SELECT name, native_name, lon, lat, country, population, feature_code IN ('PPLC', 'PPLA') FROM place WHERE n <= ? "
    "AND feature_class = 'P' AND feature_code <> 'PPLX' AND population IS NOT NULL ORDER BY n"
)
_DIVISIONS = "SELECT name, country FROM place WHERE n <= ? AND feature_class = 'A'"

#: GeoNames gives some quarters as towns, with the inhabitants of the city: "Al Mawşil al Jadīdah" beside Mosul. This near to
#: the seat of a division, or a town that has the name of one, no other is named.
_QUARTER_KM = 8.0


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
            divisions = set(connection.execute(_DIVISIONS, (_AMONG,)))
    except sqlite3.Error as error:
        raise GazetteerError(f"{PACKAGED}: cannot be read as a gazetteer ({error}); reinstall conflictmap") from error
    cities: dict[tuple[int, int], list[LonLat]] = defaultdict(list)  # by degree
    for name, _, lon, lat, country, _, is_seat in rows:
        if is_seat or (name, country) in divisions:
            cities[round(lon), round(lat)].append(LonLat(lon=lon, lat=lat))
    taken: Counter[str] = Counter()
    towns = []
    for *row, is_seat in rows:
        town = Town(*row)
        group = town.country if town.country is not None and town.country in most else ""
        if taken[group] >= most.get(group, elsewhere) or (not group and town.population < least):
            continue
        if is_seat or (town.name, town.country) in divisions or not _is_quarter(town, cities):
            taken[group] += 1
            towns.append(town)
    return towns


def _is_quarter(town: Town, cities: Mapping[tuple[int, int], list[LonLat]]) -> bool:
    here = LonLat(lon=town.lon, lat=town.lat)
    lon, lat = round(town.lon), round(town.lat)
    around = (city for x in (-1, 0, 1) for y in (-1, 0, 1) for city in cities.get((lon + x, lat + y), ()))
    return any(great_circle_km(here, city) < _QUARTER_KM for city in around)
