"""How things look: colours, shapes, sizes, and how doubt is drawn. One table for the page and its legend.

Hides: which mark stands for which event type, which level of location gets which kind of symbol, and the colours of the
base map. The page's JavaScript gets all of it as data from `page_style`; change it here and nowhere else.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from gazetteer.errors import CodeError
from geo.event import CONFIDENCE_CLASSES, EVENT_TYPES, LEVELS, STATUSES

__all__ = ["TYPE_STYLES", "UNCODED", "TypeStyle", "page_style", "symbol_kind"]


@dataclass(frozen=True, slots=True)
class TypeStyle:
    """The mark of one event type: a colour and, for those who do not see it, a shape."""

    event_type: str
    colour: str  # "#rrggbb"
    shape: str  # drawn by static/symbols.js


#: In the codebook's order. Colours are of Okabe and Ito's set, which readers with any common colour blindness can tell
#: apart (jfly.uni-koeln.de/color); sky blue and yellow are left out, being too weak on light land.
TYPE_STYLES = (
    TypeStyle("Battles", "#0072b2", "cross"),
    TypeStyle("Protests", "#009e73", "triangle"),
    TypeStyle("Riots", "#e69f00", "wedge"),
    TypeStyle("Explosions/Remote violence", "#d55e00", "burst"),
    TypeStyle("Violence against civilians", "#b0508a", "square"),
    TypeStyle("Strategic developments", "#3f4650", "disc"),
)
assert tuple(style.event_type for style in TYPE_STYLES) == tuple(EVENT_TYPES)
#: The mark of rows of other tables whose type no code of ours says. It is no type: downloads leave it empty.
UNCODED = TypeStyle("Not coded", "#80715c", "hexagon")

#: Frames of what is laid beside the user's own events, a colour for each file; more files begin again.
_FRAMES = ("#4a5568", "#8a5a00", "#5b3a8c")

#: Location level -> kind of symbol. A "point" is a town's mark; "near" adds a dashed circle; an "area" is an open
#: diamond with its area shaded, never a town's mark; a "country" has no mark on the map until it is selected.
_SYMBOL_KINDS = {
    "site": "point",
    "settlement": "point",
    "near": "near",
    "adm3": "area",
    "adm2": "area",
    "adm1": "area",
    "part": "area",
    "country": "country",
    "sea_air": "area",
}
assert set(_SYMBOL_KINDS) == set(LEVELS)

#: The base map: quiet, so that the marks speak.
_MAP_COLOURS = {
    "sea": "#d9e4ea",
    "land": "#efece4",
    "focus": "#fbfaf5",  # countries with events
    "border": "#a29a8d",
    "division": "#c6bfb2",
    "area": "#6f5f86",  # shading of what is only known as an area
}

#: The same at night.
_DARK_COLOURS = {
    "sea": "#161c22",
    "land": "#23272c",
    "focus": "#2e3339",
    "border": "#6d7278",
    "division": "#4d535a",
    "area": "#b8a6d6",
}

#: Five steps of governorates shaded by a number: one hue, lighter to darker (at night darker to lighter), so that they
#: read in grey too. After ColorBrewer's Reds (colorbrewer2.org).
_SHADES = ("#fdd9c7", "#fbab8b", "#f57c5b", "#d9432f", "#9d1419")
_DARK_SHADES = ("#4a2a2a", "#713233", "#a03f3a", "#cf5c4a", "#f58e70")


def symbol_kind(level: str) -> str:
    """The kind of symbol for a location level: point, near, area or country.

    >>> symbol_kind("adm1")
    'area'
    """
    try:
        return _SYMBOL_KINDS[level]
    except KeyError:
        raise CodeError(f"location level {level!r} is none of {', '.join(_SYMBOL_KINDS)}") from None


def page_style() -> dict[str, Any]:
    """All of the style as data for the page. Lists are in the order in which the page's columns count."""
    return {
        "types": [
            {**asdict(style), "subs": EVENT_TYPES.get(style.event_type, ())} for style in (*TYPE_STYLES, UNCODED)
        ],
        "frames": _FRAMES,
        "levels": [
            {"level": level, "kind": symbol_kind(level), "geo_precision": geo, "where_prec": where}
            for level, (geo, where, _) in LEVELS.items()
        ],
        "confidence": list(CONFIDENCE_CLASSES),
        "status": list(STATUSES),
        "map": {"light": dict(_MAP_COLOURS), "dark": dict(_DARK_COLOURS)},
        "shades": {"light": _SHADES, "dark": _DARK_SHADES},
        "clusterRadius": 32,  # pixels: two marks of 20 pixels with air between them
        "manyEvents": 1000,  # beyond which counts have three digits and more, and need
        "manyRadius": 66,  # pixels
        "wideKm": 150,  # wider circles are shaded only when selected: one would hatch half a country
        "maxZoom": 14,  # the outlines are good to about 100 m
    }
