"""Tables of places that a user has, CSV or GeoJSON -> `SourcePlace` records: own lists, and P-code tables (COD-AB).

Hides: what a column is called. Headers are compared without case, blanks and underscores; the names below are those of
the tables that OCHA publishes (three generations of COD-AB layouts, gazetteers of populated places) and the usual ones of
other lists. A P-code is text: one that went through a number ("200", "2.0E+05", or shorter than its like) is refused,
because nobody can tell what it was.

A place with a P-code gets the id "pcode:SY0200", one with a GeoNames number "geonames:170654", another "NAME:kafr-nabl" with
the name of the layer. Its division is given as the table gives it, by P-code, code or name; `join` translates it.
"""

from __future__ import annotations

import csv
import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from gazetteer.errors import InputError
from gazetteer.files import inner_name, numbered_lines, read_whole
from gazetteer.names import fold_name, is_latin
from gazetteer.place import FEATURE_CLASSES, LonLat, Place
from gazetteer.store import SourcePlace

__all__ = ["Described", "describe", "read_table"]

#: Bytes of a GeoJSON file, which is read at once; outlines of a country's sub-districts have 20 to 60 MB.
MAX_GEOJSON = 256 << 20
#: Bytes of one cell: an outline as text can be long.
MAX_CELL = 1 << 20
#: Letters of a column list in a message.
MAX_SHOWN = 160
#: Kilometres of a degree of latitude.
KM_PER_DEGREE = 111.195
#: Of the codes of one level, longer ones are slips rather than shorter ones when they are fewer than this share.
FEW = 0.1

#: What a column holds -> what it may be called, best first; small letters without anything between. "{n}" is the level of
#: the row. A name in a language of its own ends in the language's code: "adm2_ar", "admin2Name_en".
_COLUMNS: dict[str, tuple[str, ...]] = {
    "lat": ("lat", "latitude", "latitud", "y", "ycoord", "pointy", "centerlat", "centroidlat", "latdd", "geolat"),
    "lon": (
        "lon",
        "lng",
        "long",
        "longitude",
        "x",
        "xcoord",
        "pointx",
        "centerlon",
        "centroidlon",
        "londd",
        "longdd",
        "geolon",
    ),
    "name": (
        "name",
        "placename",
        "place",
        "title",
        "nameen",
        "nameeng",
        "englishname",
        "featurename",
        "settlement",
        "asciiname",
    ),
    "native": ("namear", "nativename", "native", "arabicname", "localname", "namelocal"),
    "alternates": ("alternates", "alternatenames", "variants", "othernames", "aliases", "aka", "namealt", "namenref"),
    "id": ("id", "placeid", "uid"),
    "geonames": ("geonameid", "geonamesid", "gnid"),
    "pcode": ("pcode", "placecode", "placepcode"),
    "class": ("featureclass", "fclass"),
    "code": ("featurecode", "fcode"),
    "country": ("country", "countrycode", "iso2", "isoa2", "cc", "adm0pcode", "admin0pcode", "countryiso"),
    "admin1": ("admin1", "adm1", "admin1code", "adm1code", "admin1pcode", "adm1pcode", "province", "governorate"),
    "admin1 name": ("admin1name", "adm1name", "adm1en", "admin1nameen"),
    "admin2": ("admin2name", "adm2name", "adm2en", "admin2nameen", "admin2", "adm2", "district"),
    "population": ("population", "pop", "popmax"),
    "radius": ("radiuskm", "radius"),
    "source": ("source",),
}
_LEVEL_PCODE = ("adm{n}pcode", "admin{n}pcode", "adm{n}code", "admin{n}code")
_LEVEL_NAME = ("adm{n}en", "admin{n}nameen", "adm{n}nameen", "admin{n}name", "adm{n}name", "name", "nameen")
_LEVEL_MORE = re.compile(r"(?:adm{n}|admin{n}|adm{n}name|admin{n}name)([a-z]{2}|[a-z]{2}2|1|2|3|alt\w*|ref\w*)")
_DATES = re.compile(r"date|validon|updatedat|updatedate|dataupdate")
_ISO_DAY = re.compile(r"(\d{4}-\d\d-\d\d)")
#: Levels that are areas in every country; a fourth one is a populated place, where it has a point of its own.
AREA_LEVELS = (1, 2, 3)
_PCODE = re.compile(r"[A-Z]{1,3}[A-Z0-9]*")
_SPLIT_PCODE = re.compile(r"([A-Z]+)(\d+)")
#: "SY020000C1007": some files join the code of a place to that of its sub-district.
_JOINED_PCODE = re.compile(r"SY\d{6}([CN]\d+)")
#: Places of Syria had bare digits as codes until December 2012, then a C before them.
_OLD_SYRIAN_PLACE = re.compile(r"[1-9]\d{3}")
#: Separators inside a cell of names.
_LIST = re.compile(r"\s*[|;]\s*")
P_CODES, OWN_TABLE = "P-codes (COD-AB)", "own table"


