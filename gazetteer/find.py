"""What one name alone may mean: candidates for `Gazetteer.find`, ranked, with reasons.

Hides: the order of the attempts and the weights. A name is tried as written, as a phrase that tells a place from another
one ("40 km north of Aleppo"), without its type word, as several names in one ("Tadmur/Palmyra"), by its consonants, and in
looser forms; the first attempt that finds something where the question looks for it ends the search. A score is the sum of
the constants below, cut to 0..1; each term that counts is a reason. Names inside a text go through `resolve`, which weighs
them together.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from typing import TYPE_CHECKING

from gazetteer.names import (
    TYPE_WORDS,
    alternatives,
    fold_name,
    is_latin,
    looser_forms,
    strip_article,
    strip_type_word,
    type_word_matches,
)
from gazetteer.place import Candidate, LonLat, Place, Reason, great_circle_km
from gazetteer.relations import Relation, computed, district_of, read_relation

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
ONE_OF_SEVERAL = -0.02  # each of "Has/Hassef"
LOOSER_NAME = -0.06
POPULATION = 0.20  # reached at FULL_POPULATION, by decades
FULL_POPULATION = 10_000_000
COUNTRY = 0.16  # more than AREA: Taiwan before its province, Georgia before the state
CAPITAL = 0.14  # unless a division or point is asked for: Washington before the state, Islamabad before Chittagong, once so called
SETTLEMENT = 0.05
AREA = 0.15  # a division or a listed region counts as a town of 3,000, but never against its own seat of that name
LISTED = 0.015  # in the hand-made tables, because news of conflicts names it; less than a main name is above another
TYPE_WORD = 0.18
TYPE_WORD_CLASH = -0.18
ADMIN1 = 0.22  # more than the largest town elsewhere has by its size: who names a division means it
CONTAINER = 0.22  # "Paris, Texas"
NEAR = 0.14
NEAR_KM = 100.0  # distance at which nearness has fallen to 1/e
COMPUTED = -0.05  # a computed point is less than a place

#: Likeness below which a name with the same consonants is taken for another name. Where the question says in which
#: division or near which point to look, a place there may be less alike, and a name in other letters than Latin, which
#: leave out vowels, too. On 941 names of UCDP's Syria, cities500 and the curated table, which lack most of them: 0.80 for
#: all gives 321 right and 137 wrong answers, 0.90 and 0.70 there 322 and 90, 0.90 and 0.80 there 320 and 85, no likeness
#: 309 and 49; on 430 names of other countries 184 and 36, 184 and 23, 184 and 22, 181 and 10. Without a division, and with
#: all villages of the country in the file, 0.80 gives 661 and 184, 0.85 656 and 177, 0.90 648 and 150.
LEAST_SIMILARITY = 0.88
LEAST_SIMILARITY_THERE = 0.77
LEAST_SIMILARITY_OTHER_SCRIPT = 0.70
#: Likeness of the letters (0..100) that a name must have where neither country nor point is given: the world has a place
#: with the consonants of almost any name ("Susyan" is neither Shuozhou nor Choson).
LEAST_LETTERS = 72.0
#: A hit nearer than this to the point of the question lies where it looks.
THERE_KM = 60.0
#: First feature code that a type word asks for -> radius of such a division where the gazetteer has only its seat.
DISTRICT_KM = {"ADM1": 50.0, "ADM2": 20.0, "ADM3": 12.0}
#: How many candidates of each name of a phrase are computed with, and what the distance between two costs, by km.
BASES = 6
STRETCH_COST = 0.001

_KINDS = {
    "main": (MAIN_NAME, "main-name", "“{}” is the main name of {}"),
    "alternate": (ALTERNATE_NAME, "alternate-name", "“{}” is another name of {}"),
    "abbreviation": (ABBREVIATION, "abbreviation", "“{}” is short for {}"),
    "demonym": (DEMONYM, "demonym", "“{}” is said of people or things from {}"),
}
_ALIKE = ("alike-name", "“{}” has the consonants of a name of {}")

#: Weight, code and sentence of a reason, and what the sentence is filled with when the candidate is kept.
_Term = tuple[float, str, str, tuple[object, ...]]
_Division = tuple[str | None, str | None]  # country and admin1 code; None is any


@dataclass(frozen=True, slots=True)
class _Question:
    """What `find` was asked beside the name."""

    country: str | None = None
    admin1: frozenset[_Division] = frozenset()
    container: frozenset[_Division] = frozenset()
    near: LonLat | None = None

    @property
    def looks_somewhere(self) -> bool:
        return bool(self.admin1 or self.container) or self.near is not None

    def allows(self, place: Place) -> bool:
        return self.country is None or place.country in (None, self.country)

    def in_admin1(self, place: Place) -> bool:
        return (place.country, place.admin1) in self.admin1 or (None, place.admin1) in self.admin1

    def in_container(self, place: Place) -> bool:
        return (place.country, place.admin1) in self.container or (place.country, None) in self.container

    def is_there(self, place: Place) -> bool:
        """Whether a place lies in the divisions and near the point of the question, as far as it names any."""
        return (
            (not self.admin1 or self.in_admin1(place))
            and (not self.container or self.in_container(place))
            and (self.near is None or great_circle_km(self.near, place.point) <= THERE_KM)
        )


@dataclass(frozen=True, slots=True)
class _Found:
    """A hit, and how the name was read to find it."""

    hit: NameHit
    type_word: str | None = None
    terms: tuple[_Term, ...] = field(default=())


def rank_hits(
    gazetteer: Gazetteer, name: str, *, country: str | None, admin1: str | None, near: LonLat | None, limit: int
) -> list[Candidate]:
    """The candidates for a name, best first, at most `limit`; of equal ones the larger or better known place first."""
    question = _Question(
        country=country.strip().upper() if country is not None else None,
        admin1=_admin1_codes(gazetteer, admin1) if admin1 is not None else frozenset(),
        near=near,
    )
    return _answer(gazetteer, name, question, limit)


def _answer(gazetteer: Gazetteer, name: str, question: _Question, limit: int) -> list[Candidate]:
    found = _exact(gazetteer, name, question, whole=True)
    if not found:
        relation = read_relation(name)
        if relation is not None and relation.kind == "part" and (twin := _compass_twin(gazetteer, name, question)):
            return _ranked(twin, question, limit)
        if relation is not None and (answers := _computed(gazetteer, relation, name, question, limit)):
            return answers
        if "," in name:
            name, container = _split_container(gazetteer, name)
            question = _Question(question.country, question.admin1, container, question.near)
    return _with_district(name, _ranked(_search(gazetteer, name, question, found), question, limit), limit)


def _with_district(name: str, ranked: list[Candidate], limit: int) -> list[Candidate]:
    """Before a town that answers to the name of a district, the area that it is the seat of: a district is no town."""
    if not ranked or not ranked[0].place.is_settlement:
        return ranked
    _, type_word = strip_type_word(fold_name(name))
    radius_km = DISTRICT_KM.get(TYPE_WORDS.get(type_word or "", ("",))[0])
    if radius_km is None:
        return ranked
    seat = ranked[0]
    place = district_of(seat.place, name, radius_km)
    reason = Reason("computed", f"no {type_word} of this name is known: the area around {seat.place.name}")
    return [Candidate(place=place, score=seat.score, reasons=(reason, *seat.reasons)), *ranked][:limit]


def _search(gazetteer: Gazetteer, name: str, question: _Question, whole: list[_Found]) -> list[_Found]:
    """The hits of the first attempt that succeeds. What lies elsewhere than asked stays, but does not end the search."""
    found: dict[str, _Found] = {}

    def succeeds(more: Iterable[_Found]) -> bool:
        for each in more:
            kept = found.get(each.hit.place.id)
            if kept is None or _weight(each) > _weight(kept):
                found[each.hit.place.id] = each
        return bool(found) and (
            not question.looks_somewhere or any(question.is_there(f.hit.place) for f in found.values())
        )

    if succeeds(whole) and whole[0].type_word is None:
        return whole
    if succeeds(_exact(gazetteer, name, question)):
        return list(found.values())
    several = alternatives(name) if not found else ()
    if several and succeeds(_several(_exact(gazetteer, part, question) for part in several)):
        return list(found.values())
    names = several or (name,)
    alike = (_alike(gazetteer, each, question, only_there=bool(found)) for each in names)
    if succeeds(_several(alike) if several else next(alike)) or found:
        return list(found.values())
    for each in names:
        bare, type_word = strip_type_word(fold_name(each))
        forms = list(looser_forms(bare))
        if (second := strip_type_word(bare))[1] is not None:
            forms.append(second[0])
        for form in forms:
            loose = [*_exact(gazetteer, form, question)] or [*_alike(gazetteer, form, question, only_there=False)]
            if succeeds(_loosened(loose, type_word)):
                return list(found.values())
    return list(found.values())


def _exact(gazetteer: Gazetteer, name: str, question: _Question, *, whole: bool = False) -> list[_Found]:
    """Places of this name, and unless the whole of it is asked for, of the name without its type word."""
    bare, type_word = _without_type_word(name)
    found = [_Found(hit, type_word) for hit in gazetteer.lookup(name) if question.allows(hit.place)]
    if type_word is not None and not whole:
        seen = {f.hit.place.id for f in found}
        hits = gazetteer.lookup(bare)
        found += [_Found(h, type_word) for h in hits if h.place.id not in seen and question.allows(h.place)]
    return found


def _alike(gazetteer: Gazetteer, name: str, question: _Question, *, only_there: bool) -> Iterator[_Found]:
    """Places of the same consonants, alike enough for where they lie."""
    bare, type_word = _without_type_word(name)
    least = LEAST_SIMILARITY if is_latin(name) else LEAST_SIMILARITY_OTHER_SCRIPT
    for hit in gazetteer.skeleton(bare, country=question.country, least=min(least, LEAST_SIMILARITY_THERE)):
        there = question.looks_somewhere and question.is_there(hit.place)
        anywhere = question.country is None and not question.looks_somewhere
        if anywhere and is_latin(name) and not _reads_alike(bare, hit.name):
            continue
        if there or (hit.similarity >= least and not only_there):
            yield _Found(hit, type_word)


def _reads_alike(name: str, other: str) -> bool:
    """Whether two names look alike letter by letter, which is asked where the whole world is searched."""
    from rapidfuzz.fuzz import ratio  # noqa: PLC0415  only names that nothing knows get here

    return bool(ratio(fold_name(name), fold_name(other)) >= LEAST_LETTERS)


def _without_type_word(name: str) -> tuple[str, str | None]:
    """A name without its type word, in its own letters where these are not Latin ones, and that word."""
    bare, type_word = strip_type_word(fold_name(name))
    if type_word is None or is_latin(name):
        return (name if type_word is None else bare), type_word
    words = name.split()
    for n in range(1, len(words)):
        for rest, said in ((words[n:], words[:n]), (words[:-n], words[-n:])):
            if fold_name(" ".join(said)) == type_word:
                return " ".join(rest), type_word
    return bare, type_word


def _compass_twin(gazetteer: Gazetteer, name: str, question: _Question) -> list[_Found]:
    """A place called "North Darfur" where "Northern Darfur" was asked for, and the other way round."""
    bare, type_word = _without_type_word(name)
    for form in looser_forms(bare):
        if form.split()[1:] == bare.split()[1:]:
            return list(_loosened(_exact(gazetteer, form, question), type_word))
    return []


def _several(found: Iterable[Iterable[_Found]]) -> Iterator[_Found]:
    term: _Term = (ONE_OF_SEVERAL, "one-of-several", "the phrase gives several names", ())
    for each in found:
        yield from (_Found(f.hit, f.type_word, (*f.terms, term)) for f in each)


def _loosened(found: Iterable[_Found], type_word: str | None) -> Iterator[_Found]:
    term: _Term = (LOOSER_NAME, "looser-name", "found by a part or another wording of the name", ())
    for each in found:
        yield _Found(each.hit, type_word or each.type_word, (*each.terms, term))


def _weight(found: _Found) -> float:
    return sum(term[0] for term in (*_name_terms(found.hit), *found.terms))


# --- scores ---------------------------------------------------------------------------------------------------------


def _ranked(found: Sequence[_Found], question: _Question, limit: int) -> list[Candidate]:
    towns = [f.hit.place for f in found if f.hit.place.is_settlement]
    scored = []
    for each in found:
        terms = [*_name_terms(each.hit), *each.terms, *_place_terms(each.hit.place, towns)]
        if each.type_word is not None:
            terms.append(_type_word_term(each.type_word, each.hit.place))
        terms += _question_terms(each.hit.place, question)
        scored.append((sum(term[0] for term in terms), each.hit.place, terms))
    scored.sort(key=lambda entry: -entry[0])
    return [
        Candidate(
            place=place,
            score=round(min(1.0, max(0.0, score)), 4),
            reasons=tuple(Reason(code, text.format(*values)) for _, code, text, values in terms),
        )
        for score, place, terms in scored[:limit]
    ]


def _name_terms(hit: NameHit) -> list[_Term]:
    weight, code, text = _KINDS[hit.kind]
    if hit.similarity < 1.0:
        weight, (code, text) = ALIKE_NAME * hit.similarity**3, _ALIKE
    terms: list[_Term] = [(weight, code, text, (hit.name, hit.place.name))]
    if hit.article_dropped:
        terms.append((NAME_WITHOUT_ARTICLE, "without-article", "the names differ by the Arabic article", ()))
    return terms


def _place_terms(place: Place, towns: Sequence[Place]) -> list[_Term]:
    terms: list[_Term] = []
    if place.population:
        share = min(1.0, math.log10(place.population) / math.log10(FULL_POPULATION))
        terms.append((POPULATION * share, "population", "{:,} people", (place.population,)))
    if place.is_country:
        terms.append((COUNTRY, "country", "a country", ()))
    elif place.is_settlement:
        terms.append((SETTLEMENT, "settlement", "a town or village", ()))
    elif not any(_is_seat(town, place) for town in towns):
        terms.append((AREA, "area", "an area or a site, and no town in it has the name", ()))
    if place.id.startswith(("curated:", "region:")):
        terms.append((LISTED, "listed", "in the table of places that conflict news names", ()))
    return terms


def _is_seat(town: Place, area: Place) -> bool:
    """Whether a town of an area's name lies in it; Kyiv lies in the middle of an oblast that it is no part of."""
    if town.country != area.country:
        return False
    return town.admin1 == area.admin1 or great_circle_km(town, area) <= (area.radius_km or 0.0)


