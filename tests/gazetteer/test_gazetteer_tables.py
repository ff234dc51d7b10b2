from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from gazetteer import InputError, SourcePlace, great_circle_km
from gazetteer.place import LonLat
from gazetteer.tables import describe, read_table

SHARED = Path(__file__).resolve().parents[2] / "../shared/data/boundaries"


def table(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def read(path: Path, country: str | None = None) -> list[SourcePlace]:
    return list(read_table(path, scheme="mine", country=country))


def feature(geometry: Any, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def collection(path: Path, *features: Any, **more: Any) -> Path:
    whole = {"type": "FeatureCollection", "features": list(features), **more}
    return table(path, json.dumps(whole, ensure_ascii=False))


def square(west: float, south: float, side: float) -> dict[str, Any]:
    east, north = west + side, south + side
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def point(lon: float, lat: float) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [lon, lat]}


# Own lists ------------------------------------------------------------------------------------------------------------


def test_a_list_of_places_is_read(tmp_path: Path) -> None:
    path = table(
        tmp_path / "places.csv",
        "name,lat,lon,alternates,name_ar,feature_code,population,radius_km\nKafr Nūn,36.1,37.2,Kafr Noon|Nun,كفر نون,PPLX,1200,2.5\n",
    )
    (record,) = read(path, country="SY")
    place = record.place
    assert (place.id, place.name, place.lon, place.lat) == ("mine:kafr-nun", "Kafr Nūn", 37.2, 36.1)
    assert (place.feature_class, place.feature_code, place.country) == ("P", "PPLX", "SY")
    assert (place.population, place.radius_km, place.native_name) == (1200, 2.5, "كفر نون")
    assert set(record.alternates) == {"Kafr Noon", "Nun", "كفر نون"}


@pytest.mark.parametrize(
    "text",
    [
        "Name;Latitude;Longitude\nKafr;36.1;37.2\n",
        "Place name\tY\tX\nKafr\t36.1\t37.2\n",
        "\ufefflon,lat,name\n37.2,36.1,Kafr\n",
        'name,lat,lon\n"Kafr",36.1,37.2\n\n',
        "name,lat,lon\n#loc+name,#geo+lat,#geo+lon\nKafr,36.1,37.2\n",
    ],
)
def test_separators_headers_and_tags_of_many_kinds_are_read(text: str, tmp_path: Path) -> None:
    (record,) = read(table(tmp_path / "places.csv", text))
    assert (record.place.name, record.place.lon, record.place.lat) == ("Kafr", 37.2, 36.1)


def test_a_table_may_be_packed(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "places.zip", "w") as archive:
        archive.writestr("places.csv", "name,lat,lon\nKafr,36.1,37.2\n")
    assert [record.place.name for record in read(tmp_path / "places.zip")] == ["Kafr"]


def test_places_of_one_name_get_ids_of_their_own(tmp_path: Path) -> None:
    path = table(tmp_path / "places.csv", "name,lat,lon\nKafr,36.1,37.2\nKafr,35.1,37.2\n")
    assert [record.place.id for record in read(path)] == ["mine:kafr", "mine:kafr-2"]


def test_ids_of_a_table_begin_with_its_layer_and_geonames_numbers_stay(tmp_path: Path) -> None:
    path = table(tmp_path / "places.csv", "id,geonameid,name,lat,lon\n7,,Kafr,36.1,37.2\n8,170654,Damascus,33.5,36.3\n")
    assert [record.place.id for record in read(path)] == ["mine:7", "geonames:170654"]


def test_one_id_twice_is_refused(tmp_path: Path) -> None:
    path = table(tmp_path / "places.csv", "id,name,lat,lon\n7,Kafr,36.1,37.2\n7,Nun,33.5,36.3\n")
    with pytest.raises(InputError, match=r"places\.csv:3: a second row has the id 'mine:7'"):
        read(path)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("name,lon\nKafr,37.2\n", "places.csv:2: no column 'lat'"),
        ("lat,lon\n36.1,37.2\n", "places.csv:2: no column of names among: lat, lon"),
        (
            "name,lat,lon\nKafr,137.2,36.1\n",
            "places.csv:2: latitude 137.2 is outside -90..90 (are the columns swapped?)",
        ),
        ('name,lat,lon\nKafr,"36,1","37,2"\n', "places.csv:2: longitude '37,2' is no number"),
        ("name,lat,lon\nKafr,nan,37.2\n", "places.csv:2: latitude nan is outside"),
        ("name,lat,lon\nKafr,,\n", "places.csv:2: the position is empty"),
        ("name,lat,lon\n,36.1,37.2\n", "places.csv:2: the name is empty"),
        ("name,lat,lon\nKafr,36.1\n", "places.csv:2: 2 cells, the header has 3"),
        ("name,lat,lon,country\nKafr,36.1,37.2,Syria\n", "places.csv:2: country 'SYRIA' is no ISO 3166 alpha-2 code"),
        ("name,lat,lon,population\nKafr,36.1,37.2,many\n", "places.csv:2: population 'many' is no number"),
        ("name,lat,lon,radius_km\nKafr,36.1,37.2,-3\n", "places.csv:2: radius -3 is not above 0"),
        ("name,lat,lon,feature_code\nKafr,36.1,37.2,AIRB\n", "places.csv:2: feature class ''"),
        ("name\nKafr\n", "places.csv:1: no header"),
        ("", "places.csv:1: no header"),
    ],
)
def test_a_table_that_cannot_be_used_is_one_line(text: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read(table(tmp_path / "places.csv", text))
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_table_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "places.csv"
    path.write_bytes("name,lat,lon\nكفر,36.1,37.2\n".encode("cp1256"))
    with pytest.raises(InputError, match=r"places\.csv:2: not UTF-8"):
        read(path)


# GeoJSON --------------------------------------------------------------------------------------------------------------


def test_points_are_towns_and_areas_have_a_point_inside_and_a_radius(tmp_path: Path) -> None:
    path = collection(
        tmp_path / "p.geojson", feature(point(37.2, 36.1), name="Kafr"), feature(square(37, 36, 0.2), name="Sahl")
    )
    town, area = (record.place for record in read(path))
    assert (town.feature_class, town.feature_code, town.radius_km) == ("P", "PPL", None)
    assert (area.feature_class, area.feature_code) == ("L", "RGN")
    assert 37 < area.lon < 37.2
    assert area.radius_km == pytest.approx(11.3, abs=0.1)  # of the circle with its 401 km²


def test_a_line_keeps_its_points(tmp_path: Path) -> None:
    line = {"type": "LineString", "coordinates": [[37, 36], [38, 36.5], [39, 36]]}
    (record,) = read(
        collection(tmp_path / "p.geojson", feature(line, name="Nahr", feature_class="H", feature_code="STM"))
    )
    assert [p.lon for p in record.points] == [37, 38, 39]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{"type": "FeatureCollection",\n"features": [}', "p.geojson:2: this is no JSON"),
        ('{"type": "Point"}', "no GeoJSON FeatureCollection"),
        ("[1, 2]", "no GeoJSON FeatureCollection"),
        (
            '{"features": [{"properties": {"name": "K"}, "geometry": null}]}',
            "feature 1: no column 'lat' nor a geometry",
        ),
        (
            '{"features": [{"properties": {"name": "K"}, "geometry": {"type": "Blob"}}]}',
            "feature 1: the geometry cannot",
        ),
        (
            '{"features": [{"properties": {"name": "K"}, "geometry": {"type": "Point", "coordinates": [36, 137]}}]}',
            "feature 1: latitude 137",
        ),
        (
            '{"features": [{"properties": {"name": "K"}, "geometry": {"type": "Point", "coordinates": [NaN, 1]}}]}',
            "NaN",
        ),
        ('{"features": [7]}', "feature 1: no GeoJSON feature"),
        ('{"features": [], "crs": {"properties": {"name": "EPSG:32637"}}}', "EPSG:32637"),
    ],
)
def test_geojson_that_cannot_be_used_is_one_line(text: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read(table(tmp_path / "p.geojson", text))
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


# P-codes --------------------------------------------------------------------------------------------------------------

LAYOUTS = {
    "admin2Name_en,admin2Name_ar,admin2Pcode,admin1Name_en,admin1Pcode,admin0Pcode,lat,lon": "{en},{ar},{code},{up},{upcode},SY,{lat},{lon}",
    "ADM2_EN,ADM2_AR,ADM2_PCODE,ADM1_EN,ADM1_PCODE,ADM0_PCODE,Latitude,Longitude": "{en},{ar},{code},{up},{upcode},SY,{lat},{lon}",
    "adm2_name,adm2_name1,adm2_pcode,adm1_name,adm1_pcode,adm0_pcode,center_lat,center_lon": "{en},{ar},{code},{up},{upcode},SY,{lat},{lon}",
    "NAME_EN,NAME_AR,PCODE,ADM1_EN,ADM1_PCODE,ADM0_PCODE,POINT_Y,POINT_X": "{en},{ar},{code},{up},{upcode},SY,{lat},{lon}",
}


@pytest.mark.parametrize("header", LAYOUTS)
def test_the_layouts_of_districts_are_one(header: str, tmp_path: Path) -> None:
    row = LAYOUTS[header].format(en="Al Bab", ar="الباب", code="SY0202", up="Aleppo", upcode="SY02", lat=36.4, lon=37.5)
    (record,) = read(table(tmp_path / "adm2.csv", f"{header}\n{row}\n"))
    place = record.place
    assert (place.id, place.pcode, place.name, place.native_name) == ("pcode:SY0202", "SY0202", "Al Bab", "الباب")
    assert (place.feature_class, place.feature_code, place.country) == ("A", "ADM2", "SY")
    assert (place.admin1, place.admin1_name) == ("SY02", "Aleppo")


PPLP = "admin4Name_en,admin4Name_ar,admin4Pcode,admin3Pcode,admin2Name_en,admin2Pcode,admin1Name_en,admin1Pcode,admin0Pcode,lat,lon\n"


@pytest.mark.parametrize("code", ["C1007", "1007", "SY020000C1007", "c1007"])
def test_populated_places_take_the_short_form_of_their_code(code: str, tmp_path: Path) -> None:
    row = f"Aleppo,حلب,{code},SY020000,Jebel Saman,SY0200,Aleppo,SY02,SY,36.2,37.16\n"
    (record,) = read(table(tmp_path / "pplp.csv", PPLP + row))
    place = record.place
    assert (place.pcode, place.feature_code, place.admin1, place.admin2) == ("C1007", "PPL", "SY02", "Jebel Saman")


def test_a_list_of_places_may_say_their_division_by_its_code(tmp_path: Path) -> None:
    path = table(tmp_path / "places.csv", "name,adm1_pcode,lat,lon\nKafr,SY02,36.1,37.2\n")
    (record,) = read(path, country="SY")
    assert (record.place.feature_code, record.place.admin1, record.place.pcode) == ("PPL", "SY02", None)


def districts(*codes: str) -> str:
    header = "ADM2_EN,ADM2_PCODE,ADM1_PCODE,ADM0_PCODE,lat,lon\n"
    return header + "".join(f"District {n},{code},SY02,SY,36.{n},37\n" for n, code in enumerate(codes, start=1))


@pytest.mark.parametrize(
    ("codes", "line", "says"),
    [
        (["SY0200", "201"], 3, "'201' in column adm2pcode was read as a number"),
        (["200.0"], 2, "'200.0' in column adm2pcode was read as a number"),
        (["2.01E+05"], 2, "was read as a number"),
        (["SY0200", "SY201", "SY0202"], 3, "'SY201' has 3 digits, others of level 2 have 4; a leading zero was lost"),
        (["SY200", "SY201", "SY1001"], 2, "'SY200' has 3 digits, others of level 2 have 4; a leading zero was lost"),
        (["SY0200", ""], 3, "the P-code of a division is empty"),
        (["SY0200", "SY 02 01"], 3, "'SY 02 01' in column adm2pcode is not like"),
        (["SY0200", "SY0200"], 3, "a second row has the id 'pcode:SY0200'"),
    ],
)
def test_a_code_that_went_through_a_number_is_refused(codes: list[str], line: int, says: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read(table(tmp_path / "adm2.csv", districts(*codes)))
    assert f"adm2.csv:{line}: " in str(caught.value)
    assert says in str(caught.value)


def test_the_one_code_with_a_digit_too_many_is_named(tmp_path: Path) -> None:
    codes = [f"SY02{n:02}" for n in range(14)]
    with pytest.raises(InputError, match=r"adm2\.csv:9: P-code 'SY02007' has 5 digits, others of level 2 have 4"):
        read(table(tmp_path / "adm2.csv", districts(*codes[:7], "SY02007", *codes[8:])))


def test_the_code_of_a_parent_is_checked_too(tmp_path: Path) -> None:
    text = "ADM2_EN,ADM2_PCODE,ADM1_PCODE,ADM0_PCODE,lat,lon\nBab,SY0202,2,SY,36.1,37\n"
    with pytest.raises(InputError, match="'2' in column adm1pcode was read as a number"):
        read(table(tmp_path / "adm2.csv", text))


def test_a_number_in_geojson_is_no_code(tmp_path: Path) -> None:
    path = collection(
        tmp_path / "a.geojson", feature(square(37, 36, 1), ADM1_EN="Aleppo", ADM1_PCODE=2, ADM0_PCODE="SY")
    )
    with pytest.raises(InputError, match=r"a\.geojson: feature 1: P-code '2' .* export the column as text"):
        read(path)


def test_neighbourhoods_and_areas_below_the_third_level_keep_what_they_are(tmp_path: Path) -> None:
    more = {"ADM4_PCODE": "C1", "ADM0_PCODE": "SY", "ADM3_PCODE": "SY020000"}
    quarter = collection(tmp_path / "n.geojson", feature(point(37, 36), ADM5_EN="Q", ADM5_PCODE="N0160", **more))
    union = collection(tmp_path / "u.geojson", feature(square(37, 36, 0.1), ADM4_EN="U", **more))
    assert [read(path)[0].place.feature_code for path in (quarter, union)] == ["PPLX", "ADM4"]


def test_a_table_says_what_it_is_and_how_old(tmp_path: Path) -> None:
    coded = describe(
        table(tmp_path / "a.csv", "ADM1_EN,ADM1_PCODE,ADM0_PCODE,validOn,lat,lon\nA,SY02,SY,2020-06-01,36,37\n")
    )
    assert (coded.source, coded.date) == ("P-codes (COD-AB)", "2020-06-01")
    own = describe(table(tmp_path / "b.csv", "name,lat,lon\nA,36,37\n"))
    assert (own.source, own.date, own.licence) == ("own table", None, "not stated")


@pytest.mark.skipif(not SHARED.is_dir(), reason="the outlines of ../shared are not there")
def test_the_true_governorates_of_syria_are_read() -> None:
    places = {record.place.pcode: record.place for record in read(SHARED / "ocha_syr_admin1.geojson")}
    assert sorted(filter(None, places)) == [f"SY{n:02}" for n in range(1, 15)]
    aleppo = places["SY02"]
    assert (aleppo.name, aleppo.native_name, aleppo.feature_code, aleppo.country) == ("Aleppo", "حلب", "ADM1", "SY")
    assert great_circle_km(aleppo.point, LonLat(lon=37.4, lat=36.2)) < 30
    assert aleppo.radius_km == pytest.approx(80, abs=5)
