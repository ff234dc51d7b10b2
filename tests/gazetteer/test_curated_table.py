"""The hand-curated table of places keeps its shape: every row can be read, placed and checked."""

from __future__ import annotations

import csv
import gzip
import json
import math
import re
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest

from gazetteer.names import fold_name, strip_article
from gazetteer.place import FEATURE_CLASSES, LonLat, great_circle_km

TABLE = Path(__file__).resolve().parents[2] / "gazetteer" / "data" / "curated.tsv"
REGIONS = TABLE.with_name("regions.tsv")
SHARED = Path(__file__).resolve().parents[2] / "../shared/data"
GOVERNORATES = SHARED / "boundaries/ocha_syr_admin1.geojson"

COLUMNS = [
    "id", "name", "variants", "native", "feature_class", "feature_code", "country", "admin1", "admin2", "lon", "lat",
    "radius_km", "points", "source",
]  # fmt: skip

#: GeoNames codes in use, by class; a new one goes here after a look at geonames.org/export/codes.html.
CODES = {
    "A": "ADM2",
    "H": "CNL LK LKN RSV STM STRT",
    "L": "AREA GASF INDS LCTY MILB NVB OILF PRK PRT RGN",
    "P": "PPL PPLA PPLA2 PPLA3 PPLX",
    "R": "RD RDJCT",
    "S": "AIRB AIRF AIRP BDG CH CMPRF CSTL CVNT DAM FCL FT GOVL HSP HTL INSM MFG MKT MN MSQE OILR OILT PMPO PMPW PRN PS"
    " PSN PSTB PSTP RUIN SCHM SHRN SQR STDM TMB UNIV",
    "T": "CAPE DSRT HLL HLLS ISL ISLS LAVA MT MTS PASS PEN PK PLN SPIT VAL",
    "V": "FRST",
}

#: Syria and its surroundings, where every point of Syria must lie: west, south, east, north in degrees.
REGION = (35.0, 31.5, 43.0, 38.0)

#: The other countries of the table, and the box around each (from its outline, wider by half a degree).
BOXES = {
    "CH": (5.9, 45.8, 10.5, 47.9),
    "NL": (3.3, 50.7, 7.3, 53.6),
    "AF": (60.0, 28.9, 75.4, 38.9), "AM": (42.9, 38.3, 47.1, 41.8), "AZ": (44.2, 37.9, 51.1, 42.4),
    "BF": (-6.0, 8.9, 2.9, 15.6), "CD": (11.7, -14.0, 31.8, 5.9), "CM": (8.0, 1.1, 16.7, 13.6),
    "ET": (32.5, 2.9, 48.5, 15.4), "IL": (33.7, 29.0, 36.3, 33.8), "IQ": (38.3, 28.6, 49.1, 37.9),
    "JO": (34.4, 28.7, 39.8, 33.9), "KE": (33.4, -5.2, 42.4, 5.5), "LB": (34.6, 32.5, 37.1, 35.2),
    "LY": (8.8, 19.0, 25.7, 33.7), "ML": (-12.8, 9.6, 4.8, 25.5), "MM": (91.7, 9.3, 101.7, 29.0),
    "MZ": (29.7, -27.4, 41.4, -9.9), "NE": (-0.4, 11.2, 16.5, 24.0), "NG": (2.2, 3.8, 15.1, 14.4),
    "PK": (60.3, 23.2, 77.5, 37.6), "PS": (33.7, 30.7, 36.1, 33.1), "RU": (19.0, 41.0, 180.0, 82.0),
    "SD": (21.3, 8.2, 39.1, 22.7), "SO": (40.5, -2.2, 51.9, 12.5), "SS": (23.6, 2.9, 36.4, 12.8),
    "TD": (12.9, 6.9, 24.5, 24.0), "TR": (25.2, 35.3, 45.3, 42.6), "UA": (21.7, 43.9, 40.7, 52.9),
    "YE": (41.8, 11.6, 55.0, 19.5),
}  # fmt: skip

