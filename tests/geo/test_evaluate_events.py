"""The measures for events, with values worked out by hand; and beside the scorer of the coding guide."""

from __future__ import annotations

import itertools
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gazetteer import LonLat, great_circle_km
from geo.articles import Skipped
from geo.evaluate_events import (
    EventDocument,
    EventLabel,
    _best_pairs,
    country_keys,
    events_of_rows,
    judge_events,
    measure_events,
    read_event_documents,
)

SCORER = Path(__file__).resolve().parents[2] / "../shared/tools/score_events.py"
EXPLOSIONS, BATTLES = "Explosions/Remote violence", "Battles"


def raw(**facts: Any) -> dict[str, Any]:
    """A labelled event as it stands in a file: an air strike on al-Bab."""
    return {
        "id": "e1", "type": EXPLOSIONS, "sub_type": "Air/drone strike", "date_start": "2017-02-23",
        "date_end": "2017-02-23", "date_precision": "day", "place": "al-Bab", "country": "Syria", "lat": 36.37,
        "lon": 37.52, "geo_precision": "town", "fatalities": None, "injured": None, "core": True,
    } | facts  # fmt: skip


def documents(*records: tuple[str, list[dict[str, Any]]]) -> list[EventDocument]:
    lines = [json.dumps({"doc": doc, "events": events}) for doc, events in records]
    found = list(read_event_documents(lines, source="gold.jsonl"))
    assert [item for item in found if isinstance(item, Skipped)] == []
    return [item for item in found if isinstance(item, EventDocument)]


def scored(gold: list[dict[str, Any]], predicted: list[dict[str, Any]]) -> dict[str, Any]:
    (labels,), (predictions,) = documents(("a", gold)), documents(("a", predicted))
    return measure_events([judge_events(labels, predictions.events)])


def test_an_event_near_in_place_and_time_is_the_same_whatever_its_type() -> None:
    m = scored(
        [raw()], [raw(type=BATTLES, sub_type="Armed clash", date_start="2017-02-25", date_end="2017-02-26", lat=36.2)]
    )
    assert (m["core_hit"], m["precision"], m["f1"]) == (1, 1.0, 1.0)
    assert (m["type_right"], m["f1_typed"], m["exact_date"]) == (0.0, 0.0, 0.0)
    assert 15 < m["median_km_town"] < 20
    assert m["town_within_5km"] == 0.0


@pytest.mark.parametrize("facts", [{"lat": 35.9}, {"date_start": "2017-02-27", "date_end": "2017-02-27"}])
def test_far_in_place_or_time_is_another_event(facts: dict[str, Any]) -> None:
    m = scored([raw()], [raw(**facts)])
    assert (m["any_hit"], m["pred"], m["duplicates"]) == (0, 1, 0)


def test_a_second_report_of_an_event_is_a_duplicate() -> None:
    m = scored([raw()], [raw(), raw(lat=36.4)])
    assert (m["any_hit"], m["duplicates"], m["precision"], m["precision_dup_forgiven"]) == (1, 1, 0.5, 1.0)


def test_a_vague_label_takes_only_predictions_of_its_type() -> None:
    vague = raw(geo_precision="country", radius_km=380, lat=35.0, lon=38.5)
    assert scored([vague], [raw(type=BATTLES, sub_type="Armed clash")])["any_hit"] == 0
    assert scored([vague], [raw()])["any_hit"] == 1
    assert scored([vague], [raw(lat=None, lon=None)])["any_hit"] == 1  # the country agrees


def test_other_types_places_and_tolls_that_are_right_count() -> None:
    gold = raw(
        type_alt=[[BATTLES, "Armed clash"]], place_alt=[{"lat": 33.5, "lon": 36.3}], fatalities=12, fatalities_alt=[14]
    )
    m = scored([gold], [raw(type=BATTLES, sub_type="Armed clash", lat=33.5, lon=36.3, fatalities=14)])
    assert (m["type_right"], m["sub_type_right"], m["fatalities_exact"], m["median_km"]) == (1.0, 1.0, 1.0, 0.0)


def test_no_number_is_right_where_nobody_died_and_a_number_is_invented_where_none_is_known() -> None:
    assert scored([raw(fatalities=0)], [raw()])["fatalities_exact"] == 1.0
    assert scored([raw()], [raw(fatalities=5)])["fatalities_spurious"] == 1
    assert scored([raw()], [raw(fatalities=0)])["fatalities_spurious"] == 0


