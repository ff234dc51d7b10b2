"""Tables of anyone: which column is what, told by name and content, and rows with a place name but no coordinates.

Hides: the names that people give to columns (`geo/data/column_names.tsv`), and what a level follows from where the
gazetteer places a name.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache, lru_cache

from gazetteer import Gazetteer
from gazetteer.errors import InputError
from gazetteer.place import Candidate, Place
from geo import DATA
from geo.codes import Country, country_of
from geo.event import EVENT_TYPES, LEVELS, event_type_of
from geo.readers.layouts import ACLED_LEVELS, UCDP_LEVELS, UCDP_NEAR_KM, codes_of, level_values
from geo.readers.values import day_order, days_of, degrees, parse_day, point_of_cell, range_of, whole
from geo.table import TABLE_COLUMNS

__all__ = ["PlainTable", "not_taken", "recognise", "shown_columns"]

#: Share of the filled cells that must read as what a column is taken for.
ENOUGH = 0.7
#: Of these a name and one cell are enough: where the others are wrong, their rows are refused and not read without them.
_TOLD_BY_NAME = ("date", "date_start", "date_end", "longitude", "latitude")
#: Columns that a message names.
SHOWN_COLUMNS = 20
#: Names that one run remembers.
REMEMBERED = 1 << 15

_KNOWN = {column.name: column for column in TABLE_COLUMNS}
#: Names that may be given to --map-column besides our columns: one cell with both coordinates, and one number of dead.
_ALSO = ("date", "killed", "wounded", "point")


@cache
def _aliases() -> dict[str, str]:
    """A column's name, folded -> our column."""
    text = (DATA / "column_names.tsv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    found = {_folded(row["name"]): row["column"] for row in rows}
    return {_folded(name): name for name in (*_KNOWN, *_ALSO)} | found


def _folded(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.casefold())


def recognise(
    header: Sequence[str],
    sample: Sequence[Sequence[str]],
    given: Mapping[str, str],
    country: Callable[[str], Country | None] = country_of,
) -> dict[str, int]:
    """Our column -> its position in the table. `country` tells the country that a cell means.

    `given` (our column -> the table's) overrides; a name counts only where the cells of the sample agree, and a column of
    days or of pairs of degrees is found without its name. Raises InputError for a given column that is not there.
    """
    found: dict[str, int] = {}
    folded = [_folded(name) for name in header]
    for ours, theirs in given.items():
        if ours not in _KNOWN and ours not in _ALSO:
            raise InputError(f"--map-column {ours}: no such column; it is one of {', '.join([*_KNOWN, *_ALSO])}")
        if _folded(theirs) not in folded:
            raise InputError(
                f"--map-column {ours}={theirs}: the table has no such column; it has {shown_columns(header)}"
            )
        found[ours] = folded.index(_folded(theirs))
    taken = set(found.values())
    for at, name in enumerate(folded):
        ours = _aliases().get(name, "")
        if not ours or ours in found or at in taken:
            continue
        cells = [row[at] for row in sample if at < len(row) and row[at].strip()]
        if ours == "place" and _share(cells, lambda cell: point_of_cell(cell) is not None) >= ENOUGH:
            ours = "point"  # a column "location" with "36.37, 37.51"
        if cells and not _fits(cells, ours, country):
            continue
        found[ours] = at
        taken.add(at)
    for ours, test in (("date", _is_day), ("point", lambda cell: point_of_cell(cell) is not None)):
        if ours in found or (ours == "date" and "date_start" in found) or (ours == "point" and "longitude" in found):
            continue
        for at in range(len(header)):
            cells = [row[at] for row in sample if at < len(row) and row[at].strip()]
            if at not in taken and cells and _share(cells, test) >= ENOUGH:
                found[ours] = at
                taken.add(at)
                break
    if "date" in found and "date_start" in found:
        del found["date"]
    return found


def _fits(cells: Sequence[str], ours: str, country: Callable[[str], Country | None]) -> bool:
    if ours == "country":
        return _share(cells, lambda cell: country(cell) is not None) >= ENOUGH
    if ours not in _TESTS:
        return True
    share = _share(cells, _TESTS[ours])
    return share > 0 if ours in _TOLD_BY_NAME else share >= ENOUGH


def not_taken(header: Sequence[str], found: Mapping[str, int]) -> dict[str, str]:
    """Columns whose name says what they are and whose cells say otherwise -> that column of ours."""
    named = {name: _aliases().get(_folded(name), "") for at, name in enumerate(header) if at not in found.values()}
    return {name: ours for name, ours in named.items() if ours in (*_TESTS, "country") and ours not in found}


def shown_columns(names: Sequence[str]) -> str:
    """Names of columns as a message shows them."""
    more = f" and {len(names) - SHOWN_COLUMNS} more" if len(names) > SHOWN_COLUMNS else ""
    return ", ".join(name[:40] for name in names[:SHOWN_COLUMNS]) + more


def _share(cells: Sequence[str], test: Callable[[str], bool]) -> float:
    return sum(map(test, cells)) / len(cells) if cells else 0.0


def _is_day(cell: str) -> bool:
    try:
        parse_day(cell, "dmy")
    except InputError:
        try:
            parse_day(cell, "mdy")
        except InputError:
            return False
    return re.fullmatch(r"\d{8}", cell.strip()) is None or 1900 <= int(cell.strip()[:4]) <= 2100


def _is_degrees(cell: str) -> bool:
    try:
        return abs(degrees(cell)) <= 360.0  # what is out of range is a row to refuse, not another column
    except InputError:
        return False


def _is_time(cell: str) -> bool:
    """Whether a cell of a column that is called a date is one: a month or a year is, too."""
    try:
        return bool(days_of(cell, "dmy"))
    except InputError:
        return _is_day(cell)


#: Levels from near to far.
_FINEST_FIRST = ("site", "settlement", "near", "adm3", "adm2", "part", "adm1", "sea_air", "country")
#: What people call a level, in a column that says how exactly a place is known.
_LEVEL_WORDS = {
    "site": "exact|exact location|exact coordinates|precise|address|building|street|neighbourhood|neighborhood|landmark|camp",
    "settlement": "village|town|city|settlement|locality|populated place|community",
    "near": "near|nearby|approximate|vicinity|within 25 km",
    "adm3": "subdistrict|sub district|admin3|admin 3|third level",
    "adm2": "district|admin2|admin 2|second level|county",
    "adm1": "governorate|province|state|oblast|region|admin1|admin 1|first level",
    "country": "country|national|nation",
}


@cache
def _levels_by_word() -> dict[str, str]:
    words = {_folded(word): level for level, said in _LEVEL_WORDS.items() for word in said.split("|")}
    return words | {_folded(level): level for level in LEVELS}


_TESTS: dict[str, Callable[[str], bool]] = {
    "date": _is_time,
    "date_start": _is_time,
    "date_end": _is_time,
    "longitude": _is_degrees,
    "latitude": _is_degrees,
    "place": lambda cell: not re.fullmatch(r"[\d.,;\s-]+", cell),
    "point": lambda cell: point_of_cell(cell) is not None,
    "location_level": lambda cell: _folded(cell) in _levels_by_word(),
    "where_prec": lambda cell: cell.strip() in set("1234567"),
    "geo_precision": lambda cell: cell.strip() in set("123"),
}


@dataclass(slots=True)
class PlainTable:
    """What makes rows of a plain table's lines. `gazetteer` is asked for places where a row has no coordinates."""

    columns: Mapping[str, int]
    gazetteer: Callable[[], Gazetteer]
    order: str | None = None  # of days with slashes
    country: str | None = None  # ISO alpha-2 of rows that name none
    country_of: Callable[[str], Country | None] = country_of
    _find: Callable[[str, str | None, str | None], Candidate | None] = field(init=False)

    def __post_init__(self) -> None:
        self._find = lru_cache(maxsize=REMEMBERED)(self._looked_up)

    @property
    def needs_gazetteer(self) -> bool:
        """Whether places are looked up: there is a column of names and none of coordinates."""
        return "place" in self.columns and "longitude" not in self.columns and "point" not in self.columns

    def with_order_of(self, sample: Sequence[Sequence[str]]) -> PlainTable:
        """The same, reading days as the sample writes them where no order was given."""
        at = self.columns.get("date", self.columns.get("date_start"))
        if self.order is not None or at is None:
            return self
        return replace(self, order=day_order(row[at] for row in sample if at < len(row)))

    def read(self, cells: Sequence[str]) -> Iterator[dict[str, object]]:
        """The values of one line. Raises InputError for what cannot be used."""

        def cell(name: str) -> str:
            at = self.columns.get(name)
            return cells[at].strip() if at is not None and at < len(cells) else ""

        values: dict[str, object] = {name: cell(name) for name in self.columns if name in _KNOWN}
        values |= self._days(cell)
        values |= self._country(cell)
        for kind in ("killed", "wounded"):
            values |= _toll(kind, cell)
        values |= self._place(cell, values)
        values |= _type(cell("event_type"), cell("sub_event_type"))
        yield values

    def _days(self, cell: Callable[[str], str]) -> dict[str, object]:
        start, end = cell("date_start") or cell("date"), cell("date_end")
        if not start:
            return {"date_start": None, "date_end": None}
        first, last = self._span("date_start", start)
        if end and end != start:
            last = self._span("date_end", end)[1]
        return {"date_start": first, "date_end": last} | codes_of(first, last)

    def _span(self, name: str, text: str) -> tuple[date, date]:
        try:
            return days_of(text, self.order)
        except InputError as exc:
            raise InputError(f"{name}: {exc}") from exc

    def _country(self, cell: Callable[[str], str]) -> dict[str, object]:
        for name in ("country", "country_name"):
            if given := cell(name):
                found = self.country_of(given)
                if found is None:
                    raise InputError(f"{name} {given!r} is no country; write its ISO code or its English name")
                return {"country": found.iso2, "country_name": found.name}
        found = self.country_of(self.country) if self.country is not None else None
        return {"country": found.iso2, "country_name": found.name} if found is not None else {}

    def _place(self, cell: Callable[[str], str], values: Mapping[str, object]) -> dict[str, object]:
        lon, lat = cell("longitude"), cell("latitude")
        if not lon and not lat and (both := point_of_cell(cell("point"))) is not None:
            return self._located(*both, cell)
        if lon or lat:
            try:
                return self._located(degrees(lon), degrees(lat), cell)
            except InputError as exc:
                raise InputError(f"longitude / latitude: {exc}") from exc
        name, reason = cell("place"), cell("unlocated_reason")
        if not name or reason:
            return {"unlocated_reason": reason or "the row names no place"}
        country = values.get("country")
        found = self._find(name, str(country) if country else None, cell("admin1") or None)
        if found is None:
            return {
                "unlocated_reason": f"the gazetteer knows no place {name!r}" + (f" in {country}" if country else "")
            }
        values = _of_place(found)
        told = _told_level(cell)
        if told is not None and _FINEST_FIRST.index(told[0]) > _FINEST_FIRST.index(str(values["location_level"])):
            values |= level_values(*told)  # the table knows the place less well than the gazetteer does
        return values

    def _located(self, lon: float, lat: float, cell: Callable[[str], str]) -> dict[str, object]:
        coded = level_values(*(_told_level(cell) or ("settlement", None)))
        kept = {name: cell(name) for name in ("radius_km", "geo_precision", "where_prec") if cell(name)}
        return {"longitude": lon, "latitude": lat, **coded, **kept}

    def _looked_up(self, name: str, country: str | None, admin1: str | None) -> Candidate | None:
        found = self.gazetteer().find(name, country=country, admin1=admin1, limit=1)
        return found[0] if found else None


def _told_level(cell: Callable[[str], str]) -> tuple[str, float | None] | None:
    """Level and radius as the row itself gives them, in words or by the codes of ACLED or UCDP; None where it does not."""
    if text := cell("location_level"):
        level = _levels_by_word().get(_folded(text))
        if level is None:
            raise InputError(f"location_level {text[:60]!r} is none of {', '.join(LEVELS)}")
        return level, None
    for name, levels in (("where_prec", UCDP_LEVELS), ("geo_precision", ACLED_LEVELS)):
        if code := cell(name):
            found = levels.get(int(code)) if code.isdigit() else None
            if found is None:
                raise InputError(f"{name} {code[:60]!r} is none of 1 to {len(levels)}")
            return found if isinstance(found, tuple) else (found, UCDP_NEAR_KM if found == "near" else None)
    return None


def _of_place(candidate: Candidate) -> dict[str, object]:
    place = candidate.place
    level = _level(place)
    return {
        "place": place.name,
        "longitude": place.lon,
        "latitude": place.lat,
        "country": place.country,
        "admin1": place.name if place.is_admin1 else place.admin1_name,
        "admin2": place.admin2,
        "pcode": place.pcode,
        "place_id": place.id,
        "confidence_score": round(candidate.score, 3),
        **level_values(level, place.radius_km if level not in ("settlement", "site") else None),
    }


def _level(place: Place) -> str:
    if place.is_country:
        return "country"
    if place.is_admin1:
        return "adm1"
    if place.feature_class == "A":
        return "adm3" if place.feature_code.startswith("ADM3") else "adm2"
    if place.feature_class == "P":
        return "settlement"
    return "site" if place.feature_class == "S" else "part"


def _toll(kind: str, cell: Callable[[str], str]) -> dict[str, object]:
    """Lowest and highest number; one column may hold both: 5-7, and 10+ is open above."""
    found: dict[str, object] = {}
    name = kind
    try:
        if both := cell(kind):
            found[f"{kind}_low"], found[f"{kind}_high"] = range_of(both)
        for name in (f"{kind}_low", f"{kind}_high"):
            if end := cell(name):
                found[name] = whole(end)
    except InputError as exc:
        raise InputError(f"{name}: {exc}") from exc
    return found


@cache
def _types() -> dict[str, str]:
    """Types and sub-types of the codebook by their folded names."""
    names = (*EVENT_TYPES, *(name for subs in EVENT_TYPES.values() for name in subs))
    return {_folded(name): name for name in names}


def _type(kind: str, sub: str) -> dict[str, object]:
    """The type in the codebook's spelling; what the codebook lacks is no type, and stays where it stood in the table."""
    found = _types().get(_folded(sub)) or _types().get(_folded(kind))
    if found is None:
        return {"event_type": None, "sub_event_type": None}
    if found in EVENT_TYPES:
        return {"event_type": found, "sub_event_type": None}
    return {"event_type": event_type_of(found), "sub_event_type": found}
