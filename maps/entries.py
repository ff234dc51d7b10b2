"""Events to entries: what the page knows of one event, whether it came as an Event or as a row of a table.

Hides: which facts of an event the page shows, and how rows of the flat columns are read where there are no Event
objects (a GeoDataFrame; pandas is never imported here). Text stays text; links are checked here and again in the page.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from gazetteer import Candidate, InputError, LonLat, Place, Reason, great_circle_km
from geo.event import HAND_CODES, LEVELS, Claim, Event, Evidence, Location, Report, event_type_of
from geo.reprints import voices
from maps.basemap import country_name
from maps.style import UNCODED

__all__ = ["Entry", "Mark", "Quote", "entries_of", "in_utf16", "marked_quote", "quote_of", "safe_url", "tidy"]


# The facts below are tuples because 200,000 events have millions of them, and tuples turn into columns at once.


class Mark(NamedTuple):
    """Words of a quote that decided. Offsets count in the quote, as Python does; marks may overlap."""

    start: int
    length: int
    kind: str  # trigger, place, date, actor, target, number


class Quote(NamedTuple):
    """A sentence, and the words in it that decided."""

    text: str
    marks: tuple[Mark, ...] = ()


class ReportFacts(NamedTuple):
    """One report of an event."""

    article: str | None = None
    title: str | None = None
    publisher: str | None = None
    published: str | None = None  # ISO day
    url: str | None = None  # http or https
    url_text: str | None = None  # what stands for an address and is none
    sub: str | None = None
    status: str | None = None
    quote: Quote | None = None
    start: int | None = None  # of the quote in the article's text


class ClaimFacts(NamedTuple):
    """One statement on casualties."""

    kind: str
    low: int | None = None
    high: int | None = None
    words: str | None = None
    whose: str | None = None
    source: str | None = None


class Rival(NamedTuple):
    """Another place that the name may mean."""

    name: str
    native: str | None
    admin1: str | None
    country: str | None
    km: int
    score: float
    reasons: tuple[str, ...]


class WhereFacts(NamedTuple):
    """Why this place."""

    phrase: str
    reasons: tuple[str, ...] = ()
    rivals: tuple[Rival, ...] = ()


class Spot(NamedTuple):
    """The gazetteer entry of a place."""

    native: str | None = None  # in the local script
    id: str | None = None
    kind: str | None = None  # feature code
    admin1: str | None = None
    admin2: str | None = None
    pcode: str | None = None


class Sureness(NamedTuple):
    """How sure the reading is, and why."""

    score: float
    reasons: tuple[str, ...] = ()


class Details(NamedTuple):
    """What only the evidence panel shows of an event."""

    basis: str | None = None
    method: str | None = None
    where: WhereFacts | None = None
    claims: tuple[ClaimFacts, ...] = ()
    confidence: Sureness | None = None
    reports: tuple[ReportFacts, ...] = ()


#: How an event tells what people did with it, as one number.
HAND_BITS = {code: 1 << number for number, code in enumerate(HAND_CODES)}


class Entry(NamedTuple):
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
    confidence: str | None  # None where a table says nothing of it
    unlocated_reason: str | None
    actors: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()  # known publishers, each once, sorted
    killed: int | None = None  # lowest number of any report
    family: str | None = None  # shared by the events of one family; None where there is one alone
    voices: int | None = None  # publishers that tell of it by own account
    by_hand: str | None = None  # what people corrected or checked
    hand: int = 0  # the same as a sum of HAND_BITS
    provenance: str | None = None  # of a row; None where the page's own holds
    spot: Spot = Spot()
    details: Details = Details()


def entries_of(events: Iterable[Event | Mapping[str, Any]] | Any) -> list[Entry]:
    """One entry per event, sorted by date (undated last), then id.

    Takes Events and rows of the flat columns (dicts; `longitude` and `latitude` are the point), or a GeoDataFrame.
    """
    given = _rows(events) if hasattr(events, "columns") else events
    entries = [
        _event_entry(event) if isinstance(event, Event) else _row_entry(event, line)
        for line, event in enumerate(given, start=1)
    ]
    return sorted(entries, key=lambda e: (e.start is None, e.start or date.min, e.end or date.min, e.event_id))


def _event_entry(event: Event) -> Entry:
    at, when = event.location, event.when
    place = at.place if at else None
    return Entry(
        event_id=event.event_id,
        event_type=event.event_type,
        sub_event_type=event.sub_event_type,
        summary=event.summary,
        start=when.start if when else None,
        end=when.end if when else None,
        lon=at.lon if at else None,
        lat=at.lat if at else None,
        level=at.level if at else None,
        radius_km=at.radius_km if at else None,
        place=place.name if place else None,
        country=place.country if place else None,
        admin1=(place.name if place.is_admin1 else place.admin1_name) if place else None,
        status=event.status,
        prominence=event.prominence,
        confidence=event.confidence.label,
        unlocated_reason=event.unlocated_reason,
        actors=event.actors,
        targets=event.targets,
        sources=_publishers(event.reports),
        killed=_lowest(event.casualties, "killed"),
        family=event.family_id if event.family_id != event.event_id else None,
        voices=_voices(event.reports),
        by_hand="; ".join([r.text for r in event.confidence.reasons if r.code in HAND_CODES]) or None,
        hand=_hand({r.code for r in event.confidence.reasons}),
        spot=_spot(place) if place else Spot(),
        details=_event_details(event),
    )


def _hand(codes: Collection[str]) -> int:
    return sum(bit for code, bit in HAND_BITS.items() if code in codes)


def _voices(reports: Sequence[Report]) -> int | None:
    if len(reports) == 1:  # most events by far, and to compare texts takes time
        return 1 if reports[0].publisher or reports[0].agency else None
    return len(voices(reports)) or None


def _publishers(reports: Sequence[Report]) -> tuple[str, ...]:
    if len(reports) == 1:
        publisher = reports[0].publisher
        return (publisher,) if publisher else ()
    return tuple(sorted({report.publisher for report in reports if report.publisher}))


def _lowest(claims: Iterable[Claim], kind: str) -> int | None:
    numbers = [
        number for claim in claims if claim.kind == kind for number in (claim.low, claim.high) if number is not None
    ]
    return min(numbers, default=None)


def _spot(place: Place) -> Spot:
    return Spot(place.native_name, place.id, place.feature_code, place.admin1_name, place.admin2, place.pcode)


def _event_details(event: Event) -> Details:
    when, at, confidence = event.when, event.location, event.confidence
    publisher_of = {report.article_id: report.publisher for report in event.reports} if event.casualties else {}
    return Details(
        basis=when.basis if when else None,
        method=when.method if when else None,
        where=WhereFacts(at.phrase, _reasons(at.reasons), tuple([_rival(rival, at) for rival in at.rivals]))
        if at
        else None,
        claims=tuple([_claim(claim, publisher_of) for claim in event.casualties]),
        confidence=Sureness(round(confidence.score, 2), _reasons(confidence.reasons)),
        reports=tuple([_report(report) for report in event.reports]),
    )


def tidy(value: Any) -> Any:
    """Facts as JSON values, without what says nothing (None, "", empty lists and dicts); quotes are cut at their marks.

    Zero and False say something.

    >>> tidy({"a": None, "b": 0, "c": [], "d": {"e": ""}, "f": [ClaimFacts("killed", low=1)]})
    {'b': 0, 'f': [{'kind': 'killed', 'low': 1}]}
    """
    if isinstance(value, Quote):
        return marked_quote(value)
    if hasattr(value, "_asdict"):
        value = value._asdict()
    if isinstance(value, dict):
        kept = ((name, tidy(held)) for name, held in value.items())
        return {name: held for name, held in kept if held or held == 0}
    return [tidy(held) for held in value] if isinstance(value, (list, tuple)) else value


def _reasons(reasons: Iterable[Reason]) -> tuple[str, ...]:
    return tuple([reason.text for reason in reasons])


def _rival(candidate: Candidate, at: Location) -> Rival:
    place = candidate.place
    return Rival(
        name=place.name,
        native=place.native_name,
        admin1=place.admin1_name,
        country=country_name(place.country) or place.country,
        km=round(great_circle_km(at.place.point, place.point)),
        score=round(candidate.score, 2),
        reasons=_reasons(candidate.reasons),
    )


def _claim(claim: Claim, publisher_of: Mapping[str, str | None]) -> ClaimFacts:
    source = publisher_of.get(claim.evidence.article_id) if claim.evidence else None
    return ClaimFacts(claim.kind, claim.low, claim.high, claim.words, claim.whose, source)


def _report(report: Report) -> ReportFacts:
    url = safe_url(report.url)
    return ReportFacts(
        report.article_id,
        report.article_title,
        report.publisher,
        report.published.isoformat() if report.published else None,
        url,
        report.url if url is None else None,
        report.sub_event_type,
        report.status,
        quote_of(report.evidence),
        report.evidence.start,
    )


def quote_of(evidence: Evidence) -> Quote:
    """The quote of a report, its marks counted from its own start and kept within it."""
    start, most = evidence.start, len(evidence.quote)
    marks = [
        Mark(first, end - first, span.kind)
        for span in evidence.spans
        if (first := max(0, span.start - start)) < (end := min(most, span.end - start))
    ]
    return Quote(evidence.quote, tuple(marks))


def marked_quote(quote: Quote) -> list[list[Any]]:
    """The quote cut at its marks: [text, [kinds]] pieces whose texts join to the quote.

    Pieces instead of offsets, because JavaScript counts in other units than Python.
    """
    text = quote.text
    spans = [(mark.start, mark.start + mark.length, mark.kind) for mark in quote.marks]
    cuts = sorted({0, len(text), *(cut for start, end, _ in spans for cut in (start, end))})
    return [
        [text[start:end], sorted({kind for low, high, kind in spans if low <= start and end <= high})]
        for start, end in pairwise(cuts)
    ]


def in_utf16(quote: Quote) -> Quote:
    """The quote with marks that count as JavaScript does: a letter beyond U+FFFF is two."""
    text = quote.text
    if text.isascii() or max(text) <= "\uffff":
        return quote
    units = list(accumulate((1 + (letter > "\uffff") for letter in text), initial=0))
    marks = [Mark(units[at], units[at + length] - units[at], kind) for at, length, kind in quote.marks]
    return Quote(text, tuple(marks))


_PLAIN_URL = re.compile(r"https?://[A-Za-z0-9][A-Za-z0-9.-]*(?:/[!-~]*)?")  # most of them, without urlsplit's 10 µs
_BLANK_OR_CONTROL = re.compile(r"[\x00-\x20\x7f]")


def safe_url(url: str | None) -> str | None:
    """The URL if it is an absolute http(s) one without blanks or control characters, else None.

    >>> safe_url("https://example.org/a"), safe_url("javascript:alert(1)"), safe_url("//example.org")
    ('https://example.org/a', None, None)
    """
    if url is None or _PLAIN_URL.fullmatch(url):
        return url
    if _BLANK_OR_CONTROL.search(url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None


# --- rows -------------------------------------------------------------------------------------------------------------


def _rows(frame: Any) -> list[dict[str, Any]]:
    """The rows of a (Geo)DataFrame as dicts; blanks of every kind are None; `longitude`, `latitude` are of the geometry."""
    shapes = frame.geometry if hasattr(frame, "geometry") else None
    columns = {str(name): _values(column) for name, column in frame.items() if shapes is None or name != shapes.name}
    if shapes is not None:
        for name, axis in zip(("longitude", "latitude"), _points(shapes), strict=True):
            own = columns.get(name, [None] * len(axis))
            columns[name] = [o if math.isnan(given) else given for o, given in zip(own, axis, strict=True)]
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]


def _values(column: Any) -> list[Any]:
    """The values of a column, None for blanks of every kind; days of a column of times as dates."""
    if getattr(column.dtype, "kind", "") == "M" and getattr(column.dtype, "tz", None) is None:
        days: list[Any] = column.to_numpy().astype("datetime64[D]").tolist()  # pandas takes twenty times as long
        return days
    return [None if blank else value for value, blank in zip(column.tolist(), column.isna(), strict=True)]


def _points(shapes: Any) -> tuple[list[float], list[float]]:
    """West-east and south-north of a point inside each shape; NaN for none and for an empty one."""
    import shapely  # noqa: PLC0415  (who brings shapes has it)

    held = shapes.to_numpy(copy=True)
    for number in (shapely.get_type_id(held) > 0).nonzero()[0]:
        held[number] = held[number].representative_point()
    return shapely.get_x(held).tolist(), shapely.get_y(held).tolist()


def _row_entry(row: Mapping[str, Any], line: int) -> Entry:
    """An entry from one row of the flat table; columns that are missing are None."""
    sub = _text(row, "sub_event_type")
    kind = _text(row, "event_type") or (event_type_of(sub) if sub is not None else UNCODED.event_type)
    lon, lat = _number(row, "longitude"), _number(row, "latitude")
    level = _text(row, "location_level") or ("settlement" if lon is not None else None)
    if level is not None and level not in LEVELS:
        raise InputError(f"row {line}: location_level {level!r} is none of {', '.join(LEVELS)}")
    if lon is not None and lat is not None:
        LonLat(lon=lon, lat=lat)
    event_id = _text(row, "event_id") or f"row-{line}"
    located = lon is not None and lat is not None
    family = _text(row, "family_id")
    by_hand, hand = _done_by_hand(_text(row, "provenance") or "")
    return Entry(
        event_id=event_id,
        event_type=kind,
        sub_event_type=sub or kind,  # a table may know the type alone: its name then stands for both
        summary=_text(row, "summary") or sub or kind,
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
        confidence=_text(row, "confidence"),
        unlocated_reason=None if located else _text(row, "unlocated_reason") or "no reason given",
        actors=_listed(row, "actors"),
        targets=_listed(row, "targets"),
        sources=tuple(dict.fromkeys(_listed(row, "sources"))),
        killed=_whole(row, "killed_low", "killed_high"),
        family=family if family != event_id else None,
        voices=_whole(row, "n_publishers"),
        by_hand=by_hand,
        hand=hand,
        provenance=_text(row, "provenance"),
        spot=Spot(
            id=_text(row, "place_id"),
            admin1=_text(row, "admin1"),
            admin2=_text(row, "admin2"),
            pcode=_text(row, "pcode"),
        ),
        details=_row_details(row),
    )


#: What people did, behind what made a row, in its `provenance` (`geo.table`); of whom it may be silent.
_BY_HAND = re.compile(r"(?:^|; )(?:((?:corrected|added) by hand)|checked)(?=[ :;]|$)")
_PROFILES = re.compile(r"(?:; profile \w+)+$")


@lru_cache(maxsize=1 << 10)
def _done_by_hand(provenance: str) -> tuple[str | None, int]:
    """What people did with a row, in words and as a sum of HAND_BITS.

    >>> _done_by_hand("conflictmap 0.1; corrected by hand: place (A. Reader, 2026-11-20); checked; profile partner")
    ('corrected by hand: place (A. Reader, 2026-11-20); checked', 3)
    """
    found = list(_BY_HAND.finditer(provenance))
    if not found:
        return None, 0
    told = _PROFILES.sub("", provenance[found[0].start() :]).removeprefix("; ")
    return told, _hand({"corrected" if match[1] else "checked" for match in found})


def _row_details(row: Mapping[str, Any]) -> Details:
    score = _number(row, "confidence_score")
    return Details(
        basis=_text(row, "date_basis"),
        method=_text(row, "date_method"),
        claims=_row_claims(row),
        confidence=Sureness(round(score, 2)) if score is not None else None,
        reports=_row_reports(row),
    )


def _row_claims(row: Mapping[str, Any]) -> tuple[ClaimFacts, ...]:
    claims = []
    for kind in ("killed", "wounded"):
        low, high = _whole(row, f"{kind}_low"), _whole(row, f"{kind}_high")
        if low is not None or high is not None:
            claims.append(ClaimFacts(kind, low, high))
    words = _text(row, "casualty_words")
    return (*claims, ClaimFacts("words", words=words)) if words else tuple(claims)


def _row_reports(row: Mapping[str, Any]) -> tuple[ReportFacts, ...]:
    """One report per URL or publisher of the row, in the table's order; the row's one quote stands with the first."""
    urls, sources, dates = (_listed(row, name) for name in ("urls", "sources", "published"))
    articles, quote = _listed(row, "article_ids"), _text(row, "quote")
    reports = []
    for i in range(max(len(urls), len(sources), len(articles), 1 if quote else 0)):
        url = urls[i] if i < len(urls) else None
        safe = safe_url(url)
        reports.append(
            ReportFacts(
                article=articles[i] if i < len(articles) else None,
                publisher=sources[i] if i < len(sources) else None,
                published=dates[i] if i < len(dates) else None,
                url=safe,
                url_text=url if safe is None else None,
                quote=Quote(quote) if quote and i == 0 else None,
            )
        )
    return tuple(reports)


def _text(row: Mapping[str, Any], column: str) -> str | None:
    value = row.get(column)
    return (value if isinstance(value, str) else str(value)) or None if value is not None else None


def _number(row: Mapping[str, Any], column: str) -> float | None:
    value = row.get(column)
    if value is None or value == "":
        return None
    if type(value) is float and math.isfinite(value):
        return value
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise InputError(f"column {column}: {value!r} is no number") from None
    return number if math.isfinite(number) else None


def _whole(row: Mapping[str, Any], *columns: str) -> int | None:
    """The whole number of the first of these columns that has one."""
    for column in columns:
        number = _number(row, column)
        if number is not None:
            return int(number)
    return None


def _day(row: Mapping[str, Any], column: str) -> date | None:
    if type(value := row.get(column)) is date:
        return value
    text = _text(row, column)
    if text is None:
        return None
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        raise InputError(f"column {column}: {text!r} is no ISO date (YYYY-MM-DD)") from None


def _listed(row: Mapping[str, Any], column: str) -> tuple[str, ...]:
    text = _text(row, column)
    return _parts(text) if text else ()


@lru_cache(maxsize=1 << 14)
def _parts(text: str) -> tuple[str, ...]:
    """What stands between semicolons; cached, because tables repeat their actors and publishers."""
    return tuple([part for piece in text.split(";") if (part := piece.strip())])
