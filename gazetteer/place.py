"""The types of the gazetteer, and distances between points.

Hides: what a point is and how far two are apart. Everything here is a frozen value; coordinates are decimal degrees on
WGS84, longitude before latitude, always by name.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, make_dataclass
from typing import Any

from gazetteer.errors import CodeError, InputError

__all__ = [
    "FEATURE_CLASSES",
    "Candidate",
    "Hints",
    "LonLat",
    "Mention",
    "Place",
    "Reason",
    "Resolution",
    "bearing_degrees",
    "destination",
    "great_circle_km",
]

#: Mean earth radius of the IUGG, in km.
EARTH_RADIUS_KM = 6371.0088

#: GeoNames feature classes (geonames.org/export/codes.html).
FEATURE_CLASSES = {
    "A": "country, state or district",
    "H": "water",
    "L": "area, park or region",
    "P": "populated place",
    "R": "road or railway",
    "S": "building, site or base",
    "T": "mountain or hill",
    "U": "undersea",
    "V": "forest or heath",
}


@dataclass(frozen=True, slots=True)
class LonLat:
    """A point on the WGS84 ellipsoid, in decimal degrees.

    Raises InputError when a value is not finite or out of range.
    """

    lon: float  # -180..180
    lat: float  # -90..90

    def __post_init__(self) -> None:
        if not -180.0 <= self.lon <= 180.0:
            raise InputError(f"longitude {self.lon} is outside -180..180")
        if not -90.0 <= self.lat <= 90.0:
            raise InputError(f"latitude {self.lat} is outside -90..90 (are the columns swapped?)")


@dataclass(frozen=True, slots=True)
class Place:
    """One gazetteer entry."""

    id: str  # "geonames:172408", "curated:al-fuah", "country:SY", "admin1:SY.09"
    name: str  # as the source writes it, in Latin letters where it has any
    lon: float  # degrees
    lat: float  # degrees
    feature_class: str  # one of FEATURE_CLASSES
    feature_code: str  # GeoNames feature code: PPL, ADM1, PCLI, RGN, STM, AIRB, ...
    country: str | None = None  # ISO 3166 alpha-2
    admin1: str | None = None  # GeoNames admin1 code
    admin1_name: str | None = None
    admin2: str | None = None  # name of the second-level division, where it is known
    population: int | None = None
    radius_km: float | None = None  # extent of an area; None for a point
    native_name: str | None = None  # in the local script
    pcode: str | None = None
    source: str = ""

    def __post_init__(self) -> None:
        if not (-180.0 <= self.lon <= 180.0 and -90.0 <= self.lat <= 90.0):
            LonLat(lon=self.lon, lat=self.lat)
        if self.feature_class not in FEATURE_CLASSES:
            raise CodeError(f"{self.id}: feature class {self.feature_class!r} is none of {''.join(FEATURE_CLASSES)}")

    @property
    def point(self) -> LonLat:
        """The place's own point."""
        return LonLat(lon=self.lon, lat=self.lat)

    @property
    def is_settlement(self) -> bool:
        """Whether this is a town, village or quarter."""
        return self.feature_class == "P"

    @property
    def is_country(self) -> bool:
        """Whether this is a country or territory."""
        return self.feature_class == "A" and self.feature_code.startswith("PCL")

    @property
    def is_admin1(self) -> bool:
        """Whether this is a first-level division."""
        return self.feature_code == "ADM1"


#: The same slots without the lock of a frozen class, which costs a call for each field.
_Unlocked = make_dataclass("_Unlocked", [each.name for each in fields(Place)], slots=True, eq=False, repr=False)