def _type_word_term(type_word: str, place: Place) -> _Term:
    values = (type_word, place.feature_code)
    if type_word_matches(type_word, place.feature_code):
        return TYPE_WORD, "type-word", "“{}” asks for this kind of place ({})", values
    return TYPE_WORD_CLASH, "type-word-clash", "“{}” asks for another kind of place than {}", values


def _question_terms(place: Place, question: _Question) -> Iterator[_Term]:
    if place.feature_code == "PPLC" and not question.looks_somewhere:
        yield CAPITAL, "capital", "a capital", ()
    if question.container and question.in_container(place):
        yield CONTAINER, "container", "lies in what stands behind the comma", ()
    if question.admin1 and question.in_admin1(place):
        yield ADMIN1, "admin1", "lies in {}, as asked", (place.admin1_name or place.admin1,)
    if question.near is not None:
        km = great_circle_km(question.near, place.point)
        yield NEAR * math.exp(-km / NEAR_KM), "near", "{:.0f} km from the point given", (km,)


# --- computed places ------------------------------------------------------------------------------------------------


def _computed(
    gazetteer: Gazetteer, relation: Relation, phrase: str, question: _Question, limit: int
) -> list[Candidate]:
    """What a phrase means that tells a place from others; empty where one of these is unknown."""
    if relation.kind == "inside":
        return _inside(gazetteer, relation, phrase, question, limit)
    names = relation.names
    if relation.kind == "part":
        _, type_word = strip_type_word(fold_name(names[0]))
        if type_word is not None and type_word_matches(type_word, "PPL"):
            return []  # "Eastern Ghariyah town" has a twin, Western Ghariyah: a name and no part
    bases = [_answer(gazetteer, name, question, BASES) for name in names]
    if not all(bases):
        return []
    if relation.kind in ("part", "surroundings"):
        bases[0] = _areas_first(bases[0])
    answers: dict[str, Candidate] = {}
    for chosen in product(*bases[:4]):
        place = computed(relation, [candidate.place for candidate in chosen], phrase)
        if place is None:
            continue
        apart = sum(great_circle_km(chosen[0].place.point, other.place.point) for other in chosen[1:])
        score = sum(c.score for c in chosen) / len(chosen) + COMPUTED - STRETCH_COST * apart
        said = ", ".join(c.place.name for c in chosen)
        reason = Reason("computed", f"computed from {said}, known to {place.radius_km:g} km")
        reasons = (reason, *(r for c in chosen for r in c.reasons))
        answers[place.id] = Candidate(place=place, score=round(min(1.0, max(0.0, score)), 4), reasons=reasons)
    return sorted(answers.values(), key=lambda candidate: -candidate.score)[:limit]


