"""Tolls: each person counted once, words kept where there is no number, nothing from what did not happen."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.casualties import TollMention, find_tolls, parse_number
from geo.event import CLAIM_KINDS

CASES = Path(__file__).with_name("cases_casualties.txt")


def _cases() -> list[tuple[str, str]]:
    lines = CASES.read_text(encoding="utf-8").splitlines()
    pairs = [line.split(" -> ") for line in lines if line and not line.startswith("#")]
    return [(sentence, expected) for sentence, expected in pairs]


def _written(toll: TollMention) -> str:
    number = "?" if toll.low is None else str(toll.low)
    if toll.high != toll.low:
        number += f"-{toll.high}"
    number += {"at_least": "+", "at_most": "<", None: ""}[toll.bound]
    flags = " total" * toll.cumulative + " part" * toll.included
    return (
        f"{toll.kind} {number}{flags}"
        + (f" = {toll.who}" if toll.who else "")
        + (f" @ {toll.whose}" if toll.whose else "")
    )


@pytest.mark.parametrize(("sentence", "expected"), _cases())
def test_tolls_of_a_sentence(sentence: str, expected: str) -> None:
    assert ("; ".join(_written(t) for t in find_tolls(sentence)) or "-") == expected.strip()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("one", (1, 1)),
        ("nineteen", (19, 19)),
        ("Sixty-two", (62, 62)),
        ("sixty two", (62, 62)),
        ("ninety-nine", (99, 99)),
        ("a hundred", (100, 100)),
        ("two hundred", (200, 200)),
        ("two hundred and fifty", (250, 250)),
        ("three thousand five hundred", (3500, 3500)),
        ("half a million", (500_000, 500_000)),
        ("1.5 million", (1_500_000, 1_500_000)),
        ("1,200", (1200, 1200)),
        ("310,000", (310_000, 310_000)),
        ("a dozen", (12, 12)),
        ("about a dozen", (12, 12)),
        ("two dozen", (24, 24)),
        ("half a dozen", (6, 6)),
        ("a couple", (2, 2)),
        ("at least 14", (14, 14)),
        ("more than 14", (14, 14)),
        ("up to 14", (14, 14)),
        ("as many as 14", (14, 14)),
        ("nearly 300", (300, 300)),
        ("another seven", (7, 7)),
        ("between 10 and 15", (10, 15)),
        ("10-15", (10, 15)),
        ("10 to 15", (10, 15)),
        ("14 or 15", (14, 15)),
        ("dozens", (None, None)),
        ("dozens of", (None, None)),
        ("scores", (None, None)),
        ("hundreds", (None, None)),
        ("tens of thousands", (None, None)),
        ("several", (None, None)),
        ("several hundred", (None, None)),
        ("many", (None, None)),
        ("a few", (None, None)),
        ("blue", None),
        ("", None),
        ("24-year-old", None),
        ("14 tanks", None),
        ("fifteenth", None),
    ],
)
def test_numbers(words: str, expected: tuple[int | None, int | None] | None) -> None:
    assert parse_number(words) == expected


@given(st.integers(min_value=0, max_value=999_999))
def test_a_number_in_digits_is_itself(number: int) -> None:
    assert parse_number(str(number)) == parse_number(f"{number:,}") == (number, number)


WORDS = (
    "killed were was wounded 14 people including three children and , ; . dozens of a soldier his wife died the death "
    "toll rose to 1,200 since August at least between 10 or million dead missing taken hostage forced flee lives lost "
    "their them said according"
)


@given(st.lists(st.sampled_from(WORDS.split()), max_size=30))
def test_mentions_hold_in_any_order_of_the_words(words: list[str]) -> None:
    sentence = " ".join(words)
    for toll in find_tolls(sentence, offset=5):
        assert sentence[toll.start - 5 : toll.end - 5] == toll.text
        assert toll.words in sentence
        assert toll.kind in CLAIM_KINDS
        assert toll.low is None or toll.high is None or toll.low <= toll.high


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    assert all(text[toll.start : toll.end] == toll.text for toll in find_tolls("killed " + text, offset=-7))


@pytest.mark.parametrize(
    "unit",
    [
        "killed ",
        "5 ",
        "died ",
        "1,111,",
        "1",
        "million ",
        "and 5 people ",
        "including two men ",
        "he said 5 died, ",
        "a man, ",
    ],
)
def test_junk_of_any_kind_is_read(unit: str) -> None:
    assert isinstance(find_tolls("killed " + unit * (20_000 // len(unit))), tuple)


def test_a_sentence_without_harm_has_no_toll() -> None:
    assert find_tolls("At least 14 people met in Geneva.") == ()
