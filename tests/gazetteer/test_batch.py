from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from gazetteer import Gazetteer, InputError
from gazetteer.batch import ADDED_COLUMNS, Counts, geocode_csv, geocode_names


def run(gazetteer: Gazetteer, folder: Path, data: bytes, **options: str) -> tuple[Counts, list[dict[str, str]]]:
    source, target = folder / "names.csv", folder / "out.csv"
    source.write_bytes(data)
    counts = geocode_csv(source, target, gazetteer, **{"name_column": "place", **options})  # type: ignore[arg-type]
    separator = max(",;\t|", key=target.read_text(encoding="utf-8").splitlines()[0].count)
    with target.open(encoding="utf-8", newline="") as stream:
        return counts, list(csv.DictReader(stream, delimiter=separator))


def test_each_row_gets_its_place(small: Gazetteer) -> None:
    rows = [{"id": "1", "place": "Idlib province"}, {"id": "2", "place": "Xyzzy"}, {"id": "3", "place": " "}]
    first, second, third = geocode_names(rows, small, name_column="place", country="SY")
    assert (first["id"], first["place_id"], first["match_name"], first["country"]) == (
        "1",
        "admin1:SY.12",
        "Idlib",
        "SY",
    )
    assert (first["lon"], first["lat"]) == ("36.68000", "35.78000")
    assert 0 < float(first["score"]) <= 1
    assert "type-word" in first["reasons"].split("; ")
    for row in (second, third):
        assert {row[column] for column in ADDED_COLUMNS} == {""}


def test_rows_are_read_one_by_one(small: Gazetteer) -> None:
    def endless() -> object:
        while True:
            yield {"place": "Idlib"}

    rows = geocode_names(endless(), small, name_column="place")  # type: ignore[arg-type]
    assert next(rows)["place_id"] == next(rows)["place_id"] == "t:idlib"


def test_columns_that_are_there_keep_their_names(small: Gazetteer) -> None:
    (row,) = geocode_names([{"place": "Paris", "country": "US", "lon": "x"}], small, name_column="place")
    assert (row["country"], row["lon"]) == ("US", "x")
    assert (row["found_country"], row["found_lon"]) == ("FR", "2.34880")


def test_a_column_says_where_to_look(small: Gazetteer) -> None:
    rows = [
        {"place": "Paris", "where": "US", "state": ""},
        {"place": "Palmyra", "where": "Syria", "state": ""},
        {"place": "Palmyra", "where": "Atlantis", "state": ""},
        {"place": "Tripoli", "where": "", "state": "Iowa"},
    ]
    found = geocode_names(rows, small, name_column="place", country="LB", country_column="where", admin1_column="state")
    assert [row["place_id"] for row in found] == ["t:paris-us", "t:tadmur", "", "t:tripoli-lb"]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_tables_come_in_many_forms(small: Gazetteer, tmp_path: Path, separator: str, encoding: str) -> None:
    lines = [separator.join(cells) for cells in (("id", "place"), ("01", "إدلب"), ("02", '"Paris, Texas"'))]
    counts, rows = run(small, tmp_path, ("\r\n".join(lines) + "\r\n").encode(encoding))
    assert counts == Counts(rows=2, found=2, empty=0)
    assert [(row["id"], row["place_id"]) for row in rows] == [("01", "t:idlib"), ("02", "t:paris-us")]


def test_another_encoding_can_be_named(small: Gazetteer, tmp_path: Path) -> None:
    data = "place\nحلب\n".encode("cp1256")
    with pytest.raises(InputError, match=r"names\.csv: not UTF-8 \(byte 0xcd\); save it as UTF-8"):
        run(small, tmp_path, data)
    assert not (tmp_path / "out.csv").exists()
    _, (row,) = run(small, tmp_path, data, encoding="cp1256")
    assert row["place_id"] == "t:aleppo"
    with pytest.raises(InputError, match="encoding 'klingon' is unknown"):
        run(small, tmp_path, data, encoding="klingon")


