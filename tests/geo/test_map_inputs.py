"""The map opens what `convert` reads, several files at once, and lays rows of others beside the user's own."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from geo.cli import cli
from geo.event import Event, When
from geo.formats import Export, write_export
from geo.formats.tables import ACLED_COLUMNS
from geo.map_inputs import is_event_file, span_of
from geo.table import event_row, events_to_jsonl

MakeEvent = Callable[..., Event]

pytestmark = pytest.mark.usefixtures("world")

SHARED = Path(__file__).resolve().parents[2] / "../shared/data/events"
ARTICLE = "Title: A raid\nPublished: 2017-01-19\n\nJets struck a market in al-Bab on Wednesday, killing 14 people.\n"
INCIDENTS = "Date;Town;Killed\n2017-01-18;al-Bab;3\n2017-01-20;Nowhereville-on-Sea;1\n"


@pytest.fixture(autouse=True)
def _in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def run(*args: object, code: int = 0) -> Result:
    result = CliRunner().invoke(cli, [str(arg) for arg in args])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert result.exit_code == code, result.stderr
    return result


def data_of(page: str = "map.html") -> dict[str, Any]:
    """What the page holds of its events."""
    text = Path(page).read_text("utf-8")
    found = re.search(r'<script type="application/json" id="event_layer_\w+_data">(.*?)</script>', text, re.DOTALL)
    assert found is not None
    return json.loads(found[1])


def acled(*changes: dict[str, str]) -> str:
    """An ACLED export in our own words."""
    line = dict.fromkeys(ACLED_COLUMNS, "") | {
        "event_id_cnty": "SYR1", "event_date": "2017-01-18", "year": "2017", "time_precision": "1", "event_type": "Battles",
        "sub_event_type": "Armed clash", "actor1": "First group", "actor2": "Second group", "iso": "760", "country": "Syria",
        "admin1": "Aleppo", "location": "Al Bab", "latitude": "36.3699", "longitude": "37.5179", "geo_precision": "1",
        "source": "Example Wire", "notes": "A clash of our own making", "fatalities": "3",
    }  # fmt: skip
    out = io.StringIO()
    writer = csv.DictWriter(out, ACLED_COLUMNS)
    writer.writeheader()
    writer.writerows(line | change for change in changes)
    return out.getvalue()


@pytest.fixture
def ours(make_event: MakeEvent) -> Path:
    rows = [event_row(make_event(), provenance="conflictmap 0.1", country_names={"SY": "Syria"})]
    write_export(Path("ours.geojson"), Export(rows), "geojson")
    return Path("ours.geojson")


# --- which inputs are events -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text", "is_events"),
    [
        ("a.csv", "id,text\n1,News\n", False),
        ("a.csv", "id,date,location,Text\n1,2017-01-18,Aleppo,News\n", False),
        ("a.csv", INCIDENTS, True),
        ("a.csv", "name,size\nx,1\n", False),
        ("a.csv", "", False),
        ("a.tsv", "lat\tlon\n36.2\t37.1\n", True),
        ("a.jsonl", '{"id": "1", "text": "News"}\n', False),
        ("a.jsonl", '{"id": "1", "text": "News", "event_type": "Riots"}\n', False),
        ("a.jsonl", '{"event_type": "Riots"}\n', True),
        ("a.json", '[{"id": 1, "text": "News"}]', False),
        ("a.json", '{"type": "FeatureCollection", "features": []}', True),
        ("a.jsonl", "{oops\n", False),
        ("a.txt", INCIDENTS, False),
        ("none.gpkg", None, True),
        ("none.csv", None, False),
    ],
)
def test_a_file_is_one_of_events_by_what_is_in_it(name: str, text: str | None, is_events: bool) -> None:
    if text is not None:
        Path(name).write_text(text, encoding="utf-8")
    assert is_event_file(name) is is_events


@pytest.mark.parametrize("suffix", [".geojson", ".geojsonl", ".csv", ".gpkg", ".parquet", ".fgb", ".xlsx"])
def test_the_map_opens_every_format_that_convert_reads(suffix: str, make_event: MakeEvent) -> None:
    rows = [event_row(make_event(), provenance="conflictmap 0.1", country_names={"SY": "Syria"})]
    path = Path(f"events{suffix}")
    write_export(path, Export(rows), suffix[1:])
    assert run("map", path).stderr == "1 event; map in map.html\n"
    assert data_of()["events"]["place"] == ["Palmyra"]


def test_tables_of_several_kinds_and_articles_go_on_one_page(ours: Path) -> None:
    Path("news.txt").write_text(ARTICLE, encoding="utf-8")
    Path("incidents.csv").write_text(INCIDENTS, encoding="utf-8")
    Path("acled.csv").write_text(acled({}), encoding="utf-8")
    result = run("map", "news.txt", ours, "incidents.csv", "acled.csv")
    assert "columns: date = Date, place = Town, killed = Killed" in result.stderr
    data = data_of()
    assert data["count"] == 5
    assert set(data["events"]["place"]) >= {"Palmyra", "Al Bab"}
    reasons = [reason for reason in data["events"]["reason"] if reason]
    assert reasons == ["the gazetteer knows no place 'Nowhereville-on-Sea'"]


@pytest.mark.parametrize(
    "name", ["ucdp_ged_syria_sample.csv", "gdelt1_events_sample.export.CSV", "gdelt1_gkg_sample.gkg.csv"]
)
def test_real_exports_are_drawn_no_finer_than_they_are_known(name: str) -> None:
    path = SHARED / name
    if not path.is_file():
        pytest.skip(f"{name} is not here")
    run("map", path)
    data = data_of()
    levels = [level["level"] for level in data["style"]["levels"]]
    kinds = {levels[code] for code in data["events"]["level"] if code is not None}
    assert {"country", "adm1"} <= kinds
    assert data["credits"] != []


def test_a_plain_table_can_be_told_its_columns_days_and_country() -> None:
    Path("odd.csv").write_text("A,B\n03/04/2017,Tripoli\n", encoding="utf-8")
    given = ("map", "odd.csv", "--map-column", "place=B", "--map-column", "date=A")
    assert "--dates dmy" in run(*given, code=1).stderr
    run(*given, "--dates", "mdy", "--country", "LY")
    events = data_of()["events"]
    assert (events["country"], events["start"]) == (["LY"], [(date(2017, 3, 4) - date(1970, 1, 1)).days])


def test_no_events_are_a_map_and_a_file_of_none() -> None:
    Path("none.json").write_text('{\n"type": "FeatureCollection",\n"features": [\n]\n}\n', encoding="utf-8")
    assert run("map", "none.json").stderr == "0 events; map in map.html\n"
    assert run("convert", "none.json", "-o", "none.csv").stderr == "0 events; events in none.csv\n"
    assert len(Path("none.csv").read_text(encoding="utf-8").splitlines()) == 1


def test_a_column_that_is_named_makes_a_table_one_of_events_also_beside_a_text() -> None:
    Path("t.csv").write_text("date,location,text\n2017-01-18,Idlib,what we saw\n", encoding="utf-8")
    assert not is_event_file("t.csv")
    assert is_event_file("t.csv", {"summary": "text"})
    assert not is_event_file("t.csv", {"summary": "no such column"})


def test_a_type_that_the_table_does_not_give_is_not_made_up() -> None:
    Path("plain.csv").write_text("date,lat,lon\n2017-01-18,36.2,37.1\n", encoding="utf-8")
    run("map", "plain.csv")
    data = data_of()
    assert data["style"]["types"][data["events"]["type"][0]]["event_type"] == "Not coded"
    assert data["events"]["confidence"] == [None]


def test_the_page_says_what_made_its_events_and_with_which_profile(make_event: MakeEvent) -> None:
    hand = "; corrected by hand: place (A. Reader); checked (B. Other)"
    for name, provenance in (
        ("a.geojson", "conflictmap 0.1; rules abc" + hand),
        ("b.geojson", "conflictmap 0.1; rules abc"),
    ):
        rows = [event_row(make_event(name), provenance=provenance, country_names={})]
        write_export(Path(name), Export(rows), "geojson")
    run("map", "a.geojson", "b.geojson")
    assert data_of()["provenance"] == "conflictmap 0.1; rules abc"
    run("convert", "a.geojson", "-o", "public.geojson", "--profile", "public")
    run("map", "public.geojson")
    assert data_of()["provenance"] == "conflictmap 0.1; rules abc; profile public"
    text = events_to_jsonl([make_event()], provenance="conflictmap 0.2", country_names={})
    Path("c.jsonl").write_text(text, encoding="utf-8")
    run("map", "c.jsonl", "b.geojson")
    assert data_of()["provenance"] == "conflictmap 0.2 | conflictmap 0.1; rules abc"


# --- beside ----------------------------------------------------------------------------------------------------------


def test_rows_of_others_lie_in_a_layer_of_their_own(ours: Path) -> None:
    Path("acled.csv").write_text(
        acled(
            {}, {"event_id_cnty": "SYR2", "geo_precision": "3"}, {"event_id_cnty": "SYR3", "event_date": "2019-01-18"}
        ),
        encoding="utf-8",
    )
    result = run("map", ours, "--beside", "acled.csv")
    assert "acleddata.com" in result.stderr
    assert "WARNING: these rows are ACLED's: its terms forbid passing them on or publishing them" in result.stderr
    assert "1 of 3 rows have no day or one outside of 2017-01-18 to 2017-01-18" in result.stderr
    assert result.stderr.endswith("1 event; map in map.html\n")
    data = data_of()
    assert (data["count"], len(data["events"]["id"])) == (1, 3)
    (layer,) = data["beside"]
    assert (layer["name"], layer["count"]) == ("ACLED", 2)
    assert "acleddata.com" in layer["attribution"]
    assert "forbid" in layer["warning"]
    levels = [level["level"] for level in data["style"]["levels"]]
    assert [levels[code] for code in data["events"]["level"]] == ["near", "settlement", "part"]


def test_two_files_of_one_maker_are_two_layers(ours: Path) -> None:
    for name, event_id in (("one.csv", "SYR1"), ("two.csv", "SYR2")):
        Path(name).write_text(acled({"event_id_cnty": event_id}), encoding="utf-8")
    run("map", ours, "--beside", "one.csv", "--beside", "two.csv", "--beside", ours)
    assert [layer["name"] for layer in data_of()["beside"]] == ["ACLED", "ACLED: two.csv", "ours.geojson"]
    assert len(set(data_of()["events"]["id"])) == 4  # ours lies beside itself under another id


def test_bad_rows_beside_are_refused_like_any_other(ours: Path) -> None:
    Path("acled.csv").write_text(acled({}, {"geo_precision": "9"}), encoding="utf-8")
    result = run("map", ours, "--beside", "acled.csv", code=1)
    assert "refused: acled.csv:3: geo_precision '9' is none of 1 to 3" in result.stderr
    assert "1 event, 1 row refused; map in map.html" in result.stderr


def test_a_map_is_never_written_over_what_lies_beside(ours: Path) -> None:
    Path("map.html").write_text(acled({}), encoding="utf-8")
    assert "this is an input" in run("map", ours, "--beside", "map.html", code=1).stderr


def test_the_days_of_events_are_those_of_the_main_ones(make_event: MakeEvent) -> None:
    old = When(date(1982, 2, 2), date(1982, 2, 28), "in 1982", "stated")
    background = make_event("old", when=old, prominence="background")
    assert span_of([background, make_event()]) == (date(2017, 1, 18), date(2017, 1, 18))
    assert span_of([background]) == (date(1982, 2, 2), date(1982, 2, 28))
    assert span_of([{"date_start": "2017-01-18"}, {}]) == (date(2017, 1, 18), date(2017, 1, 18))
    assert span_of([]) is None


def test_the_map_of_a_comparison_credits_whom_it_compares_with(ours: Path) -> None:
    Path("acled.csv").write_text(
        acled({}, {"event_id_cnty": "SYR2", "latitude": "34.56", "longitude": "38.28"}), "utf-8"
    )
    run("compare", ours, "acled.csv", "--map", "map.html")
    data = data_of()
    assert (data["count"], [layer["count"] for layer in data["beside"]]) == (1, [2])
    assert "acleddata.com" in data["beside"][0]["attribution"]
    assert "forbid" in data["beside"][0]["warning"]
    told = sorted(summary.split(":")[0] for summary in data["events"]["summary"])
    assert told == ["in both (ours", "in both (theirs", "only in acled.csv"]