@dataclass(frozen=True, slots=True)
class Described:
    """What a table is, by its columns."""

    source: str  # P_CODES or OWN_TABLE
    date: str | None  # ISO day of the data, where the table tells
    licence: str


@dataclass(frozen=True, slots=True)
class _Row:
    """One place of a table: its cells by normal column name, where it stands, and its shape if it has one."""

    where: str  # "places.csv:12", "places.geojson: feature 3"
    cells: Mapping[str, Any]
    geometry: Mapping[str, Any] | None = None

    def text(self, names: Iterable[str]) -> str:
        """The first of these columns that is not empty."""
        for name in names:
            value = self.cells.get(name)
            if value is not None and str(value).strip():
                return str(value).strip()
        return ""

    def column(self, what: str) -> str:
        return self.text(_COLUMNS[what])


@dataclass(slots=True)
class _Codes:
    """How many P-codes of each level, prefix and length a table has."""

    lengths: dict[tuple[int, str], Counter[int]] = field(default_factory=dict)

    def count(self, level: int, pcode: str) -> None:
        if match := _SPLIT_PCODE.fullmatch(pcode):
            self.lengths.setdefault((level, match[1]), Counter())[len(match[2])] += 1

    def check(self, level: int, pcode: str, where: str) -> None:
        """Raise InputError for a code with fewer digits than its like, and for the odd one with more."""
        match = _SPLIT_PCODE.fullmatch(pcode)
        if match is None:
            return
        lengths = self.lengths[level, match[1]]
        longest = max(lengths)
        odd = lengths[longest] < FEW * lengths.total() and len(lengths) > 1
        usual = max(n for n in lengths if n != longest) if odd else longest
        if len(match[2]) != usual:
            digits = f"P-code {pcode!r} has {len(match[2])} digits, others of level {level} have {usual}"
            lost = "a leading zero was lost; export the column as text" if len(match[2]) < usual else "correct it"
            raise InputError(f"{where}: {digits}; {lost}")


def describe(path: Path) -> Described:
    """Whether a table holds P-codes, and how old its data are. Raises InputError where it cannot be read."""
    date, coded = "", False
    for row in _rows(path):
        coded = coded or _level(row) is not None
        for name, value in row.cells.items():
            if _DATES.fullmatch(name) and (day := _ISO_DAY.match(str(value))):
                date = max(date, day[1])
    licence = "as published on HDX, usually CC BY-IGO" if coded else "not stated"
    return Described(P_CODES if coded else OWN_TABLE, date or None, licence)


def read_table(path: Path, *, scheme: str, country: str | None = None) -> Iterator[SourcePlace]:
    """The places of a CSV or GeoJSON file, one record a row.

    Needs a name and a position: columns for latitude and longitude, or the geometry, of which an area gives a point inside it
    and a radius. `scheme` begins the ids of places without one; `country` (ISO alpha-2) is the country of rows that name none.

    Raises InputError with file and line for a missing column, a value that cannot be used, and a P-code that was a number.
    """
    codes = _Codes()
    for row in _rows(path):
        if (level := _level(row)) is not None and level in AREA_LEVELS:
            codes.count(level, _pcode(row, level))
    taken: Counter[str] = Counter()
    for row in _rows(path):
        level = _level(row)
        if level == 0:
            continue  # the country itself, which the package has
        record = _record(row, level, scheme=scheme, country=country)
        if level in AREA_LEVELS and record.place.pcode is not None:
            codes.check(level, record.place.pcode, row.where)
        taken[record.place.id] += 1
        if taken[record.place.id] > 1:
            if not record.place.id.startswith(f"{scheme}:") or row.column("id"):
                raise InputError(f"{row.where}: a second row has the id {record.place.id!r}; give each place its own")
            record = replace(record, place=replace(record.place, id=f"{record.place.id}-{taken[record.place.id]}"))
        yield record


# --- rows -------------------------------------------------------------------------------------------------------------


