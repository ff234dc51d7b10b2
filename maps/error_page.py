"""The errors of an evaluation -> one page that opens without a network, with label and prediction joined by a line.

Hides: the page's shell and what of an error's row it shows. Text reaches the page as data and is set as text; a longitude
is shifted by a turn where the line would cross the whole map.
"""

from __future__ import annotations

import html
import json
from collections.abc import Iterable, Mapping
from typing import Any

from maps.basemap import asset_text, outlines_json, outlines_source
from maps.layers import escape_json, static_text
from maps.page import self_contained
from maps.style import page_style

__all__ = ["error_map"]

#: Degrees are rounded to about a metre.
_DEGREE_DIGITS = 5


def error_map(rows: Iterable[Mapping[str, Any]], *, title: str) -> str:
    """The page for rows of the error table, as `conflictmap evaluate --errors` writes them."""
    asset_text("leaflet.js")  # says what to do where the page's assets are missing
    values = {
        "title": title,
        "colours": page_style()["map"]["light"],
        "source": outlines_source(),
        "rows": [_map_row(row) for row in rows],
    }
    parts = {
        "title": html.escape(title),
        "outlines": escape_json(outlines_json((), ())),
        "errors": escape_json(json.dumps(values, ensure_ascii=False, allow_nan=False)),
        "outlines_js": static_text("mercator.js") + static_text("outlines.js"),
        "errors_js": static_text("errors.js"),
    }
    page = static_text("errors.html")
    for name in ("outlines_js", "errors_js", "outlines", "errors", "title"):  # what comes from files last
        before, mark, after = page.partition(f"@{name}@")
        assert mark
        page = before + parts[name] + after
    return self_contained(page)


def _map_row(row: Mapping[str, Any]) -> dict[str, Any]:
    def point(which: str) -> list[float] | None:
        lon, lat = row[f"{which}_longitude"], row[f"{which}_latitude"]
        return None if lon is None else [round(lat, _DEGREE_DIGITS), round(lon, _DEGREE_DIGITS)]  # Leaflet's order

    days = " to ".join(dict.fromkeys(filter(None, (row.get("date_start"), row.get("date_end")))))
    return {
        "document": row["document"],
        "error": row["error"],
        "text": row["text"] if "text" in row else row["sub_event_type"],
        "place": row["place"],
        "km": row["km"],
        "confidence": row.get("confidence"),
        "context": f"… {row['context']} …" if row.get("context") else days or None,
        "reasons": f"labelled as {row['label']}" if row.get("label") else row.get("reasons"),
        "gold": point("gold"),
        "predicted": point("predicted"),
    }
