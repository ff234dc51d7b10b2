"""Corrections: how the file is read, what each verb does, and that nothing is lost where a file is wrong."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from gazetteer import Gazetteer, Place, SourcePlace, build
from gazetteer.errors import InputError
from geo.cli import cli
from geo.corrected import Corrected, correct_events, pin_quotes
from geo.corrections import VERBS, Corrections, parse_corrections, read_corrections
from geo.event import Article, Claim, Event, Evidence, Location, Report, Span, When
from geo.merge import merge_reports
from geo.pipeline import Settings, read_article, read_articles
from geo.table import event_row, events_from_jsonl, events_to_jsonl

BAB = Place("t:al-bab", "Al Bāb", 37.5157, 36.3705, "P", "PPL", "SY", "09", "Aleppo", population=130_745)
IDLIB = Place("t:idlib", "Idlib", 36.6339, 35.9306, "P", "PPLA", "SY", "12", "Idlib", population=128_840)
PROVINCE = Place("admin1:SY.12", "Idlib", 36.68, 35.78, "A", "ADM1", "SY", "12", "Idlib", radius_km=42.0)
SYRIA = Place("country:SY", "Syria", 38.5, 35.0, "A", "PCLI", "SY", population=16_906_283, radius_km=243.0)
META = {"version": "2026-01", "sources": '[{"name": "test", "licence": "CC0", "attribution": "nobody"}]'}

WEDNESDAY = When(date(2017, 1, 18), date(2017, 1, 18), "on Wednesday", "relative_to_publication")


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gazetteer]:
    path = tmp_path_factory.mktemp("gazetteer") / "small.sqlite"
    records = [SourcePlace(BAB, alternates=("al-Bab",)), *(SourcePlace(place) for place in (IDLIB, PROVINCE, SYRIA))]
    build(path, records, meta=META)
    with Gazetteer.open(path) as gazetteer:
        yield gazetteer


def told(number: int, *, article: str | None = None, quote: str = "Jets struck al-Bab.", **fields: object) -> Report:
    """The report e1, e2, ... of an article of its own."""
    article = article or f"a{number}"
    start = 100 * number
    at = quote.find("al-Bab")
    spans = [Span("trigger", start + 5, start + 11)]
    spans += [Span("place", start + at, start + at + 6)] if at >= 0 else []
    values: dict[str, object] = {
        "report_id": f"e{number}",
        "article_id": article,
        "evidence": Evidence(article, start, start + len(quote), quote, tuple(spans)),
        "sub_event_type": "Air/drone strike",
        "summary": "Air/drone strike (al-Bab)",
        "when": WEDNESDAY,
        "location": Location(BAB, BAB.lon, BAB.lat, "settlement", 1.0, "al-Bab"),
        "actors": ("Jets",),
        "claims": (Claim("killed", 3, 3, "three"),),
        "publisher": f"Paper {number}",
        "published": date(2017, 1, 19),
    }
    return Report(**(values | fields))  # type: ignore[arg-type]


def events_of(*reports: Report) -> list[Event]:
    """One event for each report."""
    return list(merge_reports(reports, merge=False))


def parsed(text: str, places: Gazetteer, *, source: str = "c.csv") -> Corrections:
    return parse_corrections(text, source=source, gazetteer=places)


def corrected(text: str, events: Sequence[Event], places: Gazetteer) -> Corrected:
    return correct_events(events, parsed(text, places))


def one(text: str, places: Gazetteer, *reports: Report) -> Event:
    """The only event that is left of reports."""
    answer = corrected(text, events_of(*(reports or (told(1),))), places)
    assert answer.problems == ()
    (event,) = answer.events
    return event


# --- reading the file -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "verb,event_id,field,value\nset,e1,killed,14\n",
        "\ufeffverb,event_id,field,value\r\nset,e1,killed,14\r\n",
        "verb;event_id;field;value\nset;e1;killed;14\n",
        "Verb\tEvent ID\tfield\tvalue\nSET\te1\tkilled\t14\n",
        '# by "us\n\nverb,event_id,field,value,,\n# a, "comment\n,,,,,\nset,e1,killed,14,,\n',
        "verb,event_id,killed\nset,e1,14\n",
        "value,field,event_id,verb\n14,killed,e1,set\n",
    ],
)
def test_a_table_is_read_as_spreadsheets_write_it(text: str, places: Gazetteer) -> None:
    found = parsed(text, places)
    assert found.problems == ()
    ((field, claim),) = found.items[0].values
    assert (found.items[0].verb, found.items[0].event_ids) == ("set", ("e1",))
    assert (field, claim.low, claim.high) == ("killed", 14, 14)


def test_yaml_says_the_same(places: Gazetteer) -> None:
    pytest.importorskip("yaml")
    text = """\
# a comment
- verb: pin
  name: al-Bab
  place: t:idlib
  by: A. Reader
  when: 2026-11-20
