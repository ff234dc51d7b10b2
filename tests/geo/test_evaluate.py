"""The measures on small made-up documents, with values worked out by hand; and beside the scorer of the corpora."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazetteer import LonLat, great_circle_km
from geo.articles import Skipped
from geo.evaluate import (
    MAX_KM,
    Document,
    Label,
    Measures,
    country_finder,
    intervals,
    judge,
    kind_of_gold,
    label_of,
    measure,
    read_documents,
    read_predictions,
)
from geo.toponyms import find_toponyms

SHARED = Path(__file__).resolve().parents[2] / "../shared"
SCORER = SHARED / "tools/score_toponyms.py"

#: One degree of latitude.
DEGREE_KM = 2 * math.pi * 6371.0088 / 360


def at(lat: float, lon: float) -> LonLat:
    return LonLat(lon=lon, lat=lat)


def doc(*labels: Label) -> Document:
    return Document(id="d", toponyms=labels)


def scored(document: Document, *predictions: Label) -> Measures:
    return measure([judge(document, predictions)])


# --- pairing --------------------------------------------------------------------------------------------------------


def test_same_offsets_are_paired_before_what_overlaps_more() -> None:
    gold = doc(Label(0, 4, at(1, 1)), Label(5, 20, at(2, 2)))
    judged = judge(gold, [Label(0, 20, at(2, 2)), Label(0, 4, at(1, 1))])
    pairs = {(o.gold.start, o.predicted.end) for o in judged.outcomes if o.gold and o.predicted}
    assert pairs == {(0, 4), (5, 20)}
    assert judged.n_exact == 1


def test_a_name_is_paired_with_what_shares_most_of_it() -> None:
    judged = judge(doc(Label(10, 30, at(0, 0))), [Label(5, 12), Label(12, 25), Label(26, 40)])
    assert [(o.predicted.start, o.error) for o in judged.outcomes if o.predicted] == [
        (5, "spurious"), (12, "unplaced"), (26, "spurious")
    ]  # fmt: skip


def test_one_prediction_over_two_names_counts_once() -> None:
    r = scored(doc(Label(0, 5, at(1, 1)), Label(6, 12, at(1, 1))), Label(0, 12, at(1, 1))).recognition["overlap"]
    assert (r.tp, r.predicted, r.gold) == (1, 1, 2)


def test_touching_spans_share_no_character() -> None:
    assert scored(doc(Label(0, 5, at(1, 1))), Label(5, 9, at(1, 1))).recognition["overlap"].tp == 0


def test_a_label_without_coordinates_is_a_toponym_only_when_it_says_unlocated() -> None:
    gold = doc(Label(0, 5, kind="unlocated"), Label(6, 12, kind="Demonym"))
    measures = scored(gold, Label(0, 5, at(1, 1)), Label(6, 12, at(1, 1)))
    r = measures.recognition["exact"]
    assert (r.tp, r.predicted, r.gold) == (1, 2, 1)
    assert measures.end_to_end.predicted == 1  # that on the unlocated name is left out, that on the demonym is wrong


# --- measures -------------------------------------------------------------------------------------------------------


def test_the_measures_of_five_names_worked_out_by_hand() -> None:
    gold = doc(
        Label(0, 4, at(0, 0), kind="town"),  # found, right
        Label(10, 16, at(20, 20), kind="town"),  # found by overlap, one degree off: 111 km, still right
        Label(20, 27, at(40, 40), kind="region"),  # found, ten degrees off
        Label(30, 36, at(50, 8), kind="town"),  # found, not placed
        Label(40, 44, at(51, 9), kind="region"),  # missed
    )
    measures = scored(
        gold,
        Label(0, 4, at(0, 0)),
        Label(10, 13, at(21, 20)),
        Label(20, 27, at(50, 40)),
        Label(30, 36),
        Label(50, 55, at(3, 3)),  # spurious
    )
    exact, overlap = measures.recognition["exact"], measures.recognition["overlap"]
    assert (exact.tp, exact.predicted, exact.gold) == (3, 5, 5)
    assert (overlap.precision, overlap.recall) == (4 / 5, 4 / 5)
    assert overlap.f1 == pytest.approx(0.8)
    everything, placed = measures.resolution["all"], measures.resolution["placed"]
    assert (everything.n, placed.n) == (4, 3)
    assert (everything.acc161, placed.acc161) == (2 / 4, 2 / 3)
    assert everything.mean_km == pytest.approx((11 * DEGREE_KM + MAX_KM) / 4)
    assert everything.median_km == pytest.approx((DEGREE_KM + 10 * DEGREE_KM) / 2)
    assert placed.median_km == pytest.approx(DEGREE_KM)
    near, far = math.log(1 + DEGREE_KM), math.log(1 + 10 * DEGREE_KM)
    assert placed.auc == pytest.approx((near / 2 + (near + far) / 2) / (2 * math.log(MAX_KM)))
    e2e = measures.end_to_end
    assert (e2e.tp, e2e.predicted, e2e.gold) == (2, 4, 5)
    assert (e2e.precision, e2e.recall) == (2 / 4, 2 / 5)
    assert measures.by_kind == {
        "town": {"gold": 3, "found": 3, "hit": 2}, "region": {"gold": 2, "found": 1, "hit": 0}
    }  # fmt: skip


def test_nothing_predicted_and_nothing_labelled_are_figures_too() -> None:
    nothing = scored(doc(Label(0, 4, at(0, 0))))
    assert nothing.end_to_end.f1 == 0.0
    assert nothing.resolution["all"].auc is None
    assert measure([]).recognition["overlap"].f1 == 0.0
    assert intervals([], rounds=10) == {}


def test_a_place_is_right_in_its_country_although_it_is_far_from_the_point() -> None:
    gold = doc(
        Label(0, 4, at(55, 37), country="RU"),
        Label(5, 9, at(55, 37), country="RU"),
        Label(10, 14, at(55, 37), country="RU"),
        Label(15, 19, at(-40, -140)),  # in no country
        Label(20, 24, at(55, 37), country="RU"),  # missed
    )
    predictions = [
        Label(0, 4, at(60, 100), country="RU"), Label(5, 9, at(50, 30), country="UA"), Label(10, 14), Label(15, 19, at(0, 0))
    ]  # fmt: skip
    country = measure([judge(gold, predictions)], country_of=lambda label: label.country).country
    assert (country["all"].right, country["all"].n) == (1, 3)
    assert (country["placed"].right, country["placed"].n) == (1, 2)


def test_calibration_counts_each_class_of_confidence_by_itself() -> None:
    gold = doc(Label(0, 4, at(0, 0)), Label(5, 9, at(0, 0)), Label(10, 14, at(0, 0)))
    table = scored(
        gold,
        Label(0, 4, at(0, 0), confidence="high"),
        Label(5, 9, at(9, 9), confidence="high"),
        Label(10, 14, at(0, 1), confidence="low"),
        Label(20, 24, at(0, 1), confidence="low"),
        Label(30, 34, confidence="low"),
    ).calibration
    assert table["high"] == {"placed": 2, "share_of_placed": 0.5, "on_gold": 2, "right": 1, "share_right": 0.5}
    assert table["low"] == {"placed": 2, "share_of_placed": 0.5, "on_gold": 1, "right": 1, "share_right": 1.0}
    assert table["medium"]["share_right"] is None


def test_roles_are_counted_where_predictions_have_them() -> None:
    gold = doc(Label(0, 4, at(0, 0)))
    measures = scored(gold, Label(0, 4, at(0, 0), role="dateline"), Label(5, 9, at(0, 0), role="demonym"))
    assert measures.roles == {
        "dateline": {"predicted": 1, "on_gold": 1, "hit": 1}, "demonym": {"predicted": 1, "on_gold": 0, "hit": 0}
    }  # fmt: skip


def test_errors_are_named_in_the_order_of_the_text() -> None:
    gold = doc(Label(0, 4, at(0, 0)), Label(5, 9, at(0, 0)), Label(10, 14, at(0, 0)), Label(15, 19, kind="unlocated"))
    judged = judge(gold, [Label(30, 34, at(0, 0)), Label(15, 19, at(7, 7)), Label(5, 9), Label(0, 4, at(30, 30))])
    assert [o.error for o in judged.outcomes] == ["wrong place", "unplaced", "missed", None, "spurious"]


# --- properties -----------------------------------------------------------------------------------------------------

POINTS = st.one_of(st.none(), st.builds(LonLat, lon=st.floats(-180, 180), lat=st.floats(-90, 90)))


@st.composite
def labels(draw: st.DrawFn) -> Label:
    start = draw(st.integers(0, 40))
    kind = draw(st.sampled_from([None, "unlocated", "P.PPL"]))
    return Label(start, start + draw(st.integers(1, 12)), draw(POINTS), kind=kind)


@given(st.lists(labels(), max_size=8), st.lists(labels(), max_size=8))
def test_each_label_stands_in_one_outcome_and_shares_are_shares(gold: list[Label], predictions: list[Label]) -> None:
    judged = judge(doc(*gold), predictions)
    assert sum(o.gold is not None for o in judged.outcomes) == sum(label.is_toponym for label in gold)
    assert sum(o.predicted is not None for o in judged.outcomes) == len(predictions)
    for o in judged.outcomes:
        if o.gold is not None and o.predicted is not None:
            assert max(o.gold.start, o.predicted.start) < min(o.gold.end, o.predicted.end)
    measures = measure([judged])
    shares = [*measures.recognition.values(), measures.end_to_end]
    assert all(0.0 <= value <= 1.0 for s in shares for value in (s.precision, s.recall, s.f1))
    assert measures.recognition["exact"].tp <= measures.recognition["overlap"].tp
    assert all(e.auc is None or 0.0 <= e.auc < 1.0001 for e in measures.resolution.values())


@given(st.lists(labels(), max_size=8, unique_by=lambda label: (label.start, label.end)))
def test_the_labels_themselves_score_full_marks(gold: list[Label]) -> None:
    located = [label for label in gold if label.point is not None]
    measures = scored(doc(*located), *located)
    assert measures.recognition["exact"].f1 == (1.0 if located else 0.0)
    assert measures.end_to_end.tp == len(located)
    assert measures.resolution["all"].mean_km in (None, 0.0)


@given(st.lists(st.tuples(st.lists(labels(), max_size=4), st.lists(labels(), max_size=4)), min_size=1, max_size=6))
def test_an_interval_holds_values_that_can_occur(documents: list[tuple[list[Label], list[Label]]]) -> None:
    judged = [judge(doc(*gold), predictions) for gold, predictions in documents]
    for low, high in intervals(judged, rounds=20).values():
        assert 0.0 <= low <= high <= 1.0
    assert intervals(judged, rounds=20) == intervals(judged, rounds=20)


# --- beside the scorer of the corpora -------------------------------------------------------------------------------


def scorer_says(gold: Path, predictions: Path) -> dict[str, object]:
    if not SCORER.is_file():
        pytest.skip("the scorer of the corpora is not here: ../shared/tools/score_toponyms.py")
    command = [sys.executable, str(SCORER), str(gold), str(predictions), "--json", "--ci", "20"]
    said: dict[str, object] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return said


def we_say(gold: Path, predictions: Path) -> dict[str, object]:
    documents = read_all(gold)
    known = {document.id: document for document in documents}
    found = {
        document.id: document.toponyms
        for document in read_predictions(predictions.read_text(encoding="utf-8").split("\n"), source="p", gold=known)
        if isinstance(document, Document)
    }
    judged = [judge(document, found.get(document.id, ())) for document in documents]
    said = measure(judged).as_json() | {"interval95": {k: list(v) for k, v in intervals(judged, rounds=20).items()}}
    return said


def read_all(path: Path) -> list[Document]:
    found = list(read_documents(path.read_text(encoding="utf-8").split("\n"), source=path.name))
    assert [item for item in found if isinstance(item, Skipped)] == []
    return [item for item in found if isinstance(item, Document)]


def check_agreement(gold: Path, predictions: Path) -> None:
    theirs, ours = scorer_says(gold, predictions), we_say(gold, predictions)
    assert {key: ours[key] for key in theirs} == theirs


@pytest.mark.parametrize("corpus", ["lgl", "geovirus"])
def test_the_corpora_are_scored_to_the_last_digit_as_by_their_own_scorer(corpus: str, tmp_path: Path) -> None:
    gold = SHARED / f"corpora/{corpus}.jsonl"
    if not gold.is_file():
        pytest.skip(f"the corpus is not here: ../shared/corpora/{corpus}.jsonl")
    predictions = tmp_path / "predictions.jsonl"
    lines = [json.dumps({"id": d.id, "toponyms": spoiled(d.toponyms)}) for d in read_all(gold)]
    predictions.write_text("\n".join(lines), encoding="utf-8")
    check_agreement(gold, predictions)


def spoiled(labels: Sequence[Label]) -> list[dict[str, object]]:
    """The labels with mistakes of each kind: left out, moved, cut short, doubled, not placed, made up."""
    made: list[dict[str, object]] = []
    for n, label in enumerate(labels):
        if n % 7 == 0:
            continue
        end = label.end - 1 if n % 5 == 0 and label.end - label.start > 1 else label.end
        point = label.point if n % 4 else None
        lat = max(-90.0, min(90.0, point.lat + (n % 3) * n / 7)) if point else None
        made.append({"start": label.start, "end": end, "lat": lat, "lon": point.lon if point else None})
        if n % 6 == 0:
            made.append(made[-1] | {"start": label.start + (label.end - label.start) // 2, "end": label.end})
    return made


@given(st.lists(st.tuples(st.lists(labels(), max_size=5), st.lists(labels(), max_size=5)), max_size=4))
def test_made_up_documents_are_scored_as_by_the_scorer(documents: list[tuple[list[Label], list[Label]]]) -> None:
    scorer = load_scorer()
    gold = [{"id": str(n), "toponyms": list(map(raw, pair[0]))} for n, pair in enumerate(documents)]
    predictions = [{"id": str(n), "toponyms": list(map(raw, pair[1]))} for n, pair in enumerate(documents)]
    theirs = scorer["score"](gold, predictions)  # type: ignore[operator]
    ours = measure([judge(doc(*pair[0]), pair[1]) for pair in documents]).as_json()
    assert {key: ours[key] for key in theirs} == theirs


def load_scorer() -> dict[str, object]:
    if not SCORER.is_file():
        pytest.skip("the scorer of the corpora is not here: ../shared/tools/score_toponyms.py")
    scope: dict[str, object] = {"__name__": "scorer"}
    exec(compile(SCORER.read_text(encoding="utf-8"), str(SCORER), "exec"), scope)
    return scope


def raw(label: Label) -> dict[str, object]:
    point = label.point
    return {
        "start": label.start, "end": label.end, "kind": label.kind,
        "lat": point.lat if point else None, "lon": point.lon if point else None,
    }  # fmt: skip


# --- countries and our own reading ----------------------------------------------------------------------------------


def test_a_point_lies_in_the_country_of_the_nearest_settlement(world) -> None:  # type: ignore[no-untyped-def]
    country_of = country_finder(world)
    assert country_of(Label(0, 1, at(36.37, 37.52))) == "SY"  # al-Bab
    assert country_of(Label(0, 1, at(60.0, 100.0))) == "RU"  # the point of a country, in the taiga
    assert country_of(Label(0, 1, at(39.76, -98.5))) == "US"
    assert country_of(Label(0, 1, at(-40.0, -140.0))) is None  # at sea
    assert country_of(Label(0, 1)) is None
    assert country_of(Label(0, 1, at(36.37, 37.52), country="TR")) == "TR"  # what the label states


def test_what_we_read_becomes_a_prediction(world) -> None:  # type: ignore[no-untyped-def]
    text = "Shells fell on Homs, Syria, on Monday."
    label = label_of(find_toponyms(text, world)[0])
    assert (text[label.start : label.end], label.country, label.role) == ("Homs", "SY", "mention")
    assert label.point is not None
    assert great_circle_km(label.point, at(34.73, 36.72)) < 20


# --- files of labels ------------------------------------------------------------------------------------------------

GOOD = '{"id": 1, "text": "Homs fell.", "toponyms": [{"start": 0, "end": 4, "lat": 34.7, "lon": 36.7}]}'


def problem(line: str) -> str:
    (found,) = read_documents([line], source="gold.jsonl")
    assert isinstance(found, Skipped)
    assert "\n" not in found.reason
    return found.reason


def test_a_document_is_read_with_its_id_as_text_and_the_words_of_its_names() -> None:
    (found,) = read_documents([GOOD, "", "  "], source="gold.jsonl")
    assert isinstance(found, Document)
    assert found.id == "1"
    assert found.toponyms[0].text == "Homs"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[]", "[] is no object"),
        ('{"toponyms": []}', '"id" is null'),
        ('{"id": true, "toponyms": []}', '"id" is true'),
        ('{"id": "1"}', 'no list "toponyms" (the keys are "id")'),
        ('{"id": "1", "toponyms": [3]}', 'number 1 of "toponyms" is 3'),
        ('{"id": "1", "text": 5, "toponyms": []}', '"text" is 5'),
        ('{"id": "1", "toponyms": [{"start": "0", "end": 4}]}', 'toponym 1: start "0" and end 4 must be whole numbers'),
        ('{"id": "1", "toponyms": [{"start": 4, "end": 4}]}', "start 4 and end 4 are no span"),
        ('{"id": "1", "text": "Homs", "toponyms": [{"start": 0, "end": 5}]}', "end 5 is behind the text"),
        ('{"id": "1", "text": "Homs", "toponyms": [{"start": 0, "end": 4, "text": "Hama"}]}', 'the text has "Homs"'),
        ('{"id": "1", "toponyms": [{"start": 0, "end": 4, "lat": 36}]}', "lat 36 and lon null must be two numbers"),
        ('{"id": "1", "toponyms": [{"start": 0, "end": 4, "lat": "36", "lon": 37}]}', 'lat "36" and lon 37'),
        ('{"id": "1", "toponyms": [{"start": 0, "end": 4, "lat": 136, "lon": 37}]}', "latitude 136 is outside -90..90"),
        ('{"id": "1", "toponyms": [{"start": 0, "end": 4, "lat": NaN, "lon": 37}]}', "latitude nan is outside"),
        ('{"id": "1", "toponyms": [{"start": 0, "end": 4, "role": "x"}]}', '"x" is none of event, mention'),
        ('{"id": "1", "toponyms": [{"start": 0, "end": 4, "kind": 3}]}', '"kind" is 3'),
    ],
)  # fmt: skip
def test_a_line_that_cannot_be_used_says_why_in_one_line(line: str, said: str) -> None:
    assert problem(line).startswith("gold.jsonl:1: ")
    assert said in problem(line)


def test_an_id_that_stands_twice_is_said_with_both_lines() -> None:
    _, again = read_documents([GOOD, GOOD], source="gold.jsonl")
    assert isinstance(again, Skipped)
    assert again.reason.startswith('gold.jsonl:2: the id "1" stands on line 1 too')


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('{"id": "2", "toponyms": []}', 'the id "2" is none of the labelled documents'),
        ('{"id": "1", "toponyms": [{"start": 6, "end": 60}]}', "end 60 is behind the text"),
        ('{"id": "1", "text": "Hama fell.", "toponyms": []}', "the text of \"1\" is not that of the labelled document"),
    ],
)  # fmt: skip
def test_predictions_are_checked_against_the_documents_they_are_for(line: str, said: str) -> None:
    (document,) = read_documents([GOOD], source="gold.jsonl")
    assert isinstance(document, Document)
    (found,) = read_predictions([line], source="p.jsonl", gold={"1": document})
    assert isinstance(found, Skipped)
    assert said in found.reason


def test_the_first_record_says_what_is_labelled() -> None:
    assert kind_of_gold(["", GOOD]) == "toponyms"
    assert kind_of_gold(['{"doc": "a", "events": []}']) == "events"
    assert kind_of_gold(['{"id": "a", "text": "b"}']) is None
    assert kind_of_gold(["{"]) is None
    assert kind_of_gold([]) is None
