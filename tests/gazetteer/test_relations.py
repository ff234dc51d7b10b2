from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazetteer import Gazetteer, LonLat, Place, bearing_degrees, great_circle_km
from gazetteer.relations import Relation, computed, read_relation

ALEPPO = Place(
    id="t:aleppo", name="Aleppo", lon=37.16, lat=36.2, feature_class="P", feature_code="PPL", country="SY", admin1="09"
)
IDLIB_PROVINCE = Place(
    id="admin1:SY.12", name="Idlib", lon=36.7, lat=35.8, feature_class="A", feature_code="ADM1", country="SY", admin1="12",
    radius_km=50.0,
)  # fmt: skip
RAQQA = Place(id="t:raqqa", name="Raqqa", lon=39.0, lat=35.95, feature_class="P", feature_code="PPL", country="SY")


@pytest.mark.parametrize(
    ("phrase", "kind", "names", "bearing", "km"),
    [
        ("40 km northeast of Aleppo", "offset", ("Aleppo",), 45, 40.0),
        ("about 40 kilometres north-east of Aleppo", "offset", ("Aleppo",), 45, 40.0),
        ("12km SW of Mosul", "offset", ("Mosul",), 225, 12.0),
        ("ten miles from Idlib", "offset", ("Idlib",), None, 16.09344),
        ("500 metres south of Idlib", "offset", ("Idlib",), 180, 0.5),
        ("a village 3.5 km west of Tadmur/Palmyra", "offset", ("Tadmur/Palmyra",), 270, 3.5),
        ("between Raqqa and Dayr al-Zawr", "between", ("Raqqa", "Dayr al-Zawr"), None, None),
        ("Road 42 between Ithriya and Ar Raqqah", "between", ("Ithriya", "Ar Raqqah"), None, None),
        ("Aleppo - Damascus road", "road", ("Aleppo", "Damascus"), None, None),
        ("the al-Bab-Aleppo road", "road", ("al-Bab", "Aleppo"), None, None),
        ("Deir ez-Zor–al-Mayadin highway", "road", ("Deir ez-Zor", "al-Mayadin"), None, None),
        ("Khanasir-Aleppo road in Khanasir Subdistrict", "road", ("Khanasir", "Aleppo"), None, None),
        ("Latakia-Hama-Idlib axis", "road", ("Latakia", "Hama", "Idlib"), None, None),
        ("the highway from Damascus to Homs", "road", ("Damascus", "Homs"), None, None),
        ("Syria/Turkey Border", "border", ("Syria", "Turkey"), None, None),
        ("the border of Syria with Turkey", "border", ("Syria", "Turkey"), None, None),
        ("south of Idlib", "side", ("Idlib",), 180, None),
        ("Silos east of Palmyra", "side", ("Palmyra",), 90, None),
        ("شمال حلب", "side", ("حلب",), 0, None),
        ("near Palmyra", "near", ("Palmyra",), None, None),
        ("an area not far from Palmyra", "near", ("Palmyra",), None, None),
        ("the Aleppo countryside", "surroundings", ("Aleppo",), None, None),
        ("outskirts of Damascus", "surroundings", ("Damascus",), None, None),
        ("ريف إدلب", "surroundings", ("إدلب",), None, None),
        ("northern Aleppo countryside", "part", ("Aleppo",), 0, None),
        ("Aleppo's southern countryside", "part", ("Aleppo",), 180, None),
        ("the southern countryside of Idlib", "part", ("Idlib",), 180, None),
        ("ريف حلب الشمالي", "part", ("حلب",), 0, None),
        ("Southeastern Rif Dimashq Governorate", "part", ("Rif Dimashq Governorate",), 135, None),
        ("a highway in Eastern Ghouta", "inside", ("Eastern Ghouta",), None, None),
    ],
)  # fmt: skip
def test_a_phrase_is_taken_apart(
    phrase: str, kind: str, names: tuple[str, ...], bearing: int | None, km: float | None
) -> None:
    relation = read_relation(phrase)
    assert relation is not None
    assert (relation.kind, relation.names, relation.bearing) == (kind, names, bearing)
    assert relation.km == (pytest.approx(km) if km is not None else None)


@pytest.mark.parametrize(
    "name",
    ["Aleppo", "al-Bab", "Gulf of Aden", "City of London", "Idlib road", "T4", "", "Stratford-upon-Avon", "the border"],
)
def test_a_plain_name_is_no_phrase(name: str) -> None:
    assert read_relation(name) is None


def test_an_offset_lies_where_it_says_and_admits_doubt() -> None:
    place = computed(Relation("offset", ("Aleppo",), bearing=45, km=40.0), [ALEPPO], "40 km northeast of Aleppo")
    assert place is not None
    assert great_circle_km(ALEPPO.point, place.point) == pytest.approx(40, abs=0.1)
    assert bearing_degrees(ALEPPO.point, place.point) == pytest.approx(45, abs=0.1)
    assert (place.radius_km, place.id, place.name) == (10.0, "t:aleppo+40km-ne", "40 km northeast of Aleppo")
    assert (place.country, place.admin1) == ("SY", None)  # it may lie in another division


def test_an_offset_without_a_direction_is_a_circle() -> None:
    place = computed(Relation("offset", ("Aleppo",), km=40.0), [ALEPPO], "40 km from Aleppo")
    assert place is not None
    assert (place.point, place.radius_km) == (ALEPPO.point, 40.0)


