"""GeoPackage, GeoParquet, FlatGeobuf and Shapefile, as streams of Arrow batches.

Hides: which library writes which (GDAL through pyogrio, GeoParquet by pyarrow), and what makes their files the same for the
same rows. Points are written as WKB by hand: a batch then costs no geometry objects.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import sqlite3
import struct
import tempfile
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from gazetteer.errors import InputError
from geo.formats.areas import area_of
from geo.formats.export import PLACE_COLUMNS, REPORT_COLUMNS, Export
from geo.formats.styles import AREA_STYLE, EVENT_STYLE
from geo.table import Column, Row, writing

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["write_flatgeobuf", "write_gpkg", "write_parquet", "write_shapefile"]

#: Rows of a batch: about 20 MB of text.
BATCH = 20_000
#: The clock stays out of files: this moment stands where GeoPackage wants one.
_MOMENT = "2000-01-01T00:00:00.000Z"
#: GeoPackage 1.2 is what QGIS and GDAL of the last eight years read without a warning.
_DATASET = {"GPKG": {"VERSION": "1.2"}}
#: Levels without a circle in the layer `areas`: a town's mark needs none, and a country's would lie over all others.
_NO_AREA = ("site", "settlement", "country")

#: Names of our columns in a Shapefile, ten characters at most and each once.
_SHORT_NAMES = {
    "event_type": "event_type",
    "sub_event_type": "sub_type",
    "killed_low": "killed_low",
    "killed_high": "killed_hi",
    "wounded_low": "wound_low",
    "wounded_high": "wound_hi",
    "casualty_words": "cas_words",
    "country_name": "cntry_name",
    "location_level": "loc_level",
    "geo_precision": "geo_prec",
    "where_prec": "where_prec",
    "time_precision": "time_prec",
    "date_method": "date_meth",
    "confidence": "confid",
    "confidence_score": "conf_score",
    "n_publishers": "n_publish",
    "article_ids": "articles",
    "provenance": "provenance",
    "unlocated_reason": "unloc_why",
    "prominence": "prominence",
}

# --- Arrow -----------------------------------------------------------------------------------------------------------


def _schema(columns: Sequence[Column], *, geometry: bool) -> pa.Schema:
    import pyarrow as pa  # noqa: PLC0415

    types = {"text": pa.string(), "integer": pa.int64(), "number": pa.float64(), "date": pa.date32()}
    fields = [pa.field(column.name, types[column.type]) for column in columns]
    return pa.schema([*fields, pa.field("geometry", pa.binary())] if geometry else fields)


def _batches(
    rows: Iterable[Row], columns: Sequence[Column], schema: pa.Schema, shape: Callable[[Row], bytes | None] | None
) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa  # noqa: PLC0415

    for batch in _chunks(rows):
        arrays = [
            pa.array(_column(batch, column), type=field.type) for column, field in zip(columns, schema, strict=False)
        ]
        if shape is not None:
            arrays.append(pa.array([shape(row) for row in batch], type=pa.binary()))
        yield pa.RecordBatch.from_arrays(arrays, schema=schema)


def _chunks(rows: Iterable[Row]) -> Iterator[Sequence[Row]]:
    chunk: list[Row] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == BATCH:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _column(batch: Sequence[Row], column: Column) -> list[Any]:
    values = [row.get(column.name) for row in batch]
    if column.type == "date":
        return [date.fromisoformat(str(value)) if value is not None else None for value in values]
    if column.type == "number":
        return [float(value) if value is not None else None for value in values]
    return values


def _point(row: Row) -> bytes | None:
    """The row's point as WKB, None where it has none."""
    lon, lat = row.get("longitude"), row.get("latitude")
    if lon is None or lat is None:
        return None
    return struct.pack("<BIdd", 1, 1, float(lon), float(lat))


def _area(row: Row, export: Export) -> bytes | None:
    """The area of a row as a WKB MultiPolygon, None where it has no point."""
    if row.get("longitude") is None or row.get("latitude") is None:
        return None
    polygons = area_of(row, export)
    parts = [struct.pack("<BII", 1, 6, len(polygons))]
    for rings in polygons:
        parts.append(struct.pack("<BII", 1, 3, len(rings)))
        for ring in rings:
            flat = [degrees for position in ring for degrees in position]
            parts.append(struct.pack(f"<I{len(flat)}d", len(ring), *flat))
    return b"".join(parts)