def _rows(path: Path) -> Iterator[_Row]:
    name = inner_name(path).lower()
    return _geojson_rows(path) if name.endswith((".geojson", ".json")) else _csv_rows(path)


def _normal(header: str) -> str:
    return re.sub(r"[^a-z0-9]", "", header.casefold())


def _csv_rows(path: Path) -> Iterator[_Row]:
    """The rows below the header; empty ones and a row of HXL tags ("#adm1+code") are left out."""
    csv.field_size_limit(MAX_CELL)
    lines = numbered_lines(path)
    first = next(lines, (1, ""))[1]
    delimiter = max(",;\t|", key=first.count)
    header = [_normal(cell) for cell in next(csv.reader([first], delimiter=delimiter), [])]
    if len([cell for cell in header if cell]) < 2:
        raise InputError(
            f"{path}:1: no header with names of columns ({first[:MAX_SHOWN]!r}); put one on the first line"
        )
    number = [1]  # of the line that was read last: a cell may hold several

    def text() -> Iterator[str]:
        for number[0], line in lines:
            yield line + "\n"

    try:
        for cells in csv.reader(text(), delimiter=delimiter):
            if not any(cell.strip() for cell in cells) or all(
                not c or c.startswith("#") for c in map(str.strip, cells)
            ):
                continue
            if len(cells) != len(header):
                raise InputError(
                    f"{path}:{number[0]}: {len(cells)} cells, the header has {len(header)}; put quotes around cells with {delimiter!r}"
                )
            row: dict[str, Any] = {}
            for column, cell in zip(header, cells, strict=True):
                row.setdefault(column, cell.strip())
            yield _Row(f"{path}:{number[0]}", row)
    except csv.Error as exc:
        raise InputError(f"{path}:{number[0]}: this is no CSV ({exc}); export it again in UTF-8") from exc


def _geojson_rows(path: Path) -> Iterator[_Row]:
    try:
        whole = json.loads(read_whole(path, limit=MAX_GEOJSON), parse_constant=_no_constant)
    except json.JSONDecodeError as exc:
        raise InputError(
            f"{path}:{exc.lineno}: this is no JSON ({exc.msg}, column {exc.colno}); export it again"
        ) from exc
    except (ValueError, RecursionError) as exc:
        raise InputError(f"{path}: this is no GeoJSON ({exc}); export it again") from exc
    if not isinstance(whole, dict) or not isinstance(whole.get("features"), list):
        raise InputError(f"{path}: this is no GeoJSON FeatureCollection; export the places as one")
    crs = json.dumps(whole.get("crs"))
    if whole.get("crs") is not None and not re.search(r"CRS84|4326", crs):
        raise InputError(f"{path}: its coordinates are in {crs[:80]}; GeoJSON is in WGS 84: ogr2ogr -t_srs EPSG:4326")
    for n, feature in enumerate(whole["features"], start=1):
        where = f"{path}: feature {n}"
        if not isinstance(feature, dict) or not isinstance(feature.get("properties") or {}, dict):
            raise InputError(f"{where}: no GeoJSON feature; export the file again")
        cells: dict[str, Any] = {}
        for key, value in (feature.get("properties") or {}).items():
            cells.setdefault(_normal(key), value)
        geometry = feature.get("geometry")
        yield _Row(where, cells, geometry if isinstance(geometry, dict) else None)


def _no_constant(text: str) -> float:
    raise ValueError(f"{text} is no number of JSON")


# --- P-codes ----------------------------------------------------------------------------------------------------------


def _columns_of(level: int, names: Iterable[str]) -> list[str]:
    return [name.format(n=level) for name in names]


def _level(row: _Row) -> int | None:
    """The administrative level of the rows of a P-code table, by its columns; None for another table."""
    coded = [n for n in range(6) if any(name in row.cells for name in _columns_of(n, _LEVEL_PCODE))]
    if any(name in row.cells for name in _COLUMNS["pcode"]):
        return max(coded) + 1 if coded else None
    if not coded or any(name in row.cells for name in ("name", "nameen", "placename", "settlement")):
        return None  # a list of places that says in which division each lies
    return max(coded)


def _pcode(row: _Row, level: int | None) -> str:
    """The row's own P-code, "" where a populated place has none."""
    columns = [*_COLUMNS["pcode"], *(_columns_of(level, _LEVEL_PCODE) if level is not None else ())]
    pcode = _checked_pcode(row, columns, level)
    if not pcode and level in AREA_LEVELS:
        raise InputError(f"{row.where}: the P-code of a division is empty; fill it in, or take the row away")
    return pcode


