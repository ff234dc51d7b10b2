"""When two reports tell of one event, and the event that they make.

Hides: the decision and its weights, and how reports are found that may be one. The decision rests on extracted facts (place
and level, interval, type family, sides, numbers, what was hit and who is named), never on headlines. Reports are taken in
the order of publication, and each is compared with the events that earlier ones made: with the sum of what an event's
reports say, not with each of them. So a later report changes no earlier decision, and ten thousand reports of one event
cost no more than ten thousand of as many. Events to compare with come from small blocks: town and day, or a shared figure or
name.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from itertools import product
from math import cos, floor, radians, sin

from gazetteer.place import LonLat, Reason, great_circle_km
from geo.actors import table
from geo.event import Claim, Confidence, Event, Join, Location, Report
from geo.locate import is_inside
from geo.reprints import copies_of, voices
from geo.triggers import rank
from geo.wording import Wording, wording_of

__all__ = ["event_of", "event_order", "evidence_that_one", "merge_reports", "report_order"]

# Weights of evidence that two reports tell of one event; hand-set so that no single fact is enough, that a town and a day
# are unless a fact speaks against it (a town sees two strikes on one day), and then tuned on the learning half of
# `benchmarks/gold/merging_learn.jsonl`.
SAME_DAY = 2.0
NEAR_DAYS = 1.25
DATES_MEET = 0.75
SAME_PLACE = 2.0
SITE_IN_TOWN = 1.0
SAME_AREA = 1.0
SAME_COUNTRY = 0.5
SHARED_ACTOR = 1.0
SECOND_ACTOR = 0.5
SHARED_TARGET = 0.5
SHARED_TOLL = 1.5
SMALL_TOLL = 0.75
SHARED_FIGURE = 1.0
SHARED_NAME = 1.5
SHARED_WORDS = 1.5
SHARED_OBJECT = 0.75
SAME_KIND_OF_AGREEMENT = 0.75
RARE_SUB_TYPE = 1.25
ONCE_A_YEAR = 2.5
ALIKE_SUB_TYPE = -0.25
OTHER_SUB_TYPE = -0.75
OTHER_TYPE = -2.0
TOLL_CLASH = -2.0
TOLL_DIFFERS = -0.75
ACTOR_CLASH = -2.5
OBJECT_CLASH = -1.0
ENOUGH = 3.5
#: A toll of so many is a figure that tells events apart; smaller ones recur.
TELLING_TOLL = 3
#: Tolls further apart than these ratios speak against one event; tolls of one event rise by half and more in the first days.
CLASH_RATIO, DIFFERENT_RATIO = 3.0, 2.0
#: A date as vague as this still tells which one is meant of what a place sees once: "the sarin attack of 2013".
YEAR_DAYS = 366
#: Days of an interval up to which meeting it is `NEAR_DAYS`; up to `VAGUE_DAYS` it is `DATES_MEET`, and beyond it nothing.
NEAR_SPAN, VAGUE_DAYS = 3, 31
#: An interval of at most so many days is blocked by its days, a longer one by its months.
BLOCK_DAYS = 10
#: Two places closer than this are one for reports of the same day.
SAME_PLACE_KM = 5.0
#: A site or a point "near" a town excludes no place closer than this.
NEAR_KM = 15.0
#: The same in degrees of latitude, rounded up: what is further off needs no distance.
NEAR_DEGREES = 0.2
#: The edges of "western Ukraine" are a guess: a part excludes nothing within so many of its radii.
PART_REACH = 2.0
#: Newest events of one block that a report is compared with. Only a made-up day has so many in one town.
MAX_RIVALS = 100
#: Words that more events of one type and side have in common are how papers write, and no named object.
COMMON = 20

#: Event type -> its family. Only reports of one family can be one event: a shelling may be told as an attack on civilians.
_FAMILIES = {
    "Battles": "violence",
    "Explosions/Remote violence": "violence",
    "Violence against civilians": "violence",
    "Riots": "unrest",
    "Protests": "unrest",
    "Strategic developments": "strategic",
}
#: Sub-types that papers take for each other: who holds a town now, what fell on it, what went off, who shot.
_ALIKE = (
    {"Government regains territory", "Non-state actor overtakes territory", "Non-violent transfer of territory"},
    {"Air/drone strike", "Shelling/artillery/missile attack", "Chemical weapon"},
    {"Suicide bomb", "Remote explosive/landmine/IED"},
    {"Attack", "Armed clash"},
    {"Peaceful protest", "Protest with intervention", "Violent demonstration", "Excessive force against protesters"},
)
#: Sides without a name: that both tell of "militants" is no evidence, and "police" beside "Iraqi forces" no clash.
_UNNAMED = frozenset(
    {
        "Border guards", "Civilians", "Coalition", "Government forces", "Jihadists", "Mercenaries", "Militants", "Militia",
        "Police", "Protesters", "Rebels", "Refugees", "Rioters", "Security forces", "Separatists", "Unidentified aircraft",
        "Unidentified armed group", "Vigilantes",
    }
)  # fmt: skip
_UNNAMED_KINDS = (" rebels", "-backed forces", "-backed rebels", "-led forces", " fighters", " police")
#: What a town hardly sees twice in a month: that both tell of it is a fact in common.
_RARE = frozenset({"Chemical weapon"})
#: What a place hardly sees twice in a year, and what papers come back to long afterwards.
_ONCE = _RARE | _ALIKE[0]
_EARTH_KM = 6371.0088
_TRUCE = re.compile(r"truce|cease-?fire|cessation|in ?to (?:effect|force)", re.IGNORECASE)

_Key = tuple[object, ...]


# --- what a report says ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Facts:
    """What a report says, made ready for comparing."""

    report: Report
    family: str
    start: int  # ordinal of the first day that it may tell of; all days where it is undated
    end: int
    first: int | None  # the same; None for undated and for more than VAGUE_DAYS
    last: int | None
    years: tuple[int, ...]  # that it may be of, where the place sees only one such event in a year
    actors: frozenset[str]  # named ones
    targets: frozenset[str]
    tolls: Mapping[str, frozenset[int]]  # killed, wounded -> numbers
    figures: frozenset[str]
    wording: Wording
    is_truce: bool

    @property
    def sides(self) -> frozenset[str]:
        return self.actors | self.targets


@cache
def _states() -> dict[str, str]:
    """The forces, the government and the code of a state -> one name for all: "Russian forces", "RU" -> "Russia"."""
    by_country: dict[str, list[str]] = defaultdict(list)
    for actor in table():
        if actor.kind == "State forces" and actor.country is not None:
            by_country[actor.country].append(actor.name)
    states = {country: min(names, key=lambda n: (len(n), n)) for country, names in by_country.items()}
    return {name: states[country] for country, names in by_country.items() for name in (country, *names)}


def _named(sides: Iterable[str], location: Location | None) -> frozenset[str]:
    """The sides that have a name of their own, all arms of one state under one; "the government" is that of the place."""
    states = _states()
    home = states.get(location.place.country or "") if location is not None else None
    named = {states.get(s, s) for s in sides if s not in _UNNAMED and not s.endswith(_UNNAMED_KINDS)}
    return frozenset(named | ({home} if home is not None and "Government forces" in sides else set()))


def _facts(report: Report) -> _Facts:
    start, end = date.min.toordinal(), date.max.toordinal()
    if report.when is not None:
        start, end = report.when.start.toordinal(), report.when.end.toordinal()
        if report.when.method == "publication_date":  # what is told without a day is often of the day before
            start = max(1, start - 1)
    is_vague = end - start > VAGUE_DAYS
    once = report.sub_event_type in _ONCE and end - start <= YEAR_DAYS
    return _Facts(
        report=report,
        family="violence" if report.sub_event_type in _ALIKE[0] else _FAMILIES[report.event_type],
        start=start,
        end=end,
        first=None if is_vague else start,
        last=None if is_vague else end,
        years=tuple({date.fromordinal(day).year: None for day in (start, end)}) if once else (),
        actors=_named(report.actors, report.location),
        targets=_named(report.targets, report.location),
        tolls={
            kind: frozenset(c.low for c in report.claims if c.kind == kind and c.low is not None)
            for kind in ("killed", "wounded")
        },
        figures=frozenset(f.lower() for f in report.figures),
        wording=wording_of(report),
        is_truce=_is_truce(report),
    )


def _is_truce(report: Report) -> bool:
    """Whether an agreement is a truce; a truce is no memorandum."""
    if report.sub_event_type != "Agreement":
        return False
    quote, start = report.evidence.quote, report.evidence.start
    words = [quote[s.start - start : s.end - start] for s in report.evidence.spans if s.kind == "trigger"]
    return _TRUCE.search(" ".join(words)) is not None


@dataclass(slots=True)
class _Ledger:
    """An event in the making: its reports, and the sum of what they say."""

    reports: list[Report] = field(default_factory=list)
    joins: list[Join] = field(default_factory=list)
    articles: set[str] = field(default_factory=set)
    places: dict[tuple[str, str, float, float], Location] = field(default_factory=dict)
    days: set[tuple[int, int]] = field(default_factory=set)
    latest_start: int = date.min.toordinal()  # of all intervals: a new one meets each of them when it meets these two
    earliest_end: int = date.max.toordinal()
    sub_types: set[str] = field(default_factory=set)
    types: set[str] = field(default_factory=set)
    actors: set[str] = field(default_factory=set)
    targets: set[str] = field(default_factory=set)
    tolls: dict[str, set[int]] = field(default_factory=lambda: {"killed": set(), "wounded": set()})
    figures: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    runs: set[str] = field(default_factory=set)
    objects: set[str] = field(default_factory=set)
    families: set[str] = field(default_factory=set)
    is_truce: bool = False

    @property
    def is_of_a_year(self) -> bool:
        """Whether its reports say the year, or better."""
        return self.earliest_end - self.latest_start <= YEAR_DAYS

    def add(self, facts: _Facts) -> None:
        report = facts.report
        self.reports.append(report)
        self.articles.add(report.article_id)
        if report.location is not None:
            at = report.location
            self.places.setdefault((at.place.id, at.level, at.lon, at.lat), at)
        self.latest_start, self.earliest_end = max(self.latest_start, facts.start), min(self.earliest_end, facts.end)
        if facts.first is not None and facts.last is not None:
            self.days.add((facts.first, facts.last))
        self.sub_types.add(report.sub_event_type)
        self.types.add(report.event_type)
        self.actors |= facts.actors
        self.targets |= facts.targets
        for kind, numbers in facts.tolls.items():
            self.tolls[kind] |= numbers
        self.figures |= facts.figures
        self.names |= facts.wording.names
        self.runs |= facts.wording.runs
        self.objects |= facts.wording.objects
        if report.family is not None:
            self.families.add(report.family)
        self.is_truce = self.is_truce or facts.is_truce


# --- the decision ------------------------------------------------------------------------------------------------------


class _Case:
    """Evidence as it is gathered: a sum and its reasons."""

    __slots__ = ("reasons", "score")

    def __init__(self) -> None:
        self.score = 0.0
        self.reasons: list[Reason] = []

    def add(self, weight: float, code: str, text: str) -> None:
        self.score += weight
        self.reasons.append(Reason(code, f"{text} ({weight:+g})"))


def evidence_that_one(a: Report, b: Report) -> float | None:
    """Weight of the evidence that two reports tell of one event; None when a fact excludes it.

    An unknown date, or a place that contains the other, excludes nothing and proves nothing: such reports need the same
    sub-type, the same named sides, and a figure, a name or set words in common. From `ENOUGH` on they are one event.
    """
    ledger = _Ledger()
    ledger.add(_facts(a))
    case = _weigh(_facts(b), ledger)
    return case.score if case is not None else None


def _weigh(facts: _Facts, ledger: _Ledger) -> _Case | None:
    """The evidence that a report tells of the event that a ledger holds; None when a fact excludes it."""
    report = facts.report
    if report.article_id in ledger.articles or (report.family is not None and report.family in ledger.families):
        return None
    same_sub = report.sub_event_type in ledger.sub_types
    if facts.family == "strategic" and not same_sub:
        return None
    if report.sub_event_type == "Agreement" and facts.is_truce != ledger.is_truce:
        return None
    if not _days_meet(facts, ledger):
        return None
    case = _Case()
    place = _weigh_place(facts, ledger, case)
    if place is None:
        return None
    day = _weigh_day(facts, ledger, case)
    alike = same_sub or any(report.sub_event_type in group and group & ledger.sub_types for group in _ALIKE)
    if not same_sub:
        weight = ALIKE_SUB_TYPE if alike else OTHER_SUB_TYPE if report.event_type in ledger.types else OTHER_TYPE
        case.add(weight, "other-type", f"told as {report.sub_event_type}")
    if report.sub_event_type == "Agreement":
        case.add(SAME_KIND_OF_AGREEMENT, "same-kind", "the same kind of agreement")
    sides = _weigh_sides(facts, ledger, case)
    shared = _weigh_numbers(facts, ledger, case) | _weigh_words(facts, ledger, case)
    if same_sub and report.sub_event_type in _RARE:
        case.add(RARE_SUB_TYPE, "rare-type", report.sub_event_type)
        shared.add("kind")
    if same_sub and place >= SAME_AREA and day <= 0 and facts.years and ledger.is_of_a_year:
        case.add(ONCE_A_YEAR, "once-a-year", f"{report.sub_event_type} there, of the same year")
        return case
    if place <= 0 or day <= 0:  # compatible, but no evidence
        return case if same_sub and sides == "agree" and shared & {"figure", "name"} else None
    if place < SAME_PLACE or day < SAME_DAY:
        return case if alike and (sides != "unknown" or shared) else None
    return case


def _weigh_place(facts: _Facts, ledger: _Ledger, case: _Case) -> float | None:
    """Weight of the places; None when one of them excludes the event. 0 where one is unknown or contains the other."""
    here = facts.report.location
    if here is None or not ledger.places:
        return 0.0
    best, where = 0.0, None
    for there in ledger.places.values():
        weight = _place_evidence(here, there)
        if weight is None:
            return None
        if weight > best:
            best, where = weight, there
    if where is not None:
        case.add(best, "same-place" if best >= SAME_PLACE else "same-area", where.place.name)
    return best


def _place_evidence(a: Location, b: Location) -> float | None:
    if _is_guess(a) or _is_guess(b):
        return 0.0
    if a.place.id == b.place.id and (a.lon, a.lat) == (b.lon, b.lat):
        return SAME_COUNTRY if "country" in (a.level, b.level) else SAME_AREA if a.is_area and b.is_area else SAME_PLACE
    if a.is_area or b.is_area:
        return _area_evidence(a, b)
    if abs(a.lat - b.lat) > NEAR_DEGREES:
        return None
    km = great_circle_km(LonLat(lon=a.lon, lat=a.lat), LonLat(lon=b.lon, lat=b.lat))
    if km <= SAME_PLACE_KM:
        return SITE_IN_TOWN if {a.level, b.level} == {"site", "settlement"} else SAME_PLACE
    return 0.0 if km <= NEAR_KM and {a.level, b.level} & {"site", "near"} else None


def _area_evidence(a: Location, b: Location) -> float | None:
    """Evidence of two places of which at least one is an area: none, where one may contain the other."""
    if is_inside(a, b) or is_inside(b, a):
        return 0.0
    if not (a.is_area and b.is_area) and "part" not in (a.level, b.level):
        return None
    reach = max(PART_REACH * at.radius_km if at.level == "part" else at.radius_km for at in (a, b) if at.is_area)
    km = great_circle_km(LonLat(lon=a.lon, lat=a.lat), LonLat(lon=b.lon, lat=b.lat))
    return 0.0 if km <= reach else None


def _is_guess(location: Location) -> bool:
    """Whether no place was named, and the country that the sentence is about stands in for it."""
    return location.level == "country" and any(reason.code == "country-concerned" for reason in location.reasons)


def _days_meet(facts: _Facts, ledger: _Ledger) -> bool:
    """Whether the dates of a report meet those of all reports of an event; an unknown date meets all."""
    if facts.report.when is None:
        return True
    return facts.start <= ledger.earliest_end and ledger.latest_start <= facts.end


def _weigh_day(facts: _Facts, ledger: _Ledger, case: _Case) -> float:
    """Weight of dates that meet; 0 where one is unknown or vague."""
    when = facts.report.when
    if when is None or facts.first is None or facts.last is None or not ledger.days:
        return 0.0
    spans = [max(facts.last - facts.first, last - first) for first, last in ledger.days]
    span = min(spans)
    weight = SAME_DAY if span == 0 else NEAR_DAYS if span < NEAR_SPAN else DATES_MEET
    days = f"{when.start}" if when.start == when.end else f"{when.start} to {when.end}"
    case.add(weight, "same-day" if span == 0 else "dates-meet", days)
    return weight


def _weigh_sides(facts: _Facts, ledger: _Ledger, case: _Case) -> str:
    """Weight of who acted and suffered: "agree", "some" (one shared, another not), "unknown", "clash"."""
    actors, targets = facts.actors & ledger.actors, facts.targets & ledger.targets
    all_sides = ledger.actors | ledger.targets
    if actors:
        case.add(
            SHARED_ACTOR + SECOND_ACTOR * (len(actors) > 1), "shared-actor", f"both name {', '.join(sorted(actors))}"
        )
    elif facts.actors and ledger.actors and not facts.sides & all_sides:
        case.add(ACTOR_CLASH, "other-actor", f"{', '.join(sorted(facts.actors))} did it here")
        return "clash"
    shared = facts.sides & all_sides
    if targets or (shared and not actors):
        case.add(SHARED_TARGET, "shared-side", f"both name {', '.join(sorted(targets or shared))}")
    if not shared:
        return "unknown"
    return "agree" if len(shared) >= min(2, len(facts.sides), len(all_sides)) else "some"


def _weigh_numbers(facts: _Facts, ledger: _Ledger, case: _Case) -> set[str]:
    """Weight of tolls and other figures; "figure" where one is shared that tells events apart."""
    shared: set[str] = set()
    for kind, share in (("killed", 1.0), ("wounded", 0.5)):
        ours, theirs = facts.tolls[kind], ledger.tolls[kind]
        if not ours or not theirs:
            continue
        if both := ours & theirs:
            most = max(both)
            case.add(share * (SHARED_TOLL if most >= TELLING_TOLL else SMALL_TOLL), "shared-toll", f"{most} {kind}")
            if most >= TELLING_TOLL:
                shared.add("figure")
        elif kind == "killed":
            ratio = min(max(a, b) / max(1, min(a, b)) for a in ours for b in theirs)
            if ratio > DIFFERENT_RATIO:
                weight = TOLL_CLASH if ratio > CLASH_RATIO else TOLL_DIFFERS
                case.add(weight, "other-toll", f"{max(ours)} {kind} here, {max(theirs)} there")
    if figures := facts.figures & ledger.figures:
        case.add(SHARED_FIGURE, "shared-figure", ", ".join(sorted(figures)))
        shared.add("figure")
    return shared


def _weigh_words(facts: _Facts, ledger: _Ledger, case: _Case) -> set[str]:
    """Weight of who and what is named; "name" where a name or set words are shared."""
    shared: set[str] = set()
    if names := facts.wording.names & ledger.names:
        case.add(SHARED_NAME, "shared-name", ", ".join(sorted(names)))
        shared.add("name")
    elif runs := facts.wording.runs & ledger.runs:
        case.add(SHARED_WORDS, "shared-words", f"'{min(runs)}'")
        shared.add("name")
    ours = facts.wording.objects
    if both := ours & ledger.objects:
        case.add(SHARED_OBJECT, "shared-object", ", ".join(sorted(both)))
        shared.add("object")
    elif ours and ledger.objects:
        case.add(
            OBJECT_CLASH, "other-object", f"{', '.join(sorted(ours))} here, {', '.join(sorted(ledger.objects))} there"
        )
    return shared


# --- merging -----------------------------------------------------------------------------------------------------------


def merge_reports(
    reports: Iterable[Report], *, merge: bool = True, event_ids: Mapping[str, str] | None = None
) -> tuple[Event, ...]:
    """Events made of reports, ordered by date, place and id; each lists its reports in the order of publication.

    With `merge=False` each report is an event of its own. The answer does not depend on the order of the reports; a report
    that is given twice (one `report_id`) counts once. An event is called after its first report, and a report that is
    published later changes no event but the one that it joins. `event_ids` are the names of an earlier run (report_id ->
    event_id): an event keeps the one that the first of its reports had, so that a report that comes to light late renames none.
    """
    ordered = list({r.report_id: r for r in sorted(reports, key=report_order, reverse=True)}.values())[::-1]
    one_article = len({report.article_id for report in ordered}) <= 1  # no article tells twice of one event
    ledgers = [_Ledger(reports=[r]) for r in ordered] if one_article or not merge else _ledgers(ordered)
    names = _names_of(ledgers, event_ids or {})
    events = [
        replace(event_of(ledger.reports, joins=ledger.joins), event_id=name)
        for ledger, name in zip(ledgers, names, strict=True)
    ]
    return tuple(sorted(events, key=event_order))


def _ledgers(reports: Sequence[Report]) -> list[_Ledger]:
    """The reports, each put with the event that most speaks for, or with none: one pass in their order."""
    ledgers: list[_Ledger] = []
    blocks: dict[_Key, list[int]] = defaultdict(list)
    for report in reports:
        facts = _facts(report)
        near, common = tuple(_spots(facts, around=1)), tuple(_shared(facts))
        rivals: set[int] = set()
        for key in near:
            if (block := blocks.get(key)) is not None:
                rivals.update(block[-MAX_RIVALS:])
        for key in common:
            if (block := blocks.get(key)) is not None and len(block) <= COMMON:
                rivals.update(block)
        best: tuple[float, int, _Case] | None = None
        for number in sorted(rivals):
            case = _weigh(facts, ledgers[number])
            if case is not None and case.score >= ENOUGH and (best is None or case.score > best[0]):
                best = (case.score, number, case)
        if best is None:
            home = len(ledgers)
            ledgers.append(_Ledger())
        else:
            home = best[1]
            reasons = tuple(sorted(best[2].reasons, key=lambda r: r.code))
            ledgers[home].joins.append(Join(report.report_id, round(best[0], 2), reasons))
        ledgers[home].add(facts)
        for key in _spots(facts):
            block = blocks[key]
            if home not in block[-MAX_RIVALS:]:
                block.append(home)
        for key in common:
            block = blocks[key]
            if len(block) <= COMMON and home not in block:
                block.append(home)
    return ledgers


def _spots(facts: _Facts, *, around: int = 0) -> Iterator[_Key]:
    """The blocks of town and day: the own ones, or with `around=1` also those of neighbouring cells and of vaguer dates."""
    here = _cell(facts.report.location)
    if here is None:
        return
    days = (*_days(facts), *_around(facts)) if around else tuple(_days(facts))
    for year in facts.years:
        yield (facts.report.sub_event_type, *here, "year", year)
    for cell in product(*(range(c - around, c + around + 1) for c in here)):
        for day in days:
            yield (facts.family, *cell, day)


def _shared(facts: _Facts) -> Iterator[_Key]:
    """The blocks of what reports with an unknown date or place must have in common: type, side, and a figure or words.

    One of date and place is known of both; a figure without either would be in every block.
    """
    sub, here = facts.report.sub_event_type, _cell(facts.report.location)
    days = (*_days(facts), *_around(facts))
    for side in sorted(facts.sides):
        for token in _tokens(facts):
            if here is not None:
                yield (sub, side, token, *here)
            for day in days:
                yield (sub, side, token, day)
        for words in (*sorted(facts.wording.names), *sorted(facts.wording.runs)):
            yield (sub, side, words)


def _tokens(facts: _Facts) -> Iterator[object]:
    """The figures that tell events apart."""
    yield from facts.figures
    for kind, numbers in facts.tolls.items():
        for number in numbers:
            if number >= TELLING_TOLL:
                yield (kind, number)


def _cell(location: Location | None) -> tuple[int, int, int] | None:
    """The cube of `SAME_PLACE_KM` that a point lies in: near points lie in one or in neighbouring ones, also at the poles."""
    if location is None:
        return None
    lon, lat, edges = radians(location.lon), radians(location.lat), _EARTH_KM / SAME_PLACE_KM
    return (floor(cos(lat) * cos(lon) * edges), floor(cos(lat) * sin(lon) * edges), floor(sin(lat) * edges))


def _days(facts: _Facts) -> Iterator[object]:
    """The days of a short interval, the months of a longer one."""
    if facts.first is None or facts.last is None:
        return
    if facts.last - facts.first < BLOCK_DAYS:
        yield from range(facts.first, facts.last + 1)
    else:
        yield from _months(facts.first, facts.last)


def _around(facts: _Facts) -> Iterator[object]:
    """What `_days` of the others may be: the months of a short interval, the days of a longer one."""
    if facts.first is None or facts.last is None:
        return
    if facts.last - facts.first < BLOCK_DAYS:
        yield from _months(facts.first, facts.last)
    else:
        yield from range(facts.first, facts.last + 1)


def _months(first: int, last: int) -> Iterator[str]:
    months = dict.fromkeys(
        date.fromordinal(max(1, day)).strftime("%Y-%m") for day in (first, *range(first, last, 27), last)
    )
    yield from months


# --- the event ---------------------------------------------------------------------------------------------------------


def report_order(report: Report) -> tuple[date, str, int, str]:
    """Sorts the reports of an event: by day of publication, article and place in it."""
    return (report.published or date.max, report.article_id, report.evidence.start, report.report_id)


def event_order(event: Event) -> tuple[date, str, str, str]:
    """Sorts events: by date, place, type and id."""
    start = event.when.start if event.when is not None else date.max
    return (
        start,
        event.location.place.name if event.location is not None else "",
        event.sub_event_type,
        event.event_id,
    )


def _names_of(ledgers: Sequence[_Ledger], event_ids: Mapping[str, str]) -> list[str]:
    """What each event is called: as before, else after its first report. No name is given twice.

    Where an event of the earlier run fell apart, the part that holds the report it was called after keeps the name.
    """
    names = [ledger.reports[0].report_id for ledger in ledgers]
    if not event_ids:
        return names
    holders: dict[str, tuple[bool, int]] = {}
    for number, ledger in enumerate(ledgers):
        kept = next((event_ids[r.report_id] for r in ledger.reports if r.report_id in event_ids), None)
        if kept is None:
            continue
        claim = (all(r.report_id != kept for r in ledger.reports), number)
        holders[kept] = min(holders.get(kept, claim), claim)
    taken = set(holders)
    for number, ledger in enumerate(ledgers):
        if names[number] in taken:  # the name lives on elsewhere
            free = (r.report_id for r in ledger.reports if r.report_id not in taken)
            names[number] = next(free, f"{names[number]}-2")
    for name, (_, number) in holders.items():
        names[number] = name
    return names


def event_of(reports: Sequence[Report], *, joins: Iterable[Join] = ()) -> Event:
    """The event that reports make, called after the first; they stand in the order of `report_order`.

    It shows the smallest of their places, the sharpest of their dates, all sides and all claims.
    """
    first = reports[0]
    placed = [r for r in reports if r.location is not None]
    best = min(placed, key=lambda r: (r.location.radius_km if r.location else 0, report_order(r)), default=None)
    when = min(
        (r.when for r in reports if r.when is not None),
        key=lambda w: (w.method == "publication_date", (w.end - w.start).days, w.start, w.basis),
        default=None,
    )
    copies = copies_of(reports) if len(reports) > 1 else {}
    richest = max(reports, key=lambda r: (len(r.claims) + len(r.figures) + len(r.actors), r is first))
    located = best if best is not None else first
    actors = {actor for r in reports for actor in r.actors}
    return Event(
        event_id=first.report_id,
        family_id=first.family or first.report_id,
        sub_event_type=min((r.sub_event_type for r in reports), key=rank),
        summary=richest.summary,
        reports=tuple(reports),
        when=when,
        location=located.location,
        unlocated_reason=located.unlocated_reason,
        actors=tuple(sorted(actors)),
        targets=tuple(sorted({t for r in reports for t in r.targets} - actors)),
        casualties=_claims(reports, copies),
        figures=tuple(dict.fromkeys(f for r in reports for f in r.figures)),
        status=_status(reports),
        prominence="main" if any(r.prominence == "main" for r in reports) else "background",
        confidence=_confidence(reports, copies),
        joins=tuple(replace(join, copy_of=copies.get(join.report_id)) for join in joins),
    )


def _claims(reports: Sequence[Report], copies: Mapping[str, str]) -> tuple[Claim, ...]:
    """What all reports claim, side by side; what a reprint repeats of its original stands once."""
    if len(reports) == 1:
        return tuple(dict.fromkeys(reports[0].claims))
    claims: dict[Claim, None] = {}
    said: dict[str, set[tuple[str, int | None, int | None, str]]] = {}
    for report in reports:
        told = {(c.kind, c.low, c.high, c.words) for c in report.claims}
        copied = said.get(copies.get(report.report_id, ""), set())
        said[report.report_id] = told
        for claim in report.claims:
            if (claim.kind, claim.low, claim.high, claim.words) not in copied:
                claims[replace(claim, whose=claim.whose or report.publisher)] = None
    return tuple(claims)


def _status(reports: Sequence[Report]) -> str:
    statuses = {r.status for r in reports}
    if "contested" in statuses:
        return "contested"
    return "claimed" if statuses == {"claimed"} else "reported"


def _confidence(reports: Sequence[Report], copies: Mapping[str, str]) -> Confidence:
    best = max(reports, key=lambda r: (r.confidence.score, r.report_id)).confidence
    tellers = voices(reports, copies) if len(reports) > 1 else ()
    if len(tellers) < 2:
        return best
    score = round(min(0.99, best.score + 0.05 * (len(tellers) - 1)), 2)
    label = "high" if score >= 0.75 else best.label
    return Confidence(
        label=label,
        score=score,
        reasons=(*best.reasons, Reason("publishers", f"{len(tellers)} publishers report it")),
    )
