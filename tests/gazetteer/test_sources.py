from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from small_gazetteer import town

from gazetteer import InputError, LonLat, SourcePlace, sources

CURATED = "id name variants native feature_class feature_code country admin1 admin2 lon lat radius_km points source"
ADMIN1 = "country code name variants native type_word lon lat radius_km iso pcode source"
OTHER_NAMES = "id abbreviations demonyms source"
COUNTRIES = "iso2 name official variants abbreviations demonyms capital lon lat radius_km source"
REGIONS = "id name variants native feature_class feature_code country lon lat radius_km points source"


def table(path: Path, columns: str, *rows: str) -> Path:
    """Cells are parted by ";" here, and points by "," so that the rows can be read."""
    lines = [columns.replace(" ", "\t"), *(row.replace(";", "\t").replace(",", ";") for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with five small tables."""
    table(
        tmp_path / "curated.tsv",
        CURATED,
        "al-fuah;al-Fu'ah;Foua|Fu'a;الفوعة;P;PPL;SY;12;Idlib;36.7;35.98;;;me",
        "al-bab;al-Bab;;الباب|باب;P;PPL;SY;;;37.52;36.37;;;me",
        "barada;Barada;Nahr Barada;;H;STM;SY;;;36.25;33.54;30;36.09 33.68,36.45 33.51;me",
    )
    table(
        tmp_path / "admin1.tsv",
        ADMIN1,
        "SY;12;Idlib;Idleb;إدلب;governorate;36.68;35.78;42;SY-ID;SY07;me",
        "SY;09;Aleppo;Halab;حلب;governorate;37.6;36.23;78;SY-HL;SY02;me",
    )
    table(
        tmp_path / "other_names.tsv",
        OTHER_NAMES,
        "admin1:SY.12;IDL.;Idlibi|Idlibis;me",
        "admin1:US.TX;TX|Tex.;Texan;me",
    )
    table(
        tmp_path / "countries.tsv", COUNTRIES, "SY;Syria;Syrian Arab Republic;;SAR;Syrian|Syrians;Damascus;38;35;243;me"
    )
    table(tmp_path / "regions.tsv", REGIONS, "golan;Golan Heights;Golan;الجولان;L;RGN;;35.8;33;30;;me")
    return tmp_path


CITIES = (
    SourcePlace(town("geonames:174018", "Al Bāb", 37.5157, 36.3705, "SY", "09", 130_745), alternates=("El Bab",)),
    SourcePlace(town("geonames:169389", "Idlib", 36.6339, 35.9306, "SY", "12", 128_840)),
    SourcePlace(town("geonames:1", "Idlib", 36.9, 35.7, "SY", "12", 900)),
    SourcePlace(town("geonames:170654", "Dimashq", 36.29, 33.51, "SY", "13", 1_569_394), alternates=("Damascus",)),
    SourcePlace(town("geonames:2", "Damascus", 36.0, 34.9, "SY", "10", 700)),
    SourcePlace(town("geonames:3", "Al Bāb", 44.0, 33.0, "IQ", "07", 5_000)),
)


@pytest.fixture
def records(folder: Path) -> dict[str, SourcePlace]:
    foreign = {"SY": ("Syrie", "Сирия")}
    found = list(sources.assemble(folder, CITIES, populations={"SY": 16_906_283}, foreign_names=foreign))
    assert len({record.place.id for record in found}) == len(found)
    return {record.place.id: record for record in found}


def test_all_tables_and_cities_are_there(records: dict[str, SourcePlace]) -> None:
    assert {place_id.split(":")[0] for place_id in records} == {"curated", "admin1", "country", "region", "geonames"}


def test_a_curated_town_replaces_the_city_that_it_is(records: dict[str, SourcePlace]) -> None:
    assert "geonames:174018" not in records
    merged = records["curated:al-bab"]
    assert merged.place.population == 130_745
    assert merged.place.admin1 == "09"
    assert "El Bab" in merged.alternates
    assert "174018" in merged.place.source
    assert "geonames:3" in records  # the namesake in Iraq stays


def test_a_curated_town_without_a_twin_stays_alone(records: dict[str, SourcePlace]) -> None:
    assert records["curated:al-fuah"].place.population is None
    assert records["curated:al-fuah"].place.admin1_name == "Idlib"
    assert records["curated:al-fuah"].place.admin2 == "Idlib"


def test_the_first_native_name_is_the_one_shown(records: dict[str, SourcePlace]) -> None:
    assert records["curated:al-bab"].place.native_name == "الباب"
    assert "باب" in records["curated:al-bab"].alternates


def test_places_know_the_name_of_their_division(records: dict[str, SourcePlace]) -> None:
    assert records["geonames:169389"].place.admin1_name == "Idlib"
    assert records["geonames:170654"].place.admin1_name is None  # no row for SY.13 in this table


def test_capitals_and_seats_get_their_codes(records: dict[str, SourcePlace]) -> None:
    codes = {place_id: record.place.feature_code for place_id, record in records.items()}
    assert codes["geonames:170654"] == "PPLC"
    assert codes["geonames:169389"] == "PPLA"
    assert codes["geonames:1"] == codes["geonames:2"] == "PPL"


def test_a_country_has_people_demonyms_and_foreign_names(records: dict[str, SourcePlace]) -> None:
    syria = records["country:SY"]
    assert syria.place.is_country
    assert syria.place.population == 16_906_283
    assert syria.demonyms == ("Syrian", "Syrians")
    assert syria.abbreviations == ("SAR",)
    assert {"Syrian Arab Republic", "Syrie", "Сирия"} <= set(syria.alternates)


def test_a_division_answers_to_its_type_word(records: dict[str, SourcePlace]) -> None:
    idlib = records["admin1:SY.12"]
    assert idlib.place.is_admin1
    assert idlib.place.pcode == "SY07"
    assert "Idlib governorate" in idlib.alternates


def test_a_division_has_its_abbreviations_and_demonyms(records: dict[str, SourcePlace]) -> None:
    assert records["admin1:SY.12"].abbreviations == ("IDL.",)
    assert records["admin1:SY.12"].demonyms == ("Idlibi", "Idlibis")
    assert records["admin1:SY.09"].demonyms == ()


def test_a_line_has_its_points(records: dict[str, SourcePlace]) -> None:
    assert records["curated:barada"].points == (LonLat(lon=36.09, lat=33.68), LonLat(lon=36.45, lat=33.51))


def test_a_table_wins_over_a_generated_division(folder: Path) -> None:
    generated = [
        SourcePlace(town("admin1:SY.12", "Generated", 0, 0, "SY", "12")),
        SourcePlace(town("admin1:SY.13", "Damascus", 36.3, 33.5, "SY", "13")),
    ]
    found = {record.place.id: record.place for record in sources.assemble(folder, CITIES, divisions=generated)}
    assert found["admin1:SY.12"].name == "Idlib"
    assert found["geonames:170654"].admin1_name == "Damascus"


@pytest.mark.parametrize(
    ("read", "name", "columns", "row", "says"),
    [
        (sources.read_curated, "curated.tsv", CURATED, "a;A;;;P;PPL;SY;12;;36.7;95;;;me", "lat '95' is not in -90..90"),
        (sources.read_curated, "curated.tsv", CURATED, "a;A;;;P;PPL;SY;12;;x;35;;;me", "lon 'x' is not a number"),
        (sources.read_curated, "curated.tsv", CURATED, "a;A;;;P;PPL;SY;12;;nan;35;;;me", "lon 'nan' is not in"),
        (sources.read_curated, "curated.tsv", CURATED, "a;A;;;Q;PPL;SY;12;;36;35;;;me", "feature class 'Q'"),
        (
            sources.read_curated,
            "curated.tsv",
            CURATED,
            "a;A;;;P;PPL;Syria;12;;36;35;;;me",
            "country 'Syria' is not an ISO",
        ),
        (sources.read_curated, "curated.tsv", CURATED, ";A;;;P;PPL;SY;12;;36;35;;;me", "id is empty"),
        (
            sources.read_curated,
            "curated.tsv",
            CURATED,
            "a;A;;;P;PPL;SY;12;;36;35;-4;;me",
            "radius_km '-4' is not above 0",
        ),
        (
            sources.read_curated,
            "curated.tsv",
            CURATED,
            "a;A;;;P;PPL;SY;12;;36;35;;1 2 3;me",
            "points '1 2 3' is not a list",
        ),
        (
            sources.read_curated,
            "curated.tsv",
            CURATED,
            "a;A;;;P;PPL;SY;12;;36;35;;200 2;me",
            "points '200 2' is not a list",
        ),
        (sources.read_curated, "curated.tsv", CURATED, "a;A;;;P;PPL;SY", "7 cells; expected 14"),
        (sources.read_admin1, "admin1.tsv", ADMIN1, "SY;12;;;;;36;35;42;;;me", "name is empty"),
        (
            sources.read_countries,
            "countries.tsv",
            COUNTRIES,
            "SY;Syria;;;;;;38;35;0;me",
            "radius_km '0' is not above 0",
        ),
        (sources.read_regions, "regions.tsv", REGIONS, "g;;;;L;RGN;;35;33;30;;me", "name is empty"),
    ],
)
def test_a_bad_cell_is_named_with_file_line_and_value(  # noqa: PLR0917  (a table)
    tmp_path: Path, read: Callable[[Path], object], name: str, columns: str, row: str, says: str
) -> None:
    path = table(tmp_path / name, columns, row)
    with pytest.raises(InputError) as caught:
        read(path)
    assert str(caught.value).startswith(f"{path}:2: ")
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_second_row_of_one_id_is_named(folder: Path) -> None:
    row = "al-fuah;al-Fu'ah;;;P;PPL;SY;12;;36.7;35.98;;;me"
    path = table(folder / "curated.tsv", CURATED, row, row)
    with pytest.raises(InputError, match=r"curated\.tsv:3: a second row has the id 'curated:al-fuah'"):
        sources.read_curated(path)


def test_a_missing_table_a_wrong_header_and_wrong_bytes_are_named(tmp_path: Path) -> None:
    path = tmp_path / "curated.tsv"
    with pytest.raises(InputError, match="cannot be read"):
        sources.read_curated(path)
    path.write_text("id\tname\n")
    with pytest.raises(InputError, match=r"curated\.tsv:1: the header is"):
        sources.read_curated(path)
    path.write_bytes(CURATED.replace(" ", "\t").encode() + b"\n\xff\xfe\n")
    with pytest.raises(InputError, match="not UTF-8"):
        sources.read_curated(path)


def test_empty_lines_and_comments_are_no_rows(folder: Path) -> None:
    path = folder / "regions.tsv"
    before = sources.read_regions(path)
    path.write_text(path.read_text(encoding="utf-8") + "\n# a comment\n", encoding="utf-8")
    assert sources.read_regions(path) == before


def test_the_tables_of_the_package_are_in_shape(tmp_path: Path) -> None:
    for file in sources.DATA.glob("*.tsv"):
        shutil.copy(file, tmp_path)
    assert len(sources.read_curated(tmp_path / "curated.tsv")) >= 120
    assert len(sources.read_countries(tmp_path / "countries.tsv")) >= 240
    assert len(sources.read_admin1(tmp_path / "admin1.tsv")) >= 14
    assert sources.read_regions(tmp_path / "regions.tsv")
    assert sources.read_other_names(tmp_path / "other_names.tsv")["admin1:US.TX"][0] == ("TX", "Tex.")


def test_codes_links_scraps_and_machine_made_names_are_left_out() -> None:
    names = [
        "DAM",
        "OSDI",
        "Cham",
        "Sam",
        "Şam",
        "da ma shi ge",
        "https://x.org",
        "D",
        "Damas",
        "دمشق",
        "Dimashq al-Sham",
    ]
    assert sources.useful_names(names, "Damascus") == ("Cham", "Damas", "دمشق", "Dimashq al-Sham")
    assert sources.useful_names(["Bab", "UFA", "Ufa"], "Al Bāb") == ("Bab",)


@pytest.mark.parametrize(
    ("country", "names", "native"),
    [
        ("SY", ["Damas", "د مشق", "دمشق", "دیمەشق"], "دمشق"),
        ("JO", ["ئاممان", "عمان", "عمّان"], "عمان"),
        ("IQ", ["كةربالا", "كربلاء", "کربلا"], "كربلاء"),
        ("JO", ["امان", "عمان"], "عمان"),
        ("IR", ["تهران", "طهران"], "تهران"),
        ("IQ", ["كربلاء", "كربلاء المقدسة"], "كربلاء"),
        ("SD", ["ااالخرطوم", "الخرطوم"], "الخرطوم"),
        ("SY", ["ئاممان"], "ئاممان"),
        ("UA", ["Kiev", "Киев", "Київ"], "Київ"),
        ("UA", ["Одеса", "Odessa"], "Одеса"),
        ("RU", ["Moscow", "Москва"], "Москва"),
        ("FR", ["Paris", "Париж"], None),
        ("SY", ["Idlib"], None),
    ],
)
def test_thenative_name_is_in_the_script_of_the_country(country: str, names: list[str], native: str | None) -> None:
    assert sources.native_name(country, names) == native


def test_a_country_name_is_no_type_word_capital_or_short_word() -> None:
    babel = pytest.importorskip("babel")
    assert babel.__version__
    names = sources.country_names(["Tunis"])
    assert "Island" not in names["IS"]  # German, but "Long Island"
    assert "Tunis" not in names["TN"]
    assert "Man" not in names["IM"]
    assert {"Syrie", "Suriye", "Сирия", "سوريا"} <= set(names["SY"])
