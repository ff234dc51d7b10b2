"""Events from anywhere: foreign tables, bad rows, round trips, profiles, boundaries, comparison, and the two commands."""

from __future__ import annotations

import csv
import io
import itertools
import json
import warnings
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import geopandas
import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from gazetteer import Gazetteer
from gazetteer.errors import InputError
from gazetteer.place import Reason
from geo.boundaries import Disagreement, read_boundaries
from geo.cli import cli
from geo.codes import cameo, country_by_fips, country_of
from geo.compare import Limits, compare_events
from geo.event import Claim, Confidence, Event
from geo.formats import Export, report_rows, write_export
from geo.formats.tables import ACLED_COLUMNS
from geo.profiles import Profile
from geo.readers import ReadOptions, Refused, open_events
from geo.readers.delimited import guess_encoding
from geo.readers.values import parse_day
from geo.table import DIVISION_COLUMNS, TABLE_COLUMNS, Row, event_row, events_to_jsonl

MakeEvent = Callable[..., Event]

pytestmark = pytest.mark.usefixtures("world")

SHARED = Path(__file__).resolve().parents[2] / "../shared/data"
WITH: dict[str, Any] = {"provenance": "conflictmap 0.1; rules abc123", "country_names": {"SY": "Syria"}}


@pytest.fixture(autouse=True)
def _in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="module")
def events(make_event: MakeEvent) -> list[Event]:
    killed = (Claim("killed", 14, None, "at least 14"), Claim("killed", 20, 20, "20"))
    return [
        make_event(claims=killed, publishers=("Example Wire", "Other Post")),
        make_event("area", level="adm1", radius_km=80.0),
        make_event("nowhere", place=None, when=None),
        make_event("'=1+1", summary="=HYPERLINK(1)", actors=("-x", "@y")),
    ]


@pytest.fixture(scope="module")
def rows(events: list[Event]) -> list[Row]:
    return [event_row(event, **WITH) for event in events]


def shared(name: str) -> Path:
    path = SHARED / name
    if not path.is_file():
        pytest.skip(f"{name} is not here")
    return path


def read(path: Path | str, world: Gazetteer, **options: Any) -> tuple[list[Row], list[Refused]]:
    found = list(open_events(Path(path), lambda: world, ReadOptions(**options)).rows)
    return [f for f in found if not isinstance(f, Refused)], [f for f in found if isinstance(f, Refused)]


def table(name: str, *lines: str, encoding: str = "utf-8") -> Path:
    path = Path(name)
    path.write_bytes(("\n".join(lines) + "\n").encode(encoding))
    return path


def run(*args: object, code: int = 0) -> Result:
    result = CliRunner().invoke(cli, [str(arg) for arg in args])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert result.exit_code == code, result.stderr
    return result


# --- our own files ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", [".geojson", ".geojsonl", ".csv", ".gpkg", ".parquet", ".xlsx"])
def test_our_own_files_come_back_without_loss(suffix: str, rows: list[Row], world: Gazetteer) -> None:
    form = {".geojsonl": "geojsonl"}.get(suffix, suffix[1:])
    write_export(Path(f"e{suffix}"), Export(rows), form)
    assert read(f"e{suffix}", world) == (rows, [])


def test_the_nested_form_gives_the_rows_and_itself(events: list[Event], rows: list[Row], world: Gazetteer) -> None:
    Path("e.jsonl").write_text(events_to_jsonl(events, **WITH), encoding="utf-8")
    assert read("e.jsonl", world) == (rows, [])
    run("convert", "e.jsonl", "-o", "again.jsonl")
    assert Path("again.jsonl").read_bytes() == Path("e.jsonl").read_bytes()
    run("convert", "e.jsonl", "-o", "e.gpkg")
    import sqlite3

    connection = sqlite3.connect("e.gpkg")
    assert connection.execute("SELECT count(*) FROM reports").fetchone() == (sum(len(e.reports) for e in events),)
    connection.close()


def test_an_event_that_two_inputs_have_is_written_once(events: list[Event], rows: list[Row]) -> None:
    Path("e.jsonl").write_text(events_to_jsonl(events, **WITH), encoding="utf-8")
    write_export(Path("e.csv"), Export(rows[:2]), "csv")
    result = run("convert", "e.jsonl", "e.csv", "-o", "o.geojson", code=1)
    assert result.stderr.splitlines()[-1] == "4 events, 2 rows refused; events in o.geojson"
    assert "refused: e.csv:2: event_id 'e1f0aa27c9d4' is there already" in result.stderr


def test_a_flat_file_cannot_become_a_nested_one(rows: list[Row]) -> None:
    write_export(Path("e.geojson"), Export(rows), "geojson")
    assert ".geojsonl" in run("convert", "e.geojson", "-o", "e.jsonl", code=1).stderr
    assert not Path("e.jsonl").exists()


def test_a_collection_in_one_long_line_or_many_short_ones_is_the_same(rows: list[Row], world: Gazetteer) -> None:
    write_export(Path("e.geojson"), Export(rows), "geojson")
    collection = json.loads(Path("e.geojson").read_text(encoding="utf-8"))
    for indent in (None, 2):
        Path("other.geojson").write_text("\ufeff" + json.dumps(collection, indent=indent), encoding="utf-8")
        assert read("other.geojson", world) == (rows, [])


def test_our_own_rows_may_not_be_swapped_by_hand_either(rows: list[Row], world: Gazetteer) -> None:
    turned = rows[0] | {"longitude": rows[0]["latitude"], "latitude": rows[0]["longitude"]}
    write_export(Path("e.csv"), Export([turned, rows[1], rows[2]]), "csv")
    good, refused = read("e.csv", world)
    assert [row["event_id"] for row in good] == [rows[1]["event_id"], rows[2]["event_id"]]
    assert "38.28402, 34.56239 does: the columns are swapped" in refused[0].reason


