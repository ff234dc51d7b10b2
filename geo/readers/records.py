"""Files to records: GeoJSON in all its forms, JSON Lines, what GDAL reads, Parquet, XLSX, and tables as text.

Hides: how a file of any length is read piece by piece. Every kind of file gives the same: the names of its columns, a
sample, and a stream of records, each with the place where it stands in the file.
"""

from __future__ import annotations

import contextlib
import json
import re
import struct
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import IO, Any

from gazetteer.errors import InputError
from geo.cells import unsafe_cell
from geo.readers.delimited import HEAD, Refused, TableFile, guess_encoding, open_bytes
from geo.readers.layouts import GDELT_COLUMNS
from geo.table import EVENT_SCHEMA, values_of_feature

__all__ = ["Record", "Records", "is_collection", "is_nested", "read_records", "text_of"]

Record = Mapping[str, Any]

#: Records from which columns are recognised.
SAMPLE = 500
#: Bytes read at a time.
CHUNK = 1 << 20
#: Files that GDAL reads, and the layer of ours in those that have several.
_GDAL = {".gpkg": "events", ".fgb": None, ".shp": None}


@dataclass(frozen=True, slots=True)
class Records:
    """What a file holds. `stream` may be called again and reads from the beginning each time."""

    columns: tuple[str, ...]
    stream: Callable[[], Iterator[tuple[str, Record] | Refused]]
    notes: tuple[str, ...] = ()

    def sample(self) -> list[list[str]]:
        """The first records as text, in the order of the columns."""
        records = [found[1] for found in islice(self.stream(), SAMPLE) if not isinstance(found, Refused)]
        return [[text_of(record.get(name)) for name in self.columns] for record in records]


def text_of(value: object) -> str:
    """A value of a record as the text that a table would have.

    >>> text_of(None), text_of(3.0), text_of(True)
    ('', '3', 'True')
    """
    if value is None or value != value:  # noqa: PLR0124  NaN is not equal to itself
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def read_records(path: Path, *, encoding: str | None = None) -> Records:
    """The records of a file, whose kind its suffix and its beginning tell. Raises InputError when it cannot be read."""
    suffix = path.suffix.lower()
    if suffix in _GDAL:
        return _gdal_records(path)
    if suffix in (".parquet", ".geoparquet"):
        return _parquet_records(path)
    if suffix == ".xlsx":
        return _xlsx_records(path)
    if suffix in (".xls", ".ods", ".pdf", ".docx"):
        raise InputError(f"{path}: {suffix} is not read; save the table as CSV or XLSX")
    with open_bytes(path) as stream:
        start = stream.read(HEAD)
    text = start.decode(guess_encoding(start), errors="replace").lstrip("\ufeff \t\r\n")
    if text[:1] == "{":
        first = text.split("\n", 1)[0]
        if '"FeatureCollection"' in text and not _is_whole(first):
            return _with_columns(lambda: _collection(path))
        if _is_whole(first) and _kind(first) == "FeatureCollection":
            return _with_columns(lambda: _collection(path))
        return _with_columns(lambda: _json_lines(path))
    if text[:1] == "[" and suffix in (".json", ".jsonl", ".ndjson", ".geojson"):
        raise InputError(f"{path}: a JSON array; give GeoJSON, or one object a line (jq -c '.[]')")
    return _table_records(path, encoding)


def is_nested(path: Path) -> bool:
    """Whether a file is JSON Lines of whole events."""
    if path.suffix.lower() not in (".jsonl", ".ndjson", ".json", ".gz"):
        return False
    with open_bytes(path) as stream:
        head = stream.read(400).decode("utf-8", errors="replace")
    return f'"schema": "{EVENT_SCHEMA}"' in head or f'"schema":"{EVENT_SCHEMA}"' in head


def is_collection(path: Path) -> bool:
    """Whether a file begins as a GeoJSON collection does, one without features too."""
    with open_bytes(path) as stream:
        head = stream.read(400).decode("utf-8-sig", errors="replace").lstrip()
    return head.startswith("{") and re.search(r'"type"\s*:\s*"FeatureCollection"', head) is not None


def _is_whole(line: str) -> bool:
    try:
        json.loads(line)
    except ValueError:
        return False
    return True


def _kind(line: str) -> object:
    value = json.loads(line)
    return value.get("type") if isinstance(value, dict) else None


def _with_columns(stream: Callable[[], Iterator[tuple[str, Record] | Refused]]) -> Records:
    """Records whose columns are the keys of the first ones."""
    columns: dict[str, None] = {}
    with contextlib.closing(stream()) as first:  # type: ignore[type-var]  # these are generators
        for found in islice(first, SAMPLE):
            if not isinstance(found, Refused):
                columns |= dict.fromkeys(found[1])
    return Records(tuple(columns), stream)


# --- JSON ------------------------------------------------------------------------------------------------------------


