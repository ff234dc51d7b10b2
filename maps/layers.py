"""Entries to the layers of the page: folium elements that carry their data as columns.

Hides: how the columns are laid out, which outline an area has, which box the map opens on, and that longitude and
latitude swap for the map. Nothing is computed about events here.
"""

from __future__ import annotations

import gc
import math
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from branca.element import Element, MacroElement
from jinja2 import Template

from gazetteer import InputError, LonLat, great_circle_km
from geo.event import CONFIDENCE_CLASSES, LEVELS, STATUSES, Event
from maps.basemap import (
    country_name,
    divisions_of,
    neighbours_of,
    outlines_json,
    outlines_source,
    unit_index,
)
from maps.columns import compact_json, pack_blocks, packed_columns, packed_rows
from maps.entries import Details, Entry, entries_of, in_utf16, tidy
from maps.style import TYPE_STYLES, UNCODED, page_style, symbol_kind

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

__all__ = [
    "DEFAULT_TITLE",
    "TILES_ZOOM",
    "BaseMap",
    "Beside",
    "EventLayer",
    "MentionedPlace",
    "PageStats",
    "Verbatim",
    "divisions_codes",
    "escape_json",
    "event_blocks",
    "main_box",
    "page_data",
    "page_scripts",
    "static_text",
]

_STATIC = Path(__file__).parent / "static"
_SCRIPTS = (
    "words.js",
    "dom.js",
    "columns.js",
    "book.js",
    "filter.js",
    "mercator.js",
    "clusters.js",
    "outlines.js",
    "symbols.js",
    "surfaces.js",
    "map.js",
    "timeline.js",
    "table.js",
    "filters.js",
    "panel.js",
    "key.js",
    "takeaway.js",
    "flags.js",
    "picture.js",
    "page.js",
)

DEFAULT_TITLE = "Reported conflict events"

#: The last zoom of a map with tiles; without them the outlines end it sooner (maps/style.py).
TILES_ZOOM = 18

#: Up to this many events all of them stand in the page as plain JSON, which people and scripts can still read in ten
#: years; beyond it they are columns, deflated: what the map and the lists need in one block, the details in chunks that
#: are unpacked when one of their events is opened.
PLAIN_EVENTS = 2_000
#: Events. Quotes deflate to 0.47 of their size in chunks of 200, 0.44 of 500, 0.43 of 1,000; one unpacks in 10 ms.
CHUNK = 1_000


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
    review: str | None = None  # what share of a checked sample was right, in a line


@dataclass(frozen=True, slots=True)
class Beside:
    """Events of others that lie beside the user's own, in a layer of their own: never counted, shaded or downloaded."""

    name: str  # whose they are: "UCDP GED"
    events: Sequence[Event | Mapping[str, Any]]
    attribution: str | None = None
    warning: str | None = None  # what must not be done with them


# --- the view ---------------------------------------------------------------------------------------------------------

#: Events further from the middle than this many times the median distance do not pull the first view apart; those
#: within NEAR_KM never count as far. With Moscow beside forty Syrian events the map opens on Syria.
FAR_FACTOR = 3.0
NEAR_KM = 500.0
MOST_MARGIN_KM = 60.0  # of an area's extent that a view makes room for
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
    points = [(float(e.lon or 0), float(e.lat or 0)) for e in group]
    middle = LonLat(lon=_median([lon for lon, _ in points]), lat=_median([lat for _, lat in points]))
    away = {(lon, lat): great_circle_km(middle, LonLat(lon=lon, lat=lat)) for lon, lat in set(points)}
    reach = max(NEAR_KM, FAR_FACTOR * _median([away[point] for point in points]))
    return box_of([entry for entry, point in zip(group, points, strict=True) if away[point] <= reach] or group)