def _areas_first(bases: list[Candidate]) -> list[Candidate]:
    """Divisions and regions before towns of the same country: "northern Idlib", "the Idlib countryside" say the former."""
    best = bases[0].place
    areas = [
        replace(c, score=max(c.score, bases[0].score))
        for c in bases
        if not c.place.is_settlement and c.place.radius_km and c.place.country == best.country
    ]
    known = {c.place.id for c in areas}
    return [*areas, *(replace(c, score=max(0.0, c.score + TYPE_WORD_CLASH)) for c in bases if c.place.id not in known)]


def _inside(gazetteer: Gazetteer, relation: Relation, phrase: str, question: _Question, limit: int) -> list[Candidate]:
    """What lies in a place: Qah for "Qah in Idlib", somewhere in Eastern Ghouta for "a highway in Eastern Ghouta"."""
    holders = _answer(gazetteer, relation.names[0], question, BASES)
    divisions = frozenset(
        (c.place.country, None if c.place.is_country else c.place.admin1)
        for c in holders
        if c.place.feature_class == "A"
    )
    inner = _Question(question.country, question.admin1, divisions, question.near)
    known = _answer(gazetteer, relation.head, inner, limit)
    if known and (not divisions or any(inner.in_container(c.place) for c in known)):
        return known
    bare, type_word = strip_type_word(fold_name(relation.head))
    if type_word is None and strip_article(bare) not in _GENERIC and not relation.head[:1].islower():
        return known
    found = []
    for candidate in holders:
        place = computed(relation, [candidate.place], phrase)
        if place is not None:
            reason = Reason("computed", f"somewhere in {candidate.place.name}; “{relation.head}” is not known")
            score = round(max(0.0, candidate.score + COMPUTED), 4)
            found.append(Candidate(place=place, score=score, reasons=(reason, *candidate.reasons)))
    return found[:limit]