#: Countries whose places have a name in Arabic letters; and the letters of the others that have their own.
ARABIC_SCRIPT = set("AF IQ JO LB LY PK SD SY TR YE".split())
OTHER_SCRIPTS = {
    "AM": "Ա-ֆ",
    "AZ": "Ա-ֆ",
    "ET": "ሀ-፼",
    "IL": "א-תء-ي",
    "MM": "က-႟",
    "PS": "א-תء-ي",
    "RU": "А-яЁё",
    "UA": "А-яЁёЇїІіЄєҐґ",
}

#: P-code of OCHA to the GeoNames admin1 code of the same governorate.
ADMIN1_BY_PCODE = {
    "SY01": "13", "SY02": "09", "SY03": "08", "SY04": "11", "SY05": "10", "SY06": "02", "SY07": "12",
    "SY08": "01", "SY09": "07", "SY10": "14", "SY11": "04", "SY12": "06", "SY13": "05", "SY14": "03",
}  # fmt: skip

#: Places that the press and Natural Earth put in Homs, OCHA's polygons in Rif Dimashq.
CONTESTED_GOVERNORATE = {"al-tanf", "rukban"}

#: Crossings, ports and border towns lie on the drawn line; the line itself is good to about this distance.
BOUNDARY_SLACK_DEGREES = 0.008

#: The outlines of the other countries and divisions are coarser still (1:50 million; hand-drawn divisions).
COARSE_SLACK_DEGREES = 0.04

#: Outlines that carry another code than GeoNames gives the place.
COUNTRY_BY_OUTLINE = {"Somaliland": "SO", "West Bank": "PS", "Gaza": "PS"}

#: Countries whose divisions lie beside the checkout a second time, drawn otherwise.
WITH_DIVISIONS = set("IL IQ JO LB LY SD TR UA YE".split())

#: Islands that the coarse outline leaves out, and places that it gives to another state.
OUTSIDE_THE_OUTLINE = {"abd-al-kuri", "ibo-island", "kornidzor", "ochakiv", "ras-isa", "shwe-kokko"}

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
    assert sum(r["country"] == "SY" for r in ROWS) >= 950
    assert len(ROWS) >= 2550


