"""Files of events in the programs that read them: GDAL, QGIS, LibreOffice, a linter of GeoJSON, Frictionless, a JSON Schema.

Each test is skipped, with the reason, where its program is not installed; `.ci/full` runs them all.
"""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
import tarfile
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from geo.event import Event
from geo.formats import Export, report_rows, write_export
from geo.formats.schema import event_schema
from geo.formats.tables import datapackage
from geo.table import COLUMNS, event_row, events_to_jsonl

MakeEvent = Callable[..., Event]

pytestmark = pytest.mark.clients
ROOT = Path(__file__).resolve().parents[2]

pytest.importorskip("pyarrow")
#: Suffix -> the layer with the events. A KML document has a layer for each folder.
LAYERS = {
    ".geojson": None,
    ".geojsonl": None,
    ".gpkg": "events",
    ".fgb": None,
    ".shp": None,
    ".csv": None,
    ".xlsx": "events",
    ".parquet": None,
}
#: What GDAL may be built without.
DRIVERS = {".parquet": "Parquet"}
HOSTILE = '=HYPERLINK("http://x.example",1)'


@pytest.fixture(scope="module")
def events(make_event: MakeEvent) -> list[Event]:
    return [
        make_event(summary=HOSTILE, actors=("-2+3", "@SUM(A1)")),
        make_event("area", level="adm1", radius_km=80.0),
        make_event("nowhere", place=None),
    ]


@pytest.fixture(scope="module")
def folder(events: list[Event], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clients")
    rows = [event_row(e, provenance="conflictmap 0.1", country_names={"SY": "Syria"}) for e in events]
    for suffix in (*LAYERS, ".kml"):
        form = {".geojsonl": "geojsonl"}.get(suffix, suffix[1:])
        write_export(folder / f"events{suffix}", Export(rows, reports=report_rows(events)), form)
    for form in ("geojson", "gpkg", "kml"):
        write_export(folder / f"areas.{form}", Export(rows, reports=report_rows(events), geometry="area"), form)
    text = events_to_jsonl(events, provenance="conflictmap 0.1", country_names={"SY": "Syria"})
    (folder / "events.jsonl").write_text(text, encoding="utf-8")
    return folder


def needs_driver(suffix: str) -> None:
    name = DRIVERS.get(suffix)
    if name is not None and name not in ogr("ogrinfo", "--formats"):
        pytest.skip(f"this GDAL was built without {name}")


def ogr(*args: object) -> str:
    """What a program of GDAL says. It may not warn."""
    if shutil.which(str(args[0])) is None:
        pytest.skip(f"{args[0]} is not installed (on Debian: apt install gdal-bin)")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("GDAL", "PROJ"))}
    done = subprocess.run(
        [str(a) for a in args], capture_output=True, text=True, timeout=60, check=False, env=environment
    )
    assert done.returncode == 0, done.stderr
    assert "Warning" not in done.stderr, done.stderr
    assert "ERROR" not in done.stderr, done.stderr
    return done.stdout


@pytest.mark.parametrize("suffix", LAYERS)
def test_ogrinfo_reads_every_event_without_a_warning(suffix: str, folder: Path) -> None:
    needs_driver(suffix)
    layer = [LAYERS[suffix]] if LAYERS[suffix] else ["-al"]
    text = ogr("ogrinfo", "-so", folder / f"events{suffix}", *layer)
    assert f"Feature Count: {2 if suffix == '.fgb' else 3}" in text
    if suffix not in (".csv", ".xlsx"):
        assert "Geometry: Point" in text
        assert "WGS 84" in text or "WGS_1984" in text
    if suffix in (".gpkg", ".geojson", ".shp", ".xlsx", ".parquet"):
        assert "date_start: Date" in text


def test_ogrinfo_reads_the_folders_of_kml_with_their_data(folder: Path) -> None:
    text = ogr("ogrinfo", "-al", folder / "events.kml")
    assert "Layer name: Explosions/Remote violence" in text
    assert "Layer name: Not located" in text
    assert "POINT (38.28402 34.56239)" in text or "POINT Z (38.28402 34.56239 0)" in text


