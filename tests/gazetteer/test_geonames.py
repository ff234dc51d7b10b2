from __future__ import annotations

import gzip
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from gazetteer import InputError, SourcePlace, files
from gazetteer.geonames import kind_of, read_geonames, survey

SHARED = Path(__file__).resolve().parents[2] / "../shared/data/geonames"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the dumps of ../shared are not there")

KAFR = (
    "170001\tKafr Nūn\tKafr Nun\tKafr Nun,كفر نون,DAM,https://example.org/kn,kfr nwn\t36.1\t37.2\tP\tPPL\tSY\t\t09\t077"
    "\t\t\t1200\t\t300\tAsia/Damascus\t2019-05-01"
)
NAHR = "170002\tNahr Sab\tNahr Sab\t\t36.5\t37.9\tH\tSTM\tSY\t\t00\t\t\t\t0\t\t300\tAsia/Damascus\t2018-05-01"
ADM1 = "170003\tHalab\tHalab\tAleppo\t36.2\t37.6\tA\tADM1\tSY\t\t09\t\t\t\t4000000\t\t300\tAsia/Damascus\t2018-01-01"
ADM2 = (
    "170004\tNūn District\tNun District\t\t36.1\t37.2\tA\tADM2\tSY\t\t09\t077\t\t\t0\t\t300\tAsia/Damascus\t2018-01-01"
)
PCLI = "170005\tSyria\tSyria\t\t35\t38\tA\tPCLI\tSY\t\t00\t\t\t\t0\t\t300\tAsia/Damascus\t2018-01-01"
NABLUS = "280001\tNablus\tNablus\t\t32.22\t35.25\tP\tPPLA\tPS\t\t\t\t\t\t0\t\t300\tAsia/Hebron\t2018-01-01"


def dump(path: Path, *rows: str) -> Path:
    path.write_text("".join(row + "\n" for row in rows), encoding="utf-8")
    return path


def read(path: Path, country: str | None = None, **more: Sequence[Path]) -> dict[str, SourcePlace]:
    kinds = {"dump": [path], **{kind.replace("_", " "): paths for kind, paths in more.items()}}
    known = survey(kinds, country=country)
    return {record.place.id: record for record in read_geonames([path], known, country=country)}


def cell(row: str, column: int, value: str) -> str:
    cells = row.split("\t")
    cells[column] = value
    return "\t".join(cells)


# What is read ---------------------------------------------------------------------------------------------------------


def test_a_row_gives_a_place_with_its_class_division_and_people(tmp_path: Path) -> None:
    place = read(dump(tmp_path / "SY.txt", KAFR, ADM1, ADM2))["geonames:170001"].place
    assert (place.name, place.lon, place.lat, place.feature_class, place.feature_code) == (
        "Kafr Nūn",
        37.2,
        36.1,
        "P",
        "PPL",
    )
    assert (place.country, place.admin1, place.population, place.native_name) == ("SY", "09", 1200, "كفر نون")


def test_names_of_divisions_come_from_the_dump_itself(tmp_path: Path) -> None:
    place = read(dump(tmp_path / "SY.txt", KAFR, ADM1, ADM2))["geonames:170001"].place
    assert (place.admin1_name, place.admin2) == ("Halab", "Nūn District")


def test_tables_of_divisions_overrule_the_dump(tmp_path: Path) -> None:
    admin1 = dump(tmp_path / "admin1CodesASCII.txt", "SY.09\tAleppo\tAleppo\t170003")
    admin2 = dump(tmp_path / "admin2Codes.txt", "SY.09.077\tNoon\tNoon\t170004")
    found = read(dump(tmp_path / "SY.txt", KAFR, ADM1), admin1_codes=[admin1], admin2_codes=[admin2])
    assert (found["geonames:170001"].place.admin1_name, found["geonames:170001"].place.admin2) == ("Aleppo", "Noon")


def test_links_airport_codes_and_machine_made_names_are_dropped(tmp_path: Path) -> None:
    names = read(dump(tmp_path / "SY.txt", KAFR))["geonames:170001"].alternates
    assert set(names) == {"Kafr Nun", "كفر نون"}