def test_a_bad_feature_is_refused_and_the_others_are_read(rows: list[Row], world: Gazetteer) -> None:
    write_export(Path("e.geojson"), Export(rows), "geojson")
    text = Path("e.geojson").read_text(encoding="utf-8").replace("[38.28402, 34.56239]", "[38.28402, 134.5]", 1)
    Path("e.geojson").write_text(text, encoding="utf-8")
    good, bad = read("e.geojson", world)
    assert len(good) == len(rows) - 1
    assert str(bad[0]).startswith("e.geojson: feature 1: latitude 134.5 is outside -90..90")
    Path("cut.geojson").write_text(text[: len(text) // 2], encoding="utf-8")
    with pytest.raises(InputError, match=r"cut\.geojson"):
        read("cut.geojson", world)


def test_our_acled_shaped_file_is_not_taken_for_acleds(rows: list[Row], world: Gazetteer) -> None:
    write_export(Path("e.csv"), Export(rows), "csv-acled")
    file = open_events(Path("e.csv"), lambda: world)
    assert (file.kind, file.origin.name, file.origin.warning) == ("acled", "conflictmap", None)
    found = [row for row in file.rows if not isinstance(row, Refused)]
    assert [row["event_id"] for row in found] == [row["event_id"] for row in rows]


# --- ACLED, UCDP, GDELT ----------------------------------------------------------------------------------------------


def acled(**changed: str) -> str:
    """A line of an ACLED export: our own words in its columns."""
    cells = dict.fromkeys(ACLED_COLUMNS, "") | {
        "event_id_cnty": "SYR1",
        "event_date": "2017-02-23",
        "year": "2017",
        "time_precision": "1",
        "event_type": "Battles",
        "sub_event_type": "Armed clash",
        "actor1": "First group",
        "actor2": "Second group",
        "iso": "760",
        "country": "Syria",
        "admin1": "Aleppo",
        "location": "Al Bab",
        "latitude": "36.3699",
        "longitude": "37.5179",
        "geo_precision": "1",
        "source": "Example Wire; Other Post",
        "notes": "A clash of our own making",
        "fatalities": "3",
    }
    out = io.StringIO()
    csv.writer(out).writerow((cells | changed).values())
    return out.getvalue().strip()


def test_acled_rows_are_read_with_their_attribution_and_a_warning(world: Gazetteer) -> None:
    path = table(
        "acled.csv",
        ",".join(ACLED_COLUMNS),
        acled(),
        acled(event_id_cnty="SYR2", time_precision="2", geo_precision="2", fatalities="0"),
        acled(event_id_cnty="SYR3", event_type="Air raids"),
        acled(event_id_cnty="SYR4", geo_precision="9"),
    )
    good, bad = read(path, world)
    assert [row["event_id"] for row in good] == ["acled:SYR1", "acled:SYR2"]
    assert (good[0]["country"], good[0]["location_level"], good[0]["killed_low"]) == ("SY", "settlement", 3)
    assert (good[1]["date_start"], good[1]["date_end"]) == ("2017-02-20", "2017-02-26")
    assert (good[1]["location_level"], good[1]["radius_km"], good[1]["killed_low"]) == ("near", 25.0, None)
    assert [b.where for b in bad] == ["acled.csv:4", "acled.csv:5"]
    result = run("convert", path, "-o", "out.geojson", code=1)
    assert "acleddata.com" in result.stderr
    assert "WARNING: these rows are ACLED's" in result.stderr


@pytest.mark.parametrize(
    ("name", "n", "levels"),
    [
        ("ucdp_ged_syria_sample.csv", 300, {"settlement", "near", "adm2", "adm1", "part", "country"}),
        ("ucdp_ged_v23_1_sample1000.csv", 1000, {"settlement", "near", "adm2", "adm1", "part", "country", "sea_air"}),
    ],
)
def test_ucdp_files_are_read_whole(name: str, n: int, levels: set[str], world: Gazetteer) -> None:
    path = shared(f"events/{name}")
    good, bad = read(path, world)
    assert (len(good), bad) == (n, [])
    assert {row["location_level"] for row in good} == levels
    with path.open(encoding="utf-8", newline="") as stream:
        for row, cells in zip(good, csv.DictReader(stream), strict=True):
            assert row["event_id"] == f"ucdp:{cells['id']}"
            assert (row["killed_low"], row["killed_high"]) == (int(cells["low"]), int(cells["high"]))
            assert row["date_start"] == cells["date_start"][:10]
            assert abs(float(row["latitude"] or 0) - float(cells["latitude"])) < 1e-5
            assert str(row["where_prec"]) == cells["where_prec"]
            assert row["country"] is not None


@pytest.mark.parametrize(
    ("name", "n"), [("gdelt2_20191024143000.export.CSV.gz", 2111), ("gdelt1_events_sample.export.CSV", 50)]
)
def test_gdelt_centroids_are_never_towns(name: str, n: int, world: Gazetteer) -> None:
    from geo.readers.records import read_records

    path = shared(f"events/{name}")
    good, bad = read(path, world)
    assert (len(good), bad) == (n, [])
    records = [found[1] for found in read_records(path).stream() if not isinstance(found, Refused)]
    levels = {"1": "country", "2": "adm1", "3": "settlement", "4": "settlement", "5": "adm1"}
    expected = [levels.get(record["ActionGeo_Type"]) if record["ActionGeo_Lat"] else None for record in records]
    assert [row["location_level"] for row in good] == expected


def test_gdelt_country_codes_are_fips(world: Gazetteer) -> None:
    good, _ = read(shared("events/gdelt2_20191024143000_mideast_ukraine.export.CSV"), world)
    assert {str(row["country"]) for row in good} <= {"SY", "TR", "LB", "IL", "IQ", "UA", "YE", "SD"}
    assert country_by_fips("UP").iso2 == "UA"  # type: ignore[union-attr]
    assert country_of("UP") is None


@pytest.mark.parametrize("name", ["gdelt1_gkg_sample.gkg.csv", "gdelt2_gkg_sample.gkg.csv.gz"])
def test_gkg_documents_give_places_and_no_event_type(name: str, world: Gazetteer) -> None:
    good, bad = read(shared(f"events/{name}"), world)
    assert len(good) > 100
    assert bad == []
    assert {row["event_type"] for row in good} == {None}
    assert {row["location_level"] for row in good} == {"country", "adm1", "settlement"}


def test_cameo_codes_fall_back_to_the_code_above() -> None:
    assert cameo("1951").sub_event_type == "Air/drone strike"  # type: ignore[union-attr]
    assert cameo("036").sub_event_type is None  # type: ignore[union-attr]
    assert cameo("99") is None


# --- plain tables ----------------------------------------------------------------------------------------------------


def test_names_without_coordinates_go_through_the_gazetteer(world: Gazetteer) -> None:
    path = table(
        "airwars.csv",
        "Incident Code;Incident Date;Location;Country;Civilian deaths min;Civilian deaths max;Notes",
        '1;23/02/2017;al-Bab;Syria;3;5;"=HYPERLINK(""x"")"',
        "2;03/04/2017;Idlib province;Syria;;;",
        "3;04/04/2017;Nowhereistan;Syria;;;",
        encoding="utf-8-sig",
    )
    good, bad = read(path, world)
    assert bad == []
    town, area, unknown = good
    assert (town["place_id"], town["location_level"], town["killed_high"]) == ("geonames:174018", "settlement", 5)
    assert (area["location_level"], area["place_id"]) == ("adm1", "admin1:SY.12")
    assert float(area["radius_km"] or 0) > 20
    assert area["date_start"] == "2017-04-03"  # the first row tells that days come first
    assert (unknown["longitude"], unknown["unlocated_reason"]) == (
        None,
        "the gazetteer knows no place 'Nowhereistan' in SY",
    )
    run("convert", path, "-o", "safe.csv")
    assert "'=HYPERLINK" in Path("safe.csv").read_text(encoding="utf-8")


def test_a_swapped_point_is_told_by_its_country(world: Gazetteer) -> None:
    path = table(
        "swapped.csv",
        "id,date,lat,lon,country",
        "right,2017-01-18,34.56,38.28,Syria",
        "swapped,2017-01-18,38.28,34.56,Syria",
        "no country,2017-01-18,38.28,34.56,",
    )
    good, (bad,) = read(path, world)
    assert [row["event_id"] for row in good] == ["right", "no country"]
    assert bad.where == "swapped.csv:3"
    assert "the columns are swapped" in bad.reason


def test_bad_rows_are_listed_and_the_good_ones_go_through(world: Gazetteer) -> None:
    path = table(
        "bad.csv",
        "id,date,latitude,longitude,killed,notes",
        "1,2017-01-18,36.37,37.51,3,good",
        "1,2017-01-19,36.37,37.51,3,twice",
        ",18 January 2017,36.37,37.51,3,without id",
        "4,2017-02-30,36.37,37.51,3,no such day",
        "5,2017-01-18,136.37,37.51,3,outside",
        "6,2017-01-18,36.37,,3,half a point",
        "7,2017-01-18,36.37,37.51,three,words",
        "8,2017-01-18,0,0,3,null island",
        "9,2017-01-18,36.37,37.51,3,a,cell,too,many",
        '10,18.01.2017,"36,37","37,51",3.0,comma',
    )
    good, bad = read(path, world)
    assert [row["event_id"] for row in good if row["event_id"] != good[1]["event_id"]] == ["1", "10"]
    assert len(str(good[1]["event_id"])) == 16
    assert [b.where for b in bad] == [f"bad.csv:{n}" for n in (3, 5, 6, 7, 8, 9, 10)]
    assert good[-1]["latitude"] == 36.37
    result = run("convert", path, "-o", "out.geojson", code=1)
    assert "refused: bad.csv:5: " in result.stderr
    assert result.stderr.splitlines()[-1] == "3 events, 7 rows refused; events in out.geojson"
    run("convert", path, "-o", "out.geojson", "--lenient")


def test_a_row_without_an_id_has_the_same_one_on_every_run(world: Gazetteer) -> None:
    lines = ("date,place,country", "2017-01-18,Idlib,SY", "2017-01-19,Idlib,SY", "2017-01-18,Idlib,SY")
    good, bad = read(table("a.csv", *lines), world)
    again, _ = read(table("b.csv", lines[0], lines[2], lines[1]), world)
    assert {row["event_id"] for row in good} == {row["event_id"] for row in again}
    assert [b.where for b in bad] == ["a.csv:4"]


def test_a_day_that_may_be_two_is_refused_with_the_way_out(world: Gazetteer) -> None:
    path = table("days.csv", "date,place", "03/04/2017,Idlib")
    _, (bad,) = read(path, world)
    assert "--dates dmy" in bad.reason
    for order, expected in (("dmy", "2017-04-03"), ("mdy", "2017-03-04")):
        assert read(path, world, dates=order)[0][0]["date_start"] == expected


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_a_day_is_read_however_it_is_written(day: date) -> None:
    for form in ("%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%d.%m.%Y", "%d %B %Y", "%b %d, %Y", "%Y-%m-%d 00:00:00.000"):
        assert parse_day(day.strftime(form)) == day
    assert parse_day(day.strftime("%d/%m/%Y"), "dmy") == day
    assert parse_day(day.strftime("%m/%d/%Y"), "mdy") == day


@pytest.mark.parametrize(
    ("encoding", "place"), [("cp1256", "الباب"), ("cp1251", "Алеппо"), ("utf-16", "Idlib"), ("utf-8-sig", "Idlib")]
)
def test_encodings_are_told_by_their_letters(encoding: str, place: str, world: Gazetteer) -> None:
    note = {"cp1256": "قصف على مدينة الباب في ريف حلب", "cp1251": "Обстрел города Алеппо в воскресенье утром"}.get(
        encoding, "x"
    )
    lines = ("date;location;notes", *(f"2017-01-{n:02};{place};{note}" for n in range(1, 20)))
    path = table("t.csv", *lines, encoding=encoding)
    good, bad = read(path, world)
    assert bad == []
    assert {row["summary"] for row in good} == {note}
    assert all(row["country"] == "SY" for row in good)
    if encoding.startswith("cp"):
        assert guess_encoding(path.read_bytes()) == encoding
        assert f"read as {encoding}" in run("convert", path, "-o", "o.geojson").stderr


def test_one_row_in_another_encoding_is_refused_alone(world: Gazetteer) -> None:
    filler = "".join(f"2017-01-18,Idlib {n}\n" for n in range(20_000)).encode()
    Path("t.csv").write_bytes(b"date,place\n" + filler + b"2017-01-18,\xc7\xe1\xc8\xc7\xc8\n2017-01-18,Homs\n")
    refused = [f for f in _found(world) if isinstance(f, Refused)]
    assert [(r.where, "--encoding" in r.reason) for r in refused] == [("t.csv:20002", True)]


def _found(world: Gazetteer) -> Iterator[Row | Refused]:
    return open_events(Path("t.csv"), lambda: world).rows


def test_columns_are_recognised_by_content_and_overridden_by_name(world: Gazetteer) -> None:
    path = table(
        "t.csv", "when,location,what,spot", '2017-01-18,"36.37, 37.51",x,Idlib', '2017-01-19,"36.38, 37.52",y,Homs'
    )
    (first, _), _ = read(path, world)
    assert (first["date_start"], first["latitude"], first["longitude"]) == ("2017-01-18", 36.37, 37.51)
    (first, _), _ = read(path, world, columns={"place": "spot", "summary": "what", "date": "when", "point": "location"})
    assert (first["place"], first["summary"], first["longitude"]) == ("Idlib", "x", 37.51)
    assert "no such column" in run("convert", path, "-o", "o.csv", "--map-column", "place=town", code=1).stderr
    assert "no pair" in run("convert", path, "-o", "o.csv", "--map-column", "place", code=2).stderr


def test_a_table_without_places_is_refused_with_the_way_out(world: Gazetteer) -> None:
    with pytest.raises(InputError, match="--map-column place=COLUMN"):
        read(table("t.csv", "a,b", "1,2"), world)


HOSTILE_HEAD = "id,date,place,country,lon,lat,killed,notes"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("1,2017-01-18,Palmyra,Syria,34.56,38.28,,", "38.28, 34.56 does: the columns are swapped"),
        ("1,2017-01-18,Palmyra,SYR,34.56,38.28,,", "38.28, 34.56 does: the columns are swapped"),
        ("1,2017-01-18,Palmyra,سوريا,34.56,38.28,,", "38.28, 34.56 does: the columns are swapped"),
        ("1,2017-01-18,Palmyra,,34.56,38.28,,", "does not lie near any place called 'Palmyra', but 38.28, 34.56 does"),
        (
            "1,2017-01-18,Palmyra,,138.28,34.56,,",
            None,
        ),  # far from every Palmyra, and so it is swapped: left to the user
        ("1,2017-01-18,Nowhereville,,34.56,38.28,,", None),
        ("1,2017-01-18,Idlib,,36.6,135.9,,", "latitude 135.9 is outside -90..90 (are the columns swapped?)"),
        ("1,2017-01-18,Idlib,,north,35.9,,", "'north' is no coordinate; write decimal degrees"),
        ("1,2017-01-18,Idlib,Atlantis,,,,", "country 'Atlantis' is no country"),
        ("1,2017-02-30,Idlib,,,,,", "'2017-02-30' is no day"),
        ("1,last Monday,Idlib,,,,,", "'last Monday' is no day"),
        ("1,1/18/17,Idlib,,,,,", "'1/18/17' is no day"),
        ("1,2017-01-18,Idlib,,,,three,", "killed: 'three' is no whole number"),
        ("1,2017-01-18,Idlib,,,,7-5,", "killed: '7-5' falls from 7 to 5"),
        ("1,2017-01-18,Idlib,,,,-1,", "killed: '-1' is no whole number"),
        ("0,2017-01-18,Idlib,,,,,", "event_id '0' is there already; give each event its own id"),
        (",2017-01-17,Homs,,,,,", "it says the same as an earlier row and has no id"),
        ("1,2017-01-18,Idlib,,,,,,,x", "10 cells, 8 are expected; put quotes around cells with ','"),
        ('1,2017-01-18,Idlib,,,,,"open', "a quote that opens in this row never closes"),
        ('1,2017-01-18,Idlib,,,,,"open\n2,2017-01-18,Homs,,,,,', "all below it (1 line) is in it; close it"),
    ],
)
def test_a_bad_row_is_refused_alone_with_its_line_and_the_way_out(
    line: str, said: str | None, world: Gazetteer
) -> None:
    good = [
        "0,2017-01-18,Idlib,Syria,,,2,",
        "8,2017-01-18,Aleppo,SY,37.16,36.2,,",
        ",2017-01-17,Homs,,,,,",
        "9,18 January 2017,Aleppo,SY,,,n/a,",
    ]
    rows, refused = read(table("h.csv", HOSTILE_HEAD, *good, line), world)
    assert len(rows) == (5 if said is None else 4)
    if said is not None:
        (only,) = refused
        assert only.where == "h.csv:6"
        assert said in only.reason