def test_background_events_count_in_precision_and_not_in_recall() -> None:
    m = scored([raw(), raw(date_start="2016-01-01", date_end="2016-01-01", core=False)], [raw()])
    assert (m["recall_core"], m["recall_all"], m["gold_core"], m["gold_all"]) == (1.0, 0.5, 1, 2)


def test_false_events_on_documents_without_any_are_counted_by_themselves() -> None:
    labels = documents(("a", []), ("b", []), ("c", [raw()]))
    (one,) = documents(("a", [raw(), raw()]))
    m = measure_events(
        [judge_events(labels[0], one.events), judge_events(labels[1], None), judge_events(labels[2], ())]
    )
    assert (m["noevent_docs"], m["noevent_false"], m["noevent_docs_clean"], m["noevent_false_per_doc"]) == (
        2,
        2,
        1,
        1.0,
    )
    assert (m["docs_without_prediction"], m["precision"], m["recall_core"]) == (1, 0.0, 0.0)


def test_the_best_pairs_are_not_the_greedy_ones() -> None:
    assert _best_pairs([[10.0, 9.0], [8.0, None]]) == [(0, 1), (1, 0)]
    assert _best_pairs([[None, None]]) == []
    assert _best_pairs([]) == []


@given(st.data())
def test_the_best_pairs_have_the_greatest_sum(data: st.DataObject) -> None:
    rows, columns = data.draw(st.integers(1, 4)), data.draw(st.integers(1, 5))
    weight = st.one_of(st.none(), st.integers(1, 50).map(float))
    weights = data.draw(st.lists(st.lists(weight, min_size=columns, max_size=columns), min_size=rows, max_size=rows))
    pairs = _best_pairs(weights)
    assert len({i for i, _ in pairs}) == len({j for _, j in pairs}) == len(pairs)
    padded = [*range(columns), *([None] * rows)]
    best = max(
        sum(weights[i][j] or 0.0 for i, j in enumerate(choice) if j is not None)
        for choice in itertools.permutations(padded, rows)
    )
    assert sum(weights[i][j] or 0.0 for i, j in pairs) == best


def test_rows_of_the_flat_table_count_for_each_article_they_name() -> None:
    row = {
        "event_type": EXPLOSIONS, "sub_event_type": "Air/drone strike", "date_start": date(2017, 2, 23), "longitude": 37.52,
        "date_end": date(2017, 2, 23), "latitude": 36.37, "location_level": "settlement", "country": "SY",
        "killed_low": 3, "article_ids": "a; b; z",
    }  # fmt: skip
    found = events_of_rows([row], ["a", "b", "c"])
    assert [len(found[key]) for key in "abc"] == [1, 1, 0]
    event = found["a"][0]
    assert (event.precision, event.tolls["fatalities"], event.start) == ("town", (3,), date(2017, 2, 23))


def test_a_country_has_one_key_for_its_code_and_its_names(world) -> None:  # type: ignore[no-untyped-def]
    key = country_keys(world)
    assert key("SY") == key("Syria") == key("syria")
    assert key("Iraq") != key("SY")
    assert key("Nowhere land") == key("nowhere land")


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"date_start": "soon"}, '"soon" is no date'),
        ({"date_start": "2017-02-31"}, '"2017-02-31" is no date'),
        ({"lat": 136}, "latitude 136 is outside"),
        ({"fatalities": "many"}, '"many" is no number of people'),
        ({"type_alt": ["x"]}, '"type_alt" is ["x"]; a list is expected'),
        ({"radius_km": -1}, '"radius_km" is -1'),
    ],
)
def test_an_event_that_cannot_be_used_says_why(facts: dict[str, Any], said: str) -> None:
    (found,) = read_event_documents([json.dumps({"doc": "a", "events": [raw(**facts)]})], source="gold.jsonl")
    assert isinstance(found, Skipped)
    assert found.reason.startswith("gold.jsonl:1: event 1: ")
    assert said in found.reason


# --- beside the scorer of the coding guide --------------------------------------------------------------------------


def scorer() -> dict[str, Any]:
    if not SCORER.is_file():
        pytest.skip("the scorer of the coding guide is not here: ../shared/tools/score_events.py")
    scope: dict[str, Any] = {"__name__": "scorer"}
    exec(compile(SCORER.read_text(encoding="utf-8"), str(SCORER), "exec"), scope)
    return scope