def test_divisions_and_countries_have_the_ids_of_the_gazetteer(tmp_path: Path) -> None:
    found = read(dump(tmp_path / "SY.txt", ADM1, ADM2, PCLI))
    assert list(found) == ["admin1:SY.09", "geonames:170004", "country:SY"]
    assert found["admin1:SY.09"].place.source == "GeoNames 170003"


def test_a_second_row_for_one_division_keeps_its_number(tmp_path: Path) -> None:
    assert list(read(dump(tmp_path / "SY.txt", ADM1, cell(ADM1, 0, "7")))) == ["admin1:SY.09", "geonames:7"]


def test_the_code_of_no_division_is_none(tmp_path: Path) -> None:
    place = read(dump(tmp_path / "SY.txt", NAHR))["geonames:170002"].place
    assert (place.admin1, place.population) == (None, None)


def test_a_row_without_a_class_is_left_out(tmp_path: Path) -> None:
    assert list(read(dump(tmp_path / "SY.txt", cell(KAFR, 6, ""), NAHR))) == ["geonames:170002"]


def test_a_country_takes_only_its_rows(tmp_path: Path) -> None:
    assert list(read(dump(tmp_path / "all.txt", KAFR, NABLUS), country="PS")) == ["geonames:280001"]


def test_the_latest_change_dates_the_data(tmp_path: Path) -> None:
    path = dump(tmp_path / "SY.txt", NAHR, KAFR, cell(NABLUS, 18, ""))
    assert survey({"dump": [path]}).date == "2019-05-01"


def test_tagged_names_replace_those_of_the_dump(tmp_path: Path) -> None:
    tagged = dump(
        tmp_path / "alternateNamesV2.txt",
        *("1\t170001\ten\tNoon Village\t\t\t\t\t\t", "2\t170001\tar\tكفر النون\t1\t\t\t\t\t"),
        *("3\t170001\tlink\thttps://example.org\t\t\t\t\t\t", "4\t170001\tiata\tKNN\t\t\t\t\t\t"),
        *("5\t170001\tabbr\tKN\t\t\t\t\t\t", "6\t999\ten\tElsewhere\t\t\t\t\t\t", "7\t170001\tpost\t12345\t\t\t\t\t\t"),
    )
    record = read(dump(tmp_path / "SY.txt", KAFR), alternate_names=[tagged])["geonames:170001"]
    assert set(record.alternates) == {"Noon Village", "كفر النون", "Kafr Nun"}
    assert record.abbreviations == ("KN",)
    assert record.place.native_name == "كفر النون"


def test_a_hierarchy_gives_a_place_the_division_of_its_parents(tmp_path: Path) -> None:
    parents = dump(tmp_path / "hierarchy.txt", "555\t170002\t", "170004\t555\tADM", "170003\t170004\tADM")
    place = read(dump(tmp_path / "SY.txt", NAHR, ADM1, ADM2), hierarchy=[parents])["geonames:170002"].place
    assert (place.admin1, place.admin1_name, place.admin2) == ("09", "Halab", "Nūn District")


def test_a_hierarchy_that_runs_in_a_circle_ends(tmp_path: Path) -> None:
    parents = dump(tmp_path / "hierarchy.txt", "555\t170002\tADM", "170002\t555\tADM")
    assert read(dump(tmp_path / "SY.txt", NAHR), hierarchy=[parents])["geonames:170002"].place.admin1 is None


def test_the_table_of_countries_completes_a_country(tmp_path: Path) -> None:
    info = "SY\tSYR\t760\tSY\tSyria\tDamascus\t185180\t16906283\tAS\t.sy\tSYP\tPound\t963\t\t\tar-SY\t163843\tIQ\t"
    countries = dump(tmp_path / "countryInfo.txt", "# comment", "#ISO\tISO3", info)
    record = read(dump(tmp_path / "SY.txt", PCLI), countries=[countries])["country:SY"]
    assert (record.place.population, record.abbreviations) == (16906283, ("SYR",))


