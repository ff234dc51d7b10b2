"""Files of events in every format: what they hold, that nothing is lost, and that the same rows give the same bytes."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import zipfile
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazetteer import LonLat, great_circle_km
from gazetteer.errors import InputError
from geo.cells import safe_cell, unsafe_cell
from geo.event import Claim, Event
from geo.formats import FORMATS, SUFFIX_OF, Export, format_of, report_rows, write_export
from geo.formats.areas import circle
from geo.formats.export import REPORT_COLUMNS
from geo.formats.schema import event_schema, event_schema_text
from geo.formats.styles import TYPE_COLOURS
from geo.formats.tables import ACLED_COLUMNS, HXL_TAGS, UCDP_COLUMNS, datapackage
from geo.table import COLUMNS, TABLE_COLUMNS, Row, event_row, events_to_jsonl, rows_to_geojson

MakeEvent = Callable[..., Event]

WITH: dict[str, Any] = {"provenance": "conflictmap 0.1; rules abc123", "country_names": {"SY": "Syria"}}
HOSTILE = '</script><img src=x onerror=alert(1)> & "q" $[name] ]]> \x0b'
FLAT = sorted({form for form in FORMATS.values() if form != "jsonl"} | {"csv-acled", "csv-ucdp"})


@pytest.fixture(scope="module")
def events(make_event: MakeEvent) -> list[Event]:
    killed = (Claim("killed", 14, None, "at least 14"), Claim("killed", 20, 20, "20"))
    return [
        make_event(claims=killed, publishers=("Example Wire", "Other Post")),
        make_event("area", level="adm1", radius_km=80.0, claims=(Claim("killed", None, None, "dozens"),)),
        make_event("nowhere", place=None, when=None),
        make_event("=1+1", summary=HOSTILE, actors=("=cmd|' /C calc'!A0",)),
        make_event("east", lon=179.99, lat=-17.5, level="part", radius_km=50.0),
    ]


@pytest.fixture(scope="module")
def rows(events: list[Event]) -> list[Row]:
    return [event_row(event, **WITH) for event in events]


def written(path: Path, rows: list[Row], form: str | None = None, **options: Any) -> list[str]:
    return write_export(path, Export(iter(rows), **options), form or format_of(path))


# --- every format ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FLAT)
@pytest.mark.parametrize("geometry", ["point", "area"])
def test_the_same_rows_give_the_same_bytes(
    form: str, geometry: str, rows: list[Row], events: list[Event], tmp_path: Path
) -> None:
    paths = [tmp_path / f"{n}" / f"events{SUFFIX_OF[form]}" for n in (1, 2)]
    for path in paths:
        path.parent.mkdir()
        written(path, rows, form, reports=report_rows(events), notes=("profile internal",), geometry=geometry)
    files = [sorted(path.parent.iterdir()) for path in paths]
    assert [f.name for f in files[0]] == [f.name for f in files[1]]
    assert [f.name for f in files[0] if not f.name.startswith("events.")] == []
    for first, second in zip(*files, strict=True):
        assert first.read_bytes() == second.read_bytes(), first.name


@pytest.mark.parametrize("form", FLAT)
def test_no_event_is_no_error(form: str, tmp_path: Path) -> None:
    path = tmp_path / f"none{SUFFIX_OF[form]}"
    written(path, [], form)
    assert path.stat().st_size > 0 or form == "geojsonl"


@pytest.mark.parametrize("form", FLAT)
def test_a_folder_that_is_not_there_is_said_in_one_line(form: str, rows: list[Row], tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no folder"):
        written(tmp_path / "no" / f"x{SUFFIX_OF[form]}", rows, form)


@pytest.mark.parametrize("form", FLAT)
def test_what_fails_leaves_the_old_file_and_no_draft(form: str, rows: list[Row], tmp_path: Path) -> None:
    path = tmp_path / f"x{SUFFIX_OF[form]}"
    path.write_text("old", encoding="utf-8")

    def broken() -> Any:
        yield rows[0]
        raise InputError("events.csv:2: broken")

    with pytest.raises(InputError, match="broken"):
        write_export(path, Export(broken()), form)
    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_suffix_that_no_format_has_is_refused_with_those_that_are() -> None:
    with pytest.raises(InputError, match=r"\.gpkg.*--format"):
        format_of(Path("events.docx"))


# --- GeoJSON ---------------------------------------------------------------------------------------------------------


def test_the_streamed_collection_is_that_of_the_table(rows: list[Row], tmp_path: Path) -> None:
    written(tmp_path / "e.geojson", rows)
    assert (tmp_path / "e.geojson").read_text(encoding="utf-8") == rows_to_geojson(rows)


def test_one_feature_a_line_stands_alone(rows: list[Row], tmp_path: Path) -> None:
    written(tmp_path / "e.geojsonl", rows)
    features = [json.loads(line) for line in (tmp_path / "e.geojsonl").read_text(encoding="utf-8").splitlines()]
    assert [f["id"] for f in features] == [row["event_id"] for row in rows]
    assert features[2]["geometry"] is None
    assert features[0]["geometry"] == {"type": "Point", "coordinates": [38.28402, 34.56239]}


def test_areas_keep_the_right_hand_rule_and_are_cut_at_180_degrees(rows: list[Row], tmp_path: Path) -> None:
    written(tmp_path / "e.geojson", rows, geometry="area")
    collection = json.loads((tmp_path / "e.geojson").read_text(encoding="utf-8"))
    assert "crs" not in collection
    near, area, nowhere, _, east = (feature["geometry"] for feature in collection["features"])
    assert nowhere is None
    assert near["type"] == area["type"] == "Polygon"
    assert east["type"] == "MultiPolygon"
    polygons = [near["coordinates"], area["coordinates"], *east["coordinates"]]
    for (ring,) in polygons:
        assert ring[0] == ring[-1]
        assert _signed_area(ring) > 0  # counter-clockwise
        assert all(-180 <= x <= 180 and -90 <= y <= 90 for x, y in ring)


def _signed_area(ring: list[list[float]]) -> float:
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(ring)) / 2


@given(lon=st.floats(-180, 180), lat=st.floats(-85, 85), km=st.floats(0.5, 300))
def test_a_circle_is_one(lon: float, lat: float, km: float) -> None:
    rings = circle(lon, lat, km)
    for ring in rings:
        assert ring[0] == ring[-1]
        for x, y in ring:
            away = great_circle_km(LonLat(lon=lon, lat=lat), LonLat(lon=x, lat=y))
            assert away < km * 1.01 + 0.01
            if abs(x) != 180.0:
                assert away > km * 0.99 - 0.01


# --- tables ----------------------------------------------------------------------------------------------------------


def table_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))


@given(st.text())
def test_no_cell_is_run_and_every_text_comes_back(text: str) -> None:
    cell = str(safe_cell(text))
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\n"))
    assert unsafe_cell(cell) == text.replace("\r\n", "\n").replace("\r", "\n")


def test_the_hxl_row_has_a_tag_for_every_column(rows: list[Row], tmp_path: Path) -> None:
    written(tmp_path / "e.csv", rows, hxl=True)
    header, tags, *_ = list(csv.reader(io.StringIO((tmp_path / "e.csv").read_text(encoding="utf-8"))))
    assert header == [column.name for column in TABLE_COLUMNS]
    assert all(tag.startswith("#") for tag in tags)
    assert tags[header.index("longitude")] == "#geo+lon"
    assert set(HXL_TAGS) <= {*header, *(f"adm{n}_{what}" for n in (1, 2, 3) for what in ("name", "pcode"))}


def test_the_acled_shape_has_its_31_columns_and_says_what_it_made_up(rows: list[Row], tmp_path: Path) -> None:
    written(tmp_path / "e.csv", rows, "csv-acled")
    table = table_of(tmp_path / "e.csv")
    assert tuple(table[0]) == ACLED_COLUMNS
    assert len(ACLED_COLUMNS) == 31
    near, area, nowhere = table[:3]
    assert (near["latitude"], near["longitude"], near["geo_precision"]) == ("34.5624", "38.2840", "2")
    assert (near["event_date"], near["time_precision"], near["fatalities"]) == ("2017-01-18", "1", "14")
    assert (near["iso"], near["country"], near["disorder_type"]) == ("760", "Syria", "Political violence")
    assert area["fatalities"] == "12"
    assert "'dozens' coded as 12" in area["notes"]
    assert (nowhere["latitude"], nowhere["event_date"], nowhere["fatalities"]) == ("", "", "0")
    assert "ACLED-style" in near["tags"]


def test_the_ucdp_shape_has_its_49_columns_and_invents_no_estimate(rows: list[Row], tmp_path: Path) -> None:
    written(tmp_path / "e.csv", rows, "csv-ucdp")
    table = table_of(tmp_path / "e.csv")
    assert tuple(table[0]) == UCDP_COLUMNS
    assert len(UCDP_COLUMNS) == 49
    assert [table[0][name] for name in ("low", "best", "high", "where_prec", "date_prec")] == ["14", "", "20", "2", "1"]
    assert table[0]["geom_wkt"] == "POINT (38.28402 34.56239)"
    assert table[1]["where_prec"] == "4"


def test_the_layouts_are_those_that_others_publish() -> None:
    layouts = Path(__file__).resolve().parents[2] / "../shared/data/events/column_layouts.json"
    if not layouts.is_file():
        pytest.skip("the column layouts are not here")
    known = json.loads(layouts.read_text(encoding="utf-8"))
    assert list(ACLED_COLUMNS) == known["acled_export"]
    assert list(UCDP_COLUMNS) == known["ucdp_ged_23_1"]


def test_the_data_package_describes_every_column(rows: list[Row], tmp_path: Path) -> None:
    export = Export(rows, title="Events of January", notes=("profile internal",))
    package = json.loads(datapackage("events.csv", export, "csv"))
    (resource,) = package["resources"]
    assert resource["path"] == "events.csv"
    assert [field["name"] for field in resource["schema"]["fields"]] == [column.name for column in TABLE_COLUMNS]
    assert {field["type"] for field in resource["schema"]["fields"]} == {"string", "integer", "number", "date"}
    assert "profile internal" in package["description"]


# --- XLSX ------------------------------------------------------------------------------------------------------------


def test_a_workbook_has_events_reports_and_codebook_and_no_formula(
    rows: list[Row], events: list[Event], tmp_path: Path
) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    written(tmp_path / "e.xlsx", rows, reports=report_rows(events), notes=("profile internal",))
    book = openpyxl.load_workbook(tmp_path / "e.xlsx")
    assert book.sheetnames == ["events", "reports", "codebook"]
    header = [cell.value for cell in book["events"][1]]
    assert header == [column.name for column in TABLE_COLUMNS]
    first = dict(zip(header, book["events"][2], strict=True))
    assert first["date_start"].is_date
    assert first["killed_low"].value == 14
    hostile = book["events"][5][0]
    assert (hostile.value, hostile.data_type) == ("=1+1", "s")
    assert book["reports"].max_row == 1 + sum(len(event.reports) for event in events)
    meanings = {row[1].value: row[4].value for row in book["codebook"].iter_rows(min_row=2)}
    assert set(meanings) >= {column.name for column in (*COLUMNS, *REPORT_COLUMNS)}
    book.close()
    with zipfile.ZipFile(tmp_path / "e.xlsx") as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


# --- KML -------------------------------------------------------------------------------------------------------------

KML = "{http://www.opengis.net/kml/2.2}"


def test_kml_has_a_folder_for_each_type_with_time_spans_and_escaped_balloons(rows: list[Row], tmp_path: Path) -> None:
    written(tmp_path / "e.kml", rows, title="A & B")
    text = (tmp_path / "e.kml").read_text(encoding="utf-8")
    document = ElementTree.fromstring(text).find(f"{KML}Document")
    assert document is not None
    folders = {folder.findtext(f"{KML}name"): folder for folder in document.findall(f"{KML}Folder")}
    assert set(folders) == {"Explosions/Remote violence", "Not located"}
    marks = folders["Explosions/Remote violence"].findall(f"{KML}Placemark")
    assert marks[0].findtext(f"{KML}TimeSpan/{KML}begin") == "2017-01-18"
    assert marks[0].findtext(f"{KML}Point/{KML}coordinates") == "38.28402,34.56239"
    balloon = marks[2].findtext(f"{KML}description") or ""
    assert "<img" not in balloon
    assert "$[name]" not in balloon
    assert "http://" not in text.replace("http://www.opengis.net/kml/2.2", "")  # no icon of another host
    assert folders["Not located"].find(f"{KML}Placemark/{KML}Point") is None


# --- GeoPackage, GeoParquet, FlatGeobuf, Shapefile -------------------------------------------------------------------


def test_a_geopackage_has_layers_real_days_and_styles(rows: list[Row], events: list[Event], tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    path = tmp_path / "e.gpkg"
    written(path, rows, reports=report_rows(events), notes=("profile internal",))
    connection = sqlite3.connect(path)
    try:
        types = {name: kind for _, name, kind, *_ in connection.execute("PRAGMA table_info(events)")}
        assert types["date_start"] == types["date_end"] == "DATE"
        contents = dict(connection.execute("SELECT table_name, data_type FROM gpkg_contents"))
        assert contents == {
            "events": "features",
            "areas": "features",
            "places": "features",
            "reports": "attributes",
            "layer_styles": "attributes",
        }
        count = "SELECT (SELECT count(*) FROM events), (SELECT count(*) FROM reports), (SELECT n_events FROM places)"
        assert connection.execute(count).fetchone() == (5, 6, 4)
        assert [r[0] for r in connection.execute("SELECT event_id FROM areas ORDER BY fid")] == [
            row["event_id"] for row in rows if row["location_level"] in ("near", "adm1", "part")
        ]
        styles = connection.execute(
            "SELECT f_table_name, f_geometry_column, useAsDefault, styleQML FROM layer_styles"
        ).fetchall()
        geometry = dict(connection.execute("SELECT table_name, column_name FROM gpkg_geometry_columns"))
        assert [(name, default) for name, _, default, _ in styles] == [("events", 1), ("areas", 1)]
        for name, column, _, qml in styles:
            assert column == geometry[name]
            root = ElementTree.fromstring(qml)
            time = root.find("temporal")
            assert time is not None
            assert (time.get("enabled"), time.get("startField"), time.get("endField")) == (
                "1",
                "date_start",
                "date_end",
            )
            shown = [category.get("value") for category in root.iter("category")]
            assert shown == [*TYPE_COLOURS, ""]
    finally:
        connection.close()


def test_colours_are_those_of_the_page() -> None:
    from maps.style import TYPE_STYLES

    assert {style.event_type: style.colour for style in TYPE_STYLES} == TYPE_COLOURS


def test_geopandas_reads_what_was_written(rows: list[Row], tmp_path: Path) -> None:
    geopandas = pytest.importorskip("geopandas")
    pytest.importorskip("pyarrow")
    located = [row for row in rows if row["longitude"] is not None]
    for name in ("e.gpkg", "e.fgb", "e.geojson", "e.parquet"):
        written(tmp_path / name, rows)
        if name.endswith(".parquet"):
            frame = geopandas.read_parquet(tmp_path / name)
        else:
            layer = {"layer": "events"} if name.endswith(".gpkg") else {}
            frame = geopandas.read_file(tmp_path / name, **layer)
        assert frame.crs.name.startswith("WGS 84")  # GeoParquet says OGC:CRS84
        assert len(frame) == (len(located) if name == "e.fgb" else len(rows))
        points = sorted((p.x, p.y) for p in frame.geometry if p is not None)
        assert points == sorted((row["longitude"], row["latitude"]) for row in located)
        assert set(frame.columns) - {"id"} == {*(column.name for column in COLUMNS), "geometry"}


def test_flatgeobuf_says_what_it_cannot_hold(rows: list[Row], tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    assert written(tmp_path / "e.fgb", rows) == [
        "1 events without a point were left out: FlatGeobuf has no rows without geometry"
    ]


def test_a_shapefile_comes_with_a_warning_and_has_short_names_once(rows: list[Row], tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    pyogrio = pytest.importorskip("pyogrio")
    (warning, *_) = written(tmp_path / "e.shp", rows)
    assert "GeoPackage" in warning
    assert sorted(p.suffix for p in tmp_path.iterdir()) == [".cpg", ".dbf", ".prj", ".shp", ".shx"]
    fields = list(pyogrio.read_info(tmp_path / "e.shp")["fields"])
    assert len(fields) == len(set(fields)) == len(COLUMNS)
    assert {"killed_low", "killed_hi", "loc_level"} <= set(fields)
    assert max(map(len, fields)) <= 10


# --- the nested form -------------------------------------------------------------------------------------------------


def test_the_schema_file_is_up_to_date() -> None:
    import geo

    path = Path(geo.__path__[0]) / "data" / "event.schema.json"
    assert path.read_text(encoding="utf-8") == event_schema_text(), (
        "run: python -m geo.formats.schema > geo/data/event.schema.json"
    )


def test_every_line_of_the_nested_form_fits_the_schema(events: list[Event]) -> None:
    validator = jsonschema.Draft202012Validator(event_schema())
    validator.check_schema(event_schema())
    for line in events_to_jsonl(events, **WITH).splitlines():
        validator.validate(json.loads(line))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("schema",), "conflictmap-event/9"),
        (("sub_event_type",), "Air raid"),
        (("location", "level"), "town"),
        (("location", "lat"), 144.2),
        (("when", "start"), "18 January"),
        (("reports",), "none"),
    ],
)
def test_the_schema_refuses_what_the_reader_would(path: tuple[str, ...], value: object, events: list[Event]) -> None:
    record = json.loads(events_to_jsonl(events[:1], **WITH))
    inner = record
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    assert not jsonschema.Draft202012Validator(event_schema()).is_valid(record)


def test_the_bounds_of_very_many_points_are_those_of_all(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from geo.formats import geojson

    monkeypatch.setattr(geojson, "_MOST_POINTS", 8)
    empty: Row = dict.fromkeys(column.name for column in TABLE_COLUMNS)
    many = [
        empty
        | {"event_id": f"e{n}", "longitude": round(170 + n * 0.37 if n % 2 else -179 + n * 0.11, 5), "latitude": n / 3}
        for n in range(27)
    ]
    written(tmp_path / "e.geojson", many)
    assert (tmp_path / "e.geojson").read_text(encoding="utf-8") == rows_to_geojson(many)
