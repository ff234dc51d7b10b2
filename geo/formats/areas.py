"""The area that an event lies in as far as is known, as rings of longitude and latitude: a division's polygon, or a circle.

Hides: when an event has a polygon, how a circle on the globe is drawn in degrees, at the poles and over 180 degrees, and which
way rings run.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

from geo.formats.export import Export
from geo.table import Row

__all__ = ["Ring", "area_of", "circle"]

#: Mean earth radius of the IUGG, as `gazetteer.place.great_circle_km` has it.
_EARTH_KM = 6371.0088
#: Corners of a circle: its edge is off by less than half a percent of the radius.
CORNERS = 36
_DECIMALS = 5
#: A circle that comes nearer to a pole than this is drawn short of it, in degrees: beyond, longitudes have no meaning.
_NEAREST_TO_POLE = 0.01


Ring = list[list[float]]


def area_of(row: Row, export: Export) -> list[list[Ring]]:
    """The polygons of a row with a point, each its outer ring and the holes in it, in the order and sense of RFC 7946.

    One that is known to a division has that division's polygon where the export knows boundaries; any other a circle.
    """
    shape = export.polygon(row) if export.polygon is not None else None
    if shape is not None:
        return _rings(shape)
    radius = float(row.get("radius_km") or 1.0)
    return [[ring] for ring in circle(float(row["longitude"] or 0), float(row["latitude"] or 0), radius)]


def _rings(shape: Any) -> list[list[Ring]]:
    return [
        [_rounded([list(point[:2]) for point in ring.coords]) for ring in (part.exterior, *part.interiors)]
        for part in getattr(shape, "geoms", [shape])
    ]


_ANGLES = [-2.0 * math.pi * corner / CORNERS for corner in range(CORNERS)]
_COS, _SIN = [math.cos(a) for a in _ANGLES], [math.sin(a) for a in _ANGLES]


def circle(lon: float, lat: float, radius_km: float) -> list[Ring]:
    """The outer rings of a circle, counter-clockwise and closed: one, or two where it crosses 180 degrees.

    >>> [ring] = circle(38.28, 34.56, 5.0)
    >>> ring[0] == ring[-1], len(ring)
    (True, 37)
    >>> len(circle(179.99, 0.0, 50.0))
    2
    """
    angle = min(radius_km / _EARTH_KM, math.radians(89.0 - min(abs(lat), 88.0)))
    lat1 = math.radians(lat)
    s, c = math.sin(angle), math.cos(angle)
    ring: Ring = []
    for cos, sin in zip(_COS, _SIN, strict=True):
        up = math.sin(lat1) * c + math.cos(lat1) * s * cos
        up = max(-1.0, min(1.0, up))
        east = math.degrees(math.atan2(sin * s * math.cos(lat1), c - math.sin(lat1) * up))
        high = max(-90.0 + _NEAREST_TO_POLE, min(90.0 - _NEAREST_TO_POLE, math.degrees(math.asin(up))))
        ring.append([lon + east, high])
    ring.append(list(ring[0]))
    west, east_most = min(p[0] for p in ring), max(p[0] for p in ring)
    if west >= -180.0 and east_most <= 180.0:
        return [_rounded(ring)]
    seam = -180.0 if west < -180.0 else 180.0
    inside, beyond = _cut(ring, seam, keep_west=seam > 0), _cut(ring, seam, keep_west=seam < 0)
    moved = [[x - 2 * seam, y] for x, y in beyond]
    return [_rounded(part) for part in (inside, moved) if len(part) > 3]


def _cut(ring: Ring, seam: float, *, keep_west: bool) -> Ring:
    """The part of a convex ring on one side of a meridian, closed (Sutherland and Hodgman)."""
    sign = 1.0 if keep_west else -1.0
    kept: Ring = []
    for (x1, y1), (x2, y2) in pairwise(ring):
        in1, in2 = (seam - x1) * sign >= 0, (seam - x2) * sign >= 0
        if in1:
            kept.append([x1, y1])
        if in1 != in2:
            share = (seam - x1) / (x2 - x1)
            kept.append([seam, y1 + share * (y2 - y1)])
    return [*kept, list(kept[0])] if kept else []


def _rounded(ring: Ring) -> Ring:
    return [[round(x, _DECIMALS) + 0.0, round(y, _DECIMALS) + 0.0] for x, y in ring]