# Which file it is -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        (KAFR, "dump"),
        ("1\t170001\ten\tNoon\t\t\t\t\t\t", "alternate names"),
        ("1\t170001\ten\tNoon\t\t\t\t", "alternate names"),
        ("SY.09\tAleppo\tAleppo\t170003", "admin1 codes"),
        ("SY.09.077\tNoon\tNoon\t170004", "admin2 codes"),
        ("6255147\t163843\tADM", "hierarchy"),
        ("6255147\t163843", "hierarchy"),
        ("\t".join(["SY"] + ["x"] * 18), "countries"),
    ],
)
def test_a_file_is_known_by_its_columns(row: str, kind: str, tmp_path: Path) -> None:
    assert kind_of(dump(tmp_path / "any.txt", "# a comment", "", row)) == kind


@pytest.mark.parametrize("row", ["a\tb\tc", "no tabs", "\t".join(["1"] * 18)])
def test_a_file_of_no_known_columns_is_refused(row: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"any\.txt:1: .* 19 columns"):
        kind_of(dump(tmp_path / "any.txt", row))


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no line of data"):
        kind_of(dump(tmp_path / "any.txt"))


# Bad input ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (KAFR + "\textra", "20 columns"),
        (KAFR.rsplit("\t", 1)[0], "18 columns"),
        (cell(KAFR, 4, "96.1"), "latitude 96.1 is outside -90..90"),
        (cell(KAFR, 5, "-180.5"), "longitude -180.5 is outside"),
        (cell(KAFR, 4, "nan"), "latitude nan is outside"),
        (cell(KAFR, 4, "36,1"), "latitude '36,1' is no number"),
        (cell(KAFR, 0, "x1"), "geonameid 'x1'"),
        (cell(KAFR, 14, "1e5"), "population '1e5'"),
        (cell(KAFR, 6, "Q"), "feature class 'Q'"),
        (cell(KAFR, 8, "Syria"), "country code 'Syria'"),
        (cell(KAFR, 1, " "), "name is empty"),
    ],
)
def test_a_bad_row_is_one_line_with_file_and_line(row: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"SY\.txt:2: ") as caught:
        read(dump(tmp_path / "SY.txt", NAHR, row))
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (KAFR.encode("cp1252", "replace").replace(b"?", b"\xfb"), "byte 0xfb"),
        (KAFR.encode("utf-16"), "looks like UTF-16"),
        (gzip.compress(KAFR.encode()), "looks like gzip"),
    ],
)
def test_an_unknown_encoding_is_refused_with_the_way_out(data: bytes, says: str, tmp_path: Path) -> None:
    path = tmp_path / "SY.txt"
    path.write_bytes(data)
    with pytest.raises(InputError, match=r"SY\.txt:1: not UTF-8 .*iconv") as caught:
        read(path)
    assert says in str(caught.value)


# Archives -------------------------------------------------------------------------------------------------------------


def zipped(path: Path, **members: str) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name.replace("_", "."), text)
    return path


def test_dumps_are_read_packed_and_plain(tmp_path: Path) -> None:
    packed = tmp_path / "SY.txt.gz"
    packed.write_bytes(gzip.compress(KAFR.encode()))
    found = [dump(tmp_path / "SY.txt", KAFR), packed, zipped(tmp_path / "SY.zip", SY_txt=KAFR, readme_txt="read me")]
    assert len({repr(read(path)) for path in found}) == 1


def test_a_zip_of_several_tables_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"SY\.zip: one table .* not SY\.txt, LB\.txt"):
        read(zipped(tmp_path / "SY.zip", SY_txt=KAFR, LB_txt=KAFR))


def test_a_zip_with_a_wrong_check_sum_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "SY.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("SY.txt", KAFR)
    path.write_bytes(path.read_bytes().replace(b"Kafr N", b"Kufr N", 1))
    with pytest.raises(InputError, match=r"SY\.zip:.*broken.*CRC"):
        read(path)


