"""Many events to GeoParquet, GeoPackage and GeoJSON, and a long foreign table to GeoJSON: seconds, size and peak memory.

    python benchmarks/formats.py [EVENTS]          1,000,000 by default

Beside each figure stands plain geopandas on the same rows. Each format is written in a process of its own, so that its peak is
its own. The rows are made up, and made as they are taken; 1,000,000 of them are a CSV of 200 MB. geopandas copies that table
as it stands; conflictmap also checks each row and gives it our columns.
"""

from __future__ import annotations

import csv
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from geo.formats import Export, write_export
from geo.table import TABLE_COLUMNS, Row

FORMS = ("parquet", "gpkg", "geojson", "geojsonl", "csv")
TYPES = ("Battles", "Explosions/Remote violence", "Protests")


def rows(n: int) -> Iterator[Row]:
    empty: Row = dict.fromkeys(column.name for column in TABLE_COLUMNS)
    for i in range(n):
        day = (date(2011, 3, 15) + timedelta(days=i % 4000)).isoformat()
        yield empty | {
            "event_id": f"{i:016x}",
            "date_start": day,
            "date_end": day,
            "place": f"Place {i % 5000}",
            "place_id": f"made:{i % 5000}",
            "longitude": round(35.7 + (i * 7919 % 66000) / 10000, 5),
            "latitude": round(32.3 + (i * 104729 % 50000) / 10000, 5),
            "event_type": TYPES[i % 3],
            "summary": f"Made-up event {i} of a benchmark, as long as a summary is",
            "actors": "First group; Second group",
            "killed_low": i % 20,
            "location_level": "near" if i % 3 == 0 else "settlement",
            "radius_km": 5.0 if i % 3 == 0 else 1.0,
            "quote": "A sentence of about the length that a quote has in a news article, which is some 120 letters long. "
            * 2,
        }


def one(tool: str, form: str, n: int, path: Path) -> None:
    start = time.perf_counter()
    if tool == "conflictmap":
        write_export(path, Export(rows(n)), form)
    else:
        from geo.table import gdf_from_rows

        frame = gdf_from_rows(rows(n))
        if form == "parquet":
            frame.to_parquet(path)
        elif form == "csv":
            frame.to_csv(path)
        else:
            frame.to_file(path, driver={"gpkg": "GPKG", "geojson": "GeoJSON", "geojsonl": "GeoJSONSeq"}[form])
    report(form, tool, start, path)


def foreign_table(n: int, path: Path) -> None:
    """A table as others write it: their names of columns, days with slashes, a note of some 150 letters."""
    note = "A made-up sentence that is about as long as the notes of a coder are, which is some 150 letters or so, and then a bit more of it all. "
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow("Id Date Location Country Lat Lon Deaths Notes".split())
        for i in range(n):
            day = f"{1 + i % 28:02d}/{1 + i % 12:02d}/20{10 + i % 10}"
            point = round(33 + (i * 104729 % 3000) / 1000, 4), round(36 + (i * 7919 % 5000) / 1000, 4)
            writer.writerow((f"X{i}", day, f"Place {i % 5000}", "Syria", *point, i % 7, f"{note}{i}"))


def convert(tool: str, path: Path) -> None:
    """The foreign table beside `path`, to newline-delimited GeoJSON."""
    source = path.with_name("foreign.csv")
    start = time.perf_counter()
    if tool == "conflictmap":
        from geo.cli import cli

        cli(["convert", str(source), "-o", str(path)], standalone_mode=False)
    else:
        import geopandas
        import pandas as pd

        table = pd.read_csv(source)
        points = geopandas.points_from_xy(table["Lon"], table["Lat"], crs=4326)
        geopandas.GeoDataFrame(table, geometry=points).to_file(path, driver="GeoJSONSeq")
    report("csv in", tool, start, path)


def report(what: str, tool: str, start: float, path: Path) -> None:
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{what:<10}{tool:<14}{seconds:9.1f}{path.stat().st_size / 1e6:10.1f}{peak:10.0f}", flush=True)


def main() -> None:
    if len(sys.argv) > 3:
        tool, form, n, path = sys.argv[1], sys.argv[2], int(sys.argv[3]), Path(sys.argv[4])
        if form == "csv in":
            convert(tool, path)
        else:
            one(tool, form, n, path)
        return
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    print(f"{n:,} events\nformat    written by      seconds        MB   peak MB", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        for form in FORMS:
            for tool in ("conflictmap", "geopandas"):
                path = Path(folder) / f"{tool}.{form}"
                subprocess.run([sys.executable, __file__, tool, form, str(n), str(path)], check=True)
                path.unlink()
        foreign_table(n, Path(folder) / "foreign.csv")
        for tool in ("conflictmap", "geopandas"):
            path = Path(folder) / f"{tool}.geojsonl"
            run = [sys.executable, __file__, tool, "csv in", str(n), str(path)]
            subprocess.run(run, check=True, stderr=subprocess.DEVNULL)  # what convert says of it


if __name__ == "__main__":
    main()
