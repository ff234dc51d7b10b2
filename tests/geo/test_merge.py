"""When two reports tell of one event, and the event that they make."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gazetteer.place import Place, Reason
from geo.event import LEVELS, Claim, Confidence, Event, Evidence, Location, Report, Span, When
from geo.merge import ENOUGH, evidence_that_one, merge_reports, report_order

TUESDAY, WEDNESDAY, SUNDAY = date(2017, 4, 4), date(2017, 4, 5), date(2017, 4, 9)
PLACES = {
    "Khan Shaykhun": Place("t:ks", "Khan Shaykhun", 36.6517, 35.4422, "P", "PPL", "SY", "12"),
    "Saraqib": Place("t:sq", "Saraqib", 36.8036, 35.8644, "P", "PPL", "SY", "12"),
    "Idlib province": Place("t:idlib", "Idlib", 36.66, 35.75, "A", "ADM1", "SY", "12", radius_km=42.0),
    "Moscow": Place("t:moscow", "Moscow", 37.6156, 55.7522, "P", "PPLC", "RU", "48"),
    "Syria": Place("country:SY", "Syria", 38.5, 35.0, "A", "PCLI", "SY", radius_km=243.0),
}
SYRIANS, RUSSIANS = "Syrian government forces", "Russian forces"


def at(name: str | None) -> Location | None:
    if name is None:
        return None
    place = PLACES[name]
    level = "adm1" if place.is_admin1 else "country" if place.is_country else "settlement"
    radius = place.radius_km or LEVELS[level][2]
    return Location(place=place, lon=place.lon, lat=place.lat, level=level, radius_km=radius, phrase=name)


def killed(*numbers: int) -> tuple[Claim, ...]:
    return tuple(Claim("killed", n, n, str(n)) for n in numbers)


def told(
    article: str,
    place: str | None = "Khan Shaykhun",
    day: date | None = TUESDAY,
    *,
    sub: str = "Chemical weapon",
    actors: tuple[str, ...] = (SYRIANS,),
    claims: tuple[Claim, ...] = (),
    quote: str = "A chemical attack hit the town.",
    trigger: str = "chemical attack",
    published: date | None = WEDNESDAY,
    publisher: str | None = None,
    **fields: object,
) -> Report:
    """What an article says; by default of the chemical attack on Khan Shaykhun."""
    at_trigger = quote.index(trigger) if trigger in quote else 0
    spans = (Span("trigger", at_trigger, at_trigger + len(trigger)),)
    values: dict[str, object] = {
        "report_id": f"e-{article}-{sub}-{place}",
        "article_id": article,
        "evidence": Evidence(article, 0, len(quote), quote, spans),
        "sub_event_type": sub,
        "summary": f"{sub} told by {article}",
        "when": When(day, day, "on Tuesday", "relative_to_publication") if day else None,
        "location": at(place),
        "unlocated_reason": None if place else "the article does not say where",
        "actors": actors,
        "claims": claims,
        "confidence": Confidence("medium", 0.6),
        "publisher": publisher or f"The {article.title()}",
        "published": published,
    }
    return Report(**(values | fields))  # type: ignore[arg-type]


def sizes(*reports: Report) -> list[int]:
    return sorted(len(e.reports) for e in merge_reports(reports))


# One event -------------------------------------------------------------------------------------------------------------


def test_two_articles_on_one_event_make_one() -> None:
    first, second = told("a"), told("b", published=WEDNESDAY, publisher="Other")
    (event,) = merge_reports([first, second])
    assert event.reports == (first, second)
    assert event.event_id == first.report_id
    assert {r.publisher for r in event.reports} == {"The A", "Other"}


def test_the_tolls_of_both_stay_side_by_side() -> None:
    (event,) = merge_reports([told("a", claims=killed(72)), told("b", claims=killed(86))])
    assert [(c.low, c.whose) for c in event.casualties] == [(72, "The A"), (86, "The B")]


def test_a_source_that_the_text_names_is_kept() -> None:
    monitor = Claim("killed", 86, None, "at least 86", whose="the monitor")
    (event,) = merge_reports([told("a", claims=killed(72)), told("b", claims=(monitor,))])
    assert [c.whose for c in event.casualties] == ["The A", "the monitor"]


def test_sides_and_figures_are_the_sum_of_all() -> None:
    one = told("a", actors=(SYRIANS,), figures=("two strikes",))
    other = told("b", actors=(RUSSIANS, SYRIANS), targets=("Rebels",), figures=("two strikes", "36 targets"))
    (event,) = merge_reports([one, other])
    assert event.actors == (RUSSIANS, SYRIANS)
    assert event.targets == ("Rebels",)
    assert event.figures == ("two strikes", "36 targets")


def test_the_finest_place_and_the_sharpest_date_win() -> None:
    week = When(date(2017, 4, 3), date(2017, 4, 9), "this week", "relative_to_publication")
    vague = told("a", "Idlib province", actors=(SYRIANS, RUSSIANS), published=TUESDAY)
    sharp = told("b", when=week, actors=(SYRIANS, RUSSIANS), claims=killed(86))
    (event,) = merge_reports([replace(vague, claims=killed(86)), sharp])
    assert event.location is not None
    assert event.location.place.name == "Khan Shaykhun"
    assert event.when is not None
    assert event.when.start == event.when.end == TUESDAY


def test_a_second_publisher_raises_confidence() -> None:
    (alone,) = merge_reports([told("a")])
    (both,) = merge_reports([told("a"), told("b")])
    assert both.confidence.score > alone.confidence.score
    assert "publishers" in {r.code for r in both.confidence.reasons}


def test_one_publisher_twice_does_not() -> None:
    (event,) = merge_reports([told("a", publisher="Same"), told("b", publisher="Same")])
    assert event.confidence == told("a").confidence


def test_a_denial_makes_it_contested() -> None:
    (event,) = merge_reports([told("a"), told("b", status="contested")])
    assert event.status == "contested"


def test_it_is_main_where_one_article_says_so() -> None:
    (event,) = merge_reports([told("a", prominence="background"), told("b")])
    assert event.prominence == "main"


# Two events ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "other",
    [
        told("b", day=WEDNESDAY, published=SUNDAY),
        told("b", "Saraqib"),
        told("b", "Moscow"),
        told("b", actors=("Islamic State",)),
        told("b", sub="Agreement"),
        told("b", sub="Peaceful protest"),
        told("b", sub="Armed clash"),
    ],
    ids=["another day", "another town", "another country", "other actors", "an agreement", "a protest", "a battle"],
)
def test_what_differs_is_another_event(other: Report) -> None:
    assert sizes(told("a"), other) == [1, 1]


def test_reports_of_one_article_are_never_joined() -> None:
    assert sizes(told("a"), replace(told("a"), report_id="e-a-2")) == [1, 1]


def test_members_of_a_family_are_not_joined_with_each_other() -> None:
    one, other = told("a", family="f"), told("b", family="f")
    assert evidence_that_one(one, other) is None


def test_an_area_alone_is_not_enough() -> None:
    assert sizes(told("a"), told("b", "Idlib province", actors=())) == [1, 1]


def test_a_truce_is_no_memorandum() -> None:
    one = told("a", "Moscow", sub="Agreement", quote="They signed a memorandum.", trigger="signed a memorandum")
    other = told("b", "Moscow", sub="Agreement", quote="They agreed a truce there.", trigger="agreed a truce")
    assert sizes(one, other) == [1, 1]
    assert sizes(one, replace(one, article_id="b", report_id="e-b")) == [2]


# What is not known -----------------------------------------------------------------------------------------------------

SIGNED = "Both signed a memorandum on combat flight safety during missions."
PAIR = ("Russia", "Turkey")


def signed(article: str, place: str | None = "Moscow", day: date | None = TUESDAY, **fields: object) -> Report:
    values: dict[str, object] = {"sub": "Agreement", "quote": SIGNED, "trigger": "signed a memorandum", "actors": PAIR}
    return told(article, place, day, **(values | fields))  # type: ignore[arg-type]


@pytest.mark.parametrize(("place", "day"), [(None, TUESDAY), ("Moscow", None)])
def test_an_unknown_joins_on_a_shared_object_and_actors(place: str | None, day: date | None) -> None:
    other = signed("b", place, day)
    assert sizes(signed("a"), other) == [2]
    assert sizes(
        signed("a"), replace(other, evidence=replace(other.evidence, quote="They signed a memorandum then."))
    ) == [1, 1]
    assert sizes(signed("a"), replace(other, actors=("Iran", "Iraq"))) == [1, 1]
    assert sizes(signed("a"), replace(other, actors=())) == [1, 1]


def test_a_country_that_only_stands_in_for_a_place_excludes_none() -> None:
    guess = at("Syria")
    assert guess is not None
    guess = replace(guess, reasons=(Reason("country-concerned", "the sentence is about Syria"),))
    assert sizes(signed("a"), signed("b", location=guess)) == [2]


def test_two_unplaced_undated_reports_stay_apart() -> None:
    assert sizes(told("a", None, None), told("b", None, None)) == [1, 1]


# The whole -------------------------------------------------------------------------------------------------------------

MANY = [
    told("a", claims=killed(58), published=TUESDAY),
    told("b", claims=killed(86)),
    told("c", claims=killed(83), actors=()),
    told("d", "Saraqib", claims=killed(4), sub="Air/drone strike"),
    told("e", "Idlib province", sub="Air/drone strike"),
    told("f", "Saraqib", SUNDAY, sub="Air/drone strike", published=SUNDAY),
    signed("g"),
    signed("h", None),
    signed("i", "Moscow", None, published=None),
    told("j", None, None),
    told("k", "Saraqib", claims=killed(4), sub="Shelling/artillery/missile attack", actors=(SYRIANS, RUSSIANS)),
]


@settings(max_examples=50)
@given(st.permutations(MANY))
def test_the_order_of_the_reports_does_not_matter(reports: list[Report]) -> None:
    assert merge_reports(reports) == merge_reports(MANY)


@settings(max_examples=50)
@given(st.sets(st.integers(0, len(MANY) - 1)))
def test_every_report_is_in_one_event(chosen: set[int]) -> None:
    reports = [MANY[i] for i in chosen]
    events = merge_reports(reports)
    assert sorted(r.report_id for e in events for r in e.reports) == sorted(r.report_id for r in reports)
    assert all(e.event_id == e.reports[0].report_id for e in events)
    assert len({e.event_id for e in events}) == len(events)


def test_the_event_keeps_its_id_when_a_later_report_joins() -> None:
    first = told("a", published=TUESDAY)
    (before,) = merge_reports([first])
    (after,) = merge_reports([told("b", published=SUNDAY), first])
    assert after.event_id == before.event_id
    assert len(after.reports) == 2


def test_reports_stand_in_the_order_of_publication() -> None:
    late, early, undated = told("a", published=SUNDAY), told("b", published=TUESDAY), told("c", published=None)
    (event,) = merge_reports([late, undated, early])
    assert [r.article_id for r in event.reports] == ["b", "a", "c"]


def test_events_stand_in_the_order_of_their_dates() -> None:
    starts = [e.when.start for e in merge_reports(MANY) if e.when]
    assert starts == sorted(starts)
    assert merge_reports(MANY)[-1].when is None


def test_without_merging_each_report_is_an_event() -> None:
    events = merge_reports(MANY, merge=False)
    assert len(events) == len(MANY)
    assert all(isinstance(e, Event) and len(e.reports) == 1 for e in events)


def test_nothing_makes_nothing() -> None:
    assert merge_reports([]) == ()


def test_evidence_is_the_same_both_ways() -> None:
    for one in MANY:
        for other in MANY:
            assert evidence_that_one(one, other) == evidence_that_one(other, one)


def test_the_same_place_day_and_actor_are_enough() -> None:
    weight = evidence_that_one(told("a"), told("b"))
    assert weight is not None
    assert weight >= ENOUGH


def test_many_reports_are_all_kept() -> None:
    reports = [told(f"article{i}", day=date(2017, 1 + i % 12, 1 + i % 28)) for i in range(300)]
    assert sum(len(e.reports) for e in merge_reports(reports)) == 300


# Facts -----------------------------------------------------------------------------------------------------------------

SITE = Place("t:site", "Old hospital", 36.66, 35.445, "S", "HSP", "SY", "12")
BIG_ACTOR = "Hayat Tahrir al-Sham"


@pytest.mark.parametrize(
    ("other", "is_one"),
    [
        (told("b", actors=("Syria",)), True),
        (told("b", actors=("Syrian rebels",)), True),
        (told("b", actors=(BIG_ACTOR,)), False),
        (told("b", sub="Air/drone strike", actors=()), True),
        (told("b", sub="Attack", actors=()), False),
        (told("b", "Idlib province", claims=killed(86)), True),
        (told("b", "Idlib province", claims=killed(85)), False),
        (told("b", "Idlib province", claims=killed(86), actors=()), False),
        (told("b", "Idlib province", claims=killed(86), sub="Air/drone strike"), False),
        (told("b", None, claims=killed(86)), True),
        (told("b", day=None, claims=killed(86)), True),
        (told("b", None, day=None, claims=killed(86)), False),
        (told("b", actors=(), claims=killed(2)), False),
        (told("b", actors=(), claims=killed(120)), True),
    ],
    ids=[
        "the state and its forces",
        "rebels have no name",
        "another side",
        "a strike with gas",
        "an attack by nobody",
        "the province, the same toll",
        "the province, another toll",
        "the province, no actor",
        "the province, another sub-type",
        "no place, the same toll",
        "no day, the same toll",
        "neither place nor day",
        "another toll by far",
        "a toll that rose",
    ],
)
def test_facts_decide(other: Report, is_one: bool) -> None:
    assert sizes(told("a", claims=killed(86)), other) == ([2] if is_one else [1, 1])


def test_what_is_told_without_a_day_may_be_of_the_day_before() -> None:
    printed = When(WEDNESDAY, WEDNESDAY, "", "publication_date")
    assert sizes(told("a", claims=killed(86)), told("b", when=printed, claims=killed(86))) == [2]
    assert sizes(told("a", day=SUNDAY), told("b", when=printed)) == [1, 1]


def test_a_later_mention_with_a_vague_date_joins_the_event() -> None:
    month = When(date(2017, 4, 1), date(2017, 4, 30), "last month", "relative_to_publication")
    recalled = told("b", when=month, prominence="background", published=date(2017, 5, 20), claims=killed(86))
    (event,) = merge_reports([told("a", claims=killed(86)), recalled])
    assert event.prominence == "main"
    assert event.when is not None
    assert event.when.start == TUESDAY


def test_two_strikes_on_two_things_in_one_town_are_two() -> None:
    school, market = "Jets struck a school there in the morning.", "Jets struck the market there in the evening."
    strikes = {"sub": "Air/drone strike", "actors": (), "trigger": "struck"}
    assert sizes(told("a", quote=school, **strikes), told("b", quote=market, **strikes)) == [1, 1]  # type: ignore[arg-type]
    assert sizes(told("a", quote=school, **strikes), told("b", quote=school, **strikes)) == [2]  # type: ignore[arg-type]


def test_a_site_in_a_town_needs_more_than_the_day() -> None:
    spot = Location(place=SITE, lon=SITE.lon, lat=SITE.lat, level="site", radius_km=1.0, phrase="the old hospital")
    assert sizes(told("a", actors=(), sub="Attack"), told("b", location=spot, actors=(), sub="Attack")) == [1, 1]
    assert sizes(told("a", sub="Attack"), told("b", location=spot, sub="Attack")) == [2]


def test_a_rare_kind_of_attack_is_a_fact_in_common() -> None:
    month = When(date(2017, 4, 1), date(2017, 4, 30), "in April", "stated")
    assert sizes(told("a", actors=()), told("b", when=month, actors=())) == [2]
    assert sizes(told("a", actors=(), sub="Attack"), told("b", when=month, actors=(), sub="Attack")) == [1, 1]


def test_the_year_tells_which_one_is_meant_of_what_a_place_sees_once() -> None:
    of_2017 = When(date(2017, 1, 1), date(2017, 12, 31), "the 2017 sarin attack", "stated")
    of_2016 = When(date(2016, 1, 1), date(2016, 12, 31), "in 2016", "stated")
    assert sizes(told("a", actors=()), told("b", when=of_2017, actors=())) == [2]
    assert sizes(told("a", when=of_2017, actors=()), told("b", when=of_2017, actors=())) == [2]
    assert sizes(told("a", actors=()), told("b", when=of_2016, actors=())) == [1, 1]
    assert sizes(told("a", actors=()), told("b", day=None, actors=())) == [1, 1]
    shelled = {"sub": "Shelling/artillery/missile attack", "actors": ()}
    assert sizes(told("a", **shelled), told("b", when=of_2017, **shelled)) == [1, 1]  # type: ignore[arg-type]


def test_a_named_victim_joins_a_vague_report() -> None:
    shot = "Gunmen shot dead Hevrin Dalal on the road."
    facts = {"sub": "Attack", "actors": (BIG_ACTOR,), "trigger": "shot dead", "quote": shot}
    assert sizes(told("a", **facts), told("b", "Idlib province", **facts)) == [2]  # type: ignore[arg-type]


# The ledger ------------------------------------------------------------------------------------------------------------


def test_each_join_says_which_facts_are_shared() -> None:
    (event,) = merge_reports([told("a", claims=killed(86)), told("b", claims=killed(86))])
    (join,) = event.joins
    assert join.report_id == event.reports[1].report_id
    assert join.score >= ENOUGH
    codes = {reason.code for reason in join.reasons}
    assert {"same-day", "same-place", "shared-actor", "shared-toll"} <= codes
    assert "Khan Shaykhun" in " ".join(reason.text for reason in join.reasons)


def test_a_report_alone_has_joined_nothing() -> None:
    assert merge_reports([told("a")])[0].joins == ()
    assert all(event.joins == () for event in merge_reports([told("a"), told("b")], merge=False))


def test_joins_stand_beside_the_reports_after_the_first() -> None:
    for event in merge_reports(MANY):
        assert [join.report_id for join in event.joins] == [r.report_id for r in event.reports[1:]]


# Ids -------------------------------------------------------------------------------------------------------------------


def test_an_event_keeps_the_id_of_an_earlier_run() -> None:
    late, early = told("b", published=SUNDAY), told("a", published=TUESDAY)
    (before,) = merge_reports([late])
    (after,) = merge_reports([late, early], event_ids={late.report_id: before.event_id})
    assert after.event_id == before.event_id
    assert after.reports[0] == early


def test_an_id_is_given_once_when_an_event_falls_apart() -> None:
    one, other = told("a"), told("b", "Saraqib")
    ids = {one.report_id: one.report_id, other.report_id: one.report_id}
    events = merge_reports([one, other], event_ids=ids)
    assert {e.reports[0].article_id: e.event_id for e in events} == {"a": one.report_id, "b": other.report_id}


@given(st.dictionaries(st.sampled_from([r.report_id for r in MANY]), st.sampled_from([r.report_id for r in MANY])))
def test_ids_are_unique_whatever_the_earlier_run_said(ids: dict[str, str]) -> None:
    events = merge_reports(MANY, event_ids=ids)
    assert len({e.event_id for e in events}) == len(events)


# Many reports ----------------------------------------------------------------------------------------------------------


@st.composite
def any_reports(draw: st.DrawFn) -> list[Report]:
    """Reports that are alike enough to be mixed up."""
    reports = []
    for number in range(draw(st.integers(0, 12))):
        day = draw(st.sampled_from([None, TUESDAY, WEDNESDAY]))
        width = draw(st.sampled_from([0, 0, 1, 6, 40]))
        when = When(day, date.fromordinal(day.toordinal() + width), "", "relative_to_publication") if day else None
        toll = draw(st.sampled_from([None, 2, 14, 86]))
        reports.append(
            told(
                f"article{draw(st.integers(0, 9))}",
                draw(st.sampled_from([None, "Khan Shaykhun", "Saraqib", "Idlib province", "Syria"])),
                sub=draw(st.sampled_from(["Chemical weapon", "Air/drone strike", "Armed clash", "Agreement"])),
                actors=draw(st.sampled_from([(), (SYRIANS,), (RUSSIANS,), (SYRIANS, RUSSIANS)])),
                claims=killed(toll) if toll is not None else (),
                when=when,
                published=draw(st.sampled_from([None, TUESDAY, WEDNESDAY, SUNDAY])),
                report_id=f"e{number}",
            )
        )
    return reports


def parts(events: tuple[Event, ...]) -> set[frozenset[str]]:
    return {frozenset(r.report_id for r in event.reports) for event in events}


@given(any_reports(), st.randoms(use_true_random=False))
def test_no_order_of_any_reports_matters(reports: list[Report], dice: random.Random) -> None:
    events = merge_reports(reports)
    dice.shuffle(reports)
    assert merge_reports(reports) == events
    assert sum(len(e.reports) for e in events) == len(reports)


@given(any_reports())
def test_a_later_report_changes_no_earlier_decision(reports: list[Report]) -> None:
    ordered = sorted(reports, key=report_order)
    before = merge_reports(ordered[:-1])
    after = merge_reports(ordered)
    rest = {r.report_id for r in ordered[:-1]}
    assert {part & rest for part in parts(after)} - {frozenset()} == parts(before)
    assert {e.event_id for e in before} <= {e.event_id for e in after}


@given(any_reports())
def test_no_two_reports_of_an_event_exclude_each_other(reports: list[Report]) -> None:
    for event in merge_reports(reports):
        articles = [r.article_id for r in event.reports]
        assert len(set(articles)) == len(articles)
        spans = [(r.when.start, r.when.end) for r in event.reports if r.when is not None]
        assert not spans or max(start for start, _ in spans) <= min(end for _, end in spans)


def test_a_report_given_twice_counts_once() -> None:
    assert merge_reports([told("a"), told("a")]) == merge_reports([told("a")])


def test_ten_thousand_articles_with_one_report_are_one_event() -> None:
    (event,) = merge_reports(replace(told("a"), article_id=f"a{i:05}", report_id=f"e{i:05}") for i in range(10_000))
    assert len(event.reports) == 10_000
    assert event.event_id == "e00000"


def test_thousands_of_reports_of_one_article_stay_apart() -> None:
    reports = [replace(told("a"), report_id=f"e{i:05}") for i in range(2_000)]
    assert len(merge_reports(reports)) == 2_000


def test_a_report_that_fits_two_events_joins_the_one_with_more_in_common() -> None:
    here = told("a", actors=(RUSSIANS,), claims=killed(14))
    there = told("b", "Saraqib", actors=(RUSSIANS, SYRIANS), claims=killed(14))
    vague = told("c", "Idlib province", actors=(RUSSIANS, SYRIANS), claims=killed(14), published=SUNDAY)
    assert parts(merge_reports([vague, there, here])) == {
        frozenset({here.report_id}),
        frozenset({there.report_id, vague.report_id}),
    }


def test_a_chain_does_not_join_its_ends() -> None:
    """Each day meets the next one, the first does not meet the last."""
    reports = []
    for number in range(60):
        start = date(2017, 4, 1 + number % 28) if number < 28 else date(2017, 5, 1 + number % 28)
        when = When(start, date.fromordinal(start.toordinal() + 1), "", "relative_to_publication")
        reports.append(told(f"article{number:02}", when=when, published=SUNDAY, claims=killed(9)))
    for event in merge_reports(reports):
        assert max(r.when.start for r in event.reports if r.when) <= min(r.when.end for r in event.reports if r.when)
