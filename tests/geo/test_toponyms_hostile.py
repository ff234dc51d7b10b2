"""Texts that no newspaper prints: place names are read in pieces and lists in parts, and all offsets slice back."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gazetteer import Gazetteer
from geo import recognition
from geo.recognition import PIECE, find_spans
from geo.toponyms import MAX_LIST, find_mentions, find_toponyms

WORDS = st.sampled_from(
    ["Aleppo", "al-Bab", "Homs, ", "NEW YORK ", "of ", " ", "\n", ". ", "'s", "the village of ", "Ωmega", "حلب", "\ud800", "\u202e", "İ", "ß"]
)  # fmt: skip


def test_names_are_found_in_all_pieces_of_a_long_text(world: Gazetteer) -> None:
    sentence = "Rebels left Madaya on Monday and moved towards Damascus. "
    times = 2 * PIECE // len(sentence) + 100
    found = find_toponyms(sentence * times, world)
    assert len(found) == 2 * times
    assert {t.text for t in found} == {"Madaya", "Damascus"}
    starts = {"Madaya": sentence.index("Madaya"), "Damascus": sentence.index("Damascus")}
    assert all(t.start % len(sentence) == starts[t.text] for t in found)


@given(text=st.lists(WORDS, max_size=60).map("".join))
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_pieces_join_to_the_text_and_their_spans_slice_back(
    text: str, world: Gazetteer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recognition, "PIECE", 20)
    pieces = list(recognition._pieces(text))
    assert "".join(text[begin:stop] for begin, stop in pieces) == text
    assert all(stop - begin <= 20 for begin, stop in pieces)
    spans = find_spans(text, world)
    assert all(text[start:end].strip() for start, end in spans)
    assert all(one[1] <= two[0] for one, two in pairwise(spans))
    assert all(any(begin <= start and end <= stop for begin, stop in pieces) for start, end in spans)


def test_a_long_list_is_read_in_parts(world: Gazetteer) -> None:
    mentions = find_mentions(", ".join(["Aleppo", "Homs", "Hama", "Idlib"] * 60) + " and Madaya.", world)
    assert len(mentions) == 241
    assert max(len(m.hints.listed_with) for m in mentions) < MAX_LIST
    assert mentions[-1].hints.listed_with


@pytest.mark.parametrize(
    "text",
    [
        "Aleppo " * 20_000,
        "Aleppo and " * 20_000,
        "Aleppo, 40 km north of Homs. " * 5_000,
        "SHELLS FELL ON HOMS AND HAMA " * 5_000,
        "0123456789" * 30_000,
        "Аleppo حلbab Ηоms Идlib " * 10_000,
        "\u202eA\u2066l\u2069e\u200fp\u202cpo " * 10_000,
        "Al\ud800eppo Homs\udfff " * 10_000,
        "New\nYork\nSan\nJose\n" * 5_000,
        "X" * (PIECE + 7),
    ],
    ids=lambda text: repr(text[:12]),
)
def test_offsets_of_a_hostile_text_slice_back(text: str, world: Gazetteer) -> None:
    found = find_toponyms(text, world)
    assert all(text[t.start : t.end] == t.text for t in found)
    assert all(a.end <= b.start for a, b in pairwise(found))
