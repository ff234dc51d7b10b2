"""Events for tests, built from the real dataclasses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import settings

from gazetteer.place import Candidate, Place, Reason
from geo.event import Claim, Confidence, Event, Evidence, Location, Report, Span, When

#: No example is timed: the first one may have to import geopandas.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

#: Longitude and latitude differ clearly, so that a swap shows.
PALMYRA = Place(
    id="geonames:163476",
    name="Palmyra",
    lon=38.28402,
    lat=34.56239,
    feature_class="P",
    feature_code="PPL",
    country="SY",
    admin1="11",
    admin1_name="Homs Governorate",
    population=51015,
    native_name="تدمر",
    source="geonames",
)

WEDNESDAY = When(date(2017, 1, 18), date(2017, 1, 18), "on Wednesday", "relative_to_publication")

MakeEvent = Callable[..., Event]


def _make_event(
    event_id: str = "e1f0aa27c9d4",
    *,
    place: Place | None = PALMYRA,
    level: str = "near",
    radius_km: float = 5.0,
    lon: float | None = None,
    lat: float | None = None,
    when: When | None = WEDNESDAY,
    claims: tuple[Claim, ...] = (),
    publishers: tuple[str | None, ...] = ("Example Wire",),
    **fields: object,
) -> Event:
    """An event near Palmyra, with one report per publisher.

    `place=None` gives an unlocated one; `fields` overrides fields of Event.
    """
    quote = "Jets struck three trucks near Palmyra on Wednesday, the monitor said."
    location = None
    if place is not None:
        location = Location(
            place=place,
            lon=place.lon if lon is None else lon,
            lat=place.lat if lat is None else lat,
            level=level,
            radius_km=radius_km,
            phrase="near Palmyra",
            reasons=(Reason("population", "the largest place of that name"),),
            rivals=(
                Candidate(
                    Place("geonames:5205849", "Palmyra", -76.5933, 40.3087, "P", "PPL", "US"),
                    score=0.12,
                    reasons=(Reason("far", "far from the other places of the article"),),
                ),
            ),
        )
    unlocated = None if place is not None else "no place is named in the sentence"
    confidence = Confidence("medium", 0.6125, (Reason("near", "the sentence only says near"),))
    reports = tuple(
        Report(
            report_id=event_id if number == 0 else f"{event_id}r{number}",
            article_id=f"article-{number + 1}",
            evidence=Evidence(
                f"article-{number + 1}",
                100,
                100 + len(quote),
                quote,
                (Span("trigger", 105, 111), Span("place", 130, 137), Span("date", 138, 150)),
            ),
            sub_event_type="Air/drone strike",
            summary="Air/drone strike near Palmyra",
            when=when,
            location=location,
            unlocated_reason=unlocated,
            actors=("Jets",),
            claims=claims,
            confidence=confidence,
            article_title="Strikes continue",
            url=f"https://example.org/{number + 1}",
            publisher=publisher,
            published=date(2017, 1, 19 + number),
        )
        for number, publisher in enumerate(publishers)
    )
    values: dict[str, object] = {
        "event_id": event_id,
        "family_id": event_id,
        "sub_event_type": "Air/drone strike",
        "summary": "Air/drone strike near Palmyra",
        "reports": reports,
        "when": when,
        "location": location,
        "unlocated_reason": unlocated,
        "actors": ("Jets",),
        "casualties": claims,
        "confidence": confidence,
    }
    return Event(**(values | fields))  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def make_event() -> MakeEvent:
    """Makes events; see `_make_event` for the keywords."""
    return _make_event


@pytest.fixture(scope="session")
def palmyra() -> Place:
    return PALMYRA
