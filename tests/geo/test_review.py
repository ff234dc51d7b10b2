"""The review: a sample that can be drawn again, answers that survive, shares with their intervals, and corrections."""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from conftest import MakeEvent
from hypothesis import given
from hypothesis import strategies as st

from gazetteer import Gazetteer
from gazetteer.errors import InputError
from gazetteer.place import Place
from geo.cli import cli
from geo.corrected import correct_events
from geo.corrections import parse_corrections
from geo.event import Claim, Event
from geo.review import (
    QUESTIONS,
    Answer,
    answer_line,
    corrections_csv,
    draw,
    latest,
    next_question,
    possible_twins,
    read_answers,
    shares,
    summary_of,
    wilson,
)
from geo.table import events_to_jsonl

DAY = date(2026, 11, 20)


def said(event_id: str, question: str, answer: str = "yes", value: str | None = None) -> Answer:
    return Answer(event_id, question, answer, by="A. Reader", when=DAY, value=value)


def all_right(event_id: str, **wrong: str | None) -> list[Answer]:
    """An answer to each question; `wrong` names those that are wrong, with what would be right."""
    return [said(event_id, q, "no", wrong[q]) if q in wrong else said(event_id, q) for q in QUESTIONS]


def rows(events: Iterable[Event], answers: Iterable[Answer]) -> list[dict[str, str]]:
    text = corrections_csv(events, answers)
    kept = [line for line in text.splitlines() if not line.startswith("#")]
    targets = ("article_id", "start", "end")
    return [{k: v for k, v in row.items() if v and k not in targets} for row in csv.DictReader(kept)]


@pytest.fixture(scope="module")
def many(make_event: MakeEvent) -> list[Event]:
    return [make_event(f"e{n:03}") for n in range(200)]


# --- the sample -------------------------------------------------------------------------------------------------------


def test_a_sample_is_drawn_again_whatever_the_order_of_the_events(many: list[Event]) -> None:
    first = draw(many, n=20, seed=7)
    shuffled = random.Random(1).sample(many, len(many))
    assert draw(shuffled, n=20, seed=7) == first
    assert draw([*many, *many], n=20, seed=7) == first
    assert draw(many, n=20, seed=8) != first
    assert draw(many, n=50, seed=7)[:20] == first
    assert len(draw(many, n=10_000, seed=0)) == 200
    assert draw([], n=5, seed=0) == []


def test_every_event_is_as_likely_as_another(many: list[Event]) -> None:
    times = dict.fromkeys((event.event_id for event in many), 0)
    for seed in range(400):
        for event in draw(many, n=20, seed=seed):
            times[event.event_id] += 1
    assert sum(times.values()) == 8_000
    assert min(times.values()) > 15  # 40 are expected
    assert max(times.values()) < 70


# --- intervals --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("right", "n", "low", "high"),
    [(91, 100, 0.838, 0.952), (0, 10, 0.0, 0.278), (10, 10, 0.722, 1.0), (1, 2, 0.095, 0.905), (0, 0, 0.0, 1.0)],
)
def test_intervals_are_those_of_wilson(right: int, n: int, low: float, high: float) -> None:
    found = wilson(right, n)
    assert (round(found[0], 3), round(found[1], 3)) == (low, high)


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_an_interval_holds_its_share(counts: tuple[int, int]) -> None:
    right, n = counts
    low, high = wilson(right, n)
    assert 0.0 <= low <= right / n <= high <= 1.0


def test_a_share_leaves_out_what_is_unclear_and_counts_the_last_answer() -> None:
    answers = [said("a", "place"), said("b", "place", "no"), said("c", "place", "unclear"), said("b", "place")]
    place = next(share for share in shares(answers) if share.question == "place")
    assert (place.right, place.n) == (2, 2)
    assert place.text == "place right 100 % (34-100), n = 2"
    assert [share.question for share in shares([])] == list(QUESTIONS)
    assert shares([])[0].text == "an event: not known, n = 0"
    assert summary_of([]) is None
    assert summary_of(answers) == "place right 100 % (34-100), n = 2; reviewed 2026-11-20"


