"""Events to entries: what the page knows of one event, whether it came as an Event or as a row of a table.

Hides: which facts of an event the page shows, and how rows of the flat columns are read where there are no Event
objects (a GeoDataFrame; pandas is never imported here). Text stays text; links are checked here and again in the page.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

from gazetteer import Candidate, InputError, LonLat, Reason, great_circle_km
from geo.event import LEVELS, Claim, Confidence, Event, Evidence, Location, Report, event_type_of
from maps.basemap import country_name

__all__ = ["Entry", "entries_of", "marked_quote", "safe_url"]


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


def entries_of(events: Sequence[Event] | Any) -> list[Entry]:
    """One entry per event, sorted by date (undated last), then id. Takes Events, or a GeoDataFrame of flat columns."""
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
    url = safe_url(report.url)
    return _filled(
        {
            "article": report.article_id,
            "title": report.article_title,
            "publisher": report.publisher,
            "published": report.published.isoformat() if report.published else None,
            "url": url,
            "url_text": report.url if url is None else None,
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


_BLANK_OR_CONTROL = re.compile(r"[\x00-\x20\x7f]")


def safe_url(url: str | None) -> str | None:
    """The URL if it is an absolute http(s) one without blanks or control characters, else None.

    >>> safe_url("https://example.org/a"), safe_url("javascript:alert(1)"), safe_url("//example.org")
    ('https://example.org/a', None, None)
    """
    if url is None or _BLANK_OR_CONTROL.search(url):
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
