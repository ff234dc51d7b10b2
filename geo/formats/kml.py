"""KML: folders by event type, a time span and a balloon for each event. Nothing in it loads anything from a network.

Hides: KML's escaping. What a balloon shows is HTML, so text of articles is escaped twice, once for HTML and once for XML.
"""

from __future__ import annotations

import html
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import IO
from xml.sax.saxutils import escape, quoteattr

from geo.event import EVENT_TYPES
from geo.formats.areas import Ring, area_of
from geo.formats.export import Export
from geo.formats.styles import colour_of
from geo.table import Row, writing

__all__ = ["write_kml"]

#: Folders besides those of the types.
_OTHER, _UNLOCATED = "Other", "Not located"
#: What XML 1.0 cannot hold, not even escaped.
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
#: What the balloon shows, in this order.
_SHOWN = (
    ("date_start", "From"),
    ("date_end", "To"),
    ("place", "Place"),
    ("location_level", "Known as"),
    ("radius_km", "Within km"),
    ("actors", "By"),
    ("targets", "Against"),
    ("casualty_words", "Casualties"),
    ("status", "Status"),
    ("confidence", "Confidence"),
    ("sources", "Sources"),
    ("published", "Published"),
)


def write_kml(path: Path, export: Export) -> list[str]:
    """A KML document, a folder for each event type; what has no place stands in a folder without points."""
    with ExitStack() as stack:
        draft = stack.enter_context(writing(path))
        spools: dict[str, IO[str]] = {
            name: stack.enter_context(tempfile.TemporaryFile("w+", encoding="utf-8", newline="\n"))
            for name in (*EVENT_TYPES, _OTHER, _UNLOCATED)
        }
        for row in export.rows:
            spools[_folder(row)].write(_placemark(row, export))
        out = stack.enter_context(draft.open("w", encoding="utf-8", newline="\n"))
        out.write('<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2">\n<Document>\n')
        out.write(f"<name>{_xml(export.title)}</name>\n<description>{_xml(export.description)}</description>\n")
        out.writelines(_style(name) for name in (*EVENT_TYPES, _OTHER))
        for name, spool in spools.items():
            if spool.tell() == 0:
                continue
            out.write(f"<Folder>\n<name>{_xml(name)}</name>\n")
            spool.seek(0)
            shutil.copyfileobj(spool, out)
            out.write("</Folder>\n")
        out.write("</Document>\n</kml>\n")
    return []


def _folder(row: Row) -> str:
    if row.get("longitude") is None:
        return _UNLOCATED
    kind = str(row.get("event_type"))
    return kind if kind in EVENT_TYPES else _OTHER


def _style_id(name: str) -> str:
    return re.sub(r"\W+", "-", name).lower()


def _style(name: str) -> str:
    colour = colour_of(name)
    abgr = colour[5:7] + colour[3:5] + colour[1:3]  # KML writes alpha, blue, green, red
    return (
        f'<Style id="{_style_id(name)}"><IconStyle><color>ff{abgr}</color></IconStyle><LabelStyle><scale>0.7</scale></LabelStyle>'
        f"<LineStyle><color>c0{abgr}</color></LineStyle><PolyStyle><color>30{abgr}</color></PolyStyle>"
        "<BalloonStyle><text>$[description]</text></BalloonStyle></Style>\n"
    )


def _placemark(row: Row, export: Export) -> str:
    folder = _folder(row)
    name = row.get("summary") or row.get("sub_event_type") or row.get("event_id")
    parts = [f"<Placemark id={quoteattr(_clean('e-' + str(row.get('event_id'))))}>", f"<name>{_xml(name)}</name>"]
    if row.get("date_start") is not None:
        end = row.get("date_end") or row["date_start"]
        parts.append(f"<TimeSpan><begin>{_xml(row['date_start'])}</begin><end>{_xml(end)}</end></TimeSpan>")
    parts.append(f"<description>{_xml(_balloon(row))}</description>")
    parts.append(f"<styleUrl>#{_style_id(folder if folder in EVENT_TYPES else _OTHER)}</styleUrl>")
    data = "".join(
        f"<Data name={quoteattr(column.name)}><value>{_xml(row[column.name])}</value></Data>"
        for column in export.columns
        if row.get(column.name) is not None
    )
    parts.append(f"<ExtendedData>{data}</ExtendedData>")
    parts += _geometry(row, export)
    return "".join(parts) + "</Placemark>\n"


def _geometry(row: Row, export: Export) -> Iterator[str]:
    lon, lat = row.get("longitude"), row.get("latitude")
    if lon is None or lat is None:
        return
    if export.geometry == "point":
        yield f"<Point><coordinates>{lon},{lat}</coordinates></Point>"
        return
    polygons = [
        "<Polygon>" + _boundary("outer", outer) + "".join(_boundary("inner", hole) for hole in holes) + "</Polygon>"
        for outer, *holes in area_of(row, export)
    ]
    yield polygons[0] if len(polygons) == 1 else f"<MultiGeometry>{''.join(polygons)}</MultiGeometry>"


def _boundary(which: str, ring: Ring) -> str:
    corners = " ".join(f"{x},{y}" for x, y in ring)
    return f"<{which}BoundaryIs><LinearRing><coordinates>{corners}</coordinates></LinearRing></{which}BoundaryIs>"


def _balloon(row: Row) -> str:
    """The event as HTML."""
    lines = [f"<h3>{_html(row.get('summary') or row.get('sub_event_type') or 'Event')}</h3>"]
    lines += [f"<b>{label}:</b> {_html(row[name])}<br>" for name, label in _SHOWN if row.get(name) is not None]
    if row.get("quote") is not None:
        lines.append(f"<blockquote>{_html(row['quote'])}</blockquote>")
    links = [url for url in str(row.get("urls") or "").split("; ") if re.match(r"https?://", url)]
    lines += [f'<a href="{html.escape(url)}">{html.escape(url)}</a><br>' for url in links]
    if row.get("provenance") is not None:
        lines.append(f"<small>{_html(row['provenance'])}</small>")
    return "".join(lines)


def _html(value: object) -> str:
    return html.escape(str(value)).replace("$[", "$&#91;")  # Google Earth replaces $[name]


def _xml(value: object) -> str:
    return escape(_clean(str(value)))


def _clean(text: str) -> str:
    return _NO_XML.sub("\ufffd", text)