# --- answers ----------------------------------------------------------------------------------------------------------


def test_answers_are_read_back_also_after_a_line_that_was_cut_off() -> None:
    answers = [said("a", "place", "no", "t:idlib"), said("a", "date")]
    text = "".join(map(answer_line, answers))
    assert read_answers(text.splitlines(keepends=True), source="r.jsonl") == answers
    assert read_answers((text + text[:40]).splitlines(keepends=True), source="r.jsonl") == answers


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("{", "r.jsonl:2: not JSON"),
        ('{"a": 1}', "r.jsonl:2: no answer of a review"),
        ("[]", "r.jsonl:2: no answer of a review"),
        (
            answer_line(said("a", "date")).replace("date", "mood"),
            "r.jsonl:2: not a whole answer (question 'mood' is none of",
        ),
        (answer_line(said("a", "date")).replace('"when"', '"then"'), "r.jsonl:2: not a whole answer"),
    ],
)
def test_a_line_that_is_no_answer_is_named(line: str, problem: str) -> None:
    lines = [answer_line(said("a", "place")), line.rstrip("\n") + "\n"]
    with pytest.raises(InputError) as caught:
        read_answers(lines, source="r.jsonl")
    assert str(caught.value).startswith(problem)


def test_what_is_no_event_is_asked_nothing_else(make_event: MakeEvent) -> None:
    event = make_event("a")
    asked = []
    held: list[Answer] = []
    while (question := next_question(event, latest(held))) is not None:
        asked.append(question)
        held.append(said("a", question))
    assert asked == list(QUESTIONS)
    assert next_question(event, latest([said("a", "event", "no")])) is None


# --- corrections ------------------------------------------------------------------------------------------------------

SIGNED = {"by": "A. Reader", "when": "2026-11-20"}


def test_an_event_that_is_right_is_checked(make_event: MakeEvent) -> None:
    assert rows([make_event("a")], all_right("a")) == [{"verb": "checked", "event_id": "a"} | SIGNED]
    assert rows([make_event("a")], all_right("a")[:-1]) == []
    assert rows([make_event("a")], [*all_right("a"), said("a", "date", "unclear")]) == []


@pytest.mark.parametrize(
    ("question", "value", "wanted"),
    [
        ("place", "geonames:1", {"verb": "pin", "place": "geonames:1"}),
        ("place", None, {"verb": "clear", "field": "place"}),
        ("date", "2017-01-18", {"verb": "set", "field": "date", "value": "2017-01-18"}),
        ("date", None, {"verb": "clear", "field": "date"}),
        ("type", "Armed clash", {"verb": "set", "field": "sub_event_type", "value": "Armed clash"}),
        ("number", "killed 14-18", {"verb": "set", "field": "killed", "value": "14-18"}),
        ("number", "wounded none", {"verb": "clear", "field": "wounded"}),
        ("number", None, {"verb": "clear", "field": "killed"}),
        ("once", "b", {"verb": "merge", "event_id": "a; b"}),
        ("event", None, {"verb": "reject"}),
    ],
)
def test_what_is_wrong_becomes_a_correction(
    question: str, value: str | None, wanted: dict[str, str], make_event: MakeEvent
) -> None:
    event = make_event("a", claims=(Claim("killed", 3, 3, "three"),))
    answers = all_right("a", **{question: value}) if question != "event" else [said("a", "event", "no")]
    made = rows([event], answers)
    assert made[0] == {"event_id": "a"} | wanted | SIGNED
    assert [row["verb"] for row in made[1:]] == (["checked"] if value else [])


def test_a_correction_finds_its_event_by_its_words_where_the_id_is_another(
    make_event: MakeEvent, world: Gazetteer
) -> None:
    text = corrections_csv([make_event("a")], all_right("a", date="2017-01-17"))
    corrections = parse_corrections(text, source="r.csv", gazetteer=world)
    result = correct_events([make_event("another")], corrections)
    assert result.problems == ()
    assert result.events[0].when is not None
    assert result.events[0].when.start == date(2017, 1, 17)


