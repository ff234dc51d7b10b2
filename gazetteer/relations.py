"""Phrases that say where a place lies from another one: "40 km northeast of Aleppo", "the Idlib countryside".

Hides: how such phrases are worded, and the point and radius that each means. A computed place has no row in the gazetteer:
its id is the id of the place it was computed from and a suffix ("geonames:170063+40km-ne"), its name is the phrase, its
feature code says what it is (LCTY a spot nearby, RGN a part or surroundings, RD a road), and `radius_km` how far it is
known. To teach a wording, add a pattern to `_PATTERNS`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from gazetteer.patterns import lazy_pattern
from gazetteer.place import LonLat, Place, bearing_degrees, destination, great_circle_km

__all__ = ["Relation", "computed", "district_of", "read_relation"]

KM_PER_MILE = 1.609344
#: A stated distance is rounded and measured from the edge or the centre: a quarter of it is doubt, within these bounds.
DOUBT_SHARE, LEAST_DOUBT_KM, MOST_DOUBT_KM = 0.25, 2.0, 25.0
#: "South of Idlib" without a number: this far from the town, and as wide.
SIDE_KM = 10.0
#: "Near Palmyra", "the outskirts of Palmyra".
NEAR_KM = 10.0
#: "The countryside of Manbij": the villages that go to market there.
COUNTRYSIDE_KM = 15.0
#: A compass part of an area lies half-way to its edge and has half its radius.
PART_SHARE = 0.5
#: An area without a known radius, and the side of a town, are taken to be this wide.
AREA_KM, TOWN_KM = 40.0, 4.0
#: Longer texts are no names, and slow to match.
LONGEST_PHRASE = 160
#: Two ends of a road or of a stretch between places are not farther apart.
LONGEST_STRETCH_KM = 800.0

_BEARINGS = {
    "north": 0, "northeast": 45, "east": 90, "southeast": 135, "south": 180, "southwest": 225, "west": 270,
    "northwest": 315, "n": 0, "ne": 45, "e": 90, "se": 135, "s": 180, "sw": 225, "w": 270, "nw": 315,
    "شمال": 0, "شرق": 90, "جنوب": 180, "غرب": 270,
}  # fmt: skip
_POINTS = {0: "n", 45: "ne", 90: "e", 135: "se", 180: "s", 225: "sw", 270: "w", 315: "nw"}
_NUMBERS = {
    "a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "dozen": 12, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Relation:
    """A phrase taken apart: what it says and of which names."""

    kind: str  # "offset", "side", "near", "part", "surroundings", "between", "road", "border", "inside"
    names: tuple[str, ...]  # the places it is said of, as written
    bearing: int | None = None  # degrees from north
    km: float | None = None
    head: str = ""  # of "inside": what lies there


_DIR = r"(?:due )?(?P<dir>(?:north|south|east|west)(?:[- ]?(?:east|west))?(?:ern)?|[NS]?[EW]|[NS])"
_N = r"(?P<n>\d+(?:[.,]\d+)?|" + "|".join(_NUMBERS) + r")(?: ?(?:-|to) ?\d+)?"
_UNIT = r"(?P<unit>kms?|kilomet(?:er|re)s?|mi|miles?|met(?:er|re)s|m|كم|كيلومترا?|كيلومتر)"
_COMPASS = r"(?P<dir>(?:north|south|east|west)(?:[- ]?(?:east|west))?(?:ern)?|central|rural)"
_ROUND = r"(?:countryside|outskirts|surroundings|environs|hinterland|periphery|rural areas?|suburbs|edges?|approaches)"
_ROAD = r"(?:road|highway|motorway|route|railway|axis|line|front ?lines?|triangle|corridor|supply route)"
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, lazy_pattern(pattern, re.IGNORECASE))
    for kind, pattern in (
        ("offset", rf"^(?:.*[ (])?{_N} ?{_UNIT}(?:,? (?:to )?(?:the )?{_DIR})?(?: of| from| outside| away from)? (?P<a>.+)$"),
        ("between", r"^(?:.* )?between (?P<a>.+?) and (?P<b>.+?)(?: in .+)?$"),
        ("border", r"^(?:the )?(?P<list>.+?) (?:border|frontier)(?: (?:area|region|zone|strip))?$"),
        ("border", r"^(?:the )?(?:border|frontier) (?:of|with) (?P<a>.+?) (?:and|with) (?P<b>.+)$"),
        ("road", rf"^(?:the )?(?P<list>.+?) (?:international )?{_ROAD}(?: (?:in|of) .+)?$"),
        ("road", rf"^(?:the )?(?:.* )?{_ROAD} (?:from )?(?P<a>.+) to (?P<b>.+)$"),
        ("part", rf"^(?:the )?{_COMPASS} (?:{_ROUND}|parts?|side|half|sector) (?:of |in )(?:the )?(?P<a>.+)$"),
        ("part", rf"^(?:the )?(?P<a>.+?)(?:['’]s)? {_COMPASS} {_ROUND}$"),
        ("part", rf"^(?:the )?{_COMPASS} (?P<a>.+?)(?:['’]s)? {_ROUND}$"),
        ("surroundings", rf"^(?:the )?{_ROUND} (?:of|around) (?:the )?(?P<a>.+)$"),
        ("surroundings", rf"^(?:the )?(?P<a>.+?)(?:['’]s)? {_ROUND}$"),
        ("part", r"^ريف (?P<a>.+) ال(?P<dir>شمال|جنوب|شرق|غرب)ي$"),
        ("surroundings", r"^ريف (?P<a>.+)$"),
        ("side", rf"^(?:.* )?(?:(?:to|in) the )?{_DIR}(?:ern)?(?: (?:side|edge))? of (?:the )?(?P<a>.+)$"),
        ("side", r"^(?P<dir>شمال|جنوب|شرق|غرب)ي? (?P<a>.+)$"),
        ("near", r"^(?:.* )?(?:near|nearby|close to|next to|outside|around|(?:in )?the (?:vicinity|area) of|not far from)"
                 r" (?:the )?(?P<a>.+)$"),
        ("near", r"^(?:the )?(?P<a>.+?) vicinity$"),
        ("inside", r"^(?P<head>.+?) (?:in|inside|within) (?:the )?(?P<a>.+)$"),
        ("part", rf"^(?:the )?{_COMPASS} (?P<a>.+)$"),
    )
)  # fmt: skip
_HINT = lazy_pattern(
    r"\d|[شغج]|ريف|\b(?:of|between|from|to|near|nearby|outside|around|in|inside|within|north|south|east|west|northern|southern|"
    r"eastern|western|north[- ]?(?:east|west)(?:ern)?|south[- ]?(?:east|west)(?:ern)?|central|rural|border|frontier|vicinity|"
    r"countryside|outskirts|surroundings|environs|hinterland|periphery|suburbs|edges?|approaches|areas?|road|highway|"
    r"motorway|route|railway|axis|line|front|triangle|corridor)\b",
    re.IGNORECASE,
)
_DASH = lazy_pattern(r"\s+[-‐‑‒–—]+\s+|\s*[‒–—]\s*|\s*/\s*|,\s+")
#: A hyphen that is none of an article's, before or behind it.
_HYPHEN = lazy_pattern(
    r"(?<!\b[ae][dlnrstz])(?<!\b[ae][dst]h)[-‐‑](?!(?:[ae][dlnrstz]|[ae][dst]h)[-‐‑ ])", re.IGNORECASE
)
_ERN = lazy_pattern(r"(?<=[th])ern$")


def read_relation(name: str) -> Relation | None:
    """What a phrase says of the places it names; None where it is no such phrase.

    >>> read_relation("40 km northeast of Aleppo")
    Relation(kind='offset', names=('Aleppo',), bearing=45, km=40.0, head='')
    >>> read_relation("Khanasir-Aleppo road").names, read_relation("al-Bab"), read_relation("Gulf of Aden")
    (('Khanasir', 'Aleppo'), None, None)
    """
    if len(name) > LONGEST_PHRASE or not _HINT.search(name):
        return None
    text = " ".join(name.split())
    for kind, pattern in _PATTERNS:
        match = pattern.match(text)
        if match is None:
            continue
        relation = _relation(kind, match)
        if relation is not None:
            return relation
    return None


def _relation(kind: str, match: re.Match[str]) -> Relation | None:
    found = match.groupdict()
    if kind in ("border", "road") and found.get("list"):
        names = _listed(found["list"], unspaced=True)
        return Relation(kind, names) if len(names) > 1 else None
    if found.get("b"):
        return Relation(kind, (found["a"], found["b"]))
    bearing = _bearing(found.get("dir"))
    km = _distance(found["n"], found["unit"]) if kind == "offset" else None
    return Relation(kind, (found["a"],), bearing=bearing, km=km, head=found.get("head") or "")


def _listed(text: str, *, unspaced: bool) -> tuple[str, ...]:
    """The names joined by dashes; a hyphen behind or before an article ("al-Bab", "Dayr al-Zawr") joins none."""
    names = [part for part in _DASH.split(text) if part.strip()]
    if len(names) == 1 and unspaced:
        names = [part for part in _HYPHEN.split(text) if part.strip()]
    return tuple(name.strip() for name in names)


def _bearing(direction: str | None) -> int | None:
    if not direction:
        return None
    return _BEARINGS.get(re.sub(r"[- ]|^due ", "", _ERN.sub("", direction.lower())))


def _distance(number: str, unit: str) -> float:
    value = float(_NUMBERS.get(number.lower(), 0)) or float(number.replace(",", "."))
    unit = unit.lower()
    if unit.startswith("mi"):
        return value * KM_PER_MILE
    return value / 1000.0 if unit in ("m", "meters", "metres", "meter", "metre") else value


# --- where it is ----------------------------------------------------------------------------------------------------


def computed(relation: Relation, bases: Sequence[Place], phrase: str) -> Place | None:
    """The place that a phrase means, given the places it is said of; None where these are too far apart.

    Its point only stands for it: `radius_km` says how far it is known.
    """
    base = bases[0]
    if len(bases) > 1:
        return _stretch(relation, bases, phrase)
    extent = base.radius_km or (TOWN_KM if base.is_settlement else AREA_KM)
    compute: Callable[[Relation, Place, float], tuple[LonLat, float, str]] = {
        "offset": _offset,
        "side": _side,
        "near": lambda r, b, e: (b.point, max(NEAR_KM, e), "near"),
        "inside": lambda r, b, e: (b.point, e, "inside"),
        "surroundings": _surroundings,
        "part": _part,
    }[relation.kind]
    point, radius_km, suffix = compute(relation, base, extent)
    code = "LCTY" if relation.kind in ("offset", "near", "side", "inside") else "RGN"
    inside = relation.kind not in ("offset", "side")
    return _place(base, f"{base.id}+{suffix}", phrase, point, radius_km=radius_km, code=code, admin1=inside)


def district_of(seat: Place, name: str, radius_km: float) -> Place:
    """The area around the seat of a district that the gazetteer lacks."""
    return _place(seat, f"{seat.id}+district", name, seat.point, radius_km=radius_km, code="RGN", admin1=True)


def _offset(relation: Relation, base: Place, extent: float) -> tuple[LonLat, float, str]:
    km = relation.km or 0.0
    if relation.bearing is None:
        return base.point, max(1.0, km), f"{km:g}km"
    doubt = min(MOST_DOUBT_KM, max(LEAST_DOUBT_KM, DOUBT_SHARE * km))
    return destination(base.point, bearing=relation.bearing, km=km), doubt, f"{km:g}km-{_POINTS[relation.bearing]}"


def _side(relation: Relation, base: Place, extent: float) -> tuple[LonLat, float, str]:
    if relation.bearing is None:
        return base.point, max(NEAR_KM, extent), "near"
    km = SIDE_KM if base.is_settlement else max(SIDE_KM, extent)
    return destination(base.point, bearing=relation.bearing, km=km), km, _POINTS[relation.bearing]


def _surroundings(relation: Relation, base: Place, extent: float) -> tuple[LonLat, float, str]:
    return base.point, max(COUNTRYSIDE_KM, extent), "surroundings"


def _part(relation: Relation, base: Place, extent: float) -> tuple[LonLat, float, str]:
    if relation.bearing is None:  # central, rural
        return base.point, max(COUNTRYSIDE_KM, extent), "surroundings"
    if base.is_settlement:
        extent = 2 * TOWN_KM
    point = destination(base.point, bearing=relation.bearing, km=PART_SHARE * extent)
    return point, PART_SHARE * extent, f"part-{_POINTS[relation.bearing]}"


def _stretch(relation: Relation, bases: Sequence[Place], phrase: str) -> Place | None:
    """Half-way between two places, for a border nearer to the smaller one; the middle of more than two."""
    first, last = bases[0], bases[-1]
    km = max(great_circle_km(a.point, b.point) for a in bases for b in bases)
    if km > LONGEST_STRETCH_KM and relation.kind != "border":
        return None
    share = 0.5
    if relation.kind == "border" and first.radius_km and last.radius_km:
        share = first.radius_km / (first.radius_km + last.radius_km)
    step = share * great_circle_km(first.point, last.point)
    middle = destination(first.point, bearing=bearing_degrees(first.point, last.point), km=step)
    if len(bases) > 2:
        middle = LonLat(lon=sum(b.lon for b in bases) / len(bases), lat=sum(b.lat for b in bases) / len(bases))
    code = {"road": "RD", "border": "RGN"}.get(relation.kind, "LCTY")
    same = len({(b.country, b.admin1) for b in bases}) == 1
    place_id = "+".join([first.id, relation.kind, *(base.id for base in bases[1:])])
    return _place(first, place_id, phrase, middle, radius_km=max(LEAST_DOUBT_KM, km / 2), code=code, admin1=same)


def _place(
    base: Place, place_id: str, phrase: str, point: LonLat, *, radius_km: float, code: str, admin1: bool
) -> Place:
    return Place(
        id=place_id,
        name=" ".join(phrase.split()),
        lon=round(point.lon, 5),
        lat=round(point.lat, 5),
        feature_class="R" if code == "RD" else "L",
        feature_code=code,
        country=base.country,
        admin1=base.admin1 if admin1 else None,
        admin1_name=base.admin1_name if admin1 else None,
        radius_km=round(radius_km, 1),
        source=f"computed from {base.source}" if base.source else "computed",
    )
