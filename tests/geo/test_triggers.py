"""The words that report an event, and the words that take it back."""

from __future__ import annotations

import csv
import re
from importlib import resources
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.event import EVENT_TYPES
from geo.triggers import (
    BY_ACTOR,
    BY_VICTIM,
    BY_WEAPON,
    clause_starts,
    find_triggers,
    other_sense,
    rank,
    relative_clauses,
    table,
    taken_back,
    weapon_type,
)

CASES = Path(__file__).with_name("cases_triggers.txt")
SUB_TYPES = {sub for subs in EVENT_TYPES.values() for sub in subs}
BY = {BY_ACTOR, BY_VICTIM, BY_WEAPON}
CODES = {
    "planned",
    "threatened",
    "hypothetical",
    "negated",
    "generic",
    "reference",
    "comparison",
    "fiction",
    "figurative",
    "disaster",
    "habitual",
    "crime",
    "historical",
}


def _table(name: str) -> list[dict[str, str]]:
    text = resources.files("geo").joinpath("data", name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE))


def _cases() -> list[tuple[str, str, str]]:
    lines = CASES.read_text(encoding="utf-8").splitlines()
    rows = [line.split(" | ") for line in lines if line and not line.startswith("#")]
    return [(sentence, trigger, expected.strip()) for sentence, trigger, expected in rows]


@pytest.mark.parametrize(("sentence", "trigger", "expected"), _cases())
def test_triggers_of_a_sentence(sentence: str, trigger: str, expected: str) -> None:
    hits = {hit.text: hit for hit in find_triggers(sentence)}
    assert trigger in hits, f"found only {sorted(hits)}"
    hit = hits[trigger]
    back = other_sense(sentence, hit.start, hit.end, form=hit.form)
    back = back or taken_back(sentence, hit.start, hit.end, form=hit.form)
    assert (back.code if back is not None else hit.sub_event_type) == expected


def test_the_cases_cover_every_type_that_has_a_trigger() -> None:
    covered = {expected for _, _, expected in _cases()}
    assert {row["sub_event_type"] for row in _table("triggers.tsv")} <= covered
    assert covered >= CODES


@pytest.mark.parametrize("row", table(), ids=lambda row: row["pattern"][:40])
def test_a_row_of_triggers_is_well_formed(row: dict[str, str]) -> None:
    re.compile(row["pattern"])
    assert not re.search(r"\{[a-z]", row["pattern"])
    assert row["sub_event_type"] in SUB_TYPES | BY
    assert row["form"] in ("verb", "noun")
    assert set(row["needs"].split(",")) <= {
        "",
        "weapon",
        "object",
        "place",
        "toll",
        "victim",
        "place|toll",
        "site",
        "date",
    }
    assert row["source"]


@pytest.mark.parametrize("row", [*_table("weapons.tsv"), *_table("modality.tsv")], ids=lambda row: row["pattern"][:20])
def test_a_row_of_the_other_tables_is_well_formed(row: dict[str, str]) -> None:
    re.compile(row["pattern"])
    assert row["source"]
    assert row.get("sub_event_type", "Grenade") in SUB_TYPES
    assert row.get("code", "planned") in CODES


def test_every_type_of_the_codebook_can_be_read() -> None:
    """Three types have no trigger of their own: they come of a captor's side, and of what was done to a protest."""
    direct = {row["sub_event_type"] for row in _table("triggers.tsv")}
    decided = {
        "Government regains territory",
        "Non-state actor overtakes territory",
        "Excessive force against protesters",
        "Protest with intervention",
    }
    assert SUB_TYPES - direct <= decided


def test_no_row_stands_twice() -> None:
    patterns = [row["pattern"] for row in _table("triggers.tsv")]
    assert len(patterns) == len(set(patterns))


def test_the_order_of_types_holds_all_of_them() -> None:
    assert len({rank(name) for name in SUB_TYPES | BY}) == len(SUB_TYPES | BY)


@pytest.mark.parametrize(
    "sentence",
    [
        "The ambassador and the bombardier sat down.",
        "They marched on regardless of the shellfish.",
        "The overtaken car was parked.",
        "An air-conditioned room",
    ],
)
def test_triggers_are_whole_words(sentence: str) -> None:
    assert find_triggers(sentence) == ()


def test_of_two_that_overlap_the_longer_stays() -> None:
    (hit,) = find_triggers("Rebels shot down a fighter jet.")
    assert hit.text == "shot down a fighter jet"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("jets hit the depot with missiles", "Air/drone strike"),
        ("tanks and artillery hit the town", "Shelling/artillery/missile attack"),
        ("a shell filled with chlorine", "Chemical weapon"),
        ("a suicide vest", "Suicide bomb"),
        ("a roadside bomb", "Remote explosive/landmine/IED"),
        ("two grenades", "Grenade"),
        ("knives", None),
        ("", None),
    ],
)
def test_the_weapon_names_the_type(words: str, expected: str | None) -> None:
    assert weapon_type(words) == expected


def test_a_cue_of_another_clause_takes_nothing_back() -> None:
    sentence = "The army, which will hold the town, shelled the village."
    assert [sentence[a:b] for a, b in relative_clauses(sentence)] == [", which will hold the town"]
    assert len(clause_starts(sentence)) == 2
    (hit,) = find_triggers(sentence)
    assert taken_back(sentence, hit.start, hit.end, form=hit.form) is None


def test_the_reason_quotes_the_cue() -> None:
    sentence = "Ankara threatened to launch an offensive."
    (hit,) = find_triggers(sentence)
    reason = taken_back(sentence, hit.start, hit.end, form=hit.form)
    assert reason is not None
    assert "'threatened to'" in reason.text


# Any text --------------------------------------------------------------------------------------------------------------

WORDS = [case[0] for case in _cases()][::4]
TEXTS = st.lists(st.sampled_from(WORDS) | st.text(max_size=6), max_size=4).map(" ".join)


@given(TEXTS, st.integers(0, 10_000))
def test_offsets_slice_back_and_do_not_overlap(text: str, offset: int) -> None:
    hits = find_triggers(text, offset=offset)
    assert all(text[h.start - offset : h.end - offset] == h.text for h in hits)
    assert all(a.end <= b.start for a, b in pairwise(hits))
    for hit in hits:
        reason = taken_back(text, hit.start - offset, hit.end - offset, form=hit.form)
        assert reason is None or reason.code in CODES


@given(TEXTS)
def test_clauses_lie_in_the_sentence(text: str) -> None:
    starts = clause_starts(text)
    assert list(starts) == sorted(set(starts))
    assert all(0 < s <= len(text) for s in starts)
    assert all(0 <= a < b <= len(text) for a, b in relative_clauses(text))
