"""The column table, and the ways between events, rows, GeoDataFrames, GeoJSON, CSV and JSON Lines.

Hides: what a flat file of events looks like. `COLUMNS` is the contract; every flat format and the documentation are
made from it. Two forms exist: the flat one, a row per event with one plain value per column, and the nested one (JSON
Lines), which holds an `Event` whole and gives it back equal.

A row is a dict with the keys of `TABLE_COLUMNS`: the columns, with `longitude` and `latitude` after `place`. In GeoJSON
and in a GeoDataFrame these two are the geometry.
"""

from __future__ import annotations

import contextlib
import csv
import io
import json
import math
import os
import re
import types
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from gazetteer.errors import InputError, MapperError
from geo.cells import safe_cell
from geo.dates import precision_codes
from geo.event import HAND_CODES, LEVELS, Claim, Event, Report
from geo.reprints import voices

if typing.TYPE_CHECKING:
    from geopandas import GeoDataFrame

__all__ = [
    "COLUMNS",
    "DIVISION_COLUMNS",
    "EVENT_SCHEMA",
    "TABLE_COLUMNS",
    "Column",
    "Row",
    "Value",
    "bounds",
    "checked_row",
    "columns_markdown",
    "dumps",
    "event_row",
    "events_from_jsonl",
    "events_to_csv",
    "events_to_gdf",
    "events_to_geojson",
    "events_to_jsonl",
    "feature_of",
    "gdf_from_geojson",
    "gdf_from_rows",
    "gdf_to_geojson",
    "records_from_jsonl",
    "rows_from_gdf",
    "rows_from_geojson",
    "rows_to_csv",
    "rows_to_geojson",
    "values_of_feature",
    "write_text",
    "writing",
]

#: Name and version of the nested form, in each of its lines.
EVENT_SCHEMA = "conflictmap-event/1"

#: Decimals of a coordinate: about a metre. It says nothing of certainty; `location_level` and `radius_km` do
#: (RFC 7946, 3.1.10 and 11.2).
COORDINATE_DECIMALS = 5

#: Decimals of the other numbers, so that the noise of a computation stays out of diffs.
NUMBER_DECIMALS = 3

#: Longest quote in a flat file, in characters: enough for a sentence, short enough for a popup and for fair use.
QUOTE_LIMIT = 300

