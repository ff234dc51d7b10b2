"""CSV: our own columns, the ACLED-shaped and the UCDP-shaped form, HXL tags, and the Frictionless description beside it.

Hides: how our columns map onto those of ACLED (31, codebook of 2024) and of UCDP GED (49, version 23.1 to 25.1), and
which words for numbers become a figure there. Our own columns keep the words; only the ACLED-shaped form, which has no
place for them, gets a number, and its notes say so.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from geo.cells import safe_cell
from geo.codes import country_by_iso2
from geo.formats.export import Export
from geo.table import Row, Value, writing

__all__ = ["ACLED_COLUMNS", "HXL_TAGS", "UCDP_COLUMNS", "datapackage", "write_acled", "write_csv", "write_ucdp"]

ACLED_COLUMNS: tuple[str, ...] = tuple(
    (
        "event_id_cnty event_date year time_precision disorder_type event_type sub_event_type actor1 assoc_actor_1 inter1 "
        "actor2 assoc_actor_2 inter2 interaction civilian_targeting iso region country admin1 admin2 admin3 location "
        "latitude longitude geo_precision source source_scale notes fatalities tags timestamp"
    ).split()
)

UCDP_COLUMNS: tuple[str, ...] = tuple(
    (
        "id relid year active_year code_status type_of_violence conflict_dset_id conflict_new_id conflict_name dyad_dset_id "
        "dyad_new_id dyad_name side_a_dset_id side_a_new_id side_a side_b_dset_id side_b_new_id side_b number_of_sources "
        "source_article source_office source_date source_headline source_original where_prec where_coordinates "
        "where_description adm_1 adm_2 latitude longitude geom_wkt priogrid_gid country country_id region event_clarity "
        "date_prec date_start date_end deaths_a deaths_b deaths_civilians deaths_unknown best high low gwnoa gwnob"
    ).split()
)

#: Our column -> its HXL tag (hxlstandard.org); what the standard has no tag for has one of the reserved kind.
HXL_TAGS: dict[str, str] = {
    "event_id": "#event+id",
    "date_start": "#date+start",
    "date_end": "#date+end",
    "place": "#loc+name",
    "longitude": "#geo+lon",
    "latitude": "#geo+lat",
    "event_type": "#event+type",
    "sub_event_type": "#event+type+sub",
    "summary": "#description",
    "actors": "#group+name+first",
    "targets": "#group+name+second",
    "killed_low": "#affected+killed+min",
    "killed_high": "#affected+killed+max",
    "wounded_low": "#affected+injured+min",
    "wounded_high": "#affected+injured+max",
    "country": "#country+code+v_iso2",
    "country_name": "#country+name",
    "admin1": "#adm1+name",
    "admin2": "#adm2+name",
    "pcode": "#loc+code+v_pcode",
    "geo_precision": "#geo+precision+code",
    "sources": "#meta+source",
    "urls": "#meta+url",
    "published": "#date+reported",
    "adm1_name": "#adm1+name+v_boundary",
    "adm1_pcode": "#adm1+code+v_pcode",
    "adm2_name": "#adm2+name+v_boundary",
    "adm2_pcode": "#adm2+code+v_pcode",
    "adm3_name": "#adm3+name+v_boundary",
    "adm3_pcode": "#adm3+code+v_pcode",
}

#: Words for a number of dead -> the figure of the ACLED codebook. A dozen and more than one hundred stand before plurals.
_FIGURES: tuple[tuple[re.Pattern[str], int], ...] = (
    (re.compile(r"\bhundreds\b", re.I), 100),
    (re.compile(r"\bdozens\b|\bscores\b", re.I), 12),
    (re.compile(r"\bseveral\b|\bmany\b|\ba few\b|\bfew\b|\ba number of\b", re.I), 3),
)

#: Sub-type -> disorder type, where it is not that of the type.
_DISORDER_OF_SUB = {
    "Excessive force against protesters": "Political violence; Demonstrations",
    "Violent demonstration": "Demonstrations",
}
_DISORDER = {
    "Battles": "Political violence",
    "Protests": "Demonstrations",
    "Riots": "Political violence",
    "Explosions/Remote violence": "Political violence",
    "Violence against civilians": "Political violence",
    "Strategic developments": "Strategic developments",
}
_CIVILIANS = re.compile(r"\bcivilian|\bvillagers\b|\bresidents\b|\bjournalist|\bmedic|\bchildren\b|\bwomen\b", re.I)


def write_csv(path: Path, export: Export) -> list[str]:
    """Our own columns, `longitude` and `latitude` after `place`."""
    names = [column.name for column in export.table_columns]
    tags = [HXL_TAGS.get(name, f"#x_{name}") for name in names] if export.hxl else None
    _write(path, names, ([row.get(name) for name in names] for row in export.rows), tags)
    return [_NO_AREAS] if export.geometry == "area" else []


_NO_AREAS = "a table has no areas: points and radius_km are written"


def write_acled(path: Path, export: Export) -> list[str]:
    """The 31 columns of an ACLED export, filled with our own events; `source` and `notes` say whose they are."""
    _write(path, ACLED_COLUMNS, (_acled(row) for row in export.rows), None)
    return ["ACLED-shaped columns have no radius, status, confidence and highest figure; unknown deaths are 0 there"]


def write_ucdp(path: Path, export: Export) -> list[str]:
    """The 49 columns of UCDP GED, filled with our own events; ids of conflicts, dyads and sides stay empty."""
    _write(path, UCDP_COLUMNS, (_ucdp(row) for row in export.rows), None)
    return ["UCDP-shaped columns have no event type, status and confidence; ids of conflicts and sides are empty"]


def _write(
    path: Path, names: Sequence[str], rows: Iterable[Sequence[Value | Decimal]], tags: Sequence[str] | None
) -> None:
    with writing(path) as draft, draft.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(names)
        if tags is not None:
            writer.writerow(tags)
        writer.writerows([safe_cell(v) if isinstance(v, str) else v for v in row] for row in rows)


# --- ACLED's shape ---------------------------------------------------------------------------------------------------


def _acled(row: Row) -> list[Value | Decimal]:
    day = _middle(row)
    actors, targets = _items(row.get("actors")), _items(row.get("targets"))
    fatalities, how = _fatalities(row)
    sub, kind = _text(row, "sub_event_type"), _text(row, "event_type")
    targeted = kind == "Violence against civilians" or any(_CIVILIANS.search(target) for target in targets)
    country = country_by_iso2(_text(row, "country"))
    lon, lat = row.get("longitude"), row.get("latitude")
    notes = [_text(row, "summary"), _text(row, "quote"), how, f"[{row['provenance']}]" if row.get("provenance") else ""]
    values: dict[str, Value | Decimal] = {
        "event_id_cnty": row.get("event_id"),
        "event_date": day.isoformat() if day is not None else None,
        "year": day.year if day is not None else None,
        "time_precision": row.get("time_precision"),
        "disorder_type": _DISORDER_OF_SUB.get(sub) or _DISORDER.get(kind),
        "event_type": kind,
        "sub_event_type": sub,
        "actor1": actors[0] if actors else None,
        "assoc_actor_1": "; ".join(actors[1:]),
        "actor2": targets[0] if targets else None,
        "assoc_actor_2": "; ".join(targets[1:]),
        "civilian_targeting": "Civilians targeted" if targeted else None,
        "iso": country.number if country is not None else None,
        "country": row.get("country_name") or (country.name if country is not None else None),
        "admin1": row.get("adm1_name") or row.get("admin1"),
        "admin2": row.get("adm2_name") or row.get("admin2"),
        "admin3": row.get("adm3_name"),
        "location": row.get("place"),
        "latitude": Decimal(f"{float(lat):.4f}") if lat is not None else None,
        "longitude": Decimal(f"{float(lon):.4f}") if lon is not None else None,
        "geo_precision": row.get("geo_precision"),
        "source": row.get("sources"),
        "notes": " ".join(note for note in notes if note),
        "fatalities": fatalities,
        "tags": "ACLED-style export of conflictmap",
    }
    return [values.get(name) for name in ACLED_COLUMNS]


def _middle(row: Row) -> date | None:
    """The middle of the days on which it may have happened, as ACLED dates a period."""
    start, end = _day(row, "date_start"), _day(row, "date_end")
    if start is None or end is None:
        return start
    return start + timedelta(days=(end - start).days // 2)


def _fatalities(row: Row) -> tuple[int, str]:
    """ACLED's one number and, where it is not a figure of the articles, how it came about."""
    low = row.get("killed_low")
    if low is None:
        low = row.get("killed_high")
    if low is not None:
        return int(low), ""
    words = _text(row, "casualty_words")
    for pattern, number in _FIGURES:
        if (found := pattern.search(words)) and not re.search(r"wounded|injur|casualt", words, re.I):
            return number, f"Fatalities: '{found[0]}' coded as {number}."
    return 0, ""


