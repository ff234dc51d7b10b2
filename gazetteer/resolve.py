"""The mentions of one document -> resolutions, ranked, with reasons.

Hides: which of several places of one name is meant. All mentions of a document are decided together, in two passes: the
first ranks each name by itself (name, kind of place, size, the words around it), the second adds what the other names say
(countries, containing areas, neighbours). Scores are sums of named weights on one scale, so every weight shows up as a
reason. A name that the gazetteer lacks never changes the others.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

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
MIN_VOTE = 1e-6  # what is left of a country's votes without one name's own may be a rounding error
FULL_VOTE = 1.4  # from this vote of the leading country on its shares count in full: two clear towns or a country
CONTAINS = 2.0
NEIGHBOUR = 1.6
NEIGHBOUR_KM = 120.0  # distance at which a neighbour's support has fallen to 1/e
NEIGHBOUR_DEGREES = 3.0  # of latitude: farther off the support is below 0.1
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
    place: Place
    score: float
    reasons: list[Reason] = field(default_factory=list)

    def add(self, weight: float, code: str, text: str) -> None:
        self.score += weight
        self.reasons.append(Reason(code=code, text=text))


def resolve(mentions: Sequence[Mention], gazetteer: Gazetteer, *, prior: Prior | None = None) -> list[Resolution]:
    """One resolution for each mention, in the same order.

    Candidates are ranked best first, at most KEEP of them; a name that the gazetteer lacks has none and says so. Scores lie
    in 0..1 and are comparable within one answer only.
    """
    prior = prior or Prior()
    groups = _groups(mentions)
    options = {key: _options(mentions[group[0]], gazetteer, prior) for key, group in groups.items()}
    home = {index: options[key] for key, group in groups.items() for index in group}
    containing = {mention.hints.container for mention in mentions}
    for key, group in groups.items():
        if containing & set(group):
            _prefer_areas(options[key])
    named = {key: _votes_of(options[key]) for key in groups}
    times = Counter(_key(mention) for mention in mentions)
    votes = _country_votes(named, times)
    for key, rivals in options.items():
        _drop_far_spellings(rivals, votes[key])
        _add_votes(rivals, votes[key], gazetteer)
        _rank(rivals)
    states = _state_votes({key: rivals for key, rivals in options.items() if rivals}, times)
    for key, rivals in options.items():
        _add_state_votes(rivals, states.get(key, {}))
        _rank(rivals)
    best = [home[i][0].place if home[i] else None for i in range(len(mentions))]
    for key, group in groups.items():
        _add_context(options[key], [mentions[i].hints for i in group], best)
    candidates = {key: _candidates(rivals) for key, rivals in options.items()}
    return [_resolution(mention, candidates[_key(mention)]) for mention in mentions]


def _key(mention: Mention) -> _Name:
    """Mentions that mean one place: one name said in one way. A name has one sense in a document."""
    return (mention.sought, mention.hints.type_word, mention.hints.compass is not None)


def _groups(mentions: Sequence[Mention]) -> dict[_Name, list[int]]:
    groups: dict[_Name, list[int]] = {}
    for index, mention in enumerate(mentions):
        groups.setdefault(_key(mention), []).append(index)
    return groups


def confidence_of(resolution: Resolution) -> str:
    """`high`, `medium` or `low`: how far the chosen place leads the best rival that lies elsewhere."""
    if resolution.chosen is None:
        return "low"
    lead = _from_share(resolution.chosen.score) - max(
        (
            _from_share(c.score)
            for c in resolution.candidates[1:]
            if great_circle_km(c.place.point, resolution.chosen.place.point) > SAME_SPOT_KM
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
    fuzzy = False
    if not hits:
        similar = gazetteer.skeleton(mention.sought, limit=WEIGH)
        hits, fuzzy = tuple(hit for hit in similar if hit.similarity >= MIN_SIMILARITY), True
    seen: dict[str, _Option] = {}
    for hit in _weighed(hits, mention):
        if hit.place.id not in seen:
            seen[hit.place.id] = _option(hit, mention, prior, fuzzy=fuzzy)
    found = list(seen.values())
    _settlement_first(found)
    return sorted(found, key=_order)


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


def _option(hit: NameHit, mention: Mention, prior: Prior, *, fuzzy: bool) -> _Option:
    place = hit.place
    option = _Option(place=place, score=0.0)
    people = place.population or 0
    option.score += POPULATION * math.log10(people + 1)
    if people:
        whose = f"the towns of {place.name} have" if place.feature_code in ("ADM1", "ADM2") else f"{place.name} has"
        option.reasons.append(Reason("population", f"{whose} {people:,} inhabitants"))
    if hit.kind == "demonym":
        option.add(DEMONYM, "demonym", f"{mention.text} is said of what belongs to {place.name}")
    elif place.is_country:
        option.add(COUNTRY_NAME, "country", f"{mention.text} is the name of a country")
    elif place.is_admin1:
        option.add(ADMIN1_NAME, "first-level", f"{place.name} is a first-level division")
    elif place.feature_code == "ADM2":
        option.add(ADMIN2_NAME, "second-level", f"{place.name} is a second-level division")
    elif place.feature_class != "P":
        option.add(REGION_NAME, "region", f"{place.name} is an area, a water or a site that news names")
    if place.id.startswith(("curated:", "region:")):
        option.add(CURATED, "curated", f"{place.name} stands in the table of places of the war")
    if hit.kind == "main" or soft_form(fold_name(place.name)) == soft_form(fold_name(mention.sought)):
        option.add(MAIN_SPELLING, "main-name", f"{place.name} is the place's usual name")
    if place.feature_code == "PPLC":
        option.add(CAPITAL, "capital", f"{place.name} is a capital")
    if fuzzy:
        option.add(FUZZY, "similar-spelling", f"{mention.text} is spelt like {hit.name}")
    _add_type_word(option, mention)
    if place.country is not None and place.country in prior.countries:
        option.add(PRIOR_COUNTRY, "hint-country", f"lies in {place.country}, as the hint says")
    if prior.near is not None:
        km = great_circle_km(place.point, prior.near)
        option.add(PRIOR_NEAR * math.exp(-km / 300.0), "hint-near", f"lies {km:.0f} km from the given point")
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
            option.add(TYPE_WORD, "type-word", f"the text calls it a {word}")
        elif not place.is_country:
            option.add(TYPE_WORD_CLASH, "type-word-clash", f"the text calls it a {word}, which {place.name} is not")
    elif mention.hints.compass and place.is_admin1:
        option.add(COMPASS, "compass", f"'{mention.hints.compass}' asks for an area")


# The document as a whole -----------------------------------------------------------------------------------------------


def _prefer_areas(rivals: list[_Option]) -> None:
    """What contains another place is an area: "London, Ontario"."""
    for option in rivals:
        if option.place.is_admin1 or option.place.is_country:
            option.add(CONTAINS, "contains", f"the text puts another place in {option.place.name}")
    _rank(rivals)


def _votes_of(rivals: Sequence[_Option]) -> dict[str, float]:
    """What one name says of the country that a document is about: countries most, clear towns less, others little."""
    if rivals and rivals[0].place.is_country and rivals[0].place.country:
        return {rivals[0].place.country: COUNTRY_VOTE}
    lead = _lead(rivals) if rivals else 0.0
    if rivals and rivals[0].place.country and lead >= FAIR_MARGIN:
        return {rivals[0].place.country: TOWN_VOTE * min(1.0, lead / CONFIDENT_MARGIN)}
    return dict.fromkeys(sorted({o.place.country for o in rivals[:8] if o.place.country}), UNSURE_VOTE)


def _country_votes(
    named: Mapping[_Name, Mapping[str, float]], times: Mapping[_Name, int]
) -> dict[_Name, dict[str, float]]:
    """For each name, the share of each country in what the other names of the document say; no name votes for itself."""
    total: dict[str, float] = defaultdict(float)
    own = {key: {c: vote * math.log2(1 + times[key]) for c, vote in given.items()} for key, given in named.items()}
    for given in own.values():
        for country, vote in given.items():
            total[country] += vote
    shares = {}
    for key, given in own.items():
        votes = {country: vote - given.get(country, 0.0) for country, vote in total.items()}
        top = max(votes.values(), default=0.0)
        clear = min(1.0, top / FULL_VOTE)  # a guess about one other name is not what the document is about
        shares[key] = {country: clear * vote / top for country, vote in votes.items()} if top > MIN_VOTE else {}
    return shares


def _lead(rivals: Sequence[_Option]) -> float:
    if len(rivals) < 2:
        return math.inf
    best = rivals[0]
    elsewhere = [o.score for o in rivals[1:] if o.place.country != best.place.country]
    return best.score - max(elsewhere, default=-math.inf)


def _drop_far_spellings(rivals: list[_Option], votes: dict[str, float]) -> None:
    """A name that is only spelt like a place counts where the document is about that place's country."""
    rivals[:] = [
        option
        for option in rivals
        if not any(reason.code == "similar-spelling" for reason in option.reasons)
        or votes.get(option.place.country or "", 0.0) >= SPELLING_SHARE
    ]