Value = str | int | float | None
Row = dict[str, Value]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the flat form."""

    name: str
    type: str  # "text", "integer", "number" or "date" (an ISO day)
    unit: str  # "" where there is none
    meaning: str


COLUMNS: tuple[Column, ...] = (
    Column("event_id", "text", "", "stable id of the event; also the feature's `id`"),
    Column("date_start", "date", "day", "first day that the event may have happened on"),
    Column("date_end", "date", "day", "last such day; equal to `date_start` where the day is known"),
    Column("place", "text", "", "name of the gazetteer entry that the event is placed on or measured from"),
    Column("event_type", "text", "", "one of six types, ACLED-style"),
    Column("sub_event_type", "text", "", "one of 25 sub-types, ACLED-style"),
    Column("summary", "text", "", "the event in one line"),
    Column("actors", "text", "list", "who did it, as far as the articles say"),
    Column("targets", "text", "list", "who or what it was done to"),
    Column("killed_low", "integer", "persons", "lowest number of killed in any report; null where none gives a number"),
    Column(
        "killed_high",
        "integer",
        "persons",
        "highest number of killed in any report; a bound ('at least 14') counts as its number",
    ),
    Column("wounded_low", "integer", "persons", "lowest number of wounded in any report"),
    Column("wounded_high", "integer", "persons", "highest number of wounded"),
    Column("casualty_words", "text", "list", "the articles' words on casualties ('dozens'), numbers included"),
    Column("country", "text", "ISO 3166-1 alpha-2", "country of the place"),
    Column("country_name", "text", "", "its English name"),
    Column("admin1", "text", "", "first-level division of the place (governorate, province), by name"),
    Column("admin2", "text", "", "second-level division (district), by name"),
    Column("pcode", "text", "", "P-code of the place (OCHA), always text"),
    Column("place_id", "text", "", "id of the gazetteer entry, such as `geonames:172408`"),
    Column("location_level", "text", "", f"how far the place is known: {', '.join(LEVELS)}; null if unlocated"),
    Column("radius_km", "number", "km", "the event lies within this distance of the point, as far as is known"),
    Column("geo_precision", "integer", "ACLED code", "1 to 3; null for a whole country"),
    Column("where_prec", "integer", "UCDP code", "1 to 7"),
    Column("time_precision", "integer", "ACLED code", "1 to 3; null for more than a month"),
    Column("date_prec", "integer", "UCDP code", "1 to 5"),
    Column("date_basis", "text", "", "the words that the date was read from"),
    Column("date_method", "text", "", "`stated`, `relative_to_publication` or `publication_date`"),
    Column("status", "text", "", "`reported`, `claimed` by one side, or `contested`: another side denies it"),
    Column("prominence", "text", "", "`main`, or `background`: an earlier event that the article recalls"),
    Column("confidence", "text", "", "`high`, `medium` or `low`: how sure the reading is"),
    Column("confidence_score", "number", "0 to 1", "the same as a score"),
    Column("n_reports", "integer", "reports", "how many reports this event was merged from"),
    Column(
        "n_publishers",
        "integer",
        "publishers",
        "how many known publishers report it; those that print one agency's text count once; null if none is known",
    ),
    Column("sources", "text", "list", "names of the publishers, sorted"),
    Column("urls", "text", "list", "addresses of the articles, in the order of their publishers"),
    Column("published", "text", "list", "days of publication of the articles, in the same order"),
    Column("quote", "text", "", f"the sentence that says it, {QUOTE_LIMIT} characters at most"),
    Column("article_ids", "text", "list", "ids of the articles, sorted"),
    Column("family_id", "text", "", "shared by the rows of one event that happened at several places"),
    Column(
        "provenance",
        "text",
        "",
        "version of the program, of its rules and of the gazetteer; and what people corrected or checked",
    ),
    Column("unlocated_reason", "text", "", "why the event has no place; null if it has one"),
)

_PLACE_AT = [column.name for column in COLUMNS].index("place") + 1

#: The columns of a table without geometry, and the keys of a row.
TABLE_COLUMNS: tuple[Column, ...] = (
    *COLUMNS[:_PLACE_AT],
    Column("longitude", "number", "degrees, WGS84", "representative point; null if unlocated"),
    Column("latitude", "number", "degrees, WGS84", "representative point; null if unlocated"),
    *COLUMNS[_PLACE_AT:],
)

#: What `--boundaries` adds behind the other columns: the divisions that the point lies in, as the boundary file names them.
DIVISION_COLUMNS: tuple[Column, ...] = (
    Column("adm1_name", "text", "", "first-level division that the point lies in, as the boundary file names it"),
    Column("adm1_pcode", "text", "", "its code in that file; a P-code where the file has them"),
    Column("adm2_name", "text", "", "second-level division; null where the place is only known more coarsely"),
    Column("adm2_pcode", "text", "", "its code"),
    Column("adm3_name", "text", "", "third-level division"),
    Column("adm3_pcode", "text", "", "its code"),
    Column("adm_method", "text", "", "`point in polygon`, or `name` where the point lies in none and the name is one"),
)


def columns_markdown() -> str:
    r"""The column table for the documentation, as Markdown.

    >>> print("\n".join(columns_markdown().splitlines()[:3]))
    | column | type | unit | meaning |
    | --- | --- | --- | --- |
    | `event_id` | text |  | stable id of the event; also the feature's `id` |
    """
    lines = ["| column | type | unit | meaning |", "| --- | --- | --- | --- |"]
    lines += [f"| `{c.name}` | {c.type} | {c.unit} | {c.meaning} |" for c in COLUMNS]
    return "\n".join(lines) + "\n"


# --- events to rows --------------------------------------------------------------------------------------------------

_UNWRITABLE = re.compile("[\0\ud800-\udfff]")


def event_row(event: Event, *, provenance: str, country_names: Mapping[str, str]) -> Row:
    """The flat form of an event: one value per column of `TABLE_COLUMNS`, in that order, None where it is unknown.

    `country_names` gives the English name of an ISO alpha-2 code. What comes from an article stands on one line.
    """
    when, location = event.when, event.location
    place = None if location is None else location.place
    killed_low, killed_high = _numbers(event.casualties, "killed")
    wounded_low, wounded_high = _numbers(event.casualties, "wounded")
    geo_precision, where_prec, _ = (None, None, None) if location is None else LEVELS[location.level]
    time_precision, date_prec = (None, None) if when is None else precision_codes(when)
    articles = sorted({(r.publisher or "", _iso(r.published), r.url or "") for r in event.reports}, key=_known_first)
    publishers = _distinct(publisher for publisher, _, _ in articles)
    values: dict[str, Value] = {
        "event_id": event.event_id,
        "date_start": None if when is None else when.start.isoformat(),
        "date_end": None if when is None else when.end.isoformat(),
        "place": None if place is None else place.name,
        "longitude": None if location is None else _coordinate(location.lon),
        "latitude": None if location is None else _coordinate(location.lat),
        "event_type": event.event_type,
        "sub_event_type": event.sub_event_type,
        "summary": _line(event.summary),
        "actors": _joined(event.actors),
        "targets": _joined(event.targets),
        "killed_low": killed_low,
        "killed_high": killed_high,
        "wounded_low": wounded_low,
        "wounded_high": wounded_high,
        "casualty_words": _joined(_distinct(claim.words for claim in event.casualties)),
        "country": None if place is None else place.country,
        "country_name": None if place is None or place.country is None else country_names.get(place.country),
        "admin1": None if place is None or place.is_country else place.name if place.is_admin1 else place.admin1_name,
        "admin2": None if place is None else place.admin2,
        "pcode": None if place is None else place.pcode,
        "place_id": None if place is None else place.id,
        "location_level": None if location is None else location.level,
        "radius_km": None if location is None else round(location.radius_km, NUMBER_DECIMALS),
        "geo_precision": geo_precision,
        "where_prec": where_prec,
        "time_precision": time_precision,
        "date_prec": date_prec,
        "date_basis": None if when is None else _line(when.basis),
        "date_method": None if when is None else when.method,
        "status": event.status,
        "prominence": event.prominence,
        "confidence": event.confidence.label,
        "confidence_score": round(event.confidence.score, NUMBER_DECIMALS),
        "n_reports": len(event.reports),
        "n_publishers": len(voices(event.reports)) or None,
        "sources": _joined(publishers),
        "urls": _joined(_distinct(url.replace(";", "%3B") for _, _, url in articles)),
        "published": _joined([day for _, day, _ in articles if day]),
        "quote": _shortened(event.reports[0].evidence.quote),
        "article_ids": "; ".join(sorted({report.article_id for report in event.reports})),
        "family_id": event.family_id,
        "provenance": "; ".join((provenance, *_by_hand(event))),
        "unlocated_reason": None if event.unlocated_reason is None else _line(event.unlocated_reason),
    }
    return {column.name: _plain(values[column.name]) for column in TABLE_COLUMNS}


def _by_hand(event: Event) -> list[str]:
    """What people did to an event: "corrected by hand: place (A. Reader, 2026-11-20)"."""
    return [_line(reason.text) for reason in event.confidence.reasons if reason.code in HAND_CODES]


def _numbers(claims: Iterable[Claim], kind: str) -> tuple[int | None, int | None]:
    """Lowest and highest number of one kind over all claims.

    The low end is None where no claim has one, and so the high end ("at least 14"). A claim's one known end counts for
    both, so that "at least 20" beside "up to 10" is 10 to 20.
    """
    lows = [c.low for c in claims if c.kind == kind and c.low is not None]
    highs = [c.high for c in claims if c.kind == kind and c.high is not None]
    return (min(lows + highs) if lows else None, max(lows + highs) if highs else None)


def _iso(day: date | None) -> str:
    return "" if day is None else day.isoformat()


def _known_first(article: tuple[str, str, str]) -> tuple[bool, tuple[str, str, str]]:
    """Sorts articles by publisher, then day, then address; those without a known publisher come last."""
    return article[0] == "", article


def _distinct(items: Iterable[str]) -> list[str]:
    """The filled items, each once, in the order of their first appearance."""
    return list(dict.fromkeys(item for item in items if item))


def _joined(items: Iterable[str]) -> str | None:
    """A list as text; None when it is empty. A semicolon inside an item becomes a comma."""
    return "; ".join(_line(item.replace(";", ",")) for item in items) or None


def _shortened(text: str) -> str:
    """The text on one line, cut on a word boundary to QUOTE_LIMIT characters, with an ellipsis where it was cut."""
    text = _line(text)
    if len(text) <= QUOTE_LIMIT:
        return text
    head, _, _ = text[:QUOTE_LIMIT].rpartition(" ")
    return (head or text[: QUOTE_LIMIT - 1]).rstrip(" ,;:.-–—") + "…"


def _plain(value: Value) -> Value:
    """A value as every flat format can hold it: text without what cannot be written; "" is None."""
    if not isinstance(value, str):
        return value
    return (value if value.isprintable() else _UNWRITABLE.sub("\ufffd", value)) or None


def _line(text: str) -> str:
    """The words of an article on one line."""
    return " ".join(text.split())


def _coordinate(degrees: float) -> float:
    return round(degrees, COORDINATE_DECIMALS) + 0.0  # no "-0.0"


# --- GeoJSON ---------------------------------------------------------------------------------------------------------


def events_to_geojson(events: Iterable[Event], *, provenance: str, country_names: Mapping[str, str]) -> str:
    """The events as a GeoJSON FeatureCollection (RFC 7946), one feature a line, in the order given.

    Unlocated events have a null geometry. `bbox` is left out when nothing is located.
    """
    return rows_to_geojson(event_row(e, provenance=provenance, country_names=country_names) for e in events)


def rows_to_geojson(rows: Iterable[Row]) -> str:
    """Rows as a GeoJSON FeatureCollection; the point comes from `longitude` and `latitude`.

    >>> print(rows_to_geojson([]), end="")
    {
    "type": "FeatureCollection",
    "features": [
    ]
    }
    """
    features, points = [], []
    for row in rows:
        lon, lat = row.get("longitude"), row.get("latitude")
        if lon is not None and lat is not None:
            points.append((float(lon), float(lat)))
        features.append(dumps(feature_of(row)))
    bbox = f'"bbox": {dumps(bounds(points))},\n' if points else ""
    lines = ",\n".join(features) + "\n" if features else ""
    return f'{{\n"type": "FeatureCollection",\n{bbox}"features": [\n{lines}]\n}}\n'


def feature_of(row: Row, columns: Sequence[Column] = COLUMNS) -> dict[str, Any]:
    """The row as a GeoJSON Feature with these columns as properties; its `id` is the event's."""
    lon, lat = row.get("longitude"), row.get("latitude")
    feature: dict[str, Any] = {"type": "Feature"}
    if row.get("event_id") is not None:
        feature["id"] = row["event_id"]
    feature["geometry"] = None
    if lon is not None and lat is not None:
        feature["geometry"] = {"type": "Point", "coordinates": [float(lon), float(lat)]}
    feature["properties"] = {column.name: row.get(column.name) for column in columns if column.name not in _POINT}
    return feature


