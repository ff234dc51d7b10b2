"""The hand-curated table of places keeps its shape: every row can be read, placed and checked."""

from __future__ import annotations

import csv
import json
import math
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from gazetteer.names import fold_name, strip_article
from gazetteer.place import FEATURE_CLASSES, LonLat, great_circle_km

TABLE = Path(__file__).resolve().parents[2] / "gazetteer" / "data" / "curated.tsv"
GOVERNORATES = Path(__file__).resolve().parents[2] / "../shared/data/boundaries/ocha_syr_admin1.geojson"

COLUMNS = [
    "id", "name", "variants", "native", "feature_class", "feature_code", "country", "admin1", "admin2", "lon", "lat",
    "radius_km", "points", "source",
]  # fmt: skip

#: GeoNames codes in use, by class; a new one goes here after a look at geonames.org/export/codes.html.
CODES = {
    "H": "LK LKN RSV STM",
    "L": "GASF INDS LCTY MILB NVB OILF PRT RGN",
    "P": "PPL PPLA PPLA2 PPLA3 PPLX",
    "R": "RD",
    "S": "AIRB AIRF AIRP BDG CMPRF CSTL DAM FCL HSP MN OILR PMPO PMPW PRN PS PSTB PSTP"
    " RUIN SCHM SHRN SQR STDM TMB UNIV",
    "T": "CAPE DSRT HLL HLLS ISL LAVA MT MTS PLN VAL",
}

#: Syria and its surroundings, where every point must lie: west, south, east, north in degrees.
REGION = (35.0, 31.5, 43.0, 38.0)

#: P-code of OCHA to the GeoNames admin1 code of the same governorate.
ADMIN1_BY_PCODE = {
    "SY01": "13", "SY02": "09", "SY03": "08", "SY04": "11", "SY05": "10", "SY06": "02", "SY07": "12",
    "SY08": "01", "SY09": "07", "SY10": "14", "SY11": "04", "SY12": "06", "SY13": "05", "SY14": "03",
}  # fmt: skip

#: Places that the press and Natural Earth put in Homs, OCHA's polygons in Rif Dimashq.
CONTESTED_GOVERNORATE = {"al-tanf", "rukban"}

#: Crossings, ports and border towns lie on the drawn line; the line itself is good to about this distance.
BOUNDARY_SLACK_DEGREES = 0.008

SPREAD_OUT = {"STM", "RD"}

Row = dict[str, str]


def read_table() -> list[Row]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


ROWS = read_table()


def fold(name: str) -> str:
    """The name as the gazetteer looks it up, without a leading article."""
    return strip_article(fold_name(name))


def names(row: Row) -> list[str]:
    return [row["name"], *split(row["variants"])]


def split(cell: str) -> list[str]:
    return cell.split("|") if cell else []


def point(row: Row) -> LonLat:
    return LonLat(lon=float(row["lon"]), lat=float(row["lat"]))


def points(row: Row) -> list[LonLat]:
    pairs = [pair.split(" ") for pair in row["points"].split(";")] if row["points"] else []
    return [LonLat(lon=float(lon), lat=float(lat)) for lon, lat in pairs]


def bad(claim: dict[str, bool]) -> list[str]:
    """The ids for which the claim is false, so that a failure names them."""
    return [row_id for row_id, holds in claim.items() if not holds]


def test_the_header_names_the_columns() -> None:
    assert TABLE.read_text(encoding="utf-8").split("\n", 1)[0].split("\t") == COLUMNS


def test_every_line_has_all_columns_and_no_stray_spaces() -> None:
    lines = TABLE.read_text(encoding="utf-8").removesuffix("\n").split("\n")
    wrong = [
        number
        for number, line in enumerate(lines, 1)
        if line.count("\t") != len(COLUMNS) - 1 or any(cell != cell.strip() for cell in line.split("\t"))
    ]
    assert wrong == []


def test_the_table_is_large_enough_to_be_worth_having() -> None:
    assert len(ROWS) >= 150