def test_ids_are_unique_sorted_slugs() -> None:
    ids = [row["id"] for row in ROWS]
    assert ids == sorted(set(ids))
    assert [i for i in ids if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", i)] == []


def within(row: Row, box: tuple[float, float, float, float]) -> bool:
    west, south, east, north = box
    return all(west <= p.lon <= east and south <= p.lat <= north for p in [point(row), *points(row)])


def test_every_point_lies_in_the_region_or_the_box_of_its_country() -> None:
    boxes = {**BOXES, "SY": REGION}
    inside = {
        row["id"]: any(within(row, box) for country, box in boxes.items() if row["country"] in {country, ""})
        for row in ROWS
    }
    assert bad(inside) == []


def test_coordinates_are_written_with_three_to_five_decimals() -> None:
    written = re.compile(r"(-?[1-9]?\d|1\d\d)\.\d{3,5}")
    assert bad({r["id"]: all(written.fullmatch(r[c]) for c in ("lon", "lat")) for r in ROWS}) == []


def test_feature_classes_and_codes_are_of_geonames() -> None:
    assert set(CODES) <= set(FEATURE_CLASSES)
    assert bad({r["id"]: r["feature_code"] in CODES.get(r["feature_class"], "").split() for r in ROWS}) == []


def test_countries_and_governorates_are_codes_or_blank() -> None:
    syrian = [r for r in ROWS if r["country"] == "SY"]
    assert bad({r["id"]: r["country"] in {"", "SY", *BOXES} for r in ROWS}) == []
    assert bad({r["id"]: not r["admin1"] or r["admin1"] in ADMIN1_BY_PCODE.values() for r in syrian}) == []
    assert bad({r["id"]: not r["admin1"] or bool(r["country"]) for r in ROWS}) == []


def test_first_level_codes_are_those_of_geonames() -> None:
    path = SHARED / "geonames" / "admin1CodesASCII.txt"
    if not path.exists():
        pytest.skip("the GeoNames admin1 codes are not beside the checkout")
    known = {line.split("\t")[0] for line in path.read_text(encoding="utf-8").splitlines()}
    assert bad({r["id"]: not r["admin1"] or f"{r['country']}.{r['admin1']}" in known for r in ROWS}) == []


def test_every_row_has_a_source() -> None:
    assert bad({r["id"]: bool(re.search(r"\w{3}", r["source"])) for r in ROWS}) == []


def test_native_names_are_in_arabic_script() -> None:
    arabic = re.compile(r"[\u0621-\u064a]")
    rows = [r for r in ROWS if r["country"] in ARABIC_SCRIPT or (not r["country"] and within(r, REGION))]
    assert bad({r["id"]: bool(r["native"]) and all(arabic.search(n) for n in split(r["native"])) for r in rows}) == []


def test_native_names_of_other_countries_are_in_their_own_script() -> None:
    written = {
        row["id"]: all(re.search(f"[{OTHER_SCRIPTS[row['country']]}]", name) for name in split(row["native"]))
        for row in ROWS
        if row["country"] in OTHER_SCRIPTS
    }
    assert bad(written) == []


def test_latin_names_are_in_latin_script() -> None:
    assert bad({r["id"]: not re.search(r"[\u0370-\u1cff]", "".join(names(r))) for r in ROWS}) == []


def test_no_variant_is_empty_or_repeats_a_name_of_its_row() -> None:
    unique = {r["id"]: len({fold(n) for n in names(r)}) == len(names(r)) and all(names(r)) for r in ROWS}
    assert bad(unique) == []


def test_no_two_rows_of_a_governorate_and_class_share_a_name() -> None:
    keys = Counter(
        (row["country"], row["admin1"], row["feature_class"], fold(name)) for row in ROWS for name in names(row)
    )
    assert [key for key, count in keys.items() if count > 1] == []


def test_radii_are_positive_and_no_larger_than_a_country() -> None:
    assert bad({r["id"]: not r["radius_km"] or 0 < float(r["radius_km"]) <= 500 for r in ROWS}) == []


def test_areas_have_a_radius() -> None:
    areas = set("ADM2 AREA CMPRF DSRT FRST LAVA LK LKN MTS PLN PPLX PRK RD RGN RSV STM VAL".split())
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


@pytest.mark.parametrize(
    ("country", "name"),
    [
        ("IQ", "Sinjar"), ("IQ", "Makhmour"), ("IQ", "Camp Speicher"), ("IQ", "Jurf al-Sakhar"), ("IQ", "Avashin"),
        ("LB", "Dahieh"), ("LB", "Ain al-Hilweh"), ("LB", "Maroun al-Ras"), ("PS", "Jabalia camp"), ("PS", "Shejaiya"),
        ("PS", "Rafah crossing"), ("PS", "Nur Shams"), ("IL", "Kerem Shalom"), ("YE", "Hodeidah port"), ("YE", "Sirwah"),
        ("YE", "al-Anad air base"), ("LY", "Watiya air base"), ("LY", "Tarhuna"), ("LY", "Ras Lanuf"), ("SD", "Zamzam"),
        ("SD", "El Fasher"), ("SD", "Wad al-Noura"), ("SS", "Akobo"), ("UA", "Azovstal"), ("UA", "Avdiivka coke plant"),
        ("UA", "Zaporozhye NPP"), ("UA", "Savur-Mohyla"), ("RU", "Sudzha"), ("AZ", "Stepanakert"), ("AZ", "Shushi"),
        ("MM", "KK Park"), ("MM", "Inn Din"), ("ML", "Moura"), ("NE", "Inates"), ("BF", "Solhan"), ("NG", "Baga"),
        ("CD", "Bunagana"), ("CD", "Roe camp"), ("SO", "Halane"), ("SO", "Las Anod"), ("ET", "Mai Kadra"),
        ("AF", "Bagram airbase"), ("AF", "Torkham"), ("PK", "Miranshah"), ("MZ", "Afungi"), ("CM", "Fotokol"),
    ],
)  # fmt: skip
def test_a_well_known_place_of_another_war_is_in_the_table(country: str, name: str) -> None:
    assert any(fold(name) == fold(n) for row in ROWS if row["country"] == country for n in names(row))


def test_namesakes_in_different_governorates_are_both_there() -> None:
    zahraa = {row["admin1"] for row in ROWS if fold("al-Zahraa") in {fold(n) for n in names(row)}}
    assert {"09", "11"} <= zahraa


def test_no_row_says_what_a_region_says() -> None:
    with REGIONS.open(encoding="utf-8", newline="") as file:
        regions = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    taken = {fold(name) for row in regions for name in [*names(row), *split(row["native"])]}
    assert bad({r["id"]: taken.isdisjoint(map(fold, [*names(r), *split(r["native"])])) for r in ROWS}) == []


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
        if row["country"] == "SY" and row["admin1"] and row["id"] not in CONTESTED_GOVERNORATE
    }
    assert bad(placed) == []