_POINT = ("longitude", "latitude")


def bounds(points: Sequence[tuple[float, float]]) -> list[float]:
    """West, south, east, north.

    West is greater than east where the points lie on both sides of 180 degrees (RFC 7946, 5.2), which is where more
    than half of the globe between two neighbours is empty.
    """
    lons, lats = sorted(lon for lon, _ in points), [lat for _, lat in points]
    west, east = lons[0], lons[-1]
    for left, right in pairwise(lons):
        if right - left > 180.0:
            west, east = right, left
    return [west, min(lats), east, max(lats)]


#: What JSON may hold but line readers or UTF-8 cannot: line separators that `str.splitlines` knows, lone surrogates.
_UNSAFE_IN_JSON = re.compile("[\x7f\x85\u2028\u2029\ud800-\udfff]")


def dumps(value: object) -> str:
    """The value as JSON on one line, readable, that UTF-8 and every reader of lines can hold. Raises on NaN."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    return _UNSAFE_IN_JSON.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def rows_from_geojson(text: str, *, source: str = "GeoJSON") -> list[Row]:
    """The rows of a GeoJSON FeatureCollection, one per feature, in its order.

    Missing columns are None and foreign ones are dropped; of an area a point inside it is taken. `source` names the
    file in messages. Raises InputError when it is not such a collection or a value does not fit its column.
    """
    try:
        collection = json.loads(text.removeprefix("\ufeff"))
    except json.JSONDecodeError as exc:
        raise InputError(f"{source}:{exc.lineno}: not JSON ({exc.msg} at column {exc.colno})") from exc
    except (RecursionError, ValueError) as exc:
        raise InputError(f"{source}: not JSON that can be read ({type(exc).__name__})") from exc
    features = collection.get("features") if isinstance(collection, dict) else None
    if not isinstance(features, list) or collection.get("type") != "FeatureCollection":
        raise InputError(f"{source}: not a GeoJSON FeatureCollection")
    rows = []
    for number, feature in enumerate(features, start=1):
        where = f"{source}: feature {number}"
        rows.append(checked_row(values_of_feature(feature, where), where))
    return rows


def values_of_feature(feature: object, where: str) -> dict[str, object]:
    """The properties of a GeoJSON Feature with `longitude` and `latitude`, unchecked; `where` begins messages."""
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        raise InputError(f"{where}: not a GeoJSON Feature")
    properties = feature.get("properties") or {}
    if not isinstance(properties, dict):
        raise InputError(f"{where}: its properties are not an object")
    lon, lat = _lon_lat(feature.get("geometry"), where)
    return {"event_id": feature.get("id")} | properties | {"longitude": lon, "latitude": lat}


def _lon_lat(geometry: object, where: str) -> tuple[float | None, float | None]:
    """The point of a GeoJSON geometry: itself, or one inside an area or on a line."""
    if geometry is None:
        return None, None
    if not isinstance(geometry, dict):
        raise InputError(f"{where}: its geometry is no object")
    lon: object
    lat: object
    if geometry.get("type") == "Point":
        position = geometry.get("coordinates")
        if position == []:  # RFC 7946, 3.1: an empty geometry is to be read as null
            return None, None
        if not isinstance(position, list) or len(position) < 2:
            raise InputError(f"{where}: its coordinates {position!r} are no position [longitude, latitude]")
        lon, lat = position[0], position[1]
    else:
        from shapely.errors import ShapelyError  # noqa: PLC0415 - heavy, and not needed for our own files
        from shapely.geometry import shape  # noqa: PLC0415

        try:
            point = shape(geometry).representative_point()
            lon, lat = point.x, point.y
        except (ShapelyError, AttributeError, LookupError, TypeError, ValueError) as exc:
            raise InputError(f"{where}: its geometry cannot be read ({type(exc).__name__})") from exc
    return _degrees(lon, lat, where)


def _degrees(lon: object, lat: object, where: str) -> tuple[float, float]:
    """Longitude and latitude, rounded. Raises InputError when they are no numbers or out of range."""
    if (
        isinstance(lon, bool)
        or isinstance(lat, bool)
        or not isinstance(lon, int | float)
        or not isinstance(lat, int | float)
    ):
        raise InputError(f"{where}: coordinates {lon!r}, {lat!r} are not numbers")
    if not -180.0 <= lon <= 180.0:
        raise InputError(f"{where}: longitude {lon} is outside -180..180")
    if not -90.0 <= lat <= 90.0:
        raise InputError(f"{where}: latitude {lat} is outside -90..90 (are the columns swapped?)")
    return _coordinate(lon), _coordinate(lat)


def checked_row(values: Mapping[str, object], where: str, columns: Sequence[Column] = TABLE_COLUMNS) -> Row:
    """A row from foreign values, each in its column's type; `where` names file and line.

    Raises InputError when a value does not fit its column.
    """
    by_name = _TABLE_COLUMN if columns is TABLE_COLUMNS else {column.name: column for column in columns}
    row: Row = dict.fromkeys(by_name)
    for name, value in values.items():
        if value is not None and value != "" and (column := by_name.get(name)) is not None:
            row[name] = _checked(value, column, where)
    return row


_TABLE_COLUMN = {column.name: column for column in TABLE_COLUMNS}


def _checked(value: object, column: Column, where: str) -> Value:
    """A foreign value in the column's type; what programs make of our files on the way is understood.

    GIS programs turn days into date-times, codes into numbers and integers into decimals.
    """
    if isinstance(value, str) and column.type == "text":
        return _plain(value)
    if isinstance(value, float) and math.isnan(value):
        return None
    if isinstance(value, bool | list | dict):
        raise _wrong(value, column, where)
    if column.type == "text":
        return _plain(str(value))
    if column.type == "date":
        day = value.isoformat() if isinstance(value, date) else str(value).replace("/", "-")
        try:
            return datetime.fromisoformat(day).date().isoformat()
        except ValueError:
            raise _wrong(value, column, where) from None
    try:
        number = float(typing.cast(Any, value))
    except (TypeError, ValueError):
        raise _wrong(value, column, where) from None
    if not math.isfinite(number) or (column.type == "integer" and number != int(number)):
        raise _wrong(value, column, where)
    return int(number) if column.type == "integer" else number


def _wrong(value: object, column: Column, where: str) -> InputError:
    return InputError(f"{where}: {column.name} {value!r} is no {column.type}")


# --- CSV -------------------------------------------------------------------------------------------------------------


def events_to_csv(events: Iterable[Event], *, provenance: str, country_names: Mapping[str, str]) -> str:
    """The events as CSV: a header, then a line per event, `longitude` and `latitude` after `place`.

    Commas, quotes where they are needed, line feeds, no byte-order mark (Excel: Data > From text, UTF-8). A text that a
    spreadsheet would run as a formula begins with an apostrophe; numbers stay numbers. Unknown is an empty cell.
    """
    return rows_to_csv(event_row(e, provenance=provenance, country_names=country_names) for e in events)


def rows_to_csv(rows: Iterable[Row]) -> str:
    """Rows as CSV, in the order given."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(column.name for column in TABLE_COLUMNS)
    for row in rows:
        writer.writerow(safe_cell(row.get(column.name)) for column in TABLE_COLUMNS)
    return out.getvalue()