def _shape(export: Export) -> tuple[Callable[[Row], bytes | None], str]:
    return (partial(_area, export=export), "MultiPolygon") if export.geometry == "area" else (_point, "Point")


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer that GDAL writes from rows. Without a `shape` it is a table."""

    name: str
    columns: Sequence[Column]
    shape: Callable[[Row], bytes | None] | None
    geometry_type: str | None
    options: Mapping[str, str]

    def write(self, path: Path, rows: Iterable[Row], driver: str, *, append: bool = False) -> None:
        """Writes the rows as they come. Raises InputError when GDAL cannot."""
        import pyarrow as pa  # noqa: PLC0415
        import pyogrio  # noqa: PLC0415

        schema = _schema(self.columns, geometry=self.shape is not None)
        caught: list[Exception] = []
        batches = _batches(_watching(rows, caught), self.columns, schema, self.shape)
        geometry = {"geometry_name": "geometry", "geometry_type": self.geometry_type, "crs": "EPSG:4326"}
        try:
            pyogrio.write_arrow(
                pa.RecordBatchReader.from_batches(schema, batches),
                str(path),
                layer=self.name,
                driver=driver,
                append=append,
                layer_options=dict(self.options),
                dataset_options=_DATASET.get(driver, {}),
                **(geometry if self.shape is not None else {}),
            )
        except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, RuntimeError) as exc:
            if caught:
                raise caught[0] from None
            raise InputError(f"{path}: GDAL cannot write this file ({exc})") from exc
        if caught:
            raise caught[0]


def _watching(rows: Iterable[Row], caught: list[Exception]) -> Iterator[Row]:
    """The rows; what goes wrong while they are read is kept, since GDAL says only that something did."""
    try:
        yield from rows
    except Exception as exc:
        caught.append(exc)
        raise


# --- GeoPackage ------------------------------------------------------------------------------------------------------


def write_gpkg(path: Path, export: Export) -> list[str]:
    """A GeoPackage with the layers `events`, `areas`, `reports` and `places`, and styles that QGIS applies by itself.

    `areas` has the division or the circle of each event that is known no better than "near", but not of those known only to a
    country. Days are DATE columns.
    """
    places: dict[str, Row] = {}
    area_columns = [column for column in export.columns if column.name in _AREA_COLUMNS]
    shape, kind = _shape(export)
    about = {"DESCRIPTION": export.description, "IDENTIFIER": export.title}
    with _clock_stopped(), writing(path) as draft, tempfile.TemporaryFile("w+", encoding="utf-8") as spool:
        events = Layer("events", export.columns, shape, kind, about)
        events.write(draft, _watched(export.rows, places, spool), "GPKG")
        spool.seek(0)
        areas = Layer(
            "areas",
            area_columns,
            partial(_area, export=export),
            "MultiPolygon",
            {"DESCRIPTION": "How far each event is known"},
        )
        areas.write(draft, map(json.loads, spool), "GPKG", append=True)
        reports = Layer("reports", REPORT_COLUMNS, None, None, {"DESCRIPTION": "What each article says"})
        reports.write(draft, export.reports, "GPKG", append=True)
        named = Layer("places", PLACE_COLUMNS, _point, "Point", {"DESCRIPTION": "Places of events, each once"})
        named.write(draft, places.values(), "GPKG", append=True)
        _finish(draft, export)
    return []


_AREA_COLUMNS = (
    "event_id date_start date_end place event_type sub_event_type summary location_level radius_km confidence"
).split()


def _watched(rows: Iterable[Row], places: dict[str, Row], spool: IO[str]) -> Iterator[Row]:
    """The rows; `places` gets each place with the number of its events, `spool` the events without an exact place."""
    for row in rows:
        if row.get("longitude") is not None:
            key = str(row.get("place_id") or row.get("place"))
            place = places.setdefault(key, {c.name: row.get(c.name) for c in PLACE_COLUMNS} | {"n_events": 0})
            place["n_events"] = int(place["n_events"] or 0) + 1
            if row.get("location_level") not in _NO_AREA:
                short = {name: row.get(name) for name in (*_AREA_COLUMNS, "longitude", "latitude", "country", "admin1")}
                spool.write(json.dumps(short) + "\n")
        yield row


def _finish(draft: Path, export: Export) -> None:
    """Adds the styles of QGIS and takes the clock out of the file."""
    with contextlib.closing(sqlite3.connect(draft)) as connection, connection:
        connection.execute(
            "CREATE TABLE layer_styles (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256), "
            "f_table_schema TEXT(256), f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, "
            "styleSLD TEXT, useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30), "
            "update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')))"
        )
        events = AREA_STYLE if export.geometry == "area" else EVENT_STYLE
        for layer, style in (("events", events), ("areas", AREA_STYLE)):
            connection.execute(
                "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName, "
                "styleQML, useAsDefault, description, owner, update_time) VALUES ('', '', ?, 'geom', ?, ?, 1, ?, '', ?)",
                (layer, f"conflictmap {layer}", style, "By type; the size says how far the place is known", _MOMENT),
            )
        connection.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change, srs_id) "
            "VALUES ('layer_styles', 'attributes', 'layer_styles', '', ?, 0)",
            (_MOMENT,),
        )
        connection.execute("UPDATE gpkg_contents SET last_change = ?", (_MOMENT,))


@contextlib.contextmanager
def _clock_stopped() -> Iterator[None]:
    """GDAL writes a fixed moment instead of now."""
    import pyogrio  # noqa: PLC0415

    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": _MOMENT})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})


# --- GeoParquet ------------------------------------------------------------------------------------------------------


def write_parquet(path: Path, export: Export) -> list[str]:
    """GeoParquet 1.1 with WKB geometry, zstd-compressed, written batch by batch."""
    import pyarrow.parquet as pq  # noqa: PLC0415

    shape, kind = _shape(export)
    box = [180.0, 90.0, -180.0, -90.0]
    schema = _schema(export.columns, geometry=True)
    with writing(path) as draft, pq.ParquetWriter(draft, schema, compression="zstd") as writer:
        for batch in _batches(_measured(export.rows, box), export.columns, schema, shape):
            writer.write_batch(batch)
        geometry: dict[str, Any] = {"encoding": "WKB", "geometry_types": [kind], "orientation": "counterclockwise"}
        if box[0] <= box[2] and export.geometry == "point":
            geometry["bbox"] = box
        about = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": geometry}}
        writer.add_key_value_metadata(
            {"geo": json.dumps(about), "title": export.title, "description": export.description}
        )
    return []


def _measured(rows: Iterable[Row], box: list[float]) -> Iterator[Row]:
    """The rows, while `box` grows around their points."""
    for row in rows:
        lon, lat = row.get("longitude"), row.get("latitude")
        if lon is not None and lat is not None:
            x, y = float(lon), float(lat)
            box[:] = [min(box[0], x), min(box[1], y), max(box[2], x), max(box[3], y)]
        yield row


# --- FlatGeobuf, Shapefile -------------------------------------------------------------------------------------------


def write_flatgeobuf(path: Path, export: Export) -> list[str]:
    """FlatGeobuf with an index; its order is that of space, and what has no point cannot stand in it."""
    shape, kind = _shape(export)
    lost = [0]
    with writing(path) as draft:
        about = {"TITLE": export.title, "DESCRIPTION": export.description}
        Layer("events", export.columns, shape, kind, about).write(draft, _located(export.rows, lost), "FlatGeobuf")
    return [f"{lost[0]} events without a point were left out: FlatGeobuf has no rows without geometry"] * bool(lost[0])


def _located(rows: Iterable[Row], lost: list[int]) -> Iterator[Row]:
    for row in rows:
        if row.get("longitude") is None:
            lost[0] += 1
        else:
            yield row


def write_shapefile(path: Path, export: Export) -> list[str]:
    """A Shapefile: five files, with names of ten characters and texts of 254."""
    columns = [_short(column) for column in export.columns]
    names = {column.name: short.name for column, short in zip(export.columns, columns, strict=True)}
    cut = [0]
    shape, kind = _shape(export)
    if not path.parent.is_dir():
        raise InputError(f"{path}: there is no folder {str(path.parent)!r}; make it, or write elsewhere")
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".shapefile.") as folder:
        draft = Path(folder) / path.name
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # what it loses is said below, once
            kind = "Polygon" if kind == "MultiPolygon" else kind
            options = {"ENCODING": "UTF-8", "DBF_DATE_LAST_UPDATE": "2000-01-01"}
            layer = Layer(path.stem, columns, shape, kind, options)
            layer.write(draft, _shortened(export.rows, names, cut), "ESRI Shapefile")
        for part in sorted(Path(folder).iterdir()):
            shutil.move(part, path.parent / part.name)
    lines = [
        "a Shapefile cuts names of columns to 10 characters and texts to 254 bytes, and has no nulls in numbers; "
        "hand over a GeoPackage where you can"
    ]
    return lines + [f"{cut[0]} texts were cut"] * bool(cut[0])


def _short(column: Column) -> Column:
    return Column(_SHORT_NAMES.get(column.name, column.name[:10]), column.type, column.unit, column.meaning)


_DBF_BYTES = 254


def _shortened(rows: Iterable[Row], names: dict[str, str], cut: list[int]) -> Iterator[Row]:
    for row in rows:
        short: Row = {name: row.get(name) for name in ("longitude", "latitude", "radius_km", "location_level")}
        for name, new in names.items():
            value = row.get(name)
            if isinstance(value, str) and len(data := value.encode()) > _DBF_BYTES:
                cut[0] += 1
                value = data[: _DBF_BYTES - 3].decode(errors="ignore") + "…"
            short[new] = value
        yield short