def _json_lines(path: Path) -> Iterator[tuple[str, Record] | Refused]:
    """A GeoJSON feature or a flat object a line."""
    with open_bytes(path) as stream:
        for number, raw in enumerate(stream, start=1):
            where = f"{path}:{number}"
            if not (line := raw.strip(b"\x1e \t\r\n")):  # RFC 8142 puts a record separator before each
                continue
            try:
                value = json.loads(line.decode("utf-8-sig"))
                if not isinstance(value, dict):
                    raise InputError("not an object; one event a line is expected")
                yield where, (values_of_feature(value, where) if value.get("type") == "Feature" else value)
            except UnicodeDecodeError as exc:
                yield Refused(where, f"not UTF-8 ({exc.reason}); JSON is UTF-8")
            except json.JSONDecodeError as exc:
                yield Refused(where, f"not JSON ({exc.msg} at column {exc.colno}); one object a line is expected")
            except (InputError, RecursionError, ValueError) as exc:
                yield Refused(where, str(exc).removeprefix(f"{where}: "))


def _collection(path: Path) -> Iterator[tuple[str, Record] | Refused]:
    """The features of a FeatureCollection, one by one; no more than one of them is held."""
    with open_bytes(path) as stream:
        for number, feature in enumerate(_features(_Json(stream, path)), start=1):
            where = f"{path}: feature {number}"
            try:
                yield where, values_of_feature(feature, where)
            except InputError as exc:
                yield Refused(where, str(exc).removeprefix(f"{where}: "))


def _features(text: _Json) -> Iterator[object]:
    text.expect("{")
    while not text.takes("}"):
        key = text.value()
        text.expect(":")
        if key != "features":
            text.value()
        else:
            text.expect("[")
            while not text.takes("]"):
                yield text.value()
                text.takes(",")
        text.takes(",")


class _Json:
    """A JSON text that is read value by value."""

    def __init__(self, stream: IO[bytes], path: Path) -> None:
        import codecs  # noqa: PLC0415

        self._stream, self._path = stream, path
        self._decode = codecs.getincrementaldecoder("utf-8-sig")().decode
        self._parse = json.JSONDecoder().raw_decode
        self._text, self._at, self._ended = "", 0, False

    def _more(self) -> bool:
        if self._ended:
            return False
        size = max(CHUNK, len(self._text) - self._at)  # a large value is not tried again for every megabyte
        raw = self._stream.read(size)
        self._ended = not raw
        try:
            self._text = self._text[self._at :] + self._decode(raw, self._ended)
        except UnicodeDecodeError as exc:
            raise InputError(f"{self._path}: not UTF-8 ({exc.reason}); GeoJSON is UTF-8") from exc
        self._at = 0
        return True

    def _next(self) -> str:
        """The next character that is no space, "" at the end."""
        while True:
            while self._at < len(self._text):
                if (char := self._text[self._at]) not in " \t\r\n":
                    return char
                self._at += 1
            if not self._more():
                return ""

    def takes(self, char: str) -> bool:
        found = self._next()
        if not found:
            raise InputError(f"{self._path}: the file ends in the middle; it was cut off, get it again")
        if found == char:
            self._at += 1
        return found == char

    def expect(self, char: str) -> None:
        if not self.takes(char):
            raise InputError(
                f"{self._path}: not GeoJSON ({char!r} expected, {self._text[self._at : self._at + 20]!r} found)"
            )

    def value(self) -> object:
        self._next()
        while True:
            try:
                value, end = self._parse(self._text, self._at)
            except (ValueError, RecursionError) as exc:
                if not self._more():
                    raise InputError(f"{self._path}: not JSON that can be read ({exc})") from exc
                continue
            if end == len(self._text) and self._more():
                continue  # a number may go on
            self._at = end
            return value


# --- tables ----------------------------------------------------------------------------------------------------------


def _table_records(path: Path, encoding: str | None) -> Records:
    table = TableFile(path, encoding=encoding)
    columns = table.header or GDELT_COLUMNS.get(table.width)
    if columns is None:
        raise InputError(f"{path}:1: no header; put the names of the columns there")
    columns = tuple(f"{name}_{n}" if name in columns[:n] else name for n, name in enumerate(columns))

    def stream() -> Iterator[tuple[str, Record] | Refused]:
        for found in TableFile(path, encoding=table.encoding).rows():
            if isinstance(found, Refused):
                yield found
                continue
            number, cells = found
            yield f"{path}:{number}", dict(zip(columns, map(unsafe_cell, cells), strict=False))

    note = f"{path}: read as {table.encoding}, by its letters; name another with --encoding"
    return Records(tuple(columns), stream, (note,) if table.is_guess else ())