# --- GeoDataFrames ---------------------------------------------------------------------------------------------------

#: The dtype of each type of column, the same whether or not a value is missing. Days are date-times at midnight:
#: pandas has no day type, and readers of GeoPackage give the same.
_DTYPES: dict[str, Any] = {"text": "string", "integer": "Int64", "number": "float64", "date": "datetime64[ms]"}


def events_to_gdf(events: Iterable[Event], *, provenance: str, country_names: Mapping[str, str]) -> GeoDataFrame:
    """The events as a GeoDataFrame in EPSG:4326: `COLUMNS` in order, then `geometry`, which is None for the unlocated.

    Text is "string", integers are "Int64", numbers "float64", days "datetime64[ms]", also when there is no event.
    """
    return gdf_from_rows(event_row(e, provenance=provenance, country_names=country_names) for e in events)


def gdf_from_rows(rows: Iterable[Row]) -> GeoDataFrame:
    """Rows as a GeoDataFrame, as `events_to_gdf` makes it."""
    import geopandas  # noqa: PLC0415 - 0.5 s, and most commands do without
    import pandas as pd  # noqa: PLC0415
    from shapely.geometry import Point  # noqa: PLC0415

    rows = list(rows)
    data = {c.name: pd.array([row.get(c.name) for row in rows], dtype=_DTYPES[c.type]) for c in COLUMNS}
    lonlats: list[tuple[Any, Any]] = [(row.get("longitude"), row.get("latitude")) for row in rows]
    points = [None if lon is None or lat is None else Point(lon, lat) for lon, lat in lonlats]
    return geopandas.GeoDataFrame(data, geometry=geopandas.GeoSeries(points, crs="EPSG:4326"), crs="EPSG:4326")