def test_ids_are_unique_sorted_slugs() -> None:
    ids = [row["id"] for row in ROWS]
    assert ids == sorted(set(ids))
    assert [i for i in ids if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", i)] == []


def test_every_point_lies_in_the_region() -> None:
    west, south, east, north = REGION
    inside = {
        row["id"]: all(west <= p.lon <= east and south <= p.lat <= north for p in [point(row), *points(row)])
        for row in ROWS
    }
    assert bad(inside) == []


def test_coordinates_are_written_with_three_to_five_decimals() -> None:
    assert bad({r["id"]: all(re.fullmatch(r"\d\d\.\d{3,5}", r[c]) for c in ("lon", "lat")) for r in ROWS}) == []


def test_feature_classes_and_codes_are_of_geonames() -> None:
    assert set(CODES) <= set(FEATURE_CLASSES)
    assert bad({r["id"]: r["feature_code"] in CODES.get(r["feature_class"], "").split() for r in ROWS}) == []


def test_countries_and_governorates_are_codes_or_blank() -> None:
    assert bad({r["id"]: r["country"] in {"", "SY", "IQ", "TR", "LB", "JO", "IL"} for r in ROWS}) == []
    assert bad({r["id"]: not r["admin1"] or r["admin1"] in ADMIN1_BY_PCODE.values() for r in ROWS}) == []
    assert bad({r["id"]: not r["admin1"] or r["country"] == "SY" for r in ROWS}) == []


def test_every_row_has_a_source() -> None:
    assert bad({r["id"]: bool(re.search(r"\w{3}", r["source"])) for r in ROWS}) == []


def test_native_names_are_in_arabic_script() -> None:
    arabic = re.compile(r"[\u0621-\u064a]")
    assert bad({r["id"]: bool(r["native"]) and all(arabic.search(n) for n in split(r["native"])) for r in ROWS}) == []


def test_latin_names_are_in_latin_script() -> None:
    assert bad({r["id"]: not re.search(r"[\u0590-\u06ff\u0400-\u04ff]", "".join(names(r))) for r in ROWS}) == []


def test_no_variant_is_empty_or_repeats_a_name_of_its_row() -> None:
    unique = {r["id"]: len({fold(n) for n in names(r)}) == len(names(r)) and all(names(r)) for r in ROWS}
    assert bad(unique) == []


def test_no_two_rows_of_a_governorate_and_class_share_a_name() -> None:
    keys = Counter((row["admin1"], row["feature_class"], fold(name)) for row in ROWS for name in names(row))
    assert [key for key, count in keys.items() if count > 1] == []


def test_radii_are_positive_and_no_larger_than_a_country() -> None:
    assert bad({r["id"]: not r["radius_km"] or 0 < float(r["radius_km"]) <= 500 for r in ROWS}) == []


def test_areas_have_a_radius() -> None:
    areas = {"RGN", "MTS", "PLN", "VAL", "DSRT", "LAVA", "PPLX", "CMPRF", "STM", "RD", "LK", "LKN", "RSV"}
    assert bad({r["id"]: bool(r["radius_km"]) for r in ROWS if r["feature_code"] in areas}) == []


def test_rivers_and_roads_have_several_points() -> None:
    assert bad({r["id"]: len(points(r)) >= 3 for r in ROWS if r["feature_code"] in SPREAD_OUT}) == []


def test_points_along_a_line_stay_within_reach_of_the_middle_one() -> None:
    near = {
        r["id"]: all(great_circle_km(point(r), p) <= 1.5 * float(r["radius_km"] or math.nan) for p in points(r))
        for r in ROWS
        if r["points"]
    }
    assert bad(near) == []


@pytest.mark.parametrize(
    "name",
    [
        "al-Fu'ah", "Kefraya", "Wadi Barada", "Ayn al-Fijah", "Eastern Ghouta", "Western Ghouta", "Dabiq", "al-Tanf",
        "Tiyas", "T4", "Shayrat", "Hmeimim", "Khmeimim", "Baghouz", "Euphrates", "Khabur", "Orontes", "Golan Heights",
        "Mount Hermon", "Qalamoun", "Jabal al-Zawiya", "Sahl al-Ghab", "al-Lajat", "Tulul as-Safa", "Jabal al-Akrad",
        "Jabal Turkman", "Syrian Desert", "M4", "M5", "Castello Road", "Khanasser", "Nubl", "Sheikh Maqsoud",
        "Baba Amr", "Yarmouk camp", "Sednaya Prison", "Bab al-Hawa", "Tishrin Dam", "Lake Assad", "al-Omar oil field",
        "Conoco", "Deir Ezzor", "Khan Sheikhoun", "Krak des Chevaliers", "UNDOF zone", "Operation Olive Branch area",
    ],
)  # fmt: skip
def test_a_well_known_place_of_the_war_is_in_the_table(name: str) -> None:
    assert any(fold(name) == fold(n) for row in ROWS for n in names(row))


def test_namesakes_in_different_governorates_are_both_there() -> None:
    zahraa = {row["admin1"] for row in ROWS if fold("al-Zahraa") in {fold(n) for n in names(row)}}
    assert {"09", "11"} <= zahraa


def governorate_polygons() -> dict[str, Any]:
    if not GOVERNORATES.exists():
        pytest.skip("the governorates of OCHA are not at hand")
    shape = pytest.importorskip("shapely.geometry").shape
    features = json.loads(GOVERNORATES.read_text(encoding="utf-8"))["features"]
    return {ADMIN1_BY_PCODE[f["properties"]["PCODE"]]: shape(f["geometry"]) for f in features}


def test_every_point_lies_in_its_governorate() -> None:
    polygons = governorate_polygons()
    at = pytest.importorskip("shapely.geometry").Point
    placed = {
        row["id"]: polygons[row["admin1"]].distance(at(point(row).lon, point(row).lat)) <= BOUNDARY_SLACK_DEGREES
        for row in ROWS
        if row["admin1"] and row["id"] not in CONTESTED_GOVERNORATE
    }
    assert bad(placed) == []
