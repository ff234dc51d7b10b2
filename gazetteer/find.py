"""What one name alone may mean: candidates for `Gazetteer.find`, ranked, with reasons.

Hides: the order of the attempts (as written, without the type word, by consonants) and the weights. A score is the sum
of the constants below, cut to 0..1; each term that counts is a reason. Names inside a text go through `resolve`, which
weighs them together.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from gazetteer.names import fold_name, strip_type_word, type_word_matches
from gazetteer.place import Candidate, LonLat, Place, Reason, great_circle_km

if TYPE_CHECKING:
    from gazetteer.store import Gazetteer, NameHit

__all__ = ["rank_hits"]

# Chosen by hand so that what the user says (type word, admin1, near) beats the size of a place, and the size beats how
# the gazetteer happens to spell its main name: Tadmur (51,000 people, alternate "Palmyra") stays beside Palmyra, New
# Jersey (7,000).
MAIN_NAME = 0.40
ALTERNATE_NAME = 0.38
ABBREVIATION = 0.38
DEMONYM = 0.20
ALIKE_NAME = 0.36  # times the cube of the likeness, for names found by their consonants
NAME_WITHOUT_ARTICLE = -0.03
POPULATION = 0.20  # reached at FULL_POPULATION, by decades
FULL_POPULATION = 10_000_000
COUNTRY = 0.12
SETTLEMENT = 0.05
AREA = 0.15  # a division or a listed region counts as a town of 3,000, but never against its own seat of that name
LISTED = 0.03  # in the hand-made tables, because news of conflicts names it
TYPE_WORD = 0.18
TYPE_WORD_CLASH = -0.18
ADMIN1 = 0.12
CONTAINER = 0.20  # "Paris, Texas"
NEAR = 0.10
NEAR_KM = 100.0  # distance at which nearness has fallen to 1/e

#: Likeness below which a name with the same consonants is taken for another name. Of 31,790 pairs of spellings of one
#: Syrian place with one skeleton (Who's On First) 88 % lie above, of such pairs of two places, often namesakes, 42 %.
LEAST_SIMILARITY = 0.70

_KINDS = {
    "main": (MAIN_NAME, "main-name", "is the main name of"),
    "alternate": (ALTERNATE_NAME, "alternate-name", "is another name of"),
    "abbreviation": (ABBREVIATION, "abbreviation", "is short for"),
    "demonym": (DEMONYM, "demonym", "is said of people or things from"),
}


_Term = tuple[float, str, str]  # weight, code and sentence of a reason
_Division = tuple[str | None, str | None]  # country and admin1 code; None is any


def rank_hits(
    gazetteer: Gazetteer, name: str, *, country: str | None, admin1: str | None, near: LonLat | None
) -> list[Candidate]:
    """All candidates for a name, best first; equal scores keep the larger place first."""
    container: set[_Division] = set()
    if "," in name and not gazetteer.lookup(name):
        name, container = _split_container(gazetteer, name)
    bare, type_word = strip_type_word(fold_name(name))
    wanted_country = country.strip().upper() if country is not None else None
    hits = {hit.place.id: hit for hit in gazetteer.lookup(name)}
    if type_word is not None:
        for hit in gazetteer.lookup(bare):
            hits.setdefault(hit.place.id, hit)
    kept = [hit for hit in hits.values() if wanted_country is None or hit.place.country in (None, wanted_country)]
    if not kept:
        alike = gazetteer.skeleton(bare, country=wanted_country)
        kept = [hit for hit in alike if hit.similarity >= LEAST_SIMILARITY]
    wanted_admin1 = _admin1_codes(gazetteer, admin1) if admin1 is not None else set()
    with_seat = {(hit.place.country, hit.place.admin1) for hit in kept if hit.place.is_settlement}
    candidates = []
    for hit in kept:
        terms = [*_name_terms(hit), *_place_terms(hit.place, with_seat)]
        if type_word is not None:
            terms.append(_type_word_term(type_word, hit.place))
        if {(hit.place.country, None), (hit.place.country, hit.place.admin1)} & container:
            terms.append((CONTAINER, "container", "lies in what stands behind the comma"))
        if {(hit.place.country, hit.place.admin1), (None, hit.place.admin1)} & wanted_admin1:
            terms.append((ADMIN1, "admin1", f"lies in {hit.place.admin1_name or hit.place.admin1}, as asked"))
        if near is not None:
            km = great_circle_km(near, hit.place.point)
            terms.append((NEAR * math.exp(-km / NEAR_KM), "near", f"{km:.0f} km from the point given"))
        score = min(1.0, max(0.0, sum(weight for weight, _, _ in terms)))
        reasons = tuple(Reason(code, text) for _, code, text in terms)
        candidates.append(Candidate(place=hit.place, score=round(score, 4), reasons=reasons))
    return sorted(candidates, key=lambda candidate: -candidate.score)


def _name_terms(hit: NameHit) -> list[_Term]:
    weight, code, says = _KINDS[hit.kind]
    if hit.similarity < 1.0:
        weight, code, says = ALIKE_NAME * hit.similarity**3, "alike-name", "has the consonants of a name of"
    terms = [(weight, code, f"“{hit.name}” {says} {hit.place.name}")]
    if hit.article_dropped:
        terms.append((NAME_WITHOUT_ARTICLE, "without-article", "the names differ by the Arabic article"))
    return terms


def _place_terms(place: Place, with_seat: set[_Division]) -> list[_Term]:
    terms: list[_Term] = []
    if place.population:
        share = min(1.0, math.log10(place.population) / math.log10(FULL_POPULATION))
        terms.append((POPULATION * share, "population", f"{place.population:,} people"))
    if place.is_country:
        terms.append((COUNTRY, "country", "a country"))
    elif place.is_settlement:
        terms.append((SETTLEMENT, "settlement", "a town or village"))
    elif (place.country, place.admin1) not in with_seat:
        terms.append((AREA, "area", "an area or a site, and no town in it has the name"))
    if place.id.startswith(("curated:", "region:")):
        terms.append((LISTED, "listed", "in the table of places that conflict news names"))
    return terms


def _type_word_term(type_word: str, place: Place) -> _Term:
    if type_word_matches(type_word, place.feature_code):
        return TYPE_WORD, "type-word", f"“{type_word}” asks for this kind of place ({place.feature_code})"
    return TYPE_WORD_CLASH, "type-word-clash", f"“{type_word}” asks for another kind of place than {place.feature_code}"


def _split_container(gazetteer: Gazetteer, name: str) -> tuple[str, set[_Division]]:
    """The name before the last comma and the countries and divisions behind it; the whole name where there are none."""
    head, _, tail = name.rpartition(",")
    places = [hit.place for hit in gazetteer.lookup(tail)]
    divisions = {(place.country, place.admin1) for place in places if place.is_country or place.is_admin1}
    return (head, divisions) if divisions and head.strip() else (name, set())


def _admin1_codes(gazetteer: Gazetteer, admin1: str) -> set[_Division]:
    """The divisions that a code or a name may mean."""
    bare, _ = strip_type_word(fold_name(admin1))
    hits = [hit for hit in gazetteer.lookup(admin1) + gazetteer.lookup(bare) if hit.place.is_admin1]
    if not hits:
        alike = gazetteer.skeleton(bare)
        hits = [hit for hit in alike if hit.place.is_admin1 and hit.similarity >= LEAST_SIMILARITY]
    return {(hit.place.country, hit.place.admin1) for hit in hits} | {(None, admin1.strip().upper())}