def _add_votes(rivals: list[_Option], votes: dict[str, float], gazetteer: Gazetteer) -> None:
    for option in rivals:
        country = option.place.country
        if country is None:
            continue
        share = votes.get(country, 0.0)
        if share > 0:
            home = gazetteer.country(country)
            name = home.name if home is not None else country
            option.add(COUNTRY_VOTES * share, "same-country", f"the text speaks of {name}")


_State = tuple[str, str]  # country, admin1


def _state_votes(
    options: Mapping[_Name, Sequence[_Option]], times: Mapping[_Name, int]
) -> dict[_Name, dict[_State, float]]:
    """For each name, how much the other names of the document speak for each first-level division: 0..1.

    A name has one vote, parted among the places that it may mean by how well they fit so far.
    """
    own: dict[_Name, dict[_State, float]] = {}
    total: dict[_State, float] = defaultdict(float)
    for key, rivals in options.items():
        best = rivals[0].score
        fits = [(option.place, math.exp(option.score - best)) for option in rivals]
        sum_of_fits = sum(fit for _, fit in fits)
        given: dict[_State, float] = defaultdict(float)
        for place, fit in fits:
            if place.country and place.admin1:
                given[place.country, place.admin1] += fit / sum_of_fits * math.log2(1 + times[key])
        own[key] = given
        for state, vote in given.items():
            total[state] += vote
    shares = {}
    for key, given in own.items():
        votes = {state: vote - given.get(state, 0.0) for state, vote in total.items()}
        top = max(votes.values(), default=0.0)
        clear = min(1.0, top / FULL_STATE_VOTE)
        shares[key] = {state: clear * vote / top for state, vote in votes.items()} if top > MIN_VOTE else {}
    return shares


