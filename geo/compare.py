"""Two tables of events side by side: which are the same, and what each has alone.

Hides: when two rows are one event (near enough, within some days, of one family of types) and how each is paired with one
other only. A pair is a proposal: rows of two sources seldom agree on everything.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from gazetteer.place import LonLat, great_circle_km
from geo.table import Column, Row

__all__ = ["COMPARE_COLUMNS", "Comparison", "Limits", "Pair", "compare_events", "comparison_rows"]

#: Event type -> family. A strike on civilians is "Explosions" in one table and "Violence against civilians" in another.
_FAMILIES = {
    "Battles": "violence",
    "Explosions/Remote violence": "violence",
    "Violence against civilians": "violence",
    "Protests": "demonstrations",
    "Riots": "demonstrations",
    "Strategic developments": "developments",
}
_WORST_DISTANCE = 1e9

#: What a comparison lists: our row and theirs side by side.
COMPARE_COLUMNS: tuple[Column, ...] = (
    Column("found", "text", "", "`both`, `only ours` or `only theirs`"),
    Column("our_id", "text", "", "event_id of ours"),
    Column("their_id", "text", "", "event_id of theirs"),
    Column("km", "number", "km", "between the two points"),
    Column("days", "integer", "days", "between the two intervals; 0 where they overlap"),
    Column("our_date", "date", "day", "date_start of ours"),
    Column("their_date", "date", "day", "date_start of theirs"),
    Column("our_place", "text", "", "place of ours"),
    Column("their_place", "text", "", "place of theirs"),
    Column("our_type", "text", "", "sub-type, else type, of ours"),
    Column("their_type", "text", "", "sub-type, else type, of theirs"),
    Column("our_killed", "text", "persons", "lowest to highest number of killed"),
    Column("their_killed", "text", "persons", "lowest to highest number of killed"),
    Column("longitude", "number", "degrees, WGS84", "of ours, else of theirs"),
    Column("latitude", "number", "degrees, WGS84", "of ours, else of theirs"),
    Column("our_summary", "text", "", "summary of ours"),
    Column("their_summary", "text", "", "summary of theirs"),
)


@dataclass(frozen=True, slots=True)
class Limits:
    """How far apart two rows of one event may be. The radius within which a row's place is known is added on request."""

    km: float = 25.0
    days: int = 1
    any_type: bool = False


@dataclass(frozen=True, slots=True)
class Pair:
    """Two rows that may be one event."""

    ours: Row
    theirs: Row
    km: float
    days: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """How two tables cover the same events."""

    pairs: tuple[Pair, ...]
    only_ours: tuple[Row, ...]
    only_theirs: tuple[Row, ...]
    not_comparable: int  # rows without a date or a place that tells, which were left out


def compare_events(ours: Iterable[Row], theirs: Iterable[Row], limits: Limits | None = None) -> Comparison:
    """Pairs rows of two tables, nearest first, each with one other at most.

    Rows without a day or a point, and those known only as a country, cannot be compared and are counted.
    """
    limits = limits or Limits()
    mine, my_rest = _comparable(ours)
    others, their_rest = _comparable(theirs)
    index = _index(others)
    candidates = []
    for i, row in enumerate(mine):
        for j in _near(index, row, limits):
            other = others[j]
            km, days = _km(row, other), _days(row, other)
            if km <= limits.km and days <= limits.days and (limits.any_type or _same_family(row, other)):
                same_type = row.get("event_type") == other.get("event_type")
                key = (days, km, not same_type, _toll_gap(row, other), str(row["event_id"]), str(other["event_id"]))
                candidates.append((key, i, j))
    pairs, used_mine, used_others = [], set(), set()
    for key, i, j in sorted(candidates):
        if i not in used_mine and j not in used_others:
            used_mine.add(i)
            used_others.add(j)
            pairs.append((i, Pair(mine[i], others[j], key[1], key[0])))
    return Comparison(
        pairs=tuple(pair for _, pair in sorted(pairs, key=lambda each: each[0])),
        only_ours=tuple(row for i, row in enumerate(mine) if i not in used_mine),
        only_theirs=tuple(row for j, row in enumerate(others) if j not in used_others),
        not_comparable=my_rest + their_rest,
    )


