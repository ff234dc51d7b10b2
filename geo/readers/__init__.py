"""Tables of events, ours and those of others, into rows of our columns: one call for any file.

Hides: which kind of table a file is, and what every row must pass: values of the column's type, coordinates on the globe and
not swapped, one id for each event. A row that fails is a `Refused`, and the next one is read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from gazetteer import Gazetteer
from gazetteer.errors import InputError
from gazetteer.place import LonLat, great_circle_km
from geo.codes import Country, country_by_iso2, country_of
from geo.event import Event
from geo.readers.delimited import Refused, open_bytes
from geo.readers.ids import SeenIds, new_id
from geo.readers.layouts import OWN, OWN_ACLED_TAG, Layout, Origin, layout_of
from geo.readers.plain import PlainTable, not_taken, recognise, shown_columns
from geo.readers.records import Record, Records, is_collection, is_nested, read_records, text_of
from geo.table import (
    COORDINATE_DECIMALS,
    DIVISION_COLUMNS,
    TABLE_COLUMNS,
    Column,
    Row,
    checked_row,
    event_row,
    records_from_jsonl,
)

__all__ = ["EventFile", "Origin", "ReadOptions", "Refused", "SeenIds", "holds_events", "nested_records", "open_events"]

#: A row, where it stands, and whether its id was made of what it says.
_Found = tuple[str, Row, bool]

#: Columns that together tell a table of ours.
_OURS = frozenset({"event_id", "date_start", "location_level"})
_NAMES = frozenset(column.name for column in TABLE_COLUMNS)
#: Of these a plain table needs one; a part of our columns does without.
_WHERE = frozenset({"place", "longitude", "point"})
#: Columns that say how exactly a place is known.
_HOW_EXACT = frozenset({"location_level", "where_prec", "geo_precision"})
#: Within this distance of a point there is a place of the country that it lies in, deserts and coasts included, in km.
NEAR_KM = 60.0
#: Points that the check of countries remembers.
REMEMBERED = 1 << 16


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How tables are read. `columns` gives our column -> the table's."""

    encoding: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    dates: str | None = None  # "dmy" or "mdy": what 03/04/2017 means
    country: str | None = None  # ISO alpha-2 of rows of plain tables that name none
    version: str = ""  # of conflictmap, for the provenance of rows that have none


@dataclass(frozen=True, slots=True)
class EventFile:
    """A file of events. `rows` is a stream and is taken once."""

    path: Path
    kind: str  # "conflictmap", "nested", "acled", "ucdp", "gdelt", "gkg" or "plain"
    origin: Origin
    rows: Iterator[Row | Refused]
    extra_columns: tuple[Column, ...] = ()
    notes: tuple[str, ...] = ()

    def events(self) -> Iterator[tuple[Event, str]]:
        """The whole events of a nested file with their provenance, read anew; none of another kind."""
        if self.kind == "nested":
            yield from (found for found in nested_records(self.path) if not isinstance(found, Refused))


def open_events(
    path: Path, gazetteer: Callable[[], Gazetteer], options: ReadOptions | None = None, *, seen: SeenIds | None = None
) -> EventFile:
    """Opens a file of events of any kind. `gazetteer` is called when a row needs one.

    `seen` is shared by files whose events go into one: an event that an earlier file had is refused.

    Raises InputError when the file cannot be read or nothing in it tells what its columns are.
    """
    options = options or ReadOptions()
    seen = SeenIds() if seen is None else seen
    if is_nested(path):
        return EventFile(path, "nested", OWN, _unique(_nested_rows(path, gazetteer), seen))
    records = read_records(path, encoding=options.encoding)
    if not options.columns and _is_own(records):
        extra = DIVISION_COLUMNS if any(column.name in records.columns for column in DIVISION_COLUMNS) else ()
        rows = _own_rows(records, (*TABLE_COLUMNS, *extra), gazetteer)
        return EventFile(path, "conflictmap", OWN, _unique(rows, seen), extra, records.notes)
    layout = None if options.columns else _layout(records)
    if layout is not None:
        is_own = layout.name == "acled" and _is_own_acled(records)
        origin = OWN if is_own else layout.origin
        rows = _foreign_rows(records, _by_layout(layout, records), origin, gazetteer, options)
        return EventFile(path, layout.name, origin, _unique(rows, seen), notes=records.notes)
    table, notes = _plain(path, records, gazetteer, options)
    rows = _foreign_rows(records, _by_table(table, records), Origin(path.name), gazetteer, options)
    return EventFile(path, "plain", Origin(path.name), _unique(rows, seen), notes=(*records.notes, *notes))


def holds_events(path: Path, columns: Mapping[str, str] | None = None) -> bool:
    """Whether a file of JSON or CSV holds events and not articles: no record has a text, and the columns tell what is what.

    `columns` are those of `ReadOptions`; a table that has them is one of events, with a text or without.
    """
    try:
        if is_nested(path) or is_collection(path):
            return True
        records = read_records(path)
        if not columns and "text" in {name.strip().lower() for name in records.columns}:
            return False
        return bool(records.columns) and (
            _is_own(records)
            or _layout(records) is not None
            or bool(_WHERE & set(recognise(records.columns, records.sample(), columns or {})))
        )
    except InputError:
        return False


