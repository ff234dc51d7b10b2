"""The base map: country and first-level outlines that the build has brought, names, and lines in dispute.

Hides: where the assets lie, how outlines are stored (arcs as text, shared by neighbours), and which of them and of the
towns a page gets.
The page decodes the same text in static/outlines.js; the writer is `encode_arc` in buildtools/topojson.py.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from gazetteer import MapperError, fold_name, skeleton_key, strip_article, strip_type_word
from gazetteer.errors import GazetteerError
from gazetteer.largest import largest_towns
from maps.columns import compact_json

__all__ = [
    "asset_text",
    "country_name",
    "decode_arc",
    "disputed_lines",
    "divisions_of",
    "local_country_names",
    "neighbours_of",
    "outlines_json",
    "outlines_source",
    "unit_index",
]

_ASSETS = Path(__file__).parent / "assets"
_DATA = Path(__file__).parent / "data"

#: Bytes of first-level outlines in one page. Syria takes 5 kB, Russia 176 kB; with the world's countries (0.45 MB) and
#: the scripts (0.25 MB) a page of 50 events stays under 1.5 MB.
DIVISIONS_BUDGET = 350_000
#: The same for countries around those. Syria's take 60 kB.
NEIGHBOURS_BUDGET = 120_000
#: Width of a view in degrees beyond which the two sources of outlines cannot be told apart on a screen.
CLOSE_VIEW_DEGREES = 40.0


@cache
def asset_text(name: str) -> str:
    """The text of one file of `maps/assets`. Raises MapperError when the build has not brought it."""
    try:
        return (_ASSETS / name).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise MapperError(
            f"{_ASSETS / name} is missing: install the package with pip; in a source tree run python -m buildtools"
        ) from None


@cache
def _countries() -> dict[str, str]:
    entries = json.loads(asset_text("countries.json"))["countries"]
    return {entry["code"]: entry["name"] for entry in entries if entry["code"] is not None}


def country_name(code: str | None) -> str | None:
    """The English name of a country by its ISO alpha-2 code; None when there is none."""
    return None if code is None else _countries().get(code)


@cache
def _divisions(code: str) -> dict[str, Any] | None:
    if re.fullmatch("[A-Z]{2}", code) is None or not (_ASSETS / "admin1" / f"{code}.json").is_file():
        return None
    found: dict[str, Any] = json.loads(asset_text(f"admin1/{code}.json"))
    return found


def divisions_of(events_by_country: Mapping[str, int]) -> list[str]:
    """The countries whose first-level outlines a page draws: those with most events first, within the budget.

    Codes in the order of the alphabet; the country with most events is always among them if it has outlines.
    """
    chosen: list[str] = []
    left = DIVISIONS_BUDGET
    for code, _ in sorted(events_by_country.items(), key=lambda item: (-item[1], item[0])):
        if _divisions(code) is not None:
            size = len(asset_text(f"admin1/{code}.json"))
            if not chosen or size <= left:
                chosen.append(code)
                left -= size
    return sorted(chosen)


def neighbours_of(codes: Sequence[str], box: Sequence[Sequence[float]] | None) -> list[str]:
    """Other countries around a box ([[south, west], [north, east]]) whose outlines come from the same source.

    So the borders that the reader looks at coincide. None for a box so wide that nobody would see; smallest first,
    within the budget.
    """
    if box is None or box[1][1] - box[0][1] > CLOSE_VIEW_DEGREES:
        return []
    (south, west), (north, east) = box
    margin = max(1.0, 0.6 * max(north - south, east - west))
    view = (west - margin, south - margin, east + margin, north + margin)
    near = [
        code
        for code, boxes in json.loads(asset_text("boxes.json")).items()
        if code not in codes
        and any(w <= view[2] and e >= view[0] and s <= view[3] and n >= view[1] for w, s, e, n in boxes)
    ]
    chosen = []
    left = NEIGHBOURS_BUDGET
    for size, code in sorted((len(asset_text(f"admin1/{code}.json")), code) for code in near):
        if size <= left:
            chosen.append(code)
            left -= size
    return sorted(chosen)


def outlines_json(focus: Sequence[str], neighbours: Sequence[str], *, towns: bool = False) -> str:
    """JSON for the page: the world's countries, and first-level outlines: all of `focus`, the edge of `neighbours`.

    With them go the local names of countries and the lines in dispute, and the larger `towns` where they are wanted.
    """
    codes = sorted({*focus, *neighbours})
    divisions = ",".join(f'"{code}":{asset_text(f"admin1/{code}.json")}' for code in codes)
    rest = {
        "focus": sorted(focus),
        "names": local_country_names(),
        "disputed": [line.points for line in disputed_lines()],
        "towns": _towns(tuple(sorted(focus)), tuple(sorted(neighbours))) if towns else [],
    }
    return f'{{"world":{asset_text("countries.json")},"divisions":{{{divisions}}},{compact_json(rest)[1:]}'


# --- names and disputed lines ---------------------------------------------------------------------------------------------

#: Towns that a page names of each country with events, of each around those, and of all others together, where they
#: must have a million inhabitants. All in all some 40 kB.
FOCUS_TOWNS, NEIGHBOUR_TOWNS, OTHER_TOWNS = 200, 40, 400
OTHER_TOWNS_FROM = 1_000_000
#: No page names more of the countries with events together: with twenty such countries each gets a share.
MOST_TOWNS = 800


class DisputedLine(NamedTuple):
    """A line on whose course or status states disagree."""

    id: str
    name: str
    points: list[list[float]]  # pieces, each lon, lat, lon, lat, ... in degrees
    source: str


@cache
def disputed_lines() -> tuple[DisputedLine, ...]:
    """The lines of `maps/data/disputed.tsv`. That a line is drawn is no statement on any territory."""
    return tuple(
        DisputedLine(line_id, name, [_degrees(piece) for piece in points.split("|")], source)
        for line_id, name, points, source in _table("disputed.tsv")
    )


def _degrees(piece: str) -> list[float]:
    return [float(number) for point in piece.split(";") for number in point.split(" ")]


@cache
def local_country_names() -> dict[str, str]:
    """ISO alpha-2 code -> name in the country's own script, where that is not Latin."""
    return {code: name for code, name, _ in _table("country_names.tsv")}


