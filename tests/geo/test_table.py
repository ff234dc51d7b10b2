"""The flat and the nested form of events, there and back."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazetteer.errors import InputError
from gazetteer.place import Place
from geo import table
from geo.event import Claim, Confidence, Event, Evidence, Span, When
from geo.table import COLUMNS, TABLE_COLUMNS

MakeEvent = Callable[..., Event]

WITH: dict[str, Any] = {
    "provenance": "conflictmap 0.1; rules abc123; gazetteer 2026-01",
    "country_names": {"SY": "Syria"},
}

CONTRACT_TEXT = """
    event_id date_start date_end place event_type sub_event_type summary actors targets killed_low killed_high
    wounded_low wounded_high casualty_words country country_name admin1 admin2 pcode place_id location_level radius_km
    geo_precision where_prec time_precision date_prec date_basis date_method status prominence confidence
    confidence_score n_reports n_publishers sources urls published quote article_ids family_id provenance
    unlocated_reason
"""
CONTRACT = CONTRACT_TEXT.split()

HOSTILE = "</script><img src=x onerror=alert(1)> `${x}` al-Fu'ah\u2028\x85\ud800\0"


def row_of(event: Event) -> table.Row:
    return table.event_row(event, **WITH)


# --- columns and rows ---------------------------------------------------------------------------------------------


def test_columns_are_those_of_the_contract_in_its_order() -> None:
    assert [c.name for c in COLUMNS] == CONTRACT


def test_tables_have_longitude_and_latitude_after_place() -> None:
    names = [c.name for c in TABLE_COLUMNS]
    at = names.index("place")
    assert names[at : at + 3] == ["place", "longitude", "latitude"]
    assert names[: at + 1] + names[at + 3 :] == CONTRACT


def test_columns_have_a_known_type_and_a_meaning() -> None:
    assert {c.type for c in TABLE_COLUMNS} == {"text", "integer", "number", "date"}
    assert all(c.meaning for c in TABLE_COLUMNS)


def test_documentation_has_one_line_per_column_and_no_stray_bar() -> None:
    lines = table.columns_markdown().splitlines()
    assert len(lines) == len(COLUMNS) + 2
    assert all(line.count("|") == 5 for line in lines)


def test_a_row_has_every_column_in_order_and_values_of_its_type(make_event: MakeEvent) -> None:
    claims = (Claim("killed", 14, 20, "14 to 20"), Claim("wounded", 3, 3, "three"))
    row = row_of(make_event(claims=claims))
    assert list(row) == [c.name for c in TABLE_COLUMNS]
    python_types = {"text": str, "date": str, "integer": int, "number": float}
    for column in TABLE_COLUMNS:
        assert row[column.name] is None or type(row[column.name]) is python_types[column.type], column


def test_a_located_event_fills_its_place_columns(make_event: MakeEvent) -> None:
    row = row_of(make_event())
    expected = {
        "event_id": "e1f0aa27c9d4",
        "date_start": "2017-01-18",
        "date_end": "2017-01-18",
        "place": "Palmyra",
        "longitude": 38.28402,
        "latitude": 34.56239,
        "event_type": "Explosions/Remote violence",
        "country": "SY",
        "country_name": "Syria",
        "admin1": "Homs Governorate",
        "place_id": "geonames:163476",
        "location_level": "near",
        "radius_km": 5.0,
        "geo_precision": 2,
        "where_prec": 2,
        "time_precision": 1,
        "date_prec": 1,
        "date_basis": "on Wednesday",
        "confidence": "medium",
        "n_reports": 1,
        "unlocated_reason": None,
    }
    assert {name: row[name] for name in expected} == expected


def test_an_unlocated_event_has_no_place_columns_and_says_why(make_event: MakeEvent) -> None:
    row = row_of(make_event(place=None))
    blank = "place longitude latitude country country_name admin1 admin2 pcode place_id location_level radius_km"
    assert all(row[name] is None for name in [*blank.split(), "geo_precision", "where_prec"])
    assert row["unlocated_reason"] == "no place is named in the sentence"


def test_an_undated_event_has_no_date_columns(make_event: MakeEvent) -> None:
    row = row_of(make_event(when=None))
    names = ["date_start", "date_end", "time_precision", "date_prec", "date_basis", "date_method"]
    assert all(row[name] is None for name in names)


def test_admin1_of_a_governorate_is_its_own_name_and_a_country_has_none(make_event: MakeEvent) -> None:
    hama = Place("admin1:SY.10", "Hama", 36.9, 35.2, "A", "ADM1", "SY", admin1="10", radius_km=60)
    syria = Place("country:SY", "Syria", 38.5, 35.0, "A", "PCLI", "SY", radius_km=300)
    assert row_of(make_event(place=hama, level="adm1"))["admin1"] == "Hama"
    country = row_of(make_event(place=syria, level="country"))
    assert country["admin1"] is None
    assert (country["geo_precision"], country["where_prec"]) == (None, 6)


def test_an_unknown_country_code_has_no_name(make_event: MakeEvent) -> None:
    atlantis = Place("curated:x", "X", 1.0, 2.0, "P", "PPL", "XX")
    assert row_of(make_event(place=atlantis))["country_name"] is None


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ([(14, None), (20, 20)], (14, 20)),
        ([(14, None)], (14, None)),
        ([(None, None)], (None, None)),
        ([(3, 5), (9, 9)], (3, 9)),
        ([(20, None), (None, 10)], (10, 20)),
        ([(0, 0)], (0, 0)),
        ([], (None, None)),
    ],
)
def test_killed_is_the_lowest_and_the_highest_number_of_all_claims(
    make_event: MakeEvent, numbers: list[tuple[int | None, int | None]], expected: tuple[int | None, int | None]
) -> None:
    claims = tuple(Claim("killed", low, high, "words") for low, high in numbers)
    row = row_of(make_event(claims=(*claims, Claim("wounded", 99, 99, "99"))))
    assert (row["killed_low"], row["killed_high"]) == expected
    assert (row["wounded_low"], row["wounded_high"]) == (99, 99)


def test_dozens_stays_a_word(make_event: MakeEvent) -> None:
    row = row_of(make_event(claims=(Claim("killed", None, None, "dozens"), Claim("wounded", 3, 3, "three"))))
    assert row["killed_low"] is None
    assert row["casualty_words"] == "dozens; three"


def test_missing_and_displaced_never_count_as_killed(make_event: MakeEvent) -> None:
    row = row_of(make_event(claims=(Claim("missing", 5, 5, "five"), Claim("displaced", 900, 900, "900"))))
    assert all(row[name] is None for name in ("killed_low", "killed_high", "wounded_low", "wounded_high"))


def test_sources_are_sorted_and_urls_and_days_follow_them(make_event: MakeEvent) -> None:
    row = row_of(make_event(publishers=("Zeta Post", None, "Alpha News")))
    assert row["sources"] == "Alpha News; Zeta Post"
    assert row["urls"] == "https://example.org/3; https://example.org/1; https://example.org/2"
    assert row["published"] == "2017-01-21; 2017-01-19; 2017-01-20"
    assert (row["n_reports"], row["n_publishers"]) == (3, 2)
    assert row["article_ids"] == "article-1; article-2; article-3"


def test_publishers_that_are_not_known_are_not_counted(make_event: MakeEvent) -> None:
    row = row_of(make_event(publishers=(None,)))
    assert (row["n_publishers"], row["sources"]) == (None, None)


def test_a_semicolon_in_a_list_item_does_not_make_two(make_event: MakeEvent) -> None:
    row = row_of(make_event(actors=("Army; Navy", "Rebels"), publishers=("A; B",)))
    assert row["actors"] == "Army, Navy; Rebels"
    assert row["sources"] == "A, B"


def with_quote(event: Event, quote: str) -> Event:
    report = event.reports[0]
    evidence = Evidence(report.article_id, 0, len(quote), quote)
    return replace(event, reports=(replace(report, evidence=evidence), *event.reports[1:]))


@given(st.text())
def test_a_quote_stands_on_one_line_and_is_never_above_its_limit(make_event: MakeEvent, quote: str) -> None:
    row = row_of(with_quote(make_event(), quote))
    assert row["quote"] is None or len(str(row["quote"])) <= 300
    assert len(str(row["quote"]).splitlines()) <= 1


def test_a_long_quote_is_cut_between_words(make_event: MakeEvent) -> None:
    quote = str(row_of(with_quote(make_event(), "word " * 100))["quote"])
    assert re.fullmatch("(word )*word…", quote)
    assert 290 < len(quote) <= 300
    assert row_of(with_quote(make_event(), "x" * 300))["quote"] == "x" * 300
    assert row_of(with_quote(make_event(), "x" * 301))["quote"] == "x" * 299 + "…"


# --- GeoJSON ------------------------------------------------------------------------------------------------------


def geojson_of(*events: Event) -> Any:
    return json.loads(table.events_to_geojson(events, **WITH))


def check_rfc_7946(collection: Any) -> None:
    """The structural rules of RFC 7946 that apply to a collection of points."""
    assert collection["type"] == "FeatureCollection"
    assert "crs" not in collection
    positions = []
    for feature in collection["features"]:
        assert set(feature) == {"type", "id", "geometry", "properties"}
        assert feature["type"] == "Feature"
        assert feature["id"] == feature["properties"]["event_id"]
        geometry = feature["geometry"]
        if geometry is not None:
            assert set(geometry) == {"type", "coordinates"}
            assert geometry["type"] == "Point"
            lon, lat = geometry["coordinates"]
            assert -180 <= lon <= 180
            assert -90 <= lat <= 90
            positions.append((lon, lat))
    assert ("bbox" in collection) == bool(positions)
    if positions:
        west, south, east, north = collection["bbox"]
        assert all(south <= lat <= north for _, lat in positions)
        assert all(west <= lon <= east if west <= east else lon >= west or lon <= east for lon, _ in positions)


def test_geojson_is_valid_and_properties_come_in_the_order_of_columns(make_event: MakeEvent) -> None:
    collection = geojson_of(make_event(), make_event("f00d", place=None))
    check_rfc_7946(collection)
    assert [list(f["properties"]) for f in collection["features"]] == [CONTRACT, CONTRACT]
    assert list(collection) == ["type", "bbox", "features"]


def test_positions_are_longitude_then_latitude(make_event: MakeEvent) -> None:
    collection = geojson_of(make_event())
    assert collection["features"][0]["geometry"] == {"type": "Point", "coordinates": [38.28402, 34.56239]}
    assert collection["bbox"] == [38.28402, 34.56239, 38.28402, 34.56239]


def test_coordinates_have_five_decimals(make_event: MakeEvent) -> None:
    geometry = geojson_of(make_event(lon=37.123456789, lat=-0.0000001))["features"][0]["geometry"]
    assert geometry["coordinates"] == [37.12346, 0.0]
    assert "-0.0" not in json.dumps(geometry)


def test_an_unlocated_event_has_a_null_geometry_and_makes_no_bbox(make_event: MakeEvent) -> None:
    collection = geojson_of(make_event(place=None))
    assert collection["features"][0]["geometry"] is None
    assert "bbox" not in collection


def test_no_event_is_an_empty_collection() -> None:
    assert geojson_of() == {"type": "FeatureCollection", "features": []}


def test_zero_zero_is_a_place_like_any_other(make_event: MakeEvent) -> None:
    assert geojson_of(make_event(lon=0.0, lat=0.0))["features"][0]["geometry"]["coordinates"] == [0.0, 0.0]


def test_a_bbox_over_the_antimeridian_has_west_above_east(make_event: MakeEvent) -> None:
    collection = geojson_of(make_event(lon=177.0, lat=-16.0), make_event("f2", lon=-178.0, lat=-20.0))
    check_rfc_7946(collection)
    assert collection["bbox"] == [177.0, -20.0, -178.0, -16.0]


def test_geojson_stands_one_feature_a_line_and_ends_with_a_newline(make_event: MakeEvent) -> None:
    text = table.events_to_geojson([make_event(), make_event("f2")], **WITH)
    features = [line for line in text.splitlines() if line.startswith('{"type": "Feature"')]
    assert len(features) == 2
    assert text.endswith("]\n}\n")
    assert not text.startswith("\ufeff")


def test_same_events_same_bytes(make_event: MakeEvent) -> None:
    events = [make_event(publishers=("B", "A")), make_event("f2")]
    assert table.events_to_geojson(events, **WITH) == table.events_to_geojson(list(events), **WITH)
    assert table.events_to_jsonl(events, **WITH) == table.events_to_jsonl(list(events), **WITH)


def test_a_number_that_is_no_number_is_never_written(make_event: MakeEvent) -> None:
    event = make_event(confidence=Confidence("low", float("nan")))
    with pytest.raises(ValueError, match="not JSON compliant"):
        table.events_to_geojson([event], **WITH)


def test_hostile_text_is_data_in_every_format(make_event: MakeEvent) -> None:
    event = make_event(HOSTILE, summary=HOSTILE, actors=(HOSTILE,), publishers=(HOSTILE,))
    texts = [form([event], **WITH) for form in (table.events_to_geojson, table.events_to_jsonl, table.events_to_csv)]
    for text in texts:
        text.encode("utf-8")
        assert "\0" not in text
        assert "onerror=alert(1)" in text
    check_rfc_7946(json.loads(texts[0]))
    assert len(texts[1].splitlines()) == 1


def test_gdal_reads_the_columns_in_their_types(make_event: MakeEvent, tmp_path: Path) -> None:
    pyogrio = pytest.importorskip("pyogrio")
    claims = (Claim("killed", 14, 20, "14 to 20"), Claim("wounded", 3, 3, "three"))
    path = tmp_path / "events.geojson"
    events = [make_event("17e0310a2b5c", claims=claims, publishers=("A", "B")), make_event("300002310000", place=None)]
    table.write_text(path, table.events_to_geojson(events, **WITH))
    info = pyogrio.read_info(path)
    found = dict(zip(info["fields"], info["ogr_types"], strict=True))
    expected = {"text": "OFTString", "integer": "OFTInteger", "number": "OFTReal", "date": "OFTDate"}
    assert list(info["fields"][-len(CONTRACT) :]) == CONTRACT
    assert {c.name: found[c.name] for c in COLUMNS} == {c.name: expected[c.type] for c in COLUMNS}


# --- reading GeoJSON ----------------------------------------------------------------------------------------------


def test_rows_come_back_from_geojson(make_event: MakeEvent) -> None:
    events = [make_event(), make_event("f2", place=None, when=None)]
    assert table.rows_from_geojson(table.events_to_geojson(events, **WITH)) == [row_of(e) for e in events]


def test_a_subset_of_the_columns_is_read_and_foreign_ones_are_dropped() -> None:
    feature = {
        "type": "Feature",
        "id": 7,
        "geometry": {"type": "Point", "coordinates": [38.0, 34.0, 400.0]},
        "properties": {"place": "Palmyra", "colour": "red", "killed_low": 3.0, "date_start": "2017/01/18", "pcode": 12},
    }
    [row] = table.rows_from_geojson(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    filled = {name: value for name, value in row.items() if value is not None}
    assert filled == {
        "event_id": "7",
        "date_start": "2017-01-18",
        "place": "Palmyra",
        "longitude": 38.0,
        "latitude": 34.0,
        "killed_low": 3,
        "pcode": "12",
    }
    assert list(row) == [c.name for c in TABLE_COLUMNS]


def test_of_an_area_a_point_inside_is_taken() -> None:
    ring = [[10, 0], [14, 0], [14, 1], [11, 1], [11, 4], [10, 4], [10, 0]]
    polygon = {"type": "Polygon", "coordinates": [ring]}
    feature = {"type": "Feature", "geometry": polygon, "properties": None}
    [row] = table.rows_from_geojson(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    from shapely.geometry import shape

    inside = {"type": "Point", "coordinates": [row["longitude"], row["latitude"]]}
    assert shape(polygon).contains(shape(inside))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", r"^x\.geojson:1: not JSON"),
        ("[" * 100_000, r"^x\.geojson: not JSON"),
        ('{"type": "Feature"}', "not a GeoJSON FeatureCollection"),
        ("[]", "not a GeoJSON FeatureCollection"),
        ('{"type": "FeatureCollection", "features": [1]}', r"^x\.geojson: feature 1: not a GeoJSON Feature"),
    ],
)
def test_what_is_no_collection_is_named(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        table.rows_from_geojson(text, source="x.geojson")


@pytest.mark.parametrize(
    ("feature", "message"),
    [
        ({"geometry": {"type": "Point", "coordinates": [36.2, 144.0]}}, "latitude 144.0 is outside .*swapped"),
        ({"geometry": {"type": "Point", "coordinates": [200, 1]}}, "longitude 200 is outside"),
        ({"geometry": {"type": "Point", "coordinates": ["a", 1]}}, "are not numbers"),
        ({"geometry": {"type": "Point", "coordinates": [1]}}, "no position"),
        ({"geometry": {"type": "Point"}}, "no position"),
        ({"geometry": {"type": "Blob", "coordinates": [1, 2]}}, "geometry cannot be read"),
        ({"geometry": {"type": "Polygon", "coordinates": [[1, 2]]}}, "geometry cannot be read"),
        ({"geometry": 5}, "geometry is no object"),
        ({"geometry": None, "properties": {"killed_low": "many"}}, "killed_low 'many' is no integer"),
        ({"geometry": None, "properties": {"killed_low": 2.5}}, "killed_low 2.5 is no integer"),
        ({"geometry": None, "properties": {"killed_low": True}}, "killed_low True is no integer"),
        ({"geometry": None, "properties": {"date_start": "soon"}}, "date_start 'soon' is no date"),
        ({"geometry": None, "properties": {"place": ["x"]}}, "place .* is no text"),
        ({"geometry": None, "properties": []}, None),
        ({"geometry": None, "properties": [1]}, "properties are not an object"),
    ],
)
def test_a_wrong_value_is_named_with_its_feature(feature: dict[str, Any], message: str | None) -> None:
    text = json.dumps({"type": "FeatureCollection", "features": [{"type": "Feature"} | feature]})
    if message is None:
        assert len(table.rows_from_geojson(text)) == 1
        return
    with pytest.raises(InputError, match=f"^x: feature 1: .*{message}"):
        table.rows_from_geojson(text, source="x")


ROWS = st.fixed_dictionaries(
    {"event_id": st.text(min_size=1)},
    optional={
        "place": st.text(min_size=1),
        "summary": st.text(min_size=1),
        "date_start": st.dates().map(date.isoformat),
        "killed_low": st.integers(0, 10**6),
        "radius_km": st.floats(0.1, 20_000, allow_nan=False),
        "point": st.tuples(st.floats(-180, 180), st.floats(-90, 90)),
    },
)


@given(st.lists(ROWS, max_size=4))
def test_rows_frames_and_geojson_hold_the_same(drawn: list[dict[str, Any]]) -> None:
    features = []
    for values in drawn:
        point = values.pop("point", None)
        geometry = None if point is None else {"type": "Point", "coordinates": list(point)}
        features.append({"type": "Feature", "geometry": geometry, "properties": values})
    rows = table.rows_from_geojson(json.dumps({"type": "FeatureCollection", "features": features}))
    text = table.rows_to_geojson(rows)
    text.encode("utf-8")
    assert table.rows_from_geojson(text) == rows
    frame = table.gdf_from_rows(rows)
    assert table.rows_from_gdf(frame) == rows
    assert table.gdf_to_geojson(frame) == text


# --- frames -------------------------------------------------------------------------------------------------------


def test_events_frame_geojson_rows_are_equal(make_event: MakeEvent) -> None:
    claims = (Claim("killed", 14, None, "at least 14"),)
    events = [make_event(claims=claims), make_event("f2", place=None, when=None)]
    frame = table.events_to_gdf(events, **WITH)
    rows = table.rows_from_geojson(table.gdf_to_geojson(frame))
    assert rows == [row_of(e) for e in events]
    assert table.gdf_to_geojson(frame) == table.events_to_geojson(events, **WITH)


@pytest.mark.parametrize("count", [0, 1, 2])
def test_a_frame_has_one_dtype_per_column_whatever_is_missing(make_event: MakeEvent, count: int) -> None:
    events = [make_event(), make_event("f2", place=None, when=None)][:count]
    frame = table.events_to_gdf(events, **WITH)
    dtypes = {"text": "string", "integer": "Int64", "number": "float64", "date": "datetime64[ms]"}
    assert list(frame.columns) == [*CONTRACT, "geometry"]
    assert {c.name: str(frame[c.name].dtype) for c in COLUMNS} == {c.name: dtypes[c.type] for c in COLUMNS}
    assert frame.crs.to_epsg() == 4326
    assert len(frame) == count


def test_a_frame_in_another_system_is_converted(make_event: MakeEvent) -> None:
    frame = table.events_to_gdf([make_event()], **WITH).to_crs(3857)
    [row] = table.rows_from_gdf(frame)
    assert (row["longitude"], row["latitude"]) == (38.28402, 34.56239)


def test_a_frame_with_a_wrong_value_is_refused(make_event: MakeEvent) -> None:
    frame = table.events_to_gdf([make_event()], **WITH)
    frame["killed_low"] = ["many"]
    with pytest.raises(InputError, match="row 0 of the frame: killed_low 'many' is no integer"):
        table.rows_from_gdf(frame)


def test_a_frame_of_geojson_survives_a_geopackage(make_event: MakeEvent, tmp_path: Path) -> None:
    geopandas = pytest.importorskip("geopandas")
    events = [make_event(claims=(Claim("killed", 1, 2, "1 to 2"),)), make_event("f2", place=None, when=None)]
    frame = table.gdf_from_geojson(table.events_to_geojson(events, **WITH))
    frame.to_file(tmp_path / "events.gpkg")
    assert table.rows_from_gdf(geopandas.read_file(tmp_path / "events.gpkg")) == [row_of(e) for e in events]


# --- CSV ----------------------------------------------------------------------------------------------------------


def csv_of(*events: Event) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(table.events_to_csv(events, **WITH), newline="")))


def test_csv_has_the_columns_of_a_table_and_blanks_for_the_unknown(make_event: MakeEvent) -> None:
    [first, second] = csv_of(make_event(), make_event("f2", place=None))
    assert list(first) == [c.name for c in TABLE_COLUMNS]
    assert (first["longitude"], first["latitude"]) == ("38.28402", "34.56239")
    assert (second["longitude"], second["latitude"], second["place"]) == ("", "", "")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "＝", "＋", "－", "＠"])
def test_a_cell_that_a_spreadsheet_would_run_is_text(make_event: MakeEvent, start: str) -> None:
    formula = f'{start}HYPERLINK("http://example.org","x")'
    [row] = csv_of(make_event(formula, summary=formula, actors=(formula,), publishers=(formula,)))
    for name in ("event_id", "summary", "actors", "sources"):
        assert row[name] == f"'{formula}"


@pytest.mark.parametrize("start", ["\t", "\r", "\n"])
def test_control_characters_do_not_hide_a_formula(make_event: MakeEvent, start: str) -> None:
    [row] = csv_of(make_event(f"{start}=1+1", summary=f"{start}=1+1"))
    assert row["event_id"].startswith("'")
    assert row["summary"] == "'=1+1"


def test_negative_coordinates_stay_numbers(make_event: MakeEvent) -> None:
    [row] = csv_of(make_event(lon=-58.4, lat=-34.6))
    assert (row["longitude"], row["latitude"]) == ("-58.4", "-34.6")


@given(st.text())
def test_no_csv_cell_of_text_begins_like_a_formula(make_event: MakeEvent, text: str) -> None:
    [row] = csv_of(make_event(text or "x", summary=text, actors=(text,)))
    assert not any(row[name].startswith(("=", "+", "-", "@", "\t", "\r")) for name in ("event_id", "summary", "actors"))


# --- the nested form ----------------------------------------------------------------------------------------------


def full_event(make_event: MakeEvent) -> Event:
    evidence = Evidence("article-1", 5, 9, "four", (Span("number", 5, 9),))
    claims = (Claim("killed", 4, None, "at least four", "the ministry", evidence), Claim("missing", None, None, "some"))
    return make_event(claims=claims, publishers=("A", None), status="contested", prominence="background")


def test_events_come_back_equal_from_the_nested_form(make_event: MakeEvent) -> None:
    events = [full_event(make_event), make_event("f2", place=None, when=None)]
    lines = table.events_to_jsonl(events, **WITH).splitlines()
    assert table.events_from_jsonl(lines) == events


def test_the_nested_form_keeps_its_provenance(make_event: MakeEvent) -> None:
    lines = table.events_to_jsonl([make_event()], **WITH).splitlines()
    assert list(table.records_from_jsonl(lines)) == [(make_event(), WITH["provenance"])]


def test_the_nested_form_names_its_schema_first_and_holds_everything(make_event: MakeEvent) -> None:
    [line] = table.events_to_jsonl([full_event(make_event)], **WITH).splitlines()
    record = json.loads(line)
    assert next(iter(record)) == "schema"
    assert record["schema"] == "conflictmap-event/1"
    assert record["event_type"] == record["reports"][0]["event_type"] == "Explosions/Remote violence"
    assert record["country_name"] == "Syria"
    assert record["location"]["rivals"][0]["place"]["country"] == "US"
    assert record["location"]["reasons"][0]["code"] == "population"
    assert record["reports"][0]["evidence"]["spans"][0] == {"kind": "trigger", "start": 105, "end": 111}
    assert record["casualties"][0]["evidence"]["quote"] == "four"
    assert record["when"] == {
        "start": "2017-01-18",
        "end": "2017-01-18",
        "basis": "on Wednesday",
        "method": "relative_to_publication",
    }


@given(
    st.text(st.characters(exclude_categories=[])),
    st.tuples(st.floats(-180, 180), st.floats(-90, 90)),
    st.dates(),
    st.one_of(st.none(), st.integers(0)),
)
def test_any_text_point_and_day_survive_the_nested_form(
    make_event: MakeEvent, text: str, point: tuple[float, float], day: date, number: int | None
) -> None:
    event = make_event(
        summary=text,
        actors=(text, text),
        lon=point[0],
        lat=point[1],
        when=When(day, day, text, "stated"),
        claims=(Claim("killed", number, None, text),),
        publishers=(text,),
    )
    written = table.events_to_jsonl([event], **WITH)
    written.encode("utf-8")
    assert table.events_from_jsonl(written.splitlines()) == [event]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda r: r.update(schema="conflictmap-event/9"), "schema 'conflictmap-event/9' is not"),
        (lambda r: r.pop("summary"), "event lacks a field .*summary"),
        (lambda r: r.update(summary=3), "event.summary 3 is no str"),
        (lambda r: r.update(actors="Jets"), "event.actors is no list"),
        (lambda r: r.update(actors=[1]), r"event.actors\[0\] 1 is no str"),
        (lambda r: r.update(reports=[]), "has no report"),
        (lambda r: r.update(location=3), "event.location is no object"),
        (lambda r: r["location"].update(lat=91), "latitude 91.0 is outside"),
        (lambda r: r["location"].update(lat=True), "event.location.lat True is no float"),
        (lambda r: r["location"].update(level="street"), "location level 'street' is none of"),
        (lambda r: r["when"].update(start="soon"), "event.when.start 'soon' is no day"),
        (lambda r: r["when"].update(start="2018-01-01"), "ends .* before it starts"),
        (lambda r: r.update(sub_event_type="Party"), "'Party' is not in the codebook"),
    ],
)
def test_a_line_that_is_no_event_is_named_with_its_path(
    make_event: MakeEvent, change: Callable[[dict[str, Any]], object], message: str
) -> None:
    good = table.events_to_jsonl([make_event()], **WITH)
    record = json.loads(good)
    change(record)
    with pytest.raises(InputError, match=f"^events.jsonl:3: .*{message}"):
        table.events_from_jsonl([good, "\n", json.dumps(record)], source="events.jsonl")


@pytest.mark.parametrize("line", ["{", "[" * 100_000, "[]", "null", '{"id": "a", "text": "an article"}'])
def test_a_line_of_something_else_is_named(line: str) -> None:
    with pytest.raises(InputError, match=r"^events:1: "):
        table.events_from_jsonl([line])


def test_fields_of_later_versions_are_passed_over(make_event: MakeEvent) -> None:
    record = json.loads(table.events_to_jsonl([make_event()], **WITH))
    record["mood"] = "grim"
    record["location"]["altitude"] = 5
    assert table.events_from_jsonl([json.dumps(record)]) == [make_event()]


# --- files --------------------------------------------------------------------------------------------------------


def test_a_file_is_replaced_whole_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "events.geojson"
    table.write_text(path, "old")
    table.write_text(path, "naïve\r\n\n")
    assert path.read_bytes() == "naïve\r\n\n".encode()
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_is_written_through(tmp_path: Path) -> None:
    target, link = tmp_path / "target.txt", tmp_path / "link.txt"
    link.symlink_to(target)
    table.write_text(link, "text")
    assert link.is_symlink()
    assert target.read_text() == "text"


def test_a_device_is_written_to_and_not_replaced() -> None:
    if not Path(os.devnull).is_char_device():
        pytest.skip("no null device here")
    table.write_text(os.devnull, "text")
    assert Path(os.devnull).is_char_device()


def test_a_full_disk_is_named() -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no full device here")
    with pytest.raises(InputError, match=r"^/dev/full: cannot be written \(No space left on device\)"):
        table.write_text("/dev/full", "text")


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"out\.csv: there is no folder .*none.*; make it"):
        table.write_text(tmp_path / "none" / "out.csv", "x")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is a folder; give the name of a file"):
        table.write_text(tmp_path, "x")


def test_a_protected_folder_is_named_and_keeps_its_file(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    path = tmp_path / "out.csv"
    path.write_text("old")
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(InputError, match="cannot be written"):
            table.write_text(path, "new")
    finally:
        tmp_path.chmod(0o700)
    assert path.read_text() == "old"


def test_importing_the_table_imports_no_frames() -> None:
    code = (
        "import sys, geo.table; sys.exit(any(m in sys.modules for m in ('pandas', 'geopandas', 'shapely', 'folium')))"
    )
    root = Path(__file__).resolve().parents[2]
    subprocess.run([sys.executable, "-c", code], cwd=root, check=True)