def rows_from_gdf(frame: GeoDataFrame) -> list[Row]:
    """The rows of a GeoDataFrame with these columns or some of them; foreign columns are dropped.

    Another coordinate system is converted; without one, longitude and latitude are assumed. Of an area a point inside
    it is taken. Raises InputError when a value does not fit its column.
    """
    import pandas as pd  # noqa: PLC0415

    if frame.crs is not None and frame.crs.to_epsg() != 4326:
        frame = frame.to_crs(4326)
    names = [column.name for column in COLUMNS if column.name in frame.columns]
    series = [frame[name].astype(object).where(frame[name].notna(), None).tolist() for name in names]
    rows = []
    for number, (shape, *values) in enumerate(zip(frame.geometry, *series, strict=True)):
        where = f"row {number} of the frame"
        lon = lat = None
        if shape is not None and not pd.isna(shape) and not shape.is_empty:
            point = shape if shape.geom_type == "Point" else shape.representative_point()
            lon, lat = _degrees(point.x, point.y, where)
        row = dict(zip(names, values, strict=True)) | {"longitude": lon, "latitude": lat}
        rows.append(checked_row(row, where))
    return rows


def gdf_to_geojson(frame: GeoDataFrame) -> str:
    """A GeoDataFrame of events as GeoJSON, as `events_to_geojson` writes it."""
    return rows_to_geojson(rows_from_gdf(frame))