def test_a_month_or_a_year_is_all_of_its_days(world: Gazetteer) -> None:
    lines = [f"Idlib,{text}" for text in ("Feb 2016", "February 2016", "2016-02", "2016", "2016-02-30")]
    rows, refused = read(table("t.csv", "place,date", *lines), world)
    assert [(row["date_start"], row["date_end"], row["time_precision"]) for row in rows] == [
        *[("2016-02-01", "2016-02-29", 3)] * 3,
        ("2016-01-01", "2016-12-31", None),
    ]
    assert [r.where for r in refused] == ["t.csv:6"]


def test_a_table_of_civilian_harm_is_read_without_its_coordinates(world: Gazetteer) -> None:
    head = (
        "Unique reference code,Incident date,Country,Location,Strike type,Belligerent,Civilians reported killed (min),"
        "Civilians reported killed (max),Civilians reported injured,Civilian casualties,Summary"
    )
    line = 'CS1,"January 18, 2017",Syria,al-Bab,Air strike near a market,A coalition,3,5,4,9,Our own words'
    ((row,), refused) = read(table("harm.csv", head, line), world)
    assert refused == []
    assert (row["event_id"], row["date_start"], row["place"]) == ("CS1", "2017-01-18", "Al Bāb")
    assert (row["killed_low"], row["killed_high"], row["wounded_low"]) == (3, 5, 4)
    assert row["event_type"] is None  # "strike type" says nothing that the codebook has
    ((row,), _) = read(table("cas.csv", "date,place,civilian casualties", "2017-01-18,Idlib,9"), world)
    assert (row["killed_low"], row["killed_high"]) == (None, None)  # casualties are no deaths


