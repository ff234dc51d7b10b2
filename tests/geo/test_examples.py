"""The articles of examples/ and what is read in them.

`tests/golden/examples.txt` lists every event of every article; a change of the reading shows there as a readable diff, and
`CONFLICTMAP_UPDATE_GOLDEN=1 pytest tests/geo/test_examples.py` writes it anew. The facts below the listing were read by a
person and hold whatever the listing says.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest
from event_cases import dates_of, place_of, toll_of

from gazetteer import Gazetteer
from geo.articles import read_articles
from geo.event import CLAIM_KINDS, Article, Claim, Event, Report
from geo.pipeline import Reading, Result, read_article
from geo.pipeline import read_articles as read_all

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
GOLDEN = ROOT / "tests" / "golden" / "examples.txt"
UPDATE = "CONFLICTMAP_UPDATE_GOLDEN"

HEADING = """\
# What is read in examples/, written by tests/geo/test_examples.py; CONFLICTMAP_UPDATE_GOLDEN=1 pytest writes it anew.
# sub-event type | dates | words for the place (country) level | toll | actors -> targets | prominence | status | confidence
"""


@pytest.fixture(scope="module")
def articles() -> list[Article]:
    return [item for item in read_articles([EXAMPLES]) if isinstance(item, Article)]


@pytest.fixture(scope="module")
def readings(articles: list[Article], world: Gazetteer) -> dict[str, Reading]:
    """The reading of each article, by the number that its id begins with."""
    return {a.id[:2]: read_article(a, world) for a in articles}


@pytest.fixture(scope="module")
def result(articles: list[Article], world: Gazetteer) -> Result:
    return read_all(articles, gazetteer=world)


# The listing -----------------------------------------------------------------------------------------------------------


def _tolls(claims: Sequence[Claim]) -> str:
    return ", ".join(f"{kind} {toll}" for kind in CLAIM_KINDS if (toll := toll_of(claims, kind))) or "-"


def _line(told: Report | Event) -> str:
    claims = told.claims if isinstance(told, Report) else told.casualties
    sides = f"{', '.join(told.actors) or '-'} -> {', '.join(told.targets) or '-'}"
    parts = [told.sub_event_type, dates_of(told.when), place_of(told.location), _tolls(claims), sides]
    return " | ".join([*parts, told.prominence, told.status, told.confidence.label])


def _listing(readings: Iterable[Reading], result: Result) -> str:
    blocks = [HEADING]
    for reading in readings:
        lines = [f"{reading.article.id} ({reading.published})"]
        lines += ["  " + _line(r) for r in reading.reports]
        lines += [f"  rejected {r.reason.code}: {r.trigger} ({r.sub_event_type})" for r in reading.rejected]
        blocks.append("\n".join(lines) + "\n")
    merged = [e for e in result.events if len({r.article_id for r in e.reports}) > 1]
    lines = ["told by more than one article"]
    for event in merged:
        lines.append("  " + _line(event))
        lines.append("    " + ", ".join(r.article_id for r in event.reports))
    return "\n".join([*blocks, "\n".join(lines) + "\n"])


def test_what_is_read_is_what_the_listing_says(readings: dict[str, Reading], result: Result) -> None:
    listing = _listing(readings.values(), result)
    if os.environ.get(UPDATE):
        GOLDEN.parent.mkdir(exist_ok=True)
        GOLDEN.write_text(listing, encoding="utf-8", newline="\n")
    assert listing.splitlines() == GOLDEN.read_text(encoding="utf-8").splitlines(), (
        f"what is read has changed; look at the difference, and if it is right write the listing anew with {UPDATE}=1"
    )


def test_every_article_is_read(articles: list[Article], readings: dict[str, Reading]) -> None:
    assert len(articles) == len(list(EXAMPLES.glob("*.txt"))) == len(readings)
    assert all(a.published and a.title and a.publisher and a.url for a in articles)
    assert all(r.reports and r.note is None for r in readings.values())


# Facts that a person read ----------------------------------------------------------------------------------------------


IED = "Remote explosive/landmine/IED"


@pytest.mark.parametrize(
    ("number", "fact"),
    [
        ("01", "Violent demonstration | 2016-03-14 | curated:maarrat-al-numan settlement | -"),
        ("02", "Armed clash | 2016-12-30 | admin1:SY.10 adm1 | killed 6"),
        ("02", "Agreement | 2016-12-30 | country:SY country | -"),
        ("02", "Government regains territory | 2016-12-22 | geonames:170063 settlement | -"),
        ("03", "Non-state actor overtakes territory | 2017-02-23 | geonames:174018 settlement | -"),
        ("04", "Government regains territory | 2017-03-02 | geonames:163808 settlement | -"),
        ("04", "Air/drone strike | 2017-02-28 | country:SY part | -"),
        ("05", "Chemical weapon | 2017-04-04 | curated:khan-shaykhun settlement | killed 58, wounded 200"),
        ("05", "Air/drone strike | 2017-04-02 | curated:maarrat-al-numan settlement | wounded 10"),
        ("07", "Chemical weapon | 2017-04-04 | curated:khan-shaykhun settlement | killed 86"),
        ("08", "Remote explosive/landmine/IED | 2017-04-15 | curated:rashidin site | killed 126"),
        ("09", "Agreement | 2017-05-04 | geonames:1526273 settlement | -"),
        ("09", "Remote explosive/landmine/IED | 2017-05-03 | curated:azaz settlement | killed 5"),
        ("09", "Remote explosive/landmine/IED | 2017-01-07 | curated:azaz settlement | killed 48"),
        ("10", "Non-state actor overtakes territory | 2017-07-23 | curated:idlib settlement | -"),
        ("10", "Remote explosive/landmine/IED | 2017-07-23 | curated:idlib settlement | killed 11"),
        ("11", "Shelling/artillery/missile attack | 2017-09-05 | curated:al-shulah near | -"),
        ("11", "Non-state actor overtakes territory | 2014-06-01..2014-08-31 | admin1:SY.07 adm1 | -"),
        ("12", "Non-state actor overtakes territory | 2017-10-17 | curated:raqqa settlement | -"),
        ("12", "Headquarters or base established | 2017-10-09..2017-10-15 | admin1:SY.12 adm1 | -"),
        ("13", "Air/drone strike | 2018-02-20 | curated:eastern-ghouta part | killed 107"),
        ("13", "Shelling/artillery/missile attack | 2018-02-20 | geonames:170654 settlement | -"),
        ("14", "Non-state actor overtakes territory | 2018-03-18 | curated:afrin settlement | -"),
        ("14", "Remote explosive/landmine/IED | 2018-03-19 | curated:afrin settlement | killed 11"),
        ("15", "Shelling/artillery/missile attack | 2018-04-09 | curated:t4-airbase site | killed 14"),
        ("16", "Shelling/artillery/missile attack | 2018-07-06 | admin1:SY.03 adm1 | -"),
        ("18", "Agreement | 2018-09-17 | curated:sochi settlement | -"),
        ("20", "Remote explosive/landmine/IED | 2019-01-20 | curated:afrin settlement | killed 3, wounded 9"),
    ],
)
def test_the_article_says(number: str, fact: str, readings: dict[str, Reading]) -> None:
    """A fact is a sub-event type, the dates, the id and level of the place, and the toll."""
    told = []
    for report in readings[number].reports:
        place = f"{report.location.place.id} {report.location.level}" if report.location is not None else "-"
        told.append(f"{report.sub_event_type} | {dates_of(report.when)} | {place} | {_tolls(report.claims)}")
    assert fact in told


@pytest.mark.parametrize(
    ("number", "day", "prominence"),
    [
        ("01", "2016-03-14", "main"),
        ("02", "2015-09-30", "background"),
        ("05", "2013-08-21", "background"),
        ("09", "2017-01-07", "background"),
        ("09", "2017-05-03", "main"),
        ("11", "2014-06-01..2014-08-31", "background"),
        ("13", "2018-01-20", "background"),
        ("15", "2018-02-18", "background"),
        ("16", "2015-04-01", "background"),
        ("20", "2019-01-20", "main"),
    ],
)
def test_what_is_long_past_is_background(number: str, day: str, prominence: str, readings: dict[str, Reading]) -> None:
    events = [r for r in readings[number].reports if dates_of(r.when) == day]
    assert events
    assert {r.prominence for r in events} == {prominence}


@pytest.mark.parametrize(
    ("number", "day", "place", "actor"),
    [
        ("03", "2017-02-23", "geonames:174018", "Turkish forces"),
        ("04", "2017-03-02", "geonames:163808", "Syrian government forces"),
        ("09", "2017-05-04", "geonames:1526273", "Iran"),
        ("10", "2017-07-23", "curated:idlib", "Hayat Tahrir al-Sham"),
        ("12", "2017-10-17", "curated:raqqa", "Syrian Democratic Forces"),
        ("14", "2018-03-18", "curated:afrin", "Turkish forces"),
        ("16", "2018-07-06", "admin1:SY.03", "Israeli forces"),
    ],
)
def test_the_article_names_who(number: str, day: str, place: str, actor: str, readings: dict[str, Reading]) -> None:
    there = [
        r
        for r in readings[number].reports
        if dates_of(r.when) == day and r.location is not None and r.location.place.id == place
    ]
    assert any(actor in r.actors for r in there)


def test_the_film_and_its_places_is_one_event(readings: dict[str, Reading]) -> None:
    assert len(readings["20"].reports) == 1
    traps = {"Washington", "Palmyra", "Jordan", "Homs", "Aleppo", "Hama", "Beirut"}
    assert not [t for t in readings["20"].toponyms if t.role == "event" and t.text in traps]
    assert not [t for t in readings["20"].toponyms if t.place is not None and t.place.id == "geonames:524901"]


@pytest.mark.parametrize("number", ["04", "08", "16"])
def test_the_dateline_is_no_place_of_an_event(number: str, readings: dict[str, Reading]) -> None:
    datelines = [t for t in readings[number].toponyms if t.role == "dateline"]
    assert datelines
    where = {r.location.place.id for r in readings[number].reports if r.location is not None}
    assert not where & {t.place.id for t in datelines if t.place is not None}


def test_governments_and_speakers_put_no_pin(result: Result) -> None:
    capitals = {"Moscow", "Ankara", "Washington", "London", "Paris", "Tehran", "Riyadh", "Berlin", "New York City"}
    capitals |= {"Amman", "Beirut", "Adana", "Florida", "Rome"}
    assert not [e.summary for e in result.events if e.location is not None and e.location.place.name in capitals]


def test_a_province_is_never_a_town(result: Result) -> None:
    for event in result.events:
        if event.location is not None and "province" in event.location.phrase:
            assert event.location.level in ("adm1", "part"), event.summary


@pytest.mark.parametrize("number", [251, 1200, 150_000, 320_000, 5000, 2200, 2000, 59])
def test_what_is_no_toll_is_none(number: int, result: Result) -> None:
    assert not [e for e in result.events for c in e.casualties if c.kind in ("killed", "wounded") and c.low == number]


# Over the folder -------------------------------------------------------------------------------------------------------


def test_khan_shaykhun_is_one_event_of_three_publishers(result: Result) -> None:
    (event,) = [e for e in result.events if e.sub_event_type == "Chemical weapon" and dates_of(e.when) == "2017-04-04"]
    assert {r.article_id[:2] for r in event.reports} >= {"05", "06", "07", "11"}
    assert len({r.publisher for r in event.reports}) == 3
    assert {58, 83, 86} <= {c.low for c in event.casualties if c.kind == "killed"}


@pytest.mark.parametrize(
    ("place", "sub", "days"),
    [
        ("curated:azaz", IED, {"2017-01-07", "2017-05-03"}),
        ("curated:afrin", IED, {"2018-03-19", "2019-01-20"}),
        ("curated:idlib", IED, {"2017-07-23", "2019-01-18"}),
    ],
)
def test_bombs_in_one_town_on_different_days_stay_apart(place: str, sub: str, days: set[str], result: Result) -> None:
    there = [
        e for e in result.events if e.sub_event_type == sub and e.location is not None and e.location.place.id == place
    ]
    assert {dates_of(e.when) for e in there} >= days
    assert all(len({r.article_id for r in e.reports}) == 1 for e in there)


def test_the_types_of_the_codebook_occur(result: Result) -> None:
    assert {e.event_type for e in result.events} >= {
        "Battles",
        "Explosions/Remote violence",
        "Protests",
        "Riots",
        "Violence against civilians",
        "Strategic developments",
    }


def test_nothing_happens_after_it_was_published(result: Result) -> None:
    for event in result.events:
        for report in event.reports:
            assert report.when is None or report.published is None or report.when.end <= report.published


def test_the_order_of_the_articles_does_not_matter(articles: list[Article], result: Result, world: Gazetteer) -> None:
    again = read_all(list(reversed(articles)), gazetteer=world)
    assert again.events == result.events
    assert again.mentioned == result.mentioned