def test_a_part_of_an_area_stays_inside_it() -> None:
    place = computed(Relation("part", ("Idlib",), bearing=180), [IDLIB_PROVINCE], "southern Idlib")
    assert place is not None
    km = great_circle_km(IDLIB_PROVINCE.point, place.point)
    assert place.radius_km is not None
    assert km + place.radius_km == pytest.approx(50, abs=0.2)
    assert place.lat < IDLIB_PROVINCE.lat
    assert (place.feature_code, place.admin1) == ("RGN", "12")


def test_a_stretch_reaches_both_ends() -> None:
    place = computed(Relation("between", ("Aleppo", "Raqqa")), [ALEPPO, RAQQA], "between Aleppo and Raqqa")
    assert place is not None
    ends = [great_circle_km(end.point, place.point) for end in (ALEPPO, RAQQA)]
    assert ends[0] == pytest.approx(ends[1], abs=0.1)
    assert place.radius_km == pytest.approx(ends[0], abs=0.1)
    road = computed(Relation("road", ("Aleppo", "Raqqa")), [ALEPPO, RAQQA], "Aleppo-Raqqa road")
    assert road is not None
    assert (road.feature_class, road.feature_code) == ("R", "RD")


def test_places_on_two_continents_have_nothing_between_them() -> None:
    texas = Place(id="t:x", name="Aleppo", lon=-99.0, lat=31.0, feature_class="P", feature_code="PPL")
    assert computed(Relation("between", ("Aleppo", "Raqqa")), [texas, RAQQA], "between Aleppo and Raqqa") is None


@given(
    st.sampled_from(["offset", "side", "near", "part", "surroundings", "inside"]),
    st.floats(-180, 180), st.floats(-90, 90), st.sampled_from([None, 0, 45, 180, 270]), st.floats(0, 500),
)  # fmt: skip
def test_a_computed_place_is_always_on_the_globe(
    kind: str, lon: float, lat: float, bearing: int | None, km: float
) -> None:
    base = Place(id="t:x", name="X", lon=lon, lat=lat, feature_class="P", feature_code="PPL")
    place = computed(Relation(kind, ("X",), bearing=bearing, km=km), [base], "phrase")
    assert place is not None
    assert place.radius_km is not None
    assert place.radius_km > 0
    assert place.id.startswith("t:x+")


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    relation = read_relation(text)
    assert relation is None or all(name for name in relation.names)


def test_no_text_keeps_a_pattern_busy() -> None:
    for text in ("between " * 2000, "a and " * 19 + "b", "1 km of " * 19, "north " * 25, "- " * 79 + "road"):
        read_relation(text)


# --- through the gazetteer ------------------------------------------------------------------------------------------


def test_a_phrase_finds_a_computed_place(small: Gazetteer) -> None:
    best = small.find("40 km northeast of Aleppo")[0]
    assert best.place.id == "t:aleppo+40km-ne"
    assert best.reasons[0].code == "computed"
    assert great_circle_km(best.place.point, LonLat(lon=37.1613, lat=36.2012)) == pytest.approx(40, abs=0.1)
    assert {"main-name", "population"} <= {reason.code for reason in best.reasons}
    assert best.score < small.find("Aleppo")[0].score


def test_a_part_is_said_of_the_division_and_not_of_the_town(small: Gazetteer) -> None:
    for phrase in ("southern Idlib", "southern Idlib province", "the southern Idlib countryside", "ريف إدلب الجنوبي"):
        assert small.find(phrase)[0].place.id == "admin1:SY.12+part-s", phrase
    assert small.find("the Idlib countryside")[0].place.id == "admin1:SY.12+surroundings"
    assert small.find("countryside of al-Bab")[0].place.id == "t:al-bab+surroundings"


def test_what_lies_between_is_sought_near_each_other(small: Gazetteer) -> None:
    best = small.find("between Tripoli and Hama")[0]
    assert best.place.id == "t:tripoli-lb+between+t:hama"


def test_a_phrase_about_an_unknown_place_finds_nothing(small: Gazetteer) -> None:
    for phrase in ("40 km north of Xyzzy", "between Xyzzy and Hama", "the Xyzzy countryside", "a checkpoint in Xyzzy"):
        assert small.find(phrase) == [], phrase


def test_something_inside_a_place_is_found_first_by_its_own_name(small: Gazetteer) -> None:
    assert small.find("Kefraya in Idlib province")[0].place.id == "t:kafr"
    assert small.find("a checkpoint in Idlib province")[0].place.id == "admin1:SY.12+inside"
    assert small.find("Paris in Texas")[0].place.id == "t:paris-us"


def test_a_name_of_the_gazetteer_is_no_phrase(whole: Gazetteer) -> None:
    for name in ("North Korea", "South Sudan", "Eastern Ghouta", "West Bank", "Northern Ireland", "South Africa"):
        assert "computed" not in [reason.code for reason in whole.find(name)[0].reasons], name


def test_a_division_is_found_by_the_other_form_of_its_compass_word(whole: Gazetteer) -> None:
    best = whole.find("Northern Darfur state", country="SD")[0]
    assert (best.place.name, best.place.is_admin1) == ("North Darfur", True)
