"""The commands as their users meet them: what goes where, exit codes, bad input, and that nothing is sent or lost."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

import geo
from gazetteer import Gazetteer, LonLat, Place, SourcePlace, build
from geo.cli import cli
from geo.event import ROLES
from geo.table import COLUMNS, events_from_jsonl

pytestmark = pytest.mark.usefixtures("world")

CODE = Path(geo.__path__[0]).parent
EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
SEEDS = Path(__file__).resolve().parents[2] / "../shared/seeds"

NEWS = """Title: Strikes in the north
Published: 2017-01-20
Publisher: Example Wire
URL: https://example.org/1

Russian aircraft struck the town of al-Bab in Aleppo province on Wednesday, killing three people and wounding eleven, the
monitoring group said. Shelling hit the city of Idlib on January 19, according to residents of the town.
"""
HOSTILE = "</script><img src=x onerror=alert(1)>`${alert(2)}`"


def run(*args: object, stdin: str | bytes | None = None, code: int = 0) -> Result:
    """Runs the command in this process; no traceback may come, and the exit code is as expected."""
    result = CliRunner().invoke(cli, [str(arg) for arg in args], input=stdin)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert result.exit_code == code, result.stderr
    return result


def process(*args: object, cwd: Path | None = None, **options: Any) -> subprocess.CompletedProcess[bytes]:
    """Runs the command as its users do, in a process of its own."""
    command = [sys.executable, "-m", "geo", *map(str, args)]
    options.setdefault("stdin", subprocess.DEVNULL if "input" not in options else None)
    environment = {**os.environ, "PYTHONPATH": str(CODE), **options.pop("env", {})}
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, timeout=60, check=False, **options)


def lines(result: Result) -> list[str]:
    """What was said on stderr, line by line."""
    assert "Traceback" not in result.stderr
    return result.stderr.splitlines()


def features(text: str) -> list[dict[str, Any]]:
    """The features of a GeoJSON text, which is checked to be one."""
    collection = json.loads(text)
    assert collection["type"] == "FeatureCollection"
    for feature in collection["features"]:
        assert feature["type"] == "Feature"
        assert list(feature["properties"]) == [column.name for column in COLUMNS]
        if feature["geometry"] is not None:
            assert feature["geometry"]["type"] == "Point"
            lon, lat = feature["geometry"]["coordinates"]
            assert -180 <= lon <= 180
            assert -90 <= lat <= 90
    return list(collection["features"])


def commands(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            assert child is not None
            yield from commands(child, (*path, name))


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that is the current one, so that messages show short names."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def article(here: Path) -> str:
    return save("news.txt", NEWS)


def save(name: str, content: str | bytes) -> str:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return name


# --- help and usage --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [path for path, _ in commands(cli)], ids=lambda path: " ".join(path) or "conflictmap")
def test_every_command_has_help_with_an_example_of_itself(path: tuple[str, ...]) -> None:
    for option in ("--help", "-h"):
        shown = run(*path, option).stdout
        assert "Usage:" in shown
        assert f"  conflictmap {' '.join(path)}".rstrip() in shown


def test_every_option_says_what_it_does() -> None:
    for path, command in commands(cli):
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert parameter.help or parameter.name == "help", (path, parameter.name)


def test_help_lists_every_command_with_its_first_line() -> None:
    listed = run("--help").stdout.partition("\nCommands:\n")[2].splitlines()
    found = [line.split(maxsplit=1) for line in listed]
    assert [name for name, _ in found] == [
        "compare", "convert", "doctor", "evaluate", "gazetteer", "geocode", "map", "places", "review", "toponyms",
    ]  # fmt: skip
    by_path = dict(commands(cli))
    assert all((by_path[name,].help or "").startswith(text.removesuffix("...")) for name, text in found)


@pytest.mark.parametrize("asked", ["convert", "compare", "evaluate", "review", "gazetteer"])
def test_a_command_of_a_module_of_its_own_is_imported_when_asked_for(asked: str) -> None:
    assert f"geo.{asked}_cli" in modules_of(asked, "--help")


def test_an_unknown_command_is_named_with_the_one_that_may_be_meant() -> None:
    context = click.Context(cli)
    with pytest.raises(click.UsageError, match="'nonsense'"):
        cli.resolve_command(context, ["nonsense"])
    assert set(cli.commands) == set(cli.list_commands(context))  # click looks for near names among these
    assert lines(run("nonsense", code=2))[-1] == "Error: No such command 'nonsense'."


def test_the_version_is_said() -> None:
    assert run("--version").stdout.startswith("conflictmap, version ")


@pytest.mark.parametrize(
    "args",
    [
        ["nonsense"],
        ["geocode"],
        ["map"],
        ["toponyms"],
        ["places"],
        ["gazetteer", "nonsense"],
        ["geocode", "news.txt", "--nonsense"],
        ["geocode", "news.txt", "--format", "xml"],
        ["geocode", "news.txt", "--published", "yesterday"],
        ["geocode", "news.txt", "--published", "2017-02-30"],
        ["toponyms", "news.txt", "--published", ""],
        ["geocode", "news.txt", "--country", "Syria"],
        ["geocode", "news.txt", "--country", "ßß"],
        ["geocode", "news.txt", "--country", ""],
        ["geocode", "news.txt", "--country", "UK"],
        ["places", "Aleppo", "--country", "Syria"],
        ["places", "Aleppo", "--country", "UK"],
        ["geocode", "news.txt", "--near", "Aleppo"],
        ["geocode", "news.txt", "--near", "37"],
        ["geocode", "news.txt", "--near", "200,36"],
        ["map", "news.txt", "--near", "37,96"],
        ["map", "news.txt", "--near", "nan,nan"],
        ["places", "Aleppo", "--near", "inf,0"],
        ["places", "Aleppo", "--limit", "0"],
        ["geocode", "news.txt", "--jobs", "0"],
        ["geocode", "news.txt", "--jobs", "two"],
        ["toponyms", "news.txt", "--roles", "evnt"],
        ["toponyms", "news.txt", "--roles", ""],
    ],
    ids=" ".join,
)
def test_wrong_usage_exits_2_with_the_value_on_stderr(article: str, args: list[str]) -> None:
    result = run(*args, code=2)
    assert result.stdout == ""
    assert "Error: " in lines(result)[-1]
    assert os.listdir() == [article]


# --- geocode ---------------------------------------------------------------------------------------------------------


def test_geocode_writes_geojson_on_stdout_and_the_counts_on_stderr(article: str) -> None:
    result = run("geocode", article)
    found = features(result.stdout)
    assert {f["properties"]["place"] for f in found} >= {"Al Bāb", "Idlib"}
    assert lines(result) == [f"1 article, {len(found)} events (0 background, 0 unlocated)"]


def test_the_suffix_of_the_output_picks_the_format(article: str) -> None:
    shown = features(run("geocode", article).stdout)
    for name in ("out.geojson", "OUT.GeoJSON", "out.json", "out.jsonl", "out.ndjson", "out.csv"):
        result = run("geocode", article, "-o", name)
        assert result.stdout == ""
        assert lines(result)[-1].endswith(f"; events in {name}")
    ids = [feature["id"] for feature in shown]
    assert features(Path("out.geojson").read_text("utf-8")) == features(Path("out.json").read_text("utf-8")) == shown
    assert [e.event_id for e in events_from_jsonl(Path("out.jsonl").read_text("utf-8").split("\n"))] == ids
    assert Path("out.jsonl").read_bytes() == Path("out.ndjson").read_bytes()
    rows = list(csv.DictReader(io.StringIO(Path("out.csv").read_text("utf-8"))))
    assert [row["event_id"] for row in rows] == ids
    assert list(rows[0])[3:6] == ["place", "longitude", "latitude"]


def test_format_overrides_the_suffix(article: str) -> None:
    run("geocode", article, "-o", "out.txt", "--format", "csv")
    assert Path("out.txt").read_text("utf-8").startswith("event_id,")
    assert run("geocode", article, "--format", "jsonl").stdout.startswith('{"schema": "conflictmap-event/')
    assert run("geocode", article, "--format", "csv", "-o", "-").stdout.startswith("event_id,")


@pytest.mark.parametrize("name", ["out.gpx", "out", "out.html"])
def test_an_unknown_suffix_is_named_with_the_way_out(article: str, name: str) -> None:
    result = run("geocode", article, "-o", name, code=1)
    assert "--format" in lines(result)[-1]
    assert not Path(name).exists()


def test_a_folder_and_stdin_are_read(here: Path) -> None:
    save("articles/one.txt", NEWS)
    save("articles/sub/two.txt", NEWS.replace("al-Bab", "Jarabulus"))
    save("articles/README.md", "no article")
    assert "2 articles" in lines(run("geocode", "articles"))[-1]
    assert features(run("geocode", "-", stdin=NEWS).stdout) != []
    jsonl = json.dumps({"id": 7, "text": NEWS.split("\n\n")[1], "date": "2017-01-20"}) + "\n"
    (first, *_) = features(run("geocode", "-", stdin=jsonl).stdout)
    assert first["properties"]["article_ids"] == "7"


def test_published_dates_articles_without_one_and_is_said_when_it_serves_several(here: Path) -> None:
    text = NEWS.split("\n\n")[1]
    save("one.txt", text)
    undated = run("geocode", "one.txt")
    assert "note: 1 of 1 articles have no date (one)" in undated.stderr
    assert {f["properties"]["date_method"] for f in features(undated.stdout)} <= {"stated", None}
    dated = run("geocode", "one.txt", "--published", "2017-01-20")
    assert {f["properties"]["date_start"] for f in features(dated.stdout)} >= {"2017-01-18", "2017-01-19"}
    assert len(lines(dated)) == 1
    save("two.txt", text)
    both = run("geocode", "one.txt", "two.txt", "--published", "2017-01-20")
    assert lines(both)[0].startswith("note: 2 articles without a date of their own were read as of 2017-01-20")


def test_hints_and_merging_are_options(article: str) -> None:
    run("geocode", article, "--country", "sy", "--country", "TR", "--near", "37.5,36.4", "--no-merge")
    save("again.txt", NEWS.replace("Example Wire", "Another Wire"))
    merged = features(run("geocode", article, "again.txt").stdout)
    assert {f["properties"]["n_reports"] for f in merged} == {2}
    assert len(features(run("geocode", article, "again.txt", "--no-merge").stdout)) == 2 * len(merged)


def test_explain_says_on_stderr_what_was_read_and_why(article: str) -> None:
    result = run("geocode", article, "--explain")
    assert result.stdout == run("geocode", article).stdout
    assert "== news (published 2017-01-20)" in lines(result)
    assert any("Air/drone strike; al-Bab" in line for line in lines(result))


def test_no_event_is_no_error(here: Path) -> None:
    save("dull.txt", "The committee met to discuss the budget for the year and agreed that more work was needed on it.")
    assert features(run("geocode", "dull.txt").stdout) == []
    for name in ("out.geojson", "out.jsonl", "out.csv", "out.html"):
        run("map" if name == "out.html" else "geocode", "dull.txt", "-o", name)
    assert features(Path("out.geojson").read_text()) == []
    assert Path("out.jsonl").read_text() == ""
    assert len(Path("out.csv").read_text().splitlines()) == 1
    assert Path("out.html").stat().st_size > 100_000


# --- map -------------------------------------------------------------------------------------------------------------


def test_map_writes_one_page_named_map_html(article: str) -> None:
    result = run("map", article, "--title", "Northern <b>Syria</b>")
    assert result.stdout == ""
    assert "; map in map.html" in lines(result)[-1]
    page = Path("map.html").read_text("utf-8")
    assert "<title>Northern &lt;b&gt;Syria&lt;/b&gt;</title>" in page
    assert sorted(os.listdir()) == ["map.html", article]


def test_map_draws_what_geocode_wrote(article: str) -> None:
    for name in ("events.geojson", "events.json", "events.jsonl"):
        run("geocode", article, "-o", name)
        result = run("map", name, "-o", f"{name}.html")
        assert lines(result) == [f"2 events; map in {name}.html"]
        assert Path(f"{name}.html").stat().st_size > 100_000
    run("map", "events.geojson", "events.json", "-o", "both.html")
    assert run("map", "events.jsonl", "-o", "-").stdout == Path("events.jsonl.html").read_text("utf-8")


def test_events_written_by_other_json_tools_are_events(article: str) -> None:
    run("geocode", article, "-o", "events.jsonl")
    records = [json.loads(line) for line in Path("events.jsonl").read_text("utf-8").splitlines()]
    save("tight.jsonl", "\ufeff" + "".join(json.dumps(record, separators=(",", ":")) + "\r\n" for record in records))
    assert lines(run("map", "tight.jsonl")) == ["2 events; map in map.html"]


def test_articles_and_files_of_events_go_on_one_page_and_each_event_once(article: str) -> None:
    run("geocode", article, "-o", "events.geojson")
    run("geocode", article, "-o", "events.jsonl")
    save(
        "flat.jsonl",
        '{"longitude": 37.5, "latitude": 36.4, "place": "Somewhere", "date_start": "2017-01-18"}\n\n{"event_type": "Riots"}\n',
    )
    assert lines(run("map", "events.geojson", "events.jsonl", "-o", "both.html")) == ["2 events; map in both.html"]
    said = lines(run("map", "events.geojson", "flat.jsonl"))
    assert "points are taken for towns" in said[0]
    assert said[1:] == ["4 events; map in map.html"]
    run("map", article, "flat.jsonl", "events.jsonl", "-o", "all.html")
    page = Path("all.html").read_text("utf-8")
    assert '"count":4,' in page
    assert '"Somewhere"' in page


def test_tiles_are_asked_from_one_host_and_credited(article: str) -> None:
    url = "https://tiles.example.org/{z}/{x}/{y}.png"
    run("map", article, "--tiles", url, "--attribution", "Tiles: <b>Example</b>")
    page = Path("map.html").read_text("utf-8")
    assert "img-src data: https://tiles.example.org;" in page
    assert "<b>Example</b>" not in page
    for arguments in (["--tiles", url], ["--attribution", "Example"]):
        assert "go together" in run("map", article, *arguments, code=2).stderr
    assert "give an address such as" in run("map", article, "--tiles", "tiles", "--attribution", "x", code=1).stderr


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["none.geojson"], "none.geojson: there is no such file; check the name"),
        (["events.geojson", "none.geojson"], "none.geojson: there is no such file; check the name"),
        (["cut.geojson"], "cut.geojson"),
        (["folder.geojson"], "folder.geojson: cannot be read"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_bad_file_of_events_is_one_line(article: str, names: list[str], message: str) -> None:
    run("geocode", article, "-o", "events.geojson")
    run("geocode", article, "-o", "events.jsonl")
    save("cut.geojson", Path("events.geojson").read_bytes()[:700])
    Path("folder.geojson").mkdir()
    result = run("map", *names, code=1)
    assert len(lines(result)) == 1
    assert lines(result)[0].startswith(f"Error: {message}")
    assert not Path("map.html").exists()


def test_rows_that_cannot_be_used_are_listed_and_the_others_are_drawn(article: str) -> None:
    run("geocode", article, "-o", "events.jsonl")
    whole = Path("events.jsonl").read_text("utf-8")
    save("cut.jsonl", whole + whole[:700])
    save("flat.jsonl", '{"event_type": "Battles"}\n{"killed_low": "many"}\n')
    result = run("map", "flat.jsonl", "cut.jsonl", code=1)
    assert lines(result)[0] == "refused: flat.jsonl:2: killed_low 'many' is no integer"
    assert lines(result)[1].startswith("refused: cut.jsonl:3: not JSON")
    assert lines(result)[2:] == ["3 events, 2 rows refused; map in map.html"]
    assert "; map in map.html" in lines(run("map", "flat.jsonl", "--lenient"))[-1]
    assert "2 rows refused; map in" in lines(run("map", article, "flat.jsonl", "cut.jsonl", code=1))[-1]


def test_when_no_row_can_be_used_an_earlier_map_is_left_as_it_is(article: str) -> None:
    run("geocode", article, "-o", "events.jsonl")
    save("cut.jsonl", Path("events.jsonl").read_bytes()[:700])
    save("latin.geojson", "{é".encode("latin-1"))
    save("map.html", "an earlier map")
    for name, problem in (("cut.jsonl", "not JSON"), ("latin.geojson", "not UTF-8 (")):
        result = run("map", name, code=1)
        assert lines(result)[0].startswith(f"refused: {name}:1: {problem}")
        assert lines(result)[1:] == ["0 events, 1 row refused; map.html was not written"]
    assert Path("map.html").read_text() == "an earlier map"


# --- toponyms --------------------------------------------------------------------------------------------------------

TOPONYM_KEYS = ["start", "end", "text", "lat", "lon", "place_id", "name", "country", "feature", "role", "confidence"]


def records(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_toponyms_writes_one_line_a_document_with_offsets_into_its_text(article: str) -> None:
    documents: list[dict[str, Any]] = [
        {"id": 1, "text": NEWS.split("\n\n")[1]},
        {"id": "ü", "text": "\U0001f600 Shelling hit Idlib."},
        {"id": "none", "text": "no names in here at all"},
    ]
    save("docs.jsonl", "".join(json.dumps(document) + "\n" for document in documents))
    result = run("toponyms", "docs.jsonl", article)
    found = records(result.stdout)
    assert [record["id"] for record in found] == ["1", "ü", "none", "news"]
    texts = [*(document["text"] for document in documents), NEWS.split("\n\n")[1]]
    for record, text in zip(found, texts, strict=True):
        assert list(record) == ["id", "toponyms"]
        for toponym in record["toponyms"]:
            assert list(toponym) == TOPONYM_KEYS
            assert text[toponym["start"] : toponym["end"]] == toponym["text"]
            assert toponym["role"] in ROLES
            assert toponym["confidence"] in ("high", "medium", "low")
            assert (toponym["lat"] is None) == (toponym["lon"] is None) == (toponym["place_id"] is None)
    (idlib,) = found[1]["toponyms"]
    assert (idlib["start"], idlib["country"], idlib["feature"]) == (15, "SY", "P.PPLA")
    n_names = sum(len(record["toponyms"]) for record in found)
    assert lines(result) == [f"4 articles, {n_names} names (0 not placed)"]


def test_roles_filter_toponyms(article: str) -> None:
    (everything,) = records(run("toponyms", article).stdout)
    roles = {toponym["role"] for toponym in everything["toponyms"]}
    assert {"demonym", "mention"} <= roles
    (some,) = records(run("toponyms", article, "--roles", "demonym, metonym").stdout)
    assert some["toponyms"] == [t for t in everything["toponyms"] if t["role"] in ("demonym", "metonym")]
    assert {t["name"] for t in some["toponyms"]} == {"Russia"}


def test_toponyms_go_to_a_file_and_reasons_to_stderr(article: str) -> None:
    shown = run("toponyms", article).stdout
    result = run("toponyms", article, "-o", "names.jsonl", "--explain")
    assert result.stdout == ""
    assert Path("names.jsonl").read_text("utf-8") == shown
    assert any("al-Bab (mention" in line for line in lines(result))
    assert lines(result)[-1].endswith("; toponyms in names.jsonl")


def test_a_line_stays_a_line_for_every_reader(here: Path) -> None:
    save("odd.jsonl", json.dumps({"id": "a\u2028b\x85c\x1b[31m", "text": "Shelling hit Idlib."}))
    (record,) = records(run("toponyms", "odd.jsonl").stdout)
    assert record["id"] == "a\u2028b\x85c\x1b[31m"


# --- places, gazetteer, doctor ---------------------------------------------------------------------------------------

NAMES = {
    "al-Bab": (37.5, 36.4),
    "Idlib": (36.6, 35.9),
    "al-Fu'ah": (36.7, 36.0),
    "Palmyra": (38.3, 34.6),
    "Dayr al-Zawr": (40.1, 35.3),
    "Kefraya": (36.7, 36.0),
}


@pytest.mark.parametrize("options", [[], ["--country", "SY"]], ids=["anywhere", "in Syria"])
def test_the_places_of_the_war_are_found(options: list[str]) -> None:
    found = records(run("places", *NAMES, *options).stdout)
    assert [record["name"] for record in found] == list(NAMES)
    for record in found:
        best = record["candidates"][0]
        lon, lat = NAMES[record["name"]]
        assert best["country"] == "SY"
        assert abs(best["lon"] - lon) < 0.1
        assert abs(best["lat"] - lat) < 0.1
        assert best["reasons"]
        scores = [candidate["score"] for candidate in record["candidates"]]
        assert scores == sorted(scores, reverse=True)
        if options:
            assert {candidate["country"] for candidate in record["candidates"]} == {"SY"}


@pytest.mark.parametrize("name", ["Xyzzyqqplugh", "", " ", "\udcff", "'; DROP TABLE place; --", "%", "x" * 10_000])
def test_an_unknown_name_is_an_empty_answer(name: str) -> None:
    (record,) = records(run("places", "--", name).stdout)
    assert record["candidates"] == []


def test_places_are_limited_ranked_and_explained() -> None:
    (record,) = records(run("places", "Tripoli", "--limit", 1, "--near", "35.8,34.4").stdout)
    assert [candidate["country"] for candidate in record["candidates"]] == ["LB"]
    result = run("places", "Idlib province", "--explain")
    assert records(result.stdout)[0]["candidates"][0]["feature"] == "A.ADM1"
    assert lines(result)[0] == "Idlib province"


def test_gazetteer_info_names_sources_and_licences(world: Gazetteer) -> None:
    info = json.loads(run("gazetteer", "info").stdout)
    assert info["places"] > 200_000
    assert info["version"] == world.version
    assert {"GeoNames", "Natural Earth"} <= {source["name"] for source in info["sources"]}
    assert all(source["licence"] and source["attribution"] for source in info["sources"])


def test_doctor_finds_nothing_to_mend() -> None:
    result = run("doctor")
    assert [line[:6] for line in result.stdout.splitlines()] == ["ok    "] * 5


def test_doctor_names_the_extra_that_is_missing_and_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    from importlib import util

    real = util.find_spec
    monkeypatch.setattr(util, "find_spec", lambda name: None if name in ("pyarrow", "yaml") else real(name))
    said = run("doctor").stdout.splitlines()
    assert [line for line in said if "pip install" in line] == [
        "ok    GeoPackage, GeoParquet, FlatGeobuf, Shapefile and XLSX: not installed (pyarrow); who needs it: "
        "pip install 'conflictmap[gis]'",
        "ok    corrections as YAML: not installed (yaml); who needs it: pip install 'conflictmap[yaml]'",
    ]


@pytest.mark.skipif(not (CODE / "pyproject.toml").is_file(), reason="pyproject.toml is only in a source tree")
def test_doctor_knows_every_extra_that_adds_to_what_the_commands_can() -> None:
    from geo.cli import _EXTRAS

    extras = tomllib.loads((CODE / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    for_work = set(extras) - {"bench", "clients", "dev", "docs", "test", "train"}
    assert set(_EXTRAS) == for_work
    for name, (_, modules) in _EXTRAS.items():
        brought = {re.split("[<>=]", line)[0].replace("pyyaml", "yaml") for line in extras[name]}
        assert set(modules) == brought


def test_a_table_on_a_terminal_takes_names_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    from geo.cli import _print_places

    with Gazetteer.open() as gazetteer:
        _print_places([("[/b]\x1b[2J", []), ("[bold]Idlib", gazetteer.find("Idlib", limit=2))])
    shown = capsys.readouterr().out
    assert "[/b]\\x1b[2J" in shown
    assert "[bold]Idlib" in shown
    assert "35.9310" in shown


# --- promises: same bytes, offline, light ----------------------------------------------------------------------------


@pytest.mark.skipif(not EXAMPLES.is_dir(), reason="examples/ is only in a source tree")
def test_same_input_gives_the_same_bytes_in_every_format_with_one_process_or_two(here: Path) -> None:
    """Other processes, hash seeds, time zones and locales; and articles that stand in another place."""
    for run_number, jobs in enumerate((1, 2)):
        env = {"PYTHONHASHSEED": str(run_number), "TZ": ("UTC", "Asia/Tokyo")[run_number], "LC_ALL": "C"}
        folder = here / f"run {jobs}"
        folder.mkdir()
        for name in ("a.geojson", "a.jsonl", "a.csv", "a.html"):
            command = "map" if name.endswith("html") else "geocode"
            done = process(command, EXAMPLES, "-o", name, "--jobs", jobs, cwd=folder, env=env)
            assert done.returncode == 0, done.stderr
    for name in ("a.geojson", "a.jsonl", "a.csv", "a.html"):
        first, second = (here / f"run {jobs}" / name for jobs in (1, 2))
        assert first.read_bytes() == second.read_bytes(), name


def test_nothing_opens_a_socket(article: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **_options: object) -> None:
        raise AssertionError(f"a socket was asked for: {args}")

    for owner, name in ((socket.socket, "connect"), (socket.socket, "connect_ex"), (socket, "getaddrinfo")):
        monkeypatch.setattr(owner, name, refuse)
    run("geocode", article, "-o", "events.geojson")
    run("toponyms", article)
    run("places", "al-Bab", "No Such Place")
    run("map", article)
    run("map", "events.geojson")
    run("doctor")


def modules_of(*args: str) -> set[str]:
    """The modules that a process has imported when a command is done."""
    code = (
        "import sys; from geo.cli import cli; cli(sys.argv[1:], standalone_mode=False); "
        "print(*sorted(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *args],
        env={**os.environ, "PYTHONPATH": str(CODE)},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return set(done.stderr.splitlines()[-1].split())


@pytest.mark.parametrize("args", [["geocode", "news.txt"], ["toponyms", "news.txt"], ["places", "Idlib", "Palmra"]])
def test_reading_commands_import_neither_pandas_nor_folium(article: str, args: list[str]) -> None:
    loaded = modules_of(*args)
    assert "click" in loaded
    assert (
        loaded & {"pandas", "geopandas", "numpy", "shapely", "folium", "branca", "geopy", "rich", "trafilatura"}
        == set()
    )


def test_one_article_imports_nothing_that_only_other_commands_and_options_need(article: str) -> None:
    loaded = modules_of("geocode", article)
    others = {
        f"geo.{name}" for name in ("compare", "corrected", "evaluate", "fragments", "readers", "review", "workers")
    }
    commands_elsewhere = {name for name in loaded if name.endswith("_cli")}
    assert loaded & (others | {"multiprocessing", "webbrowser", "html.parser"}) == commands_elsewhere == set()


def test_it_runs_from_any_folder_with_a_home_that_cannot_be_written(here: Path) -> None:
    save("a folder/news.txt", NEWS)
    home = here / "home"
    home.write_text("a file, where nothing can be made")
    env = {"HOME": str(home), "XDG_CACHE_HOME": str(home), "XDG_DATA_HOME": str(home), "PYTHONDONTWRITEBYTECODE": "1"}
    done = process("map", "news.txt", "-o", "../map.html", cwd=here / "a folder", env=env)
    assert (done.returncode, done.stdout) == (0, b""), done.stderr
    assert (here / "map.html").stat().st_size > 100_000
    assert home.read_text() == "a file, where nothing can be made"


def test_text_is_utf8_whatever_the_locale_says(here: Path) -> None:
    save("ü.txt", NEWS)
    env = {"LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = process("geocode", "ü.txt", cwd=here, env=env)
    assert done.returncode == 0
    assert "Al Bāb" in {feature["properties"]["place"] for feature in features(done.stdout.decode("utf-8"))}


# --- bad input -------------------------------------------------------------------------------------------------------

ARABIC = "قصف الطيران الحربي مدينة الباب في ريف حلب"
BAD_INPUTS = [
    ("missing.txt", None, "there is no such file"),
    ("empty.txt", b"", "this file is empty"),
    ("blank.txt", b" \n\n\t ", "this file is empty"),
    ("header.txt", b"Title: A title\n", "no text after the header"),
    ("binary.txt", bytes(range(256)) * 20, "a binary file"),
    ("null.txt", b"Shelling hit Idlib\0 on Monday.", "a binary file"),
    ("arabic.txt", ARABIC.encode("cp1256"), "iconv -f cp1256"),
    ("report.pdf", b"%PDF-1.7 \xe2\xe3", "pdftotext report.pdf report.txt"),
    ("really-a-pdf.txt", b"%PDF-1.7 \xe2\xe3", "pdftotext"),
    ("report.docx", b"PK\x03\x04", "pandoc report.docx"),
    ("report.doc", b"\xd0\xcf\x11\xe0", "save it as plain text"),
    ("picture.png", b"\x89PNG", "'.png' files are not read"),
    ("list.json", b"[1, 2", "not JSON"),
    ("table.csv", b"id,body\n1,x\n", "no column is called 'text'"),
    ("feed.xml", b"<html>", "not an RSS or Atom feed"),
    ("https://example.org/news.html", None, "web addresses are not fetched"),
    ("folder", None, "no article in this folder"),
]


@pytest.mark.parametrize(("name", "content", "message"), BAD_INPUTS, ids=[name for name, _, _ in BAD_INPUTS])
@pytest.mark.parametrize("command", ["geocode", "toponyms"])
def test_a_bad_input_is_one_line_and_the_others_are_read(
    article: str, command: str, name: str, content: bytes | None, message: str
) -> None:
    if name == "folder":
        Path(name).mkdir()
    elif content is not None:
        save(name, content)
    if name.endswith(".xml"):
        pytest.importorskip("feedparser", reason="feeds need the extra [web]")
    result = run(command, name, article, code=1)
    said = lines(result)
    assert len(said) == 2
    assert said[0].startswith(f"skipped: {name}: ")
    assert message in said[0]
    assert said[1].startswith("1 article, ")
    assert said[1].endswith(", 1 skipped")
    assert result.stdout == run(command, article).stdout
    assert run(command, name, article, "--lenient").stdout == result.stdout


def test_bad_lines_are_named_and_counted_and_the_others_are_read(here: Path) -> None:
    text = NEWS.split("\n\n")[1]
    good = json.dumps({"id": "good", "text": text, "published": "2017-01-20"})
    save("dump.jsonl", f'{good}\n{{oops\n[1]\n{{"id": 3}}\n{good[:-1]}, "id": "more"}}\n')
    result = run("geocode", "dump.jsonl", "-o", "out.csv", code=1)
    said = lines(result)
    assert [line.split(":")[1:3] for line in said[:3]] == [[" dump.jsonl", str(number)] for number in (2, 3, 4)]
    assert said[3].startswith("2 articles, 2 events ")
    assert said[3].endswith(", 3 skipped; events in out.csv")
    assert len(Path("out.csv").read_text("utf-8").splitlines()) == 3
    assert "3 skipped; map in map.html" in run("map", "dump.jsonl", code=1).stderr


@pytest.mark.parametrize("command", ["geocode", "toponyms", "map"])
def test_when_nothing_could_be_read_an_earlier_output_is_left_as_it_is(here: Path, command: str) -> None:
    name = "old.html" if command == "map" else "old.jsonl"
    save(name, "from an earlier run")
    result = run(command, "missing.txt", "-o", name, code=1)
    assert lines(result)[-1].endswith(f", 1 skipped; {name} was not written")
    assert Path(name).read_text() == "from an earlier run"


def test_empty_standard_input_is_one_line(here: Path) -> None:
    result = run("geocode", "-", stdin="", code=1)
    assert features(result.stdout) == []
    assert lines(result)[0] == "skipped: stdin: this file is empty"


def small_gazetteer(path: Path) -> bytes:
    """The bytes of a whole gazetteer file with one place."""
    place = Place("t:1", "Idlib", 36.6, 35.9, "P", "PPLA", "SY")
    build(path, [SourcePlace(place)], meta={"version": "1", "sources": "[]"})
    return path.read_bytes()


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("missing", "there is no gazetteer file here"),
        ("empty", "the file is empty"),
        ("text", "no gazetteer file"),
        ("foreign", "not a conflictmap gazetteer"),
        ("cut", "cut off"),
        ("stub", "no gazetteer file"),
        ("damaged", "damaged"),
        ("folder", "cannot be read"),
    ],
)
def test_a_bad_gazetteer_is_one_line_and_stops_the_run(article: str, kind: str, message: str) -> None:
    path = Path("my.sqlite")
    whole = small_gazetteer(Path("whole.sqlite"))
    contents = {"empty": b"", "text": b"al-Bab\n" * 50, "cut": whole[: len(whole) // 2], "stub": whole[:60]}
    if kind == "folder":
        path.mkdir()
    elif kind == "foreign":
        with sqlite3.connect(path) as connection:
            connection.execute("CREATE TABLE place (id TEXT)")
        connection.close()
    elif kind == "damaged":
        path.write_bytes(whole[:4096] + b"\xa5" * (len(whole) - 4096))
    elif kind != "missing":
        path.write_bytes(contents[kind])
    for args in (["geocode", article], ["map", article], ["toponyms", article], ["places", "x"], ["gazetteer", "info"]):
        result = run(*args, "--gazetteer", path, code=1)
        assert result.stdout == ""
        assert len(lines(result)) == 1
        assert lines(result)[0].startswith("Error: my.sqlite: ")
        assert message in lines(result)[0]
    assert not Path("map.html").exists()


def test_a_gazetteer_of_ones_own_is_taken_alone(article: str) -> None:
    small_gazetteer(Path("own.sqlite"))
    (record,) = records(run("places", "al-Bab", "--gazetteer", "own.sqlite").stdout)
    assert record["candidates"] == []
    found = features(run("geocode", article, "--gazetteer", "own.sqlite", "--country", "SY").stdout)
    assert {f["properties"]["place_id"] for f in found} == {"t:1", None}


# --- outputs ---------------------------------------------------------------------------------------------------------

WRITERS = [("geocode", "out.geojson"), ("map", "out.html"), ("toponyms", "out.jsonl")]


@pytest.mark.parametrize(("command", "name"), WRITERS)
@pytest.mark.parametrize("where", ["folder", "no folder", "below a file", "protected folder", "protected file"])
def test_an_output_that_cannot_be_written_is_one_line_before_anything_is_read(
    article: str, command: str, name: str, where: str
) -> None:
    output = Path(name)
    if where == "folder":
        output.mkdir()
    elif where == "no folder":
        output = Path("none") / name
    elif where == "below a file":
        output = Path(article) / name
    else:
        output = Path("protected") / name
        output.parent.mkdir()
        output.write_text("")
        protected = output if where == "protected file" else output.parent
        protected.chmod(0o500)
        if os.access(protected, os.W_OK):
            pytest.skip("this user may write everywhere")
    result = run(command, article, "missing.txt", "-o", output, code=1)
    assert len(lines(result)) == 1
    assert lines(result)[0].startswith(f"Error: {output}: ")


@pytest.mark.parametrize("given", ["./page.html", "link.html", "folder", "folder/../folder"])
def test_an_output_is_never_an_input(here: Path, given: str) -> None:
    save("page.html", "<html><p>an article</p>")
    save("folder/page.html", "<html><p>an article</p>")
    Path("link.html").symlink_to("page.html")
    output = "folder/page.html" if "folder" in given else "page.html"
    assert lines(run("map", given, "-o", output, code=1)) == [
        f"Error: {output}: this is an input; choose another name for the output"
    ]
    assert Path(output).read_text() == "<html><p>an article</p>"


@pytest.mark.parametrize("command", ["map", "toponyms", "geocode"])
def test_an_article_behind_o_is_not_written_over(here: Path, command: str) -> None:
    """`map -o *.txt` becomes `map -o one.txt two.txt`."""
    save("one.txt", NEWS)
    save("two.txt", NEWS)
    run(command, "-o", "one.txt", "two.txt", code=1)
    assert Path("one.txt").read_text() == NEWS


def test_an_output_in_the_folder_of_the_articles_can_be_written_again(here: Path) -> None:
    save("articles/one.txt", NEWS)
    for name in ("events.jsonl", "events.csv", "events.json", "events.geojson"):
        run("geocode", "articles/one.txt", "-o", f"articles/{name}")
        run("geocode", "articles", "-o", f"articles/{name}", "--lenient")
    run("map", "articles/one.txt", "-o", "articles/map.html")
    run("map", "articles", "-o", "articles/map.html", "--lenient")


def test_a_page_in_the_folder_of_the_articles_is_no_article(here: Path) -> None:
    pytest.importorskip("trafilatura", reason="web pages need the extra [web]")
    save("one.txt", NEWS)
    first = lines(run("map", "."))
    page = Path("map.html").read_bytes()
    assert lines(run("map", ".")) == first
    assert Path("map.html").read_bytes() == page


def test_an_output_behind_a_link_is_written_and_the_link_stays(article: str) -> None:
    save("elsewhere/page.html", "")
    Path("page.html").symlink_to("elsewhere/page.html")
    run("map", article, "-o", "page.html")
    assert Path("page.html").is_symlink()
    assert Path("elsewhere/page.html").stat().st_size > 100_000


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_a_full_disk_is_one_line(article: str) -> None:
    for args in (["geocode", article], ["toponyms", article], ["places", "Idlib"]):
        with open("/dev/full", "wb") as full:
            done = subprocess.run(
                [sys.executable, "-m", "geo", *args],
                env={**os.environ, "PYTHONPATH": str(CODE)},
                stdin=subprocess.DEVNULL,
                stdout=full,
                stderr=subprocess.PIPE,
                text=True,
                check=False,
                timeout=60,
            )
        assert done.returncode == 1
        assert done.stderr.splitlines() == ["Error: stdout: No space left on device; check the file or disk"]


@pytest.mark.skipif(os.name != "posix", reason="pipes and signals of POSIX")
def test_a_reader_that_goes_away_ends_the_command_without_a_word(here: Path) -> None:
    document = json.dumps({"text": NEWS.split("\n\n")[1]}) + "\n"
    save("many.jsonl", document * 200)
    command = [sys.executable, "-m", "geo", "toponyms", "many.jsonl"]
    with subprocess.Popen(
        command, env={**os.environ, "PYTHONPATH": str(CODE)}, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.readline()
        running.stdout.close()
        assert running.stderr.read() == b""
        assert running.wait(60) == 1


@pytest.mark.skipif(os.name != "posix", reason="pipes and signals of POSIX")
@pytest.mark.parametrize(("command", "name"), WRITERS)
def test_an_interrupted_run_leaves_no_half_written_file(here: Path, command: str, name: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "geo", command, "-", "-o", name],
        env={**os.environ, "PYTHONPATH": str(CODE)},
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as running:
        assert running.stdin is not None
        assert running.stderr is not None
        running.stdin.write(json.dumps({"text": NEWS}).encode() + b"\n{oops\n")
        running.stdin.flush()
        assert running.stderr.readline().startswith(b"skipped: stdin:2: ")  # it has begun, and waits for more
        running.send_signal(signal.SIGINT)
        assert running.wait(60) == 1
        assert running.stderr.read().split() == [b"Aborted!"]
    assert os.listdir() == []


def test_a_closed_standard_input_matters_only_to_who_reads_it(article: str) -> None:
    code = "import sys; sys.stdin = None; from geo.cli import main; main()"
    for given, status in ((article, 0), ("-", 1)):
        done = subprocess.run(
            [sys.executable, "-c", code, "geocode", given],
            env={**os.environ, "PYTHONPATH": str(CODE)},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == status
        assert len(done.stderr.splitlines()) == 1


# --- hostile and odd articles ----------------------------------------------------------------------------------------


def test_a_hostile_article_is_data_everywhere(here: Path) -> None:
    title = f"Title: {HOSTILE} al-Fu'ah\n"
    text = NEWS.replace("Title: Strikes in the north\n", title).replace(
        "the town of al-Bab", f"the town of al-Fu'ah {HOSTILE}"
    )
    save("evil.txt", text)
    found = features(run("geocode", "evil.txt").stdout)
    assert "al-Fu'ah" in {feature["properties"]["place"] for feature in found}
    assert any(HOSTILE in feature["properties"]["quote"] for feature in found)
    run("geocode", "evil.txt", "-o", "evil.jsonl")
    run("map", "evil.txt", "-o", "evil.html", "--title", HOSTILE)
    run("map", "evil.jsonl", "-o", "again.html", "--title", HOSTILE)
    for name in ("evil.html", "again.html"):
        assert "<img src=x" not in Path(name).read_text("utf-8")


def test_nothing_from_an_article_reaches_the_terminal_as_a_command(here: Path) -> None:
    record = {"id": "\x1b[31mred\n[/b]\u202e", "text": f"{NEWS.split(chr(10) * 2)[1]} \x1b[2J\x07 In Homs, too."}
    save("evil.jsonl", json.dumps(record))
    for args in (["geocode", "--explain"], ["toponyms", "--explain"], ["map"]):
        said = run(*args, "evil.jsonl").stderr
        assert said.replace("\n", "").isprintable()
        if args != ["toponyms", "--explain"]:
            assert "(\\x1b[31mred\\n[/b]\\u202e)" in said


def test_lone_surrogates_and_nul_in_json_become_characters_that_can_be_written(here: Path) -> None:
    text = '"Shelling hit Idlib \\ud800\\u0000 on 3 January 2017, killing five \\udc00 of the people in the market."'
    save("odd.jsonl", f'{{"id": "s", "title": "\\ud83d", "text": {text}}}\n')
    for name in ("out.geojson", "out.jsonl", "out.csv", "out.html"):
        run("map" if name == "out.html" else "geocode", "odd.jsonl", "-o", name)
        assert "\ufffd" in Path(name).read_text("utf-8") or name == "out.html"
    assert records(run("toponyms", "odd.jsonl").stdout)[0]["toponyms"][0]["name"] == "Idlib"


def test_one_name_five_thousand_times_is_read(here: Path) -> None:
    save("many.txt", "Shelling hit Aleppo and the town. " * 5000)
    (record,) = records(run("toponyms", "many.txt").stdout)
    assert len(record["toponyms"]) == 5000
    assert {toponym["name"] for toponym in record["toponyms"]} == {"Aleppo"}


def test_capitals_are_read(here: Path) -> None:
    save("caps.txt", NEWS.split("\n\n")[1].upper())
    (record,) = records(run("toponyms", "caps.txt").stdout)
    assert {"Russia", "Al Bāb", "Idlib"} <= {toponym["name"] for toponym in record["toponyms"]}


def test_a_small_word_in_capitals_is_no_place(here: Path) -> None:
    save("caps.txt", NEWS.split("\n\n")[1].upper())
    assert {f["properties"]["place"] for f in features(run("geocode", "caps.txt").stdout)} <= {"Al Bāb", "Idlib"}


def test_a_headline_is_english(here: Path) -> None:
    save(
        "head.txt",
        "Syrian army shells Idlib; 5 killed, 12 wounded. Russian jets hit Khan Sheikhoun, Saraqib. Strikes go on.",
    )
    assert "not English" not in run("geocode", "head.txt").stderr


def test_the_first_day_of_the_calendar_is_no_day_of_publication(here: Path) -> None:
    """Databases write it for "unknown"."""
    text = "Shelling hit Idlib on 5 January 2017, killing five. On Monday, planes bombed Aleppo, killing four."
    save("net.jsonl", json.dumps({"text": text, "published": "0001-01-01T00:00:00"}))
    for feature in features(run("geocode", "net.jsonl").stdout):
        assert feature["properties"]["published"] is None


@pytest.mark.parametrize(
    "text",
    [
        "قصف الطيران الحربي مدينة الباب في ريف حلب الشرقي وقتل ثلاثة أشخاص وفق ما أعلن المرصد السوري",
        "Российская авиация нанесла удар по городу Эль-Баб в провинции Алеппо, сообщили в министерстве обороны страны",
        "Rus uçakları El Bab yakınlarında bir binayı vurdu, üç asker öldü, çatışmalar Halep bölgesinde sürüyor dediler",
    ],
    ids=["Arabic", "Russian", "Turkish"],
)
def test_other_languages_give_place_names_and_a_note(here: Path, text: str) -> None:
    save("text.txt", text)
    result = run("geocode", "text.txt")
    assert features(result.stdout) == []
    assert "note: text: not English; place names only, no events are read" in lines(result)
    (record,) = records(run("toponyms", "text.txt").stdout)
    assert {toponym["name"] for toponym in record["toponyms"]} >= {"Al Bāb", "Aleppo"}


def test_a_file_name_is_text_and_may_begin_with_a_dash(here: Path) -> None:
    for name in ("a b.txt", "-dash.txt", "a'b\"c.txt", "[x]*?.txt", "ünï.txt"):
        save(name, NEWS)
        found = features(run("geocode", "--", name).stdout)
        assert {feature["properties"]["article_ids"] for feature in found} == {Path(name).stem}


@pytest.mark.skipif(not SEEDS.is_dir(), reason="../shared/seeds is not there")
def test_real_pages_are_read_by_every_command(here: Path) -> None:
    result = run("geocode", SEEDS, "-o", "seeds.geojson")
    assert lines(result)[-1].startswith("5 articles, ")
    assert features(Path("seeds.geojson").read_text("utf-8"))
    texts = sorted(SEEDS.glob("*.txt"))
    for record, path in zip(records(run("toponyms", *texts).stdout), texts, strict=True):
        text = path.read_text("utf-8")
        assert all(text[t["start"] : t["end"]] == t["text"] for t in record["toponyms"])
    run("map", SEEDS, "-o", "seeds.html")


def test_a_point_is_longitude_first() -> None:
    (record,) = records(run("places", "Palmyra", "--near", "-75.0,40.0", "--limit", 1).stdout)
    assert LonLat(lon=record["candidates"][0]["lon"], lat=record["candidates"][0]["lat"]).lon < 0
