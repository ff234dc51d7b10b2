"""What a pattern needs: pieces that each of its matches holds."""

from __future__ import annotations

import csv
import re
from importlib import resources

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo import needed
from geo.needed import Needed, Sieve, needed_pieces, screened_pattern
from geo.triggers import table

CASES: list[tuple[str, Needed]] = [
    ("barrel bombs?", (("barrel bomb",),)),
    ("bombs?", (("bomb",),)),
    ("bombs*", (("bomb",),)),
    ("bombs+", (("bombs",),)),
    ("bo{0,2}mb", (("mb",),)),
    ("bo{2}mb", (("bo",), ("mb",))),
    ("Shell{ing", (("shell{ing",),)),
    ("(?:air|drone)[- ]strikes?", (("strike",), ("air", "drone"))),
    ("(?:air)?strikes?", (("strike",),)),
    ("(?:shot )+dead", (("shot ",), ("dead",))),
    ("killed|wounded", (("wounded", "killed"),)),
    ("(?P<who>rebels|troops) took", (("rebels", "troops"), (" took",))),
    (r"fired? (?:[\w-]+ ){0,3}shells", (("shells",), ("fire",))),
    (r"\d+ dead", ((" dead",),)),
    (r"\x20dead\.", (("dead.",),)),
    (r"(town)\1s", (("town",),)),
    ("took (?=back)the", (("took ",), ("the",))),
    ("(?<!un)armed(?! forces)", (("armed",),)),
    ("(?-i:ISIS)", (("isis",),)),
    ("[a-z]+|bombed", ()),
    ("[]x]?bombed", (("bombed",),)),
    ("[^]x]?bombed", (("bombed",),)),
    ("(?:the |a )?", ()),
    ("", ()),
]


@pytest.mark.parametrize(("pattern", "pieces"), CASES, ids=[pattern for pattern, _ in CASES])
def test_pieces_are_read_off_a_pattern(pattern: str, pieces: Needed) -> None:
    assert [set(some) for some in needed_pieces(pattern)] == [set(some) for some in pieces]


@pytest.mark.parametrize("pattern", ["(?i)bomb", "(?>bomb)", "(?P=who)", "(?#a comment)bomb"])
def test_a_group_of_an_unknown_kind_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="not known here"):
        needed_pieces(pattern)


SIEVE = Sieve(["barrel bombs?", "(?:air|drone)[- ]?strikes?", r"\w+ \d+", r"\d+ killed", "(?:if|go) on"])


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("It rained.", [2]),
        ("BARREL BOMBS FELL", [0, 2]),
        ("a bomb", [2]),
        ("a strike of workers", [2]),
        ("a strike from the air, and 3 were killed", [1, 2, 3]),
        ("airstrikes", [1, 2]),
        ("a bomb in a barrel", [2]),
        ("it will go on", [2, 4]),
        ("", [2]),
    ],
)
def test_a_sieve_lets_through_what_a_text_may_match(text: str, numbers: list[int]) -> None:
    assert SIEVE.may_match(text) == numbers


def test_a_sieve_that_is_full_of_words_reads_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(needed, "REMEMBERED", 2)
    sieve = Sieve(["bombs?"])
    for text in ("one bomb fell on the town", "nothing more was heard there", "two bombs fell"):
        assert sieve.may_match(text) == [0] * ("bomb" in text)


@pytest.mark.parametrize("text", ["Three shells fell.", "a SHELL, a shell", "It rained.", ""])
def test_a_screened_pattern_answers_as_a_compiled_one(text: str) -> None:
    made, screened = re.compile(r"(?:\w+ )?shells?\b", re.I), screened_pattern(r"(?:\w+ )?shells?\b", re.I)
    assert str(screened.search(text)) == str(made.search(text))
    assert [str(match) for match in screened.finditer(text)] == [str(match) for match in made.finditer(text)]
    assert screened.sub("it", text) == made.sub("it", text)


def patterns() -> list[str]:
    text = (resources.files("geo") / "data" / "modality.tsv").read_text(encoding="utf-8")
    rows = [*table(), *csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)]
    return [row["pattern"] for row in rows]


#: What a generated text cannot be made for, or only by luck.
_LOOKS = re.compile(r"\((?:\?<?[!=])")


@pytest.mark.parametrize("pattern", [p for p in patterns() if not _LOOKS.search(p)])
@settings(max_examples=3, deadline=None, database=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(data=st.data())
def test_whatever_a_pattern_of_the_tables_matches_holds_what_it_needs(pattern: str, data: st.DataObject) -> None:
    text = data.draw(st.from_regex(pattern, fullmatch=True))
    for pieces in needed_pieces(pattern):
        assert any(piece in text.lower() for piece in pieces)
    assert Sieve([pattern]).may_match(f"it said {text} was so") == [0]


def test_nearly_every_pattern_of_the_tables_needs_something() -> None:
    assert len(Sieve(patterns()).may_match("")) < len(patterns()) / 20
