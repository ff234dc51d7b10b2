"""The event tables of others, line by line into values of our columns: ACLED, UCDP GED, GDELT events and GKG.

Hides: what their columns and codes mean. What our columns have no place for stays out; nothing is added that a table does
not say: a country's or a governorate's centroid becomes a `country` or an `adm1`, never a town, and a count of 0 in an ACLED
row stays unknown, since ACLED writes 0 also where nothing is reported.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from gazetteer.errors import InputError
from geo.codes import cameo, country_by_fips, country_of
from geo.dates import precision_codes
from geo.event import EVENT_TYPES, LEVELS, When
from geo.readers.values import degrees, parse_day, whole

__all__ = [
    "ACLED_LEVELS",
    "LAYOUTS",
    "OWN_ACLED_TAG",
    "UCDP_LEVELS",
    "UCDP_NEAR_KM",
    "Layout",
    "Origin",
    "codes_of",
    "layout_of",
    "level_values",
]

Values = dict[str, object]
Cells = Mapping[str, str]

#: What `tags` has in ACLED-shaped files of our own; those are not ACLED's.
OWN_ACLED_TAG = "ACLED-style export of conflictmap"


@dataclass(frozen=True, slots=True)
class Origin:
    """Whose rows these are, and what must be said where they are shown."""

    name: str
    attribution: str | None = None
    warning: str | None = None


ACLED = Origin(
    "ACLED",
    "Armed Conflict Location & Event Data (ACLED), acleddata.com; cite it with the day of your download",
    "these rows are ACLED's: its terms forbid passing them on or publishing them row by row; keep this file to yourself",
)
UCDP = Origin(
    "UCDP GED",
    "UCDP Georeferenced Event Dataset, Uppsala University (CC BY 4.0); cite Sundberg and Melander 2013, JPR 50(4), and the "
    "codebook of your version",
)
GDELT = Origin("GDELT", "The GDELT Project (gdeltproject.org)")
OWN = Origin("conflictmap")


@dataclass(frozen=True, slots=True)
class Layout:
    """A kind of table: its name, whose it is, and what makes rows of its lines."""

    name: str
    origin: Origin
    read: Callable[[Cells], Iterator[Values]]


def codes_of(start: date | None, end: date | None) -> Values:
    """The codes of date precision that follow from an interval."""
    if start is None or end is None:
        return {"time_precision": None, "date_prec": None}
    if end < start:
        raise InputError(f"date_end {end} is before date_start {start}")
    acled, ucdp = precision_codes(When(start, end, "", "stated"))
    return {"time_precision": acled, "date_prec": ucdp}


def level_values(level: str | None, radius_km: float | None = None) -> Values:
    """Level, radius and the codes of location precision that belong to it."""
    if level is None:
        return {}
    geo_precision, where_prec, radius = LEVELS[level]
    return {
        "location_level": level,
        "radius_km": radius if radius_km is None else radius_km,
        "geo_precision": geo_precision,
        "where_prec": where_prec,
    }


def _joined(*parts: str | None) -> str | None:
    return "; ".join(part.strip() for part in parts if part and part.strip()) or None


def _items(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]


def _country(cells: Cells, *columns: str) -> Values:
    for column in columns:
        if (given := cells.get(column, "").strip()) and (country := country_of(given)) is not None:
            return {"country": country.iso2, "country_name": country.name}
    return {"country_name": cells.get(columns[-1], "").strip() or None}


def _point(cells: Cells, lon: str, lat: str) -> Values:
    x, y = cells.get(lon, "").strip(), cells.get(lat, "").strip()
    if not x and not y:
        return {"unlocated_reason": "the row has no coordinates"}
    try:
        return {"longitude": degrees(x), "latitude": degrees(y)}
    except InputError as exc:
        raise InputError(f"{lon} / {lat}: {exc}") from exc


def _day(cells: Cells, column: str) -> date:
    try:
        return parse_day(cells.get(column, ""))
    except InputError as exc:
        raise InputError(f"{column}: {exc}") from exc


def _code(cells: Cells, column: str, allowed: range) -> int:
    text = cells.get(column, "").strip()
    try:
        code = int(float(text))
    except ValueError:
        code = -1
    if code not in allowed:
        raise InputError(f"{column} {text!r} is none of {allowed.start} to {allowed.stop - 1}")
    return code


def _number(cells: Cells, column: str) -> int | None:
    try:
        return whole(cells.get(column, ""))
    except InputError as exc:
        raise InputError(f"{column}: {exc}") from exc


# --- ACLED -----------------------------------------------------------------------------------------------------------

#: geo_precision -> level and radius. 2 is a part of a region, or a town that the event was near.
ACLED_LEVELS = {1: ("settlement", None), 2: ("near", 25.0), 3: ("part", None)}
#: Days around `event_date` by time_precision: a week, and a month.
_ACLED_DAYS = {1: 0, 2: 3, 3: 15}


def _acled(cells: Cells) -> Iterator[Values]:
    own = OWN_ACLED_TAG in cells.get("tags", "")
    start = end = None
    if cells.get("event_date", "").strip() or not own:
        day = _day(cells, "event_date")
        is_long = own and not cells.get("time_precision", "").strip()  # our events of more than a month have no code
        spread = timedelta(days=_ACLED_DAYS[3 if is_long else _code(cells, "time_precision", range(1, 4))])
        start, end = day - spread, day + spread
    located = _point(cells, "longitude", "latitude")
    place: Values = {}
    if "longitude" in located:
        if cells.get("geo_precision", "").strip() or not own:
            precision = _code(cells, "geo_precision", range(1, 4))
            place = level_values(*ACLED_LEVELS[precision]) | {"geo_precision": precision}
        else:
            place = level_values("country")
    kind, sub = cells.get("event_type", "").strip(), cells.get("sub_event_type", "").strip()
    if kind not in EVENT_TYPES:
        raise InputError(f"event_type {kind!r} is none of {', '.join(EVENT_TYPES)}")
    if sub and sub not in EVENT_TYPES[kind]:
        raise InputError(f"sub_event_type {sub!r} does not belong to {kind}")
    dead = _number(cells, "fatalities") or None
    event_id = (cells.get("event_id_cnty") or cells.get("data_id") or "").strip()
    yield {
        "event_id": event_id if own or not event_id else f"acled:{event_id}",
        "date_start": start,
        "date_end": end,
        "place": cells.get("location", "").strip(),
        "event_type": kind,
        "sub_event_type": sub,
        "summary": _joined(cells.get("notes")),
        "actors": _joined(cells.get("actor1"), *_items(cells.get("assoc_actor_1", ""))),
        "targets": _joined(cells.get("actor2"), *_items(cells.get("assoc_actor_2", ""))),
        "killed_low": dead,
        "killed_high": dead,
        "admin1": cells.get("admin1", "").strip(),
        "admin2": cells.get("admin2", "").strip(),
        "sources": cells.get("source", "").strip(),
        **_country(cells, "iso", "iso3", "country"),
        **located,
        **place,
        **codes_of(start, end),
        "time_precision": cells.get("time_precision"),
    }


# --- UCDP ------------------------------------------------------------------------------------------------------------

UCDP_LEVELS = {1: "settlement", 2: "near", 3: "adm2", 4: "adm1", 5: "part", 6: "country", 7: "sea_air"}
#: type_of_violence -> our type, as far as it goes; UCDP has no sub-types.
_UCDP_TYPES = {1: "Battles", 2: "Battles", 3: "Violence against civilians"}
#: "Within about 25 km of a known point" (GED codebook).
UCDP_NEAR_KM = 25.0


def _ucdp(cells: Cells) -> Iterator[Values]:
    start, end = _day(cells, "date_start"), _day(cells, "date_end")
    located = _point(cells, "longitude", "latitude")
    level = UCDP_LEVELS[_code(cells, "where_prec", range(1, 8))]
    violence = _code(cells, "type_of_violence", range(1, 4))
    best = _number(cells, "best")
    publishers = _items(cells.get("source_office", ""))
    yield {
        "event_id": f"ucdp:{cells['id'].strip()}" if cells.get("id", "").strip() else None,
        "date_start": start,
        "date_end": end,
        "place": cells.get("where_coordinates", "").strip(),
        "event_type": _UCDP_TYPES[violence],
        "summary": _joined(cells.get("dyad_name")),
        "actors": cells.get("side_a", "").strip(),
        "targets": cells.get("side_b", "").strip(),
        "killed_low": _number(cells, "low"),
        "killed_high": _number(cells, "high"),
        "casualty_words": f"best estimate {best}" if best is not None else None,
        "admin1": cells.get("adm_1", "").strip(),
        "admin2": cells.get("adm_2", "").strip(),
        "sources": _joined(*publishers),
        "published": _joined(*_items(cells.get("source_date", ""))),
        **_country(cells, "country"),
        **located,
        **(level_values(level, UCDP_NEAR_KM if level == "near" else None) if "longitude" in located else {}),
        **codes_of(start, end),
        "date_prec": cells.get("date_prec"),
    }


# --- GDELT -----------------------------------------------------------------------------------------------------------

#: Columns of the event files, which have no header. 2.0 has ADM2 codes and a second date more, 1.0 before 2013 no address.
_ACTOR = (
    "Code Name CountryCode KnownGroupCode EthnicCode Religion1Code Religion2Code Type1Code Type2Code Type3Code".split()
)
_GEO1 = "Type FullName CountryCode ADM1Code Lat Long FeatureID".split()
_GEO2 = "Type FullName CountryCode ADM1Code ADM2Code Lat Long FeatureID".split()
_EVENT = (
    "IsRootEvent EventCode EventBaseCode EventRootCode QuadClass GoldsteinScale NumMentions NumSources NumArticles AvgTone"
).split()


def _gdelt_columns(geo: Sequence[str]) -> tuple[str, ...]:
    head = "GLOBALEVENTID SQLDATE MonthYear Year FractionDate".split()
    actors = [f"Actor{n}{name}" for n in (1, 2) for name in _ACTOR]
    places = [f"{which}Geo_{name}" for which in ("Actor1", "Actor2", "Action") for name in geo]
    return (*head, *actors, *_EVENT, *places, "DATEADDED", "SOURCEURL")


_GKG1 = tuple(
    "DATE NUMARTS COUNTS THEMES LOCATIONS PERSONS ORGANIZATIONS TONE CAMEOEVENTIDS SOURCES SOURCEURLS".split()
)
_GKG2 = tuple(
    (
        "GKGRECORDID DATE SourceCollectionIdentifier SourceCommonName DocumentIdentifier Counts V2Counts Themes V2Themes "
        "Locations V2Locations Persons V2Persons Organizations V2Organizations V2Tone Dates GCAM SharingImage RelatedImages "
        "SocialImageEmbeds SocialVideoEmbeds Quotations AllNames Amounts TranslationInfo Extras"
    ).split()
)
#: Width of a file without header -> its columns.
GDELT_COLUMNS: dict[int, tuple[str, ...]] = {
    57: _gdelt_columns(_GEO1)[:-1],
    58: _gdelt_columns(_GEO1),
    61: _gdelt_columns(_GEO2),
    11: _GKG1,
    27: _GKG2,
}

#: ActionGeo_Type -> level: 1 country, 2 US state, 3 US city, 4 city elsewhere, 5 first-level division elsewhere.
_GDELT_LEVELS = {"1": "country", "2": "adm1", "3": "settlement", "4": "settlement", "5": "adm1"}


def _gdelt_place(kind: str, name: str, country: str, lat: str, lon: str) -> Values:
    """The values of a place as GDELT gives it; an unknown type is no place."""
    level = _GDELT_LEVELS.get(kind.strip())
    if level is None or not lat.strip() or not lon.strip():
        return {"unlocated_reason": "GDELT gives no place"}
    parts = [part.strip() for part in name.split(",")]
    found = country_by_fips(country.strip())
    values: Values = {"longitude": degrees(lon[:12]), "latitude": degrees(lat[:12]), "place": parts[0]}
    if level == "adm1" or (level == "settlement" and len(parts) > 2):
        division = parts[0 if level == "adm1" else -2]
        values["admin1"] = None if division.endswith("(general)") else division
    iso2 = found.iso2 if found is not None else None
    names: Values = {"country": iso2, "country_name": found.name if found is not None else parts[-1]}
    return values | names | level_values(level)


def _gdelt(cells: Cells) -> Iterator[Values]:
    day = _day(cells, "SQLDATE")
    code = cells["EventCode"].strip()
    meaning = cameo(code)
    if meaning is None:
        raise InputError(f"EventCode {code!r} is not in the CAMEO codebook")
    url = cells.get("SOURCEURL", "").strip()
    host = re.match(r"https?://(?:www\.)?([^/:?#]+)", url)
    yield {
        "event_id": f"gdelt:{cells['GLOBALEVENTID'].strip()}",
        "date_start": day,
        "date_end": day,
        "event_type": meaning.event_type,
        "sub_event_type": meaning.sub_event_type,
        "summary": f"{meaning.label} (CAMEO {code})",
        "actors": cells["Actor1Name"].strip(),
        "targets": cells["Actor2Name"].strip(),
        "n_reports": _number(cells, "NumArticles"),
        "sources": host[1] if host else None,
        "urls": url.replace(";", "%3B") or None,
        **_gdelt_place(*(cells[f"ActionGeo_{name}"] for name in ("Type", "FullName", "CountryCode", "Lat", "Long"))),
        **codes_of(day, day),
    }


#: GKG counts -> our columns and the sub-type, where the count is of people in an event of ours.
_GKG_COUNTS = {"KILL": "killed", "WOUND": "wounded"}


def _gkg(cells: Cells) -> Iterator[Values]:
    """A row for each place that a document names, with what it counts there. Documents are no events: there is no type."""
    is_second = "GKGRECORDID" in cells
    counts = _gkg_counts(cells["Counts" if is_second else "COUNTS"])
    blocks = dict.fromkeys(filter(None, cells["Locations" if is_second else "LOCATIONS"].split(";")))
    day = _day(cells, "DATE")
    document = cells["GKGRECORDID"] if is_second else ""
    url = cells["DocumentIdentifier" if is_second else "SOURCEURLS"].split("<UDIV>")
    themes = cells["Themes" if is_second else "THEMES"].split(";")
    source = cells["SourceCommonName" if is_second else "SOURCES"]
    named = [theme for theme in themes if theme.startswith(("KILL", "WOUND", "PROTEST", "ARMEDCONFLICT", "TERROR"))]
    for number, block in enumerate(blocks, start=1):
        parts = block.split("#")
        if len(parts) < 7:
            raise InputError(f"the location {block[:60]!r} has {len(parts)} parts, 7 are expected")
        kind, name, country, _, lat, lon = parts[:6]
        values: Values = {
            "event_id": f"gkg:{document}:{number}" if document else None,
            "date_start": day,
            "date_end": day,
            "summary": "; ".join(dict.fromkeys(named)) or "named in a document",
            "sources": _joined(*source.split(";")),
            "urls": _joined(*(address.replace(";", "%3B") for address in url)),
            **_gdelt_place(kind, name, country, lat, lon),
            **codes_of(day, day),
        }
        for what, total in counts.get((kind, name), {}).items():
            values |= {f"{what}_low": total, f"{what}_high": total}
        yield values


def _gkg_counts(text: str) -> dict[tuple[str, str], dict[str, int]]:
    """(type, name) of a place -> what was counted there; the lowest where a document has several counts."""
    found: dict[tuple[str, str], dict[str, int]] = {}
    for block in filter(None, text.split(";")):
        parts = block.split("#")
        if len(parts) >= 5 and (what := _GKG_COUNTS.get(parts[0])) and parts[1].isdigit():
            here = found.setdefault((parts[3], parts[4]), {})
            here[what] = min(int(parts[1]), here.get(what, int(parts[1])))
    return found


# --- recognition -----------------------------------------------------------------------------------------------------

LAYOUTS: dict[str, Layout] = {
    "acled": Layout("acled", ACLED, _acled),
    "ucdp": Layout("ucdp", UCDP, _ucdp),
    "gdelt": Layout("gdelt", GDELT, _gdelt),
    "gkg": Layout("gkg", GDELT, _gkg),
}
#: Columns that tell a layout; together no other table has them.
_SIGNS: dict[str, frozenset[str]] = {
    "acled": frozenset({"event_date", "sub_event_type", "actor1", "fatalities", "geo_precision", "time_precision"}),
    "ucdp": frozenset({"where_prec", "date_prec", "type_of_violence", "best", "side_a", "side_b"}),
    "gdelt": frozenset({"GLOBALEVENTID", "SQLDATE", "EventCode", "ActionGeo_Type", "ActionGeo_Lat"}),
    "gkg": frozenset({"DATE"}),
}


def layout_of(columns: Sequence[str]) -> Layout | None:
    """The layout that a table with these columns has, None where it is none of these."""
    there = frozenset(columns)
    for name, signs in _SIGNS.items():
        if name != "gkg" and signs <= there:
            return LAYOUTS[name]
    return LAYOUTS["gkg"] if set(_GKG1) <= there or set(_GKG2[:6]) <= there else None
