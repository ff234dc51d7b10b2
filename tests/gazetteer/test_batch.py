from __future__ import annotations

import csv
import io
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazetteer import Gazetteer, InputError
from gazetteer.batch import ADDED_COLUMNS, UNKNOWN_COUNTRY, Counts, Lookup, geocode_csv, geocode_names

PLACE = Lookup("place")


def run(
    gazetteer: Gazetteer, folder: Path, data: bytes, lookup: Lookup = PLACE, *, encoding: str | None = None
) -> tuple[Counts, list[dict[str, str]]]:
    source, target = folder / "names.csv", folder / "out.csv"
    source.write_bytes(data)
    counts = geocode_csv(source, target, gazetteer, lookup, encoding=encoding)
    separator = max(",;\t|", key=target.read_text(encoding="utf-8").splitlines()[0].count)
    with target.open(encoding="utf-8", newline="") as stream:
        return counts, list(csv.DictReader(stream, delimiter=separator))


def test_each_row_gets_its_place(small: Gazetteer) -> None:
    rows = [{"id": "1", "place": "Idlib province"}, {"id": "2", "place": "Xyzzy"}, {"id": "3", "place": " "}]
    first, second, third = geocode_names(rows, small, Lookup("place", country="SY"))
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

    rows = geocode_names(endless(), small, PLACE)  # type: ignore[arg-type]
    assert next(rows)["place_id"] == next(rows)["place_id"] == "t:idlib"


def test_columns_that_are_there_keep_their_names(small: Gazetteer) -> None:
    (row,) = geocode_names([{"place": "Paris", "country": "US", "lon": "x"}], small, PLACE)
    assert (row["country"], row["lon"]) == ("US", "x")
    assert (row["found_country"], row["found_lon"]) == ("FR", "2.34880")


def test_a_column_says_where_to_look(small: Gazetteer) -> None:
    rows = [
        {"place": "Paris", "where": "US", "state": ""},
        {"place": "Palmyra", "where": "Syria", "state": ""},
        {"place": "Palmyra", "where": "Atlantis", "state": ""},
        {"place": "Palmyra", "where": "SYR", "state": ""},
        {"place": "Palmyra", "where": "U.S.", "state": ""},
        {"place": "Tripoli", "where": "", "state": "Iowa"},
    ]
    found = list(geocode_names(rows, small, Lookup("place", "where", "state", country="LB")))
    assert [row["place_id"] for row in found] == ["t:paris-us", "t:tadmur", "", "", "t:palmyra-us", "t:tripoli-lb"]
    assert [row["reasons"] for row in found][2:4] == [UNKNOWN_COUNTRY] * 2


def test_short_rows_of_other_readers_are_rows_without_a_name(small: Gazetteer) -> None:
    rows = csv.DictReader(io.StringIO("id,place\n1\n2,Idlib\n"))
    assert [row["place_id"] for row in geocode_names(rows, small, PLACE)] == ["", "t:idlib"]


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
    for unknown in ("klingon", "rot13"):
        with pytest.raises(InputError, match=f"encoding '{unknown}' is unknown"):
            run(small, tmp_path, data, encoding=unknown)


def test_a_missing_column_is_named_with_those_there_are(small: Gazetteer, tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        run(small, tmp_path, b"id;town;places;country\n1;Idlib;;SY\n")
    nearest = "places, country, id, town"
    assert str(error.value).endswith(f"names.csv:1: no column 'place'; the columns are: {nearest}")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["names.csv"]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "the table is empty"),
        (b"\n\n", "the table is empty"),
        (b",,\n1,2,3\n", "no header"),
        (b"place,place\nIdlib,x\n", "two columns are called 'place'"),
        (b"place,id\nIdlib,1,2\n", r"names\.csv:2: 3 cells, the header has 2"),
        (b"sep=,\nplace,id\nIdlib,1\nHama,1,2\n", r"names\.csv:4: 3 cells"),
        (b'id,place\n1,"Idlib\n\n2,Hama\n', r"names\.csv:2: this row is no CSV .*quote left open"),
        (b'id,place\n1,"a\nb"\n2,"Idlib" city\n', r"names\.csv:4: this row is no CSV .*quote"),
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


def test_a_header_may_have_separators_and_lines_in_quotes(small: Gazetteer, tmp_path: Path) -> None:
    data = 'id;"name,\nas written, in Arabic";size 5"\n1;إدلب;2\n'.encode()
    _, (row,) = run(small, tmp_path, data, Lookup("name, as written, in Arabic"))
    assert (row["id"], row['size 5"'], row["place_id"]) == ("1", "2", "t:idlib")


def test_a_long_cell_beside_the_name_is_kept(small: Gazetteer, tmp_path: Path) -> None:
    _, (row,) = run(small, tmp_path, b"place,report\nIdlib," + b"x" * 200_000 + b"\n")
    assert len(row["report"]) == 200_000


def test_no_cell_runs_in_a_spreadsheet(small: Gazetteer, tmp_path: Path) -> None:
    _, (row,) = run(small, tmp_path, b'place,note,lat,none,+1\n"=cmd|x",@SUM(A1),-33.5,-,-1+1\n')
    assert list(row.values())[:5] == ["'=cmd|x", "'@SUM(A1)", "-33.5", "-", "'-1+1"]


def test_a_carriage_return_inside_a_cell_does_not_break_the_row(small: Gazetteer, tmp_path: Path) -> None:
    _, (row,) = run(small, tmp_path, b'place,note\r\nIdlib,"old\rMac\r\nDOS"\r\n')
    assert (row["note"], row["place_id"]) == ("old\nMac\nDOS", "t:idlib")


