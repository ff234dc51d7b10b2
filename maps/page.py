"""Events to one HTML file that opens from disk without a network, now and in ten years.

Hides: how folium's page is made self-contained, repeatable and strict. folium asks for a dozen files on other hosts;
the known ones are replaced by what the build has brought or left out, an unknown one is an error. A
Content-Security-Policy in the page then forbids every request and every script that is not ours.
"""

from __future__ import annotations

import base64
import hashlib
import html
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from branca.element import Figure

from gazetteer import MapperError
from geo.event import Event
from maps.basemap import asset_text, neighbours_of
from maps.entries import entries_of
from maps.layers import (
    BaseMap,
    EventLayer,
    MentionedPlace,
    PageStats,
    Verbatim,
    divisions_codes,
    page_data,
    page_scripts,
    static_text,
)
from maps.style import page_style

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

__all__ = ["render", "save", "self_contained"]

DEFAULT_TITLE = "Reported conflict events"

#: What folium links to -> the asset that stands in for it, or None where our page needs no such thing: no popup of
#: folium's, no icon font. folium 0.20 asks for Leaflet 1.9.3; 1.9.4 is its bug-fix release.
_KNOWN_LINKS: dict[str, str | None] = {
    "https://cdn.jsdelivr.net/npm/leaflet@1.9.3/dist/leaflet.js": "leaflet.js",
    "https://cdn.jsdelivr.net/npm/leaflet@1.9.3/dist/leaflet.css": "leaflet.css",
    "https://cdn.jsdelivr.net/npm/leaflet@1.9.4/dist/leaflet.js": "leaflet.js",
    "https://cdn.jsdelivr.net/npm/leaflet@1.9.4/dist/leaflet.css": "leaflet.css",
    "https://code.jquery.com/jquery-3.7.1.min.js": None,
    "https://cdn.jsdelivr.net/npm/bootstrap@5.2.2/dist/js/bootstrap.bundle.min.js": None,
    "https://cdn.jsdelivr.net/npm/bootstrap@5.2.2/dist/css/bootstrap.min.css": None,
    "https://cdnjs.cloudflare.com/ajax/libs/Leaflet.awesome-markers/2.0.2/leaflet.awesome-markers.js": None,
    "https://cdnjs.cloudflare.com/ajax/libs/Leaflet.awesome-markers/2.0.2/leaflet.awesome-markers.css": None,
    "https://netdna.bootstrapcdn.com/bootstrap/3.0.0/css/bootstrap-glyphicons.css": None,
    "https://cdn.jsdelivr.net/npm/@fortawesome/fontawesome-free@6.2.0/css/all.min.css": None,
    "https://cdn.jsdelivr.net/gh/python-visualization/folium/folium/templates/leaflet.awesome.rotate.min.css": None,
}

_LINK = re.compile(r'<script src="([^"]*)"></script>|<link rel="stylesheet" href="([^"]*)"\s*/?>')
_LEFTOVER = re.compile(r"<(?:script|img|iframe|link)\b[^>]*\b(?:src|href)\s*=[^>]*>", re.IGNORECASE)
_INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_CHARSET = '<meta http-equiv="content-type" content="text/html; charset=UTF-8" />'
_VIEWPORT = re.compile(r'<meta name="viewport"[^>]*>')