def box_of(entries: Sequence[Entry]) -> Box | None:
    """The box around located entries and what is known of their extent. None without one."""
    edges = []
    for lon, lat, km in {(entry.lon, entry.lat, entry.radius_km) for entry in entries}:
        if lon is not None and lat is not None:
            margin = min(km or 0, MOST_MARGIN_KM) / KM_PER_DEGREE
            wide = margin / max(0.1, math.cos(math.radians(lat)))
            edges.append((lat - margin, lon - wide, lat + margin, lon + wide))
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
    credits: Sequence[str] = (),
    beside: Sequence[tuple[Beside, Sequence[Entry]]] = (),
) -> dict[str, Any]:
    """All that the page shows beside the outlines and the events, as JSON values."""
    others = [entry for _, held in beside for entry in held]
    located = [entry for entry in entries if entry.lon is not None] or [e for e in others if e.lon is not None]
    return {
        "title": title,
        "provenance": provenance,
        "stats": _stats(entries, stats),
        "style": page_style(),
        "countries": _country_names([*entries, *others]),
        "view": {"main": main_box(located), "all": box_of(located)},
        "count": len(entries),
        "credits": list(credits),
        "beside": [
            {"name": layer.name, "count": len(held), "attribution": layer.attribution, "warning": layer.warning}
            for layer, held in beside
        ],
        "places": _place_columns(toponyms),
        "outlinesSource": outlines_source(),
    }


def event_blocks(entries: Sequence[Entry], *, divisions: Collection[str]) -> tuple[dict[str, Any], dict[str, str]]:
    """The events for the page: what stands with its other data, and blocks of packed data by the end of their id.

    `divisions` are the countries whose first-level outlines the page draws.
    """
    if len(entries) <= PLAIN_EVENTS:
        columns = {**_event_columns(entries), **_spot_columns(entries, divisions)}
        return {"events": columns, "details": {"plain": [_plain_details(entry) for entry in entries]}}, {}
    spots: dict[tuple[Any, ...], int] = {}
    first: list[Entry] = []
    at = []
    for entry in entries:
        key = (entry.lon, entry.lat, entry.level, entry.radius_km, entry.place, entry.admin1, entry.spot.id)
        number = spots.setdefault(key, len(spots))
        if number == len(first):
            first.append(entry)
        at.append(number)
    chunks = (entries[k : k + CHUNK] for k in range(0, len(entries), CHUNK))
    made = (packed_rows([_packed_details(entry) for entry in chunk]) for chunk in chunks)
    tables = (
        packed_columns({**_event_columns(entries), "spot": at}),
        packed_columns({**_spot_columns(first, divisions), "where": [entry.spot for entry in first]}),
    )
    events, places, *details = pack_blocks(chain(tables, made))
    blocks = {"events": events, "spots": places, **{f"details_{k}": chunk for k, chunk in enumerate(details)}}
    return {"packed": {"chunk": CHUNK}}, blocks


def _plain_details(entry: Entry) -> dict[str, Any]:
    details, where = entry.details._asdict(), entry.details.where
    if entry.lon is not None:
        details["where"] = entry.spot._asdict() | (where._asdict() if where else {})
    given = {"family": entry.family, "actors": entry.actors, "targets": entry.targets}
    found: dict[str, Any] = tidy(given | details)
    return found


def _packed_details(entry: Entry) -> Details:
    """The details with quotes as the page counts; actors, family and the spot are in columns of their own."""
    details = entry.details
    quotes = [report.quote and in_utf16(report.quote) for report in details.reports]
    if all(quote is report.quote for quote, report in zip(quotes, details.reports, strict=True)):
        return details
    return details._replace(
        reports=tuple([report._replace(quote=q) for report, q in zip(details.reports, quotes, strict=True)])
    )


def _stats(entries: Sequence[Entry], stats: PageStats | None) -> dict[str, Any]:
    """The counts of the page: those given, else those that the reports show."""
    given = stats or PageStats()
    reports = [report for entry in entries for report in entry.details.reports]
    articles = {report.article for report in reports} - {None}
    publishers = {name for entry in entries for name in entry.sources}
    dates = [report.published for report in reports if report.published]
    until = given.data_until.isoformat() if given.data_until else max(dates, default=None)
    return {
        "articles": given.articles if given.articles is not None else len(articles) or None,
        "publishers": given.publishers if given.publishers is not None else len(publishers) or None,
        "skipped": given.skipped,
        "rejected": given.rejected,
        "until": until,
        "review": given.review,
    }


def _country_names(entries: Sequence[Entry]) -> dict[str, str]:
    codes = sorted({entry.country for entry in entries if entry.country is not None})
    return {code: country_name(code) or code for code in codes}


_EPOCH = date(1970, 1, 1).toordinal()
_TYPES = {style.event_type: number for number, style in enumerate((*TYPE_STYLES, UNCODED))}
_LEVELS = {name: number for number, name in enumerate(LEVELS)}
_STATUSES = {name: number for number, name in enumerate(STATUSES)}
_CLASSES = {name: number for number, name in enumerate(CONFIDENCE_CLASSES)}


