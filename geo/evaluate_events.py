"""How well events were read: labelled documents and predictions -> pairs -> measures and a list of errors.

Hides: when a predicted event may be a labelled one, which pairing is best, and what each measure counts; `docs/evaluate.md`
says what each means. Nothing here opens a file.
"""

from __future__ import annotations

import calendar
import math
import re
import statistics
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from gazetteer import Gazetteer, LonLat, great_circle_km
from gazetteer.errors import InputError
from geo.articles import Skipped
from geo.evaluate import MAX_KM, read_id, read_point, read_record, shown

__all__ = [
    "TOWN_KM",
    "TOWN_LEVEL",
    "EventDocument",
    "EventLabel",
    "JudgedEvents",
    "country_keys",
    "distance_km",
    "events_of_rows",
    "judge_events",
    "measure_events",
    "read_event_documents",
    "same_type",
]

#: A predicted event may be a labelled one when it lies within this distance of it, or within the label's own radius, and
#: their days are no further apart than this.
EVENT_KM, EVENT_DAYS = 50.0, 3
#: A labelled event over more days than this is vague, as is one without a date, or known to its country only: a prediction
#: must then be of the same type, or a background campaign would take up any false event.
VAGUE_DAYS = 31
#: What makes one pairing better than another: as many pairs as possible come first, then core events, then these.
PAIR, CORE, SAME_TYPE, SAME_SUB_TYPE, SAME_TOLL = 1_000_000, 20_000, 4_000, 2_500, 1_500
NEARNESS, HALF_KM = 1_500, 25.0  # full at the spot, half at HALF_KM
SAME_DAYS, HALF_DAYS = 2_000, 3.0
#: Labels that say where in a town an event was; the others are areas, and a distance to their point says little.
TOWN_LEVEL = ("exact", "town", "district")
#: A place of that level is right within this distance.
TOWN_KM = 5.0
#: Location level -> the precision that labels have.
PRECISIONS = {
    "site": "exact", "settlement": "town", "near": "town", "adm3": "district", "adm2": "district", "adm1": "province",
    "part": "province", "country": "country",
}  # fmt: skip
#: Words for a prediction that knows the country alone.
_COUNTRY_ONLY = frozenset({"country", "adm", "admin", "nation"})
TOLLS = ("fatalities", "injured")
_DAY = re.compile(r"\s*(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?")


@dataclass(frozen=True, slots=True)
class EventLabel:
    """An event, as a person labelled it or as it was predicted. What only labels have stands last."""

    types: tuple[tuple[str, str], ...]  # (type, sub-type): the usual one, then others that are right too
    start: date | None
    end: date | None
    points: tuple[tuple[LonLat, float], ...]  # the place and others that are right too, each with its radius in km
    country: str | None
    precision: str | None
    tolls: Mapping[str, tuple[int | None, ...]]  # of TOLLS: the usual number or None, then others that are right too
    place: str | None = None
    id: str = ""
    is_core: bool = False
    is_day: bool = False  # the label gives the day itself


@dataclass(frozen=True, slots=True)
class EventDocument:
    """The events of one document."""

    id: str
    events: tuple[EventLabel, ...]


@dataclass(frozen=True, slots=True)
class JudgedEvents:
    """One document with its pairs, what was missed, and what was predicted beside."""

    document: EventDocument
    pairs: tuple[tuple[EventLabel, EventLabel], ...]  # label, prediction
    missed: tuple[EventLabel, ...]
    false: tuple[EventLabel, ...]
    duplicates: tuple[EventLabel, ...]  # would fit a label that another prediction took
    is_predicted: bool  # the predictions have this document

    @property
    def n_predicted(self) -> int:
        return len(self.pairs) + len(self.false) + len(self.duplicates)


