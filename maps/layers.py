"""Entries to the layers of the page: folium elements that carry their data as columns.

Hides: how the columns are laid out, which outline an area has, which box the map opens on, and that longitude and
latitude swap for the map. Nothing is computed about events here.
"""

from __future__ import annotations

import base64
import json
import math
import re
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from branca.element import Element, MacroElement
from jinja2 import Template

from gazetteer import InputError, LonLat, great_circle_km
from geo.event import CONFIDENCE_CLASSES, EVENT_TYPES, LEVELS, STATUSES
from maps.basemap import asset_text, country_name, divisions_of, outlines_json, outlines_source, unit_index
from maps.entries import Entry
from maps.style import page_style, symbol_kind

__all__ = [
    "BaseMap",
    "EventLayer",
    "MentionedPlace",
    "PageStats",
    "Verbatim",
    "divisions_codes",
    "escape_json",
    "main_box",
    "page_data",
    "page_scripts",
    "static_text",
]

_STATIC = Path(__file__).parent / "static"
_SCRIPTS = ("words.js", "outlines.js", "symbols.js", "panel.js", "page.js")

#: Up to this many events their details stand in the page as plain JSON, which people and scripts can still read in ten
#: years; beyond it they are deflated in chunks, unpacked when one is opened.
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
    middle = LonLat(lon=_median([float(e.lon or 0) for e in group]), lat=_median([float(e.lat or 0) for e in group]))
    distances = [great_circle_km(middle, LonLat(lon=float(e.lon or 0), lat=float(e.lat or 0))) for e in group]
    reach = max(NEAR_KM, FAR_FACTOR * _median(distances))
    return box_of([entry for entry, km in zip(group, distances, strict=True) if km <= reach] or group)


def box_of(entries: Sequence[Entry]) -> Box | None:
    """The box around located entries and what is known of their extent. None without one."""
    edges = []
    for entry in entries:
        if entry.lon is not None and entry.lat is not None:
            margin = min(entry.radius_km or 0, MOST_MARGIN_KM) / KM_PER_DEGREE
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


def _packed_details(details: Sequence[dict[str, Any]]) -> dict[str, Any]:
    if len(details) <= PLAIN_DETAILS:
        return {"plain": list(details)}
    chunks = [_dumps(details[start : start + CHUNK]) for start in range(0, len(details), CHUNK)]
    packed = [base64.b64encode(zlib.compress(chunk.encode("utf-8"), 6)).decode("ascii") for chunk in chunks]
    return {"chunk": CHUNK, "deflated": packed}


# --- folium elements --------------------------------------------------------------------------------------------------


def _dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


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

    def __init__(self, name: str, function: str, text: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = name
        self.function = function
        self.json = escape_json(text)

    def render(self, **kwargs: Any) -> str:
        """Adds the data block and the call to the page; gives "" like every macro element."""
        figure: Any = self.get_root()
        name = f"{self.get_name()}_data"
        block = Verbatim(f'<script type="application/json" id="{name}">{self.json}</script>')
        figure.html.add_child(block, name=name)
        super().render(**kwargs)  # type: ignore[no-untyped-call]
        return ""


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