def render(
    events: Sequence[Event] | GeoDataFrame,
    *,
    title: str | None = None,
    toponyms: Sequence[MentionedPlace] = (),
    stats: PageStats | None = None,
    provenance: str | None = None,
) -> str:
    """One self-contained HTML page with the events: the same input gives the same text.

    Takes Events, or a GeoDataFrame with the flat columns (a subset will do). `toponyms` are places named without an
    event; `provenance` says what made the events ("conflictmap 0.3; rules abc123; gazetteer 2026-01").
    Raises MapperError when the page's assets are missing, InputError when a column holds what it cannot.
    """
    import folium  # noqa: PLC0415  (0.6 s with the pandas that it imports; reading the API needs neither)

    entries = entries_of(events)
    values = page_data(entries, title=title, toponyms=toponyms, stats=stats, provenance=provenance)
    style = page_style()
    the_map = folium.Map(
        location=[25, 20],
        zoom_start=2,
        tiles=None,
        control_scale=True,
        zoom_control="topleft",
        maxZoom=style["maxZoom"],
        minZoom=1,
        attributionControl=False,
        zoomSnap=0.25,
        maxBounds=[[-88, -200], [88, 200]],
        maxBoundsViscosity=0.6,
    )
    figure: Any = the_map.get_root()
    figure.title = html.escape(title or DEFAULT_TITLE)
    figure.header.add_child(Verbatim(f"<style>\n{static_text('page.css')}</style>"), name="page_css")
    for number, script in enumerate(page_scripts()):
        figure.html.add_child(Verbatim(f"<script>\n{script}</script>"), name=f"page_script_{number}")
    figure.html.add_child(Verbatim(static_text("page.html")), name="page_shell")
    focus = divisions_codes(entries)
    BaseMap(focus, neighbours_of(focus, values["view"]["main"])).add_to(the_map)
    EventLayer({**values, "title": title or DEFAULT_TITLE}).add_to(the_map)
    _number_elements(figure)
    return self_contained(figure.render())


def save(events: Sequence[Event] | GeoDataFrame, path: str | os.PathLike[str], **options: Any) -> None:
    """Writes the page that `render` makes, through a temporary file in the same folder. Options as for `render`."""
    target = Path(path)
    text = render(events, **options)
    part = target.with_name(f".{target.name}.part")
    try:
        part.write_text(text, encoding="utf-8", newline="\n")
        part.replace(target)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise MapperError(f"{target}: the page cannot be written ({error.strerror}); choose another folder") from error


def _number_elements(figure: Figure) -> None:
    """Numbers the elements of one page from zero. folium gives random ids; only these instances are changed."""
    for number, element in enumerate(_elements(figure)):
        element._id = str(number)


def _elements(element: Any) -> Iterator[Any]:
    yield element
    for part in ("header", "html", "script"):
        if isinstance(element, Figure):
            yield from _elements(getattr(element, part))
    for child in element._children.values():
        yield from _elements(child)


def self_contained(page: str) -> str:
    """Folium's rendered page with its links replaced by what they name, and a policy that forbids every request.

    Raises MapperError when the page links to something that is not in the list of known links.
    """

    def inlined(match: re.Match[str]) -> str:
        url = match[1] or match[2]
        if url not in _KNOWN_LINKS:
            raise MapperError(f"the page links to {url}, which the build does not bring: add it to maps/page.py")
        asset = _KNOWN_LINKS[url]
        if asset is None:
            return ""
        tag = "script" if match[1] else "style"
        return f"<{tag}>\n{_embeddable(asset, tag)}</{tag}>"

    page = _LINK.sub(inlined, page)
    left = _LEFTOVER.search(page)
    if left is not None:
        raise MapperError(f"the page links to something unknown: {left[0][:200]}")
    page = _VIEWPORT.sub('<meta name="viewport" content="width=device-width, initial-scale=1" />', page)
    page = page.replace("<html>", '<html lang="en">', 1)
    assert _CHARSET in page, "folium's page has no charset line any more"
    head = (
        '<meta charset="utf-8" />\n    <meta name="generator" content="conflictmap" />\n'
        f'    <meta http-equiv="{_CSP}" content="{_policy(page)}" />'
    )
    return page.replace(_CHARSET, head, 1)


_CSP = "Content-Security-Policy"


def _embeddable(asset: str, tag: str) -> str:
    text = asset_text(asset)
    loads = tag == "style" and re.search(r"@import|url\((?!data:)", text)
    if loads or re.search(rf"</{tag}", text, re.IGNORECASE):
        raise MapperError(f"maps/assets/{asset} cannot stand in a page: it ends its own tag or loads a file")
    return text


def _policy(page: str) -> str:
    """The policy: the scripts of this page by their checksums, styles, images in the page, and nothing else."""
    scripts = sorted({hashlib.sha256(code.encode("utf-8")).digest() for code in _INLINE_SCRIPT.findall(page)})
    hashes = " ".join(f"'sha256-{base64.b64encode(digest).decode('ascii')}'" for digest in scripts)
    return (
        f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src data:; "
        "connect-src 'none'; base-uri 'none'; form-action 'none'"
    )
