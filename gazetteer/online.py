"""A geocoder on the network as a last resort, opt-in: only `conflictmap places --online nominatim` comes here.

Hides: geopy, and the rules of the Nominatim service (one request a second, an own user agent). Nothing else in
conflictmap opens a socket; geopy is imported when a name is asked for.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from gazetteer.errors import InputError
from gazetteer.place import Candidate, Place, Reason

__all__ = ["nominatim"]

#: Seconds between two requests (operations.osmfoundation.org/policies/nominatim: "an absolute maximum of 1 request per
#: second").
PAUSE_S = 1.0
TIMEOUT_S = 10.0
SOURCE = "OpenStreetMap contributors, ODbL"

#: Nominatim's class and type -> feature class and code; what is not listed is a site.
_FEATURES = {
    ("place", "city"): ("P", "PPL"),
    ("place", "town"): ("P", "PPL"),
    ("place", "village"): ("P", "PPL"),
    ("place", "hamlet"): ("P", "PPL"),
    ("place", "suburb"): ("P", "PPLX"),
    ("place", "neighbourhood"): ("P", "PPLX"),
    ("place", "quarter"): ("P", "PPLX"),
    ("place", "island"): ("T", "ISL"),
    ("place", "region"): ("L", "RGN"),
    ("boundary", "administrative"): ("A", "ADMD"),
    ("aeroway", "aerodrome"): ("S", "AIRP"),
    ("waterway", "river"): ("H", "STM"),
    ("natural", "peak"): ("T", "PK"),
}
#: address type of an administrative boundary -> what it is: a town has one too.
_BOUNDARIES = {
    "city": ("P", "PPL"),
    "town": ("P", "PPL"),
    "village": ("P", "PPL"),
    "country": ("A", "PCLI"),
    "state": ("A", "ADM1"),
    "province": ("A", "ADM1"),
    "county": ("A", "ADM2"),
    "district": ("A", "ADM2"),
}


def nominatim(
    name: str,
    *,
    country: str | None = None,
    user_agent: str = "conflictmap",
    domain: str = "nominatim.openstreetmap.org",
    scheme: str = "https",
    limit: int = 10,
) -> list[Candidate]:
    """What a Nominatim service knows by a name, best first; empty when it knows nothing.

    Sends the name, and the country (ISO alpha-2) where given, to the service: the one place where text leaves the
    machine. Scores are the importance that Nominatim gives (0..1) and do not compare with those of the gazetteer.

    Raises InputError when the service cannot be reached or refuses. Source: OpenStreetMap contributors, ODbL.
    """
    from geopy.exc import GeopyError  # noqa: PLC0415  (only for who asks for the network)

    ask = _geocoder(user_agent, domain, scheme)
    try:
        found = ask(
            name,
            exactly_one=False,
            limit=limit,
            country_codes=country.lower() if country else None,
            addressdetails=True,
            language="en",
            namedetails=False,
        )
    except GeopyError as exc:
        reason = " ".join(str(exc).split())
        raise InputError(f"{name!r}: {domain} gave no answer ({reason}); try later or without --online") from exc
    return [_candidate(location.raw) for location in found or ()]


@lru_cache(maxsize=4)
def _geocoder(user_agent: str, domain: str, scheme: str) -> Any:
    """One rate-limited geocoder for each service, so that the pause holds between calls."""
    from geopy.extra.rate_limiter import RateLimiter  # noqa: PLC0415
    from geopy.geocoders import Nominatim  # noqa: PLC0415

    service = Nominatim(user_agent=user_agent, domain=domain, scheme=scheme, timeout=TIMEOUT_S)
    return RateLimiter(service.geocode, min_delay_seconds=PAUSE_S, max_retries=0, swallow_exceptions=False)


def _candidate(raw: dict[str, Any]) -> Candidate:
    category = (raw.get("class") or raw.get("category") or "", raw.get("type") or "")
    feature = _FEATURES.get(category, ("S", "SITE"))
    if category == ("boundary", "administrative"):
        feature = _BOUNDARIES.get(raw.get("addresstype") or "", feature)
    address = raw.get("address") or {}
    code = address.get("country_code")
    place = Place(
        id=f"nominatim:{raw.get('osm_type', 'place')}/{raw.get('osm_id', raw.get('place_id'))}",
        name=raw.get("name") or raw["display_name"].split(",")[0],
        lon=float(raw["lon"]),
        lat=float(raw["lat"]),
        feature_class=feature[0],
        feature_code=feature[1],
        country=code.upper() if code else None,
        admin1_name=address.get("state") or address.get("province"),
        source=SOURCE,
    )
    score = min(1.0, max(0.0, float(raw.get("importance") or 0.0)))
    return Candidate(place=place, score=score, reasons=(Reason("online", f"Nominatim: {raw['display_name']}"),))