def judge_events(
    document: EventDocument, predictions: Sequence[EventLabel] | None, *, country_key: Callable[[str], str] = str.lower
) -> JudgedEvents:
    """Pair the labelled events of a document with the predicted ones, one to one, so that the pairs are best in sum.

    `country_key` gives one key for all names and codes of a country. Predictions None: the document was not read.
    """
    predicted = list(predictions or ())
    weights = [[_weight(gold, one, country_key) for one in predicted] for gold in document.events]
    pairs = _best_pairs(weights)
    taken = {j for _, j in pairs}
    found = {i for i, _ in pairs}
    free = [j for j in range(len(predicted)) if j not in taken]
    fitting = {j for j in free if any(row[j] is not None for row in weights)}
    return JudgedEvents(
        document=document,
        pairs=tuple((document.events[i], predicted[j]) for i, j in pairs),
        missed=tuple(gold for i, gold in enumerate(document.events) if i not in found),
        false=tuple(predicted[j] for j in free if j not in fitting),
        duplicates=tuple(predicted[j] for j in free if j in fitting),
        is_predicted=predictions is not None,
    )


def _weight(gold: EventLabel, one: EventLabel, country_key: Callable[[str], str]) -> float | None:
    """How well a prediction fits a label; None where it cannot be the same event."""
    if not (_same_place(gold, one, country_key) and _same_time(gold, one)):
        return None
    if _is_vague(gold) and not same_type(gold, one):
        return None
    weight = float(
        PAIR + CORE * gold.is_core + SAME_TYPE * same_type(gold, one) + SAME_SUB_TYPE * _same_sub_type(gold, one)
    )
    km = distance_km(gold, one)
    if km is not None:
        weight += NEARNESS / (1 + km / HALF_KM)
    if gold.start is not None and gold.end is not None and one.start is not None and one.end is not None:
        days = abs((one.start - gold.start).days) + abs((one.end - gold.end).days)
        weight += SAME_DAYS / (1 + days / HALF_DAYS)
    if gold.tolls["fatalities"][0] is not None and _same_toll(gold, one, "fatalities"):
        weight += SAME_TOLL
    return weight


def distance_km(gold: EventLabel, one: EventLabel) -> float | None:
    """From a prediction to the nearest of the points that are right; None where either has none."""
    if not one.points or not gold.points:
        return None
    return min(great_circle_km(point, one.points[0][0]) for point, _ in gold.points)


def _same_place(gold: EventLabel, one: EventLabel, country_key: Callable[[str], str]) -> bool:
    if gold.precision == "unknown":
        return True
    if one.points:
        own = one.points[0][0]
        if any(great_circle_km(point, own) <= max(EVENT_KM, radius_km) for point, radius_km in gold.points):
            return True
    if not gold.country or not one.country or country_key(gold.country) != country_key(one.country):
        return False
    return gold.precision == "country" or (gold.precision == "province" and _letters(one.precision) in _COUNTRY_ONLY)


def _same_time(gold: EventLabel, one: EventLabel) -> bool:
    if gold.start is None or gold.end is None or one.start is None or one.end is None:
        return True
    return (one.start - gold.end).days <= EVENT_DAYS and (gold.start - one.end).days <= EVENT_DAYS


def _is_vague(gold: EventLabel) -> bool:
    if gold.precision in ("country", "unknown") or gold.start is None or gold.end is None:
        return True
    return (gold.end - gold.start).days > VAGUE_DAYS


def same_type(gold: EventLabel, one: EventLabel) -> bool:
    """Whether the main type of a prediction is one that is right."""
    return _letters(one.types[0][0]) in {_letters(kind) for kind, _ in gold.types}


def _same_sub_type(gold: EventLabel, one: EventLabel) -> bool:
    return _letters(one.types[0][1]) in {_letters(sub) for _, sub in gold.types}


def _same_toll(gold: EventLabel, one: EventLabel, toll: str) -> bool:
    """Whether a number is right; none is, where nobody died."""
    return one.tolls[toll][0] in gold.tolls[toll] or (one.tolls[toll][0] is None and 0 in gold.tolls[toll])


def _letters(text: str | None) -> str:
    return re.sub(r"[^a-z]", "", (text or "").lower().replace("&", "and"))


