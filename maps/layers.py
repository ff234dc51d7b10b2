"""Events to the layers of the page: folium elements that carry their data as columns.

Hides: what the page knows of an event, how the columns are laid out, that longitude and latitude swap for the map, and
how rows of an event table are read where there are no Event objects. Nothing is computed about events here; the only
geometry is which outline an area has and which box the map opens on.
"""

from __future__ import annotations

import base64
import json
import math
import re
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from branca.element import Element, MacroElement
from folium.template import Template

from gazetteer import InputError, LonLat, great_circle_km
from gazetteer.place import Candidate, Reason
from geo.event import CONFIDENCE_CLASSES, EVENT_TYPES, LEVELS, STATUSES, Claim, Confidence, Event, Evidence, Location
from geo.event import Report, event_type_of
from maps.basemap import asset_text, country_name, divisions_of, outlines_json, outlines_source, unit_index
from maps.style import page_style, symbol_kind

__all__ = [
    "BaseMap",
    "Entry",
    "EventLayer",
    "MentionedPlace",
    "PageStats",
    "Verbatim",
    "entries_of",
    "escape_json",
    "main_box",
    "safe_url",
]

_STATIC = Path(__file__).parent / "static"
_SCRIPTS = ("words.js", "outlines.js", "symbols.js", "panel.js", "page.js")

#: Up to this many events their details stand in the page as plain JSON, which people and scripts can still read in ten
#: years; beyond it they are deflated in chunks (50,000 synthetic events: 12 MB instead of 60), unpacked when one is opened.
PLAIN_DETAILS = 2_000
CHUNK = 200  # events; a chunk unpacks in about a millisecond


@dataclass(frozen=True, slots=True)
class MentionedPlace:
    """A place that articles name without an event there."""

    name: str
    lon: float  # degrees
    lat: float  # degrees
    place_id: str
    count: int  # how often it is named
    article_ids: tuple[str, ...] = ()
    native_name: str | None = None  # in the local script

    def __post_init__(self) -> None:
        LonLat(lon=self.lon, lat=self.lat)


@dataclass(frozen=True, slots=True)
class PageStats:
    """What was read to make the page. Unknown is None, and then not shown."""

    articles: int | None = None
    publishers: int | None = None
    skipped: int = 0  # inputs that could not be used
    rejected: int | None = None  # event words that were read and put no pin: planned, denied, ...
    data_until: date | None = None  # publication date of the latest article


@dataclass(frozen=True, slots=True)
class Entry:
    """What the page knows of one event, whether it came as an Event or as a row of a table."""

    event_id: str
    event_type: str
    sub_event_type: str
    summary: str
    start: date | None
    end: date | None
    lon: float | None  # None when unlocated
    lat: float | None
    level: str | None
    radius_km: float | None
    place: str | None  # name of the place
    country: str | None  # ISO alpha-2
    admin1: str | None  # name of the first-level division
    status: str
    prominence: str
    confidence: str
    unlocated_reason: str | None
    details: dict[str, Any] = field(default_factory=dict)  # for the evidence panel; JSON values


# --- events -----------------------------------------------------------------------------------------------------------


def entries_of(events: Sequence[Event] | Any) -> list[Entry]:
    """One entry per event, sorted by date (undated last), then id. Takes Events or a GeoDataFrame of the flat columns."""
    if hasattr(events, "columns"):
        entries = [_row_entry(row, line) for line, row in enumerate(_rows(events), start=1)]
    else:
        entries = [_event_entry(event) for event in events]
    return sorted(entries, key=lambda e: (e.start is None, e.start or date.min, e.end or date.min, e.event_id))


