"""How wording turns a place name into a point, a surrounding or an area, and which names are no site."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gazetteer import Gazetteer, LonLat, bearing_degrees, great_circle_km
from geo.event import LEVELS, Location
from geo.locate import MAX_NEAR_KM, Site, find_sites, is_inside
from geo.toponyms import find_toponyms

ALEPPO, AL_BAB, HOMS, PALMYRA = "geonames:170063", "geonames:174018", "geonames:169577", "geonames:163808"


def sites_of(text: str, world: Gazetteer) -> tuple[Site, ...]:
    return find_sites(text, find_toponyms(text, world), world)


def site_of(text: str, world: Gazetteer) -> Location:
    """The location of the only site of a sentence."""
    (site,) = sites_of(text, world)
    return site.location


def point(location: Location) -> LonLat:
    return LonLat(lon=location.lon, lat=location.lat)


def off_by_km(location: Location) -> float:
    """How far the point of a location lies from the place it was made from."""
    return great_circle_km(location.place.point, point(location))


@pytest.mark.parametrize(
    ("text", "place_id", "level"),
    [
        ("Jets bombed al-Bab in Syria.", AL_BAB, "settlement"),
        ("In the Syrian city of al-Bab, jets struck.", AL_BAB, "settlement"),
        ("Syria's al-Bab was hit.", AL_BAB, "settlement"),
        ("Rebels shelled the border town of Azaz in Syria.", "curated:azaz", "settlement"),
        ("A car bomb exploded in the centre of Afrin, Syria.", "curated:afrin", "settlement"),
        ("Turkey's army shelled Afrin.", "curated:afrin", "settlement"),
        ("Shelling hit the Sheikh Maqsoud neighbourhood of Aleppo.", "curated:sheikh-maqsoud", "site"),
        ("Strikes hit the T4 air base.", "curated:t4-airbase", "site"),
        ("Clashes broke out near Palmyra in Syria.", PALMYRA, "near"),
        ("Clashes broke out outside Damascus.", "geonames:170654", "near"),
        ("Clashes broke out around the city of Homs.", HOMS, "near"),
        ("Shells fell on the outskirts of Aleppo.", ALEPPO, "near"),
        ("Strikes hit Hama province.", "admin1:SY.10", "adm1"),
        ("Strikes hit the Syrian province of Hama.", "admin1:SY.10", "adm1"),
        ("Clashes in the northern province of Idlib.", "admin1:SY.12", "adm1"),
        ("Clashes in the Idlib countryside killed three.", "admin1:SY.12", "adm1"),
        ("Clashes in rural Hama killed three.", "admin1:SY.10", "adm1"),
        ("Clashes in southern Idlib killed three.", "admin1:SY.12", "part"),
        ("Clashes took place in western Aleppo.", "admin1:SY.09", "part"),
        ("Clashes in the west of Daraa province.", "admin1:SY.06", "part"),
        ("An air strike in northern Syria killed three.", "country:SY", "part"),
        ("Strikes hit Eastern Ghouta.", "curated:eastern-ghouta", "part"),
        ("A bomb in the Ghouta suburbs of Damascus.", "curated:eastern-ghouta", "part"),
        ("Fighting raged in Afrin region.", "curated:afrin", "part"),
        ("Clashes east of the Euphrates.", "curated:euphrates", "part"),
        ("Jets struck Syria.", "country:SY", "country"),
        ("Jets struck Syrian territory.", "country:SY", "country"),
        ("A plane crashed off the coast of Latakia.", "geonames:173576", "sea_air"),
        ("A ship was hit off Latakia.", "geonames:173576", "sea_air"),
        ("A jet violated Turkish air space.", "country:TR", "sea_air"),
        ("A jet violated Turkish airspace along the border with Syria.", "region:border-sy-tr", "part"),
        ("Shells fell along the Syrian-Turkish border.", "region:border-sy-tr", "part"),
    ],
)
def test_the_wording_gives_the_level(text: str, place_id: str, level: str, world: Gazetteer) -> None:
    location = site_of(text, world)
    assert (location.place.id, location.level) == (place_id, level)


@pytest.mark.parametrize(
    "text",
    [
        "The minister told reporters in Geneva that rebels had left.",
        "He spoke at a press conference in Damascus.",
        "Speaking in Ankara, the minister said that the operation would go on.",
        "The Coventry-based group said so.",
        "The US-backed and Turkish-led forces advanced.",
        "Moscow said that jets had struck.",
        "Ankara sees it otherwise.",
        "The envoy for Syria said so.",
        "The war in Syria goes on.",
        "Syria's government and Russia's foreign minister agreed.",
        "Syrian and Russian soldiers fought.",
        'The film "The Road to Palmyra" won a prize in the end.',
    ],
)
def test_a_name_that_is_no_site(text: str, world: Gazetteer) -> None:
    assert sites_of(text, world) == ()


def test_a_dateline_is_no_site(world: Gazetteer) -> None:
    assert [s.location.place.name for s in sites_of("BEIRUT (Reuters) - Rebels left the town of Douma.", world)] == [
        "Dūmā"
    ]


def test_the_speaker_s_city_is_none_beside_one_that_is(world: Gazetteer) -> None:
    location = site_of("Jets bombed al-Bab in Syria, the minister told reporters in Moscow.", world)
    assert location.place.id == AL_BAB


# Computed points -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "km", "bearing"),
    [
        ("40 km northeast of", 40, 45),
        ("40 kilometres north-east of", 40, 45),
        ("25 miles north of", 25 * 1.609344, 0),
        ("about 10 km to the south of", 10, 180),
        ("12.5 km west of the city of", 12.5, 270),
        ("eight kilometres northwest of", 8, 315),
    ],
)
def test_an_offset_is_a_computed_point(words: str, km: float, bearing: float, world: Gazetteer) -> None:
    location = site_of(f"Strikes hit a village {words} Aleppo, Syria.", world)
    assert (location.place.id, location.level) == (ALEPPO, "near")
    assert off_by_km(location) == pytest.approx(km, rel=0.01)
    turn = (bearing_degrees(location.place.point, point(location)) - bearing + 180) % 360 - 180
    assert abs(turn) < 1
    assert location.phrase.endswith("Aleppo")
    assert words.split()[-2] in location.phrase
    assert location.radius_km <= MAX_NEAR_KM


def test_an_offset_without_a_direction_is_a_circle(world: Gazetteer) -> None:
    location = site_of("Strikes hit a village 10 km from Aleppo.", world)
    assert (location.level, location.radius_km) == ("near", 10)
    assert off_by_km(location) == 0


def test_the_far_end_of_a_distance_is_no_site(world: Gazetteer) -> None:
    location = site_of("Strikes hit al-Bab, located 40 kilometers northeast of Aleppo.", world)
    assert location.place.id == AL_BAB


def test_between_two_towns_lies_half_way(world: Gazetteer) -> None:
    first = sites_of("A bomb exploded on the road between Homs and Palmyra in Syria.", world)[0].location
    assert first.level == "part"
    homs, palmyra = world.place(HOMS), world.place(PALMYRA)
    assert homs is not None
    assert palmyra is not None
    to_homs, to_palmyra = (great_circle_km(p.point, point(first)) for p in (homs, palmyra))
    assert to_homs == pytest.approx(to_palmyra, rel=0.01)
    assert first.radius_km == pytest.approx(to_homs, abs=0.1)
    assert "between Homs and Palmyra" in first.phrase


@pytest.mark.parametrize(
    ("word", "bearing"), [("northern", 0), ("eastern", 90), ("south-western", 225), ("southern", 180)]
)
def test_a_part_lies_on_its_side_of_the_area(word: str, bearing: float, world: Gazetteer) -> None:
    location = site_of(f"Clashes in {word} Syria killed three.", world)
    assert location.level == "part"
    turn = (bearing_degrees(location.place.point, point(location)) - bearing + 180) % 360 - 180
    assert abs(turn) < 1
    assert location.place.radius_km is not None
    assert 0 < off_by_km(location) < location.place.radius_km
    assert location.phrase == f"{word} Syria"


def test_the_middle_of_an_area_is_its_point(world: Gazetteer) -> None:
    assert off_by_km(site_of("Clashes in central Syria killed three.", world)) == 0


# Lists, containers -----------------------------------------------------------------------------------------------------


def test_members_of_a_list_share_a_group(world: Gazetteer) -> None:
    sites = sites_of(
        "Buses waited in the villages of al-Fu'ah and Kefraya in the northwestern province of Idlib.", world
    )
    assert [s.location.place.id for s in sites] == ["curated:al-fuah", "curated:kefraya"]
    assert len({s.group for s in sites}) == 1


def test_areas_of_a_list_stay_areas(world: Gazetteer) -> None:
    text = "Strikes hit the Syrian province of Hama and nearby areas in the neighboring province of Idlib."
    sites = sites_of(text, world)
    assert [(s.location.place.id, s.location.level) for s in sites] == [
        ("admin1:SY.10", "adm1"),
        ("admin1:SY.12", "adm1"),
    ]
    assert len({s.group for s in sites}) == 1


def test_sites_of_two_clauses_do_not_share_a_group(world: Gazetteer) -> None:
    sites = sites_of("Shells hit Palmyra in Syria, while rebels left the town of Madaya.", world)
    assert len(sites) == 2
    assert len({s.group for s in sites}) == 2


def test_an_area_contains_its_towns(world: Gazetteer) -> None:
    province = site_of("Strikes hit Aleppo province.", world)
    country = site_of("Strikes hit Syria.", world)
    town = site_of("Strikes hit al-Bab, Syria.", world)
    other = site_of("Strikes hit Palmyra, Syria.", world)
    assert is_inside(town, province)
    assert is_inside(town, country)
    assert not is_inside(other, province)
    assert not is_inside(province, town)


# Any sentence ----------------------------------------------------------------------------------------------------------

PIECES = [
    "near",
    "northern",
    "40 km north of",
    "between",
    "off",
    "the border of",
    "province of",
    "in",
    "and",
    "in the",
    ",",
]
PIECES += [
    "Syria",
    "Aleppo",
    "Hama",
    "al-Bab",
    "Latakia",
    "Euphrates",
    "Turkish airspace",
    "Damascus said",
    "Eastern Ghouta",
]


@settings(max_examples=80)
@given(words=st.lists(st.sampled_from(PIECES), max_size=10))
def test_every_site_is_sound(words: list[str], world: Gazetteer) -> None:
    text = " ".join(words)
    for site in sites_of(text, world):
        location = site.location
        assert 0 <= site.start < site.end <= len(text)
        assert location.level in LEVELS
        assert location.radius_km > 0
        assert location.phrase in text
        assert location.reasons[0].code == "wording"
        assert location.level != "near" or location.radius_km <= MAX_NEAR_KM


@pytest.mark.parametrize("level", ["settlement", "near", "adm1", "part", "country", "sea_air"])
def test_only_areas_are_areas(level: str, world: Gazetteer) -> None:
    place = world.place(AL_BAB)
    assert place is not None
    location = Location(place=place, lon=place.lon, lat=place.lat, level=level, radius_km=1.0, phrase="al-Bab")
    assert location.is_area == (level not in ("site", "settlement", "near"))
