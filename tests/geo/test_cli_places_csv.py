"""`conflictmap places --csv` as its users meet it: a table in, the same table with places out."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import geo
from gazetteer import Gazetteer, Place, SourcePlace, build
from gazetteer.batch import ADDED_COLUMNS
from geo.cli import cli

CODE = Path(geo.__path__[0]).parent


def town(place_id: str, name: str, lon: float, lat: float, *, country: str, admin1: str, people: int) -> Place:
    return Place(place_id, name, lon, lat, "P", "PPL", country, admin1, population=people, source="test")


def area(place_id: str, name: str, code: str, *, country: str, admin1: str | None = None) -> Place:
    return Place(place_id, name, 38.0, 35.0, "A", code, country, admin1, radius_km=60.0, source="test")


PLACES = (
    SourcePlace(town("t:al-bab", "Al Bāb", 37.5157, 36.3705, country="SY", admin1="09", people=130_745), ("الباب",)),
    SourcePlace(town("t:idlib", "Idlib", 36.6339, 35.9306, country="SY", admin1="12", people=128_840), ("إدلب",)),
    SourcePlace(town("t:paris", "Paris", 2.3488, 48.8534, country="FR", admin1="11", people=2_138_551)),
    SourcePlace(town("t:paris-us", "Paris", -95.5555, 33.6609, country="US", admin1="TX", people=24_782)),
    SourcePlace(area("admin1:US.TX", "Texas", "ADM1", country="US", admin1="TX")),
    SourcePlace(area("country:SY", "Syria", "PCLI", country="SY"), ("سوريا",)),
    SourcePlace(area("country:US", "United States", "PCLI", country="US")),
    SourcePlace(area("country:FR", "France", "PCLI", country="FR")),
)
NAMES = "id,place\n007,al-Bab\n2,Xyzzy\n3,\n4,إدلب\n"
SUMMARY = "4 rows, 2 found, 1 not found, 1 without a name"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the small gazetteer and a table of names, which is the current one."""
    monkeypatch.chdir(tmp_path)
    build(Path("g.sqlite"), PLACES, meta={"version": "test", "sources": "[]"})
    Path("names.csv").write_text(NAMES, encoding="utf-8")
    return tmp_path


def run(*args: object, stdin: str | bytes | None = None, code: int = 0) -> Result:
    """Runs the command; no traceback may come, and the exit code is as expected."""
    command = ["places", "--gazetteer", "g.sqlite", *map(str, args)]
    result = CliRunner().invoke(cli, command, input=stdin)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert result.exit_code == code, result.stderr
    return result


def table(*args: object, data: str | bytes = NAMES, code: int = 0) -> Result:
    return run("--csv", "-", "--name-column", "place", *args, stdin=data, code=code)


def rows(text: str, separator: str = ",") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=separator))


def written(name: str = "out.csv") -> list[dict[str, str]]:
    return rows(Path(name).read_text(encoding="utf-8"))


# --- what comes out --------------------------------------------------------------------------------------------------


def test_a_table_comes_back_with_the_place_of_each_name() -> None:
    result = run("--csv", "names.csv", "--name-column", "place", "--country", "SY", "-o", "out.csv")
    assert (result.stdout, result.stderr) == ("", f"{SUMMARY}; table in out.csv\n")
    got = written()
    assert list(got[0]) == ["id", "place", *ADDED_COLUMNS]
    assert [(row["id"], row["place"], row["place_id"]) for row in got] == [
        ("007", "al-Bab", "t:al-bab"),
        ("2", "Xyzzy", ""),
        ("3", "", ""),
        ("4", "إدلب", "t:idlib"),
    ]
    assert (got[0]["lon"], got[0]["lat"], got[0]["country"]) == ("37.51570", "36.37050", "SY")
    assert os.listdir().count("out.csv") == len(os.listdir()) - 2 == 1


def test_a_dash_is_stdin_and_stdout() -> None:
    run("--csv", "names.csv", "--name-column", "place", "-o", "out.csv")
    for output in ([], ["-o", "-"]):
        result = table(*output)
        assert result.stdout == Path("out.csv").read_text(encoding="utf-8")
        assert result.stderr == f"{SUMMARY}\n"


def test_the_answer_is_the_one_that_a_single_name_gets(world: Gazetteer) -> None:
    names = ["al-Bab", "Idlib province", "Palmyra", "40 km north of Aleppo", "Xyzzyqqplugh"]
    args = ["--country", "SY", "--near", "37.2,36.2"]
    assert world.country("SY") is not None
    singly = CliRunner().invoke(cli, ["places", *names, *args])
    data = "place\n" + "\n".join(names) + "\n"
    batch = CliRunner().invoke(cli, ["places", "--csv", "-", "--name-column", "place", *args], input=data)
    answers = [json.loads(line)["candidates"] for line in singly.stdout.splitlines()]
    assert [row["place_id"] for row in rows(batch.stdout)] == [a[0]["place_id"] if a else "" for a in answers]