def _checked_pcode(row: _Row, columns: Iterable[str], level: int | None) -> str:
    for column in columns:
        value = row.cells.get(column)
        text = str(value).strip().upper() if value is not None else ""
        if not text:
            continue
        is_number = isinstance(value, (int, float)) or re.fullmatch(r"[\d.,+-]+(E\+?\d+)?", text)
        if is_number and level is not None and level > max(AREA_LEVELS):
            parents = [row.text(_columns_of(n, _LEVEL_PCODE)) for n in range(level)]
            if _OLD_SYRIAN_PLACE.fullmatch(text) and any(parent.startswith("SY") for parent in parents):
                return f"C{text}"
        if is_number:
            raise InputError(
                f"{row.where}: P-code {text!r} in column {column} was read as a number, it begins with letters (SY02); "
                "export the column as text"
            )
        if joined := _JOINED_PCODE.fullmatch(text):
            return joined[1]
        if not _PCODE.fullmatch(text):
            raise InputError(f"{row.where}: P-code {text!r} in column {column} is not like SY02 or C1007; correct it")
        return text
    return ""


# --- records ----------------------------------------------------------------------------------------------------------


def _record(row: _Row, level: int | None, *, scheme: str, country: str | None) -> SourcePlace:
    name, native, others = _names(row, level)
    pcode = _pcode(row, level)
    parents = {n: _checked_pcode(row, _columns_of(n, _LEVEL_PCODE), n) for n in range(1, level or 1)}
    point, radius, points = _position(row)
    own_radius = row.column("radius")
    feature_class, feature_code = _feature(row, level)
    number = row.column("geonames")
    iso2 = _country(row, country, pcode)
    admin1 = pcode if level == 1 else parents.get(1) or row.column("admin1")
    place = Place(
        id=_id(row, scheme, pcode, number, name),
        name=name,
        lon=point.lon,
        lat=point.lat,
        feature_class=feature_class,
        feature_code=feature_code,
        country=iso2,
        admin1=admin1 or None,
        admin1_name=(name if level == 1 else row.column("admin1 name")) or None,
        admin2=(row.column("admin2") if level is None or level > 2 else "") or None,
        population=_people(row),
        radius_km=_positive(row, own_radius, "radius") if own_radius else radius,
        native_name=native or None,
        pcode=pcode or None,
        source=row.column("source") or (P_CODES if level is not None else OWN_TABLE),
    )
    return SourcePlace(place, alternates=others, points=points)


def _names(row: _Row, level: int | None) -> tuple[str, str, tuple[str, ...]]:
    """Main name, name in letters that are not Latin, and all others."""
    columns = _COLUMNS["name"] if level is None else _columns_of(level, _LEVEL_NAME)
    found = [row.text((column,)) for column in columns]
    found += [row.text((column,)) for column in _COLUMNS["native"]]
    if level is not None:
        more = re.compile(_LEVEL_MORE.pattern.replace("{n}", str(level)))
        found += [str(v).strip() for k, v in row.cells.items() if more.fullmatch(k) and isinstance(v, str)]
    for column in _COLUMNS["alternates"]:
        found += _LIST.split(row.text((column,)))
    names = list(dict.fromkeys(name for name in found if name))
    if not names:
        shown = ", ".join(row.cells)[:MAX_SHOWN]
        missing = "the name is empty" if any(c in row.cells for c in columns) else f"no column of names among: {shown}"
        raise InputError(f"{row.where}: {missing}; call the column 'name' and fill it")
    main = next((name for name in names if is_latin(name)), names[0])
    native = next((name for name in names if not is_latin(name)), "")
    return main, native, tuple(name for name in names if name != main)


def _id(row: _Row, scheme: str, pcode: str, number: str, name: str) -> str:
    if pcode:
        return f"pcode:{pcode}"
    if number and number != "0":
        if not re.fullmatch(r"\d+", number):
            raise InputError(
                f"{row.where}: GeoNames number {number!r} is no whole number; correct it or leave it empty"
            )
        return f"geonames:{number}"
    own = row.column("id")
    return f"{scheme}:{own or fold_name(name).replace(' ', '-')}"


