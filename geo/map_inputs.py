"""Files of events for the page: the user's own and those of others, told from articles and read as `convert` reads them.

Hides: what tells a table of events from one of articles, and what of another table lies beside the user's own events: the
rows of the same days, in a layer that says whose they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

from gazetteer import Gazetteer
from geo.convert_cli import say_credits
from geo.event import Event
from geo.readers import Origin, ReadOptions, Refused, holds_events, nested_records, open_events
from geo.table import Row
from geo.terminal import say

__all__ = [
    "EventInput",
    "beside_layers",
    "credits_of",
    "is_event_file",
    "made_by",
    "read_event_file",
    "say_origins",
    "span_of",
]

#: Suffixes of files that hold no articles.
_EVENT_SUFFIXES = frozenset(".geojson .geojsonl .geojsons .gpkg .parquet .geoparquet .fgb .shp .xlsx .gz .zip".split())
#: Suffixes of files that may hold either: what is in them tells.
_EITHER = frozenset(".json .jsonl .ndjson .csv .tsv".split())


@dataclass(frozen=True, slots=True)
class EventInput:
    """A file of events as the page takes it: whole events of the nested form, else rows."""

    path: Path
    origin: Origin
    events: tuple[Event | Row, ...]
    refused: tuple[Refused, ...] = ()
    notes: tuple[str, ...] = ()
    made_by: tuple[str, ...] = ()  # what made the events, and with which profile: each line of `provenance` once


def is_event_file(given: str, columns: Mapping[str, str] | None = None) -> bool:
    """Whether an input of `map` holds events: by its suffix, else by what is in it; a text makes a record an article.

    `columns` are those that the user named (our column -> the table's).
    """
    path = Path(given)
    suffix = path.suffix.lower()
    return suffix in _EVENT_SUFFIXES or (suffix in _EITHER and path.is_file() and holds_events(path, columns))


def read_event_file(path: Path, gazetteer: Callable[[], Gazetteer], options: ReadOptions) -> EventInput:
    """All events of a file of any kind that `convert` reads; rows that cannot be used are listed.

    Raises InputError when the file cannot be read.
    """
    file = open_events(path, gazetteer, options)
    events: list[Event | Row] = []
    refused: list[Refused] = []
    made_by: dict[str, None] = {}
    for item in nested_records(path) if file.kind == "nested" else file.rows:
        if isinstance(item, Refused):
            refused.append(item)
            continue
        event, provenance = item if isinstance(item, tuple) else (item, item.get("provenance"))
        events.append(event)
        if provenance is not None:
            made_by[_BY_HAND.sub("", str(provenance))] = None
    return EventInput(path, file.origin, tuple(events), tuple(refused), file.notes, tuple(made_by))


#: What people did to an event, which stands with the event: between what made it and the profile.
_BY_HAND = re.compile(r"; (?:corrected by hand|added by hand|checked)\b.*?(?=(?:; profile \w+)*$)", re.DOTALL)
#: Lines on what made the events of a page that it shows; a table of many makers has its own lines in its rows.
MOST_MAKERS = 3


def made_by(inputs: Iterable[EventInput], *more: str) -> str | None:
    """What made the events of a page, in one line; None where no file says it."""
    lines = list(dict.fromkeys([*more, *(line for each in inputs for line in each.made_by)]))
    if not lines:
        return None
    return " | ".join(lines[:MOST_MAKERS]) + (f" | and {len(lines) - MOST_MAKERS} more" if lines[MOST_MAKERS:] else "")


def say_origins(inputs: Iterable[EventInput]) -> None:
    """Says how files of events were read, whose rows they are, and what must not be done with them."""
    inputs = list(inputs)
    for note in (note for each in inputs for note in each.notes):
        say(f"note: {note}")
    origins = [each.origin for each in inputs]
    say_credits(
        list(dict.fromkeys(origin.attribution for origin in origins if origin.attribution)),
        list(dict.fromkeys(origin.warning for origin in origins if origin.warning)),
    )


def credits_of(inputs: Iterable[EventInput]) -> tuple[str, ...]:
    """What must be said of the rows of others, each line once: whose they are, and what must not be done with them."""
    lines = [line for each in inputs for line in (each.origin.attribution, each.origin.warning) if line]
    return tuple(dict.fromkeys(lines))


Span = tuple[date, date]


def span_of(events: Iterable[Event | Row]) -> Span | None:
    """First and last day of the main events; of all where none is; None without a day."""
    spans = [(is_main, span) for event in events if (span := _days(event)) for is_main in (_is_main(event),)]
    days = [span for is_main, span in spans if is_main] or [span for _, span in spans]
    return (min(start for start, _ in days), max(end for _, end in days)) if days else None


def _days(event: Event | Row) -> Span | None:
    if isinstance(event, Event):
        return (event.when.start, event.when.end) if event.when is not None else None
    start = event.get("date_start")
    if start is None:
        return None
    first = date.fromisoformat(str(start))
    return first, date.fromisoformat(str(event["date_end"])) if event.get("date_end") is not None else first


def _is_main(event: Event | Row) -> bool:
    return (event.prominence if isinstance(event, Event) else event.get("prominence")) != "background"


Layer = TypeVar("Layer")


def beside_layers(
    inputs: Sequence[EventInput], span: Span | None, make: Callable[..., Layer]
) -> tuple[list[Layer], list[str]]:
    """A layer for each file, and what is left out of them, line by line: what happened on other days than `span`.

    `make` is `maps.Beside`.
    """
    layers: dict[str, Layer] = {}
    notes = []
    for each in inputs:
        kept = [event for event in each.events if span is None or _overlaps(_days(event), span)]
        if left := len(each.events) - len(kept):
            assert span is not None
            notes.append(
                f"{each.path}: {left} of {len(each.events)} rows have no day or one outside of {span[0]} to {span[1]}, the days "
                "of your events; they are left out"
            )
        name = each.origin.name if each.origin.attribution is not None else each.path.name
        name = name if name not in layers else f"{name}: {each.path.name}"
        layers[name] = make(name, kept, each.origin.attribution, each.origin.warning)
    return list(layers.values()), notes


def _overlaps(days: Span | None, span: Span) -> bool:
    return days is not None and days[0] <= span[1] and span[0] <= days[1]
