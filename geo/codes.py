"""Codes of countries and of kinds of events in the tables of others: ISO 3166, FIPS 10-4, CAMEO.

Hides: that GDELT's country codes are FIPS 10-4 and not ISO (UP is Ukraine there), and which CAMEO codes are events of
ours. The tables are `geo/data/country_codes.tsv` and `geo/data/cameo.tsv`.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache

from geo import DATA
from geo.event import event_type_of

__all__ = ["Cameo", "Country", "cameo", "country_by_fips", "country_by_iso2", "country_of"]


@dataclass(frozen=True, slots=True)
class Country:
    """A country or territory with a code of its own."""

    iso2: str
    iso3: str
    number: int | None  # ISO 3166 numeric; Kosovo has none
    fips: tuple[str, ...]
    name: str
    other_names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cameo:
    """What a CAMEO code means. `sub_event_type` is None for what is no event of ours, such as a statement."""

    code: str
    label: str
    sub_event_type: str | None

    @property
    def event_type(self) -> str | None:
        return event_type_of(self.sub_event_type) if self.sub_event_type is not None else None


@cache
def _countries() -> tuple[Country, ...]:
    return tuple(
        Country(
            iso2=row["iso2"],
            iso3=row["iso3"],
            number=int(row["iso_number"]) if row["iso_number"] else None,
            fips=tuple(row["fips"].split()),
            name=row["name"],
            other_names=tuple(filter(None, row["other_names"].split("|"))),
        )
        for row in _rows("country_codes.tsv")
    )


def _rows(name: str) -> list[dict[str, str]]:
    text = (DATA / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE))


@cache
def _by_any() -> dict[str, Country]:
    """Countries by every code but FIPS, and by name, folded."""
    found: dict[str, Country] = {}
    for country in _countries():
        for key in (country.iso2, country.iso3, country.name, *country.other_names):
            found.setdefault(key.casefold(), country)
        if country.number is not None:
            found.setdefault(str(country.number), country)
    return found


@cache
def _by_fips() -> dict[str, Country]:
    return {code: country for country in _countries() for code in country.fips}


def country_by_iso2(code: str) -> Country | None:
    """The country of an ISO alpha-2 code."""
    found = _by_any().get(code.casefold()) if len(code) == 2 else None
    return found if found is not None and found.iso2 == code.upper() else None


def country_by_fips(code: str) -> Country | None:
    """The country of a FIPS 10-4 code, the first two letters of which are the country's.

    >>> country_by_fips("UP07").name
    'Ukraine'
    """
    return _by_fips().get(code[:2].upper())


def country_of(given: str) -> Country | None:
    """The country that a cell means: an ISO code of two or three letters, its number, or a name.

    >>> country_of("DR Congo (Zaire)").iso2, country_of("760").iso2, country_of("SYR").iso2
    ('CD', 'SY', 'SY')
    """
    key = " ".join(given.split()).casefold()
    if key.isdigit():
        key = str(int(key))
    return _by_any().get(key) or _by_any().get(re.sub(r"\s*\(.*?\)", "", key).removeprefix("the ").strip())


@cache
def _cameo() -> dict[str, Cameo]:
    return {row["code"]: Cameo(row["code"], row["label"], row["sub_event_type"] or None) for row in _rows("cameo.tsv")}


def cameo(code: str) -> Cameo | None:
    """The CAMEO code, or the nearest one above it that the table has.

    >>> cameo("1952").sub_event_type, cameo("0231").label
    ('Air/drone strike', 'Appeal')
    """
    return next((found for n in range(len(code), 1, -1) if (found := _cameo().get(code[:n]))), None)
