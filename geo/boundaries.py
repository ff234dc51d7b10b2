"""The divisions that a point lies in, by the user's own boundary files: COD-AB, geoBoundaries, Natural Earth and the like.

Hides: how those files name their columns, and when a name and a polygon disagree. The point decides and the name is the way
out where the point lies in no polygon; which of the two it was stands in `adm_method`. What the event's place is only known
to (a governorate, a country) gets no finer division than that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from gazetteer.errors import InputError
from gazetteer.names import fold_name, skeleton_key, strip_type_word
from geo.codes import country_of
from geo.table import Row

__all__ = ["Boundaries", "Disagreement", "Division", "read_boundaries"]

#: Rows that are looked up at a time.
BATCH = 5_000
#: A point this far outside of the division that is named, in degrees, lies on its border (about 2 km): boundaries are drawn
#: by different hands.
BORDER_DEGREES = 0.02

#: Name and code of a division by level, in the spellings of the sources, most telling first. {n} is the level.
_NAMES = (
    "adm{n}_en adm{n}_name adm{n}name_en adm{n}name admin{n}name_en admin{n}name admin{n}_en adm{n}_ref name_{n} adm{n}_fr adm{n}_es"
).split()
_CODES = "adm{n}_pcode adm{n}pcode admin{n}pcode admin{n}_pcode admin{n}pcod adm{n}_code gid_{n} hasc_{n}".split()
#: Name and code where a file has one level and does not say which in their names.
_OWN_NAMES = "shapename name_en name gn_name woe_name brk_name admin".split()
_OWN_CODES = "pcode shapeiso iso_3166_2 iso code_hasc hasc shapeid adm1_code iso_a2".split()
_COUNTRIES = "adm0_pcode iso_a2 shapegroup adm0_a3 iso_a3 gid_0 country adm0_en admin".split()
_DEEPEST = 3


@dataclass(frozen=True, slots=True)
class Division:
    """A polygon of a boundary file with its name and code at its level and those above."""

    level: int  # 0 country to 3
    names: Mapping[int, str]
    codes: Mapping[int, str]
    also: frozenset[str]  # its own names in any spelling, folded
    country: str | None  # ISO alpha-2


@dataclass(frozen=True, slots=True)
class Disagreement:
    """An event whose named division is not the one that its point lies in."""

    event_id: str
    place: str
    named: str
    found: str

    def __str__(self) -> str:
        return f"{self.event_id}: {self.place!r} is in {self.named!r} by its name, and in {self.found!r} by its point"


def read_boundaries(paths: Iterable[Path]) -> Boundaries:
    """Reads boundary files of any level: GeoJSON (also .gz), GeoPackage or Shapefile.

    Raises InputError for a file that cannot be read or whose columns name no division.
    """
    divisions: list[Division] = []
    shapes: list[Any] = []
    for path in paths:
        frame = _frame(path)
        columns = {str(name).lower(): name for name in frame.columns if name != frame.geometry.name}
        there = len(divisions)
        for record, shape in zip(frame.to_dict("records"), frame.geometry, strict=True):
            if shape is None or shape.is_empty or "Polygon" not in shape.geom_type:
                continue
            cells = {low: str(record[name]).strip() for low, name in columns.items() if _is_filled(record[name])}
            division = _division(cells, path)
            if division is not None:
                divisions.append(division)
                shapes.append(shape)
        if len(divisions) == there:
            raise InputError(
                f"{path}: no polygon with the name of a division was found; columns like adm1_name, ADM1_EN, shapeName or name "
                "are expected"
            )
    return Boundaries(divisions, shapes, tuple(path.name for path in paths))


def _is_filled(value: object) -> bool:
    return value is not None and value == value and str(value).strip() not in ("", "-99", "None")  # noqa: PLR0124  NaN


def _frame(path: Path) -> Any:
    import geopandas  # noqa: PLC0415
    import pyogrio  # noqa: PLC0415

    if not path.is_file():
        raise InputError(f"{path}: there is no such file; check the name")
    source = f"/vsigzip/{path.resolve()}" if path.suffix == ".gz" else str(path)
    try:
        frame = geopandas.read_file(source)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as exc:
        raise InputError(f"{path}: not a boundary file that GDAL can read ({exc})") from exc
    if not hasattr(frame, "geometry") or frame.empty:
        raise InputError(f"{path}: has no polygons; give a file of boundaries")
    return frame.to_crs(4326) if frame.crs is not None and frame.crs.to_epsg() != 4326 else frame


def _division(cells: Mapping[str, str], path: Path) -> Division | None:
    names = {n: found for n in range(_DEEPEST + 1) if (found := _first(cells, _NAMES, n))}
    codes = {n: found for n in range(_DEEPEST + 1) if (found := _first(cells, _CODES, n))}
    level = _level(cells, names, codes, path)
    if level not in names and (found := _first(cells, _OWN_NAMES, level)):
        names[level] = found
    if level not in codes and (found := _first(cells, _OWN_CODES, level)):
        codes[level] = found
    if level not in names:
        return None
    also = {
        name
        for column, text in cells.items()
        if "name" in column or column.startswith(("adm", "gn"))
        for name in re.split(r"\||;", text)
    }
    given = next((cells[column] for column in _COUNTRIES if column in cells), "")
    country = country_of(given)
    own = frozenset(key for name in (names[level], *also) for key in _keys(name))
    return Division(level, names, codes, own, country.iso2 if country is not None else None)


def _first(cells: Mapping[str, str], columns: Sequence[str], level: int) -> str | None:
    return next((cells[name] for column in columns if (name := column.format(n=level)) in cells), None)


def _level(cells: Mapping[str, str], names: Mapping[int, str], codes: Mapping[int, str], path: Path) -> int:
    """The level of a polygon: as a column says it, the deepest with a name, else what the file's name says, else 1."""
    for column in ("shapetype", "level", "admin_level_", "adm_level"):
        if found := re.search(r"\d", cells.get(column, "")):
            return min(int(found[0]), _DEEPEST)
    if deepest := max([*names, *codes], default=0):
        own_code = next((cells[c] for c in ("pcode",) if c in cells), None)
        return deepest if own_code is None or codes.get(deepest) == own_code else deepest + 1
    if found := re.search(r"adm(?:in)?[_-]?(\d)", path.name.lower()):
        return min(int(found[1]), _DEEPEST)
    return 0 if {"iso_a2", "name_long"} <= set(cells) else 1