def test_options_and_columns_say_where_to_look() -> None:
    def best(data: str, *args: object) -> list[str]:
        return [row["place_id"] for row in rows(table(*args, data=data).stdout)]

    assert best("place\nParis\n") == ["t:paris"]
    assert best("place\nParis\n", "--country", "us") == ["t:paris-us"]
    assert best("place\nParis\n", "--admin1", "Texas") == ["t:paris-us"]
    assert best("place\nParis\n", "--near", "-95.5,33.6", "--country", "US") == ["t:paris-us"]
    data = "place,where,state\nParis,US,\nParis,,\nParis,France,Texas\nParis,Syria,\n"
    columns = ("--country-column", "where", "--admin1-column", "state")
    assert best(data, *columns) == ["t:paris-us", "t:paris", "t:paris", ""]
    assert best(data, *columns, "--country", "US")[1] == "t:paris-us"


def test_a_country_that_is_not_known_is_said_and_nothing_is_found_elsewhere() -> None:
    result = table("--country-column", "land", data="place,land\nParis,FRA\nParis,Atlantis\nParis,FR\n")
    assert [(row["place_id"], row["reasons"] == "unknown-country") for row in rows(result.stdout)] == [
        ("", True),
        ("", True),
        ("t:paris", False),
    ]
    said = result.stderr.splitlines()
    assert said[0].startswith("note: the country of 2 rows is not known (unknown-country in the column of reasons)")
    assert said[1] == "3 rows, 1 found, 2 not found, 0 without a name"


def test_columns_that_are_there_are_kept() -> None:
    (row,) = rows(table(data="place,country,lon,found_lon\nParis,gallia,x,y\n").stdout)
    assert [row[name] for name in ("country", "lon", "found_lon")] == ["gallia", "x", "y"]
    assert (row["found_country"], row["found_found_lon"]) == ("FR", "2.34880")


def test_a_table_from_a_spreadsheet_is_read_and_its_formulas_do_not_run() -> None:
    data = '\ufeffid;place;note\r\n1;"al-\r\nBab";"a;b"\r\n2;=SUM(A1);@x\r\n\r\n;;\r\n3;Idlib;-33,5\r\n'
    result = table(data=data.encode("utf-8"))
    got = rows(result.stdout, ";")
    assert [(row["id"], row["place"], row["note"]) for row in got] == [
        ("1", "al-\nBab", "a;b"),
        ("2", "'=SUM(A1)", "'@x"),
        ("3", "Idlib", "-33,5"),
    ]
    assert [row["place_id"] for row in got] == ["t:al-bab", "", "t:idlib"]
    assert result.stderr.startswith("3 rows, 2 found")


def test_an_encoding_can_be_named() -> None:
    data = "place\nالباب\n".encode("cp1256")
    assert "name its encoding: --encoding cp1256" in table(data=data, code=1).stderr
    assert rows(table("--encoding", "cp1256", data=data).stdout)[0]["place_id"] == "t:al-bab"


def test_the_same_table_gives_the_same_bytes() -> None:
    assert table().stdout_bytes == table().stdout_bytes


