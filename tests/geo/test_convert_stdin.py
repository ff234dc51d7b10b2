"""`convert -` reads what is piped in, and tables of any length in the memory of a batch."""

from __future__ import annotations

import gzip
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from geo.cli import cli
from geo.event import Event
from geo.formats import Export, write_export
from geo.readers import SeenIds
from geo.readers.stdin import as_file
from geo.table import Row, event_row, events_to_jsonl

MakeEvent = Callable[..., Event]

pytestmark = pytest.mark.usefixtures("world")

TABLE = "Date;Town;Killed\n2017-01-18;al-Bab;3\n2017-01-40;al-Bab;3\n"


@pytest.fixture(autouse=True)
def _in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def run(*args: object, stdin: bytes = b"", code: int = 0) -> Result:
    result = CliRunner().invoke(cli, [str(arg) for arg in args], input=stdin)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert result.exit_code == code, result.stderr
    return result


@pytest.fixture
def rows(make_event: MakeEvent) -> list[Row]:
    events = [make_event(), make_event("area", level="adm1", radius_km=80.0), make_event("nowhere", place=None)]
    return [event_row(event, provenance="conflictmap 0.1", country_names={"SY": "Syria"}) for event in events]


@pytest.mark.parametrize("suffix", [".csv", ".geojson", ".geojsonl", ".gpkg", ".parquet", ".xlsx"])
def test_the_format_of_stdin_is_told_by_its_content(suffix: str, rows: list[Row]) -> None:
    path = Path(f"events{suffix}")
    write_export(path, Export(rows), suffix[1:])
    run("convert", path, "-o", "from-file.geojson")
    for data, name in ((path.read_bytes(), "a"), (gzip.compress(path.read_bytes()), "b")):
        if name == "b" and suffix in (".gpkg", ".parquet", ".xlsx"):
            continue  # a file that must be read from its middle is not read packed
        result = run("convert", "-", "-o", f"{name}.geojson", stdin=data)
        assert result.stderr == f"3 events; events in {name}.geojson\n"
        assert Path(f"{name}.geojson").read_bytes() == Path("from-file.geojson").read_bytes()


def test_whole_events_come_through_a_pipe_whole(make_event: MakeEvent) -> None:
    given = events_to_jsonl([make_event()], provenance="conflictmap 0.1", country_names={"SY": "Syria"})
    run("convert", "-", "-o", "o.jsonl", stdin=given.encode())
    assert Path("o.jsonl").read_text(encoding="utf-8") == given


def test_messages_say_stdin_and_the_line() -> None:
    result = run("convert", "-", "-o", "o.geojson", stdin=TABLE.encode(), code=1)
    said = result.stderr.splitlines()
    assert said[0] == "note: stdin: columns: date = Date, place = Town, killed = Killed"
    assert said[1].startswith("refused: stdin:3: date_start: '2017-01-40' is no day")
    assert said[2:] == ["1 event, 1 row refused; events in o.geojson"]
    (feature,) = json.loads(Path("o.geojson").read_text(encoding="utf-8"))["features"]
    assert feature["properties"]["provenance"].startswith("stdin.csv; read by conflictmap")


@pytest.mark.parametrize(
    ("args", "stdin", "code", "said"),
    [
        (("-", "-o", "o.csv"), b"", 1, "Error: stdin: is empty"),
        (("-", "-o", "o.csv"), b"a,b\n1,2\n", 1, "Error: stdin: no column of places"),
        (("-", "-o", "o.csv", "--from", "geojson"), b"a,b\n1,2\n", 1, "Error: stdin: "),
        (("-", "-", "-o", "o.csv"), TABLE.encode(), 2, "there is one"),
        (("t.csv", "-o", "o.csv", "--from", "csv"), b"", 2, "--from goes with -"),
        (("-", "-o", "o.csv"), b"\x89PNG\r\n\x1a\n\0\0", 1, "Error: stdin: this is no text"),
    ],
)
def test_what_cannot_be_read_is_one_line(args: tuple[str, ...], stdin: bytes, code: int, said: str) -> None:
    Path("t.csv").write_text(TABLE, encoding="utf-8")
    result = run("convert", *args, stdin=stdin, code=code)
    assert said in result.stderr
    assert "conflictmap-" not in result.stderr  # the copy's folder


def test_stdin_and_files_go_into_one() -> None:
    Path("t.csv").write_text("date,place\n2017-01-19,Idlib\n", encoding="utf-8")
    run("convert", "-", "t.csv", "-o", "o.geojsonl", stdin=b"date,place\n2017-01-18,al-Bab\n")
    assert len(Path("o.geojsonl").read_text(encoding="utf-8").splitlines()) == 2


def test_the_copy_is_gone_afterwards() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("t.csv", TABLE)
    with as_file(io.BytesIO(packed.getvalue())) as path:
        assert path.name == "stdin.zip"
    assert not path.parent.exists()


# --- long tables -----------------------------------------------------------------------------------------------------


def test_ids_are_remembered_across_the_arrays_that_they_go_into() -> None:
    seen = SeenIds(waiting=7)
    assert all(seen.add(f"id {n}") for n in range(100))
    assert not any(seen.add(f"id {n}") for n in range(100))
    assert seen.add("another")


def _lines(n: int) -> Iterator[str]:
    yield "id,date,place,lat,lon,killed,summary\n"
    for i in range(n):
        yield f"{i},2017-01-{1 + i % 28:02d},Place {i % 50},{33 + i % 300 / 100},{36 + i % 500 / 100},{i % 5},{'A made-up note. ' * 8}\n"


@pytest.mark.slow
def test_many_times_the_rows_take_no_more_memory() -> None:
    resource = pytest.importorskip("resource", reason="the system tells no peak memory")
    code = (
        "import resource, sys\nfrom geo.cli import cli\n"
        "try:\n    cli(sys.argv[1:])\nfinally:\n    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)\n"
    )
    peaks = []
    for n in (1_000, 25_000):
        with Path("t.csv").open("w", encoding="utf-8") as out:
            out.writelines(_lines(n))
        with Path("t.csv").open("rb") as stdin:
            done = subprocess.run(
                [sys.executable, "-c", code, "convert", "-", "-o", "o.geojson"],
                stdin=stdin, capture_output=True, text=True, check=True, env={"PYTHONPATH": str(Path(__file__).parents[2])},
            )  # fmt: skip
        assert f"{n} events" in done.stderr
        peaks.append(int(done.stdout) * (1 if sys.platform == "darwin" else 1024) / 1e6)
    assert resource is not None
    assert peaks[1] - peaks[0] < 25  # megabytes; the rows of the longer file as objects are some 80
