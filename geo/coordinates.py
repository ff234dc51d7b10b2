"""Points that no gazetteer names, as places: those that a text writes ("36.3705, 37.5157", "36°22'N 37°31'E"), or a person.

Hides: which pairs of numbers are coordinates, how well a point is known that is written so, and how a point gets its id and
its country. geopy reads the numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from gazetteer import Candidate, Gazetteer, LonLat, Mention, Place, Reason, Resolution
from geo.event import Toponym

__all__ = ["SCHEME", "nearest_known", "place_at", "written_points"]

#: How the id of a place begins that is no entry of the gazetteer but a point that a text or a person gives.
SCHEME = "point:"
#: The country of a point is that of the nearest place known, if that lies within so many kilometres.
NEAREST_KM = 50.0
#: Kilometres of a degree of latitude, and the least radius of a point however many digits are written.
DEGREE_KM, LEAST_KM = 111.2, 0.1

#: What a text with coordinates holds; quicker to ask than the pattern.
_WORTH_A_LOOK = re.compile(r"\d(?:\.\d{3}|\s?[°ºNSEW])")
_DEGREES = r"\d{1,3}(?:\.\d+)?\s?[°º]?\s?(?:\d{1,2}(?:\.\d+)?\s?['’′]\s?(?:\d{1,2}(?:\.\d+)?\s?(?:[\"”″]|''|’’)\s?)?)?"
#: With hemispheres, behind each number or before it; or two decimal numbers with three places or more.
_PAIR = re.compile(
    rf"(?<![\w.°])(?:(?P<lat>{_DEGREES})(?P<ns>[NS])\b[,;/]?\s{{0,2}}(?:and )?(?P<lon>{_DEGREES})(?P<ew>[EW])\b"
    rf"|(?P<ns2>[NS])\s?(?P<lat2>{_DEGREES})[,;/]?\s{{0,2}}(?P<ew2>[EW])\s?(?P<lon2>{_DEGREES})"
    r"|(?P<lat3>[-−]?\d{1,2}\.\d{3,})[°º]?[,;]\s{0,2}(?P<lon3>[-−]?\d{1,3}\.\d{3,})[°º]?)(?![\w°]|\.\d)"
)
#: Signs of minutes and seconds, of degrees and of the negative -> those that geopy reads.
_PLAIN = str.maketrans({"º": "°", "’": "′", "'": "′", '"': "″", "”": "″", "−": "-"})


def written_points(text: str, gazetteer: Gazetteer) -> Iterator[Toponym]:
    """The coordinates that a text writes, in order, as toponyms; their places have ids "point:LON,LAT".

    In the text latitude stands first. Numbers that cannot be a latitude and a longitude are passed over.
    """
    if _WORTH_A_LOOK.search(text) is None:
        return
    for match in _PAIR.finditer(text):
        lat, lon = (
            next(v for v in (match[n], match[n + "2"], match[n + "3"]) if v is not None) for n in ("lat", "lon")
        )
        north = match["ns"] or match["ns2"] or ""
        east = match["ew"] or match["ew2"] or ""
        point = _point(f"{lat.strip()}{north}", f"{lon.strip()}{east}")
        if point is not None:
            yield _toponym(match, point, max(_doubt_km(lat), _doubt_km(lon)), gazetteer)


def _point(lat: str, lon: str) -> LonLat | None:
    if _degrees(lat) > 90 or _degrees(lon) > 180:
        return None
    from geopy.point import Point  # noqa: PLC0415  0.1 s, for the few texts that write coordinates

    try:
        read = Point.from_string(f"{lat}, {lon}".translate(_PLAIN).replace("′′", "″"))
    except ValueError:
        return None
    return LonLat(lon=round(read.longitude, 5), lat=round(read.latitude, 5))


def _degrees(number: str) -> float:
    return float(re.findall(r"\d+(?:\.\d+)?", number)[0])


def _doubt_km(number: str) -> float:
    """How far a point may lie off, by the smallest unit that is written."""
    if re.search(r"[\"”″]|''|’’", number):
        degrees = 1 / 3600
    elif re.search(r"['’′]", number):
        degrees = 1 / 60
    else:
        degrees = 10.0 ** -len(number.strip("°º NSEW").partition(".")[2])
    return max(LEAST_KM, DEGREE_KM * degrees)


def _toponym(match: re.Match[str], point: LonLat, radius_km: float, gazetteer: Gazetteer) -> Toponym:
    near = nearest_known(point, gazetteer)
    where = f"; {near[0]:.0f} km from {near[1].name}" if near is not None else ""
    place = place_at(point, near, name=match[0], feature="L.LCTY", source="the text itself")
    place = replace(place, radius_km=round(radius_km, 1))
    chosen = Candidate(place, 1.0, (Reason("written", f"the text gives these coordinates{where}"),))
    mention = Mention(match.start(), match.end(), match[0])
    return Toponym(Resolution(mention, (chosen,), chosen), role="mention", confidence="high")


def nearest_known(point: LonLat, gazetteer: Gazetteer) -> tuple[float, Place] | None:
    """The nearest place of the gazetteer that has a country, within NEAREST_KM, with its distance in kilometres."""
    around = gazetteer.near(point, radius_km=NEAREST_KM, limit=20)
    return next(((km, place) for km, place in around if place.country), None)


def place_at(point: LonLat, near: tuple[float, Place] | None, *, name: str | None, feature: str, source: str) -> Place:
    """A point as a place, in the country and divisions of the nearest known one. Its id is "point:LON,LAT"."""
    known = near[1] if near is not None else None
    lon, lat = (f"{value:.6f}".rstrip("0").rstrip(".") for value in (point.lon, point.lat))
    return Place(
        id=f"{SCHEME}{lon},{lat}",
        name=name or (f"near {known.name}" if known is not None else f"{lon}, {lat}"),
        lon=point.lon,
        lat=point.lat,
        feature_class=feature.partition(".")[0],
        feature_code=feature.partition(".")[2],
        country=known.country if known is not None else None,
        admin1=known.admin1 if known is not None else None,
        admin1_name=known.admin1_name if known is not None else None,
        admin2=known.admin2 if known is not None else None,
        source=source,
    )