def test_what_is_wrong_and_cannot_be_said_is_a_comment(make_event: MakeEvent) -> None:
    text = corrections_csv([make_event("a")], all_right("a", type=None))
    assert "# a: not type right, and what would be is not known (A. Reader, 2026-11-20)\n" in text
    assert rows([make_event("a")], all_right("a", type=None)) == []


def test_the_corrections_of_a_review_are_applied_as_they_are(make_event: MakeEvent, world: Gazetteer) -> None:
    events = [make_event("a"), make_event("b"), make_event("c")]
    answers = [
        *all_right("a", place="geonames:170063", date="2017-01-17", number="killed 4; wounded 7+"),
        said("b", "event", "no"),
        *all_right("c"),
    ]
    corrections = parse_corrections(corrections_csv(events, answers), source="r.csv", gazetteer=world)
    result = correct_events(events, corrections)
    assert result.problems == ()
    by_id = {event.event_id: event for event in result.events}
    assert by_id.keys() == {"a", "c"}
    assert by_id["a"].location is not None
    assert by_id["a"].location.place.name == "Aleppo"
    assert [(claim.kind, claim.low, claim.high) for claim in by_id["a"].casualties] == [
        ("killed", 4, 4),
        ("wounded", 7, None),
    ]
    assert by_id["c"].confidence.reasons[-1].text == "checked (A. Reader, 2026-11-20)"


def test_twins_are_near_in_space_and_time(make_event: MakeEvent, palmyra: Place) -> None:
    event = make_event("a")
    beside, far = make_event("b", lon=palmyra.lon + 0.1), make_event("c", lon=palmyra.lon + 3)
    nowhere, undated = make_event("d", place=None), make_event("e", when=None)
    everything = [event, far, beside, nowhere, undated]
    assert [twin.event_id for twin in possible_twins(event, everything)] == ["b"]
    assert possible_twins(nowhere, everything) == []


# --- the command ------------------------------------------------------------------------------------------------------


def run(*args: object, stdin: str = "", code: int = 0) -> Result:
    result = CliRunner().invoke(cli, [str(arg) for arg in args], input=stdin)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert result.exit_code == code, result.stderr
    return result


@pytest.fixture
def events_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make_event: MakeEvent) -> Path:
    monkeypatch.chdir(tmp_path)
    events = [make_event(f"e{n}", lon=38.0 + n) for n in range(4)]
    path = tmp_path / "events.jsonl"
    path.write_text(events_to_jsonl(events, provenance="p", country_names={}), encoding="utf-8")
    return path


def kept(path: Path) -> list[tuple[str, str]]:
    records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [(record["question"], record["answer"]) for record in records]


def test_a_review_is_kept_after_every_key_and_goes_on_where_it_was_left(events_file: Path) -> None:
    answers = Path("events.review.jsonl")
    first = run("review", events_file.name, "--sample", 2, "--by", "A. Reader", stdin="yyq")
    assert kept(answers) == [("event", "yes"), ("place", "yes")]
    assert "2 of 2 events are left; the same command goes on" in first.stderr
    run("review", events_file.name, "--sample", 2, "--by", "A. Reader", stdin="y?")  # and stdin ends
    assert kept(answers)[2:] == [("date", "yes"), ("type", "unclear")]
    last = run("review", events_file.name, "--sample", 2, "--by", "A. Reader", stdin="y y  n")
    assert "all 2 events are done" in last.stderr
    assert "place right 100 % (21-100), n = 1\n" in last.stdout
    assert "an event 50 % (9-91), n = 2\n" in last.stdout
    table = Path("events.corrections.csv").read_text(encoding="utf-8")
    assert [line.split(",")[0] for line in table.splitlines()[2:]] == ["reject"]
    again = run("review", events_file.name, "--sample", 2, stdin="")
    assert "all 2 events are done" in again.stderr
    assert kept(answers) == [*kept(answers)][:7]


