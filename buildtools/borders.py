"""The borders between countries as gazetteer entries: names like "Syrian-Turkish border", points along the line.

They come from the outlines of the base map: in a topology two countries share the arcs of their border.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any

import pycountry

from buildtools.topojson import polygon_rings, simplified_arcs
from gazetteer.place import LonLat, Place, great_circle_km
from gazetteer.store import SourcePlace

__all__ = ["borders"]

#: Shorter shared lines are slips of the outlines or enclaves that no news calls a border.
MIN_KM = 5.0
#: Points kept along a border, besides its middle.
N_POINTS = 12


def borders(topology: dict[str, Any], countries: Mapping[str, SourcePlace]) -> list[SourcePlace]:
    """One record for each pair of neighbours, sorted by id ("region:border-sy-tr").

    `topology` is the TopoJSON of world-atlas; `countries` are the records of countries by ISO alpha-2 code. The point of
    a border is its middle, `radius_km` half its length; names are made of the countries' names and adjectives.
    """
    users: dict[int, set[str]] = defaultdict(set)
    for geometry in topology["objects"]["countries"]["geometries"]:
        code = _alpha2(geometry.get("id"))
        for index in (i for rings in polygon_rings(geometry) for ring in rings for i in ring):
            if code is not None:
                users[max(index, ~index)].add(code)
    arcs = simplified_arcs(topology, 0.0)
    shared: dict[tuple[str, str], list[list[LonLat]]] = defaultdict(list)
    for arc, codes in sorted(users.items()):
        if len(codes) == 2:
            low, high = sorted(codes)
            shared[low, high].append([LonLat(lon=x, lat=y) for x, y, *_ in arcs[arc]])
    records = (_record(pair, lines, countries) for pair, lines in sorted(shared.items()))
    return [record for record in records if record is not None]


def _record(
    pair: tuple[str, str], lines: list[list[LonLat]], countries: Mapping[str, SourcePlace]
) -> SourcePlace | None:
    a, b = (countries.get(code) for code in pair)
    steps = [(great_circle_km(p, q), p, q) for line in lines for p, q in pairwise(line)]
    length = sum(km for km, _, _ in steps)
    if a is None or b is None or length < MIN_KM:
        return None
    middle, *along = (_at(steps, length * share) for share in (0.5, *((i + 0.5) / N_POINTS for i in range(N_POINTS))))
    names = _names(a, b)
    place = Place(
        id=f"region:border-{pair[0].lower()}-{pair[1].lower()}",
        name=names[0],
        lon=round(middle.lon, 3),
        lat=round(middle.lat, 3),
        feature_class="L",
        feature_code="RGN",
        radius_km=round(length / 2, 1),
        source="Natural Earth (border of the outlines)",
    )
    points = tuple(LonLat(lon=round(p.lon, 3), lat=round(p.lat, 3)) for p in along)
    return SourcePlace(place=place, alternates=names[1:], points=points)


def _at(steps: Iterable[tuple[float, LonLat, LonLat]], km: float) -> LonLat:
    """The point of a line after so many kilometres."""
    last = LonLat(lon=0, lat=0)
    for step, p, q in steps:
        last = q
        if km <= step and step > 0:
            share = km / step
            return LonLat(lon=p.lon + share * (q.lon - p.lon), lat=p.lat + share * (q.lat - p.lat))
        km -= step
    return last


def _names(a: SourcePlace, b: SourcePlace) -> tuple[str, ...]:
    """Like "Syria-Turkey border" and the forms with adjectives, both orders."""
    names = [f"{x.place.name}-{y.place.name} border" for x, y in ((a, b), (b, a))]
    if a.demonyms and b.demonyms:
        names += [f"{x.demonyms[0]}-{y.demonyms[0]} border" for x, y in ((a, b), (b, a))]
    return tuple(names)


def _alpha2(code: str | None) -> str | None:
    found = pycountry.countries.get(numeric=code) if code is not None and math.isfinite(float(code)) else None
    return None if found is None else str(found.alpha_2)
