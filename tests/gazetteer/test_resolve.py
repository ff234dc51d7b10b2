"""Which of several places of one name a document means, on the gazetteer of the package."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gazetteer import Candidate, Gazetteer, Hints, LonLat, Mention, Prior, Resolution, confidence_of, resolve

Said = str | tuple[str, Hints]


def mentions_of(*said: Said) -> list[Mention]:
    """Mentions one after the other, each a name or a name with hints."""
    mentions, at = [], 0
    for item in said:
        name, hints = (item, Hints()) if isinstance(item, str) else item
        mentions.append(Mention(start=at, end=at + len(name), text=name, hints=hints))
        at += len(name) + 2
    return mentions


def chosen(resolutions: Sequence[Resolution]) -> list[str]:
    return [r.chosen.place.id if r.chosen else "-" for r in resolutions]


def countries(resolutions: Sequence[Resolution]) -> list[str | None]:
    return [r.chosen.place.country if r.chosen else None for r in resolutions]


def codes(candidate: Candidate | None) -> set[str]:
    assert candidate is not None
    return {reason.code for reason in candidate.reasons}


# The document decides --------------------------------------------------------------------------------------------------


def test_palmyra_is_in_syria_where_the_text_is_about_syria(world: Gazetteer) -> None:
    first, _ = resolve(mentions_of("Palmyra", "Syria"), world)
    assert first.chosen is not None
    assert first.chosen.place.id == "geonames:163808"
    assert "same-country" in codes(first.chosen)


@pytest.mark.parametrize("others", [["United States"], ["New York", "Chicago"], ["Missouri", "United States"]])
def test_palmyra_is_in_america_where_the_text_is_about_america(others: list[str], world: Gazetteer) -> None:
    assert countries(resolve(mentions_of("Palmyra", *others), world))[0] == "US"


def test_a_name_has_one_sense_in_a_document(world: Gazetteer) -> None:
    answers = resolve(mentions_of("Palmyra", "Syria", "Palmyra", "New York", "Palmyra"), world)
    assert len({r.chosen.place.id for r in answers if r.chosen and r.mention.text == "Palmyra"}) == 1


def test_what_one_mention_says_holds_for_all(world: Gazetteer) -> None:
    answers = resolve(mentions_of("Tripoli", ("Tripoli", Hints(container=2)), "Lebanon"), world)
    assert chosen(answers)[0] == chosen(answers)[1]
    assert countries(answers)[0] == "LB"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (("Mosul", "Iraq", "Raqqa"), ["geonames:99072", "country:IQ", "curated:raqqa"]),
        (("Azaz", "Aleppo"), ["curated:azaz", "geonames:170063"]),
        (("Syrian", "Turkish"), ["country:SY", "country:TR"]),
        (("Hama", "Homs", "Idlib", "Syria"), ["geonames:170017", "geonames:169577", "curated:idlib", "country:SY"]),
        (("Moscow",), ["geonames:524901"]),
        (("Paris",), ["geonames:2988507"]),
        (("Georgia",), ["country:GE"]),
    ],
)
def test_a_document_is_decided_together(said: tuple[str, ...], expected: list[str], world: Gazetteer) -> None:
    assert chosen(resolve(mentions_of(*said), world)) == expected


# What the words around say ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "place_id"),
    [
        (None, "curated:idlib"),
        ("city", "curated:idlib"),
        ("town", "curated:idlib"),
        ("province", "admin1:SY.12"),
        ("governorate", "admin1:SY.12"),
        ("countryside", "admin1:SY.12"),
    ],
)
def test_the_type_word_tells_town_from_province(word: str | None, place_id: str, world: Gazetteer) -> None:
    (answer,) = resolve(mentions_of(("Idlib", Hints(type_word=word))), world)
    assert chosen([answer]) == [place_id]
    assert ("type-word" in codes(answer.chosen)) == (word is not None)


def test_town_and_province_of_one_name_live_in_one_document(world: Gazetteer) -> None:
    said = mentions_of(("Hama", Hints(type_word="province")), ("Hama", Hints(type_word="city")))
    assert chosen(resolve(said, world)) == ["admin1:SY.10", "geonames:170017"]


@pytest.mark.parametrize(
    ("name", "container", "country"),
    [
        ("Tripoli", "Lebanon", "LB"),
        ("Tripoli", "Libya", "LY"),
        ("Paris", "Texas", "US"),
        ("Moscow", "Idaho", "US"),
        ("Palmyra", "Syria", "SY"),
        ("Palmyra", "United States", "US"),
        ("London", "Canada", "CA"),
        ("Cairo", "Illinois", "US"),
    ],
)
def test_the_container_decides(name: str, container: str, country: str, world: Gazetteer) -> None:
    first, _ = resolve(mentions_of((name, Hints(container=1)), container), world)
    assert first.chosen is not None
    assert first.chosen.place.country == country
    assert "container" in codes(first.chosen)


def test_a_province_contains_its_towns(world: Gazetteer) -> None:
    said = mentions_of(("Palmyra", Hints(container=1)), ("Homs", Hints(type_word="province")))
    answers = resolve(said, world)
    assert chosen(answers) == ["geonames:163808", "admin1:SY.11"]
    assert "container" in codes(answers[0].chosen)


def test_rivals_outside_the_container_say_so(world: Gazetteer) -> None:
    first, _ = resolve(mentions_of(("Tripoli", Hints(container=1)), "Lebanon"), world)
    outside = [c for c in first.candidates if c.place.country != "LB"]
    assert outside
    assert all("container-clash" in codes(c) for c in outside)


def test_a_stated_distance_is_a_reason(world: Gazetteer) -> None:
    said = mentions_of(("al-Bab", Hints(near=1, near_km=40.0, near_bearing=45.0)), "Aleppo")
    first, _ = resolve(said, world)
    assert chosen([first]) == ["geonames:174018"]
    assert "stated-distance" in codes(first.chosen)


def test_a_stated_distance_decides(world: Gazetteer) -> None:
    said = mentions_of(("Tripoli", Hints(near=1, near_km=80.0)), "Beirut")
    assert countries(resolve(said, world)) == ["LB", "LB"]


def test_a_wrong_direction_is_no_support(world: Gazetteer) -> None:
    said = mentions_of(("al-Bab", Hints(near=1, near_km=40.0, near_bearing=225.0)), "Aleppo")
    assert "stated-distance" not in codes(resolve(said, world)[0].chosen)


def test_a_place_far_from_where_the_text_puts_it_is_not_meant(world: Gazetteer) -> None:
    said = mentions_of(("Palmyra", Hints(near=1, near_km=8.0)), "Tripoli")
    answer = resolve(said, world)[0]
    assert answer.chosen is None
    assert "the text says 8" in (answer.unresolved or "")


def test_list_mates_support_each_other(world: Gazetteer) -> None:
    said = mentions_of(
        ("Hama", Hints(listed_with=(1, 2))), ("Homs", Hints(listed_with=(0, 2))), ("Idlib", Hints(listed_with=(0, 1)))
    )
    answers = resolve(said, world)
    assert chosen(answers) == ["geonames:170017", "geonames:169577", "curated:idlib"]
    assert all("listed" in codes(r.chosen) for r in answers)


# What is not known -----------------------------------------------------------------------------------------------------


def test_an_unknown_name_says_so(world: Gazetteer) -> None:
    (answer,) = resolve(mentions_of("Xyzzyqwvk"), world)
    assert answer.chosen is None
    assert answer.candidates == ()
    assert answer.unresolved is not None
    assert "Xyzzyqwvk" in answer.unresolved
    assert confidence_of(answer) == "low"


@pytest.mark.parametrize("at", [0, 1, 3])
def test_an_unknown_name_never_changes_the_others(at: int, world: Gazetteer) -> None:
    known = ["Palmyra", "Homs", "Syria"]
    without = resolve(mentions_of(*known), world)
    answers = resolve(mentions_of(*known[:at], "Xyzzyqwvk", *known[at:]), world)
    assert answers[at].chosen is None
    kept = [r for r in answers if r.mention.text != "Xyzzyqwvk"]
    assert [(r.chosen, r.candidates) for r in kept] == [(r.chosen, r.candidates) for r in without]


def test_a_similar_spelling_is_found_with_low_confidence(world: Gazetteer) -> None:
    first, _ = resolve(mentions_of("Khan Shaykoon", "Syria"), world)
    assert chosen([first]) == ["curated:khan-shaykhun"]
    assert "similar-spelling" in codes(first.chosen)
    assert confidence_of(first) == "low"


def test_nothing_said_is_nothing_found(world: Gazetteer) -> None:
    assert resolve([], world) == []


def test_a_state_is_meant_before_a_small_town_elsewhere(world: Gazetteer) -> None:
    assert chosen(resolve(mentions_of("California"), world)) == ["admin1:US.CA"]
    assert chosen(resolve(mentions_of("Idlib"), world)) == ["curated:idlib"]


def test_the_other_names_of_a_text_say_which_division_it_is_about(world: Gazetteer) -> None:
    texas = resolve(mentions_of("Gainesville", "Callisburg", "Valley View", "Sherman", "Denison"), world)[0]
    florida = resolve(mentions_of("Gainesville", "Ocala", "Micanopy", "Alachua"), world)[0]
    assert [r.chosen.place.admin1 for r in (texas, florida) if r.chosen is not None] == ["TX", "FL"]
    assert "same-division" in codes(texas.chosen)


def test_a_country_is_not_lost_to_a_place_of_its_name_inside_it(world: Gazetteer) -> None:
    mexico, *_ = resolve(mentions_of("Mexico", "Puebla", "Toluca", "Ecatepec", "Guadalajara"), world)
    assert chosen([mexico]) == ["country:MX"]


def test_a_county_is_chosen_by_its_neighbours(world: Gazetteer) -> None:
    walker, *_ = resolve(mentions_of("Walker County", "Huntsville", "New Waverly", "Conroe"), world)
    assert chosen([walker]) == ["admin2:US.TX.471"]


def test_a_county_is_found_without_its_kind_where_nothing_else_has_the_name(world: Gazetteer) -> None:
    gwinnett, clay = resolve(mentions_of("Gwinnett", "Clay"), world)
    assert chosen([gwinnett]) == ["admin2:US.GA.135"]
    assert all(
        c.place.feature_code != "ADM2" for c in clay.candidates if c.place.country == "US"
    )  # towns are called Clay


def test_the_plural_of_a_list_says_that_counties_are_meant(world: Gazetteer) -> None:
    county = Hints(type_word="district")
    said = mentions_of("Georgia", ("Hall", county), ("Barrow", county), "Gainesville", "Atlanta")
    assert chosen(resolve(said, world))[1:3] == ["admin2:US.GA.139", "admin2:US.GA.013"]


# Hints -----------------------------------------------------------------------------------------------------------------


def test_a_hint_ranks(world: Gazetteer) -> None:
    (without,) = resolve(mentions_of("Tripoli"), world)
    (country,) = resolve(mentions_of("Tripoli"), world, prior=Prior(countries=frozenset({"LB"})))
    (near,) = resolve(mentions_of("Tripoli"), world, prior=Prior(near=LonLat(lon=35.85, lat=34.44)))
    assert countries([without, country, near]) == ["LY", "LB", "LB"]
    assert "hint-country" in codes(country.chosen)
    assert "hint-near" in codes(near.chosen)


def test_a_hint_excludes_nothing(world: Gazetteer) -> None:
    prior = Prior(countries=frozenset({"US"}))
    first, _ = resolve(mentions_of(("Tripoli", Hints(container=1)), "Lebanon"), world, prior=prior)
    assert countries([first]) == ["LB"]
    assert chosen(resolve(mentions_of("Damascus", "Syria"), world, prior=prior)) == ["geonames:170654", "country:SY"]


# Any document ----------------------------------------------------------------------------------------------------------

NAMES = [
    "Palmyra",
    "Tripoli",
    "Syria",
    "Idlib",
    "Hama",
    "Homs",
    "Moscow",
    "Paris",
    "Texas",
    "Euphrates",
    "al-Bab",
    "US",
]
NAMES += ["Georgia", "San Antonio", "Xyzzyqwvk", "", "الباب", "Syrian", "Aleppo", "Washington"]


@st.composite
def documents(draw: st.DrawFn) -> list[Mention]:
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=7))
    said: list[Said] = []
    for i, name in enumerate(names):
        others = [j for j in range(len(names)) if j != i]
        other = st.none() | st.sampled_from(others) if others else st.none()
        hints = Hints(
            type_word=draw(st.sampled_from([None, "city", "province", "river", "nonsense"])),
            compass=draw(st.sampled_from([None, "northern"])),
            container=draw(other),
            near=draw(other),
            near_km=draw(st.sampled_from([None, 0.0, 40.0])),
            near_bearing=draw(st.sampled_from([None, 45.0])),
        )
        said.append((name, hints))
    return mentions_of(*said)


@settings(max_examples=60)
@given(mentions=documents())
def test_scores_lie_in_0_to_1_and_are_sorted(mentions: list[Mention], world: Gazetteer) -> None:
    answers = resolve(mentions, world)
    assert [r.mention for r in answers] == mentions
    for answer in answers:
        scores = [c.score for c in answer.candidates]
        assert all(0.0 <= s <= 1.0 for s in scores)
        assert scores == sorted(scores, reverse=True)
        assert answer.chosen is None or answer.chosen == answer.candidates[0]
        assert (answer.chosen is None) == (answer.unresolved is not None)
        assert len({c.place.id for c in answer.candidates}) == len(answer.candidates)
        assert confidence_of(answer) in ("high", "medium", "low")


@settings(max_examples=20)
@given(mentions=documents())
def test_the_same_document_is_answered_alike(mentions: list[Mention], world: Gazetteer) -> None:
    assert resolve(mentions, world) == resolve(mentions, world)