def _keys(name: str) -> Iterator[str]:
    """What two spellings of one name share: folded, without its type word, and its consonants."""
    folded = fold_name(name)
    bare, _ = strip_type_word(folded)
    yield from filter(None, (folded, bare, skeleton_key(bare)))


class Boundaries:
    """Divisions and a way to find those that a point lies in."""

    def __init__(self, divisions: Sequence[Division], shapes: Sequence[Any], files: tuple[str, ...]) -> None:
        from shapely import STRtree  # noqa: PLC0415

        self.files = files
        self._divisions, self._shapes = divisions, shapes
        self._tree = STRtree(shapes)
        self._drawn: dict[int, Any] = {}  # what `area` gives, by index
        self._by_name: dict[str, list[Division]] = {}
        for division in divisions:
            if division.level == 1:
                for key in division.also:
                    self._by_name.setdefault(key, []).append(division)

    def attach(self, rows: Iterable[Row], disagreements: list[Disagreement]) -> Iterator[Row]:
        """The rows with `DIVISION_COLUMNS`; what disagrees goes to the list. Rows stream in batches."""
        rows = iter(rows)
        while batch := list(islice(rows, BATCH)):
            found = self._containing(batch)
            for row, divisions in zip(batch, found, strict=True):
                yield row | self._columns(row, divisions, disagreements)

    def polygon(self, row: Row, level: int) -> Any | None:
        """The polygon of a level that a row's point lies in, None where there is none."""
        inside = [i for i in self._indexes([row])[0] if self._divisions[i].level == level]
        return self._shapes[inside[0]] if inside else None

    def area(self, row: Row) -> Any | None:
        """The polygon of the division that a row is known to, None where it is known better or worse than that.

        Its corners are rounded and its outer rings run counter-clockwise, holes the other way.
        None too where the file has that division elsewhere, by its name: the polygon around the point would be another one.
        """
        level = _LEVEL_OF.get(str(row.get("location_level")))
        if level is None or row.get("longitude") is None:
            return None
        found = next((i for i in self._indexes([row])[0] if self._divisions[i].level == level), None)
        if found is None or (level == 1 and self._is_elsewhere(row, self._divisions[found])):
            return None
        if found not in self._drawn:
            self._drawn[found] = _drawn(self._shapes[found])
        return self._drawn[found]

    def _is_elsewhere(self, row: Row, division: Division) -> bool:
        named = str(row.get("admin1") or row.get("place") or "")
        if not named or any(key in division.also for key in _keys(named)):
            return False
        return self._named(named, row.get("country")) is not None

    def _containing(self, batch: Sequence[Row]) -> list[list[Division]]:
        return [[self._divisions[i] for i in indexes] for indexes in self._indexes(batch)]

    def _indexes(self, batch: Sequence[Row]) -> list[list[int]]:
        from shapely import points  # noqa: PLC0415

        located = [(at, row) for at, row in enumerate(batch) if row.get("longitude") is not None]
        found: list[list[int]] = [[] for _ in batch]
        if not located:
            return found
        shapes = points([[float(row["longitude"] or 0), float(row["latitude"] or 0)] for _, row in located])
        which, polygons = self._tree.query(shapes, predicate="intersects")
        for point, polygon in sorted(zip(which.tolist(), polygons.tolist(), strict=True)):
            found[located[point][0]].append(polygon)
        return found

    def _columns(self, row: Row, divisions: Sequence[Division], disagreements: list[Disagreement]) -> Row:
        values: Row = dict.fromkeys(f"adm{n}_{what}" for n in (1, 2, 3) for what in ("name", "pcode"))
        values["adm_method"] = None
        depth = _DEPTH.get(str(row.get("location_level")), 0)
        if row.get("longitude") is None or depth == 0:
            return values
        named = row.get("admin1")
        if divisions:
            values["adm_method"] = "point in polygon"
            for division in sorted(divisions, key=lambda each: each.level):
                for n in range(1, min(division.level, depth) + 1):
                    values[f"adm{n}_name"] = division.names.get(n) or values[f"adm{n}_name"]
                    values[f"adm{n}_pcode"] = division.codes.get(n) or values[f"adm{n}_pcode"]
            self._compare(row, named, divisions, disagreements)
        elif named is not None and (other := self._named(str(named), row.get("country"))) is not None:
            values |= {"adm1_name": other.names[1], "adm1_pcode": other.codes.get(1), "adm_method": "name"}
        if values["adm1_name"] is None and values["adm2_name"] is None and values["adm3_name"] is None:
            values["adm_method"] = None
        return values

    def _named(self, name: str, country: object) -> Division | None:
        for key in _keys(name):
            fits = [d for d in self._by_name.get(key, ()) if country is None or d.country in (None, country)]
            if len(fits) == 1:
                return fits[0]
        return None

    def _compare(
        self, row: Row, named: object, divisions: Sequence[Division], disagreements: list[Disagreement]
    ) -> None:
        first = next((division for division in divisions if division.level == 1), None)
        if named is None or first is None or any(key in first.also for key in _keys(str(named))):
            return
        other = self._named(str(named), row.get("country"))
        if other is None or self._is_on_border(row, other):
            return  # a name that the file does not know says nothing
        disagreements.append(Disagreement(str(row.get("event_id")), str(row.get("place")), str(named), first.names[1]))

    def _is_on_border(self, row: Row, division: Division) -> bool:
        from shapely.geometry import Point  # noqa: PLC0415

        shape = next(s for s, d in zip(self._shapes, self._divisions, strict=True) if d is division)
        point = Point(float(row["longitude"] or 0), float(row["latitude"] or 0))
        return bool(shape.distance(point) < BORDER_DEGREES)


#: Degrees to which the corners of what is drawn are rounded: about a metre.
_GRID = 1e-5


def _drawn(shape: Any) -> Any:
    """A shape rounded without becoming invalid, its rings in the sense of RFC 7946; the shape itself where nothing is left."""
    from shapely import MultiPolygon, set_precision  # noqa: PLC0415
    from shapely.geometry.polygon import orient  # noqa: PLC0415

    rounded = set_precision(shape, _GRID)
    parts = [part for part in getattr(rounded, "geoms", [rounded]) if part.geom_type == "Polygon" and not part.is_empty]
    return MultiPolygon([orient(part) for part in parts]) if parts else shape


#: Location level -> the level of the division that it is.
_LEVEL_OF = {"country": 0, "adm1": 1, "adm2": 2, "adm3": 3}
#: Location level -> the deepest division that its point tells. A part of a governorate may span districts.
_DEPTH = {"site": 3, "settlement": 3, "near": 3, "adm3": 3, "adm2": 2, "adm1": 1, "part": 1, "country": 0, "sea_air": 0}