def test_going_back_changes_the_last_answer(events_file: Path) -> None:
    run("review", events_file.name, "--by", "A. Reader", stdin="y?bbyyq")
    assert kept(Path("events.review.jsonl")) == [
        ("event", "yes"),
        ("place", "unclear"),
        ("event", "yes"),
        ("place", "yes"),
    ]
    run("review", events_file.name, "--by", "A. Reader", stdin="bxq")


@pytest.mark.usefixtures("world")
def test_what_would_be_right_is_asked_until_it_fits(events_file: Path) -> None:
    wrong = (
        "yn\nidlib\n".replace("\n", "", 1)
        + "geonames:170063\n"
        + "n1.1.2017\n2017-01-17\nnBombing\n8\nnkilled many\nkilled 4\nnghost\n\n"
    )
    result = run("review", events_file.name, "--sample", 1, "--by", "A. Reader", stdin=wrong)
    assert "place 'idlib' is no id" in result.stderr
    assert "'1.1.2017' is no day; write it as 2017-01-18" in result.stderr
    assert "sub_event_type 'Bombing' is unknown" in result.stderr
    assert "killed 'many' is no number" in result.stderr
    assert "'ghost' is no other event of this file" in result.stderr
    table = list(
        csv.DictReader(io.StringIO(Path("events.corrections.csv").read_text(encoding="utf-8").split("\n", 1)[1]))
    )
    assert [(row["verb"], row["place"] or row["value"]) for row in table if not row["verb"].startswith("#")] == [
        ("pin", "geonames:170063"),
        ("set", "2017-01-17"),
        ("set", "Mob violence"),
        ("set", "4"),
    ]


def test_an_interrupted_line_is_taken_out_before_the_next(events_file: Path) -> None:
    run("review", events_file.name, "--by", "A. Reader", stdin="yq")
    answers = Path("events.review.jsonl")
    whole = answers.read_bytes()
    answers.write_bytes(whole + whole[:30])
    run("review", events_file.name, "--by", "A. Reader", stdin="yq")
    assert kept(answers) == [("event", "yes"), ("place", "yes")]


def test_only_a_review_writes_over_its_corrections(events_file: Path) -> None:
    Path("mine.csv").write_text("verb,event_id\n", encoding="utf-8")
    result = run("review", events_file.name, "-o", "mine.csv", "--by", "me", code=1)
    assert "mine.csv: this file is not a review's; write the corrections elsewhere with -o" in result.stderr
    assert "this is the input" in run("review", events_file.name, "-o", events_file.name, code=1).stderr
    assert "this is the input" in run("review", events_file.name, "--answers", events_file.name, code=1).stderr


def test_a_review_needs_whole_events_and_a_name(events_file: Path) -> None:
    Path("e.geojson").write_text('{"type": "FeatureCollection", "features": []}', encoding="utf-8")
    assert "needs whole events" in run("review", "e.geojson", code=1).stderr
    assert "there is no such file" in run("review", "none.jsonl", code=1).stderr
    Path("empty.jsonl").write_text("", encoding="utf-8")
    assert "there is nothing to review" in run("review", "empty.jsonl", code=1).stderr
    assert "a review needs a name" in run("review", events_file.name, stdin="\n", code=2).stderr


def test_the_words_of_an_article_do_nothing_to_the_terminal(events_file: Path, make_event: MakeEvent) -> None:
    event = make_event("a", summary="strike \x1b[2J\u202e here")
    events_file.write_text(events_to_jsonl([event], provenance="p", country_names={}), encoding="utf-8")
    shown = run("review", events_file.name, "--by", "me", stdin="q").stderr
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert "strike \\x1b[2J\\u202e here" in shown


def test_the_page_shows_what_the_review_found(events_file: Path) -> None:
    pytest.importorskip("folium")
    run("review", events_file.name, "--sample", 1, "--by", "A. Reader", stdin="yyyyyy")
    run("map", events_file.name, "--review", "events.review.jsonl", "-o", "m.html")
    assert '"review":"an event 100 % (21-100), n = 1; place right' in Path("m.html").read_text(encoding="utf-8")
    assert "m.html:1: " in run("map", events_file.name, "--review", "m.html", "-o", "n.html", code=1).stderr