def _add_state_votes(rivals: list[_Option], votes: Mapping[_State, float]) -> None:
    for option in rivals:
        place = option.place
        if place.is_country:  # a text about a part of it speaks of the country: no place of its name inside gains on it
            share = max((vote for (country, _), vote in votes.items() if country == place.country), default=0.0)
            option.score += STATE_VOTES * share
            continue
        share = votes.get((place.country or "", place.admin1 or ""), 0.0)
        if share > MIN_VOTE:
            name = place.admin1_name or place.admin1
            option.add(STATE_VOTES * share, "same-division", f"the text speaks of places in {name}")


def _add_context(rivals: list[_Option], said: Sequence[Hints], best: Sequence[Place | None]) -> None:
    """Containing areas, stated distances, list mates and neighbours, against the choices made so far.

    `said` are the hints of all mentions of the name: what one of them says holds for all.
    """
    areas = _distinct(best[h.container] for h in said if h.container is not None)
    mates = _distinct(best[other] for h in said for other in h.listed_with)
    own = {rivals[0].place.id} if rivals else set()
    anchors = [p for p in _distinct(best) if not p.is_admin1 and p.feature_class in "PST" and p.id not in own]
    for option in rivals:
        for area in areas:
            _add_container(option, area)
        for hints in said:
            if hints.near is not None:
                _add_distance(option, best[hints.near], hints)
        for mate in mates:
            if mate.country == option.place.country and mate.is_admin1 == option.place.is_admin1:
                option.add(LISTED / len(mates), "listed", f"is listed with {mate.name}")
        _add_neighbours(option, anchors)
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
        near = great_circle_km(place.point, area.point) <= 2.0 * (area.radius_km or 15.0)
        if not near and (place.country, place.admin1) != (area.country, area.admin1):
            return
        inside = True
    elif area.radius_km is not None:
        inside = great_circle_km(place.point, area.point) <= 2.0 * area.radius_km
    else:
        return
    if inside:
        option.add(CONTAINER, "container", f"the text puts it in {area.name}")
    else:
        option.add(CONTAINER_CLASH, "container-clash", f"the text puts it in {area.name}, {place.name} is not there")


