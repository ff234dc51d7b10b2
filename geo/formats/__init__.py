"""Rows of events to files that other programs open: which formats there are, and one call that writes any of them.

Hides: which module writes which format. Rows are streamed, so that a table of any length needs the memory of a batch;
where a format has several layers or sheets (GeoPackage, XLSX) the reports follow the events. The libraries that GIS
formats need are imported when one is written: `pip install 'conflictmap[gis]'`.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from gazetteer.errors import InputError
from geo.formats.export import Export, report_rows

__all__ = ["FORMATS", "SUFFIX_OF", "Export", "format_of", "report_rows", "write_export"]

#: Suffix -> format. The nested form (.jsonl) is written by `geo.table.events_to_jsonl`: it holds events, not rows.
FORMATS: dict[str, str] = {
    ".geojson": "geojson",
    ".json": "geojson",
    ".geojsonl": "geojsonl",
    ".geojsons": "geojsonl",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".xlsx": "xlsx",
    ".gpkg": "gpkg",
    ".parquet": "parquet",
    ".geoparquet": "parquet",
    ".fgb": "fgb",
    ".kml": "kml",
    ".shp": "shp",
}

#: Format -> its usual suffix.
SUFFIX_OF: dict[str, str] = {form: suffix for suffix, form in reversed(FORMATS.items())} | {
    "csv-acled": ".csv",
    "csv-ucdp": ".csv",
}

#: What each format needs besides Python.
_NEEDS = {
    "xlsx": ("openpyxl",),
    "gpkg": ("pyarrow", "pyogrio"),
    "parquet": ("pyarrow",),
    "fgb": ("pyarrow", "pyogrio"),
    "shp": ("pyarrow", "pyogrio"),
}


def format_of(path: Path) -> str:
    """The format that the suffix of a file names. Raises InputError for another suffix.

    >>> format_of(Path("Events.GPKG"))
    'gpkg'
    """
    try:
        return FORMATS[path.suffix.lower()]
    except KeyError:
        known = ", ".join(sorted(FORMATS))
        raise InputError(
            f"{path}: no format is known by {path.suffix or 'a name without suffix'}; use one of {known}, or --format"
        ) from None


def write_export(path: Path, export: Export, form: str) -> list[str]:
    """Writes the rows to a file of this format, whole or not at all, and returns what the format loses, line by line.

    Raises InputError when the file cannot be written or the format needs a library that is not installed.
    """
    if missing := [name for name in _NEEDS.get(form, ()) if find_spec(name) is None]:
        raise InputError(
            f"{path}: {SUFFIX_OF[form]} needs {' and '.join(missing)}; install them: pip install 'conflictmap[gis]'"
        )
    return _writer(form)(path, export)


def _writer(form: str) -> Callable[[Path, Export], list[str]]:
    if form in ("geojson", "geojsonl"):
        from geo.formats import geojson  # noqa: PLC0415

        return geojson.write_geojson if form == "geojson" else geojson.write_geojsonl
    if form in ("csv", "csv-acled", "csv-ucdp"):
        from geo.formats import tables  # noqa: PLC0415

        return {"csv": tables.write_csv, "csv-acled": tables.write_acled, "csv-ucdp": tables.write_ucdp}[form]
    if form == "kml":
        from geo.formats.kml import write_kml  # noqa: PLC0415

        return write_kml
    if form == "xlsx":
        from geo.formats.sheets import write_xlsx  # noqa: PLC0415

        return write_xlsx
    from geo.formats import gis  # noqa: PLC0415

    return {
        "gpkg": gis.write_gpkg,
        "parquet": gis.write_parquet,
        "fgb": gis.write_flatgeobuf,
        "shp": gis.write_shapefile,
    }[form]