@pytest.mark.parametrize(
    ("column", "cells", "levels"),
    [
        ("Accuracy", ("Village", "governorate", "Exact location", "District"), ("settlement", "adm1", "site", "adm2")),
        ("where_prec", ("1", "2", "4", "6"), ("settlement", "near", "adm1", "country")),
        ("geo_precision", ("1", "2", "3", "1"), ("settlement", "near", "part", "settlement")),
        ("Colour", ("red", "blue", "green", "red"), ("settlement",) * 4),
    ],
)
def test_how_exactly_a_table_knows_its_places_is_kept(
    column: str, cells: tuple[str, ...], levels: tuple[str, ...], world: Gazetteer
) -> None:
    path = table("t.csv", f"id,lat,lon,{column}", *(f"{n},36.{n},37.1,{cell}" for n, cell in enumerate(cells)))
    file = open_events(path, lambda: world)
    assert tuple(row["location_level"] for row in file.rows if not isinstance(row, Refused)) == levels
    assert any("points are taken for towns" in note for note in file.notes) == (column == "Colour")


def test_a_table_that_knows_a_place_less_well_than_the_gazetteer_has_its_way(world: Gazetteer) -> None:
    lines = ("Raqqa,SY,governorate", "Homs,SY,city", "Idlib,SY,exact", "Hama,SY,hearsay")
    rows, refused = read(table("t.csv", "place,country,accuracy", *lines), world)
    assert [row["location_level"] for row in rows] == ["adm1", "settlement", "settlement"]
    assert [("location_level 'hearsay' is none of" in r.reason, r.where) for r in refused] == [(True, "t.csv:5")]