def _best_pairs(weights: Sequence[Sequence[float | None]]) -> list[tuple[int, int]]:
    """Rows and columns paired one to one with the greatest sum of weights; None cannot be paired.

    The Hungarian method with potentials: every row in turn takes the cheapest column, along a path that moves earlier rows
    to others (Kuhn 1955; Jonker and Volgenant 1987). Time grows with rows squared times columns.
    """
    if not weights or not weights[0]:
        return []
    if len(weights) > len(weights[0]):
        return sorted((i, j) for j, i in _best_pairs(list(zip(*weights, strict=True))))
    rows, columns = len(weights), len(weights[0])
    row_of: list[int | None] = [None] * columns
    of_row, of_column = [0.0] * rows, [0.0] * columns
    for newcomer in range(rows):
        cheapest, came_from = [math.inf] * columns, [-1] * columns
        seen = [False] * columns
        row, column = newcomer, -1
        while True:
            step, best = math.inf, -1
            for j in range(columns):
                if seen[j]:
                    continue
                cost = -(weights[row][j] or 0.0) - of_row[row] - of_column[j]
                if cost < cheapest[j]:
                    cheapest[j], came_from[j] = cost, column
                if cheapest[j] < step:
                    step, best = cheapest[j], j
            of_row[newcomer] += step
            for j in range(columns):
                if seen[j]:
                    holder = row_of[j]
                    assert holder is not None
                    of_row[holder] += step
                    of_column[j] -= step
                else:
                    cheapest[j] -= step
            column = best
            seen[column] = True
            holder = row_of[column]
            if holder is None:
                break
            row = holder
        while came_from[column] >= 0:
            before = came_from[column]
            row_of[column] = row_of[before]
            column = before
        row_of[column] = newcomer
    return sorted((i, j) for j, i in enumerate(row_of) if i is not None and weights[i][j] is not None)


def measure_events(judged: Sequence[JudgedEvents]) -> dict[str, float | int | None]:
    """The measures over documents, by name; None where there is nothing to divide by. `docs/evaluate.md` has their meaning."""
    pairs = [pair for part in judged for pair in part.pairs]
    events = [event for part in judged for event in part.document.events]
    empty = [part for part in judged if not part.document.events]
    n_predicted, n_core = sum(part.n_predicted for part in judged), sum(event.is_core for event in events)
    duplicates = sum(len(part.duplicates) for part in judged)
    core = sum(gold.is_core for gold, _ in pairs)
    typed = [gold.is_core for gold, one in pairs if same_type(gold, one)]
    distances = [(gold, km) for gold, one in pairs if (km := distance_km(gold, one)) is not None]
    near_town = [km for gold, km in distances if gold.precision in TOWN_LEVEL]
    days = [(gold, one) for gold, one in pairs if gold.is_day and gold.start is not None and gold.end is not None]
    false_on_empty = sum(part.n_predicted for part in empty)
    measures: dict[str, float | int | None] = {
        "docs": len(judged),
        "docs_without_prediction": sum(not part.is_predicted for part in judged),
        "gold_core": n_core,
        "gold_all": len(events),
        "pred": n_predicted,
        "core_hit": core,
        "any_hit": len(pairs),
        "duplicates": duplicates,
        "noevent_docs": len(empty),
        "noevent_false": false_on_empty,
        "noevent_docs_clean": sum(not part.n_predicted for part in empty),
        "noevent_false_per_doc": _ratio(false_on_empty, len(empty)),
        "recall_core": _ratio(core, n_core),
        "precision": _ratio(len(pairs), n_predicted),
        "precision_dup_forgiven": _ratio(len(pairs), n_predicted - duplicates),
        "f1": _harmonic(_ratio(core, n_core), _ratio(len(pairs), n_predicted)),
        "f1_typed": _harmonic(_ratio(sum(typed), n_core), _ratio(len(typed), n_predicted)),
        "recall_all": _ratio(len(pairs), len(events)),
        "type_right": _ratio(len(typed), len(pairs)),
        "sub_type_right": _ratio(sum(_same_sub_type(gold, one) for gold, one in pairs), len(pairs)),
        "median_km": statistics.median([km for _, km in distances]) if distances else None,
        "median_km_town": statistics.median(near_town) if near_town else None,
        "town_within_5km": _ratio(sum(km <= TOWN_KM for km in near_town), len(near_town)),
        "n_day_dated": len(days),
        "exact_date": _ratio(sum((one.start, one.end) == (gold.start, gold.end) for gold, one in days), len(days)),
        "exact_start_date": _ratio(sum(one.start == gold.start for gold, one in days), len(days)),
        "date_inside_gold_range": _ratio(sum(_is_inside(one, gold) for gold, one in days), len(days)),
    }
    for toll in TOLLS:
        known = [(gold, one) for gold, one in pairs if gold.tolls[toll][0] is not None]
        measures[f"n_{toll}"] = len(known)
        measures[f"{toll}_exact"] = _ratio(sum(_same_toll(gold, one, toll) for gold, one in known), len(known))
        unknown = [(gold, one) for gold, one in pairs if gold.tolls[toll][0] is None]
        measures[f"{toll}_spurious"] = sum(
            one.tolls[toll][0] not in (None, 0) and not _same_toll(gold, one, toll) for gold, one in unknown
        )
    return measures