def _is_own(records: Records) -> bool:
    """Whether a table has our columns: those that tell it, or no others and no place to look up, or none because it is empty."""
    columns = frozenset(records.columns)
    return columns >= _OURS or (columns <= _NAMES and not columns & _WHERE)


def _layout(records: Records) -> Layout | None:
    return layout_of(records.columns) or layout_of([name.lower() for name in records.columns])


# --- ours ------------------------------------------------------------------------------------------------------------


def nested_records(path: Path) -> Iterator[tuple[Event, str] | Refused]:
    """The whole events of JSON Lines, each with its provenance, and what is none."""
    with open_bytes(path) as stream:
        for number, raw in enumerate(stream, start=1):
            where = f"{path}:{number}"
            try:
                line = raw.decode("utf-8-sig")
                yield from records_from_jsonl([line], source=str(path))
            except UnicodeDecodeError as exc:
                yield Refused(where, f"not UTF-8 ({exc.reason})")
            except InputError as exc:
                yield Refused(where, str(exc).removeprefix(f"{path}:1: "))


class _CountryNames(dict[str, str]):
    """English names of countries by code, from the gazetteer as they are asked for."""

    def __init__(self, gazetteer: Callable[[], Gazetteer]) -> None:
        super().__init__()
        self._gazetteer = gazetteer

    def get(self, key: str, default: object = None) -> str | None:  # type: ignore[override]
        if key not in self:
            place = self._gazetteer().country(key)
            self[key] = place.name if place is not None else ""
        return self[key] or None


def _nested_rows(path: Path, gazetteer: Callable[[], Gazetteer]) -> Iterator[_Found | Refused]:
    names = _CountryNames(gazetteer)
    for found in nested_records(path):
        if isinstance(found, Refused):
            yield found
            continue
        event, provenance = found
        yield f"{path}: event {event.event_id}", event_row(event, provenance=provenance, country_names=names), False


def _own_rows(
    records: Records, columns: tuple[Column, ...], gazetteer: Callable[[], Gazetteer]
) -> Iterator[_Found | Refused]:
    in_country = _country_check(gazetteer)
    for found in records.stream():
        if isinstance(found, Refused):
            yield found
            continue
        where, record = found
        try:
            row = checked_row(record, where, columns)
            _check_point(row)
            if row["country"] is not None:  # without one nothing tells: a point "near" a place may lie far from it
                _check_not_swapped(row, in_country, in_country)
            yield where, row, _complete(row, record)
        except InputError as exc:
            yield Refused(where, str(exc).removeprefix(f"{where}: "))


# --- those of others -------------------------------------------------------------------------------------------------

Reader = Callable[[Record], Iterator[Mapping[str, object]]]


def _by_layout(layout: Layout, records: Records) -> Reader:
    lower = layout.name in ("acled", "ucdp")

    def read(record: Record) -> Iterator[Mapping[str, object]]:
        cells = dict.fromkeys(records.columns, "") | {name: text_of(value) for name, value in record.items()}
        return layout.read({name.lower(): value for name, value in cells.items()} if lower else cells)

    return read


def _is_own_acled(records: Records) -> bool:
    first = next((found[1] for found in records.stream() if not isinstance(found, Refused)), {})
    return OWN_ACLED_TAG in text_of(first.get("tags"))


def _by_table(table: PlainTable, records: Records) -> Reader:
    def read(record: Record) -> Iterator[Mapping[str, object]]:
        cells = [record.get(name) for name in records.columns]
        return table.read([cell if isinstance(cell, str) else text_of(cell) for cell in cells])

    return read


def _plain(
    path: Path, records: Records, gazetteer: Callable[[], Gazetteer], options: ReadOptions
) -> tuple[PlainTable, tuple[str, ...]]:
    sample = records.sample()
    country = _country_by_name(gazetteer)
    try:
        columns = recognise(records.columns, sample, options.columns, country)
    except InputError as exc:
        raise InputError(f"{path}: {exc}") from exc
    if not _WHERE & set(columns):
        raise InputError(
            f"{path}: no column of places or coordinates was recognised among {shown_columns(records.columns)}; "
            "say which one it is: --map-column place=COLUMN"
        )
    table = PlainTable(
        columns, gazetteer, order=options.dates, country=options.country, country_of=country
    ).with_order_of(sample)
    shown = ", ".join(
        f"{ours} = {records.columns[at]}" for ours, at in sorted(columns.items(), key=lambda pair: pair[1])
    )
    notes = [
        f"{path}: the column {theirs!r} is not taken for {ours}, which is not what is in it; say --map-column {ours}={theirs} if it is"
        for theirs, ours in not_taken(records.columns, columns).items()
    ]
    if {"longitude", "point"} & set(columns) and not _HOW_EXACT & set(columns):
        notes.append(
            f"{path}: no column says how exactly places are known, and points are taken for towns; name one that does: "
            "--map-column location_level=COLUMN"
        )
    if any(records.columns[at] != ours for ours, at in columns.items()):
        notes.insert(0, f"{path}: columns: {shown}")
    return table, tuple(notes)


