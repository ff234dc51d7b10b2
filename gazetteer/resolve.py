"""The mentions of one document -> resolutions, ranked, with reasons.

Hides: which of several places of one name is meant. All mentions of a document are decided together, in two passes: the
first ranks each name by itself (name, kind of place, size, the words around it), the second adds what the other names say
(countries, containing areas, neighbours). Scores are sums of named weights on one scale, so every weight shows up as a
reason. A name that the gazetteer lacks never changes the others. The time grows with the number of names, not with its
square: no step compares all names with all.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Generic, TypeVar

from gazetteer.names import fold_name, soft_form
from gazetteer.place import (
    Candidate,
    Hints,
    LonLat,
    Mention,
    Place,
    Reason,
    Resolution,
    bearing_degrees,
    great_circle_km,
)
from gazetteer.store import Gazetteer, NameHit

__all__ = ["CONFIDENT_MARGIN", "Prior", "confidence_of", "resolve"]

# Weights, on the scale of one decade of population = POPULATION. Chosen by hand on the development articles so that a
# stated fact (type word, containing area, distance) beats what is inferred (countries named, neighbours), and that beats size.
POPULATION = 0.45
DEMONYM = 8.0  # "Kazakh" is of Kazakhstan whatever follows
COUNTRY_NAME = 4.0  # a name of a country means the country unless the words say otherwise
REGION_NAME = 3.4  # waters and regions before villages that are called so
ADMIN1_NAME = 1.3  # and the people of its towns: California is the state, not a town in Maryland
ADMIN2_NAME = 0.0  # a county is named with its kind; beside a town of its name it has more people already
COMPASS = 1.0  # "southern Idlib" is of the governorate
CURATED = 1.2  # somebody wrote the row because conflict news uses the name
MAIN_SPELLING = 1.2  # above half a decade of population: Missouri is the state, not a town also called so
LARGE_TOWN = 0.5  # Geneva is the one in Switzerland
WELL_KNOWN = 100_000  # inhabitants of a town that is known elsewhere
CAPITAL = 2.0  # Moscow beside Washington is not the one in Idaho
TYPE_WORD = 4.0
TYPE_WORD_CLASH = -3.0
CONTAINER = 5.0
CONTAINER_CLASH = -4.0
STATED_DISTANCE = 4.0
FAR_OFF_KM = 50.0  # beyond three times the stated distance and this the text means another place
DISTANCE_CLASH = -6.0  # a place that lies elsewhere is another place of that name
COUNTRY_VOTES = 3.2
STATE_VOTES = 1.8  # likewise for the first-level division
COUNTRY_VOTE, TOWN_VOTE, UNSURE_VOTE = (
    2.0,
    0.7,
    0.15,
)  # what a country, a clear town, an unclear one says of the document
FULL_STATE_VOTE = 1.0
WORLD_VOTE = 0.5  # what the name of a country or a region says against a text about one division
MIN_VOTE = 1e-6  # what is left of a country's votes without one name's own may be a rounding error
FULL_VOTE = 1.4  # from this vote of the leading country on its shares count in full: two clear towns or a country
CONTAINS = 2.0
NEIGHBOUR = 1.6
NEIGHBOUR_KM = 120.0  # distance at which a neighbour's support has fallen to 1/e
NEIGHBOUR_DEGREES = 3.0  # of latitude: farther off the support is below 0.1
IN_CELL = 32  # places of a text in a square of so many degrees among which a neighbour is sought
STATED = 16  # distances from other names that are said of one name
LISTED = 0.8  # members of one list lie in one country and are of one kind
PRIOR_COUNTRY = 4.0
PRIOR_NEAR = 4.0
FUZZY = -1.5
#: Names less alike than this (0..1, mean of two RapidFuzz ratios) are other names.
MIN_SIMILARITY = 0.9
#: Share of the leading country's votes that the country of a place must have before a mere similar spelling means it.
SPELLING_SHARE = 0.5

#: A lead over the best rival elsewhere that makes a choice safe, and one that makes it fair.
CONFIDENT_MARGIN = 2.2
FAIR_MARGIN = 0.6
#: Score at which a single candidate reads as an even chance; turns sums into 0..1.
EVEN_SCORE = 2.0
#: Sum of weights per unit of the logistic curve: keeps strong sums apart after rounding.
SPREAD = 2.0
#: Rivals nearer than this are the same spot for a reader of a country map.
SAME_SPOT_KM = 15.0
#: How many candidates stay with an answer.
KEEP = 6
#: How many reasons are remembered in words: texts of one war give the same ones again and again.
_REMEMBERED = 10_000
#: How many places of one name are weighed; "San Antonio" has hundreds.
WEIGH = 40

#: Type word -> feature codes or classes that it asks for. "A1" stands for a first-level division.
_ASKS: dict[str, tuple[str, ...]] = {
    "province": ("A1",),
    "governorate": ("A1",),
    "region": ("A1", "L", "T"),
    "oblast": ("A1",),
    "state": ("A1",),
    "countryside": ("A1",),
    "district": ("A1", "A", "PPLX", "P"),
    "city": ("P",),
    "town": ("P",),
    "village": ("P",),
    "capital": ("P",),
    "neighbourhood": ("PPLX", "P"),
    "suburb": ("P",),
    "river": ("H",),
    "lake": ("H",),
    "dam": ("DAM", "H"),
    "sea": ("H",),
    "gulf": ("H",),
    "strait": ("H",),
    "canal": ("H",),
    "mountain": ("T",),
    "desert": ("L", "T"),
    "valley": ("T", "L"),
    "plain": ("T", "L"),
    "heights": ("T", "L"),
    "base": ("AIRB", "MILB", "AIRP", "L", "S"),
    "airbase": ("AIRB", "AIRP", "MILB"),
    "airport": ("AIRP", "AIRB", "AIRF"),
    "camp": ("CMPRF", "CMP", "P", "S", "L"),
    "crossing": ("S", "P", "L", "R"),
    "highway": ("R",),
    "road": ("R",),
    "island": ("T", "P"),
    "prison": ("S",),
    "field": ("L", "S"),
}


#: A name as a document says it: its spelling, its type word, whether a part of it is meant.
_Name = tuple[str, str | None, bool]


@dataclass(frozen=True, slots=True)
class Prior:
    """What is known before reading: hints of the user. They rank, they never exclude."""

    countries: frozenset[str] = frozenset()
    near: LonLat | None = None


@dataclass(slots=True)
class _Option:
    """A place that a name may mean. The texts of the reasons are made for the few options that are kept."""

    place: Place
    score: float
    reasons: list[tuple[str, str, tuple[object, ...]]] = field(default_factory=list)  # code, text, what fills it
    is_alike: bool = False  # only spelt like the name that was looked up

    def add(self, weight: float, code: str, text: str, *values: object) -> None:
        self.score += weight
        self.reasons.append((code, text, values))


def resolve(mentions: Sequence[Mention], gazetteer: Gazetteer, *, prior: Prior | None = None) -> list[Resolution]:
    """One resolution for each mention, in the same order.

    Candidates are ranked best first, at most KEEP of them; a name that the gazetteer lacks has none and says so. Scores lie
    in 0..1 and are comparable within one answer only.
    """
    prior = prior or Prior()
    keys = [_key(mention) for mention in mentions]
    groups = _groups(keys)
    options = {key: _options(mentions[group[0]], gazetteer, prior) for key, group in groups.items()}
    home = {index: options[key] for key, group in groups.items() for index in group}
    containing = {mention.hints.container for mention in mentions}
    for key, group in groups.items():
        if not containing.isdisjoint(group):
            _prefer_areas(options[key])
    times = {key: len(group) for key, group in groups.items()}
    votes = _country_votes({key: _votes_of(rivals) for key, rivals in options.items()}, times)
    countries = _CountryNames(gazetteer)
    for key, rivals in options.items():
        _drop_far_spellings(rivals, votes[key])
        _add_votes(rivals, votes[key], countries)
        _rank(rivals)
    states = _state_votes({key: rivals for key, rivals in options.items() if rivals}, times)
    for key, rivals in options.items():
        if rivals:
            _add_state_votes(rivals, states[key])
            _rank(rivals)
    best = [home[i][0].place if home[i] else None for i in range(len(mentions))]
    anchors = _Anchors(p for p in _distinct(best) if not p.is_admin1 and p.feature_class in "PST")
    for key, group in groups.items():
        _add_context(options[key], [mentions[i].hints for i in group], best, anchors)
    candidates = {key: _candidates(rivals) for key, rivals in options.items()}
    return [_resolution(mentions[i], candidates[key]) for i, key in enumerate(keys)]


def _key(mention: Mention) -> _Name:
    """Mentions that mean one place: one name said in one way. A name has one sense in a document."""
    return (mention.sought, mention.hints.type_word, mention.hints.compass is not None)


def _groups(keys: Sequence[_Name]) -> dict[_Name, list[int]]:
    groups: dict[_Name, list[int]] = {}
    for index, key in enumerate(keys):
        groups.setdefault(key, []).append(index)
    return groups


def confidence_of(resolution: Resolution) -> str:
    """`high`, `medium` or `low`: how far the chosen place leads the best rival that lies elsewhere."""
    if resolution.chosen is None:
        return "low"
    lead = _from_share(resolution.chosen.score) - max(
        (
            _from_share(c.score)
            for c in resolution.candidates[1:]
            if great_circle_km(c.place, resolution.chosen.place) > SAME_SPOT_KM
        ),
        default=-math.inf,
    )
    fuzzy = any(reason.code == "similar-spelling" for reason in resolution.chosen.reasons)
    if fuzzy or lead < FAIR_MARGIN or _from_share(resolution.chosen.score) < 0:
        return "low"
    return "high" if lead >= CONFIDENT_MARGIN else "medium"


# Names by themselves ---------------------------------------------------------------------------------------------------


def _options(mention: Mention, gazetteer: Gazetteer, prior: Prior) -> list[_Option]:
    hits = gazetteer.lookup(mention.sought)
    if not hits or mention.hints.type_word == "district":  # "Hall and Barrow counties"
        hits += _with_kind(mention.sought, gazetteer)
    fuzzy = False
    if not hits:
        similar = gazetteer.skeleton(mention.sought, limit=WEIGH, least=MIN_SIMILARITY)
        hits, fuzzy = tuple(hit for hit in similar if hit.similarity >= MIN_SIMILARITY), True
    seen: dict[str, _Option] = {}
    sounding = soft_form(fold_name(mention.sought))
    for hit in _weighed(hits, mention):
        if hit.place.id not in seen:
            seen[hit.place.id] = _option(hit, mention, prior, sounding=sounding, fuzzy=fuzzy)
    found = list(seen.values())
    _settlement_first(found)
    return sorted(found, key=_order)


#: What the gazetteer's names of counties end in where news may leave it out: "the Gwinnett police".
_LEFT_OUT = ("County", "Parish")


def _with_kind(name: str, gazetteer: Gazetteer) -> tuple[NameHit, ...]:
    """The counties of a name that is said without its kind."""
    return tuple([hit for kind in _LEFT_OUT for hit in gazetteer.lookup(f"{name} {kind}") if hit.place.admin2])


def _settlement_first(rivals: Sequence[_Option]) -> None:
    """A division that a town inside it is named like counts no people: "Idlib" alone is the town."""
    towns = {(o.place.country, o.place.admin1) for o in rivals if o.place.is_settlement}
    for option in rivals:
        place = option.place
        if place.feature_code in ("ADM1", "ADM2") and (place.country, place.admin1) in towns:
            option.score -= POPULATION * math.log10((place.population or 0) + 1)


def _weighed(hits: Sequence[NameHit], mention: Mention) -> list[NameHit]:
    exact = [hit for hit in hits if hit.kind != "abbreviation" or hit.name == mention.sought]
    if len(exact) <= WEIGH:
        return exact
    return sorted(
        exact, key=lambda hit: (not hit.place.is_country, not hit.place.is_admin1, -(hit.place.population or 0))
    )[:WEIGH]


def _option(hit: NameHit, mention: Mention, prior: Prior, *, sounding: str, fuzzy: bool) -> _Option:
    """A place by itself. `sounding` is the soft form of the name that was looked up."""
    place = hit.place
    people = place.population or 0
    option = _Option(place=place, score=POPULATION * math.log10(people + 1), is_alike=fuzzy)
    if people:
        whose = "the towns of {} have" if place.feature_code in ("ADM1", "ADM2") else "{} has"
        option.reasons.append(("population", whose + " {:,} inhabitants", (place.name, people)))
    if hit.kind == "demonym":
        option.add(DEMONYM, "demonym", "{} is said of what belongs to {}", mention.text, place.name)
    elif place.is_country:
        option.add(COUNTRY_NAME, "country", "{} is the name of a country", mention.text)
    elif place.is_admin1:
        option.add(ADMIN1_NAME, "first-level", "{} is a first-level division", place.name)
    elif place.feature_code == "ADM2":
        option.add(ADMIN2_NAME, "second-level", "{} is a second-level division", place.name)
    elif place.feature_class != "P":
        option.add(REGION_NAME, "region", "{} is an area, a water or a site that news names", place.name)
    if place.id.startswith(("curated:", "region:")):
        option.add(CURATED, "curated", "{} stands in the table of places of the war", place.name)
    if hit.kind == "main" or soft_form(fold_name(place.name)) == sounding:
        option.add(MAIN_SPELLING, "main-name", "{} is the place's usual name", place.name)
    if people >= WELL_KNOWN and place.is_settlement:
        option.add(LARGE_TOWN, "large-town", "{} is a large town", place.name)
    if place.feature_code == "PPLC":
        option.add(CAPITAL, "capital", "{} is a capital", place.name)
    if fuzzy:
        option.add(FUZZY, "similar-spelling", "{} is spelt like {}", mention.text, hit.name)
    _add_type_word(option, mention)
    if place.country is not None and place.country in prior.countries:
        option.add(PRIOR_COUNTRY, "hint-country", "lies in {}, as the hint says", place.country)
    if prior.near is not None:
        km = great_circle_km(place, prior.near)
        option.add(PRIOR_NEAR * math.exp(-km / 300.0), "hint-near", "lies {:.0f} km from the given point", km)
    return option


def _add_type_word(option: _Option, mention: Mention) -> None:
    word = mention.hints.type_word
    asks = _ASKS.get(word or "")
    place = option.place
    if asks:
        kinds = {place.feature_class, place.feature_code}
        if place.is_admin1:
            kinds.add("A1")
        if kinds & set(asks):
            option.add(TYPE_WORD, "type-word", "the text calls it a {}", word)
        elif not place.is_country:
            option.add(TYPE_WORD_CLASH, "type-word-clash", "the text calls it a {}, which {} is not", word, place.name)
    elif mention.hints.compass not in (None, "central") and place.is_admin1:  # "central Kyiv" is the city
        option.add(COMPASS, "compass", "'{}' asks for an area", mention.hints.compass)


# The document as a whole -----------------------------------------------------------------------------------------------


def _prefer_areas(rivals: list[_Option]) -> None:
    """What contains another place is an area: "London, Ontario"."""
    for option in rivals:
        if option.place.is_admin1 or option.place.is_country:
            option.add(CONTAINS, "contains", "the text puts another place in {}", option.place.name)
    _rank(rivals)


def _votes_of(rivals: Sequence[_Option]) -> dict[str, float]:
    """What one name says of the country that a document is about: countries most, clear towns less, others little."""
    if rivals and rivals[0].place.is_country and rivals[0].place.country:
        return {rivals[0].place.country: COUNTRY_VOTE}
    lead = _lead(rivals) if rivals else 0.0
    if rivals and rivals[0].place.country and lead >= FAIR_MARGIN:
        return {rivals[0].place.country: TOWN_VOTE * min(1.0, lead / CONFIDENT_MARGIN)}
    return dict.fromkeys(sorted({o.place.country for o in rivals[:8] if o.place.country}), UNSURE_VOTE)


_Where = TypeVar("_Where", str, "_State")


class _Votes(Generic[_Where]):
    """For one name, the share of each country or division in what the other names of the document say: 0..1.

    No name votes for itself. A guess about one other name is not what the document is about: below `full` votes for the
    leading one all shares are smaller.
    """

    def __init__(
        self, total: Mapping[_Where, float], own: Mapping[_Where, float], ranked: Sequence[_Where], full: float
    ) -> None:
        self._total: Mapping[_Where, float] = total
        self._own: Mapping[_Where, float] = own
        others = next((where for where in ranked if where not in own), None)
        self._top = max([self.votes(where) for where in own] + ([total[others]] if others is not None else [0.0]))
        self._clear = min(1.0, self._top / full)

    def votes(self, where: _Where) -> float:
        return self._total.get(where, 0.0) - self._own.get(where, 0.0)

    def share(self, votes: float) -> float:
        return self._clear * votes / self._top if self._top > MIN_VOTE else 0.0

    def __getitem__(self, where: _Where) -> float:
        return self.share(self.votes(where))


def _counted(own: Mapping[_Name, Mapping[_Where, float]], *, full: float) -> dict[_Name, _Votes[_Where]]:
    """The votes that all names but one give, for each name, from what each name gives."""
    total: dict[_Where, float] = defaultdict(float)
    for given in own.values():
        for where, vote in given.items():
            total[where] += vote
    ranked = sorted(total, key=lambda where: (-total[where], where))
    return {key: _Votes(total, given, ranked, full) for key, given in own.items()}


def _country_votes(named: Mapping[_Name, Mapping[str, float]], times: Mapping[_Name, int]) -> dict[_Name, _Votes[str]]:
    """For each name, what the other names of the document say of each country."""
    own = {key: {c: vote * math.log2(1 + times[key]) for c, vote in given.items()} for key, given in named.items()}
    return _counted(own, full=FULL_VOTE)


def _lead(rivals: Sequence[_Option]) -> float:
    if len(rivals) < 2:
        return math.inf
    best = rivals[0]
    elsewhere = [o.score for o in rivals[1:] if o.place.country != best.place.country]
    return best.score - max(elsewhere, default=-math.inf)


def _drop_far_spellings(rivals: list[_Option], votes: _Votes[str]) -> None:
    """A name that is only spelt like a place counts where the document is about that place's country."""
    rivals[:] = [o for o in rivals if not o.is_alike or votes[o.place.country or ""] >= SPELLING_SHARE]


