"""Actors: one name for one group, and no actor where a name only says which town or which war."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazetteer.errors import InputError
from geo.actors import ACTOR_KINDS, ActorMention, canonical, find_actors, read_nations, read_table, table

CASES = Path(__file__).with_name("cases_actors.txt")
HEADER = "name\taliases\tkind\tcountry\tsource"


def _cases() -> list[tuple[str, str]]:
    lines = CASES.read_text(encoding="utf-8").splitlines()
    pairs = [line.split(" -> ") for line in lines if line and not line.startswith("#")]
    return [(text, expected) for text, expected in pairs]


def _written(mention: ActorMention) -> str:
    flags = [
        flag
        for flag, is_set in (
            ("force", mention.is_country_force),
            ("state", mention.state),
            ("metonym", mention.metonym),
            ("generic", mention.generic),
        )
        if is_set
    ]
    return f"{mention.text} = {mention.name}" + (f" {{{' '.join(flags)}}}" if flags else "")


@pytest.mark.parametrize(("text", "expected"), _cases())
def test_actors_of_a_text(text: str, expected: str) -> None:
    assert ("; ".join(_written(m) for m in find_actors(text)) or "-") == expected.strip()


@given(st.text(st.sampled_from("RussianTukhdIS.,'-’ \nisoetlayp") | st.characters(), max_size=200))
def test_spans_slice_back_and_never_overlap(text: str) -> None:
    mentions = find_actors(text, offset=7)
    assert all(text[m.start - 7 : m.end - 7] == m.text for m in mentions)
    assert all(a.end <= b.start for a, b in pairwise(mentions))


WORDS = "Russian Turkish and , forces Moscow said Assad loyal to the pro - backed IS US U.S. 's rebels Syria in Kurdish"


@given(st.lists(st.sampled_from(WORDS.split()), max_size=25))
def test_spans_hold_in_any_order_of_the_words(words: list[str]) -> None:
    text = " ".join(words)
    mentions = find_actors(text)
    assert all(text[m.start : m.end] == m.text and m.kind in ACTOR_KINDS for m in mentions)
    assert all(a.end <= b.start for a, b in pairwise(mentions))


def test_a_long_list_of_nationalities_is_read() -> None:
    assert find_actors("Russian and " * 2000 + "Turkish troops")[-1].name == "Turkish forces"
    assert find_actors("Moscow and " * 2000 + "Ankara said")[-1].name == "Turkey"


def test_coalition_means_the_one_named_before() -> None:
    text = "The Saudi-led coalition began the raid. Coalition warplanes hit the port."
    assert [m.name for m in find_actors(text)] == ["Saudi-led coalition", "Saudi-led coalition"]
    assert find_actors("coalition forces")[0].name == "Coalition"


def test_government_forces_belong_to_the_country_of_the_story() -> None:
    (mention,) = find_actors("government troops advanced", home="SY")
    assert (mention.name, mention.country, mention.generic) == ("Syrian government forces", "SY", False)
    assert [m.name for m in find_actors("rebels fought police", home="YE")] == ["Yemeni rebels", "Yemeni police"]
    assert find_actors("government troops advanced", home=None)[0].country is None


def test_canonical_names() -> None:
    assert canonical("Daesh") == canonical("IS") == "Islamic State"
    assert canonical("al-Qaida") == "Al-Qaeda"
    assert canonical("Jabhat Fateh al-Sham") != canonical("Hayat Tahrir al-Sham")
    assert canonical("Rotary Club") is None


def test_the_table_covers_the_conflicts_it_promises() -> None:
    actors = table()
    assert len(actors) >= 400
    countries = {actor.country for actor in actors}
    assert {
        "SY",
        "IQ",
        "LB",
        "PS",
        "IL",
        "YE",
        "LY",
        "SD",
        "SS",
        "UA",
        "AZ",
        "MM",
        "ML",
        "NG",
        "CD",
        "SO",
        "ET",
        "AF",
        "PK",
    } <= (countries)


def test_no_spelling_belongs_to_two_actors() -> None:
    owner: dict[str, str] = {}
    for actor in table():
        for alias in (actor.name, *actor.aliases):
            if alias[0] not in "+~@":
                assert canonical(alias.lstrip("=")) == actor.name, alias
                assert owner.setdefault(alias.lstrip("="), actor.name) == actor.name


def test_every_name_of_the_table_is_found_as_itself() -> None:
    states = {actor.country: actor.name for actor in table() if any(a.startswith("@") for a in actor.aliases)}
    for actor in table():
        if actor.name in states.values():
            continue
        found = find_actors(f"It was {actor.name}.")
        assert actor.name in [m.name for m in found], actor.name


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (["name\tkind"], "header"),
        ([HEADER, "A\tB"], "2 columns"),
        ([HEADER, "A\t\tArmy\tSY\tx"], "actor kind 'Army'"),
        ([HEADER, "A\t\tCivilians\tSyria\tx"], "ISO alpha-2"),
        ([HEADER, "B\t\tCivilians\t\tx", "A\t\tCivilians\t\tx"], "does not sort after"),
        ([HEADER, "A\tX\tCivilians\t\tx", "B\tX\tCivilians\t\tx"], "belongs to 'A' too"),
        ([HEADER, "A\t\tCivilians\t\t"], "name or source is empty"),
    ],
)
def test_a_bad_table_is_named_by_line(rows: list[str], message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        read_table(rows, origin="mine.tsv")
    assert str(caught.value).startswith("mine.tsv:")
    assert "\n" not in str(caught.value)


def test_a_country_table_without_demonyms_is_refused() -> None:
    with pytest.raises(InputError, match="demonyms"):
        read_nations(["iso2\tname"])