#: Common nouns that name no place.
_GENERIC = frozenset({"somewhere", "villages", "towns", "area", "areas", "position", "positions", "site", "house"})


# --- what the question names ----------------------------------------------------------------------------------------


def _split_container(gazetteer: Gazetteer, name: str) -> tuple[str, frozenset[_Division]]:
    """The name before the last comma and the countries and divisions behind it; the whole name where there are none."""
    head, _, tail = name.rpartition(",")
    bare, _ = strip_type_word(fold_name(tail))
    places = [hit.place for hit in (*gazetteer.lookup(tail), *gazetteer.lookup(bare))]
    divisions = frozenset((place.country, place.admin1) for place in places if place.is_country or place.is_admin1)
    return (head, divisions) if divisions and head.strip() else (name, frozenset())


def _admin1_codes(gazetteer: Gazetteer, admin1: str) -> frozenset[_Division]:
    """The divisions that a code or a name may mean."""
    bare, _ = strip_type_word(fold_name(admin1))
    hits = [hit for hit in gazetteer.lookup(admin1) + gazetteer.lookup(bare) if hit.place.is_admin1]
    if not hits:
        alike = gazetteer.skeleton(bare, least=LEAST_SIMILARITY_THERE)
        hits = [hit for hit in alike if hit.place.is_admin1]
    return frozenset({(hit.place.country, hit.place.admin1) for hit in hits} | {(None, admin1.strip().upper())})