def test_a_missing_column_is_named_with_those_there_are(small: Gazetteer, tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        run(small, tmp_path, b"id;town;country\n1;Idlib;SY\n")
    assert str(error.value).endswith("names.csv:1: no column 'place'; the columns are: id, town, country")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["names.csv"]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "the table is empty"),
        (b"\n\n", "the table is empty"),
        (b",,\n1,2,3\n", "no header"),
        (b"place,place\nIdlib,x\n", "two columns are called 'place'"),
        (b"place,id\nIdlib,1,2\n", r"names\.csv:2: 3 cells, the header has 2"),
        (b"PK\x03\x04\x00\x00\x00", "binary file"),
        ("place\nIdl".encode("utf-16") + b"\x00", "not UTF-16"),
    ],
)
def test_a_table_that_cannot_be_read_says_why(small: Gazetteer, tmp_path: Path, data: bytes, says: str) -> None:
    with pytest.raises(InputError, match=says) as error:
        run(small, tmp_path, data)
    assert "\n" not in str(error.value)
    assert not (tmp_path / "out.csv").exists()


def test_odd_rows_are_read(small: Gazetteer, tmp_path: Path) -> None:
    data = b'sep=;\nplace;note\n\nIdlib\n"al-\nBab";"two\nlines"\n;\nHama;"a;b"\n'
    counts, rows = run(small, tmp_path, data)
    assert counts == Counts(rows=3, found=3, empty=0)
    assert [row["place_id"] for row in rows] == ["t:idlib", "t:al-bab", "t:hama"]
    assert [row["note"] for row in rows] == ["", "two\nlines", "a;b"]


def test_no_cell_runs_in_a_spreadsheet(small: Gazetteer, tmp_path: Path) -> None:
    _, (row,) = run(small, tmp_path, b'place,note,lat\n"=cmd|x",@SUM(A1),-33.5\n')
    assert (row["place"], row["note"], row["lat"]) == ("'=cmd|x", "'@SUM(A1)", "-33.5")


def test_a_table_is_never_written_over_itself(small: Gazetteer, tmp_path: Path) -> None:
    source = tmp_path / "names.csv"
    source.write_text("place\nIdlib\n", encoding="utf-8")
    with pytest.raises(InputError, match="is the table that is read"):
        geocode_csv(source, tmp_path / "." / "names.csv", small, name_column="place")
    assert source.read_text(encoding="utf-8") == "place\nIdlib\n"


def test_what_was_there_stays_when_a_table_breaks_off(small: Gazetteer, tmp_path: Path) -> None:
    (tmp_path / "out.csv").write_text("old", encoding="utf-8")
    with pytest.raises(InputError):
        run(small, tmp_path, b"place,id\nIdlib,1\nHama,2,3\n")
    assert (tmp_path / "out.csv").read_text(encoding="utf-8") == "old"
    assert len(list(tmp_path.iterdir())) == 2


def test_missing_files_and_folders_are_named(small: Gazetteer, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no\.csv: there is no such file"):
        geocode_csv(tmp_path / "no.csv", tmp_path / "out.csv", small, name_column="place")
    source = tmp_path / "names.csv"
    source.write_text("place\nIdlib\n", encoding="utf-8")
    with pytest.raises(InputError, match="cannot be written"):
        geocode_csv(source, tmp_path / "no" / "out.csv", small, name_column="place")


def test_streams_serve_pipes(small: Gazetteer) -> None:
    out = io.StringIO()
    seen: list[int] = []
    data = b"place\n" + b"Idlib\n" * 2500
    counts = geocode_csv(io.BytesIO(data), out, small, name_column="place", progress=seen.append)
    assert counts == Counts(rows=2500, found=2500, empty=0)
    assert seen == [1000, 2000]
    assert len(out.getvalue().splitlines()) == 2501


def test_the_same_table_gives_the_same_bytes(small: Gazetteer) -> None:
    data = b"place\nIdlib\n40 km north of Aleppo\nKhan Cheikhoun\n"
    texts = []
    for _ in range(2):
        out = io.StringIO()
        geocode_csv(io.BytesIO(data), out, small, name_column="place")
        texts.append(out.getvalue())
    assert texts[0] == texts[1]