def _ratio(right: int, n: int) -> float | None:
    return right / n if n else None


def _harmonic(r: float | None, p: float | None) -> float | None:
    if r is None or p is None:
        return None
    return 2 * p * r / (p + r) if p + r else 0.0


def _is_inside(one: EventLabel, gold: EventLabel) -> bool:
    if one.start is None or one.end is None or gold.start is None or gold.end is None:
        return False
    return gold.start <= one.start and one.end <= gold.end


def country_keys(gazetteer: Gazetteer) -> Callable[[str], str]:
    """A function from a country's code or one of its names to one key; other words stay as they are, without case."""

    @cache
    def key(name: str) -> str:
        if len(name) == 2 and (place := gazetteer.country(name)) is not None:
            return place.id
        return next((hit.place.id for hit in gazetteer.lookup(name) if hit.place.is_country), _letters(name) or name)

    return key


def read_event_documents(lines: Iterable[str], *, source: str) -> Iterator[EventDocument | Skipped]:
    """Documents with events, one a line: {"doc", "events": [{"type", "sub_type", "date_start", "lat", "lon", ...}]}.

    Labels and predictions have the same form. A line that cannot be used gives a Skipped.
    """
    seen: dict[str, int] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        where = f"{source}:{number}"
        try:
            record = read_record(line, "events")
            document_id = read_id(record, "doc")
            if document_id in seen:
                raise InputError(f"the document {shown(document_id)} stands on line {seen[document_id]} too")
            seen[document_id] = number
            events = tuple(_event(value, f"event {n}") for n, value in enumerate(record["events"], start=1))
        except InputError as error:
            yield Skipped(where, f"{where}: {error}")
            continue
        yield EventDocument(id=document_id, events=events)


def events_of_rows(rows: Iterable[Mapping[str, Any]], documents: Iterable[str]) -> dict[str, list[EventLabel]]:
    """Rows of the flat table (of GeoJSON that `conflictmap geocode` wrote) as predictions: for each article that they name.

    Every document has an entry; what other articles say is left out.
    """
    found: dict[str, list[EventLabel]] = {document: [] for document in documents}
    for n, row in enumerate(rows, start=1):
        values = {
            "event_type": row.get("event_type"), "sub_event_type": row.get("sub_event_type"),
            "date_start": row.get("date_start"), "date_end": row.get("date_end"), "place": row.get("place"),
            "lat": row.get("latitude"), "lon": row.get("longitude"), "country": row.get("country"),
            "geo_precision": PRECISIONS.get(row.get("location_level") or "", "unknown"),
            "fatalities": row.get("killed_low"), "injured": row.get("wounded_low"),
        }  # fmt: skip
        event = _event(values, f"event {n}")
        for article_id in str(row.get("article_ids") or "").split(";"):
            if article_id.strip() in found:
                found[article_id.strip()].append(event)
    return found