class _CountryNames(dict[str, str]):
    """ISO code -> the name of the country."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        super().__init__()
        self._gazetteer = gazetteer

    def __missing__(self, code: str) -> str:
        home = self._gazetteer.country(code)
        name = self[code] = home.name if home is not None else code
        return name


def _add_votes(rivals: Sequence[_Option], votes: _Votes[str], names: _CountryNames) -> None:
    for option in rivals:
        country = option.place.country
        if country is not None and (share := votes[country]) > 0:
            option.add(COUNTRY_VOTES * share, "same-country", "the text speaks of {}", names[country])


_State = tuple[str, str]  # country, admin1


class _StateVotes:
    """For one name, how much the other names of the document speak for a first-level division, or for any of a country."""

    def __init__(self, votes: _Votes[_State], states_of: Mapping[str, Sequence[_State]]) -> None:
        self._votes, self._states_of = votes, states_of

    def of_division(self, place: Place) -> float:
        return self._votes[place.country or "", place.admin1 or ""]

    def of_country(self, country: str | None) -> float:
        states = self._states_of.get(country or "", ())
        return self._votes.share(max(map(self._votes.votes, states))) if states else 0.0


#: Stands for all that lies in no division.
_WORLD: _State = ("", "")


def _state_votes(options: Mapping[_Name, Sequence[_Option]], times: Mapping[_Name, int]) -> dict[_Name, _StateVotes]:
    """For each name, what the other names of the document say of each first-level division.

    A name has one vote, parted among the places that it may mean by how well they fit so far.
    """
    own: dict[_Name, dict[_State, float]] = {}
    states_of: dict[str, list[_State]] = defaultdict(list)
    for key, rivals in options.items():
        best = rivals[0].score
        fits = [(option.place, math.exp(option.score - best)) for option in rivals]
        sum_of_fits = sum(fit for _, fit in fits)
        weight = math.log2(1 + times[key])
        given: dict[_State, float] = defaultdict(float)
        for place, fit in fits:
            if place.country and place.admin1:
                given[place.country, place.admin1] += fit / sum_of_fits * weight
            else:
                given[_WORLD] += WORLD_VOTE * fit / sum_of_fits * weight
        own[key] = given
    for country, admin1 in {state for given in own.values() for state in given}:
        states_of[country].append((country, admin1))
    return {key: _StateVotes(votes, states_of) for key, votes in _counted(own, full=FULL_STATE_VOTE).items()}


def _add_state_votes(rivals: Sequence[_Option], votes: _StateVotes) -> None:
    for option in rivals:
        place = option.place
        if place.is_country:  # a text about a part of it speaks of the country: no place of its name inside gains on it
            option.score += STATE_VOTES * votes.of_country(place.country)
            continue
        share = votes.of_division(place)
        if share > MIN_VOTE:
            name = place.admin1_name or place.admin1
            option.add(STATE_VOTES * share, "same-division", "the text speaks of places in {}", name)


def _add_context(rivals: list[_Option], said: Sequence[Hints], best: Sequence[Place | None], anchors: _Anchors) -> None:
    """Containing areas, stated distances, list mates and neighbours, against the choices made so far.

    `said` are the hints of all mentions of the name: what one of them says holds for all.
    """
    areas = _distinct(best[h.container] for h in said if h.container is not None)
    if any(option.place.is_country for option in rivals):  # "Russia in the US": no country lies in another
        areas = [area for area in areas if not area.is_country]
    mates = _distinct(best[other] for h in said for other in h.listed_with)
    stated = [(best[h.near], h) for h in said if h.near is not None][:STATED]
    own = rivals[0].place.id if rivals else ""
    for option in rivals:
        for area in areas:
            _add_container(option, area)
        for other, hints in stated:
            _add_distance(option, other, hints)
        for mate in mates:
            if mate.country == option.place.country and mate.is_admin1 == option.place.is_admin1:
                option.add(LISTED / len(mates), "listed", "is listed with {}", mate.name)
        _add_neighbour(option, anchors, own)
    _rank(rivals)


def _distinct(places: Iterable[Place | None]) -> list[Place]:
    return list({place.id: place for place in places if place is not None}.values())


def _add_container(option: _Option, area: Place) -> None:
    place = option.place
    if place.id == area.id:
        return
    if place.is_country:  # "Lebanon, Pennsylvania" is not the country
        inside = area.country in (place.country, None)
        if inside:
            return
    elif area.is_country or (area.is_admin1 and not place.is_admin1):
        inside = place.country == area.country and (not area.is_admin1 or place.admin1 == area.admin1)
    elif area.is_settlement:  # a province may be meant by its capital's name
        near = great_circle_km(place, area) <= 2.0 * (area.radius_km or 15.0)
        if not near and (place.country, place.admin1) != (area.country, area.admin1):
            return
        inside = True
    elif area.radius_km is not None:
        inside = great_circle_km(place, area) <= 2.0 * area.radius_km
    else:
        return
    if inside:
        option.add(CONTAINER, "container", "the text puts it in {}", area.name)
    else:
        option.add(CONTAINER_CLASH, "container-clash", "the text puts it in {}, {} is not there", area.name, place.name)


def _add_distance(option: _Option, other: Place | None, hints: Hints) -> None:
    if other is None or other.id == option.place.id:
        return
    km = great_circle_km(option.place, other)
    stated = hints.near_km
    fits = km <= 60.0 if stated is None else abs(km - stated) <= max(10.0, 0.4 * stated)
    if fits and hints.near_bearing is not None and km > 1:
        turn = abs((bearing_degrees(other.point, option.place.point) - hints.near_bearing + 180) % 360 - 180)
        fits = turn <= 60
    if fits:
        option.add(STATED_DISTANCE, "stated-distance", "lies {:.0f} km from {}, as the text says", km, other.name)
    elif stated is not None and km > 3 * stated + FAR_OFF_KM:
        text = "lies {:.0f} km from {}, the text says {:g}"
        option.add(DISTANCE_CLASH, "distance-clash", text, km, other.name, stated)


class _Anchors:
    """The places that a text names so far, by squares of NEIGHBOUR_DEGREES, to find the one nearest to another place."""

    def __init__(self, places: Iterable[Place]) -> None:
        self._rows: dict[int, dict[int, list[Place]]] = {}
        for place in places:
            cell = self._rows.setdefault(_square(place.lat), {}).setdefault(_square(place.lon), [])
            if len(cell) < IN_CELL:
                cell.append(place)

    def nearest(self, here: Place, *, but: str) -> Place | None:
        """The nearest place other than `here` and the one with the id `but`; one that lies farther off may be missed."""
        # a distance for finding the nearest of some places that lie close together; ten times faster than kilometres
        best, least, narrow = None, math.inf, math.cos(math.radians(here.lat))
        wide = NEIGHBOUR_DEGREES / math.cos(math.radians(min(abs(here.lat) + NEIGHBOUR_DEGREES, 85.0)))
        at = _square(here.lat)
        west, east = _square(here.lon - wide), _square(here.lon + wide)
        for row in (at - 1, at, at + 1):
            for column, places in self._rows.get(row, _NOTHING).items():
                if not west <= column <= east:
                    continue
                for place in places:
                    far = (place.lat - here.lat) ** 2 + ((place.lon - here.lon) * narrow) ** 2
                    if far < least and place.id not in (here.id, but):
                        best, least = place, far
        return best


_NOTHING: Mapping[int, list[Place]] = {}


def _square(degrees: float) -> int:
    return math.floor(degrees / NEIGHBOUR_DEGREES)


def _add_neighbour(option: _Option, anchors: _Anchors, own: str) -> None:
    """The support of the nearest place that the text names, other than `own`, what this name means so far."""
    here = option.place
    nearest = anchors.nearest(here, but=own) if not here.is_country else None
    if nearest is None:
        return
    km = great_circle_km(here, nearest)
    support = NEIGHBOUR * math.exp(-km / NEIGHBOUR_KM)
    if support > 0.1:
        option.add(support, "neighbour", "lies {:.0f} km from {}, which the text names too", km, nearest.name)


# Answers ---------------------------------------------------------------------------------------------------------------


def _order(option: _Option) -> tuple[float, int, str]:
    return (-round(option.score, 6), -(option.place.population or 0), option.place.id)


def _rank(rivals: list[_Option]) -> None:
    if len(rivals) > 1:
        rivals.sort(key=_order)


def _to_share(score: float) -> float:
    """A sum of weights as a share of one."""
    return round(1.0 / (1.0 + math.exp((EVEN_SCORE - score) / SPREAD)), 6)


def _from_share(share: float) -> float:
    """Back to the sum, less EVEN_SCORE."""
    share = min(max(share, 1e-6), 1 - 1e-6)
    return SPREAD * math.log(share / (1 - share))


def _candidates(rivals: Sequence[_Option]) -> tuple[Candidate, ...]:
    return tuple(Candidate(o.place, _to_share(o.score), _reasons(o)) for o in rivals[:KEEP])


def _reasons(option: _Option) -> tuple[Reason, ...]:
    return tuple([_reason(*said) for said in option.reasons])


@lru_cache(maxsize=_REMEMBERED)
def _reason(code: str, text: str, values: tuple[object, ...]) -> Reason:
    return Reason(code, text.format(*values))


def _resolution(mention: Mention, candidates: tuple[Candidate, ...]) -> Resolution:
    if not candidates:
        return Resolution(mention=mention, unresolved=f"the gazetteer has no place called {mention.text!r}")
    clash = next((reason for reason in candidates[0].reasons if reason.code == "distance-clash"), None)
    if clash is not None:
        return Resolution(
            mention=mention, candidates=candidates, unresolved=f"the only places of this name: {clash.text}"
        )
    return Resolution(mention=mention, candidates=candidates, chosen=candidates[0])
