from __future__ import annotations

import pytest

from gazetteer import Candidate, Gazetteer, LonLat


def ids(candidates: list[Candidate]) -> list[str]:
    return [candidate.place.id for candidate in candidates]


def codes(candidate: Candidate) -> list[str]:
    return [reason.code for reason in candidate.reasons]


def test_a_town_comes_before_the_governorate_of_its_name(small: Gazetteer) -> None:
    assert ids(small.find("Idlib")) == ["t:idlib", "admin1:SY.12"]


@pytest.mark.parametrize("name", ["Idlib province", "Idleb Governorate", "province of Idlib", "محافظة إدلب"])
def test_a_type_word_asks_for_the_governorate(small: Gazetteer, name: str) -> None:
    best = small.find(name)[0]
    assert best.place.id == "admin1:SY.12"
    assert "type-word" in codes(best)


def test_a_type_word_asks_for_the_town(small: Gazetteer) -> None:
    assert ids(small.find("the city of Aleppo"))[0] == "t:aleppo"


def test_a_state_comes_before_villages_elsewhere(small: Gazetteer) -> None:
    assert ids(small.find("Texas")) == ["admin1:US.TX", "t:texas-mx"]


def test_both_towns_of_one_name_are_there(small: Gazetteer) -> None:
    assert ids(small.find("Tripoli"))[:2] == ["t:tripoli-ly", "t:tripoli-lb"]


def test_the_larger_town_beats_the_main_spelling(small: Gazetteer) -> None:
    assert ids(small.find("Palmyra")) == ["t:tadmur", "t:palmyra-us"]


def test_a_country_excludes(small: Gazetteer) -> None:
    assert ids(small.find("Palmyra", country="us")) == ["t:palmyra-us"]
    assert small.find("Palmyra", country="FR") == []


def test_a_country_keeps_what_crosses_borders(small: Gazetteer) -> None:
    assert ids(small.find("Euphrates", country="SY")) == ["region:euphrates"]


@pytest.mark.parametrize("admin1", ["TX", "tx", "Texas", "Texas state", "State of Texas", "Tex."])
def test_a_division_ranks_in_any_spelling(small: Gazetteer, admin1: str) -> None:
    best, other = small.find("Paris", admin1=admin1)
    assert (best.place.id, other.place.id) == ("t:paris-us", "t:paris-fr") or admin1 in ("TX", "tx")
    assert "admin1" in codes(best) or "admin1" in codes(other)


def test_a_point_ranks(small: Gazetteer) -> None:
    beirut = LonLat(lon=35.5, lat=33.9)
    best = small.find("Tripoli", near=beirut)[0]
    assert best.place.id == "t:tripoli-lb"
    assert "near" in codes(best)


@pytest.mark.parametrize(
    ("name", "place_id"),
    [
        ("Paris, Texas", "t:paris-us"),
        ("Paris, Tex.", "t:paris-us"),
        ("Palmyra, Syria", "t:tadmur"),
        ("Paris", "t:paris-fr"),
    ],
)
def test_what_stands_behind_a_comma_ranks(small: Gazetteer, name: str, place_id: str) -> None:
    assert small.find(name)[0].place.id == place_id


def test_nothing_behind_the_comma_is_made_up(small: Gazetteer) -> None:
    assert small.find("Paris, Xyzzy") == []


def test_another_transliteration_is_found_at_a_lower_score(small: Gazetteer) -> None:
    (alike,) = small.find("Khan Cheikhoun")
    (exact,) = small.find("Khan Shaykhun")
    assert alike.place == exact.place
    assert alike.score < exact.score
    assert "alike-name" in codes(alike)


