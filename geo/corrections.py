"""The corrections file: what people wrote by hand of events, checked line by line.

Hides: how the file looks (CSV as spreadsheets write it, or YAML) and what may stand in it. What a correction does is
`geo/corrected.py`'s. A line that cannot be used is a problem that names file, line, value and remedy; the others go on.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from gazetteer import Gazetteer
from gazetteer.errors import CodeError, InputError
from gazetteer.names import fold_name
from gazetteer.place import LonLat, Place, great_circle_km
from geo.cells import unsafe_cell
from geo.coordinates import nearest_known, place_at
from geo.event import CLAIM_KINDS, EVENT_TYPES, LEVELS, PROMINENCES, STATUSES, Claim, event_type_of

__all__ = [
    "COLUMNS",
    "FIELDS",
    "FLAGS",
    "VERBS",
    "Correction",
    "Corrections",
    "parse_corrections",
    "read_corrections",
]

VERBS = ("pin", "set", "clear", "reject", "add", "split", "merge", "checked", "flag")

#: Columns that say what a line is about; each field may be a column too.
COLUMNS = (
    "verb event_id report_id article_id start end name place lon lat field value quote by when note".split(" ")
)  # fmt: skip

#: What a reader may flag as wrong of an event, without saying what is right.
FLAGS = ("place", "date", "type", "number", "duplicate", "event")

#: A point this far from all places of its name, whose mirror image lies within a tenth of it, has its columns swapped.
FAR_FROM_NAME_KM = 500.0
#: Places of a name that a point is compared with.
NAMESAKES = 20

_POINT = re.compile(r"\s*(-?\d+(?:\.\d+)?)\s*[,; ]\s*(-?\d+(?:\.\d+)?)\s*")
_RANGE = re.compile(r"(?P<low>\d{1,7})(?:\s*(?:-|–|to)\s*(?P<high>\d{1,7})|(?P<open>\s*\+))?")
_INTERVAL = re.compile(r"\s*(?:/|\.\.|–| to )\s*")
_IDS = re.compile(r"[;,\s]+")


@dataclass(frozen=True, slots=True)
class Correction:
    """One line of a corrections file. Its target is the first of event, report, span of an article, name that it gives."""

    line: int
    verb: str  # one of VERBS
    event_ids: tuple[str, ...] = ()
    report_ids: tuple[str, ...] = ()
    article_id: str | None = None
    span: tuple[int, int] | None = None  # in the article's text
    name: str | None = None  # as written in articles
    place: Place | None = None
    values: tuple[tuple[str, Any], ...] = ()  # field -> value; None clears it
    quote: str | None = None
    note: str | None = None
    by: str | None = None
    when: date | None = None

    @property
    def signed(self) -> str:
        """Who and when, as far as it says: "A. Reader, 2026-11-20"."""
        return ", ".join(part for part in (self.by, self.when.isoformat() if self.when else None) if part)

    @property
    def is_name_pin(self) -> bool:
        """Whether it says what a name means in texts, and not where one event was."""
        return self.verb == "pin" and not self.event_ids and not self.report_ids


@dataclass(frozen=True, slots=True)
class Corrections:
    """What a corrections file says, in the order of its lines, and what could not be used of it."""

    source: str
    items: tuple[Correction, ...] = ()
    problems: tuple[str, ...] = ()  # each names file and line

    @property
    def name_pins(self) -> tuple[Correction, ...]:
        """What names mean, the widest scope first: everywhere, in one article, at one span."""
        pins = [item for item in self.items if item.is_name_pin]
        return tuple(sorted(pins, key=lambda pin: (pin.article_id is not None, pin.span is not None, pin.line)))

    def at(self, *lines: int) -> str:
        """Where lines stand, for messages: "corrections.csv:3 and corrections.csv:7"."""
        return " and ".join(f"{self.source}:{line}" for line in sorted(set(lines)))


# --- reading ----------------------------------------------------------------------------------------------------------


def read_corrections(path: str | Path, gazetteer: Gazetteer) -> Corrections:
    """What the file says: YAML by its suffix (.yaml, .yml), else CSV. Raises InputError when it cannot be read at all."""
    path = Path(path)
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such file; check the name") from None
    except OSError as exc:
        raise InputError(f"{path}: cannot be read ({exc.strerror}); check the file and its permissions") from exc
    encoding = "utf-16" if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as exc:
        line = raw[: exc.start].count(b"\n") + 1
        raise InputError(f"{path}:{line}: not {encoding.removesuffix('-sig').upper()}; save it as CSV UTF-8") from exc
    return parse_corrections(text, source=str(path), gazetteer=gazetteer)


def parse_corrections(text: str, *, source: str, gazetteer: Gazetteer) -> Corrections:
    """The corrections of a text, as YAML where the name of `source` ends so, else as CSV.

    The gazetteer knows the places that lines pin to. Of two lines that pin one name in one scope to different places
    neither counts.
    """
    problems: list[str] = []

    def problem(line: int, what: object) -> None:
        problems.append(f"{source}:{line}: {what}")

    is_yaml = source.lower().endswith((".yaml", ".yml"))
    items = []
    for line, cells in (_yaml_rows if is_yaml else _csv_rows)(text.removeprefix("\ufeff"), source, problem):
        try:
            items.append(_correction(line, cells, gazetteer))
        except InputError as exc:
            problem(line, exc)
    wrong = set()
    for lines, name, places in _clashing_pins(items):
        at = " and ".join(f"{source}:{line}" for line in lines)
        problems.append(f"{at}: contradict each other: {name!r} is {' and '.join(places)}; neither counts, keep one")
        wrong.update(lines)
    kept = tuple(item for item in items if item.line not in wrong)
    return Corrections(source=source, items=kept, problems=tuple(problems))


_Rows = Iterator[tuple[int, dict[str, str]]]
_Problem = Callable[[int, object], None]


def _csv_rows(text: str, source: str, problem: _Problem) -> _Rows:
    """Line number and filled cells of each row; the separator is the one that the header has most of."""
    lines = _Uncommented(text)
    first = next((line for line in _Uncommented(text) if line.strip()), "")
    reader = csv.reader(lines, delimiter=max(",;\t", key=first.count))
    header: list[str] | None = None
    at = 0
    try:
        for row in reader:
            at = lines.row_start
            if not any(cell.strip() for cell in row):
                continue
            if header is None:
                header = [_column(cell) for cell in row]
                _check_header(header, at, problem)
                if "verb" not in header:
                    return
                continue
            if extra := [cell for cell in row[len(header) :] if cell.strip()]:
                problem(
                    at, f"{len(row)} cells, but the header has {len(header)} ({extra[0]!r} is left over); quote texts"
                )
                continue
            cells = {name: unsafe_cell(cell.strip()) for name, cell in zip(header, row, strict=False)}
            yield at, {name: cell for name, cell in cells.items() if cell}
    except csv.Error as exc:
        problem(lines.row_start, f"not CSV that can be read ({exc}); this line and those after it are left out")
    if header is None and at == 0:
        problem(1, f"no header; the first line names the columns: {','.join(COLUMNS[:4])},...")


class _Uncommented:
    """The lines of a CSV text without those that begin with "#"; knows in which line the current row began."""

    def __init__(self, text: str) -> None:
        self._lines = enumerate(io.StringIO(text, newline=""), start=1)
        self._is_open = False
        self.row_start = 1

    def __iter__(self) -> _Uncommented:
        return self

    def __next__(self) -> str:
        for number, line in self._lines:
            if self._is_open or not line.lstrip().startswith("#"):
                if not self._is_open:
                    self.row_start = number
                self._is_open ^= line.count('"') % 2 == 1
                return line
        raise StopIteration


def _column(cell: str) -> str:
    return re.sub(r"[\s-]+", "_", cell.strip().lower())


def _check_header(header: list[str], line: int, problem: _Problem) -> None:
    if "verb" not in header:
        problem(line, f"no column 'verb' ({', '.join(filter(None, header))}); the first line names the columns")
    for name in header:
        if name and name not in COLUMNS and name not in FIELDS:
            problem(line, f"column {name!r} is unknown and left out; columns are {', '.join(COLUMNS)}, or a field")
    for name in sorted({name for name in header if name and header.count(name) > 1}):
        problem(line, f"column {name!r} stands twice; the last one counts, rename the other")


def _yaml_rows(text: str, source: str, problem: _Problem) -> _Rows:
    """Line number and filled values of each entry of a YAML list of mappings. All values are read as texts."""
    try:
        import yaml  # noqa: PLC0415  an extra
    except ImportError:
        raise InputError(f"{source}: YAML needs one more part: pip install 'conflictmap[yaml]'; or write CSV") from None
    try:
        root = yaml.compose(text, Loader=yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError) as exc:
        mark = getattr(exc, "problem_mark", None)
        problem(
            mark.line + 1 if mark else 1, f"not YAML ({getattr(exc, 'problem', None) or exc}); nothing of it counts"
        )
        return
    if root is None:
        return
    if not isinstance(root, yaml.SequenceNode):
        problem(root.start_mark.line + 1, "a list is expected, each entry with '- verb: ...'")
        return
    for entry in root.value:
        line = entry.start_mark.line + 1
        if not isinstance(entry, yaml.MappingNode):
            problem(line, "an entry 'verb: ...' with its keys is expected")
            continue
        cells: dict[str, str] = {}
        for key, value in entry.value:
            name = _column(str(key.value)) if isinstance(key, yaml.ScalarNode) else ""
            if name not in COLUMNS and name not in FIELDS:
                problem(key.start_mark.line + 1, f"key {name!r} is unknown and left out; keys are {', '.join(COLUMNS)}")
            elif isinstance(value, yaml.ScalarNode):
                cells[name] = value.value.strip()
            elif isinstance(value, yaml.SequenceNode) and all(isinstance(v, yaml.ScalarNode) for v in value.value):
                cells[name] = "; ".join(v.value.strip() for v in value.value)
            else:
                problem(value.start_mark.line + 1, f"the value of {name!r} is neither a text nor a list of texts")
        yield line, {name: cell for name, cell in cells.items() if cell}


# --- one line ---------------------------------------------------------------------------------------------------------


def _correction(line: int, cells: Mapping[str, str], gazetteer: Gazetteer) -> Correction:
    """The correction of a line. Raises InputError, without file and line, that says what is wrong and the remedy."""
    verb = cells.get("verb", "").lower()
    if verb not in VERBS:
        said = f"verb {verb!r} is unknown" if verb else "the verb is missing"
        raise InputError(f"{said}; verbs are {', '.join(VERBS)}")
    item = Correction(
        line=line,
        verb=verb,
        event_ids=_ids(cells, "event_id"),
        report_ids=_ids(cells, "report_id"),
        article_id=cells.get("article_id"),
        span=_span(cells),
        name=cells.get("name"),
        place=_place(cells, verb, gazetteer),
        values=tuple(_values(cells, verb)),
        quote=cells.get("quote"),
        note=cells.get("note"),
        by=cells.get("by"),
        when=_day(cells["when"], "when") if "when" in cells else None,
    )
    if verb == "merge":
        ids = dict.fromkeys((*item.event_ids, *item.report_ids, *_ids(cells, "value")))
        item = Correction(line=line, verb=verb, event_ids=tuple(ids), by=item.by, when=item.when)
    _check(item)
    return item


def _check(item: Correction) -> None:
    """Raises InputError where a line lacks what its verb needs."""
    has_span = item.article_id is not None and item.span is not None
    has_target = bool(item.event_ids or item.report_ids or has_span)
    match item.verb:
        case "pin":
            if item.place is None:
                raise InputError("pin says no place; give its id in 'place' (geonames:172408), or 'lon' and 'lat'")
            if not has_target and item.name is None:
                raise InputError("pin says no name; give 'name', an event_id, or article_id with start and end")
        case "merge":
            if len(item.event_ids) < 2:
                raise InputError("merge needs two events; give both in 'event_id' with ';' between")
        case "add":
            if not any(field == "sub_event_type" for field, _ in item.values):
                raise InputError("add says no sub_event_type; give it in a column of this name")
        case _ if not has_target:
            raise InputError(f"{item.verb} says no target; give event_id, report_id, or article_id with start and end")
        case "set" | "clear" if not item.values:
            raise InputError(f"{item.verb} says no field; give 'field' (one of {', '.join(FIELDS)})")
        case "flag" if not item.values:
            raise InputError(f"flag says no field; give 'field' (one of {', '.join(FLAGS)})")
        case "checked" if item.by is None or item.when is None:
            raise InputError(f"checked says no {'name' if item.by is None else 'day'}; give both 'by' and 'when'")


def _ids(cells: Mapping[str, str], column: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part for part in _IDS.split(cells.get(column, "")) if part))


def _span(cells: Mapping[str, str]) -> tuple[int, int] | None:
    if "start" not in cells and "end" not in cells:
        return None
    try:
        start, end = int(cells["start"]), int(cells["end"])
    except KeyError as exc:
        raise InputError(f"{exc.args[0]!r} is missing beside the other end of the span; give both") from None
    except ValueError:
        raise InputError(f"span {cells['start']!r} to {cells['end']!r} is no pair of whole numbers") from None
    if not 0 <= start < end:
        raise InputError(f"span {start} to {end} is empty; 'end' is the offset after the last letter")
    if "article_id" not in cells:
        raise InputError(f"span {start} to {end} is in no article; give 'article_id'")
    return start, end


def _place(cells: Mapping[str, str], verb: str, gazetteer: Gazetteer) -> Place | None:
    """The place of a line: by id, or a point of its own."""
    if verb not in ("pin", "add"):
        return None
    said = cells.get("place") or (cells.get("value") if verb == "pin" and "field" not in cells else None)
    lon, lat = cells.get("lon"), cells.get("lat")
    pair = _POINT.fullmatch(said) if said is not None else None
    if pair is not None:
        lon, lat = pair[1], pair[2]
    elif said is not None:
        return _known_place(said, gazetteer)
    if lon is None and lat is None:
        return None
    if lon is None or lat is None:
        raise InputError(f"{'lon' if lon is None else 'lat'} is missing beside the other; give both")
    return _place_at(_point(lon, lat), cells.get("name"), gazetteer)


def _known_place(said: str, gazetteer: Gazetteer) -> Place:
    place = gazetteer.place(said)
    if place is None and ":" not in said:
        raise InputError(f"place {said!r} is no id; find the id with: conflictmap places {said!r} --json")
    if place is None:
        raise InputError(
            f"place {said!r} is not in this gazetteer; look for its id with 'conflictmap places', or give lon and lat"
        )
    return place


def _point(lon: str, lat: str) -> LonLat:
    try:
        x, y = (float(part.replace(",", ".")) for part in (lon, lat))
    except ValueError:
        raise InputError(
            f"lon {lon!r}, lat {lat!r} are no decimal degrees; write them as 37.5157 and 36.3705"
        ) from None
    if not (math.isfinite(x) and math.isfinite(y)):
        raise InputError(f"lon {lon!r}, lat {lat!r} are no decimal degrees; write them as 37.5157 and 36.3705")
    try:
        return LonLat(lon=x, lat=y)
    except InputError as exc:
        remedy = "" if "swapped" in str(exc) else "; longitude comes first" if abs(y) <= 90 >= abs(x) else ""
        raise InputError(f"{exc}{remedy or '; write longitude first, in decimal degrees'}") from None


def _place_at(point: LonLat, name: str | None, gazetteer: Gazetteer) -> Place:
    if name is not None:
        _check_is_not_swapped(point, name, gazetteer)
    return place_at(point, nearest_known(point, gazetteer), name=name, feature="P.PPL", source="correction")


def _check_is_not_swapped(point: LonLat, name: str, gazetteer: Gazetteer) -> None:
    if abs(point.lon) > 90:
        return
    mirrored = LonLat(lon=point.lat, lat=point.lon)
    known = [candidate.place.point for candidate in gazetteer.find(name, limit=NAMESAKES)]
    here = min((great_circle_km(point, other) for other in known), default=0.0)
    there = min((great_circle_km(mirrored, other) for other in known), default=math.inf)
    if here > FAR_FROM_NAME_KM and there < FAR_FROM_NAME_KM / 10:
        raise InputError(
            f"lon {point.lon:g}, lat {point.lat:g} is {here:,.0f} km from every {name!r}, but the other way round "
            f"{there:.0f} km: the columns are swapped; write lon {point.lat:g}, lat {point.lon:g}"
        )


def _clashing_pins(items: Iterable[Correction]) -> Iterator[tuple[list[int], str, list[str]]]:
    """Lines that pin the same name in the same scope to different places, with the name and the places."""
    said: dict[tuple[object, ...], list[Correction]] = defaultdict(list)
    for item in items:
        if item.is_name_pin:
            name = fold_name(item.name) if item.name is not None and item.span is None else ""
            said[item.article_id, item.span, name].append(item)
    for pins in said.values():
        places = dict.fromkeys(pin.place.id for pin in pins if pin.place is not None)
        if len(places) > 1:
            shown = pins[0].name or f"{pins[0].article_id} {pins[0].span}"
            yield [pin.line for pin in pins], shown, list(places)


# --- fields -----------------------------------------------------------------------------------------------------------


def _day(text: str, column: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError(f"{column} {text!r} is no day; write it as 2017-01-18") from None


def _one_of(allowed: Iterable[str], column: str) -> Callable[[str], str]:
    known = {value.lower(): value for value in allowed}

    def read(text: str) -> str:
        try:
            return known[text.lower()]
        except KeyError:
            raise InputError(f"{column} {text!r} is unknown; it is one of: {', '.join(known.values())}") from None

    return read


def _list(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in text.split(";") if part.strip()))


def _claim(kind: str) -> Callable[[str], Claim]:
    def read(text: str) -> Claim:
        match = _RANGE.fullmatch(text)
        if match is None:
            raise InputError(f"{kind} {text!r} is no number; write 14, 14-18, or 14+ for at least 14")
        low = int(match["low"])
        high = None if match["open"] else int(match["high"] or low)
        if high is not None and high < low:
            raise InputError(f"{kind} {text!r} ends before it starts; write the lower number first")
        return Claim(kind=kind, low=low, high=high, words=f"at least {low}" if high is None else text)

    return read


def _radius(text: str) -> float:
    try:
        km = float(text.replace(",", "."))
    except ValueError:
        km = math.nan
    if not 0 < km < 20_000:
        raise InputError(f"radius_km {text!r} is no distance in km above 0")
    return km


def _as_day(column: str) -> Callable[[str], date]:
    return lambda text: _day(text, column)


_SUB_TYPES = [sub for subs in EVENT_TYPES.values() for sub in subs]

#: What `set` can say of an event, and how a text is read.
_READERS: dict[str, Callable[[str], Any]] = {
    "date_start": _as_day("date_start"),
    "date_end": _as_day("date_end"),
    "sub_event_type": _one_of(_SUB_TYPES, "sub_event_type"),
    "summary": lambda text: " ".join(text.split()),
    "actors": _list,
    "targets": _list,
    **{kind: _claim(kind) for kind in CLAIM_KINDS},
    "status": _one_of(STATUSES, "status"),
    "prominence": _one_of(PROMINENCES, "prominence"),
    "location_level": _one_of(LEVELS, "location_level"),
    "radius_km": _radius,
}

#: All that may stand in `field`; "date" is both ends, "event_type" only goes with a sub-type.
FIELDS = ("date", "event_type", *_READERS)
_CLEARABLE = ("date", "date_start", "date_end", "place", "actors", "targets", *CLAIM_KINDS)
#: Names that people take from the table or from the issue of a reader, and what is meant.
_SYNONYMS = {
    "type": "event_type",
    "sub_type": "sub_event_type",
    "subtype": "sub_event_type",
    "actor": "actors",
    "target": "targets",
}


def _values(cells: Mapping[str, str], verb: str) -> Iterator[tuple[str, Any]]:
    """The fields that a line sets, or clears (None)."""
    if verb == "clear":
        names = [_column(name) for name in _list(cells.get("field", ""))]
        for name in names:
            if _SYNONYMS.get(name, name) not in _CLEARABLE:
                raise InputError(f"field {name!r} cannot be cleared; it is one of: {', '.join(_CLEARABLE)}")
        fields = dict.fromkeys(
            part for name in names for part in (_DATES if name.startswith("date") else (_SYNONYMS.get(name, name),))
        )
        yield from ((field, None) for field in fields)
        return
    if verb == "flag" and "field" in cells:
        yield "flag", _one_of(FLAGS, "field")(cells["field"])
    if verb not in ("set", "add"):
        return
    given = {name: cells[name] for name in FIELDS if name in cells}
    if "field" in cells:
        name = _column(cells["field"])
        if "value" not in cells:
            raise InputError(f"field {name!r} has no value; give one, or use the verb clear")
        given[_SYNONYMS.get(name, name)] = cells["value"]
    yield from _read_fields(given)


_DATES = ("date_start", "date_end")


def _read_fields(given: dict[str, str]) -> Iterator[tuple[str, Any]]:
    if "date" in given:
        first, *rest = _INTERVAL.split(given.pop("date").strip())
        given |= {"date_start": first, "date_end": rest[-1] if rest else first}
    kind = given.pop("event_type", None)
    values = {}
    for field, text in given.items():
        if field in ("place", "lon", "lat", "longitude", "latitude", "country", "admin1"):
            raise InputError(f"field {field!r} is not set by itself; use the verb pin, with place or lon and lat")
        if field.endswith(("_low", "_high")) and field.rpartition("_")[0] in CLAIM_KINDS:
            whole = field.rpartition("_")[0]
            raise InputError(f"field {field!r} is set as a whole; write field {whole!r} with a value like 14 or 14-18")
        if field not in _READERS:
            raise InputError(f"field {field!r} is unknown; it is one of: {', '.join(FIELDS)}")
        values[field] = _READERS[field](text)
    if "date_start" in values and "date_end" in values and values["date_end"] < values["date_start"]:
        raise InputError(
            f"date_end {values['date_end']} is before date_start {values['date_start']}; are they swapped?"
        )
    if kind is not None:
        _check_type(kind, values.get("sub_event_type"))
    yield from values.items()


def _check_type(kind: str, sub: str | None) -> None:
    """A type follows from its sub-type: alone it would leave the sub-type wrong."""
    kind = _one_of(EVENT_TYPES, "event_type")(kind)
    try:
        fits = sub is not None and event_type_of(sub) == kind
    except CodeError as exc:
        raise InputError(str(exc)) from exc
    if not fits:
        raise InputError(
            f"event_type {kind!r} follows from the sub-type; set sub_event_type to one of: {', '.join(EVENT_TYPES[kind])}"
        )
