"""What a person must find when the five articles are read that the project was created from.

The articles are not part of the project: they lie in a folder beside the checkout, and without it these tests are skipped.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest
from event_cases import dates_of, toll_of

from gazetteer import Gazetteer
from geo.articles import read_articles
from geo.event import Article, Event
from geo.pipeline import Result, Settings
from geo.pipeline import read_articles as read_all

SHARED = Path(__file__).resolve().parents[2] / "../shared"
COORDINATION, STRIKES, JOINT_STRIKE, DELIBERATE, DOCUMENT = "000", "001", "002", "003", "004"


def _read(source: Path, world: Gazetteer) -> Result:
    if not source.exists():
        pytest.skip(f"the first five articles are not beside the checkout ({source.name})")
    articles = [item for item in read_articles([source]) if isinstance(item, Article)]
    assert len(articles) == 5
    return read_all(articles, gazetteer=world, settings=Settings())


@pytest.fixture(scope="module")
def dated(world: Gazetteer) -> Result:
    """The articles with their publication dates."""
    return _read(SHARED / "seeds.jsonl", world)


@pytest.fixture(scope="module")
def bare(world: Gazetteer) -> Result:
    """The bare pages: two of them say nowhere when they were published."""
    return _read(SHARED / "seeds", world)


def found(
    events: Iterable[Event],
    *,
    day: str | None = None,
    place: str | None = None,
    sub: str | None = None,
    article: str | None = None,
) -> list[Event]:
    """The events of a day or interval, at a place (by its id), of a sub-event type, told by an article."""
    return [
        e
        for e in events
        if (day is None or dates_of(e.when) == day)
        and (place is None or (e.location is not None and e.location.place.id == place))
        and (sub is None or e.sub_event_type == sub)
        and (article is None or article in articles_of(e))
    ]


def one(events: Iterable[Event], **what: str) -> Event:
    answers = found(events, **what)
    assert len(answers) == 1, f"{what}: {[(e.summary, dates_of(e.when)) for e in answers]}"
    return answers[0]


def articles_of(event: Event) -> set[str]:
    return {r.article_id[:3] for r in event.reports}


def level(event: Event) -> str | None:
    return event.location.level if event.location is not None else None


AL_BAB, PALMYRA, MOSCOW, ASTANA = "geonames:174018", "geonames:163808", "geonames:524901", "geonames:1526273"


# What must be there ----------------------------------------------------------------------------------------------------


def test_the_joint_operation_at_al_bab(dated: Result) -> None:
    event = one(dated.events, day="2017-01-18", place=AL_BAB)
    assert event.sub_event_type == "Air/drone strike"
    assert event.prominence == "main"
    assert {"Russian forces", "Turkish forces"} <= set(event.actors)
    assert "Islamic State" in event.targets
    told = " ".join([*event.figures, *(q.quote for r in event.reports for q in (r.evidence, *r.also))])
    assert "nine Russian and eight Turkish planes" in told
    assert "36 targets" in told
    assert toll_of(event.casualties, "killed") == ""


def test_the_strike_that_killed_turkish_soldiers(dated: Result) -> None:
    event = one(dated.events, day="2017-02-09", sub="Air/drone strike")
    assert (toll_of(event.casualties, "killed"), toll_of(event.casualties, "wounded")) == ("3", "11")
    assert event.location is not None
    assert (event.location.place.id, level(event)) == ("country:SY", "part")
    assert event.location.phrase == "northern Syria"
    assert event.location.lat > event.location.place.lat
    assert "Russian forces" in event.actors
    assert "Turkish forces" in event.targets


def test_nothing_of_that_day_is_at_al_bab(dated: Result) -> None:
    assert found(dated.events, day="2017-02-09", place=AL_BAB) == []


def test_the_memorandum_of_moscow_is_one_event(dated: Result) -> None:
    event = one(dated.events, place=MOSCOW)
    assert event.event_type == "Strategic developments"
    assert event.sub_event_type == "Agreement"
    assert dates_of(event.when) == "2017-01-12"
    assert len(articles_of(event)) >= 2
    assert {COORDINATION, STRIKES} <= articles_of(event)
    assert {"Russia", "Turkey"} <= set(event.actors)
    assert level(event) == "settlement"


def test_the_buses_are_one_event_at_two_villages(dated: Result) -> None:
    events = [*found(dated.events, place="curated:al-fuah"), *found(dated.events, place="curated:kefraya")]
    assert len(events) == 2
    assert len({e.family_id for e in events}) == 1
    assert len({e.event_id for e in events}) == 2
    assert all(e.sub_event_type == "Other" and "23 buses" in e.figures for e in events)
    assert all(e.location is not None and e.location.place.admin1_name == "Idlib" for e in events)


@pytest.mark.parametrize("place", ["curated:deir-ez-zor", PALMYRA])
def test_the_attacks_of_18_january(place: str, dated: Result) -> None:
    event = one(dated.events, day="2017-01-18", place=place)
    assert event.event_type == "Battles"
    assert level(event) == "near"
    assert "Syrian government forces" in event.actors


def test_clashes_near_damascus(dated: Result) -> None:
    event = one(dated.events, place="geonames:170654")
    assert (event.sub_event_type, level(event)) == ("Armed clash", "near")


@pytest.mark.parametrize("sub", ["Air/drone strike", "Shelling/artillery/missile attack"])
def test_strikes_and_missiles_on_two_provinces_as_areas(sub: str, dated: Result) -> None:
    events = [one(dated.events, day="2015-10-07", place=place, sub=sub) for place in ("admin1:SY.10", "admin1:SY.12")]
    assert [level(e) for e in events] == ["adm1", "adm1"]
    assert len({e.family_id for e in events}) == 1
    assert all(e.prominence == "main" for e in events)
    assert all(e.location is not None and e.location.radius_km > 30 for e in events)


def test_the_warplane_in_turkish_airspace_along_the_border(dated: Result) -> None:
    event = one(dated.events, day="2015-10-03")
    assert event.event_type == "Strategic developments"
    assert event.location is not None
    assert event.location.place.id == "region:border-sy-tr"
    assert event.location.is_area


def test_the_joint_group_of_astana(dated: Result) -> None:
    event = one(dated.events, place=ASTANA)
    assert dates_of(event.when) == "2017-02-06"
    assert event.event_type == "Strategic developments"
    assert articles_of(event) == {DELIBERATE}


@pytest.mark.parametrize(
    ("day", "sub", "country"),
    [
        ("2016-08-24", "Armed clash", "SY"),
        ("2016-12-01..2016-12-31", "Government regains territory", "SY"),
        ("2016-12-30", "Agreement", "SY"),
    ],
    ids=["Euphrates Shield", "Aleppo", "the ceasefire"],
)
def test_earlier_events_are_background(day: str, sub: str, country: str, dated: Result) -> None:
    event = one(dated.events, day=day, sub=sub)
    assert event.prominence == "background"
    assert event.location is not None
    assert event.location.place.country == country


def test_aleppo_is_the_city(dated: Result) -> None:
    assert level(one(dated.events, place="geonames:170063")) == "settlement"


# What must not be there ------------------------------------------------------------------------------------------------


def test_planned_talks_put_no_pin(dated: Result) -> None:
    assert not found(dated.events, place=ASTANA, article=JOINT_STRIKE)
    assert all(e.when is None or e.when.end <= date(2017, 2, 11) for e in dated.events)


@pytest.mark.parametrize("place", ["geonames:323786", "country:RU", "country:TR", "country:US", "geonames:4140963"])
def test_governments_put_no_pin(place: str, dated: Result) -> None:
    assert found(dated.events, place=place) == []


def test_nothing_is_in_europe_or_america(dated: Result) -> None:
    countries = {e.location.place.country for e in dated.events if e.location is not None}
    assert countries <= {"SY", "RU", "KZ", None}


def test_captions_and_crawl_dates_date_nothing(dated: Result) -> None:
    days = {d for e in dated.events if e.when is not None for d in (e.when.start, e.when.end)}
    assert not days & {date(2016, 10, 10), date(2017, 3, 30)}


def test_a_campaign_total_is_no_toll(dated: Result) -> None:
    assert not [c for e in dated.events for c in e.casualties if c.low == 66]


def test_every_event_without_a_place_says_why(dated: Result) -> None:
    assert all((e.location is None) == bool(e.unlocated_reason) for e in dated.events)


# The bare pages --------------------------------------------------------------------------------------------------------


def test_the_pages_that_say_no_date_are_named(bare: Result) -> None:
    assert {name[:3] for name in bare.undated} == {COORDINATION, STRIKES}


def test_nothing_of_them_has_a_relative_date(bare: Result) -> None:
    """Only "September 30, 2015" of the first article is a date by itself."""
    told = [r for e in bare.events for r in e.reports if r.article_id[:3] in (COORDINATION, STRIKES)]
    assert told
    assert all(r.when is None or r.when.method == "stated" for r in told)
    assert {r.when.start for r in told if r.when is not None} <= {date(2015, 9, 30)}
    alone = [e for e in bare.events if articles_of(e) <= {COORDINATION, STRIKES}]
    assert all(e.when is None or e.when.start == date(2015, 9, 30) for e in alone)


@pytest.mark.parametrize("place", [MOSCOW, "curated:al-fuah", "curated:kefraya", "geonames:170654"])
def test_they_are_placed_all_the_same(place: str, bare: Result) -> None:
    events = found(bare.events, place=place)
    assert events
    assert all(e.when is None for e in events)


@pytest.mark.parametrize(
    ("day", "place"),
    [
        ("2017-01-18", AL_BAB),
        ("2017-01-18", PALMYRA),
        ("2017-02-06", ASTANA),
        ("2015-10-03", "region:border-sy-tr"),
        ("2015-10-07", "admin1:SY.10"),
    ],
)
def test_the_pages_that_say_their_date_are_dated(day: str, place: str, bare: Result) -> None:
    assert found(bare.events, day=day, place=place)