def test_one_column_may_hold_both_ends_of_a_toll(world: Gazetteer) -> None:
    rows, refused = read(
        table("t.csv", "place,killed", *(f"Idlib,{toll}" for toll in ("3", "5-7", "10+", "n/a"))), world
    )
    assert [(row["killed_low"], row["killed_high"]) for row in rows] == [(3, 3), (5, 7), (10, None), (None, None)]
    assert refused == []


def test_a_column_that_is_not_what_its_name_says_is_left_alone_and_said(world: Gazetteer) -> None:
    file = open_events(table("t.csv", "place,country", "Idlib,north", "Homs,centre"), lambda: world)
    assert any("the column 'country' is not taken for country" in note for note in file.notes)
    assert [row["country"] for row in file.rows if not isinstance(row, Refused)] == ["SY", "SY"]


def test_exit_codes_say_whether_all_rows_went_through() -> None:
    table("bad.csv", "date,place", "2017-01-18,Idlib", "never,Idlib")
    assert run("convert", "bad.csv", "-o", "o.csv", code=1).stderr.endswith("1 event, 1 row refused; events in o.csv\n")
    run("convert", "bad.csv", "-o", "o.csv", "--lenient")
    table("good.csv", "date,place", "2017-01-18,Idlib")
    run("convert", "good.csv", "-o", "o.csv")


# --- boundaries ------------------------------------------------------------------------------------------------------