def features(name: str) -> list[dict[str, Any]]:
    path = SHARED / "boundaries" / name
    if not path.exists():
        pytest.skip(f"the outlines {name} are not beside the checkout")
    found: list[dict[str, Any]] = json.loads(gzip.decompress(path.read_bytes()))["features"]
    return found


def test_every_point_lies_in_its_country() -> None:
    geometry = pytest.importorskip("shapely.geometry")
    lands: defaultdict[str, list[Any]] = defaultdict(list)
    for feature in features("ne_50m_admin_0_countries.geojson.gz"):
        properties = feature["properties"]
        iso2 = COUNTRY_BY_OUTLINE.get(properties["ADMIN"], properties["ISO_A2"])
        if iso2 in BOXES:
            lands[iso2].append(geometry.shape(feature["geometry"]))
    placed = {
        row["id"]: any(
            land.distance(geometry.Point(float(row["lon"]), float(row["lat"]))) <= COARSE_SLACK_DEGREES
            for land in lands[row["country"]]
        )
        for row in ROWS
        if row["country"] in BOXES and row["id"] not in OUTSIDE_THE_OUTLINE
    }
    assert bad(placed) == []


def test_every_point_outside_syria_lies_in_its_division() -> None:
    geometry = pytest.importorskip("shapely.geometry")
    path = SHARED / "geonames" / "admin1CodesASCII.txt"
    if not path.exists():
        pytest.skip("the GeoNames admin1 codes are not beside the checkout")
    lines = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
    code_by_id = {geonameid: code for code, _, _, geonameid in lines}
    divisions: defaultdict[str, list[Any]] = defaultdict(list)
    for feature in features("ne_10m_admin_1_selected.geojson.gz"):
        divisions[feature["properties"]["gn_a1_code"] or ""].append(geometry.shape(feature["geometry"]))
    for country in sorted({row["country"] for row in ROWS} & WITH_DIVISIONS):
        for feature in features(f"wof_{country.lower()}_admin.geojson.gz"):
            code = code_by_id.get(str(feature["properties"]["gn_id"]), "")
            divisions[code].append(geometry.shape(feature["geometry"]))
    placed = {
        row["id"]: any(
            area.distance(geometry.Point(float(row["lon"]), float(row["lat"]))) <= COARSE_SLACK_DEGREES
            for area in divisions[code]
        )
        for row in ROWS
        if row["country"] != "SY" and row["admin1"] and row["id"] not in OUTSIDE_THE_OUTLINE
        if (code := f"{row['country']}.{row['admin1']}") in divisions
    }
    assert len(placed) > 800
    assert bad(placed) == []
