"""What a file of events holds: rows, the columns that they have, the reports behind them, and who made it how.

Hides: the columns of the layers besides events, and how events become rows of reports.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from geo.event import Event
from geo.table import COLUMNS, TABLE_COLUMNS, Column, Row, checked_row

__all__ = ["PLACE_COLUMNS", "REPORT_COLUMNS", "Export", "report_rows"]

#: A report: what one article says of one event. `event_id` leads to the event.
REPORT_COLUMNS: tuple[Column, ...] = (
    Column("report_id", "text", "", "stable id of the report"),
    Column("event_id", "text", "", "the event that it tells of"),
    Column("article_id", "text", "", "the article"),
    Column("article_title", "text", "", "its title"),
    Column("source", "text", "", "its publisher"),
    Column("url", "text", "", "its address"),
    Column("published", "date", "day", "its day of publication"),
    Column("sub_event_type", "text", "", "as in events"),
    Column("date_start", "date", "day", "as this report has it"),
    Column("date_end", "date", "day", "as this report has it"),
    Column("place", "text", "", "as this report has it"),
    Column("longitude", "number", "degrees, WGS84", "null if the report gives no place"),
    Column("latitude", "number", "degrees, WGS84", "null if the report gives no place"),
    Column("location_level", "text", "", "as in events"),
    Column("place_phrase", "text", "", "the words that the place was read from"),
    Column("actors", "text", "list", "who did it"),
    Column("targets", "text", "list", "who or what it was done to"),
    Column("casualty_words", "text", "list", "the words on casualties"),
    Column("status", "text", "", "as in events"),
    Column("prominence", "text", "", "as in events"),
    Column("confidence", "text", "", "as in events"),
    Column("quote", "text", "", "the sentence"),
    Column("quote_start", "integer", "characters", "where the sentence begins in the article's text"),
    Column("quote_end", "integer", "characters", "where it ends"),
)

_PLACE_NAMES = "place_id place longitude latitude country country_name admin1 admin2 pcode location_level"
#: A place where events are, each once.
PLACE_COLUMNS: tuple[Column, ...] = (
    *(next(c for c in TABLE_COLUMNS if c.name == name) for name in _PLACE_NAMES.split()),
    Column("n_events", "integer", "events", "how many events are placed on it or measured from it"),
)


@dataclass(frozen=True, slots=True)
class Export:
    """Rows to write. `rows` and `reports` are taken once, in this order, and may be streams."""

    rows: Iterable[Row]
    extra_columns: tuple[Column, ...] = ()  # behind COLUMNS: `DIVISION_COLUMNS` with --boundaries
    reports: Iterable[Row] = ()  # REPORT_COLUMNS
    title: str = "Events"
    notes: tuple[str, ...] = field(default=())  # lines of the file's description: profile, attribution, warnings
    geometry: str = "point"  # or "area": polygons of divisions and circles of `radius_km`, where a format has geometry
    polygon: Callable[[Row], Any] | None = (
        None  # (multi)polygon of the division that a row is known to: `Boundaries.area`
    )
    hxl: bool = False  # a row of HXL tags under the header of a CSV

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns where the geometry holds the point."""
        return (*COLUMNS, *self.extra_columns)

    @property
    def table_columns(self) -> tuple[Column, ...]:
        """The columns of a table without geometry."""
        return (*TABLE_COLUMNS, *self.extra_columns)

    @property
    def description(self) -> str:
        return "; ".join(self.notes)


def report_rows(events: Iterable[Event]) -> Iterator[Row]:
    """A row for each report of the events, in their order."""
    for event in events:
        for report in event.reports:
            location, when = report.location, report.when
            values: dict[str, object] = {
                "report_id": report.report_id,
                "event_id": event.event_id,
                "article_id": report.article_id,
                "article_title": report.article_title,
                "source": report.publisher,
                "url": report.url,
                "published": report.published,
                "sub_event_type": report.sub_event_type,
                "date_start": when.start if when is not None else None,
                "date_end": when.end if when is not None else None,
                "place": location.place.name if location is not None else None,
                "longitude": round(location.lon, 5) if location is not None else None,
                "latitude": round(location.lat, 5) if location is not None else None,
                "location_level": location.level if location is not None else None,
                "place_phrase": location.phrase if location is not None else None,
                "actors": "; ".join(report.actors),
                "targets": "; ".join(report.targets),
                "casualty_words": "; ".join(dict.fromkeys(claim.words for claim in report.claims)),
                "status": report.status,
                "prominence": report.prominence,
                "confidence": report.confidence.label,
                "quote": " ".join(report.evidence.quote.split()),
                "quote_start": report.evidence.start,
                "quote_end": report.evidence.end,
            }
            yield checked_row(values, f"report {report.report_id}", REPORT_COLUMNS)