def _event(value: Mapping[str, Any], what: str) -> EventLabel:
    """A label or a prediction, under any of the names that such files have for its parts."""

    def first(*keys: str) -> Any:
        return next((value[key] for key in keys if value.get(key) not in (None, "")), None)

    usual = (str(first("event_type", "type") or ""), str(first("sub_event_type", "sub_type", "subtype") or ""))
    others = [
        tuple(map(str, pair)) for pair in _list(value, "type_alt", what, lambda v: isinstance(v, list) and len(v) == 2)
    ]
    spots = [{**value, "lat": first("lat", "latitude"), "lon": first("lon", "lng", "longitude")}]
    spots += _list(value, "place_alt", what, lambda v: isinstance(v, dict))
    points = [(point, _radius(spot, what)) for spot in spots if (point := read_point(spot, what)) is not None]
    start, end = _days(first("date_start", "start_date", "date", "event_date"), first("date_end", "end_date"), what)
    country, precision = first("country"), first("geo_precision", "precision")
    return EventLabel(
        types=(usual, *((kind, sub) for kind, sub in others)),
        start=start,
        end=end,
        points=tuple(points),
        country=str(country) if country is not None else None,
        precision=str(precision) if precision is not None else None,
        tolls={
            "fatalities": _toll(first("fatalities", "killed", "deaths"), value, "fatalities_alt", what),
            "injured": _toll(first("injured", "wounded"), value, "injured_alt", what),
        },
        place=str(first("place", "location", "name") or "") or None,
        id=str(value.get("id") or ""),
        is_core=value.get("core") is True,
        is_day=value.get("date_precision") == "day",
    )


def _list(value: Mapping[str, Any], key: str, what: str, fits: Callable[[Any], bool]) -> list[Any]:
    found = value.get(key) or []
    if not isinstance(found, list) or not all(map(fits, found)):
        raise InputError(f'{what}: "{key}" is {shown(found)}; a list is expected')
    return found


def _radius(spot: Mapping[str, Any], what: str) -> float:
    radius_km = spot.get("radius_km") or 0.0
    if isinstance(radius_km, bool) or not isinstance(radius_km, int | float) or not 0 <= radius_km < MAX_KM:
        raise InputError(f'{what}: "radius_km" is {shown(radius_km)}; kilometres are expected')
    return float(radius_km)


def _toll(number: object, value: Mapping[str, Any], key: str, what: str) -> tuple[int | None, ...]:
    """The numbers that are right, the usual one first; None where no number is."""
    others = _list(value, key, what, lambda v: v is None or isinstance(v, int))
    if number is None:
        return (None, *others)
    try:
        return (int(float(number)), *others)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError) as exc:
        raise InputError(f"{what}: {shown(number)} is no number of people") from exc


def _days(start: object, end: object, what: str) -> tuple[date | None, date | None]:
    """First and last day; a month or a year is all of its days, and one of the two serves for both."""
    first = _day(start if start is not None else end, what, last=False)
    last = _day(end if end is not None else start, what, last=True)
    if first is not None and last is not None and last < first:
        return last, first
    return first, last


def _day(written: object, what: str, *, last: bool) -> date | None:
    if written is None:
        return None
    match = _DAY.match(str(written))
    try:
        if match is None:
            raise ValueError
        year, month, day = int(match[1]), match[2] and int(match[2]), match[3] and int(match[3])
        if day:
            return date(year, int(month or 0), day)
        if not last:
            return date(year, month or 1, 1)
        month = month or 12
        return date(year, month, calendar.monthrange(year, month)[1])
    except (ValueError, calendar.IllegalMonthError):
        raise InputError(f"{what}: {shown(written)} is no date; write it as 2017-01-18") from None