def _add_distance(option: _Option, other: Place | None, hints: Hints) -> None:
    if other is None or other.id == option.place.id:
        return
    km = great_circle_km(option.place.point, other.point)
    stated = hints.near_km
    fits = km <= 60.0 if stated is None else abs(km - stated) <= max(10.0, 0.4 * stated)
    if fits and hints.near_bearing is not None and km > 1:
        turn = abs((bearing_degrees(other.point, option.place.point) - hints.near_bearing + 180) % 360 - 180)
        fits = turn <= 60
    if fits:
        option.add(STATED_DISTANCE, "stated-distance", f"lies {km:.0f} km from {other.name}, as the text says")
    elif stated is not None and km > 3 * stated + FAR_OFF_KM:
        option.add(DISTANCE_CLASH, "distance-clash", f"lies {km:.0f} km from {other.name}, the text says {stated:g}")


def _add_neighbours(option: _Option, anchors: Sequence[Place]) -> None:
    if option.place.is_country:
        return
    here = option.place
    others = [a for a in anchors if abs(a.lat - here.lat) < NEIGHBOUR_DEGREES and a.id != here.id]
    if not others:
        return
    nearest = min(others, key=lambda a: _squared_degrees(a, here))
    km = great_circle_km(here.point, nearest.point)
    support = NEIGHBOUR * math.exp(-km / NEIGHBOUR_KM)
    if support > 0.1:
        option.add(support, "neighbour", f"lies {km:.0f} km from {nearest.name}, which the text names too")


def _squared_degrees(a: Place, b: Place) -> float:
    """A distance for finding the nearest of some places that lie close together; ten times faster than kilometres."""
    width = (a.lon - b.lon) * math.cos(math.radians(b.lat))
    return (a.lat - b.lat) ** 2 + width * width


# Answers ---------------------------------------------------------------------------------------------------------------


def _order(option: _Option) -> tuple[float, int, str]:
    return (-round(option.score, 6), -(option.place.population or 0), option.place.id)


def _rank(rivals: list[_Option]) -> None:
    rivals.sort(key=_order)


def _to_share(score: float) -> float:
    """A sum of weights as a share of one."""
    return round(1.0 / (1.0 + math.exp((EVEN_SCORE - score) / SPREAD)), 6)


def _from_share(share: float) -> float:
    """Back to the sum, less EVEN_SCORE."""
    share = min(max(share, 1e-6), 1 - 1e-6)
    return SPREAD * math.log(share / (1 - share))


def _candidates(rivals: Sequence[_Option]) -> tuple[Candidate, ...]:
    return tuple(Candidate(place=o.place, score=_to_share(o.score), reasons=tuple(o.reasons)) for o in rivals[:KEEP])


def _resolution(mention: Mention, candidates: tuple[Candidate, ...]) -> Resolution:
    if not candidates:
        return Resolution(mention=mention, unresolved=f"the gazetteer has no place called {mention.text!r}")
    clash = next((reason for reason in candidates[0].reasons if reason.code == "distance-clash"), None)
    if clash is not None:
        return Resolution(
            mention=mention, candidates=candidates, unresolved=f"the only places of this name: {clash.text}"
        )
    return Resolution(mention=mention, candidates=candidates, chosen=candidates[0])