def _xlsx_records(path: Path) -> Records:
    """The sheet `events`, or the first one; its first row has the names."""
    try:
        from openpyxl import load_workbook  # noqa: PLC0415
    except ImportError:
        raise InputError(f"{path}: .xlsx needs openpyxl; install it: pip install 'conflictmap[gis]'") from None

    def rows() -> Generator[tuple[Any, ...], None, None]:
        try:
            book = load_workbook(path, read_only=True, data_only=True)
        except Exception as exc:  # openpyxl raises what zipfile, its XML parser and itself do
            raise InputError(f"{path}: not a workbook that can be read ({exc}); save it again as .xlsx") from exc
        with contextlib.closing(book):
            sheet = book["events"] if "events" in book.sheetnames else book.worksheets[0]
            yield from sheet.iter_rows(values_only=True)

    with contextlib.closing(rows()) as first:
        header = tuple(
            str(name).strip() if name is not None else f"column_{n}" for n, name in enumerate(next(first, ()))
        )
    if not header:
        raise InputError(f"{path}: the sheet is empty; a table with a header row is expected")

    def stream() -> Iterator[tuple[str, Record] | Refused]:
        for number, cells in enumerate(rows(), start=1):
            if number > 1 and any(cell is not None for cell in cells):
                yield f"{path}: row {number}", dict(zip(header, cells, strict=False))

    return Records(header, stream)


# --- what GDAL and Arrow read ----------------------------------------------------------------------------------------


def _gdal_records(path: Path) -> Records:
    pyogrio = _imported("pyogrio", path)
    _imported("pyarrow", path)
    if not path.is_file():
        raise InputError(f"{path}: there is no such file; check the name")
    try:
        layers = [str(name) for name, _ in pyogrio.list_layers(path)]
        ours = _GDAL[path.suffix.lower()]
        layer = ours if ours in layers else layers[0]
        info = pyogrio.read_info(path, layer=layer)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, IndexError) as exc:
        raise InputError(f"{path}: GDAL cannot read this file ({exc})") from exc
    crs = info.get("crs")
    if crs is not None and crs.upper() not in ("EPSG:4326", "OGC:CRS84"):
        raise InputError(f"{path}: its coordinates are in {crs}; bring them to WGS 84: ogr2ogr -t_srs EPSG:4326")

    def stream() -> Iterator[tuple[str, Record] | Refused]:
        with pyogrio.open_arrow(path, layer=layer, use_pyarrow=True) as (meta, reader):
            geometry = meta["geometry_name"] or "wkb_geometry"
            yield from _of_batches(path, reader, geometry, skip=(meta.get("fid_column") or "fid",))

    return Records((*(str(name) for name in info["fields"]), "longitude", "latitude"), stream)


def _parquet_records(path: Path) -> Records:
    _imported("pyarrow", path)
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    try:
        with pq.ParquetFile(path) as file:
            names, metadata = file.schema_arrow.names, file.schema_arrow.metadata or {}
            about = json.loads(metadata.get(b"geo", b"{}"))
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such file; check the name") from None
    except (OSError, ValueError, pa.ArrowInvalid) as exc:
        raise InputError(f"{path}: not a Parquet file that can be read ({exc})") from exc
    geometry = str(about.get("primary_column", "geometry"))

    def stream() -> Iterator[tuple[str, Record] | Refused]:
        with pq.ParquetFile(path) as file:
            yield from _of_batches(path, file.iter_batches(), geometry, skip=())

    return Records((*(name for name in names if name != geometry), "longitude", "latitude"), stream)


def _of_batches(
    path: Path, batches: Any, geometry: str, *, skip: Sequence[str]
) -> Iterator[tuple[str, Record] | Refused]:
    number = 0
    for batch in batches:
        names = [name for name in batch.schema.names if name not in (geometry, *skip)]
        shapes = batch.column(geometry).to_pylist() if geometry in batch.schema.names else [None] * batch.num_rows
        columns = [batch.column(name).to_pylist() for name in names]
        for shape, *values in zip(shapes, *columns, strict=True):
            number += 1
            where = f"{path}: feature {number}"
            try:
                lon, lat = _lon_lat(shape)
            except InputError as exc:
                yield Refused(where, str(exc))
                continue
            record = dict(zip(names, values, strict=True))
            if shape is not None or geometry in batch.schema.names:
                record |= {"longitude": lon, "latitude": lat}
            yield where, record


def _lon_lat(wkb: bytes | None) -> tuple[float | None, float | None]:
    """The point of a WKB geometry, or one inside an area."""
    if wkb is None:
        return None, None
    if len(wkb) == 21 and wkb[:5] == b"\x01\x01\x00\x00\x00":
        lon, lat = struct.unpack_from("<dd", wkb, 5)
    else:
        from shapely import from_wkb  # noqa: PLC0415
        from shapely.errors import ShapelyError  # noqa: PLC0415

        try:
            point = from_wkb(wkb).representative_point()
        except ShapelyError as exc:
            raise InputError(f"its geometry cannot be read ({exc})") from exc
        if point.is_empty:
            return None, None
        lon, lat = point.x, point.y
    return (None, None) if lon != lon else (lon, lat)  # noqa: PLR0124  an empty point is NaN


def _imported(name: str, path: Path) -> Any:
    from importlib import import_module  # noqa: PLC0415

    try:
        return import_module(name)
    except ImportError:
        raise InputError(f"{path}: {path.suffix} needs {name}; install it: pip install 'conflictmap[gis]'") from None