def _comparable(rows: Iterable[Row]) -> tuple[list[Row], int]:
    kept, rest = [], 0
    for row in rows:
        is_placed = row.get("longitude") is not None and row.get("location_level") not in ("country", "sea_air")
        if is_placed and row.get("date_start") is not None:
            kept.append(row)
        else:
            rest += 1
    return kept, rest


#: Side of a cell of the index, in degrees.
_CELL = 1.0
_Index = dict[tuple[int, int], list[int]]


def _index(rows: Sequence[Row]) -> _Index:
    found: _Index = {}
    for at, row in enumerate(rows):
        found.setdefault(_cell(row), []).append(at)
    return found


def _cell(row: Row) -> tuple[int, int]:
    return math.floor(float(row["longitude"] or 0) / _CELL), math.floor(float(row["latitude"] or 0) / _CELL)


def _near(index: _Index, row: Row, limits: Limits) -> Iterator[int]:
    """Rows in the cells around one, wide enough for the limit at this latitude."""
    x, y = _cell(row)
    up = math.ceil(limits.km / 110.0 / _CELL)
    shrink = max(0.02, math.cos(math.radians(min(89.0, abs(float(row["latitude"] or 0)) + up))))
    aside = min(180, math.ceil(limits.km / (110.0 * shrink) / _CELL))
    columns = {(x + dx + 180) % 360 - 180 for dx in range(-aside, aside + 1)}
    for column in sorted(columns):
        for line in range(y - up, y + up + 1):
            yield from index.get((column, line), ())


def _km(a: Row, b: Row) -> float:
    first = LonLat(lon=float(a["longitude"] or 0), lat=float(a["latitude"] or 0))
    return round(great_circle_km(first, LonLat(lon=float(b["longitude"] or 0), lat=float(b["latitude"] or 0))), 3)


def _days(a: Row, b: Row) -> int:
    """Days between two intervals, 0 where they overlap."""
    start_a, end_a = _interval(a)
    start_b, end_b = _interval(b)
    return max(0, (start_b - end_a).days, (start_a - end_b).days)


def _interval(row: Row) -> tuple[date, date]:
    start = date.fromisoformat(str(row["date_start"]))
    return start, date.fromisoformat(str(row["date_end"])) if row.get("date_end") is not None else start


def _same_family(a: Row, b: Row) -> bool:
    first, second = _FAMILIES.get(str(a.get("event_type"))), _FAMILIES.get(str(b.get("event_type")))
    return first is None or second is None or first == second


def _toll_gap(a: Row, b: Row) -> float:
    first, second = a.get("killed_low"), b.get("killed_low")
    return abs(float(first) - float(second)) if first is not None and second is not None else _WORST_DISTANCE


def comparison_rows(found: Comparison) -> Iterator[Row]:
    """The comparison as rows of COMPARE_COLUMNS: pairs in the order of ours, then what each has alone."""
    for pair in found.pairs:
        yield _row("both", pair.ours, pair.theirs) | {"km": pair.km, "days": pair.days}
    for row in found.only_ours:
        yield _row("only ours", row, None)
    for row in found.only_theirs:
        yield _row("only theirs", None, row)


def _row(found: str, ours: Row | None, theirs: Row | None) -> Row:
    values: Row = dict.fromkeys(column.name for column in COMPARE_COLUMNS)
    values["found"] = found
    for which, row in (("their", theirs), ("our", ours)):
        if row is None:
            continue
        values |= {
            f"{which}_id": row.get("event_id"),
            f"{which}_date": row.get("date_start"),
            f"{which}_place": row.get("place"),
            f"{which}_type": row.get("sub_event_type") or row.get("event_type"),
            f"{which}_killed": _killed(row),
            f"{which}_summary": row.get("summary"),
            "longitude": row.get("longitude"),
            "latitude": row.get("latitude"),
        }
    return values


def _killed(row: Row) -> str | None:
    low, high = row.get("killed_low"), row.get("killed_high")
    if low is None and high is None:
        return None
    return f"{low}" if low == high else f"{low if low is not None else '?'} to {high if high is not None else '?'}"
