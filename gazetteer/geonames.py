"""Files of GeoNames -> `SourcePlace` records, streamed.

Hides: the columns of each file, which of its names are none, and where the names of divisions come from. A file is known
by its columns, not by its name: country dumps and `allCountries` (19 columns), `alternateNamesV2`, `admin1CodesASCII`,
`admin2Codes`, `hierarchy` and `countryInfo`, each as .txt, .gz or .zip. The columns are those of the readme beside the dumps
(download.geonames.org/export/dump/readme.txt). Licence of the data: CC BY 4.0, attribution "GeoNames, geonames.org".

A first-level division gets the id "admin1:SY.09" and a country "country:SY", as in the rest of the gazetteer, with their
GeoNames number in the source; every other place is "geonames:170654".
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from gazetteer.errors import InputError
from gazetteer.files import numbered_lines
from gazetteer.place import FEATURE_CLASSES, Place
from gazetteer.sources import native_name, useful_names
from gazetteer.store import SourcePlace

__all__ = ["ATTRIBUTION", "COLUMNS", "LICENCE", "Survey", "kind_of", "read_geonames", "survey"]

SOURCE = "GeoNames"
LICENCE = "CC BY 4.0"
ATTRIBUTION = "GeoNames, geonames.org"

#: Kind of file -> its columns.
COLUMNS: dict[str, tuple[str, ...]] = {
    "dump": (
        *("geonameid", "name", "asciiname", "alternatenames", "latitude", "longitude", "feature class", "feature code"),
        *("country code", "cc2", "admin1 code", "admin2 code", "admin3 code", "admin4 code", "population", "elevation"),
        *("dem", "timezone", "modification date"),
    ),
    "alternate names": (
        *("alternateNameId", "geonameid", "isolanguage", "alternate name", "isPreferredName", "isShortName"),
        *("isColloquial", "isHistoric", "from", "to"),
    ),
    "admin1 codes": ("code", "name", "asciiname", "geonameid"),
    "admin2 codes": ("code", "name", "asciiname", "geonameid"),
    "hierarchy": ("parentId", "childId", "type"),
    "countries": (
        *("ISO", "ISO3", "ISO-Numeric", "fips", "Country", "Capital", "Area", "Population", "Continent", "tld"),
        *("CurrencyCode", "CurrencyName", "Phone", "Postal Code Format", "Postal Code Regex", "Languages", "geonameid"),
        *("neighbours", "EquivalentFipsCode"),
    ),
}
_AT = {kind: {column: i for i, column in enumerate(columns)} for kind, columns in COLUMNS.items()}
#: How the first column of each kind looks: dumps and the table of countries have 19 columns both.
_FIRST_CELL = {
    "dump": re.compile(r"\d+"),
    "alternate names": re.compile(r"\d+"),
    "admin1 codes": re.compile(r"[A-Z]{2}\.[^.]+"),
    "admin2 codes": re.compile(r"[A-Z]{2}\.[^.]*\..+"),
    "hierarchy": re.compile(r"\d+"),
    "countries": re.compile(r"[A-Z]{2}"),
}
#: The older alternateNames lacks the last two columns, and the type of a hierarchy may be left out with its tab.
_OPTIONAL_COLUMNS = {"alternate names": 2, "hierarchy": 1}
#: "Languages" of alternateNamesV2 that are no names: links, post codes, codes of stations, of other registers, of sounds.
_NO_NAME = frozenset(
    {"link", "post", "iata", "icao", "faac", "unlc", "tcid", "wkdt", "phon", "fr_1793", "olc", "plate"}
)
_ABBREVIATION = "abbr"
#: Feature codes of countries and territories of today; "PCLH" is a former one and stays a place of its own.
_COUNTRY_CODES = frozenset({"PCL", "PCLD", "PCLF", "PCLI", "PCLIX", "PCLS"})
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
#: Generations that `hierarchy` is followed up to a division.
MAX_GENERATIONS = 8


def kind_of(path: Path) -> str:
    """Which file of GeoNames this is: a key of COLUMNS, by its first line of data.

    Raises InputError when it is none of them.
    """
    for number, line in numbered_lines(path):
        if not line.strip() or line.startswith("#"):
            continue
        cells = line.split("\t")
        for kind, columns in COLUMNS.items():
            fewest = len(columns) - _OPTIONAL_COLUMNS.get(kind, 0)
            if fewest <= len(cells) <= len(columns) and _FIRST_CELL[kind].fullmatch(cells[0]):
                return kind
        raise InputError(
            f"{path}:{number}: {len(cells)} columns, the first {cells[0][:40]!r}; a GeoNames dump has 19 columns with tabs "
            "between, the first a number (give other tables as .csv or .geojson)"
        )
    raise InputError(f"{path}: there is no line of data in this file; fetch it again")


@dataclass(frozen=True, slots=True)
class Survey:
    """What a first pass over the files learns: the names of divisions, and how new the data are."""

    date: str | None = None  # ISO day of the latest change
    divisions: Mapping[str, str] = field(default_factory=dict)  # "SY.09" or "SY.09.172300" -> name
    by_number: Mapping[int, tuple[str, str]] = field(
        default_factory=dict
    )  # GeoNames number -> admin1 code, admin2 code
    parents: Mapping[int, int] = field(default_factory=dict)
    names: Mapping[int, str] = field(default_factory=dict)  # lines of "language<tab>name"
    countries: Mapping[str, tuple[str, int | None]] = field(default_factory=dict)  # ISO code -> ISO3 code, population


def survey(files: Mapping[str, Sequence[Path]], *, country: str | None = None) -> Survey:
    """Read what the records need beside their own line. `files` holds the paths of each kind (keys of COLUMNS).

    Alternate names are kept in memory, some 100 bytes each: give those of a country, not of the world, with its dump.
    """
    date, divisions, by_number, numbers = "", {}, {}, set()
    for path in files.get("dump", ()):
        for _, line in numbered_lines(path):
            if (day := line[-10:]) > date and _DAY.fullmatch(day):
                date = day
            if country is not None and f"\t{country}\t" not in line:
                continue
            if files.get("alternate names"):
                numbers.add(line[: line.find("\t")])
            if "\tA\tADM1\t" in line or "\tA\tADM2\t" in line:
                cells = line.split("\t")
                if len(cells) == len(COLUMNS["dump"]) and cells[0].isdigit():
                    code, admin1, admin2 = cells[8], cells[10], cells[11]
                    second = cells[7] == "ADM2"
                    divisions[f"{code}.{admin1}.{admin2}" if second else f"{code}.{admin1}"] = cells[1]
                    by_number[int(cells[0])] = (admin1, admin2 if second else "")
    for kind in ("admin1 codes", "admin2 codes"):
        for path in files.get(kind, ()):
            for _, cells in _rows(path, kind):
                _, admin1, admin2 = (*cells[0].split(".", 2), "")[:3]
                divisions[cells[0]] = cells[1]
                if cells[3].isdigit():
                    by_number[int(cells[3])] = (admin1, admin2)
    return Survey(
        date=date or None,
        divisions=divisions,
        by_number=by_number,
        parents=_parents(files.get("hierarchy", ())),
        names=_names(files.get("alternate names", ()), numbers),
        countries=_countries(files.get("countries", ())),
    )


def read_geonames(dumps: Iterable[Path], known: Survey, *, country: str | None = None) -> Iterator[SourcePlace]:
    """The places of country dumps, one record a line; with `country` (ISO alpha-2) only its own.

    Rows without a feature class are left out: nobody has said what they are. Raises InputError with file and line for a row
    that is not as GeoNames writes it.
    """
    divisions_seen: set[str] = set()
    for path in dumps:
        for number, cells in _rows(path, "dump"):
            if (country is None or cells[8] == country) and cells[6]:
                yield _record(cells, f"{path}:{number}", known, divisions_seen)


def _rows(path: Path, kind: str) -> Iterator[tuple[int, list[str]]]:
    """Line numbers and cells, the optional ones filled up; empty lines and comments are left out."""
    columns = len(COLUMNS[kind])
    fewest = columns - _OPTIONAL_COLUMNS.get(kind, 0)
    for number, line in numbered_lines(path):
        cells = line.split("\t")
        if len(cells) != columns:
            if not line.strip() or line.startswith("#"):
                continue
            if not fewest <= len(cells) <= columns:
                raise InputError(
                    f"{path}:{number}: {len(cells)} columns; {kind} of GeoNames have {columns} (is the file whole?)"
                )
            cells += [""] * (columns - len(cells))
        elif line.startswith("#"):
            continue
        yield number, cells


def _record(cells: Sequence[str], where: str, known: Survey, divisions_seen: set[str]) -> SourcePlace:
    number = _number(cells, "geonameid", where)
    name, feature_class, feature_code, country, admin1 = cells[1], cells[6], cells[7], cells[8], cells[10]
    if not name.strip():
        raise InputError(f"{where}: the name is empty; fetch the file again")
    if feature_class not in FEATURE_CLASSES:
        raise InputError(f"{where}: feature class {feature_class!r} is none of {''.join(FEATURE_CLASSES)}")
    if country and not (len(country) == 2 and country.isascii() and country.isupper()):
        raise InputError(f"{where}: country code {country!r} is no ISO 3166 alpha-2 code in capitals")
    admin1, admin2 = _divisions(number, cells, known)
    place_id, source = f"geonames:{number}", SOURCE
    if feature_class == "A" and country:
        own_id = None
        if feature_code == "ADM1" and admin1:
            own_id = f"admin1:{country}.{admin1}"
        elif feature_code in _COUNTRY_CODES:
            own_id = f"country:{country}"
        if own_id is not None and own_id not in divisions_seen:
            divisions_seen.add(own_id)
            place_id, source = own_id, f"{SOURCE} {number}"
    iso3, people = known.countries.get(country, ("", None)) if place_id.startswith("country:") else ("", None)
    alternates, abbreviations = _split_names(cells, known.names.get(number))
    place = Place(
        id=place_id,
        name=name,
        lon=_degrees(cells, "longitude", 180.0, where),
        lat=_degrees(cells, "latitude", 90.0, where),
        feature_class=feature_class,
        feature_code=feature_code,
        country=country or None,
        admin1=admin1 or None,
        admin1_name=known.divisions.get(f"{country}.{admin1}"),
        admin2=known.divisions.get(f"{country}.{admin1}.{admin2}") if admin2 else None,
        population=_number(cells, "population", where) or people if cells[14] else people,
        native_name=native_name(country, alternates),
        source=source,
    )
    return SourcePlace(
        place,
        alternates=(*useful_names(alternates, name), cells[2]),
        abbreviations=(*abbreviations, *((iso3,) if iso3 else ())),
    )


def _divisions(number: int, cells: Sequence[str], known: Survey) -> tuple[str, str]:
    """The codes of the first and second division; where the row has none, those of its nearest parent that has.

    "00" is GeoNames' code for a place in no division.
    """
    admin1, admin2 = "" if cells[10] == "00" else cells[10], cells[11]
    parent = known.parents.get(number)
    for _ in range(MAX_GENERATIONS):
        if parent is None or (admin1 and admin2):
            break
        above1, above2 = known.by_number.get(parent, ("", ""))
        if above1 and admin1 in ("", above1):
            admin1, admin2 = above1, admin2 or above2
        parent = known.parents.get(parent)
    return admin1, admin2


def _split_names(cells: Sequence[str], tagged: str | None) -> tuple[list[str], list[str]]:
    """Alternate names and abbreviations: of alternateNamesV2 where it knows the place, else of the dump."""
    if tagged is None:
        return [name for name in cells[3].split(",") if name], []
    pairs = [line.split("\t", 1) for line in tagged.split("\n")]
    names = [name for language, name in pairs if language != _ABBREVIATION]
    return names, [name for language, name in pairs if language == _ABBREVIATION]


def _number(cells: Sequence[str], column: str, where: str) -> int:
    text = cells[_AT["dump"][column]]
    if not (text.isascii() and text.isdigit()):
        raise InputError(f"{where}: {column} {text!r} is no whole number; fetch the file again")
    return int(text)


def _degrees(cells: Sequence[str], column: str, limit: float, where: str) -> float:
    text = cells[_AT["dump"][column]]
    try:
        value = float(text)
    except ValueError:
        raise InputError(f"{where}: {column} {text!r} is no number of degrees; fetch the file again") from None
    if not -limit <= value <= limit:
        raise InputError(f"{where}: {column} {text} is outside -{limit:g}..{limit:g} (are the columns swapped?)")
    return value


def _parents(paths: Iterable[Path]) -> dict[int, int]:
    """Child -> parent; the administrative parent where there are several."""
    parents: dict[int, int] = {}
    for path in paths:
        for number, (parent, child, kind) in _rows(path, "hierarchy"):
            if not (parent.isdigit() and child.isdigit()):
                raise InputError(f"{path}:{number}: {parent!r}, {child!r} are no two GeoNames numbers; fetch it again")
            if kind == "ADM" or int(child) not in parents:
                parents[int(child)] = int(parent)
    return parents


def _names(paths: Iterable[Path], numbers: set[str]) -> dict[int, str]:
    """GeoNames number -> its tagged names, preferred ones first, as lines of "language<tab>name"."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in paths:
        for line, cells in _rows(path, "alternate names"):
            if not cells[1].isdigit():
                raise InputError(f"{path}:{line}: geonameid {cells[1]!r} is no whole number; fetch the file again")
            if cells[1] in numbers and cells[2] not in _NO_NAME and cells[3].strip():
                at = 0 if cells[4] == "1" else len(found[cells[1]])
                found[cells[1]].insert(at, f"{cells[2]}\t{cells[3]}")
    return {int(number): "\n".join(names) for number, names in found.items()}


def _countries(paths: Iterable[Path]) -> dict[str, tuple[str, int | None]]:
    found = {}
    for path in paths:
        for _, cells in _rows(path, "countries"):
            found[cells[0]] = (cells[1], int(cells[7]) if cells[7].isdigit() and cells[7] != "0" else None)
    return found