def _event_columns(entries: Sequence[Entry]) -> dict[str, list[Any]]:
    """The events as columns, one value an event. Codes are indexes in the style's lists; dates are days since 1970."""
    return {
        "id": [e.event_id for e in entries],
        "type": [_code(_TYPES, e.event_type, e) for e in entries],
        "sub": [e.sub_event_type for e in entries],
        "summary": [e.summary for e in entries],
        "start": [e.start.toordinal() - _EPOCH if e.start else None for e in entries],
        "end": [e.end.toordinal() - _EPOCH if e.end else None for e in entries],
        "status": [_code(_STATUSES, e.status, e) for e in entries],
        "background": [int(e.prominence == "background") for e in entries],
        "confidence": [_code(_CLASSES, e.confidence, e) if e.confidence is not None else None for e in entries],
        "reason": [e.unlocated_reason for e in entries],
        "actors": [e.actors for e in entries],
        "targets": [e.targets for e in entries],
        "sources": [e.sources for e in entries],
        "killed": [e.killed for e in entries],
        "killed_high": [_highest_killed(e) for e in entries],
        "killed_words": [_killed_in_words(e) if e.killed is None else None for e in entries],
        "family": [e.family for e in entries],
        "voices": [e.voices for e in entries],
        "by_hand": [e.by_hand for e in entries],
        "hand": [e.hand for e in entries],
        "provenance": [e.provenance for e in entries],
    }


def _highest_killed(entry: Entry) -> int | None:
    """Highest number of killed in any report; None where all leave it open ("at least 14"), as in the flat table."""
    claims = [claim for claim in entry.details.claims if claim.kind == "killed"]
    if not any(claim.high is not None for claim in claims):
        return None
    return max(number for claim in claims for number in (claim.low, claim.high) if number is not None)


def _killed_in_words(entry: Entry) -> str | None:
    return next((claim.words for claim in entry.details.claims if claim.kind == "killed" and claim.words), None)


def _spot_columns(entries: Sequence[Entry], divisions: Collection[str]) -> dict[str, list[Any]]:
    """Where events are, and how far that is known: the columns that events at one spot share."""
    return {
        "lon": [round(e.lon, 5) if e.lon is not None else None for e in entries],
        "lat": [round(e.lat, 5) if e.lat is not None else None for e in entries],
        "level": [_LEVELS[e.level] if e.level else None for e in entries],
        "km": [round(e.radius_km, 1) if e.radius_km else None for e in entries],
        "place": [e.place for e in entries],
        "native": [e.spot.native for e in entries],
        "admin1": [e.admin1 for e in entries],
        "country": [e.country for e in entries],
        "unit": [_unit(e) if e.country in divisions else None for e in entries],
    }


def _code(codes: Mapping[str, int], value: str, entry: Entry) -> int:
    try:
        return codes[value]
    except KeyError:
        raise InputError(f"event {entry.event_id}: {value!r} is none of {', '.join(codes)}") from None


def _unit(entry: Entry) -> int | None:
    """The outline to shade for an event that is known to its first-level division only."""
    if entry.level != "adm1" or entry.lon is None or entry.lat is None:
        return None
    return _unit_of(entry.country, entry.admin1 or entry.place, entry.lon, entry.lat)


@lru_cache(maxsize=4096)
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


# --- folium elements --------------------------------------------------------------------------------------------------


_UNSAFE_IN_SCRIPT = re.compile("[<>&\u2028\u2029\ud800-\udfff]")