def _table(name: str) -> list[list[str]]:
    """The rows of a table in `maps/data` below its remarks and its header."""
    text = (_DATA / name).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")][1:]


@lru_cache(maxsize=8)
def _towns(focus: tuple[str, ...], neighbours: tuple[str, ...]) -> list[list[Any]]:
    """Larger towns for labels: name, local name or null, lon, lat, thousands of inhabitants; the largest first.

    None where the gazetteer is missing: a page of events can do without.
    """
    most = dict.fromkeys(neighbours, NEIGHBOUR_TOWNS)
    most |= dict.fromkeys(focus, min(FOCUS_TOWNS, MOST_TOWNS // max(1, len(focus))))
    try:
        found = largest_towns(most, elsewhere=OTHER_TOWNS, least=OTHER_TOWNS_FROM)
    except GazetteerError:
        return []
    return [[t.name, t.native_name, round(t.lon, 3), round(t.lat, 3), t.population // 1000] for t in found]


def outlines_source() -> list[str]:
    """What the outlines are made from, with date, as short texts."""
    return list(json.loads(asset_text("manifest.json"))["outlines"].values())


def unit_index(code: str | None, *, name: str | None, lon: float, lat: float) -> int | None:
    """Which first-level unit of a country is meant: by its name, else the one that the point lies in; else None.

    A name that fits one unit decides: the point of a province may lie in the city that it surrounds.
    """
    divisions = None if code is None else _divisions(code)
    if divisions is None or code is None:
        return None
    for key in (_normal, lambda text: skeleton_key(_normal(text))):
        wanted = key(name or "")
        named = [
            index
            for index, unit in enumerate(divisions["units"])
            if wanted and unit["name"] and wanted in {key(known) for known in (unit["name"], *unit["aliases"])}
        ]
        if len(named) == 1:
            return named[0]
    return _unit_at(code, lon, lat)


def _normal(name: str) -> str:
    """A name without spelling differences, type word and article: "Al Hasakah Governorate" is "hasakah"."""
    return strip_article(strip_type_word(fold_name(name))[0])


def _unit_at(code: str, lon: float, lat: float) -> int | None:
    from shapely import Point  # noqa: PLC0415  (0.1 s, and few pages need it)

    point = Point(lon, lat)
    hits = [index for index, shape in enumerate(_unit_shapes(code)) if shape is not None and shape.covers(point)]
    return hits[0] if hits else None


@cache
def _unit_shapes(code: str) -> list[Any]:
    """The shapes of a country's units; None for land that is no division."""
    from shapely import make_valid  # noqa: PLC0415
    from shapely.geometry import MultiPolygon, Polygon  # noqa: PLC0415

    divisions = _divisions(code)
    assert divisions is not None
    arcs = [decode_arc(text, divisions["scale"]) for text in divisions["arcs"]]

    def ring(indexes: list[int]) -> list[tuple[float, float]]:
        return [point for i in indexes for point in (arcs[i] if i >= 0 else arcs[~i][::-1])]

    shapes = []
    for unit in divisions["units"]:
        rings = [[ring(indexes) for indexes in polygon] for polygon in unit["polygons"]]
        parts = [Polygon(outer, [hole for hole in holes if len(hole) > 3]) for outer, *holes in rings if len(outer) > 3]
        shapes.append(make_valid(MultiPolygon(parts)) if unit["name"] is not None else None)
    return shapes


def decode_arc(text: str, scale: int) -> list[tuple[float, float]]:
    """The points (lon, lat) of one encoded arc.

    >>> decode_arc("??AB", 1000)
    [(0.0, 0.0), (0.001, -0.002)]
    """
    values: list[int] = []
    value = shift = 0
    for letter in text:
        bits = ord(letter) - 63
        value |= (bits & 31) << shift
        shift += 5
        if bits < 32:
            values.append(~(value >> 1) if value & 1 else value >> 1)
            value = shift = 0
    points = []
    lon = lat = 0
    for step_lon, step_lat in zip(values[::2], values[1::2], strict=True):
        lon, lat = lon + step_lon, lat + step_lat
        points.append((lon / scale, lat / scale))
    return points
