"""Files of events in the programs that read them: GDAL's ogrinfo and QGIS. Skipped where these are not installed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from geo.event import Event
from geo.formats import Export, report_rows, write_export
from geo.table import COLUMNS, event_row

MakeEvent = Callable[..., Event]

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
}


@pytest.fixture(scope="module")
def folder(make_event: MakeEvent, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clients")
    events = [make_event(), make_event("area", level="adm1", radius_km=80.0), make_event("nowhere", place=None)]
    rows = [event_row(e, provenance="conflictmap 0.1", country_names={"SY": "Syria"}) for e in events]
    for suffix in (*LAYERS, ".kml"):
        form = {".geojsonl": "geojsonl"}.get(suffix, suffix[1:])
        write_export(folder / f"events{suffix}", Export(rows, reports=report_rows(events)), form)
    return folder


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
    layer = [LAYERS[suffix]] if LAYERS[suffix] else ["-al"]
    text = ogr("ogrinfo", "-so", folder / f"events{suffix}", *layer)
    assert f"Feature Count: {2 if suffix == '.fgb' else 3}" in text
    if suffix not in (".csv", ".xlsx"):
        assert "Geometry: Point" in text
        assert "WGS 84" in text or "WGS_1984" in text
    if suffix in (".gpkg", ".geojson", ".shp", ".xlsx"):
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
    done = subprocess.run(
        [python, script, folder / "events.gpkg"],
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