def test_a_file_that_ends_in_tsv_has_tabs(small: Gazetteer, tmp_path: Path) -> None:
    geocode_csv(io.BytesIO(b"id,place\n1,Idlib\n"), tmp_path / "out.TSV", small, PLACE)
    assert (tmp_path / "out.TSV").read_text(encoding="utf-8").startswith("id\tplace\tplace_id\t")


def test_a_table_is_never_written_over_itself(small: Gazetteer, tmp_path: Path) -> None:
    source = tmp_path / "names.csv"
    source.write_text("place\nIdlib\n", encoding="utf-8")
    with pytest.raises(InputError, match="is the table that is read"):
        geocode_csv(source, tmp_path / "." / "names.csv", small, PLACE)
    assert source.read_text(encoding="utf-8") == "place\nIdlib\n"


def test_what_was_there_stays_when_a_table_breaks_off(small: Gazetteer, tmp_path: Path) -> None:
    (tmp_path / "out.csv").write_text("old", encoding="utf-8")
    with pytest.raises(InputError):
        run(small, tmp_path, b"place,id\nIdlib,1\nHama,2,3\n")
    assert (tmp_path / "out.csv").read_text(encoding="utf-8") == "old"
    assert len(list(tmp_path.iterdir())) == 2


def test_missing_files_and_folders_are_named(small: Gazetteer, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no\.csv: there is no such file"):
        geocode_csv(tmp_path / "no.csv", tmp_path / "out.csv", small, PLACE)
    source = tmp_path / "names.csv"
    source.write_text("place\nIdlib\n", encoding="utf-8")
    with pytest.raises(InputError, match="cannot be written"):
        geocode_csv(source, tmp_path / "no" / "out.csv", small, PLACE)


def test_streams_serve_pipes(small: Gazetteer) -> None:
    out = io.StringIO()
    seen: list[int] = []
    data = b"place\n" + b"Idlib\n" * 2500
    counts = geocode_csv(io.BytesIO(data), out, small, PLACE, progress=seen.append)
    assert counts == Counts(rows=2500, found=2500, empty=0)
    assert (len(seen), seen[0], seen[-1]) == (25, 100, 2500)
    assert len(out.getvalue().splitlines()) == 2501


def test_the_same_table_gives_the_same_bytes(small: Gazetteer) -> None:
    data = b"place\nIdlib\n40 km north of Aleppo\nKhan Cheikhoun\n"
    texts = []
    for _ in range(2):
        out = io.StringIO()
        geocode_csv(io.BytesIO(data), out, small, PLACE)
        texts.append(out.getvalue())
    assert texts[0] == texts[1]


@pytest.mark.skipif(os.name != "posix", reason="links and pipes of POSIX")
def test_links_stay_and_what_is_no_file_is_written_to(small: Gazetteer, tmp_path: Path) -> None:
    data = b"place\nIdlib\n"
    (tmp_path / "folder").mkdir()
    (tmp_path / "link.csv").symlink_to("folder/out.csv")
    geocode_csv(io.BytesIO(data), tmp_path / "link.csv", small, PLACE)
    assert (tmp_path / "link.csv").is_symlink()
    assert "t:idlib" in (tmp_path / "folder" / "out.csv").read_text(encoding="utf-8")
    geocode_csv(io.BytesIO(data), Path(os.devnull), small, PLACE)
    assert Path(os.devnull).is_char_device()


def test_a_missing_column_of_a_wide_table_is_one_short_line(small: Gazetteer, tmp_path: Path) -> None:
    header = ",".join(f"q{n}" for n in range(5000)) + ",Place\n"
    with pytest.raises(InputError, match=r"no column 'place'; the columns are: Place, .* and 4989 more$") as error:
        run(small, tmp_path, header.encode())
    assert len(str(error.value)) < 300


@given(st.lists(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0")), min_size=2, max_size=2)))
def test_what_a_table_held_comes_back_behind_the_apostrophes(small_file: Path, rows: list[list[str]]) -> None:
    """Any text in any cell: as many rows, the same cells, and none that a spreadsheet would run."""
    source, out = io.StringIO(), io.StringIO()
    csv.writer(source).writerows([["id", "place"], *rows])
    with Gazetteer.open(small_file) as small:
        geocode_csv(io.BytesIO(source.getvalue().encode()), out, small, PLACE)
    out.seek(0)
    got = [row[:2] for row in csv.reader(io.StringIO(out.getvalue(), newline=""))][1:]
    kept = [[cell.replace("\r\n", "\n").replace("\r", "\n") for cell in row] for row in rows]
    kept = [row for row in kept if any(cell.strip() for cell in row)]
    assert [[cell.removeprefix("'") for cell in row] for row in got] == [
        [cell.removeprefix("'") for cell in row] for row in kept
    ]
    assert not [cell for row in got for cell in row if cell[:1] in set("=@\t\n＝＋－＠")]


def test_an_interrupted_run_leaves_what_was_there(small: Gazetteer, tmp_path: Path) -> None:
    class Interrupted(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            return super().read(size) or self.stop()

        def stop(self) -> bytes:
            raise KeyboardInterrupt

    (tmp_path / "out.csv").write_text("old", encoding="utf-8")
    with pytest.raises(KeyboardInterrupt):
        geocode_csv(Interrupted(b"place\n" + b"Idlib\n" * 20_000), tmp_path / "out.csv", small, PLACE)
    assert [(path.name, path.read_text(encoding="utf-8")) for path in tmp_path.iterdir()] == [("out.csv", "old")]
