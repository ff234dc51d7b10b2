from __future__ import annotations

import pickle
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_gazetteer import META, RECORDS, town

import gazetteer
from gazetteer import Gazetteer, GazetteerError, LonLat, MapperError, NameHit, SourcePlace, build, great_circle_km


def ids(hits: tuple[NameHit, ...]) -> list[str]:
    return [hit.place.id for hit in hits]


def test_all_spellings_of_a_name_find_its_place(small: Gazetteer) -> None:
    for spelling in ("al-Bab", "Al Bāb", "El Bab", "الباب", "AL BAB", "  al‑Bab "):
        assert "t:al-bab" in ids(small.lookup(spelling))


def test_a_name_is_found_without_its_article_and_says_so(small: Gazetteer) -> None:
    hits = {hit.place.id: hit for hit in small.lookup("Bab")}
    assert hits["t:al-bab"].article_dropped
    assert not hits["t:bab-iq"].article_dropped


def test_an_article_too_much_is_dropped_when_nothing_else_is_found(small: Gazetteer) -> None:
    (hit,) = small.lookup("al-Tadmur")
    assert hit.place.id == "t:tadmur"
    assert hit.article_dropped
    assert ids(small.lookup("al-Bab")) == ["t:al-bab"]  # and not Bab in Iraq


def test_el_paso_has_no_arabic_article(small: Gazetteer) -> None:
    assert small.lookup("Paso") == ()


def test_the_largest_place_comes_first_and_unknown_sizes_last(small: Gazetteer) -> None:
    assert ids(small.lookup("Tripoli")) == ["t:tripoli-ly", "t:tripoli-lb", "t:tripoli-us"]
    assert ids(small.lookup("Idlib")) == ["t:idlib", "admin1:SY.12"]


def test_a_hit_says_by_which_kind_of_name(small: Gazetteer) -> None:
    assert [(hit.kind, hit.name) for hit in small.lookup("Tadmur")] == [("main", "Tadmur")]
    assert {hit.place.id: hit.kind for hit in small.lookup("palmyra")} == {
        "t:tadmur": "alternate",
        "t:palmyra-us": "main",
    }
    assert [(hit.kind, hit.name) for hit in small.lookup("syrians")] == [("demonym", "Syrians")]


def test_an_abbreviation_is_found_only_as_it_is_written(small: Gazetteer) -> None:
    assert ids(small.lookup("US")) == ["country:US", "t:us"]
    assert ids(small.lookup("us")) == ["t:us"]
    assert ids(small.lookup("U.S.")) == ["country:US"]
    assert ids(small.lookup("Tex.")) == ["admin1:US.TX"]
    assert small.lookup("tex") == ()


def test_a_name_in_arabic_letters_answers_to_such_only(small: Gazetteer) -> None:
    assert set(ids(small.lookup("عمان"))) == {"country:OM", "t:amman"}
    assert small.lookup("Man") == ()
    assert not small.has_name("man")
    assert small.has_name("man", latin=False)


def test_an_unknown_name_finds_nothing(small: Gazetteer) -> None:
    for name in ("", "xyzzy", "\ud800", "'", "I", "%", "al"):
        assert small.lookup(name) == ()
        assert small.find(name) == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.text(alphabet=st.characters(), max_size=12))
def test_any_string_can_be_looked_up(small: Gazetteer, name: str) -> None:
    small.lookup(name)
    small.place(name)
    small.skeleton(name)
    small.has_name(gazetteer.fold_name(name))


def test_membership_agrees_with_look_ups(small: Gazetteer) -> None:
    for record in RECORDS:
        for name in (record.place.name, *record.alternates):
            if gazetteer.names.is_latin(name):
                assert small.has_name(gazetteer.fold_name(name))
    assert small.has_name("al tadmur")
    assert not small.has_name("xyzzy")
    assert not small.has_name("")


def test_consonants_find_another_transliteration(small: Gazetteer) -> None:
    hits = small.skeleton("Deir Ezzor")
    assert ids(hits) == ["t:deir"]
    assert 0 < hits[0].similarity < 1
    assert ids(small.skeleton("Khan Sheikhoun")) == ["t:khan"]
    assert ids(small.skeleton("كفريا")) == ["t:kafr"]


def test_consonants_keep_to_a_country(small: Gazetteer) -> None:
    assert small.skeleton("Hasakeh", country="IQ") == ()
    assert ids(small.skeleton("Hasakeh", country="SY")) == ["t:hasakah"]


def test_one_consonant_finds_nothing(small: Gazetteer) -> None:
    assert small.skeleton("Aya") == ()


def test_places_are_found_by_id_country_and_division(small: Gazetteer) -> None:
    by_id = small.place("t:al-bab")
    assert by_id == RECORDS[0].place
    assert small.place("t:none") is None
    assert small.place("\ud800") is None
    syria, idlib = small.country("sy"), small.admin1("SY", "12")
    assert syria is not None
    assert syria.name == "Syria"
    assert idlib is not None
    assert idlib.is_admin1
    assert small.country("XX") is None
    assert small.admin1("SY", "99") is None


def test_a_river_keeps_its_points_in_order(small: Gazetteer) -> None:
    assert [point.lon for point in small.points("region:euphrates")] == [38.0, 40.1, 41.0]
    assert small.points("t:aleppo") == ()


def test_what_lies_near_comes_nearest_first(small: Gazetteer) -> None:
    idlib = LonLat(lon=36.6339, lat=35.9306)
    found = small.near(idlib, radius_km=30)
    assert [place.id for _, place in found] == ["t:idlib", "t:kafr", "t:fuah", "admin1:SY.12"]
    assert [km for km, _ in found] == sorted(km for km, _ in found)
    assert small.near(idlib, radius_km=30, limit=1) == found[:1]