def squares(path: Path, *divisions: tuple[str, str, float]) -> Path:
    """A boundary file of squares of one degree beside each other, by name, code and western edge."""
    features = [
        {
            "type": "Feature",
            "properties": {"adm1_name": name, "adm1_pcode": code, "adm0_pcode": "SY"},
            "geometry": {"type": "Polygon", "coordinates": [[[x, 34], [x + 1, 34], [x + 1, 35], [x, 35], [x, 34]]]},
        }
        for name, code, x in divisions
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


def test_a_point_gets_the_division_that_it_lies_in_no_finer_than_it_is_known(
    rows: list[Row], make_event: MakeEvent, tmp_path: Path
) -> None:
    divisions = read_boundaries([squares(tmp_path / "b.geojson", ("Homs", "SY04", 38.0), ("Other", "SY99", 39.0))])
    country = event_row(make_event("country", level="country"), **WITH)
    outside = event_row(make_event("outside", lon=50.0), **WITH)
    found = list(divisions.attach([*rows, country, outside], []))
    assert [(r["adm1_name"], r["adm1_pcode"], r["adm_method"]) for r in found] == [
        ("Homs", "SY04", "point in polygon"),
        ("Homs", "SY04", "point in polygon"),
        (None, None, None),
        ("Homs", "SY04", "point in polygon"),
        (None, None, None),
        ("Homs", "SY04", "name"),
    ]


def test_a_name_and_a_polygon_that_disagree_are_said(rows: list[Row], tmp_path: Path) -> None:
    path = squares(tmp_path / "b.geojson", ("Elsewhere", "SY99", 38.0), ("Homs", "SY04", 39.0))
    said: list[Disagreement] = []
    list(read_boundaries([path]).attach(rows[:1], said))
    assert [(d.named, d.found) for d in said] == [("Homs Governorate", "Elsewhere")]
    write_export(Path("e.geojson"), Export(rows), "geojson")
    result = run("convert", "e.geojson", "-o", "o.csv", "--boundaries", path)
    assert "by its name" in result.stderr
    with Path("o.csv").open(encoding="utf-8", newline="") as stream:
        header = next(csv.reader(stream))
    assert header == [column.name for column in (*TABLE_COLUMNS, *DIVISION_COLUMNS)]


def test_an_area_is_the_division_where_one_is_known_and_a_circle_otherwise(
    rows: list[Row], tmp_path: Path, world: Gazetteer
) -> None:
    path = squares(tmp_path / "b.geojson", ("Homs", "SY04", 38.0), ("Other", "SY99", 39.0))
    collection = json.loads(path.read_text(encoding="utf-8"))
    west = collection["features"][0]["geometry"]["coordinates"]
    west.append(
        [[38.1, 34.1], [38.2, 34.1], [38.2, 34.2], [38.1, 34.2], [38.1, 34.1]]
    )  # a hole that runs the wrong way
    path.write_text(json.dumps(collection), encoding="utf-8")
    write_export(Path("e.geojson"), Export(rows), "geojson")
    run("convert", "e.geojson", "-o", "o.geojson", "--geometry", "area", "--boundaries", path)
    near, area, nowhere, _ = json.loads(Path("o.geojson").read_text(encoding="utf-8"))["features"]
    assert (len(near["geometry"]["coordinates"][0]), nowhere["geometry"]) == (37, None)  # "near": a circle
    outer, hole = area["geometry"]["coordinates"]
    assert sorted(outer)[0] == [38.0, 34.0]
    assert outer == [[38.0, 34.0], [39.0, 34.0], [39.0, 35.0], [38.0, 35.0], [38.0, 34.0]] or len(outer) == 5
    assert (_turns_left(outer), _turns_left(hole)) == (True, False)
    good, _ = read("o.geojson", world)
    assert [row["location_level"] for row in good] == [row["location_level"] for row in rows]


def _turns_left(ring: list[list[float]]) -> bool:
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in itertools.pairwise(ring)) > 0


def test_the_polygon_of_another_name_is_no_area_of_this_one(rows: list[Row], tmp_path: Path) -> None:
    around = read_boundaries([squares(tmp_path / "a.geojson", ("Elsewhere", "SY99", 38.0), ("Homs", "SY04", 39.0))])
    assert around.area(rows[1]) is None
    unknown = read_boundaries([squares(tmp_path / "b.geojson", ("Hims Muhafazat", "SY04", 38.0))])
    assert unknown.area(rows[1]).bounds == (38.0, 34.0, 39.0, 35.0)  # another spelling is no other place
    assert unknown.area(rows[0]) is None


@pytest.mark.parametrize("suffix", [".geojson", ".gpkg", ".parquet", ".fgb", ".shp"])
def test_divisions_of_real_boundaries_are_valid_areas(suffix: str, rows: list[Row]) -> None:
    write_export(Path("e.geojson"), Export(rows), "geojson")
    boundaries = shared("boundaries/ocha_syr_admin1.geojson")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a Shapefile says what it loses
        run("convert", "e.geojson", "-o", f"o{suffix}", "--geometry", "area", "--boundaries", boundaries)
        read_file = geopandas.read_parquet if suffix == ".parquet" else geopandas.read_file
        frame = read_file(f"o{suffix}", **({"layer": "events"} if suffix == ".gpkg" else {}))
    level = "loc_level" if suffix == ".shp" else "location_level"
    (shape,) = frame.geometry[frame[level] == "adm1"]
    assert shape.is_valid
    assert shape.area == pytest.approx(4.1, abs=0.3)  # square degrees: Homs, the largest governorate
    assert (
        len(
            shape.geoms[0].exterior.coords
            if suffix != ".shp" and shape.geom_type == "MultiPolygon"
            else shape.exterior.coords
        )
        > 100
    )


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("ocha_syr_admin1.geojson", ("Homs", "SY04", None)),
        ("wof_sy_admin.geojson.gz", ("Homs", "SY-HI", "Tadmur")),
        ("ne_10m_admin_1_selected.geojson.gz", ("Homs", None, None)),
    ],
)
def test_real_boundary_files_are_understood(
    name: str, found: tuple[str, str | None, str | None], rows: list[Row]
) -> None:
    boundaries = read_boundaries([shared(f"boundaries/{name}")])
    (row,) = boundaries.attach(rows[:1], [])
    adm1, code, adm2 = found
    assert str(row["adm1_name"]).replace("'", "").lower().startswith(("homs", "hims"))
    assert row["adm1_pcode"] == code or (code is None and row["adm1_pcode"])
    assert row["adm2_name"] == adm2
    assert adm1


def test_a_file_without_divisions_is_refused(tmp_path: Path) -> None:
    (tmp_path / "b.geojson").write_text('{"type": "FeatureCollection", "features": []}', encoding="utf-8")
    with pytest.raises(InputError, match=r"b\.geojson"):
        read_boundaries([tmp_path / "b.geojson"])