def place_of_values(values: Iterable[Any], sources: Mapping[int, str]) -> Place:
    """The Place of values in the order of its fields, the number of its source last, checked when they were stored.

    Six times as fast as `Place`.
    """
    unlocked: Any = _Unlocked(*values)
    unlocked.source = sources[unlocked.source]
    unlocked.__class__ = Place
    place: Place = unlocked
    return place


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a candidate stands where it stands."""

    code: str  # short and stable, for machines: "population", "same-country", "type-word"
    text: str  # one sentence for people


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place that a name may mean."""

    place: Place
    score: float  # 0..1, comparable within one answer
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Hints:
    """What the words around a mention say about it. Indexes count in the list of mentions given to `resolve`."""

    type_word: str | None = None  # "province", "city", "village", "river", ... in lower case
    compass: str | None = None  # "northern", "south-east", ...
    container: int | None = None  # index of the mention that contains this one ("X in Y", "X, Y")
    listed_with: tuple[int, ...] = ()  # indexes of the other members of the same list
    near: int | None = None  # index of the mention that this one lies near ("X, 40 km from Y")
    near_km: float | None = None  # stated distance to `near`
    near_bearing: float | None = None  # stated bearing from `near` to this mention, degrees from north


@dataclass(frozen=True, slots=True)
class Mention:
    """A span of a text that names a place. `text` is the span as written."""

    start: int
    end: int
    text: str
    hints: Hints = field(default_factory=Hints)
    name: str | None = None  # the form to look up where it differs from the text, such as a nominative

    @property
    def sought(self) -> str:
        """What to look up in the gazetteer."""
        return self.name or self.text


@dataclass(frozen=True, slots=True)
class Resolution:
    """A mention with its ranked candidates, best first; `chosen` is None with the reason in `unresolved`."""

    mention: Mention
    candidates: tuple[Candidate, ...] = ()
    chosen: Candidate | None = None
    unresolved: str | None = None


def great_circle_km(a: LonLat | Place, b: LonLat | Place) -> float:
    """Distance between two points or places on the sphere, in kilometres.

    Haversine formula with the IUGG mean radius (6371.0088 km); up to about 0.5 % off the WGS84 ellipsoid.

    >>> round(great_circle_km(LonLat(lon=0, lat=0), LonLat(lon=1, lat=0)), 1)
    111.2
    """
    lat1, lat2 = math.radians(a.lat), math.radians(b.lat)
    h = (
        math.sin((lat2 - lat1) / 2) ** 2
        + math.cos(lat1) * math.cos(lat2) * math.sin(math.radians(b.lon - a.lon) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(h)))


def bearing_degrees(a: LonLat, b: LonLat) -> float:
    """Initial bearing from a to b, in degrees clockwise from north (0..360).

    >>> bearing_degrees(LonLat(lon=0, lat=0), LonLat(lon=1, lat=0))
    90.0
    """
    lat1, lat2, dlon = math.radians(a.lat), math.radians(b.lat), math.radians(b.lon - a.lon)
    y = math.sin(dlon) * math.cos(lat2)
    x = math.cos(lat1) * math.sin(lat2) - math.sin(lat1) * math.cos(lat2) * math.cos(dlon)
    return round(math.degrees(math.atan2(y, x)) % 360.0, 6)


def destination(a: LonLat, *, bearing: float, km: float) -> LonLat:
    """The point that lies `km` kilometres from a in the direction `bearing` (degrees from north), on the sphere.

    >>> p = destination(LonLat(lon=0, lat=0), bearing=90, km=111.195)
    >>> round(p.lon, 3), round(p.lat, 3)
    (1.0, 0.0)
    """
    angle, theta, lat1 = km / EARTH_RADIUS_KM, math.radians(bearing), math.radians(a.lat)
    lat2 = math.asin(math.sin(lat1) * math.cos(angle) + math.cos(lat1) * math.sin(angle) * math.cos(theta))
    dlon = math.atan2(
        math.sin(theta) * math.sin(angle) * math.cos(lat1), math.cos(angle) - math.sin(lat1) * math.sin(lat2)
    )
    lon = (a.lon + math.degrees(dlon) + 540.0) % 360.0 - 180.0
    return LonLat(lon=lon, lat=math.degrees(lat2))