def test_ogr2ogr_takes_a_geopackage_to_geojson_and_keeps_values(folder: Path, tmp_path: Path) -> None:
    ogr("ogr2ogr", "-f", "GeoJSON", tmp_path / "out.geojson", folder / "events.gpkg", "events")
    collection = json.loads((tmp_path / "out.geojson").read_text(encoding="utf-8"))
    first = collection["features"][0]
    assert first["geometry"]["coordinates"] == [38.28402, 34.56239]
    assert list(first["properties"]) == [column.name for column in COLUMNS]
    assert first["properties"]["date_start"] == "2017-01-18"
    assert first["properties"]["radius_km"] == 5.0
    assert collection["features"][2]["geometry"] is None


@pytest.mark.parametrize("suffix", LAYERS)
def test_ogr2ogr_takes_every_format_on_with_its_ids_and_points(suffix: str, folder: Path, tmp_path: Path) -> None:
    needs_driver(suffix)
    options = ["-oo", "X_POSSIBLE_NAMES=longitude", "-oo", "Y_POSSIBLE_NAMES=latitude"] if suffix == ".csv" else []
    layer = [LAYERS[suffix]] if LAYERS[suffix] else []
    ogr("ogr2ogr", "-f", "GeoJSON", tmp_path / "out.geojson", folder / f"events{suffix}", *options, *layer)
    features = json.loads((tmp_path / "out.geojson").read_text(encoding="utf-8"))["features"]
    found = {feature["properties"]["event_id"]: feature["geometry"] for feature in features}
    assert set(found) == {"e1f0aa27c9d4", "area", *([] if suffix == ".fgb" else ["nowhere"])}
    if suffix != ".xlsx":  # a sheet has no geometry, and its points stand in columns
        assert found["e1f0aa27c9d4"]["coordinates"][:2] == pytest.approx([38.28402, 34.56239])
        assert found.get("nowhere") is None


def test_gdal_reads_areas_as_valid_polygons(folder: Path) -> None:
    for name, layer in (("areas.geojson", ["-al"]), ("areas.gpkg", ["events"])):
        text = ogr("ogrinfo", "-q", folder / name, *layer)
        assert "POLYGON" in text
    valid = "SELECT COUNT(*) AS n FROM events WHERE geom IS NOT NULL AND ST_IsValid(geom) = 0"
    assert "n (Integer) = 0" in ogr("ogrinfo", "-q", folder / "areas.gpkg", "-dialect", "SQLite", "-sql", valid)


# --- spreadsheets ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sheets(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What LibreOffice makes of the CSV and the XLSX: each sheet as CSV again, with its cells as they are shown."""
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice is not installed (on Debian: apt install libreoffice-calc)")
    out = tmp_path_factory.mktemp("sheets")
    # separator, quote, UTF-8, first line, column formats, language, quote texts, as shown, not formulas, ..., every sheet
    how = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
    for name in ("events.csv", "events.xlsx"):
        target = out / name.replace(".", "_")
        done = subprocess.run(
            [program, f"-env:UserInstallation={(out / 'profile').as_uri()}", "--headless", "--convert-to", how]
            + ["--infilter=CSV:44,34,76,1"] * name.endswith(".csv")
            + ["--outdir", str(target), str(folder / name)],
            capture_output=True, text=True, timeout=180, check=False, env={**os.environ, "HOME": str(out), "LC_ALL": "C.UTF-8"},
        )  # fmt: skip
        assert target.is_dir(), done.stderr + done.stdout
    return out


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.slow
def test_libreoffice_opens_the_csv_with_every_cell_and_runs_none(sheets: Path) -> None:
    (path,) = (sheets / "events_csv").iterdir()
    rows = table(path)
    assert [row["event_id"] for row in rows] == ["e1f0aa27c9d4", "area", "nowhere"]
    assert rows[0]["summary"] == f"'{HOSTILE}"  # still a text, with its apostrophe
    assert (rows[0]["longitude"], rows[0]["latitude"]) == ("38.28402", "34.56239")
    assert rows[2]["longitude"] == ""
    assert not any("Err:" in cell or cell.startswith("#") for row in rows for cell in row.values())