# --- UCDP's shape ----------------------------------------------------------------------------------------------------


def _ucdp(row: Row) -> list[Value]:
    actors, targets = _items(row.get("actors")), _items(row.get("targets"))
    start = _day(row, "date_start")
    lon, lat = row.get("longitude"), row.get("latitude")
    low, high = row.get("killed_low"), row.get("killed_high")
    best = low if low is not None and low == high else None
    civilians = best if row.get("event_type") == "Violence against civilians" else None
    located = lon is not None and lat is not None
    values: dict[str, Value] = {
        "id": row.get("event_id"),
        "relid": row.get("family_id"),
        "year": start.year if start is not None else None,
        "code_status": "conflictmap, UCDP-style, not coded by UCDP",
        "type_of_violence": 3 if row.get("event_type") == "Violence against civilians" else None,
        "side_a": "; ".join(actors),
        "side_b": "; ".join(targets),
        "dyad_name": f"{'; '.join(actors)} - {'; '.join(targets)}" if actors and targets else None,
        "number_of_sources": row.get("n_publishers") if row.get("n_publishers") is not None else -1,
        "source_article": row.get("urls"),
        "source_office": row.get("sources"),
        "source_date": row.get("published"),
        "source_headline": row.get("summary"),
        "where_prec": row.get("where_prec"),
        "where_coordinates": row.get("place"),
        "where_description": row.get("location_level"),
        "adm_1": row.get("adm1_name") or row.get("admin1"),
        "adm_2": row.get("adm2_name") or row.get("admin2"),
        "latitude": lat,
        "longitude": lon,
        "geom_wkt": f"POINT ({lon} {lat})" if located else None,
        "country": row.get("country_name"),
        "event_clarity": 1 if row.get("confidence") == "high" else 2,
        "date_prec": row.get("date_prec"),
        "date_start": row.get("date_start"),
        "date_end": row.get("date_end"),
        "deaths_civilians": civilians,
        "deaths_unknown": best if civilians is None else None,
        "best": best,
        "high": high,
        "low": low,
    }
    return [values.get(name) for name in UCDP_COLUMNS]


