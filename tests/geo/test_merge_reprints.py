"""Agency text told from own reporting: credits, near-copies, and who counts as a voice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.event import Article, Claim, Event, Evidence, Report
from geo.merge import merge_reports
from geo.reprints import agency_of, copies_of, voices

MARKET = (
    "Russian warplanes bombed a crowded vegetable market in the town on Monday, killing at least 31 people and wounding more "
    "than 60, rescuers said."
)
CUT = "Russian warplanes bombed a crowded vegetable market in the town on Monday, killing at least 31 people, rescuers said."
OWN = "Forty-three people are dead in the town after jets believed to be Russian struck its busiest street on Monday morning."


def report(article: str, quote: str, publisher: str | None, **fields: object) -> Report:
    values: dict[str, object] = {
        "report_id": f"e-{article}",
        "article_id": article,
        "evidence": Evidence(article, 0, len(quote), quote),
        "sub_event_type": "Air/drone strike",
        "summary": quote,
        "unlocated_reason": "not asked here",
        "publisher": publisher,
        "published": date(2019, 7, 23),
    }
    return Report(**(values | fields))  # type: ignore[arg-type]


# Credits ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "agency"),
    [
        ("BEIRUT (Reuters) - Jets struck.", "Reuters"),
        ("KYIV, May 3 (AFP) — Shells fell.", "AFP"),
        ("Mogadishu, Somalia (AP) - A bomb exploded.", "AP"),
        ("Jets strike market\n\nAgence France-Presse\n\nJets struck a market.", "AFP"),
        ("By Reuters\nJets struck.", "Reuters"),
        ("Reuters in Beirut\nJets struck.", "Reuters"),
        ("By Jane Doe, Associated Press\nJets struck.", "AP"),
        ("Jets struck a market. — AFP", "AFP"),
        ("Jets struck. (Reporting by Jane Doe in Beirut; Editing by John Roe)", "Reuters"),
        ("Jets struck. Source: dpa", "dpa"),
    ],
)
def test_a_credit_names_the_agency(text: str, agency: str) -> None:
    assert agency_of(text) == agency


@pytest.mark.parametrize(
    "text",
    [
        "Jets struck the market, Reuters reported.",
        "A witness told AFP that jets struck.",
        "Jets struck (see map) on Monday.",
        "The AP photographer was wounded.",
        "The party (PKK) said so. The pa said no.",
        "",
    ],
)
def test_who_only_quotes_an_agency_has_own_text(text: str) -> None:
    assert agency_of(text) is None


@given(st.text(max_size=600))
def test_any_text_can_be_asked(text: str) -> None:
    agency_of(text)


# Copies ----------------------------------------------------------------------------------------------------------------


def test_the_same_sentence_is_a_copy_of_the_first() -> None:
    prints = [report(name, MARKET, name) for name in ("a", "b", "c")]
    assert copies_of(prints) == {"e-b": "e-a", "e-c": "e-a"}


def test_a_shortened_sentence_is_a_copy() -> None:
    assert copies_of([report("a", MARKET, "A"), report("b", CUT, "B")]) == {"e-b": "e-a"}


def test_own_words_are_no_copy() -> None:
    assert copies_of([report("a", MARKET, "A"), report("b", OWN, "B")]) == {}


def test_short_sentences_are_alike_by_chance() -> None:
    short = "An air strike killed three people on Monday."
    assert copies_of([report("a", short, "A"), report("b", short, "B")]) == {}


# Voices ----------------------------------------------------------------------------------------------------------------


def test_reprints_count_once() -> None:
    ledger = [report("a", MARKET, "Harbour Post"), report("b", CUT, "Daily Ledger"), report("c", OWN, "Orient")]
    assert voices(ledger) == ("Harbour Post", "Orient")


def test_prints_of_one_agency_count_as_the_agency() -> None:
    ledger = [
        report("a", MARKET, "Harbour Post", agency="Reuters"),
        report("b", OWN, "Daily Ledger", agency="Reuters"),
        report("c", OWN[::-1], "Reuters"),
    ]
    assert voices(ledger) == ("Reuters",)


def test_a_copy_without_credit_is_of_the_agency_too() -> None:
    ledger = [report("a", MARKET, "Harbour Post"), report("b", MARKET, "Daily Ledger", agency="AFP")]
    assert voices(ledger) == ("AFP",)


def test_articles_and_feeds_of_one_publisher_count_once() -> None:
    names = ["The Guardian", "Guardian", "The Guardian | World news", "theguardian.com"]
    assert len(voices([report(str(n), OWN + str(n), name) for n, name in enumerate(names)])) == 1


def test_unknown_publishers_do_not_count() -> None:
    assert voices([report("a", MARKET, None), report("b", OWN, "Orient")]) == ("Orient",)
    assert voices([]) == ()


# In an event -----------------------------------------------------------------------------------------------------------


def test_a_reprint_neither_raises_confidence_nor_repeats_a_toll(make_event: Callable[..., Event]) -> None:
    claim = Claim("killed", 31, 31, "at least 31")
    first = make_event(claims=(claim,)).reports[0]
    first = replace(first, evidence=replace(first.evidence, quote=MARKET, spans=()))
    second = replace(
        first,
        report_id="other",
        article_id="other",
        publisher="Other",
        evidence=replace(first.evidence, article_id="other"),
    )
    (event,) = merge_reports([first, second])
    assert event.confidence == first.confidence
    assert [(c.low, c.whose) for c in event.casualties] == [(31, "Example Wire")]
    assert [join.copy_of for join in event.joins] == [first.report_id]


def test_an_article_is_read_with_its_agency(world: object) -> None:
    from geo.pipeline import read_article

    text = "BEIRUT (Reuters) - Russian jets bombed a market in Saraqib on Monday, killing five people, medics said."
    reading = read_article(Article(id="a", text=text, published=date(2019, 7, 23)), world)  # type: ignore[arg-type]
    assert {r.agency for r in reading.reports} == {"Reuters"}
