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
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from branca.element import Figure

from gazetteer import InputError, MapperError
from geo.event import Event
from maps.basemap import asset_text
from maps.layers import DEFAULT_TITLE, TILES_ZOOM, Beside, EventLayer, MentionedPlace, PageStats
from maps.style import page_style

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

__all__ = ["Map", "render", "save", "self_contained"]

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
    events: Sequence[Event | Mapping[str, Any]] | GeoDataFrame,
    *,
    title: str | None = None,
    toponyms: Sequence[MentionedPlace] = (),
    stats: PageStats | None = None,
    provenance: str | None = None,
    tiles: str | None = None,
    attribution: str | None = None,
    credits: Sequence[str] = (),
    beside: Sequence[Beside] = (),
) -> str:
    """One self-contained HTML page with the events: the same input gives the same text.

    Takes Events and rows of the flat columns (dicts with a subset of them), or a GeoDataFrame. `toponyms` are places
    named without an event; `provenance` says what made the events ("conflictmap 0.3; rules abc123; gazetteer 2026-01").
    `tiles` is the address of an online base map with {z}, {x} and {y}, which is then the one host that the page may ask;
    `attribution` is the credit that its makers want. Without it the page asks no host. `credits` are lines that the page
    shows with its sources; `beside` are events of others, each in a layer of its own.
    Raises MapperError when the page's assets are missing, InputError when a column holds what it cannot.
    """
    import folium  # noqa: PLC0415  (0.6 s with the pandas that it imports; reading the API needs neither)

    hosts = _tile_hosts(tiles, attribution)
    layer = EventLayer(
        events,
        title=title,
        toponyms=toponyms,
        stats=stats,
        provenance=provenance,
        outlines=True,
        attribution=attribution if tiles else None,
        credits=credits,
        beside=beside,
    )
    the_map = folium.Map(
        location=[25, 20],
        zoom_start=2,
        tiles=None,
        control_scale=True,
        zoom_control="topleft",
        maxZoom=TILES_ZOOM if tiles else page_style()["maxZoom"],
        minZoom=1,
        attributionControl=False,
        zoomSnap=0.25,
        maxBounds=[[-88, -200], [88, 200]],
        maxBoundsViscosity=0.6,
    )
    if tiles:  # their credit is in the page's own line, as text
        folium.TileLayer(tiles, attr="see below", max_zoom=TILES_ZOOM, max_native_zoom=TILES_ZOOM).add_to(the_map)
    layer.add_to(the_map)
    figure: Any = the_map.get_root()
    figure.title = html.escape(title or DEFAULT_TITLE)
    _number_elements(figure)
    return self_contained(figure.render(), images=hosts)


#: An address of tiles: a plain host, perhaps with {s} for one of three, and a path with the three numbers.
_TILES = re.compile(r"(https?)://((?:\{s\}\.)?[A-Za-z0-9.-]+(?::[0-9]+)?)/[A-Za-z0-9._~/{}@?&=%+-]*")


def _tile_hosts(tiles: str | None, attribution: str | None) -> list[str]:
    """The hosts that a page with these tiles may ask. Raises InputError for what is no address of tiles."""
    if tiles is None:
        return []
    found = _TILES.fullmatch(tiles)
    if found is None or not all(part in tiles for part in ("{z}", "{x}", "{y}")):
        raise InputError(f"tiles {tiles!r}: give an address such as https://tiles.example.org/{{z}}/{{x}}/{{y}}.png")
    if not attribution or not attribution.strip():
        raise InputError(f"tiles {tiles!r}: give the attribution that the makers of the tiles ask for too")
    scheme, host = found.groups()
    return [f"{scheme}://{host.replace('{s}', letter)}" for letter in ("abc" if "{s}" in host else "-")]


def save(
    events: Sequence[Event | Mapping[str, Any]] | GeoDataFrame, path: str | os.PathLike[str], **options: Any
) -> None:
    """Writes the page that `render` makes, through a temporary file in the same folder. Options as for `render`."""
    _write(render(events, **options), Path(path))


class Map:
    """A page as a value: it shows itself in a notebook, and can be saved. Options as for `render`.

    >>> Map([], title="Nothing yet").save("map.html")  # doctest: +SKIP
    """

    def __init__(self, events: Sequence[Event | Mapping[str, Any]] | GeoDataFrame, **options: Any) -> None:
        self.html = render(events, **options)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes the page, through a temporary file in the same folder."""
        _write(self.html, Path(path))

    def _repr_html_(self) -> str:
        """The page in a frame that can neither read the notebook nor send anything."""
        return (
            '<iframe sandbox="allow-scripts allow-popups allow-popups-to-escape-sandbox allow-downloads" '
            f'style="width: 100%; height: 640px; border: 0" srcdoc="{html.escape(self.html)}"></iframe>'
        )


def _write(text: str, target: Path) -> None:
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


def self_contained(page: str, *, images: Sequence[str] = ()) -> str:
    """Folium's rendered page with its links replaced by what they name, and a policy that forbids every request.

    `images` are hosts ("https://tiles.example.org") that images may come from all the same.
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
        f'    <meta http-equiv="{_CSP}" content="{_policy(page, images)}" />'
    )
    return page.replace(_CHARSET, head, 1)


_CSP = "Content-Security-Policy"


def _embeddable(asset: str, tag: str) -> str:
    text = asset_text(asset)
    loads = tag == "style" and re.search(r"@import|url\((?!data:)", text)
    if loads or re.search(rf"</{tag}", text, re.IGNORECASE):
        raise MapperError(f"maps/assets/{asset} cannot stand in a page: it ends its own tag or loads a file")
    return text


def _policy(page: str, images: Sequence[str]) -> str:
    """The policy: the scripts of this page by their checksums, styles, images in the page, and nothing else."""
    scripts = sorted({hashlib.sha256(code.encode("utf-8")).digest() for code in _INLINE_SCRIPT.findall(page)})
    hashes = " ".join(f"'sha256-{base64.b64encode(digest).decode('ascii')}'" for digest in scripts)
    return (
        f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src {' '.join(['data:', *images])}; "
        "connect-src 'none'; base-uri 'none'; form-action 'none'"
    )