def gdf_from_geojson(text: str, *, source: str = "GeoJSON") -> GeoDataFrame:
    """The GeoDataFrame of a GeoJSON text. Raises InputError as `rows_from_geojson` does."""
    return gdf_from_rows(rows_from_geojson(text, source=source))


# --- the nested form -------------------------------------------------------------------------------------------------


def events_to_jsonl(events: Iterable[Event], *, provenance: str, country_names: Mapping[str, str]) -> str:
    """The events whole, as JSON Lines: reports, evidence with its spans, claims, rival places and all reasons.

    Beside the fields of `Event` each line has `schema`, `provenance`, `country_name`, and `event_type` (also in each
    report); these follow from the others and are not read back.
    """
    lines = []
    for event in events:
        country = None if event.location is None else event.location.place.country
        head = {
            "schema": EVENT_SCHEMA,
            "provenance": provenance,
            "country_name": None if country is None else country_names.get(country),
        }
        lines.append(dumps(head | _nested(event)) + "\n")
    return "".join(lines)


def _nested(value: Any) -> Any:
    """A dataclass value as plain JSON values, with all its fields."""
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, tuple):
        return [_nested(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    kind: Any = type(value)
    plain = {name: _nested(getattr(value, name)) for name, _ in _fields_of(kind)}
    return plain | {"event_type": value.event_type} if isinstance(value, Event | Report) else plain


def events_from_jsonl(lines: Iterable[str], *, source: str = "events") -> list[Event]:
    """The events of JSON Lines in the nested form, equal to those that were written.

    Raises InputError that names `source` and the line when a line is not of this form.
    """
    return [event for event, _ in records_from_jsonl(lines, source=source)]


def records_from_jsonl(lines: Iterable[str], *, source: str = "events") -> Iterator[tuple[Event, str]]:
    """Each event of the nested form with its provenance, as a stream. Raises as `events_from_jsonl` does."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        where = f"{source}:{number}"
        try:
            record = json.loads(line.removeprefix("\ufeff"))
        except json.JSONDecodeError as exc:
            raise InputError(
                f"{where}: not JSON ({exc.msg} at column {exc.colno}); one event a line is expected"
            ) from exc
        except (RecursionError, ValueError) as exc:
            raise InputError(f"{where}: not JSON that can be read ({type(exc).__name__})") from exc
        schema = record.get("schema") if isinstance(record, dict) else None
        if schema != EVENT_SCHEMA:
            raise InputError(f"{where}: schema {schema!r} is not {EVENT_SCHEMA!r}; is this file of another version?")
        try:
            event = _reader(Event)(record)
        except InputError as exc:
            raise InputError(f"{where}: event{exc}") from exc
        yield event, str(record.get("provenance") or "")


@cache
def _fields_of(kind: Any) -> tuple[tuple[str, Any], ...]:
    """Names and types of a dataclass's fields."""
    hints = typing.get_type_hints(kind)
    return tuple((field.name, hints[field.name]) for field in fields(kind))


@cache
def _reader(kind: Any) -> Callable[[Any], Any]:
    """What turns a JSON value into a type that the dataclasses declare.

    It raises InputError when the value does not fit; the message begins with the path to it.
    """
    if isinstance(kind, types.UnionType):  # only "X | None" occurs
        read = _reader(next(option for option in typing.get_args(kind) if option is not type(None)))
        return lambda value: None if value is None else read(value)
    if typing.get_origin(kind) is tuple:  # only "tuple[X, ...]" occurs
        return _list_reader(_reader(typing.get_args(kind)[0]))
    if is_dataclass(kind):
        return _object_reader(kind)
    return _day if kind is date else _scalar_reader(kind)


def _scalar_reader(kind: type) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:
        if type(value) is kind:
            return value
        if kind is float and type(value) is int:
            return float(value)
        raise InputError(f" {value!r} is no {kind.__name__}")

    return read


def _day(value: Any) -> date:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise InputError(f" {value!r} is no day like 2017-01-12") from None


def _list_reader(read_item: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:
        if not isinstance(value, list):
            raise InputError(" is no list")
        items = []
        try:
            for item in value:
                items.append(read_item(item))  # no comprehension: the length is the index of the item that fails
        except InputError as exc:
            raise InputError(f"[{len(items)}]{exc}") from exc
        return tuple(items)

    return read


def _object_reader(kind: Any) -> Callable[[Any], Any]:
    readers = [(name, _reader(hint)) for name, hint in _fields_of(kind)]

    def read(value: Any) -> Any:
        if not isinstance(value, dict):
            raise InputError(" is no object")
        found, name = {}, ""
        try:
            for name, read_field in readers:
                if name in value:
                    found[name] = read_field(value[name])
        except InputError as exc:
            raise InputError(f".{name}{exc}") from exc
        try:
            return kind(**found)
        except TypeError as exc:
            raise InputError(f" lacks a field ({exc})") from exc
        except ValueError as exc:  # InputError and CodeError of the types
            raise InputError(f": {exc}") from exc

    return read


# --- files -----------------------------------------------------------------------------------------------------------


def write_text(path: str | Path, text: str) -> None:
    """Writes the text as UTF-8, whole or not at all: to a temporary file in the same folder, which then takes the name.

    Newlines stay as they are. What is no regular file (a pipe, /dev/stdout) is written directly. Raises InputError when
    the folder is missing or the file cannot be written.
    """
    data = text.encode("utf-8", errors="replace")
    with writing(path) as draft:
        draft.write_bytes(data)


@contextlib.contextmanager
def writing(path: str | Path) -> Iterator[Path]:
    """A draft beside the file, which takes its name when the block ends well; what fails leaves the old file as it was.

    The draft's suffix is that of the file. Of what is no regular file the draft is that itself. Raises InputError as
    `write_text` does.
    """
    special = os.path.exists(path) and not os.path.isfile(path) and not os.path.isdir(path)
    target = Path(path if special else os.path.realpath(path))  # through a link to the file itself
    if target.is_dir():
        raise InputError(f"{path}: is a folder; give the name of a file")
    if not target.parent.is_dir():
        raise InputError(f"{path}: there is no folder {str(target.parent)!r}; make it, or write elsewhere")
    try:
        if target.exists() and not target.is_file():
            yield target
            return
        if target.exists() and not os.access(target, os.W_OK):
            raise PermissionError(None, "the file is write-protected")
        draft = target.with_name(f".{target.stem[:100]}.{os.getpid()}.tmp{target.suffix}")
        try:
            yield draft
            os.replace(draft, target)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as exc:
        if isinstance(exc, MapperError):
            raise
        raise InputError(f"{path}: cannot be written ({exc.strerror or exc}); write elsewhere with -o") from exc