# --- profiles --------------------------------------------------------------------------------------------------------


def test_public_has_no_words_of_articles(rows: list[Row], events: list[Event], world: Gazetteer) -> None:
    shown = list(Profile("public").apply(rows, world))
    assert {(row["quote"], row["casualty_words"], row["date_basis"], row["article_ids"]) for row in shown} == {
        (None,) * 4
    }
    assert [row["urls"] for row in shown] == [row["urls"] for row in rows]
    assert all(str(row["provenance"]).endswith("profile public") for row in shown)
    reports = list(Profile("public").apply_to_reports(report_rows(events), world))
    assert {(r["quote"], r["place"], r["longitude"], r["article_title"]) for r in reports} == {(None,) * 4}
    assert {r["url"] for r in reports} == {r.url for e in events for r in e.reports}


def test_coarsening_leaves_no_trace_of_the_exact_place(rows: list[Row], world: Gazetteer) -> None:
    shown = list(Profile("public", coarsen="adm1").apply(rows, world))
    assert {row["location_level"] for row in shown} == {"adm1", None}
    first = shown[0]
    assert (first["place"], first["place_id"], first["geo_precision"]) == ("Homs", "admin1:SY.11", 3)
    assert (first["longitude"], first["latitude"]) != (rows[0]["longitude"], rows[0]["latitude"])
    assert first["pcode"] is None
    assert "Palmyra" not in json.dumps(first)
    (whole, *_) = Profile("public", coarsen="country").apply(rows, world)
    assert (whole["location_level"], whole["admin1"], whole["geo_precision"]) == ("country", None, None)


def test_what_has_no_district_is_moved_up_to_its_governorate(rows: list[Row], world: Gazetteer) -> None:
    (shown, *_) = Profile("internal", coarsen="adm2").apply(rows, world)
    assert (shown["location_level"], shown["place"]) == ("adm1", "Homs")


def test_a_delay_holds_back_the_last_days_and_the_undated(rows: list[Row], world: Gazetteer) -> None:
    for today, n in ((date(2017, 1, 31), 0), (date(2017, 2, 1), 3)):
        assert len(list(Profile("public", delay_days=14, today=today).apply(rows, world))) == n
    write_export(Path("e.geojson"), Export(rows), "geojson")
    result = run("convert", "e.geojson", "-o", "o.csv", "--delay", 14, "--as-of", "2017-02-01")
    assert result.stderr.splitlines()[-1] == "3 events, 1 held back; events in o.csv"


def test_partner_masks_persons_and_says_that_it_misses_some(rows: list[Row], world: Gazetteer) -> None:
    quote = "Mustafa Sejari, who leads the group, told reporters in Aleppo that Jets struck three trucks near Palmyra on Wednesday."
    (shown,) = Profile("partner").apply([rows[0] | {"quote": quote, "actors": "men of Colonel Riad Hassan"}], world)
    assert "Sejari" not in str(shown["quote"])
    assert "[name]" in str(shown["quote"])
    assert "Aleppo" in str(shown["quote"])
    assert shown["actors"] == "men of [name]"
    assert any("misses some" in note for note in Profile("partner").notes)


@pytest.mark.parametrize("profile", [Profile("partner"), Profile("public"), Profile("internal", coarsen="adm1")])
def test_whoever_corrected_an_event_stays_unnamed(profile: Profile, rows: list[Row], world: Gazetteer) -> None:
    signed = "A. Reader (HQ); chief, 2026-11-20"
    said = (
        f"conflictmap 0.1; rules abc123; corrected by hand: 'Tadmur' is Palmyra ({signed}); corrected by hand: place "
        f"({signed}); checked ({signed})"
    )
    given = [
        rows[0] | {"provenance": said},
        rows[2]
        | {"provenance": said + "; profile partner", "unlocated_reason": f"a person cleared the place ({signed})"},
    ]
    shown = list(profile.apply(given, world))
    assert "Reader" not in json.dumps(shown)
    assert "chief" not in json.dumps(shown)
    assert "Tadmur" not in str(shown[0]["provenance"])
    assert str(shown[0]["provenance"]).startswith("conflictmap 0.1; rules abc123; corrected by hand; checked")
    assert str(shown[1]["provenance"]).count("profile partner") == (2 if profile.name == "partner" else 1)


def test_names_of_reviewers_stay_out_of_every_format(make_event: MakeEvent, world: Gazetteer) -> None:
    reasons = (
        Reason("corrected", "corrected by hand: place (A. Reader, 2026-11-20)"),
        Reason("checked", "checked (B. Other)"),
    )
    event = make_event("signed", confidence=Confidence("high", 1.0, reasons))
    assert "A. Reader" in str(event_row(event, **WITH)["provenance"])
    Path("e.jsonl").write_text(events_to_jsonl([event], **WITH), encoding="utf-8")
    for profile in ("partner", "public"):
        for name in ("o.geojson", "o.csv", "o.kml", "o.gpkg", "o.xlsx", "o.fgb"):
            run("convert", "e.jsonl", "-o", name, "--profile", profile)
            data = Path(name).read_bytes()
            if name.endswith("xlsx"):
                with zipfile.ZipFile(name) as book:
                    data = b"".join(book.read(part) for part in book.namelist())
            assert b"Reader" not in data, name
            assert b"B. Other" not in data, name


def test_the_nested_form_takes_no_profile(events: list[Event]) -> None:
    Path("e.jsonl").write_text(events_to_jsonl(events, **WITH), encoding="utf-8")
    assert "takes no profile" in run("convert", "e.jsonl", "-o", "o.jsonl", "--profile", "public", code=1).stderr