def test_of_a_huge_group_of_consonants_what_begins_alike_is_compared(
    small: Gazetteer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gazetteer.store.SKELETON_GROUP", 2)
    for name, place_id in (("Khan Cheikhoun", "t:khan"), ("Idleeb", "t:idlib"), ("Tadmour", "t:tadmur")):
        assert place_id in ids(small.find(name)), name


def test_an_exact_name_keeps_alike_ones_away(small: Gazetteer) -> None:
    assert ids(small.find("Hama")) == ["t:hama"]


@pytest.mark.parametrize(
    ("name", "place_id"),
    [
        ("Tadmur/Palmyra town", "t:tadmur"),
        ("Xyzzy/Kefraya village", "t:kafr"),
        ("Kefraya (Xyzzy)", "t:kafr"),
        ("Xyzzy town (Khan Cheikhoun)", "t:khan"),
        ("Qaryat Kefraya", "t:kafr"),
        ("Hama checkpoint", "t:hama"),
        ("Markaz Idlib district", "t:idlib+district"),
        ("Elfoua", "t:fuah"),
        ("Dayr Zawr", "t:deir"),
        ("Deir al Zour city", "t:deir"),
        ("Hama 2", "t:hama"),
    ],
)
def test_wordings_of_conflict_coders_find_the_place(small: Gazetteer, name: str, place_id: str) -> None:
    assert small.find(name, country="SY")[0].place.id == place_id


def test_a_district_that_is_not_known_is_never_its_town(small: Gazetteer) -> None:
    area, town = small.find("al-Bab district")[:2]
    assert (area.place.id, town.place.id) == ("t:al-bab+district", "t:al-bab")
    assert (area.place.is_settlement, area.place.feature_code, area.reasons[0].code) == (False, "RGN", "computed")
    assert area.place.radius_km
    assert small.find("al-Bab town")[0].place.id == "t:al-bab"


def test_one_of_several_names_is_less_than_the_name_itself(small: Gazetteer) -> None:
    one, several = small.find("Kefraya")[0], small.find("Kefraya/Xyzzy")[0]
    assert one.score > several.score
    assert "one-of-several" in codes(several)


def test_where_the_question_looks_an_alike_name_beats_an_exact_one_elsewhere(small: Gazetteer) -> None:
    assert ids(small.find("Bab", country="IQ", admin1="07")) == ["t:bab-iq"]
    assert (
        ids(small.find("Halab", admin1="Idlib"))[0] == "t:aleppo"
    )  # nothing alike there: what is known elsewhere stays
    best = small.find("Khan Cheikhoun", admin1="Idlib")[0]
    assert best.place.id == "t:khan"
    assert {"alike-name", "admin1"} <= set(codes(best))


def test_a_division_or_point_of_the_question_removes_nothing(small: Gazetteer) -> None:
    for name in ("Tripoli", "Palmyra", "Paris", "Idlib", "Khan Cheikhoun"):
        plain = set(ids(small.find(name)))
        assert plain <= set(ids(small.find(name, admin1="Idlib")))
        assert plain <= set(ids(small.find(name, near=LonLat(lon=36, lat=35))))


def test_a_name_that_is_merely_similar_stays_unknown(small: Gazetteer) -> None:
    for name in ("Hamiyah", "Adlabu", "Kafrun", "Halba", "Tadmir Qadim"):
        assert small.find(name) == [], name


def test_a_demonym_finds_the_country_at_a_lower_score(small: Gazetteer) -> None:
    (country,), (people,) = small.find("Syria"), small.find("Syrian")
    assert country.place == people.place
    assert people.score < country.score


def test_initials_and_unknown_names_find_nothing(small: Gazetteer) -> None:
    for name in ("A", "T.", "Xyzzy", "", "Qwrtp"):
        assert small.find(name) == []


def test_every_candidate_gives_its_reasons_and_a_score(small: Gazetteer) -> None:
    for name in (
        "Idlib province",
        "Tripoli",
        "Palmyra",
        "US",
        "Deir Ezzor",
        "southern Idlib",
        "near Hama",
        "Bab district",
    ):
        found = small.find(name, near=LonLat(lon=36, lat=35), admin1="Idlib")
        assert found
        assert [c.score for c in found] == sorted((c.score for c in found), reverse=True)
        for candidate in found:
            assert 0 <= candidate.score <= 1
            assert candidate.reasons
            assert all(reason.text for reason in candidate.reasons)


def test_the_limit_holds(small: Gazetteer) -> None:
    assert len(small.find("Tripoli", limit=2)) == 2


@pytest.mark.parametrize(
    ("name", "country", "place_name"),
    [
        ("al-Bab", "SY", "Al Bāb"),
        ("الباب", "SY", "Al Bāb"),
        ("Palmyra", "SY", "Tadmur"),
        ("Dayr al-Zawr", "SY", "Deir ez-Zor"),
        ("Damascus", None, "Damascus"),
        ("Syria", None, "Syria"),
        ("Jordan", None, "Jordan"),
        ("Georgia", None, "Georgia"),
        ("Moscow", None, "Moscow"),
        ("Москва", None, "Moscow"),
        ("London", None, "London"),
        ("Paris, Texas", "US", "Paris"),
        ("Crimea", None, "Crimea"),
        ("Texas", None, "Texas"),
    ],
)
def test_the_built_gazetteer_knows_what_news_names(
    whole: Gazetteer, name: str, country: str | None, place_name: str
) -> None:
    assert whole.find(name, country=country)[0].place.name == place_name


def test_the_built_gazetteer_tells_towns_from_governorates(whole: Gazetteer) -> None:
    for name in ("Idlib", "Aleppo", "Hama", "Homs", "Raqqa", "Daraa", "Latakia", "Tartus"):
        town, province = whole.find(name)[0].place, whole.find(f"{name} province")[0].place
        assert town.is_settlement, name
        assert province.is_admin1, name
        assert (town.country, province.country) == ("SY", "SY")
        assert town.admin1 == province.admin1
        assert town.admin1_name == province.name


@pytest.mark.parametrize("name", ["Kyiv", "Sanaa", "Islamabad", "Washington", "Mexico City", "Damascus"])
def test_the_built_gazetteer_takes_a_capital_before_what_shares_its_name(whole: Gazetteer, name: str) -> None:
    assert whole.find(name)[0].place.feature_code == "PPLC"


@pytest.mark.parametrize("name", ["Taiwan", "Georgia", "Jordan", "Lebanon", "Mali", "Niger"])
def test_the_built_gazetteer_takes_a_country_before_a_division_of_its_name(whole: Gazetteer, name: str) -> None:
    assert whole.find(name)[0].place.is_country


def test_the_built_gazetteer_ranks_tripoli_and_palmyra(whole: Gazetteer) -> None:
    assert [c.place.country for c in whole.find("Tripoli")][:2] == ["LY", "LB"]
    assert "Tadmur" in [c.place.name for c in whole.find("Palmyra")][:3]


def test_the_built_gazetteer_holds_no_codes_as_names(whole: Gazetteer) -> None:
    for name in ("DAM", "ALP", "Man", "A"):
        assert not {"SY", "JO", "OM"} & {hit.place.country for hit in whole.lookup(name)}


def test_the_built_gazetteer_names_countries_and_their_people(whole: Gazetteer) -> None:
    assert whole.find("Syrians")[0].place.id == "country:SY"
    assert whole.find("Сирия")[0].place.id == "country:SY"
    assert whole.find("Suriye")[0].place.id == "country:SY"
    assert whole.find("US")[0].place.id == "country:US"
    assert "country:US" not in [c.place.id for c in whole.find("us")]
    assert whole.find("Tunis")[0].place.is_settlement


def test_the_built_gazetteer_says_where_its_places_come_from(whole: Gazetteer) -> None:
    facts = whole.info()
    assert facts["places"] > 230_000
    assert {"GeoNames", "Natural Earth"} <= {source["name"] for source in facts["sources"]}
    assert all(source["licence"] and source["attribution"] for source in facts["sources"])