def escape_json(text: str) -> str:
    r"""JSON that may stand in a `<script>` of a page: the same values, with nothing that ends the script.

    Lone surrogates, which no file can hold, become escapes too.

    >>> print(escape_json('["</script>"]'))
    ["\u003c/script\u003e"]
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

    def __init__(self, name: str, function: str, text: str, blocks: Mapping[str, str] | None = None) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = name
        self.function = function
        self.json = escape_json(text)
        self.blocks = dict(blocks or {})  # base64 by the end of the block's id

    def render(self, **kwargs: Any) -> str:
        """Adds what the page needs, the data and the call; gives "" like every macro element."""
        figure: Any = self.get_root()
        _bring_page(figure)
        parts = {"data": ("application/json", self.json)}
        parts |= {end: ("application/octet-stream", block) for end, block in self.blocks.items()}
        for end, (kind, text) in parts.items():
            name = f"{self.get_name()}_{end}"
            figure.html.add_child(Verbatim(f'<script type="{kind}" id="{name}">{text}</script>'), name=name)
        super().render(**kwargs)  # type: ignore[no-untyped-call]
        return ""


def _bring_page(figure: Any) -> None:
    """Adds style, shell and scripts to the page, once."""
    if "cm_shell" in figure.html._children:
        return
    figure.header.add_child(Verbatim(f"<style>\n{static_text('page.css')}</style>"), name="cm_style")
    figure.html.add_child(Verbatim(static_text("page.html")), name="cm_shell")
    for number, script in enumerate(page_scripts()):
        figure.html.add_child(Verbatim(f"<script>\n{script}</script>"), name=f"cm_script_{number}")


class BaseMap(_Data):
    """Country and first-level outlines on a folium map, below everything else; they take no clicks."""

    def __init__(self, focus: Sequence[str], neighbours: Sequence[str] = ()) -> None:
        super().__init__("BaseMap", "addBaseMap", outlines_json(focus, neighbours, towns=True))


@contextmanager
def _no_collecting() -> Iterator[None]:
    """Python's collector of cycles waits.

    It would look through all events again at every few thousand of our small values, none of which it can free. Without it
    a page of 10,000 events takes half the time, and one of 200,000 a fifth.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _others(own: Sequence[Entry], beside: Sequence[Beside]) -> list[tuple[Beside, list[Entry]]]:
    """The entries of each layer; an id that stands on the page already gets the layer's name before it."""
    taken = {entry.event_id for entry in own}
    found = []
    for layer in beside:
        entries = []
        for entry in entries_of(layer.events):
            event_id = entry.event_id
            while event_id in taken:
                event_id = f"{layer.name}: {event_id}"
            taken.add(event_id)
            entries.append(entry if event_id == entry.event_id else entry._replace(event_id=event_id))
        found.append((layer, entries))
    return found


class EventLayer(_Data):
    """Events on a folium map: symbols, filters, lists and evidence, as on the page that `render` makes.

    `EventLayer(events).add_to(my_map)`; one to a map, and one such map to a page. With `outlines` it brings our base
    map, for a map without tiles; `attribution` is of tiles that the map has. Other arguments as for `render`.
    """

    def __init__(
        self,
        events: Sequence[Event | Mapping[str, Any]] | GeoDataFrame,
        *,
        title: str | None = None,
        toponyms: Sequence[MentionedPlace] = (),
        stats: PageStats | None = None,
        provenance: str | None = None,
        outlines: bool = False,
        attribution: str | None = None,
        credits: Sequence[str] = (),
        beside: Sequence[Beside] = (),
    ) -> None:
        self.outlines = outlines
        with _no_collecting():
            own = entries_of(events)
            columns, blocks = self._read(
                own,
                title=title or DEFAULT_TITLE,
                toponyms=toponyms,
                stats=stats,
                provenance=provenance,
                credits=credits,
                beside=_others(own, beside),
            )
        self.values["attribution"] = attribution
        if not outlines or attribution is not None:
            self.values["style"]["maxZoom"] = TILES_ZOOM
        super().__init__("EventLayer", "addEvents", compact_json({**self.values, **columns}), blocks)

    def _read(self, entries: Sequence[Entry], **given: Any) -> tuple[dict[str, Any], dict[str, str]]:
        everything = [*entries, *(entry for _, held in given["beside"] for entry in held)]
        self.divisions = divisions_codes(entries) or divisions_codes(everything) if self.outlines else []
        self.values = page_data(entries, **given)
        return event_blocks(everything, divisions=self.divisions)

    def add_to(self, parent: Any, name: str | None = None, index: int | None = None) -> EventLayer:
        """Adds the layer, and the base map before it, to a folium map."""
        if self.outlines:
            BaseMap(self.divisions, neighbours_of(self.divisions, self.values["view"]["main"])).add_to(parent)
        super().add_to(parent, name=name, index=index)
        return self


def page_scripts() -> list[str]:
    """The scripts that the elements need besides Leaflet, in loading order."""
    return [static_text(name) for name in _SCRIPTS]


@cache
def static_text(name: str) -> str:
    """The text of one file of `maps/static`."""
    return (_STATIC / name).read_text(encoding="utf-8")
