"""GeoJSON (RFC 7946) as streams: the collection, and one feature a line (GeoJSON Text Sequences without the separator).

Hides: how a collection gets its `bbox` before features that have not been read yet, and what an area looks like in
GeoJSON: a ring counter-clockwise, cut in two at 180 degrees.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from geo.formats.areas import area_of
from geo.formats.export import Export
from geo.table import Row, bounds, dumps, feature_of, writing

__all__ = ["write_geojson", "write_geojsonl"]

#: Bytes copied at a time.
_CHUNK = 1 << 20
#: Points that are held for the bounds before most of them are thrown away.
_MOST_POINTS = 1 << 15


def write_geojson(path: Path, export: Export) -> list[str]:
    """A FeatureCollection, one feature a line; the same bytes as `geo.table.rows_to_geojson` for the same rows."""
    points: list[tuple[float, float]] = []
    with writing(path) as draft, tempfile.TemporaryFile("w+", encoding="utf-8", newline="\n") as spool:
        between = ""
        for row in export.rows:
            feature = _feature(row, export)
            points += _positions(feature["geometry"])
            if len(points) > _MOST_POINTS:
                points = _corners(points)
            spool.write(between + dumps(feature))
            between = ",\n"
        spool.flush()
        with draft.open("w", encoding="utf-8", newline="\n") as out:
            bbox = f'"bbox": {dumps(bounds(points))},\n' if points else ""
            out.write(f'{{\n"type": "FeatureCollection",\n{bbox}"features": [\n')
            spool.seek(0)
            shutil.copyfileobj(spool, out, _CHUNK)
            out.write(("\n" if between else "") + "]\n}\n")
    return []


def write_geojsonl(path: Path, export: Export) -> list[str]:
    """One feature a line and nothing around them."""
    with writing(path) as draft, draft.open("w", encoding="utf-8", newline="\n") as out:
        out.writelines(dumps(_feature(row, export)) + "\n" for row in export.rows)
    return []


def _feature(row: Row, export: Export) -> dict[str, Any]:
    feature = feature_of(row, export.columns)
    if export.geometry == "area" and feature["geometry"] is not None:
        parts = area_of(row, export)
        feature["geometry"] = (
            {"type": "Polygon", "coordinates": parts[0]}
            if len(parts) == 1
            else {"type": "MultiPolygon", "coordinates": parts}
        )
    return feature


def _positions(geometry: dict[str, Any] | None) -> Iterator[tuple[float, float]]:
    if geometry is None:
        return
    if geometry["type"] == "Point":
        lon, lat = geometry["coordinates"]
        yield lon, lat
        return
    parts = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    for rings in parts:
        yield from ((lon, lat) for lon, lat in rings[0])


def _corners(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Fewer points with the same bounds: each whole degree of longitude keeps its ends, and the ends of latitude stay."""
    ends: dict[int, tuple[tuple[float, float], tuple[float, float]]] = {}
    for point in points:
        west, east = ends.get(int(point[0]), (point, point))
        ends[int(point[0])] = (min(west, point), max(east, point))
    south, north = min(points, key=lambda p: p[1]), max(points, key=lambda p: p[1])
    return [south, north, *(point for pair in ends.values() for point in pair)]