def _event_entry(event: Event) -> Entry:
    at = event.location
    return Entry(
        event_id=event.event_id,
        event_type=event.event_type,
        sub_event_type=event.sub_event_type,
        summary=event.summary,
        start=event.when.start if event.when else None,
        end=event.when.end if event.when else None,
        lon=at.lon if at else None,
        lat=at.lat if at else None,
        level=at.level if at else None,
        radius_km=at.radius_km if at else None,
        place=at.place.name if at else None,
        country=at.place.country if at else None,
        admin1=_admin1_name(at) if at else None,
        status=event.status,
        prominence=event.prominence,
        confidence=event.confidence.label,
        unlocated_reason=event.unlocated_reason,
        details=_event_details(event),
    )


def _admin1_name(at: Location) -> str | None:
    return at.place.name if at.place.is_admin1 else at.place.admin1_name


def _event_details(event: Event) -> dict[str, Any]:
    publisher_of = {report.article_id: report.publisher for report in event.reports}
    return _filled(
        {
            "family": event.family_id if event.family_id != event.event_id else None,
            "basis": event.when.basis if event.when else None,
            "method": event.when.method if event.when else None,
            "where": _where(event.location) if event.location else None,
            "actors": list(event.actors),
            "targets": list(event.targets),
            "claims": [_claim(claim, publisher_of) for claim in event.casualties],
            "confidence": _confidence(event.confidence),
            "reports": [_report(report) for report in event.reports],
        }
    )


def _filled(values: dict[str, Any]) -> dict[str, Any]:
    """The values without those that say nothing; zero and False say something."""
    return {name: value for name, value in values.items() if value is not None and value not in ([], {}, "")}


def _where(at: Location) -> dict[str, Any]:
    place = at.place
    return _filled(
        {
            "native": place.native_name,
            "id": place.id,
            "kind": place.feature_code,
            "admin1": place.admin1_name,
            "admin2": place.admin2,
            "pcode": place.pcode,
            "phrase": at.phrase,
            "reasons": _reasons(at.reasons),
            "rivals": [_rival(candidate, at) for candidate in at.rivals],
        }
    )


def _reasons(reasons: Iterable[Reason]) -> list[str]:
    return [reason.text for reason in reasons]


def _rival(candidate: Candidate, at: Location) -> dict[str, Any]:
    place = candidate.place
    return _filled(
        {
            "name": place.name,
            "native": place.native_name,
            "admin1": place.admin1_name,
            "country": country_name(place.country) or place.country,
            "km": round(great_circle_km(at.place.point, place.point)),
            "score": round(candidate.score, 2),
            "reasons": _reasons(candidate.reasons),
        }
    )


def _claim(claim: Claim, publisher_of: Mapping[str, str | None]) -> dict[str, Any]:
    source = publisher_of.get(claim.evidence.article_id) if claim.evidence else None
    return _filled(
        {
            "kind": claim.kind,
            "low": claim.low,
            "high": claim.high,
            "words": claim.words,
            "whose": claim.whose,
            "source": source,
        }
    )


def _confidence(confidence: Confidence) -> dict[str, Any]:
    return _filled({"score": round(confidence.score, 2), "reasons": _reasons(confidence.reasons)})


def _report(report: Report) -> dict[str, Any]:
    return _filled(
        {
            "article": report.article_id,
            "title": report.article_title,
            "publisher": report.publisher,
            "published": report.published.isoformat() if report.published else None,
            "url": safe_url(report.url),
            "url_text": report.url if report.url and safe_url(report.url) is None else None,
            "sub": report.sub_event_type,
            "status": report.status,
            "quote": marked_quote(report.evidence),
        }
    )


def marked_quote(evidence: Evidence) -> list[list[Any]]:
    """The quote cut at its spans: [text, [kinds]] pieces whose texts join to the quote. Spans may overlap.

    Pieces instead of offsets, because JavaScript counts in other units than Python.
    """
    length = len(evidence.quote)
    spans = [
        (max(0, span.start - evidence.start), min(length, span.end - evidence.start), span.kind)
        for span in evidence.spans
    ]
    cuts = sorted({0, length, *(cut for start, end, _ in spans if start < end for cut in (start, end))})
    return [
        [evidence.quote[start:end], sorted({kind for low, high, kind in spans if low <= start and end <= high})]
        for start, end in pairwise(cuts)
    ]


