from __future__ import annotations

import pickle
from collections.abc import Iterator
from dataclasses import FrozenInstanceError, replace
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rapidfuzz.fuzz import ratio
from small_gazetteer import META, RECORDS, town

from gazetteer import Gazetteer, Place, SourcePlace, build, fold_name
from gazetteer.names import skeleton_key, soft_form

#: Spellings of one skeleton, more than `skeleton` reads at once.
VOWELS = ("a", "e", "i", "o", "u", "ia", "ua", "")
ALIKE = ["".join(("b", w, "l", x, "m", y, "r", z)) for w, x, y, z in product(VOWELS, repeat=4)][:2500]


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gazetteer]:
    """A gazetteer of thousands of names with one skeleton, and of six hundred places with one name in two countries."""
    records = [SourcePlace(town(f"c:{n}", name, 10, 10, "FR", None)) for n, name in enumerate(ALIKE)]
    for n in range(600):  # the larger, the higher its number
        place = town(f"s:{n:03}", "Santiago", 10, 10, "ES" if n % 2 else "CL", None, 1000 + n)
        records.append(SourcePlace(place, alternates=(f"Sontogo {n}",)))
    path = tmp_path_factory.mktemp("crowd") / "g.sqlite"
    build(path, records, meta=META)
    with Gazetteer.open(path) as opened:
        yield opened


def likeness(name: str, other: str) -> float:
    """As `skeleton` says it: of the soft forms, and for a tenth of the folded ones."""
    wanted, folded = fold_name(name), fold_name(other)
    return round((0.9 * ratio(soft_form(wanted), soft_form(folded)) + 0.1 * ratio(wanted, folded)) / 100.0, 4)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from([name for r in RECORDS for name in (r.place.name, *r.alternates)])
    | st.text("ahbtlmrdsyz ", max_size=9),
    least=st.sampled_from([0.0, 0.5, 0.77, 0.9, 1.0]),
    country=st.sampled_from([None, "SY", "LB"]),
)
def test_what_is_alike_is_what_the_likeness_of_all_names_says(
    small: Gazetteer, name: str, least: float, country: str | None
) -> None:
    key = skeleton_key(fold_name(name))
    expected: dict[str, float] = {}
    for record in RECORDS:
        if country in (None, record.place.country):
            for other in (record.place.name, *record.alternates):
                if key and skeleton_key(fold_name(other)) == key and (like := likeness(name, other)) >= least:
                    expected[record.place.id] = max(like, expected.get(record.place.id, 0.0))
    if name.isascii():
        hits = small.skeleton(name, country=country, least=least)
        assert {hit.place.id: hit.similarity for hit in hits} == expected
        assert [hit.similarity for hit in hits] == sorted(expected.values(), reverse=True)


def test_in_a_crowd_of_one_skeleton_the_same_name_is_found_wherever_it_stands(crowd: Gazetteer) -> None:
    assert len({skeleton_key(name) for name in ALIKE}) == 1
    for name in ALIKE[::97]:
        hits = crowd.skeleton(name)
        assert likeness(name, hits[0].name) == hits[0].similarity == 1.0
        assert len(hits) == 50
        assert len({hit.place.id for hit in hits}) == 50


def test_a_name_of_many_places_brings_them_all_the_largest_first(crowd: Gazetteer) -> None:
    hits = crowd.skeleton("Sentiego", limit=1000)
    assert [hit.place.id for hit in hits] == [f"s:{n:03}" for n in range(599, -1, -1)]
    assert {(hit.name, hit.kind) for hit in hits} == {("Santiago", "main")}
    assert crowd.skeleton("Sentiego") == hits[:50]


def test_a_country_is_searched_to_its_end(crowd: Gazetteer) -> None:
    hits = crowd.skeleton("Sentiego", country="ES", limit=1000)
    assert [hit.place.id for hit in hits] == [f"s:{n:03}" for n in range(599, 0, -2)]
    assert crowd.skeleton("Sentiego", country="ES", limit=9) == hits[:9]
    assert crowd.skeleton("Sentiego", country="FR") == ()


def test_a_place_of_the_file_is_a_place_like_any_other(small: Gazetteer) -> None:
    place = small.lookup("al-Bab")[0].place
    assert type(place) is Place
    assert place == RECORDS[0].place
    assert hash(place) == hash(RECORDS[0].place)
    assert repr(place) == repr(RECORDS[0].place)
    assert pickle.loads(pickle.dumps(place)) == place
    assert replace(place, name="Bab").name == "Bab"
    with pytest.raises(FrozenInstanceError):
        place.name = "Bab"  # type: ignore[misc]