def test_a_file_says_which_profile_made_it(rows: list[Row]) -> None:
    write_export(Path("e.geojson"), Export(rows), "geojson")
    run("convert", "e.geojson", "-o", "o.csv", "--profile", "public", "--hxl", "--datapackage")
    assert "profile public" in Path("datapackage.json").read_text(encoding="utf-8")
    assert "profile public" in Path("o.csv").read_text(encoding="utf-8")
    run("convert", "e.geojson", "-o", "o.kml", "--profile", "public")
    assert "profile public" in Path("o.kml").read_text(encoding="utf-8")


# --- comparison ------------------------------------------------------------------------------------------------------


def event(event_id: str, day: str, lon: float, lat: float, kind: str = "Battles", **more: Any) -> Row:
    empty: Row = dict.fromkeys(column.name for column in TABLE_COLUMNS)
    return empty | {
        "event_id": event_id,
        "date_start": day,
        "date_end": day,
        "longitude": lon,
        "latitude": lat,
        "event_type": kind,
        "location_level": "settlement",
        **more,
    }


def test_each_event_is_paired_once_with_the_nearest() -> None:
    ours = [
        event("a", "2017-01-18", 38.28, 34.56),
        event("b", "2017-01-18", 38.30, 34.56),
        event("c", "2017-03-01", 38.28, 34.56),
    ]
    theirs = [
        event("x", "2017-01-18", 38.301, 34.56),
        event("y", "2017-01-19", 38.28, 34.56),
        event("z", "2017-01-18", 10, 50),
    ]
    found = compare_events(ours, theirs, Limits(km=10, days=1))
    assert [(p.ours["event_id"], p.theirs["event_id"], p.days) for p in found.pairs] == [("a", "y", 1), ("b", "x", 0)]
    assert [row["event_id"] for row in found.only_ours] == ["c"]
    assert [row["event_id"] for row in found.only_theirs] == ["z"]


def test_types_of_one_family_match_and_others_do_not() -> None:
    ours = [event("a", "2017-01-18", 38.28, 34.56, "Explosions/Remote violence")]
    assert compare_events(ours, [event("x", "2017-01-18", 38.28, 34.56, "Violence against civilians")]).pairs
    assert not compare_events(ours, [event("x", "2017-01-18", 38.28, 34.56, "Protests")]).pairs
    assert compare_events(ours, [event("x", "2017-01-18", 38.28, 34.56, "Protests")], Limits(any_type=True)).pairs


def test_events_on_both_sides_of_180_degrees_are_neighbours() -> None:
    assert compare_events([event("a", "2017-01-18", 179.99, 0.0)], [event("x", "2017-01-18", -179.99, 0.0)]).pairs


def test_what_has_no_place_is_counted_and_not_compared() -> None:
    found = compare_events(
        [event("a", "2017-01-18", 38, 35, location_level="country")], [event("x", "2017-01-18", 38, 35)]
    )
    assert (found.not_comparable, len(found.only_theirs), found.pairs) == (1, 1, ())


@given(st.lists(st.tuples(st.floats(-179, 179), st.floats(-80, 80), st.integers(1, 28)), max_size=12))
def test_every_event_is_its_own_counterpart(places: list[tuple[float, float, int]]) -> None:
    rows = [event(f"e{n:02}", f"2017-01-{day:02}", lon, lat) for n, (lon, lat, day) in enumerate(places)]
    found = compare_events(rows, rows, Limits(km=1, days=0))
    assert len(found.pairs) == len(rows)
    assert found.only_ours == found.only_theirs == ()


def test_compare_prints_figures_and_writes_table_and_map() -> None:
    lines = ("id,date,lat,lon,country,notes", "1,2017-01-18,34.56,38.28,SY,=1+1", "2,2017-01-20,35.93,36.63,SY,b")
    ours = table("ours.csv", *lines)
    theirs = table("theirs.csv", lines[0], "9,2017-01-18,34.57,38.28,SY,near", "8,2018-01-18,34.57,38.28,SY,later")
    result = run("compare", ours, theirs, "--table", "audit.csv", "--map", "audit.html")
    assert [int(line.split()[-1 if "in both" in line else 3]) for line in result.stdout.splitlines()[:3]] == [1, 1, 1]
    with Path("audit.csv").open(encoding="utf-8", newline="") as stream:
        audit = list(csv.DictReader(stream))
    assert [row["found"] for row in audit] == ["both", "only ours", "only theirs"]
    assert (audit[0]["our_id"], audit[0]["their_id"], audit[0]["our_summary"]) == ("1", "9", "'=1+1")
    assert "only in theirs.csv" in Path("audit.html").read_text(encoding="utf-8")
    assert json.loads(run("compare", ours, theirs, "--json").stdout)["both"] == 1


# --- usage -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (("missing.csv", "-o", "o.csv"), 1, "there is no such file"),
        (("t.csv", "-o", "t.csv"), 1, "this is an input"),
        (("t.csv", "-o", "o.docx"), 1, "no format is known"),
        (("t.csv", "-o", "o.gpkg", "--hxl"), 2, "--hxl goes with"),
        (("t.csv", "-o", "o.gpkg", "--datapackage"), 2, "--datapackage goes with"),
        (("t.csv", "-o", "o.csv", "--as-of", "2017-01-01"), 2, "--as-of goes with --delay"),
        (("t.csv", "-o", "o.csv", "--country", "UP"), 2, "no ISO 3166"),
        (("t.csv", "-o", "o.csv", "--encoding", "klingon"), 1, "unknown"),
    ],
)
def test_wrong_usage_is_said_in_one_line(args: tuple[str, ...], code: int, said: str) -> None:
    table("t.csv", "date,place", "2017-01-18,Idlib")
    assert said in run("convert", *args, code=code).stderr
    assert Path("t.csv").read_text(encoding="utf-8").startswith("date,place")