def _country(row: _Row, given: str | None, pcode: str) -> str | None:
    stated = row.column("country").upper()
    if re.fullmatch("[A-Z]{2}", stated):
        return stated
    if given is not None:
        return given
    if stated:
        raise InputError(f"{row.where}: country {stated!r} is no ISO 3166 alpha-2 code; write SY, or give --country")
    prefix = re.match(r"([A-Z]{2})\d", pcode)
    return prefix[1] if prefix else None


def _feature(row: _Row, level: int | None) -> tuple[str, str]:
    """Feature class and code: of the level, of the row's own columns, else by the shape: a point is a town."""
    kind = (row.geometry or {}).get("type", "Point")
    is_area = kind in {"Polygon", "MultiPolygon"}
    if level in AREA_LEVELS or (level is not None and is_area):
        return "A", f"ADM{level}"
    code, given = row.column("code").upper(), row.column("class").upper()
    if not given and code.startswith(("PPL", "STLMT")):
        given = "P"
    elif not given and code.startswith("ADM"):
        given = "A"
    if given or code:
        if given not in FEATURE_CLASSES:
            raise InputError(f"{row.where}: feature class {given!r} is none of {''.join(FEATURE_CLASSES)}; fill it in")
        return given, code or {"P": "PPL", "A": "ADMD", "L": "RGN"}.get(given, "")
    if level is not None and level > max(AREA_LEVELS) + 1:
        return "P", "PPLX"
    return ("L", "RGN") if is_area or "Line" in kind else ("P", "PPL")


def _position(row: _Row) -> tuple[LonLat, float | None, tuple[LonLat, ...]]:
    """Point, radius in km where the shape is an area, and the points where it is a line."""
    lat, lon = row.column("lat"), row.column("lon")
    radius, points, inside = _shape(row) if row.geometry is not None else (None, (), None)
    if lat and lon:
        return _point(row, _degrees(row, lon, "longitude"), _degrees(row, lat, "latitude")), radius, points
    if inside is not None:
        return inside, radius, points
    for what, value in (("lat", lat), ("lon", lon)):
        if not value and not any(column in row.cells for column in _COLUMNS[what]):
            shown = ", ".join(row.cells)[:MAX_SHOWN]
            raise InputError(f"{row.where}: no column {what!r} nor a geometry; the columns are: {shown}")
    raise InputError(f"{row.where}: the position is empty; fill it in, or take the row away")


def _point(row: _Row, lon: float, lat: float) -> LonLat:
    try:
        return LonLat(lon=lon, lat=lat)
    except InputError as exc:
        raise InputError(f"{row.where}: {exc}") from None


def _degrees(row: _Row, text: str, what: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise InputError(f"{row.where}: {what} {text!r} is no number of degrees (write 36.37)") from None


def _shape(row: _Row) -> tuple[float | None, tuple[LonLat, ...], LonLat]:
    from shapely.errors import ShapelyError  # noqa: PLC0415  (for outlines only)
    from shapely.geometry import shape  # noqa: PLC0415

    geometry = dict(row.geometry or {})
    try:
        outline = shape(geometry)
        if outline.is_empty:
            raise ValueError("it is empty")
        outline = outline if outline.is_valid else outline.buffer(0)
        west, south, east, north = outline.bounds
        inside = outline.representative_point()
    except (ShapelyError, ValueError, TypeError, KeyError, IndexError, AttributeError) as exc:
        raise InputError(f"{row.where}: the geometry cannot be used ({exc}); export the file again") from exc
    for lon, lat in ((west, south), (east, north)):
        _point(row, lon, lat)
    radius = None
    if outline.area > 0:
        square_km = outline.area * KM_PER_DEGREE**2 * math.cos(math.radians(inside.y))
        radius = round(math.sqrt(square_km / math.pi), 1) or None
    points: tuple[LonLat, ...] = ()
    if outline.geom_type == "LineString":
        points = tuple(LonLat(lon=position[0], lat=position[1]) for position in outline.coords)
    return radius, points, LonLat(lon=inside.x, lat=inside.y)


def _people(row: _Row) -> int | None:
    text = row.column("population")
    if not text:
        return None
    return round(_positive(row, text, "population", zero=True)) or None


def _positive(row: _Row, text: str, what: str, *, zero: bool = False) -> float:
    try:
        value = float(text)
    except ValueError:
        raise InputError(f"{row.where}: {what} {text!r} is no number (write 1234)") from None
    if not (0 <= value < 1e11) or (value == 0 and not zero):
        raise InputError(f"{row.where}: {what} {text} is not above 0; correct it or leave it empty")
    return value