# --- wrong usage -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("args", "says"),
    [
        ([], "give either names, or a table with --csv FILE --name-column COLUMN"),
        (["Idlib", "--csv", "names.csv", "--name-column", "place"], "give either names, or a table"),
        (["--csv", "names.csv"], "--csv needs --name-column COLUMN"),
        (["Idlib", "--name-column", "place"], "--name-column goes with --csv"),
        (["Idlib", "--country-column", "land"], "--country-column goes with --csv"),
        (["Idlib", "--admin1-column", "land"], "--admin1-column goes with --csv"),
        (["Idlib", "--encoding", "utf-8"], "--encoding goes with --csv"),
        (["Idlib", "-o", "-"], "--output goes with --csv"),
        (["--csv", "names.csv", "--name-column", "place", "--limit", "3"], "--limit goes with names, not with --csv"),
        (["--csv", "names.csv", "--name-column", "place", "--json"], "--json goes with names, not with --csv"),
        (["--csv", "names.csv", "--name-column", "place", "--explain"], "--explain goes with names, not with --csv"),
        (["--csv", "names.csv", "--name-column", "place", "--online", "nominatim"], "--online goes with names"),
        (["--csv", "names.csv", "--name-column", "place", "--country", "Syria"], "'Syria' is no ISO 3166"),
        (["--csv", "names.csv", "--name-column", "place", "--near", "37"], "'37' is no point"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_usage_is_one_clear_line_and_exits_2(args: list[str], says: str) -> None:
    result = run(*args, code=2)
    assert result.stdout == ""
    assert says in result.stderr.splitlines()[-1]
    assert sorted(os.listdir()) == ["g.sqlite", "names.csv"]


# --- bad input, bad output -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ("id,Place,places,land\n1,x,y,z\n", "stdin:1: no column 'place'; the columns are: Place, places, land, id"),
        ("", "stdin: the table is empty"),
        ("place,id\nIdlib,1\nParis, Texas,2\n", "stdin:3: 3 cells, the header has 2; put quotes around cells with ','"),
        ('place,id\n"Idlib,1\nParis,2\n', "stdin:2: this row is no CSV"),
        (b"PK\x03\x04\x00\x00", "stdin: this is no CSV but a binary file; export the table as CSV"),
        (b"place\n\xc7\xe1\n", "stdin: not UTF-8 (byte 0xc7)"),
    ],
)
def test_a_bad_table_is_one_line_and_what_was_there_stays(data: str | bytes, says: str) -> None:
    Path("out.csv").write_text("old", encoding="utf-8")
    result = table("-o", "out.csv", data=data, code=1)
    assert result.stderr.startswith(f"Error: {says}")
    assert len(result.stderr.splitlines()) == 1
    assert sorted(os.listdir()) == ["g.sqlite", "names.csv", "out.csv"]
    assert Path("out.csv").read_text(encoding="utf-8") == "old"


def test_a_column_of_countries_or_divisions_must_be_there_too() -> None:
    for option in ("--country-column", "--admin1-column"):
        assert "no column 'land'; the columns are: " in table(option, "land", code=1).stderr


def test_a_missing_file_is_named() -> None:
    result = run("--csv", "no.csv", "--name-column", "place", "-o", "out.csv", code=1)
    assert result.stderr == "Error: no.csv: there is no such file; check the path\n"
    assert not Path("out.csv").exists()


@pytest.mark.parametrize(
    ("output", "says"),
    [
        ("names.csv", "this is an input; choose another name for the output"),
        ("./names.csv", "this is an input; choose another name for the output"),
        ("none/out.csv", "there is no folder 'none'"),
        (".", "is a folder"),
        ("out.xlsx", ".xlsx is for other files"),
        ("out.geojson", ".geojson is for other files"),
    ],
)
def test_an_output_that_cannot_be_is_one_line_and_nothing_is_written(output: str, says: str) -> None:
    result = run("--csv", "names.csv", "--name-column", "place", "-o", output, code=1)
    assert says in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert sorted(os.listdir()) == ["g.sqlite", "names.csv"]
    assert Path("names.csv").read_text(encoding="utf-8") == NAMES


def test_a_file_that_is_there_is_written_again() -> None:
    for _ in range(2):
        run("--csv", "names.csv", "--name-column", "place", "-o", "out.csv")
    assert len(written()) == 4


def test_a_name_that_would_move_the_cursor_is_shown_as_text() -> None:
    result = table(data="\x1b[2Jplace\u202e,id\nIdlib,1\n", code=1)
    assert "\x1b" not in result.stderr
    assert "\\x1b[2Jplace\\u202e" in result.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_a_full_disk_is_one_line() -> None:
    command = [sys.executable, "-m", "geo", "places", "--gazetteer", "g.sqlite", "--csv", "names.csv"]
    command += ["--name-column", "place"]
    environment = {**os.environ, "PYTHONPATH": str(CODE)}
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            command, env=environment, stdout=full, stderr=subprocess.PIPE, text=True, check=False, timeout=60
        )
    assert done.returncode == 1
    assert done.stderr == "Error: stdout: No space left on device; check the file or disk\n"
    result = run("--csv", "names.csv", "--name-column", "place", "-o", "/dev/full", code=1)
    assert result.stderr.startswith("Error: /dev/full: cannot be written (No space left on device)")


def test_names_alone_do_not_load_what_tables_need() -> None:
    code = (
        "import sys; from geo.cli import cli; cli(sys.argv[1:], standalone_mode=False); "
        "print('gazetteer.batch' in sys.modules, 'rich' in sys.modules, file=sys.stderr)"
    )
    environment = {**os.environ, "PYTHONPATH": str(CODE)}
    for args, loaded in ((["Idlib"], "False False"), (["--csv", "names.csv", "--name-column", "place"], "True False")):
        command = [sys.executable, "-c", code, "places", "--gazetteer", "g.sqlite", *args]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=60)
        assert done.stderr.splitlines()[-1] == loaded
