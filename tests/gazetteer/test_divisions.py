from __future__ import annotations

import pytest
from small_gazetteer import town

from gazetteer import SourcePlace

shapely = pytest.importorskip("shapely")
pytest.importorskip("pycountry", reason="pycountry is needed for a build only")
divisions = pytest.importorskip("buildtools.divisions", reason="not run from a source tree")
Outline, first_level_divisions = divisions.Outline, divisions.first_level_divisions


def square(west: float, south: float, size: float = 1.0) -> object:
    return shapely.box(west, south, west + size, south + size)


def cities(country: str, admin1: str, *points: tuple[float, float]) -> list[SourcePlace]:
    return [
        SourcePlace(town(f"t:{country}{admin1}{n}", "X", lon, lat, country, admin1))
        for n, (lon, lat) in enumerate(points)
    ]


def test_an_outline_gets_the_code_of_its_cities_and_names_of_iso() -> None:
    places = cities("AF", "13", (0.2, 0.2), (0.5, 0.5)) + cities("AF", "11", (0.9, 0.9), (5.2, 5.2), (5.4, 5.5))
    outlines = [Outline("AF", ("Kabul",), square(0, 0)), Outline("AF", ("Hirat",), square(5, 5))]
    herat, kabul = first_level_divisions(places, outlines)
    assert kabul.place.id == "admin1:AF.13"
    assert kabul.place.name == kabul.place.admin1_name == "Kabul"
    assert "Kābul" not in kabul.alternates  # folds to the same
    assert (kabul.place.lon, kabul.place.lat) == (0.5, 0.5)
    assert kabul.place.radius_km == pytest.approx(62.7, abs=0.1)
    assert herat.place.id == "admin1:AF.11"


def test_outlines_finer_than_the_code_take_the_name_of_their_parent() -> None:
    places = cities("IT", "09", (0.5, 0.5), (1.5, 0.5))
    outlines = [Outline("IT", ("Milano",), square(0, 0)), Outline("IT", ("Bergamo",), square(1, 0))]
    (lombardy,) = first_level_divisions(places, outlines)
    assert lombardy.place.name == "Lombardia"
    assert lombardy.place.radius_km is not None
    assert lombardy.place.radius_km > 85


def test_a_code_that_is_no_majority_is_left_out() -> None:
    places = cities("AF", "13", (0.2, 0.2)) + cities("AF", "11", (0.9, 0.9))
    assert first_level_divisions(places, [Outline("AF", ("Kabul",), square(0, 0))]) == []


def test_most_cities_of_a_code_must_lie_in_its_outline() -> None:
    places = cities("AF", "13", (0.2, 0.2), (8, 8), (9, 9))
    assert first_level_divisions(places, [Outline("AF", ("Kabul",), square(0, 0))]) == []


def test_a_code_of_letters_without_an_outline_is_named_by_iso() -> None:
    (texas,) = first_level_divisions(cities("US", "TX", (-99, 31), (-97, 32), (-98, 33)), [])
    assert texas.place.name == "Texas"


def test_a_number_without_an_outline_has_no_sure_name_of_its_own() -> None:
    assert first_level_divisions(cities("AF", "13", (0.2, 0.2)), []) == []


def test_the_name_of_the_code_serves_where_outlines_give_none() -> None:
    kabul, logar = first_level_divisions(
        cities("AF", "13", (0.2, 0.2), (0.4, 0.4)) + cities("AF", "17", (8, 8), (8.5, 8)),
        [Outline("AF", ("Kabul",), square(0, 0))],
        {("AF", "13"): "Velayat-e Kabul", ("AF", "17"): "Logar"},
    )
    assert kabul.place.name == "Kabul"
    assert "Velayat-e Kabul" in kabul.alternates
    assert (logar.place.name, logar.place.lon, logar.place.lat) == ("Logar", 8.25, 8.0)


def test_the_point_of_an_outline_is_its_middle_where_that_lies_inside() -> None:
    horseshoe = square(0, 0, 3).difference(shapely.box(1, 1, 2, 3))
    (square_one,) = first_level_divisions(cities("AF", "13", (0.2, 0.2)), [Outline("AF", ("Kabul",), square(0, 0, 3))])
    (bent,) = first_level_divisions(cities("AF", "13", (0.2, 0.2)), [Outline("AF", ("Kabul",), horseshoe)])
    assert (square_one.place.lon, square_one.place.lat) == (1.5, 1.5)
    assert horseshoe.covers(shapely.Point(bent.place.lon, bent.place.lat))


def test_the_code_00_is_no_division() -> None:
    assert first_level_divisions(cities("AF", "00", (0.2, 0.2)), [Outline("AF", ("Kabul",), square(0, 0))]) == []
