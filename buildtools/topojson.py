"""TopoJSON in, shapely polygons or compact outlines out.

Hides: quantised, delta-encoded arcs that neighbours share (the TopoJSON specification, github.com/topojson). Only
polygons are read; other geometry types are left out, as outlines have none.

Outlines for the page keep the arcs: each border is simplified once, so what two units share stays shared, and is stored
once, as text (see `encode_arc`).
"""

from __future__ import annotations

from typing import Any

import shapely
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

__all__ = [
    "ARC_SCALE",
    "encode_arc",
    "label_of",
    "polygon_geometries",
    "polygon_rings",
    "simplified_arcs",
    "topology_polygons",
]

Position = tuple[float, float]  # lon, lat in degrees

#: Encoded coordinates are whole thousandths of a degree: 111 m, half a pixel at zoom 9 and finer than the outlines are.
ARC_SCALE = 1000


def topology_polygons(topology: dict[str, Any]) -> list[tuple[dict[str, Any], str | None, BaseGeometry]]:
    """The polygons of all objects of a topology, in file order: (properties, id, geometry).

    Geometries are valid Polygons or MultiPolygons in the units of the file (degrees, lon before lat). Borders that two
    units share have the same vertices in both, except where an outline had to be repaired.

    >>> square = [[[0, 0], [2, 0], [0, 2], [-2, 0], [0, -2]]]
    >>> geometries = [{"type": "Polygon", "id": "A", "properties": {"name": "a"}, "arcs": [[0]]}]
    >>> objects = {"o": {"type": "GeometryCollection", "geometries": geometries}}
    >>> transform = {"scale": [0.5, 0.5], "translate": [10, 20]}
    >>> ((properties, key, shape),) = topology_polygons({"objects": objects, "arcs": square, "transform": transform})
    >>> properties["name"], key, shape.bounds
    ('a', 'A', (10.0, 20.0, 11.0, 21.0))
    """
    return [
        (geometry.get("properties") or {}, None if geometry.get("id") is None else str(geometry["id"]), shape)
        for geometry, shape in polygon_geometries(topology)
    ]


def polygon_geometries(topology: dict[str, Any]) -> list[tuple[dict[str, Any], BaseGeometry]]:
    """Each polygon geometry of a topology as it stands in the file, with its shape."""
    arcs = _decoded_arcs(topology)
    geometries = [g for outline in topology["objects"].values() for g in outline.get("geometries", [outline])]
    shapes = ((geometry, _shape(geometry, arcs)) for geometry in geometries)
    return [(geometry, shape) for geometry, shape in shapes if shape is not None and not shape.is_empty]


def polygon_rings(geometry: dict[str, Any]) -> list[list[list[int]]]:
    """The polygons of a TopoJSON geometry as rings of arc indexes, outer ring first; empty for other types."""
    if geometry["type"] == "Polygon":
        return [geometry["arcs"]]
    if geometry["type"] == "MultiPolygon":
        return list(geometry["arcs"])
    return []


def simplified_arcs(topology: dict[str, Any], tolerance: float) -> list[list[Position]]:
    """All arcs, each simplified by Douglas-Peucker (tolerance in degrees) with its ends kept.

    Ends are where borders meet, so neighbours still fit. A closed arc that comes out as two points has no area.
    """
    lines = [shapely.LineString(arc) for arc in _decoded_arcs(topology)]
    return [list(line.coords) for line in shapely.simplify(lines, tolerance, preserve_topology=False)]


def encode_arc(arc: list[Position]) -> str:
    """An arc as text: differences between points in units of 1/ARC_SCALE degree, zigzag, five bits a character.

    Longitude before latitude. It is Google's polyline encoding with another scale and order; characters are "?" to "~".

    >>> encode_arc([(0.0, 0.0), (0.001, -0.002)])
    '??AB'
    """
    text: list[str] = []
    last = (0, 0)
    for lon, lat in arc:
        point = (round(lon * ARC_SCALE), round(lat * ARC_SCALE))
        if text and point == last:
            continue
        for value in (point[0] - last[0], point[1] - last[1]):
            rest = value << 1 if value >= 0 else ~(value << 1)
            while rest >= 32:
                text.append(chr((rest & 31 | 32) + 63))
                rest >>= 5
            text.append(chr(rest + 63))
        last = point
    return "".join(text)


def label_of(shape: BaseGeometry) -> tuple[float, float, float]:
    """Where the name of an area goes: lon, lat, and the width in degrees that is free there.

    The centre of the largest circle inside the largest part, and the length of the level line through it.
    """
    parts = [part for part in shapely.get_parts(shape) if isinstance(part, Polygon)]
    largest = max(parts, key=lambda part: float(part.area))
    outline = largest.simplify(0.01 * float(largest.area) ** 0.5)
    circle = shapely.maximum_inscribed_circle(outline, tolerance=0.01 * float(outline.area) ** 0.5)
    lon, lat = (float(value) for value in shapely.get_coordinates(circle)[0])
    west, _, east, _ = outline.bounds
    chords = shapely.get_parts(outline.intersection(shapely.LineString([(west, lat), (east, lat)])))
    width = max((float(chord.length) for chord in chords if chord.bounds[0] <= lon <= chord.bounds[2]), default=0.0)
    return round(lon, 2), round(lat, 2), round(width, 2)


def _decoded_arcs(topology: dict[str, Any]) -> list[list[Position]]:
    transform = topology.get("transform")
    if transform is None:
        return [[(x, y) for x, y, *_ in arc] for arc in topology["arcs"]]
    (kx, ky), (dx, dy) = transform["scale"], transform["translate"]
    decoded = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for step_x, step_y, *_ in arc:
            x, y = x + step_x, y + step_y
            points.append((x * kx + dx, y * ky + dy))
        decoded.append(points)
    return decoded


def _shape(geometry: dict[str, Any], arcs: list[list[Position]]) -> BaseGeometry | None:
    parts = []
    for rings in polygon_rings(geometry):
        lines = [line for line in (_ring(indexes, arcs) for indexes in rings) if len(line) >= 4]
        if lines:
            parts.append(Polygon(lines[0], lines[1:]))
    if not parts:
        return None
    shape: BaseGeometry = parts[0] if len(parts) == 1 else MultiPolygon(parts)
    return shape if shape.is_valid else _polygonal(shapely.make_valid(shape))


def _ring(indexes: list[int], arcs: list[list[Position]]) -> list[Position]:
    """One closed ring. A negative index ~i is arc i backwards; each arc begins where the last one ended."""
    line: list[Position] = []
    for index in indexes:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        line.extend(arc[1:] if line else arc)
    return line


def _polygonal(shape: BaseGeometry) -> BaseGeometry:
    """The polygons of a repaired shape, without the lines and points that a repair may leave."""
    parts = [part for part in shapely.get_parts(shape) if isinstance(part, (Polygon, MultiPolygon))]
    return shapely.union_all(parts) if parts else Polygon()