# --- the description beside a table ----------------------------------------------------------------------------------

_FRICTIONLESS = {"text": "string", "integer": "integer", "number": "number", "date": "date"}


def datapackage(csv_name: str, export: Export, form: str) -> str:
    """A Frictionless Tabular Data Package (datapackage.json) that describes a CSV which `write_export` wrote."""
    schema: dict[str, Any] = {"fields": list(_fields(export, form)), "missingValues": [""]}
    if form == "csv":
        schema["primaryKey"] = "event_id"
    name = re.sub(r"[^a-z0-9._-]+", "-", Path(csv_name).stem.lower()).strip("-") or "events"
    resource = {
        "name": name,
        "path": csv_name,
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "lineTerminator": "\n", "quoteChar": '"', "doubleQuote": True, "header": True}
        | ({"commentChar": "#"} if export.hxl else {}),
        "schema": schema,
    }
    package = {
        "profile": "tabular-data-package",
        "name": name,
        "title": export.title,
        "description": "\n".join(export.notes),
        "resources": [resource],
    }
    return json.dumps(package, ensure_ascii=False, indent=2) + "\n"


def _fields(export: Export, form: str) -> Iterator[dict[str, Any]]:
    if form != "csv":
        names = ACLED_COLUMNS if form == "csv-acled" else UCDP_COLUMNS
        yield from ({"name": name, "type": "any"} for name in names)
        return
    for column in export.table_columns:
        field: dict[str, Any] = {"name": column.name, "type": _FRICTIONLESS[column.type]}
        field["description"] = f"{column.meaning} [{column.unit}]" if column.unit else column.meaning
        yield field | ({"constraints": {"required": True, "unique": True}} if column.name == "event_id" else {})


# --- cells -----------------------------------------------------------------------------------------------------------


def _text(row: Row, name: str) -> str:
    value = row.get(name)
    return "" if value is None else str(value)


def _items(value: Value) -> list[str]:
    return [item for item in str(value).split("; ") if item] if value is not None else []


def _day(row: Row, name: str) -> date | None:
    value = row.get(name)
    return date.fromisoformat(str(value)) if value is not None else None