@pytest.mark.parametrize("name", ["SY.zip", "SY.txt.gz"])
def test_a_cut_off_archive_is_refused(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    rows = "\n".join(cell(KAFR, 0, str(n)) for n in range(500))
    if name.endswith(".gz"):
        path.write_bytes(gzip.compress(rows.encode()))
    else:
        zipped(path, SY_txt=rows)
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(InputError, match="fetch it again"):
        read(path)


def bomb(path: Path) -> Path:
    """Three hundred thousand sound rows, packed to a thousandth."""
    data = (NAHR + "\n").encode() * 300_000
    if path.suffix == ".gz":
        path.write_bytes(gzip.compress(data, 6))
    else:
        zipped(path, SY_txt=data.decode())
    return path


def test_a_zip_bomb_is_refused_before_it_unpacks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MIN_ALLOWED", 1 << 20)
    with pytest.raises(InputError, match=r"unpacks to [\d,]+ bytes, .* zip bomb"):
        next(iter(files.numbered_lines(bomb(tmp_path / "SY.zip"))))


def test_what_unpacks_without_end_is_refused_as_it_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MIN_ALLOWED", 1 << 20)
    lines = files.numbered_lines(bomb(tmp_path / "SY.txt.gz"))
    assert next(lines) == (1, NAHR)
    with pytest.raises(InputError, match="unpacks to more"):
        list(lines)


def test_a_zip_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    path = bomb(tmp_path / "SY.zip")
    true_size = (300_000 * (len(NAHR.encode()) + 1)).to_bytes(4, "little")
    path.write_bytes(path.read_bytes().replace(true_size, (5000).to_bytes(4, "little")))
    with pytest.raises(InputError, match=r"SY\.zip:\d+: the archive is broken"):
        list(files.numbered_lines(path))


def test_a_line_without_end_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "SY.txt"
    path.write_bytes(b"x" * (files.MAX_LINE + 1))
    with pytest.raises(InputError, match=r"SY\.txt:1: a line of more than"):
        read(path)


@pytest.mark.parametrize("name", ["SY.xlsx", "places.shp", "SY", "SY.pdf"])
def test_other_formats_are_refused_with_the_way_out(name: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"is not read; give .*CSV.*ogr2ogr"):
        files.inner_name(dump(tmp_path / name, "x"))


def test_missing_files_and_folders_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        files.inner_name(tmp_path / "SY.zip")
    with pytest.raises(InputError, match="a folder"):
        files.inner_name(tmp_path)


# True dumps -----------------------------------------------------------------------------------------------------------


@needs_shared
def test_a_true_dump_of_lebanon_is_read_whole() -> None:
    found = read(SHARED / "LB.txt.gz", admin1_codes=[SHARED / "admin1CodesASCII.txt"])
    assert len(found) == 24_209
    tripoli = found["geonames:266826"].place
    assert (tripoli.feature_code, tripoli.country) == ("PPLA", "LB")
    assert "طرابلس" in found["geonames:266826"].alternates
    assert found["country:LB"].place.population == 4_125_247
    assert {place.place.feature_class for place in found.values()} >= set("AHLPRSTV")
    assert not any("://" in name for record in found.values() for name in record.alternates)


@needs_shared
def test_a_true_dump_of_monaco_is_read_whole() -> None:
    found = read(SHARED / "MC.txt", countries=[SHARED / "countryInfo.txt"])
    assert len(found) == 99
    assert "XMM" not in found["geonames:2992741"].alternates
    assert found["country:MC"].abbreviations == ("MCO",)


@needs_shared
@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("LB.txt.gz", "dump"),
        ("MC.txt", "dump"),
        ("admin1CodesASCII.txt", "admin1 codes"),
        ("admin2Codes.txt.gz", "admin2 codes"),
        ("countryInfo.txt", "countries"),
    ],
)
def test_true_files_are_known_by_their_columns(name: str, kind: str) -> None:
    assert kind_of(SHARED / name) == kind


@needs_shared
def test_true_tables_of_divisions_are_read_whole() -> None:
    known = survey({"admin1 codes": [SHARED / "admin1CodesASCII.txt"], "admin2 codes": [SHARED / "admin2Codes.txt.gz"]})
    assert len(known.divisions) > 50_000