- verb: merge
  event_id: [e1, e2]
- {verb: set, event_id: e1, killed: 14-18, actors: [Jets, No]}
"""
    found = parsed(text, places, source="c.yaml")
    assert found.problems == ()
    assert [(item.line, item.verb) for item in found.items] == [(2, "pin"), (7, "merge"), (9, "set")]
    pin, merge, both = found.items
    assert (pin.place, pin.signed) == (IDLIB, "A. Reader, 2026-11-20")
    assert merge.event_ids == ("e1", "e2")
    assert dict(both.values)["actors"] == ("Jets", "No")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("- verb: frob\n", "c.yaml:1: verb 'frob' is unknown; verbs are pin,"),
        ("- verb: pin\n  nmae: x\n", "c.yaml:2: key 'nmae' is unknown"),
        ("verb: pin\n", "c.yaml:1: a list is expected"),
        ("- [1, 2\n", "c.yaml:2: not YAML"),
        ("- just words\n", "c.yaml:1: an entry 'verb: ...'"),
        ("- verb: {a: b}\n", "c.yaml:1: the value of 'verb' is neither"),
    ],
)
def test_wrong_yaml_is_named_with_its_line(text: str, problem: str, places: Gazetteer) -> None:
    pytest.importorskip("yaml")
    found = parsed(text, places, source="c.yaml")
    assert found.items == ()
    assert found.problems[0].startswith(problem)


def test_yaml_without_its_part_says_how_to_get_it(places: Gazetteer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "yaml", None)
    with pytest.raises(InputError, match=r"pip install 'conflictmap\[yaml\]'; or write CSV"):
        parsed("- verb: pin\n", places, source="c.yaml")


HEAD = "verb,event_id,report_id,article_id,start,end,name,place,lon,lat,field,value,by,when\n"


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("frob,e1", "verb 'frob' is unknown; verbs are pin, set,"),
        (",e1", "the verb is missing; verbs are"),
        ("reject", "reject says no target; give event_id, report_id, or article_id with start and end"),
        ("set,e1", "set says no field; give 'field'"),
        ("set,e1,,,,,,,,,killed", "field 'killed' has no value"),
        ("set,e1,,,,,,,,,killed,dozens", "killed 'dozens' is no number; write 14, 14-18, or 14+"),
        ("set,e1,,,,,,,,,killed,18-14", "killed '18-14' ends before it starts"),
        ("set,e1,,,,,,,,,killed_low,4", "field 'killed_low' is set as a whole; write field 'killed'"),
        ("set,e1,,,,,,,,,date,18/01/2017", "date_start '18' is no day; write it as 2017-01-18"),
        ("set,e1,,,,,,,,,date,2017-01-20/2017-01-18", "date_end 2017-01-18 is before date_start 2017-01-20"),
        ("set,e1,,,,,,,,,sub_event_type,Bombing", "sub_event_type 'Bombing' is unknown; it is one of: "),
        (
            "set,e1,,,,,,,,,type,Battles",
            "event_type 'Battles' follows from the sub-type; set sub_event_type to one of: ",
        ),
        ("set,e1,,,,,,,,,mood,bad", "field 'mood' is unknown; it is one of: date,"),
        ("set,e1,,,,,,,,,place,t:idlib", "field 'place' is not set by itself; use the verb pin"),
        ("clear,e1,,,,,,,,,summary", "field 'summary' cannot be cleared; it is one of: "),
        ("pin,e1", "pin says no place; give its id in 'place'"),
        ("pin,,,,,,,t:idlib", "pin says no name; give 'name', an event_id,"),
        (
            "pin,,,,,,Idlib,t:nowhere",
            "place 't:nowhere' is not in this gazetteer; look for its id with 'conflictmap places'",
        ),
        ("pin,,,,,,Idlib,Idlib", "place 'Idlib' is no id; find the id with: conflictmap places 'Idlib' --json"),
        ("pin,,,,,,Idlib,,36.4,144.2", "latitude 144.2 is outside -90..90 (are the columns swapped?)"),
        ("pin,,,,,,Idlib,,35.93,36.63,", None),
        ("pin,,,,,,Idlib,,east,36.63", "lon 'east', lat '36.63' are no decimal degrees"),
        ("pin,,,,,,Idlib,,nan,36.63", "lon 'nan', lat '36.63' are no decimal degrees"),
        ("pin,,,,,,Idlib,,36.63,", "lat is missing beside the other; give both"),
        ("pin,,,a1,7,,Idlib,t:idlib", "'end' is missing beside the other end of the span"),
        ("pin,,,a1,9,7,Idlib,t:idlib", "span 9 to 7 is empty"),
        ("pin,,,,7,9,Idlib,t:idlib", "span 7 to 9 is in no article; give 'article_id'"),
        ("merge,e1", "merge needs two events; give both in 'event_id' with ';' between"),
        ("add,e9", "add says no sub_event_type"),
        ("checked,e1,,,,,,,,,,,A. Reader,", "checked says no day; give both 'by' and 'when'"),
        ("checked,e1,,,,,,,,,,,,2026-11-20", "checked says no name; give both 'by' and 'when'"),
        ("checked,e1,,,,,,,,,,,A. Reader,20.11.2026", "when '20.11.2026' is no day; write it as 2017-01-18"),
        ("reject,e1,,,,,,,,,,,,,Paris, with love", "15 cells"),
    ],
)
def test_a_line_that_cannot_be_used_is_named_with_its_remedy(line: str, problem: str | None, places: Gazetteer) -> None:
    found = parsed(f"{HEAD}reject,e2\n{line}\nreject,e3\n", places)
    assert [item.line for item in found.items if item.verb == "reject"] == [2, 4]
    if problem is None:
        assert found.problems == ()
    elif problem == "15 cells":
        assert "c.csv:3: 16 cells, but the header has 14" in found.problems[0]
    else:
        assert found.problems[0].startswith(f"c.csv:3: {problem}")
        assert "\n" not in found.problems[0]


def test_coordinates_far_from_the_name_with_a_mirror_image_beside_it_are_swapped(
    places: Gazetteer, tmp_path: Path
) -> None:
    found = parsed("verb,name,lon,lat\npin,Syria,35.0,38.5\npin,al-Bab,12.5,41.9\n", places)
    assert found.problems == ()  # 400 km off is no proof, and neither is a place that is far both ways
    libya = Place("t:murzuq", "Murzuq", 13.9, 25.9, "P", "PPL", "LY")
    line = "verb,name,lon,lat\npin,Murzuq,25.9,13.9\n"
    build(tmp_path / "g.sqlite", [SourcePlace(libya)], meta=META)
    with Gazetteer.open(tmp_path / "g.sqlite") as gazetteer:
        assert parsed(line, gazetteer).problems[0].endswith("the columns are swapped; write lon 13.9, lat 25.9")


def test_a_header_without_verb_and_unknown_columns_are_named(places: Gazetteer) -> None:
    assert parsed("event_id,field\ne1,killed\n", places).problems[0].startswith("c.csv:1: no column 'verb'")
    found = parsed("verb,event_id,feild\nreject,e1,x\n", places)
    assert found.problems[0].startswith("c.csv:1: column 'feild' is unknown and left out")
    assert len(found.items) == 1
    assert parsed("", places).problems[0].startswith("c.csv:1: no header")
    assert parsed("# nothing\n", places).items == ()


def test_two_pins_of_one_name_contradict_each_other(places: Gazetteer) -> None:
    text = "verb,name,place,article_id\npin,Bab,t:al-bab,\npin,bab,t:idlib,\npin,Bab,t:idlib,a1\n"
    found = parsed(text, places)
    assert [item.line for item in found.items] == [4]  # the narrower scope is no contradiction
    assert found.problems == (
        "c.csv:2 and c.csv:3: contradict each other: 'Bab' is t:al-bab and t:idlib; neither counts, keep one",
    )


def test_files_are_read_in_every_encoding_that_says_so(places: Gazetteer, tmp_path: Path) -> None:
    text = "verb,event_id,by\nreject,e1,Jürgen\n"
    for name, data in (("a.csv", text.encode()), ("b.csv", text.encode("utf-16")), ("c.csv", text.encode("utf-8-sig"))):
        (tmp_path / name).write_bytes(data)
        assert read_corrections(tmp_path / name, places).items[0].by == "Jürgen"
    (tmp_path / "d.csv").write_bytes(text.encode("latin-1"))
    with pytest.raises(InputError, match=r"d\.csv:2: not UTF-8; save it as CSV UTF-8"):
        read_corrections(tmp_path / "d.csv", places)
    with pytest.raises(InputError, match="there is no such file"):
        read_corrections(tmp_path / "none.csv", places)


@given(st.text(max_size=200))
def test_no_text_breaks_the_reader(places: Gazetteer, text: str) -> None:
    for start in ("", "verb,event_id,field,value\n"):
        found = parsed(start + text, places)
        assert all(item.verb in VERBS for item in found.items)
        assert all(problem.startswith("c.csv:") for problem in found.problems)


# --- what each verb does ----------------------------------------------------------------------------------------------


def test_facts_are_set_and_cleared(places: Gazetteer) -> None:
    text = (
        "verb,event_id,field,value,by\n"
        "set,e1,killed,14-18,A. Reader\n"
        "set,e1,wounded,30+,\n"
        "set,e1,date,2017-01-17/2017-01-19,\n"
        "set,e1,sub_event_type,shelling/artillery/missile attack,\n"
        "set,e1,actors,Russian forces; Syrian forces,\n"
        "set,e1,targets,Civilians,\n"
    )
    event = one(text, places)
    assert (event.sub_event_type, event.actors) == (
        "Shelling/artillery/missile attack",
        ("Russian forces", "Syrian forces"),
    )
    assert event.when == When(date(2017, 1, 17), date(2017, 1, 19), "corrected by hand", "stated")
    row = event_row(event, provenance="p", country_names={})
    assert (row["killed_low"], row["killed_high"], row["wounded_low"], row["wounded_high"]) == (14, 18, 30, None)
    assert row["summary"] == (
        "Shelling/artillery/missile attack by Russian forces, Syrian forces on Civilians (al-Bab); "
        "14-18 killed, at least 30 wounded"
    )
    assert event.casualties[0].whose == "A. Reader"
    cleared = one("verb,event_id,field\nclear,e1,killed; date; place; actors\n", places)
    assert (cleared.when, cleared.location, cleared.casualties, cleared.actors) == (None, None, (), ())
    assert cleared.unlocated_reason == "a person cleared the place"


def test_one_end_of_an_interval_moves_the_other_only_where_it_must(places: Gazetteer) -> None:
    event = one("verb,event_id,field,value\nset,e1,date_end,2017-01-20\n", places)
    assert event.when is not None
    assert (event.when.start, event.when.end) == (date(2017, 1, 18), date(2017, 1, 20))
    event = one("verb,event_id,field,value\nset,e1,date_start,2017-02-01\n", places)
    assert event.when is not None
    assert (event.when.start, event.when.end) == (date(2017, 2, 1), date(2017, 2, 1))


def test_an_event_is_placed_by_id_and_by_point(places: Gazetteer) -> None:
    by_id = one("verb,event_id,place\npin,e1,admin1:SY.12\n", places)
    assert by_id.location is not None
    assert (by_id.location.level, by_id.location.radius_km, by_id.location.place) == ("adm1", 42.0, PROVINCE)
    by_point = one('verb,event_id,value\npin,e1,"36.7,35.98"\n', places)
    assert by_point.location is not None
    assert (by_point.location.lon, by_point.location.lat, by_point.location.level) == (36.7, 35.98, "settlement")
    assert (by_point.location.place.country, by_point.location.place.id) == ("SY", "point:36.7,35.98")
    finer = one("verb,event_id,place,field,value\npin,e1,t:idlib,,\nset,e1,,location_level,near\n", places)
    assert finer.location is not None
    assert (finer.location.level, finer.location.radius_km) == ("near", 5.0)


def test_what_is_said_of_an_event_stands_in_its_row_and_reasons(places: Gazetteer) -> None:
    text = (
        "verb,event_id,place,field,value,by,when\n"
        "pin,e1,t:idlib,,,A. Reader,2026-11-20\n"
        "set,e1,,killed,4,A. Reader,2026-11-20\n"
        "checked,e1,,,,B. Reader,2026-11-21\n"
    )
    event = one(text, places)
    said = ["corrected by hand: killed, place (A. Reader, 2026-11-20)", "checked (B. Reader, 2026-11-21)"]
    assert [r.text for r in event.confidence.reasons if r.code in ("corrected", "checked")] == said
    assert (event.confidence.label, event.confidence.score) == ("high", 1.0)
    assert event_row(event, provenance="conflictmap 1", country_names={})["provenance"] == "; ".join(
        ("conflictmap 1", *said)
    )
    (again,) = events_from_jsonl(events_to_jsonl([event], provenance="p", country_names={}).splitlines())
    assert again == event


def test_a_rejected_event_is_listed_with_what_was_rejected(places: Gazetteer) -> None:
    answer = corrected("verb,event_id,by\nreject,e1,A. Reader\n", events_of(told(1), told(2)), places)
    assert [event.event_id for event in answer.events] == ["e2"]
    (no,) = answer.rejected
    assert (no.article_id, no.trigger, no.reason.text) == ("a1", "struck", "rejected by hand (A. Reader)")


def test_a_rejected_report_leaves_the_others(places: Gazetteer) -> None:
    merged = corrected("verb,event_id\nmerge,e1; e2\n", events_of(told(1), told(2)), places).events
    answer = corrected("verb,report_id\nreject,e1\n", merged, places)
    (event,) = answer.events
    assert (event.event_id, [r.report_id for r in event.reports]) == ("e1", ["e2"])
    assert len(answer.rejected) == 1


def test_a_missed_event_is_added_once(places: Gazetteer) -> None:
    text = (
        "verb,event_id,article_id,place,sub_event_type,date,killed,quote,by\n"
        "add,,a1,t:idlib,Armed clash,2017-01-19,5,Clashes went on in Idlib.,A. Reader\n"
        "add,mine,,,Agreement,,,,\n"
    )
    answer = corrected(text, events_of(told(1)), places)
    assert answer.problems == ()
    clash = next(event for event in answer.events if event.sub_event_type == "Armed clash")
    assert clash.location is not None
    assert (clash.location.place, clash.reports[0].publisher, clash.reports[0].evidence.quote) == (
        IDLIB,
        "Paper 1",
        "Clashes went on in Idlib.",
    )
    assert clash.summary == "Armed clash (Idlib); 5 killed"
    assert "mine" in {event.event_id for event in answer.events}
    assert corrected(text, answer.events, places).events == answer.events


def test_lines_can_say_more_of_an_added_event(places: Gazetteer) -> None:
    text = "verb,event_id,sub_event_type,field,value\nadd,mine,Armed clash,,\nset,mine,,killed,3\nmerge,mine; e1,,,\n"
    event = one(text, places)
    assert {report.report_id for report in event.reports} == {"e1", "mine"}
    assert event.casualties[0].low == 3


def test_events_are_merged_under_the_id_of_their_first_report(places: Gazetteer) -> None:
    earlier = told(2, published=date(2017, 1, 10))
    answer = corrected("verb,event_id,by\nmerge,e1; e2,A. Reader\n", events_of(told(1), earlier, told(3)), places)
    assert sorted((e.event_id, len(e.reports)) for e in answer.events) == [("e2", 2), ("e3", 1)]
    both = next(event for event in answer.events if event.event_id == "e2")
    assert [join.report_id for join in both.joins] == ["e1"]
    assert any(r.text == "corrected by hand: reports (A. Reader)" for r in both.confidence.reasons)


def test_an_id_names_the_event_that_holds_its_report(places: Gazetteer) -> None:
    text = "verb,event_id,field,value\nmerge,e1; e2,,\nset,e2,killed,9\n"
    event = one(text, places, told(1), told(2))
    assert (event.event_id, event.casualties[0].low) == ("e1", 9)


def test_reports_are_split_off_alone_together_or_all(places: Gazetteer) -> None:
    whole = corrected("verb,event_id\nmerge,e1; e2; e3\n", events_of(told(1), told(2), told(3)), places).events
    assert len(whole) == 1
    for line, wanted in (
        ("split,,e3", [("e1", 2), ("e3", 1)]),
        ("split,,e2; e3", [("e1", 1), ("e2", 2)]),
        ("split,,e1", [("e1", 1), ("e2", 2)]),
        ("split,e2,", [("e1", 1), ("e2", 1), ("e3", 1)]),
    ):
        answer = corrected(f"verb,event_id,report_id\n{line}\n", whole, places)
        assert sorted((event.event_id, len(event.reports)) for event in answer.events) == wanted
        assert corrected(f"verb,event_id,report_id\n{line}\n", answer.events, places).events == answer.events


def test_what_is_said_of_a_report_goes_into_its_event(places: Gazetteer) -> None:
    text = "verb,event_id,report_id,field,value\nmerge,e1; e2,,,\nset,,e2,wounded,7\n"
    event = one(text, places, told(1), told(2))
    assert event.reports[0].claims == told(1).claims
    assert [claim.low for claim in event.reports[1].claims] == [7, 3]


def test_a_span_names_the_report_that_is_told_there(places: Gazetteer) -> None:
    one_article = [told(1, article="a"), told(2, article="a")]
    answer = corrected("verb,article_id,start,end\nreject,a,205,211\n", events_of(*one_article), places)
    assert [event.event_id for event in answer.events] == ["e1"]
    answer = corrected("verb,article_id,start,end\nreject,a,305,311\n", events_of(*one_article), places)
    assert answer.problems == (
        "c.csv:2: reject: a report at (305, 311) of article 'a' is not in this run; look the id up in the events, or take the line out",
    )


# --- what cannot be done ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    ["set,ghost,,killed,1", "reject,ghost", "set,,ghost,killed,1", "split,,ghost", "split,ghost", "merge,e1; ghost"],
)
def test_a_target_that_is_gone_is_reported(line: str, places: Gazetteer) -> None:
    events = events_of(told(1), told(2))
    answer = corrected(f"verb,event_id,report_id,field,value\n{line}\n", events, places)
    assert answer.events == tuple(events)
    assert "c.csv:2" in answer.problems[0]
    assert "'ghost' is not in this run; look the id up in the events, or take the line out" in answer.problems[0]


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ("set,e1,,killed,1\nset,e1,,killed,2", "killed of event 'e1' is 1 and 2"),
        ("set,e1,,killed,1\nclear,e1,,killed,", "killed of event 'e1' is 1 and nothing"),
        ("set,,e1,killed,1\nset,,e1,killed,2", "killed of report 'e1' is 1 and 2"),
        ("reject,e1\nset,e1,,killed,2", "event 'e1' is rejected, and something is said of it"),
        ("merge,e1; e2\nreject,e2", "one rejects an event that the others merge"),
        ("merge,e1; e2\nsplit,,e4", None),
    ],
)
def test_lines_that_contradict_each_other_are_named_and_change_nothing(
    lines: str, problem: str | None, places: Gazetteer
) -> None:
    events = events_of(told(1), told(2), told(3), told(4))
    answer = corrected(f"verb,event_id,report_id,field,value\n{lines}\nset,e3,,killed,5\n", events, places)
    assert next(e for e in answer.events if e.event_id == "e3").casualties[0].low == 5
    if problem is None:
        assert answer.problems == ()
        return
    rest = [event for event in answer.events if event.event_id != "e3"]
    assert rest == [event for event in events if event.event_id != "e3"]
    assert answer.problems == (f"c.csv:2 and c.csv:3: contradict each other: {problem}; none of them counts, keep one",)


def test_a_report_split_off_and_merged_back_is_a_contradiction(places: Gazetteer) -> None:
    whole = corrected("verb,event_id\nmerge,e1; e2\n", events_of(told(1), told(2), told(3)), places).events
    answer = corrected("verb,event_id,report_id\nsplit,,e2\nmerge,e1; e2\n", whole, places)
    assert answer.events == whole
    assert answer.problems == (
        "c.csv:2 and c.csv:3: contradict each other: one splits reports off that the others merge; none of them counts, keep one",
    )
    moved = corrected("verb,event_id,report_id\nsplit,,e2\nmerge,e2; e3\n", whole, places)
    assert sorted((e.event_id, len(e.reports)) for e in moved.events) == [("e1", 1), ("e3", 2)]


def test_lines_that_say_the_same_do_not_contradict_each_other(places: Gazetteer) -> None:
    event = one("verb,event_id,field,value\nset,e1,killed,4\nset,e1,killed,4\n", places)
    assert event.casualties[0].low == 4


def test_a_point_with_swapped_columns_is_no_place_of_the_event(places: Gazetteer) -> None:
    libya = Place("t:murzuq", "Murzuq", 13.9, 25.9, "P", "PPL", "LY")
    report = told(1, location=Location(libya, 13.9, 25.9, "settlement", 1.0, "Murzuq"))
    answer = corrected("verb,event_id,lon,lat\npin,e1,25.9,13.9\n", events_of(report), places)
    assert answer.events == tuple(events_of(report))
    assert answer.problems[0].endswith("the columns are swapped; write lon 13.9, lat 25.9")


def test_a_circle_of_merges_is_one_event_whatever_the_order(places: Gazetteer) -> None:
    lines = ["merge,e1; e2", "merge,e2; e3", "merge,e3; e1", "merge,e1; e4", "merge,e2; e4"]
    events = events_of(*(told(n) for n in range(1, 6)))
    answers = []
    for seed in range(5):
        random.Random(seed).shuffle(lines)
        answer = corrected("verb,event_id\n" + "\n".join(lines) + "\n", events, places)
        assert answer.problems == ()
        answers.append(answer.events)
    assert all(answer == answers[0] for answer in answers)
    assert sorted((e.event_id, len(e.reports)) for e in answers[0]) == [("e1", 4), ("e5", 1)]


def test_ten_thousand_identical_reports_survive_every_verb(places: Gazetteer) -> None:
    reports = [told(1, article=f"a{n:05}", quote="Jets struck al-Bab.", report_id=f"r{n}") for n in range(10_000)]
    text = "verb,event_id,report_id\nmerge,r0; r1\nmerge,r1; r2\nsplit,,r5\nreject,r9,\n"
    answer = corrected(text, events_of(*reports), places)
    assert sum(len(event.reports) for event in answer.events) == 9_999
    assert len(answer.rejected) == 1


@given(
    st.lists(st.tuples(st.sampled_from(["merge", "split", "reject", "set"]), st.sets(st.integers(1, 6), min_size=2)))
)
def test_no_report_is_lost_by_any_file(places: Gazetteer, said: list[tuple[str, set[int]]]) -> None:
    lines = [
        f"{verb},{'; '.join(f'e{n}' for n in sorted(ids))},killed,{len(ids)}"
        if verb in ("merge", "set")
        else f"{verb},e{min(ids)},,"
        for verb, ids in said
    ]
    whole = [told(n) for n in range(1, 7)]
    answer = corrected("verb,event_id,field,value\n" + "\n".join(lines) + "\n", events_of(*whole), places)
    kept = [report.report_id for event in answer.events for report in event.reports]
    assert len(kept) + len(answer.rejected) == 6
    assert len(set(kept)) == len(kept)
    assert answer == corrected("verb,event_id,field,value\n" + "\n".join(lines) + "\n", events_of(*whole), places)


def test_a_flag_waits_for_a_person_and_changes_nothing(places: Gazetteer) -> None:
    text = "verb,event_id,field,note,by\nflag,e1,place,it is in Iraq,X\nflag,e1,mood,,\nflag,e1,,,\n"
    found = parsed(text, places)
    assert [problem.split(";")[0] for problem in found.problems] == [
        "c.csv:3: field 'mood' is unknown",
        "c.csv:4: flag says no field",
    ]
    answer = correct_events(events_of(told(1)), found)
    assert answer.events == tuple(events_of(told(1)))
    assert answer.notes == (
        "c.csv:2: event 'e1' is flagged as wrong in its place (X): 'it is in Iraq'; write what is right, or take the line out",
    )


def test_a_report_named_by_two_merges_joins_both_events(places: Gazetteer) -> None:
    text = "verb,event_id\nmerge,e1; e3\nmerge,e2; e3\n"
    event = one(text, places, told(1), told(2), told(3))
    assert (event.event_id, len(event.reports)) == ("e1", 3)


# --- names ------------------------------------------------------------------------------------------------------------

TEXT = (
    "Russian aircraft struck the town of al-Bab in Syria on Wednesday, killing three people, residents said. "
    "Shelling hit the town of Idlib on Wednesday, killing two people, residents said."
)


def article(number: int = 1, text: str = TEXT) -> Article:
    return Article(id=f"a{number}", text=text, published=date(2017, 1, 20), publisher="Example Wire")


def read(
    text: str, places: Gazetteer, *articles: Article
) -> tuple[dict[str, str | None], tuple[str, ...], tuple[str, ...]]:
    """Place by report id, problems and notes of a run."""
    settings = Settings(merge=False, corrections=parsed(text, places) if text else None)
    result = read_articles(articles or (article(),), gazetteer=places, settings=settings)
    ids = {e.event_id: e.location.place.id if e.location is not None else None for e in result.events}
    return ids, result.problems, result.notes


def test_a_pinned_name_moves_its_events_and_no_id_changes(places: Gazetteer) -> None:
    before, _, _ = read("", places)
    assert set(before.values()) == {"t:al-bab", "t:idlib"}
    after, problems, notes = read("verb,name,place\npin,Al-Bab,admin1:SY.12\n", places)
    assert (problems, notes) == ((), ())
    assert after.keys() == before.keys()
    moved = {event_id for event_id, place in before.items() if place == "t:al-bab"}
    assert {event_id for event_id in after if after[event_id] == "admin1:SY.12"} == moved


def test_the_narrower_scope_wins(places: Gazetteer) -> None:
    start = TEXT.index("al-Bab")
    text = (
        "verb,name,article_id,start,end,place\n"
        f"pin,al-Bab,a1,{start},{start + 6},country:SY\n"
        "pin,al-Bab,,,,t:idlib\n"
        "pin,al-Bab,a2,,,admin1:SY.12\n"
    )
    corrections = parsed(text, places)
    found = [
        next(
            t.place.id
            for t in read_article(article(n), places, settings=Settings(corrections=corrections)).toponyms
            if t.text == "al-Bab" and t.place is not None
        )
        for n in (1, 2, 3)
    ]
    assert found == ["country:SY", "admin1:SY.12", "t:idlib"]


def test_a_name_that_no_gazetteer_knows_is_found_where_it_is_pinned(places: Gazetteer) -> None:
    text = TEXT.replace("the town of Idlib", "Tell Zzyx")
    nowhere, _, _ = read("", places, article(text=text))
    assert "point:36.7,35.98" not in nowhere.values()
    there, problems, _ = read('verb,name,place\npin,Tell Zzyx,"36.7,35.98"\n', places, article(text=text))
    assert "point:36.7,35.98" in there.values()
    assert problems == ()


def test_a_pin_that_meets_nothing_is_said(places: Gazetteer) -> None:
    _, problems, notes = read("verb,name,article_id,place\npin,Homs,,t:idlib\npin,al-Bab,a7,t:idlib\n", places)
    assert notes == ("c.csv:2: no article names 'Homs'",)
    assert problems == ("c.csv:3: no article 'a7' with 'al-Bab' was read; mend the line, or take it out",)
    _, problems, _ = read("verb,name,article_id,start,end,place\npin,al-Bab,a1,0,7,t:idlib\n", places)
    assert problems == ("c.csv:2: a1 reads 'Russian' at 0-7, not 'al-Bab'; mend start and end",)


def test_an_event_is_added_with_its_words(places: Gazetteer) -> None:
    start = TEXT.index("Shelling")
    text = (
        "verb,event_id,article_id,start,end,sub_event_type\n"
        f"add,m1,a1,{start},{len(TEXT)},Armed clash\nadd,m2,a9,1,2,Armed clash\nadd,m3,a1,1,9999,Armed clash\n"
    )
    settings = Settings(corrections=parsed(text, places))
    result = read_articles([article()], gazetteer=places, settings=settings)
    added = next(event for event in result.events if event.event_id == "m1")
    assert added.reports[0].evidence.quote == TEXT[start:]
    assert (added.reports[0].publisher, added.reports[0].published) == ("Example Wire", date(2017, 1, 20))
    assert [problem.split(": ", 1)[0] for problem in result.problems] == ["c.csv:3", "c.csv:4"]


def test_names_are_pinned_in_the_quotes_of_an_event_file(places: Gazetteer) -> None:
    corrections = parsed("verb,name,place\npin,al-bab,t:idlib\n", places)
    other = told(
        2, quote="Jets struck Idlib.", location=Location(IDLIB, IDLIB.lon, IDLIB.lat, "settlement", 1.0, "Idlib")
    )
    events, met = pin_quotes(events_of(told(1), other), corrections)
    assert met == {2}
    assert [e.location.place.id for e in events if e.location is not None] == ["t:idlib", "t:idlib"]
    answer = correct_events(events, corrections, pinned=met)
    marks = {e.event_id: [r.text for r in e.confidence.reasons if r.code == "corrected"] for e in answer.events}
    assert marks == {"e1": ["corrected by hand: 'al-Bab' is Idlib"], "e2": []}


def test_corrections_twice_are_corrections_once(places: Gazetteer) -> None:
    text = (
        "verb,event_id,name,place,field,value,by\npin,,al-Bab,t:idlib,,,A\nset,e1,,,killed,4,A\nset,e2,,,date,2017-01-01,B\n"
        "merge,e2; e3,,,,,B\nset,e3,,,actors,X,\n"
    )
    corrections = parsed(text, places)

    def again(events: Sequence[Event]) -> Corrected:
        pinned, met = pin_quotes(events, corrections)
        return correct_events(pinned, corrections, pinned=met)

    first = again(events_of(told(1), told(2), told(3)))
    assert first.problems == ()
    assert again(first.events) == first


def test_without_corrections_events_stay_as_they_are(places: Gazetteer) -> None:
    events = events_of(told(2), told(1))
    assert correct_events(events, Corrections(source="")).events == tuple(events)
    assert replace(events[0]) == events[0]


# --- the commands -----------------------------------------------------------------------------------------------------


def run(*args: object, code: int = 0) -> Result:
    result = CliRunner().invoke(cli, [str(arg) for arg in args])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert result.exit_code == code, result.stderr
    return result


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "news.txt").write_text(f"Published: 2017-01-20\n\n{TEXT}\n", encoding="utf-8")
    return tmp_path


@pytest.mark.usefixtures("world")
def test_a_run_does_the_good_lines_says_the_others_and_exits_1(here: Path) -> None:
    (here / "c.csv").write_text("verb,name,place\npin,al-Bab,country:SY\nfrob,x,y\n", encoding="utf-8")
    result = run("geocode", "news.txt", "--corrections", "c.csv", "-o", "e.jsonl", code=1)
    assert "c.csv:3: verb 'frob' is unknown" in result.stderr
    assert "1 problem with corrections; events in e.jsonl" in result.stderr
    assert '"country:SY"' in (here / "e.jsonl").read_text(encoding="utf-8")
    run("geocode", "news.txt", "--corrections", "c.csv", "-o", "e.jsonl", "--lenient")
    first = (here / "e.jsonl").read_bytes()
    run("geocode", "news.txt", "--corrections", "c.csv", "-o", "e.jsonl", "--lenient", "--jobs", "2")
    assert (here / "e.jsonl").read_bytes() == first


@pytest.mark.usefixtures("world")
def test_a_map_of_an_event_file_is_corrected(here: Path) -> None:
    run("geocode", "news.txt", "-o", "e.jsonl")
    events = events_from_jsonl((here / "e.jsonl").read_text(encoding="utf-8").splitlines())
    (here / "c.csv").write_text(
        f"verb,event_id,by\nreject,{events[0].event_id},me\nreject,ghost,me\n", encoding="utf-8"
    )
    result = run("map", "e.jsonl", "--corrections", "c.csv", "-o", "m.html", code=1)
    assert f"{len(events) - 1} event" in result.stderr
    assert events[0].event_id not in (here / "m.html").read_text(encoding="utf-8")
    run("geocode", "news.txt", "-o", "e.geojson")
    result = run("map", "e.geojson", "--corrections", "c.csv", "-o", "m.html", code=1)
    assert "corrections need whole events; write them with 'conflictmap geocode ... -o events.jsonl'" in result.stderr


@pytest.mark.usefixtures("world")
def test_the_corrections_are_never_written_over(here: Path) -> None:
    (here / "c.csv").write_text("verb,name,place\n", encoding="utf-8")
    assert "this is an input" in run("geocode", "news.txt", "--corrections", "c.csv", "-o", "c.csv", code=1).stderr
    assert "there is no such file" in run("geocode", "news.txt", "--corrections", "none.csv", code=1).stderr


def test_the_page_of_the_documents_names_every_verb_and_field() -> None:
    from geo.corrections import COLUMNS, FIELDS

    page = Path(__file__).resolve().parents[2] / "docs" / "corrections.md"
    if not page.is_file():
        pytest.skip("the documents are only in a source tree")
    text = page.read_text(encoding="utf-8")
    assert [name for name in (*VERBS, *COLUMNS, *FIELDS) if f"`{name}`" not in text] == []