@pytest.mark.slow
def test_libreoffice_opens_the_workbook_with_its_three_sheets_and_runs_none(sheets: Path) -> None:
    found = {path.stem.rsplit("-", 1)[-1]: path for path in (sheets / "events_xlsx").iterdir()}
    assert set(found) == {"events", "reports", "codebook"}
    rows = table(found["events"])
    assert [row["event_id"] for row in rows] == ["e1f0aa27c9d4", "area", "nowhere"]
    assert rows[0]["summary"] == HOSTILE  # a text in a workbook needs no apostrophe
    assert rows[0]["actors"] == "-2+3; @SUM(A1)"
    assert rows[0]["date_start"] == "2017-01-18"  # a day, shown as ISO
    assert len(table(found["reports"])) == 3
    assert not any("Err:" in cell or cell.startswith("#") for row in rows for cell in row.values())


# --- linters and validators ------------------------------------------------------------------------------------------


CHECK_GEOJSON = """
const { check } = require(process.argv[1]);
for (const text of JSON.parse(require("fs").readFileSync(0, "utf8"))) check(text);
"""


@pytest.fixture(scope="module")
def lint(tmp_path_factory: pytest.TempPathFactory) -> Callable[[list[str]], None]:
    """Fails for a text that check-geojson finds fault with; the test is skipped where npm cannot bring it."""
    npm = pytest.importorskip("buildtools.npm", reason="only in a source tree")
    if shutil.which("node") is None:
        pytest.skip("Node.js is not on PATH")
    checksum = "sha512-PZvNKzt6STytUw21TUkqU+TG6dbwTWb1ACosvInBYTBm37zsr8C74J6crBTQ3BWkyd6YeitYd4HibJzBEyk6Aw=="
    package = npm.Package("@placemarkio/check-geojson", "0.1.14", checksum, "MIT", on_page=False)
    try:
        packed = npm.tarball(package, ROOT)
    except npm.AssetError as error:
        pytest.skip(f"no check-geojson: {error}")
    script = tmp_path_factory.mktemp("lint") / "check-geojson.js"
    with tarfile.open(packed, "r:gz") as tar:
        script.write_bytes(npm.member(tar, "dist/index.js"))

    def checked(texts: list[str]) -> None:
        done = subprocess.run(
            ["node", "-e", CHECK_GEOJSON, str(script)],
            input=json.dumps(texts),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr

    return checked


def test_a_linter_finds_no_fault_with_geojson(folder: Path, lint: Callable[[list[str]], None]) -> None:
    lint([(folder / name).read_text(encoding="utf-8") for name in ("events.geojson", "areas.geojson")])
    lint((folder / "events.geojsonl").read_text(encoding="utf-8").splitlines())


def test_the_linter_would_find_a_fault(lint: Callable[[list[str]], None]) -> None:
    with pytest.raises(AssertionError):
        lint(['{"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": {"type": "Point"}}]}'])


@pytest.mark.parametrize("form", ["csv", "csv-acled", "csv-ucdp", "hxl"])
def test_frictionless_finds_no_fault_with_a_csv_and_its_description(
    form: str, events: list[Event], tmp_path: Path
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its own, at import
        frictionless = pytest.importorskip("frictionless", reason="pip install 'conflictmap[clients]'")
    rows = [event_row(e, provenance="conflictmap 0.1", country_names={"SY": "Syria"}) for e in events]
    export = Export(rows, hxl=form == "hxl")
    form = "csv" if form == "hxl" else form
    write_export(tmp_path / "events.csv", export, form)
    (tmp_path / "datapackage.json").write_text(datapackage("events.csv", export, form), encoding="utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        report = frictionless.validate(str(tmp_path / "datapackage.json"))
    assert report.valid, report.flatten(["rowNumber", "fieldName", "type", "message"])
    assert report.tasks[0].stats["rows"] == len(events)


def test_a_validator_accepts_every_line_of_the_nested_form_and_no_changed_one(folder: Path) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    validator = jsonschema.Draft202012Validator(event_schema())
    text = (folder / "events.jsonl").read_text(encoding="utf-8")
    records: list[dict[str, Any]] = [json.loads(line) for line in text.split("\n")[:-1]]
    assert [list(validator.iter_errors(record)) for record in records] == [[], [], []]
    assert not validator.is_valid(records[0] | {"status": "rumoured"})


# --- QGIS ------------------------------------------------------------------------------------------------------------

QGIS = r"""
import os, sys
from qgis.core import (QgsApplication, QgsCoordinateReferenceSystem, QgsMapRendererParallelJob, QgsMapSettings, QgsProject,
                       QgsRectangle, QgsTemporalUtils, QgsVectorLayer)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor
app = QgsApplication([], False)
app.initQgis()
layers = []
for name in ("events", "areas", "reports", "places"):
    layer = QgsVectorLayer(f"{sys.argv[1]}|layername={name}", name, "ogr")
    layer.loadDefaultStyle()  # as the program does when a layer is added
    renderer = type(layer.renderer()).__name__ if layer.renderer() else ""
    time = layer.temporalProperties()
    print(name, layer.isValid(), layer.featureCount(), renderer, time.isActive(), time.startField(), sep="|")
    if layer.isSpatial():
        layers.append(layer)
QgsProject.instance().addMapLayers(layers)
span = QgsTemporalUtils.calculateTemporalRangeForProject(QgsProject.instance())
print("span", span.begin().toString("yyyy-MM-dd"), span.end().toString("yyyy-MM-dd"), sep="|")
settings = QgsMapSettings()
settings.setLayers(layers)
settings.setBackgroundColor(QColor(255, 255, 255))
settings.setOutputSize(QSize(400, 400))
settings.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:4326"))
settings.setExtent(QgsRectangle(37, 33, 40, 36))
job = QgsMapRendererParallelJob(settings)
job.start()
job.waitForFinished()
image = job.renderedImage()
image.save(sys.argv[2])
colours = {image.pixelColor(x, y).name() for x in range(0, 400, 2) for y in range(0, 400, 2)}
print("colours", len(colours), sep="|")
sys.stdout.flush()
os._exit(0)
"""


@pytest.mark.slow
def test_qgis_applies_the_style_and_knows_the_time(folder: Path, tmp_path: Path) -> None:
    python = Path("/usr/bin/python3")
    found = (
        python.exists()
        and subprocess.run([python, "-c", "import qgis.core"], capture_output=True, check=False).returncode == 0
    )
    if not found or not sys.platform.startswith("linux"):
        pytest.skip("QGIS is not installed (on Debian: apt install qgis python3-qgis)")
    script = tmp_path / "look.py"
    script.write_text(QGIS, encoding="utf-8")
    environment = {"QT_QPA_PLATFORM": "offscreen", "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}
    picture = Path(os.environ.get("CONFLICTMAP_SCREENSHOTS", tmp_path)) / "qgis.png"  # for people to look at
    done = subprocess.run(
        [python, script, folder / "events.gpkg", picture],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env=environment,
    )
    said = dict(line.split("|", 1) for line in done.stdout.splitlines() if "|" in line)
    assert said["events"] == "True|3|QgsCategorizedSymbolRenderer|True|date_start", done.stderr
    assert said["areas"] == "True|2|QgsCategorizedSymbolRenderer|True|date_start"
    assert said["reports"].startswith("True|3|")
    assert said["places"].startswith("True|1|")
    assert said["span"] == "2017-01-18|2017-01-18"
    assert int(said["colours"]) > 2  # the canvas is not empty
