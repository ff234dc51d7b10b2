"""How QGIS draws the layers of a GeoPackage: colour by type, size by doubt, and time for the temporal controller.

Hides: QGIS's style language (QML, as QGIS 3.22 and later read it). The colours are those of the page; a test compares.
"""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

__all__ = ["AREA_STYLE", "EVENT_STYLE", "OTHER_COLOUR", "TYPE_COLOURS", "colour_of"]

#: Colours of event types, of Okabe and Ito's set (jfly.uni-koeln.de/color); the same as in `maps.style`.
TYPE_COLOURS: dict[str, str] = {
    "Battles": "#0072b2",
    "Protests": "#009e73",
    "Riots": "#e69f00",
    "Explosions/Remote violence": "#d55e00",
    "Violence against civilians": "#b0508a",
    "Strategic developments": "#3f4650",
}
OTHER_COLOUR = "#7a7a7a"

#: Size of a mark in mm by `radius_km`: 2.2 for a town, 7 for a country. The root keeps governorates apart from districts.
_SIZE = 'min(7, 2 + 0.22 * sqrt(coalesce("radius_km", 1)))'
#: An event known only as an area is pale: it must not look like an address.
_OPACITY = "CASE WHEN \"location_level\" IN ('site', 'settlement') THEN 90 WHEN \"location_level\" = 'near' THEN 65 ELSE 35 END"


def colour_of(event_type: object) -> str:
    """The colour of an event type; grey where there is none.

    >>> colour_of("Battles"), colour_of(None)
    ('#0072b2', '#7a7a7a')
    """
    return TYPE_COLOURS.get(str(event_type), OTHER_COLOUR)


def _rgba(colour: str, alpha: int = 255) -> str:
    return ",".join(str(int(colour[i : i + 2], 16)) for i in (1, 3, 5)) + f",{alpha}"


def _options(values: dict[str, str]) -> str:
    options = "".join(f'<Option type="QString" name={quoteattr(k)} value={quoteattr(v)}/>' for k, v in values.items())
    props = "".join(f"<prop k={quoteattr(k)} v={quoteattr(v)}/>" for k, v in values.items())  # for QGIS before 3.26
    return f'<Option type="Map">{options}</Option>{props}'


def _by_expression(properties: dict[str, str]) -> str:
    entries = "".join(
        f'<Option type="Map" name={quoteattr(name)}><Option type="bool" name="active" value="true"/>'
        f'<Option type="QString" name="expression" value={quoteattr(expression)}/><Option type="int" name="type" value="3"/></Option>'
        for name, expression in properties.items()
    )
    return (
        '<data_defined_properties><Option type="Map"><Option type="QString" name="name" value=""/>'
        f'<Option type="Map" name="properties">{entries}</Option><Option type="QString" name="type" value="collection"/>'
        "</Option></data_defined_properties>"
    )


def _marker(name: str, colour: str) -> str:
    values = {
        "name": "circle",
        "color": _rgba(colour),
        "outline_color": "255,255,255,255",
        "outline_width": "0.2",
        "outline_width_unit": "MM",
        "size": "2.5",
        "size_unit": "MM",
        "scale_method": "diameter",
    }
    layer = f'<layer class="SimpleMarker" enabled="1" locked="0" pass="0">{_options(values)}{_by_expression({"size": _SIZE})}</layer>'
    opacity = _by_expression({"alpha": _OPACITY})
    return f'<symbol type="marker" name="{name}" alpha="1" clip_to_extent="1" force_rhr="0">{opacity}{layer}</symbol>'


def _fill(name: str, colour: str) -> str:
    values = {
        "color": _rgba(colour, 18),
        "style": "solid",
        "outline_color": _rgba(colour, 160),
        "outline_style": "dash",
        "outline_width": "0.2",
        "outline_width_unit": "MM",
    }
    layer = f'<layer class="SimpleFill" enabled="1" locked="0" pass="0">{_options(values)}</layer>'
    return f'<symbol type="fill" name="{name}" alpha="1" clip_to_extent="1" force_rhr="0">{layer}</symbol>'


def _style(kind: str) -> str:
    symbol = _marker if kind == "marker" else _fill
    colours = [*TYPE_COLOURS.items(), ("", OTHER_COLOUR)]
    categories = "".join(
        f'<category render="true" symbol="{n}" value={quoteattr(name)} label={quoteattr(name or "Other")} type="string"/>'
        for n, (name, _) in enumerate(colours)
    )
    symbols = "".join(symbol(str(n), colour) for n, (_, colour) in enumerate(colours))
    tip = escape(
        '<b>[% "summary" %]</b><br>[% "date_start" %] – [% "date_end" %]<br>[% "place" %] ([% "location_level" %], '
        '[% "radius_km" %] km)<br>[% "confidence" %]'
    )
    return (
        "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
        '<qgis version="3.22.0" styleCategories="Symbology|Temporal|MapTips|Fields">'
        '<temporal enabled="1" mode="2" limitMode="1" startField="date_start" endField="date_end" startExpression="" '
        'endExpression="" durationField="" durationUnit="min" fixedDuration="0" accumulate="0">'
        "<fixedRange><start></start><end></end></fixedRange></temporal>"
        '<renderer-v2 type="categorizedSymbol" attr="event_type" forceraster="0" enableorderby="0" symbollevels="0">'
        f"<categories>{categories}</categories><symbols>{symbols}</symbols></renderer-v2>"
        f"<mapTip>{tip}</mapTip><layerGeometryType>{0 if kind == 'marker' else 2}</layerGeometryType></qgis>"
    )


EVENT_STYLE = _style("marker")
AREA_STYLE = _style("fill")