def safe_url(url: str | None) -> str | None:
    """The URL if it is an absolute http(s) one without blanks or control characters, else None.

    >>> safe_url("https://example.org/a"), safe_url("javascript:alert(1)"), safe_url("//example.org")
    ('https://example.org/a', None, None)
    """
    if url is None or any(ord(letter) <= 32 or ord(letter) == 127 for letter in url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None


# --- rows -------------------------------------------------------------------------------------------------------------


def _rows(frame: Any) -> list[dict[str, Any]]:
    """The rows of a (Geo)DataFrame as dicts; blanks of every kind are None; `lon` and `lat` are of the geometry."""
    plain = frame.drop(columns=[frame.geometry.name]) if hasattr(frame, "geometry") else frame
    blank = plain.isna()
    records = plain.astype(object).where(~blank, None).to_dict("records")
    if hasattr(frame, "geometry"):
        for record, shape in zip(records, frame.geometry, strict=True):
            if shape is not None and not shape.is_empty:
                point = shape if shape.geom_type == "Point" else shape.representative_point()
                record["longitude"], record["latitude"] = point.x, point.y
    return [{str(name): value for name, value in record.items()} for record in records]


def _row_entry(row: dict[str, Any], line: int) -> Entry:
    """An entry from one row of the flat table; columns that are missing are None."""
    sub = _text(row, "sub_event_type") or "Other"
    lon, lat = _number(row, "longitude"), _number(row, "latitude")
    level = _text(row, "location_level") or ("settlement" if lon is not None else None)
    if level is not None and level not in LEVELS:
        raise InputError(f"row {line}: location_level {level!r} is none of {', '.join(LEVELS)}")
    if lon is not None and lat is not None:
        LonLat(lon=lon, lat=lat)
    event_id = _text(row, "event_id") or f"row-{line}"
    located = lon is not None and lat is not None
    return Entry(
        event_id=event_id,
        event_type=_text(row, "event_type") or event_type_of(sub),
        sub_event_type=sub,
        summary=_text(row, "summary") or sub,
        start=_day(row, "date_start"),
        end=_day(row, "date_end") or _day(row, "date_start"),
        lon=lon if located else None,
        lat=lat if located else None,
        level=level if located else None,
        radius_km=(_number(row, "radius_km") or LEVELS[str(level)][2]) if located else None,
        place=_text(row, "place"),
        country=_text(row, "country"),
        admin1=_text(row, "admin1"),
        status=_text(row, "status") or "reported",
        prominence=_text(row, "prominence") or "main",
        confidence=_text(row, "confidence") or "low",
        unlocated_reason=None if located else _text(row, "unlocated_reason") or "no reason given",
        details=_row_details(row, event_id),
    )


def _row_details(row: dict[str, Any], event_id: str) -> dict[str, Any]:
    family, score = _text(row, "family_id"), _number(row, "confidence_score")
    where = {
        "id": _text(row, "place_id"),
        "admin1": _text(row, "admin1"),
        "admin2": _text(row, "admin2"),
        "pcode": _text(row, "pcode"),
    }
    return _filled(
        {
            "family": family if family != event_id else None,
            "basis": _text(row, "date_basis"),
            "method": _text(row, "date_method"),
            "where": _filled(where),
            "actors": _listed(row, "actors"),
            "targets": _listed(row, "targets"),
            "claims": _row_claims(row),
            "confidence": {"score": round(score, 2)} if score is not None else None,
            "reports": _row_reports(row),
        }
    )


def _row_claims(row: dict[str, Any]) -> list[dict[str, Any]]:
    claims = []
    for kind in ("killed", "wounded"):
        low, high = _number(row, f"{kind}_low"), _number(row, f"{kind}_high")
        if low is not None or high is not None:
            claims.append(_filled({"kind": kind, "low": _whole(low), "high": _whole(high)}))
    words = _text(row, "casualty_words")
    return [*claims, {"kind": "words", "words": words}] if words else claims


def _row_reports(row: dict[str, Any]) -> list[dict[str, Any]]:
    """One report per URL or publisher of the row, in the table's order; the row's one quote stands with the first."""
    urls, sources, dates = (_listed(row, name) for name in ("urls", "sources", "published"))
    articles, quote = _listed(row, "article_ids"), _text(row, "quote")
    reports = []
    for i in range(max(len(urls), len(sources), len(articles), 1 if quote else 0)):
        url = urls[i] if i < len(urls) else None
        reports.append(
            _filled(
                {
                    "article": articles[i] if i < len(articles) else None,
                    "publisher": sources[i] if i < len(sources) else None,
                    "published": dates[i] if i < len(dates) else None,
                    "url": safe_url(url),
                    "url_text": url if url and safe_url(url) is None else None,
                    "quote": [[quote, []]] if quote and i == 0 else None,
                }
            )
        )
    return reports


def _text(row: dict[str, Any], column: str) -> str | None:
    value = row.get(column)
    return None if value is None or str(value) == "" else str(value)


def _number(row: dict[str, Any], column: str) -> float | None:
    value = row.get(column)
    if value is None or value == "":
        return None
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise InputError(f"column {column}: {value!r} is no number") from None
    return number if math.isfinite(number) else None


def _whole(number: float | None) -> int | None:
    return None if number is None else int(number)


def _day(row: dict[str, Any], column: str) -> date | None:
    text = _text(row, column)
    if text is None:
        return None
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        raise InputError(f"column {column}: {text!r} is no ISO date (YYYY-MM-DD)") from None


def _listed(row: dict[str, Any], column: str) -> list[str]:
    return [part.strip() for part in (_text(row, column) or "").split(";") if part.strip()]


# --- the view ---------------------------------------------------------------------------------------------------------

#: Events further from the middle than this many times the median distance do not pull the first view apart, nor do those
#: within NEAR_KM ever count as far: with Moscow beside forty Syrian events the map opens on Syria.
FAR_FACTOR = 3.0
NEAR_KM = 250.0
KM_PER_DEGREE = 111.2

Box = list[list[float]]  # [[south, west], [north, east]] in degrees: latitude first, as Leaflet has it


def main_box(entries: Sequence[Entry]) -> Box | None:
    """The box that the map opens on: where most located main events are. None without one.

    Country-level events count only when there is nothing closer.
    """
    located = [e for e in entries if e.lon is not None]
    main = [e for e in located if e.prominence == "main"] or located
    group = [e for e in main if symbol_kind(str(e.level)) != "country"] or main
    if not group:
        return None
    middle = LonLat(lon=_median([float(e.lon or 0) for e in group]), lat=_median([float(e.lat or 0) for e in group]))
    distances = [great_circle_km(middle, LonLat(lon=float(e.lon or 0), lat=float(e.lat or 0))) for e in group]
    reach = max(NEAR_KM, FAR_FACTOR * _median(distances))
    return box_of([entry for entry, km in zip(group, distances, strict=True) if km <= reach] or group)


def box_of(entries: Sequence[Entry]) -> Box | None:
    """The box around located entries and what is known of their extent. None without one."""
    edges = []
    for entry in entries:
        if entry.lon is not None and entry.lat is not None:
            margin = (entry.radius_km or 0) / KM_PER_DEGREE
            wide = margin / max(0.1, math.cos(math.radians(entry.lat)))
            edges.append((entry.lat - margin, entry.lon - wide, entry.lat + margin, entry.lon + wide))
    if not edges:
        return None
    souths, wests, norths, easts = zip(*edges, strict=True)
    return [
        [round(max(-85.0, min(souths)), 4), round(max(-180.0, min(wests)), 4)],
        [round(min(85.0, max(norths)), 4), round(min(180.0, max(easts)), 4)],
    ]


def _median(values: Sequence[float]) -> float:
    return sorted(values)[len(values) // 2]


# --- the page's data --------------------------------------------------------------------------------------------------


def page_data(
    entries: Sequence[Entry],
    *,
    title: str | None,
    toponyms: Sequence[MentionedPlace],
    stats: PageStats | None,
    provenance: str | None,
) -> dict[str, Any]:
    """All that the page shows beside the outlines, as JSON values."""
    located = [entry for entry in entries if entry.lon is not None]
    return {
        "title": title,
        "provenance": provenance,
        "stats": _stats(entries, stats),
        "style": page_style(),
        "countries": _country_names(entries),
        "view": {"main": main_box(entries), "all": box_of(located)},
        "events": _columns(entries),
        "details": _packed_details([entry.details for entry in entries]),
        "places": _place_columns(toponyms),
        "outlinesSource": outlines_source(),
    }


def _stats(entries: Sequence[Entry], stats: PageStats | None) -> dict[str, Any]:
    """The counts of the page: those given, else those that the reports show."""
    given = stats or PageStats()
    reports = [report for entry in entries for report in entry.details.get("reports", [])]
    articles = {report["article"] for report in reports if "article" in report}
    publishers = {report["publisher"] for report in reports if "publisher" in report}
    dates = [report["published"] for report in reports if "published" in report]
    until = given.data_until.isoformat() if given.data_until else max(dates, default=None)
    return {
        "articles": given.articles if given.articles is not None else len(articles) or None,
        "publishers": given.publishers if given.publishers is not None else len(publishers) or None,
        "skipped": given.skipped,
        "rejected": given.rejected,
        "until": until,
    }


def _country_names(entries: Sequence[Entry]) -> dict[str, str]:
    codes = sorted({entry.country for entry in entries if entry.country is not None})
    return {code: country_name(code) or code for code in codes}


_EPOCH = date(1970, 1, 1).toordinal()


def _columns(entries: Sequence[Entry]) -> dict[str, list[Any]]:
    """The events as columns, one value an event. Codes are indexes in the style's lists; dates are days since 1970."""
    types, levels = list(EVENT_TYPES), list(LEVELS)
    drawn = set(divisions_codes(entries))
    return {
        "id": [e.event_id for e in entries],
        "type": [_code(types, e.event_type, e) for e in entries],
        "sub": [e.sub_event_type for e in entries],
        "summary": [e.summary for e in entries],
        "start": [e.start.toordinal() - _EPOCH if e.start else None for e in entries],
        "end": [e.end.toordinal() - _EPOCH if e.end else None for e in entries],
        "lon": [round(e.lon, 5) if e.lon is not None else None for e in entries],
        "lat": [round(e.lat, 5) if e.lat is not None else None for e in entries],
        "level": [levels.index(e.level) if e.level else None for e in entries],
        "km": [round(e.radius_km, 1) if e.radius_km else None for e in entries],
        "place": [e.place for e in entries],
        "admin1": [e.admin1 for e in entries],
        "country": [e.country for e in entries],
        "unit": [_unit(e) if e.country in drawn else None for e in entries],
        "status": [_code(STATUSES, e.status, e) for e in entries],
        "background": [int(e.prominence == "background") for e in entries],
        "confidence": [_code(CONFIDENCE_CLASSES, e.confidence, e) for e in entries],
        "reason": [e.unlocated_reason for e in entries],
    }


def _code(codes: Sequence[str], value: str, entry: Entry) -> int:
    try:
        return codes.index(value)
    except ValueError:
        raise InputError(f"event {entry.event_id}: {value!r} is none of {', '.join(codes)}") from None


def _unit(entry: Entry) -> int | None:
    """The outline to shade for an event that is known to its first-level division only."""
    if entry.level != "adm1" or entry.lon is None or entry.lat is None:
        return None
    return _unit_of(entry.country, entry.admin1 or entry.place, entry.lon, entry.lat)


@cache
def _unit_of(country: str | None, name: str | None, lon: float, lat: float) -> int | None:
    return unit_index(country, name=name, lon=lon, lat=lat)


def divisions_codes(entries: Sequence[Entry]) -> list[str]:
    """The countries whose first-level outlines the page draws: where its located events are."""
    held = Counter(e.country for e in entries if e.country is not None and e.lon is not None and e.level != "country")
    return divisions_of({str(code): count for code, count in held.items()})


def _place_columns(places: Sequence[MentionedPlace]) -> dict[str, list[Any]]:
    ordered = sorted(places, key=lambda p: (-p.count, p.name, p.place_id))
    return {
        "id": [p.place_id for p in ordered],
        "name": [p.name for p in ordered],
        "native": [p.native_name for p in ordered],
        "lon": [round(p.lon, 5) for p in ordered],
        "lat": [round(p.lat, 5) for p in ordered],
        "count": [p.count for p in ordered],
        "articles": [list(p.article_ids) for p in ordered],
    }


def _packed_details(details: Sequence[dict[str, Any]]) -> dict[str, Any]:
    if len(details) <= PLAIN_DETAILS:
        return {"plain": list(details)}
    chunks = [_dumps(details[start : start + CHUNK]) for start in range(0, len(details), CHUNK)]
    packed = [base64.b64encode(zlib.compress(chunk.encode("utf-8"), 9)).decode("ascii") for chunk in chunks]
    return {"chunk": CHUNK, "deflated": packed}


# --- folium elements --------------------------------------------------------------------------------------------------


def _dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


_UNSAFE_IN_SCRIPT = re.compile("[<>&\u2028\u2029\ud800-\udfff]")


def escape_json(text: str) -> str:
    """JSON that may stand in a `<script>` of a page: the same values, with nothing that ends the script.

    Lone surrogates, which no file can hold, become escapes too.

    >>> escape_json('["</script>"]')
    '["\\\\u003c/script\\\\u003e"]'
    """
    return _UNSAFE_IN_SCRIPT.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


class Verbatim(Element):
    """Text that goes into the page as it is."""

    _template = Template("{{ this.text }}")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


class _Data(MacroElement):
    """A folium element whose data stands in the page as one JSON block and is given to one of our functions.

    The data must not go through a macro of this template: branca compiles what an html macro gives as a template of its
    own, so that "{{ ... }}" in an article would run in Python.
    """

    _template = Template(
        """
        {% macro script(this, kwargs) %}
            conflictmap.{{ this.function }}({{ this._parent.get_name() }}, "{{ this.get_name() }}_data");
        {% endmacro %}
        """
    )

    def __init__(self, name: str, function: str, text: str) -> None:
        super().__init__()
        self._name = name
        self.function = function
        self.json = escape_json(text)

    def render(self, **kwargs: Any) -> None:
        """Adds the data block and the call to the page."""
        name = f"{self.get_name()}_data"
        block = Verbatim(f'<script type="application/json" id="{name}">{self.json}</script>')
        self.get_root().html.add_child(block, name=name)
        super().render(**kwargs)


class BaseMap(_Data):
    """Country and first-level outlines on a folium map, below everything else; they take no clicks."""

    def __init__(self, focus: Sequence[str], neighbours: Sequence[str] = ()) -> None:
        super().__init__("BaseMap", "addBaseMap", outlines_json(focus, neighbours))


class EventLayer(_Data):
    """All events as one element: columns of data that static/page.js clusters, draws and explains."""

    def __init__(self, values: dict[str, Any]) -> None:
        super().__init__("EventLayer", "addEvents", _dumps(values))


def page_scripts() -> list[str]:
    """The scripts that the elements need besides Leaflet, in loading order."""
    return [asset_text("supercluster.js"), *(static_text(name) for name in _SCRIPTS)]


@cache
def static_text(name: str) -> str:
    """The text of one file of `maps/static`."""
    return (_STATIC / name).read_text(encoding="utf-8")