def _country_by_name(gazetteer: Callable[[], Gazetteer]) -> Callable[[str], Country | None]:
    """What tells countries by their codes and English names, else by their names in the gazetteer, in any script."""

    @lru_cache(maxsize=REMEMBERED)
    def known(text: str) -> Country | None:
        if (found := country_of(text)) is not None or text.strip().isdigit():
            return found
        place = next((candidate.place for candidate in gazetteer().find(text, limit=1)), None)
        return country_by_iso2(place.country) if place is not None and place.is_country and place.country else None

    return known


def _foreign_rows(
    records: Records, read: Reader, origin: Origin, gazetteer: Callable[[], Gazetteer], options: ReadOptions
) -> Iterator[_Found | Refused]:
    in_country, near_place = _country_check(gazetteer), _place_check(gazetteer)
    provenance = f"{origin.name}; read by conflictmap {options.version}".strip()
    for found in records.stream():
        if isinstance(found, Refused):
            yield found
            continue
        where, record = found
        try:
            for number, values in enumerate(read(record)):
                row = checked_row(values, where)
                _check_point(row)
                _check_not_swapped(row, in_country, near_place)
                row["provenance"] = row["provenance"] or provenance
                yield where, row, _complete(row, record, number)
        except InputError as exc:
            yield Refused(where, str(exc).removeprefix(f"{where}: "))


def _complete(row: Row, record: Record, number: int = 0) -> bool:
    """Gives a row without an id one, and one without a family its own. Whether the id was made."""
    is_made = row["event_id"] is None
    if is_made:
        row["event_id"] = new_id(record, number)
    row["family_id"] = row["family_id"] or row["event_id"]
    return is_made


def _check_point(row: Row) -> None:
    lon, lat = row.get("longitude"), row.get("latitude")
    if (lon is None) != (lat is None):
        raise InputError(f"longitude is {lon} and latitude {lat}; give both or none")
    if lon is None or lat is None:
        return
    point = LonLat(lon=float(lon), lat=float(lat))
    if point.lon == 0 and point.lat == 0:
        raise InputError("longitude and latitude are 0; leave both empty where the place is unknown")
    row["longitude"] = round(point.lon, COORDINATE_DECIMALS) + 0.0
    row["latitude"] = round(point.lat, COORDINATE_DECIMALS) + 0.0


Check = Callable[[float, float, str], bool]


def _check_not_swapped(row: Row, in_country: Check, near_place: Check) -> None:
    """Raises InputError where the point lies outside the row's country and the swapped one inside.

    Of a row without a country, where it lies far from every place of that name and the swapped one at one of them.
    """
    lon, lat = row["longitude"], row["latitude"]
    if lon is None or lat is None or abs(float(lon)) > 90.0:
        return
    x, y = float(lon), float(lat)
    if (country := row["country"]) is not None:
        lies, where = in_country, str(country)
        problem = f"does not lie in {row['country_name'] or country}"
    elif row["place"] is not None:
        lies, where = near_place, str(row["place"])
        problem = f"does not lie near any place called {where!r}"
    else:
        return
    if not lies(x, y, where) and lies(y, x, where):
        raise InputError(
            f"longitude {x}, latitude {y} {problem}, but {y}, {x} does: the columns are swapped; exchange them, or say "
            "--map-column longitude=... --map-column latitude=..."
        )


def _place_check(gazetteer: Callable[[], Gazetteer]) -> Check:
    @lru_cache(maxsize=REMEMBERED)
    def called(name: str) -> tuple[LonLat, ...]:
        return tuple(candidate.place.point for candidate in gazetteer().find(name, limit=50))

    def near(x: float, y: float, name: str) -> bool:
        """Whether a point lies within NEAR_KM of a place of this name."""
        with suppress(InputError):
            point = LonLat(lon=x, lat=y)
            return any(great_circle_km(point, other) <= NEAR_KM for other in called(name))
        return False

    return near


def _country_check(gazetteer: Callable[[], Gazetteer]) -> Check:
    @lru_cache(maxsize=REMEMBERED)
    def near(x: float, y: float, country: str) -> bool:
        """Whether a point lies within NEAR_KM of a place of a country."""
        with suppress(InputError):
            point = LonLat(lon=x, lat=y)
            for radius in (NEAR_KM / 6, NEAR_KM):
                found = gazetteer().near(point, radius_km=radius, limit=10_000)
                if any(place.country == country for _, place in found):
                    return True
        return False

    return lambda x, y, country: near(round(x, 1), round(y, 1), country)


def _unique(rows: Iterator[_Found | Refused], seen: SeenIds) -> Iterator[Row | Refused]:
    """The rows, with what is there twice refused."""
    for found in rows:
        if isinstance(found, Refused):
            yield found
            continue
        where, row, is_made = found
        if not seen.add(str(row["event_id"])):
            said = (
                "it says the same as an earlier row and has no id"
                if is_made
                else f"event_id {row['event_id']!r} is there already"
            )
            yield Refused(where, f"{said}; give each event its own id, or take one row out")
            continue
        yield row
