"""Coordinates that a text writes are places of their own."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazetteer import Gazetteer
from geo.coordinates import written_points
from geo.event import Article
from geo.pipeline import read_article
from geo.toponyms import find_toponyms


@pytest.mark.parametrize(
    ("text", "lat", "lon", "radius_km"),
    [
        ("The convoy stood at 36.3705, 37.5157 on Monday.", 36.3705, 37.5157, 0.1),
        ("It sank at 12°45'N 44°12'E off Yemen.", 12.75, 44.2, 1.9),
        ("It sank at 12°45′N, 44°12′E.", 12.75, 44.2, 1.9),
        ("A crater (36°22'12\"N, 37°31'30\"E) was seen.", 36.37, 37.525, 0.1),
        ("A crater at 36.37°N, 37.52°E.", 36.37, 37.52, 1.1),
        ("at 36.3705N 37.5157E", 36.3705, 37.5157, 0.1),
        ("Position N36.37 E37.51 was hit.", 36.37, 37.51, 1.1),
        ("The island at 12.5º S, 44.25º W", -12.5, -44.25, 11.1),
        ("wreck: -33.8568; 151.2153", -33.8568, 151.2153, 0.1),
    ],
)
def test_coordinates_are_read_latitude_first(
    text: str, lat: float, lon: float, radius_km: float, world: Gazetteer
) -> None:
    (point,) = written_points(text, world)
    assert point.place is not None
    assert (point.place.lat, point.place.lon, point.place.radius_km) == (lat, lon, radius_km)
    assert point.text == text[point.start : point.end]
    assert point.place.id == f"point:{lon},{lat}".replace(".0,", ",").removesuffix(".0")


@pytest.mark.parametrize(
    "text",
    [
        "The rate rose from 3.125, 4.250 to 5.5 per cent of 1.234 billion.".replace("3.125, 4.250", "3.12, 4.25"),
        "Version 1.2.3, 4.5.6 of the 12 N road and 44 E street.",
        "The vote was 98.123, 196.456 by one count.",
        "It was 36°C on Monday and 37° on Tuesday.",
        "On 12 N Street and 14 East Street",
    ],
)
def test_other_numbers_are_no_coordinates(text: str, world: Gazetteer) -> None:
    assert list(written_points(text, world)) == []


def test_a_point_has_the_country_of_the_nearest_place_and_none_at_sea(world: Gazetteer) -> None:
    near_al_bab, at_sea = written_points("First 36.3705, 37.5157 and then 15°30'N 65°10'E.", world)
    assert near_al_bab.place is not None
    assert (near_al_bab.place.country, near_al_bab.place.admin1_name) == ("SY", "Aleppo")
    assert at_sea.place is not None
    assert at_sea.place.country is None


def test_names_and_points_of_a_text_stand_in_order(world: Gazetteer) -> None:
    found = find_toponyms("Near al-Bab, at 36.3705, 37.5157, and in Aleppo, shells fell.", world)
    assert [t.text for t in found] == ["al-Bab", "36.3705, 37.5157", "Aleppo"]


def test_an_event_at_coordinates_is_a_site(world: Gazetteer) -> None:
    text = "Turkish jets bombed a depot at 36.4102, 37.6123 on Monday, the ministry said."
    article = Article(id="a", text=text, published=date(2017, 1, 18))
    (event,) = read_article(article, world).reports
    assert event.location is not None
    assert (event.location.level, event.location.lat, event.location.lon) == ("site", 36.4102, 37.6123)


@given(st.text(alphabet="0123456789.,°'\"′″NSEW -", max_size=60))
def test_any_numbers_are_read_without_trouble(world: Gazetteer, text: str) -> None:
    for point in written_points(text, world):
        assert text[point.start : point.end] == point.text
