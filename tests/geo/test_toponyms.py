"""Which words of a text are names of places, which place each means, and the role that it plays."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gazetteer import Gazetteer, LonLat, Prior
from geo.event import ROLES, Toponym
from geo.toponyms import find_mentions, find_toponyms

CASES = Path(__file__).with_name("cases_toponyms.txt")


def _cases() -> list[tuple[str, str]]:
    lines = CASES.read_text(encoding="utf-8").splitlines()
    pairs = [line.split(" | ") for line in lines if line and not line.startswith("#")]
    return [(sentence, expected.strip()) for sentence, expected in pairs]


def _written(toponym: Toponym, wanted: str) -> str:
    """The toponym as a case writes it: with its place's id, its country alone, or neither, as `wanted` does."""
    place = toponym.place
    at = "nowhere" if place is None else place.id if ":" in wanted else place.country
    where = f"{at} " if " " in wanted.rpartition("=")[2] else ""
    return f"{toponym.text}={where}{toponym.role}".replace("\n", "\\n")


@pytest.mark.parametrize(("sentence", "expected"), _cases())
def test_toponyms_of_a_sentence(sentence: str, expected: str, world: Gazetteer) -> None:
    wanted = [] if expected == "-" else expected.split(", ")
    found = find_toponyms(sentence.replace("\\n", "\n"), world)
    written = [_written(t, w) for t, w in zip(found, wanted + [":"] * len(found), strict=False)]
    assert written == wanted


def test_every_case_is_well_formed() -> None:
    for sentence, expected in _cases():
        for item in [] if expected == "-" else expected.split(", "):
            name, _, rest = item.partition("=")
            assert name in sentence, f"{name!r} is not in {sentence!r}"
            assert rest.split()[-1] in ROLES


# What the words around say ---------------------------------------------------------------------------------------------


def test_a_list_shares_its_container(world: Gazetteer) -> None:
    mentions = find_mentions("al-Fu'ah and Kefraya in the northwestern province of Idlib", world)
    assert [m.text for m in mentions] == ["al-Fu'ah", "Kefraya", "Idlib"]
    assert [m.hints.container for m in mentions] == [2, 2, None]
    assert mentions[0].hints.listed_with == (1,)


def test_the_type_word_is_taken_from_either_side(world: Gazetteer) -> None:
    mentions = find_mentions("The city of Hama and Idlib province, the village of Kefraya.", world)
    said = {m.text: m.hints.type_word for m in mentions}
    assert said["Hama"] == "city"
    assert said["Idlib"] == "province"
    assert said["Kefraya"] == "village"


def test_the_part_of_an_area_is_a_hint(world: Gazetteer) -> None:
    mentions = find_mentions("in northern Syria and south-western Idlib", world)
    assert [m.hints.compass for m in mentions] == ["northern", "south-western"]


@pytest.mark.parametrize(
    ("text", "km", "bearing"),
    [
        ("al-Bab, 40 km northeast of Aleppo", 40, 45),
        ("al-Bab, located 40 kilometers north-east of Aleppo", 40, 45),
        ("al-Bab, about 25 miles from Aleppo", 25 * 1.609344, None),
        ("al-Bab, which lies 40 km (25 miles) to the east of the city of Aleppo", 40, 90),
    ],
)
def test_a_stated_distance_is_a_hint(text: str, km: float, bearing: float | None, world: Gazetteer) -> None:
    hints = find_mentions(text, world)[0].hints
    assert hints.near == 1
    assert hints.near_km == pytest.approx(km)
    assert hints.near_bearing == bearing


def test_names_are_found_wherever_the_text_stands(world: Gazetteer) -> None:
    text = "Rebels left Madaya. "
    late = find_toponyms("\n\n" + "Nothing was said. " * 200 + text, world)
    assert [t.text for t in late] == [t.text for t in find_toponyms(text, world)] == ["Madaya"]


def test_a_hint_moves_a_doubtful_name(world: Gazetteer) -> None:
    text = "Shots were heard in Tripoli."
    there = find_toponyms(text, world, prior=Prior(countries=frozenset({"LB"}), near=LonLat(lon=35.85, lat=34.44)))
    assert [t.place.country for t in there if t.place] == ["LB"]
    assert [t.place.country for t in find_toponyms(text, world) if t.place] == ["LY"]


# Any text --------------------------------------------------------------------------------------------------------------

NAMES = [
    "al-Bab",
    "Al Bāb",
    "الباب",
    "Эль-Баб",
    "Idlib",
    "province of",
    "Hama",
    "Syria",
    "Syrian",
    "Moscow",
    "Paris",
    "Texas",
]
MARKS = [
    " ",
    " ",
    ", ",
    " and ",
    "\n",
    "\r\n",
    "-",
    "'",
    "’",
    ".",
    " in ",
    "'s",
    "(",
    ")",
    " — ",
    "\u202e",
    "\u200f",
    "\ud800",
]
TEXTS = st.lists(st.sampled_from(NAMES + MARKS) | st.text(max_size=4), max_size=30).map("".join)


@settings(max_examples=80)
@given(text=TEXTS)
def test_spans_slice_back_and_do_not_overlap(text: str, world: Gazetteer) -> None:
    found = find_toponyms(text, world)
    assert all(text[t.start : t.end] == t.text and t.text.strip() for t in found)
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert {t.role for t in found} <= set(ROLES)


@settings(max_examples=80)
@given(text=TEXTS)
def test_hints_point_at_other_mentions(text: str, world: Gazetteer) -> None:
    mentions = find_mentions(text, world)
    for i, mention in enumerate(mentions):
        hints = mention.hints
        pointed = {hints.container, hints.near, *hints.listed_with} - {None}
        assert pointed <= set(range(len(mentions))) - {i}


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\ud800\udfff",
        "\u202eSyria\u202c",
        "A" * 5000,
        "A " * 5000,
        "Al-" * 2000,
        "Syria " * 1000,
        "'" * 5000,
        "Syria'",
        "Syria'\ud800",
        "al-",
        "\x00Syria\x00",
    ],
)
def test_hostile_text_is_read(text: str, world: Gazetteer) -> None:
    assert all(text[t.start : t.end] == t.text for t in find_toponyms(text, world))