TYPES = [
    (EXPLOSIONS, "Air/drone strike"), (EXPLOSIONS, "Suicide bomb"), (BATTLES, "Armed clash"),
    ("Strategic developments", "Agreement"),
]  # fmt: skip
TIMES = ["2017-01-01", "2017-01-03", "2017-01-09", "2017-03-01"]


@st.composite
def events(draw: st.DrawFn) -> dict[str, Any]:
    kind, sub = draw(st.sampled_from(TYPES))
    start = draw(st.sampled_from([None, *TIMES]))
    end = None if start is None else draw(st.sampled_from([day for day in TIMES if day >= start]))
    event = raw(
        type=kind,
        sub_type=sub,
        date_start=start,
        date_end=end,
        date_precision=draw(st.sampled_from(["day", "range"])),
        lat=draw(st.floats(33, 37)),
        lon=draw(st.floats(36, 40)),
        country=draw(st.sampled_from(["Syria", "SY", "Iraq", "Turkey"])),
        geo_precision=draw(st.sampled_from(["exact", "town", "district", "province", "country", "unknown"])),
        fatalities=draw(st.sampled_from([None, 0, 3, 12])),
        injured=draw(st.sampled_from([None, 0, 5])),
        core=draw(st.booleans()),
    )
    if draw(st.booleans()):
        event |= {"type_alt": [list(draw(st.sampled_from(TYPES)))], "radius_km": draw(st.sampled_from([30, 200]))}
    if draw(st.booleans()):
        event |= {"place_alt": [{"lat": draw(st.floats(33, 37)), "lon": 38.0}], "fatalities_alt": [3, 4]}
    return event


GOLD_AND_PREDICTED = st.lists(st.tuples(st.lists(events(), max_size=4), st.lists(events(), max_size=4)), max_size=3)


@settings(max_examples=60)
@given(GOLD_AND_PREDICTED)
def test_made_up_events_are_scored_as_by_the_scorer(world, pairs) -> None:  # type: ignore[no-untyped-def]
    rules = scorer()
    # The scorer's earth is 9 m smaller: with one earth for both, pairings that weigh the same do so for both.
    rules["km"] = lambda lat1, lon1, lat2, lon2: great_circle_km(LonLat(lon=lon1, lat=lat1), LonLat(lon=lon2, lat=lat2))
    gold = [(str(n), labels) for n, (labels, _) in enumerate(pairs)]
    predicted = {str(n): found for n, (_, found) in enumerate(pairs)}
    for doc, labels in gold:
        weights = [[rules["weight"](label, rules["read_event"](one)) for one in predicted[doc]] for label in labels]
        our_pairs, their_pairs = _best_pairs(weights), sorted(rules["assign"](weights))
        best = sum(weights[i][j] for i, j in their_pairs)
        assert sum(weights[i][j] for i, j in our_pairs) == pytest.approx(best, rel=1e-12)
        assume(our_pairs == their_pairs)  # of several best pairings either may be taken
    theirs, _, _ = rules["score"](
        [{"doc": doc, "events": labels} for doc, labels in gold],
        {doc: [rules["read_event"](event) for event in found] for doc, found in predicted.items()},
    )
    labelled = documents(*gold)
    found = {document.id: document.events for document in documents(*predicted.items())}
    key = country_keys(world)
    ours = measure_events([judge_events(document, found[document.id], country_key=key) for document in labelled])
    exact = {name: value for name, value in theirs.items() if name != "unknown_pred_docs"}
    assert {name: ours[name] for name in exact} == exact


def test_a_label_is_the_same_event_as_itself() -> None:
    m = scored([raw(), raw(id="e2", lat=33.5, lon=36.3, fatalities=4)], [raw(), raw(lat=33.5, lon=36.3, fatalities=4)])
    assert {m[name] for name in ("recall_core", "precision", "f1", "f1_typed", "exact_date", "fatalities_exact")} == {
        1.0
    }


def test_labels_keep_what_only_labels_have() -> None:
    (document,) = documents(("a", [raw(date_start="2017-02", date_end=None, date_precision="month")]))
    (event,) = document.events
    assert isinstance(event, EventLabel)
    assert (event.start, event.end, event.is_core, event.is_day) == (date(2017, 2, 1), date(2017, 2, 28), True, False)