def test_nearness_crosses_the_antimeridian(small: Gazetteer) -> None:
    for lon in (179.95, -179.95):
        found = small.near(LonLat(lon=lon, lat=-17.0), radius_km=300)
        assert {place.id for _, place in found} == {"t:fiji", "t:taveuni"}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lon=st.floats(-180, 180), lat=st.floats(-90, 90), radius_km=st.floats(0.1, 20_100) | st.sampled_from([5000, 20_100])
)
def test_nearness_is_what_distance_says(small: Gazetteer, lon: float, lat: float, radius_km: float) -> None:
    point = LonLat(lon=lon, lat=lat)
    expected = {r.place.id for r in RECORDS if great_circle_km(point, r.place.point) <= radius_km}
    assert {place.id for _, place in small.near(point, radius_km=radius_km, limit=100)} == expected


def test_the_file_says_what_is_in_it(small: Gazetteer, small_file: Path) -> None:
    facts = small.info()
    assert small.version == facts["version"] == "2026-01"
    assert facts["places"] == len(RECORDS)
    assert facts["places_by_scheme"] == {"admin1": 3, "country": 3, "region": 1, "t": 23}
    assert facts["sources"][0]["licence"] == "CC0"
    assert facts["path"] == str(small_file)


def test_the_same_places_give_the_same_bytes_in_any_order(tmp_path: Path) -> None:
    first, second = tmp_path / "a.sqlite", tmp_path / "b.sqlite"
    build(first, RECORDS, meta=META)
    build(second, reversed(RECORDS), meta=dict(reversed(META.items())))
    assert first.read_bytes() == second.read_bytes()
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a.sqlite", "b.sqlite"]


def test_a_second_place_of_one_id_ends_the_build_and_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "g.sqlite"
    build(path, RECORDS[:1], meta=META)
    before = path.read_bytes()
    with pytest.raises(GazetteerError, match="share an id"):
        build(path, [RECORDS[0], SourcePlace(town("t:al-bab", "Other", 0, 0, "SY", None))], meta=META)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["g.sqlite"]


def test_a_build_that_breaks_leaves_nothing(tmp_path: Path) -> None:
    def broken() -> Iterator[SourcePlace]:
        yield RECORDS[0]
        raise RuntimeError("the source ended")

    with pytest.raises(RuntimeError, match="the source ended"):
        build(tmp_path / "g.sqlite", broken(), meta=META)
    assert list(tmp_path.iterdir()) == []


def other_sqlite(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE t (x)")
    connection.commit()
    connection.close()


def with_header(path: Path, small_file: Path, offset: int, value: int) -> None:
    data = bytearray(small_file.read_bytes())
    data[offset : offset + 4] = value.to_bytes(4, "big")
    path.write_bytes(data)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda path, small: None, "there is no gazetteer file"),
        (lambda path, small: path.mkdir(), "cannot be read"),
        (lambda path, small: path.write_bytes(b""), "is empty"),
        (lambda path, small: path.write_text("Aleppo\n" * 100), "no gazetteer file"),
        (lambda path, small: path.write_bytes(b"SQLite format 3\0"), "no gazetteer file"),
        (lambda path, small: other_sqlite(path), "not a conflictmap gazetteer"),
        (lambda path, small: path.write_bytes(small.read_bytes()[:-5000]), "cut off"),
        (lambda path, small: with_header(path, small, 60, 999), "gazetteer format 999"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_with_the_remedy(
    tmp_path: Path, small_file: Path, make: Callable[[Path, Path], object], says: str
) -> None:
    path = tmp_path / "broken.sqlite"
    make(path, small_file)
    with pytest.raises(GazetteerError) as caught:
        Gazetteer.open(path)
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert says in message
    assert "reinstall" in message
    assert "\n" not in message
    assert isinstance(caught.value, (MapperError, OSError))


def test_a_file_without_its_end_mark_is_refused(tmp_path: Path, small_file: Path) -> None:
    path = tmp_path / "g.sqlite"
    shutil.copy(small_file, path)
    connection = sqlite3.connect(path)
    connection.execute("DELETE FROM meta WHERE key = 'complete'")
    connection.commit()
    connection.close()
    with pytest.raises(GazetteerError, match="not written to its end"):
        Gazetteer.open(path)


def test_damage_inside_the_file_is_one_line_when_it_is_met(tmp_path: Path, small_file: Path) -> None:
    path = tmp_path / "g.sqlite"
    data = bytearray(small_file.read_bytes())
    data[4096:] = b"\xff" * (len(data) - 4096)
    path.write_bytes(data)
    with pytest.raises(GazetteerError, match="damaged"), Gazetteer.open(path) as damaged:
        damaged.lookup("Aleppo")


def test_an_open_gazetteer_travels_to_another_process(small: Gazetteer) -> None:
    with pickle.loads(pickle.dumps(small)) as copy:
        assert copy.lookup("Idlib") == small.lookup("Idlib")


def ids_in_worker(path: Path) -> list[str]:
    with Gazetteer.open(path) as opened:
        return ids(opened.lookup("Tripoli"))


def test_a_worker_process_opens_the_same_file(small: Gazetteer, small_file: Path) -> None:
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as pool:
        assert pool.submit(ids_in_worker, small_file).result() == ids(small.lookup("Tripoli"))


def test_the_public_names_are_those_listed() -> None:
    assert sorted(gazetteer.__all__) == gazetteer.__all__ or set(gazetteer.__all__) <= set(dir(gazetteer))
    for name in gazetteer.__all__:
        assert hasattr(gazetteer, name)
