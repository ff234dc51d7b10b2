"""How well labelled dispatches are merged: the floors that the project sets itself, on both halves of the labels."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from gazetteer import Gazetteer
from geo.merge import merge_reports

merging = pytest.importorskip("benchmarks.merging", reason="only in a source tree")
HALVES = sorted(merging.HALVES)


def _records(half: str) -> list[dict[str, object]]:
    lines = (merging.GOLD / merging.HALVES[half]).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def test_there_are_enough_labels() -> None:
    clusters = Counter(
        event["cluster"]
        for half in HALVES
        for record in _records(half)
        for event in record["events"]  # type: ignore[attr-defined]
    )
    assert len(clusters) >= 120
    assert clusters.total() >= 300


def test_the_halves_share_no_cluster() -> None:
    learn, measured = (
        {event["cluster"] for record in _records(half) for event in record["events"]}  # type: ignore[attr-defined]
        for half in ("learn", "measured")
    )
    assert not learn & measured


@pytest.mark.parametrize("half", HALVES)
def test_dispatches_are_merged_well(half: str, world: Gazetteer) -> None:
    records = _records(half)
    reports = [report for record in records for report in merging.read(record, world)]
    labels, items = merging.labelled(records, reports)
    home = {r.report_id: event.event_id for event in merge_reports(reports) for r in event.reports}
    found = {item: home[report.report_id] if report is not None else item for item, report in items.items()}
    pairwise, b_cubed = merging.pairwise(labels, found).f1, merging.b_cubed(labels, found).f1
    assert pairwise >= merging.PAIRWISE
    assert b_cubed >= merging.B_CUBED
    baseline = merging.same_place_same_day(items)
    assert pairwise > merging.pairwise(labels, baseline).f1
    assert b_cubed > merging.b_cubed(labels, baseline).f1


def test_the_measures_are_those_of_the_literature() -> None:
    gold = {"a": 1, "b": 1, "c": 1, "d": 2}
    found = {"a": 1, "b": 1, "c": 2, "d": 2}
    pairwise, b_cubed = merging.pairwise(gold, found), merging.b_cubed(gold, found)
    assert (pairwise.precision, pairwise.recall) == (1 / 2, 1 / 3)
    assert (b_cubed.precision, b_cubed.recall) == pytest.approx((3 / 4, (2 / 3 + 2 / 3 + 1 / 3 + 1) / 4))
    assert merging.pairwise(gold, gold).f1 == merging.b_cubed(gold, gold).f1 == 1


def test_synthetic_reports_are_the_same_each_time() -> None:
    first, truth = merging.synthetic(200, 1)
    again, _ = merging.synthetic(200, 1)
    assert first == again
    assert len(truth) == len(first) == 200
